//! Contacts that no domain has, and since when.

use super::{Reader, Record, StoreError, Tx};
use crate::clock::Ts;
use crate::epp::types::ContactId;

crate::statements! {
    NEW = "INSERT INTO contact_idle (contact, used, since) VALUES (?1, 0, ?2) ON CONFLICT (contact) DO NOTHING";
    LEFT = "INSERT INTO contact_idle (contact, used, since) VALUES (?1, 1, ?2) \
            ON CONFLICT (contact) DO UPDATE SET used = 1, since = ?2";
    LATER = "INSERT INTO contact_idle (contact, used, since) VALUES (?1, 1, ?2) \
             ON CONFLICT (contact) DO UPDATE SET since = ?2";
    OF = "SELECT i.contact, i.used, i.since, c.handle FROM contact_idle i JOIN contact c ON c.id = i.contact \
          WHERE i.contact = ?1";
    DUE = "SELECT i.contact, i.used, i.since, c.handle FROM contact_idle i JOIN contact c ON c.id = i.contact \
           WHERE i.used = ?1 AND i.since >= ?2 AND i.since <= ?4 AND (i.since > ?2 OR i.contact > ?3) \
           ORDER BY i.since, i.contact LIMIT ?5";
    FORGET = "DELETE FROM contact_idle WHERE contact = ?1";
    // What is linked is not idle; looked at and forgotten in one statement, in the way of nobody who unlinks it.
    SETTLE = "DELETE FROM contact_idle WHERE contact = ?1 AND since = ?2 AND \
              (EXISTS (SELECT 1 FROM domain d WHERE d.registrant = ?1) OR \
              EXISTS (SELECT 1 FROM domain_contact l WHERE l.contact = ?1))";
}

/// A contact that no domain has, unless one has it again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdleContact {
    /// The contact's number.
    pub contact: i64,
    /// Whether a domain ever had it.
    pub used: bool,
    /// Since when none has; ahead of now while an action waits in which it is named.
    pub since: Ts,
    /// The contact's identifier.
    pub handle: ContactId,
}

impl Record for IdleContact {
    fn read(row: &mut Reader<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            contact: row.get()?,
            used: row.get::<i64>()? != 0,
            since: row.get()?,
            handle: ContactId::parse(&row.get::<String>()?)
                .map_err(|_| StoreError::Shape("a stored contact identifier is too long"))?,
        })
    }
}

impl Tx {
    /// Notes that a contact is new, and no domain's yet.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn contact_is_new(&mut self, contact: i64, at: Ts) -> Result<(), StoreError> {
        self.exec(NEW, crate::args![contact, at]).await.map(drop)
    }

    /// Notes that a domain has a contact no longer.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn contact_left(&mut self, contact: i64, at: Ts) -> Result<(), StoreError> {
        self.exec(LEFT, crate::args![contact, at]).await.map(drop)
    }

    /// Has the time of a contact that no domain has begin then.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn contact_idle_from(&mut self, contact: i64, at: Ts) -> Result<(), StoreError> {
        self.exec(LATER, crate::args![contact, at]).await.map(drop)
    }

    /// What is noted of a contact.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn contact_idle(&mut self, contact: i64) -> Result<Option<IdleContact>, StoreError> {
        self.one(OF, crate::args![contact]).await
    }

    /// Contacts that were used or were not, idle since that moment or longer, the longest first, after the one with that
    /// moment and number.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn contacts_idle(
        &mut self,
        used: bool,
        after: (Ts, i64),
        since: Ts,
        limit: i64,
    ) -> Result<Vec<IdleContact>, StoreError> {
        self.all(DUE, crate::args![i64::from(used), after.0, after.1, since, limit]).await
    }

    /// Forgets what was noted of a contact that a domain has by now, if nothing was noted since; says whether that is so.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn contact_idle_settle(&mut self, seen: &IdleContact) -> Result<bool, StoreError> {
        Ok(self.exec(SETTLE, crate::args![seen.contact, seen.since]).await? > 0)
    }

    /// Forgets what was noted of a contact that is gone.
    ///
    /// # Errors
    /// [`StoreError`]
    pub(super) async fn contact_idle_forget(&mut self, contact: i64) -> Result<(), StoreError> {
        self.exec(FORGET, crate::args![contact]).await.map(drop)
    }
}
