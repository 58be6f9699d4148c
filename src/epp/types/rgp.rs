//! Grace periods and the restoration of a deleted domain (RFC 3915).

use serde::{Deserialize, Serialize};

use crate::clock::Ts;

/// A period of the registry in which a domain is (RFC 3915 section 3.1). Several can hold at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum RgpStatus {
    /// Created a short while ago: a delete gives the money back.
    AddPeriod,
    /// Renewed by the registry a short while ago.
    AutoRenewPeriod,
    /// Renewed by its sponsor a short while ago.
    RenewPeriod,
    /// Transferred a short while ago.
    TransferPeriod,
    /// Deleted, and past the time in which it can be restored.
    PendingDelete,
    /// Restored, and the report on that is waited for.
    PendingRestore,
    /// Deleted, and it can be restored.
    RedemptionPeriod,
}

impl RgpStatus {
    /// In the schema's order.
    pub const ALL: &'static [Self] = &[
        Self::AddPeriod,
        Self::AutoRenewPeriod,
        Self::RenewPeriod,
        Self::TransferPeriod,
        Self::PendingDelete,
        Self::PendingRestore,
        Self::RedemptionPeriod,
    ];

    /// The name on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::AddPeriod => "addPeriod",
            Self::AutoRenewPeriod => "autoRenewPeriod",
            Self::RenewPeriod => "renewPeriod",
            Self::TransferPeriod => "transferPeriod",
            Self::PendingDelete => "pendingDelete",
            Self::PendingRestore => "pendingRestore",
            Self::RedemptionPeriod => "redemptionPeriod",
        }
    }
}

/// What an update asks for a deleted domain (RFC 3915 section 4.2.5).
#[derive(Clone, Debug, PartialEq)]
pub enum Restore {
    /// `op="request"`
    Request,
    /// `op="report"`
    Report(Box<RestoreReport>),
}

/// Why and how a domain was restored. Free texts; what was XML in them is the text in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RestoreReport {
    /// The registration before it was deleted.
    pub pre_data: String,
    /// The registration as it is restored.
    pub post_data: String,
    /// When the delete was asked for.
    pub deleted_at: Ts,
    /// When the restore was asked for.
    pub restored_at: Ts,
    /// Why the domain is restored.
    pub reason: ReportText,
    /// What the registrar declares: one or two statements.
    pub statements: Vec<ReportText>,
    /// Anything else.
    pub other: Option<String>,
}

/// A text of a report with its language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportText {
    /// Language tag, `en` where none was given.
    pub lang: String,
    /// The text.
    pub text: String,
}
