//! Work on the service (RFC 9167): the knobs of one server.

use serde::{Deserialize, Serialize};

/// Work on the service.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MaintenancePolicy {
    /// Whether clients can ask for it, and messages show it to those that named its object service.
    pub offered: bool,
    /// How many hours before it registrars are told once more; 0: not at all.
    pub courtesy_hours: i64,
}
