//! What sends mail, as the configuration says.

use std::time::Duration;

use lettre::transport::smtp::authentication::Credentials;

use super::out::hint;
use crate::config::{MailConfig, MailTls, MailTransport};
use crate::job::mail::{MailSettings, Mailer, SmtpSettings, SmtpTls, Way};

/// What sends mail; `None` where it waits.
///
/// # Errors
/// When the settings cannot be used.
pub fn mailer(config: &MailConfig) -> anyhow::Result<Option<Mailer>> {
    let way = match config.transport {
        MailTransport::Off => return Ok(None),
        MailTransport::File => Way::Folder(config.folder.clone()),
        MailTransport::Smtp => Way::Smtp(SmtpSettings {
            host: config.host.clone(),
            port: config.port,
            tls: match config.tls {
                MailTls::None => SmtpTls::None,
                MailTls::Starttls => SmtpTls::StartTls,
                MailTls::Tls => SmtpTls::Tls,
            },
            ca: Some(config.ca.clone()).filter(|path| !path.as_os_str().is_empty()),
            login: (!config.user.is_empty())
                .then(|| Credentials::new(config.user.clone(), config.password.0.clone())),
            timeout: Duration::from_secs(config.timeout_s),
        }),
    };
    let settings = MailSettings { way, from: config.from.clone(), max_tries: config.max_tries.into() };
    let built = Mailer::new(&settings);
    built
        .map(Some)
        .map_err(|(key, fault)| hint(format!("mail.{key}: {fault}"), "[mail] in the configuration"))
}
