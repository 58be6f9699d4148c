//! Where the operator's commands find the registry, and how they change it: through the gate's effects and audit,
//! with nothing kept of a dry run.

use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Args;

use super::out::hint;
use crate::clock::{Clock, Ts};
use crate::config::Config;
use crate::epp::types::{RegistrarId, Secret};
use crate::gate::{Cx, Ended, Gate, Stop};
use crate::store::{Db, StoreError, Task, Tx};

/// Which registry.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Registry")]
pub struct Where {
    /// The server's configuration
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// The database itself: sqlite:PATH or postgres://..
    #[arg(
        long,
        value_name = "URL",
        env = "DOMESDAY_DATABASE",
        hide_env_values = true,
        conflicts_with = "config"
    )]
    pub database: Option<String>,
    /// The profile of the server's accounts, where there is no --config
    #[arg(long, value_name = "NAME", env = "DOMESDAY_PROFILE", conflicts_with = "config")]
    pub server_profile: Option<String>,
    /// The folder of your own profiles, where there is no --config
    #[arg(long, value_name = "DIR", conflicts_with = "config")]
    pub profiles_dir: Option<PathBuf>,
}

/// Which registry, and whether to change it.
#[derive(Clone, Debug, Args)]
pub struct Change {
    #[command(flatten)]
    pub at: Where,
    /// Check everything and say what would be done, but change nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// A registry that was found.
#[derive(Clone, Debug)]
pub struct Registry {
    /// Its gate.
    pub gate: Gate,
    dry_run: bool,
}

/// Why a change was not made, with what to do about it.
#[derive(Clone, Debug)]
pub struct Fault(String, String);

/// What stops a change: its own fault, or the database.
#[derive(Debug)]
pub enum Halt {
    /// The operator asked for something that cannot be done.
    Fault(Fault),
    /// The database.
    Stop(Stop),
}

impl From<StoreError> for Halt {
    fn from(cause: StoreError) -> Self {
        Self::Stop(Stop::Store(cause))
    }
}

impl From<Stop> for Halt {
    fn from(stop: Stop) -> Self {
        Self::Stop(stop)
    }
}

/// A fault with what to do about it.
pub fn fault<T>(fault: impl Into<String>, hint: impl Into<String>) -> Result<T, Halt> {
    Err(Halt::fault(fault, hint))
}

impl Halt {
    /// A fault with what to do about it.
    pub fn fault(fault: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Fault(Fault(fault.into(), hint.into()))
    }
}

impl Where {
    /// The configuration: the file's, or one made of the other options.
    ///
    /// # Errors
    /// When nothing says where the registry is, or the file is wrong.
    pub fn settings(&self) -> anyhow::Result<Config> {
        if let Some(path) = &self.config {
            return Ok(Config::load(path)?);
        }
        let Some(database) = self.database.clone() else {
            let demo = Path::new("var/demo.toml");
            let advice = if demo.exists() {
                format!("say --config FILE or --database URL; the demo's is --config {}", demo.display())
            } else {
                "say --config FILE or --database URL, or set DOMESDAY_DATABASE".to_owned()
            };
            return Err(hint("no registry is named", advice));
        };
        let profile = self.server_profile.clone().unwrap_or_else(|| Config::default().profile);
        let profiles_dir = self.profiles_dir.clone().unwrap_or_default();
        Ok(Config { database, profile, profiles_dir, ..Config::default() })
    }

    /// Opens the registry to look at it.
    ///
    /// # Errors
    /// When it cannot be opened, or its tables are not those of this program.
    pub async fn open(&self) -> anyhow::Result<Registry> {
        open(&self.settings()?, false).await
    }
}

impl Change {
    /// Opens the registry to change it.
    ///
    /// # Errors
    /// As [`Where::open`].
    pub async fn open(&self) -> anyhow::Result<Registry> {
        open(&self.at.settings()?, self.dry_run).await
    }
}

impl Registry {
    /// The registry behind a gate that is open already.
    #[must_use]
    pub fn of(gate: Gate) -> Self {
        Self { gate, dry_run: false }
    }

    /// Whether nothing is kept.
    #[must_use]
    pub fn is_dry(&self) -> bool {
        self.dry_run
    }

    /// What to call a thing that was done, or would have been.
    #[must_use]
    pub fn done(&self, what: &str) -> String {
        if self.dry_run { format!("{what} (dry run: nothing was changed)") } else { what.to_owned() }
    }

    /// This moment.
    #[must_use]
    pub fn now(&self) -> Ts {
        self.gate.clock().now()
    }

    /// The profile an account was given; `None` where the server's holds, or nobody has that identifier.
    ///
    /// # Errors
    /// The database's.
    pub async fn profile_of(&self, registrar: &RegistrarId) -> anyhow::Result<Option<String>> {
        let id = registrar.clone();
        let row = self.look(move |tx| Box::pin(async move { tx.registrar(&id).await })).await?;
        Ok(row.and_then(|row| row.profile))
    }

    /// The same of the account a user belongs to.
    ///
    /// # Errors
    /// The database's.
    pub async fn profile_of_user(&self, user: &RegistrarId) -> anyhow::Result<Option<String>> {
        let id = user.clone();
        match self.look(move |tx| Box::pin(async move { tx.user(&id).await })).await? {
            Some(user) => self.profile_of(&user.registrar).await,
            None => Ok(None),
        }
    }

    /// Runs a change in one transaction with its audit row. What it refuses, and a dry run, leaves nothing.
    ///
    /// # Errors
    /// Its fault, or the database's.
    pub async fn change<T, F>(
        &self,
        command: &'static str,
        object: impl Into<String>,
        work: F,
    ) -> anyhow::Result<T>
    where
        T: Send + 'static,
        F: for<'a, 't> Fn(&'a mut Cx<'t>) -> Task<'a, Result<T, Halt>> + Send + Sync + 'static,
    {
        let registry = self.gate.names().registry.clone();
        self.change_for(&registry, command, object, work).await
    }

    /// The same for a registrar: what the change creates is that registrar's.
    ///
    /// # Errors
    /// Its fault, or the database's.
    pub async fn change_for<T, F>(
        &self,
        registrar: &RegistrarId,
        command: &'static str,
        object: impl Into<String>,
        work: F,
    ) -> anyhow::Result<T>
    where
        T: Send + 'static,
        F: for<'a, 't> Fn(&'a mut Cx<'t>) -> Task<'a, Result<T, Halt>> + Send + Sync + 'static,
    {
        let (work, dry_run) = (std::sync::Arc::new(work), self.dry_run);
        let done = self
            .gate
            .run_for(registrar, "cli", command, object.into(), move |cx| {
                let work = std::sync::Arc::clone(&work);
                Box::pin(async move {
                    match work(cx).await {
                        Ok(done) if dry_run => Ok(Ended::Undo(Ok(done))),
                        Ok(done) => Ok(Ended::Keep(Ok(done))),
                        Err(Halt::Fault(fault)) => Ok(Ended::Undo(Err(fault))),
                        Err(Halt::Stop(stop)) => Err(stop),
                    }
                })
            })
            .await?;
        done.map_err(|Fault(fault, advice)| hint(fault, advice))
    }

    /// Looks at one snapshot.
    ///
    /// # Errors
    /// The database's.
    pub async fn look<T, F>(&self, work: F) -> anyhow::Result<T>
    where
        T: Send,
        F: for<'a> FnOnce(&'a mut Tx) -> Task<'a, Result<T, StoreError>> + Send,
    {
        Ok(self.gate.db().read(work).await?)
    }
}

async fn open(config: &Config, dry_run: bool) -> anyhow::Result<Registry> {
    let db = database(config).await?;
    if db.migrations().await?.iter().any(|m| m.applied_at.is_none()) {
        return Err(hint("the database does not have this program's tables", "run `domesday migrate` first"));
    }
    let ids = db.ids().await?;
    let names = config.gate_names()?;
    let gate = Gate::new(db, ids, Clock::system(), config.policies()?, &config.profile, names)?
        .with_token_key(Secret::new(&config.token_key));
    Ok(Registry { gate, dry_run })
}

/// The database of a configuration. A file that is not there is not made: it would be an empty registry in the place
/// of a misspelt one.
///
/// # Errors
/// When it cannot be opened.
pub async fn database(config: &Config) -> anyhow::Result<Db> {
    if let Some(path) = config.database.strip_prefix("sqlite:")
        && !Path::new(path).exists()
    {
        let advice = "check the path; `domesday migrate` makes a new database";
        return Err(hint(format!("there is no database {path}"), advice));
    }
    let shown = || crate::config::masked_url(&config.database);
    Db::open(&config.database).await.with_context(|| format!("the database {} cannot be opened", shown()))
}
