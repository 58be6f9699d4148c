//! Security of logins (RFC 8807): who the client says it is, passwords longer than the core's, and what an answer to a
//! login says about its security.

use serde::{Deserialize, Serialize};

use super::{Lang, Secret};
use crate::clock::Ts;

/// What stands in the place of a password that is somewhere else. It is never a password itself.
pub const SENTINEL: &str = "[LOGIN-SECURITY]";

/// Characters of one part of a user agent that are kept.
const MAX_AGENT: usize = 255;

/// The program that logs in, by its own word; at least one part is there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserAgent {
    /// Its name and version.
    pub app: Option<String>,
    /// What it is made with.
    pub tech: Option<String>,
    /// Where it runs.
    pub os: Option<String>,
}

impl UserAgent {
    /// A part as it is kept: bounded, and without characters that move a terminal's cursor.
    #[must_use]
    pub fn part(text: &str) -> String {
        text.chars().filter(|c| !c.is_control()).take(MAX_AGENT).collect()
    }
}

/// What a login carries beside its core.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LoginSec {
    /// The program.
    pub agent: UserAgent,
    /// The password, where [`SENTINEL`] stands in its place.
    pub pw: Option<Secret>,
    /// The new password, likewise.
    pub new_pw: Option<Secret>,
}

/// What a security event is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum EventKind {
    /// A password that ends, or has ended.
    Password,
    /// A client certificate that ends, or has ended.
    Certificate,
    /// The cipher suite of the connection.
    Cipher,
    /// The version of TLS of the connection.
    TlsProtocol,
    /// A new password that does not follow the rules.
    NewPassword,
    /// A number; the event's name says of what.
    Stat,
    /// Anything else, under a name of this server's.
    Custom,
}

impl EventKind {
    /// In the schema's order.
    pub const ALL: &'static [Self] = &[
        Self::Password,
        Self::Certificate,
        Self::Cipher,
        Self::TlsProtocol,
        Self::NewPassword,
        Self::Stat,
        Self::Custom,
    ];

    /// The name on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Certificate => "certificate",
            Self::Cipher => "cipher",
            Self::TlsProtocol => "tlsProtocol",
            Self::NewPassword => "newPW",
            Self::Stat => "stat",
            Self::Custom => "custom",
        }
    }
}

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum EventLevel {
    /// Something should be done.
    Warning,
    /// Something must be done: it makes logins fail, or will without more ado.
    Error,
}

impl EventLevel {
    /// The name on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// One thing a client should know about the security of its login. Never a password.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecurityEvent {
    /// What it is about.
    pub kind: EventKind,
    /// What of that; a number and what is this server's own have one.
    pub name: Option<String>,
    /// How bad it is.
    pub level: EventLevel,
    /// When it ends, or ended.
    pub expires: Option<Ts>,
    /// What was found: a cipher suite, a version, a number.
    pub value: Option<String>,
    /// The time a number was counted in, in seconds.
    pub counted_s: Option<i64>,
    /// The language of the text.
    pub lang: Lang,
    /// What to do about it.
    pub text: String,
}

impl SecurityEvent {
    /// `xs:duration` of [`Self::counted_s`].
    #[must_use]
    pub fn duration(&self) -> Option<String> {
        const DAY: i64 = 86_400;
        self.counted_s.map(|seconds| match seconds.max(0) {
            0 => "PT0S".to_owned(),
            days if days % DAY == 0 => format!("P{}D", days / DAY),
            hours if hours % 3600 == 0 => format!("PT{}H", hours / 3600),
            seconds => format!("PT{seconds}S"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_in_the_largest_unit_that_fits() {
        let of = |seconds| {
            let event = SecurityEvent {
                kind: EventKind::Stat,
                name: None,
                level: EventLevel::Warning,
                expires: None,
                value: None,
                counted_s: Some(seconds),
                lang: Lang::En,
                text: String::new(),
            };
            event.duration().unwrap()
        };
        assert_eq!([86_400, 7200, 90_000, 61, 0].map(of), ["P1D", "PT2H", "PT25H", "PT61S", "PT0S"]);
    }

    #[test]
    fn a_part_of_an_agent_is_kept_within_bounds_and_moves_no_cursor() {
        assert_eq!(UserAgent::part("EPP \u{9b}2JSDK"), "EPP 2JSDK");
        assert_eq!(UserAgent::part(&"é".repeat(300)).chars().count(), 255);
    }
}
