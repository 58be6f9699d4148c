//! Money: what operations cost, when they are charged, and which of them wait for funds.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::user::named;
use crate::policy::{CivilZone, Currency, Decimal};

/// Money (S178-S183). Growing a portfolio needs funds, keeping it does not. Amounts are decimals of the currency:
/// `"4.00"`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BillPolicy {
    /// Whether operations are charged, and whether some of them wait for funds.
    pub mode: BillMode,
    /// The currency of prices and balances (ISO 4217).
    pub currency: Currency,
    /// Whose months are meant: `Europe/Paris`, `+01:00`.
    pub zone: CivilZone,
    /// What an operation costs, for each year where it has a period; what is not listed costs nothing. The operator's
    /// price table stands above it.
    pub prices: BTreeMap<BillOp, Decimal>,
    /// The same for premium names, by their class; what a class does not list costs what it costs for any name.
    pub classes: BTreeMap<String, BTreeMap<BillOp, Decimal>>,
    /// The operations refused with 2104 while funds are short. Upkeep cannot be among them.
    pub gated_ops: BTreeSet<BillOp>,
    /// When funds are short.
    pub gate_rule: GateRule,
    /// When an operation is charged; what is not listed is charged on success.
    pub charge_when: BTreeMap<BillOp, ChargeWhen>,
    /// The registrar is told when its balance falls below one of these.
    pub watermarks: Vec<Decimal>,
    /// The registrar is told so many days before a month's end that the renewals to come cost more than its balance;
    /// 0 never.
    pub shortfall_days: i64,
    /// How far below zero funds still suffice; an account can have a limit of its own.
    pub credit_limit: Decimal,
    /// How a registrar whose funds are short can go on for a while.
    pub self_unlock: SelfUnlock,
    /// How a registrar sees its balance over EPP.
    pub balance_info: BalanceInfo,
}

/// A registrar's own way past the gate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SelfUnlock {
    /// How often in a calendar month; 0 never.
    pub per_month: u32,
    /// For how many days.
    pub for_days: i64,
}

named! {
    /// Whether operations are charged.
    BillMode {
        /// Nothing is charged, nothing is written.
        Off = "off",
        /// Everything is charged, nothing waits for funds.
        Postpaid = "postpaid",
        /// Gated operations wait for funds.
        Prepaid = "prepaid",
    }
}

named! {
    /// What can be charged.
    BillOp {
        /// Register a domain.
        Create = "create",
        /// Renew one by command.
        Renew = "renew",
        /// Renew one at its expiry.
        AutoRenew = "auto_renew",
        /// Take over a domain of another registrar.
        Transfer = "transfer",
        /// Take a domain back after its deletion.
        Restore = "restore",
        /// The same by its former registrar, where the zone has a quarantine.
        Reactivate = "reactivate",
        /// Take over a domain that waits to be deleted.
        QuarantineTransfer = "quarantine_transfer",
        /// Give a domain to another registrant.
        RegistrantChange = "registrant_change",
    }
}

impl BillOp {
    /// Whether it makes a portfolio grow, so that it can wait for funds. Everything else is upkeep.
    #[must_use]
    pub const fn is_growth(self) -> bool {
        matches!(self, Self::Create | Self::Transfer | Self::QuarantineTransfer | Self::Reactivate)
    }
}

named! {
    /// When funds are short.
    GateRule {
        /// When the balance would be less than the credit limit allows afterwards.
        BalanceCovers = "balance_covers",
        /// When it is less than the credit limit allows before.
        BalanceNonneg = "balance_nonneg",
    }
}

named! {
    /// When an operation is charged.
    ChargeWhen {
        /// When it is asked for; what comes to nothing is given back.
        Request = "request",
        /// When it is done.
        Success = "success",
        /// When the month ends in which it was done.
        MonthEnd = "month_end",
    }
}

named! {
    /// How a registrar sees its balance over EPP.
    BalanceInfo {
        /// Not at all.
        Off = "off",
        /// By the object service `balance-1.0`.
        Mapping = "mapping",
        /// By the registry's own query of the account.
        RegistrarInfo = "registrar_info",
    }
}
