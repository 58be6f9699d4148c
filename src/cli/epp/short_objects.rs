//! Short forms of the commands on contacts and hosts.

use clap::{Args, Subcommand};

use super::frame::{self, leaf, leaves, maybe, tag};
use super::short::{Names, OneName, Transfer, auth, statuses};
use crate::epp::ns::Ns;

/// A command on a contact.
#[derive(Debug, Subcommand)]
pub enum Contact {
    /// Check identifiers
    Check(Names),
    /// Look at a contact
    Info(ContactInfo),
    /// Create a contact
    Create(ContactCreate),
    /// Change a contact
    Update(ContactUpdate),
    /// Delete a contact
    Delete(OneName),
    /// Ask for, look at or answer a transfer
    Transfer(Transfer),
}

/// A command on a host.
#[derive(Debug, Subcommand)]
pub enum Host {
    /// Check names
    Check(Names),
    /// Look at a host
    Info(HostInfo),
    /// Create a host
    Create(HostCreate),
    /// Change a host
    Update(HostUpdate),
    /// Delete a host
    Delete(OneName),
}

/// Info of a contact.
#[derive(Debug, Args)]
pub struct ContactInfo {
    id: String,
    /// Authorization information
    #[arg(long, value_name = "AUTHINFO")]
    pw: Option<String>,
}

/// A postal address and how to reach its holder.
#[derive(Debug, Args)]
pub struct Person {
    /// Name
    #[arg(long)]
    name: Option<String>,
    /// Organisation
    #[arg(long)]
    org: Option<String>,
    /// A street line, up to three
    #[arg(long)]
    street: Vec<String>,
    /// City
    #[arg(long)]
    city: Option<String>,
    /// State or province
    #[arg(long)]
    sp: Option<String>,
    /// Postal code
    #[arg(long)]
    pc: Option<String>,
    /// Country code
    #[arg(long)]
    cc: Option<String>,
    /// The address is in the localised form, any UTF-8
    #[arg(long)]
    loc: bool,
    /// Telephone, as +32.16123456
    #[arg(long)]
    voice: Option<String>,
    /// Fax
    #[arg(long)]
    fax: Option<String>,
    /// E-mail address
    #[arg(long)]
    email: Option<String>,
}

/// Create of a contact.
#[derive(Debug, Args)]
pub struct ContactCreate {
    id: String,
    #[command(flatten)]
    person: Person,
    /// Authorization information; empty without it
    #[arg(long, value_name = "AUTHINFO", default_value = "")]
    pw: String,
}

/// Update of a contact.
#[derive(Debug, Args)]
pub struct ContactUpdate {
    id: String,
    /// A status to add, as clientUpdateProhibited
    #[arg(long)]
    add_status: Vec<String>,
    /// A status to remove
    #[arg(long)]
    rem_status: Vec<String>,
    #[command(flatten)]
    person: Person,
    /// The new authorization information; empty unsets it
    #[arg(long, value_name = "AUTHINFO")]
    pw: Option<String>,
}

/// Info of a host.
#[derive(Debug, Args)]
pub struct HostInfo {
    name: String,
    #[command(flatten)]
    ttl: super::short_ttl::TtlAsked,
}

/// Create of a host.
#[derive(Debug, Args)]
pub struct HostCreate {
    name: String,
    /// An address
    #[arg(long)]
    addr: Vec<String>,
    #[command(flatten)]
    ttl: super::short_ttl::Ttls,
}

/// Update of a host.
#[derive(Debug, Args)]
pub struct HostUpdate {
    name: String,
    /// An address to add
    #[arg(long)]
    add_addr: Vec<String>,
    /// An address to remove
    #[arg(long)]
    rem_addr: Vec<String>,
    /// A status to add
    #[arg(long)]
    add_status: Vec<String>,
    /// A status to remove
    #[arg(long)]
    rem_status: Vec<String>,
    /// The new name
    #[arg(long)]
    rename: Option<String>,
    #[command(flatten)]
    ttl: super::short_ttl::Ttls,
}

impl Contact {
    pub(super) fn frame(&self) -> anyhow::Result<String> {
        let contact = |verb, content: String| frame::object(Ns::Contact, verb, None, &content);
        Ok(match self {
            Self::Check(x) => contact("check", leaves("contact:id", &x.names)),
            Self::Info(x) => contact("info", leaf("contact:id", &x.id) + &auth("contact", x.pw.as_deref())),
            Self::Create(x) => contact(
                "create",
                leaf("contact:id", &x.id) + &x.person.elements() + &auth("contact", Some(&x.pw)),
            ),
            Self::Update(x) => contact("update", update_contact(x)),
            Self::Delete(x) => contact("delete", leaf("contact:id", &x.name)),
            Self::Transfer(x) => x.frame(Ns::Contact, "id", "")?,
        })
    }
}

impl Host {
    pub(super) fn frame(&self) -> anyhow::Result<String> {
        let host = |verb, content: String| frame::object(Ns::Host, verb, None, &content);
        Ok(match self {
            Self::Check(x) => host("check", leaves("host:name", &x.names)),
            Self::Info(x) => frame::extended(Ns::Host, "info", &leaf("host:name", &x.name), &x.ttl.element()),
            Self::Create(x) => {
                let content =
                    leaf("host:name", &x.name) + &addresses("host:addr", x.addr.iter().map(String::as_str));
                frame::extended(Ns::Host, "create", &content, &x.ttl.element("create")?)
            }
            Self::Update(x) => {
                frame::extended(Ns::Host, "update", &update_host(x), &x.ttl.element("update")?)
            }
            Self::Delete(x) => host("delete", leaf("host:name", &x.name)),
        })
    }
}

impl Person {
    /// Postal information, telephone, fax and e-mail, as far as they are given.
    fn elements(&self) -> String {
        let street = leaves("contact:street", &self.street);
        let place = street
            + &maybe("contact:city", self.city.as_deref())
            + &maybe("contact:sp", self.sp.as_deref())
            + &maybe("contact:pc", self.pc.as_deref())
            + &maybe("contact:cc", self.cc.as_deref());
        let address = if place.is_empty() { place } else { tag("contact:addr", &[], &place) };
        let postal = maybe("contact:name", self.name.as_deref())
            + &maybe("contact:org", self.org.as_deref())
            + &address;
        let form = if self.loc { "loc" } else { "int" };
        let postal =
            if postal.is_empty() { postal } else { tag("contact:postalInfo", &[("type", form)], &postal) };
        postal
            + &maybe("contact:voice", self.voice.as_deref())
            + &maybe("contact:fax", self.fax.as_deref())
            + &maybe("contact:email", self.email.as_deref())
    }
}

fn update_contact(x: &ContactUpdate) -> String {
    let part = |name, list: &[String]| {
        if list.is_empty() { String::new() } else { tag(name, &[], &statuses("contact", list)) }
    };
    let change = x.person.elements() + &auth("contact", x.pw.as_deref());
    let change = if change.is_empty() { change } else { tag("contact:chg", &[], &change) };
    leaf("contact:id", &x.id)
        + &part("contact:add", &x.add_status)
        + &part("contact:rem", &x.rem_status)
        + &change
}

fn update_host(x: &HostUpdate) -> String {
    let part = |name, addrs: &[String], list: &[String]| {
        let content = addresses("host:addr", addrs.iter().map(String::as_str)) + &statuses("host", list);
        if content.is_empty() { content } else { tag(name, &[], &content) }
    };
    let rename = x.rename.as_deref().map(|name| tag("host:chg", &[], &leaf("host:name", name)));
    leaf("host:name", &x.name)
        + &part("host:add", &x.add_addr, &x.add_status)
        + &part("host:rem", &x.rem_addr, &x.rem_status)
        + &rename.unwrap_or_default()
}

/// Addresses, each with its family.
pub(super) fn addresses<'a>(name: &str, addresses: impl Iterator<Item = &'a str>) -> String {
    addresses
        .filter(|a| !a.is_empty())
        .map(|a| tag(name, &[("ip", if a.contains(':') { "v6" } else { "v4" })], a))
        .collect()
}
