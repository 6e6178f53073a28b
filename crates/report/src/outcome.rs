//! What the binary hands over to a sink.
//!
//! Knows no format.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use check::{Finding, Severity};
use engine::{Cause, Exposure, Fingerprint, Judged, Opening};
use model::{Coverage, DocumentId, Gap, Moment, Provenance};

use crate::leading::way;

/// What every result speaks of, and what it does not.
pub const SCOPE: &str = "inbound from the Internet; not egress, not between machines, not from on-premises";

/// Everything a sink may show, in the order it is to be shown.
#[derive(Clone, Copy, Debug)]
pub struct Outcome<'a> {
    /// The run itself.
    pub run: Run<'a>,
    /// What the Internet reaches.
    pub exposures: &'a [Exposure],
    /// What is worth telling, filtered and sorted.
    pub findings: &'a [Finding],
    /// What was not understood.
    pub gaps: &'a [Gap],
    /// How much of every kind of resource was assessed.
    pub coverage: &'a BTreeMap<&'static str, Coverage>,
    /// What the input has nothing of, each with the command that would export it.
    pub missing: &'a [String],
    /// Where the facts were read.
    pub places: &'a Places,
    /// How many findings the user's filters keep out of `findings`.
    pub hidden: u64,
    /// The subscriptions, accounts and projects that the run is about, whether something was found there or not.
    pub scopes: &'a BTreeSet<String>,
    /// What a log was judged to have done; `None` where there was none. With it the exposures are those of the openings.
    pub detected: Option<Detected<'a>>,
}

/// What a log was judged to have done.
#[derive(Clone, Copy, Debug)]
pub struct Detected<'a> {
    /// What was open, with its time.
    pub openings: &'a [Opening],
    /// Every change that bears on what is open, or on who watches, in order of time.
    pub changes: &'a [Judged],
    /// The log itself.
    pub log: Log,
    /// Whether that is not all that it did: only what was asked for, a time, an actor, a target.
    pub is_part: bool,
}

/// How much of a log was read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Log {
    /// How many records, those that bear on nothing included.
    pub records: u64,
    /// When it begins; `None` where no record says a time.
    pub first: Option<Moment>,
    /// When it ends.
    pub last: Option<Moment>,
}

/// What was run, on what.
#[derive(Clone, Copy, Debug)]
pub struct Run<'a> {
    /// Whether everything in the input was understood.
    pub complete: bool,
    /// The version of the tool.
    pub version: &'a str,
    /// What was read, in the order it was read.
    pub inputs: &'a [Input],
    /// The catalogues that were used, with their date or version.
    pub catalogues: &'a BTreeMap<&'a str, String>,
    /// The inputs as the user typed them, for the command that explains a finding; `None` shows no such command.
    pub typed: Option<&'a [String]>,
    /// The lowest severity that makes a run fail; `None` when no finding does.
    pub threshold: Option<Severity>,
    /// How the run ends.
    pub exit: Option<u8>,
    /// When it was run, for formats that have to say a time where nothing else has one.
    pub at: Option<Moment>,
}

/// One document that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// Its path, `-` for the standard input.
    pub path: String,
    /// The name of its format; `None` when it was not recognised.
    pub format: Option<&'static str>,
    /// The SHA-256 of its bytes.
    pub sha256: [u8; 32],
    /// How many resources it states.
    pub resources: u64,
}

/// A place in a document, as people and editors name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The path of the document.
    pub path: String,
    /// The line, from 1.
    pub line: u64,
    /// The JSON pointer of the value.
    pub pointer: String,
}

/// The places of a result's facts, found before it is rendered: see [`provenances`].
#[derive(Clone, Debug, Default)]
pub struct Places {
    /// The place of each provenance.
    pub resolved: BTreeMap<Provenance, Place>,
    /// The path of each document.
    pub paths: BTreeMap<DocumentId, String>,
}

impl Input {
    /// Its SHA-256, as people compare it.
    pub(crate) fn digest(&self) -> String {
        self.sha256.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

impl<'a> Outcome<'a> {
    /// All exposures, those of openings among them.
    pub(crate) fn exposures(&self) -> impl DoubleEndedIterator<Item = &'a Exposure> {
        let openings = self.detected.map(|detected| detected.openings).unwrap_or_default();
        self.exposures.iter().chain(openings.iter().map(|opening| &opening.exposure))
    }

    /// The exposures by fingerprint; of equal ones the first.
    pub(crate) fn by_fingerprint(&self) -> BTreeMap<Fingerprint, &'a Exposure> {
        self.exposures().rev().map(|exposure| (exposure.fingerprint, exposure)).collect()
    }
}

impl Places {
    /// `path:line`; the path alone when the line is not known, nothing when neither is.
    pub(crate) fn text(
        &self,
        document: Option<DocumentId>,
        provenance: Option<Provenance>,
    ) -> Option<String> {
        match provenance.and_then(|provenance| self.resolved.get(&provenance)) {
            Some(place) => Some(format!("{}:{}", place.path, place.line)),
            None => self.path(document, provenance).map(str::to_owned),
        }
    }

    /// The path of the document that a fact is about.
    pub(crate) fn path(&self, document: Option<DocumentId>, provenance: Option<Provenance>) -> Option<&str> {
        let document = document.or(provenance.map(|provenance| provenance.document))?;
        self.paths.get(&document).map(String::as_str)
    }
}

/// Every provenance that a sink asks [`Places`] for, ascending: by document, then by offset.
#[must_use]
pub fn provenances(exposures: &[Exposure], findings: &[Finding], gaps: &[Gap]) -> BTreeSet<Provenance> {
    let targets = findings.iter().flat_map(|finding| finding.targets.iter().take(TARGETS_PLACED_MAX));
    let targets = targets.filter_map(|target| target.provenance);
    let findings = findings.iter().filter_map(|finding| finding.provenance);
    let gaps = gaps.iter().filter_map(|gap| gap.provenance);
    of_exposures(exposures.iter()).chain(findings).chain(targets).chain(gaps).collect()
}

/// The same of openings and changes.
#[must_use]
pub fn detected_provenances(detected: &Detected<'_>) -> BTreeSet<Provenance> {
    let openings = detected.openings;
    let steps = openings.iter().flat_map(|opening| &opening.steps).map(|step| &step.cause);
    let ends = openings.iter().flat_map(|opening| [&opening.opened, &opening.closed]).flatten();
    let causes = steps.chain(ends).chain(detected.changes.iter().map(|change| &change.cause));
    let events = causes.filter_map(|cause: &Arc<Cause>| cause.provenance);
    of_exposures(openings.iter().map(|opening| &opening.exposure)).chain(events).collect()
}

/// The rules and hops of exposures.
fn of_exposures<'a>(
    exposures: impl Iterator<Item = &'a Exposure> + Clone,
) -> impl Iterator<Item = Provenance> {
    let admissions = exposures.clone().flat_map(|exposure| &exposure.opened_by);
    let rules = admissions.filter_map(|admission| admission.list.rules.get(admission.rule)?.provenance);
    let hops = exposures.filter_map(way).flat_map(|path| &path.hops).filter_map(|hop| hop.provenance);
    rules.chain(hops)
}

/// Of how many targets of a finding the place is told.
pub(crate) const TARGETS_PLACED_MAX: usize = 20;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{RULE_AT, estate};

    #[test]
    fn every_place_that_is_shown_is_asked_for() {
        let estate = estate();
        let asked = provenances(&estate.exposures, &estate.findings, &estate.gaps);
        assert!(asked.contains(&RULE_AT));
        assert_eq!(asked, estate.places.resolved.keys().copied().collect());
    }

    #[test]
    fn a_place_without_a_line_is_its_path() {
        let estate = estate();
        let text = |document, provenance| estate.places.text(document, provenance);
        assert_eq!(text(None, Some(RULE_AT)).as_deref(), Some("nsgs.json:14"));
        let elsewhere = Provenance { offset: 1, ..RULE_AT };
        assert_eq!(text(None, Some(elsewhere)).as_deref(), Some("nsgs.json"));
        assert_eq!(text(Some(DocumentId(9)), None), None);
        assert_eq!(text(None, None), None);
    }
}
