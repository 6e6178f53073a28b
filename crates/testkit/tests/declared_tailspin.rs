//! The organisation of `examples/tailspin-gcp`, declared in Terraform: reached as its exports say.

#![allow(clippy::expect_used, reason = "a broken fixture is a failed test")]

use std::fs;
use std::path::Path;

use testkit::estates::declared;

#[test]
fn tailspin_declared_is_reached_as_tailspin_exported() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let exported = files(&root.join("../../examples/tailspin-gcp"), &["json", "ndjson"]);
    let configured = files(&root.join("tests/tailspin"), &["tf"]);
    let exported = declared(exported.iter().map(|(path, text)| (path.as_str(), text.as_str())));
    let found = declared(configured.iter().map(|(path, text)| (path.as_str(), text.as_str())));
    assert!(exported.exposures.len() >= 20, "{}", exported.exposures.len());
    assert!(exported.exposures == found.exposures, "{}", exported.unlike(&found));
}

/// The files of a folder with these extensions, by name.
fn files(folder: &Path, extensions: &[&str]) -> Vec<(String, String)> {
    let entries = fs::read_dir(folder).expect("the folder is there").flatten();
    let mut files: Vec<(String, String)> = entries
        .filter(|entry| {
            extensions.iter().any(|extension| entry.path().extension().is_some_and(|own| own == *extension))
        })
        .map(|entry| {
            let text = fs::read_to_string(entry.path()).expect("the file is text");
            (entry.file_name().to_string_lossy().into_owned(), text)
        })
        .collect();
    files.sort();
    files
}
