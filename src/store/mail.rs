//! Where registrars want to have their notices.

use super::{Reader, Record, StoreError, Tx};
use crate::clock::Ts;
use crate::epp::notice::Audience;
use crate::epp::types::{Lang, RegistrarId};

crate::statements! {
    SETTINGS = "SELECT r.email, r.profile, s.poll, s.automated, s.langs, s.reminded_at FROM registrar r \
                LEFT JOIN mail_settings s ON s.registrar = r.id WHERE r.id = ?1";
    PUT = "INSERT INTO mail_settings (registrar, poll, automated, langs, reminded_at) VALUES (?1, ?2, ?3, ?4, ?5) \
           ON CONFLICT (registrar) DO UPDATE SET poll = excluded.poll, automated = excluded.automated, \
           langs = excluded.langs, reminded_at = excluded.reminded_at";
    // A category has five addresses at most.
    ADDRESSES = "SELECT address FROM mail_address WHERE registrar = ?1 AND category = ?2 ORDER BY position LIMIT 100";
    FORGET = "DELETE FROM mail_address WHERE registrar = ?1 AND category = ?2";
    ADD = "INSERT INTO mail_address (registrar, category, position, address) VALUES (?1, ?2, ?3, ?4)";
}

/// What a registrar chose about its notices.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MailSettings {
    /// The general address (S15), which belongs to the registrar itself.
    pub general: Option<String>,
    /// The profile of the account's rules; `None` for the server's.
    pub profile: Option<String>,
    /// Whether poll is on; `None` until the registrar switches it.
    pub poll: Option<bool>,
    /// The address for machines (S17).
    pub automated: Option<String>,
    /// The languages of mail, in the order of multilingual mail (S16); none is the server's first.
    pub langs: Vec<Lang>,
    /// When it was last told that it does not acknowledge its messages.
    pub reminded_at: Option<Ts>,
}

impl Record for MailSettings {
    fn read(row: &mut Reader<'_>) -> Result<Self, StoreError> {
        let (general, profile, poll, automated) = (row.get()?, row.get()?, row.get()?, row.get()?);
        let langs = row.get::<Option<String>>()?.unwrap_or_default();
        let lang = |tag| Lang::parse(tag).ok_or(StoreError::Shape("a language of mail"));
        let langs = langs.split_whitespace().map(lang).collect::<Result<_, _>>()?;
        Ok(Self { general, profile, poll, automated, langs, reminded_at: row.get()? })
    }
}

impl Tx {
    /// What a registrar chose; `None` where there is no such registrar.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn mail_settings(&mut self, of: &RegistrarId) -> Result<Option<MailSettings>, StoreError> {
        self.one(SETTINGS, crate::args![of.as_str()]).await
    }

    /// Stores what a registrar chose, all but the general address and the profile, which are the registrar's own.
    ///
    /// # Errors
    /// [`StoreError`], also when the registrar is not there.
    pub async fn mail_settings_put(
        &mut self,
        of: &RegistrarId,
        settings: &MailSettings,
    ) -> Result<(), StoreError> {
        let MailSettings { poll, automated, langs, reminded_at, .. } = settings;
        let langs = langs.iter().map(|lang| lang.tag()).collect::<Vec<_>>().join(" ");
        let args = crate::args![of.as_str(), *poll, automated.as_deref(), langs, *reminded_at];
        self.exec(PUT, args).await.map(drop)
    }

    /// The addresses of a category, none where it falls back.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn mail_addresses(
        &mut self,
        of: &RegistrarId,
        category: Audience,
    ) -> Result<Vec<String>, StoreError> {
        self.all(ADDRESSES, crate::args![of.as_str(), category.name()]).await
    }

    /// Gives a category other addresses.
    ///
    /// # Errors
    /// [`StoreError`]
    pub async fn mail_addresses_put(
        &mut self,
        of: &RegistrarId,
        category: Audience,
        addresses: &[String],
    ) -> Result<(), StoreError> {
        self.exec(FORGET, crate::args![of.as_str(), category.name()]).await?;
        for (position, address) in (0i64..).zip(addresses) {
            self.exec(ADD, crate::args![of.as_str(), category.name(), position, address]).await?;
        }
        Ok(())
    }
}
