//! What `wideopen test` prints: one packet, and what every layer on its way says.
//!
//! Decides nothing: the answer is the engine's.

mod json;
mod table;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::io;

use engine::{Answer, Attempt, Reason, Sent, Verdict};
use model::{Path, Provenance, Reach, Target};

use crate::{Places, Style};

pub use json::{TEST_SCHEMA, TEST_SCHEMA_NAME};

/// A packet that was tried, and all that is told of it.
pub struct Tried<'a> {
    /// The packet.
    pub sent: &'a Sent,
    /// Where it was sent, as the user typed it.
    pub to: &'a str,
    /// Whether its source counts as Internet.
    pub is_internet: bool,
    /// What becomes of it.
    pub answer: &'a Answer<'a>,
    /// How many things in the input were not understood.
    pub gaps: u64,
    /// What was not read and may hold a way in, each in a sentence; empty where the answer does not wait for it.
    pub unread: &'a [String],
    /// What the input has nothing of, each with the command that would export it.
    pub missing: &'a [String],
    /// The places of the rules: see [`rules_at`].
    pub places: &'a Places,
}

/// A way to write it.
pub struct TestFormat {
    /// Its name on the command line.
    pub name: &'static str,
    /// Writes it. Formats for programs look at no style.
    pub write: fn(&Tried<'_>, &Style, &mut dyn io::Write) -> io::Result<()>,
}

/// Every format, in the order help lists them.
pub static TEST_FORMATS: &[TestFormat] =
    &[TestFormat { name: "table", write: table::write }, TestFormat { name: "json", write: json::write }];

/// Every provenance that [`Tried::places`] is asked for.
#[must_use]
pub fn rules_at(answer: &Answer<'_>) -> BTreeSet<Provenance> {
    let layers = answer.attempts.iter().take(WAYS_MAX).flat_map(|(_, attempt)| &attempt.trace.layers);
    let rules = layers.flat_map(|layer| layer.rules.iter().filter_map(|rule| layer.list.rules.get(*rule)));
    rules.filter_map(|rule| rule.provenance).collect()
}

/// Ways that are told; the rest is counted.
const WAYS_MAX: usize = 16;

fn path<'a>(target: &'a Target, attempt: &Attempt) -> Option<&'a Path> {
    target.paths.get(attempt.way)
}

/// One sentence for people: why the answer is what it is.
fn why(tried: &Tried<'_>) -> String {
    let answer = tried.answer;
    let best = answer.attempts.first();
    let reach = best.and_then(|(target, attempt)| path(target, attempt)).map(|path| path.reach);
    match (answer.reason, answer.verdict, reach) {
        (Reason::Filters, Verdict::Allow, Some(Reach::OneWay)) => {
            "it arrives; the reply does not leave".to_owned()
        }
        (Reason::Filters, Verdict::Allow, Some(Reach::ViaProxy)) => {
            "a proxy takes it; the target's own filter sees the address of the proxy".to_owned()
        }
        (Reason::Filters, Verdict::Allow, _) => "every filter on the way lets it in".to_owned(),
        (Reason::Filters, ..) => match best.and_then(|(_, attempt)| closing(attempt)) {
            Some(closed_by) => format!("kept out by {closed_by}"),
            None => "kept out whatever the rules say".to_owned(),
        },
        (Reason::Unknowns, ..) => "it rests on what was not understood in the input".to_owned(),
        (Reason::PathUnknown, ..) => {
            "the filters let it in; whether a path leads there is not in the input".to_owned()
        }
        (Reason::Inside, ..) => {
            "no way from outside lets it in; from inside the network, gateways, routes and the lists of subnets may \
             not stand in its way"
                .to_owned()
        }
        (Reason::Unread, ..) => {
            let known = match best {
                Some((_, attempt)) if reach != Some(Reach::Latent) => closing(attempt)
                    .map_or_else(|| "kept out".to_owned(), |closed_by| format!("kept out by {closed_by}")),
                Some(_) | None => "no path".to_owned(),
            };
            format!("{known}, as far as the input was read; what was not may hold another way in")
        }
        (Reason::NoPath, ..) if best.is_some_and(|(_, attempt)| attempt.trace.verdict != Verdict::Deny) => {
            "no path: its filters would let it in, but it is not attached, has no public address, or no gateway"
                .to_owned()
        }
        (Reason::NoPath, ..) => "no path: it is not attached, has no public address, or no gateway".to_owned(),
        (Reason::NotCarried, ..) => "no way that leads there carries such packets to that port".to_owned(),
        (Reason::NoFamily, ..) => "no way that leads there is of the family of the source".to_owned(),
        (Reason::NoProtocol, ..) => {
            format!("the cloud carries no {} from the Internet", tried.sent.protocol)
        }
    }
}

/// The first layer that denies, with its rule.
fn closing(attempt: &Attempt) -> Option<String> {
    let denies = |layer: &&engine::Layer| layer.is_reached && layer.verdict == Some(model::Action::Deny);
    let layer = attempt.trace.layers.iter().find(denies)?;
    let rule = layer.rules.last().and_then(|rule| layer.list.rules.get(*rule));
    Some(match rule {
        Some(rule) => format!("{} / {}", layer.list.name, rule.name),
        None => format!("{}: no rule of it matches", layer.list.name),
    })
}
