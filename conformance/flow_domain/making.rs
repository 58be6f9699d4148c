//! Create and renew.

use super::*;
use crate::pg::on_both;
use crate::typed::Registry;
use domesday::clock::Ts;
use domesday::store::Db;

on_both! {
    async fn a_name_is_registered_once(db: Db) {
        let registry = Registry::new(&db, "").await;
        let (mut alpha, mut beta) = (registry.client("alpha"), registry.client("beta"));
        let command = DomainCreate { period: years(3), ..create("first.example") };
        let Reply::DomainCreated { created, expires, .. } = alpha.does(Command::DomainCreate(command)).await else {
            panic!("no creData");
        };
        assert_eq!(created.plus_months(36), Some(expires));
        for client in [&mut alpha, &mut beta] {
            assert_eq!(client.refused(Command::DomainCreate(create("first.example"))).await, Reason::Exists);
        }
        let seen = alpha.info("first.example").await;
        assert_eq!(seen.statuses, [DomainStatus::Inactive].into_iter().collect());
        assert_eq!((seen.created, seen.expires, seen.updated), (Some(created), Some(expires), None));
        assert!(seen.auth_set);
    }

    async fn a_create_that_breaks_a_rule_leaves_nothing(db: Db) {
        let rules = "name.min_len = 3\nperiod.max_years = 5\nns.max = 2\nauth.min_len = 10\n\
            contacts.roles.tech.max = 1\ncontacts.roles.billing.max = 0";
        let registry = Registry::new(&db, rules).await;
        let mut alpha = registry.client("alpha");
        alpha.does(make_contact("tech-1", PW)).await;
        alpha.does(make_contact("tech-2", PW)).await;
        for host in ["ns1.other.test", "ns2.other.test", "ns3.other.test"] {
            alpha.does(make_host(host, "")).await;
        }
        let base = || create("thing.example");
        let named = |domain: &str| create(domain);
        let months = |count| Some(Period { count, unit: PeriodUnit::Months });
        alpha.refused_creates(vec![
            (Reason::NotOurZone, named("thing.test")),
            (Reason::NotOurZone, named("deep.thing.example")),
            (Reason::NotOurZone, named("example")),
            (Reason::NameReserved, named("nic.example")),
            (Reason::NameNotPermitted, named("ab.example")),
            // Cyrillic: not in the zone's table.
            (Reason::NameNotPermitted, named("xn--e1afmkfd.example")),
            (Reason::PeriodOutOfRange, DomainCreate { period: years(6), ..base() }),
            (Reason::PeriodUnit, DomainCreate { period: months(18), ..base() }),
            (Reason::NoSuchContact, DomainCreate { registrant: Some(contact("nobody")), ..base() }),
            (Reason::NoSuchContact, DomainCreate { contacts: roles(&[(ContactRole::Tech, "nobody")]), ..base() }),
            (Reason::ContactRoleNotUsed, DomainCreate {
                contacts: roles(&[(ContactRole::Billing, "tech-1")]), ..base()
            }),
            (Reason::DuplicateInCommand, DomainCreate {
                contacts: roles(&[(ContactRole::Tech, "tech-1"), (ContactRole::Tech, "TECH-1")]), ..base()
            }),
            (Reason::TooManyContacts, DomainCreate {
                contacts: roles(&[(ContactRole::Tech, "tech-1"), (ContactRole::Tech, "tech-2")]), ..base()
            }),
            (Reason::HostModel, DomainCreate { ns: attributes(&[("ns1.other.test", "")]), ..base() }),
            (Reason::NoSuchHost, DomainCreate { ns: objects(&["ns9.other.test"]), ..base() }),
            (Reason::DuplicateInCommand, DomainCreate {
                ns: objects(&["ns1.other.test", "ns1.other.test"]), ..base()
            }),
            (Reason::TooManyNameServers, DomainCreate {
                ns: objects(&["ns1.other.test", "ns2.other.test", "ns3.other.test"]), ..base()
            }),
            (Reason::AuthInfoPolicy, DomainCreate { auth: auth("short"), ..base() }),
        ]).await;
        let both = DomainCreate {
            registrant: Some(contact("tech-2")),
            contacts: roles(&[(ContactRole::Tech, "tech-1"), (ContactRole::Admin, "tech-1")]),
            ns: objects(&["ns2.other.test", "ns1.other.test"]),
            period: months(24),
            ..base()
        };
        alpha.does(Command::DomainCreate(both)).await;
        let seen = alpha.info("thing.example").await;
        assert_eq!(seen.ns_objects, [name("ns2.other.test"), name("ns1.other.test")]);
        assert_eq!(seen.contacts, roles(&[(ContactRole::Admin, "tech-1"), (ContactRole::Tech, "tech-1")]));
        assert_eq!(seen.registrant, Some(contact("tech-2")));
        assert_eq!(seen.statuses, [DomainStatus::Ok].into_iter().collect());
    }

    async fn what_the_zone_asks_for_must_be_there(db: Db) {
        let rules = "ns.min = 1\ncontacts.registrant_required = true\ncontacts.roles.admin = { min = 1, max = 2 }";
        let registry = Registry::new(&db, rules).await;
        let mut alpha = registry.client("alpha");
        alpha.does(make_contact("admin-1", PW)).await;
        alpha.does(make_host("ns1.other.test", "")).await;
        let good = DomainCreate {
            registrant: Some(contact("admin-1")),
            contacts: roles(&[(ContactRole::Admin, "admin-1")]),
            ns: objects(&["ns1.other.test"]),
            ..create("full.example")
        };
        alpha.refused_creates(vec![
            (Reason::RegistrantMissing, DomainCreate { registrant: None, ..good.clone() }),
            (Reason::ContactMissing, DomainCreate { contacts: Vec::new(), ..good.clone() }),
            (Reason::TooFewNameServers, DomainCreate { ns: None, ..good.clone() }),
        ]).await;
        alpha.does(Command::DomainCreate(good)).await;
    }

    async fn a_host_below_a_domain_serves_only_with_an_address(db: Db) {
        let registry = Registry::new(&db, "").await;
        let mut alpha = registry.client("alpha");
        alpha.register("above.example").await;
        alpha.does(make_host("ns1.above.example", "192.0.2.1")).await;
        let uses = DomainCreate { ns: objects(&["ns1.above.example"]), ..create("user.example") };
        alpha.does(Command::DomainCreate(uses)).await;
        // No command leaves such a host without an address; an operator's change to the database might.
        strip_addresses(&db).await;
        let late = DomainCreate { ns: objects(&["ns1.above.example"]), ..create("late.example") };
        assert_eq!(alpha.refused(Command::DomainCreate(late)).await, Reason::NameServerNotUsable);
    }

    async fn attributes_are_hosts_of_one_domain(db: Db) {
        let registry = Registry::new(&db, "ns.mode = \"host_attr\"\nhost.max_addrs = 2").await;
        let mut alpha = registry.client("alpha");
        let with = |domain: &str, hosts: &[(&str, &str)]| DomainCreate { ns: attributes(hosts), ..create(domain) };
        alpha.refused_creates(vec![
            (Reason::HostModel, DomainCreate { ns: objects(&["ns.other.test"]), ..create("a.example") }),
            (Reason::AddressMissing, with("a.example", &[("ns.a.example", "")])),
            (Reason::AddressMissing, with("a.example", &[("a.example", "")])),
            (Reason::AddressNotAccepted, with("a.example", &[("ns.other.test", "192.0.2.1")])),
            (Reason::AddressNotAccepted, with("a.example", &[("ns.b.example", "192.0.2.1")])),
            (Reason::AddressNotPublic, with("a.example", &[("ns.a.example", "127.0.0.1")])),
            (Reason::TooManyAddresses, with("a.example", &[("ns.a.example", "192.0.2.1 192.0.2.2 192.0.2.3")])),
            (Reason::DuplicateInCommand, with("a.example", &[("ns.other.test", ""), ("ns.other.test", "")])),
        ]).await;
        let hosts = [("ns.shared.test", ""), ("ns.a.example", "192.0.2.1 2001:db8::1")];
        alpha.does(Command::DomainCreate(with("a.example", &hosts))).await;
        alpha.does(Command::DomainCreate(with("b.example", &[("ns.shared.test", "")]))).await;
        let seen = alpha.info("a.example").await;
        assert_eq!(Some(NameServers::Attributes(seen.ns_attributes)), attributes(&hosts));
        assert!(seen.hosts.is_empty() && seen.ns_objects.is_empty());
        // A purge takes the private hosts along, and only those of its own domain.
        alpha.does(delete("a.example")).await;
        alpha.does(Command::DomainCreate(with("a.example", &hosts))).await;
        assert_eq!(alpha.info("b.example").await.ns_attributes.len(), 1);
    }

    async fn a_renew_counts_once(db: Db) {
        let registry = Registry::new(&db, "").await;
        let (mut alpha, mut beta) = (registry.client("alpha"), registry.client("beta"));
        alpha.register("long.example").await;
        let ends = alpha.info("long.example").await.expires.unwrap();
        let day = ends.date();
        let wrong = day.tomorrow().unwrap();
        assert_eq!(alpha.refused(renew("long.example", wrong, None)).await, Reason::WrongExpiryDate);
        assert_eq!(beta.refused(renew("long.example", day, None)).await, Reason::NotSponsor);
        assert_eq!(alpha.refused(renew("none.example", day, None)).await, Reason::NotFound);
        let Reply::DomainRenewed { expires, .. } = alpha.does(renew("long.example", day, years(2))).await else {
            panic!("no renData");
        };
        assert_eq!(ends.plus_months(24), Some(expires));
        assert_eq!(alpha.refused(renew("long.example", day, years(2))).await, Reason::WrongExpiryDate);
        assert_eq!(alpha.refused(renew("long.example", expires.date(), years(8))).await, Reason::ExpiryTooFar);
        let locked = DomainUpdate {
            add: Some(domesday::epp::command::DomainAddRem {
                statuses: statuses(&[DomainStatus::ClientRenewProhibited]),
                ..Default::default()
            }),
            ..update("long.example")
        };
        alpha.does(Command::DomainUpdate(locked)).await;
        assert_eq!(alpha.refused(renew("long.example", expires.date(), None)).await, Reason::StatusProhibits);
        assert_eq!(alpha.info("long.example").await.expires, Some(expires));
    }
}

/// Takes every host's addresses away, behind the flows' back.
async fn strip_addresses(db: &Db) {
    db.write(|tx| {
        Box::pin(async move {
            let mut host = tx.host_by_name(&name("ns1.above.example")).await?.unwrap();
            host.addrs = HostAddrs::default();
            host.updated_at = Some(Ts(1));
            tx.host_update(&host).await
        })
    })
    .await
    .unwrap();
}
