//! Rules of the knobs of a domain's life.

use super::{Broken, that};
use crate::policy::{DeleteMode, HoldEnd, RestoreCharge, RestoreMode, ZonePolicy};

/// The first rule they break.
pub(super) fn zone(zone: &ZonePolicy) -> Result<(), Broken> {
    let ZonePolicy { renew, delete, hold, restore, grace, .. } = zone;
    for (key, value) in [
        ("hold.days", hold.days),
        ("hold.pending_delete_days", hold.pending_delete_days),
        ("grace.add_days", grace.add_days),
        ("grace.renew_days", grace.renew_days),
        ("grace.autorenew_days", grace.autorenew_days),
        ("grace.transfer_days", grace.transfer_days),
        ("restore.report_days", restore.report_days),
        ("renew.window_months", i64::from(renew.window_months)),
    ] {
        that(value >= 0, &[&format!("zone.{key}")], || format!("{key} = {value} lies in the past"))?;
    }
    that([1000, 1001].contains(&delete.success_code), &["zone.delete.success_code"], || {
        format!("a delete that is taken is 1000 or 1001, not {}", delete.success_code)
    })?;
    that(
        delete.mode == DeleteMode::Scheduled || !delete.date_ext,
        &["zone.delete.date_ext", "zone.delete.mode"],
        || "only with mode = \"scheduled\" can a delete name a day".to_owned(),
    )?;
    that((1..=1440).contains(&hold.release_slots), &["zone.hold.release_slots"], || {
        format!("a day has 1 to 1440 moments of release, not {}", hold.release_slots)
    })?;
    that(
        hold.then == HoldEnd::PendingDelete || hold.pending_delete_days == 0,
        &["zone.hold.pending_delete_days", "zone.hold.then"],
        || "with then = \"release\" no days of pending_delete follow".to_owned(),
    )?;
    let reactivates = restore.mode == RestoreMode::Reactivate;
    let charge = if reactivates { RestoreCharge::Restore } else { RestoreCharge::Reactivate };
    that(!restore.charge.contains(&charge), &["zone.restore.charge", "zone.restore.mode"], || {
        "the fee is that of the mode: restore, or reactivate".to_owned()
    })?;
    that(restore.mode != RestoreMode::Rgp2 || restore.report_days > 0, &["zone.restore.report_days"], || {
        "a report needs at least a day".to_owned()
    })
}

#[cfg(test)]
mod tests {
    use crate::policy::Policies;

    #[test]
    fn a_wrong_value_is_told_with_its_line_and_reason() {
        for (text, expected) in [
            ("zone.hold.days = -1", "line 3: hold.days = -1 lies in the past"),
            ("zone.grace.add_days = -1", "line 3: grace.add_days = -1 lies in the past"),
            ("zone.renew.window_months = -2", "line 3: renew.window_months = -2 lies in the past"),
            ("zone.delete.success_code = 2000", "line 3: a delete that is taken is 1000 or 1001"),
            ("zone.delete.date_ext = true", "line 3: only with mode = \"scheduled\""),
            ("zone.hold.release_slots = 0", "line 3: a day has 1 to 1440 moments of release, not 0"),
            ("zone.hold.then = \"release\"", "line 3: with then = \"release\" no days"),
            ("zone.restore.charge = [\"reactivate\"]", "line 3: the fee is that of the mode"),
            ("zone.restore.report_days = 0", "line 3: a report needs at least a day"),
            ("zone.calendar.zone = \"Mars\"", "line 3: "),
        ] {
            let own = [("own".to_owned(), format!("id = \"own\"\nextends = \"gtld\"\n{text}"))];
            let fault = Policies::load(&own).unwrap_err().to_string();
            assert!(fault.starts_with(&format!("profile \"own\": {expected}")), "{text}: {fault}");
        }
    }
}
