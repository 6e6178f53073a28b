//! How the Activity Log writes requests that did not go through: they arrive, perhaps they are accepted, and an end follows
//! that says `Failed`, with the status and the code of the answer and without a body.
//!
//! Three spellings: of the REST interface (`status`), of diagnostic settings (`resultType`), of tables
//! (`ActivityStatusValue`).

use cloud::audit::Outcome;
use serde_json::{Value, json};

use super::{Ending, Spelling};

pub(super) const SPELLING: Spelling = Spelling {
    is_record: |value| STATUS.iter().any(|key| value.get(key).is_some()) && operation(value).is_some(),
    request,
    endings: &[
        Ending { name: "in conflict", outcome: Outcome::Failed, says_what: true, twin: in_conflict },
        Ending {
            name: "not valid, of which the end alone is told",
            outcome: Outcome::Failed,
            says_what: false,
            twin: not_valid,
        },
        Ending {
            name: "accepted and then failed",
            outcome: Outcome::Failed,
            says_what: true,
            twin: failed_late,
        },
        Ending { name: "cancelled", outcome: Outcome::Failed, says_what: true, twin: cancelled },
        Ending { name: "not authorised", outcome: Outcome::Denied, says_what: true, twin: not_authorised },
        Ending {
            name: "not authorised, of which the end alone is told",
            outcome: Outcome::Denied,
            says_what: false,
            twin: refused,
        },
    ],
};

const STATUS: [&str; 3] = ["status", "resultType", "ActivityStatusValue"];
const SUB_STATUS: [&str; 3] = ["subStatus", "resultSignature", "ActivitySubstatusValue"];
const PROPERTIES: [&str; 2] = ["properties", "Properties"];
const IDS: [&str; 2] = ["eventDataId", "EventDataId"];

/// What the answer says.
#[derive(Clone, Copy)]
struct Answer {
    word: &'static str,
    status: &'static str,
    number: u16,
    code: &'static str,
}

const CONFLICT: Answer =
    Answer { word: "Failed", status: "Conflict", number: 409, code: "AnotherOperationInProgress" };
const INVALID: Answer =
    Answer { word: "Failed", status: "BadRequest", number: 400, code: "SecurityRuleParameterNotValid" };
const CANCELLED: Answer = Answer { word: "Canceled", status: "Conflict", number: 409, code: "Canceled" };
const FORBIDDEN: Answer =
    Answer { word: "Failed", status: "Forbidden", number: 403, code: "AuthorizationFailed" };

fn in_conflict(records: &[Value]) -> Vec<Value> {
    ended(records, &[STARTED], CONFLICT)
}

fn not_valid(records: &[Value]) -> Vec<Value> {
    ended(records, &[], INVALID)
}

fn failed_late(records: &[Value]) -> Vec<Value> {
    ended(records, &[STARTED, ACCEPTED], CONFLICT)
}

fn cancelled(records: &[Value]) -> Vec<Value> {
    ended(records, &[STARTED], CANCELLED)
}

fn not_authorised(records: &[Value]) -> Vec<Value> {
    ended(records, &[STARTED], FORBIDDEN)
}

fn refused(records: &[Value]) -> Vec<Value> {
    ended(records, &[], FORBIDDEN)
}

/// How words of phases begin.
const STARTED: &str = "start";
const ACCEPTED: &str = "accept";

fn text<'v>(record: &'v Value, keys: &[&str]) -> Option<&'v str> {
    let value = keys.iter().find_map(|key| record.get(key))?;
    value.as_str().or_else(|| value.get("value")?.as_str())
}

fn operation(record: &Value) -> Option<&str> {
    text(record, &["OperationNameValue", "operationName"])
}

fn request(record: &Value) -> Option<String> {
    let correlation = text(record, &["correlationId", "CorrelationId"])?;
    let resource = text(record, &["resourceId", "_ResourceId", "ResourceId"])?;
    Some(format!("{correlation} {} {resource}", operation(record)?).to_lowercase())
}

/// The records of a request of which phases stay, and its end. One id may join several requests: each has its end.
fn ended(records: &[Value], staying: &[&str], answer: Answer) -> Vec<Value> {
    let word = |record: &Value| text(record, &STATUS).unwrap_or_default().to_lowercase();
    let mut ended = Vec::new();
    let mut rest = records;
    while !rest.is_empty() {
        // A request ends before the next one begins.
        let goes_on =
            |pair: &[Value]| !word(&pair[1]).starts_with(STARTED) || word(&pair[0]).starts_with(STARTED);
        let length = rest.windows(2).take_while(|pair| goes_on(pair)).count() + 1;
        let (own, others) = rest.split_at(length);
        let stays = |record: &&Value| staying.iter().any(|start| word(record).starts_with(start));
        ended.extend(own.iter().filter(stays).cloned());
        ended.push(end(&own[length - 1], answer));
        rest = others;
    }
    ended
}

/// A record as one that says how its request ended.
fn end(record: &Value, Answer { word, status, number, code }: Answer) -> Value {
    let mut record = record.clone();
    let say = |record: &mut Value, keys: &[&str], text: &str| {
        let Some(key) = keys.iter().find(|key| record.get(key).is_some()) else { return };
        let value = &mut record[*key];
        *value = if value.is_object() { json!({"value": text}) } else { json!(text) };
    };
    say(&mut record, &STATUS, word);
    let signature =
        if record.get("resultSignature").is_some() { format!("Failed.{status}") } else { status.to_owned() };
    say(&mut record, &SUB_STATUS, &signature);
    let message = json!({"error": {"code": code, "message": format!("the answer was {number}")}}).to_string();
    let said = json!({"statusCode": status, "statusMessage": message, "eventCategory": "Administrative"});
    if let Some(key) = PROPERTIES.into_iter().find(|key| record.get(key).is_some()) {
        record[key] = if record[key].is_string() { json!(said.to_string()) } else { said };
    }
    // It is a record of its own.
    if let Some((key, id)) =
        IDS.into_iter().find_map(|key| Some((key, record.get(key)?.as_str()?.to_owned())))
    {
        record[key] = json!(format!("{id}-end"));
    }
    record
}
