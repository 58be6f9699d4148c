//! Migrations: applied once, by one process at a time, and the same tables on both engines.

use std::collections::BTreeMap;

use domesday::store::{ALL_STATEMENTS, Db, Reader, Record, StoreError};

use crate::pg::{Place, on_both};

on_both! {
    async fn every_statement_prepares(db: Db) {
        for (file, statements) in ALL_STATEMENTS {
            for (name, sql) in *statements {
                let done = db.read(|tx| Box::pin(tx.prepare(sql))).await;
                assert!(done.is_ok(), "{file} {name}: {done:?}\n{sql}");
            }
        }
        let wrong = db.read(|tx| Box::pin(tx.prepare("SELECT nothing FROM nowhere"))).await;
        assert!(matches!(wrong, Err(StoreError::Database(_))), "{wrong:?}");
    }

    async fn migrating_again_does_nothing(db: Db) {
        assert_eq!(db.migrate().await.unwrap(), Vec::<String>::new());
        let all = db.migrations().await.unwrap();
        assert!(all.len() >= 2 && all.iter().all(|migration| migration.applied_at.is_some()));
    }

    async fn an_edited_migration_is_refused(db: Db) {
        exec(&db, "UPDATE schema_migration SET checksum = 'x' WHERE version = 2").await;
        let fault = db.migrate().await.unwrap_err().to_string();
        assert!(fault.contains("0002_objects") && fault.contains("edited"), "{fault}");
        assert!(db.migrations().await.is_err());
    }

    async fn a_newer_database_is_refused(db: Db) {
        exec(&db, "INSERT INTO schema_migration (version, name, checksum, applied_at) \
                   SELECT MAX(version) + 1, '9999_future', 'x', 0 FROM schema_migration").await;
        let fault = db.migrate().await.unwrap_err().to_string();
        assert!(fault.contains("9999_future") && fault.contains("newer"), "{fault}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn processes_that_start_together_migrate_once() {
    for place in [Place::sqlite(), Place::postgres().await] {
        let mut starting = tokio::task::JoinSet::new();
        for _ in 0..4 {
            let url = place.url.clone();
            starting.spawn(async move { Db::open(&url).await.unwrap().migrate().await.unwrap() });
        }
        let applied: Vec<String> = starting.join_all().await.into_iter().flatten().collect();
        let db = place.open().await;
        let mut known: Vec<String> =
            db.migrations().await.unwrap().into_iter().map(|migration| migration.name).collect();
        let mut once = applied.clone();
        once.sort();
        known.sort();
        assert_eq!(once, known, "{}", place.url);
    }
}

#[tokio::test]
async fn a_new_database_has_no_migration_yet() {
    for place in [Place::sqlite(), Place::postgres().await] {
        let all = place.open().await.migrations().await.unwrap();
        assert!(all.len() >= 2 && all.iter().all(|migration| migration.applied_at.is_none()));
    }
}

/// A column: table, name, type, whether it may be NULL.
struct Column(String, String, String, i64);

impl Record for Column {
    fn read(row: &mut Reader<'_>) -> Result<Self, StoreError> {
        Ok(Self(row.get()?, row.get()?, row.get()?, row.get()?))
    }
}

#[tokio::test]
async fn both_engines_have_the_same_columns() {
    let sqlite = "SELECT m.name, c.name, c.type, 1 - c.\"notnull\" FROM sqlite_schema m \
                  JOIN pragma_table_info(m.name) c WHERE m.type = 'table'";
    let postgres = "SELECT CAST(table_name AS TEXT), CAST(column_name AS TEXT), CAST(data_type AS TEXT), \
                    CAST(CASE is_nullable WHEN 'YES' THEN 1 ELSE 0 END AS BIGINT) \
                    FROM information_schema.columns WHERE table_schema = current_schema()";
    let first = columns(&Place::sqlite().migrated().await, sqlite).await;
    let second = columns(&Place::postgres().await.migrated().await, postgres).await;
    assert!(first.len() > 100);
    assert_eq!(first, second);
}

async fn columns(db: &Db, sql: &'static str) -> BTreeMap<(String, String), (String, i64)> {
    let rows: Vec<Column> = db.read(|tx| Box::pin(tx.all(sql, &[]))).await.unwrap();
    let word = |kind: &str| match kind {
        "INTEGER" | "bigint" => "BIGINT".to_owned(),
        "BLOB" | "bytea" => "BYTEA".to_owned(),
        other => other.to_uppercase(),
    };
    rows.into_iter().map(|Column(table, name, kind, null)| ((table, name), (word(&kind), null))).collect()
}

async fn exec(db: &Db, sql: &'static str) {
    let touched = db.write(move |tx| Box::pin(tx.exec(sql, &[]))).await.unwrap();
    assert_eq!(touched, 1);
}
