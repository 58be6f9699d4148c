//! The knobs of meta-roles: which are needed for what (S185).

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::MetaRole;
use super::user::named;

/// Meta-roles and what they allow.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RolesPolicy {
    /// Whether roles are asked at all.
    pub enabled: bool,
    /// The roles of which one is needed, by operation. What is not listed needs none; an empty list lets nobody.
    pub matrix: BTreeMap<Operation, BTreeSet<MetaRole>>,
}

named! {
    /// What a meta-role may be needed for: a command that changes something, a part of an update, or
    /// a query of money.
    Operation {
        /// Register.
        DomainCreate = "domain:create",
        /// Delete.
        DomainDelete = "domain:delete",
        /// Renew.
        DomainRenew = "domain:renew",
        /// Take a scheduled deletion back.
        DomainUndelete = "domain:undelete",
        /// Bring a deleted domain back.
        DomainReactivate = "domain:reactivate",
        /// Bring a deleted domain back by request and report.
        DomainRestore = "domain:restore",
        /// Switch automatic renewal.
        DomainAutoRenew = "domain:autorenew",
        /// Have a transfer code mailed to the registrant.
        DomainRequestCode = "domain:request-code",
        /// Ask for a transfer, the codes of tokens included.
        DomainTransferRequest = "domain:transfer-request",
        /// Agree to one.
        DomainTransferApprove = "domain:transfer-approve",
        /// Refuse one.
        DomainTransferReject = "domain:transfer-reject",
        /// Take one back.
        DomainTransferCancel = "domain:transfer-cancel",
        /// An update's statuses, and an update of nothing.
        DomainUpdate = "domain:update",
        /// An update's name servers.
        DomainUpdateNs = "domain:update.ns",
        /// An update's DNSSEC data.
        DomainUpdateDs = "domain:update.ds",
        /// An update's contacts.
        DomainUpdateContact = "domain:update.contact",
        /// An update's registrant.
        DomainUpdateRegistrant = "domain:update.registrant",
        /// An update's authorization information, transfer tokens included.
        DomainUpdateAuth = "domain:update.auth",
        /// An update that makes a token for a change of name servers.
        DomainUpdateAuthRedelegation = "domain:update.auth-redelegation",
        /// An update that takes authorization information away.
        DomainUpdateAuthRetract = "domain:update.auth-retract",
        /// Give a domain back to the registry.
        DomainWithdraw = "domain:withdraw",
        /// Create a contact.
        ContactCreate = "contact:create",
        /// Delete a contact.
        ContactDelete = "contact:delete",
        /// Change a contact.
        ContactUpdate = "contact:update",
        /// Ask for a contact's transfer.
        ContactTransferRequest = "contact:transfer-request",
        /// Agree to one.
        ContactTransferApprove = "contact:transfer-approve",
        /// Refuse one.
        ContactTransferReject = "contact:transfer-reject",
        /// Take one back.
        ContactTransferCancel = "contact:transfer-cancel",
        /// Create a host.
        HostCreate = "host:create",
        /// Delete a host.
        HostDelete = "host:delete",
        /// Change a host.
        HostUpdate = "host:update",
        /// Agree, or not, to administer a host.
        HostAnswer = "host:answer",
        /// See the account's balance.
        BalanceInfo = "balance:info",
        /// Let growth through while funds are short.
        MoneyUnlock = "money:unlock",
        /// Lift the account's own block.
        HitpointsUnblock = "hitpoints:unblock",
        /// Change an address list of the account.
        AddressChange = "address:change",
    }
}
