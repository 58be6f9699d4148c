//! The mail that brings a code to a registrant: how it is written with its command, and what becomes of it.
//!
//! The outbox has the mail without the code, and of which code it is. Whoever sends it works the code out at that moment
//! and puts it in, so the code stands nowhere but in the mail on its way; a mail of a code that ended meanwhile is not
//! sent any more.

use serde_json::json;

use super::text;
use crate::epp::notice::{CodeMail, Notice};
use crate::epp::types::Secret;
use crate::flow::zone;
use crate::gate::{Cx, Stop};
use crate::store::domain::DomainRow;
use crate::store::outbox::{CodeOf, Mail, MailState};
use crate::store::token::TokenRow;

/// Puts the mail of a code into the outbox.
///
/// # Errors
/// The database's trouble.
pub async fn write(
    cx: &mut Cx<'_>,
    domain: &DomainRow,
    to: &str,
    url: Option<&str>,
    row: &TokenRow,
) -> Result<(), Stop> {
    let of = cx.registrar().clone();
    let name = cx.tx.registrar(&of).await?.map_or_else(|| of.to_string(), |row| row.name);
    let letter = CodeMail { domain: &domain.name, asked_by: &name, until: row.expires_at, url };
    let letter = letter.letter(&cx.langs());
    let mail = Mail {
        id: cx.ids.next(),
        registrar: of,
        queued_at: cx.now,
        kind: CodeMail::KIND.to_owned(),
        category: CodeMail::CATEGORY.to_owned(),
        recipients: vec![to.to_owned()],
        subject: letter.subject,
        body: letter.body,
        state: MailState::Waiting,
        tries: 0,
        next_at: cx.now,
        sent_at: None,
        error: String::new(),
        code: Some(CodeOf { domain: domain.id, seed: row.seed.clone() }),
    };
    Ok(cx.tx.mail_insert(&mail).await?)
}

/// How a code stands that a mail brings.
#[derive(Debug)]
pub enum Standing {
    /// It opens the domain; this is what it says.
    Alive(Secret),
    /// Its time is over, or the server's key or the form of codes is another than when it was made.
    Lost,
    /// It was used, taken back, or another took its place: nobody waits for it.
    Ended,
}

/// How the code of a mail stands now.
///
/// # Errors
/// The database's trouble.
pub async fn standing(cx: &mut Cx<'_>, code: &CodeOf) -> Result<Standing, Stop> {
    let Some(domain) = cx.tx.domain_by_id(code.domain).await? else { return Ok(Standing::Ended) };
    let row = cx.tx.token_of(domain.id).await?.filter(|row| row.seed == code.seed);
    let Some(row) = row.filter(|row| row.used_at.is_none() && row.retracted_at.is_none()) else {
        return Ok(Standing::Ended);
    };
    let policy = zone::registered_in(cx, &domain.name).await?.policy;
    let told = text(cx, &row, &policy.transfer.code).filter(|_| row.is_alive(cx.now));
    Ok(told.map_or(Standing::Lost, Standing::Alive))
}

/// Where the mail of a code that is alive goes now: its registrant may have another address than when it was asked for.
///
/// # Errors
/// The database's trouble.
pub async fn address(cx: &mut Cx<'_>, code: &CodeOf) -> Result<Option<String>, Stop> {
    if !matches!(standing(cx, code).await?, Standing::Alive(_)) {
        return Ok(None);
    }
    let domain = cx.tx.domain_by_id(code.domain).await?;
    let Some(registrant) = domain.and_then(|domain| domain.registrant) else { return Ok(None) };
    Ok(cx.tx.contact_by_id(registrant).await?.map(|contact| contact.email))
}

/// Tells the registrar that asked that the mail did not arrive (N36). What the mail's row says of that, the caller
/// writes.
///
/// # Errors
/// The database's trouble.
pub async fn bounced(cx: &mut Cx<'_>, mail: &Mail) -> Result<(), Stop> {
    let Some(code) = &mail.code else { return Ok(()) };
    let email = mail.recipients.join(" ");
    cx.changed(mail.id.to_string(), json!({ "bounced": { "kind": mail.kind, "registrar": mail.registrar } }));
    // Nobody can do anything about the code of a domain that is gone.
    let Some(domain) = cx.tx.domain_by_id(code.domain).await? else { return Ok(()) };
    cx.notify(&mail.registrar, Notice::CodeBounced { domain: domain.name, email });
    Ok(())
}
