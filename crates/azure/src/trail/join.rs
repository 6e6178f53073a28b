//! The phases of one request, made into one event.
//!
//! A request is told two or three times: when it arrived (with what was asked for), when it was accepted (with what was
//! answered), when it was done (often with nothing). Knows no operation.

mod deliveries;

use cloud::audit::{Act, Bears, Edit, Event, Outcome};
use cloud::json::{Node, Tree};
use model::{Moment, Name};

use super::edits::{is_unseen, nothing};
use super::impairments;

/// One event for each request, whichever exports told it.
pub(super) fn join(events: Vec<Event>) -> Vec<Event> {
    deliveries::requests(events).into_iter().flat_map(in_turn).collect()
}

/// One event for each request of those that have one id, or none. Some tools send every request of a run under one id: one
/// of the same resource begins where another phase than the first had been told.
fn in_turn(mut events: Vec<Event>) -> Vec<Event> {
    let place = |event: &Event| (event.place.document, event.place.offset);
    events.sort_by(|one, other| {
        order(one)
            .cmp(&order(other))
            .then_with(|| one.id.cmp(&other.id))
            .then_with(|| place(one).cmp(&place(other)))
    });
    // What is delivered twice stands in two places.
    events.dedup_by(|later, first| Event { place: first.place, ..later.clone() } == *first);
    let mut requests: Vec<Vec<Event>> = Vec::new();
    for event in events {
        match requests.last_mut() {
            Some(phases) if !begins_another(phases, &event) => phases.push(event),
            _ => requests.push(vec![event]),
        }
    }
    requests.into_iter().flat_map(request).collect()
}

/// Phases in the order in which they happen: where times are only given to the second, by what they are.
fn order(event: &Event) -> (Option<Moment>, u8) {
    let phase = match (event.outcome, says(event)) {
        (Outcome::Begun, _) => 0,
        (Outcome::Done, true) => 1,
        (Outcome::Done, false) => 2,
        (Outcome::Failed | Outcome::Denied, _) => 3,
    };
    (event.at, phase)
}

fn begins_another(phases: &[Event], event: &Event) -> bool {
    let of = |outcomes: &[Outcome]| phases.iter().filter(|phase| outcomes.contains(&phase.outcome)).count();
    let (begun, done, failed) =
        (of(&[Outcome::Begun]), of(&[Outcome::Done]), of(&[Outcome::Failed, Outcome::Denied]));
    match event.outcome {
        Outcome::Begun => done + failed > 0,
        // What has failed is not done later.
        Outcome::Done if failed > 0 => true,
        Outcome::Done if says(event) => phases
            .iter()
            .filter(|phase| phase.outcome == Outcome::Done && says(phase))
            .any(|known| is_another(known, event)),
        Outcome::Done => false,
        // Two had begun: one was done, the other failed.
        Outcome::Failed | Outcome::Denied => done > 0 && begun > 1,
    }
}

/// Whether two ends are of two requests. Both ends of one say the same in two states, or one of them nothing.
fn is_another(known: &Event, event: &Event) -> bool {
    match (&known.bears, &event.bears) {
        (Bears::Edits(one), Bears::Edits(other)) if !is_same(one, other) => true,
        // To the letter the same, and later: stated once more. A deletion has no state to tell that by.
        (Bears::Edits(one), Bears::Edits(other)) => {
            let has_state =
                other.iter().any(|edit| matches!(edit.act, Act::Put(_) | Act::Insert { .. } | Act::Merge(_)));
            has_state && one == other && known.at != event.at
        }
        _ => false,
    }
}

/// Whether an event says what was done.
fn says(event: &Event) -> bool {
    match &event.bears {
        Bears::Edits(edits) => !edits.iter().any(is_unseen),
        Bears::Impairs(impairment) => !impairments::is_open(impairment),
        Bears::Announces(_) | Bears::NotModelled { .. } => true,
        Bears::Nothing => false,
    }
}

/// Whether two phases say the same: the state that a resource is in while it is made is no difference.
fn is_same(one: &[Edit], other: &[Edit]) -> bool {
    one.len() == other.len()
        && one.iter().zip(other).all(|(one, other)| match (&one.act, &other.act) {
            (Act::Put(one), Act::Put(other)) => settled(one) == settled(other),
            (Act::Insert { items: one, .. }, Act::Insert { items: other, .. }) => {
                one.iter().map(settled_tree).eq(other.iter().map(settled_tree))
            }
            (one, other) => one == other,
        })
}

fn settled(node: &Node<'static>) -> Node<'static> {
    let passing = |key: &str| PASSING.iter().any(|known| known.eq_ignore_ascii_case(key));
    let stays = node.entries().iter().filter(|(key, _)| !passing(key));
    Node::new(stays.map(|(key, value)| (key.clone(), settled_tree(value))).collect(), None)
}

fn settled_tree(tree: &Tree<'static>) -> Tree<'static> {
    match tree {
        Tree::Object(node) => Tree::Object(settled(node)),
        Tree::List(items) => Tree::List(items.iter().map(settled_tree).collect()),
        other @ (Tree::Null | Tree::Flag(_) | Tree::Text(_) | Tree::Unknown(_)) => other.clone(),
    }
}

/// Keys that change while a resource is made.
const PASSING: [&str; 2] = ["provisioningState", "etag"];

/// The events that a request is: one, or one for each thing that it announced. Its time is that of the answer: the
/// configuration that is read from then on is the new one, while the request may have waited, and the end of the work may
/// come minutes later.
fn request(phases: Vec<Event>) -> Vec<Event> {
    let announced = announced(&phases);
    let Some(whole) = whole(phases) else { return Vec::new() };
    if announced.len() < 2 {
        return vec![whole];
    }
    let id = Name::clone(&whole.id);
    let one = |(number, bears): (usize, Bears)| Event { id: numbered(&id, number), bears, ..whole.clone() };
    announced.into_iter().enumerate().map(one).collect()
}

/// All that was announced in any phase, each once.
fn announced(phases: &[Event]) -> Vec<Bears> {
    let mut announced: Vec<Bears> = Vec::new();
    for phase in phases {
        // An end that says nothing of what was asked for announces nothing.
        let announces = matches!(&phase.bears, Bears::Announces(asked) if !asked.targets.is_empty());
        if announces && !announced.contains(&phase.bears) {
            announced.push(phase.bears.clone());
        }
    }
    announced
}

/// The name of one of several events that were one.
pub(super) fn numbered(name: &Name, number: usize) -> Name {
    let name = name.split('#').next().unwrap_or_default();
    format!("{name}#{}", number + 1).into()
}

fn whole(phases: Vec<Event>) -> Option<Event> {
    let outcome = outcome(&phases)?;
    let content = phases.iter().filter(|phase| says(phase)).max_by_key(|phase| rank(phase));
    let content = content.or_else(|| phases.iter().find(|phase| phase.bears != Bears::Nothing));
    let bears = content.map(|phase| phase.bears.clone()).filter(|bears| *bears != nothing());
    let bears = bears.unwrap_or(Bears::Nothing);
    let edited = content.map(|phase| Name::clone(&phase.edited));
    let actor = phases.iter().map(|phase| &phase.actor).find(|actor| !actor.name.is_empty()).cloned();
    let address = phases.iter().find_map(|phase| phase.actor.address.clone());
    let client = phases.iter().find_map(|phase| phase.actor.client.clone());
    let scope = phases.iter().find_map(|phase| phase.scope.clone());
    let began = phases.iter().filter_map(|phase| phase.at).min();
    let position = phases.iter().position(|phase| phase.outcome == outcome)?;
    let mut event = phases.into_iter().nth(position)?;
    if impairments::is_nothing(&bears) {
        return None;
    }
    // What was asked for may be opened before the end is told.
    if matches!(bears, Bears::Announces(_)) {
        event.at = began.or(event.at);
    }
    event.bears = bears;
    event.actor = actor.unwrap_or(event.actor);
    event.actor.address = event.actor.address.or(address);
    event.actor.client = event.actor.client.or(client);
    event.edited = edited.unwrap_or(event.edited);
    event.scope = event.scope.or(scope);
    Some(event)
}

/// What the phases together came to: one that failed did not take effect.
fn outcome(phases: &[Event]) -> Option<Outcome> {
    let all = [Outcome::Denied, Outcome::Failed, Outcome::Done, Outcome::Begun];
    all.into_iter().find(|outcome| phases.iter().any(|phase| phase.outcome == *outcome))
}

/// An answer is better than a request, and a later answer than an earlier.
fn rank(phase: &Event) -> (bool, Option<Moment>) {
    (phase.outcome == Outcome::Done, phase.at)
}
