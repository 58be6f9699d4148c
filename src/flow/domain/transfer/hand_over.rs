//! A domain changes hands: what goes along, and what is noted so that the registry can undo it.

use std::collections::BTreeMap;

use rand::RngExt;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::clock::Ts;
use crate::epp::command::{ContactRole, NameServers, NewRegistrant, TransferAnew};
use crate::epp::types::{
    ChangeOperation, ContactId, DomainName, HostAddrs, Management, RegistrarId, StatusSet,
};
use crate::flow::contact::cleanup;
use crate::flow::domain::{change, contacts, grace, hold, name_servers, renewal, verification};
use crate::flow::host::approval;
use crate::flow::{management, token};
use crate::gate::{Cx, Stop};
use crate::policy::{TransferContacts, ZonePolicy};
use crate::store::StoreError;
use crate::store::contact::ContactRow;
use crate::store::domain::DomainRow;
use crate::store::life::GraceKind;
use crate::store::management::Managed;
use crate::store::transfer::TransferRow;

/// How a domain goes.
#[derive(Clone, Copy, Debug)]
pub(in crate::flow::domain) struct Going<'a> {
    /// The rules of its zone.
    pub policy: &'a ZonePolicy,
    /// What the request gives anew.
    pub anew: Option<&'a TransferAnew>,
    /// Who manages it from then on; `None` as the gaining account has it for what it takes over (S115).
    pub management: Option<Management>,
}

/// What a transfer took the place of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Before {
    /// Where the registration ended.
    pub expires_at: Ts,
    /// The holder.
    pub registrant: Option<i64>,
    /// The other contacts.
    pub contacts: Vec<(ContactRole, i64)>,
    /// The name servers, where the request gave others.
    pub ns: Option<Vec<(DomainName, HostAddrs)>>,
    /// Whether the registry renewed it; `None` in what was noted before that was.
    pub auto_renew: Option<bool>,
    /// Who managed it, where a zone knows both models.
    pub management: Option<Management>,
}

/// Gives a domain to the registrar of the transfer: the registration runs as was asked, the old authorization
/// information fits no more (RFC 9154 section 5.3), a deletion the old sponsor scheduled is off, contacts go as the zone
/// says, and the hosts below the domain come along (RFC 5731 section 3.2.4). The caller stores both rows.
///
/// # Errors
/// What is wrong with what is given anew, or the database's trouble.
pub(in crate::flow::domain) async fn hand_over(
    cx: &mut Cx<'_>,
    domain: &mut DomainRow,
    row: &mut TransferRow,
    going: &Going<'_>,
) -> Result<(), Stop> {
    let policy = going.policy;
    let linked = cx.tx.domain_contacts(domain.id).await?;
    let others: Vec<(ContactRole, i64)> =
        linked.iter().filter_map(|contact| contact.role.map(|role| (role, contact.id))).collect();
    let mut before = Before {
        expires_at: domain.expires_at,
        registrant: domain.registrant,
        contacts: others,
        ns: None,
        auto_renew: Some(domain.life.auto_renew),
        management: None,
    };
    let change = change::begin(cx, domain, ChangeOperation::Transfer, Some(op(row))).await?;
    hold::unschedule(cx, domain);
    domain.registrar = row.requester.clone();
    domain.transferred_at = Some(cx.now);
    domain.expires_at = row.expires_at.unwrap_or(domain.expires_at);
    domain.auth = None;
    taken_over(cx, domain, row, policy).await?;
    token::end(cx, domain).await?;
    approval::stop_below(cx, domain.id).await?;
    cx.tx.hosts_move(domain.id, &row.requester, cx.now).await?;
    change_contacts(cx, domain, &before, policy, going.anew).await?;
    // A copy is the same holder still.
    if named_holder(going.anew).is_some() && domain.registrant != before.registrant {
        verification::holder_changed(cx, domain).await?;
    }
    if management::knows_both(&policy.management) {
        let model = match going.management {
            Some(model) => model,
            None => management::by_default(cx, &row.requester, &policy.management).await?,
        };
        before.management = Some(cx.tx.management(Managed::Domain, domain.id).await?);
        cx.tx.management_set(Managed::Domain, domain.id, model).await?;
        // A holder is under the model of its domain (S130). One that is named must be; a copy is nobody else's.
        if let Some(named) = named_holder(going.anew) {
            let named = domain.registrant.map(|id| (id, named));
            management::check_registrant(cx, named, model, &policy.management).await?;
        } else if let Some(copy) = domain.registrant.filter(|holder| before.registrant != Some(*holder)) {
            cx.tx.management_set(Managed::Contact, copy, model).await?;
        }
    }
    if let Some(servers) = going.anew.and_then(|anew| anew.ns.as_ref()) {
        before.ns = Some(change_name_servers(cx, domain, servers, policy).await?);
    }
    let before = serde_json::to_string(&before);
    row.before_it = Some(before.map_err(|_| StoreError::Shape("what a transfer took the place of"))?);
    change::moved(cx, change, &row.requester, domain, op(row)).await
}

/// The command that moved it, as a change is told.
fn op(row: &TransferRow) -> &'static str {
    if row.is_immediate() { "request" } else { "approve" }
}

/// A domain begins anew with its new sponsor: what was to be given back to the old one is not, and whether it is renewed
/// is the new account's choice.
async fn taken_over(
    cx: &mut Cx<'_>,
    domain: &mut DomainRow,
    row: &TransferRow,
    policy: &ZonePolicy,
) -> Result<(), Stop> {
    domain.life.auto_renew = renewal::default_of(cx, &row.requester, policy).await?;
    renewal::reckon(domain, policy);
    grace::unrenew(cx, domain, row).await?;
    let months = i32::try_from(row.months).unwrap_or(0);
    grace::begin(cx, domain, GraceKind::Transfer, (months, row.requested_at), &policy.grace).await
}

/// Who is named is taken; the others are copied, or go, or stay.
async fn change_contacts(
    cx: &mut Cx<'_>,
    domain: &mut DomainRow,
    before: &Before,
    policy: &ZonePolicy,
    anew: Option<&TransferAnew>,
) -> Result<(), Stop> {
    let how = policy.transfer.contacts;
    if how == TransferContacts::Keep {
        return Ok(());
    }
    let mut copies = Copies::new(&domain.registrar);
    let named = anew.map_or(&[][..], |anew| &anew.contacts);
    let mut handles: Vec<&ContactId> = named.iter().map(|(_, id)| id).collect();
    let registrant = named_holder(anew);
    handles.extend(registrant);
    let found = cx.tx.domain_named(None, &handles, &[]).await?;
    domain.registrant = match (registrant, before.registrant) {
        (Some(id), _) => Some(contacts::resolve_registrant(id, &found)?),
        (None, Some(old)) => Some(copies.of(cx, old).await?),
        (None, None) => None,
    };
    cleanup::left(cx, before.registrant.filter(|_| domain.registrant != before.registrant)).await?;
    let after = if !named.is_empty() {
        contacts::check_named(named, &policy.contacts)?;
        contacts::resolve(named, &found)?
    } else if how == TransferContacts::CloneRegistrant {
        Vec::new()
    } else {
        let mut after = Vec::with_capacity(before.contacts.len());
        for (role, old) in &before.contacts {
            after.push((*role, copies.of(cx, *old).await?));
        }
        after
    };
    if anew.is_some() {
        let roles: Vec<ContactRole> = after.iter().map(|(role, _)| *role).collect();
        contacts::check_bounds(domain.registrant.is_some(), &roles, &policy.contacts)?;
    }
    relink(cx, domain.id, &before.contacts, &after).await
}

/// The contact a request names as the new holder.
fn named_holder(anew: Option<&TransferAnew>) -> Option<&ContactId> {
    match anew?.registrant.as_ref()? {
        NewRegistrant::Contact(id) => Some(id),
        NewRegistrant::Auto => None,
    }
}

/// Puts contacts in the place of others.
pub(super) async fn relink(
    cx: &mut Cx<'_>,
    domain: i64,
    before: &[(ContactRole, i64)],
    after: &[(ContactRole, i64)],
) -> Result<(), Stop> {
    for link in before.iter().filter(|link| !after.contains(link)) {
        cx.tx.domain_contact_delete(domain, link.0, link.1).await?;
        cleanup::left(cx, [link.1]).await?;
    }
    let new: Vec<_> = after.iter().filter(|link| !before.contains(link)).copied().collect();
    Ok(cx.tx.domain_contacts_insert(domain, &new).await?)
}

/// Puts name servers in the place of those there were, which are handed back.
pub(super) async fn change_name_servers(
    cx: &mut Cx<'_>,
    domain: &DomainRow,
    servers: &NameServers,
    policy: &ZonePolicy,
) -> Result<Vec<(DomainName, HostAddrs)>, Stop> {
    name_servers::check_form(servers, &policy.ns)?;
    name_servers::check_count(name_servers::names(servers).len(), &policy.ns)?;
    let mut gone = Vec::new();
    for server in cx.tx.domain_name_servers(domain.id).await? {
        cx.tx.domain_name_server_delete(domain.id, server.id).await?;
        if server.private_to != 0 {
            cx.tx.host_delete(server.id).await?;
        }
        gone.push((server.name, server.addrs));
    }
    let names: Vec<&DomainName> = name_servers::objects(Some(servers)).iter().collect();
    let found = cx.tx.domain_named(None, &[], &names).await?;
    let hosts = name_servers::resolve(cx, domain, servers, &found, policy).await?;
    cx.tx.domain_name_servers_insert(domain.id, &name_servers::in_order(&hosts, 0)).await?;
    Ok(gone)
}

/// Copies of contacts for one registrar, each made once. What is the registrar's already needs none.
struct Copies {
    to: RegistrarId,
    made: BTreeMap<i64, i64>,
}

impl Copies {
    fn new(to: &RegistrarId) -> Self {
        Self { to: to.clone(), made: BTreeMap::new() }
    }

    /// The contact that takes the place of that one.
    async fn of(&mut self, cx: &mut Cx<'_>, id: i64) -> Result<i64, Stop> {
        if let Some(made) = self.made.get(&id) {
            return Ok(*made);
        }
        let original = cx.tx.contact_by_id(id).await?.ok_or(StoreError::Shape("a linked contact is gone"))?;
        let taken = if original.registrar == self.to { id } else { self.copy(cx, &original).await? };
        self.made.insert(id, taken);
        Ok(taken)
    }

    async fn copy(&self, cx: &mut Cx<'_>, original: &ContactRow) -> Result<i64, Stop> {
        loop {
            let row = ContactRow {
                id: cx.ids.next(),
                handle: handle()?,
                registrar: self.to.clone(),
                creator: self.to.clone(),
                created_at: cx.now,
                updater: None,
                updated_at: None,
                transferred_at: None,
                statuses: StatusSet::default(),
                auth: None,
                ..original.clone()
            };
            if cx.tx.contact_insert(&row).await? {
                cx.changed(row.handle.as_str(), json!({ "created": true, "copy_of": original.handle }));
                return Ok(row.id);
            }
        }
    }
}

/// An identifier for a copy; one that somebody has already is drawn again.
fn handle() -> Result<ContactId, StoreError> {
    const CHARACTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let mut rng = rand::rng();
    let drawn: String = (0..10).map(|_| char::from(CHARACTERS[rng.random_range(0..32)])).collect();
    ContactId::parse(&format!("clone-{drawn}")).map_err(|_| StoreError::Shape("an identifier of ours"))
}
