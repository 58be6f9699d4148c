//! `domesday policy`: profiles as they are in force, and where each value was said.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::out::{self, Report, hint};
use crate::config::{self, Config};
use crate::policy::{Knob, Policies};

/// A command on profiles.
#[derive(Debug, Subcommand)]
pub enum PolicyCommand {
    /// Show every knob of a profile, its value, and the profile and line that say so
    Show(Show),
    /// Read every profile and say whether all hold together
    Check(Profiles),
}

/// Where profiles are.
#[derive(Debug, Args)]
pub struct Profiles {
    /// The server's configuration, which names the folder of your own profiles
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The folder of your own profiles, where there is no --config
    #[arg(long, value_name = "DIR", conflicts_with = "config")]
    profiles_dir: Option<PathBuf>,
}

/// Which profile.
#[derive(Debug, Args)]
pub struct Show {
    /// Its name; the server's without it
    name: Option<String>,
    /// Show where two profiles differ
    #[arg(long, num_args = 2, value_names = ["A", "B"], conflicts_with = "name")]
    diff: Vec<String>,
    #[command(flatten)]
    profiles: Profiles,
}

/// Runs it.
///
/// # Errors
/// A profile that is not there, or does not hold together.
pub fn run(command: &PolicyCommand) -> anyhow::Result<Report> {
    match command {
        PolicyCommand::Check(profiles) => {
            let (policies, _) = profiles.read()?;
            let names: Vec<&str> = policies.names().collect();
            let text = format!("All profiles hold together: {}.", names.join(", "));
            Ok(Report::new(json!({ "good": true, "profiles": names }), text))
        }
        PolicyCommand::Show(args) => {
            let (policies, servers) = args.profiles.read()?;
            match args.diff.as_slice() {
                [a, b] => diff(&policies, a, b),
                _ => show(&policies, args.name.as_deref().unwrap_or(&servers)),
            }
        }
    }
}

impl Profiles {
    /// The profiles, and the name of the server's.
    pub(super) fn read(&self) -> anyhow::Result<(Policies, String)> {
        let config = match &self.config {
            Some(path) => Config::load(path)?,
            None => {
                Config { profiles_dir: self.profiles_dir.clone().unwrap_or_default(), ..Config::default() }
            }
        };
        Ok((config::policies(&config.profiles_dir)?, config.profile))
    }
}

fn show(policies: &Policies, name: &str) -> anyhow::Result<Report> {
    let knobs = knobs(policies, name)?;
    let chain = policies.chain(name);
    let rows = knobs.iter().map(|knob| [knob.key.clone(), knob.value.to_string(), said(knob)]);
    let text =
        format!("Profile {}\n{}", chain.join(" over "), out::table(["knob", "value", "said by"], rows));
    let shown: Vec<Value> = knobs.iter().map(shown).collect();
    Ok(Report::new(json!({ "profile": name, "chain": chain, "knobs": shown }), text))
}

fn diff(policies: &Policies, a: &str, b: &str) -> anyhow::Result<Report> {
    let (left, right) = (knobs(policies, a)?, knobs(policies, b)?);
    let nothing = |key: &str| Knob { key: key.to_owned(), value: Value::Null, said: None };
    let in_right = |key: &str| right.iter().find(|knob| knob.key == key).cloned();
    let mut pairs: Vec<(Knob, Knob)> = left
        .iter()
        .map(|knob| (knob.clone(), in_right(&knob.key).unwrap_or_else(|| nothing(&knob.key))))
        .collect();
    let only_right = right.iter().filter(|knob| left.iter().all(|l| l.key != knob.key));
    pairs.extend(only_right.map(|knob| (nothing(&knob.key), knob.clone())));
    pairs.retain(|(left, right)| left.value != right.value);

    let cell = |knob: &Knob| format!("{} ({})", knob.value, said(knob));
    let rows = pairs.iter().map(|(left, right)| [left.key.clone(), cell(left), cell(right)]);
    let text = match pairs.len() {
        0 => format!("{a} and {b} say the same."),
        _ => out::table(["knob", a, b], rows),
    };
    let shown: Vec<Value> = pairs
        .iter()
        .map(|(left, right)| json!({ "key": left.key, "left": shown(left), "right": shown(right) }))
        .collect();
    Ok(Report::new(json!({ "left": a, "right": b, "differences": shown }), text))
}

fn knobs(policies: &Policies, name: &str) -> anyhow::Result<Vec<Knob>> {
    policies.knobs(name).map_err(|fault| {
        let known: Vec<_> = policies.names().collect();
        hint(fault.to_string(), format!("known are {}", known.join(", ")))
    })
}

/// `gtld:12`, the profile and the line.
fn said(knob: &Knob) -> String {
    knob.said.as_ref().map_or_else(|| "nobody".to_owned(), |said| format!("{}:{}", said.profile, said.line))
}

fn shown(knob: &Knob) -> Value {
    let said = knob.said.as_ref().map(|said| json!({ "profile": said.profile, "line": said.line }));
    json!({ "key": knob.key, "value": knob.value, "said": said })
}
