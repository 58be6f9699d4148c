//! Codes of the registry's making: the last one of each domain, alive or ended; and the wrong ones that were tried.

use super::{Reader, Record, StoreError, Tx};
use crate::clock::Ts;
use crate::epp::types::{RegistrarId, TokenOperation, TokenRole};

macro_rules! columns {
    () => {
        "object, operation, role, issuer, seed, digest, mails, created_at, expires_at, used_at, retracted_at, due_at"
    };
}

crate::statements! {
    OF = concat!("SELECT ", columns!(), " FROM auth_token WHERE object = ?1");
    DUE = concat!(
        "SELECT ", columns!(), " FROM auth_token WHERE due_at >= ?1 AND due_at <= ?3 AND (due_at > ?1 OR object > ?2) \
         ORDER BY due_at, object LIMIT ?4"
    );
    PUT = concat!(
        "INSERT INTO auth_token (", columns!(), ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12) \
         ON CONFLICT (object) DO UPDATE SET operation = ?2, role = ?3, issuer = ?4, seed = ?5, digest = ?6, mails = ?7, \
         created_at = ?8, expires_at = ?9, used_at = ?10, retracted_at = ?11, due_at = ?12"
    );
    DELETE = "DELETE FROM auth_token WHERE object = ?1";
    TRIES = "SELECT tries FROM wrong_code WHERE object = ?1 AND registrar = ?2 AND day = ?3";
    TRIED = "INSERT INTO wrong_code (object, registrar, day, tries) VALUES (?1, ?2, ?3, 1) \
             ON CONFLICT (object, registrar, day) DO UPDATE SET tries = wrong_code.tries + 1";
    TRIES_BEFORE = "SELECT COUNT(*) FROM (SELECT 1 AS one FROM wrong_code WHERE day < ?1 LIMIT 1) AS before";
    TRIES_PRUNE = "DELETE FROM wrong_code WHERE (object, registrar, day) IN \
                   (SELECT object, registrar, day FROM wrong_code WHERE day < ?1 ORDER BY day LIMIT ?2)";
}

/// A code of the registry's making. Its text is nowhere: `seed` and the server's key give it (see
/// [`crate::flow::token`]), and `digest` proves it.
#[derive(Clone, PartialEq)]
pub struct TokenRow {
    /// The domain's number.
    pub object: i64,
    /// What it is for.
    pub operation: TokenOperation,
    /// Who had it made.
    pub role: TokenRole,
    /// The registrar that asked for it.
    pub issuer: RegistrarId,
    /// What it is worked out from, together with the server's key.
    pub seed: String,
    /// What proves it.
    pub digest: String,
    /// How often it was mailed.
    pub mails: i64,
    /// When it was made.
    pub created_at: Ts,
    /// The first moment it opens nothing.
    pub expires_at: Ts,
    /// When it was used.
    pub used_at: Option<Ts>,
    /// When it was taken back, or ended with what it was for.
    pub retracted_at: Option<Ts>,
    /// When its end is noted; `None` once it ended.
    pub due_at: Option<Ts>,
}

impl std::fmt::Debug for TokenRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (role, operation) = (self.role.name(), self.operation.name());
        write!(f, "TokenRow({role}-{operation} of {}, until {})", self.object, self.expires_at)
    }
}

impl TokenRow {
    /// Whether it opens anything.
    #[must_use]
    pub fn is_alive(&self, now: Ts) -> bool {
        self.used_at.is_none() && self.retracted_at.is_none() && now < self.expires_at
    }
}

impl Record for TokenRow {
    fn read(row: &mut Reader<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            object: row.get()?,
            operation: TokenOperation::parse(&row.get::<String>()?)
                .ok_or(StoreError::Shape("a token's operation"))?,
            role: TokenRole::parse(&row.get::<String>()?).ok_or(StoreError::Shape("a token's role"))?,
            issuer: super::registrar_id(&row.get::<String>()?)?,
            seed: row.get()?,
            digest: row.get()?,
            mails: row.get()?,
            created_at: row.get()?,
            expires_at: row.get()?,
            used_at: row.get()?,
            retracted_at: row.get()?,
            due_at: row.get()?,
        })
    }
}

impl Tx {
    /// The last code of a domain.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn token_of(&mut self, domain: i64) -> Result<Option<TokenRow>, StoreError> {
        self.one(OF, crate::args![domain]).await
    }

    /// Codes whose time is over and not noted yet, longest overdue first, after the one with that moment and object.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn tokens_due(
        &mut self,
        after: (Ts, i64),
        now: Ts,
        limit: i64,
    ) -> Result<Vec<TokenRow>, StoreError> {
        self.all(DUE, crate::args![after.0, after.1, now, limit]).await
    }

    /// Stores the code of its domain in the place of the one before.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn token_put(&mut self, row: &TokenRow) -> Result<(), StoreError> {
        let args = crate::args![
            row.object,
            row.operation.name(),
            row.role.name(),
            row.issuer.as_str(),
            &row.seed,
            &row.digest,
            row.mails,
            row.created_at,
            row.expires_at,
            row.used_at,
            row.retracted_at,
            row.due_at,
        ];
        self.exec(PUT, args).await.map(drop)
    }

    /// Forgets the code of a domain that is gone.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn token_delete(&mut self, domain: i64) -> Result<(), StoreError> {
        self.exec(DELETE, crate::args![domain]).await.map(drop)
    }

    /// How many wrong codes a registrar tried on an object (`domain:foo.example`) on that day.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn wrong_codes(&mut self, object: &str, of: &RegistrarId, day: i64) -> Result<i64, StoreError> {
        Ok(self.one(TRIES, crate::args![object, of.as_str(), day]).await?.unwrap_or(0))
    }

    /// Counts one more.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn wrong_code_tried(
        &mut self,
        object: &str,
        by: &RegistrarId,
        day: i64,
    ) -> Result<(), StoreError> {
        self.exec(TRIED, crate::args![object, by.as_str(), day]).await.map(drop)
    }

    /// Whether any were counted before that day.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn wrong_codes_before(&mut self, day: i64) -> Result<bool, StoreError> {
        Ok(self.one::<i64>(TRIES_BEFORE, crate::args![day]).await?.unwrap_or(0) > 0)
    }

    /// Forgets what was counted before that day, the oldest first; says how much.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn wrong_codes_prune(&mut self, day: i64, limit: i64) -> Result<u64, StoreError> {
        self.exec(TRIES_PRUNE, crate::args![day, limit]).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_lives_to_the_end_of_its_last_second() {
        let made = Ts(1_000_000_000);
        let row = TokenRow {
            object: 1,
            operation: TokenOperation::Transfer,
            role: TokenRole::Registrar,
            issuer: RegistrarId::parse("alpha").unwrap(),
            seed: "5eed".to_owned(),
            digest: "d19e57".to_owned(),
            mails: 0,
            created_at: made,
            expires_at: made.plus_days(14),
            used_at: None,
            retracted_at: None,
            due_at: None,
        };
        // Vector 13: thirteen days, 23:59:59; then fourteen days.
        assert!(row.is_alive(made.plus_days(13).plus_seconds(86_399)));
        assert!(!row.is_alive(made.plus_days(14)));
        assert!(!TokenRow { used_at: Some(made), ..row.clone() }.is_alive(made));
        assert!(!TokenRow { retracted_at: Some(made), ..row.clone() }.is_alive(made));
        let shown = format!("{row:?}");
        assert!(!shown.contains("5eed") && !shown.contains("d19e57"), "{shown}");
    }
}
