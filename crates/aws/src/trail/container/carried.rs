//! What carries records as texts inside: messages, lines of logs, rows of queries.

use cloud::json::{Node, Tree};

use crate::trail::body::{Body, text_of};

use super::format;

/// What an object carries.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Carried<'n> {
    /// A text of records, or of what wraps them again.
    Text(&'static str, &'n str),
    /// A record whose parts are columns.
    Row(&'static str, Node<'static>),
    /// Something packed, which has to be unpacked before it is handed over.
    Packed,
}

/// All that an object carries, at any depth.
pub(crate) fn carried<'n>(node: &'n Node<'n>, found: &mut Vec<Carried<'n>>) {
    if Body::of(node).part("awslogs").has("data") {
        found.push(Carried::Packed);
        return;
    }
    if let Some(columns) = table_columns(node) {
        let rows = Body::of(node).items("rows");
        found.extend(rows.into_iter().filter_map(|row| table_row(&columns, row)));
        return;
    }
    for (key, value) in node.entries() {
        match value {
            Tree::Text(text) => {
                let known = CARRIERS.iter().find(|(own, _)| *own == &**key);
                let is_json = text.trim_start().starts_with(['{', '[']);
                if let Some((_, format)) = known.filter(|_| is_json) {
                    found.push(Carried::Text(format, text));
                }
            }
            Tree::Object(inner) => carried(inner, found),
            Tree::List(items) => items.iter().for_each(|item| in_item(item, found)),
            Tree::Null | Tree::Flag(_) | Tree::Unknown(_) => {}
        }
    }
}

fn in_item<'n>(item: &'n Tree<'n>, found: &mut Vec<Carried<'n>>) {
    match item {
        Tree::Object(inner) => carried(inner, found),
        Tree::List(cells) => match lake_row(cells) {
            Some(row) => found.push(Carried::Row(format::LAKE, row)),
            None => cells.iter().for_each(|cell| in_item(cell, found)),
        },
        Tree::Null | Tree::Flag(_) | Tree::Text(_) | Tree::Unknown(_) => {}
    }
}

/// A row of CloudTrail Lake: an object with one key for each column.
fn lake_row(cells: &[Tree<'_>]) -> Option<Node<'static>> {
    let mut row = Node::default();
    for cell in cells {
        let Tree::Object(cell) = cell else { return None };
        let [(key, value)] = cell.entries() else { return None };
        row.push(key.to_string().into(), value.to_owned_tree());
    }
    (row.own("eventName").is_some() && row.own("eventSource").is_some()).then_some(row)
}

/// The names of the columns of a table of Log Analytics.
fn table_columns<'n>(node: &'n Node<'n>) -> Option<Vec<&'n str>> {
    let columns = Body::of(node).texts_of("columns", "name");
    let is_ours = columns.iter().any(|column| column.eq_ignore_ascii_case("AwsEventId"));
    (is_ours && Body::of(node).has("rows")).then_some(columns)
}

fn table_row<'n>(columns: &[&str], row: &Tree<'_>) -> Option<Carried<'n>> {
    let Tree::List(cells) = row else { return None };
    let stated = columns.iter().zip(cells).filter(|(_, cell)| text_of(cell).is_some());
    let entries = stated.map(|(column, cell)| ((*column).to_owned().into(), cell.to_owned_tree())).collect();
    Some(Carried::Row(format::SENTINEL, Node::new(entries, None)))
}

/// Keys under which texts of records stand.
const CARRIERS: [(&str, &str); 8] = [
    ("Message", format::SNS),
    ("body", format::SQS),
    ("Body", format::SQS),
    ("message", format::LOGS),
    // Of queries over groups of logs: `{"field": "@message", "value": …}`.
    ("value", format::LOGS),
    ("eventJson", format::LAKE),
    ("CloudTrailEvent", format::LOOKUP),
    ("_raw", format::SPLUNK),
];
