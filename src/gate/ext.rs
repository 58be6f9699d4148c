//! Which extensions this server speaks, and whether a command may carry those it carries.

use super::{Actor, Session};
use crate::epp::command::{Command, Envelope};
use crate::epp::ext::{Ext, Fit};
use crate::epp::ns::{Ns, Services};
use crate::epp::types::Lang;
use crate::policy::{Policies, PolicyError, Profile};
use crate::refusal::{Reason, Refusal};

/// What the server's profile announces, in the order of the table. Every profile is checked: another server may run
/// by it.
pub(super) fn announced(policies: &Policies, profile: &Profile) -> Result<Vec<Ext>, PolicyError> {
    for name in policies.names() {
        let other = policies.profile(name)?;
        let unknown = other.server.ext.announce.iter().find(|ext| Ext::parse(ext).is_none());
        if let Some(unknown) = unknown {
            let known: Vec<_> = Ext::ALL.iter().map(|ext| ext.name()).collect();
            let fault = format!(
                "server.ext.announce: no extension is named {unknown:?}; there are {}",
                known.join(", ")
            );
            return Err(PolicyError::Invalid { name: name.to_owned(), fault });
        }
    }
    let named = |ext: &Ext| profile.server.ext.announce.iter().any(|name| name == ext.name());
    Ok(Ext::ALL.iter().copied().filter(named).collect())
}

/// The language of answers to a client and what they may carry; where the server announces that, messages tell it of
/// the rest in another place.
pub(super) fn reader(announced: &[Ext], actor: &Actor) -> (Lang, Services) {
    let named = actor.services();
    let moving = announced.contains(&Ext::Unhandled);
    (actor.lang, if moving { named.moving(Ns::OBJECTS, announced) } else { named })
}

/// What the client of a login that is not let in may read: the extensions that the login names and the server speaks.
pub(super) fn of_login(announced: &[Ext], command: &Command) -> Services {
    let Command::Login(login) = command else { return Services::default() };
    let named = |ext: &Ext| login.extensions.iter().any(|uri| uri == ext.uri());
    let named: Vec<_> = announced.iter().copied().filter(named).collect();
    Services::of(&[], &named)
}

/// An extension of a command must be one the server speaks and the client named at login, and have a place there.
pub(super) fn check(announced: &[Ext], session: &Session, envelope: &Envelope) -> Result<(), Refusal> {
    if let Some(unknown) = envelope.unknown_extensions.first() {
        return Err(Refusal::new(Reason::ExtensionUnknown).at(unknown.clone()));
    }
    for carried in &envelope.extensions {
        let declared = match (&session.actor, &envelope.command) {
            (Some(actor), _) => actor.extensions.contains(&carried.ext),
            // A login carries what it names itself.
            (None, Command::Login(login)) => login.extensions.iter().any(|uri| uri == carried.ext.uri()),
            (None, _) => false,
        };
        let reason = match carried.fit {
            _ if !announced.contains(&carried.ext) => Reason::ExtensionUnknown,
            _ if !declared => Reason::ExtensionNotDeclared,
            Fit::Here => continue,
            Fit::Elsewhere => Reason::ExtensionMisplaced,
            Fit::Twice => Reason::ExtensionTwice,
        };
        return Err(Refusal::new(reason).at(carried.element.clone()));
    }
    Ok(())
}
