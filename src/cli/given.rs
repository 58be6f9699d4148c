//! Values as an operator gives them: identifiers, moments, new passwords.

use std::path::PathBuf;

use clap::Args;
use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use zeroize::Zeroizing;

use super::out::hint;
use super::secret::{self, PasswordFrom};
use crate::clock::Ts;
use crate::epp::types::{RegistrarId, Secret};
use crate::flow::session::password;
use crate::gate::Gate;

/// A registrar's or a user's identifier.
///
/// # Errors
/// When it is none.
pub fn id(text: &str) -> anyhow::Result<RegistrarId> {
    let token = text.split_ascii_whitespace().collect::<Vec<_>>().join(" ");
    let fault = format!("{text:?} is not an identifier");
    let advice = "an identifier has 3 to 16 characters, without blanks around them (RFC 5730)";
    if token != text || text.chars().any(char::is_control) {
        return Err(hint(fault, advice));
    }
    RegistrarId::parse(text).map_err(|_| hint(fault, advice))
}

/// A moment: a day, which begins in UTC, or a moment with its zone.
///
/// # Errors
/// When it is none.
pub fn moment(text: &str) -> anyhow::Result<Ts> {
    // A day alone: where a time stands too, only its zone says which moment is meant.
    let day = text.parse::<Date>().ok().filter(|_| !text.contains(['T', 't', ' ']));
    day.and_then(|day| TimeZone::UTC.to_timestamp(day.to_datetime(Time::midnight())).ok())
        .or_else(|| text.parse::<Timestamp>().ok())
        .map(Ts::from_timestamp)
        .ok_or_else(|| {
            hint(format!("{text:?} is no moment"), "write it as 2027-01-31 or 2027-01-31T12:00:00Z")
        })
}

/// A new password, by where it comes from.
#[derive(Debug, Args)]
pub struct NewPassword {
    /// Make a password and print it, this once
    #[arg(long, conflicts_with = "password_file")]
    generate: bool,
    /// The file the password stands in; without it DOMESDAY_PASSWORD or standard input
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
}

/// A password that follows the rules, with the hash to store.
#[derive(Debug)]
pub struct Hashed {
    /// What to store.
    pub hash: String,
    /// The password itself when it was made here and nobody knows it yet.
    pub made: Option<Zeroizing<String>>,
}

impl NewPassword {
    /// Takes the password, checks it against the profile's rules and hashes it.
    ///
    /// # Errors
    /// When there is none, or it does not follow the rules.
    pub async fn hashed(
        &self,
        gate: &Gate,
        user: &RegistrarId,
        profile: Option<&str>,
    ) -> anyhow::Result<Hashed> {
        self.made(gate, user, profile, false).await
    }

    /// The same by the rules of the portal's passwords.
    ///
    /// # Errors
    /// When there is none, or it does not follow the rules.
    pub async fn hashed_for_web(
        &self,
        gate: &Gate,
        user: &RegistrarId,
        profile: Option<&str>,
    ) -> anyhow::Result<Hashed> {
        self.made(gate, user, profile, true).await
    }

    async fn made(
        &self,
        gate: &Gate,
        user: &RegistrarId,
        profile: Option<&str>,
        web: bool,
    ) -> anyhow::Result<Hashed> {
        let text = if self.generate {
            secret::generated()
        } else {
            let from = PasswordFrom { file: self.password_file.as_deref(), otherwise: None };
            secret::password(&from, &format!("New password of {user}: "))?
        };
        let hash = hash_by(gate, &text, profile, web).await?;
        Ok(Hashed { hash, made: self.generate.then_some(text) })
    }
}

/// The hash of a password that follows the rules of the account's profile, or of the server's.
///
/// # Errors
/// When it does not follow them.
pub async fn hash(gate: &Gate, text: &str, profile: Option<&str>) -> anyhow::Result<String> {
    hash_by(gate, text, profile, false).await
}

async fn hash_by(gate: &Gate, text: &str, profile: Option<&str>, web: bool) -> anyhow::Result<String> {
    let password = Secret::new(text);
    let rules = match web {
        true => gate.account_rules(profile)?.web_pw.clone(),
        false => gate.epp_passwords(profile)?,
    };
    let profile = profile.unwrap_or(&gate.profile().id);
    password::check(&password, None, &rules)
        .map_err(|refusal| hint(refusal.text(), format!("the rules are those of profile {profile}")))?;
    Ok(gate.hasher().hash(&password).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_a_day_or_has_a_zone() {
        assert_eq!(moment("2027-01-31").unwrap().to_string(), "2027-01-31T00:00:00.000Z");
        assert_eq!(moment("2027-01-31T12:00:00+02:00").unwrap().to_string(), "2027-01-31T10:00:00.000Z");
        assert!(moment("2027-01-31T12:00:00").is_err() && moment("tomorrow").is_err());
    }

    #[test]
    fn an_identifier_is_a_token() {
        assert!(id("abc").is_ok() && id("a b c").is_ok());
        for bad in ["ab", " abc", "abc ", "a  bc", "abcdefghijklmnopq", "ab\u{7}c"] {
            assert!(id(bad).is_err(), "{bad:?}");
        }
    }
}
