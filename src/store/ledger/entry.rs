//! The ledger itself.

use super::balance::currency;
use crate::clock::Ts;
use crate::epp::types::RegistrarId;
use crate::policy::{BillOp, Currency};
use crate::store::{Reader, Record, Row, StoreError, Tx, Value};

macro_rules! columns {
    () => {
        "id, registrar, currency, entry, at, kind, op, object, zone, years, amount, balance, svtrid, reason, source, \
         user_id, refunds"
    };
}

crate::statements! {
    ENTRY = concat!(
        "INSERT INTO ledger (", columns!(), ") \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)"
    );
    AFTER = concat!(
        "SELECT ", columns!(), " FROM ledger WHERE registrar = ?1 AND currency = ?2 AND entry > ?3 \
         ORDER BY entry LIMIT ?4"
    );
    BEFORE = concat!(
        "SELECT ", columns!(), " FROM ledger WHERE registrar = ?1 AND currency = ?2 AND entry < ?3 \
         ORDER BY entry DESC LIMIT ?4"
    );
    BY_ID = concat!("SELECT ", columns!(), " FROM ledger WHERE id = ?1");
    // One object is charged a few times in its life, not thousands.
    CHARGES = concat!(
        "SELECT ", columns!(), " FROM ledger c \
         WHERE c.object = ?2 AND c.registrar = ?1 AND c.op = ?3 AND c.at >= ?4 AND c.kind = 'charge' \
         AND NOT EXISTS (SELECT 1 FROM ledger r WHERE r.refunds = c.id) ORDER BY c.at, c.id LIMIT 1000"
    );
}

/// Makes an enum whose values have one name each in the database.
macro_rules! kinds {
    ($(#[$meta:meta])* $kind:ident { $($(#[$doc:meta])* $variant:ident = $name:literal,)* }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $kind { $($(#[$doc])* $variant,)* }

        impl $kind {
            /// Its name.
            #[must_use]
            pub const fn name(self) -> &'static str { match self { $(Self::$variant => $name,)* } }

            fn parse(name: &str) -> Option<Self> { match name { $($name => Some(Self::$variant),)* _ => None } }
        }
    };
}

kinds! {
    /// Why money moved.
    EntryKind {
        /// An operation was paid for.
        Charge = "charge",
        /// A charge was given back.
        Refund = "refund",
        /// The registrar paid in.
        Deposit = "deposit",
        /// The operator put something right.
        Correction = "correction",
    }
}

/// A movement of money.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its number.
    pub id: i64,
    /// Whose.
    pub registrar: RegistrarId,
    /// In what.
    pub currency: Currency,
    /// 1, 2, 3 and so on within the account and currency.
    pub entry: i64,
    /// When.
    pub at: Ts,
    /// Why.
    pub kind: EntryKind,
    /// What was charged; `None` for what is no charge or refund.
    pub op: Option<BillOp>,
    /// The object.
    pub object: String,
    /// Its zone.
    pub zone: String,
    /// Years of the period; 0 where there is none.
    pub years: i64,
    /// What it added to the balance, in the currency's smallest unit; a charge takes away.
    pub amount: i64,
    /// The balance afterwards.
    pub balance: i64,
    /// The transaction's svTRID.
    pub svtrid: String,
    /// Why, in the operator's words; empty for charges.
    pub reason: String,
    /// The door it came by.
    pub source: String,
    /// The user that did it.
    pub user: String,
    /// The charge it gives back.
    pub refunds: Option<i64>,
}

impl Record for Entry {
    fn read(row: &mut Reader<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.get()?,
            registrar: crate::store::registrar_id(&row.get::<String>()?)?,
            currency: currency(row.get()?)?,
            entry: row.get()?,
            at: row.get()?,
            kind: EntryKind::parse(&row.get::<String>()?)
                .ok_or(StoreError::Shape("a kind of a ledger entry"))?,
            op: op(&row.get::<String>()?)?,
            object: row.get()?,
            zone: row.get()?,
            years: row.get()?,
            amount: row.get()?,
            balance: row.get()?,
            svtrid: row.get()?,
            reason: row.get()?,
            source: row.get()?,
            user: row.get()?,
            refunds: row.get()?,
        })
    }
}

/// An operation from the database.
pub(super) fn op(name: &str) -> Result<Option<BillOp>, StoreError> {
    match name {
        "" => Ok(None),
        name => BillOp::parse(name).map(Some).ok_or(StoreError::Shape("an operation of the ledger")),
    }
}

fn values(entry: &Entry) -> [Value; 17] {
    [
        entry.id.into(),
        entry.registrar.as_str().into(),
        entry.currency.as_str().into(),
        entry.entry.into(),
        entry.at.into(),
        entry.kind.name().into(),
        entry.op.map_or("", BillOp::name).into(),
        (&entry.object).into(),
        (&entry.zone).into(),
        entry.years.into(),
        entry.amount.into(),
        entry.balance.into(),
        (&entry.svtrid).into(),
        (&entry.reason).into(),
        (&entry.source).into(),
        (&entry.user).into(),
        entry.refunds.into(),
    ]
}

impl Tx {
    /// Adds entries. The caller writes the balance they make before.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn ledger_insert(&mut self, entries: &[Entry]) -> Result<(), StoreError> {
        let rows: Vec<Row> = entries.iter().map(|entry| Row(values(entry).to_vec())).collect();
        self.exec_each(ENTRY, &rows).await.map(drop)
    }

    /// The entries of an account after that one, in order.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn ledger_after(
        &mut self,
        of: &RegistrarId,
        currency: &Currency,
        entry: i64,
        limit: i64,
    ) -> Result<Vec<Entry>, StoreError> {
        self.all(AFTER, crate::args![of.as_str(), currency.as_str(), entry, limit]).await
    }

    /// The entries of an account before that one, newest first.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn ledger_before(
        &mut self,
        of: &RegistrarId,
        currency: &Currency,
        entry: i64,
        limit: i64,
    ) -> Result<Vec<Entry>, StoreError> {
        self.all(BEFORE, crate::args![of.as_str(), currency.as_str(), entry, limit]).await
    }

    /// The entry of that number.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn ledger_entry(&mut self, id: i64) -> Result<Option<Entry>, StoreError> {
        self.one(BY_ID, crate::args![id]).await
    }

    /// What an operation on an object cost an account since then and was not given back, the oldest first.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn ledger_charges(
        &mut self,
        of: &RegistrarId,
        object: &str,
        op: BillOp,
        since: Ts,
    ) -> Result<Vec<Entry>, StoreError> {
        self.all(CHARGES, crate::args![of.as_str(), object, op.name(), since]).await
    }
}
