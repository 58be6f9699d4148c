//! Valid elements of launch phases (RFC 8334) and marks (RFC 7848), of commands and of answers.

use super::dice::Dice;
use super::seeds::{maybe, some};
use super::tree::{LAUNCH, MARK, Node, SMD, el, leaf};

fn phase(d: &mut Dice) -> Node {
    let node = leaf(LAUNCH, "phase", d.pick(&["sunrise", "landrush", " claims ", "open", "custom"]));
    if d.once_in(3) { node.attr("name", d.pick(&["idn-release", "", " a  b "])) } else { node }
}

fn id(d: &mut Dice) -> Node {
    leaf(LAUNCH, "applicationID", d.pick(&["abc123", "", "2393-9323-E08C-03B1"]))
}

/// `update`, `delete` or `creData`.
pub fn application(d: &mut Dice, element: &str) -> Node {
    el(LAUNCH, element).kid(phase(d)).kid(id(d))
}

pub fn check(d: &mut Dice) -> Node {
    let node = el(LAUNCH, "check").kids(maybe(d, phase));
    if d.once_in(2) { node.attr("type", d.pick(&["claims", "avail", " trademark "])) } else { node }
}

pub fn info(d: &mut Dice) -> Node {
    let node = el(LAUNCH, "info").kid(phase(d)).kids(maybe(d, id));
    if d.once_in(2) { node.attr("includeMark", d.pick(&["true", "0", " false "])) } else { node }
}

pub fn create(d: &mut Dice) -> Node {
    let node = el(LAUNCH, "create").kid(phase(d));
    let node = match d.below(4) {
        0 => node,
        1 => node.kids(some(d, 1, 2, |d| {
            leaf(SMD, "encodedSignedMark", d.pick(&["", "no base64", "PGEvPg=="])).kids(Vec::new())
        })),
        _ => node.kids(some(d, 1, 2, |d| {
            let code = |d: &mut Dice| by_validator(d, "code", "49FD46E6C4B45C55D4AC");
            el(LAUNCH, "codeMark").kids(maybe(d, code)).kids(maybe(d, mark))
        })),
    };
    let node = node.kids(some(d, 0, 2, |d| {
        el(LAUNCH, "notice")
            .kid(by_validator(d, "noticeID", "370d0b7c9223372036854775807"))
            .kid(moment(d, LAUNCH, "notAfter"))
            .kid(moment(d, LAUNCH, "acceptedDate"))
    }));
    if d.once_in(3) { node.attr("type", d.pick(&["application", " registration "])) } else { node }
}

fn by_validator(d: &mut Dice, element: &str, text: &str) -> Node {
    let node = leaf(LAUNCH, element, text);
    if d.once_in(2) { node.attr("validatorID", d.pick(&["tmch", " a "])) } else { node }
}

fn moment(d: &mut Dice, ns: &str, element: &str) -> Node {
    leaf(ns, element, d.pick(&["2026-07-10T22:00:00.0Z", "2026-07-10T22:00:00", "2028-02-29T24:00:00+01:00"]))
}

fn text(d: &mut Dice, element: &str) -> Node {
    leaf(MARK, element, d.pick(&["Example", "", " a  b ", "<&>"]))
}

fn address(d: &mut Dice) -> Node {
    el(MARK, "addr")
        .kids(some(d, 1, 3, |d| text(d, "street")))
        .kid(text(d, "city"))
        .kids(maybe(d, |d| text(d, "sp")))
        .kids(maybe(d, |_| leaf(MARK, "pc", "20190")))
        .kid(leaf(MARK, "cc", "US"))
}

fn holder(d: &mut Dice) -> Node {
    let node = el(MARK, "holder")
        .kids(maybe(d, |d| text(d, "name")))
        .kids(maybe(d, |d| text(d, "org")))
        .kid(address(d))
        .kids(maybe(d, |d| phone(d, "voice")));
    if d.once_in(2) { node.attr("entitlement", d.pick(&["owner", "assignee", "licensee"])) } else { node }
}

fn contact(d: &mut Dice) -> Node {
    let node = el(MARK, "contact").kid(text(d, "name")).kid(address(d)).kid(phone(d, "voice"));
    node.kid(leaf(MARK, "email", "a@b.test")).attr("type", d.pick(&["owner", "agent", "thirdparty"]))
}

fn phone(d: &mut Dice, element: &str) -> Node {
    leaf(MARK, element, d.pick(&["+1.7035555555", ""])).kids(Vec::new())
}

fn head(d: &mut Dice, element: &str) -> Node {
    el(MARK, element)
        .kid(leaf(MARK, "id", d.pick(&["1-2", " 00052013734689731373468973-65535 "])))
        .kid(text(d, "markName"))
        .kids(some(d, 1, 2, holder))
        .kids(some(d, 0, 1, contact))
}

fn labels(d: &mut Dice) -> Vec<Node> {
    some(d, 0, 2, |d| leaf(MARK, "label", d.pick(&["example-one", "A", " x "])))
}

pub fn mark(d: &mut Dice) -> Node {
    let node = el(MARK, "mark");
    match d.below(4) {
        0 => node,
        1 => node.kid(
            head(d, "treatyOrStatute")
                .kid(el(MARK, "protection").kid(leaf(MARK, "cc", "US")).kids(maybe(d, |d| text(d, "region"))))
                .kids(labels(d))
                .kid(text(d, "goodsAndServices"))
                .kid(text(d, "refNum"))
                .kid(moment(d, MARK, "proDate"))
                .kid(text(d, "title"))
                .kid(moment(d, MARK, "execDate")),
        ),
        2 => node.kid(
            head(d, "court")
                .kids(labels(d))
                .kid(text(d, "goodsAndServices"))
                .kid(text(d, "refNum"))
                .kid(moment(d, MARK, "proDate"))
                .kid(leaf(MARK, "cc", "US"))
                .kid(text(d, "courtName")),
        ),
        _ => node.kid(
            head(d, "trademark")
                .kid(leaf(MARK, "jurisdiction", "US"))
                .kids(some(d, 0, 2, |d| leaf(MARK, "class", d.pick(&["35", "-1", "+036"]))))
                .kids(labels(d))
                .kid(text(d, "goodsAndServices"))
                .kid(text(d, "regNum"))
                .kid(moment(d, MARK, "regDate"))
                .kids(maybe(d, |d| moment(d, MARK, "exDate"))),
        ),
    }
}

pub fn checked(d: &mut Dice) -> Node {
    el(LAUNCH, "chkData").kids(maybe(d, phase)).kids(some(d, 1, 2, |d| {
        el(LAUNCH, "cd").kid(leaf(LAUNCH, "name", "foo.example").attr("exists", d.pick(&["0", "true"]))).kids(
            some(d, 0, 2, |d| {
                leaf(LAUNCH, "claimKey", "2013041500/2/6/9/a").attr("validatorID", d.pick(&["tmch", "x"]))
            }),
        )
    }))
}

pub fn data(d: &mut Dice) -> Node {
    let all =
        ["pendingValidation", "validated", "invalid", "pendingAllocation", "allocated", "rejected", "custom"];
    el(LAUNCH, "infData")
        .kid(phase(d))
        .kids(maybe(d, id))
        .kids(maybe(d, |d| {
            leaf(LAUNCH, "status", d.pick(&["", "why"])).attr("s", d.pick(&all)).attr("name", "x")
        }))
        .kids(some(d, 0, 2, mark))
}
