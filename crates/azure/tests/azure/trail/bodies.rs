//! Bodies in every form in which logs have them: what is read is read, what is not is said to be unseen.

use cloud::json::Tree;
use serde_json::{Value, json};

use super::written::{GROUP, Written};
use super::{bears, edit_of, is_unseen, lines, told};

fn write(properties: Value) -> Vec<String> {
    let operation = "Microsoft.Network/networkSecurityGroups/write";
    vec![Written::done(operation, GROUP, properties).rest().to_string()]
}

const BODY: &str = r#"{"location":"westeurope","properties":{"securityRules":[{"name":"r","properties":{"access":"Allow"}}]}}"#;

#[test]
fn a_body_is_read_in_any_wrapping_and_letter_case() {
    let text = json!(BODY);
    let object: Value = serde_json::from_str(BODY).unwrap();
    let twice = json!(text.to_string());
    let thrice = json!(twice.to_string());
    let bare_escapes = json!(BODY.replace('"', "\\\""));
    let expected = edit_of(&write(json!({"requestbody": BODY})));
    assert!(!is_unseen(&expected));
    for key in [
        "requestbody",
        "requestBody",
        "RequestBody",
        "REQUESTBODY",
        "request_body",
        "responseBody",
        "responsebody",
        "response_body",
    ] {
        for value in [&text, &object, &twice, &thrice, &bare_escapes] {
            let edit = edit_of(&write(json!({ key: value })));
            assert_eq!(edit, expected, "{key}: {value}");
        }
    }
    let pascal = BODY
        .replace("location", "Location")
        .replace("properties", "Properties")
        .replace("securityRules", "SecurityRules");
    assert!(!is_unseen(&edit_of(&write(json!({"requestbody": pascal})))));
    // The whole of the properties may be a text, and hold others.
    let mut record: Value = serde_json::from_str(&write(json!({}))[0]).unwrap();
    record["properties"] = json!(json!({"requestbody": BODY}).to_string());
    assert_eq!(edit_of(&[record.to_string()]), expected);
}

#[test]
fn a_body_that_cannot_be_read_leaves_the_change_unseen() {
    for (properties, why) in [
        (json!({}), "is not in the log"),
        (json!(null), "is not in the log"),
        (json!({"requestbody": ""}), "is not in the log"),
        (json!({"requestbody": "null", "responseBody": null}), "is not in the log"),
        (json!({"responseBody": "{}"}), "is not in the log"),
        (json!({"responseBody": {"status": "InProgress"}}), "is not in the log"),
        (json!({"responseBody": {"error": {"code": "X"}}}), "is not in the log"),
        (json!({"requestbody": &BODY[..60]}), "is cut off"),
        (json!({"responseBody": &BODY[..60]}), "is cut off"),
        (json!({"requestbody": "******"}), "is starred"),
        (json!({"requestbody": "too large"}), "is no JSON"),
        (json!({"requestbody": [1]}), "is a list"),
        (json!({"requestbody": "[1]"}), "is a list"),
    ] {
        let edit = edit_of(&write(properties.clone()));
        assert!(is_unseen(&edit), "{properties}: {edit:?}");
        assert!(super::edit(&edit).ends_with(&why.to_lowercase()), "{properties}: {}", super::edit(&edit));
    }
    // One of the two is enough.
    let whole = edit_of(&write(json!({"requestbody": BODY, "responseBody": &BODY[..60]})));
    assert!(!is_unseen(&whole));
    // And of several phases one.
    let operation = "Microsoft.Network/networkSecurityGroups/write";
    let begun = Written::done(operation, GROUP, json!({"requestbody": BODY})).phase(
        "Started",
        "2026-01-10T09:12:40Z",
        json!({"requestbody": &BODY[..60]}),
    );
    let done = Written::done(operation, GROUP, json!({"responseBody": BODY}));
    assert_eq!(edit_of(&[begun.rest().to_string(), done.rest().to_string()]), whole);
}

#[test]
fn what_is_starred_is_not_known_and_one_star_is_everybody() {
    let body = json!({"location": "x", "tags": "******", "properties": {"securityRules": [
        {"name": "r", "properties": {"sourceAddressPrefix": "******", "destinationAddressPrefix": "*"}}]}});
    let edit = edit_of(&write(json!({"requestbody": body.to_string()})));
    assert!(
        super::edit(&edit).contains("{destinationaddressprefix: *, sourceaddressprefix: ?}"),
        "{}",
        super::edit(&edit)
    );
    let cloud::audit::Act::Put(node) = &edit.act else { panic!("{edit:?}") };
    assert!(matches!(node.own("tags"), Some(Tree::Unknown(_))));
}

#[test]
fn keys_that_are_given_twice_stay_for_the_reader_to_tell() {
    let body = r#"{"location":"x","properties":{"securityRules":[],"securityRules":[{"name":"r"}]}}"#;
    let edit = edit_of(&write(json!({"requestbody": body})));
    assert_eq!(super::edit(&edit).matches("securityrules").count(), 2);
}

#[test]
fn bodies_of_other_resources_do_not_rename_one() {
    let body = r#"{"id":"/subscriptions/x/other","name":"other","location":"x","properties":{}}"#;
    let events = told(&write(json!({"requestbody": body})));
    assert_eq!(&*events[0].edited, GROUP);
    assert!(bears(&events[0].bears).starts_with("networksecuritygroups nsg-web"));
}

#[test]
fn the_body_spells_the_id() {
    let lower = GROUP.to_lowercase();
    let body = json!({"id": GROUP, "location": "x", "properties": {"securityRules": []}});
    let written =
        Written::done("Microsoft.Network/networkSecurityGroups/write", &lower, json!({"responseBody": body}));
    let events = told(&[written.exported().to_string()]);
    assert_eq!(&*events[0].edited, GROUP);
    assert_eq!(lines(&events).len(), 1);
}
