//! Counters of limits: windows of rate rules, days of protected transactions, and what single registrars are allowed
//! instead.
//!
//! Every counter moves by one guarded statement, so that it is exact over all processes.

use super::{Reader, Record, StoreError, Tx};
use crate::clock::Ts;
use crate::epp::types::RegistrarId;

crate::statements! {
    OWN_MAX = "SELECT max FROM limit_override WHERE registrar = ?1 AND rule = ?2";
    OWN_LIMITS = "SELECT rule, max FROM limit_override WHERE registrar = ?1 LIMIT 1000";
    OWN_INSERT = "INSERT INTO limit_override (registrar, rule, max, set_at) VALUES (?1, ?2, ?3, ?4) \
                  ON CONFLICT (registrar, rule) DO UPDATE SET max = excluded.max, set_at = excluded.set_at";
    OWN_DELETE = "DELETE FROM limit_override WHERE registrar = ?1 AND rule = ?2";
    WINDOW_USED = "SELECT used FROM rate_window WHERE rule = ?1 AND key = ?2 AND begins_at = ?3";
    WINDOW_INSERT = "INSERT INTO rate_window (rule, key, begins_at, ends_at, used) VALUES (?1, ?2, ?3, ?4, ?5) \
                     ON CONFLICT DO NOTHING";
    WINDOW_TAKE = "UPDATE rate_window SET used = used + ?4 \
                   WHERE rule = ?1 AND key = ?2 AND begins_at = ?3 AND used + ?4 <= ?5";
    WINDOW_NOTE = "UPDATE rate_window SET noted = 1 WHERE rule = ?1 AND key = ?2 AND begins_at = ?3 AND noted = 0";
    WINDOW_RESET = "DELETE FROM rate_window WHERE rule = ?1 AND key = ?2";
    WINDOWS_OVER = "SELECT COUNT(*) FROM (SELECT 1 AS one FROM rate_window WHERE ends_at < ?1 LIMIT 1) AS over";
    WINDOWS_PRUNE = "DELETE FROM rate_window WHERE (rule, key, begins_at) IN (SELECT rule, key, begins_at FROM rate_window \
                     WHERE ends_at < ?1 ORDER BY ends_at LIMIT ?2)";
    DAY_USED = "SELECT used FROM protected_day WHERE registrar = ?1 AND day = ?2";
    DAY_COUNT = "UPDATE protected_day SET used = used + 1 WHERE registrar = ?1 AND day = ?2 AND used < \
                 COALESCE((SELECT max FROM limit_override WHERE registrar = ?1 AND rule = 'protected'), ?3) \
                 RETURNING used, COALESCE((SELECT max FROM limit_override WHERE registrar = ?1 AND rule = 'protected'), ?3)";
    DAY_INSERT = "INSERT INTO protected_day (registrar, day, used) SELECT ?1, ?2, 1 WHERE \
                  COALESCE((SELECT max FROM limit_override WHERE registrar = ?1 AND rule = 'protected'), ?3) > 0 \
                  ON CONFLICT DO NOTHING \
                  RETURNING used, COALESCE((SELECT max FROM limit_override WHERE registrar = ?1 AND rule = 'protected'), ?3)";
    DAY_RESET = "DELETE FROM protected_day WHERE registrar = ?1 AND day = ?2";
    DAYS_BEFORE = "SELECT COUNT(*) FROM (SELECT 1 AS one FROM protected_day WHERE day < ?1 LIMIT 1) AS before";
    DAYS_PRUNE = "DELETE FROM protected_day WHERE (registrar, day) IN \
                  (SELECT registrar, day FROM protected_day WHERE day < ?1 ORDER BY day LIMIT ?2)";
}

/// The name under which a registrar's own number of protected transactions is kept.
pub const PROTECTED: &str = "protected";

/// A window of a rate rule, for one address or account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Window {
    /// The rule's name.
    pub rule: String,
    /// The address or the account.
    pub key: String,
    /// Its first moment.
    pub begins_at: Ts,
    /// The first moment after it.
    pub ends_at: Ts,
}

/// Protected transactions of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayCount {
    /// How many there were, this one included.
    pub used: i64,
    /// How many there may be.
    pub max: i64,
}

impl Record for DayCount {
    fn read(row: &mut Reader<'_>) -> Result<Self, StoreError> {
        Ok(Self { used: row.get()?, max: row.get()? })
    }
}

/// A registrar's own number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnLimit {
    /// A rate rule's name, or [`PROTECTED`].
    pub rule: String,
    /// How many.
    pub max: i64,
}

impl Record for OwnLimit {
    fn read(row: &mut Reader<'_>) -> Result<Self, StoreError> {
        Ok(Self { rule: row.get()?, max: row.get()? })
    }
}

impl Tx {
    /// How many commands the window still has, where a registrar with no number of its own may have `max`; and how
    /// many this one may have in all.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn rate_left(
        &mut self,
        window: &Window,
        registrar: Option<&RegistrarId>,
        max: i64,
    ) -> Result<(i64, i64), StoreError> {
        let max = match registrar {
            Some(id) => self.one(OWN_MAX, crate::args![id.as_str(), &window.rule]).await?.unwrap_or(max),
            None => max,
        };
        let used: i64 = self
            .one(WINDOW_USED, crate::args![&window.rule, &window.key, window.begins_at])
            .await?
            .unwrap_or(0);
        Ok((max - used, max))
    }

    /// Notes that a window is used up; says whether nobody did before.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn rate_note(&mut self, window: &Window) -> Result<bool, StoreError> {
        let args = crate::args![&window.rule, &window.key, window.begins_at];
        Ok(self.exec(WINDOW_NOTE, args).await? > 0)
    }

    /// Takes that many commands of the window, of `max` in all; says whether they were there.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn rate_take(&mut self, window: &Window, count: i64, max: i64) -> Result<bool, StoreError> {
        let Window { rule, key, begins_at, ends_at } = window;
        if count > max {
            return Ok(false);
        }
        if self.exec(WINDOW_TAKE, crate::args![rule, key, *begins_at, count, max]).await? > 0 {
            return Ok(true);
        }
        Ok(self.exec(WINDOW_INSERT, crate::args![rule, key, *begins_at, *ends_at, count]).await? > 0)
    }

    /// Forgets what a rule counted for an address or account.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn rate_reset(&mut self, rule: &str, key: &str) -> Result<u64, StoreError> {
        self.exec(WINDOW_RESET, crate::args![rule, key]).await
    }

    /// Whether there are windows that ended before then.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn rate_has_over(&mut self, before: Ts) -> Result<bool, StoreError> {
        Ok(self.one::<i64>(WINDOWS_OVER, crate::args![before]).await?.unwrap_or(0) > 0)
    }

    /// Removes windows that ended before then, the oldest first; says how many.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn rate_prune(&mut self, before: Ts, limit: i64) -> Result<u64, StoreError> {
        self.exec(WINDOWS_PRUNE, crate::args![before, limit]).await
    }

    /// Whether protected transactions of days before that one were counted.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn protected_before(&mut self, day: Ts) -> Result<bool, StoreError> {
        Ok(self.one::<i64>(DAYS_BEFORE, crate::args![day]).await?.unwrap_or(0) > 0)
    }

    /// Forgets the counts of days before that one, the oldest first; says how many.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn protected_prune(&mut self, day: Ts, limit: i64) -> Result<u64, StoreError> {
        self.exec(DAYS_PRUNE, crate::args![day, limit]).await
    }

    /// Counts one protected transaction of the day, of `max` or the registrar's own number; `None` where there was
    /// none left.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn protected_count(
        &mut self,
        registrar: &RegistrarId,
        day: Ts,
        max: i64,
    ) -> Result<Option<DayCount>, StoreError> {
        let args = crate::args![registrar.as_str(), day, max];
        match self.one(DAY_COUNT, args).await? {
            Some(counted) => Ok(Some(counted)),
            None => self.one(DAY_INSERT, args).await,
        }
    }

    /// The protected transactions of the day.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn protected_used(&mut self, registrar: &RegistrarId, day: Ts) -> Result<i64, StoreError> {
        Ok(self.one(DAY_USED, crate::args![registrar.as_str(), day]).await?.unwrap_or(0))
    }

    /// Forgets the day's protected transactions.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn protected_reset(&mut self, registrar: &RegistrarId, day: Ts) -> Result<(), StoreError> {
        self.exec(DAY_RESET, crate::args![registrar.as_str(), day]).await.map(drop)
    }

    /// A registrar's own numbers.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn own_limits(&mut self, registrar: &RegistrarId) -> Result<Vec<OwnLimit>, StoreError> {
        self.all(OWN_LIMITS, crate::args![registrar.as_str()]).await
    }

    /// Gives a registrar a number of its own.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn own_limit_set(
        &mut self,
        registrar: &RegistrarId,
        limit: &OwnLimit,
        now: Ts,
    ) -> Result<(), StoreError> {
        self.exec(OWN_INSERT, crate::args![registrar.as_str(), &limit.rule, limit.max, now]).await.map(drop)
    }

    /// Takes a registrar's own number away; says whether it had one.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn own_limit_delete(
        &mut self,
        registrar: &RegistrarId,
        rule: &str,
    ) -> Result<bool, StoreError> {
        Ok(self.exec(OWN_DELETE, crate::args![registrar.as_str(), rule]).await? > 0)
    }
}
