//! Valid elements of the extensions, of commands and of answers.

use super::dice::Dice;
use super::seeds::{maybe, some};
use super::tree::{
    ADDL_EMAIL, ALLOCATION_TOKEN, CHANGE_POLL, FEE, FOREIGN, LOGIN_SEC, MAINTENANCE, Node, RGP, SEC_DNS, TTL,
    el, leaf,
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

// RFC 8748

fn fee_currency(d: &mut Dice) -> Node {
    leaf(FEE, "currency", d.pick(&["EUR", "USD"]))
}

fn fee_period(d: &mut Dice) -> Node {
    leaf(FEE, "period", d.pick(&["1", "99", " 02 "])).attr("unit", d.pick(&["y", "m"]))
}

fn fee(d: &mut Dice) -> Node {
    let mut fee = leaf(FEE, "fee", d.pick(&["10.00", "0", " +5. ", ".5", "-0"]));
    for (name, values) in [
        ("description", &["Registration", ""][..]),
        ("lang", &["en", "fr-CA"][..]),
        ("refundable", &["1", "false"][..]),
        ("grace-period", &["P5D", "-P1Y2M3DT4H5M6.7S", "PT0S"][..]),
        ("applied", &["immediate", " delayed "][..]),
    ] {
        if d.once_in(3) {
            fee = fee.attr(name, d.pick(values));
        }
    }
    fee
}

fn fee_credit(d: &mut Dice) -> Node {
    let credit = leaf(FEE, "credit", d.pick(&["-5.00", "0.0", "-.5"]));
    if d.once_in(2) { credit.attr("description", "Grace period").attr("lang", "en") } else { credit }
}

fn fee_command(d: &mut Dice) -> Node {
    let mut command = el(FEE, "command")
        .attr("name", d.pick(&["create", "renew", " transfer ", "restore", "update", "delete", "custom"]));
    for name in ["customName", "phase", "subphase"] {
        if d.once_in(4) {
            command = command.attr(name, d.pick(&["open", "", "auto_renew"]));
        }
    }
    command.kids(maybe(d, fee_period))
}

pub fn fee_check(d: &mut Dice) -> Node {
    el(FEE, "check").kids(maybe(d, fee_currency)).kids(some(d, 1, 3, fee_command))
}

/// `create` and its kin.
pub fn fee_given(d: &mut Dice, element: &str) -> Node {
    el(FEE, element).kids(maybe(d, fee_currency)).kids(some(d, 1, 2, fee)).kids(some(d, 0, 2, fee_credit))
}

/// `creData` and its kin.
pub fn fee_taken(d: &mut Dice, element: &str) -> Node {
    el(FEE, element)
        .kids(maybe(d, fee_currency))
        .kids(maybe(d, fee_period))
        .kids(some(d, 0, 2, fee))
        .kids(some(d, 0, 2, fee_credit))
        .kids(maybe(d, |d| leaf(FEE, "balance", d.pick(&["-12.34", "1000"]))))
        .kids(maybe(d, |d| leaf(FEE, "creditLimit", d.pick(&["0.00", "5"]))))
}

pub fn fee_checked(d: &mut Dice) -> Node {
    let reason = |d: &mut Dice| leaf(FEE, "reason", d.pick(&["Not offered", ""])).attr("lang", "en");
    let command = |d: &mut Dice| {
        let command =
            fee_command(d).kids(some(d, 0, 2, fee)).kids(some(d, 0, 1, fee_credit)).kids(maybe(d, reason));
        if d.once_in(2) { command.attr("standard", d.pick(&["1", "false"])) } else { command }
    };
    let cd = |d: &mut Dice| {
        let id = leaf(FEE, "objID", d.pick(&["foo.example", "x"]));
        let id = if d.once_in(3) { id.attr("element", "name") } else { id };
        let cd = el(FEE, "cd")
            .kid(id)
            .kids(maybe(d, |d| leaf(FEE, "class", d.pick(&["standard", "Tier 1"]))))
            .kids(some(d, 0, 2, command))
            .kids(maybe(d, reason));
        if d.once_in(2) { cd.attr("avail", d.pick(&["0", "true"])) } else { cd }
    };
    el(FEE, "chkData").kid(fee_currency(d)).kids(some(d, 1, 2, cd))
}

// RFC 9167

pub fn maintenance_info(d: &mut Dice) -> Node {
    let asked = if d.once_in(2) { el(MAINTENANCE, "list") } else { maintenance_id(d) };
    el(MAINTENANCE, "info").kid(asked)
}

fn maintenance_id(d: &mut Dice) -> Node {
    let id = leaf(MAINTENANCE, "id", d.pick(&["2e6df9b0-4092-4491-bcc8-9fb2166dcee6", " 7 ", ""]));
    if d.once_in(2) { id.attr("name", "Upgrade").attr("lang", d.pick(&["en", "fr-CA"])) } else { id }
}

pub fn maintenance_data(d: &mut Dice) -> Node {
    let at = |name| leaf(MAINTENANCE, name, "2026-11-24T10:00:00.0Z");
    if d.once_in(2) {
        let list = el(MAINTENANCE, "list").kids(some(d, 0, 2, |d| {
            let item = el(MAINTENANCE, "listItem").kid(maintenance_id(d)).kid(at("start")).kid(at("end"));
            item.kid(at("crDate")).kids(maybe(d, |_| at("upDate")))
        }));
        return el(MAINTENANCE, "infData").kid(list);
    }
    let system = |d: &mut Dice| {
        el(MAINTENANCE, "system")
            .kid(leaf(MAINTENANCE, "name", "EPP"))
            .kids(maybe(d, |_| leaf(MAINTENANCE, "host", "epp.registry.example")))
            .kid(leaf(MAINTENANCE, "impact", d.pick(&["none", " partial ", "full"])))
    };
    let kinds = ["production", "ote", "staging", "dev", "custom"];
    let item = el(MAINTENANCE, "item")
        .kid(maintenance_id(d))
        .kids(some(d, 0, 2, |d| leaf(MAINTENANCE, "type", "Routine").attr("lang", d.pick(&["en", "fr"]))))
        .kids(maybe(d, |d| {
            leaf(MAINTENANCE, "pollType", d.pick(&["create", "update", "delete", "courtesy", "end"]))
        }))
        .kid(el(MAINTENANCE, "systems").kids(some(d, 1, 2, system)))
        .kid(el(MAINTENANCE, "environment").attr("type", d.pick(&kinds)).attr("name", "x"))
        .kid(at("start"))
        .kid(at("end"))
        .kid(leaf(MAINTENANCE, "reason", d.pick(&["planned", "emergency"])))
        .kids(maybe(d, |_| leaf(MAINTENANCE, "detail", "https://www.registry.example/notice?123")))
        .kids(some(d, 0, 2, |d| {
            leaf(MAINTENANCE, "description", "free-text").attr("type", d.pick(&["plain", "html"]))
        }))
        .kids(maybe(d, |d| {
            el(MAINTENANCE, "tlds").kids(some(d, 1, 2, |_| leaf(MAINTENANCE, "tld", "example")))
        }))
        .kids(maybe(d, |d| {
            el(MAINTENANCE, "intervention")
                .kid(leaf(MAINTENANCE, "connection", d.pick(&["true", "0"])))
                .kid(leaf(MAINTENANCE, "implementation", "false"))
        }))
        .kid(at("crDate"))
        .kids(maybe(d, |_| at("upDate")));
    el(MAINTENANCE, "infData").kid(item)
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
