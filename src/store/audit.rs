//! The audit trail: what every command that could change something did or was refused for.

use super::{StoreError, Tx};
use crate::clock::Ts;

crate::statements! {
    INSERT = "INSERT INTO audit (id, at, registrar, user_id, source, command, object, code, reason, cltrid, svtrid, detail) \
              VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";
}

/// A row of the audit trail.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "the columns of migrations/0001_base.sql")]
pub struct AuditRow {
    pub id: i64,
    pub at: Ts,
    pub registrar: String,
    pub user: String,
    pub source: String,
    pub command: String,
    pub object: String,
    pub code: i64,
    pub reason: String,
    pub cltrid: Option<String>,
    pub svtrid: String,
    pub detail: String,
}

impl Tx {
    /// Adds a row.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn audit_insert(&mut self, row: &AuditRow) -> Result<(), StoreError> {
        let args = crate::args![
            row.id,
            row.at,
            &row.registrar,
            &row.user,
            &row.source,
            &row.command,
            &row.object,
            row.code,
            &row.reason,
            row.cltrid.as_deref(),
            &row.svtrid,
            &row.detail,
        ];
        self.exec(INSERT, args).await.map(drop)
    }
}
