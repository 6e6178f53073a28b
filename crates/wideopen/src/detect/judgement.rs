//! From replays to findings: what the logs did, of all clouds.

use std::collections::{BTreeMap, BTreeSet};

use check::{Answers, Finding};
use engine::{Contradiction, Judged, Opening};
use model::{Coverage, Gap, Name, Snapshot};
use replay::{Expectations, Replay, Told};
use report::Log;

use crate::configuration::Configuration;
use crate::documents::Documents;
use crate::selection::Known;

/// Everything that was found, of all clouds.
pub(crate) struct Judgement {
    pub(crate) openings: Vec<Opening>,
    pub(crate) changes: Vec<Judged>,
    pub(crate) findings: Vec<Finding>,
    pub(crate) gaps: Vec<Gap>,
    pub(crate) coverage: BTreeMap<&'static str, Coverage>,
    pub(crate) missing: Vec<String>,
    pub(crate) known: Known,
    pub(crate) log: Log,
    /// The clouds as the last event left them.
    pub(crate) snapshots: Vec<Snapshot>,
}

/// Targets, by their cloud and key.
pub(crate) type Targets = BTreeSet<(&'static str, Name)>;

/// Replays what was heard, and judges it.
pub(crate) fn judge(
    documents: &Documents,
    replays: &mut [Replay],
    configuration: &Configuration,
) -> Result<Judgement, Contradiction> {
    replays.iter_mut().try_for_each(Replay::advance)?;
    judge_replayed(documents, replays, configuration, None)
}

/// Judges what was replayed: all of it, or what it says of some targets.
pub(crate) fn judge_replayed(
    documents: &Documents,
    replays: &mut [Replay],
    configuration: &Configuration,
    targets: Option<&Targets>,
) -> Result<Judgement, Contradiction> {
    let mut judgement = Judgement {
        openings: Vec::new(),
        changes: Vec::new(),
        findings: Vec::new(),
        gaps: documents.gaps.clone(),
        coverage: BTreeMap::new(),
        missing: Vec::new(),
        known: Known::default(),
        log: Log::default(),
        snapshots: Vec::new(),
    };
    let expectations = Expectations(configuration.expected.clone());
    let mut answers = Answers::default();
    for replay in replays {
        let cloud = replay.cloud().name;
        let own = |(of, key): &(&'static str, Name)| (*of == cloud).then(|| Name::clone(key));
        let told = match targets {
            Some(targets) => replay.told_of(&targets.iter().filter_map(own).collect(), &expectations)?,
            None => replay.told(&expectations)?,
        };
        judgement.take(replay, told, documents.has_snapshot(), &mut answers);
    }
    let strange = documents.files_without_records();
    if strange > 0 && !judgement.missing.is_empty() && !documents.has_snapshot() {
        judgement.missing.push(format!(
            "{strange} of the JSON files given as logs hold no record: if they are exports, give them with --snapshot"
        ));
    }
    judgement.findings = answers.findings(&configuration.severities);
    judgement.changes.sort_by(|one, other| one.cause.cmp(&other.cause));
    let place = |gap: &Gap| (gap.document, gap.provenance, gap.code);
    judgement.gaps.sort_by(|one, other| place(one).cmp(&place(other)));
    judgement.gaps.dedup();
    Ok(judgement)
}

impl Judgement {
    fn take(&mut self, replay: &Replay, told: Told, over: bool, answers: &mut Answers) {
        let is_silent = told.judged.is_empty() && replay.history.records() == 0;
        answers.ask_openings(&told.snapshot, &told.openings);
        answers.ask_changes(&told.judged, &told.attempts);
        self.gaps.extend(told.gaps);
        self.known.note(&told.snapshot);
        for opening in &told.openings {
            self.known.note_target(&opening.exposure.target);
        }
        if over {
            for (kind, covered) in &told.snapshot.coverage {
                let sum = self.coverage.entry(kind).or_default();
                sum.assessed += covered.assessed;
                sum.not_assessed += covered.not_assessed;
            }
            self.missing.extend(told.snapshot.missing.iter().cloned());
        } else if !is_silent {
            self.missing.push(format!(
                "no snapshot of {}: what was there before is not known, openings are partial; give it with --snapshot",
                replay.cloud().name
            ));
        }
        self.openings.extend(told.openings);
        self.changes.extend(told.judged);
        self.snapshots.push(told.snapshot);
        self.log.records += replay.history.records();
        let (first, last) = replay.history.times().unzip();
        self.log.first = self.log.first.into_iter().chain(first).min();
        self.log.last = self.log.last.max(last);
    }
}
