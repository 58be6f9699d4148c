//! Which changes of its objects a registrar is told of that it did not make itself (RFC 8590).

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::user::named;

/// Changes made by others.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangePollPolicy {
    /// The operations that are told, with the object's state. A transfer is told by `trnData` in any case.
    pub told: BTreeSet<ToldChange>,
    /// Whether the state before a change is told as well, in a message of its own in front.
    pub before: bool,
}

named! {
    /// An operation of RFC 8590.
    ToldChange {
        /// By the registry.
        Create = "create",
        /// By the registry, or of a registrar's whose day came.
        Delete = "delete",
        /// By the registry.
        Renew = "renew",
        /// By another registrar, the registry, or because nobody answered in time.
        Transfer = "transfer",
        /// By the registry, by another registrar with a token, or by what became of another object.
        Update = "update",
        /// By the registry.
        Restore = "restore",
        /// At the end of a registration.
        AutoRenew = "autoRenew",
        /// At the end of a registration.
        AutoDelete = "autoDelete",
        /// At the end of the time on hold.
        AutoPurge = "autoPurge",
        /// What has no name there.
        Custom = "custom",
    }
}
