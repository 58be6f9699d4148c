//! `domesday demo`: from nothing to a running registry with one command.

use std::path::{Path, PathBuf};

use anyhow::Context;
use serde::{Deserialize, Serialize};

/// What the demo remembers from one start to the next, in `demo.json` of its data folder, and what its `--json` line
/// says.
#[derive(Clone, Debug, Serialize, Deserialize)]
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
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Registrar {
    /// Its identifier and login name.
    pub id: String,
    /// Its password. It is kept here because it is printed again at every start.
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
}
