//! The worked cases of the semantics by id, and which specs name them.
//!
//! Only ids and what they need: the cases themselves are told in the specs.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::spec::{Page, pages};

/// What a worked case of Azure is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// Groups, interfaces, networks and public addresses.
    Groups,
    /// Load balancers, which are still to come.
    LoadBalancers,
    /// Security admin rules, which are still to come.
    AdminRules,
}

/// The worked cases of Azure, in the order of their numbers.
pub fn azure() -> impl Iterator<Item = (String, Needs)> {
    (1..=45).map(|number| {
        let needs = match number {
            37..=39 => Needs::LoadBalancers,
            40..=44 => Needs::AdminRules,
            _ => Needs::Groups,
        };
        (format!("S{number:03}"), needs)
    })
}

/// The statements of the semantics that every page together must show.
pub fn statements() -> impl Iterator<Item = String> {
    let azure = (1..=28).map(|number| format!("A{number}"));
    azure.chain(["AP1", "AP2", "AP12", "X1", "X2", "X3", "X4"].map(str::to_owned))
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
    matches!(letters, "S" | "A" | "AP" | "X" | "T" | "C" | "I") && letters.len() < word.len()
}
