//! What an operation costs, and whether its client agrees to it (RFC 8748). A check and a command ask the one function
//! here, so they cannot say different things.

use super::{Charge, credit_limit, when};
use crate::clock::Ts;
use crate::epp::ext::Ext;
use crate::epp::ns::Ns;
use crate::epp::reply::Reply;
use crate::epp::types::{FeeAnswer, FeeGiven, FeeLine, FeeTaken, FeeVerb, RegistrarId};
use crate::flow::listed;
use crate::gate::{Cx, Stop};
use crate::policy::{BillMode, BillOp, BillPolicy, ChargeWhen, FeeRequired, ZonePolicy};
use crate::refusal::{Reason, Refusal};
use crate::store::allocation::AllocationPrice;
use crate::store::ledger::BalanceRow;

/// An operation whose price is asked.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// What.
    pub op: BillOp,
    /// In which zone.
    pub zone: &'a str,
    /// Years of the period; 0 where there is none.
    pub units: u8,
    /// The premium class of the name; `None` for a standard one.
    pub class: Option<&'a str>,
    /// The price of an allocation token that comes with it.
    pub token: Option<&'a AllocationPrice>,
}

/// A price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quote {
    /// How much, in the currency's smallest unit.
    pub amount: i64,
    /// Whether it is the price of every name.
    pub standard: bool,
}

/// What a client says of the fee, and what the zone asks of it.
#[derive(Clone, Copy, Debug, Default)]
pub struct FeeTerms<'a> {
    /// What it agrees to pay.
    pub given: Option<&'a FeeGiven>,
    /// When it has to.
    pub required: FeeRequired,
    /// Days within which a delete gives the fee back.
    pub grace_days: i64,
}

impl<'a> FeeTerms<'a> {
    /// Those of a command in a zone.
    #[must_use]
    pub fn of(given: Option<&'a FeeGiven>, policy: &ZonePolicy, op: BillOp) -> Self {
        Self { given, required: policy.fee.required, grace_days: grace_days(policy, op) }
    }
}

/// Days within which a delete gives back what an operation cost.
#[must_use]
pub fn grace_days(policy: &ZonePolicy, op: BillOp) -> i64 {
    match op {
        BillOp::Create => policy.grace.add_days,
        BillOp::Renew => policy.grace.renew_days,
        BillOp::AutoRenew => policy.grace.autorenew_days,
        BillOp::Transfer | BillOp::QuarantineTransfer => policy.grace.transfer_days,
        BillOp::Restore | BillOp::Reactivate | BillOp::RegistrantChange => 0,
    }
}

/// What a fee is for, in words.
#[must_use]
pub const fn description(op: BillOp) -> &'static str {
    match op {
        BillOp::Create => "Registration",
        BillOp::Renew => "Renewal",
        BillOp::AutoRenew => "Renewal at expiry",
        BillOp::Transfer => "Transfer",
        BillOp::Restore => "Restore",
        BillOp::Reactivate => "Reactivation",
        BillOp::QuarantineTransfer => "Transfer of a deleted domain",
        BillOp::RegistrantChange => "Change of registrant",
    }
}

/// What an operation costs at this moment: what its allocation token says; else for a premium name the price of its class, where that has one, else that of
/// every name; the operator's price before the profile's. `None` for the registration of a premium name whose class
/// has no price of it: nobody is to have it for that of any other.
///
/// # Errors
/// The database's trouble.
pub async fn quote(cx: &mut Cx<'_>, bill: &BillPolicy, wanted: &Wanted<'_>) -> Result<Option<Quote>, Stop> {
    if bill.mode == BillMode::Off {
        return Ok(Some(Quote { amount: 0, standard: true }));
    }
    if let Some(token) = wanted.token.filter(|token| token.currency == bill.currency.as_str()) {
        return Ok(Some(Quote { amount: token.amount, standard: true }));
    }
    if let Some(class) = wanted.class {
        if let Some(amount) = price_of(cx, bill, wanted, class).await? {
            return Ok(Some(Quote { amount, standard: false }));
        }
        if wanted.op == BillOp::Create {
            return Ok(None);
        }
    }
    let amount = price_of(cx, bill, wanted, "").await?.unwrap_or(0);
    Ok(Some(Quote { amount, standard: true }))
}

/// The price that a class (empty: every name) has; `None` where it has none.
async fn price_of(
    cx: &mut Cx<'_>,
    bill: &BillPolicy,
    wanted: &Wanted<'_>,
    class: &str,
) -> Result<Option<i64>, Stop> {
    let years = i64::from(wanted.units);
    let of = (wanted.op, class);
    if let Some(price) = cx.tx.price(of, &bill.currency, wanted.zone, years, cx.now).await? {
        return Ok(Some(price));
    }
    let prices = if class.is_empty() { Some(&bill.prices) } else { bill.classes.get(class) };
    let each = prices.and_then(|prices| prices.get(&wanted.op));
    Ok(each.and_then(|each| each.minor(&bill.currency)).map(|each| each.saturating_mul(years.max(1))))
}

/// The price of a charge.
///
/// # Errors
/// [`Reason::ClassUnpriced`]; the database's trouble.
pub(super) async fn quoted(cx: &mut Cx<'_>, bill: &BillPolicy, charge: &Charge<'_>) -> Result<Quote, Stop> {
    let class = match bill.mode {
        BillMode::Off => None,
        BillMode::Postpaid | BillMode::Prepaid => listed::class_of(cx, charge.object).await?,
    };
    let token = cx.token_price.clone().filter(|(op, _)| *op == charge.op).map(|(_, price)| price);
    let wanted = Wanted {
        op: charge.op,
        zone: charge.zone,
        units: charge.units,
        class: class.as_deref(),
        token: token.as_ref(),
    };
    match quote(cx, bill, &wanted).await? {
        Some(quote) => Ok(quote),
        None => Err(Refusal::new(Reason::ClassUnpriced).on(Ns::Domain, "name", charge.object).into()),
    }
}

/// Whether a price has to be said by the client, on a server whose clients can say it.
#[must_use]
pub fn needs_saying(cx: &Cx<'_>, required: FeeRequired, quote: Quote) -> bool {
    let needs = match required {
        FeeRequired::Never => false,
        FeeRequired::Premium => !quote.standard,
        FeeRequired::Always => true,
    };
    needs && quote.amount > 0 && cx.speaks(Ext::Fee)
}

/// Refuses a price the client did not agree to. More than it costs is agreement too.
pub(super) fn agree(
    cx: &Cx<'_>,
    bill: &BillPolicy,
    object: &str,
    terms: &FeeTerms<'_>,
    quote: Quote,
) -> Result<(), Refusal> {
    let costs = || format!("it costs {} {}", bill.currency.show(quote.amount), bill.currency);
    let Some(given) = terms.given else {
        if needs_saying(cx, terms.required, quote) {
            return Err(Refusal::new(Reason::FeeMissing).on(Ns::Domain, "name", object).detail(costs()));
        }
        return Ok(());
    };
    in_currency(bill, given.currency.as_deref())?;
    let unit = 10_i128.pow(6 - bill.currency.digits());
    if given.total.0 < i128::from(quote.amount) * unit {
        let refusal = Refusal::new(Reason::FeeTooLow).on(Ns::Ext(Ext::Fee), "fee", given.written.clone());
        return Err(refusal.detail(costs()));
    }
    Ok(())
}

/// Refuses another currency than the account's.
///
/// # Errors
/// [`Reason::FeeCurrency`]
pub fn in_currency(bill: &BillPolicy, given: Option<&str>) -> Result<(), Refusal> {
    match given.filter(|given| *given != bill.currency.as_str()) {
        None => Ok(()),
        Some(other) => {
            let refusal = Refusal::new(Reason::FeeCurrency).on(Ns::Ext(Ext::Fee), "currency", other);
            Err(refusal.detail(bill.currency.to_string()))
        }
    }
}

/// Holds what a client says of a fee against several charges that one command makes together.
///
/// # Errors
/// As [`super::charge`], funds left aside.
pub async fn agree_to(cx: &mut Cx<'_>, charges: &[Charge<'_>], terms: &FeeTerms<'_>) -> Result<(), Stop> {
    let Some(first) = charges.first() else { return Ok(()) };
    let rules = cx.account_rules(first.account).await?;
    let mut total = Quote { amount: 0, standard: true };
    for charge in charges {
        let quote = quoted(cx, &rules.bill, charge).await?;
        total.amount = total.amount.saturating_add(quote.amount);
        total.standard &= quote.standard || quote.amount == 0;
    }
    Ok(agree(cx, &rules.bill, first.object, terms, total)?)
}

/// Holds what a client says of a fee against a command that costs nothing: only another currency is wrong.
///
/// # Errors
/// [`Reason::FeeCurrency`]
pub async fn agree_to_nothing(cx: &mut Cx<'_>, given: Option<&FeeGiven>) -> Result<(), Stop> {
    let Some(given) = given else { return Ok(()) };
    let rules = cx.account_rules(cx.registrar()).await?;
    Ok(in_currency(&rules.bill, given.currency.as_deref())?)
}

/// What a command cost or gave back, for its answer.
#[derive(Clone, Debug, Default)]
pub struct Assessed(Option<FeeTaken>);

impl Assessed {
    /// The answer with it.
    #[must_use]
    pub fn with(self, reply: Reply) -> Reply {
        match self.0 {
            None => reply,
            Some(taken) => Reply::WithFee(Box::new(reply), Box::new(FeeAnswer::Taken(taken))),
        }
    }

    /// The same as the fee of another command.
    #[must_use]
    pub fn of(self, verb: FeeVerb) -> Self {
        Self(self.0.map(|taken| FeeTaken { verb, years: None, ..taken }))
    }

    /// What two charges of one command cost; the later says what is left.
    #[must_use]
    pub fn and(self, later: Self) -> Self {
        match (self.0, later.0) {
            (Some(first), Some(mut last)) => {
                last.fees.splice(0..0, first.fees);
                Self(Some(last))
            }
            (first, last) => Self(last.or(first)),
        }
    }
}

/// What the charge of a price leaves to be told: nothing where nothing was asked or taken.
pub(super) async fn assessed(
    cx: &mut Cx<'_>,
    bill: &BillPolicy,
    charge: &Charge<'_>,
    price: i64,
    (row, waits): (BalanceRow, bool),
) -> Result<Assessed, Stop> {
    if price == 0 && charge.fee.given.is_none() {
        return Ok(Assessed::default());
    }
    // What cost nothing did not look at the account.
    let row = match price {
        0 if bill.mode != BillMode::Off => cx.tx.balance(charge.account, &bill.currency).await?,
        _ => row,
    };
    let line = line(bill, charge.op, price, charge.fee.grace_days);
    let fees = vec![FeeLine { delayed: line.delayed || waits, ..line }];
    let years = Some(charge.units).filter(|units| *units > 0);
    Ok(Assessed(Some(taken(bill, verb(charge.op), years, fees, None, &row))))
}

/// What was given back to an account, for the answer to the delete that did it.
///
/// # Errors
/// The database's trouble.
pub async fn credited(cx: &mut Cx<'_>, account: &RegistrarId, amount: i64) -> Result<Assessed, Stop> {
    if amount == 0 {
        return Ok(Assessed::default());
    }
    let rules = cx.account_rules(account).await?;
    let row = cx.tx.balance(account, &rules.bill.currency).await?;
    let credit = Some(rules.bill.currency.show(-amount));
    Ok(Assessed(Some(taken(&rules.bill, FeeVerb::Delete, None, Vec::new(), credit, &row))))
}

/// What an operation on an object cost an account since then, or will, for who asks how it stands.
///
/// # Errors
/// The database's trouble.
pub async fn cost_since(
    cx: &mut Cx<'_>,
    account: &RegistrarId,
    ops: &[BillOp],
    object: &str,
    since: Ts,
) -> Result<(i64, bool), Stop> {
    let rules = cx.account_rules(account).await?;
    let currency = &rules.bill.currency;
    let (mut total, mut waits) = (0, false);
    for op in ops {
        for waiting in cx.tx.ledger_waiting(account, object, *op, since).await? {
            if waiting.currency == *currency {
                total += waiting.amount;
                waits = true;
            }
        }
        for charged in cx.tx.ledger_charges(account, object, *op, since).await? {
            if charged.currency == *currency {
                total -= charged.amount;
            }
        }
    }
    Ok((total, waits))
}

/// What operations on an object cost an account since a moment, or will, for the answer to a command of that kind.
///
/// # Errors
/// The database's trouble.
pub async fn since(
    cx: &mut Cx<'_>,
    account: &RegistrarId,
    (verb, ops): (FeeVerb, &[BillOp]),
    object: &str,
    (since, years): (Ts, u8),
) -> Result<Assessed, Stop> {
    let (total, waits) = cost_since(cx, account, ops, object, since).await?;
    let Some(first) = ops.first().filter(|_| total != 0) else { return Ok(Assessed::default()) };
    let rules = cx.account_rules(account).await?;
    let row = cx.tx.balance(account, &rules.bill.currency).await?;
    let fees = vec![FeeLine { delayed: waits, ..line(&rules.bill, *first, total, 0) }];
    let years = Some(years).filter(|years| *years > 0);
    Ok(Assessed(Some(taken(&rules.bill, verb, years, fees, None, &row))))
}

/// A fee as it is told.
#[must_use]
pub fn line(bill: &BillPolicy, op: BillOp, amount: i64, grace_days: i64) -> FeeLine {
    FeeLine {
        amount: bill.currency.show(amount),
        description: description(op).to_owned(),
        grace_days: if amount > 0 { grace_days } else { 0 },
        delayed: amount > 0 && when(bill, op) == ChargeWhen::MonthEnd,
    }
}

fn taken(
    bill: &BillPolicy,
    verb: FeeVerb,
    years: Option<u8>,
    fees: Vec<FeeLine>,
    credit: Option<String>,
    row: &BalanceRow,
) -> FeeTaken {
    let known = bill.mode != BillMode::Off;
    FeeTaken {
        verb,
        currency: bill.currency.to_string(),
        years,
        fees,
        credit,
        balance: known.then(|| bill.currency.show(row.amount)),
        credit_limit: known.then(|| bill.currency.show(credit_limit(bill, row))),
    }
}

const fn verb(op: BillOp) -> FeeVerb {
    match op {
        BillOp::Create => FeeVerb::Create,
        BillOp::Renew => FeeVerb::Renew,
        BillOp::Transfer | BillOp::QuarantineTransfer => FeeVerb::Transfer,
        BillOp::AutoRenew | BillOp::Reactivate => FeeVerb::Custom,
        BillOp::Restore => FeeVerb::Restore,
        BillOp::RegistrantChange => FeeVerb::Update,
    }
}
