//! Events in the order in which they happened, over a snapshot or over nothing, and what is reached after each.

use aws::Inventory;
use cloud::audit::{Bears, Element, Event};
use cloud::{Document, Inventory as _};
use model::{DocumentId, Gap, Provenance, Snapshot, Thresholds, Weakened};

use crate::estate::Answer;

/// An inventory that events are told to.
pub(crate) struct Story {
    inventory: Inventory,
    /// What was not understood.
    pub(crate) gaps: Vec<Gap>,
    /// What was taken away and never seen.
    pub(crate) unseen: Vec<String>,
}

impl Story {
    /// One that begins with these documents.
    pub(crate) fn of<T: AsRef<str>>(documents: &[T]) -> Self {
        let mut inventory = Inventory::new();
        inventory.remember();
        for (number, text) in documents.iter().enumerate() {
            let id = DocumentId(u32::try_from(number).unwrap());
            inventory.read(&Document { id, path: "input.json", text: text.as_ref() });
        }
        Self { inventory, gaps: Vec::new(), unseen: Vec::new() }
    }

    /// Tells a call that was done: its service, its name, its request, its response.
    pub(crate) fn call(&mut self, call: [&str; 4]) -> &mut Self {
        self.edited(&heard(&record(call, "")))
    }

    /// Applies what events edit.
    pub(crate) fn edited(&mut self, events: &[Event]) -> &mut Self {
        for event in events {
            let Bears::Edits(edits) = &event.bears else { continue };
            for edit in edits {
                let applied = self.inventory.apply(edit, event.place);
                self.gaps.extend(applied.gaps);
                self.unseen.extend(applied.unseen);
            }
        }
        self
    }

    fn snapshot(&self) -> Snapshot {
        self.inventory.snapshot(Thresholds::STANDARD)
    }

    /// What is reached now, a line for each exposure; groups that nothing carries are left out.
    pub(crate) fn exposures(&self) -> Vec<String> {
        let mut snapshot = self.snapshot();
        snapshot.targets.retain(|target| target.kind != "security-group");
        Answer { readings: Vec::new(), snapshot }.exposures()
    }

    /// What is reached now, groups included.
    pub(crate) fn admitted(&self) -> Vec<String> {
        Answer { readings: Vec::new(), snapshot: self.snapshot() }.exposures()
    }

    /// The fronts of all paths, sorted.
    pub(crate) fn fronts(&self) -> Vec<String> {
        let snapshot = self.snapshot();
        let paths = snapshot.targets.iter().flat_map(|target| &target.paths);
        let mut fronts: Vec<String> =
            paths.map(|path| format!("{:?} {:?}", path.reach, path.front)).collect();
        fronts.sort();
        fronts
    }

    /// Asserts what is reached now.
    pub(crate) fn reaches(&mut self, expected: &[&str]) -> &mut Self {
        assert_eq!(self.exposures(), expected, "gaps: {:?}, unseen: {:?}", self.gaps, self.unseen);
        self
    }
}

/// A record of CloudTrail; `more` stands behind its other keys.
pub(crate) fn record([service, name, request, response]: [&str; 4], more: &str) -> String {
    format!(
        r#"{{"eventVersion": "1.09", "userIdentity": {{"type": "IAMUser", "arn": "arn:aws:iam::111122223333:user/ana", "accountId": "111122223333", "userName": "ana"}}, "eventTime": "2026-03-04T05:06:07Z", "eventSource": "{service}.amazonaws.com", "eventName": "{name}", "awsRegion": "eu-west-1", "sourceIPAddress": "198.51.100.7", "userAgent": "aws-cli", "requestParameters": {request}, "responseElements": {response}, "eventID": "e-{name}", "readOnly": false, "eventType": "AwsApiCall", "recipientAccountId": "111122223333"{more}}}"#
    )
}

/// The events of a record.
pub(crate) fn heard(record: &str) -> Vec<Event> {
    let at = Provenance { document: DocumentId(7), offset: 0 };
    let heard = (aws::CLOUD.trail.hear)(&Element { at, text: record });
    assert_eq!(heard.format, Some("aws/cloudtrail"), "{record}");
    heard.events
}

/// What a call that was done does to somebody who watches; `None`: nothing.
pub(crate) fn impaired(call: [&str; 4]) -> Option<(Weakened, String, String)> {
    let events = heard(&record(call, ""));
    events.into_iter().find_map(|event| match event.bears {
        Bears::Impairs(what) => Some((what.weakened, what.kind.to_string(), what.note)),
        _ => None,
    })
}

/// The kind of what a call changes that is not modelled; `None`: nothing.
pub(crate) fn elsewhere(call: [&str; 4]) -> Option<String> {
    let events = heard(&record(call, ""));
    events.into_iter().find_map(|event| match event.bears {
        Bears::NotModelled { kind } => Some(kind.to_string()),
        _ => None,
    })
}
