//! Labels of domains by their index, the variants domains bring with them, and by which variants a zone is indexed.

use super::among::among;
use super::{Reader, Record, StoreError, Tx};
use crate::clock::Ts;
use crate::epp::types::{DomainName, RegistrarId};

crate::statements! {
    // Variants of one name are few, as long as nobody gives a registrant thousands.
    AMONG = concat!(
        "SELECT l.variant_index, l.idn_table, d.id, d.name, d.registrar, d.registrant, d.created_at \
         FROM domain_label l JOIN domain d ON d.id = l.domain WHERE l.variant_index IN ", among!(), " LIMIT 10000"
    );
    OF = "SELECT l.variant_index, l.idn_table, d.id, d.name, d.registrar, d.registrant, d.created_at \
          FROM domain_label l JOIN domain d ON d.id = l.domain WHERE l.domain = ?1";
    SCAN = "SELECT id, name, zone, registrar, registrant, created_at FROM domain WHERE id > ?1 ORDER BY id LIMIT ?2";
    PUT = "INSERT INTO domain_label (domain, variant_index, idn_table) VALUES (?1, ?2, ?3) \
           ON CONFLICT (domain) DO UPDATE SET variant_index = excluded.variant_index, idn_table = excluded.idn_table";
    DELETE = "DELETE FROM domain_label WHERE domain = ?1";
    BUNDLED = "SELECT name FROM domain_variant WHERE domain = ?1 LIMIT 1000";
    BUNDLE = "INSERT INTO domain_variant (name, domain) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
    UNBUNDLE = "DELETE FROM domain_variant WHERE domain = ?1";
    STATE = "SELECT fingerprint, building, after_id FROM variant_state WHERE zone = ?1";
    STATE_PUT = "INSERT INTO variant_state (zone, fingerprint, building, after_id) VALUES (?1, ?2, ?3, ?4) \
                 ON CONFLICT (zone) DO UPDATE SET fingerprint = excluded.fingerprint, building = excluded.building, \
                 after_id = excluded.after_id";
}

/// A domain with the index of its label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Indexed {
    /// The index label with its zone.
    pub index: String,
    /// The table that took the label.
    pub table: Option<String>,
    /// The domain's number.
    pub id: i64,
    /// Its name.
    pub name: DomainName,
    /// Its sponsor.
    pub registrar: RegistrarId,
    /// Its registrant: a contact's number.
    pub registrant: Option<i64>,
    /// When it was created.
    pub created_at: Ts,
}

impl Record for Indexed {
    fn read(row: &mut Reader<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            index: row.get()?,
            table: row.get()?,
            id: row.get()?,
            name: super::domain_name(&row.get::<String>()?)?,
            registrar: super::registrar_id(&row.get::<String>()?)?,
            registrant: row.get()?,
            created_at: row.get()?,
        })
    }
}

/// A domain that may have no index yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unindexed {
    /// Its number.
    pub id: i64,
    /// Its name.
    pub name: DomainName,
    /// Its zone.
    pub zone: DomainName,
    /// Its sponsor.
    pub registrar: RegistrarId,
    /// Its registrant: a contact's number.
    pub registrant: Option<i64>,
    /// When it was created.
    pub created_at: Ts,
}

impl Record for Unindexed {
    fn read(row: &mut Reader<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.get()?,
            name: super::domain_name(&row.get::<String>()?)?,
            zone: super::domain_name(&row.get::<String>()?)?,
            registrar: super::registrar_id(&row.get::<String>()?)?,
            registrant: row.get()?,
            created_at: row.get()?,
        })
    }
}

/// By which variants a zone is indexed; by default by none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VariantState {
    /// All its domains.
    pub fingerprint: String,
    /// Those up to [`Self::after`].
    pub building: String,
    /// The last domain that was done.
    pub after: i64,
}

impl Record for VariantState {
    fn read(row: &mut Reader<'_>) -> Result<Self, StoreError> {
        Ok(Self { fingerprint: row.get()?, building: row.get()?, after: row.get()? })
    }
}

impl Tx {
    /// The domains with one of these indexes, the oldest first.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn labels_among(&mut self, indexes: &[String]) -> Result<Vec<Indexed>, StoreError> {
        let mut rows: Vec<Indexed> = self.among(AMONG, indexes).await?;
        rows.sort_by_key(|row| (row.created_at, row.id));
        Ok(rows)
    }

    /// A domain with its index, where it has one.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn label_of(&mut self, domain: i64) -> Result<Option<Indexed>, StoreError> {
        self.one(OF, crate::args![domain]).await
    }

    /// Domains of all zones by number, behind that one.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn labels_scan(&mut self, after: i64, limit: i64) -> Result<Vec<Unindexed>, StoreError> {
        self.all(SCAN, crate::args![after, limit]).await
    }

    /// Stores the index of a domain's label and the table that took it.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn label_put(
        &mut self,
        domain: i64,
        index: &str,
        table: Option<&str>,
    ) -> Result<(), StoreError> {
        self.exec(PUT, crate::args![domain, index, table]).await.map(drop)
    }

    /// Forgets the index of a domain's label.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn label_delete(&mut self, domain: i64) -> Result<(), StoreError> {
        self.exec(DELETE, crate::args![domain]).await.map(drop)
    }

    /// The names a domain brings with it, in their order.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn variants_bundled(&mut self, domain: i64) -> Result<Vec<String>, StoreError> {
        let mut names: Vec<String> = self.all(BUNDLED, crate::args![domain]).await?;
        names.sort();
        Ok(names)
    }

    /// Lets a domain bring these names with it, and no others.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn variants_bundle(&mut self, domain: i64, names: &[DomainName]) -> Result<(), StoreError> {
        self.exec(UNBUNDLE, crate::args![domain]).await?;
        for name in names {
            self.exec(BUNDLE, crate::args![name.as_str(), domain]).await?;
        }
        Ok(())
    }

    /// By which variants a zone is indexed.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn variant_state(&mut self, zone: &DomainName) -> Result<VariantState, StoreError> {
        Ok(self.one(STATE, crate::args![zone.as_str()]).await?.unwrap_or_default())
    }

    /// Notes by which variants a zone is indexed.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn variant_state_put(
        &mut self,
        zone: &DomainName,
        state: &VariantState,
    ) -> Result<(), StoreError> {
        let args = crate::args![zone.as_str(), &state.fingerprint, &state.building, state.after];
        self.exec(STATE_PUT, args).await.map(drop)
    }
}
