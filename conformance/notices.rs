//! Every kind of notice comes from its real cause: the table says which piece of work here makes it.

mod causes;

use std::future::Future;
use std::pin::Pin;

use causes::*;
use domesday::clock::Ts;
use domesday::epp::command::Command;
use domesday::epp::notice::{Kind, samples};
use domesday::flow::domain::by_registry::Order;
use domesday::flow::pending::Decision;
use domesday::policy::Risk;
use domesday::store::Db;
use domesday::store::mark::Mark;

use crate::cli::run::run;
use crate::pg::Place;
use crate::typed::{REGISTRARS, Registry, registrar};

/// Makes notices in an empty database.
type Cause = fn(Db) -> Pin<Box<dyn Future<Output = ()>>>;

/// Each kind, by its tag, with what causes it. One cause can serve several.
const CAUSES: &[(&str, Cause)] = &[
    ("hitpoints_warning", |db| Box::pin(faults(db))),
    ("hitpoints_reached", |db| Box::pin(faults(db))),
    ("unblocked", |db| Box::pin(unblock(db))),
    ("watermark", |db| Box::pin(spent(db))),
    ("expected_shortfall", |db| Box::pin(short_at_month_end(db))),
    ("overdrawn", |db| Box::pin(spent(db))),
    ("protected_reached", |db| Box::pin(protected(db))),
    ("queue_neglected", |db| Box::pin(neglected(db))),
    ("domain_created", |db| Box::pin(registered_later(db, &[Decision::Accept, Decision::Complete(None)]))),
    ("domain_created_inactive", |db| Box::pin(registered_later(db, INACTIVE))),
    ("create_terms_expired", |db| Box::pin(registered_later(db, &[Decision::TimeOut]))),
    ("create_model_differs", |db| Box::pin(moved_registrant(db))),
    ("offer_taken", |db| Box::pin(offered(db, true))),
    ("offer_lapsed", |db| Box::pin(offered(db, false))),
    ("create_cancelled", |db| Box::pin(registered_later(db, &[Decision::Cancel]))),
    ("domain_activated", |db| {
        Box::pin(registered_later(db, &[Decision::Complete(Some(Risk::Blue)), Decision::Accept]))
    }),
    ("identity_proven", |db| {
        Box::pin(registered_later(db, &[Decision::Complete(Some(Risk::Yellow)), Decision::Accept]))
    }),
    ("verification_required", |db| Box::pin(controlled(db))),
    ("verification_cancelled", |db| {
        Box::pin(registered_later(db, &[Decision::Complete(Some(Risk::Yellow)), Decision::Cancel]))
    }),
    ("domain_updated", |db| Box::pin(brought_back(db))),
    ("identity_not_proven", |db| {
        Box::pin(registered_later(db, &[Decision::Complete(Some(Risk::Blue)), Decision::TimeOut]))
    }),
    ("maintenance_announced", |db| Box::pin(worked_on(db))),
    ("maintenance_changed", |db| Box::pin(worked_on(db))),
    ("maintenance_cancelled", |db| Box::pin(worked_on(db))),
    ("maintenance_ahead", |db| Box::pin(worked_on(db))),
    ("maintenance_ended", |db| Box::pin(worked_on(db))),
    ("changed", |db| Box::pin(changed(db))),
    ("dnssec_changed", |db| Box::pin(hosts_deleted(db))),
    ("registrant_terms_requested", |db| Box::pin(new_holder(db, &[]))),
    ("registrant_identity_requested", |db| Box::pin(new_holder(db, &[Decision::Accept]))),
    ("registrant_terms_expired", |db| Box::pin(new_holder(db, &[Decision::TimeOut]))),
    ("registrant_identity_expired", |db| Box::pin(new_holder(db, &[Decision::Accept, Decision::TimeOut]))),
    ("registrant_identity_rejected", |db| Box::pin(new_holder(db, &[Decision::Accept, Decision::Reject]))),
    ("registrant_changed", |db| Box::pin(new_holder(db, &[Decision::Accept, Decision::Accept]))),
    ("registrant_not_changed", |db| Box::pin(new_holder(db, &[Decision::Cancel]))),
    ("transferred_in", |db| Box::pin(taken(db))),
    ("transferred_away", |db| Box::pin(taken(db))),
    ("transfer_requested", |db| Box::pin(transfer_ends(db, Command::DomainTransferCancel, "beta"))),
    ("transfer_approved", |db| Box::pin(transfer_ends(db, Command::DomainTransferApprove, "alpha"))),
    ("transfer_auto_approved", |db| Box::pin(timed_out(db))),
    ("transfer_rejected", |db| Box::pin(transfer_ends(db, Command::DomainTransferReject, "alpha"))),
    ("transfer_cancelled", |db| Box::pin(transfer_ends(db, Command::DomainTransferCancel, "beta"))),
    ("deletion_scheduled", |db| Box::pin(scheduled(db))),
    ("domain_ended", |db| Box::pin(ended(db))),
    ("domain_withdrawn", |db| Box::pin(withdrawn(db))),
    ("restore_report_missed", |db| Box::pin(restored(db))),
    ("name_servers_changed", |db| Box::pin(redelegated(db))),
    ("transfer_undone", |db| Box::pin(undone(db))),
    ("contact_removed", |db| Box::pin(contact_removed(db))),
    ("code_bounced", |db| Box::pin(code_bounced(db))),
    ("token_issued", |db| Box::pin(token(db, false))),
    ("token_retracted", |db| Box::pin(token(db, true))),
    ("token_expired", |db| Box::pin(token(db, false))),
    ("domain_deleted", |db| Box::pin(deleted(db))),
    ("domain_held", |db| Box::pin(scheduled(db))),
    ("domain_purged", |db| Box::pin(scheduled(db))),
    ("deletion_stopped", |db| Box::pin(restored(db))),
    ("domain_renewed", |db| Box::pin(scheduled(db))),
    ("held", |db| Box::pin(marked(db, vec![Order::Set(Mark::Hold, "court".to_owned(), None)]))),
    ("hold_lifted", |db| {
        Box::pin(marked(db, vec![Order::Set(Mark::Hold, "court".to_owned(), None), Order::Clear(Mark::Hold)]))
    }),
    ("violation", |db| {
        Box::pin(marked(db, vec![Order::Set(Mark::Violation, "data".to_owned(), Some(Ts(Ts::DAY)))]))
    }),
    ("ns_revoked", |db| Box::pin(marked(db, vec![set(Mark::RevokedNs)]))),
    ("ns_restored", |db| Box::pin(marked(db, vec![set(Mark::RevokedNs), Order::Clear(Mark::RevokedNs)]))),
    ("locked", |db| Box::pin(marked(db, vec![set(Mark::Lock)]))),
    ("unlocked", |db| Box::pin(marked(db, vec![set(Mark::Lock), Order::Clear(Mark::Lock)]))),
    ("lock_paused", |db| Box::pin(marked(db, vec![set(Mark::Lock), Order::PauseLock(Ts(Ts::DAY))]))),
    ("lock_resumed", |db| Box::pin(marked(db, vec![set(Mark::Lock), Order::PauseLock(Ts(Ts::DAY))]))),
    ("out_of_service", |db| {
        Box::pin(marked(db, vec![Order::Set(Mark::OutOfService, String::new(), Some(Ts(Ts::DAY)))]))
    }),
    ("application_changed", |db| Box::pin(applied(db))),
    ("application_allocated", |db| Box::pin(applied(db))),
    ("application_rejected", |db| Box::pin(applied(db))),
    ("host_created", |db| Box::pin(host_waits(db, &[Decision::Accept]))),
    ("host_not_created", |db| Box::pin(host_waits(db, &[Decision::TimeOut]))),
    ("host_admin_requested", |db| Box::pin(host_waits(db, &[]))),
    ("host_admin_changed", |db| Box::pin(host_administered(db, Decision::Accept))),
    ("host_admin_not_changed", |db| Box::pin(host_administered(db, Decision::Reject))),
    ("host_admin_replaced", |db| Box::pin(host_administered(db, Decision::Accept))),
    ("host_removed", |db| Box::pin(host_administered(db, Decision::Accept))),
    ("hosts_deleted", |db| Box::pin(hosts_deleted(db))),
    ("hosts_marked", |db| Box::pin(ended(db))),
];

/// Kinds whose cause is a command of the operator.
const COMMANDS: &[(&str, &str)] = &[
    ("access_list_changed", "allow add alpha 192.0.2.1"),
    ("epp_password_changed", "user set-password alpha --generate"),
    ("poll_switched", "registrar set alpha --poll off"),
    ("maintenance", "notice send --kind maintenance --text en=letter.txt --all"),
    ("newsletter", "notice send --kind newsletter --text en=letter.txt --registrar alpha"),
    ("legal", "notice send --kind legal --text en=letter.txt --registrar alpha"),
    ("report", "notice send --kind report --text en=letter.txt --registrar alpha"),
    ("abuse", "notice send --kind abuse --text en=letter.txt --registrar alpha"),
    ("wrong_data", "notice send --kind wrong-data --text en=letter.txt --registrar alpha"),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_kind_comes_from_its_cause() {
    let samples = samples();
    for kind in Kind::ALL {
        if COMMANDS.iter().any(|(tag, _)| *tag == kind.tag) {
            continue;
        }
        let cause = CAUSES.iter().find(|(tag, _)| *tag == kind.tag);
        let (_, cause) = cause.unwrap_or_else(|| panic!("nothing here causes {}", kind.tag));
        let place = Place::sqlite();
        let db = place.migrated().await;
        cause(db.clone()).await;
        if !kind.is_polled() {
            assert!(mailed(&db, kind.tag).await > 0, "its cause does not make {}", kind.tag);
            continue;
        }
        let told = queued(&db, kind.tag).await;
        assert!(!told.is_empty(), "its cause does not make {}", kind.tag);
        let keys: Vec<Vec<&str>> = samples
            .iter()
            .filter(|sample| sample.kind() == *kind)
            .map(|sample| sample.fields().into_iter().map(|(key, _)| key).collect())
            .collect();
        for fields in told {
            let said: Vec<&str> = fields.iter().map(|(key, _)| key.as_str()).collect();
            assert!(keys.contains(&said), "{} says {said:?}, its samples {keys:?}", kind.tag);
        }
    }
    for tag in CAUSES.iter().map(|(tag, _)| tag).chain(COMMANDS.iter().map(|(tag, _)| tag)) {
        assert!(Kind::parse(tag).is_some(), "there is no kind {tag}");
    }
}

/// What the operator's commands cause is mail.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_operators_kinds_come_from_commands() {
    let dir = tempfile::tempdir().unwrap();
    let text = "Work on Sunday\n\nCommands are not answered.\n";
    std::fs::write(dir.path().join("letter.txt"), text).unwrap();
    let url = format!("sqlite:{}", dir.path().join("registry.db").display());
    let db = Db::open(&url).await.unwrap();
    db.migrate().await.unwrap();
    let registry = Registry::new(&db, "").await;
    registry.set_mail("alpha", "office@alpha.example").await;
    let settings =
        "registrar mail alpha --category newsletter=n@alpha.example --category abuse=a@alpha.example";
    for (tag, line) in std::iter::once(&("", settings)).chain(COMMANDS) {
        let words: Vec<&str> = line.split(' ').collect();
        let at = ["--database", "sqlite:registry.db", "--server-profile", "demo"];
        let ended = run(dir.path(), &[&words[..], &at[..]].concat());
        assert_eq!(ended.code, 0, "{ended:?}");
        assert!(tag.is_empty() || mailed(&db, tag).await == 1, "{line} does not make {tag}");
    }
}

/// How many mails of that kind were written.
async fn mailed(db: &Db, tag: &'static str) -> usize {
    let read = db.read(move |tx| {
        Box::pin(async move {
            let mut found = 0;
            for id in REGISTRARS {
                found += tx.mails_of(&registrar(id), 1000).await?.iter().filter(|m| m.kind == tag).count();
            }
            Ok(found)
        })
    });
    read.await.unwrap()
}

/// What the registrars' messages of that kind say.
async fn queued(db: &Db, tag: &'static str) -> Vec<Vec<(String, String)>> {
    let read = db.read(move |tx| {
        Box::pin(async move {
            let mut found = Vec::new();
            for id in REGISTRARS {
                let waiting = tx.poll_list(&registrar(id), 1000).await?;
                found.extend(waiting.into_iter().filter(|m| m.kind == tag).map(|m| m.fields));
            }
            Ok(found)
        })
    });
    read.await.unwrap()
}
