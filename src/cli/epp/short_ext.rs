//! Short forms of the extensions: DNSSEC data (RFC 5910), the restoration of a deleted domain (RFC 3915), fees (RFC 8748).

use clap::Args;

use super::frame::{leaf, maybe, tag};
use crate::cli::out::hint;
use crate::epp::ext::Ext;

/// DNSSEC data of a create.
#[derive(Debug, Args)]
pub struct SecDns {
    /// A delegation signer, as KEYTAG:ALG:TYPE:DIGEST
    #[arg(long, value_name = "SIGNER")]
    ds: Vec<String>,
    /// A key, as FLAGS:PROTOCOL:ALG:PUBKEY, where the zone takes keys
    #[arg(long, value_name = "KEY")]
    key: Vec<String>,
}

/// A change of DNSSEC data.
#[derive(Debug, Args)]
pub struct SecDnsChange {
    /// A delegation signer to add, as KEYTAG:ALG:TYPE:DIGEST
    #[arg(long, value_name = "SIGNER")]
    add_ds: Vec<String>,
    /// A delegation signer to remove
    #[arg(long, value_name = "SIGNER")]
    rem_ds: Vec<String>,
    /// A key to add, as FLAGS:PROTOCOL:ALG:PUBKEY
    #[arg(long, value_name = "KEY")]
    add_key: Vec<String>,
    /// A key to remove
    #[arg(long, value_name = "KEY")]
    rem_key: Vec<String>,
    /// Remove all DNSSEC data first
    #[arg(long, conflicts_with_all = ["rem_ds", "rem_key"])]
    rem_all_ds: bool,
}

/// The restoration of a deleted domain.
#[derive(Debug, Args)]
pub struct Restore {
    /// The domain
    pub name: String,
    /// Report why it was restored, instead of asking for it
    #[arg(long, value_name = "WHY", requires_all = ["deleted", "restored", "statement"])]
    report: Option<String>,
    /// When the delete was asked for, as 2026-07-10T22:00:00Z
    #[arg(long, value_name = "TIME", requires = "report")]
    deleted: Option<String>,
    /// When the restore was asked for
    #[arg(long, value_name = "TIME", requires = "report")]
    restored: Option<String>,
    /// What the registrar declares; one or two
    #[arg(long, value_name = "TEXT", requires = "report")]
    statement: Vec<String>,
    /// The registration before it was deleted
    #[arg(long, value_name = "TEXT", requires = "report", default_value = "")]
    before: String,
    /// The registration as it is restored
    #[arg(long, value_name = "TEXT", requires = "report", default_value = "")]
    after: String,
    /// Anything else
    #[arg(long, value_name = "TEXT", requires = "report")]
    other: Option<String>,
    #[command(flatten)]
    pub(super) fee: Fee,
}

/// The fee a command agrees to.
#[derive(Debug, Args)]
pub struct Fee {
    /// Agree to pay that: 10.00, or 10.00EUR
    #[arg(long, value_name = "AMOUNT")]
    fee: Option<String>,
}

/// What a check asks of fees.
#[derive(Debug, Args)]
pub struct FeeCheck {
    /// Ask what a command costs: create, renew:2y, transfer, restore, update, delete
    #[arg(long, value_name = "COMMAND")]
    fee: Vec<String>,
    /// Ask for fees in that currency
    #[arg(long, value_name = "CODE", requires = "fee")]
    currency: Option<String>,
}

impl Fee {
    /// The extension's element, or nothing.
    pub(super) fn of(&self, verb: &str) -> String {
        let Some(text) = &self.fee else { return String::new() };
        let at = text.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(text.len());
        let (amount, currency) = text.split_at(at);
        let currency = Some(currency.trim()).filter(|currency| !currency.is_empty());
        element(Ext::Fee, verb, &[], &(maybe("fee:currency", currency) + &leaf("fee:fee", amount.trim())))
    }
}

impl FeeCheck {
    /// The extension's element, or nothing.
    pub(super) fn check(&self) -> anyhow::Result<String> {
        let mut commands = String::new();
        for asked in &self.fee {
            let (name, text) = asked.split_once(':').unwrap_or((asked, ""));
            let period = super::short::period_of("fee", Some(text).filter(|text| !text.is_empty()))?;
            commands.push_str(&tag("fee:command", &[("name", name)], &period));
        }
        if commands.is_empty() {
            return Ok(commands);
        }
        Ok(element(Ext::Fee, "check", &[], &(maybe("fee:currency", self.currency.as_deref()) + &commands)))
    }
}

impl SecDns {
    /// The extension's element, or nothing.
    pub(super) fn create(&self) -> anyhow::Result<String> {
        Ok(element(Ext::SecDns, "create", &[], &records(&self.ds, &self.key)?))
    }
}

impl SecDnsChange {
    /// The extension's element, or nothing.
    pub(super) fn update(&self) -> anyhow::Result<String> {
        let part =
            |name, content: String| if content.is_empty() { content } else { tag(name, &[], &content) };
        let rem =
            if self.rem_all_ds { leaf("secDNS:all", "true") } else { records(&self.rem_ds, &self.rem_key)? };
        let add = records(&self.add_ds, &self.add_key)?;
        let content = part("secDNS:rem", rem) + &part("secDNS:add", add);
        Ok(element(Ext::SecDns, "update", &[], &content))
    }
}

impl Restore {
    /// The extension's element.
    pub(super) fn update(&self) -> String {
        let Some(why) = &self.report else {
            return element(Ext::Rgp, "update", &[], &tag("rgp:restore", &[("op", "request")], ""));
        };
        let statements: String = self.statement.iter().map(|text| leaf("rgp:statement", text)).collect();
        let report = leaf("rgp:preData", &self.before)
            + &leaf("rgp:postData", &self.after)
            + &maybe("rgp:delTime", self.deleted.as_deref())
            + &maybe("rgp:resTime", self.restored.as_deref())
            + &leaf("rgp:resReason", why)
            + &statements
            + &maybe("rgp:other", self.other.as_deref());
        let restore = tag("rgp:restore", &[("op", "report")], &tag("rgp:report", &[], &report));
        element(Ext::Rgp, "update", &[], &restore)
    }
}

/// An element of an extension with its namespace; nothing without content.
pub(super) fn element(ext: Ext, name: &str, attributes: &[(&str, &str)], content: &str) -> String {
    if content.is_empty() {
        return String::new();
    }
    let (prefix, uri) = (ext.prefix(), ext.uri());
    let declaration = format!("xmlns:{prefix}");
    let all = [&[(declaration.as_str(), uri)], attributes].concat();
    tag(&format!("{prefix}:{name}"), &all, content)
}

fn records(signers: &[String], keys: &[String]) -> anyhow::Result<String> {
    let ds = |text: &String| {
        let fields = ["secDNS:keyTag", "secDNS:alg", "secDNS:digestType", "secDNS:digest"];
        record("secDNS:dsData", fields, text, "KEYTAG:ALG:TYPE:DIGEST")
    };
    let key = |text: &String| {
        let fields = ["secDNS:flags", "secDNS:protocol", "secDNS:alg", "secDNS:pubKey"];
        record("secDNS:keyData", fields, text, "FLAGS:PROTOCOL:ALG:PUBKEY")
    };
    signers.iter().map(ds).chain(keys.iter().map(key)).collect()
}

fn record(name: &str, fields: [&str; 4], text: &str, form: &str) -> anyhow::Result<String> {
    let values: Vec<_> = text.split(':').collect();
    if values.len() != fields.len() {
        return Err(hint(format!("{text:?} has {} parts", values.len()), format!("write it as {form}")));
    }
    let content: String = fields.iter().zip(values).map(|(field, value)| leaf(field, value)).collect();
    Ok(tag(name, &[], &content))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::epp::command::{Command, Request};
    use crate::epp::ns::Ns;
    use crate::epp::types::{self, SecDnsRecords, SecDnsRemoval};

    fn read(verb: &str, content: &str, extension: &str) -> Command {
        let frame = super::super::frame::extended(Ns::Domain, verb, content, extension);
        match crate::epp::decode(frame.as_bytes()) {
            Ok(Request::Command(envelope)) => envelope.command,
            other => panic!("{frame}: {other:?}"),
        }
    }

    #[test]
    fn records_are_written_as_the_server_reads_them() {
        let given = |ds: &[&str], key: &[&str]| SecDns {
            ds: ds.iter().map(|text| (*text).to_owned()).collect(),
            key: key.iter().map(|text| (*text).to_owned()).collect(),
        };
        let create = "<domain:name>a.tld</domain:name><domain:authInfo><domain:pw/></domain:authInfo>";
        let Command::DomainCreate(command) =
            read("create", create, &given(&["1:8:2:0a"], &[]).create().unwrap())
        else {
            panic!("no create")
        };
        let Some(SecDnsRecords::Ds(all)) = command.sec_dns.map(|given| given.records) else {
            panic!("no data")
        };
        assert_eq!((all[0].key_tag, all[0].alg, all[0].digest_type, all[0].digest.as_str()), (1, 8, 2, "0A"));
        let Command::DomainCreate(command) =
            read("create", create, &given(&[], &["257:3:8:AQ=="]).create().unwrap())
        else {
            panic!("no create")
        };
        assert!(matches!(command.sec_dns.map(|given| given.records), Some(SecDnsRecords::Keys(_))));
        assert_eq!(given(&[], &[]).create().unwrap(), "");
        assert!(given(&["1:8:2"], &[]).create().is_err());
        let change = SecDnsChange {
            add_ds: vec!["1:8:2:0a".into()],
            rem_ds: Vec::new(),
            add_key: Vec::new(),
            rem_key: Vec::new(),
            rem_all_ds: true,
        };
        let extension = change.update().unwrap();
        let Command::DomainUpdate(command) = read("update", "<domain:name>a.tld</domain:name>", &extension)
        else {
            panic!("no update")
        };
        let asked = command.sec_dns.unwrap();
        assert_eq!((asked.rem, asked.add.is_some()), (Some(SecDnsRemoval::All), true));
    }

    #[test]
    fn restores_are_written_as_the_server_reads_them() {
        let time = || Some("2026-07-10T22:00:00Z".to_owned());
        let mut restore = Restore {
            name: "a.tld".into(),
            report: None,
            deleted: time(),
            restored: time(),
            statement: vec!["one".into(), "two".into()],
            before: String::new(),
            after: "after".into(),
            other: None,
            fee: Fee { fee: None },
        };
        let read = |restore: &Restore| {
            let name = "<domain:name>a.tld</domain:name><domain:chg/>";
            match read("update", name, &restore.update()) {
                Command::DomainUpdate(update) => update.restore,
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(read(&restore), Some(types::Restore::Request));
        restore.report = Some("an error".into());
        let Some(types::Restore::Report(report)) = read(&restore) else { panic!("no report") };
        assert_eq!((report.reason.text.as_str(), report.post_data.as_str()), ("an error", "after"));
        assert_eq!(report.statements.len(), 2);
    }
}
