//! Logs over a snapshot, the way the binary replays them.

use std::collections::BTreeMap;

use cloud::audit::{Element, Event};
use cloud::{Cloud, Document, Reception, Role};
use model::{DocumentId, Gap, Moment, Provenance, Thresholds};
use read::{Broken, LogElement, LogEnd, LogLimits, LogSink, Taken, Unread};
use replay::{Basis, Expectations, Replay, Told};

use crate::pipeline::CLOUDS;

/// Everything of a run: replays of all clouds, and what reading told.
pub struct Heard {
    /// One for each cloud.
    pub replays: Vec<Replay>,
    /// What reading the snapshot and the logs told, replays apart.
    pub gaps: Vec<Gap>,
    /// The lines of places in logs.
    pub lines: BTreeMap<Provenance, u64>,
}

/// Reads a snapshot (documents by name) into inventories that remember; nothing is heard yet.
#[must_use]
pub fn over(snapshot: &[(&str, &str)], at: Option<Moment>) -> Heard {
    let clouds: Vec<&'static Cloud> = CLOUDS.to_vec();
    let mut reception = Reception::remembering(&clouds);
    let mut gaps = Vec::new();
    for (id, (path, text)) in (0..).zip(snapshot) {
        let is_catalogue = ["service-tags", "ip-ranges"].iter().any(|name| path.starts_with(name));
        let role = if is_catalogue { Role::Catalogue } else { Role::Export };
        gaps.extend(reception.offer(&Document { id: DocumentId(id), path, text }, role).gaps);
    }
    let replay =
        |(cloud, inventory)| Replay::new(Basis { cloud, inventory, at, thresholds: Thresholds::STANDARD });
    let replays = reception.into_inventories().into_iter().map(replay).collect();
    Heard { replays, gaps, lines: BTreeMap::new() }
}

impl Heard {
    /// Hears a log of which every value has to be a record; `id` is its number among all documents.
    ///
    /// # Panics
    /// When something of it is not understood.
    pub fn hear(&mut self, id: u32, log: &[u8]) {
        let listened = self.listen(id, log);
        assert_eq!(listened.broken, Vec::<String>::new(), "the log breaks off");
        assert_eq!(listened.unrecognised, 0, "a value of the log is no record");
    }

    /// Hears whatever is given as a log; `id` is its number among all documents.
    pub fn listen(&mut self, id: u32, log: &[u8]) -> Listened {
        let keys: Vec<&str> =
            self.replays.iter().flat_map(|replay| replay.cloud().trail.record_keys).copied().collect();
        let mut ear = Ear { heard: self, document: DocumentId(id), listened: Listened::default() };
        read::elements(&["-"], &mut &*log, &keys, &LogLimits::STANDARD, &mut ear);
        ear.listened
    }

    /// Replays what was heard, and tells of each cloud that has something to say.
    ///
    /// # Panics
    /// When the engine contradicts itself.
    #[must_use]
    pub fn told(&mut self) -> Vec<Told> {
        let has_something = |told: &Told| !told.judged.is_empty() || !told.gaps.is_empty();
        self.replays
            .iter_mut()
            .map(|replay| {
                replay.advance().unwrap_or_else(|contradiction| panic!("{contradiction}"));
                let told = replay.told(&Expectations::default());
                told.unwrap_or_else(|contradiction| panic!("{contradiction}"))
            })
            .filter(has_something)
            .collect()
    }
}

/// What became of a log on its way to the clouds.
#[derive(Debug, Default)]
pub struct Listened {
    /// As what its first value that was known is known.
    pub format: Option<&'static str>,
    /// How many values nobody knows.
    pub unrecognised: u64,
    /// What could not be read, in words.
    pub broken: Vec<String>,
}

struct Ear<'h> {
    heard: &'h mut Heard,
    document: DocumentId,
    listened: Listened,
}

impl LogSink for Ear<'_> {
    fn begin(&mut self, _: &str, _: bool) {}

    fn element(&mut self, element: &LogElement<'_>) -> Taken {
        let at = Provenance { document: self.document, offset: element.offset };
        for replay in &mut self.heard.replays {
            let value = Element { at, text: element.text };
            let heard = (replay.cloud().trail.hear)(&value);
            if heard.format.is_some() {
                self.listened.format = self.listened.format.or(heard.format);
                self.heard.lines.insert(at, element.line);
                replay.history.take(heard, &value, element.line);
                return Taken::Recognised;
            }
        }
        Taken::Unrecognised
    }

    fn broken(&mut self, broken: Broken) {
        self.listened.broken.push(format!("line {}: {}", broken.line, broken.reason));
    }

    fn end(&mut self, end: &LogEnd) {
        self.listened.unrecognised += end.unrecognised;
    }

    fn unread(&mut self, unread: Unread) {
        self.listened.broken.push(unread.reason.to_string());
    }
}

/// The events that one cloud hears in a log, those that failed too, before any are joined.
#[must_use]
pub fn events(cloud: &'static Cloud, log: &[u8]) -> Vec<Event> {
    let mut hears = Hears { cloud, events: Vec::new() };
    read::elements(&["-"], &mut &*log, cloud.trail.record_keys, &LogLimits::STANDARD, &mut hears);
    hears.events
}

struct Hears {
    cloud: &'static Cloud,
    events: Vec<Event>,
}

impl LogSink for Hears {
    fn begin(&mut self, _: &str, _: bool) {}

    fn element(&mut self, element: &LogElement<'_>) -> Taken {
        let at = Provenance { document: DocumentId(0), offset: element.offset };
        let heard = (self.cloud.trail.hear)(&Element { at, text: element.text });
        self.events.extend(heard.events);
        if heard.format.is_some() { Taken::Recognised } else { Taken::Unrecognised }
    }

    fn broken(&mut self, _: Broken) {}

    fn end(&mut self, _: &LogEnd) {}

    fn unread(&mut self, _: Unread) {}
}
