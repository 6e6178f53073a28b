//! Entries of the log of administration: how what was asked of the API stands there.

use serde_json::{Value, json};

use crate::histories::{ACTORS, clock};
use crate::random::Random;

/// What was asked.
pub(super) struct Asked {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) request: Value,
    /// What the resource was before, where the entry has it.
    pub(super) original: Option<Value>,
    pub(super) ended: Ended,
    /// Whether the answer comes when all is done: services beside Compute Engine.
    pub(super) is_short: bool,
    /// Whether it depends on what other operations left.
    pub(super) is_made_of_others: bool,
}

/// How it ended. Complete.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Ended {
    Done,
    /// Refused: 7, or 403 in the answer.
    Denied,
    /// Not carried out, as the only entry says.
    Failed,
    /// Not carried out, as the last entry says.
    FailedLater,
    /// Something that only reads.
    Read,
}

impl Asked {
    pub(super) fn new(method: &str, path: &str, request: Value) -> Self {
        Self {
            method: method.to_owned(),
            path: path.to_owned(),
            request,
            original: None,
            ended: Ended::Done,
            is_short: false,
            is_made_of_others: false,
        }
    }
}

/// Numbers entries and operations.
#[derive(Default)]
pub(super) struct Entries {
    count: usize,
}

impl Entries {
    pub(super) fn of(&mut self, asked: &Asked, seconds: u64, random: &mut Random) -> Vec<Value> {
        let mut first = self.entry(asked, seconds, random);
        let payload = &mut first["protoPayload"];
        payload["request"] = asked.request.clone();
        if let Some(original) = &asked.original {
            payload["resourceOriginalState"] = original.clone();
        }
        match asked.ended {
            Ended::Denied if random.chance(50) => {
                payload["status"] = json!({"code": 7, "message": "PERMISSION_DENIED"});
                return vec![first];
            }
            Ended::Denied => {
                payload["response"] = json!({"error": {"code": 403, "errors": [{"reason": "forbidden"}]}});
                return vec![first];
            }
            Ended::Failed => {
                payload["status"] = json!({"code": 9, "message": "it is in use"});
                return vec![first];
            }
            Ended::Read => return vec![first],
            Ended::Done | Ended::FailedLater => {}
        }
        if asked.is_short {
            return vec![first];
        }
        let link = format!("https://www.googleapis.com/compute/v1/{}", asked.path);
        payload["response"] =
            json!({"status": *random.pick(&["RUNNING", "PENDING"]), "targetLink": link, "progress": "0"});
        let mut last = self.entry(asked, seconds + 1 + random.below(15) as u64, random);
        last["protoPayload"]["authenticationInfo"] = first["protoPayload"]["authenticationInfo"].clone();
        last["protoPayload"]["request"] = json!({"@type": "type.googleapis.com/compute.request"});
        let operation = format!("operation-{}", self.count);
        first["operation"] = json!({"id": operation, "producer": "type.googleapis.com", "first": true});
        last["operation"] = json!({"id": operation, "producer": "compute.googleapis.com", "last": true});
        if asked.ended == Ended::FailedLater {
            last["protoPayload"]["status"] = json!({"code": 10, "message": "aborted"});
            last["severity"] = "ERROR".into();
        }
        vec![first, last]
    }

    fn entry(&mut self, asked: &Asked, seconds: u64, random: &mut Random) -> Value {
        self.count += 1;
        let service = match asked.method.split_once("networksecurity") {
            Some(_) => "networksecurity.googleapis.com",
            None => "compute.googleapis.com",
        };
        json!({
            "protoPayload": {
                "@type": "type.googleapis.com/google.cloud.audit.AuditLog",
                "authenticationInfo": {"principalEmail": format!("{}@tailspin.example", random.pick(&ACTORS))},
                "requestMetadata": {"callerIp": "198.51.100.7", "callerSuppliedUserAgent": "google-cloud-sdk"},
                "serviceName": service, "methodName": asked.method, "resourceName": asked.path,
            },
            "insertId": format!("-i{}", self.count),
            "resource": {"type": "gce", "labels": {"project_id": "tailspin"}},
            "timestamp": clock(seconds), "severity": "NOTICE",
            "logName": "projects/tailspin/logs/cloudaudit.googleapis.com%2Factivity",
        })
    }
}
