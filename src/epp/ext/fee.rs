//! Fees (RFC 8748): a check asks what commands would cost, a command says what its client agrees to pay, and answers
//! tell what was charged or given back.

use std::fmt::Display;

use super::{Codec, Ext, InCommand, open};
use crate::epp::command::Command;
use crate::epp::reply::Reply;
use crate::epp::types::{
    FeeAmount, FeeAnswer, FeeCheck, FeeChecked, FeeCommand, FeeGiven, FeeLine, FeeQuoted, FeeTaken, FeeVerb,
    Period, PeriodUnit,
};
use crate::epp::xml::shape::{AttrRule, MANY, Part, Shape, many, opt, optional, required};
use crate::epp::xml::simple::{self, ANY, Simple};
use crate::epp::xml::tree::El;
use crate::epp::xml::writer::Writer;
use crate::refusal::{Reason, Refusal};

const CURRENCY: Shape = Shape::Text(Simple::Currency, &[]);
const PERIOD: Shape = Shape::Text(Simple::Count, &[required("unit", Simple::OneOf(&["y", "m"]))]);
const VERBS: Simple =
    Simple::OneOf(&["create", "delete", "renew", "update", "transfer", "restore", "custom"]);
const COMMAND: Shape = Shape::Sequence(
    &[opt("period", &PERIOD)],
    &[
        required("name", VERBS),
        optional("customName", Simple::Token(0, ANY)),
        optional("phase", Simple::Token(0, ANY)),
        optional("subphase", Simple::Token(0, ANY)),
    ],
);
const CHECK: Shape = Shape::Sequence(&[OF_CURRENCY, many("command", 1, MANY, &COMMAND)], &[]);
const DESCRIPTION: AttrRule = optional("description", Simple::Line(0, ANY));
const LANG: AttrRule = optional("lang", Simple::Language);
const FEE: Shape = Shape::Text(
    Simple::NotNegative,
    &[
        DESCRIPTION,
        LANG,
        optional("refundable", Simple::Boolean),
        optional("grace-period", Simple::Duration),
        optional("applied", Simple::OneOf(&["immediate", "delayed"])),
    ],
);
const CREDIT: Shape = Shape::Text(Simple::NotPositive, &[DESCRIPTION, LANG]);
const OF_CURRENCY: Part = opt("currency", &CURRENCY);
const GIVEN: Shape =
    Shape::Sequence(&[OF_CURRENCY, many("fee", 1, MANY, &FEE), many("credit", 0, MANY, &CREDIT)], &[]);

pub(super) const CODEC: Codec = Codec {
    name: "fee-1.0",
    uri: "urn:ietf:params:xml:ns:epp:fee-1.0",
    prefix: "fee",
    declaration: "xmlns:fee",
    globals: &[
        "check", "chkData", "create", "creData", "renew", "renData", "transfer", "trnData", "update",
        "updData", "delData",
    ],
    commands: &[
        InCommand { element: "check", shape: &CHECK, read: check },
        InCommand { element: "create", shape: &GIVEN, read: create },
        InCommand { element: "renew", shape: &GIVEN, read: renew },
        InCommand { element: "transfer", shape: &GIVEN, read: transfer },
        InCommand { element: "update", shape: &GIVEN, read: update },
    ],
    secrets: &[],
    answer,
};

fn check(el: El<'_>, command: &mut Command) -> Result<bool, Refusal> {
    let Command::DomainCheck(check) = command else { return Ok(false) };
    let commands = el.children_named("command").map(read_command).collect::<Result<_, _>>()?;
    check.fee = Some(FeeCheck { currency: currency(el), commands });
    Ok(true)
}

fn create(el: El<'_>, command: &mut Command) -> Result<bool, Refusal> {
    let Command::DomainCreate(create) = command else { return Ok(false) };
    create.fee = Some(given(el)?);
    Ok(true)
}

fn renew(el: El<'_>, command: &mut Command) -> Result<bool, Refusal> {
    let Command::DomainRenew(renew) = command else { return Ok(false) };
    renew.fee = Some(given(el)?);
    Ok(true)
}

fn transfer(el: El<'_>, command: &mut Command) -> Result<bool, Refusal> {
    let Command::DomainTransferRequest(transfer) = command else { return Ok(false) };
    transfer.fee = Some(given(el)?);
    Ok(true)
}

fn update(el: El<'_>, command: &mut Command) -> Result<bool, Refusal> {
    let Command::DomainUpdate(update) = command else { return Ok(false) };
    update.fee = Some(given(el)?);
    Ok(true)
}

fn currency(el: El<'_>) -> Option<String> {
    el.child("currency").map(|currency| currency.text().to_owned())
}

fn read_command(el: El<'_>) -> Result<FeeCommand, Refusal> {
    let attr = |name| el.attr_token(name).map(|text| text.into_owned());
    let verb = attr("name").and_then(|name| FeeVerb::parse(&name));
    let period = |el: El<'_>| {
        let count = simple::count(&el.token()).ok_or_else(|| el.refuse(Reason::BadValue))?;
        let months = el.attr_token("unit").as_deref() == Some("m");
        Ok::<_, Refusal>(Period { count, unit: if months { PeriodUnit::Months } else { PeriodUnit::Years } })
    };
    Ok(FeeCommand {
        verb: verb.ok_or_else(|| el.refuse(Reason::BadValue))?,
        custom: attr("customName"),
        phase: attr("phase"),
        subphase: attr("subphase"),
        period: el.child("period").map(period).transpose()?,
    })
}

fn given(el: El<'_>) -> Result<FeeGiven, Refusal> {
    let mut total = FeeAmount::default();
    for amount in el.children_named("fee").chain(el.children_named("credit")) {
        let read = FeeAmount::parse(&amount.token()).ok_or_else(|| amount.refuse(Reason::BadValue))?;
        total = FeeAmount(total.0.saturating_add(read.0));
    }
    let written = el.need("fee")?.token().chars().take(64).collect();
    Ok(FeeGiven { currency: currency(el), total, written })
}

fn answer(w: &mut Writer, reply: &Reply) {
    match reply.fee() {
        None => {}
        Some(FeeAnswer::Checked { currency, names }) => {
            open(w, Ext::Fee, "fee:chkData");
            w.leaf("fee:currency", currency);
            for name in names {
                checked(w, name);
            }
            w.close("fee:chkData");
        }
        Some(FeeAnswer::Taken(taken)) => done(w, taken),
    }
}

fn checked(w: &mut Writer, checked: &FeeChecked) {
    let fails = checked.unavailable.is_some() || checked.commands.iter().any(|c| c.reason.is_some());
    w.open("fee:cd", &[("avail", &u8::from(!fails))]);
    w.leaf("fee:objID", &checked.name);
    w.leaf_if("fee:class", checked.class.as_ref());
    for command in &checked.commands {
        quoted(w, command);
    }
    w.leaf_if("fee:reason", checked.unavailable.as_ref());
    w.close("fee:cd");
}

fn quoted(w: &mut Writer, quoted: &FeeQuoted) {
    let FeeCommand { verb, custom, phase, subphase, period } = &quoted.command;
    let name = verb.name();
    let mut attrs: Vec<(&str, &dyn Display)> = vec![("name", &name)];
    for (key, value) in [("customName", custom), ("phase", phase), ("subphase", subphase)] {
        if let Some(value) = value {
            attrs.push((key, value));
        }
    }
    if quoted.standard {
        attrs.push(("standard", &"1"));
    }
    w.open("fee:command", &attrs);
    if let Some(Period { count, unit }) = period {
        let unit = if *unit == PeriodUnit::Years { "y" } else { "m" };
        w.leaf_with("fee:period", &[("unit", &unit)], count);
    }
    lines(w, &quoted.fees, quoted.credit.as_ref());
    w.leaf_if("fee:reason", quoted.reason.as_ref());
    w.close("fee:command");
}

fn lines(w: &mut Writer, fees: &[FeeLine], credit: Option<&String>) {
    for line in fees {
        let grace = format!("P{}D", line.grace_days);
        let mut attrs: Vec<(&str, &dyn Display)> = vec![("description", &line.description)];
        if line.grace_days > 0 {
            attrs.extend([("refundable", &"1" as &dyn Display), ("grace-period", &grace)]);
        }
        if line.delayed {
            attrs.push(("applied", &"delayed"));
        }
        w.leaf_with("fee:fee", &attrs, &line.amount);
    }
    if let Some(credit) = credit {
        w.leaf_with("fee:credit", &[("description", &"Grace period")], credit);
    }
}

fn done(w: &mut Writer, taken: &FeeTaken) {
    let element = match taken.verb {
        FeeVerb::Create => "fee:creData",
        FeeVerb::Delete => "fee:delData",
        FeeVerb::Renew => "fee:renData",
        FeeVerb::Transfer => "fee:trnData",
        FeeVerb::Update | FeeVerb::Restore | FeeVerb::Custom => "fee:updData",
    };
    open(w, Ext::Fee, element);
    w.leaf("fee:currency", &taken.currency);
    if let Some(years) = taken.years {
        w.leaf_with("fee:period", &[("unit", &"y")], &years);
    }
    lines(w, &taken.fees, taken.credit.as_ref());
    w.leaf_if("fee:balance", taken.balance.as_ref());
    w.leaf_if("fee:creditLimit", taken.credit_limit.as_ref());
    w.close(element);
}
