//! Transfers of domains and contacts: the last one of each object, pending or ended.

use super::{Reader, Record, StoreError, Tx};
use crate::clock::Ts;
use crate::epp::reply::{TransferData, TransferStatus};
use crate::epp::types::RegistrarId;

macro_rules! columns {
    () => {
        "object, kind, status, requester, requested_at, loser, actor, acted_at, months, expires_at, cltrid, svtrid, \
         due_at, before_it"
    };
}

crate::statements! {
    OF = concat!("SELECT ", columns!(), " FROM transfer WHERE object = ?1");
    DUE = concat!(
        "SELECT ", columns!(), " FROM transfer WHERE due_at >= ?1 AND due_at <= ?3 AND (due_at > ?1 OR object > ?2) \
         ORDER BY due_at, object LIMIT ?4"
    );
    PUT = concat!(
        "INSERT INTO transfer (", columns!(), ") \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14) \
         ON CONFLICT (object) DO UPDATE SET status = ?3, requester = ?4, requested_at = ?5, loser = ?6, actor = ?7, \
         acted_at = ?8, months = ?9, expires_at = ?10, cltrid = ?11, svtrid = ?12, due_at = ?13, before_it = ?14"
    );
    DELETE = "DELETE FROM transfer WHERE object = ?1";
}

/// What kind of object is transferred.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TransferKind {
    /// A domain.
    Domain,
    /// A contact.
    Contact,
}

/// A transfer as stored.
#[derive(Clone, Debug, PartialEq)]
pub struct TransferRow {
    /// The object's number.
    pub object: i64,
    /// What it is.
    pub kind: TransferKind,
    /// How it stands.
    pub status: TransferStatus,
    /// Who asked.
    pub requester: RegistrarId,
    /// When.
    pub requested_at: Ts,
    /// Who sponsored the object when it was asked for.
    pub loser: RegistrarId,
    /// Who answers, or answered.
    pub actor: RegistrarId,
    /// By when, or when.
    pub acted_at: Ts,
    /// Months it adds to the registration.
    pub months: i64,
    /// Where the registration then ends.
    pub expires_at: Option<Ts>,
    /// The clTRID of the request.
    pub cltrid: Option<String>,
    /// The svTRID of the request.
    pub svtrid: String,
    /// When the server decides by itself; `None` once decided.
    pub due_at: Option<Ts>,
    /// What it took the place of, to undo it, as the flow wrote it; `None` where nothing moved.
    pub before_it: Option<String>,
}

impl TransferRow {
    /// Whether it waits for an answer.
    #[must_use]
    pub fn is_pending(&self) -> bool {
        self.status == TransferStatus::Pending
    }

    /// Whether it was done by its own request, and waited for nobody.
    #[must_use]
    pub fn is_immediate(&self) -> bool {
        let approved = matches!(self.status, TransferStatus::ClientApproved | TransferStatus::ServerApproved);
        approved && self.acted_at == self.requested_at
    }

    /// As `trnData`. The end of the registration is told while it may move and where it moved.
    #[must_use]
    pub fn data<N>(&self, name: N) -> TransferData<N> {
        let moved = matches!(
            self.status,
            TransferStatus::Pending | TransferStatus::ClientApproved | TransferStatus::ServerApproved
        );
        TransferData {
            name,
            status: self.status,
            requester: self.requester.clone(),
            requested: self.requested_at,
            actor: self.actor.clone(),
            acted: self.acted_at,
            expires: self.expires_at.filter(|_| moved),
            answer_to_request: false,
        }
    }
}

impl Record for TransferRow {
    fn read(row: &mut Reader<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            object: row.get()?,
            kind: match row.get::<String>()?.as_str() {
                "domain" => TransferKind::Domain,
                _ => TransferKind::Contact,
            },
            status: TransferStatus::parse(&row.get::<String>()?)
                .ok_or(StoreError::Shape("a transfer status"))?,
            requester: super::registrar_id(&row.get::<String>()?)?,
            requested_at: row.get()?,
            loser: super::registrar_id(&row.get::<String>()?)?,
            actor: super::registrar_id(&row.get::<String>()?)?,
            acted_at: row.get()?,
            months: row.get()?,
            expires_at: row.get()?,
            cltrid: row.get()?,
            svtrid: row.get()?,
            due_at: row.get()?,
            before_it: row.get()?,
        })
    }
}

impl Tx {
    /// The last transfer of an object.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn transfer_of(&mut self, object: i64) -> Result<Option<TransferRow>, StoreError> {
        self.one(OF, crate::args![object]).await
    }

    /// Pending transfers the server has to decide by now, longest overdue first, after the one with that moment and
    /// object.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn transfers_due(
        &mut self,
        after: (Ts, i64),
        now: Ts,
        limit: i64,
    ) -> Result<Vec<TransferRow>, StoreError> {
        self.all(DUE, crate::args![after.0, after.1, now, limit]).await
    }

    /// Stores the last transfer of its object in the place of the one before.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn transfer_put(&mut self, row: &TransferRow) -> Result<(), StoreError> {
        let kind = match row.kind {
            TransferKind::Domain => "domain",
            TransferKind::Contact => "contact",
        };
        let args = crate::args![
            row.object,
            kind,
            row.status.name(),
            row.requester.as_str(),
            row.requested_at,
            row.loser.as_str(),
            row.actor.as_str(),
            row.acted_at,
            row.months,
            row.expires_at,
            row.cltrid.as_deref(),
            &row.svtrid,
            row.due_at,
            row.before_it.as_deref(),
        ];
        self.exec(PUT, args).await.map(drop)
    }

    /// Forgets the transfers of an object that is gone.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn transfer_delete(&mut self, object: i64) -> Result<(), StoreError> {
        self.exec(DELETE, crate::args![object]).await.map(drop)
    }
}
