//! A second e-mail address of a contact (RFC 9873).

use serde::{Deserialize, Serialize};

/// A second e-mail address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddlEmail {
    /// The address; in a command an empty one removes it.
    pub email: String,
    /// Whether it is the one to use first.
    pub primary: bool,
}
