//! What the registry does with a domain by itself when its time has come: renew it or end its registration, delete
//! it on its day, take a restore back whose report did not come, purge it.
//!
//! Every piece happens as of the moment it was due, which is this context's `now`, and one at a time: what follows
//! from it is due later and comes in its turn.

use serde_json::json;

use super::{change, grace, hold, purge, renewal, restore};
use crate::clock::Ts;
use crate::epp::notice::Notice;
use crate::epp::types::ChangeOperation;
use crate::flow::money;
use crate::flow::zone::{self, Zone};
use crate::gate::{Cx, Stop};
use crate::policy::BillOp;
use crate::store::StoreError;
use crate::store::domain::DomainRow;
use crate::store::life::{Due, GraceKind, HoldCause};

/// Does the first thing that is due for a domain. `None` where there is nothing to do: another process was faster, or
/// a command came between. Else when the next thing is due, if the domain is still there.
///
/// # Errors
/// The database's trouble.
pub async fn step(cx: &mut Cx<'_>, id: i64) -> Result<Option<Option<Ts>>, Stop> {
    let Some(mut domain) = cx.tx.domain_by_id(id).await? else { return Ok(None) };
    let (due, at) = domain.due();
    if cx.now < at {
        return Ok(None);
    }
    let zone = zone::registered_in(cx, &domain.name).await?;
    match due {
        Due::Purge => {
            purge::end(cx, &domain).await?;
            return Ok(Some(None));
        }
        Due::ReportMissed => {
            let change = change::begin(cx, &domain, ChangeOperation::Custom, Some("reportMissed")).await?;
            restore::missed(cx, &mut domain, &zone.policy).await?;
            change::end(cx, change, &domain).await?;
        }
        Due::Delete => {
            hold::begin(cx, &mut domain, &zone.policy, HoldCause::Deleted).await?;
            hold::tell_deleted(cx, &domain).await?;
        }
        Due::Expire => expire(cx, &mut domain, &zone).await?,
    }
    Ok(Some(Some(domain.due().1)))
}

/// The end of a registration: it is renewed, or the domain goes on hold. Where the zone does that at the end of the
/// month, that day is noted first.
async fn expire(cx: &mut Cx<'_>, domain: &mut DomainRow, zone: &Zone) -> Result<(), Stop> {
    renewal::reckon(domain, &zone.policy);
    if cx.now < domain.due().1 {
        return Ok(cx.tx.domain_update(domain).await?);
    }
    if !domain.life.auto_renew {
        let change = change::begin(cx, domain, ChangeOperation::AutoDelete, None).await?;
        hold::begin(cx, domain, &zone.policy, HoldCause::Expired).await?;
        hold::tell_ended(cx, domain, zone.policy.expiry.action_off);
        return change::end(cx, change, domain).await;
    }
    let change = change::begin(cx, domain, ChangeOperation::AutoRenew, None).await?;
    let years = zone.policy.period.default_years;
    let months = i32::from(years) * 12;
    let before = domain.expires_at;
    domain.expires_at = before.plus_months(months).ok_or(StoreError::Shape("the calendar's end"))?;
    renewal::reckon(domain, &zone.policy);
    domain.updater = Some(cx.registry.clone());
    domain.updated_at = Some(cx.now);
    cx.tx.domain_update(domain).await?;
    money::charge(
        cx,
        &money::Charge {
            account: &domain.registrar,
            op: BillOp::AutoRenew,
            zone: domain.zone.as_str(),
            units: years,
            object: domain.name.as_str(),
            fee: money::FeeTerms::default(),
        },
    )
    .await?;
    grace::begin(cx, domain, GraceKind::AutoRenew, (months, cx.now), &zone.policy.grace).await?;
    let (name, after) = (domain.name.clone(), domain.expires_at);
    let data = Box::new(super::info::as_sponsor(cx, domain).await?);
    cx.notify(&domain.registrar, Notice::DomainRenewed(data));
    change::end(cx, change, domain).await?;
    cx.changed(
        name.as_str(),
        json!({ "renewed": { "before": before.to_string(), "after": after.to_string() } }),
    );
    Ok(())
}
