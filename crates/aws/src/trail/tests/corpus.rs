//! Every audit log of the corpus is heard without a panic (set `WIDEOPEN_CORPUS` to where it lies).

#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    reason = "the corpus lies outside, and its counts are printed"
)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::heard;

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            files(&path, found);
        } else {
            found.push(path);
        }
    }
}

#[test]
fn all_logs_of_the_corpus_are_heard() {
    let Some(corpus) = std::env::var_os("WIDEOPEN_CORPUS") else { return };
    let mut found = Vec::new();
    files(&Path::new(&corpus).join("auditlogs"), &mut found);
    found.sort();
    let (mut records, mut formats, mut counts, mut gaps) =
        (0, BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    for path in &found {
        let Ok(text) = std::fs::read_to_string(path) else { continue };
        let lines: Vec<&str> = if serde_json::from_str::<serde::de::IgnoredAny>(&text).is_ok() {
            vec![&text]
        } else {
            text.lines().collect()
        };
        for line in lines {
            let heard = heard(line);
            records += heard.records;
            *formats.entry(heard.format.unwrap_or("none")).or_insert(0) += 1;
            for event in heard.events {
                assert!(!event.id.is_empty(), "{}", path.display());
                *counts.entry(format!("{} {:?}", event.operation, event.outcome)).or_insert(0) += 1;
            }
            for gap in heard.gaps {
                *gaps.entry(format!("{}: {} ({})", gap.code, gap.message, path.display())).or_insert(0) += 1;
            }
        }
    }
    println!("{} files, {records} records\n{formats:#?}\n{counts:#?}\n{gaps:#?}", found.len());
}
