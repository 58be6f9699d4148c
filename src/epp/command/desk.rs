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
            Self::DomainWithdraw(x) => vec![&mut x.name],
            Self::DomainUndelete(x) => vec![&mut x.name],
            Self::DomainReactivate(x) => vec![&mut x.name],
            Self::DomainAutoRenew(x) => vec![&mut x.name],
            Self::DomainRequestCode(x) => vec![&mut x.name],
            Self::Login(_)
            | Self::Logout
            | Self::PollRequest
            | Self::PollAck(_)
            | Self::ContactCheck(_)
            | Self::ContactInfo(_)
            | Self::ContactCreate(_)
            | Self::ContactDelete(_)
            | Self::ContactTransferQuery(_)
            | Self::ContactTransferRequest(_)
            | Self::ContactTransferApprove(_)
            | Self::ContactTransferReject(_)
            | Self::ContactTransferCancel(_)
            | Self::ContactUpdate(_)
            | Self::HostCheck(_)
            | Self::HostInfo(_)
            | Self::HostCreate(_)
            | Self::HostDelete(_)
            | Self::HostUpdate(_)
            | Self::HostAccept(_)
            | Self::HostReject(_)
            | Self::BalanceInfo
            | Self::MaintenanceInfo(_)
            | Self::MoneyUnlock
            | Self::HitpointsUnblock
            | Self::AddressAdd(_)
            | Self::AddressRemove(_) => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::epp::types::DomainName;
    use crate::epp::words::{FORMS, parse};

    #[test]
    fn every_command_of_the_desk_on_a_domain_has_it_as_its_object() {
        let mut name = DomainName::parse("foo").unwrap();
        for form in FORMS.iter().filter(|form| form.name.starts_with("domain:")) {
            let mut words = vec![form.name.to_owned(), "foo".to_owned()];
            match form.name {
                "domain:renew" => words.push("exp=2027-05-01".to_owned()),
                "domain:autorenew" => words.push("set=on".to_owned()),
                _ => {}
            }
            let mut command = parse(&words).unwrap();
            assert_eq!(command.domains_mut(), [&mut name], "{}", form.name);
        }
    }
}
