//! Object statuses (RFC 5731, 5732 and 5733, each section 2.3).
//!
//! Stored are the statuses somebody set and the pending ones; `ok`, `inactive` and `linked` follow from the
//! rest and are worked out where they are shown.

use std::fmt::Debug;

use serde::{Deserialize, Serialize};

/// What the statuses of domains, hosts and contacts have in common.
pub trait Status: Copy + Debug + PartialEq + Eq + PartialOrd + Ord + 'static {
    /// Every status of this kind of object, in the schema's order.
    const ALL: &'static [Self];

    /// The name on the wire and in the database.
    fn name(self) -> &'static str;

    /// Whether a client may set and remove it (the `client...` ones).
    fn client_settable(self) -> bool {
        self.name().starts_with("client")
    }

    /// The status of that name.
    fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|s| s.name() == name)
    }
}

macro_rules! statuses {
    ($(#[$doc:meta])* $kind:ident { $($variant:ident = $name:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $kind { $(#[doc = $name] #[serde(rename = $name)] $variant,)* }

        impl Status for $kind {
            const ALL: &'static [Self] = &[$(Self::$variant,)*];
            fn name(self) -> &'static str { match self { $(Self::$variant => $name,)* } }
        }
    };
}

statuses! {
    /// RFC 5731 section 2.3.
    DomainStatus {
        ClientDeleteProhibited = "clientDeleteProhibited",
        ClientHold = "clientHold",
        ClientRenewProhibited = "clientRenewProhibited",
        ClientTransferProhibited = "clientTransferProhibited",
        ClientUpdateProhibited = "clientUpdateProhibited",
        Inactive = "inactive",
        Ok = "ok",
        PendingCreate = "pendingCreate",
        PendingDelete = "pendingDelete",
        PendingRenew = "pendingRenew",
        PendingTransfer = "pendingTransfer",
        PendingUpdate = "pendingUpdate",
        ServerDeleteProhibited = "serverDeleteProhibited",
        ServerHold = "serverHold",
        ServerRenewProhibited = "serverRenewProhibited",
        ServerTransferProhibited = "serverTransferProhibited",
        ServerUpdateProhibited = "serverUpdateProhibited",
    }
}

statuses! {
    /// RFC 5732 section 2.3.
    HostStatus {
        ClientDeleteProhibited = "clientDeleteProhibited",
        ClientUpdateProhibited = "clientUpdateProhibited",
        Linked = "linked",
        Ok = "ok",
        PendingCreate = "pendingCreate",
        PendingDelete = "pendingDelete",
        PendingTransfer = "pendingTransfer",
        PendingUpdate = "pendingUpdate",
        ServerDeleteProhibited = "serverDeleteProhibited",
        ServerUpdateProhibited = "serverUpdateProhibited",
    }
}

statuses! {
    /// RFC 5733 section 2.2.
    ContactStatus {
        ClientDeleteProhibited = "clientDeleteProhibited",
        ClientTransferProhibited = "clientTransferProhibited",
        ClientUpdateProhibited = "clientUpdateProhibited",
        Linked = "linked",
        Ok = "ok",
        PendingCreate = "pendingCreate",
        PendingDelete = "pendingDelete",
        PendingTransfer = "pendingTransfer",
        PendingUpdate = "pendingUpdate",
        ServerDeleteProhibited = "serverDeleteProhibited",
        ServerTransferProhibited = "serverTransferProhibited",
        ServerUpdateProhibited = "serverUpdateProhibited",
    }
}

/// The text a client may attach to a status it sets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// Language tag; the schema's default is `en`.
    pub lang: String,
    /// The text.
    pub text: String,
}

/// A set of statuses, each with its note, in the schema's order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StatusSet<S>(Vec<(S, Option<Note>)>);

impl<S> Default for StatusSet<S> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<S: Status> StatusSet<S> {
    /// Whether the status is in the set.
    #[must_use]
    pub fn has(&self, status: S) -> bool {
        self.0.iter().any(|(s, _)| *s == status)
    }

    /// The first of these statuses that is in the set.
    #[must_use]
    pub fn first_of(&self, statuses: &[S]) -> Option<S> {
        statuses.iter().copied().find(|s| self.has(*s))
    }

    /// Adds a status; one that is there keeps its place and takes the new note.
    pub fn insert(&mut self, status: S, note: Option<Note>) {
        self.remove(status);
        let at = self.0.iter().position(|(s, _)| *s > status).unwrap_or(self.0.len());
        self.0.insert(at, (status, note));
    }

    /// Takes a status out; says whether it was there.
    pub fn remove(&mut self, status: S) -> bool {
        let before = self.0.len();
        self.0.retain(|(s, _)| *s != status);
        self.0.len() != before
    }

    /// The statuses and their notes.
    pub fn iter(&self) -> impl Iterator<Item = &(S, Option<Note>)> {
        self.0.iter()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The form in the database: a line per status, `name`, or `name<TAB>lang<TAB>text`.
    #[must_use]
    pub fn to_text(&self) -> String {
        let line = |(s, note): &(S, Option<Note>)| match note {
            None => s.name().to_owned(),
            // Notes are normalizedString: they hold no tab and no line break.
            Some(n) => format!("{}\t{}\t{}", s.name(), n.lang, n.text),
        };
        self.0.iter().map(line).collect::<Vec<_>>().join("\n")
    }

    /// Reads the database form; what it does not know it leaves out.
    #[must_use]
    pub fn from_text(text: &str) -> Self {
        let mut set = Self::default();
        for line in text.lines() {
            let mut parts = line.splitn(3, '\t');
            let Some(status) = parts.next().and_then(S::parse) else { continue };
            let note = match (parts.next(), parts.next()) {
                (Some(lang), Some(text)) => Some(Note { lang: lang.to_owned(), text: text.to_owned() }),
                _ => None,
            };
            set.insert(status, note);
        }
        set
    }
}

impl<S: Status> FromIterator<S> for StatusSet<S> {
    fn from_iter<I: IntoIterator<Item = S>>(statuses: I) -> Self {
        let mut set = Self::default();
        for status in statuses {
            set.insert(status, None);
        }
        set
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_database_form_comes_back_whole() {
        let mut set = StatusSet::default();
        set.insert(DomainStatus::ServerHold, None);
        set.insert(DomainStatus::ClientHold, Some(Note { lang: "en".into(), text: "not paid".into() }));
        let text = set.to_text();
        assert_eq!(text, "clientHold\ten\tnot paid\nserverHold");
        assert_eq!(StatusSet::<DomainStatus>::from_text(&text), set);
    }
}
