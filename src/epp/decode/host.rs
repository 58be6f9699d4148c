//! Host commands (RFC 5732 section 3).

use super::domain::asked_names;
use super::{HOST_ADDR, LABEL, domain_name, host_addr, statuses};
use crate::epp::command::{Command, HostAddRem, HostCheck, HostCreate, HostDelete, HostInfo, HostUpdate};
use crate::epp::types::HostAddrs;
use crate::epp::xml::shape::{MANY, Shape, many, one, opt, optional, required};
use crate::epp::xml::simple::{ANY, Simple};
use crate::epp::xml::tree::El;
use crate::refusal::Refusal;

const ONE_NAME: Shape = Shape::Sequence(&[one("name", &LABEL)], &[]);
const MANY_NAMES: Shape = Shape::Sequence(&[many("name", 1, MANY, &LABEL)], &[]);
const CREATE: Shape = Shape::Sequence(&[one("name", &LABEL), many("addr", 0, MANY, &HOST_ADDR)], &[]);
const STATUS: Shape = Shape::Text(
    Simple::Line(0, ANY),
    &[
        required(
            "s",
            Simple::OneOf(&[
                "clientDeleteProhibited",
                "clientUpdateProhibited",
                "linked",
                "ok",
                "pendingCreate",
                "pendingDelete",
                "pendingTransfer",
                "pendingUpdate",
                "serverDeleteProhibited",
                "serverUpdateProhibited",
            ]),
        ),
        optional("lang", Simple::Language),
    ],
);
const ADD_REM: Shape =
    Shape::Sequence(&[many("addr", 0, MANY, &HOST_ADDR), many("status", 0, 7, &STATUS)], &[]);
const UPDATE: Shape = Shape::Sequence(
    &[one("name", &LABEL), opt("add", &ADD_REM), opt("rem", &ADD_REM), opt("chg", &ONE_NAME)],
    &[],
);

/// Reads a host command.
pub(super) fn read(el: El<'_>) -> Result<Command, Refusal> {
    match el.name() {
        "check" => {
            MANY_NAMES.check(el)?;
            Ok(Command::HostCheck(HostCheck { names: asked_names(el) }))
        }
        "create" => {
            CREATE.check(el)?;
            Ok(Command::HostCreate(HostCreate::of(domain_name(el.need("name")?)?, addrs(el)?)))
        }
        "delete" => {
            ONE_NAME.check(el)?;
            Ok(Command::HostDelete(HostDelete { name: domain_name(el.need("name")?)? }))
        }
        "info" => {
            ONE_NAME.check(el)?;
            Ok(Command::HostInfo(HostInfo { name: domain_name(el.need("name")?)?, ttl: None }))
        }
        _ => {
            UPDATE.check(el)?;
            update(el).map(Command::HostUpdate)
        }
    }
}

fn update(el: El<'_>) -> Result<HostUpdate, Refusal> {
    Ok(HostUpdate {
        name: domain_name(el.need("name")?)?,
        add: el.child("add").map(add_rem).transpose()?,
        rem: el.child("rem").map(add_rem).transpose()?,
        new_name: el.child("chg").map(|chg| domain_name(chg.need("name")?)).transpose()?,
        ttl: Vec::new(),
        admin: None,
    })
}

fn add_rem(el: El<'_>) -> Result<HostAddRem, Refusal> {
    Ok(HostAddRem { addrs: addrs(el)?, statuses: statuses(el)? })
}

fn addrs(el: El<'_>) -> Result<HostAddrs, Refusal> {
    el.children_named("addr").map(host_addr).collect::<Result<_, _>>().map(HostAddrs)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{refused, run};
    use super::*;
    use crate::epp::types::{DomainName, HostStatus, Note};
    use crate::refusal::Reason;

    fn create(addr: &str) -> String {
        format!("<create><host:create><host:name>ns.a.tld</host:name>{addr}</host:create></create>")
    }

    #[test]
    fn addresses_are_of_their_family_and_written_in_full() {
        for (attr, text, expected) in [
            ("", "192.0.2.1", "192.0.2.1"),
            (" ip='v4'", " 192.0.2.1\n", "192.0.2.1"),
            (" ip='v6'", "2001:DB8:0:0::1", "2001:db8::1"),
            (" ip='v6'", "::ffff:192.0.2.1", "::ffff:192.0.2.1"),
        ] {
            let Ok(Command::HostCreate(create)) =
                run(&create(&format!("<host:addr{attr}>{text}</host:addr>")))
            else {
                panic!("{text}")
            };
            assert_eq!(create.addrs, HostAddrs(vec![expected.parse().unwrap()]), "{text}");
        }
        for (attr, text, reason) in [
            ("", "2001:db8::1", Reason::BadAddress),
            (" ip='v6'", "192.0.2.1", Reason::BadAddress),
            ("", "192.0.2.256", Reason::BadAddress),
            ("", "192.0.2.01", Reason::BadAddress),
            ("", "192.0.2", Reason::BadAddress),
            ("", "192.0.2.1/32", Reason::BadAddress),
            (" ip='v6'", "fe80::1%eth0", Reason::BadAddress),
            (" ip='v6'", "[2001:db8::1]", Reason::BadAddress),
            (" ip='v6'", "::", Reason::BadValue),
            ("", "12", Reason::BadValue),
            (" ip='v5'", "192.0.2.1", Reason::BadValue),
        ] {
            assert_eq!(
                refused(&create(&format!("<host:addr{attr}>{text}</host:addr>"))),
                (reason, "addr".into(), text.into())
            );
        }
    }

    #[test]
    fn an_update_is_read_whole() {
        let name = |text| DomainName::parse(text).unwrap();
        let update = "<update><host:update><host:name>ns1.a.tld</host:name><host:add><host:addr>192.0.2.1</host:addr>\
            <host:status s='clientUpdateProhibited'>x</host:status></host:add><host:rem/><host:chg><host:name>NS2.a.tld</host:name>\
            </host:chg></host:update></update>";
        let note = Some(Note { lang: "en".into(), text: "x".into() });
        let expected = HostUpdate {
            name: name("ns1.a.tld"),
            add: Some(HostAddRem {
                addrs: HostAddrs(vec!["192.0.2.1".parse().unwrap()]),
                statuses: vec![(HostStatus::ClientUpdateProhibited, note)],
            }),
            rem: Some(HostAddRem::default()),
            new_name: Some(name("ns2.a.tld")),
            ttl: Vec::new(),
            admin: None,
        };
        assert_eq!(run(update), Ok(Command::HostUpdate(expected)));
        for (from, to) in [
            ("<host:name>NS2.a.tld</host:name>", ""),
            ("clientUpdateProhibited", "clientTransferProhibited"),
            ("<host:rem/>", &format!("<host:rem>{}</host:rem>", "<host:status s='ok'/>".repeat(8))),
        ] {
            assert_eq!(refused(&update.replace(from, to)).0.code(), 2001, "{to}");
        }
    }

    #[test]
    fn the_smaller_commands_are_read() {
        let name = DomainName::parse("ns.a.tld").unwrap();
        assert_eq!(
            run("<info><host:info><host:name>ns.a.tld</host:name></host:info></info>"),
            Ok(Command::HostInfo(HostInfo { name: name.clone(), ttl: None }))
        );
        assert_eq!(
            run("<delete><host:delete><host:name>ns.a.tld</host:name></host:delete></delete>"),
            Ok(Command::HostDelete(HostDelete { name }))
        );
        assert_eq!(refused("<check><host:check/></check>").0, Reason::MissingElement);
    }
}
