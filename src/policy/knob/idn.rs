//! The knobs of internationalised names.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::policy::ZoneTables;

/// Internationalised names and their variants.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IdnPolicy {
    /// The tables (RFC 7940) labels are taken by, in the order they are asked: built-in ones and files `TAG.xml` in
    /// `profiles_dir`. Empty: no internationalised names.
    pub tables: Vec<String>,
    /// Whether labels of letters, digits and hyphens alone are taken.
    pub ascii: bool,
    /// Who may have the variants of a name that is registered.
    pub variants: VariantPolicy,
    /// How many variants one name brings with it at most, where they are bundled.
    pub max_bundled: usize,
    /// The tables, read and put together; not a knob.
    #[serde(skip)]
    pub read: Arc<ZoneTables>,
}

/// Who may have a variant of a registered name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VariantPolicy {
    /// Nobody.
    Blocked,
    /// Who sponsors one of them, for the registrant they have, if their table allows it.
    SameRegistrant,
    /// Nobody; those their table activates are held with the name, come and go with it.
    Bundled,
}
