//! Frames against schemas: ours (`schemas/all.xsd`), and the published ones where they are at hand.
//!
//! [`check`] validates any frames. The conformance client gives every frame it receives to [`record_received`] and every
//! frame of its own that the server took to [`record_sent`]; the harness calls [`verify`] at the end of a test.

mod answers;
mod dice;
mod differential;
mod ext_seeds;
mod fee_answers;
mod foreign;
mod launch_answers;
mod launch_seeds;
mod mutate;
mod seeds;
mod server_seeds;
mod shape;
mod told;
mod tree;
mod values;
mod xmllint;

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use domesday::epp::ns::Ns;

/// A set of schemas, by its driver file.
#[derive(Clone, Debug)]
pub struct Set {
    name: &'static str,
    driver: PathBuf,
}

impl Set {
    /// The schemas of this repository.
    pub fn ours() -> Self {
        Self { name: "schemas/all.xsd", driver: repository().join("schemas/all.xsd") }
    }

    /// The schemas as the RFCs print them, kept beside the repository and not in it. `EPP_PUBLISHED_XSD` names the
    /// driver file for a checkout that stands elsewhere.
    pub fn published() -> Option<Self> {
        let driver = match std::env::var_os("EPP_PUBLISHED_XSD") {
            Some(named) => {
                let named = PathBuf::from(named);
                assert!(named.is_file(), "EPP_PUBLISHED_XSD names {}, which is no file", named.display());
                named
            }
            None => repository().join("../shared/xsd/epp-all.xsd"),
        };
        driver.is_file().then_some(Self { name: "the published schemas", driver })
    }

    /// What it is called.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Whether the set knows what a frame speaks of. The balance is published by its registry, not with an RFC.
    fn speaks(&self, frame: &[u8]) -> bool {
        let balance = Ns::Balance.uri().as_bytes();
        self.name == Self::ours().name || !frame.windows(balance.len()).any(|part| part == balance)
    }

    /// What the set says of each frame, in their order.
    pub fn verdicts<'a>(&self, frames: impl IntoIterator<Item = &'a [u8]>) -> Vec<Verdict> {
        xmllint::run(&self.driver, frames)
    }
}

/// What a set of schemas says of a frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    Valid,
    /// What is wrong, in xmllint's words.
    Invalid(String),
}

/// A frame that a set of schemas refuses.
#[derive(Debug)]
pub struct Failure {
    label: String,
    set: &'static str,
    complaint: String,
    frame: Vec<u8>,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { label, set, complaint, frame } = self;
        write!(f, "{label}: refused by {set}\n{complaint}\n{}", String::from_utf8_lossy(frame))
    }
}

/// Validates all frames against every set there is.
pub fn check(frames: &[(String, Vec<u8>)]) -> Vec<Failure> {
    let mut failures = Vec::new();
    for set in std::iter::once(Set::ours()).chain(Set::published()) {
        let frames: Vec<_> = frames.iter().filter(|(_, frame)| set.speaks(frame)).collect();
        let verdicts = set.verdicts(frames.iter().map(|(_, frame)| frame.as_slice()));
        for ((label, frame), verdict) in frames.into_iter().zip(verdicts) {
            if let Verdict::Invalid(complaint) = verdict {
                failures.push(Failure {
                    label: label.clone(),
                    set: set.name,
                    complaint,
                    frame: frame.clone(),
                });
            }
        }
    }
    failures
}

/// Frames of this process's tests that wait for [`verify`].
static RECORDED: Collector = Collector::new();

/// Keeps a frame of the server for [`verify`].
pub fn record_received(frame: &[u8]) {
    RECORDED.record("received", frame);
}

/// Keeps a frame of the client for [`verify`]: call it for a frame that the server took, not for one sent to be refused.
pub fn record_sent(frame: &[u8]) {
    RECORDED.record("sent", frame);
}

/// Validates what was recorded up to now, by whichever test of this process.
///
/// # Panics
/// When a frame is not valid; the message tells which frame of which test.
#[track_caller]
pub fn verify() {
    assert_valid(&RECORDED.take());
}

/// Frames, each with the test that recorded it.
struct Collector(Mutex<Vec<(String, Vec<u8>)>>);

impl Collector {
    const fn new() -> Self {
        Self(Mutex::new(Vec::new()))
    }

    fn record(&self, what: &str, frame: &[u8]) {
        let test = std::thread::current().name().unwrap_or("a task").to_owned();
        let mut recorded = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        recorded.push((format!("{what} in {test}"), frame.to_vec()));
    }

    fn take(&self) -> Vec<(String, Vec<u8>)> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Validates these frames.
///
/// # Panics
/// When a frame is not valid.
#[track_caller]
pub fn assert_valid(frames: &[(String, Vec<u8>)]) {
    let failures = check(frames);
    if !failures.is_empty() {
        let shown: Vec<_> = failures.iter().take(20).map(ToString::to_string).collect();
        panic!("{} frames are not valid\n\n{}", failures.len(), shown.join("\n\n"));
    }
}

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOGOUT: &[u8] =
        br#"<epp xmlns="urn:ietf:params:xml:ns:epp-1.0"><command><logout/></command></epp>"#;

    #[test]
    fn a_frame_outside_the_schema_is_told_with_its_label() {
        let utf16: Vec<u8> = [0xFEFF]
            .into_iter()
            .chain(String::from_utf8_lossy(LOGOUT).encode_utf16())
            .flat_map(u16::to_le_bytes)
            .collect();
        let frames = [
            ("good".to_owned(), LOGOUT.to_vec()),
            ("bad".to_owned(), LOGOUT.to_ascii_uppercase()),
            ("cut".to_owned(), LOGOUT[..40].to_vec()),
            ("nothing".to_owned(), Vec::new()),
            ("utf-16".to_owned(), utf16),
        ];
        let mut refused: Vec<_> = check(&frames).into_iter().map(|f| f.label).collect();
        refused.sort();
        refused.dedup();
        assert_eq!(refused, ["bad", "cut", "nothing"]);
    }

    #[test]
    fn what_was_recorded_is_checked_once() {
        let collector = Collector::new();
        collector.record("sent", LOGOUT);
        collector.record("received", b"<epp/>");
        let failures = check(&collector.take());
        assert!(!failures.is_empty());
        for failure in failures {
            assert_eq!(failure.label, "received in schema::tests::what_was_recorded_is_checked_once");
        }
        assert!(collector.take().is_empty());
    }
}
