//! Address lists: from where a registrar connects (S28 to S35).
//!
//! A prefix is kept as its first and last address, 16 bytes each, IPv4 in its v4-mapped form, so that one
//! comparison of bytes serves both families.

use std::net::IpAddr;

use ipnet::IpNet;

use super::{Reader, Record, StoreError, Tx};
use crate::clock::Ts;
use crate::epp::types::RegistrarId;
use crate::policy::EmptyMeans;

crate::statements! {
    INSERT = "INSERT INTO allow_entry (registrar, prefix, first_addr, last_addr, note, expires_at, created_at) \
              VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO NOTHING";
    DELETE = "DELETE FROM allow_entry WHERE registrar = ?1 AND prefix = ?2";
    WEB_INSERT = "INSERT INTO web_allow_entry (registrar, prefix, first_addr, last_addr, note, expires_at, created_at) \
                  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO NOTHING";
    WEB_DELETE = "DELETE FROM web_allow_entry WHERE registrar = ?1 AND prefix = ?2";
    WEB_LIST = "SELECT registrar, prefix, note, expires_at, created_at FROM web_allow_entry WHERE registrar = ?1 \
                ORDER BY first_addr, last_addr LIMIT 1000";
    // A list has some tens of entries; the profile says how many.
    LIST = "SELECT registrar, prefix, note, expires_at, created_at FROM allow_entry WHERE registrar = ?1 \
            ORDER BY first_addr, last_addr LIMIT 1000";
    HOLDING = "SELECT registrar, prefix, note, expires_at, created_at FROM allow_entry \
               WHERE first_addr <= ?1 AND last_addr >= ?1 ORDER BY first_addr, last_addr LIMIT 1000";
    LISTED = "SELECT COUNT(*) FROM (SELECT 1 AS one FROM allow_entry \
              WHERE first_addr <= ?1 AND last_addr >= ?1 AND (expires_at IS NULL OR expires_at > ?2) LIMIT 1) AS listed";
    ALLOWED = "SELECT COUNT(*), CAST(COALESCE(SUM(CASE WHEN first_addr <= ?2 AND last_addr >= ?2 \
               AND (expires_at IS NULL OR expires_at > ?3) THEN 1 ELSE 0 END), 0) AS BIGINT) \
               FROM allow_entry WHERE registrar = ?1";
}

/// An entry of a registrar's address list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AllowEntry {
    /// Whose list.
    pub registrar: RegistrarId,
    /// The addresses.
    pub prefix: IpNet,
    /// In the operator's words.
    pub note: String,
    /// Until when; `None` for ever.
    pub expires_at: Option<Ts>,
    /// When it was added.
    pub created_at: Ts,
}

impl Record for AllowEntry {
    fn read(row: &mut Reader<'_>) -> Result<Self, StoreError> {
        let registrar = super::registrar_id(&row.get::<String>()?)?;
        let prefix = row.get::<String>()?.parse();
        let prefix = prefix.map_err(|_| StoreError::Shape("a stored prefix is not a prefix"))?;
        Ok(Self { registrar, prefix, note: row.get()?, expires_at: row.get()?, created_at: row.get()? })
    }
}

/// How many entries a list has, expired ones included, and how many of them hold the address now.
struct Count(i64, i64);

impl Record for Count {
    fn read(row: &mut Reader<'_>) -> Result<Self, StoreError> {
        Ok(Self(row.get()?, row.get()?))
    }
}

impl Tx {
    /// Adds an entry; says whether the prefix was not listed yet.
    ///
    /// # Errors
    /// [`StoreError`], also when the registrar is not there.
    pub async fn allow_insert(&mut self, entry: &AllowEntry) -> Result<bool, StoreError> {
        self.insert_into_list(INSERT, entry).await
    }

    /// Adds an entry to the portal's list; says whether the prefix was not listed yet.
    ///
    /// # Errors
    /// [`StoreError`], also when the registrar is not there.
    pub async fn web_allow_insert(&mut self, entry: &AllowEntry) -> Result<bool, StoreError> {
        self.insert_into_list(WEB_INSERT, entry).await
    }

    /// Removes an entry from the portal's list; says whether it was listed.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn web_allow_delete(&mut self, of: &RegistrarId, prefix: IpNet) -> Result<bool, StoreError> {
        Ok(self.exec(WEB_DELETE, crate::args![of.as_str(), prefix.trunc().to_string()]).await? > 0)
    }

    /// A registrar's entries of the portal's list, expired ones included.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn web_allow_entries(&mut self, of: &RegistrarId) -> Result<Vec<AllowEntry>, StoreError> {
        self.all(WEB_LIST, crate::args![of.as_str()]).await
    }

    async fn insert_into_list(
        &mut self,
        statement: &'static str,
        entry: &AllowEntry,
    ) -> Result<bool, StoreError> {
        let net = entry.prefix.trunc();
        let (first, last) = (octets(net.network()), octets(net.broadcast()));
        let (registrar, prefix) = (entry.registrar.as_str(), net.to_string());
        let args =
            crate::args![registrar, prefix, first, last, &entry.note, entry.expires_at, entry.created_at];
        Ok(self.exec(statement, args).await? > 0)
    }

    /// Removes an entry; says whether it was listed.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn allow_delete(&mut self, of: &RegistrarId, prefix: IpNet) -> Result<bool, StoreError> {
        Ok(self.exec(DELETE, crate::args![of.as_str(), prefix.trunc().to_string()]).await? > 0)
    }

    /// A registrar's entries, expired ones included.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn allow_entries(&mut self, of: &RegistrarId) -> Result<Vec<AllowEntry>, StoreError> {
        self.all(LIST, crate::args![of.as_str()]).await
    }

    /// The entries of all accounts that hold the address, expired ones included; the widest first.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn allow_holding(&mut self, address: IpAddr) -> Result<Vec<AllowEntry>, StoreError> {
        self.all(HOLDING, crate::args![octets(address)]).await
    }

    /// Whether any account lists the address.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn address_listed_by_any(&mut self, address: IpAddr, now: Ts) -> Result<bool, StoreError> {
        Ok(self.one::<i64>(LISTED, crate::args![octets(address), now]).await?.unwrap_or(0) > 0)
    }

    /// Whether an account may connect from the address. A list whose entries have all expired is not an empty one:
    /// it lets nobody in.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn address_allowed(
        &mut self,
        registrar: &RegistrarId,
        address: IpAddr,
        empty: EmptyMeans,
        now: Ts,
    ) -> Result<bool, StoreError> {
        let args = crate::args![registrar.as_str(), octets(address), now];
        let Count(entries, holding) = self.one(ALLOWED, args).await?.unwrap_or(Count(0, 0));
        Ok(if entries == 0 { empty == EmptyMeans::Allow } else { holding > 0 })
    }
}

fn octets(address: IpAddr) -> Vec<u8> {
    match address {
        IpAddr::V4(v4) => v4.to_ipv6_mapped().octets().to_vec(),
        IpAddr::V6(v6) => v6.octets().to_vec(),
    }
}
