//! What several exports tell of one request, put together.
//!
//! The REST interface and tables give every event an id and the id of its request; diagnostic exports give neither. What
//! comes both ways is one phase where it is the same phase of the same change at the same time: two changes of one export
//! are never taken for one.

use std::collections::{BTreeMap, BTreeSet};

use cloud::audit::{Bears, Event};
use model::Name;

use super::super::envelope::OF_REQUEST;
use super::{is_same, says};

/// Events by their requests; those of which no request is known stand with the one they belong to, or alone.
pub(super) fn requests(events: Vec<Event>) -> Vec<Vec<Event>> {
    let (mut named, mut nameless) =
        (BTreeMap::<String, BTreeMap<Name, Event>>::new(), BTreeMap::<Name, Event>::new());
    for event in events {
        match parted(&event.id) {
            Some((id, request)) => {
                let event = Event { id, ..event };
                let phases = named.entry(request).or_default();
                // In two spellings, it is once what was heard.
                let known = phases.entry(Name::clone(&event.id)).or_insert_with(|| event.clone());
                complete(known, &event);
            }
            None => {
                let known = nameless.entry(Name::clone(&event.id)).or_insert_with(|| event.clone());
                complete(known, &event);
            }
        }
    }
    let mut requests: Vec<Vec<Event>> =
        named.into_values().map(|phases| phases.into_values().collect()).collect();
    let mut nameless: Vec<Event> = nameless.into_values().collect();
    if requests.is_empty() {
        return vec![nameless];
    }
    nameless.sort_by(|one, other| (one.at, &one.id).cmp(&(other.at, &other.id)));
    let mut taken = BTreeSet::new();
    for event in nameless {
        let at = |place: &(usize, usize)| requests.get(place.0).and_then(|phases| phases.get(place.1));
        let places = requests
            .iter()
            .enumerate()
            .flat_map(|(request, phases)| (0..phases.len()).map(move |phase| (request, phase)));
        let apart = |place: &(usize, usize)| at(place).map_or(i64::MAX, |known| apart(known, &event));
        let copied = places
            .clone()
            .filter(|place| !taken.contains(place) && at(place).is_some_and(|known| is_copy(known, &event)))
            .min_by_key(apart);
        // What came one way only belongs to the request that is nearest.
        let nearest = places.min_by_key(apart).map(|(request, _)| request);
        if let Some(place) = copied {
            taken.insert(place);
            if let Some(known) = requests.get_mut(place.0).and_then(|phases| phases.get_mut(place.1)) {
                complete(known, &event);
            }
        } else if let Some(phases) = nearest.and_then(|request| requests.get_mut(request)) {
            phases.push(event);
            taken.extend(
                nearest.map(|request| (request, requests.get(request).map_or(0, |all| all.len() - 1))),
            );
        }
    }
    requests
}

/// An id as an event has it for good, and that of its request.
fn parted(id: &Name) -> Option<(Name, String)> {
    let (own, rest) = id.split_once(OF_REQUEST)?;
    let end = rest.find(['/', '#']).unwrap_or(rest.len());
    let (request, suffix) = rest.split_at_checked(end)?;
    Some((format!("{own}{suffix}").into(), request.to_ascii_lowercase()))
}

/// Whether an event of another export is one that is known.
fn is_copy(known: &Event, event: &Event) -> bool {
    let is_same = match (&known.bears, &event.bears) {
        (Bears::Edits(one), Bears::Edits(other)) if says(known) && says(event) => is_same(one, other),
        (one, other) => one == other || !says(known) || !says(event),
    };
    known.outcome == event.outcome && apart(known, event) < SECOND && is_same
}

/// How far two events are apart, in milliseconds.
fn apart(one: &Event, other: &Event) -> i64 {
    match (one.at, other.at) {
        (Some(one), Some(other)) => one.0.saturating_sub(other.0).saturating_abs(),
        (None, None) => 0,
        _ => i64::MAX,
    }
}

/// Gives an event what only its copy says.
fn complete(known: &mut Event, copy: &Event) {
    if !says(known) && says(copy) {
        known.bears = copy.bears.clone();
        known.edited = Name::clone(&copy.edited);
    }
    let (own, other) = (&mut known.actor, &copy.actor);
    if own.name.is_empty() {
        own.name = Name::clone(&other.name);
    }
    own.address = own.address.take().or_else(|| other.address.clone());
    own.client = own.client.take().or_else(|| other.client.clone());
}

/// Exports cut times in different places.
const SECOND: i64 = 1000;
