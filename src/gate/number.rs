//! The number of a transaction.

use super::Gate;
use crate::epp::command::Command;

impl Gate {
    /// An svTRID. That of a registration has a number of its own behind it where the profile says so.
    pub(super) fn numbered(&self, command: Option<&Command>) -> String {
        let svtrid = self.ids().svtrid();
        match command {
            Some(Command::DomainCreate(_)) if self.profile().zone.create.tracking_no => {
                format!("{svtrid}-{}", self.ids().next())
            }
            _ => svtrid,
        }
    }
}
