//! The edges between rooms, held by `cargo metadata`.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a broken fixture is a failed test")]

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

/// Who may know whom. Anything else is upside down.
const EDGES: [(&str, &[&str]); 14] = [
    ("packet", &[]),
    ("model", &["packet"]),
    ("engine", &["model", "packet"]),
    ("cloud", &["engine", "model", "packet"]),
    ("terraform", &["cloud", "model"]),
    ("replay", &["cloud", "engine", "model", "packet"]),
    ("azure", &["cloud", "engine", "model", "packet"]),
    ("aws", &["cloud", "engine", "model", "packet"]),
    ("gcp", &["cloud", "engine", "model", "packet"]),
    ("check", &["engine", "model", "packet"]),
    ("report", &["check", "engine", "model", "packet"]),
    ("read", &[]),
    (
        "wideopen",
        &[
            "aws",
            "azure",
            "check",
            "cloud",
            "engine",
            "gcp",
            "model",
            "packet",
            "read",
            "replay",
            "report",
            "terraform",
        ],
    ),
    (
        "testkit",
        &[
            "aws",
            "azure",
            "check",
            "cloud",
            "engine",
            "gcp",
            "model",
            "packet",
            "read",
            "replay",
            "terraform",
        ],
    ),
];

fn metadata() -> Value {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The rooms each room knows, outside of its tests.
fn edges(metadata: &Value) -> BTreeMap<String, BTreeSet<String>> {
    let packages = metadata["packages"].as_array().unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let known = |package: &Value| {
        let dependencies = package["dependencies"].as_array().unwrap().iter();
        let own = dependencies.filter(|one| one["kind"].as_str() != Some("dev") && one["path"].is_string());
        own.map(|one| text(&one["name"])).collect()
    };
    packages.iter().map(|package| (text(&package["name"]), known(package))).collect()
}

#[test]
fn every_room_knows_only_whom_it_may() {
    let found = edges(&metadata());
    let allowed: BTreeMap<&str, &[&str]> = EDGES.into_iter().collect();
    assert_eq!(found.keys().map(String::as_str).collect::<BTreeSet<_>>(), allowed.keys().copied().collect());
    for (room, known) in found {
        for other in known {
            assert!(allowed[room.as_str()].contains(&other.as_str()), "`{room}` must not know `{other}`");
        }
    }
}

#[test]
fn development_tools_stay_out_of_the_product() {
    let found = edges(&metadata());
    let knowing: Vec<&String> =
        found.iter().filter(|(_, known)| known.contains("testkit")).map(|(room, _)| room).collect();
    assert!(knowing.is_empty(), "testkit is a development dependency only, but {knowing:?} have it");
}
