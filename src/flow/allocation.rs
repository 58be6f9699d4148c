//! Allocation tokens (RFC 8495): what one opens, and that it opens it once.
//!
//! A token is a selector and a secret with a hyphen between. The selector finds its row and opens nothing; the whole
//! is compared with a salted digest. A token that is bound to a name opens it where it is reserved; none opens a
//! blocked one. A price of its own takes the place of the usual price, [`crate::flow::money`] asks for it.

use std::collections::HashMap;

use data_encoding::BASE32_NOPAD;
use rand::Rng;
use serde_json::json;

use crate::clock::Ts;
use crate::epp::command::{DomainCreate, DomainTransfer};
use crate::epp::ext::Ext;
use crate::epp::ns::Ns;
use crate::epp::types::{DomainName, RegistrarId, Secret};
use crate::flow::auth;
use crate::flow::domain::{on_name, period};
use crate::flow::listed::{self, ListKind};
use crate::flow::token::{self, Guarded};
use crate::flow::zone::Zone;
use crate::gate::{Cx, Stop};
use crate::policy::{BillMode, BillOp, ZonePolicy};
use crate::refusal::{Reason, Refusal};
use crate::store::StoreError;
use crate::store::allocation::{AllocationOp, AllocationPrice, AllocationRow, BatchRow, Terms};

/// Octets of chance in a selector and in a secret.
const SELECTOR: usize = 5;
const SECRET: usize = 20;
/// The most tokens of one batch.
pub const MOST: usize = 10_000;

/// A token that fits a command and is not used yet.
#[derive(Debug)]
pub struct Fitting {
    row: AllocationRow,
    op: AllocationOp,
}

/// What a token is to open.
#[derive(Clone, Copy, Debug)]
struct Wanted<'a> {
    op: AllocationOp,
    name: &'a DomainName,
    zone: &'a DomainName,
    /// Years of the period; `None` where it does not matter.
    years: Option<u8>,
}

/// Whether a create may have a name that its zone keeps back or not, and the token that lets it, if one was given.
///
/// # Errors
/// [`Reason::NameBlocked`], [`Reason::NameReserved`], [`Reason::AllocationTokenMissing`],
/// [`Reason::AllocationTokenWrong`], [`Reason::TooManyWrongCodes`], [`Reason::PeriodUnit`],
/// [`Reason::PeriodOutOfRange`]; the database's trouble.
pub async fn permit(cx: &mut Cx<'_>, zone: &Zone, command: &DomainCreate) -> Result<Option<Fitting>, Stop> {
    let name = &command.name;
    let listed = listed::listed(cx, zone, name).await?;
    let refused = listed.as_ref().and_then(|listed| listed.refusal(name));
    let reserved = listed.is_some_and(|listed| listed.list == ListKind::Reserved);
    if let Some(refusal) = refused.clone().filter(|_| !reserved) {
        return Err(refusal.into());
    }
    let Some(given) = &command.allocation else {
        let Some(refusal) = refused else { return Ok(None) };
        let op = AllocationOp::Create;
        let waiting = cx.tx.allocations_of(name.as_str()).await?;
        let good = |row: &AllocationRow| is_good(row, cx.now) && row.terms.operations.contains(&op);
        return Err(match waiting.iter().any(good) {
            true => on_name(Reason::AllocationTokenMissing, name).into(),
            false => refusal.into(),
        });
    };
    let years = period::years(period::months(command.period, &zone.policy.period)?);
    let wanted = Wanted { op: AllocationOp::Create, name, zone: &zone.name, years: Some(years) };
    let fitting = needed(cx, given, wanted, &zone.policy).await?;
    match refused {
        Some(refusal) if !fitting.row.terms.named => Err(refusal.into()),
        _ => Ok(Some(fitting)),
    }
}

/// The token of a request for a transfer, if one was given.
///
/// # Errors
/// [`Reason::AllocationTokenWrong`], [`Reason::TooManyWrongCodes`]; the database's trouble.
pub async fn of_transfer(
    cx: &mut Cx<'_>,
    command: &DomainTransfer,
    zone: &Zone,
    years: u8,
) -> Result<Option<Fitting>, Stop> {
    let Some(given) = &command.allocation else { return Ok(None) };
    let (name, years) = (&command.name, Some(years));
    let wanted = Wanted { op: AllocationOp::Transfer, name, zone: &zone.name, years };
    Ok(Some(needed(cx, given, wanted, &zone.policy).await?))
}

async fn needed(
    cx: &mut Cx<'_>,
    given: &Secret,
    wanted: Wanted<'_>,
    policy: &ZonePolicy,
) -> Result<Fitting, Stop> {
    token::unguessed(cx, Guarded::Allocation(wanted.name), policy.auth.max_wrong_per_day).await?;
    let found = fitting(cx, given, wanted).await?;
    let wrong = || {
        Refusal::new(Reason::AllocationTokenWrong).on(Ns::Ext(Ext::AllocationToken), "allocationToken", "")
    };
    Ok(found.ok_or_else(wrong)?)
}

/// What a check's token is to the names; to those that are not in the answer it is nothing, and they are not available
/// to who gives it.
///
/// # Errors
/// The database's trouble.
pub async fn check(
    cx: &mut Cx<'_>,
    given: &Secret,
    names: &[DomainName],
) -> Result<HashMap<DomainName, Fits>, Stop> {
    let Some(row) = found(cx, given).await? else { return Ok(HashMap::new()) };
    let mut fits = HashMap::new();
    for name in names {
        let Some(zone) = name.parent() else { continue };
        let wanted = Wanted { op: AllocationOp::Create, name, zone: &zone, years: None };
        if opens(cx, &row, wanted).await? {
            fits.insert(name.clone(), if row.terms.named { Fits::Reserved } else { Fits::Free });
        }
    }
    Ok(fits)
}

/// The price a token gives to what it opens, where it is good and has one.
///
/// # Errors
/// The database's trouble.
pub async fn price_of(cx: &mut Cx<'_>, given: &Secret) -> Result<Option<AllocationPrice>, Stop> {
    Ok(found(cx, given).await?.and_then(|row| row.terms.price))
}

/// What a token is to a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fits {
    /// Nothing.
    Not,
    /// It fits the name where that is free for everybody.
    Free,
    /// It fits the name also where that is reserved.
    Reserved,
}

async fn fitting(cx: &mut Cx<'_>, given: &Secret, wanted: Wanted<'_>) -> Result<Option<Fitting>, Stop> {
    let Some(row) = found(cx, given).await? else { return Ok(None) };
    let opens = opens(cx, &row, wanted).await?;
    Ok(opens.then_some(Fitting { row, op: wanted.op }))
}

/// The token itself, where it is good at all. One that nobody made costs as much time as one that somebody did.
async fn found(cx: &mut Cx<'_>, given: &Secret) -> Result<Option<AllocationRow>, Stop> {
    let selector = given.expose().split_once('-').map_or("", |(selector, _)| selector);
    let row = cx.tx.allocation_by_selector(selector).await?;
    let same = auth::fits(row.as_ref().map(|row| row.digest.as_str()), given);
    Ok(row.filter(|row| same && is_good(row, cx.now)))
}

fn is_good(row: &AllocationRow, now: Ts) -> bool {
    let Terms { from, until, .. } = &row.terms;
    let begun = from.is_none_or(|from| from <= now);
    row.used_at.is_none() && row.revoked_at.is_none() && begun && until.is_none_or(|until| now < until)
}

/// A price in another currency than the account's is none the registrar can pay.
async fn opens(cx: &mut Cx<'_>, row: &AllocationRow, wanted: Wanted<'_>) -> Result<bool, Stop> {
    let by = cx.registrar();
    if !covers(row, wanted, by) {
        return Ok(false);
    }
    let Some(price) = &row.terms.price else { return Ok(true) };
    let rules = cx.account_rules(by).await?;
    Ok(rules.bill.mode == BillMode::Off || rules.bill.currency.as_str() == price.currency)
}

fn covers(row: &AllocationRow, wanted: Wanted<'_>, by: &RegistrarId) -> bool {
    let Terms { operations, zones, named, registrars, years, .. } = &row.terms;
    let one_of = |all: &[DomainName]| all.is_empty() || all.contains(wanted.zone);
    operations.contains(&wanted.op)
        && one_of(zones)
        && (!named || row.object.as_deref() == Some(wanted.name.as_str()))
        && (registrars.is_empty() || registrars.contains(by))
        && wanted.years.is_none_or(|asked| years.is_empty() || years.contains(&asked))
}

/// Uses a token up, in the transaction of what it opens; call it before the charge, which has its price then. Of two
/// that come with one token, one is told that it does not fit.
///
/// # Errors
/// [`Reason::AllocationTokenWrong`], or the database's trouble.
pub async fn spend(cx: &mut Cx<'_>, token: Option<Fitting>, name: &DomainName) -> Result<(), Stop> {
    let Some(Fitting { row, op }) = token else { return Ok(()) };
    let by = cx.registrar();
    if !cx.tx.allocation_use(row.id, cx.now, by, (op, name.as_str())).await? {
        let refusal = Refusal::new(Reason::AllocationTokenWrong);
        return Err(refusal.on(Ns::Ext(Ext::AllocationToken), "allocationToken", "").into());
    }
    cx.token_price = row.terms.price.map(|price| (bill_op(op), price));
    cx.changed(name.as_str(), json!({ "allocation": { "token": row.selector, "operation": op.name() } }));
    Ok(())
}

/// Gives back what was used at that moment for something that came to nothing.
///
/// # Errors
/// The database's trouble.
pub async fn give_back(
    cx: &mut Cx<'_>,
    op: AllocationOp,
    name: &DomainName,
    used_at: Ts,
) -> Result<(), Stop> {
    for row in used(cx, op, name.as_str(), used_at).await? {
        let bound = row.object.as_deref().filter(|_| row.terms.named);
        cx.tx.allocation_give_back(row.id, bound).await?;
        cx.changed(name.as_str(), json!({ "allocation": { "token": row.selector, "given_back": true } }));
    }
    Ok(())
}

/// The price of the token that an operation was asked for with at that moment.
///
/// # Errors
/// The database's trouble.
pub async fn price_at(
    cx: &mut Cx<'_>,
    op: BillOp,
    object: &str,
    asked_at: Ts,
) -> Result<Option<AllocationPrice>, Stop> {
    let op = match op {
        BillOp::Create => AllocationOp::Create,
        BillOp::Transfer => AllocationOp::Transfer,
        _ => return Ok(None),
    };
    let used = used(cx, op, object, asked_at).await?;
    Ok(used.into_iter().find_map(|row| row.terms.price))
}

async fn used(
    cx: &mut Cx<'_>,
    op: AllocationOp,
    object: &str,
    at: Ts,
) -> Result<Vec<AllocationRow>, StoreError> {
    let mut rows = cx.tx.allocations_of(object).await?;
    rows.retain(|row| row.used_at == Some(at) && row.operation.as_deref() == Some(op.name()));
    Ok(rows)
}

const fn bill_op(op: AllocationOp) -> BillOp {
    match op {
        AllocationOp::Create => BillOp::Create,
        AllocationOp::Transfer => BillOp::Transfer,
    }
}

/// A token to be made: what it says, and the name it is bound to.
pub type New = (Secret, Option<DomainName>);

/// Makes a batch of tokens, each of which says what is given. They are stored so that nobody can read them again.
///
/// # Errors
/// The database's trouble; two tokens that one selector finds are one.
pub async fn make(cx: &mut Cx<'_>, label: &str, terms: Terms, tokens: &[New]) -> Result<BatchRow, Stop> {
    let batch = BatchRow { id: cx.ids.next(), label: label.to_owned(), terms, made_at: cx.now };
    cx.tx.allocation_batch_insert(&batch).await?;
    for (text, name) in tokens {
        let selector = text.expose().split_once('-').map_or("", |(selector, _)| selector);
        let digest = auth::stored(text).ok_or(StoreError::Shape("a token says something"))?;
        if !cx.tx.allocation_insert(cx.ids.next(), batch.id, (selector, &digest), name.as_ref()).await? {
            return Err(StoreError::Shape("two allocation tokens have one selector").into());
        }
    }
    let detail = json!({ "made": tokens.len(), "label": batch.label, "terms": batch.terms });
    cx.changed(format!("allocation batch {}", batch.id), detail);
    Ok(batch)
}

/// A new token.
#[must_use]
pub fn draw() -> Secret {
    let mut bytes = [0_u8; SELECTOR + SECRET];
    rand::rng().fill_bytes(&mut bytes);
    let (selector, secret) = bytes.split_at(SELECTOR);
    Secret::new(format!("{}-{}", BASE32_NOPAD.encode(selector), BASE32_NOPAD.encode(secret)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_covers_what_its_terms_say() {
        let name = |text: &str| DomainName::parse(text).unwrap();
        let by = RegistrarId::parse("alpha").unwrap();
        let any = Terms {
            operations: vec![AllocationOp::Create],
            zones: Vec::new(),
            named: false,
            registrars: Vec::new(),
            years: Vec::new(),
            price: None,
            from: None,
            until: None,
        };
        let row = |terms: Terms, object: Option<&str>| AllocationRow {
            id: 1,
            batch: 2,
            selector: String::new(),
            digest: String::new(),
            revoked_at: None,
            used_at: None,
            registrar: None,
            operation: None,
            object: object.map(str::to_owned),
            terms,
        };
        let (foo, zone) = (name("foo.example"), name("example"));
        let wanted = Wanted { op: AllocationOp::Create, name: &foo, zone: &zone, years: Some(2) };
        let fits = |terms: Terms, object| covers(&row(terms, object), wanted, &by);
        assert!(fits(any.clone(), None));
        assert!(!fits(Terms { operations: vec![AllocationOp::Transfer], ..any.clone() }, None));
        assert!(fits(Terms { named: true, ..any.clone() }, Some("foo.example")));
        assert!(!fits(Terms { named: true, ..any.clone() }, Some("bar.example")));
        assert!(fits(Terms { zones: vec![name("other"), zone.clone()], ..any.clone() }, None));
        assert!(!fits(Terms { zones: vec![name("other")], ..any.clone() }, None));
        assert!(fits(Terms { years: vec![1, 2], ..any.clone() }, None));
        assert!(!fits(Terms { years: vec![1], ..any.clone() }, None));
        assert!(!fits(Terms { registrars: vec![RegistrarId::parse("beta").unwrap()], ..any.clone() }, None));
        let good = |terms: Terms, at| is_good(&row(terms, None), Ts(at));
        let dated = Terms { from: Some(Ts(5)), until: Some(Ts(9)), ..any };
        assert_eq!([4, 5, 8, 9].map(|at| good(dated.clone(), at)), [false, true, true, false]);
        let used = AllocationRow { used_at: Some(Ts(5)), ..row(dated.clone(), None) };
        let revoked = AllocationRow { revoked_at: Some(Ts(5)), ..row(dated, None) };
        assert!(!is_good(&used, Ts(5)) && !is_good(&revoked, Ts(5)));
    }

    #[test]
    fn tokens_are_drawn_and_differ() {
        let (one, two) = (draw(), draw());
        assert_ne!(one, two);
        assert_eq!(one.expose().len(), 8 + 1 + 32);
        assert_eq!(one.expose().find('-'), Some(8));
    }
}
