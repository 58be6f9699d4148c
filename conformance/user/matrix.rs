//! Vector 14: every operation with each single meta-role, under the roles of a profile that has them.

use std::fmt::Write as _;

use domesday::clock::Ts;
use domesday::epp::command::{
    AuthChange, Command, ContactCreate, ContactDelete, ContactRole, ContactTransfer, ContactUpdate,
    DomainAddRem, DomainAutoRenew, DomainCheck, DomainCreate, DomainDelete, DomainRenew, DomainTransfer,
    DomainUpdate, DomainWithdraw, HostAnswer, HostCheck, HostCreate, HostDelete, HostUpdate, NameServers,
    PollAck, REDELEGATION_KEYWORD, TRANSFER_KEYWORD,
};
use domesday::epp::reply::Outcome;
use domesday::epp::types::{
    AuthInfo, DomainStatus, HostAddrs, Postal, PostalForm, PostalInfo, SecDnsUpdate, Secret,
};
use domesday::policy::{MetaRole, Roles, Service};
use domesday::refusal::Reason;
use domesday::store::Db;

use super::under;
use crate::pg::on_both;
use crate::typed::{Client, Registry, contact, name, registrar};

/// What each role may under the profile `dk`: the feature matrix of S185 and the command matrix of 3.2.14, with C48.
const EXPECTED: &str = "\
operation                 registrar proxy payer nsa none
poll:req                  may       may   may   may may
poll:ack                  may       may   may   may may
domain:check              may       may   may   may may
domain:transfer-query     may       may   may   may may
host:check                may       may   may   may may
balance:info              2201      2201  may   2201 2201
money:unlock              2201      2201  may   2201 2201
domain:create             may       2201  2201  2201 2201
domain:delete             2201      may   2201  2201 2201
domain:renew              2201      2201  may   2201 2201
domain:transfer-request   may       2201  2201  2201 2201
domain:transfer-approve   may       2201  2201  2201 2201
domain:transfer-reject    may       2201  2201  2201 2201
domain:transfer-cancel    may       2201  2201  2201 2201
domain:update             2201      may   2201  2201 2201
domain:update status      2201      may   2201  2201 2201
domain:update ns          2201      2201  2201  may 2201
domain:update ds          2201      2201  2201  may 2201
domain:update contact     2201      may   2201  2201 2201
domain:update registrant  2201      may   2201  2201 2201
domain:update auth        2201      may   2201  2201 2201
domain:update auth redel  2201      2201  2201  may 2201
domain:update auth null   2201      may   2201  may 2201
domain:update ns and auth 2201      2201  2201  2201 2201
domain:update ns by token 2201      2201  2201  may 2201
domain:withdraw           2201      may   2201  2201 2201
domain:autorenew          2201      may   2201  2201 2201
contact:create            may       may   may   may 2201
contact:delete            2201      may   2201  2201 2201
contact:update            2201      may   2201  2201 2201
contact:transfer-request  2201      may   2201  2201 2201
contact:transfer-approve  2201      may   2201  2201 2201
contact:transfer-reject   2201      may   2201  2201 2201
contact:transfer-cancel   2201      may   2201  2201 2201
host:create               2201      2201  2201  may 2201
host:delete               2201      2201  2201  may 2201
host:update               2201      2201  2201  may 2201
host:accept               2201      2201  2201  may 2201
host:reject               2201      2201  2201  may 2201
";

on_both! {
    async fn each_operation_needs_its_role(db: Db) {
        let registry = Registry::with_accounts(&db, "", "account.bill.balance_info = \"mapping\"").await;
        under(&db, "alpha", Some("dk")).await;
        let mut columns = Vec::new();
        for roles in MetaRole::ALL.iter().map(|role| vec![*role]).chain([Vec::new()]) {
            give(&db, roles).await;
            columns.push(asked(&mut registry.client("alpha")).await);
        }
        let mut table = format!("{:26}registrar proxy payer nsa none\n", "operation");
        for (row, (operation, _)) in operations().iter().enumerate() {
            let of = |column: usize| columns[column][row];
            writeln!(table, "{operation:26}{:10}{:6}{:6}{} {}", of(0), of(1), of(2), of(3), of(4)).unwrap();
        }
        assert_eq!(table, EXPECTED, "\n{table}");
    }

    async fn a_change_of_roles_works_at_the_next_command(db: Db) {
        let registry = Registry::new(&db, "").await;
        under(&db, "alpha", Some("dk")).await;
        let mut client = registry.client("alpha");
        let delete = || Command::DomainDelete(DomainDelete { name: name("not-there.example"), on: None, overwrite: false, launch: None });
        assert_eq!(client.refused(delete()).await, Reason::NotFound, "a new user has all roles");
        give(&db, vec![MetaRole::Payer, MetaRole::Registrar]).await;
        assert_eq!(client.refused(delete()).await, Reason::RoleMissing);
        match client.ask(delete()).await.outcome {
            Outcome::Refused(refusal) => assert!(refusal.text().ends_with("domain:delete needs proxy"), "{refusal}"),
            Outcome::Done(reply) => panic!("{reply:?}"),
        }
        give(&db, vec![MetaRole::Payer, MetaRole::Proxy]).await;
        assert_eq!(client.refused(delete()).await, Reason::NotFound);
        // Roles are not asked where the account's profile has none.
        give(&db, Vec::new()).await;
        under(&db, "alpha", None).await;
        assert_eq!(client.refused(delete()).await, Reason::NotFound);
    }
}

async fn give(db: &Db, roles: Vec<MetaRole>) {
    let roles: Roles = roles.into_iter().collect();
    let done = db.write(move |tx| {
        let roles = roles.clone();
        Box::pin(async move { tx.user_duties(&registrar("alpha"), Service::Epp, &roles, Ts(9)).await })
    });
    assert!(done.await.unwrap());
}

/// Whether each operation gets past the roles. The objects are not there, so most then find nothing.
async fn asked(client: &mut Client) -> Vec<&'static str> {
    let mut seen = Vec::new();
    for (operation, command) in operations() {
        let missing = match client.ask(command).await.outcome {
            Outcome::Refused(refusal) => {
                assert_ne!(refusal.reason, Reason::Internal, "{operation}");
                refusal.reason == Reason::RoleMissing
            }
            Outcome::Done(_) => false,
        };
        seen.push(if missing { "2201" } else { "may" });
    }
    seen
}

fn auth() -> AuthInfo {
    AuthInfo { pw: Secret::new("2fooBAR-open"), roid: None }
}

fn keyword(word: &str) -> Option<AuthChange> {
    Some(Some(AuthInfo { pw: Secret::new(word), roid: None }))
}

fn update() -> DomainUpdate {
    DomainUpdate::of(name("not-there.example"))
}

fn adding(add: DomainAddRem) -> DomainUpdate {
    DomainUpdate { add: Some(add), ..update() }
}

/// One command for each operation.
fn operations() -> Vec<(&'static str, Command)> {
    let domain = || name("not-there.example");
    let host = || name("ns1.not-there.test");
    let transfer = || DomainTransfer {
        name: domain(),
        period: None,
        auth: Some(auth()),
        anew: None,
        allocation: None,
        fee: None,
    };
    let handle = || contact("not-there");
    let contact_transfer = || ContactTransfer { id: handle(), auth: Some(auth()) };
    let ns = || DomainAddRem { ns: Some(NameServers::Objects(vec![host()])), ..DomainAddRem::default() };
    let role = DomainAddRem { contacts: vec![(ContactRole::Tech, handle())], ..DomainAddRem::default() };
    let status = DomainAddRem { statuses: vec![(DomainStatus::ClientHold, None)], ..DomainAddRem::default() };
    vec![
        ("poll:req", Command::PollRequest),
        ("poll:ack", Command::PollAck(PollAck { id: Some("1".to_owned()) })),
        (
            "domain:check",
            Command::DomainCheck(DomainCheck {
                names: Vec::new(),
                allocation: None,
                fee: None,
                launch: None,
            }),
        ),
        ("domain:transfer-query", Command::DomainTransferQuery(transfer())),
        ("host:check", Command::HostCheck(HostCheck { names: Vec::new() })),
        ("balance:info", Command::BalanceInfo),
        ("money:unlock", Command::MoneyUnlock),
        ("domain:create", Command::DomainCreate(domain_create())),
        (
            "domain:delete",
            Command::DomainDelete(DomainDelete { name: domain(), on: None, overwrite: false, launch: None }),
        ),
        ("domain:renew", Command::DomainRenew(renew())),
        ("domain:transfer-request", Command::DomainTransferRequest(transfer())),
        ("domain:transfer-approve", Command::DomainTransferApprove(transfer())),
        ("domain:transfer-reject", Command::DomainTransferReject(transfer())),
        ("domain:transfer-cancel", Command::DomainTransferCancel(transfer())),
        ("domain:update", Command::DomainUpdate(update())),
        ("domain:update status", Command::DomainUpdate(adding(status))),
        ("domain:update ns", Command::DomainUpdate(adding(ns()))),
        (
            "domain:update ds",
            Command::DomainUpdate(DomainUpdate { sec_dns: Some(SecDnsUpdate::default()), ..update() }),
        ),
        ("domain:update contact", Command::DomainUpdate(adding(role))),
        (
            "domain:update registrant",
            Command::DomainUpdate(DomainUpdate { chg: true, registrant: Some(Some(handle())), ..update() }),
        ),
        (
            "domain:update auth",
            Command::DomainUpdate(DomainUpdate { chg: true, auth: Some(Some(auth())), ..update() }),
        ),
        (
            "domain:update auth redel",
            Command::DomainUpdate(DomainUpdate {
                chg: true,
                auth: keyword(REDELEGATION_KEYWORD),
                ..update()
            }),
        ),
        (
            "domain:update auth null",
            Command::DomainUpdate(DomainUpdate { chg: true, auth: Some(None), ..update() }),
        ),
        (
            "domain:update ns and auth",
            Command::DomainUpdate(DomainUpdate {
                chg: true,
                auth: keyword(TRANSFER_KEYWORD),
                ..adding(ns())
            }),
        ),
        (
            "domain:update ns by token",
            Command::DomainUpdate(DomainUpdate { chg: true, auth: Some(Some(auth())), ..adding(ns()) }),
        ),
        ("domain:withdraw", Command::DomainWithdraw(DomainWithdraw { name: domain() })),
        ("domain:autorenew", Command::DomainAutoRenew(DomainAutoRenew { name: domain(), on: false })),
        ("contact:create", Command::ContactCreate(contact_create())),
        ("contact:delete", Command::ContactDelete(ContactDelete { id: handle() })),
        ("contact:update", Command::ContactUpdate(contact_update())),
        ("contact:transfer-request", Command::ContactTransferRequest(contact_transfer())),
        ("contact:transfer-approve", Command::ContactTransferApprove(contact_transfer())),
        ("contact:transfer-reject", Command::ContactTransferReject(contact_transfer())),
        ("contact:transfer-cancel", Command::ContactTransferCancel(contact_transfer())),
        ("host:create", Command::HostCreate(HostCreate::of(host(), HostAddrs::default()))),
        ("host:delete", Command::HostDelete(HostDelete { name: name("ns2.not-there.test") })),
        (
            "host:update",
            Command::HostUpdate(HostUpdate {
                new_name: Some(name("ns3.not-there.test")),
                ..HostUpdate::of(name("ns2.not-there.test"))
            }),
        ),
        ("host:accept", Command::HostAccept(HostAnswer { name: host() })),
        ("host:reject", Command::HostReject(HostAnswer { name: host() })),
    ]
}

/// Of a zone that is not served: refused after the roles.
pub(super) fn domain_create() -> DomainCreate {
    DomainCreate::of(name("not-here.test"), auth())
}

fn renew() -> DomainRenew {
    DomainRenew {
        name: name("not-there.example"),
        current_expiry: jiff::civil::date(2027, 1, 1),
        period: None,
        fee: None,
    }
}

fn contact_create() -> ContactCreate {
    let addr = Postal { city: "Dulles".to_owned(), cc: "US".to_owned(), ..Postal::default() };
    ContactCreate {
        id: contact("everyone"),
        postal: vec![(PostalForm::Int, PostalInfo { name: "John Doe".to_owned(), org: None, addr })],
        voice: None,
        fax: None,
        email: "jdoe@example.com".to_owned(),
        auth: auth(),
        disclose: None,
        management: None,
        addl_email: None,
    }
}

fn contact_update() -> ContactUpdate {
    ContactUpdate {
        id: contact("not-there"),
        add: Vec::new(),
        rem: Vec::new(),
        chg: true,
        postal: Vec::new(),
        voice: None,
        fax: None,
        email: Some("jdoe@example.com".to_owned()),
        auth: None,
        disclose: None,
        addl_email: None,
    }
}
