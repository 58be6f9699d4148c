//! The one command on work on the service (RFC 9167 section 4.1).

use crate::epp::command::{Command, MaintenanceInfo};
use crate::epp::xml::shape::{Shape, one, optional};
use crate::epp::xml::simple::{ANY, Simple};
use crate::epp::xml::tree::El;
use crate::refusal::Refusal;

const LIST: Shape = Shape::Any;
const ID: Shape = Shape::Text(
    Simple::Token(0, ANY),
    &[optional("name", Simple::Token(0, ANY)), optional("lang", Simple::Language)],
);
const INFO: Shape = Shape::Choice(&[one("list", &LIST), one("id", &ID)]);

/// Reads a maintenance command; its name was checked.
pub(super) fn read(el: El<'_>) -> Result<Command, Refusal> {
    INFO.check(el)?;
    Ok(Command::MaintenanceInfo(match el.child("id") {
        Some(id) => MaintenanceInfo::Item(id.token().into_owned()),
        None => MaintenanceInfo::List,
    }))
}
