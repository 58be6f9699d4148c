//! What the types of the launch knobs do not say.

use super::check::{Broken, that};
use super::{LaunchForm, LaunchPhase, LaunchPhaseKind, LaunchPolicy, MarkModel, ProofRule};

/// The first rule a zone's launch knobs break.
pub(super) fn launch(launch: &LaunchPolicy) -> Result<(), Broken> {
    let keys = &["zone.launch.phases"];
    for (at, phase) in launch.phases.iter().enumerate() {
        let told = |why: &str| format!("phase {}: {why}", named(phase));
        that(phase.until.is_none_or(|until| phase.from < until), keys, || told("it ends before it begins"))?;
        that(phase.phase != LaunchPhaseKind::Custom || phase.name.is_some(), keys, || {
            told("a custom phase has a name")
        })?;
        that(phase.name.as_ref().is_none_or(|name| is_token(name)), keys, || {
            told("a name is not empty and has no white space at its ends")
        })?;
        that(phase.phase != LaunchPhaseKind::Sunrise || phase.proof == ProofRule::Required, keys, || {
            told("in a sunrise a trademark is proven: proof = \"required\"")
        })?;
        that((phase.proof == ProofRule::None) == phase.models.is_empty(), keys, || {
            told(
                "models says how a trademark is proven, where proof is optional or required, and nowhere else",
            )
        })?;
        // A code, and a mark nobody signed, somebody has to look at.
        let by_itself = phase.models.iter().all(|model| *model == MarkModel::SignedMark);
        that(phase.form == LaunchForm::Application || by_itself, keys, || {
            told("a registration is done at once, so that only a signed mark can prove a trademark for it")
        })?;
        that(phase.labels.iter().all(|label| is_label(label)), keys, || {
            told("labels are written in lower case, as A-labels")
        })?;
        let clash = launch.phases[..at].iter().find(|other| {
            let same = other.phase == phase.phase && other.name == phase.name;
            let ends =
                |one: &LaunchPhase, other: &LaunchPhase| one.until.is_some_and(|end| end <= other.from);
            same && !ends(phase, other) && !ends(other, phase)
        });
        that(clash.is_none(), keys, || told("it is there twice at one time"))?;
    }
    let proves = launch.phases.iter().any(|phase| phase.proof != ProofRule::None);
    that(!proves || launch.max_marks > 0, &["zone.launch.max_marks"], || {
        "a phase takes proofs of trademarks, and max_marks = 0 takes none".to_owned()
    })?;
    that(launch.accepted_max_days > 0, &["zone.launch.accepted_max_days"], || {
        "a notice is accepted before the create that brings it; at least 1".to_owned()
    })
}

fn named(phase: &LaunchPhase) -> String {
    match &phase.name {
        None => phase.phase.name().to_owned(),
        Some(name) => format!("{} ({name})", phase.phase.name()),
    }
}

fn is_token(text: &str) -> bool {
    !text.is_empty() && text.trim() == text && !text.contains(['\t', '\n', '\r']) && !text.contains("  ")
}

fn is_label(text: &str) -> bool {
    let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    (1..=63).contains(&text.len()) && text.bytes().all(fits)
}

#[cfg(test)]
mod tests {
    use crate::policy::Policies;

    #[test]
    fn the_phases_of_a_launch_hold_together() {
        let policies = Policies::load(&[]).unwrap();
        let from = "from = \"2026-01-01T00:00:00Z\"";
        for (phase, expected) in [
            (
                format!(
                    "phase = \"open\", form = \"registration\", {from}, until = \"2025-01-01T00:00:00Z\""
                ),
                "ends before",
            ),
            (format!("phase = \"custom\", form = \"registration\", {from}"), "has a name"),
            (format!("phase = \"sunrise\", form = \"application\", {from}"), "proof = \"required\""),
            (
                format!("phase = \"open\", form = \"application\", proof = \"optional\", {from}"),
                "models says",
            ),
            (
                format!(
                    "phase = \"sunrise\", form = \"registration\", proof = \"required\", models = [\"code\"], {from}"
                ),
                "only a signed mark",
            ),
            (format!("phase = \"open\", form = \"registration\", labels = [\"Foo\"], {from}"), "lower case"),
            ("phase = \"open\", form = \"registration\", from = \"tomorrow\"".to_owned(), "is no moment"),
            (
                format!(
                    "phase = \"open\", form = \"registration\", {from} }}, {{ phase = \"open\", form = \"application\", {from}"
                ),
                "twice at one time",
            ),
        ] {
            let fault = policies.zone("gtld", &format!("launch.phases = [{{ {phase} }}]")).unwrap_err();
            assert!(fault.to_string().contains(expected), "{phase}: {fault}");
        }
        let fit = format!(
            "launch.phases = [{{ phase = \"sunrise\", form = \"application\", proof = \"required\", models = [\"signed_mark\"], \
             {from}, until = \"2026-02-01T00:00:00Z\" }}, {{ phase = \"claims\", form = \"registration\", claims = true, \
             from = \"2026-02-01T00:00:00Z\" }}]"
        );
        assert_eq!(policies.zone("gtld", &fit).unwrap().launch.phases.len(), 2);
    }
}
