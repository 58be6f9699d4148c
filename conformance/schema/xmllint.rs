//! The validator: libxml2's `xmllint`, one process for many frames.

#![expect(clippy::expect_used, reason = "a check that cannot be made fails the test")]

use std::collections::HashMap;
use std::io::ErrorKind;
use std::path::Path;
use std::process::Command;

use super::Verdict;

/// Frames per process: their names fit every system's limit on arguments.
const BATCH: usize = 2_000;

/// Says of each frame whether the schemas of that driver file take it.
pub fn run<'a>(driver: &Path, frames: impl IntoIterator<Item = &'a [u8]>) -> Vec<Verdict> {
    let frames: Vec<_> = frames.into_iter().collect();
    frames.chunks(BATCH).flat_map(|batch| run_batch(driver, batch)).collect()
}

fn run_batch(driver: &Path, frames: &[&[u8]]) -> Vec<Verdict> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let names: Vec<_> = (0..frames.len()).map(|i| format!("{i}.xml")).collect();
    for (name, frame) in names.iter().zip(frames) {
        std::fs::write(folder.path().join(name), frame).expect("a frame goes into a file");
    }

    let output = Command::new("xmllint")
        .args(["--nonet", "--nocatalogs", "--noout", "--schema"])
        .arg(driver)
        .args(&names)
        .current_dir(folder.path())
        .output()
        .unwrap_or_else(|e| match e.kind() {
            ErrorKind::NotFound => {
                panic!("xmllint is missing; `sh conformance/run.sh` installs what the tests need")
            }
            _ => panic!("xmllint does not start: {e}"),
        });
    let told = String::from_utf8_lossy(&output.stderr);
    // Of a frame it may say so too, in the frame's own words; then it says what became of frames.
    assert!(!told.ends_with("failed to compile\n"), "xmllint: {told}");

    // `N.xml validates` or `N.xml fails to validate` ends what is said of a frame; one that is not well-formed has
    // only complaints. They begin with `N.xml:`, and a complaint may run over several lines.
    let mut valid = vec![false; frames.len()];
    let mut complaints: HashMap<usize, String> = HashMap::new();
    let mut about = None;
    for line in told.lines() {
        if let Some(index) = line.strip_suffix(".xml validates").and_then(|n| n.parse::<usize>().ok()) {
            valid[index] = true;
            about = None;
            continue;
        }
        if line.ends_with(".xml fails to validate") {
            about = None;
            continue;
        }
        if let Some(index) = line.split_once(".xml:").and_then(|(n, _)| n.parse::<usize>().ok()) {
            // It reads more into namespace names and xml:id than the schemas do, and goes on all the same.
            let name_only = line.contains(" namespace error : xmlns") && line.contains(": '");
            let extra =
                name_only || line.contains(" namespace warning : ") || line.contains(": validity error : ");
            about = (!extra).then_some(index);
        }
        // What begins without a name is about the octets of a frame, and one more line names that frame.
        let Some(index) = about else { continue };
        let text = complaints.entry(index).or_default();
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(line);
    }
    let verdict = |(index, valid): (usize, bool)| {
        match complaints.remove(&index) {
            // Some faults in the XML it only mentions.
            None if valid => Verdict::Valid,
            Some(complaint) if valid && !complaint.contains(" error : ") => Verdict::Valid,
            complaint => Verdict::Invalid(complaint.unwrap_or_else(|| "not a document".to_owned())),
        }
    };
    valid.into_iter().enumerate().map(verdict).collect()
}
