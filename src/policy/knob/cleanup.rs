//! The knobs of contacts that no domain has.

use serde::{Deserialize, Serialize};

/// When a contact that no domain has is removed by the registry. Contacts are in no zone: the server's profile says so.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CleanupPolicy {
    /// Days after its creation, where no domain ever had it; 0 for never.
    pub never_used_days: i64,
    /// Days after the last domain had it; 0 for never.
    pub unused_days: i64,
}
