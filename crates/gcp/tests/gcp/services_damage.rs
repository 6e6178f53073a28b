//! Services with one value of their documents replaced: what is then not told is told as a gap.

use serde_json::{Value, json};

use crate::estate::scan;

/// Nothing closes in silence: where an exposure is gone, a gap says why, or the other value says it itself.
#[test]
fn damage_closes_nothing_in_silence() {
    let mut silent = Vec::new();
    for documents in estates() {
        let texts = |documents: &[Value]| documents.iter().map(Value::to_string).collect::<Vec<_>>();
        let before = scan(&texts(&documents));
        let expected = before.exposures();
        assert!(!expected.is_empty() && before.codes().is_empty(), "{expected:?} {:?}", before.codes());
        for (number, document) in documents.iter().enumerate() {
            for (pointer, piece) in damages(document) {
                let mut damaged = documents.clone();
                *damaged[number].pointer_mut(&pointer).unwrap() = piece.clone();
                let after = scan(&texts(&damaged));
                let told = after.exposures();
                let is_lost = expected.iter().any(|line| !told.contains(line) && !covers(&told, line));
                let is_read = after.readings[number].format.is_some();
                let is_told = !after.codes().is_empty() || after.snapshot.missing != before.snapshot.missing;
                if is_lost && is_read && !is_told {
                    silent.push(format!("{pointer} = {piece}"));
                }
            }
        }
    }
    silent.sort();
    silent.dedup();
    assert_eq!(silent, SAID_OTHERWISE);
}

/// Whether everybody gets there after all.
fn covers(told: &[String], line: &str) -> bool {
    let target = line.split(' ').next().unwrap();
    told.iter().any(|other| other.starts_with(&format!("{target} exposed tcp")) && other.contains(" any "))
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
        json!(false),
        json!([{}]),
    ];
    let mut pointers = Vec::new();
    walk(document, String::new(), &mut pointers);
    pointers.iter().flat_map(|pointer| pieces.iter().map(|piece| (pointer.clone(), piece.clone()))).collect()
}

fn walk(value: &Value, pointer: String, pointers: &mut Vec<String>) {
    let members: Vec<(String, &Value)> = match value {
        Value::Object(members) => members.iter().map(|(key, value)| (key.clone(), value)).collect(),
        Value::Array(items) => {
            items.iter().enumerate().map(|(number, value)| (number.to_string(), value)).collect()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    };
    for (key, value) in members {
        let pointer = format!("{pointer}/{key}");
        // What is no resource at all in a list of them is told by the reader, whatever the list is of.
        if !matches!(&*pointer, "/0" | "/1") {
            pointers.push(pointer.clone());
        }
        walk(value, pointer, pointers);
    }
}

fn estates() -> Vec<Vec<Value>> {
    let database = json!([{"kind": "sql#instance", "name": "db", "databaseVersion": "POSTGRES_15", "state": "RUNNABLE",
        "selfLink": "https://sqladmin.googleapis.com/sql/v1beta4/projects/p/instances/db",
        "ipAddresses": [{"ipAddress": "192.0.2.1", "type": "PRIMARY"}],
        "settings": {"tier": "db-g1-small", "activationPolicy": "ALWAYS", "ipConfiguration": {"ipv4Enabled": true,
            "authorizedNetworks": [{"kind": "sql#aclEntry", "name": "office", "value": "8.8.8.0/24"}, {"value": "9.9.9.9"}]}}}]);
    let clusters = json!([
        {"name": "a", "selfLink": "https://container.googleapis.com/v1/projects/p/locations/l/clusters/a", "currentMasterVersion": "1",
         "endpoint": "192.0.2.2", "status": "RUNNING", "privateClusterConfig": {"enablePrivateEndpoint": false, "publicEndpoint": "192.0.2.2"},
         "masterAuthorizedNetworksConfig": {"enabled": true, "gcpPublicCidrsAccessEnabled": true, "cidrBlocks": [{"cidrBlock": "8.8.8.0/24", "displayName": "office"}]}},
        {"name": "b", "selfLink": "https://container.googleapis.com/v1/projects/p/locations/l/clusters/b", "currentMasterVersion": "1",
         "controlPlaneEndpointsConfig": {"dnsEndpointConfig": {"allowExternalTraffic": true, "endpoint": "gke-1.l.gke.goog"},
            "ipEndpointsConfig": {"enabled": true, "enablePublicEndpoint": true, "publicEndpoint": "192.0.2.3",
                "authorizedNetworksConfig": {"enabled": true, "gcpPublicCidrsAccessEnabled": false, "cidrBlocks": [{"cidrBlock": "8.8.8.0/24"}]}}}}]);
    let application =
        json!({"name": "apps/x", "id": "x", "servingStatus": "SERVING", "locationId": "europe-west"});
    let services = json!([{"name": "apps/x/services/default", "id": "default", "split": {"allocations": {"1": 1}},
        "networkSettings": {"ingressTrafficAllowed": "INGRESS_TRAFFIC_ALLOWED_ALL"}}]);
    let firewall = json!({"application": "apps/x", "ingressRules": [
        {"priority": 10, "action": "DENY", "sourceRange": "8.8.8.0/25"}, {"priority": 20, "action": "ALLOW", "sourceRange": "8.8.8.0/24"},
        {"priority": 2_147_483_647, "action": "DENY", "sourceRange": "*"}]});
    vec![vec![database], vec![clusters], vec![application, services, firewall]]
}

/// Values that say something else, and no less clearly: a list without members, a switch the other way, another number,
/// another name.
const SAID_OTHERWISE: [&str; 21] = [
    "/0/masterAuthorizedNetworksConfig/gcpPublicCidrsAccessEnabled = false",
    "/0/masterAuthorizedNetworksConfig/gcpPublicCidrsAccessEnabled = null",
    r#"/0/name = "x""#,
    "/0/name = -1",
    "/0/name = 7",
    "/0/privateClusterConfig/enablePrivateEndpoint = true",
    "/0/settings/ipConfiguration/authorizedNetworks = []",
    "/0/settings/ipConfiguration/authorizedNetworks = null",
    "/1/controlPlaneEndpointsConfig/dnsEndpointConfig = null",
    "/1/controlPlaneEndpointsConfig/dnsEndpointConfig = {}",
    "/1/controlPlaneEndpointsConfig/dnsEndpointConfig/allowExternalTraffic = false",
    "/1/controlPlaneEndpointsConfig/dnsEndpointConfig/allowExternalTraffic = null",
    "/1/controlPlaneEndpointsConfig/ipEndpointsConfig/authorizedNetworksConfig/cidrBlocks = []",
    "/1/controlPlaneEndpointsConfig/ipEndpointsConfig/authorizedNetworksConfig/cidrBlocks = null",
    "/1/controlPlaneEndpointsConfig/ipEndpointsConfig/authorizedNetworksConfig/gcpPublicCidrsAccessEnabled = true",
    "/1/controlPlaneEndpointsConfig/ipEndpointsConfig/enablePublicEndpoint = false",
    "/1/controlPlaneEndpointsConfig/ipEndpointsConfig/enabled = false",
    r#"/1/name = "x""#,
    "/1/name = -1",
    "/1/name = 7",
    "/ingressRules/1/priority = 7",
];
