//! Domains. What a domain is linked with is in [`link`](super::link).

use super::among::among;
use super::life::{Due, Life};
use super::{Reader, Record, StoreError, Tx};
use crate::clock::Ts;
use crate::epp::types::{DomainName, DomainStatus, RegistrarId, StatusSet};

macro_rules! columns {
    () => {
        "id, name, zone, registrar, creator, created_at, updater, updated_at, transferred_at, expires_at, \
         registrant, statuses, auth, purge_at, delete_cltrid, delete_svtrid, auto_renew, renew_at, delete_at, \
         hold_cause, hold_since, hold_until, hold_expires_at, report_due_at"
    };
}

crate::statements! {
    BY_NAME = concat!("SELECT ", columns!(), " FROM domain WHERE name = ?1");
    BY_ID = concat!("SELECT ", columns!(), " FROM domain WHERE id = ?1");
    AMONG = concat!(
        "SELECT name, 0 AS zone FROM domain WHERE name IN ", among!(),
        " UNION ALL SELECT name, 1 FROM zone WHERE name IN ", among!()
    );
    DUE = "SELECT id, name, due_at FROM domain WHERE due_at >= ?1 AND due_at <= ?3 AND (due_at > ?1 OR id > ?2) \
           ORDER BY due_at, id LIMIT ?4";
    INSERT = concat!(
        "INSERT INTO domain (", columns!(), ", due_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, \
         ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25) ON CONFLICT DO NOTHING"
    );
    UPDATE = "UPDATE domain SET registrar = ?2, updater = ?3, updated_at = ?4, transferred_at = ?5, expires_at = ?6, \
              registrant = ?7, statuses = ?8, auth = ?9, purge_at = ?10, delete_cltrid = ?11, delete_svtrid = ?12, \
              auto_renew = ?13, renew_at = ?14, delete_at = ?15, hold_cause = ?16, hold_since = ?17, hold_until = ?18, \
              hold_expires_at = ?19, report_due_at = ?20, due_at = ?21 WHERE id = ?1";
    DELETE_NAME_SERVERS = "DELETE FROM domain_ns WHERE domain = ?1";
    // A private host has its domain above it, whatever its name, so that an index serves this.
    DELETE_PRIVATE_HOSTS = "DELETE FROM host WHERE superordinate = ?1 AND private_to = ?1";
    DELETE_CONTACTS = "DELETE FROM domain_contact WHERE domain = ?1";
    DELETE = "DELETE FROM domain WHERE id = ?1";
}

/// A domain as stored.
#[derive(Clone, Debug, PartialEq)]
pub struct DomainRow {
    /// Its number, which its roid is made of.
    pub id: i64,
    /// Its name.
    pub name: DomainName,
    /// The zone it was registered in.
    pub zone: DomainName,
    /// The sponsor.
    pub registrar: RegistrarId,
    /// Who created it.
    pub creator: RegistrarId,
    /// When.
    pub created_at: Ts,
    /// Who changed it last.
    pub updater: Option<RegistrarId>,
    /// When.
    pub updated_at: Option<Ts>,
    /// When it was transferred last.
    pub transferred_at: Option<Ts>,
    /// When the registration ends.
    pub expires_at: Ts,
    /// The holder: a contact's number.
    pub registrant: Option<i64>,
    /// What was set, and the pending ones; `ok` and `inactive` follow from the rest.
    pub statuses: StatusSet<DomainStatus>,
    /// Digest of the authorization information.
    pub auth: Option<String>,
    /// When it is purged, once deleted; `None` while it is registered, or a restore of it waits for its report.
    pub purge_at: Option<Ts>,
    /// The clTRID of the command that deleted it.
    pub delete_cltrid: Option<String>,
    /// The svTRID of the command that deleted it.
    pub delete_svtrid: Option<String>,
    /// How its registration goes on, and how it ends.
    pub life: Life,
}

impl Record for DomainRow {
    fn read(row: &mut Reader<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.get()?,
            name: super::domain_name(&row.get::<String>()?)?,
            zone: super::domain_name(&row.get::<String>()?)?,
            registrar: super::registrar_id(&row.get::<String>()?)?,
            creator: super::registrar_id(&row.get::<String>()?)?,
            created_at: row.get()?,
            updater: row.get::<Option<String>>()?.as_deref().map(super::registrar_id).transpose()?,
            updated_at: row.get()?,
            transferred_at: row.get()?,
            expires_at: row.get()?,
            registrant: row.get()?,
            statuses: StatusSet::from_text(&row.get::<String>()?),
            auth: row.get()?,
            purge_at: row.get()?,
            delete_cltrid: row.get()?,
            delete_svtrid: row.get()?,
            life: Life::read(row)?,
        })
    }
}

/// A name that cannot be registered because of what it is already.
#[derive(Clone, Debug, PartialEq)]
pub struct Taken {
    /// The name.
    pub name: String,
    /// Whether it is a zone; else it is a domain.
    pub is_zone: bool,
}

impl Record for Taken {
    fn read(row: &mut Reader<'_>) -> Result<Self, StoreError> {
        Ok(Self { name: row.get()?, is_zone: row.get()? })
    }
}

/// A domain for which something is due.
#[derive(Clone, Debug, PartialEq)]
pub struct DueDomain {
    /// Its number.
    pub id: i64,
    /// Its name.
    pub name: DomainName,
    /// When the first thing is due.
    pub at: Ts,
}

impl Record for DueDomain {
    fn read(row: &mut Reader<'_>) -> Result<Self, StoreError> {
        Ok(Self { id: row.get()?, name: super::domain_name(&row.get::<String>()?)?, at: row.get()? })
    }
}

impl DomainRow {
    /// Whether it takes part in the zone that is published, where it has name servers: a deleted domain does not, but
    /// does again from the request of its restore on.
    #[must_use]
    pub fn is_published(&self) -> bool {
        let held = [DomainStatus::ClientHold, DomainStatus::ServerHold, DomainStatus::PendingCreate];
        let there = self.life.hold.as_ref().is_none_or(|hold| hold.report_due_at.is_some());
        there && self.statuses.first_of(&held).is_none()
    }

    /// What the registry does next with it by itself, and when.
    #[must_use]
    pub fn due(&self) -> (Due, Ts) {
        self.life.due(self.expires_at, self.purge_at)
    }
}

impl Tx {
    /// The domain of that name.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn domain_by_name(&mut self, name: &DomainName) -> Result<Option<DomainRow>, StoreError> {
        self.one(BY_NAME, crate::args![name.as_str()]).await
    }

    /// The domain of that number.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn domain_by_id(&mut self, id: i64) -> Result<Option<DomainRow>, StoreError> {
        self.one(BY_ID, crate::args![id]).await
    }

    /// Which of these names are registered, deleted ones that are not purged yet included, or are zones.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn names_taken(&mut self, names: &[DomainName]) -> Result<Vec<Taken>, StoreError> {
        let keys: Vec<String> = names.iter().map(ToString::to_string).collect();
        self.among(AMONG, &keys).await
    }

    /// Domains for which something is due by now, longest overdue first, after the one with that moment and number.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn domains_due(
        &mut self,
        after: (Ts, i64),
        now: Ts,
        limit: i64,
    ) -> Result<Vec<DueDomain>, StoreError> {
        self.all(DUE, crate::args![after.0, after.1, now, limit]).await
    }

    /// Adds a domain; says whether the name was free.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn domain_insert(&mut self, row: &DomainRow) -> Result<bool, StoreError> {
        let mut args = crate::args![
            row.id,
            row.name.as_str(),
            row.zone.as_str(),
            row.registrar.as_str(),
            row.creator.as_str(),
            row.created_at,
            row.updater.as_ref().map(RegistrarId::as_str),
            row.updated_at,
            row.transferred_at,
            row.expires_at,
            row.registrant,
            row.statuses.to_text(),
            row.auth.as_deref(),
            row.purge_at,
            row.delete_cltrid.as_deref(),
            row.delete_svtrid.as_deref(),
        ]
        .to_vec();
        args.extend(row.life.values());
        args.push(row.due().1.into());
        Ok(self.exec(INSERT, &args).await? > 0)
    }

    /// Stores what can change of a domain.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn domain_update(&mut self, row: &DomainRow) -> Result<(), StoreError> {
        let mut args = crate::args![
            row.id,
            row.registrar.as_str(),
            row.updater.as_ref().map(RegistrarId::as_str),
            row.updated_at,
            row.transferred_at,
            row.expires_at,
            row.registrant,
            row.statuses.to_text(),
            row.auth.as_deref(),
            row.purge_at,
            row.delete_cltrid.as_deref(),
            row.delete_svtrid.as_deref(),
        ]
        .to_vec();
        args.extend(row.life.values());
        args.push(row.due().1.into());
        self.exec(UPDATE, &args).await.map(drop)
    }

    /// Removes a domain with its links, its private hosts and what is known of its transfers. Host objects below
    /// it must be gone already.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn domain_delete(&mut self, id: i64) -> Result<(), StoreError> {
        self.exec(DELETE_NAME_SERVERS, crate::args![id]).await?;
        self.exec(DELETE_PRIVATE_HOSTS, crate::args![id]).await?;
        self.exec(DELETE_CONTACTS, crate::args![id]).await?;
        self.ds_delete_all(id).await?;
        self.grace_delete(id).await?;
        self.transfer_delete(id).await?;
        self.pending_forget(id).await?;
        self.token_delete(id).await?;
        self.ttl_forget(id).await?;
        self.launch_forget(id).await?;
        self.exec(DELETE, crate::args![id]).await.map(drop)
    }
}
