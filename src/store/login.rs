//! What a login reads and writes.

use super::{Reader, Record, StoreError, Tx};
use crate::clock::Ts;
use crate::epp::types::RegistrarId;

crate::statements! {
    FACTS = "SELECT u.password, u.enabled, r.id, r.enabled, r.max_sessions, r.profile FROM epp_user u \
             JOIN registrar r ON r.id = u.registrar WHERE u.id = ?1";
    // A user has a handful of certificates while they roll.
    PINS = "SELECT sha256, not_before, not_after FROM cert_pin WHERE user_id = ?1 LIMIT 100";
    // Guarded by the old hash: of two sessions that change the password at once, one wins and the other fails.
    SET_PASSWORD = "UPDATE epp_user SET password = ?3, updated_at = ?4 WHERE id = ?1 AND password = ?2";
    ATTEMPT = "INSERT INTO login_attempt (id, at, user_id, registrar, address, outcome) \
               VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    ATTEMPTS = "SELECT id, at, user_id, registrar, address, outcome FROM login_attempt WHERE user_id = ?1 \
                ORDER BY at DESC, id DESC LIMIT ?2";
}

/// What is known of a user that logs in.
#[derive(Clone, Debug, PartialEq)]
pub struct LoginFacts {
    /// PHC string.
    pub password: String,
    /// Whether the user may log in.
    pub user_enabled: bool,
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
}

impl Record for LoginFacts {
    fn read(row: &mut Reader<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            password: row.get()?,
            user_enabled: row.get()?,
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
        ];
        self.exec(ATTEMPT, args).await.map(drop)
    }

    /// The last logins that were tried with a name, newest first.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn login_attempts(&mut self, user: &str, limit: i64) -> Result<Vec<Attempt>, StoreError> {
        self.all(ATTEMPTS, crate::args![user, limit]).await
    }
}
