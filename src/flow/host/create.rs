//! `<host:create>` (RFC 5732 section 3.2.1).

use serde_json::json;

use super::{admin, approval};
use crate::epp::command::HostCreate;
use crate::epp::ns::Ns;
use crate::epp::reply::Reply;
use crate::epp::types::HostStatus;
use crate::flow::{management, ttl};
use crate::gate::{Access, Cx, Login, Spec, Stop};
use crate::refusal::{Reason, Refusal};
use crate::store::host::HostRow;
use crate::store::management::Managed;

/// What the command needs.
pub const SPEC: Spec =
    Spec { name: "host:create", login: Login::Required, access: Access::Write, object: Some(Ns::Host) };

/// Creates a host. Whether its name is free is decided by the insert itself, so that of two who want it one is
/// told. Where a zone has administrators, it waits for who has to agree: the registrant that manages the domain above, and
/// an administrator that is not the registrar's.
///
/// # Refusals
/// [`Reason::NotOffered`], [`Reason::NotOurZone`], [`Reason::ZoneOff`], [`Reason::NoSuperordinate`],
/// [`Reason::SuperordinateNotOwn`], [`Reason::SuperordinateStatus`], [`Reason::AddressMissing`],
/// [`Reason::AddressNotAccepted`], [`Reason::AddressNotPublic`], [`Reason::TooManyAddresses`],
/// [`Reason::DuplicateInCommand`], [`Reason::ManagementNotOffered`], [`Reason::NsAdminNotOffered`],
/// [`Reason::NoSuchContact`], [`Reason::Exists`], [`Reason::TtlTypeNotTaken`], [`Reason::TtlOutOfRange`],
/// [`Reason::TtlNoRecord`]
///
/// # Errors
/// Its refusals, and the database's troubles.
pub async fn run(command: &HostCreate, cx: &mut Cx<'_>) -> Result<Reply, Stop> {
    super::check_offered(cx)?;
    let place = super::place::place_for(cx, &command.name).await?;
    place.check_addrs(&command.addrs, &command.addrs, Reason::AddressMissing)?;
    ttl::check_host(&command.ttl, place.policy())?;
    let policy = place.rules(cx.rules);
    let model = management::of_new(cx, command.management, &policy.management).await?;
    let wanted = match &command.admin {
        None => None,
        Some(handle) => Some(admin::wanted(cx, handle, &policy.host).await?),
    };
    let registrant_agrees = match place.superordinate() {
        Some(domain) if policy.host.ns_admin => {
            management::is_registrants(cx, Managed::Domain, domain, &policy.management).await?
        }
        _ => false,
    };
    let pending = registrant_agrees || wanted.as_ref().is_some_and(|wanted| !wanted.is_own(cx));
    let statuses = pending.then_some(HostStatus::PendingCreate).into_iter().collect();
    let host = HostRow {
        id: cx.ids.next(),
        name: command.name.clone(),
        private_to: 0,
        superordinate: place.superordinate(),
        registrar: cx.registrar().clone(),
        creator: cx.registrar().clone(),
        created_at: cx.now,
        updater: None,
        updated_at: None,
        transferred_at: None,
        statuses,
        addrs: command.addrs.clone(),
        admin: wanted.as_ref().filter(|_| !pending).map(|wanted| wanted.id),
    };
    if !cx.tx.host_insert(&host).await? {
        return Err(Refusal::new(Reason::Exists).on(Ns::Host, "name", command.name.as_str()).into());
    }
    management::store(cx, Managed::Host, host.id, model).await?;
    ttl::choose(cx, host.id, &command.ttl).await?;
    if pending {
        approval::create(cx, &host, wanted.as_ref(), registrant_agrees, &policy.host).await?;
    }
    let detail = json!({
        "created": !pending,
        "addr": host.addrs,
        "ttl": ttl::told(&command.ttl),
        "administrator": command.admin,
        "management": model.name(),
    });
    cx.changed(host.name.as_str(), detail);
    Ok(Reply::HostCreated { name: host.name, created: cx.now, pending })
}
