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
        #[expect(clippy::disallowed_methods, reason = "the corpus stands in files")]
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
    assert_eq!((recognised, records), (90, 90));
    let told: Vec<String> = methods.iter().map(|(method, count)| format!("{count} {method}")).collect();
    assert_eq!(told, TOLD);
}

/// What the methods of the corpus bear on, and what their entries lack: most are stubs without a request.
const TOLD: [&str; 11] = [
    "1 TagBindings.CreateTagBinding not modelled Done",
    "1 beta.compute.routers.insert edits Begun",
    "1 cloudsql.instances.update not modelled Done",
    "5 gap missing-field",
    "1 google.appengine.v1.Firewall.CreateIngressRule not modelled Done",
    "1 google.appengine.v1.Firewall.UpdateIngressRule not modelled Done",
    "1 google.logging.v2.ConfigServiceV2.DeleteBucket impairs Done",
    "1 google.logging.v2.ConfigServiceV2.DeleteSink impairs Done",
    "2 google.logging.v2.ConfigServiceV2.UpdateSink impairs Done",
    "1 v1.compute.firewalls.delete nothing yet Done",
    "1 v1.compute.firewalls.insert not modelled Done",
];
