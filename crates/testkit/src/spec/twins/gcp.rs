//! How Cloud Audit Logs write calls that did not go through: `status` has a code of gRPC, the severity is an error, and no
//! long operation begins. Compute Engine answers with an error that has the code of HTTP. A long operation may fail late:
//! then its last entry says so.

use cloud::audit::Outcome;
use serde_json::{Value, json};

use super::{Ending, Spelling};

pub(super) const SPELLING: Spelling = Spelling {
    is_record: |value| value.get("protoPayload").is_some_and(Value::is_object),
    request: |value| Some(value["operation"]["id"].as_str()?.to_owned()),
    endings: &[
        Ending { name: "not valid", outcome: Outcome::Failed, says_what: true, twin: not_valid },
        Ending {
            name: "there already, as Compute Engine answers",
            outcome: Outcome::Failed,
            says_what: true,
            twin: there_already,
        },
        Ending { name: "failed late", outcome: Outcome::Failed, says_what: true, twin: failed_late },
        Ending { name: "not authorised", outcome: Outcome::Denied, says_what: true, twin: not_authorised },
        Ending {
            name: "forbidden, as Compute Engine answers",
            outcome: Outcome::Denied,
            says_what: true,
            twin: forbidden,
        },
    ],
};

fn not_valid(records: &[Value]) -> Vec<Value> {
    ended(records, &json!({"code": 3, "message": "INVALID_ARGUMENT"}), None)
}

fn there_already(records: &[Value]) -> Vec<Value> {
    ended(records, &json!({"code": 6, "message": "ALREADY_EXISTS"}), Some(409))
}

fn not_authorised(records: &[Value]) -> Vec<Value> {
    ended(records, &json!({"code": 7, "message": "PERMISSION_DENIED"}), None)
}

fn forbidden(records: &[Value]) -> Vec<Value> {
    ended(records, &json!({"code": 7, "message": "PERMISSION_DENIED"}), Some(403))
}

/// The first entry as the only one: it has the request.
fn ended(records: &[Value], status: &Value, http: Option<u16>) -> Vec<Value> {
    let mut record = records[0].clone();
    record.as_object_mut().unwrap().remove("operation");
    record["severity"] = json!("ERROR");
    let payload = record["protoPayload"].as_object_mut().unwrap();
    payload.insert("status".to_owned(), status.clone());
    payload.remove("response");
    // What was before is looked up behind the permission.
    if status["code"] == 7 {
        payload.remove("resourceOriginalState");
    }
    if let Some(code) = http {
        let error =
            json!({"@type": "type.googleapis.com/error", "error": {"code": code, "message": "not done"}});
        payload.insert("response".to_owned(), error);
    }
    vec![record]
}

/// All entries, of which the last says that it failed. What is told by one entry failed there.
fn failed_late(records: &[Value]) -> Vec<Value> {
    let mut records = records.to_vec();
    if let [.., last] = records.as_mut_slice() {
        last["severity"] = json!("ERROR");
        last["protoPayload"]["status"] = json!({"code": 9, "message": "FAILED_PRECONDITION"});
        last["protoPayload"].as_object_mut().unwrap().remove("response");
    }
    records
}
