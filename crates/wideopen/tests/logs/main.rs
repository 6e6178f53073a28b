//! Real audit logs: every file is heard without a panic, alone and all together, and `docs/logs.md` says what each event
//! that bears on what is open did, what others say of the same events, and which operations are not heard.
//!
//! Runs when `WIDEOPEN_CORPUS` names the folder. `UPDATE_LEDGER=1` rewrites the ledger; review it by diff. A verdict that is
//! not ours and has no reason fails; so does a file that is no log, or an operation about firewalls that is not heard, if
//! nobody has said why.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::indexing_slicing,
    reason = "a broken fixture is a failed test"
)]

mod events;
mod operations;
mod peers;
mod reasons;
mod runs;
mod worlds;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use runs::{Log, Run};

const LEDGER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/logs.md");
const START: &str = "<!-- ledger: written by `UPDATE_LEDGER=1 cargo test -p wideopen --test logs` -->\n";

/// The sets of audit logs, and whether the files of one are the log of one place: then they are replayed together. Else
/// each is a story by itself; ids such as `1` are invented in them, and stand for another event in each.
const SETS: [(&str, bool); 8] = [
    ("auditlogs/cloudtrail-invictus", true),
    ("auditlogs/stratus-detonation", false),
    ("auditlogs/otrf-aws", false),
    ("auditlogs/opensearch-catalog", false),
    ("auditlogs/c7n-events", false),
    ("auditlogs/gcp-cloudevents", false),
    ("auditlogs/gcp-security-analytics", false),
    ("auditlogs/panther", false),
];

#[test]
fn every_real_log_is_heard_and_the_ledger_is_true() {
    let Some(corpus) = corpus() else { return };
    let mut page = String::from(START);
    let mut unexplained: Vec<String> = Vec::new();
    let mut heard = operations::Operations::default();
    for (set, is_one) in SETS {
        let logs = logs(&corpus, set);
        assert!(!logs.is_empty(), "{set} has no files");
        let alone: Vec<Run> = logs.iter().map(|log| Run::of(core::slice::from_ref(log), &[])).collect();
        logs.iter().zip(&alone).for_each(|(log, run)| heard.take(log, run));
        let runs = if is_one { vec![Run::of(&logs, &[])] } else { alone };
        page.push_str(&events::set(set, &logs, &runs, &mut unexplained));
    }
    page.push_str(&heard.written(&mut unexplained));
    page.push_str(&peers::page(&corpus, &mut unexplained));
    assert!(unexplained.is_empty(), "nobody has explained:\n{}", unexplained.join("\n"));

    let ledger = fs::read_to_string(LEDGER).unwrap_or_default();
    let prose = ledger.split(START).next().unwrap_or_default();
    let written = format!("{prose}{page}");
    if std::env::var_os("UPDATE_LEDGER").is_some() {
        fs::write(LEDGER, written).unwrap();
    } else {
        assert_eq!(ledger, written, "docs/logs.md is not true any more: UPDATE_LEDGER=1 rewrites it");
    }
}

/// All files in one run, as somebody gives a folder: nothing panics, nothing is lost, and a second time changes nothing.
#[test]
fn all_real_logs_together_are_one_run() {
    let Some(corpus) = corpus() else { return };
    let logs: Vec<Log> = SETS.iter().flat_map(|(set, _)| logs(&corpus, set)).collect();
    let once = Run::of(&logs, &[]);
    let alone: u64 = logs.iter().map(|log| Run::of(core::slice::from_ref(log), &[]).records()).sum();
    assert_eq!(once.records(), alone, "records of all files together and one by one");
    let reversed: Vec<Log> = logs.iter().rev().cloned().collect();
    let other = Run::of(&reversed, &[]);
    assert_eq!(once.opened(), other.opened(), "openings of the files in another order");
    let doubled: Vec<Log> = logs.iter().chain(&logs).cloned().collect();
    assert_eq!(once.opened(), Run::of(&doubled, &[]).opened(), "openings of the files given twice");
}

fn corpus() -> Option<PathBuf> {
    let corpus = std::env::var_os("WIDEOPEN_CORPUS").map(PathBuf::from);
    if corpus.is_none() {
        eprintln!("WIDEOPEN_CORPUS is not set: no real log was heard");
    }
    corpus
}

/// All files of a set, sorted.
fn logs(corpus: &Path, set: &str) -> Vec<Log> {
    let mut files = Vec::new();
    collect(&corpus.join(set), &mut files);
    files.sort();
    let log = |path: PathBuf| {
        let inside = path.strip_prefix(corpus.join(set)).unwrap().to_string_lossy().into_owned();
        Log { name: short(&inside), bytes: fs::read(&path).unwrap() }
    };
    files.into_iter().map(log).collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { collect(&path, files) } else { files.push(path) }
    }
}

/// A path without its ending, and without what it has in common with the others of its set.
fn short(inside: &str) -> String {
    let path = inside.trim_end_matches(".json");
    let mut parts: Vec<&str> = path.rsplit('/').collect();
    // Of Panther the folder is the rule, and the file a number.
    let is_number = parts[0].bytes().all(|byte| byte.is_ascii_digit());
    parts.truncate(if is_number { 2 } else { 1 });
    parts.reverse();
    parts.join("/")
}

/// A cell of a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

/// The lines of a table of counts.
fn counts<'w>(page: &mut String, what: &str, counts: impl Iterator<Item = (&'w str, u64)>) {
    for (word, count) in counts {
        writeln!(page, "| {what} `{word}` | {count} |").unwrap();
    }
}
