//! What records of the Activity Log come in: one JSON value in, records out, each with the keys of one of three spellings
//! (REST, diagnostic export, columns of a table), which [`super::envelope`] reads as one.
//!
//! Knows no operation.

mod elastic;
mod grid;
mod table;

use std::borrow::Cow;

use cloud::json::{Node, Tree, tree_in};

/// The format that results name.
pub(super) const FORMAT: &str = "azure/activity";

/// Keys that only a record has.
pub(super) const RECORD_KEYS: &[&str] = &[
    "operationName",
    "OperationName",
    "OperationNameValue",
    "operation_name",
    "azure.activitylogs.operation_name",
];

/// Whether a text can be, or hold, a record at all: every spelling has one of these words in it.
pub(super) fn may_hold_records(text: &str) -> bool {
    let text = text.as_bytes();
    WORDS.iter().any(|word| memchr::memmem::find(text, word.as_bytes()).is_some())
}

/// `Microsoft.Resources.` begins the types of Event Grid; `azure` is where Elastic keeps what it parsed.
const WORDS: [&str; 5] =
    ["perationName", "operation_name", "Microsoft.Resources.Resource", "operationname", "OPERATIONNAME"];

/// The records of a value; `None` where it is nothing of this log.
pub(super) fn records(tree: Tree<'_>) -> Option<Vec<Node<'_>>> {
    records_in(tree, WRAPPERS_MAX)
}

/// How many wrappers stand around each other at most: what a pipeline forwards of what another one stored.
const WRAPPERS_MAX: usize = 4;

fn records_in(tree: Tree<'_>, depth: usize) -> Option<Vec<Node<'_>>> {
    let node = match tree {
        Tree::Object(node) => node,
        Tree::List(items) => return records_of(items, depth),
        Tree::Text(text) if depth < WRAPPERS_MAX => {
            return records_in(tree_in(&text)?, depth.checked_sub(1)?);
        }
        Tree::Text(_) | Tree::Null | Tree::Flag(_) | Tree::Unknown(_) => return None,
    };
    // Most are records themselves.
    if is_record(&node) {
        return Some(vec![node]);
    }
    if let Some(record) = grid::record(&node).or_else(|| elastic::record(&node)) {
        return Some(vec![record]);
    }
    if let Some(rows) = table::rows(&node) {
        return Some(rows);
    }
    let depth = depth.checked_sub(1)?;
    node.into_entries()
        .into_iter()
        .filter(|(key, _)| is_wrapper(key))
        .find_map(|(_, value)| records_in(value, depth))
}

/// The records of a list: of a list of anything else there is none.
fn records_of(items: Vec<Tree<'_>>, depth: usize) -> Option<Vec<Node<'_>>> {
    let depth = depth.checked_sub(1)?;
    let found: Vec<Node<'_>> =
        items.into_iter().filter_map(|item| records_in(item, depth)).flatten().collect();
    (!found.is_empty()).then_some(found)
}

/// Whether an object is a record: it names an operation, and when or as part of what it happened.
fn is_record(node: &Node<'_>) -> bool {
    let has = |keys: &[&str]| keys.iter().any(|key| node.own(key).is_some());
    has(&["operationName", "OperationNameValue"])
        && has(&["correlationId", "resourceId", "_ResourceId", "eventTimestamp", "eventDataId", "resultType"])
}

fn is_wrapper(key: &str) -> bool {
    WRAPPERS.iter().any(|known| known.eq_ignore_ascii_case(key))
}

/// Keys under which pipelines keep what they were given: Event Hubs and Storage, pages of the REST interface, search hits,
/// HTTP Event Collector, log shippers.
const WRAPPERS: [&str; 11] =
    ["records", "value", "_source", "hits", "result", "_raw", "message", "event", "body", "original", "data"];

/// A record made of values that were found elsewhere; those that are not there are left out.
fn made<'a>(node: &Node<'a>, keys: &[(&'static str, &[&str])]) -> Node<'a> {
    let found = |(key, way): &(&'static str, &[&str])| Some((Cow::Borrowed(*key), at(node, way)?.clone()));
    Node::new(keys.iter().filter_map(found).collect(), node.at)
}

/// The value at the end of a way, whose steps may be written as one key with dots.
fn at<'n, 'a>(node: &'n Node<'a>, way: &[&str]) -> Option<&'n Tree<'a>> {
    (1..=way.len()).find_map(|taken| {
        let (first, rest) = way.split_at_checked(taken)?;
        let value = node.own(&first.join("."))?;
        match (value, rest) {
            (value, []) => Some(value),
            (Tree::Object(inner), rest) => at(inner, rest),
            _ => None,
        }
    })
}
