//! Real entries of public collections, where they are on this machine: all are heard, and what each method bears on is told.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use cloud::audit::Bears;

use crate::bench::hear;

/// Files of a folder and below it.
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
fn every_entry_of_the_corpus_is_heard() {
    let Some(corpus) = std::env::var_os("WIDEOPEN_CORPUS") else { return };
    let mut found = Vec::new();
    files(&Path::new(&corpus).join("auditlogs"), &mut found);
    found.sort();
    assert!(!found.is_empty(), "WIDEOPEN_CORPUS names a folder without `auditlogs`");
    let (mut recognised, mut records) = (0_u64, 0_u64);
    let mut methods: BTreeMap<String, u64> = BTreeMap::new();
    for path in &found {
        let Ok(text) = std::fs::read_to_string(path) else { continue };
        let heard = hear(&text);
        let is_google = path.components().any(|part| part.as_os_str().to_string_lossy().contains("gcp"));
        assert!(heard.format.is_none() || is_google, "{}", path.display());
        recognised += u64::from(heard.format.is_some());
        records += heard.records;
        for event in heard.events {
            let bears = match event.bears {
                Bears::Edits(_) => "edits",
                Bears::Impairs(_) => "impairs",
                Bears::Announces(_) => "announces",
                Bears::NotModelled { .. } => "not modelled",
                Bears::Nothing => "nothing yet",
            };
            *methods.entry(format!("{} {bears} {:?}", event.operation, event.outcome)).or_default() += 1;
        }
        for gap in heard.gaps {
            *methods.entry(format!("gap {}", gap.code)).or_default() += 1;
        }
    }
    println!("{} files, {recognised} of Google with {records} records", found.len());
    for (method, count) in &methods {
        println!("{count} {method}");
    }
    assert!(
        recognised > 0
            && methods.keys().any(|method| method.starts_with("beta.compute.routers.insert edits"))
    );
}
