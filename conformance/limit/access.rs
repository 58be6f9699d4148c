//! From where a registrar gets in: changes of lists at once, and the log of those that were turned away.

use std::net::IpAddr;

use domesday::epp::command::{AddressChange, AddressList, Command, Login};
use domesday::epp::ns::Ns;
use domesday::epp::types::Secret;
use domesday::flow::session::password::Hasher;
use domesday::job::pass;
use domesday::refusal::Reason;
use domesday::store::Db;
use domesday::store::access::AllowEntry;
use domesday::store::account::UserRow;
use domesday::store::outbox::Mail;
use domesday::store::refused::RefusedAddress;

use super::to_window;
use crate::pg::on_both;
use crate::typed::{Client, Registry, registrar};

const PW: &str = "Correct-Horse-1";

/// Rules that ask for the address at those moments.
fn asked_at(moments: &str) -> String {
    format!("[account.epp_acl]\nempty_means = \"deny\"\ncheck_at = {moments}\n")
}

/// The user of alpha that logs in.
const USER: &str = "alpha-epp";

async fn add_user(registry: &Registry) {
    let hash = Hasher::default().hash(&Secret::new(PW)).await.unwrap();
    let row = UserRow::new(registrar(USER), registrar("alpha"), registry.gate.clock().now());
    let inserted = registry
        .gate
        .db()
        .write(move |tx| {
            let (row, hash) = (row.clone(), hash.clone());
            Box::pin(async move { tx.user_insert(&row, &hash).await })
        })
        .await;
    assert!(inserted.unwrap());
}

async fn list(registry: &Registry, id: &str, address: &str, on: bool) {
    let now = registry.gate.clock().now();
    let prefix = address.parse::<IpAddr>().unwrap().into();
    let entry = AllowEntry {
        registrar: registrar(id),
        prefix,
        note: String::new(),
        expires_at: None,
        created_at: now,
    };
    registry
        .gate
        .db()
        .write(move |tx| {
            let entry = entry.clone();
            Box::pin(async move {
                if on {
                    tx.allow_insert(&entry).await
                } else {
                    tx.allow_delete(&entry.registrar, prefix).await
                }
            })
        })
        .await
        .unwrap();
}

fn login() -> Command {
    Command::Login(Login {
        user: registrar(USER),
        pw: Secret::new(PW),
        new_pw: None,
        version: "1.0".to_owned(),
        lang: "en".to_owned(),
        objects: vec![Ns::Domain.uri().to_owned()],
        extensions: Vec::new(),
        sec: None,
    })
}

async fn log_in(client: &mut Client) -> u16 {
    client.ask(login()).await.code
}

async fn refused(db: &Db) -> Vec<RefusedAddress> {
    let since = domesday::clock::Ts(0);
    let mut rows = db.read(move |tx| Box::pin(tx.refused_since(since, 100))).await.unwrap();
    rows.sort_by(|a, b| (&a.address, &a.door).cmp(&(&b.address, &b.door)));
    rows
}

on_both! {
    /// Vector 8 and 9 of the requirements, as far as they are about addresses.
    async fn a_list_counts_from_the_next_login(db: Db) {
        let registry = Registry::new(&db, "").await.beside(&db, 2, &asked_at("[\"login\"]"));
        add_user(&registry).await;
        let from = |address: &str| registry.visitor_from(address);
        // An empty list lets nobody in.
        assert_eq!(log_in(&mut from("9.9.9.1")).await, 2200);
        list(&registry, "alpha", "9.9.9.1", true).await;
        let mut live = from("9.9.9.1");
        assert_eq!(log_in(&mut live).await, 1000);
        assert_eq!(log_in(&mut from("9.9.9.2")).await, 2200);
        // What is taken off keeps out who comes anew; who is in stays, because only the login asks.
        list(&registry, "alpha", "9.9.9.1", false).await;
        assert_eq!(log_in(&mut from("9.9.9.1")).await, 2200);
        assert_eq!(live.ask(Command::PollRequest).await.code, 1300);
    }

    async fn a_list_asked_at_each_command_ends_live_sessions(db: Db) {
        let registry = Registry::new(&db, "").await.beside(&db, 2, &asked_at("[\"login\", \"command\"]"));
        add_user(&registry).await;
        list(&registry, "alpha", "9.9.9.1", true).await;
        let mut live = registry.visitor_from("9.9.9.1");
        assert_eq!(log_in(&mut live).await, 1000);
        assert_eq!(live.ask(Command::PollRequest).await.code, 1300);
        list(&registry, "alpha", "9.9.9.1", false).await;
        assert_eq!(live.refused(Command::PollRequest).await, Reason::AddressNotAllowed);
        list(&registry, "alpha", "9.9.9.1", true).await;
        assert_eq!(live.ask(Command::PollRequest).await.code, 1300);
    }

    /// S31 and N8: an entry whose time was over counts again, and the account is told which of its lists it was.
    async fn staff_lists_anew_what_is_over_and_the_account_is_told(db: Db) {
        let registry = Registry::with_accounts(&db, "", &asked_at("[\"login\"]")).await;
        registry.set_mail("alpha", "office@alpha.example").await;
        add_user(&registry).await;
        let now = registry.gate.clock().now();
        let prefix = |address: &str| address.parse::<IpAddr>().unwrap().into();
        let over = AllowEntry {
            registrar: registrar("alpha"),
            prefix: prefix("9.9.9.1"),
            note: String::new(),
            expires_at: Some(now.plus_days(-1)),
            created_at: now,
        };
        let inserted = db.write(move |tx| {
            let over = over.clone();
            Box::pin(async move { tx.allow_insert(&over).await })
        });
        assert!(inserted.await.unwrap());
        assert_eq!(log_in(&mut registry.visitor_from("9.9.9.1")).await, 2200);

        let mut staff = registry.client("alpha");
        let change = |list, address| AddressChange { list, prefix: prefix(address), note: String::new() };
        // The second time there is nothing to do, and nothing to tell.
        for _ in 0..2 {
            staff.does(Command::AddressAdd(change(AddressList::Epp, "9.9.9.1"))).await;
        }
        assert_eq!(log_in(&mut registry.visitor_from("9.9.9.1")).await, 1000);
        staff.does(Command::AddressAdd(change(AddressList::Epp, "9.9.9.2"))).await;
        staff.does(Command::AddressRemove(change(AddressList::Epp, "9.9.9.2"))).await;
        staff.does(Command::AddressAdd(change(AddressList::Web, "9.9.9.3"))).await;

        let mails = db.read(move |tx| Box::pin(async move { tx.mails_of(&registrar("alpha"), 100).await }));
        let mails = mails.await.unwrap();
        let told = |address: &str| {
            let about = |mail: &&Mail| mail.kind == "access_list_changed" && mail.body.contains(address);
            mails.iter().filter(about).count()
        };
        assert_eq!([told("9.9.9.1/32"), told("9.9.9.2/32"), told("9.9.9.3/32")], [1, 2, 1]);
        let of = |address: &str| mails.iter().find(|mail| mail.body.contains(address)).unwrap().body.clone();
        assert!(of("9.9.9.2").contains("for EPP") && of("9.9.9.3").contains("for the portal"));
    }

    async fn who_is_turned_away_is_noted_by_hour_and_door(db: Db, place: &Place) {
        let rules = asked_at("[\"accept\", \"login\"]");
        let first = Registry::new(&db, "").await.beside(&db, 2, &rules);
        let second = first.beside(&place.open().await, 3, &rules);
        add_user(&first).await;
        list(&first, "beta", "9.9.9.1", true).await;
        to_window(&first, 3600);
        for registry in [&first, &second] {
            for _ in 0..50 {
                assert!(!registry.gate.admits("9.9.9.2".parse().unwrap()).await.unwrap());
            }
            assert!(registry.gate.admits("9.9.9.1".parse().unwrap()).await.unwrap());
        }
        assert_eq!(log_in(&mut second.visitor_from("9.9.9.1")).await, 2200);
        // Nothing is written until a server's next round.
        assert_eq!(refused(&db).await, []);
        pass(&first.gate).await.unwrap();
        pass(&second.gate).await.unwrap();
        let rows = refused(&db).await;
        let seen: Vec<_> = rows.iter().map(|r| (r.address.as_str(), r.door.as_str(), r.count)).collect();
        assert_eq!(seen, [("9.9.9.1", "login", 1), ("9.9.9.2", "accept", 100)]);
        // In the audit trail once for each server and hour, however often.
        let noted = db.read(move |tx| Box::pin(async move { tx.audit_of_object("9.9.9.2", 100).await }));
        let noted: Vec<_> = noted.await.unwrap().into_iter().map(|row| (row.command, row.reason)).collect();
        assert_eq!(noted, vec![("accept".to_owned(), "AddressNotAllowed".to_owned()); 2]);
        // Forgotten after a month, when the next is written.
        first.pass_days(31);
        assert!(!first.gate.admits("9.9.9.3".parse().unwrap()).await.unwrap());
        pass(&first.gate).await.unwrap();
        assert_eq!(refused(&db).await.len(), 1);
    }
}
