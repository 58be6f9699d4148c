//! Valid frames of a server, for comparing schemas: the greeting, and responses with every kind of data.

use super::dice::Dice;
use super::ext_seeds::{
    addl_email, change_data, fee_checked, fee_taken, login_sec_data, maintenance_data, rgp_data,
    sec_dns_data, ttl_data,
};
use super::launch_seeds;
use super::seeds::{
    Seed, address, card, cards, contact, disclose, email, handle, id, maybe, name, name_servers, phone, some,
    status,
};
use super::tree::{CONTACT, DOMAIN, EPP, FOREIGN, HOST, Node, el, leaf};

/// Every frame a server sends.
pub const SERVER_SEEDS: &[(&str, Seed)] = &[
    ("greeting", greeting),
    ("refused", |d| response(d, |_| None)),
    ("domain:chkData", |d| response(d, |d| Some(checked(d, DOMAIN)))),
    ("domain:infData", |d| response(d, |d| Some(domain_data(d)))),
    ("secDNS:infData", |d| extended(d, |d| Some(domain_data(d)), |d| sec_dns_data(d, "infData"))),
    ("rgp:infData", |d| extended(d, |d| Some(domain_data(d)), |d| rgp_data(d, "infData"))),
    ("rgp:upData", |d| extended(d, |_| None, |d| rgp_data(d, "upData"))),
    ("ttl:infData", |d| extended(d, |d| Some(host_data(d)), ttl_data)),
    ("fee:chkData", |d| extended(d, |d| Some(checked(d, DOMAIN)), fee_checked)),
    ("fee:creData", |d| extended(d, |d| Some(created(d, DOMAIN)), |d| fee_taken(d, "creData"))),
    ("fee:renData", |d| extended(d, |d| Some(renewed(d)), |d| fee_taken(d, "renData"))),
    ("fee:trnData", |d| extended(d, |d| Some(transferred(d, DOMAIN)), |d| fee_taken(d, "trnData"))),
    ("fee:updData", |d| extended(d, |_| None, |d| fee_taken(d, "updData"))),
    ("fee:delData", |d| extended(d, |_| None, |d| fee_taken(d, "delData"))),
    ("domain:creData", |d| {
        response(d, |d| Some(created(d, DOMAIN).kids(maybe(d, |d| date(d, DOMAIN, "exDate")))))
    }),
    ("domain:renData", |d| response(d, |d| Some(renewed(d)))),
    ("domain:trnData", |d| {
        response(d, |d| Some(transferred(d, DOMAIN).kids(maybe(d, |d| date(d, DOMAIN, "exDate")))))
    }),
    ("domain:panData", |d| response(d, |d| Some(finished(d, DOMAIN)))),
    ("contact:chkData", |d| response(d, |d| Some(checked(d, CONTACT)))),
    ("contact:infData", |d| response(d, |d| Some(contact_data(d)))),
    ("addlEmail:addlEmail", |d| extended(d, |d| Some(contact_data(d)), addl_email)),
    ("loginSec:loginSecData", |d| extended(d, |_| None, login_sec_data)),
    ("launch:chkData", |d| extended(d, |_| None, launch_seeds::checked)),
    ("launch:creData", |d| {
        extended(d, |d| Some(created(d, DOMAIN)), |d| launch_seeds::application(d, "creData"))
    }),
    ("launch:infData", |d| extended(d, |d| Some(domain_data(d)), launch_seeds::data)),
    ("changePoll:changeData", |d| extended(d, |d| Some(domain_data(d)), change_data)),
    ("contact:creData", |d| response(d, |d| Some(created(d, CONTACT)))),
    ("contact:trnData", |d| response(d, |d| Some(transferred(d, CONTACT)))),
    ("contact:panData", |d| response(d, |d| Some(finished(d, CONTACT)))),
    ("maint:infData", |d| response(d, |d| Some(maintenance_data(d)))),
    ("host:chkData", |d| response(d, |d| Some(checked(d, HOST)))),
    ("host:infData", |d| response(d, |d| Some(host_data(d)))),
    ("host:creData", |d| response(d, |d| Some(created(d, HOST)))),
    ("host:panData", |d| response(d, |d| Some(finished(d, HOST)))),
];

fn date(d: &mut Dice, ns: &str, element: &str) -> Node {
    leaf(
        ns,
        element,
        d.pick(&["2026-11-24T10:00:00.0Z", "2026-11-24T10:00:00Z", "2028-02-29T24:00:00+01:00"]),
    )
}

fn who(d: &mut Dice, ns: &str, element: &str) -> Node {
    leaf(ns, element, handle(d))
}

/// The object a mapping's data begins with.
fn key(d: &mut Dice, ns: &str) -> Node {
    if ns == CONTACT { id(d) } else { name(d, ns, "name") }
}

fn greeting(d: &mut Dice) -> Node {
    let mut menu = el(EPP, "svcMenu").kids(some(d, 1, 2, |_| leaf(EPP, "version", "1.0")));
    menu = menu
        .kids(["en", "fr"].map(|l| leaf(EPP, "lang", l)))
        .kids([DOMAIN, CONTACT].map(|ns| leaf(EPP, "objURI", ns)));
    menu = menu.kids(maybe(d, |d| {
        el(EPP, "svcExtension").kids(some(d, 1, 2, |_| leaf(EPP, "extURI", "urn:example:x")))
    }));
    let mark = |parent: &str, name: &str| el(EPP, parent).kid(el(EPP, name));
    let access = d.pick(&["all", "none", "null", "other", "personal", "personalAndOther"]);
    let mut purpose = el(EPP, "purpose");
    for name in ["admin", "contact", "other", "prov"] {
        purpose = purpose.kids(maybe(d, |_| el(EPP, name)));
    }
    let mut recipient = el(EPP, "recipient")
        .kids(maybe(d, |_| el(EPP, "other")))
        .kids(some(d, 0, 2, |d| el(EPP, "ours").kids(maybe(d, |_| leaf(EPP, "recDesc", "us")))));
    for name in ["public", "same", "unrelated"] {
        recipient = recipient.kids(maybe(d, |_| el(EPP, name)));
    }
    let retention = mark("retention", d.pick(&["business", "indefinite", "legal", "none", "stated"]));
    let statement = el(EPP, "statement").kid(purpose).kid(recipient).kid(retention);
    let expiry = maybe(d, |d| {
        let until = if d.once_in(2) { leaf(EPP, "relative", "P1Y2M3DT4H") } else { date(d, EPP, "absolute") };
        el(EPP, "expiry").kid(until)
    });
    el(EPP, "greeting")
        .kid(leaf(EPP, "svID", "Example EPP server"))
        .kid(date(d, EPP, "svDate"))
        .kid(menu)
        .kid(el(EPP, "dcp").kid(mark("access", access)).kid(statement).kids(expiry))
}

fn response(d: &mut Dice, data: fn(&mut Dice) -> Option<Node>) -> Node {
    let extension = maybe(d, |d| el(EPP, "extension").kids(some(d, 1, 2, |_| leaf(FOREIGN, "thing", "x"))));
    answer(d, data, extension)
}

/// With data of an extension of ours.
fn extended(d: &mut Dice, data: fn(&mut Dice) -> Option<Node>, extension: fn(&mut Dice) -> Node) -> Node {
    let extension = el(EPP, "extension").kid(extension(d));
    answer(d, data, Some(extension))
}

fn answer(d: &mut Dice, data: fn(&mut Dice) -> Option<Node>, extension: Option<Node>) -> Node {
    let results = some(d, 1, 2, |d| {
        let msg = leaf(EPP, "msg", "Text").attr("lang", d.pick(&["en", "fr"]));
        let at = |d: &mut Dice| {
            el(EPP, "value").kid(leaf(d.pick(&[DOMAIN, "urn:example:unknown", ""]), "name", "x"))
        };
        let faults = some(d, 0, 2, |d| {
            if d.once_in(2) { at(d) } else { el(EPP, "extValue").kid(at(d)).kid(leaf(EPP, "reason", "why")) }
        });
        el(EPP, "result")
            .attr("code", d.pick(&["1000", "1301", "2001", "2308", "2502"]))
            .kid(msg)
            .kids(faults)
    });
    let queue = maybe(d, |d| {
        let msg = maybe(d, |_| {
            leaf(EPP, "msg", "Transfer <b>requested").kid(leaf("urn:example:unknown", "b", "x"))
        });
        let queue = el(EPP, "msgQ").attr("count", "5").attr("id", "12345");
        queue.kids(maybe(d, |d| date(d, EPP, "qDate"))).kids(msg)
    });
    let ids = el(EPP, "trID").kids(maybe(d, |_| leaf(EPP, "clTRID", "ABC-12345"))).kid(leaf(
        EPP,
        "svTRID",
        "54322-XYZ",
    ));
    el(EPP, "response")
        .kids(results)
        .kids(queue)
        .kids(data(d).map(|data| el(EPP, "resData").kid(data)))
        .kids(extension)
        .kid(ids)
}

fn checked(d: &mut Dice, ns: &str) -> Node {
    el(ns, "chkData").kids(some(d, 1, 3, |d| {
        let node = el(ns, "cd").kid(key(d, ns).attr("avail", d.pick(&["1", "0", "true", "false"])));
        node.kids(maybe(d, |d| {
            let reason = leaf(ns, "reason", "In use");
            if d.once_in(2) { reason.attr("lang", "en") } else { reason }
        }))
    }))
}

fn created(d: &mut Dice, ns: &str) -> Node {
    el(ns, "creData").kid(key(d, ns)).kid(date(d, ns, "crDate"))
}

fn renewed(d: &mut Dice) -> Node {
    el(DOMAIN, "renData").kid(key(d, DOMAIN)).kids(maybe(d, |d| date(d, DOMAIN, "exDate")))
}

fn transferred(d: &mut Dice, ns: &str) -> Node {
    let states = [
        "clientApproved",
        "clientCancelled",
        "clientRejected",
        "pending",
        "serverApproved",
        "serverCancelled",
    ];
    el(ns, "trnData")
        .kid(key(d, ns))
        .kid(leaf(ns, "trStatus", d.pick(&states)))
        .kid(who(d, ns, "reID"))
        .kid(date(d, ns, "reDate"))
        .kid(who(d, ns, "acID"))
        .kid(date(d, ns, "acDate"))
}

fn finished(d: &mut Dice, ns: &str) -> Node {
    let ids = el(ns, "paTRID").kids(maybe(d, |_| leaf(EPP, "clTRID", "ABC-12345"))).kid(leaf(
        EPP,
        "svTRID",
        "54322-XYZ",
    ));
    el(ns, "panData")
        .kid(key(d, ns).attr("paResult", d.pick(&["1", "0"])))
        .kid(ids)
        .kid(date(d, ns, "paDate"))
}

fn auth(ns: &str) -> Node {
    el(ns, "authInfo").kid(el(ns, "pw"))
}

fn domain_data(d: &mut Dice) -> Node {
    el(DOMAIN, "infData")
        .kid(key(d, DOMAIN))
        .kid(leaf(DOMAIN, "roid", "EXAMPLE1-REP"))
        .kids(some(d, 0, 3, |d| status(d, DOMAIN)))
        .kids(maybe(d, |d| who(d, DOMAIN, "registrant")))
        .kids(some(d, 0, 3, contact))
        .kids(maybe(d, name_servers))
        .kids(some(d, 0, 2, |d| name(d, DOMAIN, "host")))
        .kid(who(d, DOMAIN, "clID"))
        .kids(maybe(d, |d| who(d, DOMAIN, "crID")))
        .kids(maybe(d, |d| date(d, DOMAIN, "crDate")))
        .kids(maybe(d, |d| who(d, DOMAIN, "upID")))
        .kids(maybe(d, |d| date(d, DOMAIN, "upDate")))
        .kids(maybe(d, |d| date(d, DOMAIN, "exDate")))
        .kids(maybe(d, |d| date(d, DOMAIN, "trDate")))
        .kids(maybe(d, |_| auth(DOMAIN)))
}

fn contact_data(d: &mut Dice) -> Node {
    el(CONTACT, "infData")
        .kid(key(d, CONTACT))
        .kid(leaf(CONTACT, "roid", "SH8013-REP"))
        .kids(some(d, 1, 3, |d| status(d, CONTACT)))
        .kids(cards(d, card))
        .kids(maybe(d, |d| phone(d, "voice")))
        .kids(maybe(d, |d| phone(d, "fax")))
        .kid(email(d))
        .kid(who(d, CONTACT, "clID"))
        .kid(who(d, CONTACT, "crID"))
        .kid(date(d, CONTACT, "crDate"))
        .kids(maybe(d, |d| who(d, CONTACT, "upID")))
        .kids(maybe(d, |d| date(d, CONTACT, "upDate")))
        .kids(maybe(d, |d| date(d, CONTACT, "trDate")))
        .kids(maybe(d, |_| auth(CONTACT)))
        .kids(maybe(d, disclose))
}

fn host_data(d: &mut Dice) -> Node {
    el(HOST, "infData")
        .kid(key(d, HOST))
        .kid(leaf(HOST, "roid", "NS1_EXAMPLE1-REP"))
        .kids(some(d, 1, 3, |d| status(d, HOST)))
        .kids(some(d, 0, 3, |d| address(d, HOST, "addr")))
        .kid(who(d, HOST, "clID"))
        .kid(who(d, HOST, "crID"))
        .kid(date(d, HOST, "crDate"))
        .kids(maybe(d, |d| who(d, HOST, "upID")))
        .kids(maybe(d, |d| date(d, HOST, "upDate")))
        .kids(maybe(d, |d| date(d, HOST, "trDate")))
}
