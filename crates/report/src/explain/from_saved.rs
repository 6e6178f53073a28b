//! An explanation from a saved result: the same parts, without the rules, which a result does not hold.

use super::history::{History, Told};
use super::saved::{self, Saved, Where};
use super::{Explanation, OTHERS_MAX, Other, Sought, ladder};

impl Explanation {
    /// Explains something of a saved result, with what it holds.
    #[must_use]
    pub fn of_saved(saved: &Saved, sought: Sought) -> Self {
        let of_finding = |finding: &saved::Finding| {
            let own = |exposure: &&saved::Exposure| finding.exposures.contains(&exposure.fingerprint);
            saved.all().filter(own).collect::<Vec<_>>()
        };
        let (finding, all) = match sought {
            Sought::Finding(place) => {
                let finding = saved.findings.get(place);
                (finding, finding.map(of_finding).unwrap_or_default())
            }
            Sought::Exposure(place) => {
                let exposure = saved.all().nth(place);
                let rests = |finding: &&saved::Finding| {
                    exposure.is_some_and(|exposure| finding.exposures.contains(&exposure.fingerprint))
                };
                (saved.findings.iter().find(rests), exposure.into_iter().collect())
            }
        };
        let leading = leading_of_saved(finding, &all);
        let exposure = leading.cloned();
        let own = finding.map(|finding| finding.opened_by.as_slice()).unwrap_or_default();
        let admissions = own.iter().chain(exposure.iter().flat_map(|exposure| &exposure.opened_by));
        let anchors: Vec<Where> = admissions.filter_map(|by| by.provenance.clone()).collect();
        let mut explanation =
            Self::bare(finding.cloned(), exposure, Some(saved.run.clone()), saved.gaps.clone(), &anchors);
        let others: Vec<_> = all
            .into_iter()
            .filter(|other| leading.is_none_or(|own| own.fingerprint != other.fingerprint))
            .collect();
        explanation.others_more = others.len().saturating_sub(OTHERS_MAX) as u64;
        explanation.others = others.into_iter().take(OTHERS_MAX).map(Other::of).collect();
        let way = explanation.exposure.as_ref().map(|exposure| ladder::of_saved(exposure, own));
        explanation.way = way.unwrap_or_default();
        let opening = explanation.exposure.as_ref().and_then(|own| {
            saved.openings.iter().find(|opening| opening.exposure.fingerprint == own.fingerprint)
        });
        let last = saved.run.log.as_ref().and_then(|log| log.last.as_deref());
        let told = Told { opening, finding, changes: &saved.changes, last };
        explanation.history = History::of(&told);
        explanation.finish(None, None, None)
    }
}

/// The exposure that the message of a saved finding speaks of: its witness is the finding's, else the first it is on.
fn leading_of_saved<'a>(
    finding: Option<&saved::Finding>,
    exposures: &[&'a saved::Exposure],
) -> Option<&'a saved::Exposure> {
    let opener = finding.and_then(|finding| finding.opened_by.last());
    let same = |exposure: &&&saved::Exposure| {
        let rule =
            |by: &saved::OpenedBy| opener.is_some_and(|own| own.rule == by.rule && own.filter == by.filter);
        exposure.opened_by.iter().any(rule)
    };
    let order = |exposure: &&&saved::Exposure| {
        let reach =
            ["exposed", "via-proxy", "one-way", "admitted"].iter().position(|word| **word == exposure.reach);
        (
            !same(exposure),
            reach.unwrap_or(usize::MAX),
            exposure.certainty != "proved",
            exposure.witness.is_none(),
        )
    };
    exposures.iter().min_by_key(order).copied()
}
