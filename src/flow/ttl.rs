//! Lifetimes of records (RFC 9803): which a registrar may choose for a domain or a host, and what an info shows of
//! them. They stay with the object through transfers, and go with it.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::epp::ext::Ext;
use crate::epp::ns::Ns;
use crate::epp::types::{RecordType, Ttl, TtlShown, TtlView};
use crate::gate::{Cx, Stop};
use crate::policy::{TtlBounds, ZonePolicy};
use crate::refusal::{Reason, Refusal};

type Taken = BTreeMap<String, TtlBounds>;

/// A record that is published only where a domain has name servers.
const DS: &str = "DS";

/// Refuses lifetimes that a domain cannot have. Without name servers no signer is published, so none has a lifetime.
///
/// # Errors
/// [`Reason::TtlTypeNotTaken`], [`Reason::TtlOutOfRange`], [`Reason::TtlNoRecord`], [`Reason::DuplicateInCommand`]
pub fn check_domain(asked: &[Ttl], policy: &ZonePolicy, delegated: bool) -> Result<(), Refusal> {
    check(asked, &policy.ttl.domain)?;
    match asked.iter().find(|ttl| ttl.record.as_str() == DS && ttl.seconds.is_some()) {
        Some(ttl) if !delegated => {
            Err(on(Reason::TtlNoRecord, ttl).detail("a domain without name servers has no DS"))
        }
        _ => Ok(()),
    }
}

/// Refuses lifetimes that a host cannot have. Only a host below a domain of this registry has its addresses published
/// here; of any other there are no rules.
///
/// # Errors
/// [`Reason::TtlTypeNotTaken`], [`Reason::TtlOutOfRange`], [`Reason::TtlNoRecord`], [`Reason::DuplicateInCommand`]
pub fn check_host(asked: &[Ttl], policy: Option<&ZonePolicy>) -> Result<(), Refusal> {
    let Some(policy) = policy else {
        return asked.first().map_or(Ok(()), |ttl| {
            Err(on(Reason::TtlNoRecord, ttl).detail("another registry publishes the addresses of the host"))
        });
    };
    check(asked, &policy.ttl.host)
}

fn check(asked: &[Ttl], taken: &Taken) -> Result<(), Refusal> {
    for (at, ttl) in asked.iter().enumerate() {
        // `custom` can say what the schema has a name for.
        if asked.iter().take(at).any(|before| before.record == ttl.record) {
            return Err(on(Reason::DuplicateInCommand, ttl).detail(ttl.record.to_string()));
        }
        let Some(bounds) = taken.get(ttl.record.as_str()) else {
            return Err(on(Reason::TtlTypeNotTaken, ttl).detail(ttl.record.to_string()));
        };
        let TtlBounds { min, max, .. } = bounds;
        if ttl.seconds.is_some_and(|seconds| !(*min..=*max).contains(&seconds)) {
            let text = format!("use {min} to {max} seconds for {}", ttl.record);
            return Err(on(Reason::TtlOutOfRange, ttl).detail(text));
        }
    }
    Ok(())
}

fn on(reason: Reason, ttl: &Ttl) -> Refusal {
    let text = ttl.seconds.map(|seconds| seconds.to_string()).unwrap_or_default();
    Refusal::new(reason).on(Ns::Ext(Ext::Ttl), "ttl", text)
}

/// Stores what a create or an update chose for an object.
///
/// # Errors
/// The database's trouble.
pub async fn choose(cx: &mut Cx<'_>, object: i64, asked: &[Ttl]) -> Result<(), Stop> {
    for ttl in asked {
        cx.tx.ttl_put(object, &ttl.record, ttl.seconds).await?;
    }
    Ok(())
}

/// What an info shows of an object, by record type. The bounds are those of the types that can be chosen now; without
/// them, what was chosen is shown even where it no longer can be.
///
/// # Errors
/// The database's trouble.
pub async fn shown(
    cx: &mut Cx<'_>,
    object: i64,
    view: TtlView,
    taken: Option<&Taken>,
) -> Result<Vec<TtlShown>, Stop> {
    let mut chosen = cx.tx.ttl_of(object).await?;
    chosen.sort_by(|a, b| a.record.cmp(&b.record));
    if view == TtlView::Chosen {
        let shown = chosen.into_iter();
        return Ok(shown
            .map(|row| TtlShown { record: row.record, seconds: Some(row.seconds), bounds: None })
            .collect());
    }
    let of = |(record, bounds): (&String, &TtlBounds)| {
        let record = RecordType::parse(record)?;
        let seconds = chosen.iter().find(|row| row.record == record).map(|row| row.seconds);
        Some(TtlShown { record, seconds, bounds: Some((bounds.min, bounds.default, bounds.max)) })
    };
    Ok(taken.into_iter().flatten().filter_map(of).collect())
}

/// What was chosen, for the audit trail.
#[must_use]
pub fn told(asked: &[Ttl]) -> Value {
    asked.iter().map(|ttl| json!([ttl.record, ttl.seconds])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Policies;

    #[test]
    fn what_can_be_chosen_is_the_zones() {
        let policy = Policies::load(&[]).unwrap().zone("gtld", "").unwrap();
        let ttl = |record: &str, seconds| Ttl { record: RecordType::parse(record).unwrap(), seconds };
        let domain =
            |asked: &[Ttl], delegated| check_domain(asked, &policy, delegated).err().map(|r| r.reason);
        let TtlBounds { min, max, .. } = policy.ttl.domain["NS"];
        assert_eq!(domain(&[ttl("NS", Some(min)), ttl("DS", None)], false), None);
        assert_eq!(domain(&[ttl("NS", Some(max))], false), None);
        assert_eq!(domain(&[ttl("NS", Some(min - 1))], true), Some(Reason::TtlOutOfRange));
        assert_eq!(domain(&[ttl("NS", Some(max + 1))], true), Some(Reason::TtlOutOfRange));
        assert_eq!(domain(&[ttl("DS", Some(max))], true), None);
        assert_eq!(domain(&[ttl("DS", Some(max))], false), Some(Reason::TtlNoRecord));
        assert_eq!(domain(&[ttl("A", Some(max))], true), Some(Reason::TtlTypeNotTaken));
        assert_eq!(domain(&[ttl("NS", None), ttl("NS", Some(max))], true), Some(Reason::DuplicateInCommand));
        let host = |asked: &[Ttl], policy| check_host(asked, policy).err().map(|r| r.reason);
        assert_eq!(host(&[ttl("A", Some(max)), ttl("AAAA", Some(min))], Some(&*policy)), None);
        assert_eq!(host(&[ttl("NS", Some(max))], Some(&*policy)), Some(Reason::TtlTypeNotTaken));
        assert_eq!(host(&[ttl("A", Some(max))], None), Some(Reason::TtlNoRecord));
        assert_eq!(host(&[], None), None);
    }
}
