//! Address lists: the rules of their entries, whoever edits them (S28-S35).

use std::net::IpAddr;

use ipnet::IpNet;

use super::host::address;
use crate::clock::Ts;
use crate::policy::{AclPolicy, EmptyMeans};
use crate::store::access::AllowEntry;

/// Why an entry cannot be on a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// It covers more addresses than the profile lets an entry cover.
    #[error("{net} is too wide")]
    TooWide {
        /// The entry.
        net: IpNet,
        /// The shortest prefix the profile takes.
        shortest: u8,
    },
    /// It has addresses in it that no client can come from over the internet.
    #[error("{0} is not of the public internet")]
    NotPublic(IpNet),
}

/// Refuses an entry that the profile's rules do not let on any list.
///
/// # Errors
/// [`Unfit`]
pub fn check(net: IpNet, acl: &AclPolicy) -> Result<(), Unfit> {
    let shortest = match net {
        IpNet::V4(_) => acl.min_prefix_v4,
        IpNet::V6(_) => acl.min_prefix_v6,
    };
    if net.prefix_len() < shortest {
        return Err(Unfit::TooWide { net, shortest });
    }
    if acl.public_only && !address::is_public_range(net) {
        return Err(Unfit::NotPublic(net));
    }
    Ok(())
}

/// Whether an entry counts now.
#[must_use]
pub fn counts(entry: &AllowEntry, now: Ts) -> bool {
    entry.expires_at.is_none_or(|end| end > now)
}

/// Whether a list has more entries than the profile allows (0: any number); those that are over do not count.
#[must_use]
pub fn is_too_long(list: &[AllowEntry], acl: &AclPolicy, now: Ts) -> bool {
    let most = acl.max_entries as usize;
    most > 0 && list.iter().filter(|entry| counts(entry, now)).count() > most
}

/// Whether a list lets an address in. One whose entries are all over is not an empty one.
#[must_use]
pub fn lets_in(list: &[AllowEntry], address: IpAddr, empty_means: EmptyMeans, now: Ts) -> bool {
    if list.is_empty() {
        return empty_means == EmptyMeans::Allow;
    }
    list.iter().any(|entry| counts(entry, now) && entry.prefix.contains(&address))
}

/// What a change of a list would keep out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lockout {
    /// Addresses of sessions that are logged in, and that could not log in again.
    Live(Vec<IpAddr>),
    /// Every address: somebody could get in before, and nobody could after.
    Everybody,
}

/// Who could get in before a change and could not after it, so that nobody locks an account out by mistake. Sessions
/// that no longer got in before the change are nothing it does.
#[must_use]
pub fn lockout(
    before: &[AllowEntry],
    after: &[AllowEntry],
    live: &[IpAddr],
    empty_means: EmptyMeans,
    now: Ts,
) -> Option<Lockout> {
    let let_in = |list, address| lets_in(list, address, empty_means, now);
    let mut out: Vec<_> = live.iter().copied().filter(|a| let_in(before, *a) && !let_in(after, *a)).collect();
    out.sort_unstable();
    out.dedup();
    if !out.is_empty() && !live.iter().any(|address| let_in(after, *address)) {
        return Some(Lockout::Live(out));
    }
    let open = |list: &[AllowEntry]| {
        list.iter().any(|entry| counts(entry, now)) || (list.is_empty() && empty_means == EmptyMeans::Allow)
    };
    (open(before) && !open(after)).then_some(Lockout::Everybody)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::epp::types::RegistrarId;
    use crate::policy::Policies;

    fn net(text: &str) -> IpNet {
        text.parse().unwrap()
    }

    fn entry(text: &str, expires_at: Option<Ts>) -> AllowEntry {
        let registrar = RegistrarId::parse("acme").unwrap();
        AllowEntry { registrar, prefix: net(text), note: String::new(), expires_at, created_at: Ts(0) }
    }

    #[test]
    fn entries_follow_the_profile() {
        let acl = Policies::load(&[]).unwrap().profile("gtld").unwrap().account.epp_acl.clone();
        // Vector 9 of the requirements: a subnet of /64 is the widest.
        assert_eq!(check(net("2a00:1450::/64"), &acl), Ok(()));
        assert!(matches!(check(net("2a00:1450::/63"), &acl), Err(Unfit::TooWide { shortest: 64, .. })));
        assert!(matches!(check(net("9.9.9.0/24"), &acl), Err(Unfit::TooWide { shortest: 32, .. })));
        for private in
            ["10.1.2.3/32", "127.0.0.1/32", "fe80::1/128", "fd00::/64", "169.254.1.1/32", "0.0.0.0/32"]
        {
            assert_eq!(check(net(private), &acl), Err(Unfit::NotPublic(net(private))), "{private}");
        }
        let wide = AclPolicy { min_prefix_v4: 0, ..acl };
        assert!(check(net("0.0.0.0/0"), &wide).is_err() && check(net("8.0.0.0/6"), &wide).is_err());
        assert!(check(net("8.0.0.0/8"), &wide).is_ok());
        assert!(check(net("10.0.0.0/8"), &AclPolicy { public_only: false, ..wide }).is_ok());
    }

    #[test]
    fn a_list_is_as_long_as_its_entries_that_count() {
        let acl = Policies::load(&[]).unwrap().profile("gtld").unwrap().account.epp_acl.clone();
        let acl = AclPolicy { max_entries: 10, ..acl };
        let mut list: Vec<_> = (0..10).map(|n| entry(&format!("9.9.9.{n}/32"), None)).collect();
        list.push(entry("9.9.9.99/32", Some(Ts(5))));
        assert!(!is_too_long(&list, &acl, Ts(5)) && is_too_long(&list, &acl, Ts(4)));
    }

    #[test]
    fn whoever_is_in_is_not_locked_out_unseen() {
        let (one, two): (IpAddr, IpAddr) = ("9.9.9.1".parse().unwrap(), "9.9.9.2".parse().unwrap());
        let (first, second) = ([entry("9.9.9.1/32", None)], [entry("9.9.9.2/32", None)]);
        let both = [first[0].clone(), second[0].clone()];
        fn ask(
            before: &[AllowEntry],
            after: &[AllowEntry],
            live: &[IpAddr],
            empty: EmptyMeans,
        ) -> Option<Lockout> {
            lockout(before, after, live, empty, Ts(1))
        }
        let (deny, allow) = (EmptyMeans::Deny, EmptyMeans::Allow);
        assert_eq!(ask(&both, &first, &[one, two], deny), None, "one of them can log in again");
        assert_eq!(ask(&both, &second, &[one], deny), Some(Lockout::Live(vec![one])));
        assert_eq!(ask(&first, &[], &[], deny), Some(Lockout::Everybody));
        assert_eq!(ask(&first, &[], &[one], allow), None, "then everybody may");
        assert_eq!(ask(&[], &second, &[one], allow), Some(Lockout::Live(vec![one])));
        assert_eq!(ask(&[], &first, &[one], allow), None);
        assert_eq!(ask(&[], &first, &[two], deny), None, "it did not get in before either");
    }
}
