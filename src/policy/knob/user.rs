//! The knobs of users: which an account has, and how often a login may fail.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// Which users an account has.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IdentityPolicy {
    /// One EPP user, or as many as the account likes.
    pub model: IdentityModel,
    /// The services a user may belong to.
    pub service_types: BTreeSet<Service>,
}

/// How many EPP users an account has (C33).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IdentityModel {
    /// One.
    Single,
    /// Any number, each with its meta-roles.
    ServiceUsers,
}

/// When failed logins are answered without being tried.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ThrottlePolicy {
    /// So many failures within the window block; 0 never.
    pub max_failures: u32,
    /// The window.
    pub window_s: i64,
    /// From the last of them until logins are tried again.
    pub block_s: i64,
    /// What failures are counted by, and what is blocked.
    pub key: BTreeSet<ThrottleKey>,
}

/// Makes an enum whose values have one name each: in profiles, in the database, on the command line.
macro_rules! named {
    ($(#[$meta:meta])* $kind:ident { $($(#[$doc:meta])* $variant:ident = $name:literal,)* }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $kind { $($(#[$doc])* #[serde(rename = $name)] $variant,)* }

        impl $kind {
            /// Every value.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// Its name.
            #[must_use]
            pub const fn name(self) -> &'static str { match self { $(Self::$variant => $name,)* } }

            /// The value of that name.
            #[must_use]
            pub fn parse(name: &str) -> Option<Self> { Self::ALL.iter().copied().find(|v| v.name() == name) }
        }

        impl std::fmt::Display for $kind {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str(self.name()) }
        }
    };
}

named! {
    /// What a user logs in to; it can log in nowhere else (S102, S103).
    Service {
        /// This server.
        Epp = "epp",
        /// The availability service.
        Das = "das",
        /// The service for DS records.
        Dsu = "dsu",
    }
}

named! {
    /// A meta-role of a service user (S105).
    MetaRole {
        /// Registers and takes over domains.
        Registrar = "registrar",
        /// Administers domains and contacts.
        Proxy = "proxy",
        /// Spends money on what is there.
        Payer = "payer",
        /// Administers name servers.
        NameServerAdministrator = "name_server_administrator",
    }
}

named! {
    /// What failed logins are counted by.
    ThrottleKey {
        /// The login name given, whether anybody has it or not.
        User = "user",
        /// The address of the connection.
        Address = "address",
    }
}

named! {
    /// A kind of character in a password.
    CharClass {
        /// Upper case letters.
        Upper = "upper",
        /// Lower case letters.
        Lower = "lower",
        /// Digits.
        Digit = "digit",
        /// Everything else.
        Special = "special",
    }
}

pub(super) use named;

/// The meta-roles a user has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Roles(BTreeSet<MetaRole>);

impl Roles {
    /// All of them, which is what the one user of an account has.
    #[must_use]
    pub fn all() -> Self {
        Self(MetaRole::ALL.iter().copied().collect())
    }

    /// From names with blanks or commas between them.
    ///
    /// # Errors
    /// The name that no role has.
    pub fn parse(text: &str) -> Result<Self, &str> {
        let names = text.split([' ', ',']).filter(|name| !name.is_empty());
        names.map(|name| MetaRole::parse(name).ok_or(name)).collect::<Result<_, _>>().map(Self)
    }

    /// The names, with blanks between them.
    #[must_use]
    pub fn to_text(&self) -> String {
        self.names().collect::<Vec<_>>().join(" ")
    }

    /// The names.
    pub fn names(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.0.iter().map(|role| role.name())
    }

    /// Whether one of those is among them.
    #[must_use]
    pub fn any_of(&self, needed: &BTreeSet<MetaRole>) -> bool {
        !self.0.is_disjoint(needed)
    }
}

impl FromIterator<MetaRole> for Roles {
    fn from_iter<I: IntoIterator<Item = MetaRole>>(roles: I) -> Self {
        Self(roles.into_iter().collect())
    }
}
