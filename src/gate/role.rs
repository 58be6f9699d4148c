//! Which meta-roles a command needs (S185): asked after the account's own state and before any rule of the object.
//! Queries, poll and the session itself need none, but for the balance, which is money.

use std::collections::BTreeSet;

use crate::epp::command::{Command, DomainAddRem, DomainUpdate, REDELEGATION_KEYWORD, TRANSFER_KEYWORD};
use crate::policy::{MetaRole, Operation, Roles, RolesPolicy};
use crate::refusal::{Reason, Refusal};

/// Refuses a command for which the user lacks a meta-role.
pub(super) fn check(command: &Command, policy: &RolesPolicy, has: &Roles) -> Result<(), Refusal> {
    if !policy.enabled {
        return Ok(());
    }
    match operations(command).into_iter().find(|operation| !allows(policy, has, *operation)) {
        None => Ok(()),
        Some(operation) => Err(missing(policy, operation)),
    }
}

fn missing(policy: &RolesPolicy, operation: Operation) -> Refusal {
    let needed = policy.matrix.get(&operation).map(one_of).unwrap_or_default();
    Refusal::new(Reason::RoleMissing).detail(format!("{operation} needs {needed}"))
}

/// Whether a user with those roles may do it.
pub(super) fn allows(policy: &RolesPolicy, has: &Roles, operation: Operation) -> bool {
    !policy.enabled || policy.matrix.get(&operation).is_none_or(|needed| has.any_of(needed))
}

fn one_of(roles: &BTreeSet<MetaRole>) -> String {
    let names: Vec<_> = roles.iter().map(|role| role.name()).collect();
    if names.is_empty() { "a role nobody has".to_owned() } else { names.join(" or ") }
}

/// What a command is to the matrix: one operation, several where an update changes several things, none where it
/// changes nothing.
fn operations(command: &Command) -> Vec<Operation> {
    let one = match command {
        Command::Login(_)
        | Command::Logout
        | Command::PollRequest
        | Command::PollAck(_)
        | Command::DomainCheck(_)
        | Command::DomainInfo(_)
        | Command::DomainTransferQuery(_)
        | Command::ContactCheck(_)
        | Command::ContactInfo(_)
        | Command::ContactTransferQuery(_)
        | Command::HostCheck(_)
        | Command::HostInfo(_)
        | Command::MaintenanceInfo(_) => return Vec::new(),
        Command::DomainUpdate(update) => return parts(update),
        Command::DomainCreate(_) => Operation::DomainCreate,
        Command::DomainDelete(_) => Operation::DomainDelete,
        Command::DomainRenew(_) => Operation::DomainRenew,
        Command::DomainUndelete(_) => Operation::DomainUndelete,
        Command::DomainReactivate(_) => Operation::DomainReactivate,
        Command::DomainAutoRenew(_) => Operation::DomainAutoRenew,
        Command::DomainRequestCode(_) => Operation::DomainRequestCode,
        Command::DomainWithdraw(_) => Operation::DomainWithdraw,
        Command::DomainTransferRequest(_) => Operation::DomainTransferRequest,
        Command::DomainTransferApprove(_) => Operation::DomainTransferApprove,
        Command::DomainTransferReject(_) => Operation::DomainTransferReject,
        Command::DomainTransferCancel(_) => Operation::DomainTransferCancel,
        Command::ContactCreate(_) => Operation::ContactCreate,
        Command::ContactDelete(_) => Operation::ContactDelete,
        Command::ContactUpdate(_) => Operation::ContactUpdate,
        Command::ContactTransferRequest(_) => Operation::ContactTransferRequest,
        Command::ContactTransferApprove(_) => Operation::ContactTransferApprove,
        Command::ContactTransferReject(_) => Operation::ContactTransferReject,
        Command::ContactTransferCancel(_) => Operation::ContactTransferCancel,
        Command::HostCreate(_) => Operation::HostCreate,
        Command::HostDelete(_) => Operation::HostDelete,
        Command::HostUpdate(_) => Operation::HostUpdate,
        Command::HostAccept(_) | Command::HostReject(_) => Operation::HostAnswer,
        Command::BalanceInfo => Operation::BalanceInfo,
        Command::MoneyUnlock => Operation::MoneyUnlock,
        Command::HitpointsUnblock => Operation::HitpointsUnblock,
        Command::AddressAdd(_) | Command::AddressRemove(_) => Operation::AddressChange,
    };
    vec![one]
}

/// The parts of a domain's update, which may be duties of different users.
fn parts(update: &DomainUpdate) -> Vec<Operation> {
    if update.restore.is_some() {
        return vec![Operation::DomainRestore];
    }
    let either = |has: fn(&DomainAddRem) -> bool| [&update.add, &update.rem].into_iter().flatten().any(has);
    let parts = [
        (either(|side| side.ns.is_some()), Operation::DomainUpdateNs),
        (update.sec_dns.is_some(), Operation::DomainUpdateDs),
        (!update.ttl.is_empty(), Operation::DomainUpdateNs),
        (either(|side| !side.contacts.is_empty()), Operation::DomainUpdateContact),
        (update.registrant.is_some(), Operation::DomainUpdateRegistrant),
        (either(|side| !side.statuses.is_empty()), Operation::DomainUpdate),
    ];
    let mut changed: Vec<_> =
        parts.into_iter().filter(|(is_there, _)| *is_there).map(|(_, part)| part).collect();
    changed.extend(auth(update));
    // An update of nothing is somebody's to give too; what is wrong with it the flow says.
    if changed.is_empty() { vec![Operation::DomainUpdate] } else { changed }
}

/// What an update's authorization information is to the matrix. Beside name servers it may be the token that lets
/// another registrar change them, which is no change of it; the flow, which knows the sponsor, asks then.
fn auth(update: &DomainUpdate) -> Option<Operation> {
    let change = update.auth.as_ref()?;
    let pw = change.as_ref().map_or("", |auth| auth.pw.expose());
    let name_servers = [&update.add, &update.rem].into_iter().flatten().any(|side| side.ns.is_some());
    match pw {
        "" => Some(Operation::DomainUpdateAuthRetract),
        REDELEGATION_KEYWORD => Some(Operation::DomainUpdateAuthRedelegation),
        TRANSFER_KEYWORD => Some(Operation::DomainUpdateAuth),
        _ if name_servers => None,
        _ => Some(Operation::DomainUpdateAuth),
    }
}
