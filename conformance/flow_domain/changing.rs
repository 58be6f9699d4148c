//! Update.

use super::*;
use crate::pg::on_both;
use crate::typed::Registry;
use domesday::epp::command::{DomainAddRem, NewRegistrant, TransferAnew};
use domesday::epp::types::Management;
use domesday::store::management::Managed;

fn servers(names: &[&str]) -> Option<DomainAddRem> {
    Some(DomainAddRem { ns: objects(names), ..DomainAddRem::default() })
}

fn own_hosts(hosts: &[(&str, &str)]) -> Option<DomainAddRem> {
    Some(DomainAddRem { ns: attributes(hosts), ..DomainAddRem::default() })
}

fn people(list: &[(ContactRole, &str)]) -> Option<DomainAddRem> {
    Some(DomainAddRem { contacts: roles(list), ..DomainAddRem::default() })
}

fn marks(list: &[DomainStatus]) -> Option<DomainAddRem> {
    Some(DomainAddRem { statuses: statuses(list), ..DomainAddRem::default() })
}

on_both! {
    async fn name_servers_are_swapped_at_the_limit(db: Db) {
        let registry = Registry::new(&db, "ns.max = 2\nns.min = 1").await;
        let mut alpha = registry.client("alpha");
        for host in ["ns1.other.test", "ns2.other.test", "ns3.other.test"] {
            alpha.does(make_host(host, "")).await;
        }
        let two = DomainCreate { ns: objects(&["ns1.other.test", "ns2.other.test"]), ..create("swap.example") };
        alpha.does(Command::DomainCreate(two)).await;
        let base = || update("swap.example");
        alpha.refused_updates(vec![
            (Reason::TooManyNameServers, DomainUpdate { add: servers(&["ns3.other.test"]), ..base() }),
            (Reason::AlreadyThere, DomainUpdate { add: servers(&["ns1.other.test"]), ..base() }),
            (Reason::NotThere, DomainUpdate { rem: servers(&["ns3.other.test"]), ..base() }),
            (Reason::NoSuchHost, DomainUpdate { add: servers(&["ns9.other.test"]), ..base() }),
            (Reason::HostModel, DomainUpdate { add: own_hosts(&[("ns3.other.test", "")]), ..base() }),
            (Reason::HostModel, DomainUpdate { rem: own_hosts(&[("ns1.other.test", "")]), ..base() }),
            (Reason::TooFewNameServers, DomainUpdate {
                rem: servers(&["ns1.other.test", "ns2.other.test"]), ..base()
            }),
            (Reason::DuplicateInCommand, DomainUpdate {
                rem: servers(&["ns1.other.test", "ns1.other.test"]), ..base()
            }),
        ]).await;
        let before = alpha.info("swap.example").await;
        assert_eq!((before.updater.clone(), before.updated), (None, None));
        let swap = DomainUpdate {
            add: servers(&["ns3.other.test", "ns1.other.test"]),
            rem: servers(&["ns1.other.test", "ns2.other.test"]),
            ..base()
        };
        alpha.does(Command::DomainUpdate(swap)).await;
        let after = alpha.info("swap.example").await;
        assert_eq!(after.ns_objects, [name("ns3.other.test"), name("ns1.other.test")]);
        assert_eq!(after.updater, Some(crate::typed::registrar("alpha")));
        assert!(after.updated.is_some());
    }

    async fn attributes_are_changed_by_a_swap(db: Db) {
        let registry = Registry::new(&db, "ns.mode = \"host_attr\"").await;
        let mut alpha = registry.client("alpha");
        let hosts = [("ns.a.example", "192.0.2.1"), ("ns.other.test", "")];
        alpha.does(Command::DomainCreate(DomainCreate { ns: attributes(&hosts), ..create("a.example") })).await;
        let base = || update("a.example");
        alpha.refused_updates(vec![
            (Reason::HostModel, DomainUpdate { add: servers(&["ns2.other.test"]), ..base() }),
            (Reason::AlreadyThere, DomainUpdate { add: own_hosts(&[("ns.other.test", "")]), ..base() }),
            (Reason::NotThere, DomainUpdate { rem: own_hosts(&[("ns9.other.test", "")]), ..base() }),
            (Reason::NotThere, DomainUpdate { rem: own_hosts(&[("ns.a.example", "192.0.2.9")]), ..base() }),
            (Reason::AddressMissing, DomainUpdate { add: own_hosts(&[("ns2.a.example", "")]), ..base() }),
        ]).await;
        let swap = DomainUpdate {
            add: own_hosts(&[("ns.a.example", "192.0.2.7")]),
            rem: own_hosts(&[("ns.a.example", "192.0.2.1")]),
            ..base()
        };
        alpha.does(Command::DomainUpdate(swap)).await;
        let after = alpha.info("a.example").await.ns_attributes;
        assert_eq!(
            Some(NameServers::Attributes(after)),
            attributes(&[("ns.other.test", ""), ("ns.a.example", "192.0.2.7")])
        );
        let bare = DomainUpdate { rem: own_hosts(&[("ns.a.example", ""), ("ns.other.test", "")]), ..base() };
        alpha.does(Command::DomainUpdate(bare)).await;
        assert_eq!(alpha.info("a.example").await.statuses, [DomainStatus::Inactive].into_iter().collect());
    }

    async fn contacts_stay_within_their_bounds(db: Db) {
        let rules = "contacts.registrant_required = true\n\
            contacts.roles.admin = { min = 1, max = 2 }\ncontacts.roles.tech.max = 1\ncontacts.roles.billing.max = 0";
        let registry = Registry::new(&db, rules).await;
        let (mut alpha, mut beta) = (registry.client("alpha"), registry.client("beta"));
        for id in ["one-1", "two-2"] {
            alpha.does(make_contact(id, PW)).await;
        }
        // A contact of another registrar may be used.
        beta.does(make_contact("three-3", PW)).await;
        use ContactRole::{Admin, Tech};
        let command = DomainCreate {
            registrant: Some(contact("one-1")),
            contacts: roles(&[(Admin, "one-1")]),
            ..create("people.example")
        };
        alpha.does(Command::DomainCreate(command)).await;
        let base = || update("people.example");
        alpha.refused_updates(vec![
            (Reason::AlreadyThere, DomainUpdate { add: people(&[(Admin, "ONE-1")]), ..base() }),
            (Reason::NotThere, DomainUpdate { rem: people(&[(Tech, "one-1")]), ..base() }),
            (Reason::ContactMissing, DomainUpdate { rem: people(&[(Admin, "one-1")]), ..base() }),
            (Reason::NoSuchContact, DomainUpdate { add: people(&[(Tech, "nobody")]), ..base() }),
            (Reason::TooManyContacts, DomainUpdate { add: people(&[(Tech, "one-1"), (Tech, "two-2")]), ..base() }),
            (Reason::ContactRoleNotUsed, DomainUpdate {
                add: people(&[(ContactRole::Billing, "one-1")]), ..base()
            }),
            (Reason::RegistrantMissing, DomainUpdate { registrant: Some(None), chg: true, ..base() }),
            (Reason::NoSuchContact, DomainUpdate { registrant: Some(Some(contact("nobody"))), ..base() }),
        ]).await;
        let swap = DomainUpdate {
            add: people(&[(Admin, "three-3"), (Tech, "two-2")]),
            rem: people(&[(Admin, "one-1")]),
            registrant: Some(Some(contact("three-3"))),
            ..base()
        };
        alpha.does(Command::DomainUpdate(swap)).await;
        let after = alpha.info("people.example").await;
        assert_eq!(after.contacts, roles(&[(Admin, "three-3"), (Tech, "two-2")]));
        assert_eq!(after.registrant, Some(contact("three-3")));
        // What is in use cannot be deleted, what no longer is can.
        let gone = |id: &str| {
            Command::ContactDelete(domesday::epp::command::ContactDelete { id: contact(id) })
        };
        assert_eq!(beta.refused(gone("three-3")).await, Reason::Linked);
        alpha.does(gone("one-1")).await;
    }

    async fn a_new_holder_is_managed_as_its_domain_is(db: Db) {
        let registry = Registry::new(&db, "management.models = [\"registrar\", \"registrant\"]").await;
        let anew = "management.models = [\"registrar\", \"registrant\"]\ntransfer.mode = \"immediate\"\n\
                    transfer.contacts = \"respecify\"";
        registry.add_zone("anew", anew).await;
        let (mut alpha, mut beta) = (registry.client("alpha"), registry.client("beta"));
        for id in ["mine-1", "theirs-1"] {
            alpha.does(make_contact(id, PW)).await;
        }
        let set = db.write(|tx| {
            Box::pin(async move {
                let theirs = tx.contact_by_handle(&contact("theirs-1")).await?.unwrap();
                tx.management_set(Managed::Contact, theirs.id, Management::Registrant).await
            })
        });
        set.await.unwrap();
        for domain in ["held.example", "held.anew"] {
            let made = DomainCreate { registrant: Some(contact("mine-1")), ..create(domain) };
            alpha.does(Command::DomainCreate(made)).await;
        }
        let new = Some(Some(contact("theirs-1")));
        let change = DomainUpdate { chg: true, registrant: new, ..update("held.example") };
        alpha.refused_updates(vec![(Reason::ManagementDiffers, change)]).await;
        // Nor does a transfer change who manages a holder that it names.
        let new = Some(NewRegistrant::Contact(contact("theirs-1")));
        let anew = TransferAnew { registrant: new, contacts: Vec::new(), ns: None };
        let take = DomainTransfer { anew: Some(Box::new(anew)), ..transfer("held.anew", Some(PW)) };
        assert_eq!(beta.refused(Command::DomainTransferRequest(take)).await, Reason::ManagementDiffers);
    }

    async fn statuses_follow_their_rules(db: Db) {
        use DomainStatus::{ClientHold, ClientTransferProhibited, ClientUpdateProhibited, ServerHold};
        let rules = "status.client_settable = [\"clientHold\", \"clientUpdateProhibited\"]";
        let registry = Registry::new(&db, rules).await;
        let (mut alpha, mut beta) = (registry.client("alpha"), registry.client("beta"));
        alpha.register("marked.example").await;
        let base = || update("marked.example");
        alpha.refused_updates(vec![
            (Reason::NothingToUpdate, base()),
            (Reason::NothingToUpdate, DomainUpdate { chg: true, add: servers(&[]).map(|_| DomainAddRem::default()), ..base() }),
            (Reason::NotFound, DomainUpdate { add: marks(&[ClientHold]), ..update("none.example") }),
            (Reason::StatusNotSettable, DomainUpdate { add: marks(&[ServerHold]), ..base() }),
            (Reason::StatusNotSettable, DomainUpdate { add: marks(&[DomainStatus::Ok]), ..base() }),
            (Reason::StatusNotSettable, DomainUpdate { rem: marks(&[DomainStatus::Inactive]), ..base() }),
            (Reason::StatusNotSettable, DomainUpdate { add: marks(&[ClientTransferProhibited]), ..base() }),
            (Reason::NotThere, DomainUpdate { rem: marks(&[ClientHold]), ..base() }),
        ]).await;
        let held = || DomainUpdate { add: marks(&[ClientHold, ClientUpdateProhibited]), ..base() };
        assert_eq!(beta.refused(Command::DomainUpdate(held())).await, Reason::NotSponsor);
        alpha.does(Command::DomainUpdate(held())).await;
        alpha.refused_updates(vec![
            (Reason::StatusProhibits, DomainUpdate { rem: marks(&[ClientHold]), ..base() }),
            (Reason::StatusProhibits, DomainUpdate { rem: marks(&[ClientHold, ClientUpdateProhibited]), ..base() }),
            (Reason::StatusProhibits, DomainUpdate {
                rem: marks(&[ClientUpdateProhibited]), auth: Some(None), ..base()
            }),
        ]).await;
        alpha.does(Command::DomainUpdate(DomainUpdate { rem: marks(&[ClientUpdateProhibited]), ..base() })).await;
        alpha.refused_updates(vec![
            (Reason::AlreadyThere, DomainUpdate { add: marks(&[ClientHold]), ..base() }),
        ]).await;
        let shown = alpha.info("marked.example").await.statuses;
        assert_eq!(shown, [ClientHold, DomainStatus::Inactive].into_iter().collect());
    }

    async fn authorization_information_is_changed_and_unset(db: Db) {
        let registry = Registry::new(&db, "auth.min_len = 8\nauth.min_classes = 3").await;
        let (mut alpha, mut beta) = (registry.client("alpha"), registry.client("beta"));
        alpha.register("locked.example").await;
        let change = |pw: &str| DomainUpdate { chg: true, auth: Some(Some(auth(pw))), ..update("locked.example") };
        alpha.refused_updates(vec![(Reason::AuthInfoPolicy, change("weakweak"))]).await;
        alpha.does(Command::DomainUpdate(change("New-Pw-123"))).await;
        beta.info_with("locked.example", HostsFilter::All, Some(auth("New-Pw-123"))).await;
        let old = DomainInfo { name: name("locked.example"), hosts: HostsFilter::All, auth: Some(auth(PW)), ttl: None, allocation: false, launch: None };
        assert_eq!(beta.refused(Command::DomainInfo(old)).await, Reason::WrongAuthInfo);
        alpha.does(Command::DomainUpdate(change(""))).await;
        assert!(!alpha.info("locked.example").await.auth_set);
        alpha.does(Command::DomainUpdate(change("New-Pw-123"))).await;
        let null = DomainUpdate { chg: true, auth: Some(None), ..update("locked.example") };
        alpha.does(Command::DomainUpdate(null)).await;
        assert!(!alpha.info("locked.example").await.auth_set);
    }
}
