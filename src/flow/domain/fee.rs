//! What commands would cost (RFC 8748 section 5.1.1): prices by the function that charges them, for the account that asks.
//!
//! Zones have one phase here, `open`, without parts; a check that names another is refused. A command that cannot have a
//! price as it is asked has a reason in its place, and its name is unavailable.

use std::collections::{HashMap, HashSet};

use super::{find, grace, name, period, restore, transfer};
use crate::epp::command::DomainCheck;
use crate::epp::ext::Ext;
use crate::epp::ns::Ns;
use crate::epp::types::{
    DomainName, FeeAnswer, FeeCheck, FeeChecked, FeeCommand, FeeLine, FeeQuoted, FeeVerb, Period, PeriodUnit,
};
use crate::flow::listed::Listed;
use crate::flow::money::{self, Quote, Wanted};
use crate::flow::zone::{Held, Zone};
use crate::gate::{Cx, Stop};
use crate::policy::{BillMode, BillOp, BillPolicy, FeeRequired, RestoreMode, TransferOp};
use crate::refusal::{Reason, Refusal};
use crate::store::allocation::AllocationPrice;
use crate::store::domain::DomainRow;

/// Most commands one check asks about.
const MOST: usize = 30;
/// The one phase of a zone.
const OPEN: &str = "open";
/// The class of names without one (RFC 8748 section 3.7).
const STANDARD: &str = "standard";

/// A check, and what is known of the names in it.
pub(super) struct Asked<'a> {
    /// The check.
    pub command: &'a DomainCheck,
    /// The zones above the names.
    pub zones: &'a HashMap<DomainName, Held>,
    /// What the lists say of them.
    pub listed: &'a HashMap<DomainName, Listed>,
    /// The price of the allocation token it comes with, which every name fits that is free then.
    pub token_price: Option<&'a AllocationPrice>,
}

impl Asked<'_> {
    fn zone(&self, name: &DomainName) -> Option<&Zone> {
        match self.zones.get(&name.parent()?) {
            Some(Held::By(zone)) => Some(zone),
            _ => None,
        }
    }

    fn class(&self, name: &DomainName) -> Option<&str> {
        self.listed.get(name).and_then(|listed| listed.class.as_deref())
    }
}

/// Why names that are free otherwise cannot be created by a command like this: the client would have to say the fee and
/// this check does not ask for it, or nobody knows the price.
///
/// # Errors
/// The database's trouble.
pub(super) async fn hindered(
    cx: &mut Cx<'_>,
    asked: &Asked<'_>,
    names: &[DomainName],
) -> Result<HashMap<DomainName, Reason>, Stop> {
    let rules = cx.account_rules(cx.registrar()).await?;
    let mut hindered = HashMap::new();
    if rules.bill.mode == BillMode::Off {
        return Ok(hindered);
    }
    let mut known = Known::default();
    for name in names {
        let Some(zone) = asked.zone(name) else { continue };
        let (class, required) = (asked.class(name), zone.policy.fee.required);
        if class.is_none() && required != FeeRequired::Always {
            continue;
        }
        let units = zone.policy.period.default_years;
        let (zone, token) = (zone.name.as_str(), asked.token_price);
        let wanted = Wanted { op: BillOp::Create, zone, units, class, token };
        match known.quote(cx, &rules.bill, &wanted).await? {
            None => drop(hindered.insert(name.clone(), Reason::ClassUnpriced)),
            Some(quote) if asked.command.fee.is_none() && money::needs_saying(cx, required, quote) => {
                hindered.insert(name.clone(), Reason::FeeMissing);
            }
            Some(_) => {}
        }
    }
    Ok(hindered)
}

/// What a check of fees says of the names. `unavailable` says why a name has no prices: it cannot be registered, and is
/// not.
///
/// # Errors
/// [`Reason::FeeCurrency`], [`Reason::FeePhase`], [`Reason::FeeCommandUnknown`], [`Reason::TooManyFeeCommands`]; the
/// database's trouble.
pub(super) async fn check(
    cx: &mut Cx<'_>,
    asked: &Asked<'_>,
    registered: &HashSet<DomainName>,
    unavailable: &HashMap<&DomainName, String>,
) -> Result<Option<FeeAnswer>, Stop> {
    let Some(fees) = &asked.command.fee else { return Ok(None) };
    let rules = cx.account_rules(cx.registrar()).await?;
    permit(fees, &rules.bill)?;
    let (mut known, mut names) = (Known::default(), Vec::new());
    for one in &asked.command.names {
        let none = |name: &str, reason: String| FeeChecked {
            name: name.to_owned(),
            class: None,
            commands: Vec::new(),
            unavailable: Some(reason),
        };
        let Ok(name) = &one.name else {
            names.push(none(&one.raw, name::short(Reason::BadName).to_owned()));
            continue;
        };
        let (taken, reason) = (registered.contains(name), unavailable.get(name));
        let zone = match (asked.zone(name), reason) {
            (Some(zone), None) => zone,
            (Some(zone), Some(_)) if taken => zone,
            (_, reason) => {
                let usual = || name::short(Reason::NotOurZone).to_owned();
                names.push(none(name.as_str(), reason.cloned().unwrap_or_else(usual)));
                continue;
            }
        };
        let domain = if taken { Some(find(cx, name).await?) } else { None };
        let class = asked.class(name);
        let token = asked.token_price.filter(|_| !taken);
        let of = Of { bill: &rules.bill, zone, domain: domain.as_ref(), class, token };
        let mut commands = Vec::new();
        for command in &fees.commands {
            commands.push(of.quoted(cx, &mut known, command).await?);
        }
        let class = Some(class.unwrap_or(STANDARD).to_owned());
        names.push(FeeChecked { name: name.to_string(), class, commands, unavailable: None });
    }
    Ok(Some(FeeAnswer::Checked { currency: rules.bill.currency.to_string(), names }))
}

/// Refuses what no name could have a price for.
fn permit(asked: &FeeCheck, bill: &BillPolicy) -> Result<(), Refusal> {
    let refused = |reason, command: &FeeCommand| {
        Refusal::new(reason).on(Ns::Ext(Ext::Fee), "command", "").detail(told(command))
    };
    money::in_currency(bill, asked.currency.as_deref())?;
    if asked.commands.len() > MOST {
        let refusal = Refusal::new(Reason::TooManyFeeCommands).on(Ns::Ext(Ext::Fee), "command", "");
        return Err(refusal.detail(format!("at most {MOST}")));
    }
    for command in &asked.commands {
        let open = command.phase.as_deref().is_none_or(|phase| phase == OPEN) && command.subphase.is_none();
        if !open {
            return Err(refused(Reason::FeePhase, command));
        }
        let custom = command.custom.as_deref();
        let known = match command.verb {
            FeeVerb::Custom => custom.and_then(BillOp::parse).is_some(),
            _ => custom.is_none(),
        };
        if !known {
            return Err(refused(Reason::FeeCommandUnknown, command));
        }
    }
    Ok(())
}

fn told(command: &FeeCommand) -> String {
    let parts = [&command.custom, &command.phase, &command.subphase];
    let mut text = command.verb.name().to_owned();
    for part in parts.into_iter().flatten() {
        text.push(' ');
        text.extend(part.chars().take(64));
    }
    text
}

/// Prices that were asked for: names of one check mostly share theirs.
#[derive(Debug, Default)]
struct Known(HashMap<(BillOp, String, u8, Option<String>), Option<Quote>>);

impl Known {
    async fn quote(
        &mut self,
        cx: &mut Cx<'_>,
        bill: &BillPolicy,
        wanted: &Wanted<'_>,
    ) -> Result<Option<Quote>, Stop> {
        if wanted.token.is_some() {
            return money::quote(cx, bill, wanted).await;
        }
        let key = (wanted.op, wanted.zone.to_owned(), wanted.units, wanted.class.map(str::to_owned));
        if let Some(quote) = self.0.get(&key) {
            return Ok(*quote);
        }
        let quote = money::quote(cx, bill, wanted).await?;
        self.0.insert(key, quote);
        Ok(quote)
    }
}

/// A name whose commands are priced.
struct Of<'a> {
    bill: &'a BillPolicy,
    zone: &'a Zone,
    domain: Option<&'a DomainRow>,
    class: Option<&'a str>,
    token: Option<&'a AllocationPrice>,
}

/// What a command is charged as, with its years and whether that is later; the years it is for.
type Charged = (Vec<(BillOp, u8, bool)>, Option<u8>);

impl Of<'_> {
    async fn quoted(
        &self,
        cx: &mut Cx<'_>,
        known: &mut Known,
        asked: &FeeCommand,
    ) -> Result<FeeQuoted, Stop> {
        let none = |reason: &str| FeeQuoted {
            command: asked.clone(),
            standard: false,
            fees: Vec::new(),
            credit: None,
            reason: Some(reason.to_owned()),
        };
        let (ops, years) = match self.charged(cx, asked) {
            Ok(charged) => charged,
            Err(reason) => return Ok(none(reason)),
        };
        let (mut fees, mut standard) = (Vec::new(), true);
        for (op, units, later) in ops {
            let token = self.token.filter(|_| op == BillOp::Create);
            let wanted = Wanted { op, zone: self.zone.name.as_str(), units, class: self.class, token };
            let Some(quote) = known.quote(cx, self.bill, &wanted).await? else {
                return Ok(none(name::short(Reason::ClassUnpriced)));
            };
            standard &= quote.standard;
            let grace_days = money::grace_days(&self.zone.policy, op);
            let line = money::line(self.bill, op, quote.amount, grace_days);
            fees.push(FeeLine { delayed: line.delayed || (later && quote.amount > 0), ..line });
        }
        let credit = match self.domain {
            Some(domain) if asked.verb == FeeVerb::Delete && domain.registrar == *cx.registrar() => {
                grace::credit(cx, domain).await?
            }
            _ => 0,
        };
        if fees.is_empty() {
            let nothing = if asked.verb == FeeVerb::Delete { "Deletion" } else { "Free" };
            let description = nothing.to_owned();
            fees.push(FeeLine {
                amount: self.bill.currency.show(0),
                description,
                grace_days: 0,
                delayed: false,
            });
        }
        let period = asked
            .period
            .filter(|_| years.is_some())
            .or(years.map(|count| Period { count, unit: PeriodUnit::Years }));
        Ok(FeeQuoted {
            command: FeeCommand { period, ..asked.clone() },
            standard,
            fees,
            credit: (credit > 0).then(|| self.bill.currency.show(-credit)),
            reason: None,
        })
    }

    /// What a command is charged as; else why it would be refused, whatever else is right.
    fn charged(&self, cx: &Cx<'_>, asked: &FeeCommand) -> Result<Charged, &'static str> {
        const NOT_OFFERED: &str = "Not offered in this zone";
        const NO_PERIOD: &str = "This command has no period";
        let policy = &self.zone.policy;
        let takes_period = matches!(asked.verb, FeeVerb::Create | FeeVerb::Renew | FeeVerb::Transfer);
        if asked.period.is_some() && !takes_period {
            return Err(NO_PERIOD);
        }
        match asked.verb {
            FeeVerb::Create | FeeVerb::Renew => {
                let renews = asked.verb == FeeVerb::Renew;
                if renews && !policy.renew.enabled {
                    return Err(NOT_OFFERED);
                }
                let months = period::months(asked.period, &policy.period).map_err(worded)?;
                let from = self.domain.filter(|_| renews).map_or(cx.now, |domain| domain.expires_at);
                period::end(from, months, cx.now, &policy.period).map_err(worded)?;
                let (op, years) =
                    (if renews { BillOp::Renew } else { BillOp::Create }, period::years(months));
                Ok((vec![(op, years, false)], Some(years)))
            }
            FeeVerb::Transfer => {
                if !policy.transfer.ops.contains(&TransferOp::Request) {
                    return Err(NOT_OFFERED);
                }
                let (op, added) = match self.domain {
                    Some(domain) => {
                        transfer::request::asked_for(domain, asked.period, cx.now, policy).map_err(worded)?
                    }
                    // Of a name nobody has, as if it were registered today.
                    None => {
                        let added =
                            transfer::request::added(asked.period, cx.now, cx.now, policy).map_err(worded)?;
                        (BillOp::Transfer, added)
                    }
                };
                let years = added.map(|(months, _)| period::years(months));
                Ok((vec![(op, years.unwrap_or(0), false)], years))
            }
            FeeVerb::Restore => {
                let [asking, year] = restore::charged_as(self.domain, cx.now, policy);
                let later = match policy.restore.mode {
                    RestoreMode::Reactivate => return Err(NOT_OFFERED),
                    RestoreMode::Rgp2 => true,
                    RestoreMode::RgpReport => false,
                };
                let asking = asking.map(|(op, units)| (op, units, false));
                let year = year.map(|(op, units)| (op, units, later));
                Ok((asking.into_iter().chain(year).collect(), None))
            }
            FeeVerb::Custom => {
                let op = asked.custom.as_deref().and_then(BillOp::parse).ok_or(NOT_OFFERED)?;
                let renews = matches!(op, BillOp::AutoRenew | BillOp::Create | BillOp::Renew);
                let units = if renews { policy.period.default_years } else { 0 };
                Ok((vec![(op, units, false)], None))
            }
            FeeVerb::Delete | FeeVerb::Update => Ok((Vec::new(), None)),
        }
    }
}

/// Why a period cannot be had, in words.
fn worded(refusal: Refusal) -> &'static str {
    match refusal.reason {
        Reason::PeriodUnit => "Periods are whole years",
        Reason::ExpiryTooFar => "The registration would run too long",
        _ => "The period is not accepted",
    }
}
