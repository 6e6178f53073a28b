//! Records that nobody here wrote: all are heard without a panic, and what they come to can be looked at with
//! `WIDEOPEN_CORPUS=… cargo test -p azure trail::corpus -- --nocapture`.

#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    reason = "a test reads files and says what it found"
)]

use std::path::{Path, PathBuf};

use super::{hear, lines};

#[test]
fn real_records_are_heard_without_a_panic() {
    let Ok(corpus) = std::env::var("WIDEOPEN_CORPUS") else {
        eprintln!("not run: WIDEOPEN_CORPUS does not name the corpus");
        return;
    };
    let mut heard_of = 0;
    for set in ["auditlogs", "azure/live-json"] {
        for path in files(&Path::new(&corpus).join(set)) {
            let Ok(text) = std::fs::read_to_string(&path) else { continue };
            for (number, element) in elements(&text).into_iter().enumerate() {
                let heard = hear(&element);
                heard_of += heard.records;
                if !heard.events.is_empty() {
                    println!("{} {number}: {:?}", path.display(), lines(&heard.events));
                }
            }
        }
    }
    println!("{heard_of} records");
    assert!(heard_of > 0, "the corpus has records of the log");
}

/// A whole document, and each of its lines and members, as they may be offered.
fn elements(text: &str) -> Vec<String> {
    let mut found = vec![text.to_owned()];
    if let Ok(value) = serde_json::from_str::<serde_json::Value>(text) {
        found.extend(value.as_array().into_iter().flatten().map(ToString::to_string));
    } else {
        found.extend(text.lines().map(str::to_owned));
    }
    found
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    found
}
