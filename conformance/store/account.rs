//! Registrars, users, certificates and addresses.

use domesday::clock::Ts;
use domesday::policy::EmptyMeans;
use domesday::store::access::AllowEntry;
use domesday::store::login::Attempt;
use domesday::store::pin::PinRow;
use domesday::store::{Db, StoreError};

use super::{id, registrar, user};
use crate::pg::on_both;

on_both! {
    async fn a_registrar_and_its_users_are_kept(db: Db) {
        let (added, again, users) = db
            .write(|tx| {
                Box::pin(async {
                    let added = tx.registrar_insert(&registrar("reg-b")).await?;
                    tx.registrar_insert(&registrar("Reg-A")).await?;
                    let again = tx.registrar_insert(&registrar("reg-b")).await?;
                    assert!(tx.user_insert(&user("u-two", "reg-b"), "hash").await?);
                    assert!(tx.user_insert(&user("u-one", "reg-b"), "hash").await?);
                    assert!(!tx.user_insert(&user("u-one", "Reg-A"), "hash").await?);
                    Ok((added, again, tx.users_of(&id("reg-b")).await?))
                })
            })
            .await
            .unwrap();
        assert!(added && !again);
        assert_eq!(users, [user("u-one", "reg-b"), user("u-two", "reg-b")]);
        db.write(|tx| {
            Box::pin(async {
                let mut row = registrar("reg-b");
                (row.enabled, row.max_sessions, row.email) = (false, Some(3), Some("a@b.example".to_owned()));
                row.updated_at = Ts(7);
                assert!(tx.registrar_update(&row).await?);
                assert_eq!(tx.registrar(&id("reg-b")).await?, Some(row));
                assert!(!tx.registrar_update(&registrar("nobody")).await?);
                assert!(tx.user_password(&id("u-one"), "other", Ts(8)).await?);
                assert!(tx.user_enabled(&id("u-one"), false, Ts(9)).await?);
                assert!(!tx.user_enabled(&id("u-none"), false, Ts(9)).await?);
                let facts = tx.login_facts(&id("u-one")).await?.unwrap();
                assert_eq!((facts.password.as_str(), facts.user_enabled), ("other", false));
                assert_eq!((facts.registrar_enabled, facts.max_sessions), (false, Some(3)));
                assert_eq!(tx.user(&id("u-one")).await?.unwrap().updated_at, Ts(9));
                let all: Vec<String> = tx.registrars().await?.into_iter().map(|row| row.name).collect();
                assert_eq!(all, ["Reg-A", "reg-b"]);
                Ok(())
            })
        })
        .await
        .unwrap();
    }

    async fn a_user_needs_its_registrar(db: Db) {
        let done = db
            .write(|tx| Box::pin(async { tx.user_insert(&user("u-one", "nobody"), "hash").await }))
            .await;
        assert!(matches!(done, Err(StoreError::Database(_))), "{done:?}");
    }

    async fn certificates_roll(db: Db) {
        db.write(|tx| {
            Box::pin(async {
                tx.registrar_insert(&registrar("reg")).await?;
                tx.user_insert(&user("u-one", "reg"), "hash").await?;
                let pin = |byte: u8, from: i64| PinRow {
                    user: id("u-one"),
                    sha256: vec![byte; 32],
                    not_before: Ts(from),
                    not_after: None,
                    note: "old".to_owned(),
                    created_at: Ts(1),
                };
                assert!(tx.pin_insert(&pin(9, 1)).await?);
                assert!(tx.pin_insert(&pin(1, 5)).await?);
                assert!(!tx.pin_insert(&pin(9, 3)).await?);
                assert!(tx.pin_end(&id("u-one"), &[9; 32], Some(Ts(10))).await?);
                let pins = tx.pins(&id("u-one")).await?;
                assert_eq!(pins, [PinRow { not_after: Some(Ts(10)), ..pin(9, 1) }, pin(1, 5)]);
                assert_eq!(tx.login_facts(&id("u-one")).await?.unwrap().pins.len(), 2);
                assert!(tx.pin_delete(&id("u-one"), &[9; 32]).await?);
                assert!(!tx.pin_delete(&id("u-one"), &[9; 32]).await?);
                assert_eq!(tx.pins(&id("u-one")).await?.len(), 1);
                Ok(())
            })
        })
        .await
        .unwrap();
    }

    async fn an_address_list_lets_in_whom_it_lists(db: Db) {
        db.write(|tx| {
            Box::pin(async {
                for name in ["reg", "empty", "expired"] {
                    tx.registrar_insert(&registrar(name)).await?;
                }
                for (of, prefix, expires_at) in [
                    ("reg", "192.0.2.16/28", None),
                    ("reg", "2001:db8:1::/48", None),
                    ("reg", "198.51.100.7/32", Some(Ts(50))),
                    ("expired", "203.0.113.0/24", Some(Ts(50))),
                ] {
                    assert!(tx.allow_insert(&entry(of, prefix, expires_at)).await?);
                }
                // The same prefix with other bits below it is the same prefix.
                assert!(!tx.allow_insert(&entry("reg", "192.0.2.17/28", None)).await?);
                Ok(())
            })
        })
        .await
        .unwrap();
        let cases = [
            ("192.0.2.15", 0, false),
            ("192.0.2.16", 0, true),
            ("192.0.2.31", 0, true),
            ("192.0.2.32", 0, false),
            ("2001:db8:1::", 0, true),
            ("2001:db8:1:ffff:ffff:ffff:ffff:ffff", 0, true),
            ("2001:db8:2::", 0, false),
            ("::c000:210", 0, false),
            ("198.51.100.7", 49, true),
            ("198.51.100.7", 50, false),
        ];
        for (address, now, expected) in cases {
            let (allowed, listed) = asked(&db, "reg", address, EmptyMeans::Allow, Ts(now)).await;
            assert_eq!((allowed, listed), (expected, expected), "{address} at {now}");
        }
        let address = "192.0.2.16";
        assert_eq!(asked(&db, "empty", address, EmptyMeans::Allow, Ts(0)).await, (true, true));
        assert_eq!(asked(&db, "empty", address, EmptyMeans::Deny, Ts(0)).await, (false, true));
        // Entries that expired do not open the door to everybody.
        assert_eq!(asked(&db, "expired", "203.0.113.9", EmptyMeans::Allow, Ts(60)).await, (false, false));
        db.write(|tx| {
            Box::pin(async {
                assert!(tx.allow_delete(&id("reg"), "192.0.2.30/28".parse().unwrap()).await?);
                assert!(!tx.allow_delete(&id("reg"), "192.0.2.30/28".parse().unwrap()).await?);
                let left = tx.allow_entries(&id("reg")).await?;
                let left: Vec<String> = left.into_iter().map(|entry| entry.prefix.to_string()).collect();
                assert_eq!(left, ["198.51.100.7/32", "2001:db8:1::/48"]);
                Ok(())
            })
        })
        .await
        .unwrap();
    }

    async fn attempts_are_listed_newest_first(db: Db) {
        let all = db
            .write(|tx| {
                Box::pin(async {
                    for n in 1..=3 {
                        let attempt = Attempt {
                            id: n,
                            at: Ts(n * 10),
                            user: "u-one".to_owned(),
                            registrar: (n > 1).then(|| "reg".to_owned()),
                            address: "192.0.2.1".to_owned(),
                            outcome: "success".to_owned(),
                            counted: false,
                            agent: Default::default(),
                        };
                        tx.login_attempt(&attempt).await?;
                    }
                    tx.login_attempts("u-one", 2).await
                })
            })
            .await
            .unwrap();
        assert_eq!(all.iter().map(|attempt| attempt.id).collect::<Vec<_>>(), [3, 2]);
    }
}

fn entry(of: &str, prefix: &str, expires_at: Option<Ts>) -> AllowEntry {
    let prefix = prefix.parse().unwrap();
    AllowEntry { registrar: id(of), prefix, note: String::new(), expires_at, created_at: Ts(1) }
}

/// Whether the account may connect from there, and whether anybody lists the address.
async fn asked(db: &Db, of: &str, address: &str, empty: EmptyMeans, now: Ts) -> (bool, bool) {
    let (of, address) = (id(of), address.parse().unwrap());
    db.read(move |tx| {
        Box::pin(async move {
            let allowed = tx.address_allowed(&of, address, empty, now).await?;
            Ok((allowed, tx.address_listed_by_any(address, now).await?))
        })
    })
    .await
    .unwrap()
}
