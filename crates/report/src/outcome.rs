//! What the binary hands over to a sink.
//!
//! Knows no format.

use std::collections::{BTreeMap, BTreeSet};

use check::{Finding, Severity};
use engine::{Exposure, Fingerprint};
use model::{Coverage, DocumentId, Gap, Provenance};

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
    /// The exposures by fingerprint; of equal ones the first.
    pub(crate) fn by_fingerprint(&self) -> BTreeMap<Fingerprint, &'a Exposure> {
        self.exposures.iter().rev().map(|exposure| (exposure.fingerprint, exposure)).collect()
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
    let admissions = exposures.iter().flat_map(|exposure| &exposure.opened_by);
    let rules = admissions.filter_map(|admission| admission.list.rules.get(admission.rule)?.provenance);
    let targets = findings.iter().flat_map(|finding| finding.targets.iter().take(TARGETS_PLACED_MAX));
    let targets = targets.filter_map(|target| target.provenance);
    let hops = exposures.iter().filter_map(way).flat_map(|path| &path.hops).filter_map(|hop| hop.provenance);
    let findings = findings.iter().filter_map(|finding| finding.provenance);
    let gaps = gaps.iter().filter_map(|gap| gap.provenance);
    rules.chain(findings).chain(targets).chain(hops).chain(gaps).collect()
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
