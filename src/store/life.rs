//! How a registration goes on and ends: the columns of a domain that say so, and its grace periods.

use super::{Reader, Record, StoreError, Tx, Value};
use crate::clock::Ts;
use crate::epp::types::RegistrarId;

crate::statements! {
    GRACE = "SELECT kind, since, until, months, registrar FROM grace WHERE domain = ?1 AND until > ?2 ORDER BY since \
             LIMIT 200";
    GRACE_INSERT = "INSERT INTO grace (domain, kind, since, until, months, registrar) VALUES (?1, ?2, ?3, ?4, ?5, ?6) \
                    ON CONFLICT DO NOTHING";
    GRACE_FORGET = "DELETE FROM grace WHERE domain = ?1 AND until <= ?2";
    GRACE_DELETE = "DELETE FROM grace WHERE domain = ?1";
}

/// How a registration goes on, and how it ends.
#[derive(Clone, Debug, PartialEq)]
pub struct Life {
    /// Whether the registry renews it when it ends.
    pub auto_renew: bool,
    /// When the registry renews it or ends it, where that is later than its end: the month's.
    pub renew_at: Option<Ts>,
    /// When it is deleted, as its sponsor asked.
    pub delete_at: Option<Ts>,
    /// Since it was deleted or suspended.
    pub hold: Option<Hold>,
}

impl Default for Life {
    fn default() -> Self {
        Self { auto_renew: true, renew_at: None, delete_at: None, hold: None }
    }
}

/// The time between deletion and purge, in which a domain is not published.
#[derive(Clone, Debug, PartialEq)]
pub struct Hold {
    /// How it came there.
    pub cause: HoldCause,
    /// Since when.
    pub since: Ts,
    /// Until when it can be brought back.
    pub until: Ts,
    /// When the registration would have ended.
    pub expires_at: Ts,
    /// By when the report of a restore that was asked for must be there. Until then nothing is purged, and what is
    /// left of the time on hold is kept.
    pub report_due_at: Option<Ts>,
}

/// How a domain came to be on hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HoldCause {
    /// Its sponsor deleted it.
    Deleted,
    /// Its registration ended.
    Expired,
    /// The registry deleted it.
    Registry,
}

impl HoldCause {
    /// Every cause.
    pub const ALL: &'static [Self] = &[Self::Deleted, Self::Expired, Self::Registry];

    /// The form in the database.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Deleted => "deleted",
            Self::Expired => "expired",
            Self::Registry => "registry",
        }
    }
}

/// What the registry does by itself with a domain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// It is deleted, as its sponsor asked.
    Delete,
    /// Its registration ends: renewed or not.
    Expire,
    /// The report of its restore did not come.
    ReportMissed,
    /// It is purged.
    Purge,
}

impl Life {
    /// The next thing and its moment. A deletion comes before what else would happen in the same moment.
    pub(super) fn due(&self, expires_at: Ts, purge_at: Option<Ts>) -> (Due, Ts) {
        if let Some(report) = self.hold.as_ref().and_then(|hold| hold.report_due_at) {
            return (Due::ReportMissed, report);
        }
        if let Some(at) = purge_at {
            return (Due::Purge, at);
        }
        let ends = self.renew_at.map_or(expires_at, |at| at.max(expires_at));
        match self.delete_at {
            Some(at) if at <= ends => (Due::Delete, at),
            _ => (Due::Expire, ends),
        }
    }

    pub(super) fn read(row: &mut Reader<'_>) -> Result<Self, StoreError> {
        let (auto_renew, renew_at, delete_at) = (row.get()?, row.get()?, row.get()?);
        let cause = row.get::<Option<String>>()?;
        let moments: [Option<Ts>; 4] = [row.get()?, row.get()?, row.get()?, row.get()?];
        let hold = match (cause, moments) {
            (Some(cause), [Some(since), Some(until), Some(expires_at), report_due_at]) => {
                let cause = HoldCause::ALL.iter().copied().find(|c| c.name() == cause);
                let cause = cause.ok_or(StoreError::Shape("a cause of a hold"))?;
                Some(Hold { cause, since, until, expires_at, report_due_at })
            }
            _ => None,
        };
        Ok(Self { auto_renew, renew_at, delete_at, hold })
    }

    /// The columns, in the order of [`Self::read`].
    pub(super) fn values(&self) -> [Value; 8] {
        let hold = self.hold.as_ref();
        [
            self.auto_renew.into(),
            self.renew_at.into(),
            self.delete_at.into(),
            hold.map(|h| h.cause.name()).into(),
            hold.map(|h| h.since).into(),
            hold.map(|h| h.until).into(),
            hold.map(|h| h.expires_at).into(),
            hold.and_then(|h| h.report_due_at).into(),
        ]
    }
}

/// What a grace period follows (RFC 3915 section 3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GraceKind {
    /// `addPeriod`
    Add,
    /// `autoRenewPeriod`
    AutoRenew,
    /// `renewPeriod`
    Renew,
    /// `transferPeriod`
    Transfer,
}

impl GraceKind {
    /// Every kind.
    pub const ALL: &'static [Self] = &[Self::Add, Self::AutoRenew, Self::Renew, Self::Transfer];

    /// The form in the database.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Add => "add",
            Self::AutoRenew => "auto_renew",
            Self::Renew => "renew",
            Self::Transfer => "transfer",
        }
    }
}

/// A grace period that runs. Several may, also of one kind.
#[derive(Clone, Debug, PartialEq)]
pub struct Grace {
    /// What it follows.
    pub kind: GraceKind,
    /// Since when.
    pub since: Ts,
    /// Until when.
    pub until: Ts,
    /// Months that step added to the registration.
    pub months: i64,
    /// Who paid for it.
    pub registrar: RegistrarId,
}

impl Record for Grace {
    fn read(row: &mut Reader<'_>) -> Result<Self, StoreError> {
        let kind = row.get::<String>()?;
        let kind = GraceKind::ALL.iter().copied().find(|k| k.name() == kind);
        Ok(Self {
            kind: kind.ok_or(StoreError::Shape("a kind of grace period"))?,
            since: row.get()?,
            until: row.get()?,
            months: row.get()?,
            registrar: super::registrar_id(&row.get::<String>()?)?,
        })
    }
}

impl Tx {
    /// The grace periods of a domain that run at `now`, the oldest first.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn grace_of(&mut self, domain: i64, now: Ts) -> Result<Vec<Grace>, StoreError> {
        self.all(GRACE, crate::args![domain, now]).await
    }

    /// Begins a grace period; those of the domain that are over are forgotten.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn grace_insert(&mut self, domain: i64, grace: &Grace) -> Result<(), StoreError> {
        self.exec(GRACE_FORGET, crate::args![domain, grace.since]).await?;
        let args = crate::args![
            domain,
            grace.kind.name(),
            grace.since,
            grace.until,
            grace.months,
            grace.registrar.as_str()
        ];
        self.exec(GRACE_INSERT, args).await.map(drop)
    }

    /// Ends every grace period of a domain.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn grace_delete(&mut self, domain: i64) -> Result<(), StoreError> {
        self.exec(GRACE_DELETE, crate::args![domain]).await.map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_due_first_comes_first() {
        let life = Life::default();
        assert_eq!(life.due(Ts(10), None), (Due::Expire, Ts(10)));
        // The month's end, as long as it is that of this registration.
        let month = Life { renew_at: Some(Ts(12)), ..life.clone() };
        assert_eq!(month.due(Ts(10), None), (Due::Expire, Ts(12)));
        assert_eq!(month.due(Ts(20), None), (Due::Expire, Ts(20)));
        let scheduled = |at| Life { delete_at: Some(Ts(at)), ..life.clone() };
        assert_eq!(scheduled(10).due(Ts(10), None), (Due::Delete, Ts(10)));
        assert_eq!(scheduled(11).due(Ts(10), None), (Due::Expire, Ts(10)));
        let hold = Hold {
            cause: HoldCause::Deleted,
            since: Ts(1),
            until: Ts(5),
            expires_at: Ts(10),
            report_due_at: None,
        };
        let held = Life { hold: Some(hold.clone()), ..life.clone() };
        assert_eq!(held.due(Ts(3), Some(Ts(6))), (Due::Purge, Ts(6)));
        let waiting = Life { hold: Some(Hold { report_due_at: Some(Ts(8)), ..hold }), ..life };
        assert_eq!(waiting.due(Ts(3), None), (Due::ReportMissed, Ts(8)));
    }
}
