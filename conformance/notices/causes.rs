//! The pieces of work that make notices, each in an empty database.
//!
//! Length: one function for each cause of a notice.

use domesday::epp::command::{
    Command, ContactDelete, DomainAddRem, DomainCreate, DomainDelete, DomainInfo, DomainRequestCode,
    DomainTransfer, DomainUpdate, HostCreate, HostDelete, HostUpdate, HostsFilter, NameServers,
};
use domesday::epp::reply::Reply;
use domesday::epp::types::{
    ApplicationStatus, AuthInfo, DsData, HostAddrs, LaunchCreate, LaunchPhaseName, LaunchStatus, Launching,
    Management, Period, PeriodUnit, PhaseKind, ReportText, Restore, RestoreReport, SecDnsData, SecDnsRecords,
    Secret, TokenOperation, TokenRole,
};
use domesday::flow::domain::by_registry::Order;
use domesday::flow::domain::purge::purge;
use domesday::flow::domain::transfer::undo;
use domesday::flow::domain::{hold, issue};
use domesday::flow::launch::decide;
use domesday::flow::pending::{self, Decision};
use domesday::flow::{waiting, zone};
use domesday::gate::{Ended, hit};
use domesday::job::pass;
use domesday::policy::Risk;
use domesday::store::Db;
use domesday::store::life::HoldCause;
use domesday::store::management::Managed;
use domesday::store::mark::Mark;

use super::{mailed, queued};
use crate::hitpoints::RULES;
use crate::object::new_contact;
use crate::typed::{Registry, contact, name, registrar};

const PW: &str = "2fooBAR-open";

fn create(domain: &str) -> DomainCreate {
    DomainCreate::of(name(domain), AuthInfo { pw: Secret::new(PW), roid: None })
}

fn look(domain: &str) -> DomainInfo {
    DomainInfo {
        name: name(domain),
        hosts: HostsFilter::All,
        auth: None,
        ttl: None,
        allocation: false,
        launch: None,
    }
}

fn moving(domain: &str, pw: Option<&str>) -> DomainTransfer {
    let auth = pw.map(|pw| AuthInfo { pw: Secret::new(pw), roid: None });
    DomainTransfer { anew: None, name: name(domain), period: None, auth, allocation: None, fee: None }
}

pub async fn faults(db: Db) {
    blocked(db).await;
}

/// A registry where alpha has reached its limit.
async fn blocked(db: Db) -> Registry {
    let registry = Registry::with_accounts(&db, "", RULES).await;
    let mut alpha = registry.client("alpha");
    for _ in 0..100 {
        alpha.refused(Command::ContactDelete(ContactDelete { id: contact("nobody") })).await;
    }
    registry
}

pub async fn unblock(db: Db) {
    let registry = blocked(db).await;
    let policy = registry.gate.profile().account.hit.clone();
    let done = registry.gate.run_job("hitpoints:unblock", "alpha".to_owned(), move |cx| {
        let policy = policy.clone();
        Box::pin(async move {
            let lifted = hit::unblock(cx, &registrar("alpha"), &policy, false).await?;
            assert!(lifted.is_ok());
            Ok(true)
        })
    });
    assert!(done.await.unwrap());
}

pub fn set(mark: Mark) -> Order {
    Order::Set(mark, String::new(), None)
}

/// The registry gives orders on a domain of alpha, and then does what is due.
pub async fn marked(db: Db, orders: Vec<Order>) {
    let registry = crate::marks::registered(&db, "", "").await;
    for order in orders {
        crate::marks::ordered(&registry, order).await.unwrap();
    }
    pass(&registry.gate).await.unwrap();
}

/// alpha pays with money it does not have.
pub async fn spent(db: Db) {
    let rules = "[account.bill]\nmode = \"prepaid\"\ngated_ops = []\nwatermarks = [\"0.00\"]\nprices = { create = \"4.00\" }\n";
    let registry = Registry::with_accounts(&db, "", rules).await;
    registry.client("alpha").does(Command::DomainCreate(create("foo.example"))).await;
}

/// alpha has two domains to be renewed this month, and money for one.
pub async fn short_at_month_end(db: Db) {
    crate::money::shortfall::short(&db).await;
}

pub async fn protected(db: Db) {
    let rules = "[account.protected]\nenabled = true\nmax = 2\n";
    let registry = Registry::with_accounts(&db, "", rules).await;
    let mut alpha = registry.client("alpha");
    alpha.does(Command::DomainCreate(create("one.example"))).await;
    assert!(queued(&db, "protected_reached").await.is_empty());
    alpha.does(Command::DomainCreate(create("two.example"))).await;
    alpha.refused(Command::DomainCreate(create("three.example"))).await;
    assert_eq!(queued(&db, "protected_reached").await.len(), 1);
}

/// alpha does not acknowledge what it is told.
pub async fn neglected(db: Db) {
    let rules = "account.poll.unack_reminder_days = 7\n[account.protected]\nenabled = true\nmax = 1\n";
    let registry = Registry::with_accounts(&db, "", rules).await;
    registry.set_mail("alpha", "office@alpha.example").await;
    registry.client("alpha").does(Command::DomainCreate(create("one.example"))).await;
    for (days, mails) in [(6, 0), (2, 1), (6, 1), (1, 2)] {
        registry.pass_days(days);
        pass(&registry.gate).await.unwrap();
        assert_eq!(mailed(&db, "queue_neglected").await, mails);
    }
}

/// alpha gives a domain another holder, and these are the decisions on it.
pub async fn new_holder(db: Db, decisions: &[Decision]) {
    let rules = "registrant_change.mode = \"async\"\nterms.token = \"optional\"\nverification.checked = \"everybody\"\nverification.risk = \"green\"";
    let registry = Registry::new(&db, rules).await;
    let mut alpha = registry.client("alpha");
    for id in ["holder-1", "holder-2"] {
        alpha.does(new_contact(id)).await;
    }
    let registrant = Some(contact("holder-1"));
    alpha.does(Command::DomainCreate(DomainCreate { registrant, ..create("foo.example") })).await;
    let registrant = Some(Some(contact("holder-2")));
    let change = DomainUpdate { chg: true, registrant, ..DomainUpdate::of(name("foo.example")) };
    alpha.does(Command::DomainUpdate(change)).await;
    decided(&registry, "foo.example", decisions).await;
}

/// The assessment of a registration that waits for its holder's identity.
pub const INACTIVE: &[Decision] = &[Decision::Complete(Some(Risk::Blue))];

/// alpha registers a domain at once whose holder is controlled.
pub async fn controlled(db: Db) {
    let registry =
        Registry::new(&db, "verification.checked = \"everybody\"\nverification.risk = \"blue\"").await;
    let mut alpha = registry.client("alpha");
    alpha.does(new_contact("holder-1")).await;
    let registrant = Some(contact("holder-1"));
    alpha.does(Command::DomainCreate(DomainCreate { registrant, ..create("foo.example") })).await;
}

/// The registry brings a domain back that it had deleted.
pub async fn brought_back(db: Db) {
    withdrawn(db.clone()).await;
    let registry = Registry::process(&db, 2, domesday::clock::Clock::system(), "");
    let done = registry.gate.run_job("domain:restore", "foo.example".to_owned(), |cx| {
        Box::pin(async move {
            let mut domain = cx.tx.domain_by_name(&name("foo.example")).await?.unwrap();
            let zone = zone::registered_in(cx, &domain.name).await?;
            hold::lift(cx, &mut domain, &zone.policy).await?;
            hold::tell_brought_back(cx, &domain).await?;
            Ok(true)
        })
    });
    assert!(done.await.unwrap());
}

/// alpha's registration waits for the terms, and is decided so.
pub async fn registered_later(db: Db, decisions: &[Decision]) {
    let registry = Registry::new(&db, "create.mode = \"async\"\nterms.token = \"optional\"").await;
    registry.client("alpha").does(Command::DomainCreate(create("foo.example"))).await;
    decided(&registry, "foo.example", decisions).await;
}

/// alpha and beta apply for a name; the registry looks at alpha's application and allocates it.
pub async fn applied(db: Db) {
    let rules =
        "launch.phases = [{ phase = \"landrush\", form = \"application\", from = \"2020-01-01T00:00:00Z\" }]";
    let registry = Registry::new(&db, rules).await;
    let mut ids = Vec::new();
    for id in ["alpha", "beta"] {
        let phase = LaunchPhaseName { kind: PhaseKind::Landrush, name: None };
        let asked = LaunchCreate { phase, object: None, proofs: Vec::new(), notices: Vec::new() };
        let launch = Some(Launching::Asked(Box::new(asked)));
        let create = DomainCreate { launch, ..create("foo.example") };
        let Reply::Applied(applied) = registry.client(id).does(Command::DomainCreate(create)).await else {
            panic!("no application")
        };
        ids.push(applied.id.application.parse::<i64>().unwrap());
    }
    let (first, by) = (ids[0], registrar("alpha"));
    let decided = registry.gate.run_for(&by, "cli", "launch:decide", String::new(), move |cx| {
        Box::pin(async move {
            let custom =
                LaunchStatus { status: ApplicationStatus::Custom, name: Some("seen".to_owned()), note: None };
            assert!(decide::step(cx, first, custom).await?.is_ok());
            Ok(Ended::Keep(decide::allocate(cx, first).await?.is_ok()))
        })
    });
    assert!(decided.await.unwrap());
}

/// beta's contact waits for a name of alpha that becomes free; gamma registers it with the token, or nobody does.
pub async fn offered(db: Db, with_token: bool) {
    let registry = Registry::new(&db, "waiting_list.enabled = true").await;
    let (mut alpha, mut beta) = (registry.client("alpha"), registry.client("beta"));
    alpha.does(Command::DomainCreate(create("foo.example"))).await;
    beta.does(new_contact("wait-1")).await;
    let waits = registry.gate.run_job("waiting:add", "foo.example".to_owned(), |cx| {
        Box::pin(async move { Ok(cx.tx.waiting_insert(1, &name("foo.example"), "wait-1", cx.now).await?) })
    });
    assert!(waits.await.unwrap());
    alpha
        .does(Command::DomainDelete(DomainDelete {
            name: name("foo.example"),
            on: None,
            overwrite: false,
            launch: None,
        }))
        .await;
    if with_token {
        let accepted = registry.gate.run_job("waiting:accept", "foo.example".to_owned(), |cx| {
            Box::pin(async move {
                let token = Secret::new("1a2b3c4d");
                Ok(waiting::accept(cx, &name("foo.example"), &token).await?.is_some())
            })
        });
        assert!(accepted.await.unwrap());
        let auth = AuthInfo { pw: Secret::new("1A2B3C4D"), roid: None };
        let create = DomainCreate::of(name("foo.example"), auth);
        registry.client("gamma").does(Command::DomainCreate(create)).await;
    } else {
        registry.pass_days(14);
        pass(&registry.gate).await.unwrap();
    }
}

/// The registrant of alpha's registration comes under the other model while it waits.
pub async fn moved_registrant(db: Db) {
    let rules = "create.mode = \"async\"\nmanagement.models = [\"registrar\", \"registrant\"]";
    let registry = Registry::new(&db, rules).await;
    let mut alpha = registry.client("alpha");
    alpha.does(new_contact("holder-1")).await;
    let registrant = Some(contact("holder-1"));
    alpha.does(Command::DomainCreate(DomainCreate { registrant, ..create("foo.example") })).await;
    let moved = db.write(|tx| {
        Box::pin(async move {
            let holder = tx.contact_by_handle(&contact("holder-1")).await?.unwrap();
            tx.management_set(Managed::Contact, holder.id, Management::Registrant).await
        })
    });
    moved.await.unwrap();
    pass(&registry.gate).await.unwrap();
}

/// Decides what waits about a domain or a host, one thing after the other.
async fn decided(registry: &Registry, about: &'static str, decisions: &[Decision]) {
    for decision in decisions.iter().copied() {
        let done = registry.gate.run_job("pending:decide", about.to_owned(), move |cx| {
            Box::pin(async move {
                let domain = cx.tx.domain_by_name(&name(about)).await?.map(|domain| domain.id);
                let host = cx.tx.host_by_name(&name(about)).await?.map(|host| host.id);
                let waits = cx.tx.pending_of(domain.or(host).unwrap()).await?;
                Ok(pending::decide(cx, waits[0].id, decision).await?.is_some())
            })
        });
        assert!(done.await.unwrap());
    }
}

/// beta takes a domain of alpha, which is then told.
pub async fn taken(db: Db) {
    let registry = Registry::new(&db, "transfer.mode = \"immediate\"").await;
    registry.client("alpha").does(Command::DomainCreate(create("foo.example"))).await;
    let request = Command::DomainTransferRequest(moving("foo.example", Some(PW)));
    registry.client("beta").does(request).await;
}

/// The rules of zones whose tokens the registry makes.
const TOKENS: &str = "transfer.mode = \"immediate\"\ntransfer.redelegation_token = true\n\
    transfer.code.kind = \"registry_token\"\ntransfer.code.format = \"{role}-{op}-{hex32}\"";

/// The registry undoes a transfer.
pub async fn undone(db: Db) {
    taken(db.clone()).await;
    let registry = Registry::process(&db, 2, domesday::clock::Clock::system(), "");
    let done = registry.gate.run_job("domain:transfer-undo", "foo.example".to_owned(), |cx| {
        Box::pin(async move { undo::run(cx, &name("foo.example")).await.map(|_| true) })
    });
    assert!(done.await.unwrap());
}

/// The registry makes a token, and takes it back or lets its time pass.
pub async fn token(db: Db, ends: bool) {
    let registry = Registry::new(&db, TOKENS).await;
    registry.client("alpha").does(Command::DomainCreate(create("foo.example"))).await;
    let done = registry.gate.run_job("token:issue", "foo.example".to_owned(), move |cx| {
        Box::pin(async move {
            let domain = name("foo.example");
            issue::run(cx, &domain, TokenRole::Owner, TokenOperation::Transfer).await?;
            if ends {
                issue::retract(cx, &domain).await?;
            }
            Ok(true)
        })
    });
    assert!(done.await.unwrap());
    registry.pass_days(14);
    pass(&registry.gate).await.unwrap();
}

/// No domain has alpha's contact.
pub async fn contact_removed(db: Db) {
    let rules = "zone.contact.cleanup = { never_used_days = 365, unused_days = 3653 }";
    let registry = Registry::with_accounts(&db, "", rules).await;
    registry.client("alpha").does(new_contact("idle-1")).await;
    registry.pass_days(366);
    pass(&registry.gate).await.unwrap();
}

/// beta has a code mailed to the holder of alpha's domain, and the mail comes back.
pub async fn code_bounced(db: Db) {
    let rules = "transfer.mode = \"immediate\"\ntransfer.code.kind = \"mailed_code\"";
    let registry = Registry::new(&db, rules).await;
    let mut alpha = registry.client("alpha");
    alpha.does(new_contact("holder-1")).await;
    let registrant = Some(contact("holder-1"));
    alpha.does(Command::DomainCreate(DomainCreate { registrant, ..create("foo.example") })).await;
    let ask = DomainRequestCode { name: name("foo.example"), url: None };
    registry.client("beta").does(Command::DomainRequestCode(ask)).await;
    let letters = crate::post::sent(&registry.gate).await.unwrap();
    crate::post::bounced(&registry.gate, &letters[0].to, "550 nobody of that name").await.unwrap();
}

/// beta changes the name servers of alpha's domain with a token.
pub async fn redelegated(db: Db) {
    let registry = Registry::new(&db, TOKENS).await;
    let (mut alpha, mut beta) = (registry.client("alpha"), registry.client("beta"));
    let hosts = ["ns1.other.test", "ns2.other.test"];
    for host in hosts {
        let host = HostCreate::of(name(host), HostAddrs::default());
        alpha.does(Command::HostCreate(host)).await;
    }
    let servers = |host: &str| Some(NameServers::Objects(vec![name(host)]));
    alpha.does(Command::DomainCreate(DomainCreate { ns: servers(hosts[0]), ..create("foo.example") })).await;
    let with = |pw: &str| Some(Some(AuthInfo { pw: Secret::new(pw), roid: None }));
    let update = || DomainUpdate::of(name("foo.example"));
    alpha.does(Command::DomainUpdate(DomainUpdate { auth: with("autoredel"), ..update() })).await;
    let info = DomainInfo {
        name: name("foo.example"),
        hosts: HostsFilter::All,
        auth: None,
        ttl: None,
        allocation: false,
        launch: None,
    };
    let Reply::DomainInfo(data) = alpha.does(Command::DomainInfo(info)).await else { panic!("no infData") };
    let token = data.token.unwrap().pw.expose().to_owned();
    let side = |host| Some(DomainAddRem { ns: servers(host), ..DomainAddRem::default() });
    let (add, rem) = (side(hosts[1]), side(hosts[0]));
    beta.does(Command::DomainUpdate(DomainUpdate { add, rem, auth: with(&token), ..update() })).await;
}

/// beta asks for a domain of alpha, and one of them says what becomes of it.
pub async fn transfer_ends(db: Db, decision: fn(DomainTransfer) -> Command, by: &'static str) {
    let registry = asked(&db).await;
    registry.client(by).does(decision(moving("foo.example", None))).await;
}

async fn asked(db: &Db) -> Registry {
    let registry = Registry::new(db, "transfer.mode = \"pending\"").await;
    registry.client("alpha").does(Command::DomainCreate(create("foo.example"))).await;
    let request = Command::DomainTransferRequest(moving("foo.example", Some(PW)));
    registry.client("beta").does(request).await;
    registry
}

pub async fn timed_out(db: Db) {
    let registry = asked(&db).await;
    registry.pass_days(6);
    pass(&registry.gate).await.unwrap();
}

pub async fn deleted(db: Db) {
    let registry = Registry::new(&db, "grace.add_days = 0").await;
    let mut alpha = registry.client("alpha");
    alpha.does(Command::DomainCreate(create("foo.example"))).await;
    alpha
        .does(Command::DomainDelete(DomainDelete {
            name: name("foo.example"),
            on: None,
            overwrite: false,
            launch: None,
        }))
        .await;
    registry.pass_days(100);
    pass(&registry.gate).await.unwrap();
}

/// One message for each registrar however many hosts there were: alpha's hosts, which beta's domain uses.
pub async fn hosts_deleted(db: Db) {
    let registry = Registry::new(&db, "dnssec.flush_on_ns_change = true").await;
    let (mut alpha, mut beta) = (registry.client("alpha"), registry.client("beta"));
    alpha.does(Command::DomainCreate(create("foo.example"))).await;
    let hosts = [name("ns1.foo.example"), name("ns2.foo.example")];
    for host in &hosts {
        let addrs = HostAddrs(vec!["192.0.2.1".parse().unwrap()]);
        alpha.does(Command::HostCreate(HostCreate::of(host.clone(), addrs))).await;
    }
    let ns = Some(NameServers::Objects(hosts.to_vec()));
    let digest = "0A".repeat(32);
    let signer = DsData { key_tag: 1, alg: 13, digest_type: 2, digest, key: None };
    let sec_dns = Some(SecDnsData { max_sig_life: None, records: SecDnsRecords::Ds(vec![signer]) });
    beta.does(Command::DomainCreate(DomainCreate { ns, sec_dns, ..create("bar.example") })).await;
    let done = registry.gate.run_job("domain:purge", "foo.example".to_owned(), |cx| {
        Box::pin(async move {
            let domain = cx.tx.domain_by_name(&name("foo.example")).await?.unwrap();
            purge(cx, &domain).await.map(|()| true)
        })
    });
    assert!(done.await.unwrap());
    assert_eq!(queued(&db, "hosts_deleted").await.len(), 2);
    assert_eq!(queued(&db, "dnssec_changed").await.len(), 1);
    let Reply::DomainInfo(after) = beta.does(Command::DomainInfo(look("bar.example"))).await else {
        panic!("no info")
    };
    assert_eq!(after.sec_dns, None);
}

/// alpha deletes a domain on a day far ahead: it is renewed before, goes on hold and is purged.
pub async fn scheduled(db: Db) {
    let rules = "delete.mode = \"scheduled\"\ndelete.date_ext = true\ndelete.success_code = 1000";
    let registry = Registry::new(&db, rules).await;
    let mut alpha = registry.client("alpha");
    alpha.does(Command::DomainCreate(create("foo.example"))).await;
    let on = Some(registry.gate.clock().now().plus_days(400).date());
    let name = name("foo.example");
    alpha.does(Command::DomainDelete(DomainDelete { name, on, overwrite: false, launch: None })).await;
    registry.pass_days(500);
    pass(&registry.gate).await.unwrap();
}

/// A domain of alpha ends, below which a host is that beta uses.
pub async fn ended(db: Db) {
    let rules =
        "autorenew.default = false\nexpiry.action_off = \"suspend\"\nsubordinate.auto_delete = \"mark\"";
    let registry = Registry::new(&db, rules).await;
    let (mut alpha, mut beta) = (registry.client("alpha"), registry.client("beta"));
    alpha.does(Command::DomainCreate(create("foo.example"))).await;
    let addrs = HostAddrs(vec!["192.0.2.1".parse().unwrap()]);
    alpha.does(Command::HostCreate(HostCreate::of(name("ns1.foo.example"), addrs))).await;
    let ns = Some(NameServers::Objects(vec![name("ns1.foo.example")]));
    let period = Some(Period { count: 5, unit: PeriodUnit::Years });
    beta.does(Command::DomainCreate(DomainCreate { ns, period, ..create("bar.example") })).await;
    registry.pass_days(366);
    pass(&registry.gate).await.unwrap();
}

pub async fn withdrawn(db: Db) {
    let registry = Registry::new(&db, "").await;
    registry.client("alpha").does(Command::DomainCreate(create("foo.example"))).await;
    let done = registry.gate.run_job("domain:delete", "foo.example".to_owned(), |cx| {
        Box::pin(async move {
            let mut domain = cx.tx.domain_by_name(&name("foo.example")).await?.unwrap();
            let zone = zone::registered_in(cx, &domain.name).await?;
            hold::begin(cx, &mut domain, &zone.policy, HoldCause::Registry).await?;
            hold::tell_by_registry(cx, &domain, "by court order");
            Ok(true)
        })
    });
    assert!(done.await.unwrap());
}

/// alpha restores a domain, at first without a report.
pub async fn restored(db: Db) {
    let registry = Registry::new(&db, "grace.add_days = 0").await;
    let mut alpha = registry.client("alpha");
    alpha.does(Command::DomainCreate(create("foo.example"))).await;
    let delete = DomainDelete { name: name("foo.example"), on: None, overwrite: false, launch: None };
    alpha.does(Command::DomainDelete(delete)).await;
    let restore = |asked| {
        let restore = Some(asked);
        Command::DomainUpdate(DomainUpdate { chg: true, restore, ..DomainUpdate::of(name("foo.example")) })
    };
    alpha.does(restore(Restore::Request)).await;
    registry.pass_days(8);
    pass(&registry.gate).await.unwrap();
    alpha.does(restore(Restore::Request)).await;
    let text = || ReportText { lang: "en".to_owned(), text: String::new() };
    let now = registry.gate.clock().now();
    alpha
        .does(restore(Restore::Report(Box::new(RestoreReport {
            pre_data: String::new(),
            post_data: String::new(),
            deleted_at: now,
            restored_at: now,
            reason: text(),
            statements: vec![text()],
            other: None,
        }))))
        .await;
}

/// Work on the service is announced, changed, comes near and ends; more of it is called off.
pub async fn worked_on(db: Db) {
    let registry = Registry::new(&db, "").await;
    let set = async |name: &str, days: &str, on| {
        crate::seed::maintain(&registry.gate, name, days, on).await.unwrap();
    };
    set("Upgrade", "30", true).await;
    set("Upgrade", "5", true).await;
    set("Other", "9", true).await;
    set("Other", "9", false).await;
    for days in [4, 2] {
        registry.pass_days(days);
        pass(&registry.gate).await.unwrap();
    }
}

/// The rules of zones whose hosts can have administrators.
const ADMINISTERED: &str = "host.ns_admin = true";

/// alpha creates a host that beta's contact is to administer, and these are the decisions on it.
pub async fn host_waits(db: Db, decisions: &'static [Decision]) {
    let registry = Registry::new(&db, ADMINISTERED).await;
    let (mut alpha, mut beta) = (registry.client("alpha"), registry.client("beta"));
    alpha.does(Command::DomainCreate(create("foo.example"))).await;
    beta.does(new_contact("nsa-1")).await;
    alpha.does(below_foo(Some("nsa-1"))).await;
    decided(&registry, "ns1.foo.example", decisions).await;
}

/// alpha gives a host beta's contact as the administrator, which is decided so; then beta has another, and deletes it.
pub async fn host_administered(db: Db, decision: Decision) {
    let registry = Registry::new(&db, ADMINISTERED).await;
    let (mut alpha, mut beta) = (registry.client("alpha"), registry.client("beta"));
    alpha.does(Command::DomainCreate(create("foo.example"))).await;
    for id in ["nsa-1", "nsa-2"] {
        beta.does(new_contact(id)).await;
    }
    alpha.does(below_foo(None)).await;
    let appoints = |id: &str| {
        let admin = Some(contact(id));
        Command::HostUpdate(HostUpdate { admin, ..HostUpdate::of(name("ns1.foo.example")) })
    };
    alpha.does(appoints("nsa-1")).await;
    decided(&registry, "ns1.foo.example", &[decision]).await;
    if decision == Decision::Accept {
        beta.does(appoints("nsa-2")).await;
        beta.does(Command::HostDelete(HostDelete { name: name("ns1.foo.example") })).await;
    }
}

fn below_foo(admin: Option<&str>) -> Command {
    let addrs = HostAddrs(vec!["192.0.2.1".parse().unwrap()]);
    let admin = admin.map(contact);
    Command::HostCreate(HostCreate { admin, ..HostCreate::of(name("ns1.foo.example"), addrs) })
}

/// The registry locks a domain of alpha's, whose account is told the states of what others change.
pub async fn changed(db: Db) {
    let rules = "account.change_poll.told = [\"update\"]";
    let registry = crate::marks::registered(&db, "locks.registry_lock = true", rules).await;
    crate::marks::ordered(&registry, Order::Set(Mark::Lock, String::new(), None)).await.unwrap();
}
