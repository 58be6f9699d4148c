//! What a database's address may say: a schema, and how far the server is trusted.

use std::time::{Duration, Instant};

use domesday::store::{Db, StoreError};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};

use super::{add, names};
use crate::pg::{Cluster, Fsync, Place};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn registries_in_two_schemas_do_not_meet() {
    let place = Place::postgres().await;
    let admin = place.open().await;
    let mut registries = Vec::new();
    for schema in ["first", "second"] {
        let sql = if schema == "first" { "CREATE SCHEMA first" } else { "CREATE SCHEMA second" };
        admin.write(move |tx| Box::pin(tx.exec(sql, &[]))).await.unwrap();
        let db = Db::open(&format!("{}&options=-csearch_path%3D{schema}", place.url)).await.unwrap();
        assert!(db.migrations().await.unwrap().iter().all(|migration| migration.applied_at.is_none()));
        db.migrate().await.unwrap();
        add(&db, schema).await.unwrap();
        registries.push(db);
    }
    assert_eq!(names(&registries[0]).await, ["first"]);
    assert_eq!(names(&registries[1]).await, ["second"]);
}

#[tokio::test]
async fn an_address_that_cannot_be_used_is_refused() {
    for url in ["mysql://somewhere/x", "sqlite:", "sqlite::memory:", "sqlite:/no/such/folder/registry.db"] {
        assert!(matches!(Db::open(url).await, Err(StoreError::Database(_))), "{url}");
    }
    let url = Cluster::shared().url("no_such_database");
    let fault = Db::open(&url).await.unwrap_err().to_string();
    assert!(fault.contains("no_such_database"), "{fault}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_is_trusted_as_far_as_the_address_says() {
    let cluster = Cluster::start(Fsync::Off);
    let (ours, theirs) = (Authority::new(), Authority::new());
    let (certificate, key) = ours.server("localhost");
    cluster.file("server.crt", &certificate);
    cluster.file("server.key", &key);
    cluster.execute("ALTER SYSTEM SET ssl = on").await;
    cluster.execute("SELECT pg_reload_conf()").await;
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string().replace('/', "%2F")
    };
    let (trusted, stranger) = (file("ours.pem", &ours.pem), file("theirs.pem", &theirs.pem));
    let url =
        |host: &str, rest: &str| format!("postgres://postgres@{host}:{}/postgres?{rest}", cluster.port());
    // The server takes its new settings up in its own time.
    let begun = Instant::now();
    while !encrypted(&url("localhost", "sslmode=require")).await {
        assert!(begun.elapsed() < Duration::from_secs(60), "the server does not offer TLS");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    for (host, rest, expected) in [
        ("localhost", format!("sslmode=verify-full&sslrootcert={trusted}"), true),
        ("127.0.0.1", format!("sslmode=verify-full&sslrootcert={trusted}"), false),
        ("127.0.0.1", format!("sslmode=verify-ca&sslrootcert={trusted}"), true),
        ("localhost", format!("sslmode=verify-ca&sslrootcert={stranger}"), false),
        ("localhost", format!("sslmode=verify-full&sslrootcert={stranger}"), false),
        ("localhost", format!("sslmode=require&sslrootcert={stranger}"), false),
        ("127.0.0.1", "sslmode=prefer".to_owned(), true),
    ] {
        assert_eq!(encrypted(&url(host, &rest)).await, expected, "{host} {rest}");
    }
    let plain = Db::open(&url("localhost", "sslmode=disable")).await.unwrap();
    assert!(!uses_tls(&plain).await);
}

/// Whether a connection can be had and is encrypted.
async fn encrypted(url: &str) -> bool {
    match Db::open(url).await {
        Ok(db) => uses_tls(&db).await,
        Err(_) => false,
    }
}

async fn uses_tls(db: &Db) -> bool {
    let sql = "SELECT CAST(CASE WHEN ssl THEN 1 ELSE 0 END AS BIGINT) FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
    db.read(|tx| Box::pin(tx.one::<i64>(sql, &[]))).await.unwrap() == Some(1)
}

struct Authority {
    pem: String,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    fn new() -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let pem = params.self_signed(&key).unwrap().pem();
        Self { pem, issuer: Issuer::new(params, key) }
    }

    /// A server's certificate and its key.
    fn server(&self, name: &str) -> (String, String) {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        (params.signed_by(&key, &self.issuer).unwrap().pem(), key.serialize_pem())
    }
}
