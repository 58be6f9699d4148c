//! Commands that meet: whatever the order, nothing is left pointing at what is gone, and nobody is told 2400.

use domesday::epp::command::{Command, ContactDelete, DomainDelete, HostDelete};
use domesday::refusal::Reason;

use super::{ALPHA, BETA, Registry, add_host, contact, name, new_contact, new_domain, new_host, rename};
use crate::pg::on_both;

const ROUNDS: usize = 12;

fn delete_host(host: &str) -> Command {
    Command::HostDelete(HostDelete { name: name(host) })
}

on_both! {
    async fn a_host_is_deleted_while_a_domain_begins_to_use_it(db: Db) {
        let registry = Registry::new(db).await;
        for round in 0..ROUNDS {
            let (domain, host) = (format!("d{round}.tld"), format!("ns{round}.example.com"));
            registry.done(ALPHA, new_domain(&domain, None, &[])).await;
            registry.done(ALPHA, new_host(&host, "")).await;
            let (deleted, linked) = tokio::join!(
                registry.run(ALPHA, delete_host(&host)),
                registry.run(ALPHA, add_host(&domain, &host)),
            );
            match (deleted, linked) {
                (Ok(_), Err(Reason::NoSuchHost)) | (Err(Reason::Linked), Ok(_)) => {}
                other => panic!("{other:?}"),
            }
        }
    }

    async fn a_contact_is_deleted_while_a_domain_begins_to_use_it(db: Db) {
        let registry = Registry::new(db).await;
        for round in 0..ROUNDS {
            let (domain, id) = (format!("d{round}.tld"), format!("contact-{round}"));
            registry.done(ALPHA, new_contact(&id)).await;
            let (deleted, linked) = tokio::join!(
                registry.run(ALPHA, Command::ContactDelete(ContactDelete { id: contact(&id) })),
                registry.run(ALPHA, new_domain(&domain, Some(&id), &[])),
            );
            match (deleted, linked) {
                (Ok(_), Err(Reason::NoSuchContact)) | (Err(Reason::Linked), Ok(_)) => {}
                other => panic!("{other:?}"),
            }
        }
    }

    async fn a_domain_goes_while_a_host_comes_below_it(db: Db) {
        let registry = Registry::new(db).await;
        for round in 0..ROUNDS {
            let (domain, host) = (format!("d{round}.tld"), format!("ns.d{round}.tld"));
            registry.done(ALPHA, new_domain(&domain, None, &[])).await;
            let (deleted, created) = tokio::join!(
                registry.run(ALPHA, Command::DomainDelete(DomainDelete { name: name(&domain), on: None, overwrite: false, launch: None })),
                registry.run(ALPHA, new_host(&host, "192.0.2.1")),
            );
            match (deleted, created) {
                (Ok(_), Err(Reason::NoSuperordinate | Reason::SuperordinateStatus))
                | (Err(Reason::HasSubordinates), Ok(_)) => {}
                other => panic!("{other:?}"),
            }
        }
    }

    async fn one_of_two_gets_a_name(db: Db) {
        let registry = Registry::new(db).await;
        for round in 0..ROUNDS {
            let host = format!("ns{round}.example.com");
            let (one, two) = tokio::join!(
                registry.run(ALPHA, new_host(&host, "")),
                registry.run(BETA, new_host(&host, "")),
            );
            assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
            assert_eq!(one.err().or(two.err()), Some(Reason::Exists));

            let (from, to) = (format!("a{round}.example.com"), format!("b{round}.example.com"));
            registry.done(ALPHA, new_host(&from, "")).await;
            let (renamed, created) = tokio::join!(
                registry.run(ALPHA, rename(&from, &to)),
                registry.run(BETA, new_host(&to, "")),
            );
            assert!(renamed.is_ok() != created.is_ok(), "{renamed:?} {created:?}");
            assert_eq!(renamed.err().or(created.err()), Some(Reason::Exists));
        }
    }
}
