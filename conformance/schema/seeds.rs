//! Valid frames of every command, with the optional parts there or not, and several or one, as the dice say.

use super::dice::Dice;
use super::tree::{BALANCE, CONTACT, DOMAIN, EPP, FOREIGN, HOST, Node, el, leaf};
use super::{ext_seeds, launch_seeds};

/// Makes the element inside `<epp>`.
pub type Seed = fn(&mut Dice) -> Node;

/// Every command, in the order of the RFCs; a command with more shapes stands there more than once.
pub const SEEDS: &[(&str, Seed)] = &[
    ("hello", |_| el(EPP, "hello")),
    ("login", |d| command(d, login)),
    ("loginSec:loginSec", |d| extended(d, login, ext_seeds::login_sec)),
    ("logout", |d| command(d, |_| el(EPP, "logout"))),
    ("poll", |d| command(d, poll)),
    ("domain:check", |d| command(d, |d| verb("check", names(d, DOMAIN)))),
    ("domain:info", |d| command(d, |d| verb("info", domain_info(d)))),
    ("domain:create", |d| command(d, |d| verb("create", domain_create(d)))),
    ("domain:create", |d| command(d, |d| verb("create", domain_create(d)))),
    ("domain:delete", |d| command(d, |d| verb("delete", one(d, DOMAIN, "delete")))),
    ("domain:renew", |d| command(d, |d| verb("renew", domain_renew(d)))),
    ("domain:transfer", |d| command(d, |d| transfer(d, domain_transfer))),
    ("domain:update", |d| command(d, |d| verb("update", domain_update(d)))),
    ("domain:update", |d| command(d, |d| verb("update", domain_update(d)))),
    ("secDNS:create", |d| {
        extended(d, |d| verb("create", domain_create(d)), |d| ext_seeds::sec_dns_data(d, "create"))
    }),
    ("secDNS:update", |d| extended(d, |d| verb("update", domain_update(d)), ext_seeds::sec_dns_update)),
    ("rgp:update", |d| extended(d, |d| verb("update", domain_update(d)), ext_seeds::rgp_update)),
    ("fee:check", |d| extended(d, |d| verb("check", names(d, DOMAIN)), ext_seeds::fee_check)),
    ("fee:create", |d| {
        extended(d, |d| verb("create", domain_create(d)), |d| ext_seeds::fee_given(d, "create"))
    }),
    ("fee:renew", |d| extended(d, |d| verb("renew", domain_renew(d)), |d| ext_seeds::fee_given(d, "renew"))),
    ("fee:transfer", |d| {
        extended(d, |d| transfer(d, domain_transfer), |d| ext_seeds::fee_given(d, "transfer"))
    }),
    ("fee:update", |d| {
        extended(d, |d| verb("update", domain_update(d)), |d| ext_seeds::fee_given(d, "update"))
    }),
    ("contact:check", |d| command(d, |d| verb("check", contact_check(d)))),
    ("contact:info", |d| command(d, |d| verb("info", contact_asked(d, "info")))),
    ("contact:create", |d| command(d, |d| verb("create", contact_create(d)))),
    ("contact:create", |d| command(d, |d| verb("create", contact_create(d)))),
    ("contact:delete", |d| command(d, |d| verb("delete", el(CONTACT, "delete").kid(id(d))))),
    ("contact:transfer", |d| command(d, |d| transfer(d, |d| contact_asked(d, "transfer")))),
    ("contact:update", |d| command(d, |d| verb("update", contact_update(d)))),
    ("contact:update", |d| command(d, |d| verb("update", contact_update(d)))),
    ("addlEmail:addlEmail", |d| extended(d, |d| verb("create", contact_create(d)), ext_seeds::addl_email)),
    ("ttl:info", |d| extended(d, |d| verb("info", domain_info(d)), ext_seeds::ttl_info)),
    ("ttl:create", |d| extended(d, |d| verb("create", domain_create(d)), |d| ext_seeds::ttls(d, "create"))),
    ("ttl:update", |d| extended(d, |d| verb("update", host_update(d)), |d| ext_seeds::ttls(d, "update"))),
    ("allocationToken:allocationToken", |d| {
        extended(d, |d| verb("create", domain_create(d)), ext_seeds::allocation_token)
    }),
    ("allocationToken:info", |d| extended(d, |d| verb("info", domain_info(d)), ext_seeds::allocation_info)),
    ("launch:check", |d| extended(d, |d| verb("check", names(d, DOMAIN)), launch_seeds::check)),
    ("launch:info", |d| extended(d, |d| verb("info", domain_info(d)), launch_seeds::info)),
    ("launch:create", |d| extended(d, |d| verb("create", domain_create(d)), launch_seeds::create)),
    ("launch:create", |d| extended(d, |d| verb("create", domain_create(d)), launch_seeds::create)),
    ("launch:update", |d| {
        extended(d, |d| verb("update", domain_update(d)), |d| launch_seeds::application(d, "update"))
    }),
    ("launch:delete", |d| {
        extended(d, |d| verb("delete", one(d, DOMAIN, "delete")), |d| launch_seeds::application(d, "delete"))
    }),
    ("host:check", |d| command(d, |d| verb("check", names(d, HOST)))),
    ("host:info", |d| command(d, |d| verb("info", one(d, HOST, "info")))),
    ("host:create", |d| command(d, |d| verb("create", host_create(d)))),
    ("host:delete", |d| command(d, |d| verb("delete", one(d, HOST, "delete")))),
    ("host:update", |d| command(d, |d| verb("update", host_update(d)))),
    ("maint:info", |d| command(d, |d| verb("info", ext_seeds::maintenance_info(d)))),
    ("balance:info", |d| command(d, |_| verb("info", el(BALANCE, "info")))),
];

/// A whole frame.
pub fn frame(seed: Seed, dice: &mut Dice) -> Node {
    el(EPP, "epp").kid(seed(dice))
}

// RFC 5730

fn command(d: &mut Dice, inner: fn(&mut Dice) -> Node) -> Node {
    let mut node = el(EPP, "command").kid(inner(d));
    if d.once_in(6) {
        let extension =
            el(EPP, "extension").kids(some(d, 1, 2, |d| leaf(FOREIGN, "thing", d.pick(&["", "x"]))));
        node = node.kid(extension);
    }
    node.kids(maybe(d, |d| leaf(EPP, "clTRID", d.pick(&["ABC-12345", "abc", " x  y ", "é<&>\"'"]))))
}

/// A command with an extension of ours.
fn extended(d: &mut Dice, inner: fn(&mut Dice) -> Node, extension: fn(&mut Dice) -> Node) -> Node {
    let node = el(EPP, "command").kid(inner(d)).kid(el(EPP, "extension").kid(extension(d)));
    node.kids(maybe(d, |_| leaf(EPP, "clTRID", "ABC-12345")))
}

fn login(d: &mut Dice) -> Node {
    let options =
        el(EPP, "options").kid(leaf(EPP, "version", "1.0")).kid(leaf(EPP, "lang", d.pick(&["en", "fr"])));
    let mut services = el(EPP, "svcs").kids([DOMAIN, CONTACT, HOST].map(|ns| leaf(EPP, "objURI", ns)));
    if d.once_in(2) {
        services = services
            .kid(el(EPP, "svcExtension").kids(some(d, 1, 2, |_| leaf(EPP, "extURI", "urn:example:x"))));
    }
    let login = el(EPP, "login").kid(leaf(EPP, "clID", "ClientX")).kid(leaf(EPP, "pw", "foo-BAR2"));
    login.kids(maybe(d, |_| leaf(EPP, "newPW", "bar-FOO2"))).kid(options).kid(services)
}

fn poll(d: &mut Dice) -> Node {
    if d.once_in(2) {
        el(EPP, "poll").attr("op", "req")
    } else {
        el(EPP, "poll").attr("op", "ack").attr("msgID", "12345")
    }
}

fn verb(name: &str, inner: Node) -> Node {
    el(EPP, name).kid(inner)
}

fn transfer(d: &mut Dice, inner: fn(&mut Dice) -> Node) -> Node {
    let op = d.pick(&["query", "request", "approve", "reject", "cancel"]);
    verb("transfer", inner(d)).attr("op", op)
}

// Parts of the mappings

pub fn name(d: &mut Dice, ns: &str, element: &str) -> Node {
    leaf(
        ns,
        element,
        d.pick(&["example.example", "EXAMPLE.example", "ns1.example.example", "a.b", " x.example\n"]),
    )
}

fn names(d: &mut Dice, ns: &str) -> Node {
    el(ns, "check").kids(some(d, 1, 4, |d| name(d, ns, "name")))
}

fn one(d: &mut Dice, ns: &str, element: &str) -> Node {
    el(ns, element).kid(name(d, ns, "name"))
}

pub fn id(d: &mut Dice) -> Node {
    leaf(CONTACT, "id", handle(d))
}

pub fn handle(d: &mut Dice) -> &'static str {
    d.pick(&["sh8013", "SH8013", "abc", "sixteen-letters1", " a  b "])
}

fn auth(d: &mut Dice, ns: &str) -> Node {
    let inner = match d.below(6) {
        0 => el(ns, "pw"),
        1 => leaf(ns, "pw", "2fooBAR").attr("roid", "JD1234-REP"),
        2 => el(ns, "ext").kid(leaf(FOREIGN, "thing", "x")),
        _ => leaf(ns, "pw", d.pick(&["2fooBAR", " 2foo\n BAR  ", "🦀"])),
    };
    el(ns, "authInfo").kid(inner)
}

fn period(d: &mut Dice) -> Node {
    leaf(DOMAIN, "period", d.pick(&["1", "2", "10", "99", " 3 ", "05"])).attr("unit", d.pick(&["y", "m"]))
}

pub fn address(d: &mut Dice, ns: &str, element: &str) -> Node {
    match d.below(3) {
        0 => leaf(ns, element, "192.0.2.1"),
        1 => leaf(ns, element, "192.0.2.2").attr("ip", "v4"),
        _ => leaf(ns, element, " 2001:db8::1 ").attr("ip", "v6"),
    }
}

pub fn status(d: &mut Dice, ns: &str) -> Node {
    let values: &[&str] = match ns {
        DOMAIN => &["clientHold", "clientRenewProhibited", "serverHold", "ok", "inactive", "pendingRenew"],
        CONTACT => &["clientTransferProhibited", "clientDeleteProhibited", "linked", "ok"],
        _ => &["clientUpdateProhibited", "clientDeleteProhibited", "linked", "ok"],
    };
    let value = d.pick(values);
    match d.below(4) {
        0 => leaf(ns, "status", "Payment\toverdue. ").attr("s", value).attr("lang", "en"),
        1 => leaf(ns, "status", "impayé").attr("lang", "fr-CA").attr("s", value),
        _ => el(ns, "status").attr("s", value),
    }
}

// RFC 5731

fn domain_info(d: &mut Dice) -> Node {
    let mut asked = name(d, DOMAIN, "name");
    if d.once_in(2) {
        asked = asked.attr("hosts", d.pick(&["all", "del", "sub", "none"]));
    }
    el(DOMAIN, "info").kid(asked).kids(maybe(d, |d| auth(d, DOMAIN)))
}

pub fn name_servers(d: &mut Dice) -> Node {
    if d.once_in(2) {
        return el(DOMAIN, "ns").kids(some(d, 1, 3, |d| name(d, DOMAIN, "hostObj")));
    }
    el(DOMAIN, "ns").kids(some(d, 1, 3, |d| {
        el(DOMAIN, "hostAttr")
            .kid(name(d, DOMAIN, "hostName"))
            .kids(some(d, 0, 2, |d| address(d, DOMAIN, "hostAddr")))
    }))
}

pub fn contact(d: &mut Dice) -> Node {
    leaf(DOMAIN, "contact", handle(d)).attr("type", d.pick(&["admin", "tech", "billing"]))
}

fn domain_create(d: &mut Dice) -> Node {
    el(DOMAIN, "create")
        .kid(name(d, DOMAIN, "name"))
        .kids(maybe(d, period))
        .kids(maybe(d, name_servers))
        .kids(maybe(d, |d| leaf(DOMAIN, "registrant", handle(d))))
        .kids(some(d, 0, 3, contact))
        .kid(auth(d, DOMAIN))
}

fn domain_renew(d: &mut Dice) -> Node {
    let day = d.pick(&["2027-04-03", "2028-02-29", " 2027-01-31 ", "2027-04-03Z", "2027-04-03+14:00"]);
    el(DOMAIN, "renew")
        .kid(name(d, DOMAIN, "name"))
        .kid(leaf(DOMAIN, "curExpDate", day))
        .kids(maybe(d, period))
}

fn domain_transfer(d: &mut Dice) -> Node {
    el(DOMAIN, "transfer")
        .kid(name(d, DOMAIN, "name"))
        .kids(maybe(d, period))
        .kids(maybe(d, |d| auth(d, DOMAIN)))
}

fn domain_difference(d: &mut Dice, element: &str) -> Node {
    let node = el(DOMAIN, element).kids(maybe(d, name_servers)).kids(some(d, 0, 2, contact));
    node.kids(some(d, 0, 3, |d| status(d, DOMAIN)))
}

fn domain_change(d: &mut Dice) -> Node {
    let chg = el(DOMAIN, "chg").kids(maybe(d, |d| {
        if d.once_in(3) { el(DOMAIN, "registrant") } else { leaf(DOMAIN, "registrant", handle(d)) }
    }));
    chg.kids(maybe(d, |d| {
        if d.once_in(4) { el(DOMAIN, "authInfo").kid(el(DOMAIN, "null")) } else { auth(d, DOMAIN) }
    }))
}

fn domain_update(d: &mut Dice) -> Node {
    el(DOMAIN, "update")
        .kid(name(d, DOMAIN, "name"))
        .kids(maybe(d, |d| domain_difference(d, "add")))
        .kids(maybe(d, |d| domain_difference(d, "rem")))
        .kids(maybe(d, domain_change))
}

// RFC 5733

fn contact_check(d: &mut Dice) -> Node {
    el(CONTACT, "check").kids(some(d, 1, 4, id))
}

fn contact_asked(d: &mut Dice, element: &str) -> Node {
    el(CONTACT, element).kid(id(d)).kids(maybe(d, |d| auth(d, CONTACT)))
}

fn place(d: &mut Dice) -> Node {
    el(CONTACT, "addr")
        .kids(some(d, 0, 3, |d| leaf(CONTACT, "street", d.pick(&["123 Example Dr.", "Suite\n100", ""]))))
        .kid(leaf(CONTACT, "city", d.pick(&["Dulles", "東京", " "])))
        .kids(maybe(d, |d| leaf(CONTACT, "sp", d.pick(&["VA", ""]))))
        .kids(maybe(d, |d| leaf(CONTACT, "pc", d.pick(&["20166-6503", "", "  1   2  "]))))
        .kid(leaf(CONTACT, "cc", d.pick(&["US", "JP", " fr "])))
}

fn person(d: &mut Dice) -> Node {
    leaf(CONTACT, "name", d.pick(&["John Doe", "Zoë & Søn <x>", " J\tD "]))
}

fn organisation(d: &mut Dice) -> Node {
    leaf(CONTACT, "org", d.pick(&["Example Inc.", ""]))
}

pub fn card(d: &mut Dice, form: &str) -> Node {
    let node = el(CONTACT, "postalInfo").attr("type", form);
    node.kid(person(d)).kids(maybe(d, organisation)).kid(place(d))
}

pub fn cards(d: &mut Dice, make: fn(&mut Dice, &str) -> Node) -> Vec<Node> {
    let forms: &[&str] = d.pick::<&[&str]>(&[&["int"], &["loc"], &["int", "loc"], &["loc", "int"]]);
    forms.iter().map(|form| make(d, form)).collect()
}

pub fn phone(d: &mut Dice, element: &str) -> Node {
    let node = leaf(CONTACT, element, d.pick(&["+1.7035555555", "+123.1", "", "  +81.1 "]));
    if d.once_in(2) { node.attr("x", d.pick(&["1234", "", " a  b "])) } else { node }
}

pub fn email(d: &mut Dice) -> Node {
    leaf(CONTACT, "email", d.pick(&["jdoe@example.com", " a@b.example "]))
}

pub fn disclose(d: &mut Dice) -> Node {
    let mut node = el(CONTACT, "disclose").attr("flag", d.pick(&["0", "1", "true", "false", " 1 "]));
    for element in ["name", "org", "addr"] {
        for form in ["int", "loc"] {
            node = node.kids(maybe(d, |_| el(CONTACT, element).attr("type", form)));
        }
    }
    for element in ["voice", "fax", "email"] {
        node = node.kids(maybe(d, |_| el(CONTACT, element)));
    }
    node
}

fn contact_create(d: &mut Dice) -> Node {
    el(CONTACT, "create")
        .kid(id(d))
        .kids(cards(d, card))
        .kids(maybe(d, |d| phone(d, "voice")))
        .kids(maybe(d, |d| phone(d, "fax")))
        .kid(email(d))
        .kid(auth(d, CONTACT))
        .kids(maybe(d, disclose))
}

fn contact_update(d: &mut Dice) -> Node {
    let statuses =
        |d: &mut Dice, element: &str| el(CONTACT, element).kids(some(d, 1, 3, |d| status(d, CONTACT)));
    let part = |d: &mut Dice, form: &str| {
        let node = el(CONTACT, "postalInfo").attr("type", form);
        node.kids(maybe(d, person)).kids(maybe(d, organisation)).kids(maybe(d, place))
    };
    let change = |d: &mut Dice| {
        let cards = if d.once_in(2) { cards(d, part) } else { Vec::new() };
        el(CONTACT, "chg")
            .kids(cards)
            .kids(maybe(d, |d| phone(d, "voice")))
            .kids(maybe(d, |d| phone(d, "fax")))
            .kids(maybe(d, email))
            .kids(maybe(d, |d| auth(d, CONTACT)))
            .kids(maybe(d, disclose))
    };
    el(CONTACT, "update")
        .kid(id(d))
        .kids(maybe(d, |d| statuses(d, "add")))
        .kids(maybe(d, |d| statuses(d, "rem")))
        .kids(maybe(d, change))
}

// RFC 5732

fn host_create(d: &mut Dice) -> Node {
    el(HOST, "create").kid(name(d, HOST, "name")).kids(some(d, 0, 3, |d| address(d, HOST, "addr")))
}

fn host_update(d: &mut Dice) -> Node {
    let difference = |d: &mut Dice, element: &str| {
        let node = el(HOST, element).kids(some(d, 0, 2, |d| address(d, HOST, "addr")));
        node.kids(some(d, 0, 2, |d| status(d, HOST)))
    };
    el(HOST, "update")
        .kid(name(d, HOST, "name"))
        .kids(maybe(d, |d| difference(d, "add")))
        .kids(maybe(d, |d| difference(d, "rem")))
        .kids(maybe(d, |d| one(d, HOST, "chg")))
}

// Choices

pub fn maybe(d: &mut Dice, make: impl FnOnce(&mut Dice) -> Node) -> Option<Node> {
    if d.once_in(2) { Some(make(d)) } else { None }
}

pub fn some(d: &mut Dice, least: usize, most: usize, make: impl Fn(&mut Dice) -> Node) -> Vec<Node> {
    let n = least + d.below(most - least + 1);
    (0..n).map(|_| make(d)).collect()
}
