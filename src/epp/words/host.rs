//! Hosts in words.

use std::net::IpAddr;

use super::{Words, WordsFault, fault, model, name_of};
use crate::epp::command::{Command, HostAddRem, HostCreate, HostUpdate};
use crate::epp::types::{HostAddrs, HostStatus, Status};

/// `host:create`
pub(super) fn create(w: &mut Words) -> Result<Command, WordsFault> {
    let (name, addrs) = (w.name()?, HostAddrs(w.each("addr", address_of)?));
    let (admin, management) = (w.contact("admin")?, w.maybe("management", model)?);
    Ok(Command::HostCreate(HostCreate { admin, management, ..HostCreate::of(name, addrs) }))
}

/// `host:update`
pub(super) fn update(w: &mut Words) -> Result<Command, WordsFault> {
    let name = w.name()?;
    let (add, rem) = (part(w, "add-addr", "add-status")?, part(w, "rem-addr", "rem-status")?);
    let (new_name, admin) = (w.maybe("name", name_of)?, w.contact("admin")?);
    Ok(Command::HostUpdate(HostUpdate { add, rem, new_name, admin, ..HostUpdate::of(name) }))
}

/// What an update adds, or removes.
fn part(
    w: &mut Words,
    addrs: &'static str,
    statuses: &'static str,
) -> Result<Option<HostAddRem>, WordsFault> {
    let addrs = HostAddrs(w.each(addrs, address_of)?);
    let given = w.each(statuses, status)?;
    let statuses: Vec<_> = given.into_iter().map(|status| (status, None)).collect();
    let part = HostAddRem { addrs, statuses };
    Ok((part != HostAddRem::default()).then_some(part))
}

fn status(text: &str) -> Result<HostStatus, WordsFault> {
    HostStatus::parse(text).map_or_else(|| fault(format_args!("there is no status {text:?}")), Ok)
}

fn address_of(text: &str) -> Result<IpAddr, WordsFault> {
    text.parse().or_else(|_| fault(format_args!("{text:?} is no address")))
}
