//! Real documents nobody here wrote: everything reads without a panic, and what was made of it can be looked at with
//! `WIDEOPEN_CORPUS=… cargo test -p azure --test corpus -- --nocapture`.

#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    reason = "a test reads files and says what it found"
)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use cloud::{Document, Inventory as _};
use model::{DocumentId, Thresholds};

#[test]
fn live_and_example_documents_read_without_a_panic() {
    let Ok(corpus) = std::env::var("WIDEOPEN_CORPUS") else {
        eprintln!("not run: WIDEOPEN_CORPUS does not name the corpus");
        return;
    };
    for set in ["live-json", "rest-examples"] {
        let mut formats: BTreeMap<&str, u64> = BTreeMap::new();
        let mut codes: BTreeMap<&str, u64> = BTreeMap::new();
        for path in files(&Path::new(&corpus).join("azure").join(set)) {
            let Ok(text) = std::fs::read_to_string(&path) else { continue };
            let mut inventory = azure::Inventory::new();
            let name = path.to_string_lossy();
            let reading = inventory.read(&Document { id: DocumentId(0), path: &name, text: &text });
            let snapshot = inventory.snapshot(Thresholds::STANDARD);
            *formats.entry(reading.format.unwrap_or("none")).or_default() += 1;
            let short: Vec<_> = path.iter().rev().take(2).map(|part| part.to_string_lossy()).collect();
            if reading.format.is_some() {
                println!(
                    "{set} {short:?} {:?} {} resources, {} targets, {:?}",
                    reading.format,
                    reading.resources,
                    snapshot.targets.len(),
                    snapshot.coverage.keys()
                );
            }
            for gap in reading.gaps.iter().chain(&snapshot.gaps) {
                *codes.entry(gap.code).or_default() += 1;
                println!("    {} {}: {}", gap.code, gap.effect.word(), gap.message);
            }
        }
        println!("{set}: {formats:?} {codes:?}");
    }
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
