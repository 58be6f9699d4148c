//! The proof that a balance is what its ledger says.

use super::balance::Standing;
use super::entry::EntryKind;
use crate::store::{StoreError, Tx};

crate::statements! {
    // Of operations that can wait for funds.
    RESERVED = "SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) FROM ledger_waiting WHERE registrar = ?1 AND currency = ?2 \
                AND op IN ('create', 'transfer', 'quarantine_transfer', 'reactivate')";
}

/// Entries read in one go.
const BATCH: i64 = 1000;

/// Faults told of one account; more say nothing new.
const TOLD: usize = 20;

/// What the ledger of an account in one currency proves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proof {
    /// Entries read.
    pub entries: i64,
    /// What they add up to.
    pub sum: i64,
    /// What does not agree; empty where everything does.
    pub faults: Vec<String>,
}

impl Proof {
    fn fault(&mut self, text: String) {
        if self.faults.len() < TOLD {
            self.faults.push(text);
        }
    }
}

impl Tx {
    /// Reads the whole ledger of an account and compares: the entries are numbered without a gap, each balance is the
    /// one before and its amount, a refund gives back one charge of the same account whole, and the account has what
    /// they add up to.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn ledger_proof(&mut self, of: &Standing) -> Result<Proof, StoreError> {
        let Standing { registrar, currency, balance } = of;
        let mut proof = Proof::default();
        loop {
            let entries = self.ledger_after(registrar, currency, proof.entries, BATCH).await?;
            for entry in &entries {
                let number = proof.entries + 1;
                if entry.entry != number {
                    proof.fault(format!("entry {number} is missing; {} follows", entry.entry));
                }
                proof.sum = proof.sum.saturating_add(entry.amount);
                if entry.balance != proof.sum {
                    let (said, sum) = (currency.show(entry.balance), currency.show(proof.sum));
                    proof.fault(format!(
                        "entry {}: its balance is {said}, the entries make {sum}",
                        entry.entry
                    ));
                    proof.sum = entry.balance;
                }
                if entry.kind == EntryKind::Refund {
                    let charge = match entry.refunds {
                        Some(id) => self.ledger_entry(id).await?,
                        None => None,
                    };
                    let gives_back = charge.is_some_and(|charge| {
                        charge.kind == EntryKind::Charge
                            && (&charge.registrar, &charge.currency) == (registrar, currency)
                            && charge.amount == -entry.amount
                    });
                    if !gives_back {
                        proof.fault(format!("entry {}: it gives no charge back", entry.entry));
                    }
                }
                proof.entries = entry.entry;
            }
            if (entries.len() as i64) < BATCH {
                break;
            }
        }
        if balance.amount != proof.sum {
            let (has, sum) = (currency.show(balance.amount), currency.show(proof.sum));
            proof.fault(format!("the balance is {has}, the entries make {sum}"));
        }
        if balance.entries != proof.entries {
            proof.fault(format!(
                "the balance counts {} entries, there are {}",
                balance.entries, proof.entries
            ));
        }
        let args = crate::args![registrar.as_str(), currency.as_str()];
        let reserved: i64 = self.one(RESERVED, args).await?.unwrap_or(0);
        if balance.reserved != reserved {
            let (has, waits) = (currency.show(balance.reserved), currency.show(reserved));
            proof.fault(format!("{has} are reserved, what waits makes {waits}"));
        }
        Ok(proof)
    }
}

#[cfg(test)]
mod tests {
    use crate::policy::BillOp;

    #[test]
    fn what_can_wait_for_funds_is_reserved() {
        for op in BillOp::ALL {
            assert_eq!(super::RESERVED.contains(&format!("'{op}'")), op.is_growth(), "{op}");
        }
    }
}
