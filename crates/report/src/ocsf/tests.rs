//! Events are what the schema requires of 2004 and 2003: which fields, which numbers.

use serde_json::Value;

use crate::sample::{Estate, day, estate, rendered};
use crate::{Outcome, Style};

fn events(outcome: &Outcome<'_>) -> Vec<Value> {
    let text = rendered("ocsf", outcome, &Style::PLAIN);
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// What version 1.6.0 requires of every finding, and of the objects in it.
fn required(event: &Value) {
    for field in ["activity_id", "category_uid", "class_uid", "type_uid", "severity_id", "time"] {
        assert!(event[field].is_i64(), "{field}: {event}");
    }
    for pointer in [
        "/metadata/version",
        "/metadata/product/name",
        "/metadata/product/vendor_name",
        "/cloud/provider",
        "/finding_info/uid",
        "/finding_info/analytic/uid",
        "/message",
    ] {
        assert!(event.pointer(pointer).is_some_and(Value::is_string), "{pointer}: {event}");
    }
    let number = |field: &str| event[field].as_i64().unwrap();
    assert_eq!(number("type_uid"), number("class_uid") * 100 + number("activity_id"));
    assert_eq!(number("category_uid"), 2);
    assert!((1..=3).contains(&number("activity_id")) && (1..=5).contains(&number("severity_id")));
    assert!(event["finding_info"]["analytic"]["type_id"].is_i64());
    for attack in event["finding_info"]["attacks"].as_array().unwrap() {
        assert!(attack["technique"]["uid"].as_str().is_some_and(|id| !id.contains('.')), "{attack}");
        if let Some(whole) = attack.get("sub_technique") {
            assert!(whole["uid"].as_str().unwrap().starts_with(attack["technique"]["uid"].as_str().unwrap()));
        }
    }
    for evidence in event.get("evidences").and_then(Value::as_array).into_iter().flatten() {
        assert!(evidence["actor"]["user"]["name"].is_string() && evidence["api"]["operation"].is_string());
        assert!(evidence["api"]["request"]["uid"].is_string());
        assert!(evidence["src_endpoint"]["ip"].is_string());
    }
    let resources = event["resources"].as_array().unwrap();
    assert!(
        !resources.is_empty()
            && resources.iter().all(|one| [1, 3].map(Value::from).contains(&one["role_id"]))
    );
    let times = [&event["start_time"], &event["end_time"]].map(Value::as_i64);
    assert!(times[0] <= times[1] && times[1].is_none_or(|last| last == number("time")), "{event}");
}

#[test]
fn detections_are_created_updated_and_closed() {
    let estate = day();
    let events = events(&estate.outcome());
    events.iter().for_each(required);
    let told = |event: &Value| {
        let of = |field: &str| event[field].as_str().unwrap().to_owned();
        format!("{} {} {}", event["class_uid"], of("type_name"), of("status"))
    };
    let told: Vec<String> = events.iter().map(told).collect();
    let expected = [
        "2004 Detection Finding: Update New",
        "2004 Detection Finding: Close Resolved",
        "2004 Detection Finding: Create New",
        "2004 Detection Finding: Create New",
        "2004 Detection Finding: Create New",
        "2004 Detection Finding: Create Suppressed",
    ];
    assert_eq!(told, expected);
    let first = &events[0];
    assert_eq!(first["time"], 1_768_046_590_000_i64, "of the last step, in milliseconds");
    assert_eq!(first["start_time"], 1_768_036_364_000_i64);
    assert_eq!(events[1]["end_time"], 1_768_051_699_000_i64);
    assert_eq!(first["is_alert"], true);
    assert_eq!((&events[1]["is_alert"], &events[5]["is_alert"]), (&false.into(), &false.into()));
    let techniques: Vec<_> = first["finding_info"]["attacks"].as_array().unwrap().iter().collect();
    assert_eq!(techniques[0]["sub_technique"]["uid"], "T1686.001");
    assert_eq!(techniques[1]["sub_technique"]["uid"], "T1562.007");
    assert_eq!(first["evidences"][0]["data"]["sources"], serde_json::json!(["0.0.0.0/1"]));
    assert_eq!(first["evidences"].as_array().unwrap().len(), 2);
}

/// What is sent again when it is closed is an update of what was sent when it was opened.
#[test]
fn an_opening_keeps_its_uid() {
    let mut estate = day();
    let uid = |estate: &Estate| events(&estate.outcome())[1]["finding_info"]["uid"].clone();
    let closed = uid(&estate);
    let (openings, ..) = estate.detected.as_mut().unwrap();
    openings[1].closed = None;
    assert_eq!(uid(&estate), closed);
}

#[test]
fn findings_of_a_scan_are_compliance() {
    let mut estate = estate();
    let events = events(&estate.outcome());
    events.iter().for_each(required);
    assert!(events.iter().all(|event| event["class_uid"] == 2003 && event.get("is_alert").is_none()));
    assert_eq!(events[0]["compliance"]["status_id"], 3);
    assert_eq!(events[0]["unmapped"]["witness"], "8.8.8.8:50000 -> 20.50.1.20:3389");
    estate.findings.clear();
    assert_eq!(rendered("ocsf", &estate.outcome(), &Style::PLAIN), "");
}
