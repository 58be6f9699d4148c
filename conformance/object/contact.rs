//! Contacts: create, check, info, update, delete.

use domesday::epp::command::{
    Command, ContactCheck, ContactDelete, ContactInfo, ContactUpdate, PostalChange,
};
use domesday::epp::reply::Reply;
use domesday::epp::types::{
    AuthInfo, ContactStatus as S, Disclose, DiscloseField, Phone, PostalForm, RoId, StatusSet,
};
use domesday::refusal::Reason;

use super::{
    ALPHA, BETA, Registry, SECRET, auth, contact, create_contact, new_contact, new_domain, registrar,
};
use crate::pg::on_both;

fn update(id: &str) -> ContactUpdate {
    ContactUpdate {
        id: contact(id),
        add: vec![],
        rem: vec![],
        chg: false,
        postal: vec![],
        voice: None,
        fax: None,
        email: None,
        auth: None,
        disclose: None,
        addl_email: None,
    }
}

fn statuses(id: &str, add: &[S], rem: &[S]) -> Command {
    let named = |s: &[S]| s.iter().map(|s| (*s, None)).collect();
    Command::ContactUpdate(ContactUpdate { add: named(add), rem: named(rem), ..update(id) })
}

pub(super) fn email(id: &str) -> Command {
    Command::ContactUpdate(ContactUpdate { chg: true, email: Some("new@example.com".into()), ..update(id) })
}

fn info(id: &str, auth: Option<AuthInfo>) -> Command {
    Command::ContactInfo(ContactInfo { id: contact(id), auth })
}

fn delete(id: &str) -> Command {
    Command::ContactDelete(ContactDelete { id: contact(id) })
}

fn set(of: &[S]) -> StatusSet<S> {
    of.iter().copied().collect()
}

on_both! {
    async fn an_identifier_is_one_whatever_its_case(db: Db) {
        let registry = Registry::new(db).await;
        registry.done(ALPHA, new_contact("Sh8013")).await;
        assert_eq!(registry.refused(BETA, new_contact("sH8013")).await, Reason::Exists);
        assert_eq!(registry.refused(BETA, new_contact("CLONE-1")).await, Reason::NameReserved);
        assert_eq!(registry.contact(ALPHA, "SH8013").await.id, contact("Sh8013"));

        let ids = ["SH8013", "free", "clone-2"].map(contact).to_vec();
        let Reply::ContactChecked(answers) = registry.done(BETA, Command::ContactCheck(ContactCheck { ids })).await
        else { panic!() };
        let answers: Vec<_> = answers.iter().map(|a| (a.name.as_str(), a.unavailable.as_deref())).collect();
        assert_eq!(answers, [("SH8013", Some("In use")), ("free", None), ("clone-2", Some("Reserved"))]);

        let many = (0..200).map(|n| contact(&format!("c-{n}"))).chain([contact("sh8013")]);
        let check = |ids: Vec<_>| Command::ContactCheck(ContactCheck { ids });
        let most = check(many.clone().skip(1).collect());
        let Reply::ContactChecked(answers) = registry.done(BETA, most).await else { panic!() };
        assert_eq!(answers.iter().filter(|a| a.unavailable.is_some()).count(), 1);
        assert!(answers[199].unavailable.is_some());
        assert_eq!(registry.refused(BETA, check(many.collect())).await, Reason::TooManyNames);
    }

    async fn a_stranger_sees_a_contact_with_its_authorization_only(db: Db) {
        let registry = Registry::new(db).await;
        registry.done(ALPHA, new_contact("sh8013")).await;
        registry.done(ALPHA, new_contact("other")).await;
        let (own, other) = (registry.contact(ALPHA, "sh8013").await, registry.contact(ALPHA, "other").await);
        assert!(own.auth_set && own.updated.is_none() && own.transferred.is_none());
        assert_eq!(own.statuses, set(&[S::Ok]));
        assert_eq!(registry.refused(BETA, info("sh8013", None)).await, Reason::NotSponsor);
        for who in [ALPHA, BETA] {
            assert_eq!(registry.refused(who, info("sh8013", Some(auth("wrong")))).await, Reason::WrongAuthInfo);
        }
        let with = |roid: &RoId| Some(AuthInfo { roid: Some(roid.clone()), ..auth(SECRET) });
        assert_eq!(registry.refused(BETA, info("sh8013", with(&other.roid))).await, Reason::WrongAuthInfo);
        for given in [Some(auth(SECRET)), with(&own.roid)] {
            let Reply::ContactInfo(seen) = registry.done(BETA, info("sh8013", given)).await else { panic!() };
            assert!(!seen.auth_set);
            assert_eq!(seen.email, own.email);
        }
        assert_eq!(registry.refused(BETA, info("nobody", None)).await, Reason::NotFound);
    }

    async fn what_is_sent_is_kept_and_changed_by_parts(db: Db) {
        let registry = Registry::new(db).await;
        let mut create = create_contact("sh8013");
        create.voice = Some(Phone { number: "+1.7035555555".into(), x: Some("1234".into()) });
        create.fax = Some(Phone::default());
        let fields = vec![DiscloseField::Email, DiscloseField::Name(PostalForm::Int)];
        create.disclose = Some(Disclose { flag: false, fields });
        registry.done(ALPHA, Command::ContactCreate(create.clone())).await;
        let first = registry.contact(ALPHA, "sh8013").await;
        assert_eq!((&first.voice, &first.fax), (&create.voice, &None));
        assert_eq!(first.disclose.unwrap().fields, [DiscloseField::Name(PostalForm::Int), DiscloseField::Email]);

        let loc = PostalChange { name: Some("Jöhn".into()), ..PostalChange::default() };
        let refused = ContactUpdate { chg: true, postal: vec![(PostalForm::Loc, loc.clone())], ..update("sh8013") };
        assert_eq!(registry.refused(ALPHA, Command::ContactUpdate(refused)).await, Reason::PostalIncomplete);
        assert_eq!(registry.contact(ALPHA, "sh8013").await.updated, None);
        let addr = Some(create.postal[0].1.addr.clone());
        let int = PostalChange { org: Some("Example".into()), ..PostalChange::default() };
        let postal = vec![(PostalForm::Loc, PostalChange { addr, ..loc }), (PostalForm::Int, int)];
        let whole = ContactUpdate {
            chg: true, postal, voice: Some(Phone::default()), auth: Some(auth("")), ..update("sh8013")
        };
        registry.done(ALPHA, Command::ContactUpdate(whole)).await;
        let after = registry.contact(ALPHA, "sh8013").await;
        let names: Vec<_> = after.postal.iter().map(|(f, p)| (*f, p.name.as_str(), p.org.as_deref())).collect();
        let expected = [(PostalForm::Int, "John Doe", Some("Example")), (PostalForm::Loc, "Jöhn", None)];
        assert_eq!(names, expected);
        assert_eq!((after.voice, after.auth_set, after.roid), (None, false, first.roid));
        assert_eq!(after.updater, Some(registrar(ALPHA)));
        assert_eq!(registry.refused(BETA, email("sh8013")).await, Reason::NotSponsor);
    }

    async fn statuses_stop_what_they_say(db: Db) {
        let registry = Registry::new(db).await;
        registry.done(ALPHA, new_contact("sh8013")).await;
        let locked = [S::ClientUpdateProhibited, S::ClientDeleteProhibited];
        registry.done(ALPHA, statuses("sh8013", &locked, &[])).await;
        assert_eq!(registry.contact(ALPHA, "sh8013").await.statuses, set(&locked));
        assert_eq!(registry.refused(ALPHA, email("sh8013")).await, Reason::StatusProhibits);
        assert_eq!(registry.refused(ALPHA, delete("sh8013")).await, Reason::StatusProhibits);
        let both = statuses("sh8013", &[], &locked);
        assert_eq!(registry.refused(ALPHA, both).await, Reason::StatusProhibits);
        registry.done(ALPHA, statuses("sh8013", &[], &locked[..1])).await;
        for (add, rem, reason) in [
            (&locked[1..], &[][..], Reason::AlreadyThere),
            (&[], &locked[..1], Reason::NotThere),
            (&[S::ServerDeleteProhibited], &[], Reason::StatusNotSettable),
            (&[S::Ok], &[], Reason::StatusNotSettable),
            (&[], &[S::Linked], Reason::StatusNotSettable),
        ] {
            assert_eq!(registry.refused(ALPHA, statuses("sh8013", add, rem)).await, reason);
        }
        let nothing = Command::ContactUpdate(ContactUpdate { chg: true, ..update("sh8013") });
        assert_eq!(registry.refused(ALPHA, nothing).await, Reason::NothingToUpdate);
        registry.done(ALPHA, statuses("sh8013", &[], &locked[1..])).await;
        assert_eq!(registry.refused(BETA, delete("sh8013")).await, Reason::NotSponsor);
        registry.done(ALPHA, delete("sh8013")).await;
        assert_eq!(registry.refused(ALPHA, delete("sh8013")).await, Reason::NotFound);
    }

    async fn a_contact_in_use_stays(db: Db) {
        let registry = Registry::new(db).await;
        registry.done(ALPHA, new_contact("sh8013")).await;
        registry.done(ALPHA, new_domain("example.tld", Some("SH8013"), &[])).await;
        assert_eq!(registry.contact(ALPHA, "sh8013").await.statuses, set(&[S::Linked, S::Ok]));
        assert_eq!(registry.refused(ALPHA, delete("sh8013")).await, Reason::Linked);
    }

    async fn rules_of_the_registry_hold(db: Db) {
        let rules = "[zone.contact]\ndisclose = false\n[zone.auth]\nmin_len = 16";
        let registry = Registry::with_rules(db, rules).await;
        assert_eq!(registry.refused(ALPHA, new_contact("sh8013")).await, Reason::AuthInfoPolicy);
        let mut create = create_contact("sh8013");
        create.auth = auth("");
        create.disclose = Some(Disclose { flag: true, fields: vec![DiscloseField::Voice] });
        let refused = Command::ContactCreate(create.clone());
        assert_eq!(registry.refused(ALPHA, refused).await, Reason::DisclosePolicy);
        create.disclose = None;
        create.postal.push(create.postal[0].clone());
        let refused = Command::ContactCreate(create.clone());
        assert_eq!(registry.refused(ALPHA, refused).await, Reason::DuplicateInCommand);
        create.postal.pop();
        registry.done(ALPHA, Command::ContactCreate(create)).await;
        assert!(!registry.contact(ALPHA, "sh8013").await.auth_set);
        assert_eq!(registry.refused(BETA, info("sh8013", Some(auth("")))).await, Reason::WrongAuthInfo);
    }
}
