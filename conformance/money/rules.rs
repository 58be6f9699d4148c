//! Prices, refunds, credit, levels and unlocks.

use domesday::clock::Ts;
use domesday::epp::command::{Command, DomainTransfer};
use domesday::flow::money;
use domesday::gate::Ended;
use domesday::policy::{BillOp, Currency, Decimal};
use domesday::refusal::Reason;
use domesday::store::ledger::{EntryKind, PriceRow};

use super::{RULES, agree, at, balance, create, deposit, entries, renew, texts, transfer};
use crate::pg::on_both;
use crate::seed;
use crate::typed::{Registry, registrar};

async fn price(registry: &Registry, zone: &str, years: i64, from: Ts, amount: Option<&str>) {
    price_of(registry, "", zone, years, from, amount).await;
}

async fn price_of(registry: &Registry, class: &str, zone: &str, years: i64, from: Ts, amount: Option<&str>) {
    let currency = Currency::try_from("EUR".to_owned()).unwrap();
    let amount = amount.map(|amount| Decimal::parse(amount).unwrap().minor(&currency).unwrap());
    let row = PriceRow {
        op: BillOp::Create,
        currency,
        class: class.to_owned(),
        zone: zone.to_owned(),
        years,
        from,
        amount,
    };
    let set = registry.gate.db().write(move |tx| {
        let row = row.clone();
        Box::pin(async move { tx.price_set(&row, Ts(1)).await })
    });
    set.await.unwrap();
}

async fn refund(registry: &Registry, of: &str, object: &'static str, since: Ts) -> i64 {
    let of = registrar(of);
    let work = registry.gate.run_registry("job", "test:refund", object.to_owned(), move |cx| {
        let of = of.clone();
        Box::pin(async move { Ok(Ended::Keep(money::refund(cx, &of, BillOp::Create, object, since).await?)) })
    });
    work.await.unwrap()
}

on_both! {
    async fn the_operators_price_stands_above_the_profiles(db: Db) {
        let registry = Registry::with_accounts(&db, "", RULES).await;
        registry.add_zone("other", "").await;
        deposit(&registry, "alpha", 100_000).await;
        let (mut alpha, now) = (registry.client("alpha"), registry.gate.clock().now());
        let mut spent = Vec::new();
        let mut n = 0;
        macro_rules! costs {
            ($zone:literal) => {{
                n += 1;
                let before = balance(&registry, "alpha").await.amount;
                alpha.does(create(&format!("price-{n}.{}", $zone))).await;
                spent.push(before - balance(&registry, "alpha").await.amount);
            }};
        }
        costs!("example");
        price(&registry, "", 0, now, Some("5.00")).await;
        costs!("example");
        price(&registry, "example", 0, now, Some("7.00")).await;
        costs!("example");
        costs!("other");
        // A price of the period goes before one of each year, but not before the zone's.
        price(&registry, "", 1, now, Some("1.00")).await;
        costs!("example");
        costs!("other");
        price(&registry, "example", 1, now, Some("6.50")).await;
        costs!("example");
        // One that begins tomorrow holds tomorrow; one that ends gives way to what stands behind it.
        price(&registry, "example", 1, now.plus_days(1), None).await;
        costs!("example");
        registry.pass_days(1);
        costs!("example");
        assert_eq!(spent, [400, 500, 700, 500, 700, 100, 650, 650, 700]);
        agree(&db).await;
    }

    async fn a_charge_is_given_back_once(db: Db) {
        let registry = Registry::with_accounts(&db, "", RULES).await;
        deposit(&registry, "alpha", 1_000).await;
        let before = registry.gate.clock().now();
        registry.client("alpha").does(create("back.example")).await;
        let later = registry.gate.clock().now().plus_seconds(1);
        assert_eq!(refund(&registry, "alpha", "back.example", later).await, 0);
        assert_eq!(refund(&registry, "alpha", "back.example", before).await, 400);
        assert_eq!(refund(&registry, "alpha", "back.example", before).await, 0);
        let entries = entries(&registry, "alpha").await;
        let last = entries.last().unwrap();
        assert_eq!((last.kind, last.amount, last.balance, last.refunds), (EntryKind::Refund, 400, 1_000, Some(entries[1].id)));
        assert_eq!((last.op, last.years), (Some(BillOp::Create), 1));
        agree(&db).await;
    }

    async fn where_money_is_off_or_costs_nothing_nothing_is_written(db: Db) {
        for (rules, of) in [("", "alpha"), ("[account.bill]\nmode = \"postpaid\"\n", "beta")] {
            let registry = match of {
                "alpha" => Registry::with_accounts(&db, "", rules).await,
                _ => Registry::process(&db, 2, domesday::clock::Clock::system(), rules),
            };
            let mut client = registry.client(of);
            client.does(create(&format!("{of}.example"))).await;
            assert_eq!(renew(&registry, &mut client, &format!("{of}.example")).await, 1000);
        }
        let found = db.read(|tx| Box::pin(async { tx.balances(None).await })).await.unwrap();
        assert!(found.is_empty(), "{found:?}");
    }

    async fn what_was_reserved_is_free_again_where_nothing_is_charged_any_more(db: Db) {
        let registry = Registry::with_accounts(&db, "", RULES).await;
        let free = Registry::process(&db, 2, registry.gate.clock().clone(), "[account.bill]\nmode = \"off\"\n");
        deposit(&registry, "alpha", 800).await;
        deposit(&registry, "beta", 1_200).await;
        let mut alpha = registry.client("alpha");
        for domain in ["one.example", "two.example"] {
            alpha.does(create(domain)).await;
            registry.client("beta").does(Command::DomainTransferRequest(transfer(domain))).await;
        }
        assert_eq!(balance(&registry, "beta").await.reserved, 1_200);
        let answer = |domain| DomainTransfer { auth: None, ..transfer(domain) };
        free.client("alpha").does(Command::DomainTransferReject(answer("one.example"))).await;
        assert_eq!(balance(&registry, "beta").await.reserved, 600);
        free.client("alpha").does(Command::DomainTransferApprove(answer("two.example"))).await;
        let row = balance(&registry, "beta").await;
        assert_eq!((row.reserved, row.amount), (0, 1_200));
        agree(&db).await;
    }

    async fn postpaid_charges_without_a_gate(db: Db) {
        let rules = "[account.bill]\nmode = \"postpaid\"\nprices = { create = \"9.00\", transfer = \"2.50\" }\n";
        let registry = Registry::with_accounts(&db, "transfer.mode = \"immediate\"", rules).await;
        let mut alpha = registry.client("alpha");
        alpha.does(create("later.example")).await;
        registry.client("beta").does(Command::DomainTransferRequest(transfer("later.example"))).await;
        assert_eq!(balance(&registry, "alpha").await.amount, -900);
        // Who takes over pays.
        assert_eq!(balance(&registry, "beta").await.amount, -250);
        assert!(texts(&mut alpha).await.iter().all(|text| !text.contains("overdrawn")));
        agree(&db).await;
    }

    async fn a_premium_name_has_the_prices_of_its_class(db: Db) {
        let rules = format!("{RULES}\n[account.bill.classes.gold]\ncreate = \"50.00\"\n");
        let registry = Registry::with_accounts(&db, "fee.required = \"never\"", &rules).await;
        deposit(&registry, "alpha", 100_000).await;
        let (mut alpha, now) = (registry.client("alpha"), registry.gate.clock().now());
        for (premium, class) in [("one.example", "gold"), ("two.example", "gold"), ("three.example", "gold")] {
            seed::operate(&db, "listed", premium, &format!("premium:{class}"), true).await.unwrap();
        }
        let mut left = 100_000;
        alpha.does(create("one.example")).await;
        left -= 5_000;
        assert_eq!(balance(&registry, "alpha").await.amount, left, "the profile's price of the class");
        // What the class has no price of costs what it costs for every name.
        assert_eq!(renew(&registry, &mut alpha, "one.example").await, 1000);
        left -= 400;
        assert_eq!(balance(&registry, "alpha").await.amount, left);
        // The operator's price of every name stands behind the profile's of the class.
        price(&registry, "example", 0, now, Some("7.00")).await;
        alpha.does(create("two.example")).await;
        left -= 5_000;
        assert_eq!(balance(&registry, "alpha").await.amount, left);
        price_of(&registry, "gold", "", 0, now, Some("60.00")).await;
        alpha.does(create("three.example")).await;
        left -= 6_000;
        assert_eq!(balance(&registry, "alpha").await.amount, left);
        alpha.does(create("standard.example")).await;
        assert_eq!(balance(&registry, "alpha").await.amount, left - 700);
        agree(&db).await;
    }

    async fn a_level_is_told_each_time_it_is_passed(db: Db) {
        let rules = format!("{RULES}\n[account.bill.charge_when]\n").replace(
            "gated_ops",
            "watermarks = [\"10.00\", \"2.00\"]\ngated_ops",
        );
        let registry = Registry::with_accounts(&db, "", &rules).await;
        let mut alpha = registry.client("alpha");
        deposit(&registry, "alpha", 1_200).await;
        alpha.does(create("level.example")).await;
        assert_eq!(texts(&mut alpha).await, ["Watermark reached, level=10.00: the balance is 8.00 EUR"]);
        assert_eq!(renew(&registry, &mut alpha, "level.example").await, 1000);
        assert!(texts(&mut alpha).await.is_empty(), "4.00 is above the next");
        deposit(&registry, "alpha", 600).await;
        assert_eq!(renew(&registry, &mut alpha, "level.example").await, 1000);
        assert_eq!(texts(&mut alpha).await.len(), 1, "the level was passed again");
        assert_eq!(renew(&registry, &mut alpha, "level.example").await, 1000);
        assert!(texts(&mut alpha).await.is_empty());
        assert_eq!(renew(&registry, &mut alpha, "level.example").await, 1000);
        let told = texts(&mut alpha).await;
        assert!(told[0].starts_with("Watermark reached, level=2.00") && told[1].contains("overdrawn"), "{told:?}");
        assert_eq!(balance(&registry, "alpha").await.amount, -200);
        assert_eq!(renew(&registry, &mut alpha, "level.example").await, 1000);
        assert!(texts(&mut alpha).await.is_empty(), "it was below zero already");
    }

    async fn a_registrar_unlocks_itself_as_often_as_its_month_allows(db: Db) {
        let rules = RULES.replace(
            "gated_ops",
            "gate_rule = \"balance_nonneg\"\nself_unlock = { per_month = 1, for_days = 3 }\nzone = \"Europe/Brussels\"\ngated_ops",
        );
        let registry = Registry::with_accounts(&db, "", &rules).await;
        at(&registry, "2031-01-10T12:00:00Z").await;
        let mut alpha = registry.client("alpha");
        assert_eq!(alpha.refused(Command::MoneyUnlock).await, Reason::FundsNotShort);
        alpha.does(create("one.example")).await;
        assert_eq!(alpha.refused(create("two.example")).await, Reason::FundsShort);
        alpha.does(Command::MoneyUnlock).await;
        alpha.does(create("two.example")).await;
        assert_eq!(alpha.refused(Command::MoneyUnlock).await, Reason::FundsNotShort);
        at(&registry, "2031-01-13T12:00:10Z").await;
        assert_eq!(alpha.refused(create("three.example")).await, Reason::FundsShort);
        assert_eq!(alpha.refused(Command::MoneyUnlock).await, Reason::SelfUnlocksUsed);
        // The month ends at midnight in the zone of the rules, which is an hour before.
        at(&registry, "2031-01-31T22:59:50Z").await;
        assert_eq!(alpha.refused(Command::MoneyUnlock).await, Reason::SelfUnlocksUsed);
        at(&registry, "2031-01-31T23:00:00Z").await;
        alpha.does(Command::MoneyUnlock).await;
        alpha.does(create("three.example")).await;
        assert_eq!(balance(&registry, "alpha").await.amount, -1_200);
        agree(&db).await;
    }
}
