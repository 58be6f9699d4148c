//! Mail: what goes into the outbox and what becomes of it, with a mail server of our own.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use domesday::clock::Ts;
use domesday::epp::command::{Command, DomainCreate, DomainTransfer};
use domesday::epp::notice::{About, Audience, Mailing, Notice, Words};
use domesday::epp::types::{AuthInfo, Lang, Secret};
use domesday::job::mail::{self, MailSettings, Mailer, SmtpSettings, SmtpTls, Way};
use domesday::refusal::Reason;
use domesday::store::Db;
use domesday::store::login::Attempt;
use domesday::store::mail::MailSettings as Chosen;
use domesday::store::outbox::{Mail, MailState};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

use crate::pg::{Place, on_both};
use crate::typed::{Registry, name, registrar};

/// A mail server that keeps what it is given.
#[derive(Clone)]
pub struct Sink {
    pub port: u16,
    taken: Arc<Mutex<Vec<Taken>>>,
    /// Whether it refuses every recipient at `bad.example`.
    pub picky: Arc<AtomicBool>,
}

/// What it was given.
#[derive(Clone, Debug)]
pub struct Taken {
    pub to: Vec<String>,
    pub text: String,
}

impl Taken {
    fn header(&self, name: &str) -> String {
        let line = self.text.lines().find(|line| line.starts_with(&format!("{name}: ")));
        line.map(|line| line[name.len() + 2..].to_owned()).unwrap_or_default()
    }
}

impl Sink {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let sink = Self { port, taken: Arc::default(), picky: Arc::default() };
        let serving = sink.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let sink = serving.clone();
                tokio::spawn(async move { sink.serve(stream).await });
            }
        });
        sink
    }

    /// As much of RFC 5321 as a client needs.
    async fn serve(self, stream: TcpStream) -> Option<()> {
        let mut stream = BufReader::new(stream);
        stream.write_all(b"220 sink.example\r\n").await.ok()?;
        let mut to = Vec::new();
        loop {
            let mut line = String::new();
            if stream.read_line(&mut line).await.ok()? == 0 {
                return None;
            }
            let verb = line.get(..4).unwrap_or_default().to_uppercase();
            let answer = match verb.as_str() {
                "RCPT" if line.contains("bad.example") && self.picky.load(Ordering::Relaxed) => {
                    "550 nobody of that name"
                }
                "RCPT" => {
                    let address = line.split(['<', '>']).nth(1).unwrap_or_default();
                    to.push(address.to_owned());
                    "250 ok"
                }
                "DATA" => {
                    stream.write_all(b"354 go on\r\n").await.ok()?;
                    let mut text = String::new();
                    while !text.ends_with("\r\n.\r\n") {
                        if stream.read_line(&mut text).await.ok()? == 0 {
                            return None;
                        }
                    }
                    let taken = Taken { to: std::mem::take(&mut to), text };
                    self.taken.lock().unwrap().push(taken);
                    "250 taken"
                }
                "QUIT" => "221 bye",
                "RSET" | "MAIL" => {
                    to.clear();
                    "250 ok"
                }
                _ => "250 sink.example",
            };
            stream.write_all(format!("{answer}\r\n").as_bytes()).await.ok()?;
        }
    }

    pub fn taken(&self) -> Vec<Taken> {
        self.taken.lock().unwrap().clone()
    }
}

pub fn over_smtp(port: u16, max_tries: i64) -> Mailer {
    let smtp = SmtpSettings {
        host: "127.0.0.1".to_owned(),
        port,
        tls: SmtpTls::None,
        ca: None,
        login: None,
        timeout: Duration::from_secs(30),
    };
    let from = "Registry <registry@registry.example>".to_owned();
    Mailer::new(&MailSettings { way: Way::Smtp(smtp), from, max_tries }).unwrap()
}

fn auth(pw: &str) -> AuthInfo {
    AuthInfo { pw: Secret::new(pw), roid: None }
}

fn create(domain: &str) -> Command {
    Command::DomainCreate(DomainCreate::of(name(domain), auth("2fooBAR-open")))
}

/// beta takes a domain of alpha.
async fn taken_away(registry: &Registry, domain: &str) {
    registry.client("alpha").does(create(domain)).await;
    let auth = Some(auth("2fooBAR-open"));
    let request =
        DomainTransfer { name: name(domain), period: None, auth, anew: None, allocation: None, fee: None };
    registry.client("beta").does(Command::DomainTransferRequest(request)).await;
}

async fn choose(registry: &Registry, of: &str, chosen: Chosen) {
    let of = registrar(of);
    let put = registry.gate.db().write(move |tx| {
        let (of, chosen) = (of.clone(), chosen.clone());
        Box::pin(async move { tx.mail_settings_put(&of, &chosen).await })
    });
    put.await.unwrap();
}

/// Poll off, an address for machines, French before English.
fn by_mail() -> Chosen {
    Chosen {
        poll: Some(false),
        automated: Some("bot@alpha.example".to_owned()),
        langs: vec![Lang::Fr, Lang::En],
        ..Chosen::default()
    }
}

pub async fn outbox(db: &Db, of: &str) -> Vec<Mail> {
    let of = registrar(of);
    db.read(move |tx| Box::pin(async move { tx.mails_of(&of, 1000).await })).await.unwrap()
}

async fn waiting(db: &Db, of: &str) -> u64 {
    let of = registrar(of);
    db.read(move |tx| Box::pin(async move { tx.poll_count(&of).await })).await.unwrap()
}

const AT_ONCE: &str = "transfer.mode = \"immediate\"";

on_both! {
    /// Vector 8, the part of poll.
    async fn while_poll_is_off_events_go_as_structured_mail(db: Db) {
        let registry = Registry::new(&db, AT_ONCE).await;
        let mut alpha = registry.client("alpha");
        taken_away(&registry, "one.example").await;
        assert_eq!(waiting(&db, "alpha").await, 1);
        choose(&registry, "alpha", by_mail()).await;
        assert_eq!(alpha.refused(Command::PollRequest).await, Reason::PollOff);
        taken_away(&registry, "two.example").await;
        // The queue is as it was; the event is one mail.
        assert_eq!(waiting(&db, "alpha").await, 1);
        let mails = outbox(&db, "alpha").await;
        assert_eq!(mails.len(), 1);
        let mail = &mails[0];
        assert_eq!(mail.recipients, ["bot@alpha.example"]);
        assert_eq!(mail.subject, "TRANSFER AWAY two.example");
        assert!(mail.body.starts_with("Transfert effectué.\n\nTransfer done.\n"));
        let block = mail.body.split("-----BEGIN NOTICE-----\n").nth(1).unwrap();
        let block = block.strip_suffix("-----END NOTICE-----\n").unwrap();
        let pairs: Vec<_> = block.lines().map(|line| line.split_once(": ").unwrap()).collect();
        for pair in [
            ("ID", &*mail.id.to_string()),
            ("REGISTRAR", "alpha"),
            ("TYPE", "TRANSFER"),
            ("ACTION", "AWAY"),
            ("RETURNCODE", "1000"),
            ("DOMAIN", "two.example"),
            ("REQUESTER", "beta"),
        ] {
            assert!(pairs.contains(&pair), "{pair:?} is missing in {block}");
        }
        choose(&registry, "alpha", Chosen { poll: Some(true), ..by_mail() }).await;
        assert!(alpha.message().await.is_some());
        assert_eq!(alpha.message().await, None);
    }

    async fn an_event_that_is_undone_leaves_no_mail(db: Db) {
        let registry = Registry::new(&db, AT_ONCE).await;
        choose(&registry, "alpha", by_mail()).await;
        registry.client("alpha").does(create("one.example")).await;
        let auth = Some(auth("wrong-2BAR"));
        let request = DomainTransfer { name: name("one.example"), period: None, auth, anew: None, allocation: None, fee: None };
        let refused = registry.client("beta").refused(Command::DomainTransferRequest(request)).await;
        assert_eq!(refused, Reason::WrongAuthInfo);
        assert!(outbox(&db, "alpha").await.is_empty());
        // Nor does one whose work is given up after it.
        registry.set_mail("alpha", "office@alpha.example").await;
        let words = Words { subject: "A letter".to_owned(), body: "Text.".to_owned() };
        let notice = Notice::Mailing(Mailing { about: About::Legal, words: vec![(Lang::En, words)] });
        let send = |keep: bool| {
            let notice = notice.clone();
            registry.gate.run_job("notice:send", "alpha".to_owned(), move |cx| {
                let notice = notice.clone();
                Box::pin(async move {
                    cx.notify(&registrar("alpha"), notice);
                    Ok(keep)
                })
            })
        };
        assert!(!send(false).await.unwrap());
        assert!(outbox(&db, "alpha").await.is_empty());
        assert!(send(true).await.unwrap());
        assert_eq!(outbox(&db, "alpha").await.len(), 1);
    }

    async fn profiles_say_whether_there_is_a_switch_and_what_it_does(db: Db) {
        let registry = Registry::new(&db, AT_ONCE).await;
        choose(&registry, "alpha", by_mail()).await;
        let strict = registry.beside(&db, 2, "account.poll.opt_in = false");
        strict.client("alpha").does(Command::PollRequest).await;
        let closed = registry.beside(&db, 3, "account.poll.default_on = false\naccount.poll.fallback = \"none\"");
        assert_eq!(closed.client("gamma").refused(Command::PollRequest).await, Reason::PollOff);
        taken_away(&closed, "lost.example").await;
        let quiet = registry.beside(&db, 4, "account.notify.disabled_kinds = [\"transferred_away\"]");
        taken_away(&quiet, "quiet.example").await;
        assert!(outbox(&db, "alpha").await.is_empty());
        assert_eq!(waiting(&db, "alpha").await, 0);
        // Nobody can get it: it is kept for the operator.
        choose(&registry, "alpha", Chosen { poll: Some(false), ..Chosen::default() }).await;
        taken_away(&registry, "nowhere.example").await;
        let mails = outbox(&db, "alpha").await;
        assert_eq!((mails.len(), mails[0].state), (1, MailState::Dead));
    }

    /// S40, S41.
    async fn a_category_goes_to_its_own_addresses_or_falls_back(db: Db) {
        let registry = Registry::new(&db, "").await;
        registry.set_mail("alpha", "office@alpha.example").await;
        let words = |subject: &str| Words { subject: subject.to_owned(), body: "Text.".to_owned() };
        let words = vec![(Lang::En, words("English")), (Lang::Fr, words("Français"))];
        let send = |about| {
            let notice = Notice::Mailing(Mailing { about, words: words.clone() });
            registry.gate.run_job("notice:send", "alpha".to_owned(), move |cx| {
                let notice = notice.clone();
                Box::pin(async move {
                    cx.notify(&registrar("alpha"), notice);
                    Ok(true)
                })
            })
        };
        for about in [About::Newsletter, About::Abuse, About::Legal, About::Report, About::WrongData, About::Maintenance] {
            send(about).await.unwrap();
        }
        let to = |mails: Vec<Mail>| mails.into_iter().map(|m| (m.category, m.recipients)).collect::<Vec<_>>();
        let general = vec!["office@alpha.example".to_owned()];
        let mut seen = to(outbox(&db, "alpha").await);
        seen.sort();
        let expected = ["legal", "reports", "technical", "wrong-data"].map(|c| (c.to_owned(), general.clone()));
        assert_eq!(seen, expected);
        let own = ["a@alpha.example".to_owned(), "b@alpha.example".to_owned()];
        let put = own.clone();
        db.write(move |tx| {
            let put = put.clone();
            Box::pin(async move { tx.mail_addresses_put(&registrar("alpha"), Audience::Newsletter, &put).await })
        }).await.unwrap();
        choose(&registry, "alpha", Chosen { langs: vec![Lang::Fr], ..Chosen::default() }).await;
        send(About::Newsletter).await.unwrap();
        let mails = outbox(&db, "alpha").await;
        let letter = mails.iter().find(|mail| mail.category == "newsletter").unwrap();
        assert_eq!((&letter.recipients[..], letter.subject.as_str()), (&own[..], "Français"));
        // An event for machines, meanwhile, is polled: a category is another thing.
        assert_eq!(waiting(&db, "alpha").await, 0);
    }

    async fn two_servers_share_one_outbox_and_send_each_mail_once(db: Db, place: &Place) {
        let first = Registry::new(&db, AT_ONCE).await;
        choose(&first, "alpha", by_mail()).await;
        for n in 0..30 {
            taken_away(&first, &format!("n{n}.example")).await;
        }
        let second = first.beside(&place.open().await, 2, "");
        let sink = Sink::start().await;
        let mailer = over_smtp(sink.port, 5);
        let (one, two) = tokio::join!(mail::pass(&first.gate, &mailer), mail::pass(&second.gate, &mailer));
        assert_eq!(one.unwrap() + two.unwrap(), 30);
        let mut ids: Vec<_> = sink.taken().iter().map(|mail| mail.header("Message-ID")).collect();
        ids.sort();
        ids.dedup();
        assert_eq!((ids.len(), sink.taken().len()), (30, 30));
        let mails = outbox(&db, "alpha").await;
        assert!(mails.iter().all(|mail| mail.state == MailState::Sent && mail.tries == 1));
        let first_mail = &sink.taken()[0];
        assert_eq!(first_mail.to, ["bot@alpha.example"]);
        assert!(first_mail.header("From").contains("registry@registry.example"));
        assert_eq!(first_mail.header("Auto-Submitted"), "auto-generated");
        assert_eq!(mail::pass(&first.gate, &mailer).await.unwrap(), 0);
    }

    /// A server that dies between sending a mail and noting it has it sent again, under the same Message-ID.
    async fn what_a_server_took_and_did_not_finish_is_taken_again_after_its_lease(db: Db) {
        let registry = Registry::new(&db, AT_ONCE).await;
        choose(&registry, "alpha", by_mail()).await;
        taken_away(&registry, "one.example").await;
        let id = outbox(&db, "alpha").await[0].id;
        let now = registry.gate.clock().now();
        let take = db.write(move |tx| Box::pin(async move { tx.mail_take(id, now, now.plus_seconds(300)).await }));
        assert!(take.await.unwrap().is_some());
        let again = db.write(move |tx| Box::pin(async move { tx.mail_take(id, now, now.plus_seconds(300)).await }));
        assert!(again.await.unwrap().is_none());
        // The operator cannot have it sent anew beside that.
        let anew = |at: Ts| {
            let to = vec!["bot@alpha.example".to_owned()];
            db.write(move |tx| {
                let to = to.clone();
                Box::pin(async move { tx.mail_again(id, &to, at).await })
            })
        };
        assert!(!anew(now.plus_seconds(299)).await.unwrap());
        let sink = Sink::start().await;
        let mailer = over_smtp(sink.port, 5);
        assert_eq!(mail::pass(&registry.gate, &mailer).await.unwrap(), 0);
        registry.gate.clock().advance(301);
        assert!(anew(registry.gate.clock().now()).await.unwrap());
        assert_eq!(mail::pass(&registry.gate, &mailer).await.unwrap(), 1);
        assert_eq!(sink.taken()[0].header("Message-ID"), format!("<{id}.notice@registry.example>"));
    }

    async fn a_server_that_is_away_is_tried_again_with_pauses_and_given_up(db: Db) {
        let registry = Registry::new(&db, AT_ONCE).await;
        choose(&registry, "alpha", by_mail()).await;
        taken_away(&registry, "one.example").await;
        let nobody = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = nobody.local_addr().unwrap().port();
        drop(nobody);
        let mailer = over_smtp(port, 3);
        for (pause, tries) in [(60, 1), (120, 2), (0, 3)] {
            assert_eq!(mail::pass(&registry.gate, &mailer).await.unwrap(), 0);
            let mail = &outbox(&db, "alpha").await[0];
            assert_eq!(mail.tries, tries);
            assert!(!mail.error.is_empty());
            registry.gate.clock().advance(pause / 2);
            mail::pass(&registry.gate, &mailer).await.unwrap();
            assert_eq!(outbox(&db, "alpha").await[0].tries, tries, "it was tried before its pause was over");
            registry.gate.clock().advance(pause - pause / 2 + 1);
        }
        assert_eq!(outbox(&db, "alpha").await[0].state, MailState::Dead);
        // The operator has it sent once there is a server.
        let sink = Sink::start().await;
        let (id, now) = (outbox(&db, "alpha").await[0].id, registry.gate.clock().now());
        db.write(move |tx| Box::pin(async move {
            tx.mail_again(id, &["other@alpha.example".to_owned()], now).await
        })).await.unwrap();
        assert_eq!(mail::pass(&registry.gate, &over_smtp(sink.port, 3)).await.unwrap(), 1);
        assert_eq!(sink.taken()[0].to, ["other@alpha.example"]);
    }

    async fn a_row_that_cannot_be_read_does_not_hold_up_the_next(db: Db) {
        let registry = Registry::new(&db, AT_ONCE).await;
        choose(&registry, "alpha", by_mail()).await;
        for domain in ["one.example", "two.example"] {
            taken_away(&registry, domain).await;
        }
        let first = outbox(&db, "alpha").await.iter().map(|mail| mail.id).min().unwrap();
        db.write(move |tx| {
            Box::pin(async move {
                let row = "INSERT INTO registrar (id, name, enabled, created_at, updated_at) VALUES ('x', 'x', 1, 1, 1)";
                tx.exec(row, &[]).await?;
                tx.exec("UPDATE mail_outbox SET registrar = ?2, next_at = 0 WHERE id = ?1", &[first.into(), "x".into()])
                    .await
            })
        })
        .await
        .unwrap();
        let sink = Sink::start().await;
        assert_eq!(mail::pass(&registry.gate, &over_smtp(sink.port, 5)).await.unwrap(), 1);
        // It is left alone for a while rather than tried with every pass.
        let due = registry.gate.clock().now();
        assert!(db.read(move |tx| Box::pin(tx.mails_due(due, 10))).await.unwrap().is_empty());
    }

    async fn a_mail_that_is_refused_does_not_hold_up_the_next(db: Db) {
        let registry = Registry::new(&db, AT_ONCE).await;
        let bad = Chosen { automated: Some("x@bad.example".to_owned()), ..by_mail() };
        choose(&registry, "alpha", bad).await;
        taken_away(&registry, "one.example").await;
        choose(&registry, "alpha", by_mail()).await;
        taken_away(&registry, "two.example").await;
        let sink = Sink::start().await;
        sink.picky.store(true, Ordering::Relaxed);
        assert_eq!(mail::pass(&registry.gate, &over_smtp(sink.port, 1)).await.unwrap(), 1);
        let mails = outbox(&db, "alpha").await;
        let states: Vec<_> = mails.iter().map(|mail| (mail.state, mail.error.contains("550"))).collect();
        assert_eq!(states, [(MailState::Sent, false), (MailState::Dead, true)]);
    }

    async fn what_nobody_collects_is_forgotten_in_time(db: Db) {
        let registry = Registry::with_accounts(&db, AT_ONCE, "account.poll.retention_days = 365").await;
        taken_away(&registry, "one.example").await;
        choose(&registry, "gamma", by_mail()).await;
        let now = registry.gate.clock().now();
        let attempt = Attempt {
            id: registry.gate.ids().next(),
            at: now,
            user: "alpha".to_owned(),
            registrar: None,
            address: "192.0.2.1".to_owned(),
            outcome: "success".to_owned(),
            counted: false,
            agent: Default::default(),
        };
        db.write(move |tx| {
            let attempt = attempt.clone();
            Box::pin(async move { tx.login_attempt(&attempt).await })
        }).await.unwrap();
        registry.pass_days(364);
        domesday::job::pass(&registry.gate).await.unwrap();
        assert_eq!(waiting(&db, "alpha").await, 1);
        // A queue that is frozen is no exception (C15).
        choose(&registry, "alpha", by_mail()).await;
        registry.pass_days(2);
        domesday::job::pass(&registry.gate).await.unwrap();
        assert_eq!(waiting(&db, "alpha").await, 0);
        assert_eq!(logins(&db).await, 1);
        registry.pass_days(35);
        domesday::job::pass(&registry.gate).await.unwrap();
        assert_eq!(logins(&db).await, 0);
    }
}

async fn logins(db: &Db) -> usize {
    db.read(|tx| Box::pin(async move { tx.login_attempts("alpha", 10).await })).await.unwrap().len()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn for_development_mail_goes_into_files() {
    let place = Place::sqlite();
    let db = place.migrated().await;
    let registry = Registry::new(&db, AT_ONCE).await;
    choose(&registry, "alpha", by_mail()).await;
    taken_away(&registry, "one.example").await;
    let folder = tempfile::tempdir().unwrap();
    let way = Way::Folder(PathBuf::from(folder.path()));
    let mailer =
        Mailer::new(&MailSettings { way, from: "registry@registry.example".to_owned(), max_tries: 1 });
    assert_eq!(mail::pass(&registry.gate, &mailer.unwrap()).await.unwrap(), 1);
    let files: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
    assert_eq!(files.len(), 1);
    let text = std::fs::read_to_string(files[0].as_ref().unwrap().path()).unwrap();
    assert!(text.contains("Subject: TRANSFER AWAY one.example"), "{text}");
    // The sent mail is forgotten after some time.
    registry.pass_days(31);
    domesday::job::pass(&registry.gate).await.unwrap();
    assert!(outbox(&db, "alpha").await.is_empty());
}
