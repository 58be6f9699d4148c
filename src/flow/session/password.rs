//! Passwords: Argon2id in PHC form, off the async threads and behind a bound.

/// Hashes and verifies passwords.
#[derive(Debug, Default)]
pub struct Hasher {}
