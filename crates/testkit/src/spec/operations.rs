//! Which operations of a cloud's audit logs the pages tell of.
//!
//! An operation is told of where it goes through on a page that says what it did: one of which nothing is expected is not
//! told of. That it does nothing where it fails or is refused is no matter of pages: twins of their records show it.

use std::collections::BTreeSet;
use std::path::Path;

use cloud::Cloud;
use cloud::audit::{Event, Outcome};

use super::detected::is_log;
use super::page::{Case, Page, Question};
use super::pages;
use crate::replayed::events;

/// The operations that are understood and of which no page tells.
///
/// # Panics
/// When a page cannot be read.
#[must_use]
pub fn untold(folder: &Path, cloud: &'static Cloud) -> Vec<&'static str> {
    let mut told: BTreeSet<String> = BTreeSet::new();
    for path in pages(folder) {
        let text =
            std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let page = Page::read(&text);
        for case in &page.cases {
            let logs = page.documents(case).into_iter().filter(is_log);
            let events = logs.flat_map(|log| events(cloud, log.text.as_bytes()));
            let of_case = events.filter(|event| event.outcome == Outcome::Done && is_told(event, case));
            told.extend(of_case.map(|event| plain(&event.operation)));
        }
    }
    // An interface may stand in front: `beta.compute.firewalls.insert`.
    let is = |name: &str, operation: &str| {
        name.strip_suffix(operation).is_some_and(|front| front.is_empty() || front.ends_with('.'))
    };
    let is_untold = |operation: &&str| !told.iter().any(|name| is(name, &operation.to_lowercase()));
    (cloud.trail.operations)().into_iter().filter(is_untold).collect()
}

/// The name of an operation without the version of its interface: `google.container.v1.ClusterManager.UpdateCluster`.
fn plain(operation: &str) -> String {
    let is_version = |word: &&str| {
        let figures = word.strip_prefix('v').unwrap_or_default();
        figures.starts_with(|first: char| first.is_ascii_digit())
    };
    let lower = operation.to_lowercase();
    let words: Vec<&str> = lower.split('.').filter(|word| !is_version(word)).collect();
    words.join(".")
}

/// Whether a case says what an event did.
fn is_told(event: &Event, case: &Case) -> bool {
    let of_changes = case.expectations.iter().filter(|expected| expected.question == Question::Changes);
    let mut lines = of_changes.flat_map(|expected| &expected.lines);
    lines.any(|line| line.split(' ').any(|word| word == &*event.operation))
}
