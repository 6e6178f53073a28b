//! Damage: whatever is wrong with a document is told, and what stands around it is read.

use crate::estate::{firewall, instance, network, scan};
use crate::formats::codes;

#[test]
fn a_text_that_breaks_off_is_read_as_far_as_it_goes() {
    let text = format!("[{}, {}]", network("n"), firewall("f", "n", "tcp 22 0.0.0.0/0"));
    for (length, _) in text.char_indices().skip(1) {
        let answer = scan(&[&text[..length]]);
        let reading = &answer.readings[0];
        if reading.format.is_some() {
            assert!(codes(&answer).contains(&"malformed-json"), "{length}: {:?}", reading.gaps);
        } else {
            assert_eq!(reading.resources, 0);
        }
    }
    let answer = scan(&[&text[..text.len() - 1]]);
    assert_eq!((answer.readings[0].resources, codes(&answer)), (2, vec!["malformed-json"]));
}

#[test]
fn a_list_that_breaks_off_is_not_a_whole_list() {
    let text = format!(
        r#"{{"kind": "compute#firewallList", "id": "projects/p/global/firewalls", "items": [{}"#,
        firewall("f", "n", "tcp 22 0.0.0.0/0")
    );
    assert_eq!(codes(&scan(&[text])), ["malformed-json"]);
}

#[test]
fn entries_that_nobody_knows_are_told_once_with_their_number() {
    let rule = firewall("f", "n", "tcp 22 0.0.0.0/0");
    let text = format!(r#"{{"kind": "compute#firewallList", "items": [{rule}, {{"a": 1}}, {{"a": 2}}]}}"#);
    let answer = scan(&[text]);
    assert_eq!(codes(&answer), ["foreign-entry"]);
    assert!(
        answer.readings[0].gaps[0].message.starts_with("2 entries of `items`"),
        "{:?}",
        answer.readings[0].gaps
    );
}

/// Anything in the place of a list or of an entry of one.
#[test]
fn containers_of_a_wrong_type_are_told() {
    for junk in [
        "7",
        "\"x\"",
        "true",
        "[7]",
        "[\"x\"]",
        "[true]",
        "[[]]",
        "[{\"x\": 1}]",
        "{\"zones/z\": 7}",
        "{\"zones/z\": {\"instances\": 7}}",
    ] {
        for text in [
            format!(
                r#"{{"kind": "compute#instanceList", "id": "projects/p/zones/z/instances", "items": {junk}}}"#
            ),
            format!(r#"{{"kind": "compute#instanceAggregatedList", "items": {junk}}}"#),
        ] {
            let answer = scan(&[text.as_str()]);
            assert!(!codes(&answer).is_empty(), "{text}");
        }
    }
    for junk in ["null", "[]", "{}"] {
        let text = format!(r#"{{"kind": "compute#instanceAggregatedList", "items": {junk}}}"#);
        assert_eq!(codes(&scan(&[text])), [""; 0], "{junk}");
    }
}

#[test]
fn a_resource_that_nothing_names_is_told() {
    let vm = instance("vm", "n", "203.0.113.5");
    let nameless = vm.replace("\"name\": \"vm\"", "\"x\": 1").replace("\"selfLink\"", "\"y\"");
    let answer = scan(&[nameless]);
    assert_eq!((answer.readings[0].resources, codes(&answer)), (0, vec!["missing-id"]));
}

#[test]
fn text_around_json_is_told_and_what_follows_is_read() {
    let text = format!("WARNING: this command is deprecated\n[{}]", network("n"));
    let answer = scan(&[text]);
    assert_eq!((answer.readings[0].resources, codes(&answer)), (1, vec!["malformed-json"]));
    let text = format!(
        "[{}]\nERROR: (gcloud.compute.instances.list) PERMISSION_DENIED\n[{}]",
        network("n"),
        network("m")
    );
    let answer = scan(&[text]);
    assert_eq!((answer.readings[0].resources, codes(&answer)), (2, vec!["error-answer"]));
}

/// A resource may have a list that is longer than those that are kept of anybody's document.
#[test]
fn a_long_list_of_a_resource_is_read_whole() {
    let ranges: Vec<String> =
        (0..5000).map(|number| format!("\"8.{}.{}.0/24\"", number / 250, number % 250)).collect();
    let rule = firewall("f", "n", "tcp 22 0.0.0.0/0").replace("\"0.0.0.0/0\"", &ranges.join(", "));
    for text in [rule.clone(), format!("[{rule}]"), format!("[{}, {rule}]", network("n"))] {
        let answer =
            scan(&[network("n").as_str(), text.as_str(), instance("vm", "n", "203.0.113.5").as_str()]);
        answer.check(&["vm exposed tcp/22 wide 1280000 / -"]);
    }
    // Of a text in a text nothing can be read again.
    let body = serde_json::Value::from(rule).to_string();
    let answer = scan(&[format!(r#"{{"headers": {{"status": "200"}}, "body": {body}}}"#)]);
    assert_eq!(codes(&answer), ["missing-id", "unreadable-resource"]);
}
