//! `domain:request-code`: a registrar has a transfer code mailed to the registrant (requirements 3.1.6). A registry's own
//! command, without XML of the RFCs.

use super::{find, hold, on_name, zone_of};
use crate::epp::command::DomainRequestCode;
use crate::epp::ns::Ns;
use crate::epp::reply::Reply;
use crate::epp::types::{DomainStatus, Status, TokenOperation, TokenRole};
use crate::flow::status::{self, Verb};
use crate::flow::token::{self, mail};
use crate::flow::zone::Zone;
use crate::gate::{Access, Cx, Login, Spec, Stop};
use crate::policy::{CodeKind, CodePolicy};
use crate::refusal::{Reason, Refusal};
use crate::store::domain::DomainRow;
use crate::store::token::TokenRow;

/// What the command needs.
pub const SPEC: Spec = Spec {
    name: "domain:request-code",
    login: Login::Required,
    access: Access::Write,
    object: Some(Ns::Domain),
};

/// Mails the domain's transfer code to its registrant; the registrar that asks never sees it. While a code lives, the
/// same one is mailed again, a bounded number of times, and lives longer for it where the zone says so. Any registrar
/// may ask, also for a deleted domain where such a one can be transferred.
///
/// # Refusals
/// - [`Reason::NotFound`]
/// - [`Reason::ZoneOff`]
/// - [`Reason::NotOffered`]
/// - [`Reason::BadUrl`]
/// - [`Reason::CodeNotPossible`]
/// - [`Reason::TooManyCodeMails`]
///
/// # Errors
/// The refusals above, or the database's trouble.
pub async fn run(command: &DomainRequestCode, cx: &mut Cx<'_>) -> Result<Reply, Stop> {
    let domain = find(cx, &command.name).await?;
    let zone = zone_of(cx, &domain).await?;
    let policy = &zone.policy.transfer.code;
    if policy.kind != CodeKind::MailedCode {
        return Err(Reason::NotOffered.into());
    }
    if let Some(url) = &command.url {
        check_url(url, policy.url_max)?;
    }
    check_status(cx, &domain, &zone)?;
    let registrant = match domain.registrant {
        Some(id) => cx.tx.contact_by_id(id).await?,
        None => None,
    };
    let Some(registrant) = registrant else {
        return Err(on_name(Reason::CodeNotPossible, &domain.name).detail("it has no registrant").into());
    };
    let row = due(cx, &domain, policy).await?;
    let row = TokenRow { mails: row.mails + 1, ..row };
    cx.tx.token_put(&row).await?;
    mail::write(cx, &domain, &registrant.email, command.url.as_deref(), &row).await?;
    cx.changed(domain.name.as_str(), serde_json::json!({ "code": token::told(&row, "mailed") }));
    Ok(Reply::Done)
}

/// The code that lives, longer now where the zone says so; else a new one.
async fn due(cx: &mut Cx<'_>, domain: &DomainRow, policy: &CodePolicy) -> Result<TokenRow, Stop> {
    let operation = TokenOperation::Transfer;
    let old = token::alive(cx, domain.id).await?.filter(|row| row.operation == operation);
    // One that the server's key or the form of codes no longer tells is not mailed again.
    let old = old.filter(|row| token::text(cx, row, policy).is_some());
    let Some(mut row) = old else {
        return Ok(token::make(cx, domain, policy, TokenRole::Owner, operation).await?.row);
    };
    if row.mails >= policy.max_mails {
        let text = format!("{} times; there is a new one from {} on", row.mails, row.expires_at);
        return Err(on_name(Reason::TooManyCodeMails, &domain.name).detail(text).into());
    }
    if policy.extend_on_resend {
        row.expires_at = cx.now.plus_days(policy.ttl_days);
        row.due_at = Some(row.expires_at);
    }
    Ok(row)
}

/// A mail of the registry's carries the address of a page, of a host that can be read in it, and nothing that could be
/// taken for more of the mail (RFC 3986, appendix A).
fn check_url(url: &str, max: usize) -> Result<(), Refusal> {
    let refused = |text: String| Err(Refusal::new(Reason::BadUrl).detail(text));
    if url.chars().count() > max {
        return refused(format!("it has more than {max} characters"));
    }
    let (scheme, rest) = url.split_once("://").unwrap_or(("", ""));
    if !["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known)) {
        return refused("it begins with http:// or https://".to_owned());
    }
    if !url.chars().all(|c| c.is_ascii_alphanumeric() || "-._~:/?#[]@!$&'()*+,;=%".contains(c)) {
        return refused("it has a character that no address of a page has".to_owned());
    }
    let authority = rest.split(['/', '?', '#']).next().unwrap_or("");
    // What stands before an at sign passes for a host that it is not.
    if authority.is_empty() || authority.starts_with(':') || authority.contains('@') {
        return refused("it names a host, and no user".to_owned());
    }
    Ok(())
}

/// Refuses where no transfer could follow.
fn check_status(cx: &Cx<'_>, domain: &DomainRow, zone: &Zone) -> Result<(), Refusal> {
    let mut statuses = domain.statuses.clone();
    if zone.policy.transfer.from_hold && hold::is_open(domain, cx.now) {
        statuses.remove(DomainStatus::PendingDelete);
    }
    match status::obstacle(&statuses, Verb::Transfer) {
        None => Ok(()),
        Some(status) => Err(on_name(Reason::CodeNotPossible, &domain.name).detail(status.name())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_of_a_host_that_can_be_read() {
        let long = |n: usize| format!("https://a.example/{}", "x".repeat(n - 18));
        assert!(check_url(&long(500), 500).is_ok());
        for url in ["http://a.example", "HTTPS://a.example:8443/x?y=z#w", "https://[2001:db8::1]/"] {
            assert_eq!(check_url(url, 500), Ok(()), "{url}");
        }
        for url in [
            long(501).as_str(),
            "",
            "a.example",
            "ftp://a.example",
            "javascript://a.example",
            "https://",
            "https:///x",
            "https://:80/",
            "https://registry.example@b.example/",
            "https://a.example/ x",
            "https://a.example/\r\nyour code is",
            "https://a.example/{code}",
            "https://a.example/<b>",
            "https://é.example/",
        ] {
            assert_eq!(check_url(url, 500).map_err(|refusal| refusal.reason), Err(Reason::BadUrl), "{url}");
        }
    }
}
