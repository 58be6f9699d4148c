//! Message queues: oldest first, one queue per registrar however many sessions and processes look at it.

use super::{StoreError, Tx};
use crate::clock::Ts;
use crate::epp::notice::Notice;
use crate::epp::reply::{Message, MessageData};
use crate::epp::types::{ChangeData, Lang, RegistrarId};

crate::statements! {
    INSERT = "INSERT INTO poll_message (id, registrar, queued_at, kind, text, data, fields, change) \
              VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    HEAD = "SELECT id, queued_at, text, data, change FROM poll_message WHERE registrar = ?1 ORDER BY queued_at, id LIMIT 1";
    LIST = "SELECT id, queued_at, kind, text, fields FROM poll_message WHERE registrar = ?1 ORDER BY queued_at, id LIMIT ?2";
    // The count stops growing at ten thousand, so that a neglected queue cannot make every poll slow.
    COUNT = "SELECT COUNT(*) FROM (SELECT 1 AS one FROM poll_message WHERE registrar = ?1 LIMIT 10000) AS waiting";
    DELETE = "DELETE FROM poll_message WHERE id = ?1 AND registrar = ?2";
    // One look into the index of queues for each registrar, of which there are some thousands at most.
    NEGLECTED = "SELECT r.id FROM registrar r WHERE COALESCE(r.profile, ?2) = ?1 AND EXISTS (SELECT 1 FROM poll_message m \
                 WHERE m.registrar = r.id AND m.queued_at < ?3) LIMIT ?4";
    EXPIRE = "DELETE FROM poll_message WHERE id IN (SELECT id FROM poll_message WHERE registrar = ?1 AND queued_at < ?2 \
              ORDER BY queued_at, id LIMIT ?3)";
    UNREMINDED = "SELECT r.id FROM registrar r LEFT JOIN mail_settings s ON s.registrar = r.id \
                  WHERE COALESCE(r.profile, ?2) = ?1 AND COALESCE(s.reminded_at, 0) <= ?3 AND EXISTS (SELECT 1 \
                  FROM poll_message m WHERE m.registrar = r.id AND m.queued_at < ?3) LIMIT ?4";
}

/// A queued message as stored.
struct Stored(i64, Ts, String, String, String);

impl super::Record for Stored {
    fn read(row: &mut super::Reader<'_>) -> Result<Self, StoreError> {
        Ok(Self(row.get()?, row.get()?, row.get()?, row.get()?, row.get()?))
    }
}

/// Which of the queues that nobody collects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Neglected {
    /// Every one.
    All,
    /// Those whose registrar was not told of it since.
    Untold,
}

/// A message that waits, as a listing shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Waiting {
    /// Its identifier.
    pub id: i64,
    /// When it was queued.
    pub queued: Ts,
    /// The tag of its kind; empty for one that was queued before kinds were kept.
    pub kind: String,
    /// What happened, in words.
    pub text: String,
    /// What happened, as pairs.
    pub fields: Vec<(String, String)>,
}

impl super::Record for Waiting {
    fn read(row: &mut super::Reader<'_>) -> Result<Self, StoreError> {
        let (id, queued, kind, text) = (row.get()?, row.get()?, row.get()?, row.get()?);
        let fields: String = row.get()?;
        let fields = match &*fields {
            "" => Vec::new(),
            json => serde_json::from_str(json).map_err(|_| StoreError::Shape("message fields"))?,
        };
        Ok(Self { id, queued, kind, text, fields })
    }
}

impl Tx {
    /// Queues a notice, in words of the wire's default language; with the object and what was done to it, where it is
    /// the notice of a change that brings its own.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn poll_insert(
        &mut self,
        id: i64,
        to: &RegistrarId,
        now: Ts,
        notice: &Notice,
        changed: Option<(&MessageData, &ChangeData)>,
    ) -> Result<(), StoreError> {
        let data = match changed.map(|(data, _)| data.clone()).or_else(|| notice.data()) {
            None => String::new(),
            Some(data) => serde_json::to_string(&data).map_err(|_| StoreError::Shape("message data"))?,
        };
        let change = match changed.map(|(_, change)| change).or_else(|| notice.change()) {
            None => String::new(),
            Some(change) => serde_json::to_string(change).map_err(|_| StoreError::Shape("message change"))?,
        };
        let fields =
            serde_json::to_string(&notice.fields()).map_err(|_| StoreError::Shape("message fields"))?;
        let (kind, text) = (notice.kind().tag, notice.text(Lang::En));
        self.exec(INSERT, crate::args![id, to.as_str(), now, kind, text, data, fields, change])
            .await
            .map(drop)
    }

    /// The oldest message of a queue, with the number that wait.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn poll_head(&mut self, of: &RegistrarId) -> Result<Option<Message>, StoreError> {
        let Some(Stored(id, queued, text, data, change)) = self.one(HEAD, crate::args![of.as_str()]).await?
        else {
            return Ok(None);
        };
        let count = self.poll_count(of).await?;
        let change = match &*change {
            "" => None,
            json => Some(serde_json::from_str(json).map_err(|_| StoreError::Shape("message change"))?),
        };
        Ok(Some(Message { id: id.to_string(), count, queued, text, data: decoded(&data)?, change }))
    }

    /// The oldest messages of a queue.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn poll_list(&mut self, of: &RegistrarId, limit: i64) -> Result<Vec<Waiting>, StoreError> {
        self.all(LIST, crate::args![of.as_str(), limit]).await
    }

    /// How many messages wait, up to ten thousand.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn poll_count(&mut self, of: &RegistrarId) -> Result<u64, StoreError> {
        let count = self.one::<i64>(COUNT, crate::args![of.as_str()]).await?;
        Ok(count.and_then(|n| u64::try_from(n).ok()).unwrap_or(0))
    }

    /// Registrars under that profile, or without one if it is the server's, that have messages older than that.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn poll_neglected(
        &mut self,
        which: Neglected,
        profile: &str,
        server: &str,
        before: Ts,
        limit: i64,
    ) -> Result<Vec<RegistrarId>, StoreError> {
        let sql = match which {
            Neglected::All => NEGLECTED,
            Neglected::Untold => UNREMINDED,
        };
        let rows: Vec<String> = self.all(sql, crate::args![profile, server, before, limit]).await?;
        rows.iter().map(|id| super::registrar_id(id)).collect()
    }

    /// Removes the oldest messages of a queue, as far as they are older than that; says how many.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn poll_expire(&mut self, of: &RegistrarId, before: Ts, limit: i64) -> Result<u64, StoreError> {
        self.exec(EXPIRE, crate::args![of.as_str(), before, limit]).await
    }

    /// Takes a message out of a queue; says whether it was there.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn poll_delete(&mut self, id: i64, of: &RegistrarId) -> Result<bool, StoreError> {
        Ok(self.exec(DELETE, crate::args![id, of.as_str()]).await? > 0)
    }
}

fn decoded(data: &str) -> Result<Option<MessageData>, StoreError> {
    match data {
        "" => Ok(None),
        json => serde_json::from_str(json).map(Some).map_err(|_| StoreError::Shape("message data")),
    }
}
