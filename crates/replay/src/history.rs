//! The events of one cloud that matter, each once, by time.
//!
//! What it holds is a set: the order in which events came, and how often, changes nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use cloud::Quoted;
use cloud::audit::{Bears, Element, Event, Heard, Trail};
use model::{Effect, Gap, Moment, Name, Provenance};

/// The events of one cloud.
#[derive(Debug, Default)]
pub struct History {
    /// Events by their ids; several of one id say different things.
    events: BTreeMap<Name, Vec<Event>>,
    /// The lines that events stand on.
    lines: BTreeMap<Provenance, u64>,
    gaps: Vec<Gap>,
    records: u64,
    times: Option<(Moment, Moment)>,
    /// How often something came that may say other of what was known.
    revision: u64,
    joined: BTreeSet<Name>,
}

/// Earlier and later times are nobody's: no cloud kept logs then, and none will be read.
const TIMES: (Moment, Moment) = (Moment(1_136_073_600_000), Moment(4_102_444_800_000));

impl History {
    /// Takes in what was heard of an element that begins on a line. Says whether anything of it is new.
    pub fn take(&mut self, heard: Heard, element: &Element<'_>, line: u64) -> bool {
        self.records += heard.records;
        let line = |place: Provenance| line + lines_before(element, place);
        self.lines.extend(heard.gaps.iter().filter_map(|gap| gap.provenance).map(|place| (place, line(place))));
        self.gaps.extend(heard.gaps);
        let mut is_new = false;
        for event in heard.events {
            let line = line(event.place);
            is_new |= self.put(event, line);
        }
        is_new
    }

    /// Takes in one event; says whether it is new.
    fn put(&mut self, mut event: Event, line: u64) -> bool {
        if matches!(event.bears, Bears::Nothing) && event.joined_by.is_none() {
            return false;
        }
        event.at = event.at.filter(|at| (TIMES.0..TIMES.1).contains(at));
        if let Some(at) = event.at {
            let (first, last) = self.times.unwrap_or((at, at));
            self.times = Some((first.min(at), last.max(at)));
        } else {
            self.gaps.push(timeless(&event));
        }
        let known = self.events.entry(Arc::clone(&event.id)).or_default();
        if known.iter().any(|one| says_the_same(one, &event)) {
            return false;
        }
        if let Some(first) = known.first() {
            let other = first.place != event.place;
            self.gaps.extend(other.then(|| told_twice(&event)));
        }
        let is_joined = event.joined_by.as_ref().is_some_and(|with| !self.joined.insert(Arc::clone(with)));
        self.revision += u64::from(is_joined || !known.is_empty());
        self.lines.insert(event.place, line);
        known.push(event);
        // Which came first says nothing.
        known.sort_by_cached_key(|event| format!("{:?}", (&event.bears, event.outcome, &event.actor)));
        true
    }

    /// The changes: events that belong together are joined; sorted by time and id. Those without a time come last, at the
    /// time of the last event.
    #[must_use]
    pub fn changes(&self, trail: &Trail) -> Vec<Event> {
        let mut changes = Vec::with_capacity(self.events.len());
        let mut joined: BTreeMap<&Name, Vec<Event>> = BTreeMap::new();
        for event in self.events.values().flatten() {
            match &event.joined_by {
                Some(with) => joined.entry(with).or_default().push(event.clone()),
                None => changes.push(event.clone()),
            }
        }
        for (_, mut events) in joined {
            events.sort_by(|one, other| (one.at, &one.id).cmp(&(other.at, &other.id)));
            changes.extend((trail.join)(events));
        }
        let read: BTreeSet<Name> = changes.iter().filter_map(read_elsewhere).cloned().collect();
        changes.retain(|change| match &change.bears {
            Bears::Nothing => false,
            // A write to a place counts where something reads it.
            Bears::Impairs(impairment) if impairment.reads.as_ref() == Some(&change.edited) => {
                read.contains(&change.edited)
            }
            Bears::Edits(_) | Bears::Impairs(_) | Bears::Announces(_) | Bears::NotModelled { .. } => true,
        });
        changes.sort_by(|one, other| {
            let key = |event: &Event| (event.at.is_none(), event.at);
            key(one).cmp(&key(other)).then_with(|| one.id.cmp(&other.id))
        });
        changes
    }

    pub(crate) const fn revision(&self) -> u64 {
        self.revision
    }

    /// How many records were heard, those that bear on nothing included.
    #[must_use]
    pub const fn records(&self) -> u64 {
        self.records
    }

    /// The times of the first and the last event.
    #[must_use]
    pub const fn times(&self) -> Option<(Moment, Moment)> {
        self.times
    }

    /// What was not understood.
    #[must_use]
    pub fn gaps(&self) -> &[Gap] {
        &self.gaps
    }

    /// The lines that events stand on.
    #[must_use]
    pub const fn lines(&self) -> &BTreeMap<Provenance, u64> {
        &self.lines
    }

    /// All events, as they are kept.
    pub fn events(&self) -> impl Iterator<Item = &Event> {
        self.events.values().flatten()
    }

    /// Takes in what an earlier run kept: events with their lines, and how many records it heard.
    pub fn resume(&mut self, events: impl IntoIterator<Item = (u64, Event)>, records: u64) {
        self.records += records;
        for (line, event) in events {
            self.put(event, line);
        }
    }
}

/// The place that what an event is about is read from, where that is another one.
fn read_elsewhere(event: &Event) -> Option<&Name> {
    match &event.bears {
        Bears::Impairs(impairment) => impairment.reads.as_ref().filter(|place| **place != event.edited),
        Bears::Edits(_) | Bears::Announces(_) | Bears::NotModelled { .. } | Bears::Nothing => None,
    }
}

/// How many lines of an element end before a place in it.
fn lines_before(element: &Element<'_>, place: Provenance) -> u64 {
    let inside = place.offset.checked_sub(element.at.offset).filter(|_| place.document == element.at.document);
    let before = inside.and_then(|inside| element.text.as_bytes().get(..usize::try_from(inside).ok()?));
    before.map_or(0, |before| before.iter().filter(|byte| **byte == b'\n').count() as u64)
}

fn says_the_same(one: &Event, other: &Event) -> bool {
    one.at == other.at
        && one.bears == other.bears
        && one.outcome == other.outcome
        && one.actor == other.actor
        && one.edited == other.edited
        && one.operation == other.operation
}

fn told_twice(event: &Event) -> Gap {
    let message = format!(
        "event {} is told twice and not the same, expected one record of each event: both are judged",
        Quoted(&event.id)
    );
    Gap::at(event.place, "event-told-twice", Effect::Undecided, message)
}

fn timeless(event: &Event) -> Gap {
    let message = format!(
        "{} has no time that can be, expected one of this century: it is judged as the last of the log",
        Quoted(&event.operation)
    );
    Gap::at(event.place, "event-without-time", Effect::Undecided, message)
}
