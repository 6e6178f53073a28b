//! Machines, routes and addresses with one value of their documents replaced: what is then not told is told as a gap.

use serde_json::{Value, json};

use crate::estate::scan;
use crate::network::Network;

/// Nothing closes in silence: where an exposure is gone, a gap says why, or the other value says it itself.
#[test]
fn damage_closes_nothing_in_silence() {
    let mut network = Network::new();
    network.more.push(ADDRESS.to_owned());
    let documents: Vec<Value> =
        network.documents().iter().map(|text| serde_json::from_str(text).unwrap()).collect();
    let texts = |documents: &[Value]| documents.iter().map(Value::to_string).collect::<Vec<_>>();
    let before = scan(&texts(&documents));
    let expected = before.exposures();
    assert!(!expected.is_empty() && before.codes().is_empty(), "{expected:?} {:?}", before.codes());
    let mut silent = Vec::new();
    // Rules have a test of their own.
    for number in [0, 1, 2, 4, 5] {
        for (pointer, piece) in damages(&documents[number]) {
            let mut damaged = documents.clone();
            *damaged[number].pointer_mut(&pointer).unwrap() = piece.clone();
            let after = scan(&texts(&damaged));
            let told = after.exposures();
            let is_lost = expected.iter().any(|line| !told.contains(line));
            let is_told = !after.codes().is_empty() || after.snapshot.missing != before.snapshot.missing;
            if is_lost && after.readings[number].format.is_some() && !is_told {
                silent.push(format!("{number}{pointer} = {piece}"));
            }
        }
    }
    silent.sort();
    silent.dedup();
    assert_eq!(silent, SAID_OTHERWISE);
}

fn damages(document: &Value) -> Vec<(String, Value)> {
    let pieces = [
        json!(null),
        json!(7),
        json!(-1),
        json!("x"),
        json!(""),
        json!([]),
        json!({}),
        json!([7]),
        json!([null]),
        json!(true),
        json!([{}]),
    ];
    let mut pointers = Vec::new();
    walk(document, String::new(), &mut pointers);
    // Entries of a list as a whole are not a resource's: `formats_damage` has them.
    pointers.retain(|pointer| pointer.matches('/').count() > 1);
    pointers.iter().flat_map(|pointer| pieces.iter().map(|piece| (pointer.clone(), piece.clone()))).collect()
}

fn walk(value: &Value, pointer: String, pointers: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                let pointer = format!("{pointer}/{key}");
                pointers.push(pointer.clone());
                walk(value, pointer, pointers);
            }
        }
        Value::Array(items) => {
            for (number, value) in items.iter().enumerate() {
                let pointer = format!("{pointer}/{number}");
                pointers.push(pointer.clone());
                walk(value, pointer, pointers);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

const ADDRESS: &str = r#"[{"kind": "compute#address", "name": "own", "selfLink": "https://www.googleapis.com/compute/v1/projects/p/regions/europe-west1/addresses/own",
    "address": "203.0.113.10", "addressType": "EXTERNAL", "status": "IN_USE", "users": ["https://www.googleapis.com/compute/v1/projects/p/zones/europe-west1-b/instances/vm"]}]"#;

/// Values that say something else, and no less clearly: another name, a list without members, a route of another network.
const SAID_OTHERWISE: [&str; 11] = [
    r#"2/0/name = "x""#,
    "2/0/name = -1",
    "2/0/name = 7",
    "2/0/networkInterfaces/0/ipv6AccessConfigs = []",
    "2/0/networkInterfaces/0/ipv6AccessConfigs = null",
    r#"4/0/network = "x""#,
    "4/0/network = -1",
    "4/0/network = 7",
    r#"4/1/network = "x""#,
    "4/1/network = -1",
    "4/1/network = 7",
];
