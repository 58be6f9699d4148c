//! `<contact:transfer>`, `op="reject"` (RFC 5733 section 3.2.4).

use crate::epp::command::ContactTransfer;
use crate::epp::ns::Ns;
use crate::epp::reply::Reply;
use crate::flow::transfer::Decision;
use crate::gate::{Access, Cx, Login, Spec, Stop};

/// What the command needs.
pub const SPEC: Spec = Spec {
    name: "contact:transfer-reject",
    login: Login::Required,
    access: Access::Write,
    object: Some(Ns::Contact),
};

/// Keeps a contact from the registrar that asked for it: the sponsor's decision.
///
/// # Refusals
/// [`Reason::NotOffered`](crate::refusal::Reason::NotOffered),
/// [`Reason::NotFound`](crate::refusal::Reason::NotFound),
/// [`Reason::NotSponsor`](crate::refusal::Reason::NotSponsor),
/// [`Reason::NoTransferPending`](crate::refusal::Reason::NoTransferPending),
/// [`Reason::WrongAuthInfo`](crate::refusal::Reason::WrongAuthInfo)
///
/// # Errors
/// Its refusals, and the database's troubles.
pub async fn run(command: &ContactTransfer, cx: &mut Cx<'_>) -> Result<Reply, Stop> {
    super::decide(command, Decision::Reject, cx).await
}
