//! Hearing the audit logs of AWS: records in their containers, and what each operation edits.
//!
//! Knows no resource but by the spelling that exports have of it.

mod aftermath;
mod body;
mod call;
mod consequence;
mod container;
mod envelope;
mod made;
mod operation;
mod permission;
mod record;

pub(crate) use body::Body;
pub(crate) use consequence::consequences;
pub(crate) use permission::{Permission, canonical_permissions};

use std::borrow::Cow;

use cloud::audit::{Element, Event, Heard, Trail};
use cloud::json::{Node, Tree, tree_in, whole_object};
use model::{Effect, Gap, Provenance};

use container::{Carried, Scouted, carried, format, original, plain, respelled, scout};

/// How AWS is heard.
pub(crate) const TRAIL: Trail =
    Trail { record_keys: &["eventName", "eventSource", "api"], hear, join, operations: operation::names };

fn hear(element: &Element<'_>) -> Heard {
    let mut heard = Heard::default();
    hear_text(element.text, Standing { at: element.at, depth: 0 }, &mut heard);
    heard
}

/// Every record of CloudTrail stands alone.
fn join(events: Vec<Event>) -> Vec<Event> {
    events
}

/// Where a text stands: what is found in one that stands in another has the place of the other.
#[derive(Clone, Copy)]
struct Standing {
    at: Provenance,
    depth: u8,
}

fn hear_text(text: &str, standing: Standing, heard: &mut Heard) {
    let Scouted { format, records, hits, is_lost, broken } = scout(text);
    heard.format = heard.format.or(format);
    heard.records += records;
    if is_lost {
        // The places of what is spelled with escapes are not known: all of it is read.
        tree_in(text).iter().for_each(|tree| hear_tree(tree, standing, heard));
    } else {
        for hit in hits {
            let offset = (hit.at.as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
            let offset = if standing.depth == 0 { offset as u64 } else { 0 };
            let at = Provenance { offset: standing.at.offset + offset, ..standing.at };
            let Some(node) = whole_object(text, hit.at) else { continue };
            hear_object(&node, hit.is_record, Standing { at, ..standing }, heard);
        }
    }
    if let Some(broken) = broken.filter(|_| heard.format.is_some()) {
        let message = format!("the records break off: {broken}: what stands before is judged");
        heard.gaps.push(Gap::at(standing.at, "malformed-json", Effect::Skipped, message));
    }
}

/// Hears what stands in a tree as the scout would find it.
fn hear_tree(tree: &Tree<'_>, standing: Standing, heard: &mut Heard) {
    match tree {
        Tree::List(items) => items.iter().for_each(|item| hear_tree(item, standing, heard)),
        Tree::Object(node) => {
            let inner: Vec<&Tree<'_>> = INNER.iter().filter_map(|key| node.own(key)).collect();
            let is_record = node.own("eventName").is_some() && node.own("eventSource").is_some();
            if is_record || inner.is_empty() {
                hear_object(node, is_record, standing, heard);
            } else {
                inner.into_iter().for_each(|tree| hear_tree(tree, standing, heard));
            }
        }
        Tree::Null | Tree::Flag(_) | Tree::Text(_) | Tree::Unknown(_) => {}
    }
}

fn hear_object(node: &Node<'_>, is_record: bool, standing: Standing, heard: &mut Heard) {
    if is_record {
        let respelled = respelled(node);
        let node = respelled.as_ref().map_or_else(|| plain(node), |(_, node)| Cow::Borrowed(node));
        record::hear_record(&node, standing.at, heard);
        return;
    }
    if let Some((format, text)) = original(node)
        && hear_inside(text, format, standing, heard)
    {
        return;
    }
    if let Some((format, record)) = respelled(node) {
        heard.format.get_or_insert(format);
        heard.records += 1;
        record::hear_record(&record, standing.at, heard);
        return;
    }
    let mut found = Vec::new();
    carried(node, &mut found);
    for carried in found {
        match carried {
            Carried::Text(format, text) => {
                hear_inside(text, format, standing, heard);
            }
            Carried::Row(format, row) => {
                heard.format.get_or_insert(format);
                heard.records += 1;
                hear_object(&row, true, standing, heard);
            }
            Carried::Packed => {
                heard.format.get_or_insert(format::LOGS);
                heard.gaps.push(Gap::at(standing.at, "packed-log", Effect::Skipped, PACKED.to_owned()));
            }
        }
    }
}

/// Hears a text inside an object; whether it is one of records.
fn hear_inside(text: &str, format: &'static str, standing: Standing, heard: &mut Heard) -> bool {
    if standing.depth >= DEPTH_MAX {
        return false;
    }
    let mut inner = Heard::default();
    hear_text(text, Standing { depth: standing.depth + 1, ..standing }, &mut inner);
    if inner.format.is_none() {
        return false;
    }
    heard.format.get_or_insert(format);
    heard.records += inner.records;
    heard.events.append(&mut inner.events);
    heard.gaps.append(&mut inner.gaps);
    true
}

/// Keys under which records stand as they are.
const INNER: [&str; 3] = ["Records", "detail", "_source"];
/// A queue may carry a message that carries a log: nobody wraps deeper.
const DEPTH_MAX: u8 = 4;
const PACKED: &str =
    "`awslogs.data` is packed, expected its text: `jq -r .awslogs.data FILE | base64 -d | gunzip` unpacks it";

#[cfg(test)]
mod tests;
