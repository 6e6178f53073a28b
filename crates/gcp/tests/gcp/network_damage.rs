//! Machines, routes and addresses with one value of their documents replaced: what is then not told is told as a gap.

use serde_json::Value;

use crate::damage::{silent_losses, sorted};
use crate::estate::Answer;
use crate::network::Network;

/// Nothing closes in silence: where an exposure is gone, a gap says why, or the other value says it itself.
#[test]
fn damage_closes_nothing_in_silence() {
    let mut network = Network::new();
    network.more.push(ADDRESS.to_owned());
    let documents: Vec<Value> =
        network.documents().iter().map(|text| serde_json::from_str(text).unwrap()).collect();
    let is_lost = |before: &Answer, after: &Answer| {
        let told = after.exposures();
        before.exposures().iter().any(|line| !told.contains(line))
    };
    // Rules have a test of their own; entries of a list as a whole are not a resource's.
    let is_asked = |number, pointer: &str| number != 3 && pointer.matches('/').count() > 1;
    let silent = silent_losses(&documents, is_asked, is_lost).into_iter();
    assert_eq!(sorted(silent.map(|(number, loss)| format!("{number}{loss}"))), SAID_OTHERWISE);
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
