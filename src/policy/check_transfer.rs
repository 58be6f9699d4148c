//! What the types of the knobs of transfers do not say.

use super::check::{Broken, that};
use super::{CodeKind, TransferContacts, TransferMode, TransferOp, WithoutCode, ZonePolicy};

/// The first rule the rules of transfers in a zone break.
pub(super) fn zone(zone: &ZonePolicy) -> Result<(), Broken> {
    let transfer = &zone.transfer;
    let (code, immediate) = (&transfer.code, transfer.mode == TransferMode::Immediate);
    let made = code.kind != CodeKind::ClientSet;
    let keys = |key: &str| format!("zone.transfer.{key}");
    that(!made || immediate, &[&keys("code.kind"), &keys("mode")], || {
        "a code of the registry's making is consent enough: mode = \"immediate\"".to_owned()
    })?;
    for (key, value, unit) in [("ttl_days", code.ttl_days, "day"), ("max_mails", code.max_mails, "mail")] {
        that(!made || value > 0, &[&keys(&format!("code.{key}"))], || {
            format!("{key} = {value}: a code lives for one {unit} at least")
        })?;
    }
    that(
        !transfer.redelegation_token || code.kind == CodeKind::RegistryToken,
        &[&keys("redelegation_token"), &keys("code.kind")],
        || {
            "tokens for name servers are made where those for transfers are: code.kind = \"registry_token\""
                .to_owned()
        },
    )?;
    that(
        transfer.contacts != TransferContacts::Respecify || immediate,
        &[&keys("contacts"), &keys("mode")],
        || "what a request names takes effect with it: mode = \"immediate\"".to_owned(),
    )?;
    that(!transfer.from_hold || immediate, &[&keys("from_hold"), &keys("mode")], || {
        "a deleted domain does not wait for its registrar: mode = \"immediate\"".to_owned()
    })?;
    that(
        transfer.without_code == WithoutCode::Never || immediate,
        &[&keys("without_code"), &keys("mode")],
        || "who needs no code waits for nobody: mode = \"immediate\"".to_owned(),
    )?;
    let asks = transfer.ops.contains(&TransferOp::Request);
    let answers = [TransferOp::Approve, TransferOp::Reject, TransferOp::Cancel];
    that(asks || !answers.iter().any(|op| transfer.ops.contains(op)), &[&keys("ops")], || {
        "without \"request\" there is nothing to approve, reject or cancel".to_owned()
    })?;
    let most = zone.contacts.roles.iter().find(|(_, bounds)| bounds.min > 0).map(|(role, _)| role);
    let role_key = most.map(|role| format!("zone.contacts.roles.{role}")).unwrap_or_default();
    that(
        transfer.contacts != TransferContacts::CloneRegistrant || most.is_none(),
        &[&keys("contacts"), &role_key],
        || "with \"clone_registrant\" the other contacts go, so no role can have a least number".to_owned(),
    )?;
    that(zone.auth.max_wrong_per_day >= 0, &["zone.auth.max_wrong_per_day"], || {
        format!("max_wrong_per_day = {} is no number of tries; 0 is no bound", zone.auth.max_wrong_per_day)
    })
}

#[cfg(test)]
mod tests {
    use crate::policy::Policies;

    #[test]
    fn transfers_that_contradict_themselves_are_refused() {
        let policies = Policies::load(&[]).unwrap();
        for (text, why) in [
            (
                "transfer.code.kind = \"mailed_code\"",
                "line 1: a code of the registry's making is consent enough",
            ),
            ("transfer.from_hold = true", "line 1: a deleted domain does not wait"),
            ("transfer.without_code = \"linked_ns_admin\"", "line 1: who needs no code waits for nobody"),
            ("transfer.contacts = \"respecify\"", "line 1: what a request names takes effect"),
            (
                "transfer.contacts = \"clone_registrant\"",
                "line 1: with \"clone_registrant\" the other contacts go",
            ),
            ("transfer.redelegation_token = true", "line 1: tokens for name servers are made where"),
            ("transfer.ops = [\"cancel\"]", "line 1: without \"request\" there is nothing to"),
            ("transfer.code.format = \"{digits4}\"", "line 1: "),
            ("auth.max_wrong_per_day = -1", "line 1: max_wrong_per_day = -1 is no number of tries"),
            (
                "transfer.mode = \"immediate\"\ntransfer.code.kind = \"registry_token\"\ntransfer.code.ttl_days = 0",
                "line 3: ttl_days = 0: a code lives for one day at least",
            ),
        ] {
            let fault = policies.zone("gtld", text).unwrap_err().to_string();
            assert!(fault.contains(why), "{text}: {fault}");
        }
    }
}
