//! Passwords: never on the command line. They come from a file, from the environment or from standard input, or
//! are made here and shown once.

use std::io::{BufRead, IsTerminal, Write};
use std::path::Path;

use anyhow::Context;
use rand::RngExt;
use zeroize::Zeroizing;

use super::out::hint;

/// The environment's password.
pub const VARIABLE: &str = "DOMESDAY_PASSWORD";

/// Where a password may come from, in this order: file, environment, what is known otherwise, standard input.
#[derive(Debug)]
pub struct PasswordFrom<'a> {
    /// A file; its first line counts.
    pub file: Option<&'a Path>,
    /// A password that is known already.
    pub otherwise: Option<&'a str>,
}

/// The password from the first place that has one.
///
/// # Errors
/// When the place cannot be read or has an empty one.
pub fn password(from: &PasswordFrom<'_>, prompt: &str) -> anyhow::Result<Zeroizing<String>> {
    if let Some(path) = from.file {
        let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
        return first_line(&Zeroizing::new(text));
    }
    if let Ok(text) = std::env::var(VARIABLE) {
        return first_line(&Zeroizing::new(text));
    }
    if let Some(known) = from.otherwise {
        return Ok(Zeroizing::new(known.to_owned()));
    }
    let stdin = std::io::stdin();
    if stdin.is_terminal() {
        // The terminal shows what is typed: turning that off needs a library for one line.
        write!(std::io::stderr(), "{prompt}").context("standard error")?;
    }
    let mut text = Zeroizing::new(String::new());
    stdin.lock().read_line(&mut text).context("standard input")?;
    first_line(&text)
}

fn first_line(text: &str) -> anyhow::Result<Zeroizing<String>> {
    match text.lines().next().unwrap_or_default() {
        "" => Err(hint(
            "the password is empty",
            format!("give it by --password-file, {VARIABLE} or standard input"),
        )),
        line => Ok(Zeroizing::new(line.to_owned())),
    }
}

/// A password of 16 characters with all four kinds in it, none of which are mixed up when read aloud.
#[must_use]
pub fn generated() -> Zeroizing<String> {
    const KINDS: [&[u8]; 4] =
        [b"ABCDEFGHJKLMNPQRSTUVWXYZ", b"abcdefghijkmnpqrstuvwxyz", b"23456789", b"-+=_.:"];
    let mut rng = rand::rng();
    let mut pick = |kind: &[u8]| char::from(kind[rng.random_range(0..kind.len())]);
    let mut text: Vec<char> = KINDS.iter().map(|kind| pick(kind)).collect();
    let all = KINDS[..3].concat();
    text.extend((text.len()..16).map(|_| pick(&all)));
    for last in (1..text.len()).rev() {
        text.swap(last, rng.random_range(0..=last));
    }
    Zeroizing::new(text.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_generated_password_has_all_kinds_and_never_comes_twice() {
        let (a, b) = (generated(), generated());
        assert_ne!(a, b);
        for password in [&a, &b] {
            assert_eq!(password.chars().count(), 16);
            assert!(password.chars().any(|c| c.is_ascii_uppercase()));
            assert!(password.chars().any(|c| c.is_ascii_lowercase()));
            assert!(password.chars().any(|c| c.is_ascii_digit()));
            assert!(password.chars().any(|c| c.is_ascii_punctuation()));
        }
    }

    #[test]
    fn a_password_file_counts_with_its_first_line() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("pw");
        std::fs::write(&path, "s3cret!\n").unwrap();
        let from = PasswordFrom { file: Some(&path), otherwise: None };
        assert_eq!(*password(&from, "").unwrap(), "s3cret!");
        std::fs::write(&path, "\n").unwrap();
        assert!(password(&from, "").is_err());
    }
}
