//! `<host:update>` (RFC 5732 section 3.2.5).

use serde_json::json;

use crate::epp::command::{HostAddRem, HostUpdate};
use crate::epp::ns::Ns;
use crate::epp::reply::Reply;
use crate::epp::types::{ContactId, DomainName, HostAddr, HostAddrs, Status};
use crate::flow::status::Change;
use crate::flow::ttl;
use crate::gate::{Access, Cx, Login, Spec, Stop};
use crate::refusal::{Reason, Refusal};
use crate::store::host::HostRow;

use super::place::{self, Place};
use super::{address, admin, approval};

/// What the command needs.
pub const SPEC: Spec =
    Spec { name: "host:update", login: Login::Required, access: Access::Write, object: Some(Ns::Host) };

/// Changes a host: removals first, then additions, then the name, then its administrator, where that is not the
/// registrar's once it agrees (S174). Domains that use the host keep using it under its new name.
///
/// # Refusals
/// [`Reason::NotOffered`], [`Reason::RenameNotOffered`], [`Reason::NothingToUpdate`], [`Reason::NotFound`], [`Reason::NotSponsor`],
/// [`Reason::NotNsAdmin`], [`Reason::NsAdminNotOffered`], [`Reason::NoSuchContact`],
/// [`Reason::StatusProhibits`], [`Reason::SuperordinateStatus`], [`Reason::DuplicateInCommand`],
/// [`Reason::StatusNotSettable`], [`Reason::NotThere`], [`Reason::AlreadyThere`], [`Reason::Exists`],
/// [`Reason::LinkedElsewhere`], [`Reason::NotOurZone`], [`Reason::ZoneOff`], [`Reason::NoSuperordinate`],
/// [`Reason::SuperordinateNotOwn`], [`Reason::AddressNeeded`], [`Reason::AddressNotAccepted`],
/// [`Reason::AddressNotPublic`], [`Reason::TooManyAddresses`], [`Reason::TtlTypeNotTaken`],
/// [`Reason::TtlOutOfRange`], [`Reason::TtlNoRecord`]
///
/// # Errors
/// Its refusals, and the database's troubles.
pub async fn run(command: &HostUpdate, cx: &mut Cx<'_>) -> Result<Reply, Stop> {
    super::check_offered(cx)?;
    if let Some(name) = command.new_name.as_ref().filter(|_| !cx.rules.host.rename) {
        return Err(Refusal::new(Reason::RenameNotOffered).on(Ns::Host, "name", name.as_str()).into());
    }
    let none = HostAddRem::default();
    let (add, rem) = (command.add.as_ref().unwrap_or(&none), command.rem.as_ref().unwrap_or(&none));
    let new_addrs = !add.addrs.0.is_empty() || !rem.addrs.0.is_empty();
    let chosen = !command.ttl.is_empty();
    let more = new_addrs || command.new_name.is_some() || chosen || command.admin.is_some();
    if !more && add.statuses.is_empty() && rem.statuses.is_empty() {
        return Err(Reason::NothingToUpdate.into());
    }
    let mut host = super::find(cx, &command.name).await?;
    admin::permit(cx, &host).await?;
    let statuses = Change { add: &add.statuses, rem: &rem.statuses, more };
    statuses.permit(&host.statuses, Ns::Host)?;
    super::settled_superordinate(cx, &host).await?;

    host.statuses = statuses.apply(&host.statuses, |_| true, Ns::Host)?;
    let place = match &command.new_name {
        Some(name) => Some(rename(cx, &mut host, name).await?),
        None => {
            let place = place::place_of(cx, &host).await?;
            (new_addrs || chosen).then_some(place)
        }
    };
    if let Some(place) = place {
        if new_addrs || command.new_name.is_some() {
            host.addrs = changed(&host.addrs, &add.addrs, &rem.addrs)?;
            place.check_addrs(&host.addrs, &add.addrs, Reason::AddressNeeded)?;
        }
        ttl::check_host(&command.ttl, place.policy())?;
        if place.superordinate().is_none() {
            // What was chosen for addresses that are published elsewhere from now on means nothing.
            cx.tx.ttl_forget(host.id).await?;
        }
        ttl::choose(cx, host.id, &command.ttl).await?;
    }
    host.updater = Some(cx.registrar().clone());
    host.updated_at = Some(cx.now);
    let pending = match &command.admin {
        None => false,
        Some(handle) => change_admin(cx, &mut host, handle).await?,
    };
    cx.tx.host_update(&host).await?;
    cx.changed(
        command.name.as_str(),
        json!({ "add": told(add), "rem": told(rem), "name": command.new_name, "ttl": ttl::told(&command.ttl) }),
    );
    Ok(if pending { Reply::Pending } else { Reply::Done })
}

/// Gives a host another administrator, at once where that is the registrar's own. Says whether it waits.
async fn change_admin(cx: &mut Cx<'_>, host: &mut HostRow, handle: &ContactId) -> Result<bool, Stop> {
    let policy = admin::policy_of(cx, host).await?;
    let wanted = admin::wanted(cx, handle, &policy).await?;
    if host.admin == Some(wanted.id) {
        return Err(Refusal::new(Reason::AlreadyThere).on(Ns::Contact, "id", handle.as_str()).into());
    }
    if wanted.is_own(cx) {
        let by = cx.registrar().clone();
        admin::appoint(cx, host, &wanted, &by).await?;
        return Ok(false);
    }
    approval::change(cx, host, &wanted, &policy).await?;
    Ok(true)
}

/// Gives a host another name, and with it perhaps another place. A host elsewhere that domains of other registrars
/// use keeps its name: they chose it by that name (RFC 5732 section 3.2.5).
async fn rename(cx: &mut Cx<'_>, host: &mut HostRow, name: &DomainName) -> Result<Place, Stop> {
    let refused = |reason| Refusal::new(reason).on(Ns::Host, "name", name.as_str());
    // Its place goes with the name, and is the sponsor's.
    if host.registrar != *cx.registrar() {
        return Err(Refusal::new(Reason::NotSponsor).on(Ns::Host, "name", host.name.as_str()).into());
    }
    if cx.tx.host_by_name(name).await?.is_some() {
        return Err(refused(Reason::Exists).into());
    }
    let place = place::place_for(cx, name).await?;
    if host.superordinate.is_none() && cx.tx.host_linked_elsewhere(host.id, &host.registrar).await? {
        return Err(refused(Reason::LinkedElsewhere).into());
    }
    host.name = name.clone();
    host.superordinate = place.superordinate();
    Ok(place)
}

/// The addresses after the update.
fn changed(before: &HostAddrs, add: &HostAddrs, rem: &HostAddrs) -> Result<HostAddrs, Refusal> {
    let refused = |reason, addr: &HostAddr| Refusal::new(reason).on(Ns::Host, "addr", addr.to_string());
    address::check_distinct(rem, Ns::Host, "addr")?;
    address::check_distinct(add, Ns::Host, "addr")?;
    if let Some(absent) = rem.0.iter().find(|addr| !before.0.contains(addr)) {
        return Err(refused(Reason::NotThere, absent));
    }
    let mut after: Vec<HostAddr> = before.0.iter().copied().filter(|addr| !rem.0.contains(addr)).collect();
    if let Some(present) = add.0.iter().find(|addr| after.contains(addr)) {
        return Err(refused(Reason::AlreadyThere, present));
    }
    after.extend(&add.0);
    Ok(HostAddrs(after))
}

/// What was added or removed, for the audit trail.
fn told(part: &HostAddRem) -> serde_json::Value {
    let statuses: Vec<_> = part.statuses.iter().map(|(status, _)| status.name()).collect();
    json!({ "addr": part.addrs, "status": statuses })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addrs(text: &str) -> HostAddrs {
        HostAddrs::from_text(text)
    }

    #[test]
    fn addresses_are_removed_before_they_are_added() {
        let before = addrs("192.0.2.1 192.0.2.2");
        let after = changed(&before, &addrs("2001:db8::1"), &addrs("192.0.2.1")).unwrap();
        assert_eq!(after, addrs("192.0.2.2 2001:db8::1"));
        let moved = changed(&before, &addrs("192.0.2.1"), &addrs("192.0.2.1")).unwrap();
        assert_eq!(moved, addrs("192.0.2.2 192.0.2.1"));
        let reason = |add: &str, rem: &str| changed(&before, &addrs(add), &addrs(rem)).unwrap_err().reason;
        assert_eq!(reason("192.0.2.2", ""), Reason::AlreadyThere);
        assert_eq!(reason("", "192.0.2.3"), Reason::NotThere);
        assert_eq!(reason("192.0.2.3 192.0.2.3", ""), Reason::DuplicateInCommand);
        assert_eq!(reason("", "192.0.2.1 192.0.2.1"), Reason::DuplicateInCommand);
    }
}
