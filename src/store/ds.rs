//! DNSSEC data of domains: a delegation signer each, with the key it was made from where that is known.

use super::{Reader, Record, StoreError, Tx};
use crate::clock::Ts;
use crate::epp::types::{DsData, KeyData};

crate::statements! {
    OF = "SELECT key_tag, alg, digest_type, digest, key_flags, key_protocol, pub_key, position FROM domain_ds \
          WHERE domain = ?1 ORDER BY position LIMIT 1000";
    INSERT = "INSERT INTO domain_ds (domain, key_tag, alg, digest_type, digest, key_flags, key_protocol, pub_key, \
              position, added_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
    DELETE = "DELETE FROM domain_ds WHERE domain = ?1 AND key_tag = ?2 AND alg = ?3 AND digest_type = ?4 \
              AND digest = ?5";
    DELETE_ALL = "DELETE FROM domain_ds WHERE domain = ?1";
}

/// A record as stored.
#[derive(Clone, Debug, PartialEq)]
pub struct DsRow {
    /// The record; the key's algorithm is the record's.
    pub ds: DsData,
    /// Where it stands among the domain's records.
    pub position: i64,
}

impl Record for DsRow {
    fn read(row: &mut Reader<'_>) -> Result<Self, StoreError> {
        let shape = |_| StoreError::Shape("a number of DNSSEC data");
        let key_tag = u16::try_from(row.get::<i64>()?).map_err(shape)?;
        let alg = u8::try_from(row.get::<i64>()?).map_err(shape)?;
        let digest_type = u8::try_from(row.get::<i64>()?).map_err(shape)?;
        let digest = row.get()?;
        let (flags, protocol) = (row.get::<Option<i64>>()?, row.get::<Option<i64>>()?);
        let key = match (flags, protocol, row.get::<Option<String>>()?) {
            (Some(flags), Some(protocol), Some(pub_key)) => Some(KeyData {
                flags: u16::try_from(flags).map_err(shape)?,
                protocol: u8::try_from(protocol).map_err(shape)?,
                alg,
                pub_key,
            }),
            _ => None,
        };
        Ok(Self { ds: DsData { key_tag, alg, digest_type, digest, key }, position: row.get()? })
    }
}

impl Tx {
    /// The records of a domain, in their order.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn ds_of(&mut self, domain: i64) -> Result<Vec<DsRow>, StoreError> {
        self.all(OF, crate::args![domain]).await
    }

    /// Adds records to a domain, behind that position.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn ds_insert(
        &mut self,
        domain: i64,
        records: &[DsData],
        first: i64,
        now: Ts,
    ) -> Result<(), StoreError> {
        for (position, ds) in (first..).zip(records) {
            let key = ds.key.as_ref();
            let args = crate::args![
                domain,
                i64::from(ds.key_tag),
                i64::from(ds.alg),
                i64::from(ds.digest_type),
                ds.digest.as_str(),
                key.map(|key| i64::from(key.flags)),
                key.map(|key| i64::from(key.protocol)),
                key.map(|key| key.pub_key.as_str()),
                position,
                now,
            ];
            self.exec(INSERT, args).await?;
        }
        Ok(())
    }

    /// Removes one record of a domain.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn ds_delete(&mut self, domain: i64, ds: &DsData) -> Result<(), StoreError> {
        let (tag, alg, kind) = (i64::from(ds.key_tag), i64::from(ds.alg), i64::from(ds.digest_type));
        self.exec(DELETE, crate::args![domain, tag, alg, kind, ds.digest.as_str()]).await.map(drop)
    }

    /// Removes all records of a domain; says how many there were.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn ds_delete_all(&mut self, domain: i64) -> Result<u64, StoreError> {
        self.exec(DELETE_ALL, crate::args![domain]).await
    }
}
