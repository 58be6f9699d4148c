//! Hosts: objects of their own, and those that are attributes of one domain and private to it.

use super::among::among;
use super::{Reader, Record, StoreError, Tx};
use crate::clock::Ts;
use crate::epp::types::{DomainName, HostAddrs, HostStatus, RegistrarId, StatusSet};

macro_rules! columns {
    () => {
        "id, name, private_to, superordinate, registrar, creator, created_at, updater, updated_at, \
         transferred_at, statuses, addrs, admin"
    };
}

crate::statements! {
    BY_NAME = concat!("SELECT ", columns!(), " FROM host WHERE name = ?1 AND private_to = 0");
    BY_ID = concat!("SELECT ", columns!(), " FROM host WHERE id = ?1");
    AMONG = concat!("SELECT ", columns!(), " FROM host WHERE private_to = 0 AND name IN ", among!());
    // A bound against runaway replies; no domain is known to have that many hosts below it.
    BELOW = concat!(
        "SELECT ", columns!(), " FROM host WHERE superordinate = ?1 AND private_to = 0 ORDER BY id LIMIT 5000"
    );
    LINKED = "SELECT domain FROM domain_ns WHERE host = ?1 \
              UNION ALL SELECT application FROM launch_link WHERE object = ?1 LIMIT 1";
    SERVES_ANOTHER = "SELECT domain FROM domain_ns WHERE host = ?1 AND domain <> ?2 LIMIT 1";
    // Walks the host's links up to the first that is not the registrar's own; asked by a rename only.
    LINKED_ELSEWHERE = "SELECT domain_ns.domain FROM domain_ns JOIN domain ON domain.id = domain_ns.domain \
                        WHERE domain_ns.host = ?1 AND domain.registrar <> ?2 LIMIT 1";
    INSERT = "INSERT INTO host (id, name, private_to, superordinate, registrar, creator, created_at, updater, \
              updated_at, transferred_at, statuses, addrs, admin) \
              VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13) ON CONFLICT DO NOTHING";
    UPDATE = "UPDATE host SET name = ?2, superordinate = ?3, registrar = ?4, updater = ?5, updated_at = ?6, \
              transferred_at = ?7, statuses = ?8, addrs = ?9, admin = ?10 WHERE id = ?1";
    MOVE = "UPDATE host SET registrar = ?2, transferred_at = ?3 WHERE superordinate = ?1";
    DELETE = "DELETE FROM host WHERE id = ?1";
}

/// A host as stored.
#[derive(Clone, Debug, PartialEq)]
pub struct HostRow {
    /// Its number.
    pub id: i64,
    /// Its name.
    pub name: DomainName,
    /// The domain it is an attribute of; 0 for a host object.
    pub private_to: i64,
    /// The domain of this registry it lies below (or whose name it has); `None` for a host elsewhere.
    pub superordinate: Option<i64>,
    /// The sponsor.
    pub registrar: RegistrarId,
    /// The creator.
    pub creator: RegistrarId,
    /// When it was created.
    pub created_at: Ts,
    /// Who changed it last.
    pub updater: Option<RegistrarId>,
    /// When it was changed last.
    pub updated_at: Option<Ts>,
    /// When it moved last, with its domain.
    pub transferred_at: Option<Ts>,
    /// What was set, and pending ones.
    pub statuses: StatusSet<HostStatus>,
    /// Addresses.
    pub addrs: HostAddrs,
    /// The contact that administers it; `None` while its sponsor does.
    pub admin: Option<i64>,
}

impl Record for HostRow {
    fn read(row: &mut Reader<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.get()?,
            name: super::domain_name(&row.get::<String>()?)?,
            private_to: row.get()?,
            superordinate: row.get()?,
            registrar: super::registrar_id(&row.get::<String>()?)?,
            creator: super::registrar_id(&row.get::<String>()?)?,
            created_at: row.get()?,
            updater: row.get::<Option<String>>()?.as_deref().map(super::registrar_id).transpose()?,
            updated_at: row.get()?,
            transferred_at: row.get()?,
            statuses: StatusSet::from_text(&row.get::<String>()?),
            addrs: HostAddrs::from_text(&row.get::<String>()?),
            admin: row.get()?,
        })
    }
}

impl Tx {
    /// The host object of that name.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn host_by_name(&mut self, name: &DomainName) -> Result<Option<HostRow>, StoreError> {
        self.one(BY_NAME, crate::args![name.as_str()]).await
    }

    /// The host of that number, object or attribute.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn host_by_id(&mut self, id: i64) -> Result<Option<HostRow>, StoreError> {
        self.one(BY_ID, crate::args![id]).await
    }

    /// The host objects among these names, in no particular order.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn hosts_among(&mut self, names: &[DomainName]) -> Result<Vec<HostRow>, StoreError> {
        let keys: Vec<String> = names.iter().map(ToString::to_string).collect();
        self.among(AMONG, &keys).await
    }

    /// The host objects subordinate to a domain, in the order of their creation.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn hosts_below(&mut self, domain: i64) -> Result<Vec<HostRow>, StoreError> {
        self.all(BELOW, crate::args![domain]).await
    }

    /// Whether any domain uses the host.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn host_linked(&mut self, id: i64) -> Result<bool, StoreError> {
        Ok(self.one::<i64>(LINKED, crate::args![id]).await?.is_some())
    }

    /// Whether any domain but that one uses the host.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn host_serves_another(&mut self, id: i64, than: i64) -> Result<bool, StoreError> {
        Ok(self.one::<i64>(SERVES_ANOTHER, crate::args![id, than]).await?.is_some())
    }

    /// Whether any domain of another registrar than this one uses the host.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn host_linked_elsewhere(&mut self, id: i64, than: &RegistrarId) -> Result<bool, StoreError> {
        Ok(self.one::<i64>(LINKED_ELSEWHERE, crate::args![id, than.as_str()]).await?.is_some())
    }

    /// Adds a host; says whether its name was free.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn host_insert(&mut self, row: &HostRow) -> Result<bool, StoreError> {
        let args = crate::args![
            row.id,
            row.name.as_str(),
            row.private_to,
            row.superordinate,
            row.registrar.as_str(),
            row.creator.as_str(),
            row.created_at,
            row.updater.as_ref().map(RegistrarId::as_str),
            row.updated_at,
            row.transferred_at,
            row.statuses.to_text(),
            row.addrs.to_text(),
            row.admin,
        ];
        Ok(self.exec(INSERT, args).await? > 0)
    }

    /// Writes a host back. Number, owner of an attribute, creator and time of creation stay.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn host_update(&mut self, row: &HostRow) -> Result<(), StoreError> {
        let args = crate::args![
            row.id,
            row.name.as_str(),
            row.superordinate,
            row.registrar.as_str(),
            row.updater.as_ref().map(RegistrarId::as_str),
            row.updated_at,
            row.transferred_at,
            row.statuses.to_text(),
            row.addrs.to_text(),
            row.admin,
        ];
        self.exec(UPDATE, args).await.map(drop)
    }

    /// Hands every host below a domain to the domain's new sponsor (RFC 5732 section 3.2.4: hosts move with
    /// their superordinate domain and never by themselves).
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn hosts_move(&mut self, domain: i64, to: &RegistrarId, now: Ts) -> Result<(), StoreError> {
        self.exec(MOVE, crate::args![domain, to.as_str(), now]).await.map(drop)
    }

    /// Removes a host.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn host_delete(&mut self, id: i64) -> Result<(), StoreError> {
        self.ttl_forget(id).await?;
        self.exec(DELETE, crate::args![id]).await.map(drop)
    }
}
