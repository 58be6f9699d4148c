//! Words that are commands, and words that are none.

use super::*;
use crate::epp::types::PostalForm;

fn of(text: &str) -> Result<Command, String> {
    let words: Vec<String> = text.split(' ').map(str::to_owned).collect();
    parse(&words).map_err(|e| e.to_string())
}

#[test]
fn words_are_commands() {
    let name = || DomainName::parse("foo.example").unwrap();
    let delete =
        Command::DomainDelete(DomainDelete { name: name(), on: None, overwrite: false, launch: None });
    assert_eq!(of("domain:delete foo.example"), Ok(delete.clone()));
    assert_eq!(of("domain delete FOO.example"), Ok(delete));
    let planned =
        DomainDelete { name: name(), on: Some("2027-01-31".parse().unwrap()), overwrite: true, launch: None };
    let words = "domain:delete foo.example on=2027-01-31 overwrite=yes";
    assert_eq!(of(words), Ok(Command::DomainDelete(planned)));
    let off = Command::DomainAutoRenew(DomainAutoRenew { name: name(), on: false });
    assert_eq!(of("domain:autorenew foo.example set=off"), Ok(off));
    let renew = Command::DomainRenew(DomainRenew {
        name: name(),
        current_expiry: "2027-05-01".parse().unwrap(),
        period: Some(Period { count: 2, unit: PeriodUnit::Years }),
        fee: None,
    });
    assert_eq!(of("domain:renew foo.example exp=2027-05-01 years=2"), Ok(renew));
    let Ok(Command::DomainCreate(create)) = of("domain:create foo.example tech=one,two ns=ns1.a.test") else {
        panic!("a create")
    };
    assert_eq!(create.contacts.len(), 2);
    assert_eq!(of("hitpoints unblock"), Ok(Command::HitpointsUnblock));
    let Ok(Command::DomainTransferRequest(transfer)) = of("domain:transfer-request foo.example pw=x years=2")
    else {
        panic!("a transfer")
    };
    assert_eq!(transfer.period, Some(Period { count: 2, unit: PeriodUnit::Years }));
    let Ok(Command::HostCreate(create)) =
        of("host:create ns1.foo.example addr=192.0.2.1,2001:db8::1 admin=nsa-1")
    else {
        panic!("a host")
    };
    assert_eq!((create.addrs.to_text().as_str(), create.admin.is_some()), ("192.0.2.1 2001:db8::1", true));
    let Ok(Command::HostUpdate(update)) = of("host:update ns1.foo.example rem-status=clientDeleteProhibited")
    else {
        panic!("a change of a host")
    };
    assert_eq!((update.add, update.rem.map(|rem| rem.statuses.len()), update.admin), (None, Some(1), None));
    let Ok(Command::AddressAdd(change)) = of("address:add 192.0.2.1 note=office") else {
        panic!("an address")
    };
    assert_eq!((change.note.as_str(), change.list), ("office", AddressList::Epp));
}

#[test]
fn what_is_no_command_changes_nothing() {
    for (text, why) in [
        ("domain:craete foo.example", "no command"),
        ("domain:delete", "which object"),
        ("domain:delete foo.example exp=2027-01-01", "does not take \"exp\""),
        ("domain:delete foo.example on=later", "no day"),
        ("domain:autorenew foo.example set=maybe", "neither on nor off"),
        ("domain:delete foo.example bar.example", "one word too many"),
        ("domain:delete foo_bar", "no name"),
        ("domain:renew foo.example", "exp= is missing"),
        ("domain:renew foo.example exp=soon", "no day"),
        ("domain:renew foo.example exp=2027-05-01 years=0", "1 to 99"),
        ("domain:renew foo.example exp=2027-05-01 exp=2027-05-02", "twice"),
        ("domain:update foo.example add-status=clientSleeps", "no status"),
        ("domain:transfer-approve foo.example years=2", "does not take \"years\""),
        ("host:create ns1.foo.example addr=here", "is no address"),
        ("host:update ns1.foo.example add-status=clientHold", "no status"),
        ("host:accept", "which object"),
        ("address:remove 192.0.2.1 note=gone", "does not take \"note\""),
    ] {
        assert!(of(text).is_err_and(|said| said.contains(why)), "{text}: {:?}", of(text));
    }
    let secret = of("domain:delete foo.example pw=geheim").unwrap_err();
    assert!(!secret.contains("geheim"), "{secret}");
    let apart = of("domain:info foo.example pw= geheim").unwrap_err();
    assert!(apart.contains("one word too many") && !apart.contains("geheim"), "{apart}");
}

#[test]
fn a_contact_s_texts_are_those_that_an_answer_can_hold() {
    let contact = |rest: &str| of(&format!("contact:create ct-1 cc=BE email=a@b.example {rest}"));
    let long = format!("name={} city=Gent", "a".repeat(256));
    for (rest, why) in [
        ("name= city=Gent", "1 to 255 characters"),
        ("name=Ada city=", "1 to 255 characters"),
        (long.as_str(), "1 to 255 characters"),
        ("name=Ada city=Gent pc=12345678901234567", "at most 16 characters"),
        ("name=Zoë city=Gent", "not ASCII"),
        ("name=Zoë city=Gent postal=int", "not ASCII"),
    ] {
        assert!(contact(rest).is_err_and(|said| said.contains(why)), "{rest}: {:?}", contact(rest));
    }
    let Ok(Command::ContactCreate(create)) = contact("name=Zoë\tA city=Gent pc= street=A postal=loc") else {
        panic!("a contact")
    };
    let [(PostalForm::Loc, info)] = &*create.postal else { panic!("{:?}", create.postal) };
    assert_eq!(
        (info.name.as_str(), &info.addr.pc, &*info.addr.street),
        ("Zoë A", &None, &["A".to_owned()][..])
    );
}
