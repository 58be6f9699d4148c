//! Changes that a sponsor did not make himself (RFC 8590): what the registry, the calendar and other registrars do to a
//! domain is told once, with how it was and how it is. On both engines.

use domesday::epp::command::{Command, DomainTransfer, DomainUpdate};
use domesday::epp::reply::{DomainData, Message, MessageData};
use domesday::epp::types::{
    AuthInfo, CaseId, CaseKind, ChangeData, ChangeOperation, DomainStatus, Grounds, Note, Secret,
};
use domesday::flow::domain::by_registry::{Order, order};
use domesday::flow::domain::transfer;
use domesday::gate::Ended;
use domesday::store::Db;
use domesday::store::mark::Mark;

use crate::cli::run::run;
use crate::marks::{ordered, registered};
use crate::pg::on_both;
use crate::typed::{name, registrar};

const FOO: &str = "foo.example";
const ALL: &str = "account.change_poll.told = [\"delete\", \"update\", \"restore\", \"transfer\"]";

/// What a message shows of a domain and says was done to it.
fn seen(message: &Message) -> (&DomainData, &ChangeData) {
    let Some(MessageData::DomainInfo(data)) = &message.data else { panic!("{message:?}") };
    (data, message.change.as_deref().unwrap())
}

fn has(data: &DomainData, status: DomainStatus) -> bool {
    data.statuses.iter().any(|(found, _)| *found == status)
}

fn hold() -> Order {
    Order::Set(Mark::Hold, "court".to_owned(), None)
}

/// A case of a procedure, with words.
fn grounds() -> Grounds {
    let case = CaseId { kind: CaseKind::Urs, id: "urs123".to_owned() };
    Grounds { case: Some(case), reason: Some(Note { lang: "en".to_owned(), text: "URS Lock".to_owned() }) }
}

on_both! {
    async fn what_the_registry_does_is_told_with_the_state_before_and_after(db: Db) {
        let registry = registered(&db, "", ALL).await;
        registry.gate.run_registry("cli", "domain:hold", FOO.to_owned(), |cx| {
            Box::pin(async move {
                cx.on_grounds(grounds());
                order(cx, &name(FOO), &hold()).await?.unwrap();
                Ok(Ended::Keep(()))
            })
        }).await.unwrap();
        let mut alpha = registry.client("alpha");
        let (first, second) = (alpha.message().await.unwrap(), alpha.message().await.unwrap());
        let ((before, was), (after, is)) = (seen(&first), seen(&second));
        assert!(was.before && !is.before);
        assert!(!has(before, DomainStatus::ServerUpdateProhibited) && has(after, DomainStatus::ServerUpdateProhibited));
        assert_eq!((is.operation, is.op.as_deref(), &*is.who), (ChangeOperation::Update, None, "registry"));
        assert_eq!((&is.svtrid, is.at, &is.grounds), (&was.svtrid, was.at, &grounds()));
        // The notice of the hold is the message of the state after: nothing is told twice.
        assert!(second.text.contains("court"), "{}", second.text);
        assert_eq!(alpha.message().await, None);
    }

    async fn each_account_is_told_as_its_profile_says(db: Db) {
        let nothing = registered(&db, "", "").await;
        ordered(&nothing, hold()).await.unwrap();
        let mut alpha = nothing.client("alpha");
        let notice = alpha.message().await.unwrap();
        assert_eq!((notice.data, notice.change), (None, None), "the notice alone");
        assert_eq!(alpha.message().await, None);

        let after = nothing.beside(&db, 2, &format!("{ALL}\naccount.change_poll.before = false"));
        ordered(&after, Order::Clear(Mark::Hold)).await.unwrap();
        let mut alpha = after.client("alpha");
        assert!(!seen(&alpha.message().await.unwrap()).1.before);
        assert_eq!(alpha.message().await, None);

        // A server that does not announce it tells no states either.
        let silent = nothing.beside(&db, 3, &format!("{ALL}\nserver.ext.announce = []"));
        ordered(&silent, hold()).await.unwrap();
        let mut alpha = silent.client("alpha");
        assert_eq!(alpha.message().await.unwrap().change, None);
        assert_eq!(alpha.message().await, None);

        // Nor where the states are switched off as a kind of notice.
        let own = nothing.beside(&db, 4, &format!("{ALL}\naccount.notify.disabled_kinds = [\"changed\"]"));
        ordered(&own, Order::Clear(Mark::Hold)).await.unwrap();
        let mut alpha = own.client("alpha");
        assert_eq!(alpha.message().await.unwrap().change, None);
        assert_eq!(alpha.message().await, None);
    }

    async fn what_the_sponsor_does_himself_is_not_told(db: Db) {
        let registry = registered(&db, "", ALL).await;
        let mut alpha = registry.client("alpha");
        let auth = Some(Some(AuthInfo { pw: Secret::new("another-OPEN1"), roid: None }));
        alpha.does(Command::DomainUpdate(DomainUpdate { auth, ..DomainUpdate::of(name(FOO)) })).await;
        assert_eq!(alpha.message().await, None);
    }

    async fn a_change_that_is_undone_is_not_told(db: Db) {
        let registry = registered(&db, "", ALL).await;
        registry.gate.run_registry("cli", "domain:hold", FOO.to_owned(), |cx| {
            Box::pin(async move {
                order(cx, &name(FOO), &hold()).await?.unwrap();
                Ok(Ended::Undo(()))
            })
        }).await.unwrap();
        assert_eq!(registry.client("alpha").message().await, None);
    }

    /// Who had it sees how it was, who has it how it is; the `trnData` of both stays.
    async fn a_transfer_is_told_as_a_change_where_the_profile_says_so(db: Db) {
        let rules = "transfer.mode = \"immediate\"\ntransfer.lock_days = 0";
        let registry = registered(&db, rules, ALL).await;
        let auth = Some(AuthInfo { pw: Secret::new("2fooBAR-open"), roid: None });
        let request = DomainTransfer { name: name(FOO), period: None, auth, anew: None, allocation: None, fee: None };
        let mut beta = registry.client("beta");
        beta.does(Command::DomainTransferRequest(request)).await;
        let told = async |id: &str| {
            let (mut client, mut changes) = (registry.client(id), Vec::new());
            while let Some(message) = client.message().await {
                if message.change.is_some() {
                    let (data, change) = seen(&message);
                    let op = change.op.clone().unwrap();
                    changes.push((change.before, change.operation, op, data.sponsor.to_string()));
                } else {
                    assert!(matches!(message.data, Some(MessageData::DomainTransfer(_))), "{message:?}");
                }
            }
            changes
        };
        let moved = |before, op: &str, sponsor: &str| {
            vec![(before, ChangeOperation::Transfer, op.to_owned(), sponsor.to_owned())]
        };
        assert_eq!(told("alpha").await, moved(true, "request", "alpha"));
        assert_eq!(told("beta").await, [], "its own act");
        registry.gate.run_registry("cli", "domain:transfer-undo", FOO.to_owned(), |cx| {
            Box::pin(async move { Ok(Ended::Keep(transfer::undo::run(cx, &name(FOO)).await?)) })
        }).await.unwrap();
        assert_eq!(told("alpha").await, moved(false, "cancel", "alpha"));
        assert_eq!(told("beta").await, moved(true, "cancel", "beta"));
    }
}

/// The operator's commands say the case and why.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_operators_commands_tell_the_case_behind_them() {
    let dir = tempfile::tempdir().unwrap();
    let db = Db::open(&format!("sqlite:{}", dir.path().join("registry.db").display())).await.unwrap();
    db.migrate().await.unwrap();
    // The commands count as other processes than the registry here.
    drop(db.ids().await.unwrap());
    registered(&db, "", "").await;
    let rules = format!("id = \"telling\"\nextends = \"demo\"\n{ALL}");
    std::fs::write(dir.path().join("telling.toml"), rules).unwrap();
    let at = ["--database", "sqlite:registry.db", "--server-profile", "telling", "--profiles-dir", "."];
    for (line, operation, op) in [
        ("domain hold foo.example --case 1 --case-type udrp --reason Dispute", ChangeOperation::Update, None),
        (
            "domain lift foo.example --case 1 --case-type rdrp --reason Fini --reason-lang fr",
            ChangeOperation::Update,
            None,
        ),
        (
            "domain delete foo.example --case 1 --case-type urs --reason Suspended",
            ChangeOperation::Delete,
            None,
        ),
        ("domain restore foo.example --reason Settled", ChangeOperation::Restore, Some("report")),
    ] {
        let words: Vec<&str> = line.split(' ').chain(at).collect();
        let ended = run(dir.path(), &words);
        assert_eq!(ended.code, 0, "{line}: {ended:?}");
        let mut told = Vec::new();
        while let Some(message) =
            db.read(|tx| Box::pin(async { tx.poll_head(&registrar("alpha")).await })).await.unwrap()
        {
            let id: i64 = message.id.parse().unwrap();
            db.write(move |tx| Box::pin(async move { tx.poll_delete(id, &registrar("alpha")).await }))
                .await
                .unwrap();
            told.extend(message.change.map(|change| *change));
        }
        assert_eq!(
            told.iter().map(|change| change.before).collect::<Vec<_>>(),
            [true, false],
            "{line}: {told:?}"
        );
        for change in &told {
            assert_eq!((change.operation, change.op.as_deref()), (operation, op), "{line}");
            let Grounds { case, reason } = &change.grounds;
            let reason = reason.as_ref().unwrap();
            assert!(line.contains(&format!("--reason {}", reason.text)), "{line}: {reason:?}");
            assert_eq!(line.contains("--reason-lang fr"), reason.lang == "fr", "{line}");
            let kind = case.as_ref().map(|case| case.kind.clone());
            let expected = line
                .split("--case-type ")
                .nth(1)
                .map(|rest| CaseKind::parse(rest.split(' ').next().unwrap()));
            assert_eq!(kind, expected, "{line}");
        }
    }
    // What no case can be.
    let bad = run(
        dir.path(),
        &["domain", "hold", "foo.example", "--case-type", "urs"].into_iter().chain(at).collect::<Vec<_>>(),
    );
    assert_ne!(bad.code, 0);
}
