//! Marks of domains that the registry sets and takes away.

use super::{Reader, Record, StoreError, Tx};
use crate::clock::Ts;
use crate::epp::types::DomainStatus::{
    self, ServerDeleteProhibited, ServerHold, ServerTransferProhibited, ServerUpdateProhibited,
};

crate::statements! {
    INSERT = "INSERT INTO domain_mark (domain, mark, detail, since, until) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING";
    DELETE = "DELETE FROM domain_mark WHERE domain = ?1 AND mark = ?2";
    OF = "SELECT domain, mark, detail, since, until FROM domain_mark WHERE domain = ?1 LIMIT 100";
    NAMED = "SELECT COUNT(*) FROM domain_mark m JOIN domain d ON d.id = m.domain WHERE d.name = ?1 AND m.mark = ?2";
    DUE = "SELECT domain, mark, detail, since, until FROM domain_mark WHERE mark = ?1 AND until >= ?2 AND until <= ?4 \
           AND (until > ?2 OR domain > ?3) ORDER BY until, domain LIMIT ?5";
}

/// A mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    /// A dispute or a court stops everything but the renewal.
    Hold,
    /// The terms are violated; something is to be done.
    Violation,
    /// The registry took the name servers' place.
    RevokedNs,
    /// The registry lock is on.
    Lock,
    /// It is off for a while, and comes back by itself.
    LockPaused,
    /// The contract with the registrar ended; the domain is to find another.
    OutOfService,
    /// The holder proved no identity, in time or at all.
    Unproven,
}

impl Mark {
    /// Every mark.
    pub const ALL: &'static [Self] = &[
        Self::Hold,
        Self::Violation,
        Self::RevokedNs,
        Self::Lock,
        Self::LockPaused,
        Self::OutOfService,
        Self::Unproven,
    ];

    /// Its name in the database and in profiles.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Hold => "hold",
            Self::Violation => "violation",
            Self::RevokedNs => "revoked_ns",
            Self::Lock => "lock",
            Self::LockPaused => "lock_paused",
            Self::OutOfService => "out_of_service",
            Self::Unproven => "unproven",
        }
    }

    /// The mark of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|mark| mark.name() == name)
    }

    /// The statuses a domain has as long as the mark stands.
    #[must_use]
    pub const fn statuses(self) -> &'static [DomainStatus] {
        match self {
            Self::Hold | Self::Lock => {
                &[ServerDeleteProhibited, ServerTransferProhibited, ServerUpdateProhibited]
            }
            Self::RevokedNs | Self::Unproven => &[ServerHold],
            Self::Violation | Self::LockPaused | Self::OutOfService => &[],
        }
    }
}

/// A mark as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarkRow {
    /// The domain's number.
    pub domain: i64,
    /// Which.
    pub mark: Mark,
    /// In the operator's words.
    pub detail: String,
    /// Since when.
    pub since: Ts,
    /// Until when something is to be done, or when it ends by itself.
    pub until: Option<Ts>,
}

impl Record for MarkRow {
    fn read(row: &mut Reader<'_>) -> Result<Self, StoreError> {
        let domain = row.get()?;
        let mark = Mark::parse(&row.get::<String>()?).ok_or(StoreError::Shape("a mark of a domain"))?;
        Ok(Self { domain, mark, detail: row.get()?, since: row.get()?, until: row.get()? })
    }
}

impl Tx {
    /// Sets a mark; says whether it was not set yet.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn mark_insert(&mut self, row: &MarkRow) -> Result<bool, StoreError> {
        let args = crate::args![row.domain, row.mark.name(), &row.detail, row.since, row.until];
        Ok(self.exec(INSERT, args).await? > 0)
    }

    /// Takes a mark away; says whether it was set.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn mark_delete(&mut self, domain: i64, mark: Mark) -> Result<bool, StoreError> {
        Ok(self.exec(DELETE, crate::args![domain, mark.name()]).await? > 0)
    }

    /// A domain's marks, by name.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn marks_of(&mut self, domain: i64) -> Result<Vec<MarkRow>, StoreError> {
        let mut rows: Vec<MarkRow> = self.all(OF, crate::args![domain]).await?;
        rows.sort_by_key(|row| row.mark.name());
        Ok(rows)
    }

    /// Whether the domain of that name has a mark.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn has_mark(&mut self, domain: &str, mark: Mark) -> Result<bool, StoreError> {
        Ok(self.one::<i64>(NAMED, crate::args![domain, mark.name()]).await?.unwrap_or(0) > 0)
    }

    /// Marks of a kind whose time is over, the oldest first, after the one with that end and domain.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn marks_due(
        &mut self,
        mark: Mark,
        after: (Ts, i64),
        now: Ts,
        limit: i64,
    ) -> Result<Vec<MarkRow>, StoreError> {
        self.all(DUE, crate::args![mark.name(), after.0, after.1, now, limit]).await
    }
}
