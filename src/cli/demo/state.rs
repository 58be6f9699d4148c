//! What the demo remembers from one start to the next.

use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use anyhow::Context;
use serde::{Deserialize, Serialize};

/// `demo.json` of the data folder, and the line of `--json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct State {
    /// Where EPP is served.
    pub epp: String,
    /// Where the operator's listener is.
    pub operator: String,
    /// The authority of the server's certificate.
    pub ca: PathBuf,
    /// The zone.
    pub zone: String,
    /// The registrars.
    pub registrars: Vec<Registrar>,
}

/// A registrar of the demo, which is also its user.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Registrar {
    /// Its identifier and login name.
    pub id: String,
    /// Its password. It is kept because it is printed again at every start.
    pub password: String,
    /// Its certificate.
    pub cert: PathBuf,
    /// The certificate's key.
    pub key: PathBuf,
}

impl State {
    /// What an earlier start in that folder left; `None` before the first.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn load(dir: &Path) -> anyhow::Result<Option<Self>> {
        let path = dir.join("demo.json");
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(e).with_context(|| path.display().to_string()),
        };
        serde_json::from_str(&text).map(Some).with_context(|| path.display().to_string())
    }

    /// Keeps it for the next start, and for `domesday epp`.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn save(&self, dir: &Path) -> anyhow::Result<()> {
        write(&dir.join("demo.json"), &serde_json::to_string_pretty(self)?)
    }
}

/// Writes a file that only its owner reads, beside and then renamed, so that nobody reads half of it.
pub(super) fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    let beside = path.with_extension("new");
    let written = || -> std::io::Result<()> {
        if beside.exists() {
            std::fs::remove_file(&beside)?;
        }
        let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&beside)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        std::fs::rename(&beside, path)
    };
    written().with_context(|| path.display().to_string())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn what_is_kept_comes_back_and_is_the_owners_alone() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(State::load(dir.path()).unwrap(), None);
        let registrar = Registrar { id: "a".into(), password: "b".into(), cert: "c".into(), key: "d".into() };
        let state = State {
            epp: "127.0.0.1:1".into(),
            operator: "127.0.0.1:2".into(),
            ca: "ca".into(),
            zone: "example".into(),
            registrars: vec![registrar],
        };
        state.save(dir.path()).unwrap();
        assert_eq!(State::load(dir.path()).unwrap(), Some(state));
        let mode = std::fs::metadata(dir.path().join("demo.json")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
