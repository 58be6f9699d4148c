//! The registrar lets its own growth through for some days while its funds are short: no XML carries it, the desk
//! gives it.

use serde_json::json;

use super::hand::{self, NotUnlocked};
use super::rules_of;
use crate::epp::reply::Reply;
use crate::gate::{Access, Cx, Login, Spec, Stop};
use crate::refusal::{Reason, Refusal};

/// What the command needs.
pub const SPEC: Spec =
    Spec { name: "money:unlock", login: Login::Required, access: Access::Write, object: None };

/// Opens the gate, from the quota of the calendar month.
///
/// # Refusals
/// [`Reason::NotOffered`], [`Reason::FundsNotShort`], [`Reason::SelfUnlocksUsed`]
///
/// # Errors
/// Its refusals, and the database's troubles.
pub async fn run(cx: &mut Cx<'_>) -> Result<Reply, Stop> {
    let of = cx.registrar();
    let rules = rules_of(cx, of).await?;
    let Some(rules) = rules.filter(|rules| rules.bill.self_unlock.per_month > 0) else {
        return Err(Reason::NotOffered.into());
    };
    let (bill, quota) = (&rules.bill, &rules.bill.self_unlock);
    match hand::unlock(cx, of, bill, quota.for_days, true).await? {
        Ok((_, after)) => {
            let until = after.unlocked_until.map(|until| bill.zone.show(until));
            cx.changed(of.to_string(), json!({ "unlocked_until": until, "self_unlocks": after.unlocks }));
            Ok(Reply::Done)
        }
        Err(NotUnlocked::NotShort | NotUnlocked::Already) => Err(Reason::FundsNotShort.into()),
        Err(NotUnlocked::QuotaUsed) => {
            Err(Refusal::new(Reason::SelfUnlocksUsed).detail(format!("{} a month", quota.per_month)).into())
        }
    }
}
