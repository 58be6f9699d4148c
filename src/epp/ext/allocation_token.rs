//! Allocation tokens (RFC 8495): a credential for a name that is kept back, or for its price, in checks, creates and
//! requests for a transfer. Tokens are kept as digests, so that no answer shows one.

use super::{Codec, InCommand, nothing};
use crate::epp::command::Command;
use crate::epp::types::Secret;
use crate::epp::xml::shape::Shape;
use crate::epp::xml::simple::{ANY, Simple};
use crate::epp::xml::tree::El;
use crate::refusal::Refusal;

const TOKEN: Shape = Shape::Text(Simple::Token(1, ANY), &[]);
const INFO: Shape = Shape::Empty(&[]);

pub(super) const CODEC: Codec = Codec {
    name: "allocationToken-1.0",
    uri: "urn:ietf:params:xml:ns:allocationToken-1.0",
    prefix: "allocationToken",
    declaration: "xmlns:allocationToken",
    globals: &["info", "allocationToken"],
    commands: &[
        InCommand { element: "allocationToken", shape: &TOKEN, read: token },
        InCommand { element: "info", shape: &INFO, read: info },
    ],
    secrets: &["allocationToken"],
    answer: nothing,
};

fn token(el: El<'_>, command: &mut Command) -> Result<bool, Refusal> {
    let place = match command {
        Command::DomainCheck(check) => &mut check.allocation,
        Command::DomainCreate(create) => &mut create.allocation,
        Command::DomainTransferRequest(transfer) => &mut transfer.allocation,
        _ => return Ok(false),
    };
    *place = Some(Secret::new(el.token()));
    Ok(true)
}

fn info(_: El<'_>, command: &mut Command) -> Result<bool, Refusal> {
    let Command::DomainInfo(info) = command else { return Ok(false) };
    info.allocation = true;
    Ok(true)
}
