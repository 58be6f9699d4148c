//! `<domain:check>` (RFC 5731 section 3.1.1).

use std::collections::{HashMap, HashSet};

use super::{fee, name, variants};
use crate::epp::command::DomainCheck;
use crate::epp::ns::Ns;
use crate::epp::reply::{Checked, Reply};
use crate::epp::types::DomainName;
use crate::flow::allocation::{self, Fits};
use crate::flow::zone::{self, Held};
use crate::flow::{launch, listed};
use crate::gate::{Access, Cx, Login, Spec, Stop};
use crate::refusal::{Reason, Refusal};

/// What the command needs.
pub const SPEC: Spec =
    Spec { name: "domain:check", login: Login::Required, access: Access::Read, object: Some(Ns::Domain) };

/// Says of each name, in the order asked, whether a create would find it free. A bad name is unavailable and
/// leaves the others alone.
///
/// # Refusals
/// - [`Reason::TooManyNames`]
/// - [`Reason::FeeCurrency`]
/// - [`Reason::FeePhase`]
/// - [`Reason::FeeCommandUnknown`]
/// - [`Reason::TooManyFeeCommands`]
/// - [`Reason::CheckFormNotOffered`]
/// - [`Reason::WrongLaunchPhase`]
/// - [`Reason::LaunchPhaseMissing`]
///
/// # Errors
/// The refusals above, or the database's trouble.
pub async fn run(command: &DomainCheck, cx: &mut Cx<'_>) -> Result<Reply, Stop> {
    let most = cx.rules.check.max_names;
    if command.names.len() > most {
        return Err(Refusal::new(Reason::TooManyNames).detail(format!("at most {most}")).into());
    }
    let names = distinct(command.names.iter().filter_map(|asked| asked.name.as_ref().ok().cloned()));
    let zones = zones_above(cx, &names).await?;
    let launching = command.launch.as_ref();
    if let Some(launching) = launching {
        launch::check::permit(cx, launching, &zones)?;
        if let Some(claims) = launch::check::claims(cx, command, launching, &zones).await? {
            return Ok(claims);
        }
    }
    let now = cx.now;
    let taken = cx.tx.names_taken(&names).await?;
    let taken: HashMap<&str, bool> = taken.iter().map(|t| (t.name.as_str(), t.is_zone)).collect();
    let lists = zones.values().any(|held| matches!(held, Held::By(zone) if zone.policy.waiting_list.enabled));
    let offered = if lists { cx.tx.waiting_offered_among(&names).await? } else { Vec::new() };
    let listed = listed::among(cx, &names).await?;
    let token = match &command.allocation {
        None => None,
        Some(given) => Some(allocation::check(cx, given, &names).await?),
    };
    let token_price = match &command.allocation {
        None => None,
        Some(given) => allocation::price_of(cx, given).await?,
    };
    let asked = fee::Asked { command, zones: &zones, listed: &listed, token_price: token_price.as_ref() };
    let hindered = fee::hindered(cx, &asked, &names).await?;
    let judge = |name: &DomainName| {
        let short = |reason| Some(name::short(reason).to_owned());
        match taken.get(name.as_str()) {
            Some(true) => return short(Reason::NotOurZone),
            Some(false) => return short(Reason::Exists),
            None => {}
        }
        let zone = match name.parent().and_then(|above| zones.get(&above)) {
            Some(Held::By(zone)) => Some(zone),
            Some(Held::SwitchedOff) => return short(Reason::ZoneOff),
            Some(Held::Elsewhere) | None => None,
        };
        if let Err(refusal) = name::registrable(zone, name) {
            return short(refusal.reason);
        }
        if let Some(closed) = zone.and_then(|zone| launch::check::open(zone, name, launching, now).err()) {
            return short(closed.reason);
        }
        let fits = token.as_ref().map(|fits| fits.get(name).copied().unwrap_or(Fits::Not));
        if fits == Some(Fits::Not) {
            return short(Reason::AllocationTokenWrong);
        }
        let opened = |reason| reason == Reason::NameReserved && fits == Some(Fits::Reserved);
        if let Some((listed, reason)) = listed.get(name).and_then(|l| Some((l, l.kept_back()?)))
            && !opened(reason)
        {
            return if listed.reason.is_empty() { short(reason) } else { Some(listed.reason.clone()) };
        }
        if let Some(reason) = hindered.get(name) {
            return short(*reason);
        }
        offered.iter().any(|o| o == name.as_str()).then(|| name::short(Reason::NameOffered).to_owned())
    };
    let mut unavailable: HashMap<&DomainName, String> = HashMap::new();
    for name in &names {
        let zone = name.parent().and_then(|above| zones.get(&above));
        let why = match (judge(name), zone) {
            (None, Some(Held::By(zone))) => {
                variants::refused(cx, zone, name).await?.map(|reason| name::short(reason).to_owned())
            }
            (why, _) => why,
        };
        unavailable.extend(why.map(|why| (name, why)));
    }
    let answers = command.names.iter().map(|asked| match &asked.name {
        Err(_) => {
            Checked { name: asked.raw.clone(), unavailable: Some(name::short(Reason::BadName).to_owned()) }
        }
        Ok(name) => Checked { name: name.to_string(), unavailable: unavailable.get(name).cloned() },
    });
    let reply = Reply::DomainChecked(answers.collect());
    let registered = names.iter().filter(|name| taken.get(name.as_str()) == Some(&false)).cloned().collect();
    let fees = fee::check(cx, &asked, &registered, &unavailable).await?;
    Ok(match fees {
        None => reply,
        Some(fees) => Reply::WithFee(Box::new(reply), Box::new(fees)),
    })
}

/// The zones directly above the names. Names of one check mostly share theirs, so this asks once or twice.
async fn zones_above(cx: &mut Cx<'_>, names: &[DomainName]) -> Result<HashMap<DomainName, Held>, Stop> {
    let mut zones = HashMap::new();
    for above in distinct(names.iter().filter_map(DomainName::parent)) {
        let held = zone::held(cx, &above).await?;
        zones.insert(above, held);
    }
    Ok(zones)
}

fn distinct(names: impl Iterator<Item = DomainName>) -> Vec<DomainName> {
    let mut seen = HashSet::new();
    names.filter(|name| seen.insert(name.clone())).collect()
}
