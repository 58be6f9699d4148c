//! Commands in words: `domain:delete foo.example`, `domain:renew foo.example exp=2027-05-01 years=2`. What the
//! registrar's desk is asked for, on the command line and in transcripts; the portal's forms are made of the same
//! commands.
//!
//! A command joins the desk by one line in [`FORMS`]: its name as logs have it, its words as a person reads them, and
//! the function that makes the typed [`Command`] of them. Whatever a form does not take is refused, so a misspelt word
//! changes nothing. Words are `OBJECT` and `key=value`; several values of one key have commas between them.

mod contact;
mod fee;
mod host;

use std::collections::BTreeMap;
use std::fmt;
use std::net::IpAddr;

use ipnet::IpNet;
use jiff::civil::Date;

use super::command::{
    AddressChange, AddressList, AskedName, Command, ContactDelete, ContactInfo, ContactRole, DomainAddRem,
    DomainAutoRenew, DomainCheck, DomainCreate, DomainDelete, DomainInfo, DomainReactivate, DomainRenew,
    DomainRequestCode, DomainTransfer, DomainUndelete, DomainUpdate, DomainWithdraw, HostAnswer, HostDelete,
    HostInfo, HostsFilter, MaintenanceInfo, NameServers, NewRegistrant, PollAck, TransferAnew,
};
use super::types::{
    AuthInfo, ContactId, DomainName, DomainStatus, HostAddrs, Management, Period, PeriodUnit, Secret, Status,
};
use crate::clock::Ts;

/// One command of the desk.
#[derive(Clone, Copy, Debug)]
pub struct Form {
    /// `object:verb`, as logs and audit have it.
    pub name: &'static str,
    /// The words behind it, for people.
    pub words: &'static str,
    /// What it does.
    pub about: &'static str,
    make: fn(&mut Words) -> Result<Command, WordsFault>,
}

/// Every command of the desk.
pub const FORMS: &[Form] = &[
    form("domain:check", "NAME", "Whether a name can be registered", |w| {
        let name = w.name()?;
        let asked = AskedName { raw: name.to_string(), name: Ok(name) };
        Ok(Command::DomainCheck(DomainCheck {
            names: vec![asked],
            allocation: None,
            fee: None,
            launch: None,
        }))
    }),
    form("domain:info", "NAME [pw=AUTHINFO]", "Look at a domain", |w| {
        Ok(Command::DomainInfo(DomainInfo {
            name: w.name()?,
            hosts: HostsFilter::All,
            auth: w.auth()?,
            ttl: None,
            allocation: false,
            launch: None,
        }))
    }),
    form(
        "domain:create",
        "NAME [registrant=ID] [admin=ID] [tech=ID] [billing=ID] [ns=HOST,..] [years=N] [pw=AUTHINFO] [terms=TIME] \
         [management=registrar|registrant] [fee=AMOUNT] [currency=CODE]",
        "Register a domain",
        |w| {
            let (name, period, registrant) = (w.name()?, w.years()?, w.contact("registrant")?);
            let contacts = w.roles()?;
            let (ns, auth) = (w.each("ns", name_of)?, w.auth()?);
            let ns = (!ns.is_empty()).then_some(NameServers::Objects(ns));
            let auth = auth.unwrap_or(AuthInfo { pw: Secret::default(), roid: None });
            let terms_accepted = w.maybe("terms", moment)?;
            let management = w.maybe("management", model)?;
            let create = DomainCreate::of(name, auth);
            let fee = w.fee()?;
            Ok(Command::DomainCreate(DomainCreate {
                fee,
                period,
                ns,
                registrant,
                contacts,
                terms_accepted,
                management,
                ..create
            }))
        },
    ),
    form(
        "domain:renew",
        "NAME exp=DAY [years=N] [fee=AMOUNT] [currency=CODE]",
        "Renew a domain whose registration ends on that day",
        |w| {
            let name = w.name()?;
            let current_expiry = w.needed("exp", day)?;
            Ok(Command::DomainRenew(DomainRenew { name, current_expiry, period: w.years()?, fee: w.fee()? }))
        },
    ),
    form(
        "domain:update",
        "NAME [add-status=STATUS,..] [rem-status=STATUS,..] [pw=AUTHINFO] [registrant=ID] [terms=TIME] [fee=AMOUNT] \
         [currency=CODE]",
        "Change a domain's statuses, its authorization information or its registrant",
        |w| {
            let (name, auth) = (w.name()?, w.auth()?.map(Some));
            let mut statuses = |key: &'static str| -> Result<Option<DomainAddRem>, WordsFault> {
                let given = w.each(key, status)?;
                let statuses: Vec<_> = given.into_iter().map(|status| (status, None)).collect();
                Ok((!statuses.is_empty()).then(|| DomainAddRem { statuses, ..DomainAddRem::default() }))
            };
            let (add, rem) = (statuses("add-status")?, statuses("rem-status")?);
            let (registrant, terms_accepted) =
                (w.contact("registrant")?.map(Some), w.maybe("terms", moment)?);
            let chg = auth.is_some() || registrant.is_some();
            let (update, fee) = (DomainUpdate::of(name), w.fee()?);
            Ok(Command::DomainUpdate(DomainUpdate {
                fee,
                add,
                rem,
                chg,
                registrant,
                auth,
                terms_accepted,
                ..update
            }))
        },
    ),
    form(
        "domain:delete",
        "NAME [on=DAY] [overwrite=yes]",
        "Delete a domain, on that day where the zone takes one",
        |w| {
            let (name, on) = (w.name()?, w.maybe("on", day)?);
            let overwrite = w.maybe("overwrite", |text| switch(text, "yes", "no"))?.unwrap_or(false);
            Ok(Command::DomainDelete(DomainDelete { name, on, overwrite, launch: None }))
        },
    ),
    form("domain:undelete", "NAME", "Take back a deletion that is scheduled", |w| {
        Ok(Command::DomainUndelete(DomainUndelete { name: w.name()? }))
    }),
    form("domain:reactivate", "NAME", "Bring a deleted domain back as it was", |w| {
        Ok(Command::DomainReactivate(DomainReactivate { name: w.name()? }))
    }),
    form("domain:autorenew", "NAME set=on|off", "Whether a domain is renewed when it ends", |w| {
        let (name, on) = (w.name()?, w.needed("set", |text| switch(text, "on", "off"))?);
        Ok(Command::DomainAutoRenew(DomainAutoRenew { name, on }))
    }),
    form(
        "domain:request-code",
        "NAME [url=URL]",
        "Have a domain's transfer code mailed to its registrant, with the address of a page where it goes on",
        |w| {
            let (name, url) = (w.name()?, w.maybe("url", |text| Ok(text.to_owned()))?);
            Ok(Command::DomainRequestCode(DomainRequestCode { name, url }))
        },
    ),
    form(
        "domain:transfer-request",
        "NAME pw=AUTHINFO [years=N] [registrant=ID|#AUTO#] [admin=ID] [tech=ID] [billing=ID] [ns=HOST,..|ns-attr=HOST/ADDRESS/..,..] [fee=AMOUNT] [currency=CODE]",
        "Ask for a domain's transfer to here; where the zone lets a transfer do so, with other contacts and name servers",
        |w| {
            let (anew, period, fee, transfer) = (w.anew()?, w.years()?, w.fee()?, w.transfer()?);
            Ok(Command::DomainTransferRequest(DomainTransfer { anew, period, fee, ..transfer }))
        },
    ),
    form("domain:transfer-query", "NAME [pw=AUTHINFO]", "How a domain's transfer stands", |w| {
        w.transfer().map(Command::DomainTransferQuery)
    }),
    form("domain:transfer-approve", "NAME [pw=AUTHINFO]", "Let a domain go", |w| {
        w.transfer().map(Command::DomainTransferApprove)
    }),
    form(
        "domain:transfer-reject",
        "NAME [pw=AUTHINFO]",
        "Keep a domain that another registrar asks for",
        |w| w.transfer().map(Command::DomainTransferReject),
    ),
    form("domain:transfer-cancel", "NAME [pw=AUTHINFO]", "Take back what was asked for", |w| {
        w.transfer().map(Command::DomainTransferCancel)
    }),
    form(
        "contact:create",
        "ID name=NAME city=CITY cc=COUNTRY email=ADDRESS [street=TEXT] [pc=CODE] [postal=int|loc] [pw=AUTHINFO] \
         [management=registrar|registrant]",
        "Create a contact",
        contact::create,
    ),
    form("domain:withdraw", "NAME", "Give a domain back to the registry", |w| {
        Ok(Command::DomainWithdraw(DomainWithdraw { name: w.name()? }))
    }),
    form("contact:info", "ID [pw=AUTHINFO]", "Look at a contact", |w| {
        Ok(Command::ContactInfo(ContactInfo { id: w.object(contact_id)?, auth: w.auth()? }))
    }),
    form("contact:delete", "ID", "Delete a contact", |w| {
        Ok(Command::ContactDelete(ContactDelete { id: w.object(contact_id)? }))
    }),
    form("host:info", "NAME", "Look at a host", |w| {
        Ok(Command::HostInfo(HostInfo { name: w.name()?, ttl: None }))
    }),
    form(
        "host:create",
        "NAME [addr=ADDRESS,..] [admin=ID] [management=registrar|registrant]",
        "Create a host, administered by that contact where the zone lets hosts be",
        host::create,
    ),
    form(
        "host:update",
        "NAME [add-addr=ADDRESS,..] [rem-addr=ADDRESS,..] [add-status=STATUS,..] [rem-status=STATUS,..] [name=NAME] [admin=ID]",
        "Change a host's addresses, its statuses, its name or its administrator",
        host::update,
    ),
    form("host:accept", "NAME", "Agree to administer a host", |w| {
        Ok(Command::HostAccept(HostAnswer { name: w.name()? }))
    }),
    form("host:reject", "NAME", "Do not agree to administer a host", |w| {
        Ok(Command::HostReject(HostAnswer { name: w.name()? }))
    }),
    form("host:delete", "NAME", "Delete a host", |w| Ok(Command::HostDelete(HostDelete { name: w.name()? }))),
    form("poll:req", "", "The oldest message of the account", |_| Ok(Command::PollRequest)),
    form("poll:ack", "MESSAGE", "Take a message off the queue", |w| {
        let id = w.object(|text| Ok(text.to_owned()))?;
        Ok(Command::PollAck(PollAck { id: Some(id) }))
    }),
    form("maintenance:info", "[id=ID]", "Work on the service that is announced", |w| {
        let id = w.maybe("id", |text| Ok(text.to_owned()))?;
        Ok(Command::MaintenanceInfo(id.map_or(MaintenanceInfo::List, MaintenanceInfo::Item)))
    }),
    form("balance:info", "", "What the account has", |_| Ok(Command::BalanceInfo)),
    form(
        "money:unlock",
        "",
        "Let growth through for some days while funds are short, from the quota of the month",
        |_| Ok(Command::MoneyUnlock),
    ),
    form("address:add", "PREFIX [list=web] [note=TEXT]", "Let the account connect from an address", |w| {
        let note = w.maybe("note", |text| Ok(text.to_owned()))?.unwrap_or_default();
        Ok(Command::AddressAdd(AddressChange { note, ..w.address()? }))
    }),
    form("address:remove", "PREFIX [list=web]", "No longer let it", |w| {
        w.address().map(Command::AddressRemove)
    }),
    form("hitpoints:unblock", "", "Lift the account's own block, from its quota of the month", |_| {
        Ok(Command::HitpointsUnblock)
    }),
];

const fn form(
    name: &'static str,
    words: &'static str,
    about: &'static str,
    make: fn(&mut Words) -> Result<Command, WordsFault>,
) -> Form {
    Form { name, words, about, make }
}

/// Why words are no command: for whoever wrote them.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct WordsFault(String);

fn fault<T>(text: impl fmt::Display) -> Result<T, WordsFault> {
    Err(WordsFault(text.to_string()))
}

/// The command those words are: `["domain:delete", "foo.example"]`, or the name in two words.
///
/// # Errors
/// What is wrong with them; no secret is repeated.
pub fn parse(words: &[String]) -> Result<Command, WordsFault> {
    let (first, rest) = words.split_first().ok_or_else(|| WordsFault("no command is named".to_owned()))?;
    let (name, rest) = match rest.split_first() {
        Some((second, rest)) if !first.contains(':') => (format!("{first}:{second}"), rest),
        _ => (first.clone(), rest),
    };
    let Some(form) = FORMS.iter().find(|form| form.name == name) else {
        return fault(format_args!("the desk has no command {name}"));
    };
    let mut words = Words::read(rest)?;
    let command = (form.make)(&mut words)?;
    match words.object.or_else(|| words.values.into_keys().next()) {
        None => Ok(command),
        Some(left) => fault(format_args!("{name} does not take {left:?}; it is {name} {}", form.words)),
    }
}

/// What stands behind the name of a command; whatever is taken is gone.
#[derive(Debug, Default)]
struct Words {
    object: Option<String>,
    values: BTreeMap<String, Secret>,
}

impl Words {
    fn read(words: &[String]) -> Result<Self, WordsFault> {
        let mut read = Self::default();
        for word in words {
            match word.split_once('=') {
                Some((key, value)) => {
                    if read.values.insert(key.to_owned(), Secret::new(value)).is_some() {
                        return fault(format_args!("{key} stands there twice"));
                    }
                }
                // A word alone can be the password behind a blank too many.
                None => match read.object {
                    None => read.object = Some(word.clone()),
                    Some(object) => {
                        return fault(format_args!(
                            "behind {object:?} is one word too many; write key=value"
                        ));
                    }
                },
            }
        }
        Ok(read)
    }

    /// The object the command is about.
    fn object<T>(&mut self, read: impl Fn(&str) -> Result<T, WordsFault>) -> Result<T, WordsFault> {
        match self.object.take() {
            Some(text) => read(&text),
            None => fault("which object?"),
        }
    }

    /// A domain or host as the object.
    fn name(&mut self) -> Result<DomainName, WordsFault> {
        self.object(name_of)
    }

    /// The value of a key, if it is there.
    fn maybe<T>(
        &mut self,
        key: &str,
        read: impl Fn(&str) -> Result<T, WordsFault>,
    ) -> Result<Option<T>, WordsFault> {
        self.values.remove(key).map(|value| read(value.expose())).transpose()
    }

    /// The value of a key that must be there.
    fn needed<T>(
        &mut self,
        key: &str,
        read: impl Fn(&str) -> Result<T, WordsFault>,
    ) -> Result<T, WordsFault> {
        self.maybe(key, read)?.ok_or_else(|| WordsFault(format!("{key}= is missing")))
    }

    /// The values of a key, with commas between them; none where it is not there.
    fn each<T>(
        &mut self,
        key: &str,
        read: impl Fn(&str) -> Result<T, WordsFault>,
    ) -> Result<Vec<T>, WordsFault> {
        let all = self.maybe(key, |text| text.split(',').map(&read).collect::<Result<Vec<_>, _>>())?;
        Ok(all.unwrap_or_default())
    }

    fn contact(&mut self, key: &str) -> Result<Option<ContactId>, WordsFault> {
        self.maybe(key, contact_id)
    }

    fn years(&mut self) -> Result<Option<Period>, WordsFault> {
        self.maybe("years", |text| match text.parse::<u8>() {
            Ok(count @ 1..=99) => Ok(Period { count, unit: PeriodUnit::Years }),
            _ => fault("years= is a number from 1 to 99"),
        })
    }

    fn auth(&mut self) -> Result<Option<AuthInfo>, WordsFault> {
        self.maybe("pw", |text| Ok(AuthInfo { pw: Secret::new(text), roid: None }))
    }

    fn address(&mut self) -> Result<AddressChange, WordsFault> {
        let prefix = self.object(|text| {
            let net = text.parse::<IpNet>().or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
            match net {
                Ok(net) if net.trunc() == net => Ok(net),
                _ => fault(format_args!("{text:?} is neither an address nor a prefix")),
            }
        })?;
        let list = self.maybe("list", |text| match text {
            "epp" => Ok(AddressList::Epp),
            "web" => Ok(AddressList::Web),
            _ => fault("list= is epp or web"),
        })?;
        Ok(AddressChange { list: list.unwrap_or(AddressList::Epp), prefix, note: String::new() })
    }

    fn transfer(&mut self) -> Result<DomainTransfer, WordsFault> {
        Ok(DomainTransfer {
            name: self.name()?,
            period: None,
            auth: self.auth()?,
            anew: None,
            allocation: None,
            fee: None,
        })
    }

    /// What a transfer request gives anew.
    fn anew(&mut self) -> Result<Option<Box<TransferAnew>>, WordsFault> {
        let registrant = self.maybe("registrant", |text| match text {
            "#AUTO#" => Ok(NewRegistrant::Auto),
            id => contact_id(id).map(NewRegistrant::Contact),
        })?;
        let contacts = self.roles()?;
        let (objects, attributes) = (self.each("ns", name_of)?, self.each("ns-attr", host_attribute)?);
        let ns = match (objects.is_empty(), attributes.is_empty()) {
            (true, true) => None,
            (false, true) => Some(NameServers::Objects(objects)),
            (true, false) => Some(NameServers::Attributes(attributes)),
            (false, false) => return fault("name servers come as ns= or as ns-attr="),
        };
        let anew = TransferAnew { registrant, contacts, ns };
        Ok((anew != TransferAnew::default()).then(|| Box::new(anew)))
    }

    /// Contacts by role.
    fn roles(&mut self) -> Result<Vec<(ContactRole, ContactId)>, WordsFault> {
        let mut contacts = Vec::new();
        for role in ContactRole::ALL {
            let ids = self.each(role.name(), contact_id)?;
            contacts.extend(ids.into_iter().map(|id| (*role, id)));
        }
        Ok(contacts)
    }
}

fn name_of(text: &str) -> Result<DomainName, WordsFault> {
    DomainName::parse(text).or_else(|why| fault(format_args!("{text:?} is no name: {why}")))
}

/// `ns1.foo.example/192.0.2.1/2001:db8::1`
fn host_attribute(text: &str) -> Result<(DomainName, HostAddrs), WordsFault> {
    let mut parts = text.split('/');
    let name = name_of(parts.next().unwrap_or(""))?;
    let addrs: Result<Vec<_>, _> = parts.map(str::parse).collect();
    addrs.map_or_else(
        |_| fault(format_args!("{text:?} has no addresses")),
        |addrs| Ok((name, HostAddrs(addrs))),
    )
}

fn contact_id(text: &str) -> Result<ContactId, WordsFault> {
    ContactId::parse(text).or_else(|why| fault(format_args!("{text:?} is no contact: {why}")))
}

fn day(text: &str) -> Result<Date, WordsFault> {
    text.parse().or_else(|_| fault(format_args!("{text:?} is no day; write it as 2027-01-31")))
}

fn model(text: &str) -> Result<Management, WordsFault> {
    Management::parse(text).map_or_else(|| fault("management= is registrar or registrant"), Ok)
}

fn moment(text: &str) -> Result<Ts, WordsFault> {
    let read = text.parse().map(Ts::from_timestamp);
    read.or_else(|_| fault(format_args!("{text:?} is no time; write it as 2027-01-31T12:00:00Z")))
}

fn switch(text: &str, on: &str, off: &str) -> Result<bool, WordsFault> {
    match text {
        _ if text == on => Ok(true),
        _ if text == off => Ok(false),
        _ => fault(format_args!("{text:?} is neither {on} nor {off}")),
    }
}

fn status(text: &str) -> Result<DomainStatus, WordsFault> {
    DomainStatus::parse(text).map_or_else(|| fault(format_args!("there is no status {text:?}")), Ok)
}

#[cfg(test)]
mod tests;
