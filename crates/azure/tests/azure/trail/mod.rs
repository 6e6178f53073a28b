//! How the Activity Log is heard: records in every container, phases joined, operations as edits of what exports spell.

mod bodies;
mod containers;
mod corpus;
mod histories;
mod impairments;
mod operations;
mod phases;
mod written;

use std::collections::BTreeMap;

use cloud::audit::{Act, Bears, Edit, Element, Event, Heard, Outcome, Spot};
use cloud::json::{Node, Tree};
use model::{DocumentId, Name, Provenance};

const TRAIL: &cloud::audit::Trail = &azure::CLOUD.trail;

/// One text as it is heard.
fn hear(text: &str) -> Heard {
    (TRAIL.hear)(&Element { at: Provenance { document: DocumentId(0), offset: 0 }, text })
}

/// All events of some texts, joined.
fn told(texts: &[String]) -> Vec<Event> {
    let events = texts.iter().flat_map(|text| {
        let heard = hear(text);
        assert!(heard.format == Some("azure/activity") && heard.gaps.is_empty(), "{text}: {heard:?}");
        heard.events
    });
    join_all(events.collect())
}

/// Events as they are after all of a request are joined, by time.
fn join_all(events: Vec<Event>) -> Vec<Event> {
    let mut alone = Vec::new();
    let mut joined: BTreeMap<Name, Vec<Event>> = BTreeMap::new();
    for event in events {
        match &event.joined_by {
            Some(key) => joined.entry(Name::clone(key)).or_default().push(event),
            None => alone.push(event),
        }
    }
    for (_, mut events) in joined {
        events.sort_by(|one, other| (one.at, &one.id).cmp(&(other.at, &other.id)));
        alone.extend((TRAIL.join)(events));
    }
    alone.sort_by(|one, other| (one.at, &one.id).cmp(&(other.at, &other.id)));
    alone
}

/// What events come to, a line for each: the time of day, what became of it, what it bears on.
fn lines(events: &[Event]) -> Vec<String> {
    let line = |event: &Event| {
        let at = event.at.map(|at| at.to_string()).unwrap_or_default();
        let clock = at.get(11..19).unwrap_or("no time").to_owned();
        let outcome = match event.outcome {
            Outcome::Done => "done",
            Outcome::Begun => "begun",
            Outcome::Failed => "failed",
            Outcome::Denied => "denied",
        };
        format!("{clock} {outcome} {}", bears(&event.bears))
    };
    events.iter().map(line).collect()
}

fn bears(bears: &Bears) -> String {
    match bears {
        Bears::Edits(edits) => edits.iter().map(edit).collect::<Vec<_>>().join("; "),
        Bears::Impairs(impairment) => format!("impairs {}", impairment.kind),
        Bears::Announces(announcement) => {
            let ports: Vec<_> =
                announcement.ports.spans().iter().map(|(first, last)| format!("{first}-{last}")).collect();
            let v4 = announcement.sources.v4_spans();
            format!("announces {:?} {ports:?} {v4:?} until {}", announcement.targets, announcement.until)
        }
        Bears::NotModelled { kind } => format!("not modelled: {kind}"),
        Bears::Nothing => "nothing".to_owned(),
    }
}

/// An edit in one line: the short type, the name, what is done.
fn edit(edit: &Edit) -> String {
    let kind = edit.kind.rsplit('/').next().unwrap_or_default();
    let name = edit.id.rsplit('/').next().unwrap_or_default();
    let act = match &edit.act {
        Act::Put(node) => format!("put {}", json(&Tree::Object(said(node)))),
        Act::Drop => "drop".to_owned(),
        Act::Merge(node) => format!("merge {}", json(&Tree::Object(said(node)))),
        Act::Set { at, value } => format!("set {at} {}", json(value)),
        Act::Insert { into, items, by } => {
            let items: Vec<_> = items.iter().map(json).collect();
            format!("insert into {into} by {by:?} {}", items.join(" "))
        }
        Act::Remove { from, items } => {
            format!("remove from {from} {}", items.iter().map(json).collect::<Vec<_>>().join(" "))
        }
    };
    format!("{kind} {name} {:?}: {act}", edit.nature).to_lowercase()
}

/// An object without who it is.
fn said(node: &Node<'static>) -> Node<'static> {
    let mut node = node.clone();
    for key in ["id", "name", "type"] {
        node.take_out(key);
    }
    node
}

fn json(tree: &Tree<'_>) -> String {
    match tree {
        Tree::Null => "null".to_owned(),
        Tree::Flag(flag) => flag.to_string(),
        Tree::Text(text) => text.to_string(),
        Tree::List(items) => format!("[{}]", items.iter().map(json).collect::<Vec<_>>().join(", ")),
        Tree::Object(node) => {
            let entries = node.entries().iter().map(|(key, value)| format!("{key}: {}", json(value)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
        Tree::Unknown(_) => "?".to_owned(),
    }
}

/// The events of some texts, without those that are about who watches.
fn edited(texts: &[String]) -> Vec<Event> {
    told(texts).into_iter().filter(|event| !event.id.ends_with("/impairs")).collect()
}

/// The one edit of the one event of some texts.
fn edit_of(texts: &[String]) -> Edit {
    let events = edited(texts);
    match events.as_slice() {
        [Event { bears: Bears::Edits(edits), .. }] if edits.len() == 1 => edits[0].clone(),
        other => panic!("one edit expected: {other:?}"),
    }
}

/// Whether an edit says that something was written that nobody saw.
fn is_unseen(edit: &Edit) -> bool {
    matches!(&edit.act, Act::Set { at, .. } if *at == Spot::of(&["#unseen"]))
}
