//! What holds before a command is one: its transaction has a number, and a frame that is no command an answer.

use super::{Gate, Session};
use crate::epp::command::Command;
use crate::refusal::{Reason, Refusal};

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

/// A frame that is no command: 2001 and 2000 as they are, everything that needs a login to matter 2002 before it.
/// A login needs none, so its own trouble (2100) stays.
pub(super) fn refuse_frame(session: &Session, name: &str, refusal: Refusal) -> Refusal {
    if session.actor.is_none() && name != "login" && !matches!(refusal.code(), 2000 | 2001) {
        return Reason::NotLoggedIn.into();
    }
    refusal
}
