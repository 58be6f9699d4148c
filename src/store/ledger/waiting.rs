//! Charges that wait: for the end of their month, or until what was asked for is done.

use super::balance::currency;
use super::entry::op;
use crate::clock::Ts;
use crate::epp::types::RegistrarId;
use crate::policy::{BillOp, Currency};
use crate::store::{Reader, Record, StoreError, Tx};

macro_rules! columns {
    () => {
        "id, registrar, currency, at, due_at, op, object, zone, years, amount, svtrid, source, user_id"
    };
}

crate::statements! {
    WAIT = concat!(
        "INSERT INTO ledger_waiting (", columns!(), ") \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)"
    );
    DUE = concat!(
        "SELECT ", columns!(), " FROM ledger_waiting WHERE due_at >= ?1 AND due_at <= ?3 \
         AND (due_at > ?1 OR id > ?2) ORDER BY due_at, id LIMIT ?4"
    );
    DUE_OF = concat!(
        "SELECT ", columns!(), " FROM ledger_waiting WHERE registrar = ?1 AND currency = ?2 AND due_at <= ?3 \
         ORDER BY due_at, id LIMIT ?4"
    );
    OF_OBJECT = concat!(
        "SELECT ", columns!(), " FROM ledger_waiting WHERE object = ?2 AND registrar = ?1 AND op = ?3 AND at >= ?4 \
         ORDER BY at, id LIMIT 1000"
    );
    SUM = "SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) FROM ledger_waiting \
           WHERE registrar = ?1 AND currency = ?2 AND due_at <= ?3";
    DONE = "DELETE FROM ledger_waiting WHERE id = ?1";
}

/// A charge that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Its number, which the ledger's entry then has.
    pub id: i64,
    /// Whose.
    pub registrar: RegistrarId,
    /// In what.
    pub currency: Currency,
    /// When the operation was done, or asked for.
    pub at: Ts,
    /// When its month ends; `None` until what was asked for is done.
    pub due_at: Option<Ts>,
    /// What is charged.
    pub op: BillOp,
    /// The object.
    pub object: String,
    /// Its zone.
    pub zone: String,
    /// Years of the period; 0 where there is none.
    pub years: i64,
    /// The price, in the currency's smallest unit.
    pub amount: i64,
    /// The svTRID of the operation.
    pub svtrid: String,
    /// The door it came by.
    pub source: String,
    /// The user that did it.
    pub user: String,
}

impl Record for Waiting {
    fn read(row: &mut Reader<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.get()?,
            registrar: crate::store::registrar_id(&row.get::<String>()?)?,
            currency: currency(row.get()?)?,
            at: row.get()?,
            due_at: row.get()?,
            op: op(&row.get::<String>()?)?.ok_or(StoreError::Shape("a charge that waits for nothing"))?,
            object: row.get()?,
            zone: row.get()?,
            years: row.get()?,
            amount: row.get()?,
            svtrid: row.get()?,
            source: row.get()?,
            user: row.get()?,
        })
    }
}

impl Tx {
    /// Lets a charge wait.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn ledger_wait(&mut self, row: &Waiting) -> Result<(), StoreError> {
        let args = crate::args![
            row.id,
            row.registrar.as_str(),
            row.currency.as_str(),
            row.at,
            row.due_at,
            row.op.name(),
            &row.object,
            &row.zone,
            row.years,
            row.amount,
            &row.svtrid,
            &row.source,
            &row.user,
        ];
        self.exec(WAIT, args).await.map(drop)
    }

    /// Charges of any account whose month has ended, the oldest first, after the one with that moment and number.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn ledger_due(
        &mut self,
        after: (Ts, i64),
        now: Ts,
        limit: i64,
    ) -> Result<Vec<Waiting>, StoreError> {
        self.all(DUE, crate::args![after.0, after.1, now, limit]).await
    }

    /// Those of one account in one currency, the oldest first.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn ledger_due_of(
        &mut self,
        of: &RegistrarId,
        currency: &Currency,
        now: Ts,
        limit: i64,
    ) -> Result<Vec<Waiting>, StoreError> {
        self.all(DUE_OF, crate::args![of.as_str(), currency.as_str(), now, limit]).await
    }

    /// Charges for an operation on an object since then that wait, the oldest first.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn ledger_waiting(
        &mut self,
        of: &RegistrarId,
        object: &str,
        op: BillOp,
        since: Ts,
    ) -> Result<Vec<Waiting>, StoreError> {
        self.all(OF_OBJECT, crate::args![of.as_str(), object, op.name(), since]).await
    }

    /// What an account will be charged by then, in the currency's smallest unit.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn ledger_waiting_sum(
        &mut self,
        of: &RegistrarId,
        currency: &Currency,
        until: Ts,
    ) -> Result<i64, StoreError> {
        let sum = self.one(SUM, crate::args![of.as_str(), currency.as_str(), until]).await?;
        Ok(sum.unwrap_or(0))
    }

    /// Takes a charge that waits away, because it is booked or not owed any more.
    ///
    /// # Errors
    /// [`StoreError::Again`] when somebody else did.
    pub async fn ledger_waited(&mut self, id: i64) -> Result<(), StoreError> {
        match self.exec(DONE, crate::args![id]).await? {
            0 => Err(StoreError::Again("a charge that waited was booked meanwhile".to_owned())),
            _ => Ok(()),
        }
    }
}
