//! The estate of `examples/northwind-aws` as its export and as somebody would declare it in Terraform.

#![expect(clippy::unwrap_used, reason = "a test whose files are not there may stop")]

use std::fs;
use std::path::Path;

use testkit::estates::declared;

fn texts(folder: &str, ending: &str) -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut texts: Vec<(String, String)> = files
        .filter(|path| path.to_string_lossy().ends_with(ending))
        .map(|path| {
            (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read_to_string(&path).unwrap())
        })
        .collect();
    texts.sort();
    texts
}

/// Names are the same on both sides, so the map of names to ids is that of their tags and arguments. AWS makes the
/// interface of a database itself: nobody declares it, and the database is told.
#[test]
fn what_is_declared_is_reached_as_what_was_exported() {
    let exported = texts("../../examples/northwind-aws", ".json");
    let written = texts("tests/northwind", ".tf");
    let pairs = |texts: &[(String, String)]| {
        let found = declared(texts.iter().map(|(name, text)| (name.as_str(), text.as_str())));
        let lines = found.exposures.into_iter().filter(|line| !line.contains("RDSNetworkInterface"));
        (lines.collect::<Vec<_>>(), found.gaps)
    };
    let (expected, _) = pairs(&exported);
    let (found, gaps) = pairs(&written);
    assert!(expected.len() > 10, "{expected:#?}");
    let only = |one: &[String], other: &[String]| {
        one.iter().filter(|line| !other.contains(line)).map(|line| line.chars().take(160).collect()).collect()
    };
    let (lost, new): (Vec<String>, Vec<String>) = (only(&expected, &found), only(&found, &expected));
    assert!(lost.is_empty() && new.is_empty(), "lost {lost:#?} new {new:#?} gaps {gaps:#?}");
    assert!(gaps.iter().all(|gap| gap.starts_with("unresolved-prefix-list")), "{gaps:#?}");
}
