//! Money: balances, the ledger that made them, charges that wait for their month's end, and the operator's prices.
//!
//! The ledger only grows: no statement here changes or deletes an entry. A balance is read and then written under the
//! version it was read with, in the transaction that adds the entry, so that of any number of charges at the same
//! time each counts once.

pub mod balance;
pub mod entry;
pub mod price;
pub mod proof;
pub mod shortfall;
pub mod waiting;

pub use balance::{BalanceRow, Standing};
pub use entry::{Entry, EntryKind};
pub use price::PriceRow;
pub use proof::Proof;
pub use waiting::Waiting;

#[cfg(test)]
mod tests {
    #[test]
    fn the_ledger_only_grows() {
        for (_, statements) in crate::store::ALL_STATEMENTS {
            for (name, sql) in *statements {
                for word in ["UPDATE ledger ", "DELETE FROM ledger "] {
                    assert!(!sql.contains(word), "{name}");
                }
            }
        }
    }
}
