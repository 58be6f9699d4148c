//! The one command on an account's balance.

use crate::epp::command::Command;
use crate::epp::xml::shape::Shape;
use crate::epp::xml::tree::El;
use crate::refusal::Refusal;

const INFO: Shape = Shape::Empty(&[]);

/// Reads a balance command; its name was checked.
pub(super) fn read(el: El<'_>) -> Result<Command, Refusal> {
    INFO.check(el)?;
    Ok(Command::BalanceInfo)
}
