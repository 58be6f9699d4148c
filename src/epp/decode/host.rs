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
            Ok(Command::HostCreate(HostCreate { name: domain_name(el.need("name")?)?, addrs: addrs(el)? }))
        }
        "delete" => {
            ONE_NAME.check(el)?;
            Ok(Command::HostDelete(HostDelete { name: domain_name(el.need("name")?)? }))
        }
        "info" => {
            ONE_NAME.check(el)?;
            Ok(Command::HostInfo(HostInfo { name: domain_name(el.need("name")?)? }))
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
    })
}

fn add_rem(el: El<'_>) -> Result<HostAddRem, Refusal> {
    Ok(HostAddRem { addrs: addrs(el)?, statuses: statuses(el)? })
}

fn addrs(el: El<'_>) -> Result<HostAddrs, Refusal> {
    el.children_named("addr").map(host_addr).collect::<Result<_, _>>().map(HostAddrs)
}
