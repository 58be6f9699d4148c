//! Allocation tokens (RFC 8495): batches that say what their tokens open, and the tokens. A token stands here as a
//! salted digest, beside the selector that finds it.

use serde::{Deserialize, Serialize};

use super::{Reader, Record, StoreError, Tx};
use crate::clock::Ts;
use crate::epp::types::{DomainName, RegistrarId};

macro_rules! columns {
    () => {
        "t.id, t.batch, t.selector, t.digest, t.revoked_at, t.used_at, t.registrar, t.operation, t.object, b.terms"
    };
}
macro_rules! joined {
    () => {
        " FROM allocation_token t JOIN allocation_batch b ON b.id = t.batch WHERE "
    };
}

crate::statements! {
    BATCH_INSERT = "INSERT INTO allocation_batch (id, label, terms, made_at) VALUES (?1, ?2, ?3, ?4)";
    BATCHES = "SELECT id, label, terms, made_at FROM allocation_batch ORDER BY id LIMIT ?1";
    BATCH = "SELECT id, label, terms, made_at FROM allocation_batch WHERE id = ?1";
    INSERT = "INSERT INTO allocation_token (id, batch, selector, digest, object) VALUES (?1, ?2, ?3, ?4, ?5) \
              ON CONFLICT DO NOTHING";
    BY_SELECTOR = concat!("SELECT ", columns!(), joined!(), "t.selector = ?1");
    OF_OBJECT = concat!("SELECT ", columns!(), joined!(), "t.object = ?1 ORDER BY t.id LIMIT 1000");
    OF_BATCH = concat!("SELECT ", columns!(), joined!(), "t.batch = ?1 AND t.id > ?2 ORDER BY t.id LIMIT ?3");
    USE = "UPDATE allocation_token SET used_at = ?2, registrar = ?3, operation = ?4, object = ?5 \
           WHERE id = ?1 AND used_at IS NULL AND revoked_at IS NULL";
    GIVE_BACK = "UPDATE allocation_token SET used_at = NULL, registrar = NULL, operation = NULL, object = ?2 WHERE id = ?1";
    REVOKE = "UPDATE allocation_token SET revoked_at = ?2 WHERE id = ?1 AND used_at IS NULL AND revoked_at IS NULL";
    REVOKE_BATCH = "UPDATE allocation_token SET revoked_at = ?2 \
                    WHERE batch = ?1 AND used_at IS NULL AND revoked_at IS NULL";
}

/// What a token can be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AllocationOp {
    /// A registration.
    Create,
    /// A request for a transfer.
    Transfer,
}

impl AllocationOp {
    /// Both.
    pub const ALL: &'static [Self] = &[Self::Create, Self::Transfer];

    /// Its name in the database and to operators.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Transfer => "transfer",
        }
    }

    /// The operation of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|op| op.name() == name)
    }
}

/// A price that a token has instead of the usual one, whatever the period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AllocationPrice {
    /// In the currency's smallest unit.
    pub amount: i64,
    /// ISO 4217.
    pub currency: String,
}

/// What the tokens of a batch open. An empty list is no bound.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// For which operations.
    pub operations: Vec<AllocationOp>,
    /// In which zones.
    pub zones: Vec<DomainName>,
    /// Whether each token is bound to one name.
    pub named: bool,
    /// For which registrars.
    pub registrars: Vec<RegistrarId>,
    /// For how many years.
    pub years: Vec<u8>,
    /// What the operation costs instead.
    pub price: Option<AllocationPrice>,
    /// From when on.
    pub from: Option<Ts>,
    /// The first moment at which they open nothing any more.
    pub until: Option<Ts>,
}

/// A batch.
#[derive(Clone, Debug, PartialEq)]
pub struct BatchRow {
    /// Its number.
    pub id: i64,
    /// What the operator calls it.
    pub label: String,
    /// What its tokens open.
    pub terms: Terms,
    /// When it was made.
    pub made_at: Ts,
}

/// A token, without what it says.
#[derive(Clone, Debug, PartialEq)]
pub struct AllocationRow {
    /// Its number.
    pub id: i64,
    /// Its batch.
    pub batch: i64,
    /// What finds it.
    pub selector: String,
    /// Salted digest of the whole.
    pub digest: String,
    /// When the operator took it back.
    pub revoked_at: Option<Ts>,
    /// When it was used.
    pub used_at: Option<Ts>,
    /// By whom.
    pub registrar: Option<String>,
    /// For what.
    pub operation: Option<String>,
    /// The name it is bound to or, once used, the one it was used for.
    pub object: Option<String>,
    /// What it opens.
    pub terms: Terms,
}

fn terms(text: &str) -> Result<Terms, StoreError> {
    serde_json::from_str(text).map_err(|_| StoreError::Shape("the terms of allocation tokens"))
}

impl Record for BatchRow {
    fn read(row: &mut Reader<'_>) -> Result<Self, StoreError> {
        let (id, label) = (row.get()?, row.get()?);
        Ok(Self { id, label, terms: terms(&row.get::<String>()?)?, made_at: row.get()? })
    }
}

impl Record for AllocationRow {
    fn read(row: &mut Reader<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.get()?,
            batch: row.get()?,
            selector: row.get()?,
            digest: row.get()?,
            revoked_at: row.get()?,
            used_at: row.get()?,
            registrar: row.get()?,
            operation: row.get()?,
            object: row.get()?,
            terms: terms(&row.get::<String>()?)?,
        })
    }
}

impl Tx {
    /// Stores a batch.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn allocation_batch_insert(&mut self, row: &BatchRow) -> Result<(), StoreError> {
        let terms =
            serde_json::to_string(&row.terms).map_err(|_| StoreError::Shape("terms are plain data"))?;
        let args = crate::args![row.id, row.label.as_str(), terms, row.made_at];
        self.exec(BATCH_INSERT, args).await.map(drop)
    }

    /// Every batch, in the order they were made.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn allocation_batches(&mut self, limit: i64) -> Result<Vec<BatchRow>, StoreError> {
        self.all(BATCHES, crate::args![limit]).await
    }

    /// The batch of that number.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn allocation_batch(&mut self, id: i64) -> Result<Option<BatchRow>, StoreError> {
        self.one(BATCH, crate::args![id]).await
    }

    /// Stores a token of a batch, bound to a name or to none; says whether its selector was new.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn allocation_insert(
        &mut self,
        id: i64,
        batch: i64,
        (selector, digest): (&str, &str),
        name: Option<&DomainName>,
    ) -> Result<bool, StoreError> {
        let args = crate::args![id, batch, selector, digest, name.map(DomainName::as_str)];
        Ok(self.exec(INSERT, args).await? > 0)
    }

    /// The token that a selector finds.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn allocation_by_selector(
        &mut self,
        selector: &str,
    ) -> Result<Option<AllocationRow>, StoreError> {
        self.one(BY_SELECTOR, crate::args![selector]).await
    }

    /// The tokens that are bound to a name or were used for it; at most a thousand.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn allocations_of(&mut self, name: &str) -> Result<Vec<AllocationRow>, StoreError> {
        self.all(OF_OBJECT, crate::args![name]).await
    }

    /// The tokens of a batch behind that number.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn allocations_in(
        &mut self,
        batch: i64,
        after: i64,
        limit: i64,
    ) -> Result<Vec<AllocationRow>, StoreError> {
        self.all(OF_BATCH, crate::args![batch, after, limit]).await
    }

    /// Uses a token up; says whether it was still there to be used.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn allocation_use(
        &mut self,
        id: i64,
        at: Ts,
        by: &RegistrarId,
        (operation, object): (AllocationOp, &str),
    ) -> Result<bool, StoreError> {
        let args = crate::args![id, at, by.as_str(), operation.name(), object];
        Ok(self.exec(USE, args).await? > 0)
    }

    /// Makes a token that was used as good as it was, bound to that name or to none.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn allocation_give_back(&mut self, id: i64, name: Option<&str>) -> Result<(), StoreError> {
        self.exec(GIVE_BACK, crate::args![id, name]).await.map(drop)
    }

    /// Takes a token back that was not used; says whether there was one.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn allocation_revoke(&mut self, id: i64, at: Ts) -> Result<bool, StoreError> {
        Ok(self.exec(REVOKE, crate::args![id, at]).await? > 0)
    }

    /// Takes every token of a batch back that was not used; says how many.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn allocation_revoke_batch(&mut self, batch: i64, at: Ts) -> Result<u64, StoreError> {
        self.exec(REVOKE_BATCH, crate::args![batch, at]).await
    }
}
