//! Answers about fees (RFC 8748), with everything there and with nothing.

use domesday::epp::reply::{Checked, Reply};
use domesday::epp::types::{
    FeeAnswer, FeeChecked, FeeCommand, FeeLine, FeeQuoted, FeeTaken, FeeVerb, Period, PeriodUnit,
};

pub fn replies() -> Vec<Reply> {
    let line = |amount: &str, grace_days, delayed| FeeLine {
        amount: amount.to_owned(),
        description: "a \"<&>\"".to_owned(),
        grace_days,
        delayed,
    };
    let command = |verb, period, custom: Option<&str>| FeeCommand {
        verb,
        custom: custom.map(str::to_owned),
        phase: Some("open".to_owned()),
        subphase: custom.map(|_| "<&>".to_owned()),
        period,
    };
    let months = Some(Period { count: 99, unit: PeriodUnit::Months });
    let quoted = |verb, reason: Option<&str>| FeeQuoted {
        command: command(verb, months.filter(|_| reason.is_none()), reason.map(|_| "x")),
        standard: reason.is_none(),
        fees: vec![line("0.00", 0, false), line("10.5", 5, true)],
        credit: Some("-1.00".to_owned()),
        reason: reason.map(str::to_owned),
    };
    let all = FeeVerb::ALL.iter().flat_map(|verb| [quoted(*verb, None), quoted(*verb, Some("<&>"))]);
    let names = [None, Some("In use".to_owned())].map(|unavailable| FeeChecked {
        name: "foo.example".to_owned(),
        class: unavailable.is_none().then(|| "Tier <1>".to_owned()),
        commands: if unavailable.is_none() { all.clone().collect() } else { Vec::new() },
        unavailable,
    });
    let mut replies = vec![Reply::WithFee(
        Box::new(Reply::DomainChecked(Vec::from([Checked {
            name: "foo.example".to_owned(),
            unavailable: None,
        }]))),
        Box::new(FeeAnswer::Checked { currency: "EUR".to_owned(), names: names.to_vec() }),
    )];
    for verb in FeeVerb::ALL {
        let taken = FeeTaken {
            verb: *verb,
            currency: "EUR".to_owned(),
            years: Some(10),
            fees: vec![line("1", 1, true)],
            credit: Some("-1".to_owned()),
            balance: Some("-12.34".to_owned()),
            credit_limit: Some("0.00".to_owned()),
        };
        let bare = FeeTaken {
            years: None,
            fees: Vec::new(),
            credit: None,
            balance: None,
            credit_limit: None,
            ..taken.clone()
        };
        for taken in [taken, bare] {
            let answer = Box::new(FeeAnswer::Taken(taken));
            replies.push(Reply::WithFee(Box::new(Reply::Pending), answer));
        }
    }
    replies
}
