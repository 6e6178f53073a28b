//! What holds of every history, whatever the cloud.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use cloud::audit::{Bears, Element, Event, Outcome};
use cloud::{Cloud, Document, Inventory};
use engine::{Assessor, Cause, ChangeEffect, Exposure, Opening};
use model::{DocumentId, Filter, Moment, Name, Path, Provenance, RuleList, Snapshot, Target, Thresholds};
use replay::{Basis, Expectations, Replay, State, Told};
use serde_json::Value;

use super::{Export, History};

/// The document that records stand in.
const LOG: DocumentId = DocumentId(1000);

/// A replay over an export, or over nothing, that has heard nothing yet.
#[must_use]
pub fn over(cloud: &'static Cloud, export: &Export) -> Replay {
    let mut inventory = (cloud.inventory)();
    inventory.remember();
    read(&mut *inventory, export);
    Replay::new(Basis { cloud, inventory, at: None, thresholds: Thresholds::STANDARD })
}

fn read(inventory: &mut dyn Inventory, export: &Export) {
    for (number, (path, text)) in (0..).zip(export) {
        let reading = inventory.read(&Document { id: DocumentId(number), path, text });
        assert!(reading.format.is_some(), "{path} is not read: {text}");
    }
}

/// Takes records in.
pub fn hear(replay: &mut Replay, records: &[Value]) {
    for record in records {
        let text = record.to_string();
        // Where a record stands is no part of what it says, and the same record of two trails stands twice.
        let element = Element { at: Provenance { document: LOG, offset: 0 }, text: &text };
        let heard = (replay.cloud().trail.hear)(&element);
        assert!(heard.format.is_some(), "no record: {text}");
        replay.history.take(heard, &element, 1);
    }
}

/// Replays what was heard.
///
/// # Panics
/// When the engine contradicts itself.
pub fn advance(replay: &mut Replay) {
    replay.advance().unwrap_or_else(|contradiction| panic!("{contradiction}"));
}

/// What came of it.
///
/// # Panics
/// When the engine contradicts itself.
#[must_use]
pub fn told(replay: &mut Replay) -> Told {
    replay.told(&Expectations::default()).unwrap_or_else(|contradiction| panic!("{contradiction}"))
}

/// What a replay of records tells.
#[must_use]
pub fn replayed(cloud: &'static Cloud, export: &Export, records: &[Value]) -> Told {
    let mut replay = over(cloud, export);
    hear(&mut replay, records);
    advance(&mut replay);
    told(&mut replay)
}

/// A scan of an export.
#[must_use]
pub fn scanned(cloud: &'static Cloud, export: &Export) -> Snapshot {
    let mut inventory = (cloud.inventory)();
    read(&mut *inventory, export);
    inventory.snapshot(Thresholds::STANDARD)
}

/// The exposures of a snapshot.
///
/// # Panics
/// When the engine contradicts itself.
#[must_use]
pub fn exposures(snapshot: &Snapshot) -> Vec<Exposure> {
    let mut assessor = Assessor::new(snapshot);
    let mut all = Vec::new();
    for target in &snapshot.targets {
        let target = Arc::new(target.clone());
        let found = assessor.assess(&target, &mut |exposure, _| all.push(exposure));
        found.unwrap_or_else(|contradiction| panic!("{contradiction}"));
    }
    all
}

/// An exposure as a line: target, reach, certainty, protocol, ports and who. Which addresses it is seen at is left out: of
/// those that a provider chooses, no event tells the number.
#[must_use]
pub fn line(exposure: &Exposure) -> String {
    let Exposure { target, reach, certainty, protocol, ports, sources, protocols, .. } = exposure;
    let digest: String = sources.digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect();
    let measure = |one: &Option<engine::Measure>| {
        one.as_ref().map_or_else(
            || "-".to_owned(),
            |one| {
                format!(
                    "{:?} {}",
                    one.grade,
                    one.cidrs.prefixes.iter().take(3).map(ToString::to_string).collect::<Vec<_>>().join("+")
                )
            },
        )
    };
    let (v4, v6) = (measure(&sources.ipv4), measure(&sources.ipv6));
    format!(
        "{} {} {} {protocol:?}+{} {ports} {v4} / {v6} {digest}",
        target.key,
        reach.word(),
        certainty.word(),
        protocols.count()
    )
}

/// All exposures of a snapshot as lines, each once.
#[must_use]
pub fn lines(snapshot: &Snapshot) -> Vec<String> {
    let mut lines: Vec<String> = exposures(snapshot).iter().map(line).collect();
    lines.sort();
    lines.dedup();
    lines
}

/// Everything that a replay tells, as lines: openings, changes, gaps, and what is open at the end.
#[must_use]
pub fn all_lines(told: &Told) -> Vec<String> {
    let mut all: Vec<String> = told.openings.iter().map(opening).collect();
    all.extend(told.judged.iter().map(|judged| {
        format!(
            "{} {} {} {} {}",
            judged.cause.at,
            judged.cause.event,
            judged.cause.operation,
            judged.effect.word(),
            judged.effects.len()
        )
    }));
    all.extend(told.gaps.iter().map(|gap| format!("{} {}", gap.code, gap.message)));
    all.extend(lines(&told.snapshot));
    all
}

fn opening(opening: &Opening) -> String {
    let steps: Vec<String> =
        opening.steps.iter().map(|step| format!("{} {}", step.effect.word(), step.cause.event)).collect();
    let id = |cause: &Option<Arc<engine::Cause>>| {
        cause.as_ref().map_or_else(|| "-".to_owned(), |cause| cause.event.to_string())
    };
    format!(
        "{} {} {}..{} {}: {}",
        opening.fingerprint,
        line(&opening.exposure),
        id(&opening.opened),
        id(&opening.closed),
        opening.is_partial,
        steps.join(", ")
    )
}

/// Two lists of lines that have to be equal.
///
/// # Panics
/// When they are not; what only one of them has is told.
pub fn assert_same(found: &[String], expected: &[String], what: &str) {
    if found == expected {
        return;
    }
    let only = |these: &[String], those: &[String]| {
        these.iter().filter(|line| !those.contains(line)).take(12).cloned().collect::<Vec<_>>().join("\n  ")
    };
    panic!("{what}\nfound only:\n  {}\nexpected only:\n  {}", only(found, expected), only(expected, found));
}

/// An export of the end says what the replay comes to. Returns how many exposures were compared.
///
/// # Panics
/// When it does not.
pub fn end_is_export(cloud: &'static Cloud, history: &History) -> usize {
    let told = replayed(cloud, &history.before, &history.records());
    let found = lines(&told.snapshot);
    assert_same(&found, &lines(&scanned(cloud, &history.after)), &history.name);
    found.len()
}

/// After every edit what stands is what lowering everything comes to, and what is not said to be touched did not move.
/// Returns how many edits were made.
///
/// # Panics
/// When it is not.
pub fn standing_is_lowered(cloud: &'static Cloud, history: &History) -> usize {
    let mut inventory = (cloud.inventory)();
    inventory.remember();
    read(&mut *inventory, &history.before);
    let mut known = inventory.snapshot(Thresholds::STANDARD);
    let mut edits = 0;
    for record in history.records() {
        for event in heard(cloud, &record) {
            let Bears::Edits(own) = &event.bears else { continue };
            for edit in own.iter().filter(|_| matches!(event.outcome, Outcome::Done | Outcome::Begun)) {
                let touched = inventory.apply(edit, event.place).touched;
                let now = inventory.snapshot(Thresholds::STANDARD);
                let name = format!("{}: {} at {:?}: {edit:?}", history.name, event.operation, event.at);
                let (before, after) = (by_key(&known), by_key(&now));
                let keys: Vec<Name> = before.keys().chain(after.keys()).copied().cloned().collect();
                for target in inventory.lower(&keys) {
                    assert!(after.get(&target.key) == Some(&&target), "stands: {} {name}", target.key);
                }
                for key in keys.iter().filter(|key| !touched.contains(*key)) {
                    // Who else a rule is about may move, which is nothing to this one.
                    let is_same = before.get(key).copied().map(placeless)
                        == after.get(key).copied().map(placeless)
                        || lines_of(&known, key) == lines_of(&now, key);
                    assert!(is_same, "moved untouched: {key} {name}");
                }
                known = now;
                edits += 1;
            }
        }
    }
    edits
}

fn by_key(snapshot: &Snapshot) -> BTreeMap<&Name, &Target> {
    snapshot.targets.iter().map(|target| (&target.key, &**target)).collect()
}

/// The exposures of one target.
fn lines_of(snapshot: &Snapshot, key: &Name) -> Vec<String> {
    exposures(snapshot).iter().filter(|exposure| exposure.target.key == *key).map(line).collect()
}

/// A target without the places where it was read: an edit that says what is known already moves nothing.
#[must_use]
pub fn placeless(target: &Target) -> Target {
    let path = |path: &Path| Path { filter: Arc::new(placeless_filter(&path.filter)), ..path.clone() };
    Target { provenance: None, paths: target.paths.iter().map(path).collect(), ..target.clone() }
}

fn placeless_filter(filter: &Filter) -> Filter {
    let all = |parts: &[Filter]| parts.iter().map(placeless_filter).collect();
    match filter {
        Filter::Always(action) => Filter::Always(*action),
        Filter::FirstMatch(list) => {
            let mut list = RuleList::clone(list);
            list.provenance = None;
            list.rules.iter_mut().for_each(|rule| rule.provenance = None);
            Filter::FirstMatch(Arc::new(list))
        }
        Filter::Chain(parts) => Filter::Chain(all(parts)),
        Filter::AllOf(parts) => Filter::AllOf(all(parts)),
        Filter::AnyOf(parts) => Filter::AnyOf(all(parts)),
    }
}

/// The events of a record.
fn heard(cloud: &'static Cloud, record: &Value) -> Vec<Event> {
    let text = record.to_string();
    let element = Element { at: Provenance { document: LOG, offset: 0 }, text: &text };
    (cloud.trail.hear)(&element).events
}

/// The first event after which the export and the replay differ, and how: for people who look for the reason.
#[must_use]
pub fn first_difference(cloud: &'static Cloud, history: &History) -> Option<String> {
    let mut replay = over(cloud, &history.before);
    for event in &history.events {
        hear(&mut replay, &event.records);
        advance(&mut replay);
        let Some(after) = &event.after else { continue };
        let (found, expected) = (lines(&told(&mut replay).snapshot), lines(&scanned(cloud, after)));
        if found != expected {
            let only = |these: &[String], those: &[String]| {
                these.iter().filter(|one| !those.contains(one)).cloned().collect::<Vec<_>>()
            };
            let records: Vec<String> = event.records.iter().map(ToString::to_string).collect();
            return Some(format!(
                "{}\nfound only {:#?}\nexpected only {:#?}",
                records.join("\n"),
                only(&found, &expected),
                only(&expected, &found)
            ));
        }
    }
    None
}

/// A state saved after some records and resumed for the rest.
///
/// # Panics
/// When what was saved is not taken.
#[must_use]
pub fn resumed(cloud: &'static Cloud, export: &Export, records: &[Value], cut: usize) -> Told {
    let mut first = over(cloud, export);
    hear(&mut first, &records[..cut]);
    let events = first.history.events().map(|event| (cloud.name.to_owned(), 1, event.clone())).collect();
    let saved = replay::save(&State {
        records: vec![(cloud.name.to_owned(), LOG, first.history.records())],
        events,
        ..State::default()
    });
    let State { events, records: heard, .. } =
        replay::load(&saved).unwrap_or_else(|refused| panic!("{refused}"));
    let mut second = over(cloud, export);
    let events = events.into_iter().map(|(_, line, event): (String, u64, Event)| (line, event));
    let heard = heard.into_iter().map(|(_, document, count)| (document, count));
    second.history.resume(events, heard, false);
    hear(&mut second, &records[cut..]);
    advance(&mut second);
    told(&mut second)
}

/// A point of a target: protocol and port.
type Point = (String, String, u8, u16);
/// Who gets in, and by which address.
type Seen = (String, String);

/// Steps and ends of openings are the events that change what is exposed at a port, by brute force: a scan of the account
/// after each event. `points` are protocols with ports. Returns how many openings and changes were compared.
///
/// # Panics
/// When they are not.
pub fn intervals_are_exact(cloud: &'static Cloud, history: &History, points: &[(u8, u16)]) -> (usize, usize) {
    let told = replayed(cloud, &history.before, &history.records());
    let exports: Vec<&Export> = std::iter::once(&history.before)
        .chain(history.events.iter().filter_map(|event| event.after.as_ref()))
        .collect();
    assert_eq!(exports.len(), history.events.len() + 1, "{}: not watched", history.name);
    let states: Vec<BTreeMap<Point, Vec<Seen>>> =
        exports.into_iter().map(|export| at_points(&exposures(&scanned(cloud, export)), points)).collect();
    let ids: Vec<Vec<String>> = history
        .events
        .iter()
        .map(|event| {
            event
                .records
                .iter()
                .map(|record| {
                    record["eventID"].as_str().or(record["insertId"].as_str()).unwrap_or_default().to_owned()
                })
                .collect()
        })
        .collect();
    // Where an event comes to have an id of its own making, its time tells it.
    let times: Vec<Option<Moment>> = history.events.iter().map(|event| Moment::of(&event.at)).collect();
    let place = |cause: &Cause| {
        let known = ids.iter().position(|own| own.iter().any(|one| *one == *cause.event));
        let known = known.or_else(|| times.iter().position(|time| *time == Some(cause.at)));
        known.unwrap_or_else(|| panic!("{cause:?} is no event"))
    };
    let mut seen: BTreeMap<Point, Vec<&Opening>> = BTreeMap::new();
    for opening in &told.openings {
        for point in points_of(&opening.exposure, points) {
            seen.entry(point).or_default().push(opening);
        }
    }
    let all: BTreeSet<&Point> = states.iter().flat_map(BTreeMap::keys).chain(seen.keys()).collect();
    let nothing = Vec::new();
    let (mut compared, mut changes) = (0, 0);
    for point in all {
        let at = |state: usize| states.get(state).and_then(|state| state.get(point)).unwrap_or(&nothing);
        let openings = seen.get(point).map_or(&[][..], Vec::as_slice);
        let all_steps = || openings.iter().flat_map(|one| &one.steps);
        let steps: BTreeSet<usize> = all_steps()
            .filter(|step| step.effect != ChangeEffect::None)
            .map(|step| place(&step.cause))
            .collect();
        // Of several ways one may change, and all of them together let in the same people: that is a step without effect.
        let told: BTreeSet<usize> = all_steps().map(|step| place(&step.cause)).collect();
        // Events of one second are one: which of them came first is not told.
        let moments = moments(history);
        let who = |state: usize| at(state).iter().map(|(digest, _)| digest).collect::<BTreeSet<_>>();
        let events = 0..history.events.len();
        let changed: BTreeSet<usize> = events.clone().filter(|event| who(*event) != who(event + 1)).collect();
        // The same people may come in by another address.
        let moved: BTreeSet<usize> = events.filter(|event| at(*event) != at(event + 1)).collect();
        let [steps, told, changed, moved] =
            [steps, told, changed, moved].map(|events| of_moments(&events, &moments));
        let said = format!(
            "{}: {point:?}: steps {steps:?}, changes {changed:?}, with those of addresses {moved:?}",
            history.name
        );
        let those: Vec<String> = openings.iter().map(|one| opening(one)).collect();
        assert!(changed.is_subset(&told) && steps.is_subset(&moved), "{said}\n{}", those.join("\n"));
        for opening in openings {
            let from = opening.opened.as_ref().map_or(0, |cause| place(cause) + 1);
            let to = opening.closed.as_ref().map_or(history.events.len() + 1, |cause| place(cause) + 1);
            assert!(
                (from..to).filter(|state| is_settled(&moments, *state)).all(|state| !at(state).is_empty()),
                "{}: {point:?} is not open all the time from {from} to {to}",
                history.name
            );
            compared += 1;
        }
        changes += changed.len();
    }
    (compared, changes)
}

/// For each event the first one of its second.
fn moments(history: &History) -> Vec<usize> {
    let mut moments: Vec<usize> = Vec::new();
    for (number, event) in history.events.iter().enumerate() {
        let is_same = number > 0 && history.events[number - 1].at == event.at;
        moments.push(if is_same { moments[number - 1] } else { number });
    }
    moments
}

fn of_moments(events: &BTreeSet<usize>, moments: &[usize]) -> BTreeSet<usize> {
    events.iter().map(|event| moments[*event]).collect()
}

/// Whether a state is that of the end of a second.
fn is_settled(moments: &[usize], state: usize) -> bool {
    state == 0 || state >= moments.len() || moments[state] == state
}

fn at_points(exposures: &[Exposure], points: &[(u8, u16)]) -> BTreeMap<Point, Vec<Seen>> {
    let mut at: BTreeMap<Point, Vec<Seen>> = BTreeMap::new();
    for exposure in exposures {
        let digest: String =
            exposure.sources.digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        for point in points_of(exposure, points) {
            at.entry(point).or_default().push((digest.clone(), format!("{:?}", exposure.fronts)));
        }
    }
    for digests in at.values_mut() {
        digests.sort_unstable();
        digests.dedup();
    }
    at
}

fn points_of(exposure: &Exposure, points: &[(u8, u16)]) -> Vec<Point> {
    let has = |(protocol, port): &&(u8, u16)| {
        let is_protocol =
            exposure.protocol.is_none() || exposure.protocols.iter().any(|one| one.0 == *protocol);
        is_protocol && (exposure.ports.is_empty() || exposure.ports.contains(*port))
    };
    let word = format!("{} {}", exposure.reach.word(), exposure.certainty.word());
    points
        .iter()
        .filter(has)
        .map(|(protocol, port)| (exposure.target.key.to_string(), word.clone(), *protocol, *port))
        .collect()
}
