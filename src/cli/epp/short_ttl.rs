//! Short forms of lifetimes of records (RFC 9803).

use clap::Args;

use super::frame::tag;
use super::short_ext::element;
use crate::cli::out::hint;
use crate::epp::ext::Ext;
use crate::epp::types::RecordType;

/// Lifetimes to choose.
#[derive(Debug, Default, Args)]
pub struct Ttls {
    /// How long resolvers keep records of that type, as NS=3600; NS= for the registry's own
    #[arg(long, value_name = "TYPE=SECONDS")]
    ttl: Vec<String>,
}

/// Lifetimes to show.
#[derive(Debug, Default, Args)]
pub struct TtlAsked {
    /// Show the lifetimes of records that were chosen
    #[arg(long)]
    ttl: bool,
    /// Show those of every record type that can be chosen, with their bounds
    #[arg(long, conflicts_with = "ttl")]
    ttl_policy: bool,
}

impl Ttls {
    /// The element of a `create` or an `update`, or nothing.
    pub(super) fn element(&self, verb: &str) -> anyhow::Result<String> {
        let one = |text: &String| {
            let (record, seconds) = text
                .split_once('=')
                .ok_or_else(|| hint(format!("{text:?} has no seconds"), "write it as NS=3600"))?;
            let record = record.to_uppercase();
            let named = RecordType::NAMED.contains(&record.as_str());
            let attributes: &[(&str, &str)] =
                if named { &[("for", &record)] } else { &[("for", "custom"), ("custom", &record)] };
            anyhow::Ok(tag("ttl:ttl", attributes, &quick_xml::escape::minimal_escape(seconds)))
        };
        Ok(element(Ext::Ttl, verb, &[], &self.ttl.iter().map(one).collect::<anyhow::Result<String>>()?))
    }
}

impl TtlAsked {
    /// The element of an `info`, or nothing.
    pub(super) fn element(&self) -> String {
        let uri = Ext::Ttl.uri();
        match (self.ttl, self.ttl_policy) {
            (_, true) => tag("ttl:info", &[("xmlns:ttl", uri), ("policy", "true")], ""),
            (true, false) => tag("ttl:info", &[("xmlns:ttl", uri)], ""),
            (false, false) => String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::epp::command::{Command, Request};
    use crate::epp::ns::Ns;
    use crate::epp::types::TtlView;

    fn read(verb: &str, extension: &str) -> Command {
        let frame =
            super::super::frame::extended(Ns::Host, verb, "<host:name>ns.a.tld</host:name>", extension);
        match crate::epp::decode(frame.as_bytes()) {
            Ok(Request::Command(envelope)) => envelope.command,
            other => panic!("{frame}: {other:?}"),
        }
    }

    #[test]
    fn lifetimes_are_written_as_the_server_reads_them() {
        let ttls = |all: &[&str]| Ttls { ttl: all.iter().map(|text| (*text).to_owned()).collect() };
        let extension = ttls(&["a=300", "AAAA=", "DELEG=5"]).element("update").unwrap();
        let Command::HostUpdate(update) = read("update", &extension) else { panic!("no update") };
        let read_back: Vec<_> = update.ttl.iter().map(|t| (t.record.as_str(), t.seconds)).collect();
        assert_eq!(read_back, [("A", Some(300)), ("AAAA", None), ("DELEG", Some(5))]);
        assert_eq!(ttls(&[]).element("update").unwrap(), "");
        assert!(ttls(&["NS"]).element("create").is_err());
        for (ttl, ttl_policy, expected) in
            [(true, false, Some(TtlView::Chosen)), (false, true, Some(TtlView::Policy)), (false, false, None)]
        {
            let Command::HostInfo(info) = read("info", &TtlAsked { ttl, ttl_policy }.element()) else {
                panic!("no info")
            };
            assert_eq!(info.ttl, expected);
        }
    }
}
