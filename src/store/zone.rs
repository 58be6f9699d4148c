//! The zones this registry serves.

use super::{Reader, Record, StoreError, Tx};
use crate::clock::Ts;
use crate::epp::types::DomainName;

crate::statements! {
    // The names of at most eight ancestors; the longest zone wins, decided by the caller.
    AMONG = "SELECT name, profile, overrides, enabled, created_at, updated_at FROM zone \
             WHERE name IN (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    // A registry serves some thousands of zones at most.
    LIST = "SELECT name, profile, overrides, enabled, created_at, updated_at FROM zone LIMIT 10000";
    INSERT = "INSERT INTO zone (name, profile, overrides, enabled, created_at, updated_at) \
              VALUES (?1, ?2, ?3, ?4, ?5, ?5) ON CONFLICT DO NOTHING";
    UPDATE = "UPDATE zone SET profile = ?2, overrides = ?3, enabled = ?4, updated_at = ?5 WHERE name = ?1";
}

/// A zone as stored.
#[derive(Clone, Debug, PartialEq)]
pub struct ZoneRow {
    /// Its name.
    pub name: DomainName,
    /// The profile whose `zone` part rules it.
    pub profile: String,
    /// TOML laid over that part.
    pub overrides: String,
    /// Whether it takes commands.
    pub enabled: bool,
    /// When it was added.
    pub created_at: Ts,
    /// When it was changed last.
    pub updated_at: Ts,
}

impl Record for ZoneRow {
    fn read(row: &mut Reader<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            name: super::domain_name(&row.get::<String>()?)?,
            profile: row.get()?,
            overrides: row.get()?,
            enabled: row.get()?,
            created_at: row.get()?,
            updated_at: row.get()?,
        })
    }
}

impl Tx {
    /// The zone a name lies in (or is), the longest of those that hold it; `None` for a name of elsewhere. A
    /// zone has at most eight labels.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn zone_of(&mut self, name: &DomainName) -> Result<Option<ZoneRow>, StoreError> {
        let ancestors = name.self_and_ancestors();
        let nearest: Vec<&str> = ancestors.iter().rev().take(8).map(DomainName::as_str).collect();
        // The statement has eight places; a shorter name fills the rest with its top label.
        let at = |n: usize| nearest.get(n).or(nearest.first()).copied().unwrap_or("");
        let args = crate::args![at(0), at(1), at(2), at(3), at(4), at(5), at(6), at(7)];
        let zones: Vec<ZoneRow> = self.all(AMONG, args).await?;
        Ok(zones.into_iter().max_by_key(|zone| zone.name.as_str().len()))
    }

    /// Every zone, by name.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn zone_list(&mut self) -> Result<Vec<ZoneRow>, StoreError> {
        let mut rows: Vec<ZoneRow> = self.all(LIST, &[]).await?;
        rows.sort_by(|a, b| a.name.as_str().cmp(b.name.as_str()));
        Ok(rows)
    }

    /// Adds a zone; says whether it was new.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn zone_insert(&mut self, zone: &ZoneRow) -> Result<bool, StoreError> {
        let args =
            crate::args![zone.name.as_str(), &zone.profile, &zone.overrides, zone.enabled, zone.created_at];
        Ok(self.exec(INSERT, args).await? > 0)
    }

    /// Changes a zone; says whether it was there.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn zone_update(&mut self, zone: &ZoneRow) -> Result<bool, StoreError> {
        let args =
            crate::args![zone.name.as_str(), &zone.profile, &zone.overrides, zone.enabled, zone.updated_at];
        Ok(self.exec(UPDATE, args).await? > 0)
    }
}
