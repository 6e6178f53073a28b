//! The entries of one long operation as one event: the first has the request, the last says how it ended.
//!
//! Where tables leave the operation out (Sentinel), entries of one method on one resource are paired in their order.

use core::mem::discriminant;
use std::sync::Arc;

use cloud::audit::{Bears, Event, Outcome};

use super::call::{Call, Told};
use super::elsewhere;
use super::impairments;
use super::method::Method;
use super::operation::{Does, Found, find};
use super::record::UNSAID;

/// Makes the changes out of events that are joined by one thing.
pub(super) fn join(events: Vec<Event>) -> Vec<Event> {
    let is_paired = events.first().is_some_and(by_table);
    let mut told = Vec::new();
    let mut open: Vec<Event> = Vec::new();
    let mut later: Vec<Event> = Vec::new();
    for event in events {
        let says_again = |known: &Event| discriminant(&known.bears) == discriminant(&event.bears);
        let is_later = event.bears == Bears::Nothing || !is_paired && open.iter().any(says_again);
        match (is_later, is_paired) {
            (false, _) => open.push(event),
            (true, false) => later.push(event),
            (true, true) if open.is_empty() => told.extend(alone(event)),
            (true, true) => told.extend(open.drain(..).map(|first| ended(first, &event))),
        }
    }
    if open.is_empty() {
        // Several say the same: the one that failed counts, else the earliest.
        let failed = later.iter().position(|event| event.outcome != Outcome::Done);
        let chosen = failed.unwrap_or(0);
        if chosen < later.len() {
            told.extend(alone(later.swap_remove(chosen)));
        }
        return told;
    }
    for mut first in open {
        for last in &later {
            first = ended(first, last);
        }
        told.push(first);
    }
    told
}

/// Whether events are joined by method and resource, and not by the id of an operation.
fn by_table(event: &Event) -> bool {
    event.joined_by.as_ref().is_some_and(|joined| joined.contains(&*event.operation))
}

/// The first entry, with what the last says of how it ended.
fn ended(mut first: Event, last: &Event) -> Event {
    first.outcome = match (first.outcome, last.outcome) {
        (Outcome::Failed | Outcome::Denied, _) => first.outcome,
        (_, Outcome::Failed | Outcome::Denied) => last.outcome,
        (Outcome::Done, _) | (Outcome::Begun, Outcome::Done) => Outcome::Done,
        (Outcome::Begun, Outcome::Begun) => Outcome::Begun,
    };
    first
}

/// A last entry whose first is not in the log: what it did is known where its name says it.
fn alone(mut event: Event) -> Option<Event> {
    if event.outcome == Outcome::Failed {
        return None;
    }
    let method = Method::of(&event.operation);
    let watcher = impairments::find(&method).and_then(impairments::Watcher::unsaid);
    event.bears = match (find(&method), watcher, elsewhere::find(&method)) {
        (Found::Known(collection, Does::Named(edits)), ..) => {
            let call = Call {
                collection,
                path: event.edited.to_string(),
                scope: event.scope.as_ref().map(Arc::clone),
                at: event.at,
                request: cloud::json::Node::default(),
                message: String::new(),
                original: None,
                response: None,
                number: None,
            };
            let mut gaps = Vec::new();
            let edits =
                edits(&call, &mut Told { place: event.place, method: &event.operation, gaps: &mut gaps });
            if edits.is_empty() { Bears::NotModelled { kind: UNSAID.into() } } else { Bears::Edits(edits) }
        }
        (_, Some(impairment), _) => Bears::Impairs(impairment),
        (_, _, Some(other)) => Bears::NotModelled { kind: other.kind.into() },
        (Found::Known(_, Does::Said(_)) | Found::Unheard(_), ..) => {
            Bears::NotModelled { kind: UNSAID.into() }
        }
        // What its request would have decided weakens nobody in most cases.
        (Found::Nothing, None, None) => return None,
    };
    Some(event)
}
