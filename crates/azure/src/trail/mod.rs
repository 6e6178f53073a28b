//! Hearing the Activity Log of Azure: records in their containers, and what each operation edits.
//!
//! Rooms: `container` (what records come in), `envelope` and `body` (one reading of their spellings), `operation` (the
//! table), `edits` and its siblings (what an operation edits), `join` (phases of one request). Edits are spelled as the
//! REST interface spells objects. Knows no resource but by that spelling.

mod body;
mod commit;
mod container;
mod edits;
mod envelope;
mod field;
mod join;
mod just_in_time;
mod keep;
mod operation;
mod time;

use cloud::audit::{Bears, Element, Event, Heard, Outcome, Trail};
use cloud::json::{Node, Tree};
use model::Name;
use serde::Deserialize as _;

use envelope::Call;

pub(crate) use keep::{PARTS, keep_made};

/// How Azure is heard.
pub(crate) const TRAIL: Trail = Trail { hear, join: join::join, record_keys: container::RECORD_KEYS };

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
    // A phase without content may be what its siblings are known by.
    let told = if told.is_empty() && call.joined_by().is_some() { vec![Bears::Nothing] } else { told };
    let is_one = told.len() == 1;
    for (number, bears) in told.into_iter().enumerate() {
        let mut event = event(&call, bears);
        if !is_one {
            event.id = join::numbered(&event.id, number);
        }
        heard.events.push(event);
    }
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
        place: call.place,
    }
}
