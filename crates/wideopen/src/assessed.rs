//! From inventories to findings: what every verb that decides an estate asks first.
//!
//! Knows no option of any verb: what is shown of it is theirs.

use std::collections::BTreeMap;

use check::{Answers, Facts, Finding};
use engine::{Assessor, Contradiction, Exposure, IdleRule, idle_rules};
use model::{Coverage, Effect, Gap, Snapshot, Target};

use crate::configuration::Configuration;
use crate::documents::Documents;
use crate::progress::Progress;
use crate::selection::Known;

/// Everything that was found, of all clouds.
pub(crate) struct Assessed {
    pub(crate) exposures: Vec<Exposure>,
    pub(crate) findings: Vec<Finding>,
    pub(crate) gaps: Vec<Gap>,
    pub(crate) coverage: BTreeMap<&'static str, Coverage>,
    pub(crate) missing: Vec<String>,
    pub(crate) known: Known,
}

/// Decides everything that was read. What is left of each snapshot is handed to `keep`.
pub(crate) fn assess(
    documents: &mut Documents,
    configuration: &Configuration,
    progress: &Progress,
    keep: &mut dyn FnMut(Snapshot),
) -> Result<Assessed, Contradiction> {
    let mut assessed = Assessed {
        exposures: Vec::new(),
        findings: Vec::new(),
        gaps: documents.gaps.clone(),
        coverage: BTreeMap::new(),
        missing: Vec::new(),
        known: Known::default(),
    };
    let mut answers = Answers::default();
    for snapshot in documents.take_snapshots(configuration.thresholds) {
        let exposures = exposures(&snapshot, progress, &mut assessed.gaps)?;
        let idle: Vec<IdleRule> = snapshot.lists.iter().flat_map(idle_rules).collect();
        answers.ask(&Facts { snapshot: &snapshot, exposures: &exposures, idle: &idle });
        extend(&mut assessed.exposures, exposures);
        assessed.known.note(&snapshot);
        keep(assessed.take(snapshot));
    }
    assessed.findings = answers.findings(&configuration.severities);
    assessed.note_nothing_assessed();
    assessed.gaps.sort_by(|a, b| (a.document, a.provenance, a.code).cmp(&(b.document, b.provenance, b.code)));
    assessed.gaps.dedup();
    Ok(assessed)
}

/// Millions of answers of the first cloud are moved, not copied.
fn extend<T>(all: &mut Vec<T>, more: Vec<T>) {
    if all.is_empty() { *all = more } else { all.extend(more) }
}

fn exposures(
    snapshot: &Snapshot,
    progress: &Progress,
    gaps: &mut Vec<Gap>,
) -> Result<Vec<Exposure>, Contradiction> {
    let mut assessor = Assessor::new(snapshot);
    let mut found = Vec::new();
    for (done, target) in snapshot.targets.iter().enumerate() {
        if done % 1024 == 0 {
            progress.deciding(done, snapshot.targets.len());
            make_room(&mut found, done, snapshot.targets.len());
        }
        assessor.assess(target, &mut |exposure, _| found.push(exposure))?;
        if assessor.took_bounds() {
            gaps.push(too_many_destinations(target));
        }
    }
    Ok(found)
}

/// Room for what is to come, by what came: a list that grows by copies takes the memory of large answers twice.
fn make_room(found: &mut Vec<Exposure>, done: usize, all: usize) {
    let each = found.len().div_ceil(done.max(1));
    let soon = found.len().saturating_add(each.saturating_mul(2 * 1024));
    if done > 0 && soon > found.capacity() {
        found.reserve_exact(each.saturating_mul(all.saturating_sub(done)));
    }
}

fn too_many_destinations(target: &Target) -> Gap {
    Gap {
        document: target.provenance.map(|place| place.document),
        provenance: target.provenance,
        code: "too-many-destinations",
        effect: Effect::Undecided,
        message: format!(
            "`{}`: its rules tell too many destinations apart to decide each: give the interfaces, or fewer prefixes",
            target.name
        ),
    }
}

impl Assessed {
    /// Takes what a snapshot says of the run, and gives back the rest.
    fn take(&mut self, mut snapshot: Snapshot) -> Snapshot {
        self.gaps.append(&mut snapshot.gaps);
        self.missing.append(&mut snapshot.missing);
        for (kind, covered) in core::mem::take(&mut snapshot.coverage) {
            let sum = self.coverage.entry(kind).or_default();
            sum.assessed += covered.assessed;
            sum.not_assessed += covered.not_assessed;
        }
        snapshot
    }

    /// Where all of the input is of no use without something else, silence would look like nothing being open.
    fn note_nothing_assessed(&mut self) {
        let nothing = self.gaps.is_empty() && self.coverage.values().all(|covered| covered.assessed == 0);
        if nothing && self.coverage.values().any(|covered| covered.not_assessed > 0) {
            self.gaps.push(Gap {
                document: None,
                provenance: None,
                code: "nothing-assessed",
                effect: Effect::Skipped,
                message: "none of the resources in the input could be assessed: add what they refer to"
                    .to_owned(),
            });
        }
    }
}
