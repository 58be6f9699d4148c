//! Administrators of name servers (S169-S177). A host is administered by its sponsor, or by who a contact stands for that
//! was appointed: the registrar that manages the contact, or else the person behind it. What a registrar-managed host
//! needs, its sponsor and its administrator both may do; to one that the registrant manages, the administrator alone.
//! Where a zone has no administrators, a host is its sponsor's.

use std::collections::BTreeSet;

use serde_json::json;

use crate::epp::notice::{HostNotice, Notice};
use crate::epp::ns::Ns;
use crate::epp::types::{ContactId, DomainName, Management, RegistrarId};
use crate::flow::zone;
use crate::gate::{Cx, Stop};
use crate::policy::HostPolicy;
use crate::refusal::{Reason, Refusal};
use crate::store::contact::ContactRow;
use crate::store::host::HostRow;
use crate::store::management::Managed;

/// Refuses who may not change a host.
///
/// # Errors
/// [`Reason::NotSponsor`], [`Reason::NotNsAdmin`], or the database's trouble.
pub(super) async fn permit(cx: &mut Cx<'_>, host: &HostRow) -> Result<(), Stop> {
    let refused = |reason| Refusal::new(reason).on(Ns::Host, "name", host.name.as_str());
    let own = host.registrar == *cx.registrar();
    if host.admin.is_none() || !policy_of(cx, host).await?.ns_admin {
        return if own { Ok(()) } else { Err(refused(Reason::NotSponsor).into()) };
    }
    let Some(server) = cx.tx.server(host.id).await? else { return Err(refused(Reason::NotFound).into()) };
    let runs = server.run_by() == Some(cx.registrar());
    if runs || (own && server.management == Management::Registrar) {
        return Ok(());
    }
    Err(refused(Reason::NotNsAdmin).into())
}

/// The rules a host is under: those of its zone, also while that is switched off, or those of hosts elsewhere.
///
/// # Errors
/// The database's trouble.
pub(super) async fn policy_of(cx: &mut Cx<'_>, host: &HostRow) -> Result<HostPolicy, Stop> {
    if host.superordinate.is_none() {
        return Ok(cx.rules.host.clone());
    }
    Ok(zone::registered_in(cx, &host.name).await?.policy.host.clone())
}

/// A contact that is to administer a host.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    /// Its number.
    pub id: i64,
    /// Its identifier.
    pub handle: ContactId,
    /// The account it stands for; `None` where the person behind it does.
    pub of: Option<RegistrarId>,
}

impl Wanted {
    /// Whether the acting registrar answers for it.
    pub(super) fn is_own(&self, cx: &Cx<'_>) -> bool {
        self.of.as_ref() == Some(cx.registrar())
    }
}

/// The contact a command names as the administrator. It need not be under the model of the host (S175).
///
/// # Errors
/// [`Reason::NsAdminNotOffered`], [`Reason::NoSuchContact`], or the database's trouble.
pub(super) async fn wanted(cx: &mut Cx<'_>, handle: &ContactId, policy: &HostPolicy) -> Result<Wanted, Stop> {
    let refused = |reason| Refusal::new(reason).on(Ns::Contact, "id", handle.as_str());
    if !policy.ns_admin {
        return Err(refused(Reason::NsAdminNotOffered).into());
    }
    let contact = cx.tx.contact_by_handle(handle).await?.ok_or_else(|| refused(Reason::NoSuchContact))?;
    standing(cx, contact).await
}

/// Who a contact stands for.
///
/// # Errors
/// The database's trouble.
pub(super) async fn standing(cx: &mut Cx<'_>, contact: ContactRow) -> Result<Wanted, Stop> {
    let managed = cx.tx.management(Managed::Contact, contact.id).await? == Management::Registrar;
    Ok(Wanted { id: contact.id, handle: contact.handle, of: managed.then_some(contact.registrar) })
}

/// Gives a host another administrator, and tells its sponsor and the one it had, as far as they neither asked for it nor
/// are the new one. The caller stores the host.
///
/// # Errors
/// The database's trouble.
pub(super) async fn appoint(
    cx: &mut Cx<'_>,
    host: &mut HostRow,
    to: &Wanted,
    asked_by: &RegistrarId,
) -> Result<(), Stop> {
    let concerned = run_by(cx, host).await?;
    host.admin = Some(to.id);
    cx.changed(host.name.as_str(), json!({ "administrator": { "after": to.handle } }));
    for registrar in concerned {
        if registrar != *asked_by && Some(&registrar) != to.of.as_ref() {
            let (host, admin) = (host.name.clone(), to.handle.clone());
            cx.notify(&registrar, Notice::Host(HostNotice::AdminReplaced { host, admin }));
        }
    }
    Ok(())
}

/// The accounts that have a host: its sponsor, and the one that administers it.
///
/// # Errors
/// The database's trouble.
pub async fn run_by(cx: &mut Cx<'_>, host: &HostRow) -> Result<BTreeSet<RegistrarId>, Stop> {
    let mut accounts = BTreeSet::from([host.registrar.clone()]);
    if host.admin.is_some() {
        let server = cx.tx.server(host.id).await?;
        accounts.extend(server.as_ref().and_then(|server| server.run_by()).cloned());
    }
    Ok(accounts)
}

/// Tells an account that it is asked to administer a host.
pub(super) fn ask(cx: &mut Cx<'_>, host: &DomainName, wanted: &Wanted, deadline: crate::clock::Ts) {
    let Some(of) = &wanted.of else { return };
    let (host, admin) = (host.clone(), wanted.handle.clone());
    cx.notify(of, Notice::Host(HostNotice::AdminRequested { host, admin, deadline }));
}
