//! Transfers of contacts: every operation, who may, what is told, and the server's own decision.

use domesday::epp::command::{Command, ContactUpdate};
use domesday::epp::reply::{MessageData, Reply, TransferData, TransferStatus as T};
use domesday::epp::types::{ContactId, ContactStatus as S, Management};
use domesday::flow;
use domesday::refusal::Reason;

use super::contact::email;
use super::{ALPHA, BETA, GAMMA, Registry, SECRET, contact, new_contact, registrar, transfer};
use crate::pg::on_both;

const DAY: i64 = 86_400;

fn request(pw: Option<&str>) -> Command {
    Command::ContactTransferRequest(transfer("sh8013", pw))
}

fn query(pw: Option<&str>) -> Command {
    Command::ContactTransferQuery(transfer("sh8013", pw))
}

fn approve() -> Command {
    Command::ContactTransferApprove(transfer("sh8013", None))
}

fn reject() -> Command {
    Command::ContactTransferReject(transfer("sh8013", None))
}

fn cancel() -> Command {
    Command::ContactTransferCancel(transfer("sh8013", None))
}

async fn transferred(registry: &Registry, who: &str, command: Command) -> TransferData<ContactId> {
    match registry.done(who, command).await {
        Reply::ContactTransfer(data) => data,
        other => panic!("{other:?}"),
    }
}

/// What the next message of a registrar says of the transfer.
async fn told(registry: &Registry, of: &str) -> TransferData<ContactId> {
    match registry.message(of).await.and_then(|message| message.data) {
        Some(MessageData::ContactTransfer(data)) => data,
        other => panic!("{other:?}"),
    }
}

on_both! {
    async fn a_contact_that_moves_is_managed_as_its_new_account_has_it(db: Db) {
        let rules = "zone.management.models = [\"registrar\", \"registrant\"]";
        let registry = Registry::with_rules(db.clone(), rules).await;
        let set = db.write(|tx| {
            Box::pin(async move {
                tx.account_management_set(&registrar(BETA), Some(Management::Registrant)).await
            })
        });
        set.await.unwrap();
        registry.done(ALPHA, new_contact("sh8013")).await;
        registry.done(BETA, request(Some(SECRET))).await;
        registry.done(ALPHA, approve()).await;
        assert_eq!(registry.refused(BETA, email("sh8013")).await, Reason::RegistrantManages);
    }

    async fn a_transfer_is_asked_for_and_approved(db: Db) {
        let registry = Registry::new(db).await;
        registry.done(ALPHA, new_contact("sh8013")).await;
        let before = registry.contact(ALPHA, "sh8013").await;
        assert_eq!(registry.refused(BETA, request(None)).await, Reason::AuthInfoMissing);
        assert_eq!(registry.refused(BETA, request(Some("wrong"))).await, Reason::WrongAuthInfo);
        assert_eq!(registry.refused(BETA, request(Some(""))).await, Reason::WrongAuthInfo);
        assert_eq!(registry.refused(ALPHA, request(Some(SECRET))).await, Reason::OwnObject);
        assert_eq!(registry.refused(ALPHA, approve()).await, Reason::NoTransferPending);
        assert_eq!(registry.refused(BETA, cancel()).await, Reason::NoTransferPending);
        assert_eq!(registry.refused(ALPHA, query(None)).await, Reason::NoTransferKnown);
        assert_eq!(registry.refused(BETA, query(None)).await, Reason::NotPartyToTransfer);

        let reply = registry.done(BETA, request(Some(SECRET))).await;
        assert_eq!(reply.code(), 1001);
        let Reply::ContactTransfer(asked) = reply else { panic!() };
        assert_eq!((asked.status, &asked.requester, &asked.actor), (T::Pending, &registrar(BETA), &registrar(ALPHA)));
        assert_eq!((asked.acted, asked.expires), (asked.requested.plus_days(5), None));
        assert_eq!(registry.contact(ALPHA, "sh8013").await.statuses, [S::PendingTransfer].into_iter().collect());
        assert_eq!(told(&registry, ALPHA).await, TransferData { answer_to_request: false, ..asked.clone() });

        assert_eq!(registry.refused(GAMMA, request(Some(SECRET))).await, Reason::TransferPending);
        let add = vec![(S::ClientDeleteProhibited, None)];
        let update = ContactUpdate {
            id: contact("sh8013"), add, rem: vec![], chg: false, postal: vec![], voice: None, fax: None, email: None,
            auth: None, disclose: None, addl_email: None,
        };
        assert_eq!(registry.refused(ALPHA, Command::ContactUpdate(update)).await, Reason::StatusProhibits);
        for who in [BETA, GAMMA] {
            assert_eq!(registry.refused(who, approve()).await, Reason::NotSponsor);
            assert_eq!(registry.refused(who, reject()).await, Reason::NotSponsor);
        }
        assert_eq!(registry.refused(ALPHA, cancel()).await, Reason::NotRequester);
        assert_eq!(registry.refused(GAMMA, query(None)).await, Reason::NotPartyToTransfer);
        assert_eq!(transferred(&registry, GAMMA, query(Some(SECRET))).await.status, T::Pending);

        let ended = transferred(&registry, ALPHA, approve()).await;
        assert_eq!((ended.status, &ended.actor), (T::ClientApproved, &registrar(ALPHA)));
        assert_eq!(told(&registry, BETA).await, ended);
        assert!(registry.message(ALPHA).await.is_none());
        let after = registry.contact(BETA, "sh8013").await;
        assert_eq!((after.sponsor, after.creator, after.roid), (registrar(BETA), registrar(ALPHA), before.roid));
        assert_eq!((after.transferred, after.auth_set), (Some(ended.acted), false));
        assert_eq!(after.statuses, [S::Ok].into_iter().collect());
        for who in [ALPHA, BETA] {
            assert_eq!(transferred(&registry, who, query(None)).await, ended);
        }
        assert_eq!(registry.refused(GAMMA, query(Some(SECRET))).await, Reason::WrongAuthInfo);
        assert_eq!(registry.refused(GAMMA, request(Some(SECRET))).await, Reason::WrongAuthInfo);
        assert_eq!(registry.refused(ALPHA, approve()).await, Reason::NotSponsor);
    }

    async fn a_transfer_is_rejected_or_taken_back(db: Db) {
        let registry = Registry::new(db).await;
        registry.done(ALPHA, new_contact("sh8013")).await;
        for (who, command, status, hears) in
            [(ALPHA, reject(), T::ClientRejected, BETA), (BETA, cancel(), T::ClientCancelled, ALPHA)]
        {
            registry.done(BETA, request(Some(SECRET))).await;
            assert_eq!(told(&registry, ALPHA).await.status, T::Pending);
            assert_eq!(transferred(&registry, who, command).await.status, status);
            assert_eq!(told(&registry, hears).await.status, status);
            let contact = registry.contact(ALPHA, "sh8013").await;
            assert!(contact.auth_set && contact.transferred.is_none());
            assert_eq!(contact.statuses, [S::Ok].into_iter().collect());
            assert_eq!(transferred(&registry, BETA, query(None)).await.status, status);
        }
    }

    async fn the_server_decides_when_nobody_does(db: Db) {
        let registry = Registry::new(db).await;
        registry.done(ALPHA, new_contact("sh8013")).await;
        registry.done(BETA, request(Some(SECRET))).await;
        assert_eq!(told(&registry, ALPHA).await.status, T::Pending);
        let due = |registry: &Registry| {
            let (db, now) = (registry.gate.db().clone(), registry.clock.now());
            async move {
                db.read(move |tx| Box::pin(async move { tx.transfers_due((domesday::clock::Ts(0), 0), now, 10).await })).await.unwrap()
            }
        };
        registry.clock.advance(5 * DAY - 60);
        assert!(due(&registry).await.is_empty());
        registry.clock.advance(61);
        let waiting = due(&registry).await;
        assert_eq!(waiting.len(), 1);
        let time_out = || {
            let id = waiting[0].object;
            registry.gate.run_job("transfer:time-out", "sh8013".to_owned(), move |cx| {
                Box::pin(flow::contact::transfer::time_out(cx, id))
            })
        };
        assert!(time_out().await.unwrap());
        for who in [ALPHA, BETA] {
            let told = told(&registry, who).await;
            assert_eq!((told.status, told.actor), (T::ServerApproved, registrar("registry")));
        }
        assert_eq!(registry.contact(BETA, "sh8013").await.sponsor, registrar(BETA));
        assert!(due(&registry).await.is_empty());
        assert!(!time_out().await.unwrap());
        assert!(registry.message(ALPHA).await.is_none());
    }

    async fn where_consent_is_the_password_a_transfer_is_done_at_once(db: Db) {
        let registry = Registry::with_rules(db, "[zone.transfer]\nmode = \"immediate\"").await;
        registry.done(ALPHA, new_contact("sh8013")).await;
        let reply = registry.done(BETA, request(Some(SECRET))).await;
        assert_eq!(reply.code(), 1000);
        for party in [ALPHA, BETA] {
            assert_eq!(told(&registry, party).await.status, T::ClientApproved);
        }
        assert_eq!(registry.contact(BETA, "sh8013").await.sponsor, registrar(BETA));
    }

    async fn a_registry_may_have_none(db: Db) {
        let registry = Registry::with_rules(db, "[zone.contact]\ntransfer = false").await;
        registry.done(ALPHA, new_contact("sh8013")).await;
        for command in [request(Some(SECRET)), query(None), approve(), reject(), cancel()] {
            assert_eq!(registry.refused(BETA, command).await, Reason::NotOffered);
        }
    }
}
