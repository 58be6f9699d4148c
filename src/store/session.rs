//! Logged-in sessions over all processes, and the processes that hold them.

use super::{Reader, Record, StoreError, Tx};
use crate::clock::Ts;
use crate::epp::types::RegistrarId;

crate::statements! {
    // Only sessions of servers that are still seen count against the cap.
    INSERT = "INSERT INTO session (id, process, registrar, user_id, address, tls, login_at) \
              SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7 WHERE \
              (SELECT COUNT(*) FROM session s JOIN process p ON p.id = s.process \
               WHERE s.registrar = ?3 AND p.seen_at >= ?8) < ?9";
    DELETE = "DELETE FROM session WHERE id = ?1";
    OF = "SELECT DISTINCT s.address FROM session s JOIN process p ON p.id = s.process \
          WHERE s.registrar = ?1 AND p.seen_at >= ?2 LIMIT 10000";
    // A registry has some tens of thousands of sessions at most; the operator's list stops there.
    LIST = "SELECT s.id, s.process, s.registrar, s.user_id, s.address, s.tls, s.login_at FROM session s \
            JOIN process p ON p.id = s.process WHERE p.seen_at >= ?1 ORDER BY s.login_at, s.id LIMIT ?2";
}

/// A logged-in session.
#[derive(Clone, Debug, PartialEq)]
pub struct SessionRow {
    /// Unique over processes and restarts.
    pub id: i64,
    /// The process that holds it.
    pub process: i64,
    /// The account.
    pub registrar: RegistrarId,
    /// The user.
    pub user: RegistrarId,
    /// From where.
    pub address: String,
    /// Protocol version and cipher suite.
    pub tls: String,
    /// Since when.
    pub login_at: Ts,
}

impl Record for SessionRow {
    fn read(row: &mut Reader<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.get()?,
            process: row.get()?,
            registrar: super::registrar_id(&row.get::<String>()?)?,
            user: super::registrar_id(&row.get::<String>()?)?,
            address: row.get()?,
            tls: row.get()?,
            login_at: row.get()?,
        })
    }
}

impl Tx {
    /// Notes a session if its account has fewer than `cap` on servers seen since `live_since`; says whether it had.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn session_insert(
        &mut self,
        row: &SessionRow,
        cap: Option<u32>,
        live_since: Ts,
    ) -> Result<bool, StoreError> {
        let args = crate::args![
            row.id,
            row.process,
            row.registrar.as_str(),
            row.user.as_str(),
            &row.address,
            &row.tls,
            row.login_at,
            live_since,
            cap.map_or(i64::MAX, i64::from),
        ];
        Ok(self.exec(INSERT, args).await? > 0)
    }

    /// Forgets a session.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn session_delete(&mut self, id: i64) -> Result<(), StoreError> {
        self.exec(DELETE, crate::args![id]).await.map(drop)
    }

    /// Sessions on servers seen since then, oldest first.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn sessions(&mut self, live_since: Ts, limit: i64) -> Result<Vec<SessionRow>, StoreError> {
        self.all(LIST, crate::args![live_since, limit]).await
    }

    /// From where an account is logged in, on servers seen since then.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn session_addresses(
        &mut self,
        registrar: &RegistrarId,
        live_since: Ts,
    ) -> Result<Vec<std::net::IpAddr>, StoreError> {
        let found: Vec<String> = self.all(OF, crate::args![registrar.as_str(), live_since]).await?;
        let address = |text: String| text.parse().map_err(|_| StoreError::Shape("a stored address is none"));
        found.into_iter().map(address).collect()
    }
}
