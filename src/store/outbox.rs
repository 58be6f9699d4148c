//! Mail on its way: written with its cause, sent by whoever takes it first.

use super::{Reader, Record, StoreError, Tx};
use crate::clock::Ts;
use crate::epp::types::RegistrarId;

/// Before the conditions of every reading statement.
macro_rules! mails {
    ($rest:literal) => {
        concat!(
            "SELECT id, registrar, queued_at, kind, category, recipients, subject, body, state, tries, next_at, sent_at, \
             error, code_domain, code_seed FROM mail_outbox ",
            $rest
        )
    };
}

crate::statements! {
    INSERT = "INSERT INTO mail_outbox (id, registrar, queued_at, kind, category, recipients, subject, body, state, tries, \
              next_at, sent_at, error, code_domain, code_seed) \
              VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 0, ?3, NULL, ?10, ?11, ?12)";
    DUE = "SELECT id FROM mail_outbox WHERE state = 0 AND next_at <= ?1 ORDER BY next_at, id LIMIT ?2";
    // A try that is under way has no error yet, which tells it from a pause after one that failed.
    TAKE = "UPDATE mail_outbox SET next_at = ?3, tries = tries + 1, error = '' WHERE id = ?1 AND state = 0 AND next_at <= ?2";
    BY_ID = mails!("WHERE id = ?1");
    // Guarded by the try: a sender whose lease is over does not overrule the one that took it since.
    SENT = "UPDATE mail_outbox SET state = 1, sent_at = ?3, error = '' WHERE id = ?1 AND tries = ?2 AND state = 0";
    FAILED = "UPDATE mail_outbox SET state = ?3, next_at = ?4, error = ?5 WHERE id = ?1 AND tries = ?2 AND state = 0";
    // Whoever tries it meanwhile notes nothing more: it waits no longer.
    GIVE_UP = "UPDATE mail_outbox SET state = 2, error = ?2 WHERE id = ?1 AND state <> 2";
    IN_STATE = mails!("WHERE state = ?1 ORDER BY queued_at DESC, id DESC LIMIT ?2");
    OF = mails!("WHERE registrar = ?1 ORDER BY queued_at DESC, id DESC LIMIT ?2");
    AGAIN = "UPDATE mail_outbox SET state = 0, tries = 0, next_at = ?2, recipients = ?3, error = '' \
             WHERE id = ?1 AND NOT (state = 0 AND tries > 0 AND error = '' AND next_at > ?2)";
    POSTPONE = "UPDATE mail_outbox SET next_at = ?2 WHERE id = ?1 AND state = 0";
    DELETE = "DELETE FROM mail_outbox WHERE id = ?1";
    OLD = "SELECT id FROM mail_outbox WHERE state = ?1 AND queued_at < ?2 ORDER BY queued_at, id LIMIT ?3";
}

/// How a mail stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailState {
    /// It will be sent.
    Waiting,
    /// It was.
    Sent,
    /// Nobody tries any more until the operator asks for it.
    Dead,
}

impl MailState {
    /// Every state.
    pub const ALL: &'static [Self] = &[Self::Waiting, Self::Sent, Self::Dead];

    /// Its name on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sent => "sent",
            Self::Dead => "dead",
        }
    }

    const fn number(self) -> i64 {
        match self {
            Self::Waiting => 0,
            Self::Sent => 1,
            Self::Dead => 2,
        }
    }
}

/// A mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// Its number, of which its Message-ID is made.
    pub id: i64,
    /// The registrar it is for.
    pub registrar: RegistrarId,
    /// When its cause was.
    pub queued_at: Ts,
    /// The tag of its kind.
    pub kind: String,
    /// The name of its audience, which says the addresses anew should the operator ask for it.
    pub category: String,
    /// Its addresses; none makes it dead.
    pub recipients: Vec<String>,
    /// One line.
    pub subject: String,
    /// Plain text.
    pub body: String,
    /// How it stands.
    pub state: MailState,
    /// How often it was tried.
    pub tries: i64,
    /// When it is tried again.
    pub next_at: Ts,
    /// When it was sent.
    pub sent_at: Option<Ts>,
    /// Why the last try failed.
    pub error: String,
    /// The code it brings, which is put into it when it is sent.
    pub code: Option<CodeOf>,
}

/// Which code a mail brings.
#[derive(Clone, PartialEq, Eq)]
pub struct CodeOf {
    /// The domain's number.
    pub domain: i64,
    /// The code's seed.
    pub seed: String,
}

impl std::fmt::Debug for CodeOf {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "CodeOf({})", self.domain)
    }
}

/// Addresses with blanks between them; a blank inside of quotes belongs to an address (RFC 5321 section 4.1.2).
fn addresses(text: &str) -> Vec<String> {
    let (mut all, mut quoted, mut escaped) = (vec![String::new()], false, false);
    for c in text.chars() {
        if c == ' ' && !quoted {
            all.push(String::new());
            continue;
        }
        if c == '"' && !escaped {
            quoted = !quoted;
        }
        escaped = c == '\\' && !escaped;
        if let Some(last) = all.last_mut() {
            last.push(c);
        }
    }
    all.retain(|address| !address.is_empty());
    all
}

impl Record for Mail {
    fn read(row: &mut Reader<'_>) -> Result<Self, StoreError> {
        let (id, registrar) = (row.get()?, super::registrar_id(&row.get::<String>()?)?);
        let (queued_at, kind, category) = (row.get()?, row.get()?, row.get()?);
        let recipients = addresses(&row.get::<String>()?);
        let (subject, body, state) = (row.get()?, row.get()?, row.get::<i64>()?);
        let state = MailState::ALL.iter().copied().find(|known| known.number() == state);
        Ok(Self {
            id,
            registrar,
            queued_at,
            kind,
            category,
            recipients,
            subject,
            body,
            state: state.ok_or(StoreError::Shape("the state of a mail"))?,
            tries: row.get()?,
            next_at: row.get()?,
            sent_at: row.get()?,
            error: row.get()?,
            code: match (row.get()?, row.get()?) {
                (Some(domain), Some(seed)) => Some(CodeOf { domain, seed }),
                _ => None,
            },
        })
    }
}

impl Tx {
    /// Writes a mail that was not tried yet.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn mail_insert(&mut self, mail: &Mail) -> Result<(), StoreError> {
        let args = crate::args![
            mail.id,
            mail.registrar.as_str(),
            mail.queued_at,
            &mail.kind,
            &mail.category,
            mail.recipients.join(" "),
            &mail.subject,
            &mail.body,
            mail.state.number(),
            &mail.error,
            mail.code.as_ref().map(|code| code.domain),
            mail.code.as_ref().map(|code| code.seed.as_str()),
        ];
        self.exec(INSERT, args).await.map(drop)
    }

    /// Mails that wait and whose time has come, the oldest first.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn mails_due(&mut self, now: Ts, limit: i64) -> Result<Vec<i64>, StoreError> {
        self.all(DUE, crate::args![now, limit]).await
    }

    /// Takes a mail to send it before `until`; `None` where somebody else has it, or it waits no longer.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn mail_take(&mut self, id: i64, now: Ts, until: Ts) -> Result<Option<Mail>, StoreError> {
        if self.exec(TAKE, crate::args![id, now, until]).await? == 0 {
            return Ok(None);
        }
        self.mail(id).await
    }

    /// Notes that a mail that was taken is sent; says whether it still was its taker's.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn mail_sent(&mut self, mail: &Mail, now: Ts) -> Result<bool, StoreError> {
        Ok(self.exec(SENT, crate::args![mail.id, mail.tries, now]).await? > 0)
    }

    /// Notes that a mail that was taken could not be sent: it is tried again then, or never where that is `None`.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn mail_failed(
        &mut self,
        mail: &Mail,
        again: Option<Ts>,
        error: &str,
    ) -> Result<bool, StoreError> {
        let state = if again.is_some() { MailState::Waiting } else { MailState::Dead };
        let args = crate::args![mail.id, mail.tries, state.number(), again.unwrap_or(mail.next_at), error];
        Ok(self.exec(FAILED, args).await? > 0)
    }

    /// Notes that a mail did not arrive, sent or not; says whether that was not known.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn mail_give_up(&mut self, id: i64, error: &str) -> Result<bool, StoreError> {
        Ok(self.exec(GIVE_UP, crate::args![id, error]).await? > 0)
    }

    /// A mail.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn mail(&mut self, id: i64) -> Result<Option<Mail>, StoreError> {
        self.one(BY_ID, crate::args![id]).await
    }

    /// The mails in a state, newest first.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn mails_in(&mut self, state: MailState, limit: i64) -> Result<Vec<Mail>, StoreError> {
        self.all(IN_STATE, crate::args![state.number(), limit]).await
    }

    /// A registrar's mails, newest first.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn mails_of(&mut self, of: &RegistrarId, limit: i64) -> Result<Vec<Mail>, StoreError> {
        self.all(OF, crate::args![of.as_str(), limit]).await
    }

    /// Has a mail sent anew, to these addresses; says `false` where it is on its way this moment.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn mail_again(&mut self, id: i64, recipients: &[String], now: Ts) -> Result<bool, StoreError> {
        Ok(self.exec(AGAIN, crate::args![id, now, recipients.join(" ")]).await? > 0)
    }

    /// Leaves a mail that waits alone until then, whatever is in its row.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn mail_postpone(&mut self, id: i64, until: Ts) -> Result<(), StoreError> {
        self.exec(POSTPONE, crate::args![id, until]).await.map(drop)
    }

    /// Removes a mail; says whether it was there.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn mail_delete(&mut self, id: i64) -> Result<bool, StoreError> {
        Ok(self.exec(DELETE, crate::args![id]).await? > 0)
    }

    /// Mails in a state that are older than that, the oldest first.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn mails_before(
        &mut self,
        state: MailState,
        before: Ts,
        limit: i64,
    ) -> Result<Vec<i64>, StoreError> {
        self.all(OLD, crate::args![state.number(), before, limit]).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_apart_and_whole() {
        assert_eq!(addresses("a@x.example b@x.example"), ["a@x.example", "b@x.example"]);
        assert_eq!(addresses(r#""a \" b"@x.example c@x.example"#), [r#""a \" b"@x.example"#, "c@x.example"]);
        assert!(addresses("").is_empty());
    }

    #[test]
    fn what_a_code_is_worked_out_from_is_not_shown() {
        let code = CodeOf { domain: 7, seed: "5eed".to_owned() };
        assert_eq!(format!("{code:?}"), "CodeOf(7)");
    }
}
