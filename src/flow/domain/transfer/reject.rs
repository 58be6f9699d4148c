//! `<domain:transfer>`, op="reject" (RFC 5731 section 3.2.4).

use super::decide;
use crate::epp::command::DomainTransfer;
use crate::epp::ns::Ns;
use crate::epp::reply::Reply;
use crate::flow::transfer::Decision;
use crate::gate::{Access, Cx, Login, Spec, Stop};

/// What the command needs.
pub const SPEC: Spec = Spec {
    name: "domain:transfer-reject",
    login: Login::Required,
    access: Access::Write,
    object: Some(Ns::Domain),
};

/// The sponsor keeps the domain.
///
/// # Refusals
/// - [`Reason::NotFound`](crate::refusal::Reason::NotFound)
/// - [`Reason::OpNotOffered`](crate::refusal::Reason::OpNotOffered)
/// - [`Reason::NotSponsor`](crate::refusal::Reason::NotSponsor)
/// - [`Reason::NoTransferPending`](crate::refusal::Reason::NoTransferPending)
/// - [`Reason::WrongAuthInfo`](crate::refusal::Reason::WrongAuthInfo)
/// - [`Reason::TooManyWrongCodes`](crate::refusal::Reason::TooManyWrongCodes)
///
/// # Errors
/// The refusals above, or the database's trouble.
pub async fn run(command: &DomainTransfer, cx: &mut Cx<'_>) -> Result<Reply, Stop> {
    decide(command, cx, Decision::Reject).await
}
