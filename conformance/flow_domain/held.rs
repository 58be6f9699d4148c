//! Between deletion and purge, and the money of it.

use super::*;
use crate::pg::on_both;
use crate::typed::{Registry, registrar};
use domesday::clock::Ts;
use domesday::epp::command::DomainReactivate;
use domesday::epp::reply::{MessageData, TransferStatus};
use domesday::epp::types::{ReportText, Restore, RestoreReport, RgpStatus};
use domesday::job::pass;
use domesday::policy::{BillOp, Currency};
use domesday::store::Db;
use domesday::store::ledger::EntryKind;

use super::ageing::{auto_renew, ts, until};

/// Prices of everything a domain's life can cost.
const PRICES: &str = "[account.bill]\nmode = \"postpaid\"\n[account.bill.prices]\ncreate = \"1.00\"\n\
    renew = \"2.00\"\nauto_renew = \"4.00\"\ntransfer = \"8.00\"\nrestore = \"16.00\"\nreactivate = \"32.00\"";

fn restore(domain: &str, restore: Restore) -> Command {
    Command::DomainUpdate(DomainUpdate {
        chg: true,
        restore: Some(restore),
        ..DomainUpdate::of(name(domain))
    })
}

fn report(deleted_at: Ts) -> Restore {
    let text = |text: &str| ReportText { lang: "en".to_owned(), text: text.to_owned() };
    Restore::Report(Box::new(RestoreReport {
        pre_data: String::new(),
        post_data: String::new(),
        deleted_at,
        restored_at: deleted_at,
        reason: text("a slip"),
        statements: vec![text("true")],
        other: None,
    }))
}

/// What an account was charged and given back, in cents, oldest first.
async fn ledger(db: &Db, account: &'static str) -> Vec<(EntryKind, Option<BillOp>, i64)> {
    let entries = db
        .read(move |tx| {
            Box::pin(async move {
                let euro = Currency::try_from("EUR".to_owned()).unwrap();
                tx.ledger_after(&registrar(account), &euro, 0, 100).await
            })
        })
        .await
        .unwrap();
    entries.into_iter().map(|e| (e.kind, e.op, e.amount)).collect()
}

/// What is reserved for what an account asked for, in cents.
async fn reserved(db: &Db, account: &'static str) -> i64 {
    let balance = db.read(move |tx| {
        Box::pin(async move {
            let euro = Currency::try_from("EUR".to_owned()).unwrap();
            tx.balance(&registrar(account), &euro).await
        })
    });
    balance.await.unwrap().reserved
}

fn reactivate(domain: &str) -> Command {
    Command::DomainReactivate(DomainReactivate { name: name(domain) })
}

use EntryKind::{Charge, Refund};

on_both! {
    async fn what_is_new_gives_everything_back(db: Db) {
        let registry = Registry::with_accounts(&db, "", PRICES).await;
        let mut alpha = registry.client("alpha");
        alpha.register("new.example").await;
        let day = alpha.info("new.example").await.expires.unwrap().date();
        alpha.does(renew("new.example", day, None)).await;
        assert_eq!(alpha.info("new.example").await.rgp, [RgpStatus::AddPeriod, RgpStatus::RenewPeriod]);
        registry.pass_days(4);
        assert_eq!(alpha.does(delete("new.example")).await, Reply::Done);
        let mut moved = ledger(&db, "alpha").await;
        let back = moved.split_off(2);
        assert_eq!(moved, [(Charge, Some(BillOp::Create), -100), (Charge, Some(BillOp::Renew), -200)]);
        assert_eq!(back.len(), 2);
        assert!(back.contains(&(Refund, Some(BillOp::Create), 100)), "{back:?}");
        assert!(back.contains(&(Refund, Some(BillOp::Renew), 200)), "{back:?}");
    }

    async fn a_renewal_nobody_wanted_is_given_back_with_its_year(db: Db) {
        let registry = Registry::with_accounts(&db, "", PRICES).await;
        let mut alpha = registry.client("alpha");
        alpha.register("unwanted.example").await;
        alpha.register("late.example").await;
        let ends = alpha.info("unwanted.example").await.expires.unwrap();
        registry.pass_days(366);
        assert_eq!(pass(&registry.gate).await.unwrap(), 2);
        assert_eq!(alpha.info("unwanted.example").await.rgp, [RgpStatus::AutoRenewPeriod]);
        registry.pass_days(40);
        alpha.does(delete("unwanted.example")).await;
        let seen = alpha.info("unwanted.example").await;
        assert_eq!((seen.expires, seen.rgp), (Some(ends), vec![RgpStatus::RedemptionPeriod]));
        registry.pass_days(5);
        assert_eq!(alpha.info("late.example").await.rgp, []);
        alpha.does(delete("late.example")).await;
        let moved = ledger(&db, "alpha").await;
        let renewed = (Charge, Some(BillOp::AutoRenew), -400);
        assert_eq!(moved[2..], [renewed, renewed, (Refund, Some(BillOp::AutoRenew), 400)]);
    }

    async fn a_transfer_begins_anew(db: Db) {
        let registry = Registry::with_accounts(&db, "", PRICES).await;
        let (mut alpha, mut beta) = (registry.client("alpha"), registry.client("beta"));
        alpha.register("moved.example").await;
        let ends = alpha.info("moved.example").await.expires.unwrap();
        beta.does(Command::DomainTransferRequest(transfer("moved.example", Some(PW)))).await;
        alpha.does(Command::DomainTransferApprove(transfer("moved.example", None))).await;
        let seen = beta.info("moved.example").await;
        assert_eq!((seen.expires, seen.rgp), (ends.plus_months(12), vec![RgpStatus::TransferPeriod]));
        // Not new for its second sponsor: it goes on hold, and the transfer and its year are given back.
        assert_eq!(beta.does(delete("moved.example")).await, Reply::Pending);
        assert_eq!(beta.info("moved.example").await.expires, Some(ends));
        let transfer = Some(BillOp::Transfer);
        assert_eq!(ledger(&db, "beta").await, [(Charge, transfer, -800), (Refund, transfer, 800)]);
        assert_eq!(ledger(&db, "alpha").await, [(Charge, Some(BillOp::Create), -100)]);
    }

    async fn what_was_charged_when_it_was_asked_for_is_given_back(db: Db) {
        let accounts = format!("{PRICES}\n[account.bill.charge_when]\ncreate = \"request\"\ntransfer = \"request\"");
        let registry = Registry::with_accounts(&db, "create.mode = \"async\"", &accounts).await;
        let (mut alpha, mut beta) = (registry.client("alpha"), registry.client("beta"));
        for domain in ["early.example", "moved.example"] {
            alpha.register(domain).await;
        }
        registry.pass_days(1);
        assert_eq!(pass(&registry.gate).await.unwrap(), 2);
        assert_eq!(alpha.does(delete("early.example")).await, Reply::Done);
        let create = Some(BillOp::Create);
        assert_eq!(ledger(&db, "alpha").await, [(Charge, create, -100), (Charge, create, -100), (Refund, create, 100)]);
        beta.does(Command::DomainTransferRequest(transfer("moved.example", Some(PW)))).await;
        let cost = Some(BillOp::Transfer);
        assert_eq!(ledger(&db, "beta").await, [(Charge, cost, -800)]);
        registry.pass_days(1);
        alpha.does(Command::DomainTransferApprove(transfer("moved.example", None))).await;
        assert_eq!(beta.does(delete("moved.example")).await, Reply::Pending);
        assert_eq!(ledger(&db, "beta").await, [(Charge, cost, -800), (Refund, cost, 800)]);
    }

    async fn what_a_takeover_from_hold_cost_is_given_back(db: Db) {
        let rules = "transfer.mode = \"immediate\"\ntransfer.from_hold = true\ngrace.add_days = 0";
        let prices = format!("{PRICES}\nquarantine_transfer = \"64.00\"");
        let registry = Registry::with_accounts(&db, rules, &prices).await;
        let (mut alpha, mut beta) = (registry.client("alpha"), registry.client("beta"));
        alpha.register("held.example").await;
        alpha.does(delete("held.example")).await;
        beta.does(Command::DomainTransferRequest(transfer("held.example", Some(PW)))).await;
        assert_eq!(beta.does(delete("held.example")).await, Reply::Pending);
        let cost = Some(BillOp::QuarantineTransfer);
        assert_eq!(ledger(&db, "beta").await, [(Charge, cost, -6400), (Refund, cost, 6400)]);
    }

    async fn a_renewal_while_a_transfer_waits_is_given_back(db: Db) {
        let registry = Registry::with_accounts(&db, "", PRICES).await;
        let (mut alpha, mut beta) = (registry.client("alpha"), registry.client("beta"));
        alpha.register("between.example").await;
        let ends = alpha.info("between.example").await.expires.unwrap();
        registry.pass_days(363);
        beta.does(Command::DomainTransferRequest(transfer("between.example", Some(PW)))).await;
        // The registration ends on the second day, the transfer is approved by itself after the fifth.
        registry.pass_days(10);
        assert_eq!(pass(&registry.gate).await.unwrap(), 2);
        assert_eq!(beta.info("between.example").await.expires, ends.plus_months(12));
        let renewed = Some(BillOp::AutoRenew);
        assert_eq!(ledger(&db, "alpha").await[1..], [(Charge, renewed, -400), (Refund, renewed, 400)]);
        assert_eq!(ledger(&db, "beta").await, [(Charge, Some(BillOp::Transfer), -800)]);
    }

    async fn a_restore_costs_a_fee_and_a_year(db: Db) {
        let registry = Registry::with_accounts(&db, "", PRICES).await;
        let mut alpha = registry.client("alpha");
        alpha.register("back.example").await;
        let ends = alpha.info("back.example").await.expires.unwrap();
        registry.pass_days(10);
        assert_eq!(alpha.refused(restore("back.example", Restore::Request)).await, Reason::NotOnHold);
        alpha.does(delete("back.example")).await;
        let deleted = registry.gate.clock().now();
        registry.pass_days(20);
        let asked = alpha.does(restore("back.example", Restore::Request)).await;
        let rgp = vec![RgpStatus::PendingRestore];
        assert_eq!(asked, Reply::DomainRestored { name: name("back.example"), rgp });
        assert_eq!(ledger(&db, "alpha").await[1..], [(Charge, Some(BillOp::Restore), -1600)]);
        let restored = alpha.does(restore("back.example", report(deleted))).await;
        assert_eq!(restored, Reply::DomainRestored { name: name("back.example"), rgp: Vec::new() });
        let seen = alpha.info("back.example").await;
        assert_eq!(seen.expires, ends.plus_months(12));
        assert!(!seen.statuses.has(DomainStatus::PendingDelete));
        assert_eq!(ledger(&db, "alpha").await[2..], [(Charge, Some(BillOp::Renew), -200)]);
    }

    async fn a_restore_without_its_report_keeps_the_days_that_were_left(db: Db) {
        let registry = Registry::new(&db, "restore.report_days = 7").await;
        let mut alpha = registry.client("alpha");
        alpha.register("forgotten.example").await;
        registry.pass_days(10);
        alpha.does(delete("forgotten.example")).await;
        registry.pass_days(20);
        alpha.does(restore("forgotten.example", Restore::Request)).await;
        registry.pass_days(8);
        assert_eq!(pass(&registry.gate).await.unwrap(), 1);
        let refused = restore("forgotten.example", report(ts("2026-01-01T00:00:00Z")));
        assert_eq!(alpha.refused(refused).await, Reason::RestoreNotRequested);
        // Ten of thirty days were left at the request, and seven of it passed.
        registry.pass_days(8);
        assert_eq!(alpha.info("forgotten.example").await.rgp, [RgpStatus::RedemptionPeriod]);
        registry.pass_days(1);
        assert_eq!(alpha.info("forgotten.example").await.rgp, [RgpStatus::PendingDelete]);
        assert_eq!(pass(&registry.gate).await.unwrap(), 0);
        registry.pass_days(5);
        assert_eq!(pass(&registry.gate).await.unwrap(), 1);
    }

    async fn a_report_may_have_to_name_the_moment_of_deletion(db: Db) {
        let rules = "restore.mode = \"rgp_report\"\nrestore.deltime_check = true\nrestore.charge = []";
        let registry = Registry::new(&db, rules).await;
        let mut alpha = registry.client("alpha");
        alpha.register("timely.example").await;
        registry.pass_days(10);
        alpha.does(delete("timely.example")).await;
        let deleted = alpha.info("timely.example").await.updated.unwrap();
        let ask = |at| restore("timely.example", report(at));
        assert_eq!(alpha.refused(restore("timely.example", Restore::Request)).await, Reason::RestoreRequestNotTaken);
        assert_eq!(alpha.refused(ask(deleted.plus_seconds(1))).await, Reason::RestoreReportTime);
        alpha.does(ask(Ts(deleted.0 - deleted.0 % Ts::SECOND))).await;
    }

    async fn a_reactivated_domain_whose_month_ended_meanwhile_is_renewed(db: Db) {
        let rules = "restore.mode = \"reactivate\"\nrestore.charge = [\"reactivate\"]\nexpiry.mode = \"month_end\"\n\
                     hold.days = 40\nhold.then = \"release\"\nhold.pending_delete_days = 0\ngrace.autorenew_days = 0";
        let registry = Registry::with_accounts(&db, rules, PRICES).await;
        let (mut alpha, mut beta) = (registry.client("alpha"), registry.client("beta"));
        until(&registry, "2027-03-20T12:00:00Z");
        alpha.register("second.example").await;
        assert_eq!(alpha.refused(reactivate("second.example")).await, Reason::NotOnHold);
        until(&registry, "2028-03-21T12:00:00Z");
        assert_eq!(pass(&registry.gate).await.unwrap(), 0);
        alpha.does(delete("second.example")).await;
        until(&registry, "2028-04-10T12:00:00Z");
        assert_eq!(pass(&registry.gate).await.unwrap(), 0);
        assert_eq!(beta.refused(reactivate("second.example")).await, Reason::NotSponsor);
        assert_eq!(alpha.refused(restore("second.example", Restore::Request)).await, Reason::NotOffered);
        alpha.does(reactivate("second.example")).await;
        assert_eq!(pass(&registry.gate).await.unwrap(), 1);
        assert_eq!(alpha.info("second.example").await.expires.unwrap().date().to_string(), "2029-03-20");
        let moved = ledger(&db, "alpha").await;
        let fee = (Charge, Some(BillOp::Reactivate), -3200);
        assert_eq!(moved[1..], [fee, (Charge, Some(BillOp::AutoRenew), -400)]);
    }

    async fn a_domain_that_ends_stops_its_transfer(db: Db) {
        let registry = Registry::with_accounts(&db, "autorenew.per_domain = true", PRICES).await;
        let (mut alpha, mut beta) = (registry.client("alpha"), registry.client("beta"));
        alpha.register("torn.example").await;
        alpha.does(auto_renew("torn.example", false)).await;
        registry.pass_days(363);
        beta.does(Command::DomainTransferRequest(transfer("torn.example", Some(PW)))).await;
        assert_eq!(reserved(&db, "beta").await, 800);
        registry.pass_days(3);
        assert_eq!(pass(&registry.gate).await.unwrap(), 1);
        assert_eq!(reserved(&db, "beta").await, 0, "what was not done is not paid for");
        let told = beta.message().await.unwrap();
        let Some(MessageData::DomainTransfer(end)) = told.data else { panic!("no trnData") };
        assert_eq!(end.status, TransferStatus::ServerCancelled);
        let seen = alpha.info("torn.example").await.statuses;
        assert_eq!(seen, [DomainStatus::Inactive, DomainStatus::PendingDelete].into_iter().collect());
    }

    async fn a_renewal_has_its_time(db: Db) {
        let rules = "renew.window_months = 2\nrenew.until = \"expiry\"\nexpiry.mode = \"month_end\"\n\
                     renew.too_far_code = 2306\nperiod.max_ahead_months = 14";
        let registry = Registry::new(&db, rules).await;
        let mut alpha = registry.client("alpha");
        until(&registry, "2027-03-20T12:00:00Z");
        alpha.register("timed.example").await;
        let ask = |day: &str| renew("timed.example", day.parse().unwrap(), None);
        until(&registry, "2028-01-20T11:59:00Z");
        assert_eq!(alpha.refused(ask("2028-03-20")).await, Reason::NotRenewableYet);
        until(&registry, "2028-01-20T12:00:10Z");
        assert_eq!(alpha.refused(renew("timed.example", "2028-03-20".parse().unwrap(), years(2))).await, Reason::ExpiryTooFar);
        until(&registry, "2028-03-20T12:00:10Z");
        assert_eq!(alpha.refused(ask("2028-03-20")).await, Reason::NotRenewableAnyMore);
        registry.add_zone("never", "renew.enabled = false").await;
        alpha.register("closed.never").await;
        let day = alpha.info("closed.never").await.expires.unwrap().date();
        assert_eq!(alpha.refused(renew("closed.never", day, None)).await, Reason::NotOffered);
    }
}
