//! Allocation tokens over two gates on one database: used once however many try, given back where nothing came of it,
//! and never to be read again.

use super::racing::together;
use super::*;
use crate::pg::on_both;
use crate::seed::allocate;
use crate::typed::Registry;
use domesday::store::audit::AuditRow;

fn with_token(domain: &str, token: &str) -> Command {
    Command::DomainCreate(DomainCreate { allocation: Some(Secret::new(token)), ..create(domain) })
}

on_both! {
    async fn a_token_is_used_once_however_many_try(db: Db) {
        let one = Registry::new(&db, "").await;
        let two = one.beside(&db, 2, "");
        for round in 0..4 {
            let token = format!("RACE{round}-open-sesame");
            allocate(&one.gate, "*", &token, true).await.unwrap();
            // Names that nobody else wants: only the token is at stake.
            let ask = |(at, registry): (usize, &Registry)| {
                let who = ["alpha", "beta"][at % 2];
                (registry.client(who), with_token(&format!("won-{round}-{at}.example"), &token))
            };
            let asks = [&one, &two, &one, &two].into_iter().enumerate().map(ask).collect();
            assert_eq!(together(asks).await, [1000, 2201, 2201, 2201]);
        }
    }

    async fn a_registration_that_comes_to_nothing_gives_its_token_back(db: Db) {
        let registry = Registry::new(&db, "create.mode = \"async\"\nterms.token = \"required\"\n\
            terms.accept_days = 14\nregistrant_change.mode = \"update\"").await;
        allocate(&registry.gate, "foo.example", "BACK1-open-sesame", true).await.unwrap();
        let mut alpha = registry.client("alpha");
        let asked = alpha.ask(with_token("foo.example", "BACK1-open-sesame")).await;
        if asked.code != 1001 {
            // Where terms must be accepted first, the create says when they were.
            let accepted = DomainCreate {
                allocation: Some(Secret::new("BACK1-open-sesame")),
                terms_accepted: Some(registry.gate.clock().now()),
                ..create("foo.example")
            };
            assert_eq!(alpha.ask(Command::DomainCreate(accepted)).await.code, 1001);
        }
        assert_eq!(alpha.refused(with_token("bar.example", "BACK1-open-sesame")).await, Reason::AllocationTokenWrong);
        crate::seed::decide(&registry.gate, "foo.example", "cancel").await.unwrap();
        let again = DomainCreate {
            allocation: Some(Secret::new("BACK1-open-sesame")),
            terms_accepted: Some(registry.gate.clock().now()),
            ..create("foo.example")
        };
        assert_eq!(alpha.ask(Command::DomainCreate(again)).await.code, 1001);
    }

    async fn wrong_tokens_are_counted_and_stand_nowhere(db: Db) {
        let registry = Registry::new(&db, "auth.max_wrong_per_day = 3").await;
        allocate(&registry.gate, "foo.example", "GUESS-open-sesame", true).await.unwrap();
        let mut alpha = registry.client("alpha");
        for _ in 0..3 {
            let wrong = with_token("foo.example", "GUESS-open-barley");
            assert_eq!(alpha.refused(wrong).await, Reason::AllocationTokenWrong);
        }
        let right = || with_token("foo.example", "GUESS-open-sesame");
        assert_eq!(alpha.refused(right()).await, Reason::TooManyWrongCodes);
        registry.client("beta").does(right()).await;
        let rows: Vec<AuditRow> = db.read(|tx| Box::pin(tx.audit_of_object("foo.example", 1000))).await.unwrap();
        assert!(!rows.is_empty());
        let told = format!("{rows:?}");
        assert!(!told.contains("open-sesame") && !told.contains("open-barley"), "{told}");
        assert!(!format!("{:?}", right()).contains("open-sesame"));
    }
}
