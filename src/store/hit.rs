//! Hitpoints: how an account stands, what brought it there, and every block that was lifted.
//!
//! An account's row is read and then written under the version it was read with, in one transaction, so that of
//! any number of faults at the same time each counts once.

use super::{Reader, Record, StoreError, Tx};
use crate::clock::Ts;
use crate::epp::types::RegistrarId;

crate::statements! {
    STATE = "SELECT version, day, points, day_limit, exceeded_at, blocked_until, month, unblocks, limit_override \
             FROM hit_state WHERE registrar = ?1";
    STATE_INSERT = "INSERT INTO hit_state (registrar, version, day, points, day_limit, exceeded_at, blocked_until, month, \
                    unblocks, limit_override) VALUES (?1, ?2 + 1, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) ON CONFLICT DO NOTHING";
    STATE_UPDATE = "UPDATE hit_state SET version = version + 1, day = ?3, points = ?4, day_limit = ?5, exceeded_at = ?6, \
                    blocked_until = ?7, month = ?8, unblocks = ?9, limit_override = ?10 \
                    WHERE registrar = ?1 AND version = ?2";
    // The bound is the number of domains beyond which the limit does not grow.
    // Names that are registered: none on its way out, and none that waits to be registered.
    PORTFOLIO = "SELECT COUNT(*) FROM (SELECT 1 AS one FROM domain d WHERE d.registrar = ?1 AND d.purge_at IS NULL \
                 AND COALESCE(d.transferred_at, d.created_at) < ?3 \
                 AND NOT EXISTS (SELECT 1 FROM pending_action p WHERE p.object = d.id AND p.kind = 'domain-create') \
                 LIMIT ?2) AS registered";
    EVENT = "INSERT INTO hit_event (id, registrar, at, object, communication, reference, points, code, reason, source) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
    EVENTS = "SELECT id, registrar, at, object, communication, reference, points, code, reason, source FROM hit_event \
              WHERE registrar = ?1 ORDER BY at DESC, id DESC LIMIT ?2";
    // An account is blocked after some hundreds or thousands of points a day.
    POINTS = "SELECT CAST(COALESCE(SUM(points), 0) AS BIGINT) FROM (SELECT points FROM hit_event WHERE registrar = ?1 \
              AND at > ?2 ORDER BY at DESC LIMIT 100000) AS late";
    OLD = "SELECT COUNT(*) FROM (SELECT 1 AS one FROM hit_event WHERE at < ?1 LIMIT 1) AS old";
    PRUNE = "DELETE FROM hit_event WHERE id IN (SELECT id FROM hit_event WHERE at < ?1 ORDER BY at LIMIT ?2)";
    UNBLOCK = "INSERT INTO hit_unblock (id, registrar, at, month, by_self, points, blocked_until) \
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    UNBLOCKS = "SELECT id, registrar, at, month, by_self, points, blocked_until FROM hit_unblock WHERE registrar = ?1 \
                ORDER BY at DESC, id DESC LIMIT ?2";
}

/// How an account stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HitRow {
    /// What a change is guarded by; 0 for an account without a row yet.
    pub version: i64,
    /// The day the points were given on.
    pub day: i64,
    /// Since that day began, or since the block was lifted.
    pub points: i64,
    /// The limit of that day's portfolio.
    pub day_limit: i64,
    /// When the limit was last reached.
    pub exceeded_at: Option<Ts>,
    /// Until when the account is blocked; a moment that has passed blocks nothing.
    pub blocked_until: Option<Ts>,
    /// The month of `unblocks`.
    pub month: i64,
    /// Times the registrar unblocked itself in it.
    pub unblocks: i64,
    /// The operator's own limit in the place of the portfolio's.
    pub limit_override: Option<i64>,
}

/// A fault that cost points (S69).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HitEvent {
    /// Its number.
    pub id: i64,
    /// Whose.
    pub registrar: RegistrarId,
    /// When.
    pub at: Ts,
    /// What the command was about.
    pub object: String,
    /// `NEW_DOMAIN`, `UPD_CONTACT`.
    pub communication: String,
    /// The command's svTRID.
    pub reference: String,
    /// What it cost.
    pub points: i64,
    /// The result code.
    pub code: i64,
    /// The reason's tag.
    pub reason: String,
    /// The door it came by.
    pub source: String,
}

/// A block that was lifted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HitUnblock {
    /// Its number.
    pub id: i64,
    /// Whose.
    pub registrar: RegistrarId,
    /// When.
    pub at: Ts,
    /// The month whose quota it counts in.
    pub month: i64,
    /// By the registrar itself, or by the operator.
    pub by_self: bool,
    /// The points there were.
    pub points: i64,
    /// Until when the block would have lasted.
    pub blocked_until: Ts,
}

impl Record for HitRow {
    fn read(row: &mut Reader<'_>) -> Result<Self, StoreError> {
        Self::read_joined(row)
    }
}

impl HitRow {
    /// The same columns where the account may have no row yet.
    pub(super) fn read_joined(row: &mut Reader<'_>) -> Result<Self, StoreError> {
        let mut number = || Ok::<i64, StoreError>(row.get::<Option<i64>>()?.unwrap_or(0));
        let (version, day, points, day_limit) = (number()?, number()?, number()?, number()?);
        let (exceeded_at, blocked_until) = (row.get()?, row.get()?);
        let (month, unblocks) = (row.get::<Option<i64>>()?, row.get::<Option<i64>>()?);
        Ok(Self {
            version,
            day,
            points,
            day_limit,
            exceeded_at,
            blocked_until,
            month: month.unwrap_or(0),
            unblocks: unblocks.unwrap_or(0),
            limit_override: row.get()?,
        })
    }
}

impl Record for HitEvent {
    fn read(row: &mut Reader<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.get()?,
            registrar: super::registrar_id(&row.get::<String>()?)?,
            at: row.get()?,
            object: row.get()?,
            communication: row.get()?,
            reference: row.get()?,
            points: row.get()?,
            code: row.get()?,
            reason: row.get()?,
            source: row.get()?,
        })
    }
}

impl Record for HitUnblock {
    fn read(row: &mut Reader<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.get()?,
            registrar: super::registrar_id(&row.get::<String>()?)?,
            at: row.get()?,
            month: row.get()?,
            by_self: row.get()?,
            points: row.get()?,
            blocked_until: row.get()?,
        })
    }
}

impl Tx {
    /// How an account stands; as new when nothing was noted of it yet.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn hit_state(&mut self, of: &RegistrarId) -> Result<HitRow, StoreError> {
        Ok(self.one(STATE, crate::args![of.as_str()]).await?.unwrap_or_default())
    }

    /// Writes how an account stands now, if nobody wrote since the row was read.
    ///
    /// # Errors
    /// [`StoreError::Again`] when somebody did.
    pub async fn hit_state_put(&mut self, of: &RegistrarId, row: &HitRow) -> Result<(), StoreError> {
        let sql = if row.version == 0 { STATE_INSERT } else { STATE_UPDATE };
        let args = crate::args![
            of.as_str(),
            row.version,
            row.day,
            row.points,
            row.day_limit,
            row.exceeded_at,
            row.blocked_until,
            row.month,
            row.unblocks,
            row.limit_override,
        ];
        match self.exec(sql, args).await? {
            0 => Err(StoreError::Again("another command of the account was scored".to_owned())),
            _ => Ok(()),
        }
    }

    /// How many domains an account has had since before a moment, counted no further than `most`. Deleted ones that can
    /// still be restored are none.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn hit_portfolio(
        &mut self,
        of: &RegistrarId,
        most: i64,
        before: Ts,
    ) -> Result<i64, StoreError> {
        Ok(self.one(PORTFOLIO, crate::args![of.as_str(), most, before]).await?.unwrap_or(0))
    }

    /// Notes a fault that cost points.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn hit_event(&mut self, event: &HitEvent) -> Result<(), StoreError> {
        let args = crate::args![
            event.id,
            event.registrar.as_str(),
            event.at,
            &event.object,
            &event.communication,
            &event.reference,
            event.points,
            event.code,
            &event.reason,
            &event.source,
        ];
        self.exec(EVENT, args).await.map(drop)
    }

    /// The points of an account's faults after a moment.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn hit_points_since(&mut self, of: &RegistrarId, since: Ts) -> Result<i64, StoreError> {
        Ok(self.one(POINTS, crate::args![of.as_str(), since]).await?.unwrap_or(0))
    }

    /// The last faults of an account that cost points, newest first.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn hit_events(&mut self, of: &RegistrarId, limit: i64) -> Result<Vec<HitEvent>, StoreError> {
        self.all(EVENTS, crate::args![of.as_str(), limit]).await
    }

    /// Whether there are faults from before that moment.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn hit_events_before(&mut self, before: Ts) -> Result<bool, StoreError> {
        Ok(self.one::<i64>(OLD, crate::args![before]).await? == Some(1))
    }

    /// Forgets faults from before that moment, the oldest first, and says how many.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn hit_events_prune(&mut self, before: Ts, limit: i64) -> Result<u64, StoreError> {
        self.exec(PRUNE, crate::args![before, limit]).await
    }

    /// Notes that a block was lifted.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn hit_unblock(&mut self, row: &HitUnblock) -> Result<(), StoreError> {
        let args = crate::args![
            row.id,
            row.registrar.as_str(),
            row.at,
            row.month,
            row.by_self,
            row.points,
            row.blocked_until,
        ];
        self.exec(UNBLOCK, args).await.map(drop)
    }

    /// The last blocks of an account that were lifted, newest first.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn hit_unblocks(
        &mut self,
        of: &RegistrarId,
        limit: i64,
    ) -> Result<Vec<HitUnblock>, StoreError> {
        self.all(UNBLOCKS, crate::args![of.as_str(), limit]).await
    }
}
