//! Documents of Elastic: nested or with dotted keys.

use cloud::json::{Node, object_in};

use super::{at, is_record, made};

/// The record that a document was made of, spelled as a diagnostic export spells one: that itself where it was kept.
pub(super) fn record<'a>(node: &Node<'a>) -> Option<Node<'a>> {
    at(node, &["azure", "activitylogs", "operation_name"])?;
    let original = at(node, &["event", "original"]).and_then(object_in).filter(is_record);
    Some(match original {
        Some(original) => Node::new(original.into_entries(), node.at),
        None => made(node, KEYS),
    })
}

const KEYS: &[(&str, &[&str])] = &[
    ("time", &["@timestamp"]),
    ("operationName", &["azure", "activitylogs", "operation_name"]),
    ("resultType", &["azure", "activitylogs", "result_type"]),
    ("resultSignature", &["azure", "activitylogs", "result_signature"]),
    ("outcome", &["event", "outcome"]),
    ("resourceId", &["azure", "resource", "id"]),
    ("correlationId", &["azure", "correlation_id"]),
    ("operationId", &["azure", "activitylogs", "operation_id"]),
    ("eventDataId", &["azure", "activitylogs", "event_data_id"]),
    ("identity", &["azure", "activitylogs", "identity"]),
    ("callerIpAddress", &["source", "ip"]),
    ("clientAddress", &["client", "ip"]),
    ("properties", &["azure", "activitylogs", "properties"]),
    ("requestbody", &["azure", "activitylogs", "request_body"]),
    ("responseBody", &["azure", "activitylogs", "response_body"]),
];
