//! The story of contoso, exported and declared: what is about to be is reached as what is.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a broken fixture is a failed test")]

use std::fs;
use std::path::{Path, PathBuf};

use testkit::estates::declared;

/// Folders of examples that declare what `contoso` exports, and the files of the export that stand beside them: what a
/// network manager has committed is no resource of a template.
const DECLARATIONS: [(&str, &[&str]); 2] =
    [("contoso-bicep", &["contoso/effective-admin-rules.json"]), ("contoso-terraform", &[])];

#[test]
fn what_is_declared_is_reached_as_what_is_exported() {
    let expected = declared(borrowed(&files("contoso")));
    assert!(expected.exposures.len() > 10, "{expected:?}");
    for (folder, beside) in DECLARATIONS {
        let mut files = files(folder);
        files.extend(beside.iter().map(|path| ((*path).to_owned(), text(&examples().join(path)))));
        let found = declared(borrowed(&files));
        assert_eq!(found.exposures, expected.exposures, "{folder}: {:#?}", found.gaps);
    }
}

fn examples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples")
}

fn text(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The files of an example with their paths, in the order of these.
fn files(folder: &str) -> Vec<(String, String)> {
    let mut files = Vec::new();
    collect(&examples().join(folder), folder, &mut files);
    files.sort();
    files
}

fn collect(folder: &Path, path: &str, files: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap().path();
        let name = entry.file_name().unwrap().to_string_lossy().into_owned();
        let path = format!("{path}/{name}");
        if entry.is_dir() {
            collect(&entry, &path, files);
        } else if !name.ends_with(".md") {
            files.push((path, text(&entry)));
        }
    }
}

fn borrowed(files: &[(String, String)]) -> impl Iterator<Item = (&str, &str)> {
    files.iter().map(|(path, text)| (path.as_str(), text.as_str()))
}
