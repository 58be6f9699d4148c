//! Extensions: the knobs of what the greeting announces.

use serde::{Deserialize, Serialize};

/// Extensions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExtPolicy {
    /// The extensions the server speaks, by the names of the README's table. A client can name these at login and no
    /// others.
    pub announce: Vec<String>,
}
