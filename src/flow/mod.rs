//! The rules of every command, one file each, and the table that binds them to the wire.

pub mod access;
pub mod address;
pub mod allocation;
pub mod auth;
pub mod balance;
pub mod contact;
pub mod domain;
pub mod hitpoints;
pub mod host;
pub mod identity;
pub mod launch;
pub mod listed;
pub mod maintenance;
pub mod management;
pub mod money;
pub mod pending;
pub mod poll;
pub mod session;
pub mod status;
pub mod terms;
pub mod token;
pub mod transfer;
pub mod ttl;
pub mod waiting;
pub mod zone;

use crate::epp::command::Command;
use crate::epp::reply::Reply;
use crate::gate::{Cx, Spec, Stop};

/// Binds each variant of [`Command`] to its flow. A command that is missing here does not compile.
macro_rules! commands {
    ($($variant:ident $(($data:ident))? => $flow:ident $(:: $rest:ident)*, $object:expr;)*) => {
        /// What each command needs, in the order of the table.
        pub const ALL: &[&Spec] = &[$(&$flow$(::$rest)*::SPEC,)*];

        /// What a command needs.
        #[must_use]
        pub fn spec(command: &Command) -> &'static Spec {
            match command { $(commands!(@ignored $variant $($data)?) => &$flow$(::$rest)*::SPEC,)* }
        }

        /// The object a command names, for the audit row.
        #[must_use]
        pub fn target(command: &Command) -> String {
            match command { $(Command::$variant $(($data))? => $object,)* }
        }

        /// Runs a command's rules.
        ///
        /// # Errors
        /// Its refusal, or the database's trouble.
        pub async fn run(command: &Command, cx: &mut Cx<'_>) -> Result<Reply, Stop> {
            match command { $(Command::$variant $(($data))? => $flow$(::$rest)*::run($($data,)? cx).await,)* }
        }
    };
    (@ignored $variant:ident $data:ident) => { Command::$variant(_) };
    (@ignored $variant:ident) => { Command::$variant };
}

commands! {
    Login(x) => session::login, x.user.to_string();
    Logout => session::logout, String::new();
    PollRequest => poll::request, String::new();
    PollAck(x) => poll::ack, x.id.clone().unwrap_or_default();
    DomainCheck(_x) => domain::check, String::new();
    DomainInfo(x) => domain::info, x.name.to_string();
    DomainCreate(x) => domain::create, x.name.to_string();
    DomainDelete(x) => domain::delete, x.name.to_string();
    DomainRenew(x) => domain::renew, x.name.to_string();
    DomainTransferQuery(x) => domain::transfer::query, x.name.to_string();
    DomainWithdraw(x) => domain::withdraw, x.name.to_string();
    DomainTransferRequest(x) => domain::transfer::request, x.name.to_string();
    DomainTransferApprove(x) => domain::transfer::approve, x.name.to_string();
    DomainTransferReject(x) => domain::transfer::reject, x.name.to_string();
    DomainTransferCancel(x) => domain::transfer::cancel, x.name.to_string();
    DomainUpdate(x) => domain::update, x.name.to_string();
    DomainUndelete(x) => domain::undelete, x.name.to_string();
    DomainReactivate(x) => domain::reactivate, x.name.to_string();
    DomainAutoRenew(x) => domain::autorenew, x.name.to_string();
    DomainRequestCode(x) => domain::request_code, x.name.to_string();
    ContactCheck(_x) => contact::check, String::new();
    ContactInfo(x) => contact::info, x.id.to_string();
    ContactCreate(x) => contact::create, x.id.to_string();
    ContactDelete(x) => contact::delete, x.id.to_string();
    ContactTransferQuery(x) => contact::transfer::query, x.id.to_string();
    ContactTransferRequest(x) => contact::transfer::request, x.id.to_string();
    ContactTransferApprove(x) => contact::transfer::approve, x.id.to_string();
    ContactTransferReject(x) => contact::transfer::reject, x.id.to_string();
    ContactTransferCancel(x) => contact::transfer::cancel, x.id.to_string();
    ContactUpdate(x) => contact::update, x.id.to_string();
    HostCheck(_x) => host::check, String::new();
    HostInfo(x) => host::info, x.name.to_string();
    HostCreate(x) => host::create, x.name.to_string();
    HostDelete(x) => host::delete, x.name.to_string();
    HostUpdate(x) => host::update, x.name.to_string();
    HostAccept(x) => host::accept, x.name.to_string();
    HostReject(x) => host::reject, x.name.to_string();
    BalanceInfo => balance::info, String::new();
    MaintenanceInfo(_x) => maintenance::info, String::new();
    MoneyUnlock => money::unlock, String::new();
    AddressAdd(x) => address::add, x.prefix.to_string();
    AddressRemove(x) => address::remove, x.prefix.to_string();
    HitpointsUnblock => hitpoints::unblock, String::new();
}
