//! The operator's prices.

use super::balance::currency;
use super::entry::op;
use crate::clock::Ts;
use crate::policy::{BillOp, Currency};
use crate::store::{Reader, Record, StoreError, Tx};

crate::statements! {
    SET = "INSERT INTO price (op, currency, class, zone, years, from_at, amount, set_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) \
           ON CONFLICT (op, currency, class, zone, years, from_at) DO UPDATE SET amount = excluded.amount, set_at = excluded.set_at";
    // The newest of each kind; the caller takes the one that says most.
    OF = "SELECT op, currency, class, zone, years, from_at, amount FROM (SELECT op, currency, class, zone, years, from_at, amount FROM price \
          WHERE op = ?1 AND currency = ?2 AND class = ?6 AND zone = ?3 AND years = ?4 AND from_at <= ?5 ORDER BY from_at DESC LIMIT 1) AS a \
          UNION ALL SELECT op, currency, class, zone, years, from_at, amount FROM (SELECT op, currency, class, zone, years, from_at, amount FROM price \
          WHERE op = ?1 AND currency = ?2 AND class = ?6 AND zone = ?3 AND years = 0 AND from_at <= ?5 ORDER BY from_at DESC LIMIT 1) AS b \
          UNION ALL SELECT op, currency, class, zone, years, from_at, amount FROM (SELECT op, currency, class, zone, years, from_at, amount FROM price \
          WHERE op = ?1 AND currency = ?2 AND class = ?6 AND zone = '' AND years = ?4 AND from_at <= ?5 ORDER BY from_at DESC LIMIT 1) AS c \
          UNION ALL SELECT op, currency, class, zone, years, from_at, amount FROM (SELECT op, currency, class, zone, years, from_at, amount FROM price \
          WHERE op = ?1 AND currency = ?2 AND class = ?6 AND zone = '' AND years = 0 AND from_at <= ?5 ORDER BY from_at DESC LIMIT 1) AS d";
    LIST = "SELECT op, currency, class, zone, years, from_at, amount FROM price LIMIT 10000";
}

/// A price of the operator's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PriceRow {
    /// Of what.
    pub op: BillOp,
    /// In what.
    pub currency: Currency,
    /// Of which class of names; empty for all whose class has no price of its own.
    pub class: String,
    /// In which zone; empty for every zone.
    pub zone: String,
    /// For a period of so many years; 0 for each year, or for what has no period.
    pub years: i64,
    /// From when on.
    pub from: Ts,
    /// In the currency's smallest unit; `None` where it ends and what stands behind it holds again.
    pub amount: Option<i64>,
}

impl Record for PriceRow {
    fn read(row: &mut Reader<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            op: op(&row.get::<String>()?)?.ok_or(StoreError::Shape("a price of nothing"))?,
            currency: currency(row.get()?)?,
            class: row.get()?,
            zone: row.get()?,
            years: row.get()?,
            from: row.get()?,
            amount: row.get()?,
        })
    }
}

impl PriceRow {
    /// How much it says of where it holds: the zone before the period.
    fn rank(&self) -> (bool, bool) {
        (!self.zone.is_empty(), self.years > 0)
    }

    /// What a period of so many years costs.
    #[must_use]
    pub fn of(&self, years: i64) -> Option<i64> {
        self.amount.map(|amount| if self.years == 0 { amount.saturating_mul(years.max(1)) } else { amount })
    }
}

impl Tx {
    /// Sets a price.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn price_set(&mut self, row: &PriceRow, now: Ts) -> Result<(), StoreError> {
        let (op, currency) = (row.op.name(), row.currency.as_str());
        let args = crate::args![op, currency, &row.class, &row.zone, row.years, row.from, row.amount, now];
        self.exec(SET, args).await.map(drop)
    }

    /// What the operator asks for an operation on a name of a class (empty: of every class) at a moment, in the currency's
    /// smallest unit; `None` where the operator says nothing. A price of the zone goes before one of every zone, one of the period before one of each year.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn price(
        &mut self,
        (op, class): (BillOp, &str),
        currency: &Currency,
        zone: &str,
        years: i64,
        at: Ts,
    ) -> Result<Option<i64>, StoreError> {
        // What has no period has only prices of 0 years.
        let args = crate::args![op.name(), currency.as_str(), zone, years, at, class];
        let rows: Vec<PriceRow> = self.all(OF, args).await?;
        let says = rows.iter().filter(|row| row.amount.is_some()).max_by_key(|row| row.rank());
        Ok(says.and_then(|row| row.of(years)))
    }

    /// Every price, by operation, currency, class, zone, years and date.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn prices(&mut self) -> Result<Vec<PriceRow>, StoreError> {
        let mut rows: Vec<PriceRow> = self.all(LIST, &[]).await?;
        rows.sort_by(|a, b| {
            let key = |row: &PriceRow| (row.op, row.years, row.from);
            let texts = |row: &PriceRow| (row.currency.clone(), row.class.clone(), row.zone.clone());
            (a.op, texts(a), key(a)).cmp(&(b.op, texts(b), key(b)))
        });
        Ok(rows)
    }
}
