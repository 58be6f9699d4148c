//! `<host:check>` (RFC 5732 section 3.1.1).

use std::collections::HashSet;

use crate::epp::command::{AskedName, HostCheck};
use crate::epp::ns::Ns;
use crate::epp::reply::{Checked, Reply};
use crate::epp::types::DomainName;
use crate::gate::{Access, Cx, Login, Spec, Stop};
use crate::refusal::{Reason, Refusal};

/// What the command needs.
pub const SPEC: Spec =
    Spec { name: "host:check", login: Login::Required, access: Access::Read, object: Some(Ns::Host) };

/// Says of each name whether it is free, in the order asked. Whether the asker may create a host below the domain
/// above it, only a create tells.
///
/// # Refusals
/// [`Reason::NotOffered`], [`Reason::TooManyNames`]
///
/// # Errors
/// Its refusals, and the database's troubles.
pub async fn run(command: &HostCheck, cx: &mut Cx<'_>) -> Result<Reply, Stop> {
    super::check_offered(cx)?;
    let most = cx.rules.check.max_names;
    if command.names.len() > most {
        return Err(Refusal::new(Reason::TooManyNames).detail(format!("at most {most}")).into());
    }
    let valid: Vec<DomainName> = command.names.iter().filter_map(|asked| asked.name.clone().ok()).collect();
    let found = cx.tx.hosts_among(&valid).await?;
    let taken: HashSet<DomainName> = found.into_iter().map(|host| host.name).collect();
    let answers = command.names.iter().map(|asked| answer(asked, &taken));
    Ok(Reply::HostChecked(answers.collect()))
}

fn answer(asked: &AskedName, taken: &HashSet<DomainName>) -> Checked {
    let (name, unavailable) = match &asked.name {
        Err(_) => (asked.raw.clone(), Some("Not a host name")),
        Ok(name) if name.parent().is_none() => (name.to_string(), Some("Not a host name")),
        Ok(name) => (name.to_string(), taken.contains(name).then_some("In use")),
    };
    Checked { name, unavailable: unavailable.map(str::to_owned) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_name_has_its_own_answer() {
        let asked = |raw: &str| AskedName { raw: raw.to_owned(), name: DomainName::parse(raw) };
        let taken = HashSet::from([DomainName::parse("ns1.example.tld").unwrap()]);
        let reason = |raw: &str| answer(&asked(raw), &taken).unavailable;
        assert_eq!(reason("NS1.example.tld").as_deref(), Some("In use"));
        assert_eq!(reason("ns2.example.tld"), None);
        assert_eq!(reason("tld").as_deref(), Some("Not a host name"));
        let bad = answer(&asked("-ns.example.tld"), &taken);
        assert_eq!(
            (bad.name.as_str(), bad.unavailable.as_deref()),
            ("-ns.example.tld", Some("Not a host name"))
        );
    }
}
