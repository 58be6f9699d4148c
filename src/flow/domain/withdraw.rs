//! `domain:withdraw`: a registrar gives a domain back to the registry (requirements 3.2.7). No XML of the standard
//! carries it.

use super::transfer::{Going, hand_over, note};
use super::{find_own, zone_of};
use crate::epp::command::DomainWithdraw;
use crate::epp::ns::Ns;
use crate::epp::reply::{Reply, TransferStatus};
use crate::epp::types::Management;
use crate::flow::status::{self, Verb};
use crate::gate::{Access, Cx, Login, Spec, Stop};
use crate::refusal::Reason;
use crate::store::transfer::{TransferKind, TransferRow};

/// What the command needs.
pub const SPEC: Spec =
    Spec { name: "domain:withdraw", login: Login::Required, access: Access::Write, object: Some(Ns::Domain) };

/// Makes the registry the sponsor and the registrant its manager where the zone knows that, with the hosts below the
/// domain and what of its contacts goes along in a transfer. Nothing is added to the registration, and nothing is
/// charged.
///
/// # Refusals
/// - [`Reason::NotFound`]
/// - [`Reason::NotSponsor`]
/// - [`Reason::ZoneOff`]
/// - [`Reason::NotOffered`]
/// - [`Reason::StatusProhibits`]
///
/// # Errors
/// The refusals above, or the database's trouble.
pub async fn run(command: &DomainWithdraw, cx: &mut Cx<'_>) -> Result<Reply, Stop> {
    let mut domain = find_own(cx, &command.name).await?;
    let zone = zone_of(cx, &domain).await?;
    if !zone.policy.withdraw.enabled {
        return Err(Reason::NotOffered.into());
    }
    status::permit(&domain.statuses, Verb::Transfer, Ns::Domain)?;
    cx.tx.registrar_of_registry(cx.registry, cx.now).await?;
    let mut row = TransferRow {
        object: domain.id,
        kind: TransferKind::Domain,
        status: TransferStatus::ServerApproved,
        requester: cx.registry.clone(),
        requested_at: cx.now,
        loser: domain.registrar.clone(),
        actor: cx.registry.clone(),
        acted_at: cx.now,
        months: 0,
        expires_at: None,
        cltrid: cx.cltrid.map(ToString::to_string),
        svtrid: cx.svtrid.to_owned(),
        due_at: None,
        before_it: None,
    };
    hand_over(
        cx,
        &mut domain,
        &mut row,
        &Going { policy: &zone.policy, anew: None, management: Some(Management::Registrant) },
    )
    .await?;
    cx.tx.domain_update(&domain).await?;
    cx.tx.transfer_put(&row).await?;
    note(cx, &domain, &row);
    Ok(Reply::DomainTransfer(row.data(domain.name)))
}
