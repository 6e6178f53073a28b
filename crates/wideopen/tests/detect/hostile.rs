//! Logs that someone wrote to hide something in, or to keep us busy.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::fixture::{Inputs, code, err, gaps, is_civil, json_of, lines, opens, opens_port, record};

/// What such a log may take at most here, unoptimised and on a busy machine.
const LONG: Duration = Duration::from_secs(120);

fn judged(inputs: &Inputs, records: &[Value]) -> (i32, Value) {
    inputs.put("log.ndjson", lines(records));
    let begun = Instant::now();
    let output = inputs.detect(&["log.ndjson", "-f", "json", "-q"]);
    assert!(is_civil(&output), "{}", err(&output));
    assert!(begun.elapsed() < LONG, "{:?}", begun.elapsed());
    (code(&output), json_of(&output))
}

/// An id under which everything is told.
#[test]
fn one_id_for_everything_hides_nothing() {
    let inputs = Inputs::new();
    let mut records: Vec<Value> = (0..600).map(|n| opens(n, "10.0.0.0/8")).collect();
    records.push(opens_port(3_000, "0.0.0.0/0", 3389));
    for record in &mut records {
        record["eventID"] = json!("e-0");
    }
    let (exit, result) = judged(&inputs, &records);
    assert_eq!((exit, result["openings"].as_array().unwrap().len()), (1, 1));
    assert!(gaps(&result).iter().any(|(code, _)| code == "event-told-twice"));
}

#[test]
fn a_second_of_many_changes_is_judged() {
    let inputs = Inputs::new();
    let mut records: Vec<Value> =
        (0..200_u16).map(|n| opens_port(u32::from(n), "198.51.100.0/24", 1_000 + n)).collect();
    records.push(opens(2_000, "0.0.0.0/0"));
    for record in &mut records {
        record["eventTime"] = json!("2026-01-10T09:00:00Z");
    }
    let (exit, result) = judged(&inputs, &records);
    assert_eq!(exit, 1);
    assert!(result["openings"].to_string().contains("0.0.0.0"), "{}", result["openings"]);
}

/// Objects are written by everybody all the time.
#[test]
fn writes_of_objects_take_bounded_room() {
    let inputs = Inputs::new();
    let write = |number: u32| {
        let mut put = record(number, "PutObject", &json!({"bucketName": "b", "key": format!("k-{number}")}));
        put["eventSource"] = json!("s3.amazonaws.com");
        put
    };
    let mut records: Vec<Value> = (0..25_000).map(write).collect();
    records.push(opens(40_000, "0.0.0.0/0"));
    inputs.put("log.ndjson", lines(&records));
    let output = inputs.detect(&["log.ndjson", "-f", "json", "-q", "--state", "state"]);
    assert_eq!((code(&output), gaps(&json_of(&output))), (1, Vec::new()));
    assert!(inputs.read("state").len() < 8_000_000, "{}", inputs.read("state").len());
}

/// Refused attempts are played through as long as there are few: that there were more is said.
#[test]
fn more_refused_attempts_than_are_played_through_are_a_gap() {
    let inputs = Inputs::new();
    let refused = |number: u16| {
        let mut record = opens_port(u32::from(number), "0.0.0.0/0", 3_000 + number);
        record["errorCode"] = json!("Client.UnauthorizedOperation");
        record["responseElements"] = Value::Null;
        record
    };
    for (count, expected) in [(256, 0), (258, 1)] {
        let (_, result) = judged(&inputs, &(0..count).map(refused).collect::<Vec<_>>());
        let found: Vec<_> =
            gaps(&result).into_iter().filter(|(code, _)| code == "attempts-not-judged").collect();
        assert_eq!(found.len(), expected, "{}", result["gaps"]);
    }
}
