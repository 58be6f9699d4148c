//! `<domain:transfer>`, op="query" (RFC 5731 section 3.1.3).

use super::{check_offered, rules};
use crate::epp::command::DomainTransfer;
use crate::epp::ns::Ns;
use crate::epp::reply::Reply;
use crate::epp::types::FeeVerb;
use crate::flow::domain::grace::TRANSFERS;
use crate::flow::domain::{authority, find, on_name, period};
use crate::flow::money;
use crate::flow::transfer::is_party;
use crate::gate::{Access, Cx, Login, Spec, Stop};
use crate::policy::TransferOp;
use crate::refusal::Reason;

/// What the command needs.
pub const SPEC: Spec = Spec {
    name: "domain:transfer-query",
    login: Login::Required,
    access: Access::Read,
    object: Some(Ns::Domain),
};

/// Tells how the last transfer stands or ended: to its parties, and to whoever has the authorization information; who
/// asked for it also learns what it costs.
///
/// # Refusals
/// - [`Reason::NotFound`]
/// - [`Reason::OpNotOffered`]
/// - [`Reason::NotPartyToTransfer`]
/// - [`Reason::WrongAuthInfo`]
/// - [`Reason::TooManyWrongCodes`]
/// - [`Reason::NoTransferKnown`]
///
/// # Errors
/// The refusals above, or the database's trouble.
pub async fn run(command: &DomainTransfer, cx: &mut Cx<'_>) -> Result<Reply, Stop> {
    let domain = find(cx, &command.name).await?;
    let policy = rules(cx, &domain.name).await?;
    check_offered(&policy, TransferOp::Query)?;
    let last = cx.tx.transfer_of(domain.id).await?;
    if !is_party(last.as_ref(), cx.registrar(), &domain.registrar) {
        let Some(given) = &command.auth else {
            return Err(on_name(Reason::NotPartyToTransfer, &domain.name).into());
        };
        authority::check(cx, &domain, given).await?;
    }
    match last {
        Some(row) if row.requester == *cx.registrar() => {
            let years = period::years(i32::try_from(row.months).unwrap_or(0));
            let (of, what) = ((row.requested_at, years), (FeeVerb::Transfer, TRANSFERS));
            let fee = money::since(cx, &row.requester, what, domain.name.as_str(), of).await?;
            Ok(fee.with(Reply::DomainTransfer(row.data(domain.name))))
        }
        Some(row) => Ok(Reply::DomainTransfer(row.data(domain.name))),
        None => Err(on_name(Reason::NoTransferKnown, &domain.name).into()),
    }
}
