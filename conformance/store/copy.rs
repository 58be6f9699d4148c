//! A registry is copied from one engine to the other and back, and arrives whole.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use domesday::args;
use domesday::clock::Ts;
use domesday::store::copy::{LEFT_BEHIND, Progress, TABLES, copy};
use domesday::store::{Db, Reader, Record, Row, StoreError, Value};

use super::{add, add_in};
use crate::pg::Place;

/// Enough rows of one table for several batches.
const MANY: i64 = 1_300;

/// A registry with rows in every table; texts that engines sort differently, every kind of value, and NULLs.
async fn registry(place: &Place) -> Db {
    let db = place.migrated().await;
    db.register("a", Ts(1)).await.unwrap();
    for name in ["Zebra", "apple", "Äpfel", "zoo"] {
        add(&db, name).await.unwrap();
    }
    db.write(|tx| {
        Box::pin(async {
            let texts = [
                "INSERT INTO epp_user VALUES ('u-one', 'zoo', 'hash', 1, 1, 1, 'epp', '', NULL, '', 1)",
                "INSERT INTO zone VALUES ('example', 'gtld', '', 1, 1, 1)",
                "INSERT INTO contact (id, handle, handle_key, registrar, creator, created_at, statuses, email) \
                 VALUES (1, 'C1', 'c1', 'zoo', 'zoo', 1, '[]', 'a@b.example')",
                "INSERT INTO domain (id, name, zone, registrar, creator, created_at, expires_at, registrant, statuses) \
                 VALUES (2, 'a.example', 'example', 'zoo', 'zoo', 1, 2, 1, '[]')",
                "INSERT INTO domain_contact (domain, role, contact) VALUES (2, 'admin', 1)",
                "INSERT INTO grace VALUES (2, 'renew', 1, 5, 12, 'zoo')",
                "INSERT INTO host (id, name, private_to, superordinate, registrar, creator, created_at, statuses, addrs) \
                 VALUES (3, 'ns.a.example', 0, 2, 'zoo', 'zoo', 1, '[]', '[]')",
                "INSERT INTO domain_ns (domain, host, position) VALUES (2, 3, 0)",
                "INSERT INTO record_ttl VALUES (2, 'NS', 3600)",
                "INSERT INTO maintenance VALUES (11, '{}', 1, 2, NULL, 2, 'end')",
                "INSERT INTO allocation_batch VALUES (12, 'größe', '{}', 1)",
                "INSERT INTO allocation_token VALUES (13, 12, '5e1ec70', 'd19e57', NULL, 3, 'zoo', 'create', 'a.example')",
                "INSERT INTO domain_label VALUES (2, 'größe.example', 'de')",
                "INSERT INTO domain_variant VALUES ('xn--gre-6ka8i.example', 2)",
                "INSERT INTO variant_state VALUES ('example', 'f1', '', 3)",
                "INSERT INTO domain_ds VALUES (2, 7, 13, 2, '0A', 257, 3, 'AQ==', 0, 1)",
                "INSERT INTO transfer (object, kind, status, requester, requested_at, loser, actor, acted_at, months, svtrid) \
                 VALUES (2, 'domain', 'pending', 'apple', 1, 'zoo', 'zoo', 2, 12, 'S1')",
                "INSERT INTO listed_name VALUES (9, 'example', 'b.example', 'premium', 'gold', '', NULL, 5)",
                "INSERT INTO waiting_position VALUES (8, 'a.example', 'c1', 1, 'waiting', NULL)",
                "INSERT INTO auth_token VALUES (2, 'TRANSFER', 'REG', 'zoo', '5eed', 'd19e57', 0, 1, 2, NULL, NULL, 2)",
                "INSERT INTO contact_idle VALUES (1, 0, 1)",
                "INSERT INTO wrong_code VALUES ('domain:a.example', 'zoo', 1, 2)",
                "INSERT INTO pending_action VALUES \
                 (7, 'registrant-change', 2, 'a.example', 'zoo', 1, 'terms', 2, NULL, 'S1', '{}')",
                "INSERT INTO hit_state VALUES ('zoo', 3, 20260310, 80, 100, 1, 2, 202603, 1, NULL)",
                "INSERT INTO hit_event VALUES (5, 'zoo', 1, 'a.example', 'NEW_DOMAIN', 'S1', 10, 2302, 'Exists', 'epp')",
                "INSERT INTO hit_unblock VALUES (6, 'zoo', 1, 202603, 1, 100, 2)",
                "INSERT INTO poll_message (id, registrar, queued_at, text, data) VALUES (4, 'zoo', 1, 'größe', '')",
                "INSERT INTO mail_settings VALUES ('zoo', 0, 'bot@zoo.example', 'fr en', NULL)",
                "INSERT INTO mail_address VALUES ('zoo', 'technical', 0, 'noc@zoo.example')",
                "INSERT INTO mail_outbox VALUES (7, 'zoo', 1, 'unblocked', 'automated', 'bot@zoo.example', 'é', 'b', 0, 0, 1, NULL, '', 2, '5eed')",
                "INSERT INTO allow_entry VALUES ('zoo', 'x', ?1, ?1, '', NULL, 1)",
                "INSERT INTO web_allow_entry VALUES ('zoo', 'y', ?1, ?1, '', NULL, 1)",
                "INSERT INTO domain_mark VALUES (2, 'hold', 'court', 1, NULL)",
                "INSERT INTO protected_day VALUES ('zoo', 1, 2)",
                "INSERT INTO limit_override VALUES ('zoo', 'protected', 3, 1)",
                "INSERT INTO refused_address VALUES ('192.0.2.1', 1, 'accept', 2, 3)",
                "INSERT INTO shortfall VALUES ('zoo', 'EUR', 203103)",
                "INSERT INTO balance VALUES ('zoo', 'EUR', 1, -400, 0, 1, NULL, NULL, 0, 0)",
                "INSERT INTO ledger VALUES (7, 'zoo', 'EUR', 1, 1, 'charge', 'create', 'a.example', 'example', 1, -400, \
                 -400, 'S1', '', 'epp', 'u-one', NULL)",
                "INSERT INTO ledger_waiting VALUES (8, 'zoo', 'EUR', 1, NULL, 'transfer', 'b.example', 'example', 0, 500, \
                 'S2', 'epp', 'u-one')",
                "INSERT INTO price VALUES ('create', 'EUR', 'gold', '', 0, 1, 400, 1)",
                "INSERT INTO cert_pin VALUES ('u-one', ?1, 1, NULL, '', 1)",
                "INSERT INTO launch_application VALUES (9, 'c.example', 'example', 'zoo', 1, NULL, NULL, 'sunrise', NULL, \
                 'validated', NULL, NULL, NULL, 'ct', 'S3', '{}')",
                "INSERT INTO launch_link VALUES (9, 1)",
                "INSERT INTO launch_registration VALUES (2, 'claims', NULL, NULL, '[]')",
                "INSERT INTO launch_claim VALUES (1, 'tmch', 'label', 'key/1', 1)",
                "INSERT INTO launch_revoked VALUES (1, '1-2', 1)",
                "INSERT INTO launch_trust VALUES ('root', 'd1', 'der', 1)",
                "INSERT INTO launch_list VALUES ('dnl', 1, 2, 3)",
            ];
            for text in texts {
                let bytes = Value::Bytes((0..=255).collect());
                let args = if text.contains("?1") { vec![bytes] } else { Vec::new() };
                tx.exec(text, &args).await?;
            }
            let attempt = "INSERT INTO login_attempt VALUES (?1, ?2, 'u-one', NULL, '192.0.2.1', 'success', 0, 'app', NULL, 'os')";
            let rows: Vec<Row> = (1..=MANY).map(|n| Row(vec![Value::Int(n), Value::Int(-n)])).collect();
            assert_eq!(tx.exec_each(attempt, &rows).await?, MANY as u64);
            let audit = "INSERT INTO audit VALUES (?1, 1, 'zoo', 'u', 'epp', 'c', ?2, 1000, '', NULL, 's', '{}')";
            for n in 1..=3_i64 {
                tx.exec(audit, args![n << 50, format!("object {n}")]).await?;
            }
            Ok(())
        })
    })
    .await
    .unwrap();
    db
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_registry_is_copied_to_the_other_engine_and_back() {
    let (first, second, third) = (Place::sqlite(), Place::postgres().await, Place::sqlite());
    let source = registry(&first).await;
    let seen = Arc::new(Mutex::new(Vec::<Progress>::new()));
    let sink = Arc::clone(&seen);
    let there =
        copy(&source, &second.migrated().await, move |step| sink.lock().unwrap().push(step)).await.unwrap();
    let back = copy(&second.open().await, &third.migrated().await, |_| ()).await.unwrap();
    assert_eq!(there, back);
    for table in &there.tables {
        let expected = match table.table {
            "registrar" => 4,
            "login_attempt" => MANY as u64,
            "audit" => 3,
            _ => 1,
        };
        assert_eq!(table.rows, expected, "{}", table.table);
    }
    let distinct: BTreeSet<&str> = there.tables.iter().map(|table| table.checksum.as_str()).collect();
    assert_eq!(distinct.len(), there.tables.len());
    let seen = seen.lock().unwrap().clone();
    assert!(seen.iter().any(|step| step.table == "login_attempt" && step.done == 500 && !step.comparing));
    assert!(
        seen.iter().any(|step| step.table == "login_attempt" && step.done == MANY as u64 && step.comparing)
    );
    // The copy goes on where its source was: identifiers do not meet, and nobody is logged in.
    let copied = third.open().await;
    assert_eq!(copied.register("a", Ts(5)).await.unwrap().process(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_in_use_is_no_target() {
    for place in [Place::sqlite(), Place::postgres().await] {
        let source = Place::sqlite().migrated().await;
        let target = place.open().await;
        let fault = copy(&source, &target, |_| ()).await.unwrap_err().to_string();
        assert!(fault.contains("target lacks migration 0001_base"), "{fault}");
        target.migrate().await.unwrap();
        add(&target, "somebody").await.unwrap();
        let fault = copy(&source, &target, |_| ()).await.unwrap_err().to_string();
        assert!(fault.contains("in use"), "{fault}");
        assert_eq!(super::names(&target).await, ["somebody"]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_that_changes_underway_is_noticed() {
    let (first, second) = (Place::sqlite(), Place::postgres().await);
    let source = registry(&first).await;
    let target = second.migrated().await;
    let meddler = target.clone();
    let (meddle, asked) = tokio::sync::mpsc::unbounded_channel::<()>();
    let mut asked = asked;
    let meddling = tokio::spawn(async move {
        asked.recv().await.unwrap();
        meddler
            .write(|tx| {
                Box::pin(async {
                    add_in(tx, "intruder").await?;
                    tx.exec("DELETE FROM registrar WHERE id = 'apple'", &[]).await
                })
            })
            .await
            .unwrap();
    });
    let mut meddling = Some(meddling);
    let done = copy(&source, &target, move |step| {
        if step.table == "domain" && !step.comparing {
            meddle.send(()).unwrap();
            // Waits on this thread until the other has done its mischief.
            while !meddling.as_ref().unwrap().is_finished() {
                std::thread::sleep(std::time::Duration::from_millis(5));
            }
            let _ = meddling.take();
        }
    })
    .await;
    let fault = done.unwrap_err().to_string();
    assert!(fault.contains("registrar") && fault.contains("differs"), "{fault}");
}

struct Pair(String, String);

impl Record for Pair {
    fn read(row: &mut Reader<'_>) -> Result<Self, StoreError> {
        Ok(Self(row.get()?, row.get()?))
    }
}

#[tokio::test]
async fn no_table_and_no_column_is_forgotten() {
    let db = Place::sqlite().migrated().await;
    let sql =
        "SELECT m.name, c.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c WHERE m.type = 'table'";
    let columns: Vec<Pair> = db.read(|tx| Box::pin(tx.all(sql, &[]))).await.unwrap();
    let there: BTreeSet<(&str, &str)> = columns
        .iter()
        .map(|Pair(table, column)| (table.as_str(), column.as_str()))
        .filter(|(table, _)| !LEFT_BEHIND.contains(table))
        .collect();
    let copied: BTreeSet<(&str, &str)> = TABLES
        .iter()
        .flat_map(|(table, key, others)| {
            key.split_whitespace().chain(others.split_whitespace()).map(move |column| (*table, column))
        })
        .collect();
    assert_eq!(there, copied);
}
