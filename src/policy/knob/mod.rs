//! The knobs of a profile (requirements section 4.2), as far as they are used. Names follow the registries' terms;
//! units are in the names.

mod account;
mod bill;
mod change_poll;
mod cleanup;
mod code;
mod code_format;
mod dnssec;
mod ext;
mod fee;
mod form;
mod hit;
mod idn;
mod launch;
mod life;
mod limit;
mod login_sec;
mod maintenance;
mod notice;
mod pending;
mod role;
mod server;
mod transfer;
mod ttl;
mod user;
mod zone;

use serde::{Deserialize, Serialize};

pub use account::*;
pub use bill::*;
pub use change_poll::*;
pub use cleanup::*;
pub use code::*;
pub use code_format::*;
pub use dnssec::*;
pub use ext::*;
pub use fee::*;
pub use form::*;
pub use hit::*;
pub use idn::*;
pub use launch::*;
pub use life::*;
pub use limit::*;
pub use login_sec::*;
pub use maintenance::*;
pub use notice::*;
pub use pending::*;
pub use role::*;
pub use server::*;
pub use transfer::*;
pub use ttl::*;
pub use user::*;
pub use zone::*;

/// A profile whole: what one file says after everything it extends.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Its name.
    pub id: String,
    /// Transport and session.
    pub server: ServerPolicy,
    /// Access and credentials.
    pub account: AccountPolicy,
    /// Names, periods, contacts, hosts, life cycle.
    pub zone: ZonePolicy,
}
