//! Money over both engines: what is charged when, what waits for funds, and that no number of sessions and processes
//! spends more than there is.

mod fee;
mod month;
mod race;
mod rules;
pub mod shortfall;

use domesday::clock::Ts;
use domesday::epp::command::{Command, DomainCreate, DomainRenew, DomainTransfer};
use domesday::epp::types::{AuthInfo, Secret};
use domesday::flow::money;
use domesday::gate::Ended;
use domesday::job;
use domesday::store::Db;
use domesday::store::ledger::{BalanceRow, Entry, EntryKind};

use crate::typed::{Client, Registry, name, registrar};

/// Four euro a year, six for a transfer; registering and taking over wait for funds.
pub const RULES: &str = r#"
[account.bill]
mode = "prepaid"
gated_ops = ["create", "transfer"]
[account.bill.prices]
create = "4.00"
renew = "4.00"
transfer = "6.00"
"#;

fn auth() -> AuthInfo {
    AuthInfo { pw: Secret::new("Abcdef-12345"), roid: None }
}

pub fn create(domain: &str) -> Command {
    Command::DomainCreate(DomainCreate::of(name(domain), auth()))
}

async fn renew(registry: &Registry, client: &mut Client, domain: &str) -> u16 {
    let wanted = name(domain);
    let read = registry.gate.db().read(move |tx| Box::pin(async move { tx.domain_by_name(&wanted).await }));
    let current_expiry = read.await.unwrap().unwrap().expires_at.date();
    client
        .ask(Command::DomainRenew(DomainRenew {
            name: name(domain),
            current_expiry,
            period: None,
            fee: None,
        }))
        .await
        .code
}

fn transfer(domain: &str) -> DomainTransfer {
    DomainTransfer {
        name: name(domain),
        period: None,
        auth: Some(auth()),
        anew: None,
        allocation: None,
        fee: None,
    }
}

/// Pays in, in cents.
pub async fn deposit(registry: &Registry, of: &str, cents: i64) {
    let of = registrar(of);
    let work = registry.gate.run_registry("cli", "ledger:deposit", of.to_string(), move |cx| {
        let of = of.clone();
        Box::pin(
            async move { Ok(Ended::Keep(money::adjust(cx, &of, EntryKind::Deposit, cents, "test").await?)) },
        )
    });
    work.await.unwrap().unwrap();
}

pub async fn balance(registry: &Registry, of: &str) -> BalanceRow {
    let (of, currency) = (registrar(of), registry.gate.profile().account.bill.currency.clone());
    registry
        .gate
        .db()
        .read(move |tx| Box::pin(async move { tx.balance(&of, &currency).await }))
        .await
        .unwrap()
}

pub async fn entries(registry: &Registry, of: &str) -> Vec<Entry> {
    let (of, currency) = (registrar(of), registry.gate.profile().account.bill.currency.clone());
    let read = registry
        .gate
        .db()
        .read(move |tx| Box::pin(async move { tx.ledger_after(&of, &currency, 0, 10_000).await }));
    read.await.unwrap()
}

/// Every balance is what its entries make; how many entries there are.
pub async fn agree(db: &Db) -> i64 {
    let proofs = db
        .read(|tx| {
            Box::pin(async move {
                let mut proofs = Vec::new();
                for standing in tx.balances(None).await? {
                    proofs.push((tx.ledger_proof(&standing).await?, standing));
                }
                Ok(proofs)
            })
        })
        .await
        .unwrap();
    for (proof, standing) in &proofs {
        assert!(proof.faults.is_empty(), "{standing:?}: {proof:?}");
    }
    proofs.iter().map(|(proof, _)| proof.entries).sum()
}

/// Moves the clock to that moment and does what is then due.
async fn at(registry: &Registry, moment: &str) {
    let moment = Ts::from_timestamp(moment.parse().unwrap());
    let clock = registry.gate.clock();
    clock.advance((moment.0 - clock.now().0).div_euclid(Ts::SECOND) + 1);
    job::pass(&registry.gate).await.unwrap();
}

async fn texts(client: &mut Client) -> Vec<String> {
    let mut texts = Vec::new();
    while let Some(message) = client.message().await {
        texts.push(message.text);
    }
    texts
}
