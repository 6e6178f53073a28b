//! Events of Event Grid about resources, in its own schema and as CloudEvents: that one was written, not what it is now.

use std::borrow::Cow;

use cloud::json::{Node, Tree};

use super::made;

/// The record that an event is, spelled as the REST interface spells one.
pub(super) fn record<'a>(node: &Node<'a>) -> Option<Node<'a>> {
    let kind = ["eventType", "type"].iter().find_map(|key| match node.own(key) {
        Some(Tree::Text(kind)) => kind.strip_prefix("Microsoft.Resources.Resource"),
        _ => None,
    })?;
    let Some(Tree::Object(_)) = node.own("data") else { return None };
    let mut record = made(node, KEYS);
    // `WriteSuccess`, `DeleteFailure`, `ActionCancel`.
    let status = match kind {
        done if done.ends_with("Success") => "Succeeded",
        _ => "Failed",
    };
    record.push(Cow::Borrowed("status"), Tree::Text(Cow::Borrowed(status)));
    Some(record)
}

const KEYS: &[(&str, &[&str])] = &[
    ("eventDataId", &["id"]),
    ("eventTimestamp", &["eventTime"]),
    ("time", &["time"]),
    ("operationName", &["data", "operationName"]),
    ("resourceId", &["data", "resourceUri"]),
    ("subject", &["subject"]),
    ("correlationId", &["data", "correlationId"]),
    ("claims", &["data", "claims"]),
    ("authorization", &["data", "authorization"]),
    ("httpRequest", &["data", "httpRequest"]),
];
