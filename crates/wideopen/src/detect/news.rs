//! What has to be judged again when something new was heard: the targets that moved, and those that a finding tells of
//! together with them.
//!
//! Of a log with a hundred thousand changes hardly anything moves from one look to the next. What was judged of the others
//! stays as it was; all of it is judged once more at the end.

use std::collections::{BTreeMap, BTreeSet};

use check::Finding;
use engine::Contradiction;
use model::Name;
use replay::Replay;

use crate::configuration::Configuration;
use crate::documents::Documents;

use super::follow::marks;
use super::judgement::{Judgement, Targets, judge_replayed};

/// What was judged so far, as far as it says what has to be judged together.
#[derive(Default)]
pub(super) struct News {
    /// The targets of each finding, by its id.
    findings: BTreeMap<String, Targets>,
    /// Targets with something open that somebody expects: that ends with time alone.
    expected: Targets,
}

impl News {
    /// Replays what was heard, and judges what that may have changed. `told` are the marks of what was told before.
    pub(super) fn judge(
        &mut self,
        documents: &Documents,
        replays: &mut [Replay],
        configuration: &Configuration,
        told: &BTreeSet<String>,
    ) -> Result<Judgement, Contradiction> {
        let mut targets = std::mem::take(&mut self.expected);
        for replay in replays.iter_mut() {
            replay.advance()?;
            let cloud = replay.cloud().name;
            targets.extend(replay.take_moved().into_iter().map(|key| (cloud, key)));
        }
        loop {
            let judgement = judge_replayed(documents, replays, configuration, Some(&targets))?;
            let known = targets.len();
            targets.extend(judgement.findings.iter().flat_map(|finding| self.beside(finding)));
            let is_new = |(_, mark): &(&Finding, String)| !told.contains(mark);
            let new = judgement.findings.iter().zip(marks(&judgement)).filter(is_new);
            targets.extend(moved_with(new.map(|(finding, _)| finding), replays));
            if targets.len() == known {
                self.note(&judgement);
                return Ok(judgement);
            }
        }
    }

    /// The targets that a finding told of before.
    fn beside(&self, finding: &Finding) -> impl Iterator<Item = (&'static str, Name)> {
        self.findings.get(&finding.id).into_iter().flatten().cloned()
    }

    fn note(&mut self, judgement: &Judgement) {
        for finding in &judgement.findings {
            let own = finding.targets.iter().map(|target| (target.cloud, Name::clone(&target.key)));
            let targets: Targets = own.collect();
            if !targets.is_empty() {
                self.findings.insert(finding.id.clone(), targets);
            }
        }
        let expected =
            judgement.openings.iter().filter(|opening| opening.is_open() && opening.expected.is_some());
        let targets = expected.map(|opening| &opening.exposure.target);
        self.expected.extend(targets.map(|target| (target.cloud, Name::clone(&target.key))));
    }
}

/// The targets that the changes of findings moved: with a change all is told that it did.
fn moved_with<'f>(findings: impl Iterator<Item = &'f Finding>, replays: &[Replay]) -> Targets {
    let causes = findings.filter_map(|finding| finding.detected.as_ref());
    let events: BTreeSet<Name> =
        causes.flat_map(|detected| &detected.causes).map(|cause| Name::clone(&cause.event)).collect();
    let moved = |replay: &Replay| {
        let cloud = replay.cloud().name;
        replay.moved_by(&events).into_iter().map(move |key| (cloud, key))
    };
    replays.iter().flat_map(moved).collect()
}
