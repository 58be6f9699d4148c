//! What a code of the registry's making is for, and whose it is (S148, S151).

/// Makes an enum of names.
macro_rules! names {
    ($($(#[$meta:meta])* $kind:ident { $($(#[$doc:meta])* $variant:ident = $name:literal,)* })*) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $kind { $($(#[$doc])* $variant,)* }

        impl $kind {
            /// Every value.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// As codes and the database write it.
            #[must_use]
            pub const fn name(self) -> &'static str { match self { $(Self::$variant => $name,)* } }

            /// The value of that name.
            #[must_use]
            pub fn parse(name: &str) -> Option<Self> { Self::ALL.iter().copied().find(|v| v.name() == name) }
        }
    )*};
}

names! {
    /// Who had a code made.
    TokenRole {
        /// The registrar.
        Registrar = "REG",
        /// The registrant.
        Owner = "OWN",
        /// The name server administrator.
        NameServerAdministrator = "NSA",
        /// The proxy.
        Proxy = "PXY",
    }

    /// What a code is for.
    TokenOperation {
        /// A transfer to another registrar.
        Transfer = "TRANSFER",
        /// A change of name servers by another registrar.
        Redelegation = "REDEL",
    }
}
