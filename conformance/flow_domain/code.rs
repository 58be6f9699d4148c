//! Transfer codes that are mailed: the whole way from the request to the transfer, what becomes of mail that does not
//! arrive, and that the code is nowhere but in the mail.

use std::sync::atomic::Ordering;

use super::racing::together;
use super::*;
use crate::mail::{Sink, outbox, over_smtp};
use crate::pg::on_both;
use crate::post::{Letter, bounced, sent};
use crate::typed::{Registry, registrar};
use domesday::epp::command::{ContactUpdate, DomainRequestCode};
use domesday::epp::notice::MARK;
use domesday::job::mail;
use domesday::store::Db;
use domesday::store::outbox::MailState;
use domesday::store::token::TokenRow;

/// The rules of zones whose codes are mailed.
const MAILED: &str = "transfer.mode = \"immediate\"\ntransfer.contacts = \"keep\"\ntransfer.code.kind = \"mailed_code\"\n\
    transfer.code.format = \"{digits3}-{digits3}-{digits3}-{digits3}-{digits3}\"\ntransfer.code.ttl_days = 7\n\
    transfer.code.extend_on_resend = true\nauth.max_wrong_per_day = 0";

const HOLDER: &str = "jdoe@example.com";

fn asks(domain: &str) -> Command {
    Command::DomainRequestCode(DomainRequestCode { name: name(domain), url: None })
}

fn requests(domain: &str, pw: &str) -> Command {
    Command::DomainTransferRequest(transfer(domain, Some(pw)))
}

/// A registry where alpha has a domain with a holder.
async fn registered(db: &Db, domain: &str) -> Registry {
    let registry = Registry::new(db, MAILED).await;
    let mut alpha = registry.client("alpha");
    alpha.does(make_contact("holder", PW)).await;
    let registrant = Some(contact("holder"));
    alpha.does(Command::DomainCreate(DomainCreate { registrant, ..create(domain) })).await;
    registry
}

/// What was sent meanwhile, which is one mail.
async fn mailed(registry: &Registry) -> Letter {
    let letters = sent(&registry.gate).await.unwrap();
    assert_eq!(letters.len(), 1, "{letters:?}");
    letters[0].clone()
}

async fn kept(db: &Db, domain: &'static str) -> TokenRow {
    let read = db.read(move |tx| {
        Box::pin(async move {
            let domain = tx.domain_by_name(&name(domain)).await?.unwrap();
            Ok(tx.token_of(domain.id).await?.unwrap())
        })
    });
    read.await.unwrap()
}

on_both! {
    async fn a_code_goes_to_the_holder_alone_and_opens_the_domain_once(db: Db) {
        let registry = registered(&db, "foo.example").await;
        let (mut beta, mut gamma) = (registry.client("beta"), registry.client("gamma"));
        let url = Some("https://beta.example/go?d=foo".to_owned());
        let command = DomainRequestCode { name: name("foo.example"), url };
        assert!(matches!(beta.does(Command::DomainRequestCode(command)).await, Reply::Done));
        let letter = mailed(&registry).await;
        assert_eq!((letter.to.as_str(), letter.subject.as_str()), (HOLDER, "Transfer code of foo.example"));
        assert!(letter.body.contains("https://beta.example/go?d=foo"), "{}", letter.body);
        assert!(letter.body.contains("registrar beta") && letter.body.contains("titulaire"), "{}", letter.body);
        let code = letter.code().unwrap();
        let groups: Vec<&str> = code.split('-').collect();
        assert!(groups.len() == 5 && groups.iter().all(|g| g.len() == 3 && g.parse::<u16>().is_ok()), "{code}");
        // The sponsor learns that there is one, and no more.
        let seen = registry.client("alpha").info("foo.example").await;
        assert!(seen.auth_set && seen.token.is_none());
        assert_eq!(gamma.refused(requests("foo.example", "000-000-000-000-000")).await, Reason::WrongAuthInfo);
        beta.does(requests("foo.example", &code)).await;
        assert_eq!(beta.info("foo.example").await.sponsor, registrar("beta"));
        assert_eq!(gamma.refused(requests("foo.example", &code)).await, Reason::WrongAuthInfo);
    }

    async fn a_code_stands_nowhere_but_in_the_mail(db: Db) {
        let registry = registered(&db, "foo.example").await;
        registry.client("beta").does(asks("foo.example")).await;
        let waiting = outbox(&db, "beta").await;
        assert_eq!(waiting[0].body.matches(MARK).count(), 2);
        let code = mailed(&registry).await.code().unwrap();
        registry.client("beta").does(requests("foo.example", &code)).await;
        let mails = outbox(&db, "beta").await;
        assert_eq!((mails[0].state, mails[0].body.matches(MARK).count()), (MailState::Sent, 2));
        let token = kept(&db, "foo.example").await;
        assert!(!format!("{mails:?}").contains(&token.seed));
        let rows = db.read(|tx| Box::pin(tx.audit_of_object("foo.example", 100))).await.unwrap();
        assert!(rows.iter().any(|row| row.command == "domain:request-code"), "{rows:?}");
        for kept in [format!("{mails:?} {token:?} {rows:?}"), format!("{} {}", token.seed, token.digest)] {
            assert!(!kept.contains(&code), "{kept}");
        }
    }

    async fn the_same_code_is_mailed_four_times_and_lives_longer_for_it(db: Db) {
        let registry = registered(&db, "foo.example").await;
        let mut codes = Vec::new();
        for who in ["beta", "gamma", "alpha", "beta"] {
            registry.client(who).does(asks("foo.example")).await;
            codes.push(mailed(&registry).await.code().unwrap());
            registry.pass_days(6);
        }
        codes.dedup();
        assert_eq!(codes.len(), 1, "{codes:?}");
        assert_eq!(registry.client("gamma").refused(asks("foo.example")).await, Reason::TooManyCodeMails);
        assert_eq!(kept(&db, "foo.example").await.mails, 4);
        // A day after, it is over; another has its own four mails.
        registry.pass_days(1);
        domesday::job::pass(&registry.gate).await.unwrap();
        let mut beta = registry.client("beta");
        assert_eq!(beta.refused(requests("foo.example", &codes[0])).await, Reason::WrongAuthInfo);
        beta.does(asks("foo.example")).await;
        let other = mailed(&registry).await.code().unwrap();
        assert_ne!(other, codes[0]);
        beta.does(requests("foo.example", &other)).await;
        // Its sponsor is told of none of that: it is between the registry and the registrant.
        let told = registry.client("alpha").message().await.unwrap();
        assert!(told.text.contains("Transfer done"), "{}", told.text);
    }

    async fn many_who_ask_at_once_have_one_code_mailed_four_times(db: Db) {
        let registry = registered(&db, "foo.example").await;
        let other = registry.beside(&db, 2, "");
        let places = [(&registry, "alpha"), (&other, "beta"), (&registry, "gamma"), (&other, "alpha"), (&registry, "beta"), (&other, "gamma")];
        let ask = |(place, who): (&Registry, &str)| (place.client(who), asks("foo.example"));
        let codes = together(places.map(ask).into()).await;
        assert_eq!(codes, [1000, 1000, 1000, 1000, 2308, 2308]);
        let letters = sent(&registry.gate).await.unwrap();
        let mut said: Vec<_> = letters.iter().map(|letter| letter.code().unwrap()).collect();
        assert_eq!(said.len(), 4);
        said.dedup();
        assert_eq!(said.len(), 1);
    }

    async fn who_asked_is_told_that_the_mail_is_refused(db: Db) {
        let registry = registered(&db, "foo.example").await;
        let email = Some("gone@bad.example".to_owned());
        let update = ContactUpdate {
            id: contact("holder"),
            add: Vec::new(),
            rem: Vec::new(),
            chg: true,
            postal: Vec::new(),
            voice: None,
            fax: None,
            email,
            auth: None,
            disclose: None,
            addl_email: None,
        };
        registry.client("alpha").does(Command::ContactUpdate(update)).await;
        registry.client("beta").does(asks("foo.example")).await;
        let sink = Sink::start().await;
        sink.picky.store(true, Ordering::Relaxed);
        let mailer = over_smtp(sink.port, 5);
        assert_eq!(mail::pass(&registry.gate, &mailer).await.unwrap(), 0);
        let mails = outbox(&db, "beta").await;
        // No try is made again: nobody has the address.
        assert_eq!((mails[0].state, mails[0].tries), (MailState::Dead, 1));
        assert!(mails[0].error.contains("550"), "{}", mails[0].error);
        let told = registry.client("beta").message().await.unwrap();
        assert_eq!(told.text, "The transfer code of foo.example did not arrive at gone@bad.example.");
        assert_eq!(registry.client("alpha").message().await, None);
        assert_eq!(mail::pass(&registry.gate, &mailer).await.unwrap(), 0);
        assert_eq!(registry.client("beta").message().await, None);
    }

    async fn a_mail_server_that_is_away_bounces_nothing_until_the_mail_is_given_up(db: Db) {
        let registry = registered(&db, "foo.example").await;
        registry.client("beta").does(asks("foo.example")).await;
        let nobody = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = nobody.local_addr().unwrap().port();
        drop(nobody);
        let mailer = over_smtp(port, 2);
        mail::pass(&registry.gate, &mailer).await.unwrap();
        assert_eq!(registry.client("beta").message().await, None);
        registry.gate.clock().advance(61);
        mail::pass(&registry.gate, &mailer).await.unwrap();
        assert!(registry.client("beta").message().await.unwrap().text.contains("did not arrive"));
        assert_eq!(outbox(&db, "beta").await[0].state, MailState::Dead);
    }

    async fn what_comes_back_later_is_told_once(db: Db) {
        let registry = registered(&db, "foo.example").await;
        registry.client("beta").does(asks("foo.example")).await;
        mailed(&registry).await;
        bounced(&registry.gate, HOLDER, "5.1.1").await.unwrap();
        assert!(bounced(&registry.gate, HOLDER, "5.1.1").await.is_err());
        assert!(registry.client("beta").message().await.unwrap().text.contains(HOLDER));
        assert_eq!(registry.client("beta").message().await, None);
        assert_eq!(outbox(&db, "beta").await[0].error, "5.1.1");
    }

    async fn a_code_that_ended_is_mailed_no_more(db: Db) {
        let registry = registered(&db, "foo.example").await;
        registry.client("beta").does(asks("foo.example")).await;
        let code = mailed(&registry).await.code().unwrap();
        // Asked for once more, and used before that mail goes.
        registry.client("gamma").does(asks("foo.example")).await;
        registry.client("beta").does(requests("foo.example", &code)).await;
        assert!(sent(&registry.gate).await.unwrap().is_empty());
        assert_eq!(outbox(&db, "gamma").await[0].state, MailState::Dead);
        assert_eq!(registry.client("gamma").message().await, None);
        // One whose time passes in the outbox was never told to anybody: who waits for it is.
        registry.client("gamma").does(asks("foo.example")).await;
        registry.pass_days(8);
        assert!(sent(&registry.gate).await.unwrap().is_empty());
        assert!(registry.client("gamma").message().await.unwrap().text.contains("did not arrive"));
    }

    async fn a_changed_key_makes_another_code(db: Db) {
        let registry = registered(&db, "foo.example").await;
        let other = registry.beside(&db, 2, "");
        let other = Registry { gate: other.gate.with_token_key(Secret::new("another key, long enough to be one")) };
        registry.client("beta").does(asks("foo.example")).await;
        let first = mailed(&registry).await.code().unwrap();
        other.client("beta").does(asks("foo.example")).await;
        let second = mailed(&other).await.code().unwrap();
        assert_ne!(first, second);
        assert_eq!(other.client("beta").refused(requests("foo.example", &first)).await, Reason::WrongAuthInfo);
        registry.client("beta").does(requests("foo.example", &second)).await;
    }
}
