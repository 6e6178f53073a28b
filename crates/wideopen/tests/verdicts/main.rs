//! What other tools say of real data, beside what we say: `docs/verdicts.md` has every verdict, and for each difference the
//! reason.
//!
//! Runs when `WIDEOPEN_CORPUS` names the folder. `UPDATE_LEDGER=1` rewrites the ledger; review it by diff. A difference
//! without a reason fails.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::indexing_slicing,
    reason = "a broken fixture is a failed test"
)]

mod asked;
mod custodian;
mod custodian_gcp;
mod declared;
mod differences;
mod ledger;
mod panther;
mod policy_library;
mod prowler;
mod prowler_gcp;
mod scan;
mod snapshots;
mod worlds;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

const LEDGER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/verdicts.md");
const START: &str = "<!-- ledger: written by `UPDATE_LEDGER=1 cargo test -p wideopen --test verdicts` -->\n";

/// The data of others, and what they say of it.
pub(crate) struct Corpus {
    root: PathBuf,
}

/// A row of `expected.csv`.
pub(crate) struct Expected {
    pub(crate) file: String,
    pub(crate) resource: String,
    pub(crate) check: String,
    pub(crate) port: String,
    pub(crate) says: String,
}

impl Corpus {
    pub(crate) fn json(&self, file: &str) -> Value {
        serde_json::from_str(&self.text(&self.root.join(file))).unwrap()
    }

    pub(crate) fn text(&self, path: &Path) -> String {
        fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// The verdicts about files of a folder, in the order of the file names.
    pub(crate) fn expected(&self, folder: &str) -> Vec<Expected> {
        let table = self.text(&self.root.join("expected.csv"));
        let mut rows: Vec<Expected> = table
            .lines()
            .filter(|line| line.starts_with(folder))
            .map(|line| {
                let cells = cells(line);
                let cell = |number: usize| cells[number].clone();
                Expected { file: cell(0), resource: cell(1), check: cell(2), port: cell(3), says: cell(4) }
            })
            .collect();
        rows.sort_by(|one, other| one.file.cmp(&other.file));
        rows
    }

    /// All JSON files below a folder, sorted.
    pub(crate) fn files(&self, folder: &str) -> Vec<PathBuf> {
        let mut found = Vec::new();
        collect(
            &self.root.join(folder),
            &|path| path.extension().is_some_and(|end| end == "json"),
            &mut found,
        );
        found.sort();
        found
    }
}

/// All files below a folder that are wanted.
fn collect(folder: &Path, is_wanted: &dyn Fn(&Path) -> bool, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, is_wanted, files);
        } else if is_wanted(&path) {
            files.push(path);
        }
    }
}

/// The cells of a row; quoted ones may have commas, and quotes as two.
fn cells(line: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut is_quoted = false;
    let mut letters = line.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if is_quoted && letters.next_if_eq(&'"').is_some() => cells.last_mut().unwrap().push('"'),
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => cells.push(String::new()),
            other => cells.last_mut().unwrap().push(other),
        }
    }
    cells
}

#[test]
fn every_verdict_of_a_peer_is_ours_or_has_a_reason() {
    let Some(root) = std::env::var_os("WIDEOPEN_CORPUS").map(PathBuf::from) else {
        eprintln!("WIDEOPEN_CORPUS is not set: no verdict was compared");
        return;
    };
    let corpus = Corpus { root };
    let pages = [
        (prowler::page(&corpus), "Prowler: facts of its unit tests", "check and test"),
        (panther::page(&corpus), "Panther: resources with a verdict", "policy and file"),
        (custodian::page(&corpus), "Cloud Custodian: policies on recordings", "test and policy"),
        (prowler_gcp::page(&corpus), "Prowler: facts of its unit tests, Google Cloud", "check and test"),
        (
            custodian_gcp::page(&corpus),
            "Cloud Custodian: policies on recordings, Google Cloud",
            "test and policy",
        ),
        (
            policy_library::page(&corpus),
            "Policy Library: fixtures named by their verdict",
            "fixture and asset",
        ),
        (declared::page(&corpus, declared::CHECKOV), "Checkov: examples", "check and resource"),
        (declared::page(&corpus, declared::REGULA), "Regula: inputs", "file and resource"),
    ];
    let mut table = String::from(START);
    let mut needed: BTreeSet<&str> = BTreeSet::new();
    let mut unexplained: Vec<String> = Vec::new();
    table.push_str(&ledger::codes());
    for (page, title, said) in &pages {
        table.push_str(&page.written(title, said));
        needed.extend(page.reasons());
        unexplained.extend_from_slice(page.unexplained());
    }
    table.push_str(&snapshots::table(&corpus));
    assert!(unexplained.is_empty(), "differences that nobody has explained:\n{}", unexplained.join("\n"));
    let known = ledger::REASONS.iter().chain(&ledger::BEYOND).map(|(code, _)| *code);
    assert_eq!(known.collect::<BTreeSet<_>>(), needed, "a reason that nothing needs");

    let ledger = fs::read_to_string(LEDGER).unwrap_or_default();
    let prose = ledger.split(START).next().unwrap_or_default();
    let written = format!("{prose}{table}");
    if std::env::var_os("UPDATE_LEDGER").is_some() {
        fs::write(LEDGER, written).unwrap();
    } else {
        assert_eq!(ledger, written, "docs/verdicts.md is not true any more: UPDATE_LEDGER=1 rewrites it");
    }
}
