//! The matrix of `matrix.txt`: what each command answers, by the state of the object and by who asks. It is one file
//! to read from end to end: a row is a command, a column who asks, a block the state of the object.
//!
//! Every cell has an object of its own, so that no answer depends on another. `GOLDEN=write` writes the file.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use crate::client::{Account, Client, Reply, login_body};
use crate::script::Setup;
use crate::subject::{Engine, Subject};

/// Who asks.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Stranger,
    Undeclared,
    Sponsor,
    Other,
    Requester,
}

const ROLES: &[(Role, &str)] = &[
    (Role::Stranger, "no login"),
    (Role::Undeclared, "undeclared"),
    (Role::Sponsor, "sponsor"),
    (Role::Other, "other"),
    (Role::Requester, "requester"),
];

/// A state of an object: its name, and what brings it about.
type State = (&'static str, &'static [Deed]);

enum Deed {
    /// The object is not made at all.
    Absent,
    /// A status a client may set.
    Client(&'static str),
    /// A status the operator sets.
    Server(&'static str),
    /// Registrar b asks for a transfer.
    TransferAsked,
    /// It is used by a domain of its own sponsor.
    Linked,
    /// It is used by a domain of another registrar.
    LinkedElsewhere,
    /// A host stands below it.
    Subordinate,
    /// The operator sets a status of the domain above it.
    Above(&'static str),
}
use Deed::{Above, Absent, Client as C, Linked, LinkedElsewhere, Server as S, Subordinate, TransferAsked};

/// Commands by name, with their bodies; `NAME` is the object.
type Commands = &'static [(&'static str, &'static str)];

const DOMAIN_STATES: &[State] = &[
    ("absent", &[Absent]),
    ("plain", &[]),
    ("clientDeleteProhibited", &[C("clientDeleteProhibited")]),
    ("clientHold", &[C("clientHold")]),
    ("clientRenewProhibited", &[C("clientRenewProhibited")]),
    ("clientTransferProhibited", &[C("clientTransferProhibited")]),
    ("clientUpdateProhibited", &[C("clientUpdateProhibited")]),
    ("serverDeleteProhibited", &[S("serverDeleteProhibited")]),
    ("serverHold", &[S("serverHold")]),
    ("serverRenewProhibited", &[S("serverRenewProhibited")]),
    ("serverTransferProhibited", &[S("serverTransferProhibited")]),
    ("serverUpdateProhibited", &[S("serverUpdateProhibited")]),
    ("subordinate host", &[Subordinate]),
    ("pendingTransfer", &[TransferAsked]),
    ("pendingDelete", &[S("pendingDelete")]),
];

const DOMAIN_COMMANDS: Commands = &[
    ("domain:check", "<name>NAME</name>"),
    ("domain:info", "<name>NAME</name>"),
    ("domain:create", "<name>NAME</name><authInfo><pw>Domain-Pw-1</pw></authInfo>"),
    ("domain:update", "<name>NAME</name><chg><authInfo><pw>Domain-Pw-2</pw></authInfo></chg>"),
    ("domain:renew", "<name>NAME</name><curExpDate>EXPIRY</curExpDate>"),
    ("domain:transfer op=\"query\"", "<name>NAME</name>"),
    ("domain:transfer op=\"request\"", "<name>NAME</name><authInfo><pw>Domain-Pw-1</pw></authInfo>"),
    ("domain:transfer op=\"approve\"", "<name>NAME</name>"),
    ("domain:transfer op=\"reject\"", "<name>NAME</name>"),
    ("domain:transfer op=\"cancel\"", "<name>NAME</name>"),
    ("domain:delete", "<name>NAME</name>"),
];

const CONTACT_STATES: &[State] = &[
    ("absent", &[Absent]),
    ("plain", &[]),
    ("clientDeleteProhibited", &[C("clientDeleteProhibited")]),
    ("clientTransferProhibited", &[C("clientTransferProhibited")]),
    ("clientUpdateProhibited", &[C("clientUpdateProhibited")]),
    ("serverDeleteProhibited", &[S("serverDeleteProhibited")]),
    ("serverTransferProhibited", &[S("serverTransferProhibited")]),
    ("serverUpdateProhibited", &[S("serverUpdateProhibited")]),
    ("linked", &[Linked]),
    ("pendingTransfer", &[TransferAsked]),
];

const CONTACT_CREATE: &str = "<id>NAME</id><postalInfo type=\"int\"><name>Ada</name><addr><city>Dublin</city>\
    <cc>IE</cc></addr></postalInfo><email>ada@ada.example</email><authInfo><pw>Contact-Pw-1</pw></authInfo>";

const CONTACT_COMMANDS: Commands = &[
    ("contact:check", "<id>NAME</id>"),
    ("contact:info", "<id>NAME</id>"),
    ("contact:create", CONTACT_CREATE),
    ("contact:update", "<id>NAME</id><chg><email>bob@bob.example</email></chg>"),
    ("contact:transfer op=\"query\"", "<id>NAME</id>"),
    ("contact:transfer op=\"request\"", "<id>NAME</id><authInfo><pw>Contact-Pw-1</pw></authInfo>"),
    ("contact:transfer op=\"approve\"", "<id>NAME</id>"),
    ("contact:transfer op=\"reject\"", "<id>NAME</id>"),
    ("contact:transfer op=\"cancel\"", "<id>NAME</id>"),
    ("contact:delete", "<id>NAME</id>"),
];

const HOST_STATES: &[State] = &[
    ("absent", &[Absent]),
    ("plain", &[]),
    ("clientDeleteProhibited", &[C("clientDeleteProhibited")]),
    ("clientUpdateProhibited", &[C("clientUpdateProhibited")]),
    ("serverDeleteProhibited", &[S("serverDeleteProhibited")]),
    ("serverUpdateProhibited", &[S("serverUpdateProhibited")]),
    ("linked", &[Linked]),
    ("linked elsewhere", &[LinkedElsewhere]),
];

const HOST_COMMANDS: Commands = &[
    ("host:check", "<name>NAME</name>"),
    ("host:info", "<name>NAME</name>"),
    ("host:create", "<name>NAME</name>"),
    ("host:update", "<name>NAME</name><chg><name>renamed-NAME</name></chg>"),
    ("host:delete", "<name>NAME</name>"),
];

const GLUE_STATES: &[State] = &[
    ("absent", &[Absent]),
    ("plain", &[]),
    ("linked", &[Linked]),
    ("linked elsewhere", &[LinkedElsewhere]),
    ("domain clientUpdateProhibited", &[Above("clientUpdateProhibited")]),
    ("domain serverUpdateProhibited", &[Above("serverUpdateProhibited")]),
    ("domain clientHold", &[Above("clientHold")]),
    ("domain pendingTransfer", &[Above("pendingTransfer")]),
    ("domain pendingDelete", &[Above("pendingDelete")]),
];

const GLUE_COMMANDS: Commands = &[
    ("host:check", "<name>NAME</name>"),
    ("host:info", "<name>NAME</name>"),
    ("host:create", "<name>NAME</name><addr>9.9.9.9</addr>"),
    ("host:update", "<name>NAME</name><add><addr>9.9.9.10</addr></add>"),
    ("host:update name", "<name>NAME</name><chg><name>renamed-NAME</name></chg>"),
    ("host:delete", "<name>NAME</name>"),
];

const SESSION_COMMANDS: Commands = &[("poll op=\"req\"", ""), ("poll op=\"ack\" msgID=\"1\"", "")];

/// One kind of object.
struct Kind {
    name: &'static str,
    states: &'static [State],
    commands: Commands,
}

const KINDS: &[Kind] = &[
    Kind { name: "session", states: &[("empty queue", &[])], commands: SESSION_COMMANDS },
    Kind { name: "domain", states: DOMAIN_STATES, commands: DOMAIN_COMMANDS },
    Kind { name: "contact", states: CONTACT_STATES, commands: CONTACT_COMMANDS },
    Kind { name: "host", states: HOST_STATES, commands: HOST_COMMANDS },
    Kind { name: "glue", states: GLUE_STATES, commands: GLUE_COMMANDS },
];

/// A session of each role, and the ones that prepare.
struct Stage {
    subject: Subject,
    a: Client,
    b: Client,
    c: Client,
    only_host: Client,
    only_domain: Client,
    stranger: Client,
    made: usize,
}

impl Stage {
    async fn new(engine: Engine) -> Self {
        let subject = Subject::here(engine, &Setup::default()).await.unwrap();
        let sponsor = subject.account("a").clone();
        Self {
            a: subject.enter("a").await,
            b: subject.enter("b").await,
            c: subject.enter("c").await,
            only_host: only("host", &subject, &sponsor).await,
            only_domain: only("domain", &subject, &sponsor).await,
            stranger: Client::connect(&subject.door, &sponsor).await.unwrap(),
            subject,
            made: 0,
        }
    }

    /// Runs one command on an object of its own in that state.
    async fn cell(&mut self, kind: &str, deeds: &[Deed], command: (&str, &str), role: Role) -> u16 {
        self.made += 1;
        let name = match kind {
            "domain" => format!("d{}.example", self.made),
            "host" => format!("h{}.elsewhere.test", self.made),
            "glue" => format!("ns1.g{}.example", self.made),
            _ => format!("c-{}", self.made),
        };
        let expiry = self.prepare(kind, &name, deeds).await;
        let body = command.1.replace("NAME", &name).replace("EXPIRY", &expiry);
        let client = match role {
            Role::Stranger => &mut self.stranger,
            Role::Undeclared if kind == "host" || kind == "glue" => &mut self.only_domain,
            Role::Undeclared => &mut self.only_host,
            Role::Sponsor => &mut self.a,
            Role::Requester => &mut self.b,
            Role::Other => &mut self.c,
        };
        // A command that stands in two rows has its second name behind a blank.
        let verb = command.0.strip_suffix(" name").unwrap_or(command.0);
        client.run(verb, &body).await.unwrap().code()
    }

    /// Makes the object; says on what day it ends, if it does.
    async fn prepare(&mut self, kind: &str, name: &str, deeds: &[Deed]) -> String {
        let nothing = "2000-01-01".to_owned();
        if kind == "glue" {
            let above = name.split_once('.').unwrap().1;
            self.done("domain:create", &DOMAIN_COMMANDS[2].1.replace("NAME", above)).await;
        }
        if kind == "session" || deeds.iter().any(|d| matches!(d, Absent)) {
            return nothing;
        }
        let (create, body) = match kind {
            "domain" => DOMAIN_COMMANDS[2],
            "contact" => CONTACT_COMMANDS[2],
            "glue" => GLUE_COMMANDS[2],
            _ => HOST_COMMANDS[2],
        };
        let made = self.done(create, &body.replace("NAME", name)).await;
        for deed in deeds {
            self.bring_about(kind, name, deed).await;
        }
        made.text("domain:exDate").map_or(nothing, |at| at[..10].to_owned())
    }

    /// What the sponsor does to prepare a cell.
    async fn done(&mut self, verb: &str, body: &str) -> Reply {
        let done = self.a.run(verb, body).await.unwrap();
        assert_eq!(done.code(), 1000, "{verb} {body}: {}", done.xml);
        done
    }

    async fn bring_about(&mut self, kind: &str, name: &str, deed: &Deed) {
        let id = if kind == "contact" { "id" } else { "name" };
        let done = match deed {
            Absent => return,
            C(status) => {
                let body = format!("<{id}>{name}</{id}><add><status s=\"{status}\"/></add>");
                self.a.run(&format!("{kind}:update"), &body).await
            }
            S(status) => {
                self.subject.operator.operate(kind, name, status, true).await.unwrap();
                return;
            }
            Above(status) => {
                let above = name.split_once('.').unwrap().1;
                self.subject.operator.operate("domain", above, status, true).await.unwrap();
                return;
            }
            TransferAsked => {
                let word = if kind == "contact" { "Contact-Pw-1" } else { "Domain-Pw-1" };
                let body = format!("<{id}>{name}</{id}><authInfo><pw>{word}</pw></authInfo>");
                self.b.run(&format!("{kind}:transfer op=\"request\""), &body).await
            }
            Linked | LinkedElsewhere => {
                let user = if matches!(deed, Linked) { &mut self.a } else { &mut self.b };
                let link = match kind {
                    "contact" => format!("<registrant>{name}</registrant>"),
                    _ => format!("<ns><hostObj>{name}</hostObj></ns>"),
                };
                let body = format!("<name>u{}.example</name>{link}<authInfo><pw/></authInfo>", self.made);
                user.run("domain:create", &body).await
            }
            Subordinate => {
                let body = format!("<name>ns1.{name}</name><addr>9.9.9.9</addr>");
                self.a.run("host:create", &body).await
            }
        };
        let done = done.unwrap();
        assert!(done.code() < 2000, "{kind} {name}: {}", done.xml);
    }
}

/// A session of the sponsor that named only this object at login.
async fn only(object: &str, subject: &Subject, account: &Account) -> Client {
    let mut client = Client::connect(&subject.door, account).await.unwrap();
    let mut body = login_body(&client.greeting, &account.id, &account.password);
    for other in ["domain", "contact", "host"].into_iter().filter(|o| *o != object) {
        body = body.replace(&format!("<objURI>urn:ietf:params:xml:ns:{other}-1.0</objURI>"), "");
    }
    assert_eq!(client.run("login", &body).await.unwrap().code(), 1000);
    client
}

/// The whole matrix as text.
async fn matrix(engine: Engine) -> String {
    let mut out = String::from(
        "# What each command answers, by the state of the object and by who asks. Written by conformance/matrix.rs.\n\
         # no login: before login. undeclared: the object was not named at login. other: a third registrar.\n\
         # requester: the registrar that asked for the transfer, elsewhere one more stranger; it knows the code.\n\
         # host: elsewhere than in our zones. glue: below a domain of the sponsor.\n",
    );
    let mut stage = Stage::new(engine).await;
    for kind in KINDS {
        for (state, deeds) in kind.states {
            let roles = ROLES.iter().map(|(_, name)| format!("{name:>11}")).collect::<String>();
            let _ = writeln!(out, "\n{:<42}{roles}", format!("{}, {state}", kind.name));
            for command in kind.commands {
                let _ = write!(out, "  {:<40}", command.0.replace('"', ""));
                for (role, _) in ROLES {
                    let answer = match (kind.name, role) {
                        ("session", Role::Undeclared) => "-".to_owned(),
                        _ => stage.cell(kind.name, deeds, *command, *role).await.to_string(),
                    };
                    let _ = write!(out, "{answer:>11}");
                }
                out.push('\n');
            }
        }
    }
    stage.subject.stop().await;
    crate::schema::verify();
    out
}

fn file() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("conformance/matrix.txt")
}

async fn hold(engine: Engine) {
    let got = matrix(engine).await;
    assert!(!got.contains("2400"), "{got}");
    if engine == Engine::Sqlite && std::env::var("GOLDEN").is_ok_and(|v| v == "write") {
        std::fs::write(file(), &got).unwrap();
    }
    let expected = std::fs::read_to_string(file()).unwrap();
    assert!(expected == got, "the matrix differs\n{}", crate::golden::difference(&expected, &got));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite() {
    hold(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres() {
    hold(Engine::Postgres).await;
}
