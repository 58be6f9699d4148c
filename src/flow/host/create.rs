//! `<host:create>` (RFC 5732 section 3.2.1).

use serde_json::json;

use crate::epp::command::HostCreate;
use crate::epp::ns::Ns;
use crate::epp::reply::Reply;
use crate::epp::types::StatusSet;
use crate::flow::ttl;
use crate::gate::{Access, Cx, Login, Spec, Stop};
use crate::refusal::{Reason, Refusal};
use crate::store::host::HostRow;

/// What the command needs.
pub const SPEC: Spec =
    Spec { name: "host:create", login: Login::Required, access: Access::Write, object: Some(Ns::Host) };

/// Creates a host. Whether its name is free is decided by the insert itself, so that of two who want it one is
/// told.
///
/// # Refusals
/// [`Reason::NotOffered`], [`Reason::NotOurZone`], [`Reason::ZoneOff`], [`Reason::NoSuperordinate`],
/// [`Reason::SuperordinateNotOwn`], [`Reason::SuperordinateStatus`], [`Reason::AddressMissing`],
/// [`Reason::AddressNotAccepted`], [`Reason::AddressNotPublic`], [`Reason::TooManyAddresses`],
/// [`Reason::DuplicateInCommand`], [`Reason::Exists`], [`Reason::TtlTypeNotTaken`], [`Reason::TtlOutOfRange`],
/// [`Reason::TtlNoRecord`]
///
/// # Errors
/// Its refusals, and the database's troubles.
pub async fn run(command: &HostCreate, cx: &mut Cx<'_>) -> Result<Reply, Stop> {
    super::check_offered(cx)?;
    let place = super::place::place_for(cx, &command.name).await?;
    place.check_addrs(&command.addrs, &command.addrs, Reason::AddressMissing)?;
    ttl::check_host(&command.ttl, place.policy())?;
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
        statuses: StatusSet::default(),
        addrs: command.addrs.clone(),
    };
    if !cx.tx.host_insert(&host).await? {
        return Err(Refusal::new(Reason::Exists).on(Ns::Host, "name", command.name.as_str()).into());
    }
    ttl::choose(cx, host.id, &command.ttl).await?;
    let detail = json!({ "created": true, "addr": host.addrs, "ttl": ttl::told(&command.ttl) });
    cx.changed(host.name.as_str(), detail);
    Ok(Reply::HostCreated { name: host.name, created: cx.now })
}
