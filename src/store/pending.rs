//! Actions that wait for somebody. A row is there as long as its action waits; how it ended is in the audit trail.

use super::{Reader, Record, StoreError, Tx};
use crate::clock::Ts;
use crate::epp::types::RegistrarId;

macro_rules! columns {
    () => {
        "id, kind, object, name, registrar, started_at, state, deadline, cltrid, svtrid, data"
    };
}

crate::statements! {
    INSERT = concat!(
        "INSERT INTO pending_action (", columns!(), ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)"
    );
    BY_ID = concat!("SELECT ", columns!(), " FROM pending_action WHERE id = ?1");
    // An object has one or two.
    OF = concat!("SELECT ", columns!(), " FROM pending_action WHERE object = ?1 ORDER BY id LIMIT 100");
    // Of hosts below a domain; a host has one at most.
    BELOW = concat!(
        "SELECT ", columns!(), " FROM pending_action WHERE object IN (SELECT id FROM host WHERE superordinate = ?1) \
         ORDER BY id LIMIT 5000"
    );
    DUE = concat!(
        "SELECT ", columns!(), " FROM pending_action WHERE deadline >= ?1 AND deadline <= ?3 \
         AND (deadline > ?1 OR id > ?2) ORDER BY deadline, id LIMIT ?4"
    );
    LIST = concat!("SELECT ", columns!(), " FROM pending_action ORDER BY deadline, id LIMIT ?1");
    MOVE = "UPDATE pending_action SET state = ?2, deadline = ?3, data = ?4 WHERE id = ?1";
    DELETE = "DELETE FROM pending_action WHERE id = ?1";
    FORGET = "DELETE FROM pending_action WHERE object = ?1";
}

/// What an action is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PendingKind {
    /// A domain is registered.
    DomainCreate,
    /// The holder of a domain changes.
    RegistrantChange,
    /// A name that became free is offered to who waits for it.
    WaitingOffer,
    /// The holder of a registered domain proves an identity.
    Verification,
    /// A host is created.
    HostCreate,
    /// A host gets another administrator.
    HostAdmin,
}

impl PendingKind {
    const ALL: &'static [Self] = &[
        Self::DomainCreate,
        Self::RegistrantChange,
        Self::WaitingOffer,
        Self::Verification,
        Self::HostCreate,
        Self::HostAdmin,
    ];

    /// The name in the database and to operators.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::DomainCreate => "domain-create",
            Self::RegistrantChange => "registrant-change",
            Self::WaitingOffer => "waiting-offer",
            Self::Verification => "verification",
            Self::HostCreate => "host-create",
            Self::HostAdmin => "host-admin",
        }
    }
}

/// What an action waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waits {
    /// The holder accepts the terms.
    Terms,
    /// The holder proves an identity.
    Identity,
    /// Who waits for a name accepts the offer.
    Holder,
    /// The name is registered.
    Registration,
    /// The registry itself does it.
    Registry,
    /// The registrant of the domain above a host agrees.
    Registrant,
    /// The administrator-to-be of a host agrees.
    Administrator,
}

impl Waits {
    const ALL: &'static [Self] = &[
        Self::Terms,
        Self::Identity,
        Self::Holder,
        Self::Registration,
        Self::Registry,
        Self::Registrant,
        Self::Administrator,
    ];

    /// The name in the database and to operators.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Terms => "terms",
            Self::Identity => "identity",
            Self::Holder => "holder",
            Self::Registration => "registration",
            Self::Registry => "registry",
            Self::Registrant => "registrant",
            Self::Administrator => "administrator",
        }
    }
}

/// An action as stored.
#[derive(Clone, Debug, PartialEq)]
pub struct PendingRow {
    /// Its number.
    pub id: i64,
    /// What it is.
    pub kind: PendingKind,
    /// The object's number.
    pub object: i64,
    /// The object's name.
    pub name: String,
    /// Who asked.
    pub registrar: RegistrarId,
    /// When.
    pub started_at: Ts,
    /// What it waits for.
    pub state: Waits,
    /// Until when.
    pub deadline: Ts,
    /// The clTRID of the command.
    pub cltrid: Option<String>,
    /// The svTRID of the command.
    pub svtrid: String,
    /// What is to be done, as JSON by kind.
    pub data: String,
}

impl Record for PendingRow {
    fn read(row: &mut Reader<'_>) -> Result<Self, StoreError> {
        let kind = |text: String| PendingKind::ALL.iter().copied().find(|kind| kind.name() == text);
        let state = |text: String| Waits::ALL.iter().copied().find(|state| state.name() == text);
        Ok(Self {
            id: row.get()?,
            kind: kind(row.get()?).ok_or(StoreError::Shape("a kind of pending action"))?,
            object: row.get()?,
            name: row.get()?,
            registrar: super::registrar_id(&row.get::<String>()?)?,
            started_at: row.get()?,
            state: state(row.get()?).ok_or(StoreError::Shape("a state of a pending action"))?,
            deadline: row.get()?,
            cltrid: row.get()?,
            svtrid: row.get()?,
            data: row.get()?,
        })
    }
}

impl Tx {
    /// Adds an action.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn pending_insert(&mut self, row: &PendingRow) -> Result<(), StoreError> {
        let args = crate::args![
            row.id,
            row.kind.name(),
            row.object,
            &row.name,
            row.registrar.as_str(),
            row.started_at,
            row.state.name(),
            row.deadline,
            row.cltrid.as_deref(),
            &row.svtrid,
            &row.data,
        ];
        self.exec(INSERT, args).await.map(drop)
    }

    /// The action of that number, while it waits.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn pending_by_id(&mut self, id: i64) -> Result<Option<PendingRow>, StoreError> {
        self.one(BY_ID, crate::args![id]).await
    }

    /// What waits about an object, oldest first.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn pending_of(&mut self, object: i64) -> Result<Vec<PendingRow>, StoreError> {
        self.all(OF, crate::args![object]).await
    }

    /// What waits about the hosts below a domain.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn pending_below(&mut self, domain: i64) -> Result<Vec<PendingRow>, StoreError> {
        self.all(BELOW, crate::args![domain]).await
    }

    /// Actions whose deadline has come, longest overdue first, after the one with that deadline and number.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn pending_due(
        &mut self,
        after: (Ts, i64),
        now: Ts,
        limit: i64,
    ) -> Result<Vec<PendingRow>, StoreError> {
        self.all(DUE, crate::args![after.0, after.1, now, limit]).await
    }

    /// What waits, the nearest deadline first.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn pending_list(&mut self, limit: i64) -> Result<Vec<PendingRow>, StoreError> {
        self.all(LIST, crate::args![limit]).await
    }

    /// Stores what an action waits for now, until when, and its data.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn pending_move(&mut self, row: &PendingRow) -> Result<(), StoreError> {
        let args = crate::args![row.id, row.state.name(), row.deadline, &row.data];
        self.exec(MOVE, args).await.map(drop)
    }

    /// Removes an action that has ended; says whether it was there.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn pending_delete(&mut self, id: i64) -> Result<bool, StoreError> {
        Ok(self.exec(DELETE, crate::args![id]).await? > 0)
    }

    /// Forgets what waits about an object that is gone.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn pending_forget(&mut self, object: i64) -> Result<(), StoreError> {
        self.exec(FORGET, crate::args![object]).await.map(drop)
    }
}
