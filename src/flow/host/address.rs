//! Addresses of hosts: what this registry puts into its zones as glue.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;

use crate::epp::ns::Ns;
use crate::epp::types::HostAddrs;
use crate::policy::HostPolicy;
use crate::refusal::{Reason, Refusal};

/// Refuses addresses that a host cannot have. `ns` and `element` name where they stand: host objects and host
/// attributes of domains follow the same rules.
///
/// # Errors
/// [`Reason::DuplicateInCommand`], [`Reason::AddressNotPublic`], [`Reason::TooManyAddresses`]
pub fn check(addrs: &HostAddrs, policy: &HostPolicy, ns: Ns, element: &'static str) -> Result<(), Refusal> {
    check_distinct(addrs, ns, element)?;
    if let Some(addr) = addrs.0.iter().find(|addr| !is_accepted(**addr, policy)) {
        return Err(Refusal::new(Reason::AddressNotPublic).on(ns, element, addr.to_string()));
    }
    check_count(addrs, policy, ns, element)
}

/// Refuses an address that is named twice.
///
/// # Errors
/// [`Reason::DuplicateInCommand`]
pub fn check_distinct(addrs: &HostAddrs, ns: Ns, element: &'static str) -> Result<(), Refusal> {
    let twice = addrs.0.iter().enumerate().find(|(at, addr)| addrs.0[..*at].contains(addr));
    match twice {
        None => Ok(()),
        Some((_, addr)) => Err(Refusal::new(Reason::DuplicateInCommand).on(ns, element, addr.to_string())),
    }
}

/// Refuses more addresses than one host may have.
///
/// # Errors
/// [`Reason::TooManyAddresses`]
pub fn check_count(
    addrs: &HostAddrs,
    policy: &HostPolicy,
    ns: Ns,
    element: &'static str,
) -> Result<(), Refusal> {
    match addrs.0.get(policy.max_addrs) {
        None => Ok(()),
        Some(addr) => Err(Refusal::new(Reason::TooManyAddresses)
            .on(ns, element, addr.to_string())
            .detail(format!("at most {}", policy.max_addrs))),
    }
}

/// Addresses that no server can have are never accepted; those of private use only where the rules say so.
fn is_accepted(addr: IpAddr, policy: &HostPolicy) -> bool {
    if addr.is_unspecified() || addr.is_loopback() || addr.is_multicast() {
        return false;
    }
    if policy.documentation_addr && is_documentation(addr) {
        return true;
    }
    !policy.public_addr_only || is_public(addr)
}

/// Whether the IANA special-purpose registries (RFC 6890) leave the address to the public internet.
fn is_public(addr: IpAddr) -> bool {
    match addr {
        IpAddr::V4(addr) => !within_v4(addr, SPECIAL_V4) && !is_documentation(addr.into()),
        // Global unicast is handed out from 2000::/3 alone.
        IpAddr::V6(addr) => {
            within_v6(addr, &[(0x2000 << 112, 3)])
                && !within_v6(addr, SPECIAL_V6)
                && !is_documentation(addr.into())
        }
    }
}

/// Whether all addresses of a range are of the public internet. Those set aside for documentation count: they lead
/// nowhere, and nobody comes from them.
#[must_use]
pub fn is_public_range(net: IpNet) -> bool {
    let documented = is_documentation(net.network()) && is_documentation(net.broadcast());
    let special = |first: IpAddr| net.contains(&first);
    let ends_public = is_public(net.network()) && is_public(net.broadcast());
    documented
        || ends_public
            && !SPECIAL_V4.iter().any(|(first, _)| special(Ipv4Addr::from(*first).into()))
            && !SPECIAL_V6.iter().any(|(first, _)| special(Ipv6Addr::from(*first).into()))
}

fn is_documentation(addr: IpAddr) -> bool {
    match addr {
        IpAddr::V4(addr) => within_v4(addr, DOCUMENTATION_V4),
        IpAddr::V6(addr) => within_v6(addr, DOCUMENTATION_V6),
    }
}

fn within_v4(addr: Ipv4Addr, ranges: &[([u8; 4], u32)]) -> bool {
    let inside = |(first, bits): &([u8; 4], u32)| {
        (addr.to_bits() ^ Ipv4Addr::from(*first).to_bits()) >> (32 - bits) == 0
    };
    ranges.iter().any(inside)
}

fn within_v6(addr: Ipv6Addr, ranges: &[(u128, u32)]) -> bool {
    ranges.iter().any(|(first, bits)| (addr.to_bits() ^ first) >> (128 - bits) == 0)
}

/// First address and prefix length.
const SPECIAL_V4: &[([u8; 4], u32)] = &[
    ([0, 0, 0, 0], 8),
    ([10, 0, 0, 0], 8),
    ([100, 64, 0, 0], 10),
    ([127, 0, 0, 0], 8),
    ([169, 254, 0, 0], 16),
    ([172, 16, 0, 0], 12),
    ([192, 0, 0, 0], 24),
    ([192, 88, 99, 0], 24),
    ([192, 168, 0, 0], 16),
    ([198, 18, 0, 0], 15),
    ([224, 0, 0, 0], 4),
    ([240, 0, 0, 0], 4),
];
/// RFC 5737.
const DOCUMENTATION_V4: &[([u8; 4], u32)] =
    &[([192, 0, 2, 0], 24), ([198, 51, 100, 0], 24), ([203, 0, 113, 0], 24)];
/// IETF protocol assignments, Teredo among them (RFC 2928).
const SPECIAL_V6: &[(u128, u32)] = &[(0x2001 << 112, 23)];
/// RFC 3849 and RFC 9637.
const DOCUMENTATION_V6: &[(u128, u32)] = &[(0x2001_0db8 << 96, 32), (0x3fff << 112, 20)];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Policies;

    fn policy(profile: &str) -> HostPolicy {
        Policies::load(&[]).unwrap().profile(profile).unwrap().zone.host.clone()
    }

    fn refusal(text: &str, policy: &HostPolicy) -> Option<Reason> {
        check(&HostAddrs::from_text(text), policy, Ns::Host, "addr").err().map(|r| r.reason)
    }

    #[test]
    fn glue_is_of_the_public_internet() {
        let gtld = policy("gtld");
        for addr in ["193.0.14.129", "2001:7fd::1", "2a00::1", "192.0.1.1", "172.32.0.1", "100.128.0.1"] {
            assert_eq!(refusal(addr, &gtld), None, "{addr}");
        }
        for addr in [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "127.0.0.1",
            "169.254.1.1",
            "172.31.255.255",
            "192.0.0.9",
            "192.168.1.1",
            "198.19.0.1",
            "224.0.0.1",
            "239.1.1.1",
            "255.255.255.255",
            "192.0.2.1",
            "203.0.113.9",
            "::",
            "::1",
            "fe80::1",
            "fc00::1",
            "ff02::1",
            "::ffff:193.0.14.129",
            "64:ff9b::1",
            "2001::1",
            "2001:db8::1",
            "3fff::1",
        ] {
            assert_eq!(refusal(addr, &gtld), Some(Reason::AddressNotPublic), "{addr}");
        }
    }

    #[test]
    fn rehearsals_use_documentation_addresses_and_nothing_worse() {
        let demo = policy("demo");
        assert_eq!(refusal("192.0.2.1 2001:db8::1", &demo), None);
        assert_eq!(refusal("10.0.0.1", &demo), Some(Reason::AddressNotPublic));
        let open = HostPolicy { public_addr_only: false, ..demo };
        assert_eq!(refusal("10.0.0.1", &open), None);
        assert_eq!(refusal("127.0.0.1", &open), Some(Reason::AddressNotPublic));
        assert_eq!(refusal("ff02::1", &open), Some(Reason::AddressNotPublic));
    }

    #[test]
    fn addresses_come_once_and_not_too_many() {
        let two = HostPolicy { max_addrs: 2, ..policy("demo") };
        assert_eq!(refusal("192.0.2.1 192.0.2.2", &two), None);
        assert_eq!(refusal("192.0.2.1 192.0.2.2 192.0.2.3", &two), Some(Reason::TooManyAddresses));
        assert_eq!(refusal("2001:db8::1 2001:db8:0::1", &two), Some(Reason::DuplicateInCommand));
    }
}
