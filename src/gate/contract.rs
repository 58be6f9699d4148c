//! What a flow sees of the gate: its declaration, its context, and how it stops.

use std::sync::Arc;

use super::account::{self, AccountFacts};
use super::change::Change;
use super::{Names, role, service};
use crate::clock::Ts;
use crate::epp::ext::Ext;
use crate::epp::notice::Notice;
use crate::epp::ns::{Ns, Services};
use crate::epp::types::{ClTrid, Grounds, Lang, RegistrarId, RoId, Secret};
use crate::policy::{AccountPolicy, BillOp, Operation, Policies, Profile, Roles, ZonePolicy};
use crate::refusal::{Reason, Refusal};
use crate::store::allocation::AllocationPrice;
use crate::store::{Ids, RoidKind, StoreError, Tx, roid_local, roid_object};

/// What a command needs, declared on the first line of its flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spec {
    /// `object:verb`, as logs, metrics, audit and the README name it.
    pub name: &'static str,
    /// Whether it needs a login.
    pub login: Login,
    /// Whether it changes anything.
    pub access: Access,
    /// The object service that must have been named at login.
    pub object: Option<Ns>,
}

/// Session state a command needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Login {
    /// After login only.
    Required,
    /// Before login only.
    Forbidden,
}

/// Whether a command changes anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Runs on a snapshot; leaves no trace.
    Read,
    /// Runs in a transaction; leaves an audit row, also when refused.
    Write,
}

/// Who acts: a registrar's user in a session, or the registry itself.
#[derive(Clone, Debug, PartialEq)]
pub struct Actor {
    /// The account that sponsors objects.
    pub registrar: RegistrarId,
    /// The user that acts for it.
    pub user: RegistrarId,
    /// The door the command came by: `epp`, `web`, `job`, `cli`.
    pub source: &'static str,
    /// Language of standard texts.
    pub lang: Lang,
    /// Object services named at login.
    pub objects: Vec<Ns>,
    /// Extensions named at login.
    pub extensions: Vec<Ext>,
}

impl Actor {
    /// What it named at login.
    #[must_use]
    pub fn services(&self) -> Services {
        Services::of(&self.objects, &self.extensions)
    }
}

/// The registry's side of a running command. Only the gate makes one, so no flow runs past the gate.
#[derive(Debug)]
pub struct Cx<'t> {
    /// The open transaction.
    pub tx: &'t mut Tx,
    /// The moment the command happens.
    pub now: Ts,
    /// Who acts.
    pub actor: &'t Actor,
    /// Profiles.
    pub policies: &'t Policies,
    /// The rules of objects that belong to no zone: contacts, and hosts elsewhere.
    pub rules: &'t ZonePolicy,
    /// The rules of the acting account; `None` where the registry itself acts.
    pub acting: Option<Arc<AccountPolicy>>,
    /// Where new identifiers come from.
    pub ids: &'t Ids,
    /// The client's transaction identifier.
    pub cltrid: Option<&'t ClTrid>,
    /// Ours.
    pub svtrid: &'t str,
    /// The repository identifier behind the hyphen of a roid.
    pub repository: &'t str,
    /// The identifier that acts when the registry itself does.
    pub registry: &'t RegistrarId,
    /// The profile of the server and of accounts that have none of their own.
    profile: &'t Profile,
    /// What codes of the registry's making are worked out with; for [`crate::flow::token`] only.
    pub token_key: &'t Secret,
    /// The roles of the acting user, where a user acts.
    roles: Option<Roles>,
    /// The price of the allocation token that the command used up, and the operation that has it.
    pub token_price: Option<(BillOp, AllocationPrice)>,
    effects: Vec<Effect>,
    grounds: Grounds,
    charged: bool,
}

/// What a command brings about besides its own rows; written by the gate in the command's transaction.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Something a registrar is told, by the channel it chose.
    Notice {
        /// Who is told.
        to: RegistrarId,
        /// What happened.
        notice: Box<Notice>,
    },
    /// A change of an object that its sponsor did not make; joined to the notice of it, where there is one.
    Change(Box<Change>),
    /// What was changed, for the audit row; never a secret.
    Changed {
        /// The object: a name, handle or identifier.
        object: String,
        /// Before and after, or what was added and removed.
        detail: serde_json::Value,
    },
}

impl<'t> Cx<'t> {
    /// The gate's own: nothing outside this module's parent can call it.
    #[expect(clippy::too_many_arguments, reason = "one caller, and each is a field")]
    pub(in crate::gate) fn new(
        tx: &'t mut Tx,
        now: Ts,
        actor: &'t Actor,
        policies: &'t Policies,
        profile: &'t Profile,
        ids: &'t Ids,
        cltrid: Option<&'t ClTrid>,
        svtrid: &'t str,
        names: &'t Names,
        token_key: &'t Secret,
    ) -> Self {
        let Names { repository, registry, .. } = names;
        Self {
            tx,
            now,
            actor,
            policies,
            rules: &profile.zone,
            acting: None,
            ids,
            cltrid,
            svtrid,
            repository,
            registry,
            profile,
            token_key,
            roles: None,
            token_price: None,
            effects: Vec::new(),
            grounds: Grounds::default(),
            charged: false,
        }
    }

    /// Whether the server announces an extension.
    #[must_use]
    pub fn speaks(&self, ext: Ext) -> bool {
        self.profile.server.ext.announce.iter().any(|name| name == ext.name())
    }

    /// Whether the acting user has a role for it. The registry itself may do everything.
    #[must_use]
    pub fn may(&self, operation: Operation) -> bool {
        match (&self.acting, &self.roles) {
            (Some(rules), Some(roles)) => role::allows(&rules.roles, roles, operation),
            _ => true,
        }
    }

    /// The gate says who acts for whom, as it found it in the command's own transaction.
    pub(in crate::gate) fn admit(&mut self, facts: &AccountFacts) {
        self.acting = Some(Arc::clone(&facts.rules));
        self.roles = Some(facts.roles.clone());
    }

    /// The acting registrar.
    #[must_use]
    pub fn registrar(&self) -> &'t RegistrarId {
        &self.actor.registrar
    }

    /// The repository object identifier of an object, the same all its life.
    ///
    /// # Errors
    /// Never for identifiers of ours.
    pub fn roid(&self, kind: RoidKind, id: i64) -> Result<RoId, StoreError> {
        RoId::parse(&format!("{}-{}", roid_local(kind, id), self.repository))
            .map_err(|_| StoreError::Shape("the repository identifier has 1 to 8 word characters"))
    }

    /// The object a repository object identifier of this repository names.
    #[must_use]
    pub fn roid_object(&self, roid: &RoId) -> Option<(RoidKind, i64)> {
        let (local, repository) = roid.as_str().rsplit_once('-')?;
        if repository == self.repository { roid_object(local) } else { None }
    }

    /// The rules a registrar's account is under: those of the profile it was given, else the server's.
    ///
    /// # Errors
    /// The database's, or its profile is none this server knows: it was taken away since.
    pub async fn account_rules(&mut self, of: &RegistrarId) -> Result<Arc<AccountPolicy>, StoreError> {
        // Those of the acting account were read when it was let in.
        if let Some(rules) = self.acting.as_ref().filter(|_| *of == self.actor.registrar) {
            return Ok(Arc::clone(rules));
        }
        let row = self.tx.registrar(of).await?;
        let profile = row.and_then(|row| row.profile);
        account::rules_of(self.policies, &self.profile.id, profile.as_deref())
    }

    /// Notes an effect; the gate writes it if the command succeeds.
    pub fn record(&mut self, effect: Effect) {
        self.effects.push(effect);
    }

    /// Notes what a registrar is told of if the command succeeds. Where one cause has much to say to one registrar,
    /// it is noted once, with the list.
    pub fn notify(&mut self, to: &RegistrarId, notice: Notice) {
        self.record(Effect::Notice { to: to.clone(), notice: Box::new(notice) });
    }

    /// Notes a change of an object that its sponsor did not make itself.
    pub fn tell_change(&mut self, change: Change) {
        self.record(Effect::Change(Box::new(change)));
    }

    /// Says why the registry does what it does, for who is told of the change.
    pub fn on_grounds(&mut self, grounds: Grounds) {
        self.grounds = grounds;
    }

    pub(in crate::gate) const fn grounds(&self) -> &Grounds {
        &self.grounds
    }

    /// Notes what was changed.
    pub fn changed(&mut self, object: impl Into<String>, detail: serde_json::Value) {
        self.record(Effect::Changed { object: object.into(), detail });
    }

    /// The profile of the server and of accounts that have none of their own.
    pub(in crate::gate) fn server_profile(&self) -> &'t Profile {
        self.profile
    }

    /// The languages the server offers, English among them: those of whoever's own nobody knows.
    #[must_use]
    pub fn langs(&self) -> Vec<Lang> {
        service::offered(self.profile)
    }

    /// Notes that an account's balance changed.
    pub fn charged(&mut self, account: &RegistrarId) {
        self.charged |= *account == self.actor.registrar;
    }

    /// Whether the acting account's balance changed.
    pub(in crate::gate) const fn has_charged(&self) -> bool {
        self.charged
    }

    pub(in crate::gate) fn take_effects(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.effects)
    }
}

/// How work of the registry itself ended.
#[derive(Debug)]
pub enum Ended<T> {
    /// Its changes become durable, with their effects and their audit row.
    Keep(T),
    /// It looked, or tried, and leaves nothing.
    Undo(T),
}

/// Why a flow ended without a reply.
#[derive(Debug, thiserror::Error)]
pub enum Stop {
    /// The registrar is told.
    #[error("{0}")]
    Refused(Box<Refusal>),
    /// The operator is told; the registrar sees 2400 if running again does not help.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(Box::new(refusal))
    }
}

impl From<Reason> for Stop {
    fn from(reason: Reason) -> Self {
        Refusal::new(reason).into()
    }
}

/// What a session is to the gate.
#[derive(Debug)]
pub struct Session {
    /// Unique over processes and restarts.
    pub id: i64,
    /// The other end.
    pub peer: Peer,
    /// Who is logged in.
    pub actor: Option<Arc<Actor>>,
    /// Logins that failed on this connection.
    pub failures: u32,
    /// Errors of one code in a row.
    pub streak: super::Streak,
}

/// The other end of a connection, as the transport saw it.
#[derive(Clone, Debug)]
pub struct Peer {
    /// Its address, v4-mapped forms written as IPv4.
    pub address: std::net::IpAddr,
    /// SHA-256 of the client certificate, when it sent one.
    pub certificate: Option<[u8; 32]>,
    /// Until when that certificate is good.
    pub certificate_until: Option<Ts>,
    /// Protocol version and cipher suite as the TLS library names them, a blank between them; `none` without TLS.
    pub tls: String,
}

impl Peer {
    /// The protocol version, as `TLSv1.2`.
    #[must_use]
    pub fn protocol(&self) -> String {
        self.tls.split(' ').next().unwrap_or_default().replace('_', ".")
    }

    /// The cipher suite.
    #[must_use]
    pub fn cipher(&self) -> &str {
        self.tls.split_once(' ').map_or("", |(_, suite)| suite)
    }
}
