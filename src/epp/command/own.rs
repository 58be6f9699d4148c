//! Commands on domains and hosts that registries have of their own, without XML of the RFCs.

use crate::epp::types::DomainName;

/// A scheduled deletion is taken back; a registry's own command.
#[derive(Clone, Debug, PartialEq)]
pub struct DomainUndelete {
    /// The domain.
    pub name: DomainName,
}

/// A deleted domain comes back as it was; a registry's own command.
#[derive(Clone, Debug, PartialEq)]
pub struct DomainReactivate {
    /// The domain.
    pub name: DomainName,
}

/// Whether the registry renews a domain when its registration ends; a registry's own command.
#[derive(Clone, Debug, PartialEq)]
pub struct DomainAutoRenew {
    /// The domain.
    pub name: DomainName,
    /// Whether it does.
    pub on: bool,
}

/// The registry mails a domain's transfer code to its registrant; a registry's own command.
#[derive(Clone, Debug, PartialEq)]
pub struct DomainRequestCode {
    /// The domain.
    pub name: DomainName,
    /// An address of the web for the registrant, where it goes on.
    pub url: Option<String>,
}

/// Whoever is asked to administer a host agrees or not; a registry's own command.
#[derive(Clone, Debug, PartialEq)]
pub struct HostAnswer {
    /// The host.
    pub name: DomainName,
}
