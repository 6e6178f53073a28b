//! The worked cases of the semantics by id, and which specs name them.
//!
//! Only ids and what they need: the cases themselves are told in the specs.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::spec::{Page, pages};

/// The worked cases of Azure, in the order of their numbers.
pub fn azure() -> impl Iterator<Item = String> {
    (1..=45).map(|number| format!("S{number:03}"))
}

/// Those of AWS.
pub fn aws() -> impl Iterator<Item = String> {
    (47..=65).chain([79]).map(|number| format!("S{number:03}"))
}

/// Those of Google Cloud.
pub fn gcp() -> impl Iterator<Item = String> {
    (66..=78).map(|number| format!("S{number:03}"))
}

/// The statements of the semantics that every page together must show: groups, paths, admin rules, services.
pub fn statements() -> impl Iterator<Item = String> {
    let azure = [("A", 1..=28), ("AP", 1..=13), ("AA", 0..=6), ("P", 1..=10), ("X", 1..=4)];
    let aws = [("W", 1..=26), ("P", 20..=23)];
    let gcp = [("G", 1..=21), ("P", 30..=32)];
    let series = azure.into_iter().chain(aws).chain(gcp);
    series.flat_map(|(letters, numbers)| numbers.map(move |number| format!("{letters}{number}")))
}

/// The ids that the prose below a folder names: a letter or two and a number, as a word of its own.
///
/// # Panics
/// When a page cannot be read.
#[must_use]
pub fn named(folder: &Path) -> BTreeSet<String> {
    let mut named = BTreeSet::new();
    for path in pages(folder) {
        let page = Page::read(&fs::read_to_string(path).unwrap());
        let words = page.prose.split(|letter: char| !letter.is_ascii_alphanumeric());
        named.extend(words.filter(|word| is_id(word)).map(str::to_owned));
    }
    named
}

fn is_id(word: &str) -> bool {
    let letters = word.trim_end_matches(|letter: char| letter.is_ascii_digit());
    matches!(letters, "S" | "A" | "AP" | "AA" | "W" | "G" | "P" | "X" | "T" | "C" | "I")
        && letters.len() < word.len()
}
