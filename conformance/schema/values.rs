//! Values near and at the bounds of the schemas' types, on both sides, and names of elements. Long because it is lists.

use super::dice::Dice;
use super::tree::{ADDL_EMAIL, CONTACT, DOMAIN, EPP, FOREIGN, HOST, RGP, SEC_DNS};

/// A text whose length stands at some bound of the schemas, before or after white space is collapsed.
pub fn length(dice: &mut Dice) -> String {
    let n =
        dice.pick(&[0, 1, 2, 3, 4, 5, 6, 7, 15, 16, 17, 18, 32, 33, 44, 45, 46, 64, 65, 254, 255, 256, 300]);
    let unit = dice.pick(&["a", "a", "a", "é", "🦀", "a ", " ", "a\n", "1", "e\u{301}"]);
    unit.chars().cycle().take(n).collect()
}

/// A text for an element of that name, near or at a bound of its type.
pub fn element_text(name: &str, dice: &mut Dice) -> String {
    match name {
        "period" => (dice.pick(NUMBERS)).to_owned(),
        "curExpDate" => (dice.pick(DATES)).to_owned(),
        "keyTag" | "alg" | "digestType" | "flags" | "protocol" | "maxSigLife" => {
            (dice.pick(INTEGERS)).to_owned()
        }
        "digest" => (dice.pick(HEX)).to_owned(),
        "pubKey" => (dice.pick(BASE64)).to_owned(),
        "all" => attribute_value("flag", dice),
        "delTime" | "resTime" | "notAfter" | "acceptedDate" | "regDate" | "exDate" | "proDate"
        | "execDate" => (dice.pick(MOMENTS)).to_owned(),
        "voice" | "fax" => (dice.pick(PHONES)).to_owned(),
        "lang" => (dice.pick(LANGS)).to_owned(),
        "version" => {
            (dice.pick(&["1.0", " 1.0\n", "1.1", "1", "01.0", "1.00", "1.0.0", "2.0", "1. 0"])).to_owned()
        }
        "objURI" | "extURI" => (dice.pick(URIS)).to_owned(),
        "class" => {
            (dice.pick(&["35", "-1", "+1", "", "1.0", " 7 ", "a", "00", "99999999999999999999"])).to_owned()
        }
        "label" => (dice.pick(&["a", "-a", "a-", "a--b", "A1", "", "a b", "é"])).to_owned(),
        "cc" | "jurisdiction" | "ruling" => {
            (dice.pick(&["us", "U", "USA", "", "  US ", "U S", "éé", "🦀🦀"])).to_owned()
        }
        _ => length(dice),
    }
}

/// A value for an attribute of that name.
pub fn attribute_value(name: &str, dice: &mut Dice) -> String {
    if dice.once_in(8) {
        return length(dice);
    }
    let values: &[&str] = match name {
        "op" => &[
            "req", "ack", "query", "request", "approve", "reject", "cancel", "report", " query ", "Query",
            "", "que ry",
        ],
        "msgID" => &["1", "", " 1 ", "a b"],
        "lang" => LANGS,
        "roid" => ROIDS,
        "hosts" => &["all", "del", "sub", "none", " all", "ALL", "", "all none"],
        "unit" => &["y", "m", " y ", "Y", "d", "", "ym"],
        "type" => &["int", "loc", "admin", "tech", "billing", " int ", "Int", "", "registrant"],
        "s" => STATUSES,
        "ip" => &["v4", "v6", " v6\t", "V4", "4", ""],
        "flag" | "urgent" | "primary" => {
            &["0", "1", "true", "false", " true ", "TRUE", "yes", "", "00", "2", "+1"]
        }
        _ => &["", "x", " x ", "1"],
    };
    (dice.pick(values)).to_owned()
}

pub const NAMESPACES: &[&str] = &[
    EPP,
    DOMAIN,
    CONTACT,
    HOST,
    RGP,
    SEC_DNS,
    SEC_DNS,
    ADDL_EMAIL,
    FOREIGN,
    "",
    "urn:example:unknown",
    "urn:ietf:params:xml:ns:domain-1.1",
];

pub const NAMES: &[&str] = &[
    "epp",
    "hello",
    "command",
    "response",
    "greeting",
    "extension",
    "login",
    "logout",
    "poll",
    "check",
    "info",
    "create",
    "delete",
    "renew",
    "transfer",
    "update",
    "clTRID",
    "clID",
    "pw",
    "newPW",
    "options",
    "version",
    "lang",
    "svcs",
    "objURI",
    "svcExtension",
    "extURI",
    "name",
    "id",
    "period",
    "ns",
    "hostObj",
    "hostAttr",
    "hostName",
    "hostAddr",
    "registrant",
    "contact",
    "authInfo",
    "ext",
    "null",
    "curExpDate",
    "add",
    "rem",
    "chg",
    "status",
    "postalInfo",
    "org",
    "addr",
    "street",
    "city",
    "sp",
    "pc",
    "cc",
    "voice",
    "fax",
    "email",
    "disclose",
    "infData",
    "thing",
    "Name",
    "names",
    "x",
];

pub const BLANKS: &[&str] = &[" ", "  ", "\n", "\t", "\r", " \n\t", "\u{a0}", "\u{2003}", "\u{85}"];

const NUMBERS: &[&str] = &[
    "0",
    "1",
    "9",
    "10",
    "98",
    "99",
    "100",
    "+1",
    "-1",
    "-0",
    "00",
    "01",
    "0099",
    "00000000000000000000001",
    "1.0",
    "1.",
    "1e1",
    "0x1",
    " 1 ",
    "1 0",
    "",
    " ",
    "65535",
    "65536",
    "18446744073709551617",
    "٣",
    "１",
];

const DATES: &[&str] = &[
    "2027-04-03",
    "2027-4-3",
    "2027-04-31",
    "2027-02-29",
    "2028-02-29",
    "2100-02-29",
    "2000-02-29",
    "0000-01-01",
    "0001-01-01",
    "-0001-01-01",
    "-2027-04-03",
    "+2027-04-03",
    "12027-04-03",
    "02027-04-03",
    "027-04-03",
    "9999-12-31",
    "2027-13-01",
    "2027-00-01",
    "2027-01-00",
    "2027-01-32",
    "2027-04-03Z",
    "2027-04-03z",
    "2027-04-03+00:00",
    "2027-04-03-00:00",
    "2027-04-03+14:00",
    "2027-04-03-14:00",
    "2027-04-03+14:01",
    "2027-04-03+13:59",
    "2027-04-03+13:60",
    "2027-04-03+1:00",
    "2027-04-03+0100",
    "2027-04-03 Z",
    "2027-04-03T00:00:00",
    "2027-04-03T00:00:00Z",
    " 2027-04-03\n",
    "2027-04- 03",
    "2027/04/03",
    "20270403",
    "2027-04",
    "",
    "٢٠٢٧-04-03",
    "2027-04-03+15:00",
    "2027-04-03-13:00",
];

const PHONES: &[&str] = &[
    "",
    " ",
    "+1.2",
    "+123.45678901234",
    "+12.12345678901234",
    "+123.12345678901",
    "+123.123456789012",
    "+123.1234567890123",
    "+1.12345678901234",
    "+1.123456789012345",
    "+.1",
    "+1.",
    "+1234.1",
    "1.2",
    "+1-2",
    "+1.2 3",
    " +1.2\n",
    "+1.2x3",
    "+１.２",
    "++1.2",
    "+1..2",
];

const INTEGERS: &[&str] = &[
    "0",
    "1",
    "3",
    "255",
    "256",
    "65535",
    "65536",
    "+1",
    "-1",
    "-0",
    "+0",
    " 8 ",
    "007",
    "1.0",
    "1e1",
    "",
    "8 8",
    "٣",
    "2147483647",
    "2147483648",
    "4294967296",
    "99999999999999999999",
];

const HEX: &[&str] = &["", "0", "00", "0a0B", " 0A\n", "0 A", "0g", "0x0A", "٠٠", "49FD46E6C4B45C55D4AC"];

const BASE64: &[&str] = &[
    "AQPJ",
    "AQ==",
    "AQI=",
    "AR==",
    "AQJ=",
    "AQ=",
    "AQ",
    "A",
    "",
    " ",
    "A Q\nP\tJ",
    " AQPJ ",
    "AQ= =",
    "AQ==AQ==",
    "AQP_",
    "AQP-",
    "=AQP",
    "A===",
    "AQPJ=",
    "AQ ==",
    "é",
];

const MOMENTS: &[&str] = &[
    "2026-07-10T22:00:00.0Z",
    "2026-07-10T22:00:00",
    " 2026-07-10T22:00:00-05:30 ",
    "2028-02-29T24:00:00Z",
    "2028-02-29T24:00:00.000Z",
    "2028-02-29T24:00:01Z",
    "2027-02-29T22:00:00Z",
    "12026-07-10T22:00:00Z",
    "2026-07-10",
    "2026-07-10T22:00Z",
    "2026-07-10T22:00:60Z",
    "2026-07-10T22:60:00Z",
    "2026-07-10T25:00:00Z",
    "2026-07-10T22:00:00.Z",
    "2026-07-10T22:00:00.1234567890123Z",
    "2026-07-10T22:00:00+14:00",
    "2026-07-10T22:00:00+14:01",
    "2026-07-10T22:00:00z",
    "2026-07-10t22:00:00Z",
    "2026-07-10Z",
    "",
];

const LANGS: &[&str] = &[
    "en",
    "EN",
    "fr",
    "en-US",
    "en-us-x",
    "x-klingon",
    "i",
    "abcdefgh",
    "abcdefghi",
    "en-abcdefgh",
    "en-abcdefghi",
    "en-",
    "-en",
    "en_US",
    "",
    " ",
    " en ",
    "e n",
    "en--US",
    "1en",
    "en-1",
    "en-a-b-c-d",
    "é",
    "en-é",
    "e\u{131}",
];

const ROIDS: &[&str] = &[
    "JD1234-REP",
    "_-REP",
    "A_B-REP",
    "A-R_P",
    "A-B-C",
    "-REP",
    "A-",
    "A",
    "",
    " A-REP ",
    "A -REP",
    "A-REPREPRE",
    "A-REPREPREP",
    "é-é",
    "東-京",
    "🦀-R",
    "A+B-R",
    "A$-R",
    "A<-R",
    "A.B-R",
    "A#-R",
    "A\u{301}-R",
    "A²-R",
    "A~-R",
    "A^`|=-R",
    "A@-R",
    "A/-R",
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA-R",
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA-R",
];

const STATUSES: &[&str] = &[
    "ok",
    "inactive",
    "linked",
    "clientHold",
    "serverHold",
    "clientDeleteProhibited",
    "clientRenewProhibited",
    "clientTransferProhibited",
    "clientUpdateProhibited",
    "serverDeleteProhibited",
    "serverRenewProhibited",
    "serverTransferProhibited",
    "serverUpdateProhibited",
    "pendingCreate",
    "pendingDelete",
    "pendingRenew",
    "pendingTransfer",
    "pendingUpdate",
    " ok ",
    "OK",
    "o k",
    "",
    "clientHold serverHold",
    "unknown",
];

const URIS: &[&str] = &[
    "urn:ietf:params:xml:ns:domain-1.0",
    " urn:ietf:params:xml:ns:domain-1.0\n",
    "",
    " ",
    "a",
    "a b",
    "http://example.com/",
    "é",
    "http://a/é",
    "urn:a:b#c",
    "?",
    "#",
    "a:b:c",
    "./x",
];
