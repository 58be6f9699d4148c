//! Identifiers made by us: unique over processes and restarts without asking the database each time.
//!
//! Each start of a program takes the next process number from the database, once and durably; an identifier is
//! that number followed by a count. Nothing depends on the clock, so a clock that jumps back cannot repeat one.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// Bits of the count below the process number: a million million identifiers a start, eight million starts.
const COUNT_BITS: u32 = 40;

/// Hands out identifiers. Cheap to clone; clones share the count.
#[derive(Clone, Debug)]
pub struct Ids {
    process: i64,
    next: Arc<AtomicI64>,
}

impl Ids {
    /// Identifiers of the process of that number.
    #[must_use]
    pub fn of_process(process: i64) -> Self {
        Self { process, next: Arc::new(AtomicI64::new(1)) }
    }

    /// This process's number.
    #[must_use]
    pub fn process(&self) -> i64 {
        self.process
    }

    /// An identifier nobody had before.
    #[must_use]
    pub fn next(&self) -> i64 {
        (self.process << COUNT_BITS) | self.next.fetch_add(1, Ordering::Relaxed)
    }

    /// A server transaction identifier nobody had before (RFC 5730 section 2.6).
    #[must_use]
    pub fn svtrid(&self) -> String {
        format!("DD-{:X}-{:X}", self.process, self.next.fetch_add(1, Ordering::Relaxed))
    }
}

/// The letter by which a repository object identifier says what it names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoidKind {
    /// `D`
    Domain,
    /// `C`
    Contact,
    /// `H`
    Host,
}

impl RoidKind {
    const fn letter(self) -> char {
        match self {
            Self::Domain => 'D',
            Self::Contact => 'C',
            Self::Host => 'H',
        }
    }
}

/// The local part of a repository object identifier: `D` and the object's number in base 36.
#[must_use]
pub fn roid_local(kind: RoidKind, id: i64) -> String {
    const DIGITS: &[u8; 36] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let mut digits = Vec::new();
    let mut rest = id.unsigned_abs();
    while rest > 0 || digits.is_empty() {
        digits.push(char::from(DIGITS[(rest % 36) as usize]));
        rest /= 36;
    }
    std::iter::once(kind.letter()).chain(digits.into_iter().rev()).collect()
}

/// The object a local part names.
#[must_use]
pub fn roid_object(local: &str) -> Option<(RoidKind, i64)> {
    let kind = match local.get(..1)? {
        "D" => RoidKind::Domain,
        "C" => RoidKind::Contact,
        "H" => RoidKind::Host,
        _ => return None,
    };
    i64::from_str_radix(local.get(1..)?, 36).ok().map(|id| (kind, id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_roid_names_its_object() {
        for id in [1, 35, 36, 1 << COUNT_BITS, (7 << COUNT_BITS) | 12_345] {
            assert_eq!(roid_object(&roid_local(RoidKind::Domain, id)), Some((RoidKind::Domain, id)));
        }
        assert_eq!(roid_object("X1"), None);
    }

    #[test]
    fn processes_do_not_meet() {
        let (a, b) = (Ids::of_process(1), Ids::of_process(2));
        assert!(a.next() < a.next());
        assert!(a.next() < b.next());
        assert_ne!(a.svtrid(), b.svtrid());
    }
}
