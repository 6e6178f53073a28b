//! Real templates are read to their end, and everything of the network in them is assessed or told.
#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_macros,
    reason = "a test reads files and says what it found"
)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use aws::CLOUD;
use cloud::{Document, Inventory as _};
use model::{DocumentId, Thresholds};

/// Runs where `WIDEOPEN_CORPUS` names a folder of real files.
#[test]
fn templates_of_the_corpus_are_read() {
    let Some(corpus) = std::env::var_os("WIDEOPEN_CORPUS") else {
        eprintln!("not run: WIDEOPEN_CORPUS does not name the corpus");
        return;
    };
    let mut paths = Vec::new();
    walk(&Path::new(&corpus).join("peer-tests"), &mut paths);
    let (mut templates, mut resources, mut codes) = (0, 0, BTreeMap::<_, u64>::new());
    for path in paths {
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        let name = path.display().to_string();
        let document = Document { id: DocumentId(0), path: &name, text: &text };
        if !(CLOUD.waits)(&document) {
            assert!(!text.contains("\nResources:\n"), "{name} looks like a template");
            continue;
        }
        let mut inventory = aws::Inventory::new();
        let readings = inventory.read_together(&[document]);
        assert_eq!(readings[0].format, Some("aws/cloudformation"), "{name}");
        templates += 1;
        resources += readings[0].resources;
        let snapshot = inventory.snapshot(Thresholds::STANDARD);
        let gaps = readings[0].gaps.iter().chain(&snapshot.gaps);
        for gap in gaps {
            *codes.entry(gap.code).or_default() += 1;
        }
        let groups = text.matches("AWS::EC2::SecurityGroup\"").count()
            + text.matches("AWS::EC2::SecurityGroup\n").count();
        assert!(
            groups == 0
                || readings[0].resources > 0
                || !readings[0].gaps.is_empty()
                || text.contains("Condition"),
            "{name}: its {groups} groups are neither read nor told"
        );
    }
    assert!(templates > 40, "{templates} templates");
    println!("{templates} templates, {resources} resources of the network, gaps {codes:?}");
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            walk(&path, found);
        } else if path
            .extension()
            .is_some_and(|own| ["json", "yaml", "yml", "template"].iter().any(|one| own == *one))
        {
            found.push(path);
        }
    }
}
