//! Addresses that were turned away, by hour and door.

use super::{Reader, Record, Row, StoreError, Tx, Value};
use crate::clock::Ts;

crate::statements! {
    ADD = "INSERT INTO refused_address (address, hour, door, count, last_at) VALUES (?1, ?2, ?3, ?4, ?5) \
           ON CONFLICT (address, hour, door) DO UPDATE SET count = refused_address.count + excluded.count, \
           last_at = excluded.last_at";
    LIST = "SELECT address, hour, door, count, last_at FROM refused_address WHERE hour >= ?1 \
            ORDER BY hour DESC, last_at DESC LIMIT ?2";
    DELETE = "DELETE FROM refused_address WHERE hour < ?1";
}

/// How long an hour's addresses are kept.
const DAYS_KEPT: i64 = 30;

/// How often an address was turned away at a door in one hour.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedAddress {
    /// The address, or `others` for those that were too many to tell apart.
    pub address: String,
    /// The hour's first moment.
    pub hour: Ts,
    /// `accept`, `login` or `command`.
    pub door: String,
    /// How often.
    pub count: i64,
    /// The last time.
    pub last_at: Ts,
}

impl Record for RefusedAddress {
    fn read(row: &mut Reader<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            address: row.get()?,
            hour: row.get()?,
            door: row.get()?,
            count: row.get()?,
            last_at: row.get()?,
        })
    }
}

impl Tx {
    /// Adds to what is known of these addresses, and forgets what is old.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn refused_add(&mut self, rows: &[RefusedAddress], now: Ts) -> Result<(), StoreError> {
        let row = |r: &RefusedAddress| {
            let (address, door) = (Value::from(&r.address), Value::from(&r.door));
            Row(vec![address, r.hour.into(), door, r.count.into(), r.last_at.into()])
        };
        self.exec_each(ADD, &rows.iter().map(row).collect::<Vec<_>>()).await?;
        self.exec(DELETE, crate::args![now.plus_days(-DAYS_KEPT)]).await.map(drop)
    }

    /// What was turned away since then, the latest first.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn refused_since(&mut self, since: Ts, limit: i64) -> Result<Vec<RefusedAddress>, StoreError> {
        self.all(LIST, crate::args![since, limit]).await
    }
}
