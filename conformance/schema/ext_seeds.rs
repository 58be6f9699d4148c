//! Valid elements of the extensions, of commands and of answers.

use super::dice::Dice;
use super::seeds::{maybe, some};
use super::tree::{
    ADDL_EMAIL, ALLOCATION_TOKEN, CHANGE_POLL, FOREIGN, LOGIN_SEC, Node, RGP, SEC_DNS, TTL, el, leaf,
};

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

// RFC 5910

fn key(d: &mut Dice) -> Node {
    el(SEC_DNS, "keyData")
        .kid(leaf(SEC_DNS, "flags", d.pick(&["257", " 256 ", "0"])))
        .kid(leaf(SEC_DNS, "protocol", "3"))
        .kid(leaf(SEC_DNS, "alg", d.pick(&["8", "013"])))
        .kid(leaf(SEC_DNS, "pubKey", d.pick(&["AQPJ////4Q==", " AQPJ //// 4Q== ", "AQ=="])))
}

fn ds(d: &mut Dice) -> Node {
    el(SEC_DNS, "dsData")
        .kid(leaf(SEC_DNS, "keyTag", d.pick(&["12345", "65535", " 0 "])))
        .kid(leaf(SEC_DNS, "alg", d.pick(&["8", "255"])))
        .kid(leaf(SEC_DNS, "digestType", d.pick(&["1", "2"])))
        .kid(leaf(SEC_DNS, "digest", d.pick(&["49FD46E6C4B45C55D4AC", "49fd", ""])))
        .kids(maybe(d, key))
}

fn records(d: &mut Dice) -> Vec<Node> {
    if d.once_in(2) { some(d, 1, 3, ds) } else { some(d, 1, 3, key) }
}

fn life(d: &mut Dice) -> Option<Node> {
    maybe(d, |d| leaf(SEC_DNS, "maxSigLife", d.pick(&["604800", "1", "+1", " 2147483647 "])))
}

/// `create`, `infData`, or the `add` of an update.
pub fn sec_dns_data(d: &mut Dice, element: &str) -> Node {
    el(SEC_DNS, element).kids(life(d)).kids(records(d))
}

pub fn sec_dns_update(d: &mut Dice) -> Node {
    let rem = |d: &mut Dice| {
        let all = d.once_in(3);
        let rem = el(SEC_DNS, "rem");
        if all {
            rem.kid(leaf(SEC_DNS, "all", d.pick(&["true", "0", " false "])))
        } else {
            rem.kids(records(d))
        }
    };
    let update = el(SEC_DNS, "update")
        .kids(maybe(d, rem))
        .kids(maybe(d, |d| sec_dns_data(d, "add")))
        .kids(maybe(d, |d| el(SEC_DNS, "chg").kids(life(d))));
    if d.once_in(2) { update.attr("urgent", d.pick(&["0", "true"])) } else { update }
}

// RFC 9873

pub fn addl_email(d: &mut Dice) -> Node {
    let email = leaf(ADDL_EMAIL, "email", d.pick(&["麥克風@example.com", "", " a@b.example "]));
    let email = if d.once_in(2) { email.attr("primary", d.pick(&["true", "0"])) } else { email };
    el(ADDL_EMAIL, "addlEmail").kid(email)
}

// RFC 9803

pub fn ttl_info(d: &mut Dice) -> Node {
    let info = el(TTL, "info");
    if d.once_in(2) { info.attr("policy", d.pick(&["1", "false", " true "])) } else { info }
}

/// `create` or `update`.
pub fn ttls(d: &mut Dice, element: &str) -> Node {
    let types = some_types(d);
    el(TTL, element).kids(types.into_iter().map(|of| ttl(d, of)).collect::<Vec<_>>())
}

pub fn ttl_data(d: &mut Dice) -> Node {
    let types = some_types(d);
    let shown = |d: &mut Dice, of| {
        let node = ttl(d, of);
        if d.once_in(2) {
            node.attr("min", "60").attr("default", " 86400 ").attr("max", "2147483647")
        } else {
            node
        }
    };
    el(TTL, "infData").kids(types.into_iter().map(|of| shown(d, of)).collect::<Vec<_>>())
}

/// Each once: the schema has it unique.
fn some_types(d: &mut Dice) -> Vec<&'static str> {
    let all = ["NS", "DS", "DNAME", "A", "AAAA", "custom"];
    let mut types: Vec<_> = all.into_iter().filter(|_| d.once_in(2)).collect();
    if types.is_empty() {
        types.push(d.pick(&all));
    }
    types
}

fn ttl(d: &mut Dice, of: &str) -> Node {
    let node = leaf(TTL, "ttl", d.pick(&["3600", "", " 0 ", "+07", "2147483647"])).attr("for", of);
    if of == "custom" { node.attr("custom", d.pick(&["DELEG", "A", " TYPE65-X "])) } else { node }
}

// RFC 8807

pub fn login_sec(d: &mut Dice) -> Node {
    let parts: &[&str] = d.pick(&[&["app", "tech", "os"], &["app", "os"], &["tech"], &["os"]]);
    let agent = parts.iter().fold(el(LOGIN_SEC, "userAgent"), |agent, part| {
        agent.kid(leaf(LOGIN_SEC, part, d.pick(&["EPP SDK 1.0.0", "", " a  b "])))
    });
    let agent = maybe(d, |_| agent);
    let password =
        |d: &mut Dice, name: &str| leaf(LOGIN_SEC, name, d.pick(&["this is a long password", " secret\t1 "]));
    el(LOGIN_SEC, "loginSec")
        .kids(agent)
        .kids(maybe(d, |d| password(d, "pw")))
        .kids(maybe(d, |d| password(d, "newPW")))
}

pub fn login_sec_data(d: &mut Dice) -> Node {
    let all = ["password", "certificate", "cipher", "tlsProtocol", "newPW", "stat", "custom"];
    el(LOGIN_SEC, "loginSecData").kids(some(d, 1, 3, |d| {
        let mut event = leaf(LOGIN_SEC, "event", d.pick(&["Password expiring soon", ""]))
            .attr("type", d.pick(&all))
            .attr("level", d.pick(&["warning", " error "]));
        for (name, value) in [
            ("name", "failedLogins"),
            ("exDate", "2026-11-24T22:00:00.0Z"),
            ("value", "100"),
            ("duration", "P1DT2H"),
            ("lang", "en"),
        ] {
            if d.once_in(2) {
                event = event.attr(name, value);
            }
        }
        event
    }))
}

// RFC 8495

pub fn allocation_token(d: &mut Dice) -> Node {
    leaf(ALLOCATION_TOKEN, "allocationToken", d.pick(&["abc123", " a  b ", "<&>"]))
}

pub fn allocation_info(_: &mut Dice) -> Node {
    el(ALLOCATION_TOKEN, "info")
}

// RFC 8590

pub fn change_data(d: &mut Dice) -> Node {
    let all = [
        "create",
        "delete",
        "renew",
        "transfer",
        "update",
        "restore",
        "autoRenew",
        "autoDelete",
        "autoPurge",
    ];
    let operation = leaf(CHANGE_POLL, "operation", d.pick(&all));
    let operation = if d.once_in(2) { operation.attr("op", d.pick(&["purge", " x  y "])) } else { operation };
    let case = |d: &mut Dice| {
        let node = leaf(CHANGE_POLL, "caseId", d.pick(&["urs123", ""]))
            .attr("type", d.pick(&["udrp", "urs", "custom"]));
        if d.once_in(2) { node.attr("name", "rdrp") } else { node }
    };
    let reason = |d: &mut Dice| {
        let node = leaf(CHANGE_POLL, "reason", d.pick(&["URS Lock", " in  words "]));
        if d.once_in(2) { node.attr("lang", "en") } else { node }
    };
    let data = el(CHANGE_POLL, "changeData")
        .kid(operation)
        .kid(leaf(CHANGE_POLL, "date", "2026-11-24T22:00:00.0Z"))
        .kid(leaf(CHANGE_POLL, "svTRID", d.pick(&["12345-XYZ", "abc"])))
        .kid(leaf(CHANGE_POLL, "who", d.pick(&["URS Admin", " ", "ClientX"])))
        .kids(maybe(d, case))
        .kids(maybe(d, reason));
    if d.once_in(2) { data.attr("state", d.pick(&["before", "after"])) } else { data }
}
