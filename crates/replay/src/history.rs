//! The events of one cloud that matter, each once, by time.
//!
//! What it holds is a set: the order in which events came, and how often, changes nothing.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use cloud::Quoted;
use cloud::audit::{Act, Bears, Element, Event, Heard, Leg, Trail};
use model::{DocumentId, Effect, Gap, Moment, Name, Provenance};

/// The events of one cloud.
#[derive(Debug, Default)]
pub struct History {
    /// Events by their ids.
    events: BTreeMap<Name, Kept>,
    /// The lines that events stand on.
    lines: BTreeMap<Provenance, u64>,
    gaps: Vec<Gap>,
    /// How many records were heard in each document.
    records: BTreeMap<DocumentId, u64>,
    writes: Writes,
    times: Option<(Moment, Moment)>,
    /// How often something came that may say other of what was known.
    revision: u64,
    joined: BTreeSet<Name>,
    fresh: Fresh,
    names: Names,
}

/// Names that many events say, each kept once: people, programs, operations, resources.
#[derive(Debug, Default)]
struct Names(BTreeSet<Name>);

/// What came since somebody asked for it.
#[derive(Debug, Default)]
struct Fresh {
    events: Vec<Arc<Event>>,
    /// Whether something came that may make others count, or counts where others say so.
    is_bound: bool,
}

/// What is kept of an id.
#[derive(Debug)]
enum Kept {
    One(Arc<Event>),
    /// Several that say different things, by all that they say: which came first says nothing.
    Several(BTreeMap<String, Arc<Event>>),
}

impl Kept {
    fn iter(&self) -> impl Iterator<Item = &Arc<Event>> {
        let (one, several) = match self {
            Self::One(event) => (Some(event), None),
            Self::Several(events) => (None, Some(events.values())),
        };
        one.into_iter().chain(several.into_iter().flatten())
    }

    /// Takes in one more, if it is none of them.
    fn put(&mut self, event: Arc<Event>) -> bool {
        match self {
            Self::One(known) if says_the_same(known, &event) => false,
            Self::One(known) => {
                let both = [Arc::clone(known), event].map(|event| (said(&event), event));
                *self = Self::Several(both.into());
                true
            }
            Self::Several(events) => match events.entry(said(&event)) {
                Entry::Occupied(_) => false,
                Entry::Vacant(free) => {
                    free.insert(event);
                    true
                }
            },
        }
    }
}

/// Writes to places that something may read: anybody who writes objects writes these lines of a log, and of millions hardly
/// one matters.
#[derive(Debug, Default)]
struct Writes {
    /// How many are kept of which nobody is known to read the place.
    kept: usize,
    /// The places that something in the log reads.
    read: BTreeSet<Name>,
    /// Whether some are kept no more.
    are_forgotten: bool,
}

/// So many writes are kept that nothing is known to read.
const WRITES_MAX: usize = 20_000;

/// Earlier and later times are nobody's: no cloud kept logs then, and none will be read.
const TIMES: (Moment, Moment) = (Moment(1_136_073_600_000), Moment(4_102_444_800_000));

impl History {
    /// Takes in what was heard of an element that begins on a line. Says whether anything of it is new.
    pub fn take(&mut self, heard: Heard, element: &Element<'_>, line: u64) -> bool {
        *self.records.entry(element.at.document).or_default() += heard.records;
        let line = |place: Provenance| line + lines_before(element, place);
        self.lines
            .extend(heard.gaps.iter().filter_map(|gap| gap.provenance).map(|place| (place, line(place))));
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
        let (place, joined_by) = (event.place, event.joined_by.clone());
        self.names.share_all(&mut event);
        let event = Arc::new(event);
        let gap = match self.events.entry(Arc::clone(&event.id)) {
            Entry::Vacant(free) => {
                self.writes.note(&event, &mut self.gaps);
                self.fresh.note(&event);
                free.insert(Kept::One(event));
                None
            }
            Entry::Occupied(mut known) => {
                let is_elsewhere = known.get().iter().next().is_some_and(|first| first.place != place);
                let gap = is_elsewhere.then(|| told_twice(&event));
                if !known.get_mut().put(event) {
                    return false;
                }
                self.revision += 1;
                gap
            }
        };
        self.gaps.extend(gap);
        let is_joined = joined_by.is_some_and(|with| !self.joined.insert(with));
        self.revision += u64::from(is_joined);
        self.lines.insert(place, line);
        self.forget_writes();
        true
    }

    /// Forgets writes to places that nothing is known to read, where there are too many of them.
    fn forget_writes(&mut self) {
        if self.writes.kept <= WRITES_MAX {
            return;
        }
        let Writes { read, kept, are_forgotten } = &mut self.writes;
        let lines = &mut self.lines;
        self.events.retain(|_, known| match known {
            Kept::One(event) if is_write(event) && !read.contains(&event.edited) => {
                lines.remove(&event.place);
                false
            }
            Kept::One(_) | Kept::Several(_) => true,
        });
        (*kept, *are_forgotten) = (0, true);
    }

    /// The changes: events that belong together are joined; sorted by time and id. Those without a time come last, at the
    /// time of the last event.
    #[must_use]
    pub(crate) fn changes(&self, trail: &Trail) -> Vec<Arc<Event>> {
        let mut changes = joined(self.events.values().flat_map(Kept::iter), trail);
        let read: BTreeSet<Name> =
            changes.iter().filter_map(|change| read_elsewhere(change)).cloned().collect();
        changes.retain(|change| match &change.bears {
            Bears::Nothing => false,
            // A write to a place counts where something reads it.
            Bears::Impairs(_) if is_write(change) => read.contains(&change.edited),
            Bears::Edits(_) | Bears::Impairs(_) | Bears::Announces(_) | Bears::NotModelled { .. } => true,
        });
        sort(&mut changes);
        changes
    }

    /// The changes that came since this was asked last, in order; `None` where they are more than what is to be added to
    /// the changes of then.
    pub(crate) fn take_fresh(&mut self, trail: &Trail) -> Option<Vec<Arc<Event>>> {
        let Fresh { events, is_bound } = core::mem::take(&mut self.fresh);
        if is_bound {
            return None;
        }
        let mut changes = joined(&events, trail);
        changes.retain(|change| change.bears != Bears::Nothing);
        sort(&mut changes);
        Some(changes)
    }

    pub(crate) const fn revision(&self) -> u64 {
        self.revision
    }

    /// How many records were heard, those that bear on nothing included.
    #[must_use]
    pub fn records(&self) -> u64 {
        self.records.values().sum()
    }

    /// How many records were heard in each document.
    #[must_use]
    pub const fn records_of_documents(&self) -> &BTreeMap<DocumentId, u64> {
        &self.records
    }

    /// A document is read from its beginning: what an earlier run heard of it is heard again, and counted once.
    pub fn hear_anew(&mut self, document: DocumentId) {
        self.records.remove(&document);
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
        self.events.values().flat_map(Kept::iter).map(|event| &**event)
    }

    /// Whether writes were forgotten, because there were too many of them that nothing was known to read.
    #[must_use]
    pub const fn has_forgotten(&self) -> bool {
        self.writes.are_forgotten
    }

    /// Takes in what an earlier run kept: events with their lines, how many records it heard of each document, and whether it
    /// had forgotten writes.
    pub fn resume(
        &mut self,
        events: impl IntoIterator<Item = (u64, Event)>,
        records: impl IntoIterator<Item = (DocumentId, u64)>,
        has_forgotten: bool,
    ) {
        for (document, records) in records {
            *self.records.entry(document).or_default() += records;
        }
        for (line, event) in events {
            self.put(event, line);
        }
        self.writes.are_forgotten |= has_forgotten;
    }
}

impl Names {
    fn share_all(&mut self, event: &mut Event) {
        let Event { scope, actor, operation, edited, bears, .. } = event;
        let said = [&mut actor.name, operation, edited].into_iter();
        said.chain([scope, &mut actor.address, &mut actor.client].into_iter().flatten())
            .for_each(|name| self.share(name));
        if let Bears::Edits(edits) = bears {
            edits.shrink_to_fit();
            for edit in edits {
                edit.shrink();
                names_of(&mut edit.act).into_iter().for_each(|name| self.share(name));
                let said = [&mut edit.kind, &mut edit.id].into_iter();
                said.chain([&mut edit.scope, &mut edit.region].into_iter().flatten())
                    .for_each(|name| self.share(name));
            }
        }
    }

    fn share(&mut self, name: &mut Name) {
        match self.0.get(name) {
            Some(known) => *name = Arc::clone(known),
            None => {
                self.0.insert(Arc::clone(name));
            }
        }
    }
}

/// The names of keys that an act says.
fn names_of(act: &mut Act) -> Vec<&mut Name> {
    let (spot, by) = match act {
        Act::Put(_) | Act::Merge(_) | Act::Drop => return Vec::new(),
        Act::Set { at, .. } => (at, None),
        Act::Insert { into, by, .. } => (into, Some(by)),
        Act::Remove { from, .. } => (from, None),
    };
    let legs = spot.0.iter_mut().map(|leg| match leg {
        Leg::Key(key) | Leg::Item { key, .. } => key,
    });
    legs.chain(by.into_iter().flatten()).collect()
}

impl Fresh {
    fn note(&mut self, event: &Arc<Event>) {
        match is_write(event) || read_elsewhere(event).is_some() {
            true => self.is_bound = true,
            false => self.events.push(Arc::clone(event)),
        }
    }
}

/// Events as changes: those that belong together are one.
fn joined<'e>(events: impl IntoIterator<Item = &'e Arc<Event>>, trail: &Trail) -> Vec<Arc<Event>> {
    let mut changes = Vec::new();
    let mut joined: BTreeMap<&Name, Vec<Event>> = BTreeMap::new();
    for event in events {
        match &event.joined_by {
            Some(with) => joined.entry(with).or_default().push(Event::clone(event)),
            None => changes.push(Arc::clone(event)),
        }
    }
    for (_, mut events) in joined {
        events.sort_by(|one, other| (one.at, &one.id).cmp(&(other.at, &other.id)));
        changes.extend((trail.join)(events).into_iter().map(Arc::new));
    }
    changes
}

/// By time and id; those without a time are the last.
fn sort(changes: &mut [Arc<Event>]) {
    changes.sort_by(|one, other| {
        let key = |event: &Event| (event.at.is_none(), event.at);
        key(one).cmp(&key(other)).then_with(|| one.id.cmp(&other.id))
    });
}

impl Writes {
    /// Notes what an event that is new writes or reads.
    fn note(&mut self, event: &Event, gaps: &mut Vec<Gap>) {
        if is_write(event) {
            self.kept += usize::from(!self.read.contains(&event.edited));
        } else if let Some(place) = read_elsewhere(event) {
            let is_new = self.read.insert(Arc::clone(place));
            gaps.extend((is_new && self.are_forgotten).then(|| forgotten(event, place)));
        }
    }
}

/// Whether an event is a write to a place that something may read.
fn is_write(event: &Event) -> bool {
    matches!(&event.bears, Bears::Impairs(impairment) if impairment.reads.as_ref() == Some(&event.edited))
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
    let inside =
        place.offset.checked_sub(element.at.offset).filter(|_| place.document == element.at.document);
    let before = inside.and_then(|inside| element.text.as_bytes().get(..usize::try_from(inside).ok()?));
    before.map_or(0, |before| before.iter().filter(|byte| **byte == b'\n').count() as u64)
}

fn says_the_same(one: &Event, other: &Event) -> bool {
    one.at == other.at
        && one.bears == other.bears
        && one.before == other.before
        && one.outcome == other.outcome
        && one.actor == other.actor
        && one.edited == other.edited
        && one.operation == other.operation
}

/// Everything that an event says, to tell it from others of its id.
fn said(event: &Event) -> String {
    let Event { at, bears, before, outcome, actor, edited, operation, .. } = event;
    format!("{:?}", (at, bears, outcome, actor, edited, operation, before))
}

fn forgotten(event: &Event, place: &str) -> Gap {
    let message = format!(
        "{} reads {}: of more than {WRITES_MAX} writes of objects before it in the logs none is kept, expected fewer: who wrote \
         this one is not told; give the event of the list first, or logs without the writes of other buckets",
        Quoted(&event.edited),
        Quoted(place)
    );
    Gap::at(event.place, "writes-not-kept", Effect::Undecided, message)
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
