//! Work on the service that the operator announced, and when registrars are told of it next.

use super::{Reader, Record, StoreError, Tx};
use crate::clock::Ts;
use crate::epp::types::{Maintenance, MaintenancePoll};

macro_rules! columns {
    () => {
        "id, item, cancelled_at, due_at, due"
    };
}

crate::statements! {
    INSERT = "INSERT INTO maintenance (id, item, starts_at, ends_at, cancelled_at, due_at, due) \
              VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    UPDATE = "UPDATE maintenance SET item = ?2, starts_at = ?3, ends_at = ?4, cancelled_at = ?5, due_at = ?6, due = ?7 \
              WHERE id = ?1";
    BY_ID = concat!("SELECT ", columns!(), " FROM maintenance WHERE id = ?1");
    AHEAD = concat!(
        "SELECT ", columns!(), " FROM maintenance WHERE ends_at > ?1 AND cancelled_at IS NULL \
         ORDER BY ends_at, id LIMIT 1000"
    );
    ALL = concat!("SELECT ", columns!(), " FROM maintenance ORDER BY ends_at DESC, id DESC LIMIT ?1");
    DUE = concat!(
        "SELECT ", columns!(), " FROM maintenance WHERE due_at <= ?3 AND (due_at > ?1 OR (due_at = ?1 AND id > ?2)) \
         ORDER BY due_at, id LIMIT ?4"
    );
}

/// Work on the service as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MaintenanceRow {
    /// Its number.
    pub id: i64,
    /// What registrars see of it.
    pub item: Maintenance,
    /// When it was called off.
    pub cancelled_at: Option<Ts>,
    /// When registrars are told next by the clock, and of what.
    pub due: Option<(Ts, MaintenancePoll)>,
}

impl Record for MaintenanceRow {
    fn read(row: &mut Reader<'_>) -> Result<Self, StoreError> {
        let shape = StoreError::Shape("work on the service");
        let id = row.get()?;
        let item = serde_json::from_str(&row.get::<String>()?).map_err(|_| shape.clone())?;
        let cancelled_at = row.get()?;
        let due = match (row.get::<Option<Ts>>()?, row.get::<Option<String>>()?) {
            (Some(at), Some(word)) => Some((at, MaintenancePoll::parse(&word).ok_or(shape)?)),
            _ => None,
        };
        Ok(Self { id, item, cancelled_at, due })
    }
}

impl Tx {
    /// Stores work that is new.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn maintenance_insert(&mut self, row: &MaintenanceRow) -> Result<(), StoreError> {
        self.maintenance_write(INSERT, row).await
    }

    /// Stores work as it is now.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn maintenance_update(&mut self, row: &MaintenanceRow) -> Result<(), StoreError> {
        self.maintenance_write(UPDATE, row).await
    }

    async fn maintenance_write(
        &mut self,
        statement: &'static str,
        row: &MaintenanceRow,
    ) -> Result<(), StoreError> {
        let item = serde_json::to_string(&row.item).map_err(|_| StoreError::Shape("work is plain data"))?;
        let (at, word) = (row.due.map(|(at, _)| at), row.due.map(|(_, poll)| poll.name()));
        let args = crate::args![row.id, item, row.item.starts, row.item.ends, row.cancelled_at, at, word];
        self.exec(statement, args).await.map(drop)
    }

    /// The work of that number.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn maintenance(&mut self, id: i64) -> Result<Option<MaintenanceRow>, StoreError> {
        self.one(BY_ID, crate::args![id]).await
    }

    /// Work that was not called off and has not ended, the first to end first; at most a thousand.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn maintenance_ahead(&mut self, now: Ts) -> Result<Vec<MaintenanceRow>, StoreError> {
        self.all(AHEAD, crate::args![now]).await
    }

    /// All work, the last to end first.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn maintenance_list(&mut self, limit: i64) -> Result<Vec<MaintenanceRow>, StoreError> {
        self.all(ALL, crate::args![limit]).await
    }

    /// Work of which registrars are to be told, behind that moment and number.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn maintenance_due(
        &mut self,
        after: (Ts, i64),
        now: Ts,
        limit: i64,
    ) -> Result<Vec<MaintenanceRow>, StoreError> {
        self.all(DUE, crate::args![after.0, after.1, now, limit]).await
    }
}
