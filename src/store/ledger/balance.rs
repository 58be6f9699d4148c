//! How accounts stand.

use crate::clock::Ts;
use crate::epp::types::RegistrarId;
use crate::policy::Currency;
use crate::store::{Reader, Record, StoreError, Tx};

crate::statements! {
    BALANCE = "SELECT version, amount, reserved, entries, credit_limit, unlocked_until, month, unlocks FROM balance \
               WHERE registrar = ?1 AND currency = ?2";
    BALANCE_INSERT = "INSERT INTO balance (registrar, currency, version, amount, reserved, entries, credit_limit, \
                      unlocked_until, month, unlocks) VALUES (?1, ?2, ?3 + 1, ?4, ?5, ?6, ?7, ?8, ?9, ?10) ON CONFLICT DO NOTHING";
    BALANCE_UPDATE = "UPDATE balance SET version = version + 1, amount = ?4, reserved = ?5, entries = ?6, \
                      credit_limit = ?7, unlocked_until = ?8, month = ?9, unlocks = ?10 \
                      WHERE registrar = ?1 AND currency = ?2 AND version = ?3";
    // A registry has some hundreds of registrars, at most some thousands, and they few currencies.
    BALANCES = "SELECT registrar, currency, version, amount, reserved, entries, credit_limit, unlocked_until, month, unlocks \
                FROM balance LIMIT 100000";
    BALANCES_OF = "SELECT registrar, currency, version, amount, reserved, entries, credit_limit, unlocked_until, month, unlocks \
                   FROM balance WHERE registrar = ?1 LIMIT 1000";
}

/// How an account stands in one currency. Amounts are in its smallest unit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BalanceRow {
    /// What a change is guarded by; 0 for an account without a row yet.
    pub version: i64,
    /// What it has.
    pub amount: i64,
    /// What waiting charges of operations that need funds take of it.
    pub reserved: i64,
    /// How many entries of the ledger made it.
    pub entries: i64,
    /// Its own credit limit in the place of the profile's.
    pub credit_limit: Option<i64>,
    /// Until when nothing waits for funds; a moment that has passed unlocks nothing.
    pub unlocked_until: Option<Ts>,
    /// The month of `unlocks`: 202603.
    pub month: i64,
    /// Times the registrar unlocked itself in it.
    pub unlocks: i64,
}

impl Record for BalanceRow {
    fn read(row: &mut Reader<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            version: row.get()?,
            amount: row.get()?,
            reserved: row.get()?,
            entries: row.get()?,
            credit_limit: row.get()?,
            unlocked_until: row.get()?,
            month: row.get()?,
            unlocks: row.get()?,
        })
    }
}

/// Whose balance in what currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Whose.
    pub registrar: RegistrarId,
    /// In what.
    pub currency: Currency,
    /// How much.
    pub balance: BalanceRow,
}

impl Record for Standing {
    fn read(row: &mut Reader<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            registrar: crate::store::registrar_id(&row.get::<String>()?)?,
            currency: currency(row.get()?)?,
            balance: BalanceRow::read(row)?,
        })
    }
}

/// A currency from the database.
pub(super) fn currency(letters: String) -> Result<Currency, StoreError> {
    Currency::try_from(letters).map_err(|_| StoreError::Shape("a stored currency is none"))
}

impl Tx {
    /// How an account stands; an account that never had money has nothing.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn balance(&mut self, of: &RegistrarId, currency: &Currency) -> Result<BalanceRow, StoreError> {
        Ok(self.one(BALANCE, crate::args![of.as_str(), currency.as_str()]).await?.unwrap_or_default())
    }

    /// Writes how an account stands now, if nobody wrote since the row was read; counts the version up.
    ///
    /// # Errors
    /// [`StoreError::Again`] when somebody did.
    pub async fn balance_put(
        &mut self,
        of: &RegistrarId,
        currency: &Currency,
        row: &mut BalanceRow,
    ) -> Result<(), StoreError> {
        let sql = if row.version == 0 { BALANCE_INSERT } else { BALANCE_UPDATE };
        let args = crate::args![
            of.as_str(),
            currency.as_str(),
            row.version,
            row.amount,
            row.reserved,
            row.entries,
            row.credit_limit,
            row.unlocked_until,
            row.month,
            row.unlocks,
        ];
        if self.exec(sql, args).await? == 0 {
            return Err(StoreError::Again("another command changed the account's balance".to_owned()));
        }
        row.version += 1;
        Ok(())
    }

    /// Every balance, by account and currency.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn balances(&mut self, of: Option<&RegistrarId>) -> Result<Vec<Standing>, StoreError> {
        let mut rows: Vec<Standing> = match of {
            Some(of) => self.all(BALANCES_OF, crate::args![of.as_str()]).await?,
            None => self.all(BALANCES, &[]).await?,
        };
        rows.sort_by(|a, b| (&a.registrar, &a.currency).cmp(&(&b.registrar, &b.currency)));
        Ok(rows)
    }
}
