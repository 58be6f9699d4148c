//! Renewals to come that cost more than there is (N5).

use domesday::epp::command::DomainAutoRenew;
use domesday::store::Db;
use domesday::store::listed::{ListKind, ListedRow};
use domesday::store::outbox::{Mail, MailState};

use super::*;
use crate::pg::on_both;

const RULES: &str = r#"
[account.bill]
mode = "prepaid"
shortfall_days = 7
[account.bill.prices]
auto_renew = "4.00"
"#;

const ZONE: &str = "autorenew.per_domain = true";

/// The registry, with three domains of alpha that end on the 28th of a month, one of which is not to be renewed, and
/// with money for one. It is the 25th, and it was looked.
pub async fn short(db: &Db) -> Registry {
    let registry = Registry::with_accounts(db, ZONE, RULES).await;
    for id in ["alpha", "beta"] {
        registry.set_mail(id, "office@registrar.example").await;
    }
    at(&registry, "2031-05-28T12:00:00Z").await;
    let mut alpha = registry.client("alpha");
    for domain in ["one.example", "two.example", "three.example"] {
        alpha.does(create(domain)).await;
    }
    alpha.does(Command::DomainAutoRenew(DomainAutoRenew { name: name("three.example"), on: false })).await;
    registry.client("beta").does(create("paid.example")).await;
    deposit(&registry, "alpha", 799).await;
    deposit(&registry, "beta", 400).await;
    at(&registry, "2032-05-20T12:00:00Z").await;
    assert_eq!(told(db).await.len(), 0, "it is too early");
    at(&registry, "2032-05-25T12:00:00Z").await;
    registry
}

async fn told(db: &Db) -> Vec<Mail> {
    let mails = db.read(|tx| Box::pin(tx.mails_in(MailState::Waiting, 100))).await.unwrap();
    mails.into_iter().filter(|mail| mail.kind == "expected_shortfall").collect()
}

on_both! {
    async fn who_cannot_pay_the_renewals_of_the_month_is_told_once(db: Db) {
        let registry = short(&db).await;
        let mails = told(&db).await;
        let [mail] = &mails[..] else { panic!("{mails:?}") };
        assert_eq!((mail.registrar.as_str(), &mail.recipients[..]), ("alpha", &["office@registrar.example".to_owned()][..]));
        assert_eq!(
            mail.body.trim(),
            "8.00 EUR are going to be charged until the end of 2032-05, and the balance is 7.99 EUR."
        );
        // Once a month, however often it is looked; and on the first days of the next month nobody looks.
        at(&registry, "2032-05-27T12:00:00Z").await;
        at(&registry, "2032-06-02T12:00:00Z").await;
        assert_eq!(told(&db).await.len(), 1);
        // Next year alpha has less than nothing, and is told again; beta has nothing either.
        at(&registry, "2033-05-26T12:00:00Z").await;
        let mut again: Vec<_> = told(&db).await.iter().map(|mail| mail.registrar.to_string()).collect();
        again.sort();
        assert_eq!(again, ["alpha", "alpha", "beta"]);
    }

    async fn a_premium_name_counts_by_its_class(db: Db) {
        let rules = format!("{RULES}[account.bill.classes.gold]\nauto_renew = \"100.00\"\n");
        let registry = Registry::with_accounts(&db, ZONE, &rules).await;
        registry.set_mail("alpha", "office@registrar.example").await;
        at(&registry, "2031-05-28T12:00:00Z").await;
        let mut alpha = registry.client("alpha");
        for domain in ["plain.example", "gold.example"] {
            alpha.does(create(domain)).await;
        }
        let listed = ListedRow {
            id: 1,
            zone: name("example"),
            name: name("gold.example"),
            list: ListKind::Premium,
            class: "gold".to_owned(),
            reason: String::new(),
            from: None,
            until: None,
        };
        db.write(move |tx| {
            let listed = listed.clone();
            Box::pin(async move { tx.listed_put(&[listed]).await })
        })
        .await
        .unwrap();
        at(&registry, "2032-05-25T12:00:00Z").await;
        assert!(told(&db).await[0].body.starts_with("104.00 EUR are "));
    }

    async fn the_operators_price_counts(db: Db) {
        let registry = Registry::with_accounts(&db, ZONE, RULES).await;
        registry.set_mail("alpha", "office@registrar.example").await;
        at(&registry, "2031-05-28T12:00:00Z").await;
        registry.client("alpha").does(create("dear.example")).await;
        deposit(&registry, "alpha", 400).await;
        let price = domesday::store::ledger::PriceRow {
            op: domesday::policy::BillOp::AutoRenew,
            currency: registry.gate.profile().account.bill.currency.clone(),
            class: String::new(),
            zone: "example".to_owned(),
            years: 0,
            from: Ts(0),
            amount: Some(401),
        };
        db.write(move |tx| {
            let price = price.clone();
            Box::pin(async move { tx.price_set(&price, Ts(0)).await })
        })
        .await
        .unwrap();
        at(&registry, "2032-05-25T12:00:00Z").await;
        assert!(told(&db).await[0].body.starts_with("4.01 EUR are "));
    }
}
