//! What the operator writes to registrars (N9, N10).

use super::{Kind, kind};
use crate::epp::types::Lang;

/// A mail of the operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mailing {
    /// What it is about, which says which addresses it goes to.
    pub about: About,
    /// What it says, in one language at least.
    pub words: Vec<(Lang, Words)>,
}

/// What it says in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// One line.
    pub subject: String,
    /// As many as it needs.
    pub body: String,
}

/// What a mail of the operator is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// Work on the service.
    Maintenance,
    /// News.
    Newsletter,
    /// Contracts and terms.
    Legal,
    /// A report that is ready.
    Report,
    /// Abuse of domains.
    Abuse,
    /// Holders' data that are wrong.
    WrongData,
}

impl Mailing {
    /// Its kind.
    #[must_use]
    pub(super) const fn kind(&self) -> &'static Kind {
        match self.about {
            About::Maintenance => &kind::MAINTENANCE,
            About::Newsletter => &kind::NEWSLETTER,
            About::Legal => &kind::LEGAL,
            About::Report => &kind::REPORT,
            About::Abuse => &kind::ABUSE,
            About::WrongData => &kind::WRONG_DATA,
        }
    }

    /// What it says in that language, or else in the first it is written in.
    #[must_use]
    pub fn words(&self, lang: Lang) -> Option<&Words> {
        let written = self.words.iter().find(|(written, _)| *written == lang);
        written.or_else(|| self.words.first()).map(|(_, words)| words)
    }
}
