//! Which of a finding's exposures is told in full.
//!
//! Decides nothing about the finding: its message is written already, and this finds what the message speaks of.

use core::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use check::Finding;
use engine::{Admission, Exposure, Fingerprint, Witness};
use model::{Path, Provenance, Rule, RuleList};

/// The exposures of a finding.
pub(crate) struct Exposures<'a> {
    /// All of them, in the order the finding has them.
    pub(crate) all: Vec<&'a Exposure>,
    /// The one that is told in full.
    pub(crate) leading: Option<&'a Exposure>,
}

impl<'a> Exposures<'a> {
    pub(crate) fn of(finding: &Finding, exposures: &BTreeMap<Fingerprint, &'a Exposure>) -> Self {
        let all: Vec<_> = finding.exposures.iter().filter_map(|of| exposures.get(of).copied()).collect();
        // The message speaks of the exposure that the rule at the finding's place opened.
        let told_first = |exposure: &&Exposure| {
            let elsewhere = !opened_at(exposure, finding.provenance);
            let unproved = exposure.witness.is_none();
            let sources = &exposure.sources;
            let addresses = sources.ipv4.as_ref().map(|measure| measure.addresses);
            let size = Reverse((sources.grade(), addresses));
            // Of equal ones it is the one that the packet goes to.
            let unmet = !is_met(exposure, finding);
            (elsewhere, exposure.reach, exposure.certainty, unproved, size, unmet)
        };
        let leading = all.iter().copied().min_by_key(told_first);
        Self { all, leading }
    }
}

/// The way that the passages and the witness of an exposure are of.
pub(crate) fn way(exposure: &Exposure) -> Option<&Path> {
    exposure.target.paths.get(exposure.way)
}

/// The rule that lets a packet through each list of an exposure's way: of the given rules the one that is in the list,
/// since an exposure joins ports and its own witness may have met another, else the one its witness met.
pub(crate) fn passages<'a>(
    told: &'a [Admission],
    exposure: &'a Exposure,
) -> impl Iterator<Item = (&'a RuleList, Option<&'a Rule>)> {
    // An exposure without a witness has no passages, and its way has lists all the same.
    let lists = way(exposure).map(|path| path.filter.lists()).unwrap_or_default();
    // Its passages are the lists that are asked: one that always lets in may stand before others.
    let is_asked = |list: &&Arc<RuleList>| {
        let met = &exposure.passages;
        met.is_empty() || met.iter().any(|passage| passage.list.id == list.id)
    };
    lists.into_iter().filter(is_asked).map(|list| {
        let own = told.iter().find_map(|by| by.position_in(list));
        let met = || exposure.passages.iter().find(|passage| passage.list.id == list.id)?.rule;
        let rule = own.or_else(met).and_then(|position| list.rules.get(position));
        (list.as_ref(), rule)
    })
}

/// Whether the packet of a finding goes where that of an exposure does.
fn is_met(exposure: &Exposure, finding: &Finding) -> bool {
    let met = |witness: &Witness| (witness.packet.destination, witness.front.map(|front| front.ip()));
    exposure.witness.as_ref().map(met) == finding.witness.as_ref().map(met)
}

fn opened_at(exposure: &Exposure, provenance: Option<Provenance>) -> bool {
    let mut rules =
        exposure.opened_by.iter().filter_map(|admission| admission.list.rules.get(admission.rule));
    provenance.is_some() && rules.any(|rule| rule.provenance == provenance)
}
