//! The example of contoso, exported and as Terraform: the same is reached, and the same is told.

use std::fs;
use std::path::Path;

use testkit::estates::{Declared, declared};

/// The files below a folder of examples, by path, sorted.
fn files(folder: &str) -> Vec<(String, String)> {
    let mut files = Vec::new();
    add(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples").join(folder), &mut files);
    files.sort();
    files
}

fn add(folder: &Path, files: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            add(&path, files);
        } else {
            files.push((path.display().to_string(), fs::read_to_string(&path).unwrap()));
        }
    }
}

fn said(folder: &str) -> Declared {
    let files = files(folder);
    declared(files.iter().map(|(path, text)| (path.as_str(), text.as_str())))
}

#[test]
fn the_story_as_terraform_is_the_story() {
    let exported = said("contoso");
    let written = said("contoso-terraform");
    assert!(exported.exposures.len() > 10, "{:?}", exported.exposures);
    assert_eq!(written.exposures, exported.exposures);
    assert_eq!(written.gaps, exported.gaps);
}
