//! A bench for entries: hears them, joins them, and makes their edits to objects as exports spell them.

use std::collections::BTreeMap;

use cloud::audit::{Bears, Edited, Element, Event, Heard, Ledger, Outcome};
use cloud::json::{Node, Tree, tree_in};
use model::{DocumentId, Name, Provenance};

const PLACE: Provenance = Provenance { document: DocumentId(0), offset: 0 };

/// An entry of the log of administration: method, resource, and more of its payload.
pub(crate) fn entry(method: &str, resource: &str, payload: &str) -> String {
    entry_with(method, resource, payload, "")
}

/// The same, with more around the payload.
pub(crate) fn entry_with(method: &str, resource: &str, payload: &str, outer: &str) -> String {
    let comma = |more: &str| if more.is_empty() { String::new() } else { format!(", {more}") };
    let service = match method {
        _ if method.contains("compute.") => "compute",
        _ if method.contains("sql") => "cloudsql",
        _ if method.contains("container.") => "container",
        _ => "cloudresourcemanager",
    };
    format!(
        r#"{{"protoPayload": {{"@type": "type.googleapis.com/google.cloud.audit.AuditLog",
            "authenticationInfo": {{"principalEmail": "ana@tailspin.example", "principalSubject": "user:ana@tailspin.example"}},
            "requestMetadata": {{"callerIp": "203.0.113.7", "callerSuppliedUserAgent": "google-cloud-sdk gcloud/500.0.0"}},
            "serviceName": "{service}.googleapis.com", "methodName": "{method}", "resourceName": "{resource}"{}}},
          "insertId": "-k1x", "resource": {{"type": "t", "labels": {{"project_id": "tailspin"}}}},
          "timestamp": "2026-03-01T10:00:00.5Z", "severity": "NOTICE",
          "logName": "projects/tailspin/logs/cloudaudit.googleapis.com%2Factivity"{}}}"#,
        comma(payload),
        comma(outer)
    )
}

/// What is heard of a text.
pub(crate) fn hear(text: &str) -> Heard {
    (gcp::CLOUD.trail.hear)(&Element { at: PLACE, text })
}

/// The events of texts after joining, without gaps.
pub(crate) fn events(texts: &[&str]) -> Vec<Event> {
    let (events, gaps) = events_and_gaps(texts);
    assert!(gaps.is_empty(), "{gaps:?}");
    events
}

/// The events of texts after joining, and the codes of what was not understood.
pub(crate) fn events_and_gaps(texts: &[&str]) -> (Vec<Event>, Vec<&'static str>) {
    let mut told = Vec::new();
    let mut codes = Vec::new();
    let mut joined: BTreeMap<Name, Vec<Event>> = BTreeMap::new();
    for text in texts {
        let heard = hear(text);
        assert_eq!(heard.format, Some("gcp/audit"), "{text}");
        codes.extend(heard.gaps.iter().map(|gap| gap.code));
        for event in heard.events {
            match &event.joined_by {
                Some(by) => joined.entry(by.clone()).or_default().push(event),
                None => told.push(event),
            }
        }
    }
    for (_, mut events) in joined {
        events.sort_by(|one, other| (one.at, &one.id).cmp(&(other.at, &other.id)));
        told.extend((gcp::CLOUD.trail.join)(events));
    }
    (told, codes)
}

/// An object apart from its text.
pub(crate) fn node(text: &str) -> Node<'static> {
    match tree_in(text) {
        Some(Tree::Object(node)) => node.to_owned_node(),
        other => panic!("{other:?} of {text}"),
    }
}

/// A tree as text, with keys in order and values that are not known as `?`.
pub(crate) fn written(tree: &Tree<'_>) -> String {
    match tree {
        Tree::Null => "null".to_owned(),
        Tree::Flag(flag) => flag.to_string(),
        Tree::Text(text) => format!("{text:?}"),
        Tree::Unknown(_) => "?".to_owned(),
        Tree::List(items) => format!("[{}]", items.iter().map(written).collect::<Vec<_>>().join(",")),
        Tree::Object(node) => {
            let mut entries: Vec<String> =
                node.entries().iter().map(|(key, value)| format!("{key}={}", written(value))).collect();
            entries.sort();
            format!("{{{}}}", entries.join(","))
        }
    }
}

/// Objects, and what edits make of them.
#[derive(Default)]
pub(crate) struct Objects(Ledger);

impl Objects {
    /// With an object of a kind at a path.
    pub(crate) fn with(mut self, kind: &str, path: &str, text: &str) -> Self {
        self.0.note(&kind.into(), &path.into(), &node(text), PLACE);
        self
    }

    /// Makes the edits of an event.
    pub(crate) fn apply(&mut self, event: &Event) -> Vec<Edited> {
        let Bears::Edits(edits) = &event.bears else { panic!("no edits: {event:?}") };
        let edits = edits.iter();
        edits.map(|edit| self.0.act([&edit.kind, &edit.id], &edit.act, PLACE, &Node::default)).collect()
    }

    /// An object without the keys that only say who it is; `None` where there is none.
    pub(crate) fn get(&self, kind: &str, path: &str) -> Option<String> {
        let object = self.0.get(kind, path)?;
        let mut node = object.node.clone();
        for key in ["kind", "selfLink", "creationTimestamp", "createTime", "name", "id"] {
            node.take_out(key);
        }
        Some(written(&Tree::Object(node)))
    }

    /// The object, with all its keys.
    pub(crate) fn whole(&self, kind: &str, path: &str) -> Node<'static> {
        self.0.get(kind, path).unwrap().node.clone()
    }
}

/// One line of a table: what is done to an object that is there before, and what it is then.
pub(crate) struct Line<'l> {
    pub(crate) method: &'l str,
    pub(crate) resource: &'l str,
    pub(crate) payload: &'l str,
    pub(crate) kind: &'l str,
    pub(crate) path: &'l str,
    pub(crate) before: Option<&'l str>,
    pub(crate) after: Option<&'l str>,
}

/// Runs a line: done it comes to `after`; refused it is told and failed it is not, and neither changes anything.
pub(crate) fn check(line: &Line<'_>) {
    let Line { method, resource, payload, kind, path, before, after } = line;
    let objects = |text: Option<&str>| match text {
        Some(text) => Objects::default().with(kind, path, text),
        None => Objects::default(),
    };
    let expected = after.map(|text| written(&Tree::Object(node(text))));
    let all = events(&[&entry(method, resource, payload)]);
    let event = all.iter().find(|event| matches!(event.bears, Bears::Edits(_)));
    let event = event.unwrap_or_else(|| panic!("{method}: no edit in {all:?}"));
    assert_eq!((event.outcome, &*event.operation), (Outcome::Done, *method));
    let mut now = objects(*before);
    now.apply(event);
    assert_eq!(now.get(kind, path), expected, "{method} {payload}");
    for (status, outcome) in [("7", Outcome::Denied), ("9", Outcome::Failed)] {
        let status = format!(
            r#"{payload}{}"status": {{"code": {status}, "message": "no"}}"#,
            if payload.is_empty() { "" } else { ", " }
        );
        let heard = hear(&entry(method, resource, &status));
        assert!(heard.gaps.is_empty(), "{method}: {:?}", heard.gaps);
        assert!(
            !heard.events.is_empty() && heard.events.iter().all(|event| event.outcome == outcome),
            "{method}"
        );
    }
}
