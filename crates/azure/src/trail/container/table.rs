//! What the query interface of Log Analytics answers: columns, and rows without names.

use std::borrow::Cow;

use cloud::json::{Node, Tree};

/// The rows of all tables, as objects; `None` where no table holds records.
pub(super) fn rows<'a>(node: &Node<'a>) -> Option<Vec<Node<'a>>> {
    let Some(Tree::List(tables)) = node.own("tables") else { return None };
    let rows: Vec<Node<'a>> = tables.iter().filter_map(table).flatten().collect();
    (!rows.is_empty()).then_some(rows)
}

fn table<'a>(table: &Tree<'a>) -> Option<Vec<Node<'a>>> {
    let Tree::Object(table) = table else { return None };
    let (Some(Tree::List(columns)), Some(Tree::List(rows))) = (table.own("columns"), table.own("rows"))
    else {
        return None;
    };
    let names: Vec<Cow<'a, str>> = columns.iter().map(name).collect();
    let is_of_log = names.iter().any(|name| name.eq_ignore_ascii_case("OperationNameValue"))
        || names.iter().any(|name| name.eq_ignore_ascii_case("OperationName"));
    is_of_log.then_some(())?;
    let cells = |row: &Tree<'a>| match row {
        Tree::List(cells) => {
            Some(Node::new(names.iter().cloned().zip(cells.iter().cloned()).collect(), table.at))
        }
        _ => None,
    };
    Some(rows.iter().filter_map(cells).collect())
}

/// The name of a column: `{"name": "TimeGenerated", "type": "datetime"}`, or the name alone.
fn name<'a>(column: &Tree<'a>) -> Cow<'a, str> {
    match column {
        Tree::Text(name) => name.clone(),
        Tree::Object(column) => ["name", "ColumnName"]
            .iter()
            .find_map(|key| match column.own(key) {
                Some(Tree::Text(name)) => Some(name.clone()),
                _ => None,
            })
            .unwrap_or_default(),
        Tree::Null | Tree::Flag(_) | Tree::List(_) | Tree::Unknown(_) => Cow::Borrowed(""),
    }
}
