//! The forms of a check in a launch (RFC 8334 section 3.1).

use std::collections::HashMap;

use crate::epp::command::DomainCheck;
use crate::epp::reply::Reply;
use crate::epp::types::{CheckForm, Claimed, ClaimsChecked, DomainName, LaunchCheck};
use crate::flow::zone::{Held, Zone};
use crate::gate::{Cx, Stop};
use crate::policy::LaunchPolicy;
use crate::refusal::{Reason, Refusal};

/// Whether the zones of a check answer its form, and hold the phase it names.
///
/// # Errors
/// [`Reason::CheckFormNotOffered`], [`Reason::WrongLaunchPhase`], [`Reason::LaunchPhaseMissing`]
pub fn permit(cx: &Cx<'_>, asked: &LaunchCheck, zones: &HashMap<DomainName, Held>) -> Result<(), Refusal> {
    for zone in zones.values().filter_map(by) {
        let policy = &zone.policy.launch;
        if !policy.checks.iter().any(|form| form.name() == asked.form.name()) {
            return Err(super::on(Reason::CheckFormNotOffered, "check", "").detail(asked.form.name()));
        }
        match (&asked.phase, asked.form) {
            // Section 3.1.3: independent of the phase.
            (_, CheckForm::Trademark) | (None, CheckForm::Claims) => {}
            (None, CheckForm::Avail) => return Err(super::on(Reason::LaunchPhaseMissing, "phase", "")),
            (Some(phase), _) => drop(super::phase(policy, phase, cx.now)?),
        }
    }
    Ok(())
}

/// The zone that takes commands, where one does.
fn by(held: &Held) -> Option<&Zone> {
    match held {
        Held::By(zone) => Some(zone),
        Held::SwitchedOff | Held::Elsewhere => None,
    }
}

/// Answers a claims check or a trademark check; `None` for the third form, which is answered by what can be had.
///
/// # Errors
/// The database's trouble.
pub async fn claims(
    cx: &mut Cx<'_>,
    command: &DomainCheck,
    asked: &LaunchCheck,
    zones: &HashMap<DomainName, Held>,
) -> Result<Option<Reply>, Stop> {
    if asked.form == CheckForm::Avail {
        return Ok(None);
    }
    // Only names directly below a zone could be registered.
    let zone_of = |name: &DomainName| name.parent().and_then(|above| zones.get(&above)).and_then(by);
    let concerned = |name: &&DomainName| {
        zone_of(name)
            .is_some_and(|zone| asked.form == CheckForm::Trademark || needed(&zone.policy.launch, asked, cx))
    };
    let named = || command.names.iter().filter_map(|asked| asked.name.as_ref().ok());
    let mut labels: Vec<String> =
        named().filter(concerned).map(|name| name.first_label().to_owned()).collect();
    labels.sort_unstable();
    labels.dedup();
    let listed: Vec<DomainName> = named().filter(concerned).cloned().collect();
    let mut claims = cx.tx.claims_among(&labels).await?;
    claims.sort_by(|a, b| a.validator.cmp(&b.validator));
    let names = command.names.iter().map(|one| {
        let keys: Vec<_> = match &one.name {
            Ok(name) if listed.contains(name) => {
                let of = claims.iter().filter(|claim| claim.label == name.first_label());
                of.map(|claim| (claim.validator.clone(), claim.key.clone())).collect()
            }
            _ => Vec::new(),
        };
        Claimed { name: one.raw.clone(), exists: !keys.is_empty(), keys }
    });
    let phase = asked.phase.clone().filter(|_| asked.form == CheckForm::Claims);
    Ok(Some(Reply::ClaimsChecked(Box::new(ClaimsChecked { phase, names: names.collect() }))))
}

/// Whether a label with claims needs a notice in the phase that is asked of, or in one that holds.
fn needed(policy: &LaunchPolicy, asked: &LaunchCheck, cx: &Cx<'_>) -> bool {
    let meant =
        |phase: &&crate::policy::LaunchPhase| asked.phase.as_ref().is_none_or(|name| super::is(phase, name));
    policy.phases.iter().filter(|phase| phase.covers(cx.now)).filter(meant).any(|phase| phase.claims)
}

/// Whether a name can be had in the phase that is asked of; without one, by somebody who names none.
///
/// # Errors
/// Why not.
pub fn open(
    zone: &Zone,
    name: &DomainName,
    asked: Option<&LaunchCheck>,
    cx_now: crate::clock::Ts,
) -> Result<(), Refusal> {
    let policy = &zone.policy.launch;
    let phase = match asked.and_then(|asked| asked.phase.as_ref()) {
        Some(phase) => super::phase(policy, phase, cx_now)?,
        None if policy.phases.is_empty() => return Ok(()),
        None => super::plain(policy, name, cx_now)?,
    };
    super::within(phase, name)
}
