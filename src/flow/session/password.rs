//! Passwords of EPP users: Argon2id in PHC form, worked out off the async threads and behind a bound, because
//! a login costs more than a thousand other commands and would be a lever to overload the server.

use std::sync::Arc;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use tokio::sync::{OnceCell, Semaphore};

use crate::epp::types::{SENTINEL, Secret};
use crate::flow::auth;
use crate::policy::{CharClass, PasswordPolicy};
use crate::refusal::{Reason, Refusal};
use crate::store::StoreError;

/// Hashes and verifies passwords, at most one for each core at a time. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Hasher {
    turn: Arc<Semaphore>,
    /// Verified against where there is no such user, so that an unknown name takes the time of a known one.
    nobody: Arc<OnceCell<String>>,
}

impl Default for Hasher {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self { turn: Arc::new(Semaphore::new(cores)), nobody: Arc::default() }
    }
}

impl Hasher {
    /// The PHC string to store for a password.
    ///
    /// # Errors
    /// When the machine cannot give memory or randomness.
    pub async fn hash(&self, password: &Secret) -> Result<String, StoreError> {
        let password = password.clone();
        self.work(move || {
            Argon2::default()
                .hash_password(password.expose().as_bytes())
                .map(|hash| hash.to_string())
                .map_err(|_| StoreError::Shape("a password could not be hashed"))
        })
        .await?
    }

    /// Whether a password fits the stored PHC string. Where there is none the same work is done in vain.
    ///
    /// # Errors
    /// When the work could not be done.
    pub async fn fits(&self, stored: Option<&str>, password: &Secret) -> Result<bool, StoreError> {
        let known = stored.is_some();
        let stored = match stored {
            Some(stored) => stored.to_owned(),
            None => {
                self.nobody.get_or_try_init(async || self.hash(&Secret::new("nobody")).await).await?.clone()
            }
        };
        let password = password.clone();
        let fits = self
            .work(move || {
                let Ok(hash) = PasswordHash::new(&stored) else { return false };
                Argon2::default().verify_password(password.expose().as_bytes(), &hash).is_ok()
            })
            .await?;
        Ok(fits && known)
    }

    async fn work<T: Send + 'static>(
        &self,
        job: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, StoreError> {
        let permit = Arc::clone(&self.turn).acquire_owned().await;
        let done = tokio::task::spawn_blocking(move || {
            let _until_done = permit;
            job()
        });
        done.await.map_err(|_| StoreError::Shape("password work was cut off"))
    }
}

/// Refuses a new password that does not follow the rules of its kind of user.
///
/// # Errors
/// [`Reason::PasswordPolicy`], with what to do and without the password.
pub fn check(new: &Secret, old: Option<&Secret>, policy: &PasswordPolicy) -> Result<(), Refusal> {
    let refused = |text: String| Refusal::new(Reason::PasswordPolicy).detail(text);
    if new.expose() == SENTINEL {
        return Err(refused(format!("{SENTINEL} stands for a password and is none")));
    }
    let length = new.expose().chars().count();
    if !(policy.min_len..=policy.max_len).contains(&length) {
        return Err(refused(format!("use {} to {} characters", policy.min_len, policy.max_len)));
    }
    if auth::classes(new.expose()) < policy.min_classes {
        let text = "of upper case, lower case, digits and other characters use at least";
        return Err(refused(format!("{text} {} kinds", policy.min_classes)));
    }
    if let Some(missing) = policy.require.iter().find(|class| !auth::has(new.expose(), **class)) {
        return Err(refused(format!("use at least one {}", kind(*missing))));
    }
    if policy.differs_from_old && old.is_some_and(|old| old == new) {
        return Err(refused("it must differ from the old one".to_owned()));
    }
    Ok(())
}

fn kind(class: CharClass) -> &'static str {
    match class {
        CharClass::Upper => "upper case letter",
        CharClass::Lower => "lower case letter",
        CharClass::Digit => "digit",
        CharClass::Special => "character that is neither a letter nor a digit",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_very_password_fits() {
        let hasher = Hasher::default();
        let stored = hasher.hash(&Secret::new("2fooBAR!")).await.unwrap();
        assert!(stored.starts_with("$argon2id$"));
        assert!(hasher.fits(Some(&stored), &Secret::new("2fooBAR!")).await.unwrap());
        assert!(!hasher.fits(Some(&stored), &Secret::new("2foobar!")).await.unwrap());
        assert!(!hasher.fits(None, &Secret::new("nobody")).await.unwrap());
    }
}
