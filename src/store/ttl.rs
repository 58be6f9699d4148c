//! Lifetimes of records that registrars chose, by object and record type.

use super::{Reader, Record, StoreError, Tx};
use crate::epp::types::RecordType;

crate::statements! {
    OF = "SELECT record, seconds FROM record_ttl WHERE object = ?1 LIMIT 100";
    PUT = "INSERT INTO record_ttl (object, record, seconds) VALUES (?1, ?2, ?3) \
           ON CONFLICT (object, record) DO UPDATE SET seconds = excluded.seconds";
    DELETE = "DELETE FROM record_ttl WHERE object = ?1 AND record = ?2";
    FORGET = "DELETE FROM record_ttl WHERE object = ?1";
}

/// One lifetime of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TtlRow {
    /// Of which records.
    pub record: RecordType,
    /// Seconds.
    pub seconds: u32,
}

impl Record for TtlRow {
    fn read(row: &mut Reader<'_>) -> Result<Self, StoreError> {
        let record = RecordType::parse(&row.get::<String>()?);
        let seconds = u32::try_from(row.get::<i64>()?);
        Ok(Self {
            record: record.ok_or(StoreError::Shape("a record type"))?,
            seconds: seconds.map_err(|_| StoreError::Shape("a lifetime"))?,
        })
    }
}

impl Tx {
    /// The lifetimes that were chosen for an object, in no order.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn ttl_of(&mut self, object: i64) -> Result<Vec<TtlRow>, StoreError> {
        self.all(OF, crate::args![object]).await
    }

    /// Stores a lifetime, or takes it away.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn ttl_put(
        &mut self,
        object: i64,
        record: &RecordType,
        seconds: Option<u32>,
    ) -> Result<(), StoreError> {
        match seconds {
            Some(seconds) => self.exec(PUT, crate::args![object, record.as_str(), i64::from(seconds)]).await,
            None => self.exec(DELETE, crate::args![object, record.as_str()]).await,
        }
        .map(drop)
    }

    /// Takes away what was chosen for an object.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn ttl_forget(&mut self, object: i64) -> Result<(), StoreError> {
        self.exec(FORGET, crate::args![object]).await.map(drop)
    }
}
