//! How CloudTrail writes calls that did not go through: a code, a message, no answer.
//!
//! EC2 puts `Client.` or `Server.` before its codes, other services do not.

use cloud::audit::Outcome;
use serde_json::{Value, json};

use super::{Ending, Spelling};

pub(super) const SPELLING: Spelling = Spelling {
    is_record: |value| value.get("eventName").is_some() && value.get("eventSource").is_some(),
    request: |_| None,
    endings: &[
        Ending { name: "not valid", outcome: Outcome::Failed, says_what: true, twin: not_valid },
        Ending { name: "there already", outcome: Outcome::Failed, says_what: true, twin: there_already },
        Ending { name: "not there", outcome: Outcome::Failed, says_what: true, twin: not_there },
        Ending { name: "throttled", outcome: Outcome::Failed, says_what: true, twin: throttled },
        Ending { name: "dry run", outcome: Outcome::Failed, says_what: true, twin: dry_run },
        Ending { name: "broken", outcome: Outcome::Failed, says_what: true, twin: broken },
        Ending { name: "not authorised", outcome: Outcome::Denied, says_what: true, twin: not_authorised },
        Ending { name: "access denied", outcome: Outcome::Denied, says_what: true, twin: access_denied },
    ],
};

fn not_valid(records: &[Value]) -> Vec<Value> {
    ended(records, ["Client.InvalidParameterValue", "ValidationException"])
}

fn there_already(records: &[Value]) -> Vec<Value> {
    ended(records, ["Client.InvalidPermission.Duplicate", "ResourceAlreadyExistsException"])
}

fn not_there(records: &[Value]) -> Vec<Value> {
    ended(records, ["Client.InvalidGroup.NotFound", "ResourceNotFoundException"])
}

fn throttled(records: &[Value]) -> Vec<Value> {
    ended(records, ["Client.RequestLimitExceeded", "ThrottlingException"])
}

fn dry_run(records: &[Value]) -> Vec<Value> {
    ended(records, ["Client.DryRunOperation", "DryRunOperationException"])
}

fn broken(records: &[Value]) -> Vec<Value> {
    ended(records, ["Server.InternalError", "InternalFailure"])
}

fn not_authorised(records: &[Value]) -> Vec<Value> {
    ended(records, ["Client.UnauthorizedOperation", "AccessDeniedException"])
}

fn access_denied(records: &[Value]) -> Vec<Value> {
    ended(records, ["Client.UnauthorizedOperation", "AccessDenied"])
}

/// With a code: as EC2 spells it, and as other services do.
fn ended(records: &[Value], [of_ec2, of_others]: [&str; 2]) -> Vec<Value> {
    let ended = |record: &Value| {
        let is_ec2 = record["eventSource"].as_str() == Some("ec2.amazonaws.com");
        let mut record = record.clone();
        record["errorCode"] = json!(if is_ec2 { of_ec2 } else { of_others });
        record["errorMessage"] = json!("the call did not go through");
        record["responseElements"] = Value::Null;
        record
    };
    records.iter().map(ended).collect()
}
