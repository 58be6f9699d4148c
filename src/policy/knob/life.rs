//! The knobs of a domain's life: renewal, expiry, deletion, the time on hold after it, and grace periods (S116-S118,
//! S131-S145, S164-S168). Days are 24 hours; the calendar of a zone says where its days and months begin.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::RefusalCode;
use crate::policy::CivilZone;

/// Where days, hours and months of timed work begin.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CalendarPolicy {
    /// Whose midnight it is: `Europe/Paris`, `+01:00`.
    pub zone: CivilZone,
}

/// Renewal by command.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RenewPolicy {
    /// Whether there is the command; else 2101.
    pub enabled: bool,
    /// Months before the end in which it is taken; 0 at any time.
    pub window_months: i32,
    /// Until when it is taken.
    pub until: RenewUntil,
    /// The code of a renewal beyond `period.max_ahead_months`.
    pub too_far_code: RefusalCode,
}

/// Until when a renewal is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RenewUntil {
    /// As long as the domain is registered.
    Any,
    /// Until the registration ends.
    Expiry,
}

/// What happens when a registration ends.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpiryPolicy {
    /// When that is.
    pub mode: ExpiryMode,
    /// What becomes of a domain that is not renewed automatically.
    pub action_off: ExpiryAction,
}

/// When the registry renews, or ends a registration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExpiryMode {
    /// At the moment the registration ends.
    Exact,
    /// At midnight of the last day of the month in which it ends.
    MonthEnd,
}

/// What becomes of a domain that is not renewed automatically.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExpiryAction {
    /// It is deleted as by its sponsor: on hold first, where the zone has that.
    Delete,
    /// It is suspended: on hold, and the sponsor is told that a restore is needed.
    Suspend,
}

/// Renewal by the registry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AutoRenewPolicy {
    /// Whether a new domain is renewed automatically.
    pub default: bool,
    /// Whether its sponsor can switch that for one domain.
    pub per_domain: bool,
    /// Whether an account has a default of its own, for domains it creates or takes over.
    pub account_default: bool,
}

/// Deletion by command.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeletePolicy {
    /// How it goes.
    pub mode: DeleteMode,
    /// The code of a delete that is taken and not finished at once: 1000 or 1001.
    pub success_code: u16,
    /// Whether the command may name a day.
    pub date_ext: bool,
    /// When on its day a scheduled delete is done.
    pub spread: DeleteSpread,
}

/// How a deletion goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeleteMode {
    /// On hold at once; what is still new is purged at once.
    ImmediateRgp,
    /// On its day, until when it can be taken back; then on hold.
    Scheduled,
    /// On hold at once; the registration ends with it and is not renewed.
    Pending,
}

/// When on its day a scheduled delete is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeleteSpread {
    /// As the day begins; today at once.
    Off,
    /// At a full hour drawn by lot from those of the day that are still to come.
    RandomHour,
}

/// The time between deletion and purge.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HoldPolicy {
    /// Days a deleted or suspended domain can be brought back.
    pub days: i64,
    /// What follows.
    pub then: HoldEnd,
    /// Days of `pending_delete` until the domain is purged.
    pub pending_delete_days: i64,
    /// Moments of a day at which names are released, evenly spread from midnight on.
    pub release_slots: u16,
}

/// What follows the time on hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HoldEnd {
    /// Some more days in which nothing brings it back, then the purge.
    PendingDelete,
    /// The purge at the next of the day's slots.
    Release,
}

/// Bringing a domain back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RestorePolicy {
    /// How.
    pub mode: RestoreMode,
    /// Days from a restore request until its report must be there.
    pub report_days: i64,
    /// Whether `delTime` of a report must be the moment of deletion; else it is not looked at.
    pub deltime_check: bool,
    /// What it costs. With `renew` the registration runs one year longer.
    pub charge: BTreeSet<RestoreCharge>,
}

/// How a domain is brought back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RestoreMode {
    /// A request, then a report (RFC 3915).
    Rgp2,
    /// A report alone.
    RgpReport,
    /// `domain:reactivate`
    Reactivate,
}

/// What bringing a domain back costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RestoreCharge {
    /// The fee of a restore.
    Restore,
    /// One year.
    Renew,
    /// The fee of a reactivation.
    Reactivate,
}

/// Hosts below a domain that is deleted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubordinatePolicy {
    /// Which hosts keep the sponsor from deleting the domain above them (2305).
    pub manual_delete: ManualDelete,
    /// What becomes of them when the registry deletes or suspends it.
    pub auto_delete: AutoDelete,
}

/// Which hosts keep a sponsor from deleting the domain above them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ManualDelete {
    /// Every host object.
    Any,
    /// Those that serve another domain.
    Serving,
}

/// What becomes of hosts below a domain that goes on hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AutoDelete {
    /// They stay as they are until the purge.
    Keep,
    /// They are marked `pendingDelete` until the domain is back or purged.
    Mark,
}

/// Grace periods, in days; 0 has none. A domain that is deleted within one gives back what that step cost.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GracePolicy {
    /// After create: a delete purges at once.
    pub add_days: i64,
    /// After a renewal by command.
    pub renew_days: i64,
    /// After a renewal by the registry.
    pub autorenew_days: i64,
    /// After a transfer.
    pub transfer_days: i64,
}
