//! Tokens and what goes along in a transfer: who wins, what is undone, and that a code is nowhere to be read.

use super::ageing::auto_renew;
use super::racing::together;
use super::*;
use crate::pg::on_both;
use crate::typed::{Registry, registrar};
use domesday::epp::command::DomainAddRem;
use domesday::epp::reply::{MessageData, TransferData, TransferStatus};
use domesday::epp::types::{DomainName, Management, RegistrarId};
use domesday::epp::types::{DsData, SecDnsData, SecDnsRecords};
use domesday::store::Db;
use domesday::store::life::Life;
use domesday::store::management::Managed;
use domesday::store::transfer::TransferRow;

/// The rules of zones whose tokens the registry makes.
const TOKENS: &str = "transfer.mode = \"immediate\"\ntransfer.contacts = \"clone\"\ntransfer.redelegation_token = true\n\
    transfer.code.kind = \"registry_token\"\ntransfer.code.format = \"{role}-{op}-{hex32}\"";

fn asks(domain: &str, word: &str) -> Command {
    Command::DomainUpdate(DomainUpdate { auth: Some(Some(auth(word))), ..update(domain) })
}

fn requests(domain: &str, pw: Option<&str>) -> Command {
    Command::DomainTransferRequest(transfer(domain, pw))
}

/// Another registrar's change of name servers.
fn redelegates(domain: &str, host: &str, token: &str) -> Command {
    let add = DomainAddRem { ns: objects(&[host]), ..DomainAddRem::default() };
    Command::DomainUpdate(DomainUpdate { add: Some(add), auth: Some(Some(auth(token))), ..update(domain) })
}

impl Client {
    /// Has a token made and reads it.
    async fn token(&mut self, domain: &str, word: &str) -> String {
        self.does(asks(domain, word)).await;
        let shown = self.info(domain).await.token.expect("a token is shown");
        shown.pw.expose().to_owned()
    }

    async fn moves(&mut self, command: Command) -> TransferData<DomainName> {
        match self.does(command).await {
            Reply::DomainTransfer(data) => data,
            other => panic!("{other:?}"),
        }
    }
}

/// How a domain goes on, and who manages it.
async fn kept(db: &Db, domain: &'static str) -> (Life, Management) {
    let read = db.read(move |tx| {
        Box::pin(async move {
            let row = tx.domain_by_name(&name(domain)).await?.unwrap();
            let model = tx.management(Managed::Domain, row.id).await?;
            Ok((row.life, model))
        })
    });
    read.await.unwrap()
}

async fn undone(registry: &Registry, domain: &'static str) -> Result<TransferRow, String> {
    let work = registry.gate.run_registry("cli", "domain:transfer-undo", domain.to_owned(), move |cx| {
        Box::pin(async move {
            domesday::flow::domain::transfer::undo::run(cx, &name(domain))
                .await
                .map(domesday::gate::Ended::Keep)
        })
    });
    work.await.map_err(|cause| cause.to_string())
}

on_both! {
    async fn of_many_with_one_token_one_has_the_domain(db: Db) {
        let registry = Registry::new(&db, TOKENS).await;
        let other = registry.beside(&db, 2, "");
        let mut alpha = registry.client("alpha");
        for round in 0..3 {
            let domain = format!("prize-{round}.example");
            alpha.register(&domain).await;
            let token = alpha.token(&domain, "autotransfer").await;
            let ask = |(place, who): (&Registry, &str)| (place.client(who), requests(&domain, Some(&token)));
            let everybody =
                [(&registry, "beta"), (&other, "beta"), (&registry, "gamma"), (&other, "gamma"), (&other, "beta")];
            let codes = together(everybody.map(ask).into()).await;
            // Who comes second as the winner's other session is told that the domain is there already.
            assert_eq!(codes.iter().filter(|code| **code == 1000).count(), 1, "{codes:?}");
            assert!(codes[1..].iter().all(|code| matches!(code, 2106 | 2202)), "{codes:?}");
            assert!(codes.contains(&2202), "{codes:?}");
        }
    }

    async fn of_many_with_one_token_one_changes_name_servers(db: Db) {
        let registry = Registry::new(&db, TOKENS).await;
        let other = registry.beside(&db, 2, "");
        let mut alpha = registry.client("alpha");
        alpha.register("served.example").await;
        for host in ["ns1.other.test", "ns2.other.test", "ns3.other.test"] {
            alpha.does(make_host(host, "")).await;
        }
        let token = alpha.token("served.example", "autoredel").await;
        let ask = |(place, who, host): (&Registry, &str, &str)| {
            (place.client(who), redelegates("served.example", host, &token))
        };
        let codes = together([
            (&registry, "beta", "ns1.other.test"),
            (&other, "gamma", "ns2.other.test"),
            (&other, "beta", "ns3.other.test"),
        ].map(ask).into()).await;
        assert_eq!(codes, [1000, 2202, 2202]);
        assert_eq!(alpha.info("served.example").await.ns_objects.len(), 1);
        let told = alpha.message().await.expect("the sponsor is told");
        assert!(told.text.contains("served.example"), "{}", told.text);
    }

    async fn a_redelegation_that_takes_the_delegation_signers_is_told_whole(db: Db) {
        let rules = format!("{TOKENS}\ndnssec.flush_on_ns_change = true");
        let registry = Registry::new(&db, rules.leak()).await;
        let mut alpha = registry.client("alpha");
        alpha.does(make_host("ns1.other.test", "")).await;
        let ds = DsData {
            key_tag: 12_345,
            alg: 13,
            digest_type: 2,
            digest: "AB".repeat(32),
            key: None,
        };
        let given = SecDnsData { max_sig_life: None, records: SecDnsRecords::Ds(vec![ds]) };
        let signed = DomainCreate { sec_dns: Some(given), ..create("signed.example") };
        alpha.does(Command::DomainCreate(signed)).await;
        let token = alpha.token("signed.example", "autoredel").await;
        registry.client("beta").does(redelegates("signed.example", "ns1.other.test", &token)).await;
        let mut told = Vec::new();
        while let Some(message) = alpha.message().await {
            told.push(message.text);
        }
        assert!(told.iter().any(|text| text.starts_with("DNSSEC data removed")), "{told:?}");
        assert!(told.iter().any(|text| text.starts_with("Name servers of signed.example")), "{told:?}");
    }

    async fn a_code_stands_nowhere_but_in_its_answer(db: Db) {
        let registry = Registry::new(&db, TOKENS).await;
        let mut alpha = registry.client("alpha");
        alpha.register("secret.example").await;
        let token = alpha.token("secret.example", "autotransfer").await;
        let unique = token.rsplit('-').next().unwrap().to_owned();
        let seen = alpha.info("secret.example").await;
        assert!(!format!("{seen:?}").contains(&unique));
        assert!(!serde_json::to_string(&seen).unwrap().contains(&unique));
        registry.client("beta").refused(requests("secret.example", Some("REG-TRANSFER-0"))).await;
        let kept = db.read(move |tx| Box::pin(async move {
            let domain = tx.domain_by_name(&name("secret.example")).await?.unwrap();
            let row = tx.token_of(domain.id).await?.unwrap();
            let audit = tx.audit_of_object("secret.example", 100).await?;
            Ok(format!("{} {} {audit:?} {domain:?}", row.seed, row.digest))
        })).await.unwrap();
        assert!(!kept.contains(&unique), "{kept}");
    }

    async fn a_changed_key_shows_no_token_and_takes_it_all_the_same(db: Db) {
        let registry = Registry::new(&db, TOKENS).await;
        let other = registry.beside(&db, 2, "");
        let other = Registry { gate: other.gate.with_token_key(Secret::new("another key, long enough to be one")) };
        let mut alpha = registry.client("alpha");
        alpha.register("rekeyed.example").await;
        let token = alpha.token("rekeyed.example", "autotransfer").await;
        let seen = other.client("alpha").info("rekeyed.example").await;
        assert!(seen.token.is_none() && seen.auth_set);
        let done = other.client("beta").moves(requests("rekeyed.example", Some(&token))).await;
        assert_eq!((done.status, done.actor), (TransferStatus::ClientApproved, registrar("alpha")));
    }

    async fn guesses_are_counted_whoever_asks_where(db: Db) {
        let registry = Registry::new(&db, "auth.max_wrong_per_day = 3").await;
        let other = registry.beside(&db, 2, "");
        registry.client("alpha").register("guessed.example").await;
        let look = |pw: &str| {
            let auth = Some(auth(pw));
            Command::DomainInfo(DomainInfo { name: name("guessed.example"), hosts: HostsFilter::All, auth, ttl: None, allocation: false, launch: None })
        };
        for place in [&registry, &other, &registry] {
            assert_eq!(place.client("beta").refused(look("wrong-PW-1")).await, Reason::WrongAuthInfo);
        }
        for place in [&registry, &other] {
            assert_eq!(place.client("beta").refused(look(PW)).await, Reason::TooManyWrongCodes);
            let request = requests("guessed.example", Some(PW));
            assert_eq!(place.client("beta").refused(request).await, Reason::TooManyWrongCodes);
        }
        registry.client("gamma").does(look(PW)).await;
        registry.pass_days(1);
        registry.client("beta").does(look(PW)).await;
        // Yesterday's are forgotten, however many.
        let day = registry.gate.clock().now().0 / domesday::clock::Ts::DAY;
        let by = crate::typed::registrar("beta");
        db.write(move |tx| {
            let by = by.clone();
            Box::pin(async move {
                for n in 0..150 {
                    tx.wrong_code_tried(&format!("domain:n-{n}.example"), &by, day - 1).await?;
                }
                Ok(())
            })
        })
        .await
        .unwrap();
        domesday::job::pass(&registry.gate).await.unwrap();
        assert!(!db.read(move |tx| Box::pin(tx.wrong_codes_before(day))).await.unwrap());
    }

    async fn who_serves_a_domain_may_need_no_code(db: Db) {
        let rules = "transfer.mode = \"immediate\"\ntransfer.without_code = \"linked_ns_admin\"";
        let registry = Registry::new(&db, rules).await;
        let (mut alpha, mut beta) = (registry.client("alpha"), registry.client("beta"));
        beta.does(make_host("ns1.other.test", "")).await;
        alpha.does(make_host("ns2.other.test", "")).await;
        for (domain, hosts, served) in [
            ("none.example", &[][..], false),
            ("some.example", &["ns1.other.test", "ns2.other.test"], false),
            ("all.example", &["ns1.other.test"], true),
        ] {
            let ns = if hosts.is_empty() { None } else { objects(hosts) };
            alpha.does(Command::DomainCreate(DomainCreate { ns, ..create(domain) })).await;
            if served {
                let done = beta.moves(requests(domain, None)).await;
                assert_eq!((done.status, done.actor), (TransferStatus::ServerApproved, registrar("registry")));
            } else {
                assert_eq!(beta.refused(requests(domain, None)).await, Reason::AuthInfoMissing);
            }
            assert_eq!(registry.client("gamma").refused(requests(domain, None)).await, Reason::AuthInfoMissing);
        }
    }

    async fn an_undone_transfer_leaves_everything_as_it_was(db: Db) {
        let registry = Registry::new(&db, TOKENS).await;
        let (mut alpha, mut beta) = (registry.client("alpha"), registry.client("beta"));
        alpha.does(make_contact("holder", PW)).await;
        let made = DomainCreate {
            registrant: Some(contact("holder")),
            contacts: roles(&[(ContactRole::Tech, "holder"), (ContactRole::Admin, "holder")]),
            ..create("back.example")
        };
        alpha.does(Command::DomainCreate(made)).await;
        alpha.does(make_host("ns1.back.example", "192.0.2.1")).await;
        let before = alpha.info("back.example").await;
        assert!(undone(&registry, "back.example").await.unwrap_err().contains("never transferred"));
        let token = alpha.token("back.example", "autotransfer").await;
        let done = beta.moves(requests("back.example", Some(&token))).await;
        let taken = beta.info("back.example").await;
        assert_ne!(taken.registrant, before.registrant);
        assert_eq!((taken.expires, done.expires), (before.expires.unwrap().plus_months(12), taken.expires));
        for client in [&mut alpha, &mut beta] {
            while client.message().await.is_some() {}
        }
        beta.token("back.example", "autotransfer").await;

        let row = undone(&registry, "back.example").await.unwrap();
        assert_eq!((row.loser, row.requester), (registrar("alpha"), registrar("beta")));
        let after = alpha.info("back.example").await;
        assert_eq!((&after.registrant, &after.contacts), (&before.registrant, &before.contacts));
        assert_eq!((after.expires, after.sponsor.clone()), (before.expires, registrar("alpha")));
        assert!(after.token.is_none() && !after.auth_set);
        assert_eq!(after.rgp, [], "the transfer's grace is over");
        let sponsor = |data: Reply| -> RegistrarId {
            match data {
                Reply::HostInfo(host) => host.sponsor,
                other => panic!("{other:?}"),
            }
        };
        let host = domesday::epp::command::HostInfo { name: name("ns1.back.example"), ttl: None };
        assert_eq!(sponsor(alpha.does(Command::HostInfo(host)).await), registrar("alpha"));
        for client in [&mut alpha, &mut beta] {
            let told = client.message().await.expect("both are told");
            assert!(told.text.contains("ndone"), "{}", told.text);
        }
        assert!(undone(&registry, "back.example").await.is_err());
    }

    async fn an_undone_transfer_is_renewed_and_managed_as_before(db: Db) {
        let rules = "transfer.mode = \"immediate\"\nexpiry.mode = \"month_end\"\nautorenew.per_domain = true\n\
                     management.models = [\"registrar\", \"registrant\"]\ndelete.mode = \"scheduled\"\n\
                     delete.date_ext = true\ngrace.add_days = 0";
        let registry = Registry::new(&db, rules).await;
        let (mut alpha, mut beta) = (registry.client("alpha"), registry.client("beta"));
        let set = db.write(|tx| {
            Box::pin(async move {
                tx.account_management_set(&registrar("beta"), Some(Management::Registrant)).await
            })
        });
        set.await.unwrap();
        alpha.register("back.example").await;
        alpha.does(auto_renew("back.example", false)).await;
        let before = kept(&db, "back.example").await;
        let day = registry.gate.clock().now().plus_days(9).date();
        let later = DomainDelete { name: name("back.example"), on: Some(day), overwrite: false, launch: None };
        alpha.does(Command::DomainDelete(later)).await;
        beta.moves(requests("back.example", Some(PW))).await;
        let taken = kept(&db, "back.example").await;
        assert!(taken.0.auto_renew && taken.0.delete_at.is_none() && taken.0.renew_at > before.0.renew_at);
        assert_eq!(taken.1, Management::Registrant);
        let mut stopped = 0;
        while let Some(message) = alpha.message().await {
            stopped += usize::from(matches!(&message.data, Some(MessageData::DomainPending(end)) if !end.success));
        }
        assert_eq!(stopped, 1, "the deletion that was answered 1001 is off, and who asked for it knows");
        undone(&registry, "back.example").await.unwrap();
        assert_eq!(kept(&db, "back.example").await, before);
    }
}
