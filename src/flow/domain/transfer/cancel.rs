//! `<domain:transfer>`, op="cancel" (RFC 5731 section 3.2.4).

use super::decide;
use crate::epp::command::DomainTransfer;
use crate::epp::ns::Ns;
use crate::epp::reply::Reply;
use crate::flow::transfer::Decision;
use crate::gate::{Access, Cx, Login, Spec, Stop};

/// What the command needs.
pub const SPEC: Spec = Spec {
    name: "domain:transfer-cancel",
    login: Login::Required,
    access: Access::Write,
    object: Some(Ns::Domain),
};

/// The registrar that asked takes its request back.
///
/// # Refusals
/// - [`Reason::NotFound`](crate::refusal::Reason::NotFound)
/// - [`Reason::OpNotOffered`](crate::refusal::Reason::OpNotOffered)
/// - [`Reason::NotRequester`](crate::refusal::Reason::NotRequester)
/// - [`Reason::NoTransferPending`](crate::refusal::Reason::NoTransferPending)
/// - [`Reason::WrongAuthInfo`](crate::refusal::Reason::WrongAuthInfo)
/// - [`Reason::TooManyWrongCodes`](crate::refusal::Reason::TooManyWrongCodes)
///
/// # Errors
/// The refusals above, or the database's trouble.
pub async fn run(command: &DomainTransfer, cx: &mut Cx<'_>) -> Result<Reply, Stop> {
    decide(command, cx, Decision::Cancel).await
}
