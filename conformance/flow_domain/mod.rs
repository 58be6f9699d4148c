//! Domain commands end to end on both engines.

mod ageing;
mod allocation;
mod asking;
mod changing;
mod code;
mod dying;
mod held;
mod holding;
mod making;
mod racing;
mod token;
mod transfer;
mod variant;
mod verifying;

use domesday::epp::command::{
    Command, ContactCreate, ContactRole, DomainCreate, DomainDelete, DomainInfo, DomainRenew, DomainTransfer,
    DomainUpdate, HostCreate, HostsFilter, NameServers,
};
use domesday::epp::reply::{DomainData, Reply};
use domesday::epp::types::{
    AuthInfo, DomainStatus, HostAddrs, Note, Period, PeriodUnit, Postal, PostalForm, PostalInfo, Secret,
};
use domesday::refusal::Reason;

use crate::typed::{Client, contact, name};

/// The password the domains here have.
const PW: &str = "2fooBAR-open";

fn auth(pw: &str) -> AuthInfo {
    AuthInfo { pw: Secret::new(pw), roid: None }
}

fn years(count: u8) -> Option<Period> {
    Some(Period { count, unit: PeriodUnit::Years })
}

fn create(domain: &str) -> DomainCreate {
    DomainCreate::of(name(domain), auth(PW))
}

fn update(domain: &str) -> DomainUpdate {
    DomainUpdate::of(name(domain))
}

fn delete(domain: &str) -> Command {
    Command::DomainDelete(DomainDelete { name: name(domain), on: None, overwrite: false, launch: None })
}

fn renew(domain: &str, day: jiff::civil::Date, period: Option<Period>) -> Command {
    Command::DomainRenew(DomainRenew { name: name(domain), current_expiry: day, period, fee: None })
}

fn transfer(domain: &str, pw: Option<&str>) -> DomainTransfer {
    DomainTransfer {
        name: name(domain),
        period: None,
        auth: pw.map(auth),
        anew: None,
        allocation: None,
        fee: None,
    }
}

fn objects(names: &[&str]) -> Option<NameServers> {
    Some(NameServers::Objects(names.iter().map(|n| name(n)).collect()))
}

fn attributes(hosts: &[(&str, &str)]) -> Option<NameServers> {
    let host = |(n, addrs): &(&str, &str)| (name(n), HostAddrs::from_text(addrs));
    Some(NameServers::Attributes(hosts.iter().map(host).collect()))
}

fn statuses(list: &[DomainStatus]) -> Vec<(DomainStatus, Option<Note>)> {
    list.iter().map(|s| (*s, None)).collect()
}

fn roles(list: &[(ContactRole, &str)]) -> Vec<(ContactRole, domesday::epp::types::ContactId)> {
    list.iter().map(|(role, id)| (*role, contact(id))).collect()
}

fn make_host(host: &str, addrs: &str) -> Command {
    Command::HostCreate(HostCreate::of(name(host), HostAddrs::from_text(addrs)))
}

fn make_contact(id: &str, pw: &str) -> Command {
    let addr = Postal { city: "Dulles".to_owned(), cc: "US".to_owned(), ..Postal::default() };
    let postal = PostalInfo { name: "John Doe".to_owned(), org: None, addr };
    Command::ContactCreate(ContactCreate {
        id: contact(id),
        postal: vec![(PostalForm::Int, postal)],
        voice: None,
        fax: None,
        email: "jdoe@example.com".to_owned(),
        auth: auth(pw),
        disclose: None,
        management: None,
        addl_email: None,
    })
}

impl Client {
    /// What the registrar sees of a domain.
    async fn info(&mut self, domain: &str) -> DomainData {
        self.info_with(domain, HostsFilter::All, None).await
    }

    async fn info_with(&mut self, domain: &str, hosts: HostsFilter, auth: Option<AuthInfo>) -> DomainData {
        match self
            .does(Command::DomainInfo(DomainInfo {
                name: name(domain),
                hosts,
                auth,
                ttl: None,
                allocation: false,
                launch: None,
            }))
            .await
        {
            Reply::DomainInfo(data) => *data,
            other => panic!("{other:?}"),
        }
    }

    /// Registers a domain with nothing but a password.
    async fn register(&mut self, domain: &str) {
        self.does(Command::DomainCreate(create(domain))).await;
    }

    /// Refused creates, each with the one thing that is wrong about it.
    async fn refused_creates(&mut self, cases: Vec<(Reason, DomainCreate)>) {
        for (reason, command) in cases {
            assert_eq!(self.refused(Command::DomainCreate(command.clone())).await, reason, "{command:?}");
        }
    }

    /// Refused updates.
    async fn refused_updates(&mut self, cases: Vec<(Reason, DomainUpdate)>) {
        for (reason, command) in cases {
            assert_eq!(self.refused(Command::DomainUpdate(command.clone())).await, reason, "{command:?}");
        }
    }
}
