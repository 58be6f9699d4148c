//! What a launch is judged by: labels with claims, revoked marks, and whom the registry trusts to sign marks.

use super::among::among;
use super::{Reader, Record, Row, StoreError, Tx, Value};
use crate::clock::Ts;

/// Rows of one page of a list.
pub const PAGE: i64 = 1000;

crate::statements! {
    CLAIMS_AMONG = concat!("SELECT label, validator, claim_key FROM launch_claim WHERE label IN ", among!());
    CLAIMS_PAGE = "SELECT id, label, claim_key FROM launch_claim WHERE validator = ?1 AND id > ?2 ORDER BY id LIMIT ?3";
    CLAIM_INSERT = "INSERT INTO launch_claim (id, validator, label, claim_key, listed_at) VALUES (?1, ?2, ?3, ?4, ?5)";
    CLAIM_UPDATE = "UPDATE launch_claim SET claim_key = ?2, listed_at = ?3 WHERE id = ?1";
    CLAIM_DELETE = "DELETE FROM launch_claim WHERE id = ?1";
    REVOKED = "SELECT revoked_at FROM launch_revoked WHERE smd_id = ?1";
    REVOKED_PAGE = "SELECT id, smd_id, smd_id FROM launch_revoked WHERE id > ?1 ORDER BY id LIMIT ?2";
    REVOKED_INSERT = "INSERT INTO launch_revoked (id, smd_id, revoked_at) VALUES (?1, ?2, ?3)";
    REVOKED_DELETE = "DELETE FROM launch_revoked WHERE id = ?1";
    TRUST = "SELECT der FROM launch_trust WHERE kind = ?1 LIMIT 1000";
    TRUST_CLEAR = "DELETE FROM launch_trust WHERE kind = ?1";
    TRUST_INSERT = "INSERT INTO launch_trust (kind, digest, der, loaded_at) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING";
    LISTS = "SELECT kind, made_at, loaded_at, entries FROM launch_list ORDER BY kind LIMIT 1000";
    LIST_UPDATE = "UPDATE launch_list SET made_at = ?2, loaded_at = ?3, entries = ?4 WHERE kind = ?1";
    LIST_INSERT = "INSERT INTO launch_list (kind, made_at, loaded_at, entries) VALUES (?1, ?2, ?3, ?4) \
                   ON CONFLICT DO NOTHING";
}

/// A label's claim at a validator.
#[derive(Clone, Debug, PartialEq)]
pub struct ClaimRow {
    /// The label.
    pub label: String,
    /// The validator.
    pub validator: String,
    /// The key of the notice.
    pub key: String,
}

impl Record for ClaimRow {
    fn read(row: &mut Reader<'_>) -> Result<Self, StoreError> {
        Ok(Self { label: row.get()?, validator: row.get()?, key: row.get()? })
    }
}

/// An entry of a list: its number, what it is about, and what it says.
#[derive(Clone, Debug, PartialEq)]
pub struct EntryRow {
    /// Its number.
    pub id: i64,
    /// A label, or a signed mark's identifier.
    pub of: String,
    /// The key of a claim.
    pub says: String,
}

impl Record for EntryRow {
    fn read(row: &mut Reader<'_>) -> Result<Self, StoreError> {
        Ok(Self { id: row.get()?, of: row.get()?, says: row.get()? })
    }
}

/// What was loaded last of a kind.
#[derive(Clone, Debug, PartialEq)]
pub struct ListRow {
    /// Which list.
    pub kind: String,
    /// When it was made.
    pub made_at: Ts,
    /// When it was loaded.
    pub loaded_at: Ts,
    /// How many entries it has.
    pub entries: i64,
}

impl Record for ListRow {
    fn read(row: &mut Reader<'_>) -> Result<Self, StoreError> {
        Ok(Self { kind: row.get()?, made_at: row.get()?, loaded_at: row.get()?, entries: row.get()? })
    }
}

/// How a list differs from what is stored.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Difference {
    /// Number, of what, what it says, since when.
    pub added: Vec<(i64, String, String, Ts)>,
    /// Number, what it says now, since when.
    pub changed: Vec<(i64, String, Ts)>,
    /// Numbers.
    pub removed: Vec<i64>,
}

impl Tx {
    /// The claims of these labels, in no order.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn claims_among(&mut self, labels: &[String]) -> Result<Vec<ClaimRow>, StoreError> {
        self.among(CLAIMS_AMONG, labels).await
    }

    /// One page of a validator's claims, behind that number.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn claims_page(&mut self, validator: &str, after: i64) -> Result<Vec<EntryRow>, StoreError> {
        self.all(CLAIMS_PAGE, crate::args![validator, after, PAGE]).await
    }

    /// Changes a validator's claims.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn claims_change(&mut self, validator: &str, by: &Difference) -> Result<(), StoreError> {
        self.exec_each(CLAIM_DELETE, &numbers(&by.removed)).await?;
        let rows: Vec<Row> = by
            .changed
            .iter()
            .map(|(id, key, at)| Row(vec![Value::from(*id), Value::from(key), Value::from(*at)]))
            .collect();
        self.exec_each(CLAIM_UPDATE, &rows).await?;
        let rows: Vec<Row> = by
            .added
            .iter()
            .map(|(id, label, key, at)| {
                let (id, at) = (Value::from(*id), Value::from(*at));
                Row(vec![id, Value::from(validator), Value::from(label), Value::from(key), at])
            })
            .collect();
        self.exec_each(CLAIM_INSERT, &rows).await.map(drop)
    }

    /// Since when a signed mark is revoked, if it is.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn mark_revoked(&mut self, smd_id: &str) -> Result<Option<Ts>, StoreError> {
        self.one(REVOKED, crate::args![smd_id]).await
    }

    /// One page of revoked marks, behind that number.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn revoked_page(&mut self, after: i64) -> Result<Vec<EntryRow>, StoreError> {
        self.all(REVOKED_PAGE, crate::args![after, PAGE]).await
    }

    /// Changes the revoked marks.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn revoked_change(&mut self, by: &Difference) -> Result<(), StoreError> {
        self.exec_each(REVOKED_DELETE, &numbers(&by.removed)).await?;
        let rows: Vec<Row> = by
            .added
            .iter()
            .map(|(id, smd, _, at)| Row(vec![Value::from(*id), Value::from(smd), Value::from(*at)]))
            .collect();
        self.exec_each(REVOKED_INSERT, &rows).await.map(drop)
    }

    /// Certificates (`root`) or revocation lists (`crl`) of signers of marks, in base64.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn trust(&mut self, kind: &str) -> Result<Vec<String>, StoreError> {
        self.all(TRUST, crate::args![kind]).await
    }

    /// Puts these, by digest, in the place of those there were of the kind.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn trust_replace(
        &mut self,
        kind: &str,
        all: &[(String, String)],
        at: Ts,
    ) -> Result<(), StoreError> {
        self.exec(TRUST_CLEAR, crate::args![kind]).await?;
        for (digest, der) in all {
            self.exec(TRUST_INSERT, crate::args![kind, digest, der, at]).await?;
        }
        Ok(())
    }

    /// What was loaded last, by kind.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn launch_lists(&mut self) -> Result<Vec<ListRow>, StoreError> {
        self.all(LISTS, &[]).await
    }

    /// Notes what was loaded.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn launch_list_put(&mut self, row: &ListRow) -> Result<(), StoreError> {
        let args = crate::args![&row.kind, row.made_at, row.loaded_at, row.entries];
        if self.exec(LIST_UPDATE, args).await? == 0 {
            self.exec(LIST_INSERT, args).await?;
        }
        Ok(())
    }
}

fn numbers(ids: &[i64]) -> Vec<Row> {
    ids.iter().map(|id| Row(vec![Value::from(*id)])).collect()
}
