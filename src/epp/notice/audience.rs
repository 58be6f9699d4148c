//! Who a notice is for, and where a registrar wants to have it.

use super::Kind;

/// What a notice is sent as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Audience {
    /// For the registrar's machines: a poll message or, with poll off, a structured mail to the automated address
    /// (S17).
    Machines,
    /// For people: mail to the general address (S15).
    General,
    /// Newsletters; nowhere else where the registrar names no address.
    Newsletter,
    /// Contracts and terms.
    Legal,
    /// Reports and exports.
    Reports,
    /// Releases, maintenance, and what was changed about the account's access.
    Technical,
    /// Abuse of domains; nowhere else where the registrar names no address.
    Abuse,
    /// Holders' data that are wrong.
    WrongData,
}

impl Audience {
    /// The categories of mail that have addresses of their own (S41).
    pub const CATEGORIES: &'static [Self] =
        &[Self::Newsletter, Self::Legal, Self::Reports, Self::Technical, Self::Abuse, Self::WrongData];

    /// Its name, on the command line and in the database.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Machines => "automated",
            Self::General => "general",
            Self::Newsletter => "newsletter",
            Self::Legal => "legal",
            Self::Reports => "reports",
            Self::Technical => "technical",
            Self::Abuse => "abuse",
            Self::WrongData => "wrong-data",
        }
    }

    /// The audience of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        let all = [Self::Machines, Self::General];
        all.iter().chain(Self::CATEGORIES).copied().find(|audience| audience.name() == name)
    }

    /// In words.
    #[must_use]
    pub const fn channel(self) -> &'static str {
        match self {
            Self::Machines => "poll, or mail to the automated address",
            Self::General => "mail to the general address",
            Self::Newsletter => "mail of the category newsletter",
            Self::Legal => "mail of the category legal",
            Self::Reports => "mail of the category reports",
            Self::Technical => "mail of the category technical",
            Self::Abuse => "mail of the category abuse",
            Self::WrongData => "mail of the category wrong-data",
        }
    }

    /// Whether it goes to the general address where the registrar named none of its own (S41).
    #[must_use]
    pub const fn falls_back(self) -> bool {
        !matches!(self, Self::Newsletter | Self::Abuse)
    }
}

impl Kind {
    /// Whether it waits in the registrar's queue while poll is on.
    #[must_use]
    pub fn is_polled(&self) -> bool {
        self.audience == Audience::Machines
    }
}
