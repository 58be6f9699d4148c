//! Extensions: one file per namespace, and the table that the greeting, the check of what was named at login, the
//! schemas' shapes, the masks of the log and the README are all read from.
//!
//! A codec turns its elements of a command into typed fields of that command and typed fields of a reply into its
//! element of the answer. No flow sees XML, and none asks whether an extension was named: the gate refuses a command
//! that carries one that was not, and an answer is written with what its client logged in for and nothing else.

mod addl_email;
mod allocation_token;
mod change_poll;
mod fee;
mod launch;
mod login_sec;
mod rgp;
mod sec_dns;
mod secure_authinfo;
mod ttl;
mod unhandled;

use super::command::Command;
use super::ns::{Ns, Services};
use super::reply::Reply;
use super::xml::shape::{Shape, unexpected};
use super::xml::tree::{El, Space};
use super::xml::writer::Writer;
use crate::refusal::{Offender, Refusal};

/// One extension: everything about it that is not its typed data.
#[derive(Debug)]
struct Codec {
    /// Its name in profiles and in the README.
    name: &'static str,
    /// Its namespace.
    uri: &'static str,
    /// The prefix this server writes.
    prefix: &'static str,
    /// How that prefix is declared.
    declaration: &'static str,
    /// What its schema declares at the top: elements that may stand where any known element may.
    globals: &'static [&'static str],
    /// The elements it adds to commands.
    commands: &'static [InCommand],
    /// Local names of elements whose content is a secret.
    secrets: &'static [&'static str],
    /// Writes what a reply holds for it, or nothing.
    answer: fn(&mut Writer, &Reply),
}

/// An element that an extension adds to commands.
#[derive(Debug)]
struct InCommand {
    element: &'static str,
    shape: &'static Shape,
    /// Puts what it says into the command; false when the command is none it belongs to.
    read: fn(El<'_>, &mut Command) -> Result<bool, Refusal>,
}

/// Makes the enum of extensions and binds each to its file.
macro_rules! extensions {
    ($($(#[$doc:meta])* $name:ident => $file:ident;)*) => {
        /// An extension this server can speak. Which of them it does speak, the profile says.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Ext { $($(#[$doc])* $name,)* }

        impl Ext {
            /// Every extension, in the order the greeting lists them.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            const fn codec(self) -> &'static Codec {
                match self { $(Self::$name => &$file::CODEC,)* }
            }
        }
    };
}

extensions! {
    /// Authorization information of transfers (RFC 9154).
    SecureAuthInfo => secure_authinfo;
    /// Data of messages that a client cannot read (RFC 9038).
    Unhandled => unhandled;
    /// DNSSEC data (RFC 5910).
    SecDns => sec_dns;
    /// Grace periods and redemption (RFC 3915).
    Rgp => rgp;
    /// Fees (RFC 8748).
    Fee => fee;
    /// A second e-mail address of contacts (RFC 9873).
    AddlEmail => addl_email;
    /// Lifetimes of records (RFC 9803).
    Ttl => ttl;
    /// Security of logins (RFC 8807).
    LoginSec => login_sec;
    /// Allocation tokens (RFC 8495).
    AllocationToken => allocation_token;
    /// Launch phases (RFC 8334), with marks (RFC 7848).
    Launch => launch;
    /// Changes that a sponsor did not make himself (RFC 8590).
    ChangePoll => change_poll;
}

impl Ext {
    /// The name in profiles and in the README: `rgp-1.0`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.codec().name
    }

    /// The namespace, as greeting and login name it.
    #[must_use]
    pub const fn uri(self) -> &'static str {
        self.codec().uri
    }

    /// The prefix this server writes.
    #[must_use]
    pub const fn prefix(self) -> &'static str {
        self.codec().prefix
    }

    /// How the prefix is declared: `xmlns:rgp`.
    pub(super) const fn declaration(self) -> &'static str {
        self.codec().declaration
    }

    /// The elements its schema declares at the top.
    #[must_use]
    pub const fn globals(self) -> &'static [&'static str] {
        self.codec().globals
    }

    /// The element of a command that this is, if it is one.
    fn in_command(self, el: El<'_>) -> Option<&'static InCommand> {
        self.codec().commands.iter().find(|known| known.element == el.name())
    }

    /// The part of a reply that is its own to look at: fees stand around an answer of another kind.
    fn sees(self, reply: &Reply) -> &Reply {
        if self == Self::Fee { reply } else { reply.plain() }
    }

    /// The extension of a profile's name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|ext| ext.name() == name)
    }

    /// The extension of a namespace.
    #[must_use]
    pub fn from_uri(uri: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|ext| ext.uri() == uri)
    }

    /// Whether the content of an element of that local name is a secret of some extension.
    pub(super) fn is_secret(local: &str) -> bool {
        let of = |ext: &Self| ext.codec().secrets.iter().any(|secret| secret.eq_ignore_ascii_case(local));
        Self::ALL.iter().any(of)
    }
}

/// An extension element of a command, as far as the frame says: whether this server speaks the extension and its
/// client named it, the gate knows.
#[derive(Clone, Debug, PartialEq)]
pub struct Carried {
    /// The extension.
    pub ext: Ext,
    /// The element, without its text.
    pub element: Offender,
    /// Whether it has a place there.
    pub fit: Fit,
}

/// Whether an extension element has a place in its command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fit {
    /// It belongs to the command, which holds what it says.
    Here,
    /// It belongs to another command, or to answers.
    Elsewhere,
    /// It is there for the second time.
    Twice,
}

/// Whether the extension elements of a command follow the schemas of those extensions that are known.
///
/// # Errors
/// 2001
pub(super) fn check(extension: El<'_>) -> Result<(), Refusal> {
    for el in extension.children() {
        let Space::Known(Ns::Ext(ext)) = el.space() else { continue };
        match ext.in_command(el) {
            Some(known) => known.shape.check(el)?,
            None if ext.globals().contains(&el.name()) => {}
            None => return Err(unexpected(el)),
        }
    }
    Ok(())
}

/// Reads the extension elements of a command, which were checked, into it: those of extensions this server could
/// speak, and the rest.
///
/// # Errors
/// What the schemas let through and an extension does not.
pub(super) fn read(
    extension: El<'_>,
    command: &mut Command,
) -> Result<(Vec<Carried>, Vec<Offender>), Refusal> {
    let (mut carried, mut unknown) = (Vec::<Carried>::new(), Vec::new());
    for el in extension.children() {
        let element = el.bare_offender();
        let Space::Known(Ns::Ext(ext)) = el.space() else {
            unknown.push(element);
            continue;
        };
        let fit = match ext.in_command(el) {
            None => Fit::Elsewhere,
            Some(_) if carried.iter().any(|other| other.element == element) => Fit::Twice,
            Some(known) if (known.read)(el, command)? => Fit::Here,
            Some(_) => Fit::Elsewhere,
        };
        carried.push(Carried { ext, element, fit });
    }
    Ok((carried, unknown))
}

/// Writes the `<extension>` of an answer: what the reply holds for the extensions its client logged in with.
pub(super) fn answer(w: &mut Writer, reply: &Reply, services: Services) {
    w.unless_empty("extension", |w| {
        for ext in Ext::ALL.iter().filter(|ext| services.has(Ns::Ext(**ext))) {
            (ext.codec().answer)(w, ext.sees(reply));
        }
    });
}

/// Writes the `<extension>` of a refusal: what the client of a login that failed should know about its security.
pub(super) fn refused(w: &mut Writer, refusal: &Refusal, services: Services) {
    if services.has(Ns::Ext(Ext::LoginSec)) {
        w.unless_empty("extension", |w| login_sec::events(w, &refusal.events));
    }
}

/// The elements of a message that its reader did not log in for and is told of all the same, each with its namespace
/// (RFC 9038 section 6).
pub(super) fn unhandled(reply: &Reply, services: Services) -> Vec<(Ns, String)> {
    let mut moved = Vec::new();
    for ext in Ext::ALL.iter().filter(|ext| services.moves(Ns::Ext(**ext))) {
        let mut w = Writer::fragment();
        (ext.codec().answer)(&mut w, ext.sees(reply));
        moved.push((Ns::Ext(*ext), w.finish()));
    }
    moved.retain(|(_, element)| !element.is_empty());
    moved
}

/// For extensions without data in answers.
fn nothing(_: &mut Writer, _: &Reply) {}

/// The start of an element of an extension, where its namespace is declared.
fn open(w: &mut Writer, ext: Ext, element: &'static str) {
    w.open(element, &[(ext.declaration(), &ext.uri())]);
}

#[cfg(test)]
mod tests;
