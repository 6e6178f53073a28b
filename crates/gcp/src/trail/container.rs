//! What records come in: log entries as they are read, written by a sink or sent by Pub/Sub and Eventarc, rows of BigQuery
//! and of Sentinel, what Splunk, Elastic and Panther make of them.
//!
//! Knows no operation. An entry of another log than an audit log is a record that says nothing.

use cloud::audit::Heard;
use cloud::base64;
use cloud::json::{Node, Tree, tree_in};
use model::Provenance;

use super::part::{object, part, text, value};

/// The format of every container.
pub(crate) const FORMAT: &str = "gcp/audit";

/// Keys that only records have, and nothing that wraps them.
pub(crate) const RECORD_KEYS: &[&str] =
    &["protoPayload", "protopayload", "protopayload_auditlog", "proto_payload", "MethodName", "methodName"];

/// Who takes records: the entry, and its payload, which may be one object with it.
pub(super) type Take<'t> = &'t mut dyn FnMut(&Node<'_>, &Node<'_>, Provenance, &mut Heard);

/// Looks for records in a value.
pub(super) struct Search<'s> {
    /// The text that the value is read from, which begins at `at`.
    pub(super) text: &'s str,
    pub(super) at: Provenance,
}

impl Search<'_> {
    /// Hands on all records of a value.
    pub(super) fn visit(&self, tree: &Tree<'_>, depth: u32, heard: &mut Heard, take: Take<'_>) {
        match tree {
            _ if depth > DEPTH => {}
            Tree::List(items) => items.iter().for_each(|item| self.visit(item, depth + 1, heard, take)),
            Tree::Object(node) => self.object(node, depth, heard, take),
            Tree::Text(inner) => {
                if let Some(tree) = tree_in(inner) {
                    self.visit(&tree, depth + 1, heard, take);
                }
            }
            Tree::Null | Tree::Flag(_) | Tree::Unknown(_) => {}
        }
    }

    fn object(&self, node: &Node<'_>, depth: u32, heard: &mut Heard, take: Take<'_>) {
        let place = self.place(node);
        if let Some(payload) = payload(node) {
            recognised(heard);
            return take(node, &payload, place, heard);
        }
        if is_row(node) {
            recognised(heard);
            return take(node, node, place, heard);
        }
        if is_other_entry(node) {
            return recognised(heard);
        }
        let before = heard.records;
        for key in WRAPPERS {
            // Who keeps what was sent beside what was made of it says one thing twice.
            if heard.records > before {
                return;
            }
            match value(node, key) {
                Some(Tree::Text(inner)) => {
                    if let Some(tree) = coded(inner) {
                        self.visit(&tree, depth + 1, heard, take);
                    }
                }
                Some(inner @ (Tree::Object(_) | Tree::List(_))) => self.visit(inner, depth + 1, heard, take),
                Some(Tree::Null | Tree::Flag(_) | Tree::Unknown(_)) | None => {}
            }
        }
    }

    /// Where an object stands; that of its element where it stands in no text.
    fn place(&self, node: &Node<'_>) -> Provenance {
        let Some(key) = node.at else { return self.at };
        let offset = (key.as_ptr() as usize).wrapping_sub(self.text.as_ptr() as usize);
        let before = self.text.get(..offset).and_then(|before| before.rfind('{'));
        before.map_or(self.at, |brace| Provenance { offset: self.at.offset + brace as u64, ..self.at })
    }
}

fn recognised(heard: &mut Heard) {
    heard.format = Some(FORMAT);
    heard.records += 1;
}

/// How deep containers stand in each other, and what wraps records in it.
const DEPTH: u32 = 6;
const WRAPPERS: [&str; 13] = [
    // Pub/Sub; functions; Eventarc.
    "message",
    "receivedMessages",
    "data",
    "data_base64",
    // The answer of the API.
    "entries",
    // Splunk, Elastic, Chronicle and others keep what they were sent.
    "_source",
    "event",
    "original",
    "result",
    "raw",
    "p_raw_data",
    "LogEntry",
    "records",
];

/// JSON in a text, be it in base64.
fn coded(text: &str) -> Option<Tree<'static>> {
    if let Some(tree) = tree_in(text) {
        return Some(tree);
    }
    let decoded = String::from_utf8(base64(text)?).ok()?;
    tree_in(&decoded)
}

/// The payload of an entry of an audit log.
fn payload<'a>(node: &Node<'a>) -> Option<Node<'a>> {
    // As Cloud Logging writes it; Panther writes the key in small letters.
    let direct = object(node, "protoPayload").filter(|payload| value(payload, "methodName").is_some());
    // BigQuery; the views of Log Analytics.
    let row = || object(node, "protopayload_auditlog");
    let view = || part(part(node, "proto_payload")?, "audit_log").cloned();
    // Elastic, which has the name of the method twice, or only beside the payload.
    let elastic = || {
        let mut payload = part(part(node, "gcp")?, "audit").cloned()?;
        if value(&payload, "methodName").is_none() {
            let action = text(part(node, "event")?, "action")?;
            payload.push("methodName".into(), Tree::Text(action.to_owned().into()));
        }
        let old = ["email", "id"].iter().find_map(|key| text(part(part(node, "client")?, "user")?, key));
        if let (None, Some(email)) = (value(&payload, "authenticationInfo"), old) {
            payload.push("principalEmail".into(), Tree::Text(email.to_owned().into()));
        }
        Some(payload)
    };
    direct.or_else(row).or_else(view).or_else(elastic)
}

/// A payload alone, or a row of Sentinel, which is one with the entry around it.
fn is_row(node: &Node<'_>) -> bool {
    let Some(method) = text(node, "methodName") else { return false };
    let is_google = |service: &str| service.ends_with(".googleapis.com") || service == "k8s.io";
    text(node, "serviceName").is_some_and(is_google)
        || ["GCPResourceName", "authenticationInfo", "principalEmail"]
            .iter()
            .any(|key| value(node, key).is_some())
        || text(node, "@type").is_some_and(|kind| kind.ends_with("google.cloud.audit.AuditLog"))
        || super::operation::is_known(method)
}

/// An entry of Cloud Logging that is of no audit log.
fn is_other_entry(node: &Node<'_>) -> bool {
    let has = |key: &str| value(node, key).is_some();
    has("logName") && (has("insertId") || has("resource") || has("timestamp")) || has("protoPayload")
}
