//! The registrar lifts its own block (S66, S76, S77): no XML carries it, the desk gives it.

use serde_json::json;

use crate::epp::reply::Reply;
use crate::gate::hit::{self, NotLifted};
use crate::gate::{Access, Cx, Login, Spec, Stop};
use crate::refusal::{Reason, Refusal};

/// What the command needs.
pub const SPEC: Spec =
    Spec { name: "hitpoints:unblock", login: Login::Required, access: Access::Write, object: None };

/// Ends the block, from the quota of the calendar month.
///
/// # Refusals
/// [`Reason::NotBlocked`], [`Reason::SelfUnblocksUsed`]
///
/// # Errors
/// Its refusals, and the database's troubles.
pub async fn run(cx: &mut Cx<'_>) -> Result<Reply, Stop> {
    let of = cx.registrar();
    let rules = cx.account_rules(of).await?;
    let most = rules.hit.self_unblocks_per_month;
    match hit::unblock(cx, of, &rules.hit, true).await? {
        Ok((before, after)) => {
            let until = before.blocked_until.map(|until| rules.hit.zone.show(until));
            let detail = json!({
                "points": [before.points, after.points], "blocked_until": until, "self_unblocks": after.unblocks,
            });
            cx.changed(of.to_string(), detail);
            Ok(Reply::Done)
        }
        Err(NotLifted::NotBlocked) => Err(Reason::NotBlocked.into()),
        Err(NotLifted::QuotaUsed) => {
            Err(Refusal::new(Reason::SelfUnblocksUsed).detail(format!("{most} a month")).into())
        }
    }
}
