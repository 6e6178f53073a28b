//! Hearing the Activity Log of Azure: records in their containers, and what each operation edits.
//!
//! Rooms: `container` (what records come in), `envelope` and `body` (one reading of their spellings), `operation` (the
//! table), `edits` and its siblings (what an operation edits), `join` (phases of one request). Edits are spelled as the
//! REST interface spells objects. Knows no resource but by that spelling.

mod actor;
mod body;
mod commit;
mod container;
mod edits;
mod elsewhere;
mod envelope;
mod field;
mod impairments;
mod join;
mod just_in_time;
mod left_out;
mod operation;
mod time;

use cloud::Quoted;
use cloud::audit::{Bears, Element, Event, Heard, Outcome, Trail};
use cloud::json::{Node, Tree};
use model::{Effect, Gap, Name};
use serde::Deserialize as _;

use envelope::Call;

/// How Azure is heard.
pub(crate) const TRAIL: Trail =
    Trail { hear, join: join::join, record_keys: container::RECORD_KEYS, operations: operation::names };

fn hear(element: &Element<'_>) -> Heard {
    if !container::may_hold_records(element.text) {
        return Heard::default();
    }
    let mut reader = serde_json::Deserializer::from_str(element.text);
    let Some(records) = Tree::deserialize(&mut reader).ok().and_then(container::records) else {
        return Heard::default();
    };
    let mut heard =
        Heard { format: Some(container::FORMAT), records: records.len() as u64, ..Heard::default() };
    for record in &records {
        take(record, element, &mut heard);
    }
    heard
}

/// Takes in one record. Of nearly all of them only the name of the operation is read.
fn take<'a>(record: &Node<'a>, element: &Element<'a>, heard: &mut Heard) {
    let Some(operation) = envelope::operation(record) else { return };
    let Some(judge) = operation::judge(&operation) else { return };
    let call = Call::new(record, operation, element);
    let told = judge(&call);
    if told.is_empty() && call.is_lost() {
        heard.gaps.push(lost(&call));
    }
    let told = match told.as_slice() {
        // A phase without content may be what its siblings are known by.
        [] if call.joined_by().is_some() => vec![Bears::Nothing],
        [bears] if call.joined_by().is_none() && *bears == edits::nothing() => Vec::new(),
        _ => told,
    };
    let impaired = impairments::impaired(&call);
    let told = match &impaired {
        // It edits nothing that is modelled: this is all that is told.
        Some(bears) if !operation::is_edit(call.operation()) => {
            let is_told = call.joined_by().is_some() || !impairments::is_nothing(bears);
            is_told.then(|| bears.clone()).into_iter().collect()
        }
        Some(bears) => {
            let mut beside = event(&call, bears.clone());
            beside.id = format!("{}/impairs", beside.id).into();
            // Its phases are joined apart from those of what is edited.
            beside.joined_by = beside.joined_by.map(|key| format!("{key}/impairs").into());
            let is_told = beside.joined_by.is_some() || !impairments::is_nothing(bears);
            heard.events.extend(is_told.then_some(beside));
            told
        }
        None => told,
    };
    let is_one = told.len() == 1;
    for (number, bears) in told.into_iter().enumerate() {
        let mut event = event(&call, bears);
        if !is_one {
            event.id = join::numbered(&event.id, number);
        }
        heard.events.push(event);
    }
}

/// What is told of a change of nobody knows what.
fn lost(call: &Call<'_, '_>) -> Gap {
    let message = format!(
        "{}: `resourceId` is {}, expected the id of a resource: what was changed is not known",
        Quoted(call.operation()),
        Quoted(call.id())
    );
    Gap::at(call.place, "event-without-resource", Effect::Skipped, message)
}

fn event(call: &Call<'_, '_>, bears: Bears) -> Event {
    let edited = match &bears {
        Bears::Edits(edits) => edits.first().map(|edit| Name::clone(&edit.id)),
        Bears::Impairs(_) | Bears::Announces(_) | Bears::NotModelled { .. } | Bears::Nothing => None,
    };
    let outcome = call.outcome();
    Event {
        id: call.event_id(),
        at: call.at(),
        scope: call.scope(),
        actor: call.actor(),
        operation: call.operation().into(),
        edited: edited.unwrap_or_else(|| Name::clone(call.id())),
        // What failed without being refused changed nothing, whatever it was to be.
        bears: if outcome == Outcome::Failed { Bears::Nothing } else { bears },
        outcome,
        joined_by: call.joined_by(),
        before: Vec::new(),
        place: call.place,
    }
}
