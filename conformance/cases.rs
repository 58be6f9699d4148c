//! Plays every transcript of `case/` on both engines. `GOLDEN=write` writes the answers into the files instead of
//! comparing them; look at the difference before it is committed.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::play::{Played, play};
use crate::script::Script;
use crate::subject::{Engine, Subject};

/// Cases at the same time.
const AT_ONCE: usize = 4;

macro_rules! folders {
    ($($object:ident),*) => {
        /// The folders of `case/`; each is a test for each engine.
        const FOLDERS: &[&str] = &[$(stringify!($object)),*];

        $(mod $object {
            use super::*;

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                run(stringify!($object), Engine::Sqlite).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                run(stringify!($object), Engine::Postgres).await;
            }
        })*
    };
}

folders!(contact, desk, domain, ext, frame, host, idn, launch, life, poll, profile, session, vector);

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("conformance/case")
}

/// The transcripts of one folder.
pub fn of_folder(folder: &str) -> Vec<PathBuf> {
    let mut files: Vec<_> = std::fs::read_dir(root().join(folder))
        .unwrap_or_else(|e| panic!("case/{folder}: {e}"))
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "epp"))
        .collect();
    files.sort();
    files
}

/// Every transcript.
pub fn files() -> Vec<PathBuf> {
    FOLDERS.iter().flat_map(|folder| of_folder(folder)).collect()
}

async fn run(folder: &str, engine: Engine) {
    // `CASE=renew` plays only the cases whose name has that in it; for people, never set by the test command.
    let wanted = std::env::var("CASE").unwrap_or_default();
    let files: Vec<_> = of_folder(folder).into_iter().filter(|f| name(f).contains(&wanted)).collect();
    let write = std::env::var("GOLDEN").is_ok_and(|v| v == "write");
    let turn = Arc::new(Semaphore::new(AT_ONCE));
    let mut running = JoinSet::new();
    for file in files {
        let turn = Arc::clone(&turn);
        running.spawn(async move {
            let _permit = turn.acquire().await.unwrap();
            one(&file, engine, write).await
        });
    }
    let mut faults = Vec::new();
    while let Some(done) = running.join_next().await {
        faults.extend(done.unwrap());
    }
    crate::schema::verify();
    faults.sort();
    assert!(faults.is_empty(), "\n\n{}\n", faults.join("\n\n"));
}

fn name(file: &Path) -> String {
    file.file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default()
}

async fn one(file: &Path, engine: Engine, write: bool) -> Vec<String> {
    let first = match Script::read(file) {
        Ok(script) => script,
        Err(fault) => return vec![fault],
    };
    let also = first.also.clone();
    let mut faults = played(first, engine, write).await;
    for profile in also {
        // The file was read a moment ago.
        let script = Script::read(file).unwrap().under(&profile);
        let found = played(script, engine, false).await;
        faults.extend(found.into_iter().map(|fault| format!("under {profile}: {fault}")));
    }
    faults
}

async fn played(script: Script, engine: Engine, write: bool) -> Vec<String> {
    let subject = match Subject::here(engine, &script.setup).await {
        Ok(subject) => subject,
        Err(fault) => return vec![format!("{}: {fault}", script.path.display())],
    };
    let Played { mut faults, recorded } = play(&script, &subject).await;
    subject.stop().await;
    // A difference is what writing is for; everything else stays a fault.
    if write && engine == Engine::Sqlite {
        script.write_goldens(&recorded);
        faults.retain(|f| !f.contains("the answer differs"));
    }
    faults
}

#[test]
fn every_folder_of_cases_is_played() {
    let mut found: Vec<_> = std::fs::read_dir(root())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    found.sort();
    assert_eq!(found, FOLDERS);
    assert!(std::env::var("CI").is_err() || std::env::var("GOLDEN").is_err(), "goldens are not written here");
}
