//! What a check says a command costs is what the command takes: for every name, period and command here, no cent less
//! does, and that much does.

use domesday::epp::command::{AskedName, Command, DomainCheck, DomainCreate, DomainRenew, DomainTransfer};
use domesday::epp::reply::Reply;
use domesday::epp::types::{
    FeeAmount, FeeAnswer, FeeCheck, FeeChecked, FeeCommand, FeeGiven, FeeTaken, FeeVerb, Period, PeriodUnit,
};
use domesday::policy::{Currency, Decimal};
use domesday::refusal::Reason;

use super::{agree, auth, balance};
use crate::pg::on_both;
use crate::seed;
use crate::typed::{Client, Registry, name};

const RULES: &str = r#"
[account.bill]
mode = "postpaid"
currency = "EUR"
[account.bill.prices]
create = "4.00"
renew = "5.00"
transfer = "6.00"
[account.bill.classes.gold]
create = "50.50"
renew = "7.25"
transfer = "60.00"
[account.bill.classes.silver]
create = "20.00"
"#;

fn years(count: u8) -> Option<Period> {
    Some(Period { count, unit: PeriodUnit::Years })
}

/// Cents of an amount that is told.
fn cents(text: &str) -> i64 {
    let currency = Currency::try_from("EUR".to_owned()).unwrap();
    Decimal::parse(text).unwrap().minor(&currency).unwrap()
}

fn given(cents: i64) -> Option<FeeGiven> {
    Some(FeeGiven {
        currency: Some("EUR".to_owned()),
        total: FeeAmount(i128::from(cents) * 10_000),
        written: cents.to_string(),
    })
}

/// What a check says of a command on a name; `None` where it has no price.
async fn told(client: &mut Client, domain: &str, verb: FeeVerb, period: Option<Period>) -> Option<i64> {
    let asked = AskedName { raw: domain.to_owned(), name: Ok(name(domain)) };
    let command = FeeCommand { verb, custom: None, phase: None, subphase: None, period };
    let fee = Some(FeeCheck { currency: None, commands: vec![command] });
    let check = Command::DomainCheck(DomainCheck { names: vec![asked], allocation: None, fee, launch: None });
    let Reply::WithFee(_, answer) = client.does_for_a_fee(check).await else { panic!("no fees") };
    let FeeAnswer::Checked { mut names, .. } = *answer else { panic!("no check") };
    let FeeChecked { mut commands, .. } = names.remove(0);
    let quoted = commands.pop()?;
    if quoted.reason.is_some() {
        return None;
    }
    Some(quoted.fees.iter().map(|fee| cents(&fee.amount)).sum())
}

/// Does a command for a fee, after a cent less did not do.
async fn takes(
    registry: &Registry,
    (client, of): (&mut Client, &str),
    price: i64,
    command: impl Fn(Option<FeeGiven>) -> Command,
) {
    let before = balance(registry, of).await.amount;
    if price > 0 {
        assert_eq!(client.refused(command(given(price - 1))).await, Reason::FeeTooLow);
    }
    let reply = client.does_for_a_fee(command(given(price))).await;
    assert_eq!(before - balance(registry, of).await.amount, price);
    let Reply::WithFee(_, answer) = reply else { panic!("{reply:?}") };
    let FeeAnswer::Taken(FeeTaken { fees, balance: left, .. }) = *answer else { panic!("no fee") };
    assert_eq!(fees.iter().map(|fee| cents(&fee.amount)).sum::<i64>(), price);
    assert_eq!(left.map(|left| cents(&left)), Some(before - price));
}

on_both! {
    async fn a_check_and_a_command_say_the_same_price(db: Db) {
        let rules = "transfer.mode = \"immediate\"\ngrace.add_days = 0";
        let registry = Registry::with_accounts(&db, rules, RULES).await;
        let (mut alpha, mut beta) = (registry.client("alpha"), registry.client("beta"));
        for (class, count) in [("", 1_u8), ("gold", 1), ("silver", 1), ("", 3), ("gold", 10), ("lead", 1)] {
            let domain = format!("{}-{count}.example", if class.is_empty() { "standard" } else { class });
            if !class.is_empty() {
                seed::operate(&db, "listed", &domain, &format!("premium:{class}"), true).await.unwrap();
            }
            let price = told(&mut alpha, &domain, FeeVerb::Create, years(count)).await;
            let create = |fee| {
                let create = DomainCreate::of(name(&domain), auth());
                Command::DomainCreate(DomainCreate { period: years(count), fee, ..create })
            };
            let Some(price) = price else {
                assert_eq!(alpha.refused(create(given(100_000))).await, Reason::ClassUnpriced, "{domain}");
                continue;
            };
            takes(&registry, (&mut alpha, "alpha"), price, create).await;
            for count in [1, 2, 9, 11] {
                let price = told(&mut alpha, &domain, FeeVerb::Renew, years(count)).await;
                let wanted = name(&domain);
                let row = db.read(move |tx| Box::pin(async move { tx.domain_by_name(&wanted).await }));
                let current_expiry = row.await.unwrap().unwrap().expires_at.date();
                let renew = |fee| {
                    let name = name(&domain);
                    Command::DomainRenew(DomainRenew { name, current_expiry, period: years(count), fee })
                };
                match price {
                    Some(price) => takes(&registry, (&mut alpha, "alpha"), price, renew).await,
                    None => {
                        let why = alpha.refused(renew(given(100_000))).await;
                        assert!(matches!(why, Reason::ExpiryTooFar | Reason::PeriodOutOfRange), "{why:?}");
                    }
                }
            }
            // The year that a transfer adds by itself, or none where it does not fit.
            let price = told(&mut beta, &domain, FeeVerb::Transfer, None).await.unwrap();
            let transfer = |fee| {
                let (name, auth) = (name(&domain), Some(auth()));
                Command::DomainTransferRequest(DomainTransfer { name, period: None, auth, anew: None, allocation: None, fee })
            };
            takes(&registry, (&mut beta, "beta"), price, transfer).await;
        }
        agree(&db).await;
    }

    async fn an_account_without_money_agrees_to_nothing(db: Db) {
        let registry = Registry::with_accounts(&db, "", "[account.bill]\nmode = \"off\"\n").await;
        seed::operate(&db, "listed", "gold.example", "premium:gold", true).await.unwrap();
        let mut alpha = registry.client("alpha");
        assert_eq!(told(&mut alpha, "gold.example", FeeVerb::Create, None).await, Some(0));
        let wrong = FeeGiven { currency: Some("XYZ".to_owned()), ..given(0).unwrap() };
        let create = |fee| Command::DomainCreate(DomainCreate { fee, ..DomainCreate::of(name("gold.example"), auth()) });
        assert_eq!(alpha.refused(create(Some(wrong))).await, Reason::FeeCurrency);
        assert!(matches!(alpha.does_for_a_fee(create(None)).await, Reply::DomainCreated { .. }));
    }
}
