//! Short forms: a command in a few words, as the frame it stands for. What they cannot say is sent with `raw`.

use clap::{Args, Subcommand};

use super::frame::{self, leaf, leaves, maybe, tag};
use crate::epp::ns::Ns;

/// A command in short form. Without one, whole documents are read from standard input.
#[derive(Debug, Subcommand)]
pub enum Form {
    /// Ask for the greeting
    Hello,
    /// Check domain names, and what commands on them cost
    Check(DomainCheck),
    /// Look at a domain
    Info(DomainInfo),
    /// Register a domain
    Create(DomainCreate),
    /// Delete a domain
    Delete(OneName),
    /// Renew a domain
    Renew(DomainRenew),
    /// Ask for, look at or answer the transfer of a domain
    Transfer(DomainTransfer),
    /// Change a domain
    Update(DomainUpdate),
    /// Ask for a deleted domain back, or report why it came back
    Restore(super::short_ext::Restore),
    /// Commands on contacts
    #[command(subcommand)]
    Contact(super::short_objects::Contact),
    /// Commands on hosts
    #[command(subcommand)]
    Host(super::short_objects::Host),
    /// Work on the service that is announced, or one announcement
    Maintenance {
        /// Its identifier
        id: Option<String>,
    },
    /// The oldest message of the queue
    Poll,
    /// Take a message out of the queue
    Ack {
        /// Its msgQ id
        id: String,
    },
    /// Send files as they are, one frame each; - is standard input, cut into documents
    Raw {
        /// The files
        #[arg(required = true)]
        files: Vec<std::path::PathBuf>,
    },
}

/// Names or identifiers.
#[derive(Debug, Args)]
pub struct Names {
    /// Names or identifiers
    #[arg(required = true)]
    pub names: Vec<String>,
}

/// Check of domains.
#[derive(Debug, Args)]
pub struct DomainCheck {
    #[command(flatten)]
    names: Names,
    #[command(flatten)]
    token: super::short_token::Token,
    #[command(flatten)]
    fee: super::short_ext::FeeCheck,
}

/// One name or identifier.
#[derive(Debug, Args)]
pub struct OneName {
    /// Name or identifier
    pub name: String,
}

/// Info of a domain.
#[derive(Debug, Args)]
pub struct DomainInfo {
    name: String,
    /// Which hosts to list: all, del, sub or none
    #[arg(long)]
    hosts: Option<String>,
    /// Authorization information
    #[arg(long, value_name = "AUTHINFO")]
    pw: Option<String>,
    #[command(flatten)]
    ttl: super::short_ttl::TtlAsked,
}

/// Create of a domain.
#[derive(Debug, Args)]
pub struct DomainCreate {
    name: String,
    /// How long, as 2y or 24m; the zone's default without it
    #[arg(long)]
    period: Option<String>,
    /// A name server, as host, or as host=addr,addr where the zone takes host attributes
    #[arg(long)]
    ns: Vec<String>,
    /// Write name servers as host attributes also without addresses
    #[arg(long)]
    host_attr: bool,
    /// The registrant's contact
    #[arg(long)]
    registrant: Option<String>,
    /// Another contact, as admin=ID, tech=ID or billing=ID
    #[arg(long, value_name = "ROLE=ID")]
    contact: Vec<String>,
    /// Authorization information; empty without it
    #[arg(long, value_name = "AUTHINFO", default_value = "")]
    pw: String,
    #[command(flatten)]
    sec_dns: super::short_ext::SecDns,
    #[command(flatten)]
    ttl: super::short_ttl::Ttls,
    #[command(flatten)]
    token: super::short_token::Token,
    #[command(flatten)]
    fee: super::short_ext::Fee,
}

/// Renew of a domain.
#[derive(Debug, Args)]
pub struct DomainRenew {
    name: String,
    /// The day the registration ends now
    #[arg(long, value_name = "YYYY-MM-DD")]
    exp: String,
    /// How long, as 2y or 24m
    #[arg(long)]
    period: Option<String>,
    #[command(flatten)]
    fee: super::short_ext::Fee,
}

/// Transfer of a domain or a contact.
#[derive(Debug, Args)]
pub struct Transfer {
    /// request, query, approve, reject or cancel
    #[arg(value_parser = ["request", "query", "approve", "reject", "cancel"])]
    op: String,
    /// Name or identifier
    name: String,
    /// How long the transfer renews, as 1y; domains only
    #[arg(long)]
    period: Option<String>,
    /// Authorization information
    #[arg(long, value_name = "AUTHINFO")]
    pw: Option<String>,
}

/// Transfer of a domain.
#[derive(Debug, Args)]
pub struct DomainTransfer {
    #[command(flatten)]
    transfer: Transfer,
    #[command(flatten)]
    token: super::short_token::Token,
    #[command(flatten)]
    fee: super::short_ext::Fee,
}

/// Update of a domain.
#[derive(Debug, Args)]
pub struct DomainUpdate {
    name: String,
    /// A name server to add
    #[arg(long)]
    add_ns: Vec<String>,
    /// A name server to remove
    #[arg(long)]
    rem_ns: Vec<String>,
    /// Write name servers as host attributes also without addresses
    #[arg(long)]
    host_attr: bool,
    /// A contact to add
    #[arg(long, value_name = "ROLE=ID")]
    add_contact: Vec<String>,
    /// A contact to remove
    #[arg(long, value_name = "ROLE=ID")]
    rem_contact: Vec<String>,
    /// A status to add, as clientHold
    #[arg(long)]
    add_status: Vec<String>,
    /// A status to remove
    #[arg(long)]
    rem_status: Vec<String>,
    /// The new registrant; empty for none
    #[arg(long)]
    registrant: Option<String>,
    /// The new authorization information; empty unsets it
    #[arg(long, value_name = "AUTHINFO")]
    pw: Option<String>,
    #[command(flatten)]
    sec_dns: super::short_ext::SecDnsChange,
    #[command(flatten)]
    ttl: super::short_ttl::Ttls,
    #[command(flatten)]
    fee: super::short_ext::Fee,
}

impl Form {
    /// The frame; `None` for [`Form::Raw`], which has its own.
    ///
    /// # Errors
    /// When a word cannot be understood.
    pub fn frame(&self) -> anyhow::Result<Option<String>> {
        let domain = |verb, content: String| frame::object(Ns::Domain, verb, None, &content);
        Ok(Some(match self {
            Self::Hello => frame::hello(),
            Self::Check(x) => {
                let names = leaves("domain:name", &x.names.names);
                frame::extended(Ns::Domain, "check", &names, &(x.token.element() + &x.fee.check()?))
            }
            Self::Info(x) => {
                let hosts: Vec<_> = x.hosts.iter().map(|h| ("hosts", h.as_str())).collect();
                let name = tag("domain:name", &hosts, &quick_xml::escape::minimal_escape(x.name.as_str()));
                let content = name + &auth("domain", x.pw.as_deref());
                frame::extended(Ns::Domain, "info", &content, &x.ttl.element())
            }
            Self::Create(x) => {
                let extensions = x.sec_dns.create()?
                    + &x.ttl.element("create")?
                    + &x.token.element()
                    + &x.fee.of("create");
                frame::extended(Ns::Domain, "create", &create(x)?, &extensions)
            }
            Self::Delete(x) => domain("delete", leaf("domain:name", &x.name)),
            Self::Renew(x) => {
                let name = leaf("domain:name", &x.name) + &leaf("domain:curExpDate", &x.exp);
                let content = name + &period(x.period.as_deref())?;
                frame::extended(Ns::Domain, "renew", &content, &x.fee.of("renew"))
            }
            Self::Transfer(x) => {
                x.transfer.frame(Ns::Domain, "name", &(x.token.element() + &x.fee.of("transfer")))?
            }
            Self::Update(x) => {
                let extensions = x.sec_dns.update()? + &x.ttl.element("update")? + &x.fee.of("update");
                frame::extended(Ns::Domain, "update", &update(x)?, &extensions)
            }
            Self::Restore(x) => {
                let content = leaf("domain:name", &x.name) + &tag("domain:chg", &[], "");
                frame::extended(Ns::Domain, "update", &content, &(x.update() + &x.fee.of("update")))
            }
            Self::Contact(x) => x.frame()?,
            Self::Host(x) => x.frame()?,
            Self::Maintenance { id } => {
                let asked = id.as_ref().map_or_else(|| tag("maint:list", &[], ""), |id| leaf("maint:id", id));
                frame::object(Ns::Maintenance, "info", None, &asked)
            }
            Self::Poll => frame::command("<poll op=\"req\"/>"),
            Self::Ack { id } => frame::command(&tag("poll", &[("op", "ack"), ("msgID", id)], "")),
            Self::Raw { .. } => return Ok(None),
        }))
    }
}

impl Transfer {
    pub(super) fn frame(&self, ns: Ns, key: &str, extension: &str) -> anyhow::Result<String> {
        let prefix = ns.prefix();
        let content = leaf(&format!("{prefix}:{key}"), &self.name)
            + &period(self.period.as_deref())?
            + &auth(prefix, self.pw.as_deref());
        Ok(frame::transfer(ns, &self.op, &content, extension))
    }
}

fn create(x: &DomainCreate) -> anyhow::Result<String> {
    Ok(leaf("domain:name", &x.name)
        + &period(x.period.as_deref())?
        + &name_servers(&x.ns, x.host_attr)
        + &maybe("domain:registrant", x.registrant.as_deref())
        + &contacts(&x.contact)?
        + &auth("domain", Some(&x.pw)))
}

fn update(x: &DomainUpdate) -> anyhow::Result<String> {
    let part = |name, ns: &[String], who: &[String], statuses: &[String]| {
        let content = name_servers(ns, x.host_attr) + &contacts(who)? + &self::statuses("domain", statuses);
        anyhow::Ok(if content.is_empty() { content } else { tag(name, &[], &content) })
    };
    let change = maybe("domain:registrant", x.registrant.as_deref()) + &auth("domain", x.pw.as_deref());
    let change = if change.is_empty() { change } else { tag("domain:chg", &[], &change) };
    Ok(leaf("domain:name", &x.name)
        + &part("domain:add", &x.add_ns, &x.add_contact, &x.add_status)?
        + &part("domain:rem", &x.rem_ns, &x.rem_contact, &x.rem_status)?
        + &change)
}

/// `<domain:period>` from `2y` or `24m`.
fn period(text: Option<&str>) -> anyhow::Result<String> {
    period_of("domain", text)
}

/// A period in the namespace of that prefix.
pub(super) fn period_of(prefix: &str, text: Option<&str>) -> anyhow::Result<String> {
    let Some(text) = text else { return Ok(String::new()) };
    let (count, unit) = match (text.strip_suffix('y'), text.strip_suffix('m')) {
        (Some(count), _) => (count, "y"),
        (_, Some(count)) => (count, "m"),
        _ => (text, "y"),
    };
    let fault = || crate::cli::out::hint(format!("{text:?} is not a period"), "write it as 2y or 24m");
    count.parse::<u8>().map_err(|_| fault())?;
    Ok(tag(&format!("{prefix}:period"), &[("unit", unit)], count))
}

fn name_servers(servers: &[String], as_attributes: bool) -> String {
    if servers.is_empty() {
        return String::new();
    }
    let attributes = as_attributes || servers.iter().any(|ns| ns.contains('='));
    let one = |server: &String| {
        let (host, addresses) = server.split_once('=').unwrap_or((server, ""));
        if !attributes {
            return leaf("domain:hostObj", host);
        }
        let addresses = super::short_objects::addresses("domain:hostAddr", addresses.split(','));
        tag("domain:hostAttr", &[], &(leaf("domain:hostName", host) + &addresses))
    };
    tag("domain:ns", &[], &servers.iter().map(one).collect::<String>())
}

fn contacts(contacts: &[String]) -> anyhow::Result<String> {
    contacts
        .iter()
        .map(|contact| match contact.split_once('=') {
            Some((role, id)) => {
                Ok(tag("domain:contact", &[("type", role)], &quick_xml::escape::minimal_escape(id)))
            }
            None => Err(crate::cli::out::hint(
                format!("{contact:?} does not say the contact's role"),
                "write it as admin=ID, tech=ID or billing=ID",
            )),
        })
        .collect()
}

pub(super) fn statuses(prefix: &str, statuses: &[String]) -> String {
    statuses.iter().map(|s| tag(&format!("{prefix}:status"), &[("s", s)], "")).collect()
}

pub(super) fn auth(prefix: &str, pw: Option<&str>) -> String {
    let Some(pw) = pw else { return String::new() };
    tag(&format!("{prefix}:authInfo"), &[], &leaf(&format!("{prefix}:pw"), pw))
}
