//! Findings about changes themselves: what was done to those who watch, what was refused, what is not understood.
//!
//! Knows no opening, and no check by name.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use engine::{Expected, Exposure, Judged};
use model::{Name, Watch, Weakened};

use crate::finding::Found;
use crate::{Check, Detected, Finding, Severity, Subject, lasted, message};

/// What changes that were refused would have opened, by their event.
pub type Attempts = BTreeMap<Name, Vec<Exposure>>;

/// What the checks of changes may look at.
pub(crate) struct Changes<'a> {
    /// All changes of a run, or of one cloud of it.
    pub(crate) judged: &'a [Judged],
    /// What those that were refused would have opened.
    pub(crate) attempts: &'a Attempts,
}

/// Changes that are told as one.
pub(crate) struct Group<'a> {
    /// In order of time, never empty.
    pub(crate) changes: Vec<&'a Judged>,
}

/// Changes by a key of theirs, and by who expected them: in the order of the key.
pub(crate) fn grouped<'a, K: Ord>(
    changes: impl Iterator<Item = &'a Judged>,
    key: impl Fn(&'a Judged) -> K,
) -> Vec<Group<'a>> {
    let mut groups: BTreeMap<(K, Option<&Expected>), Vec<&Judged>> = BTreeMap::new();
    for change in changes {
        groups.entry((key(change), change.expected.as_ref())).or_default().push(change);
    }
    let ordered = groups.into_values().map(|mut changes| {
        changes.sort_by(|a, b| a.cause.cmp(&b.cause));
        changes.dedup_by(|a, b| a.cause == b.cause);
        Group { changes }
    });
    ordered.collect()
}

impl<'a> Group<'a> {
    fn first(&self) -> Option<&'a Judged> {
        self.changes.first().copied()
    }

    /// Their operations, each with how often: `DeleteDetector`, `2 x StopLogging`.
    pub(crate) fn operations(&self) -> String {
        let mut times: Vec<(&str, usize)> = Vec::new();
        for change in &self.changes {
            let operation = operation(&change.cause.operation);
            match times.iter_mut().find(|(known, _)| *known == operation) {
                Some((_, number)) => *number += 1,
                None => times.push((operation, 1)),
            }
        }
        let named = times.into_iter().map(|(operation, number)| match number {
            1 => format!("`{operation}`"),
            number => format!("{number} x `{operation}`"),
        });
        message::abridged(&named.collect::<Vec<_>>(), ", ", 0)
    }

    /// Who did it: `by alice@contoso.example`, `by 2 actors, alice@contoso.example first`.
    pub(crate) fn actors(&self) -> String {
        let actors: BTreeSet<&Name> = self.changes.iter().map(|change| &change.cause.actor).collect();
        let first = self.first().map(|change| &*change.cause.actor).unwrap_or_default();
        match actors.len() {
            0 | 1 => format!("by `{first}`"),
            number => format!("by {number} actors, `{first}` first"),
        }
    }

    /// What is to be said beside, each sentence once.
    pub(crate) fn notes(&self) -> String {
        let mut notes: Vec<String> = Vec::new();
        for note in self.changes.iter().filter_map(|change| change.note.as_ref()) {
            if !note.is_empty() && !notes.contains(note) {
                notes.push(note.clone());
            }
        }
        if notes.is_empty() { String::new() } else { format!("; {}", message::abridged(&notes, "; ", 0)) }
    }

    /// The finding that says a message of them. Its id is given later, when all are known.
    pub(crate) fn finding(
        &self,
        check: &'static Check,
        about: About,
        severity: Severity,
        message: String,
    ) -> Option<Found> {
        let first = self.first()?;
        let expected = first.expected.clone();
        let apart = expected.as_ref().map(|expected| format!("{}\0{}", expected.owner, expected.reason));
        // An actor may be one of two clouds.
        let apart = format!("{}\0{}", first.cloud, apart.unwrap_or_default());
        let finding = Finding {
            id: String::new(),
            check,
            severity,
            cloud: first.cloud,
            subject: about.subject,
            scope: about.scope,
            protocol: None,
            packets: BTreeMap::new(),
            grades: BTreeMap::new(),
            exposures: Vec::new(),
            targets: Vec::new(),
            opened_by: Vec::new(),
            witness: None,
            message,
            provenance: first.cause.provenance,
            detected: Some(Detected {
                causes: self.changes.iter().map(|change| Arc::clone(&change.cause)).collect(),
                leading: None,
                accepted: expected,
            }),
        };
        Some(Found { finding, rule: None, apart: Some(apart), leading: None })
    }
}

/// What a finding about changes is about.
pub(crate) struct About {
    pub(crate) subject: Subject,
    pub(crate) scope: Option<Name>,
}

/// One finding for each resource that was weakened, of those that are there for one thing.
pub(crate) fn weakened(changes: &Changes<'_>, check: &'static Check, watch: Watch) -> Vec<Found> {
    let is_own = |change: &&Judged| matches!(change.weakened(), Some((own, _)) if own == watch);
    let mut by_resource: BTreeMap<_, Vec<&Judged>> = BTreeMap::new();
    for change in changes.judged.iter().filter(is_own) {
        by_resource.entry(resource(change)).or_default().push(change);
    }
    let harms = |change: &&Judged| how(change) != Weakened::Restored;
    let told = by_resource.into_values().flat_map(|all| {
        let harmful = all.iter().copied().filter(harms);
        let groups = grouped(harmful, |_| ());
        let found = groups.into_iter().filter_map(|group| of_resource(&group, &all, (check, watch)));
        found.collect::<Vec<_>>()
    });
    told.collect()
}

/// What was done to who watches; what was done to nobody who does harms nobody.
fn how(change: &Judged) -> Weakened {
    change.weakened().map_or(Weakened::Restored, |(_, weakened)| weakened)
}

fn resource(change: &Judged) -> (&'static str, Option<&Name>, &Name) {
    (change.cloud, change.scope.as_ref(), &change.cause.edited)
}

/// What was done to one resource, and whether it was made whole again.
fn of_resource(group: &Group<'_>, all: &[&Judged], (check, watch): (&'static Check, Watch)) -> Option<Found> {
    let (first, last) = (group.first()?, group.changes.last()?);
    let worst = group.changes.iter().max_by_key(|change| harm(how(change)))?;
    let is_cure = |change: &&&Judged| how(change) == Weakened::Restored && change.cause > last.cause;
    let cure = all.iter().filter(is_cure).min_by(|a, b| a.cause.cmp(&b.cause));
    let (severity, done) = match how(worst) {
        Weakened::Off => (Severity::High, "turned off or deleted"),
        Weakened::Less => (Severity::Medium, "sees or stops less than before"),
        Weakened::Perhaps | Weakened::Restored => (Severity::Low, "perhaps weaker than before"),
    };
    let cure = cure.map(|cure| {
        let is_same = group.changes.iter().all(|change| change.cause.actor == cure.cause.actor);
        let by = if is_same { "the same".to_owned() } else { format!("`{}`", cure.cause.actor) };
        format!(", restored after {} by {by}", lasted(first.cause.at, cure.cause.at))
    });
    let (kind, name) = (&worst.kind, &first.cause.edited);
    let (operations, actors, notes) = (group.operations(), group.actors(), group.notes());
    let message = format!(
        "{kind} `{}` {done}: {operations} {actors}{}{notes}",
        name_of(name),
        cure.unwrap_or_default()
    );
    let kind = match watch {
        Watch::Log => "log",
        Watch::Guard => "watcher",
    };
    let subject = Subject { id: Arc::clone(name), kind, name: name_of(name).into() };
    group.finding(check, About { subject, scope: first.scope.clone() }, severity, message)
}

const fn harm(weakened: Weakened) -> u8 {
    match weakened {
        Weakened::Off => 3,
        Weakened::Less => 2,
        Weakened::Perhaps => 1,
        Weakened::Restored => 0,
    }
}

/// What of an operation's name tells it apart: `securityRules/write` of a name with its provider before it.
#[must_use]
pub fn operation(name: &str) -> &str {
    let mut slashes = name.rmatch_indices('/').map(|(place, _)| place);
    let second = slashes.nth(1).filter(|_| !name.contains(' '));
    second.and_then(|place| name.get(place + 1..)).unwrap_or(name)
}

/// The last part of an id, which is mostly what somebody chose.
pub(crate) fn name_of(id: &str) -> &str {
    let last = id.trim_end_matches('/').rsplit('/').next().unwrap_or(id);
    if last.starts_with("arn:") { last.rsplit(':').next().unwrap_or(last) } else { last }
}
