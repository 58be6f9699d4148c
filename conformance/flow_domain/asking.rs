//! Check and info.

use super::*;
use crate::pg::on_both;
use crate::typed::Registry;
use domesday::epp::command::{AskedName, DomainCheck};
use domesday::epp::types::{DomainName, RoId};

fn check(names: &[&str]) -> Command {
    let asked = |raw: &&str| AskedName { raw: (*raw).to_owned(), name: DomainName::parse(raw) };
    Command::DomainCheck(DomainCheck {
        names: names.iter().map(asked).collect(),
        allocation: None,
        fee: None,
        launch: None,
    })
}

fn info(domain: &str, pw: &str, roid: Option<&RoId>) -> Command {
    let auth = AuthInfo { pw: Secret::new(pw), roid: roid.cloned() };
    Command::DomainInfo(DomainInfo {
        name: name(domain),
        hosts: HostsFilter::All,
        auth: Some(auth),
        ttl: None,
        allocation: false,
        launch: None,
    })
}

on_both! {
    async fn check_answers_in_the_order_asked_and_agrees_with_create(db: Db) {
        let registry = Registry::new(&db, "name.min_len = 2").await;
        registry.add_zone("co.example", "").await;
        let mut alpha = registry.client("alpha");
        alpha.register("taken.example").await;
        alpha.register("taken.co.example").await;
        let asked = [
            "TAKEN.example", "free.example", "-bad.example", "nic.example", "free.example", "a.example",
            "free.test", "co.example", "example", "free.co.example", "taken.co.example", "deep.free.example",
        ];
        let Reply::DomainChecked(answers) = alpha.does(check(&asked)).await else { panic!("no chkData") };
        let got: Vec<_> = answers.iter().map(|c| (c.name.as_str(), c.unavailable.as_deref())).collect();
        let elsewhere = Some("Not in a zone of this registry");
        assert_eq!(got, [
            ("taken.example", Some("In use")),
            ("free.example", None),
            ("-bad.example", Some("Invalid name")),
            ("nic.example", Some("Reserved")),
            ("free.example", None),
            ("a.example", Some("Not permitted in this zone")),
            ("free.test", elsewhere),
            ("co.example", elsewhere),
            ("example", elsewhere),
            ("free.co.example", None),
            ("taken.co.example", Some("In use")),
            ("deep.free.example", elsewhere),
        ]);
        for (asked, (_, unavailable)) in asked.iter().zip(got) {
            let Ok(domain) = DomainName::parse(asked) else { continue };
            let answer = registry.client("beta").ask(Command::DomainCreate(create(domain.as_str()))).await;
            // The name that was asked for twice is free for one create only.
            let free = unavailable.is_none();
            assert!((answer.code == 1000) == free || (free && answer.code == 2302), "{asked}: {}", answer.code);
        }
        // Fifty names are more than one statement asks for.
        let many: Vec<String> = (0..50).map(|n| format!("many-{n}.example")).collect();
        alpha.register("many-49.example").await;
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        let Reply::DomainChecked(answers) = alpha.does(check(&many)).await else { panic!("no chkData") };
        assert_eq!(answers.iter().filter(|c| c.unavailable.is_none()).count(), 49);
        assert!(answers[49].unavailable.is_some());
        let over: Vec<&str> = std::iter::repeat_n("a.example", 201).collect();
        assert_eq!(alpha.refused(check(&over)).await, Reason::TooManyNames);
    }

    async fn info_shows_as_much_as_the_asker_may_see(db: Db) {
        let registry = Registry::new(&db, "").await;
        let (mut alpha, mut beta) = (registry.client("alpha"), registry.client("beta"));
        alpha.does(make_contact("holder", "hold3R-pw")).await;
        alpha.does(make_contact("other", "oth3R-pw")).await;
        alpha.does(make_host("ns.other.test", "")).await;
        let command = DomainCreate {
            registrant: Some(contact("holder")),
            contacts: roles(&[(ContactRole::Tech, "holder")]),
            ns: objects(&["ns.other.test"]),
            ..create("seen.example")
        };
        alpha.does(Command::DomainCreate(command)).await;
        alpha.does(make_host("ns1.seen.example", "192.0.2.1")).await;

        let own = alpha.info("seen.example").await;
        assert!(own.auth_set && own.creator.is_some());
        assert_eq!((own.registrant.clone(), own.contacts.len()), (Some(contact("holder")), 1));
        assert_eq!(own.hosts, [name("ns1.seen.example")]);

        let stranger = beta.info("seen.example").await;
        assert_eq!((&stranger.roid, &stranger.sponsor, stranger.expires), (&own.roid, &own.sponsor, own.expires));
        assert_eq!((stranger.registrant, stranger.contacts.len(), stranger.creator), (None, 0, None));
        assert!(!stranger.auth_set);

        let opened = beta.info_with("seen.example", HostsFilter::All, Some(auth(PW))).await;
        assert_eq!(domesday::epp::reply::DomainData { auth_set: true, ..opened }, own);
        for client in [&mut alpha, &mut beta] {
            assert_eq!(client.refused(info("seen.example", "wrong", None)).await, Reason::WrongAuthInfo);
            assert_eq!(client.refused(info("seen.example", "", None)).await, Reason::WrongAuthInfo);
            assert_eq!(client.refused(info("gone.example", PW, None)).await, Reason::NotFound);
        }

        // With a roid, the code of the object it names counts, and that must belong to the domain.
        let holder = roid_of(&mut alpha, "holder").await;
        let other = roid_of(&mut alpha, "other").await;
        beta.does(info("seen.example", "hold3R-pw", Some(&holder))).await;
        beta.does(info("seen.example", PW, Some(&own.roid))).await;
        let unknown = RoId::parse("C999-TEST").unwrap();
        for (pw, roid) in [(PW, &holder), ("oth3R-pw", &other), (PW, &other), (PW, &unknown)] {
            assert_eq!(beta.refused(info("seen.example", pw, Some(roid))).await, Reason::WrongAuthInfo);
        }

        for (filter, servers, below) in [
            (HostsFilter::All, 1, 1),
            (HostsFilter::Delegated, 1, 0),
            (HostsFilter::Subordinate, 0, 1),
            (HostsFilter::None, 0, 0),
        ] {
            let seen = beta.info_with("seen.example", filter, None).await;
            assert_eq!((seen.ns_objects.len(), seen.hosts.len()), (servers, below), "{filter:?}");
            assert_eq!(seen.statuses, [DomainStatus::Ok].into_iter().collect());
        }
    }

    async fn an_unset_password_opens_nothing(db: Db) {
        let registry = Registry::new(&db, "").await;
        let (mut alpha, mut beta) = (registry.client("alpha"), registry.client("beta"));
        let unset = DomainCreate { auth: auth(""), ..create("unset.example") };
        alpha.does(Command::DomainCreate(unset)).await;
        assert!(!alpha.info("unset.example").await.auth_set);
        for pw in ["", PW] {
            assert_eq!(beta.refused(info("unset.example", pw, None)).await, Reason::WrongAuthInfo);
            let request = Command::DomainTransferRequest(transfer("unset.example", Some(pw)));
            assert_eq!(beta.refused(request).await, Reason::WrongAuthInfo);
        }
    }
}

async fn roid_of(client: &mut Client, id: &str) -> RoId {
    let command = domesday::epp::command::ContactInfo { id: contact(id), auth: None };
    match client.does(Command::ContactInfo(command)).await {
        Reply::ContactInfo(data) => data.roid,
        other => panic!("{other:?}"),
    }
}
