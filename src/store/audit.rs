//! The audit trail: what every command that could change something did or was refused for.

use super::{Reader, Record, StoreError, Tx};
use crate::clock::Ts;

macro_rules! columns {
    () => {
        "id, at, registrar, user_id, source, command, object, code, reason, cltrid, svtrid, detail"
    };
}

crate::statements! {
    INSERT = concat!(
        "INSERT INTO audit (", columns!(), ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)"
    );
    OF_OBJECT = concat!("SELECT ", columns!(), " FROM audit WHERE object = ?1 ORDER BY at DESC, id DESC LIMIT ?2");
    OF_REGISTRAR = concat!(
        "SELECT ", columns!(), " FROM audit WHERE registrar = ?1 ORDER BY at DESC, id DESC LIMIT ?2"
    );
    // The first condition on the time is what the index begins at.
    AFTER = concat!(
        "SELECT ", columns!(), " FROM audit WHERE registrar = ?1 AND at >= ?2 AND (at > ?2 OR id > ?3) \
         ORDER BY at, id LIMIT ?4"
    );
    LAST_CREATE = concat!(
        "SELECT ", columns!(), " FROM audit WHERE object = ?1 AND at <= ?2 AND command = 'domain:create' \
         AND code < 2000 ORDER BY at DESC, id DESC LIMIT 1"
    );
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

impl Record for AuditRow {
    fn read(row: &mut Reader<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.get()?,
            at: row.get()?,
            registrar: row.get()?,
            user: row.get()?,
            source: row.get()?,
            command: row.get()?,
            object: row.get()?,
            code: row.get()?,
            reason: row.get()?,
            cltrid: row.get()?,
            svtrid: row.get()?,
            detail: row.get()?,
        })
    }
}

impl Tx {
    /// The last rows of an object, newest first.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn audit_of_object(&mut self, object: &str, limit: i64) -> Result<Vec<AuditRow>, StoreError> {
        self.all(OF_OBJECT, crate::args![object, limit]).await
    }

    /// The last rows of a registrar, newest first.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn audit_of_registrar(
        &mut self,
        registrar: &str,
        limit: i64,
    ) -> Result<Vec<AuditRow>, StoreError> {
        self.all(OF_REGISTRAR, crate::args![registrar, limit]).await
    }

    /// A registrar's rows after that one, oldest first.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn audit_after(
        &mut self,
        registrar: &str,
        at: Ts,
        id: i64,
        limit: i64,
    ) -> Result<Vec<AuditRow>, StoreError> {
        self.all(AFTER, crate::args![registrar, at, id, limit]).await
    }

    /// The last time until then that a domain was registered under that name.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn audit_last_create(&mut self, name: &str, until: Ts) -> Result<Option<AuditRow>, StoreError> {
        self.one(LAST_CREATE, crate::args![name, until]).await
    }

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
