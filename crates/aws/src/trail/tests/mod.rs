//! Records of real shape, and what is heard of them: each operation with its edits, each quirk with its counterpart.

mod aftermaths;
mod containers;
mod corpus;
mod envelopes;
mod groups;
mod networks;

use cloud::audit::{Act, Bears, Edit, Element, Event, Heard, Outcome};
use cloud::json::{Node, Tree};
use model::{DocumentId, Provenance};

use super::hear;

pub(super) const PLACE: Provenance = Provenance { document: DocumentId(0), offset: 0 };

pub(super) fn heard(text: &str) -> Heard {
    hear(&Element { at: PLACE, text })
}

/// A record of EC2 as CloudTrail writes it.
pub(super) fn record(name: &str, request: &str, response: &str) -> String {
    failed(name, request, response, "")
}

/// The same with more beside it: `"errorCode": …`.
pub(super) fn failed(name: &str, request: &str, response: &str, more: &str) -> String {
    format!(
        r#"{{"eventVersion": "1.09", "userIdentity": {{"type": "AssumedRole", "principalId": "AROAEXAMPLE:ana",
            "arn": "arn:aws:sts::111122223333:assumed-role/net/ana", "accountId": "111122223333",
            "sessionContext": {{"sessionIssuer": {{"type": "Role", "arn": "arn:aws:iam::111122223333:role/net"}}}}}},
            "eventTime": "2026-01-10T09:12:44Z", "eventSource": "ec2.amazonaws.com", "eventName": "{name}",
            "awsRegion": "eu-west-1", "sourceIPAddress": "198.51.100.7", "userAgent": "aws-cli/2", {more}
            "requestParameters": {request}, "responseElements": {response}, "requestID": "r-1",
            "eventID": "e-1", "readOnly": false, "eventType": "AwsApiCall", "managementEvent": true,
            "recipientAccountId": "111122223333", "eventCategory": "Management"}}"#
    )
}

/// What one record comes to: a line for its event, one for each edit, one for each gap.
pub(super) fn told(text: &str) -> Vec<String> {
    let heard = heard(text);
    let mut lines: Vec<String> = heard.events.iter().flat_map(of_event).collect();
    lines.extend(heard.gaps.iter().map(|gap| format!("gap {}", gap.code)));
    lines
}

/// The edits of a record that says nothing else.
pub(super) fn edits(name: &str, request: &str, response: &str) -> Vec<String> {
    let lines = told(&record(name, request, response));
    let (first, rest) = lines.split_first().expect("an event");
    assert!(first.starts_with("done "), "{first}");
    rest.to_vec()
}

fn of_event(event: &Event) -> Vec<String> {
    let outcome = match event.outcome {
        Outcome::Done => "done",
        Outcome::Begun => "begun",
        Outcome::Failed => "failed",
        Outcome::Denied => "denied",
    };
    let mut lines = vec![format!("{outcome} {} {}", event.operation, event.edited)];
    match &event.bears {
        Bears::Edits(edits) => lines.extend(edits.iter().map(of_edit)),
        other => lines.push(format!("{other:?}")),
    }
    lines
}

fn of_edit(edit: &Edit) -> String {
    let act = match &edit.act {
        Act::Put(node) => format!("put {}", of_node(node)),
        Act::Drop => "drop".to_owned(),
        Act::Merge(node) => format!("merge {}", of_node(node)),
        Act::Set { at, value } => format!("set {at} {}", of_tree(value)),
        Act::Insert { into, items, .. } => {
            let items: Vec<String> = items.iter().map(of_tree).collect();
            format!("insert {into} {}", items.join(" "))
        }
        Act::Remove { from, items } => {
            let items: Vec<String> = items.iter().map(of_tree).collect();
            format!("remove {from} {}", items.join(" "))
        }
    };
    format!("{} {}: {act}", edit.kind, edit.id)
}

pub(super) fn of_node(node: &Node<'_>) -> String {
    let entries: Vec<String> =
        node.entries().iter().map(|(key, value)| format!("{key}={}", of_tree(value))).collect();
    format!("{{{}}}", entries.join(" "))
}

pub(super) fn of_tree(tree: &Tree<'_>) -> String {
    match tree {
        Tree::Null => "null".to_owned(),
        Tree::Flag(flag) => flag.to_string(),
        Tree::Text(text) => text.to_string(),
        Tree::List(items) => {
            let items: Vec<String> = items.iter().map(of_tree).collect();
            format!("[{}]", items.join(" "))
        }
        Tree::Object(node) => of_node(node),
        Tree::Unknown(unknown) => format!("?{}", unknown.text),
    }
}
