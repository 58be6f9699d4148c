//! What a login reads and writes.

use super::{Reader, Record, StoreError, Tx};
use crate::clock::Ts;
use crate::epp::types::{RegistrarId, UserAgent};
use crate::policy::Service;

crate::statements! {
    FACTS = "SELECT u.password, u.password_at, u.enabled, u.service, r.id, r.enabled, r.max_sessions, r.profile FROM epp_user u \
             JOIN registrar r ON r.id = u.registrar WHERE u.id = ?1";
    // A user has a handful of certificates while they roll.
    PINS = "SELECT sha256, not_before, not_after FROM cert_pin WHERE user_id = ?1 LIMIT 100";
    // Guarded by the old hash: of two sessions that change the password at once, one wins and the other fails.
    SET_PASSWORD = "UPDATE epp_user SET password = ?3, updated_at = ?4, password_at = ?4 WHERE id = ?1 AND password = ?2";
    ATTEMPT = "INSERT INTO login_attempt (id, at, user_id, registrar, address, outcome, counted, agent_app, agent_tech, agent_os) \
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
    ATTEMPTS = "SELECT id, at, user_id, registrar, address, outcome, counted, agent_app, agent_tech, agent_os \
                FROM login_attempt WHERE user_id = ?1 ORDER BY at DESC, id DESC LIMIT ?2";
    FAILURES_OF_USER = "SELECT at FROM login_attempt WHERE user_id = ?1 AND counted = 1 AND at > ?2 \
                        ORDER BY at DESC LIMIT ?3";
    FAILURES_FROM = "SELECT at FROM login_attempt WHERE address = ?1 AND counted = 1 AND at > ?2 \
                     ORDER BY at DESC LIMIT ?3";
    // Of the last ones only: a user that logs in all day long costs no more than that.
    FAILED = "SELECT COUNT(*) FROM (SELECT outcome FROM login_attempt WHERE user_id = ?1 AND at > ?2 \
              ORDER BY at DESC LIMIT ?3) AS last WHERE outcome <> 'success'";
    OLD = "SELECT COUNT(*) FROM (SELECT 1 AS one FROM login_attempt WHERE at < ?1 LIMIT 1) AS old";
    PRUNE = "DELETE FROM login_attempt WHERE id IN (SELECT id FROM login_attempt WHERE at < ?1 ORDER BY at LIMIT ?2)";
    FORGET_OF_USER = "UPDATE login_attempt SET counted = 0 WHERE user_id = ?1 AND counted = 1";
    FORGET_FROM = "UPDATE login_attempt SET counted = 0 WHERE address = ?1 AND counted = 1";
}

/// What is known of a user that logs in.
#[derive(Clone, Debug, PartialEq)]
pub struct LoginFacts {
    /// PHC string.
    pub password: String,
    /// Since when it is that.
    pub password_at: Ts,
    /// Whether the user may log in.
    pub user_enabled: bool,
    /// The one service it may log in to.
    pub service: Service,
    /// The account.
    pub registrar: RegistrarId,
    /// Whether the account may be used.
    pub registrar_enabled: bool,
    /// The account's own cap of sessions.
    pub max_sessions: Option<i64>,
    /// The profile of the account's rules; `None` for the server's.
    pub profile: Option<String>,
    /// Its certificates.
    pub pins: Vec<Pin>,
}

/// A certificate a user may come with.
#[derive(Clone, Debug, PartialEq)]
pub struct Pin {
    /// SHA-256 of the certificate.
    pub sha256: Vec<u8>,
    /// From when.
    pub not_before: Ts,
    /// Until when; `None` for ever.
    pub not_after: Option<Ts>,
}

/// A login that was tried.
#[derive(Clone, Debug, PartialEq)]
pub struct Attempt {
    /// Its number.
    pub id: i64,
    /// When.
    pub at: Ts,
    /// The name given.
    pub user: String,
    /// The account, when the name is known.
    pub registrar: Option<String>,
    /// From where.
    pub address: String,
    /// `success`, or the tag of the reason.
    pub outcome: String,
    /// Whether it counts for the throttle.
    pub counted: bool,
    /// What program it came from, by its own word.
    pub agent: UserAgent,
}

/// The failures that the throttle counts, newest first and only as many as it asks about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Failures {
    /// With the name, whether anybody has it or not.
    pub of_user: Vec<Ts>,
    /// From the address.
    pub from_address: Vec<Ts>,
}

impl Record for LoginFacts {
    fn read(row: &mut Reader<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            password: row.get()?,
            password_at: row.get()?,
            user_enabled: row.get()?,
            service: super::account::service(&row.get::<String>()?)?,
            registrar: super::registrar_id(&row.get::<String>()?)?,
            registrar_enabled: row.get()?,
            max_sessions: row.get()?,
            profile: row.get()?,
            pins: Vec::new(),
        })
    }
}

impl Record for Attempt {
    fn read(row: &mut Reader<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.get()?,
            at: row.get()?,
            user: row.get()?,
            registrar: row.get()?,
            address: row.get()?,
            outcome: row.get()?,
            counted: row.get()?,
            agent: UserAgent { app: row.get()?, tech: row.get()?, os: row.get()? },
        })
    }
}

impl Record for Pin {
    fn read(row: &mut Reader<'_>) -> Result<Self, StoreError> {
        Ok(Self { sha256: row.get()?, not_before: row.get()?, not_after: row.get()? })
    }
}

impl Tx {
    /// What is known of a user; `None` for a name nobody has.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn login_facts(&mut self, user: &RegistrarId) -> Result<Option<LoginFacts>, StoreError> {
        let Some(mut facts) = self.one::<LoginFacts>(FACTS, crate::args![user.as_str()]).await? else {
            return Ok(None);
        };
        facts.pins = self.all(PINS, crate::args![user.as_str()]).await?;
        Ok(Some(facts))
    }

    /// Changes a password if it is still the old one; says whether it was.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn login_password(
        &mut self,
        user: &RegistrarId,
        old: &str,
        new: &str,
        now: Ts,
    ) -> Result<bool, StoreError> {
        Ok(self.exec(SET_PASSWORD, crate::args![user.as_str(), old, new, now]).await? > 0)
    }

    /// Notes a login that was tried (S85).
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn login_attempt(&mut self, attempt: &Attempt) -> Result<(), StoreError> {
        let args = crate::args![
            attempt.id,
            attempt.at,
            &attempt.user,
            attempt.registrar.as_deref(),
            &attempt.address,
            &attempt.outcome,
            attempt.counted,
            attempt.agent.app.as_deref(),
            attempt.agent.tech.as_deref(),
            attempt.agent.os.as_deref(),
        ];
        self.exec(ATTEMPT, args).await.map(drop)
    }

    /// What the throttle counts since a moment, at most so many each way.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn login_failures(
        &mut self,
        user: &RegistrarId,
        address: &str,
        since: Ts,
        limit: i64,
    ) -> Result<Failures, StoreError> {
        let of_user = self.all(FAILURES_OF_USER, crate::args![user.as_str(), since, limit]).await?;
        let from_address = self.all(FAILURES_FROM, crate::args![address, since, limit]).await?;
        Ok(Failures { of_user, from_address })
    }

    /// How many of the last `limit` logins with a name since a moment failed, whatever for.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn login_failed(
        &mut self,
        user: &RegistrarId,
        since: Ts,
        limit: i64,
    ) -> Result<i64, StoreError> {
        Ok(self.one::<i64>(FAILED, crate::args![user.as_str(), since, limit]).await?.unwrap_or(0))
    }

    /// No longer counts the failures of a name; says how many there were.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn login_forget_user(&mut self, user: &RegistrarId) -> Result<u64, StoreError> {
        self.exec(FORGET_OF_USER, crate::args![user.as_str()]).await
    }

    /// No longer counts the failures from an address; says how many there were.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn login_forget_address(&mut self, address: &str) -> Result<u64, StoreError> {
        self.exec(FORGET_FROM, crate::args![address]).await
    }

    /// Whether there are attempts older than that.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn login_attempts_before(&mut self, before: Ts) -> Result<bool, StoreError> {
        Ok(self.one::<i64>(OLD, crate::args![before]).await?.unwrap_or(0) > 0)
    }

    /// Forgets the oldest attempts, as far as they are older than that; says how many.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn login_attempts_prune(&mut self, before: Ts, limit: i64) -> Result<u64, StoreError> {
        self.exec(PRUNE, crate::args![before, limit]).await
    }

    /// The last logins that were tried with a name, newest first.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn login_attempts(&mut self, user: &str, limit: i64) -> Result<Vec<Attempt>, StoreError> {
        self.all(ATTEMPTS, crate::args![user, limit]).await
    }
}
