//! Tokens and meta-roles: who may have one made sees it and takes it back, and nobody else of the account.

use domesday::clock::Ts;
use domesday::epp::command::{Command, DomainCreate, DomainInfo, DomainUpdate, HostsFilter};
use domesday::epp::reply::{DomainData, Reply};
use domesday::epp::types::{AuthInfo, Secret};
use domesday::policy::{MetaRole, Roles, Service};
use domesday::refusal::Reason;
use domesday::store::Db;

use super::matrix::domain_create;
use super::under;
use crate::pg::on_both;
use crate::typed::{Client, Registry, name, registrar};

const TOKENS: &str = "transfer.mode = \"immediate\"\ntransfer.redelegation_token = true\n\
    transfer.code.kind = \"registry_token\"\ntransfer.code.format = \"{role}-{op}-{hex32}\"";

async fn give(db: &Db, roles: &[MetaRole]) {
    let roles: Roles = roles.iter().copied().collect();
    let done = db.write(move |tx| {
        let roles = roles.clone();
        Box::pin(async move { tx.user_duties(&registrar("alpha"), Service::Epp, &roles, Ts(9)).await })
    });
    assert!(done.await.unwrap());
}

fn says(pw: Option<&str>, domain: &str) -> Command {
    let auth = pw.map(|pw| AuthInfo { pw: Secret::new(pw), roid: None });
    Command::DomainUpdate(DomainUpdate { auth: Some(auth), ..DomainUpdate::of(name(domain)) })
}

async fn shown(client: &mut Client, domain: &str) -> DomainData {
    let info = DomainInfo {
        name: name(domain),
        hosts: HostsFilter::All,
        auth: None,
        ttl: None,
        allocation: false,
        launch: None,
    };
    match client.does(Command::DomainInfo(info)).await {
        Reply::DomainInfo(data) => *data,
        other => panic!("{other:?}"),
    }
}

on_both! {
    async fn each_token_is_its_roles(db: Db) {
        use MetaRole::{NameServerAdministrator, Proxy, Registrar};
        let registry = Registry::new(&db, TOKENS).await;
        under(&db, "alpha", Some("dk")).await;
        let mut alpha = registry.client("alpha");
        let create = DomainCreate { name: name("roles.example"), ..domain_create() };
        give(&db, &[Registrar]).await;
        alpha.does(Command::DomainCreate(create)).await;
        for (word, may, may_not) in [
            ("autotransfer", Proxy, NameServerAdministrator),
            ("autoredel", NameServerAdministrator, Proxy),
        ] {
            give(&db, &[may_not]).await;
            assert_eq!(alpha.refused(says(Some(word), "roles.example")).await, Reason::RoleMissing, "{word}");
            give(&db, &[may]).await;
            alpha.does(says(Some(word), "roles.example")).await;
            assert!(shown(&mut alpha, "roles.example").await.token.is_some(), "{word}");
            // The other role learns that there is one, and neither reads it nor takes it back.
            give(&db, &[may_not]).await;
            let seen = shown(&mut alpha, "roles.example").await;
            assert!(seen.token.is_none() && seen.auth_set, "{word}");
            assert_eq!(alpha.refused(says(None, "roles.example")).await, Reason::RoleMissing, "{word}");
            give(&db, &[may]).await;
            alpha.does(says(None, "roles.example")).await;
            let seen = shown(&mut alpha, "roles.example").await;
            assert!(seen.token.is_none() && !seen.auth_set, "{word}");
        }
    }

    async fn a_keyword_is_no_way_to_set_a_code(db: Db) {
        // Where the sponsor sets the code, the word that makes a token for name servers would be one.
        let registry = Registry::new(&db, "").await;
        under(&db, "alpha", Some("dk")).await;
        let mut alpha = registry.client("alpha");
        alpha.does(Command::DomainCreate(DomainCreate { name: name("word.example"), ..domain_create() })).await;
        give(&db, &[MetaRole::NameServerAdministrator]).await;
        assert_eq!(alpha.refused(says(Some("autoredel"), "word.example")).await, Reason::RoleMissing);
    }
}
