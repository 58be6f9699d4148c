//! `<contact:transfer>`, op="query".
use crate::epp::command::ContactTransfer;
use crate::epp::ns::Ns;
use crate::epp::reply::Reply;
use crate::gate::{Access, Cx, Login, Spec, Stop};
use crate::refusal::Reason;

/// What the command needs.
pub const SPEC: Spec = Spec {
    name: "contact:transfer-query",
    login: Login::Required,
    access: Access::Read,
    object: Some(Ns::Contact),
};

/// Runs it.
///
/// # Errors
/// Its refusals.
pub async fn run(_command: &ContactTransfer, _cx: &mut Cx<'_>) -> Result<Reply, Stop> {
    Err(Reason::NotOffered.into())
}
