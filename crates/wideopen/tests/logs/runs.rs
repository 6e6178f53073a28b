//! Logs in, what we say out.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use check::{Answers, Finding};
use cloud::audit::{Bears, Outcome};
use engine::{Certainty, Exposure, Fingerprint, Judged, Opening};
use model::{Gap, Name};
use replay::Told;
use testkit::replayed::{Listened, over};

/// A file of a set.
#[derive(Clone)]
pub(crate) struct Log {
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
}

/// Everything that is said of some logs replayed together.
pub(crate) struct Run {
    pub(crate) listened: Vec<Listened>,
    pub(crate) told: Vec<Told>,
    pub(crate) findings: Vec<Finding>,
    /// What was tried and failed: it changed nothing, and is told by nobody.
    pub(crate) failed: Vec<(String, String, String, String)>,
    /// Operations of all events, in small letters, phases without a body among them.
    pub(crate) operations: BTreeSet<String>,
    records: u64,
}

impl Run {
    /// Replays logs over a snapshot.
    pub(crate) fn of(logs: &[Log], snapshot: &[String]) -> Self {
        let documents: Vec<(&str, &str)> =
            snapshot.iter().map(|text| ("snapshot.json", text.as_str())).collect();
        let mut heard = over(&documents, None);
        assert!(heard.gaps.is_empty(), "the snapshot: {:?}", heard.gaps);
        let listened = (1000..).zip(logs).map(|(id, log)| heard.listen(id, &log.bytes)).collect();
        let told = heard.told();
        let mut answers = Answers::default();
        for told in &told {
            answers.ask_openings(&told.snapshot, &told.openings);
            answers.ask_changes(&told.judged, &told.attempts);
        }
        let mut failed = Vec::new();
        let mut operations = BTreeSet::new();
        for event in heard.replays.iter().flat_map(|replay| replay.history.events()) {
            operations.insert(event.operation.to_lowercase());
            if event.outcome == Outcome::Failed && !matches!(event.bears, Bears::Nothing) {
                let at = event.at.map_or_else(|| "-".to_owned(), |at| at.to_string());
                failed.push((
                    at,
                    event.operation.to_string(),
                    event.actor.name.to_string(),
                    event.edited.to_string(),
                ));
            }
        }
        let records = heard.replays.iter().map(|replay| replay.history.records()).sum();
        let findings = answers.findings(&BTreeMap::new());
        Self { listened, told, findings, failed, operations, records }
    }

    pub(crate) const fn records(&self) -> u64 {
        self.records
    }

    pub(crate) fn judged(&self) -> impl Iterator<Item = &Judged> {
        self.told.iter().flat_map(|told| &told.judged)
    }

    pub(crate) fn openings(&self) -> impl Iterator<Item = &Opening> {
        self.told.iter().flat_map(|told| &told.openings)
    }

    pub(crate) fn gaps(&self) -> impl Iterator<Item = &Gap> {
        self.told.iter().flat_map(|told| &told.gaps)
    }

    /// What was opened, and how it changed.
    pub(crate) fn opened(&self) -> BTreeSet<(Fingerprint, Vec<(Name, &'static str)>)> {
        let steps = |opening: &Opening| {
            opening.steps.iter().map(|step| (step.cause.event.clone(), step.effect.word())).collect()
        };
        self.openings().map(|opening| (opening.fingerprint, steps(opening))).collect()
    }

    /// What a change did to what is open: `opens security-group admitted tcp 22 from any`.
    pub(crate) fn effects(&self, judged: &Judged) -> String {
        let mut lines: BTreeMap<(bool, String), u64> = BTreeMap::new();
        for (fingerprint, effect) in &judged.effects {
            let opening = self.openings().find(|opening| opening.fingerprint == *fingerprint).unwrap();
            let is_other = *effect != judged.effect;
            let word = if is_other { format!("{} ", effect.word()) } else { String::new() };
            let line = format!("{word}{} {}", opening.exposure.target.kind, told(&opening.exposure));
            *lines.entry((is_other, line)).or_default() += 1;
        }
        let more = lines.len().saturating_sub(EFFECTS_MAX);
        let each = |((_, line), count)| if count == 1 { line } else { format!("{count} × {line}") };
        let mut words: Vec<String> = lines.into_iter().take(EFFECTS_MAX).map(each).collect();
        if more > 0 {
            words.push(format!("{more} more"));
        }
        words.join("; ")
    }
}

const EFFECTS_MAX: usize = 4;

/// `admitted tcp 22 from any`.
fn told(exposure: &Exposure) -> String {
    let others = exposure.protocols.count().saturating_sub(1);
    let mut line = exposure.reach.word().to_owned();
    if exposure.certainty == Certainty::Possible {
        line.push_str(" possibly");
    }
    match exposure.protocol {
        None => line.push_str(" everything"),
        Some(protocol) if others > 0 => write!(line, " {protocol} and {others} other protocols").unwrap(),
        Some(protocol) => write!(line, " {protocol}").unwrap(),
    }
    if !exposure.ports.is_empty() && !exposure.ports.is_everything() {
        write!(line, " {}", exposure.ports).unwrap();
    }
    write!(line, " from {}", exposure.sources.grade().word()).unwrap();
    line
}
