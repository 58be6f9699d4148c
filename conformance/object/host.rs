//! Hosts: create, check, info, update, delete.

use domesday::epp::command::{
    AskedName, Command, DomainTransfer, DomainUpdate, HostAddRem, HostCheck, HostDelete, HostUpdate,
};
use domesday::epp::reply::Reply;
use domesday::epp::types::{DomainName, DomainStatus, HostAddrs, HostStatus as S, StatusSet};
use domesday::refusal::Reason;

use super::{ALPHA, BETA, Registry, SECRET, add_host, auth, name, new_domain, new_host, registrar, rename};
use crate::pg::on_both;

fn part(addrs: &str, statuses: &[S]) -> Option<HostAddRem> {
    let statuses = statuses.iter().map(|s| (*s, None)).collect();
    Some(HostAddRem { addrs: HostAddrs::from_text(addrs), statuses })
}

fn change(host: &str, add: &str, rem: &str) -> Command {
    Command::HostUpdate(HostUpdate { add: part(add, &[]), rem: part(rem, &[]), ..HostUpdate::of(name(host)) })
}

fn statuses(host: &str, add: &[S], rem: &[S]) -> Command {
    Command::HostUpdate(HostUpdate { add: part("", add), rem: part("", rem), ..HostUpdate::of(name(host)) })
}

fn delete(host: &str) -> Command {
    Command::HostDelete(HostDelete { name: name(host) })
}

fn set(of: &[S]) -> StatusSet<S> {
    of.iter().copied().collect()
}

fn domain_status(domain: &str, add: DomainStatus) -> Command {
    let add = domesday::epp::command::DomainAddRem { statuses: vec![(add, None)], ..Default::default() };
    let name = name(domain);
    Command::DomainUpdate(DomainUpdate { add: Some(add), ..DomainUpdate::of(name) })
}

on_both! {
    async fn where_a_host_lies_decides_who_may_have_it(db: Db) {
        let registry = Registry::new(db).await;
        registry.done(ALPHA, new_domain("example.tld", None, &[])).await;
        for (host, addrs, reason) in [
            ("ns1.other.tld", "192.0.2.1", Reason::NoSuperordinate),
            ("tld", "192.0.2.1", Reason::NotOurZone),
            ("com", "", Reason::NotOurZone),
            ("ns1.example.tld", "", Reason::AddressMissing),
            ("ns1.example.com", "192.0.2.1", Reason::AddressNotAccepted),
            ("ns1.example.tld", "10.0.0.1", Reason::AddressNotPublic),
            ("ns1.example.tld", "192.0.2.1 192.0.2.1", Reason::DuplicateInCommand),
        ] {
            assert_eq!(registry.refused(ALPHA, new_host(host, addrs)).await, reason, "{host} {addrs}");
        }
        let foreign = new_host("ns1.example.tld", "192.0.2.1");
        assert_eq!(registry.refused(BETA, foreign).await, Reason::SuperordinateNotOwn);
        for (host, addrs) in
            [("ns1.example.tld", "192.0.2.1 2001:db8::1"), ("example.tld", "192.0.2.2"), ("ns1.example.com", "")]
        {
            registry.done(ALPHA, new_host(host, addrs)).await;
            assert_eq!(registry.host(host).await.addrs, HostAddrs::from_text(addrs));
        }
        assert_eq!(registry.refused(BETA, new_host("ns1.example.com", "")).await, Reason::Exists);
        let host = registry.host("ns1.example.tld").await;
        assert_eq!((host.statuses, host.sponsor, host.updated), (set(&[S::Ok]), registrar(ALPHA), None));

        let asked = |raw: &str| AskedName { raw: raw.to_owned(), name: DomainName::parse(raw) };
        let names = ["NS1.example.com", "ns2.example.com", "-ns.example.com"].map(asked).to_vec();
        let Reply::HostChecked(answers) = registry.done(BETA, Command::HostCheck(HostCheck { names })).await
        else { panic!() };
        let answers: Vec<_> = answers.iter().map(|a| a.unavailable.as_deref()).collect();
        assert_eq!(answers, [Some("In use"), None, Some("Not a host name")]);
    }

    async fn addresses_are_swapped_and_one_is_kept(db: Db) {
        let registry = Registry::with_rules(db, "[zone.host]\nmax_addrs = 2").await;
        registry.done(ALPHA, new_domain("example.tld", None, &[])).await;
        let host = "ns1.example.tld";
        registry.done(ALPHA, new_host(host, "192.0.2.1 192.0.2.2")).await;
        for (add, rem, reason) in [
            ("192.0.2.1", "", Reason::AlreadyThere),
            ("", "192.0.2.9", Reason::NotThere),
            ("192.0.2.3", "", Reason::TooManyAddresses),
            ("", "192.0.2.1 192.0.2.2", Reason::AddressNeeded),
            ("127.0.0.1", "192.0.2.1", Reason::AddressNotPublic),
            ("", "", Reason::NothingToUpdate),
        ] {
            assert_eq!(registry.refused(ALPHA, change(host, add, rem)).await, reason, "+{add} -{rem}");
        }
        assert_eq!(registry.host(host).await.updated, None);
        registry.done(ALPHA, change(host, "2001:db8::1", "192.0.2.1")).await;
        assert_eq!(registry.host(host).await.addrs, HostAddrs::from_text("192.0.2.2 2001:db8::1"));
        assert_eq!(registry.host(host).await.updater, Some(registrar(ALPHA)));
        registry.done(ALPHA, new_host("ns1.example.com", "")).await;
        let outside = change("ns1.example.com", "192.0.2.1", "");
        assert_eq!(registry.refused(ALPHA, outside).await, Reason::AddressNotAccepted);
    }

    async fn statuses_stop_what_they_say(db: Db) {
        let registry = Registry::new(db).await;
        let host = "ns1.example.com";
        registry.done(ALPHA, new_host(host, "")).await;
        let locked = [S::ClientUpdateProhibited, S::ClientDeleteProhibited];
        registry.done(ALPHA, statuses(host, &locked, &[])).await;
        assert_eq!(registry.host(host).await.statuses, set(&locked));
        assert_eq!(registry.refused(ALPHA, rename(host, "ns2.example.com")).await, Reason::StatusProhibits);
        assert_eq!(registry.refused(ALPHA, delete(host)).await, Reason::StatusProhibits);
        registry.done(ALPHA, statuses(host, &[], &locked[..1])).await;
        assert_eq!(registry.refused(ALPHA, statuses(host, &[S::Linked], &[])).await, Reason::StatusNotSettable);
        assert_eq!(registry.refused(BETA, statuses(host, &[], &locked[1..])).await, Reason::NotSponsor);
        registry.done(ALPHA, statuses(host, &[], &locked[1..])).await;
        assert_eq!(registry.refused(BETA, delete(host)).await, Reason::NotSponsor);
        registry.done(ALPHA, delete(host)).await;
        assert_eq!(registry.refused(ALPHA, delete(host)).await, Reason::NotFound);
    }

    async fn a_host_in_use_stays_and_keeps_its_users_under_a_new_name(db: Db) {
        let registry = Registry::new(db).await;
        registry.done(ALPHA, new_domain("example.tld", None, &[])).await;
        registry.done(BETA, new_domain("foreign.tld", None, &[])).await;
        registry.done(ALPHA, new_host("ns1.example.com", "")).await;
        registry.done(ALPHA, add_host("example.tld", "ns1.example.com")).await;
        let before = registry.host("ns1.example.com").await;
        assert_eq!(before.statuses, set(&[S::Linked, S::Ok]));
        assert_eq!(registry.refused(ALPHA, delete("ns1.example.com")).await, Reason::Linked);

        registry.done(ALPHA, new_host("taken.example.com", "")).await;
        for (new_name, reason) in [
            ("taken.example.com", Reason::Exists),
            ("ns1.example.com", Reason::Exists),
            ("ns1.foreign.tld", Reason::SuperordinateNotOwn),
            ("ns1.nowhere.tld", Reason::NoSuperordinate),
            ("ns1.example.tld", Reason::AddressNeeded),
        ] {
            assert_eq!(registry.refused(ALPHA, rename("ns1.example.com", new_name)).await, reason, "{new_name}");
        }
        registry.done(ALPHA, rename("ns1.example.com", "ns2.example.com")).await;
        assert_eq!(registry.host("ns2.example.com").await.roid, before.roid);
        let inward = HostUpdate {
            add: part("192.0.2.1", &[]), new_name: Some(name("ns1.example.tld")),
            ..HostUpdate::of(name("ns2.example.com"))
        };
        registry.done(ALPHA, Command::HostUpdate(inward)).await;
        let inside = registry.host("ns1.example.tld").await;
        assert_eq!((inside.roid, inside.statuses), (before.roid, set(&[S::Linked, S::Ok])));
        assert_eq!(
            registry.refused(ALPHA, rename("ns1.example.tld", "ns3.example.com")).await, Reason::AddressNotAccepted
        );
        // Below a domain of this registry the name is the sponsor's, whoever uses the host.
        registry.done(BETA, add_host("foreign.tld", "ns1.example.tld")).await;
        registry.done(ALPHA, rename("ns1.example.tld", "ns9.example.tld")).await;
        let outward = HostUpdate {
            rem: part("192.0.2.1", &[]), new_name: Some(name("ns3.example.com")),
            ..HostUpdate::of(name("ns9.example.tld"))
        };
        registry.done(ALPHA, Command::HostUpdate(outward)).await;
        // Elsewhere it is not.
        assert_eq!(
            registry.refused(ALPHA, rename("ns3.example.com", "ns4.example.com")).await, Reason::LinkedElsewhere
        );
    }

    async fn hosts_follow_their_domain(db: Db) {
        let registry = Registry::new(db).await;
        registry.done(ALPHA, new_domain("example.tld", None, &[])).await;
        registry.done(ALPHA, new_host("ns1.example.tld", "192.0.2.1")).await;
        let transfer = || DomainTransfer { name: name("example.tld"), period: None, auth: Some(auth(SECRET)), anew: None, allocation: None, fee: None };
        registry.done(BETA, Command::DomainTransferRequest(transfer())).await;
        for command in [
            change("ns1.example.tld", "192.0.2.2", ""),
            delete("ns1.example.tld"),
            new_host("ns2.example.tld", "192.0.2.2"),
        ] {
            assert_eq!(registry.refused(ALPHA, command).await, Reason::SuperordinateStatus);
        }
        registry.done(ALPHA, Command::DomainTransferApprove(transfer())).await;
        let host = registry.host("ns1.example.tld").await;
        assert_eq!((host.sponsor, host.transferred.is_some()), (registrar(BETA), true));
        registry.done(BETA, change("ns1.example.tld", "192.0.2.2", "")).await;

        registry.done(BETA, domain_status("example.tld", DomainStatus::ClientUpdateProhibited)).await;
        let another = new_host("ns2.example.tld", "192.0.2.2");
        assert_eq!(registry.refused(BETA, another).await, Reason::SuperordinateStatus);
        registry.done(BETA, change("ns1.example.tld", "", "192.0.2.2")).await;
    }

    async fn a_registry_with_host_attributes_has_no_host_objects(db: Db) {
        let registry = Registry::with_rules(db, "[zone.ns]\nmode = \"host_attr\"").await;
        for command in [
            new_host("ns1.example.com", ""),
            delete("ns1.example.com"),
            rename("ns1.example.com", "ns2.example.com"),
            Command::HostCheck(HostCheck { names: vec![] }),
        ] {
            assert_eq!(registry.refused(ALPHA, command).await, Reason::NotOffered);
        }
    }
}
