//! Commands that no XML carries, and what the desk needs of those that some does.

use ipnet::IpNet;

use super::Command;
use crate::epp::types::DomainName;

/// A change of one of the account's address lists.
#[derive(Clone, Debug, PartialEq)]
pub struct AddressChange {
    /// Which.
    pub list: AddressList,
    /// What comes or goes.
    pub prefix: IpNet,
    /// In the staff's words.
    pub note: String,
}

/// An address list of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddressList {
    /// From where its programs connect.
    Epp,
    /// From where its staff opens the portal.
    Web,
}

impl AddressList {
    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Epp => "epp",
            Self::Web => "web",
        }
    }
}

impl Command {
    /// The domains a command is about, as objects; those it only mentions are none.
    pub fn domains_mut(&mut self) -> Vec<&mut DomainName> {
        match self {
            Self::DomainCheck(x) => x.names.iter_mut().filter_map(|asked| asked.name.as_mut().ok()).collect(),
            Self::DomainInfo(x) => vec![&mut x.name],
            Self::DomainCreate(x) => vec![&mut x.name],
            Self::DomainDelete(x) => vec![&mut x.name],
            Self::DomainRenew(x) => vec![&mut x.name],
            Self::DomainUpdate(x) => vec![&mut x.name],
            Self::DomainTransferQuery(x)
            | Self::DomainTransferRequest(x)
            | Self::DomainTransferApprove(x)
            | Self::DomainTransferReject(x)
            | Self::DomainTransferCancel(x) => vec![&mut x.name],
            _ => Vec::new(),
        }
    }
}
