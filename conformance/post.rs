//! Mail as the server writes it into files, read again.

use domesday::flow::token::mail as code;
use domesday::gate::{Ended, Gate};
use domesday::job::mail::{self, MailSettings, Mailer, Way};
use domesday::store::outbox::MailState;

/// A mail that was sent.
#[derive(Clone, Debug)]
pub struct Letter {
    pub to: String,
    pub subject: String,
    pub body: String,
    /// The number its Message-ID begins with.
    pub id: i64,
}

impl Letter {
    fn read(text: &str) -> Result<Self, String> {
        let text = text.replace("\r\n", "\n");
        let (head, body) = text.split_once("\n\n").ok_or("a mail without a body")?;
        let header = |name: &str| {
            let line = head.lines().find(|line| line.starts_with(&format!("{name}: ")));
            line.map(|line| line[name.len() + 2..].to_owned()).ok_or_else(|| format!("no {name}: {head}"))
        };
        let body = match header("Content-Transfer-Encoding")?.as_str() {
            "7bit" => body.to_owned(),
            "quoted-printable" => quoted_printable(body)?,
            "base64" => {
                let plain = data_encoding::BASE64.decode(body.replace('\n', "").as_bytes());
                String::from_utf8(plain.map_err(|e| e.to_string())?).map_err(|e| e.to_string())?
            }
            other => return Err(format!("a body in {other}")),
        };
        let id = header("Message-ID")?;
        let id = id.trim_start_matches('<').split('.').next().unwrap_or("").parse();
        Ok(Self {
            to: header("To")?,
            subject: header("Subject")?,
            body,
            id: id.map_err(|_| "a strange Message-ID")?,
        })
    }

    /// The transfer code in it: what stands by itself in the first line that begins with four blanks.
    pub fn code(&self) -> Option<String> {
        self.body.lines().find_map(|line| line.strip_prefix("    ")).map(str::to_owned)
    }
}

/// RFC 2045 section 6.7.
fn quoted_printable(text: &str) -> Result<String, String> {
    let text = text.replace("=\n", "");
    let (mut octets, mut rest) = (Vec::new(), text.as_str());
    while let Some((before, after)) = rest.split_once('=') {
        octets.extend_from_slice(before.as_bytes());
        let hex = after.get(..2).ok_or("= without two digits")?;
        octets.push(u8::from_str_radix(hex, 16).map_err(|e| e.to_string())?);
        rest = &after[2..];
    }
    octets.extend_from_slice(rest.as_bytes());
    String::from_utf8(octets).map_err(|e| e.to_string())
}

/// Sends what waits into files, and reads them, the oldest first.
pub async fn sent(gate: &Gate) -> Result<Vec<Letter>, String> {
    let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
    let way = Way::Folder(folder.path().to_owned());
    let from = "Registry <registry@registry.example>".to_owned();
    let mailer = Mailer::new(&MailSettings { way, from, max_tries: 3 })
        .map_err(|(key, why)| format!("{key}: {why}"))?;
    mail::pass(gate, &mailer).await.map_err(|e| e.to_string())?;
    let mut letters = Vec::new();
    for entry in std::fs::read_dir(folder.path()).map_err(|e| e.to_string())? {
        let path = entry.map_err(|e| e.to_string())?.path();
        letters.push(Letter::read(&std::fs::read_to_string(path).map_err(|e| e.to_string())?)?);
    }
    letters.sort_by_key(|letter| letter.id);
    Ok(letters)
}

/// The newest mail that was sent to that address comes back, as `domesday mail bounced` notes it.
pub async fn bounced(gate: &Gate, to: &str, why: &str) -> Result<(), String> {
    let (wanted, why) = (to.to_owned(), why.to_owned());
    let work = gate.run_registry("cli", "mail:bounced", to.to_owned(), move |cx| {
        let (wanted, why) = (wanted.clone(), why.clone());
        Box::pin(async move {
            let sent = cx.tx.mails_in(MailState::Sent, 100).await?;
            let Some(mail) = sent.iter().find(|mail| mail.recipients.contains(&wanted)) else {
                return Ok(Ended::Undo(false));
            };
            cx.tx.mail_give_up(mail.id, &why).await?;
            code::bounced(cx, mail).await?;
            Ok(Ended::Keep(true))
        })
    });
    match work.await {
        Ok(true) => Ok(()),
        Ok(false) => Err(format!("no mail was sent to {to}")),
        Err(cause) => Err(cause.to_string()),
    }
}
