//! Valid elements of the extensions, of commands and of answers.

use super::dice::Dice;
use super::seeds::{maybe, some};
use super::tree::{FOREIGN, Node, RGP, el, leaf};

// RFC 3915

pub fn rgp_update(d: &mut Dice) -> Node {
    let restore = if d.once_in(3) {
        el(RGP, "restore").attr("op", d.pick(&["request", " request "]))
    } else {
        el(RGP, "restore").attr("op", "report").kid(report(d))
    };
    el(RGP, "update").kid(restore)
}

fn report(d: &mut Dice) -> Node {
    el(RGP, "report")
        .kid(anything(d, "preData"))
        .kid(anything(d, "postData"))
        .kid(moment(d, "delTime"))
        .kid(moment(d, "resTime"))
        .kid(text(d, "resReason"))
        .kids(some(d, 1, 2, |d| text(d, "statement")))
        .kids(maybe(d, |d| anything(d, "other")))
}

fn moment(d: &mut Dice, element: &str) -> Node {
    leaf(
        RGP,
        element,
        d.pick(&["2026-07-10T22:00:00.0Z", "2026-07-10T22:00:00", "2028-02-29T24:00:00+01:00"]),
    )
}

fn anything(d: &mut Dice, element: &str) -> Node {
    let node = leaf(RGP, element, d.pick(&["Pre-delete registration data goes here.", ""]));
    node.kids(maybe(d, |d| leaf(d.pick(&[FOREIGN, "", "urn:example:unknown"]), "name", "x").attr("a", "1")))
}

fn text(d: &mut Dice, element: &str) -> Node {
    let node = leaf(RGP, element, d.pick(&["Registrant error.", "<&>"]));
    if d.once_in(2) { node.attr("lang", d.pick(&["en", "fr-CA"])) } else { node }
}

/// `infData` or `upData`.
pub fn rgp_data(d: &mut Dice, element: &str) -> Node {
    let all = [
        "addPeriod",
        "autoRenewPeriod",
        "renewPeriod",
        "transferPeriod",
        "pendingDelete",
        "pendingRestore",
        "redemptionPeriod",
    ];
    el(RGP, element).kids(some(d, 1, 3, |d| {
        let status = leaf(RGP, "rgpStatus", d.pick(&["", "until\ttomorrow"])).attr("s", d.pick(&all));
        if d.once_in(2) { status.attr("lang", "fr") } else { status }
    }))
}
