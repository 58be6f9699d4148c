//! Variants of names (RFC 7940 section 8.5): a label that a reader takes for one that is registered is not given to
//! somebody else. Domains are found by the index of their labels, which all variants of one another share.
//!
//! Where a zone's tables were changed, its domains are indexed anew by timed work. Until that is done a small zone is
//! looked through as it stands, and in a large one no name is registered that has variants.

use serde_json::json;

use super::label::{Label, admit, bundle};
use super::on_name;
use crate::epp::ns::Ns;
use crate::epp::types::{ContactId, DomainName, RegistrarId};
use crate::flow::listed;
use crate::flow::zone::Zone;
use crate::gate::{Cx, Stop};
use crate::policy::{IdnPolicy, VariantPolicy};
use crate::refusal::{Reason, Refusal};
use crate::store::StoreError;
use crate::store::domain::DomainRow;
use crate::store::variant::{Indexed, Unindexed, VariantState};

/// Domains of a registry that is looked through for want of an index.
const FEW: i64 = 200;

/// Domains that are indexed in one transaction.
const BATCH: i64 = 500;

/// What a zone's domains are to be indexed by: the variants, and what comes with a name.
#[must_use]
pub fn fingerprint(idn: &IdnPolicy) -> String {
    match (idn.read.fingerprint(), idn.variants) {
        ("", _) => String::new(),
        (variants, VariantPolicy::Bundled) => format!("{variants} {}", idn.max_bundled),
        (variants, _) => variants.to_owned(),
    }
}

/// The name is nobody's variant, or its registrar's and registrant's own where the zone lets them have it.
///
/// # Errors
/// [`Reason::VariantTaken`], [`Reason::NameNotPermitted`], or the database's trouble.
pub async fn free(
    cx: &mut Cx<'_>,
    zone: &Zone,
    name: &DomainName,
    label: &Label,
    registrant: Option<i64>,
) -> Result<(), Stop> {
    let Some(held) = held(cx, zone, label).await? else {
        let refusal = on_name(Reason::NameNotPermitted, name);
        return Err(refusal.detail("the variants of this zone are being indexed; try again later").into());
    };
    match keeper(&zone.policy.idn, label, &held, cx.registrar(), Some(registrant)) {
        None => Ok(()),
        Some(other) => Err(on_name(Reason::VariantTaken, name).detail(other.name.to_string()).into()),
    }
}

/// What a check says of names that are free otherwise. Who the registrant will be it does not know.
///
/// # Errors
/// The database's troubles.
pub async fn refused(cx: &mut Cx<'_>, zone: &Zone, name: &DomainName) -> Result<Option<Reason>, Stop> {
    let label = match admit(zone, name, cx.now) {
        Err(refusal) => return Ok(Some(refusal.reason)),
        Ok(label) => label,
    };
    if let Err(refusal) = bundle(zone, name, &label, cx.now) {
        return Ok(Some(refusal.reason));
    }
    Ok(match held(cx, zone, &label).await? {
        None => Some(Reason::NameNotPermitted),
        Some(held) => {
            keeper(&zone.policy.idn, &label, &held, cx.registrar(), None).map(|_| Reason::VariantTaken)
        }
    })
}

/// Stores what the new domain's label is, and the variants that come with it.
///
/// # Errors
/// [`Reason::NameNotPermitted`], or the database's trouble.
pub async fn store(cx: &mut Cx<'_>, zone: &Zone, domain: &DomainRow, label: &Label) -> Result<(), Stop> {
    let names = put(cx, zone, (domain.id, &domain.name), label).await?;
    if let Some(table) = &label.table {
        cx.changed(domain.name.as_str(), json!({ "idn_table": table }));
    }
    if !names.is_empty() {
        cx.changed(domain.name.as_str(), json!({ "variants": names }));
    }
    Ok(())
}

/// The registrant of variants that are registered is one; it does not change with one of them alone.
///
/// # Errors
/// [`Reason::RegistrantOfVariants`], or the database's trouble.
pub async fn keep_registrant(
    cx: &mut Cx<'_>,
    zone: &Zone,
    domain: &DomainRow,
    (new, handle): (Option<i64>, Option<&ContactId>),
) -> Result<(), Stop> {
    if zone.policy.idn.variants != VariantPolicy::SameRegistrant || new == domain.registrant {
        return Ok(());
    }
    let Ok(label) = admit(zone, &domain.name, cx.now) else { return Ok(()) };
    let others = held(cx, zone, &label).await?.unwrap_or_default();
    match others.iter().find(|other| other.id != domain.id && other.registrant != new) {
        None => Ok(()),
        Some(other) => {
            let handle = handle.map_or("", |handle| handle.as_str());
            let refusal = Refusal::new(Reason::RegistrantOfVariants).on(Ns::Domain, "registrant", handle);
            Err(refusal.detail(other.name.to_string()).into())
        }
    }
}

/// The domains whose labels are variants of this one, the oldest first; `None` while that cannot be said.
///
/// # Errors
/// The database's troubles.
pub async fn held(cx: &mut Cx<'_>, zone: &Zone, label: &Label) -> Result<Option<Vec<Indexed>>, Stop> {
    let Some(index) = &label.index else { return Ok(Some(Vec::new())) };
    let state = cx.tx.variant_state(&zone.name).await?;
    if state.fingerprint == fingerprint(&zone.policy.idn) {
        return Ok(Some(cx.tx.labels_among(std::slice::from_ref(index)).await?));
    }
    let all = cx.tx.labels_scan(i64::MIN, FEW + 1).await?;
    if i64::try_from(all.len()).unwrap_or(i64::MAX) > FEW {
        return Ok(None);
    }
    let of_zone = all.into_iter().filter(|row| row.zone == zone.name);
    let read = |row: Unindexed| {
        let index = index_of(zone, &row.name)?;
        // A label that no table takes any more is what it looks like all the same.
        let table = admit(zone, &row.name, cx.now).ok().and_then(|label| label.table);
        let Unindexed { id, name, registrar, registrant, created_at, .. } = row;
        Some(Indexed { index, table, id, name, registrar, registrant, created_at })
    };
    let mut rows: Vec<Indexed> = of_zone.filter_map(read).filter(|row| row.index == *index).collect();
    rows.sort_by_key(|row| (row.created_at, row.id));
    Ok(Some(rows))
}

/// The domain that keeps a variant of it from this registrar, for this registrant where that is known.
fn keeper<'h>(
    idn: &IdnPolicy,
    label: &Label,
    held: &'h [Indexed],
    registrar: &RegistrarId,
    registrant: Option<Option<i64>>,
) -> Option<&'h Indexed> {
    let first = held.first()?;
    if idn.variants != VariantPolicy::SameRegistrant {
        return Some(first);
    }
    let own = held.iter().any(|row| row.registrar == *registrar);
    let wanted = registrant.unwrap_or(first.registrant);
    if let Some(other) = held.iter().find(|row| row.registrant != wanted || !own) {
        return Some(other);
    }
    let first_read = super::name::as_read(first.name.first_label());
    let disposition = idn.read.variant(&first_read, first.table.as_deref(), &label.read);
    if disposition.is_some_and(|d| d.is_registrable()) { None } else { Some(first) }
}

async fn put(
    cx: &mut Cx<'_>,
    zone: &Zone,
    (id, name): (i64, &DomainName),
    label: &Label,
) -> Result<Vec<DomainName>, Stop> {
    let names = bundle(zone, name, label, cx.now)?;
    let taken = cx.tx.names_taken(&names).await?;
    let kept = listed::among(cx, &names).await?;
    let free = |name: &DomainName| {
        let kept_back = kept.get(name).is_some_and(|listed| listed.kept_back().is_some());
        !kept_back && taken.iter().all(|taken| taken.name != name.as_str())
    };
    let names: Vec<DomainName> = names.into_iter().filter(free).collect();
    if let Some(index) = label.stored(&zone.name) {
        cx.tx.label_put(id, &index, label.table.as_deref()).await?;
    }
    if label.index.is_some() {
        cx.tx.variants_bundle(id, &names).await?;
    }
    Ok(names)
}

/// Indexes the next domains of a zone whose tables were changed; says how many of them are left to look at, as far as is
/// known: `None` when the zone is indexed.
///
/// # Errors
/// The database's troubles.
pub async fn index_some(cx: &mut Cx<'_>, zone: &Zone) -> Result<Option<usize>, Stop> {
    let wanted = fingerprint(&zone.policy.idn);
    let mut state = cx.tx.variant_state(&zone.name).await?;
    if state.fingerprint == wanted {
        return Ok(None);
    }
    if wanted.is_empty() {
        // Nothing has a variant any more: rows that are left are asked for by nobody.
        cx.tx.variant_state_put(&zone.name, &VariantState::default()).await?;
        return Ok(Some(0));
    }
    if state.building != wanted {
        state = VariantState { building: wanted.clone(), after: i64::MIN, ..state };
    }
    let some = cx.tx.labels_scan(state.after, BATCH).await?;
    for row in some.iter().filter(|row| row.zone == zone.name) {
        match admit(zone, &row.name, cx.now) {
            // A label the new tables do not take stays registered; what it looks like is known all the same.
            Err(_) => forget(cx, zone, row).await?,
            // What has no variant any more loses the index it had, and what came with it.
            Ok(label) if label.index.is_none() => {
                cx.tx.variants_bundle(row.id, &[]).await?;
                match label.stored(&zone.name) {
                    Some(index) => cx.tx.label_put(row.id, &index, label.table.as_deref()).await?,
                    None => cx.tx.label_delete(row.id).await?,
                }
            }
            Ok(label) => match put(cx, zone, (row.id, &row.name), &label).await {
                Err(Stop::Refused(_)) => {
                    let index = label.stored(&zone.name).unwrap_or_default();
                    cx.tx.label_put(row.id, &index, label.table.as_deref()).await?;
                }
                done => drop(done?),
            },
        }
    }
    let whole = i64::try_from(some.len()).unwrap_or(i64::MAX) < BATCH;
    let after = some.last().map_or(state.after, |row| row.id);
    let done = VariantState { fingerprint: wanted, building: String::new(), after: i64::MIN };
    let state = if whole { done } else { VariantState { after, ..state } };
    cx.tx.variant_state_put(&zone.name, &state).await?;
    let object = format!("{} variants", zone.name);
    cx.changed(object, json!({ "indexed": some.len(), "done": whole }));
    Ok(Some(some.len()))
}

/// A domain whose label no table takes: it has an index where its text has variants, and brings nothing with it.
async fn forget(cx: &mut Cx<'_>, zone: &Zone, row: &Unindexed) -> Result<(), StoreError> {
    cx.tx.variants_bundle(row.id, &[]).await?;
    match index_of(zone, &row.name) {
        Some(index) => cx.tx.label_put(row.id, &index, None).await,
        None => cx.tx.label_delete(row.id).await,
    }
}

/// The index of a name by its text alone, whether a table takes it or not.
fn index_of(zone: &Zone, name: &DomainName) -> Option<String> {
    let read = super::name::as_read(name.first_label());
    let variants = zone.policy.idn.read.variants();
    let index = variants.index(&read).filter(|_| variants.touches(&read))?;
    Some(format!("{index}.{}", zone.name))
}
