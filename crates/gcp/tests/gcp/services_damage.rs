//! Services with one value of their documents replaced: what is then not told is told as a gap.

use serde_json::{Value, json};

use crate::damage::{silent_losses, sorted};
use crate::estate::Answer;

/// Nothing closes in silence: where an exposure is gone, a gap says why, or the other value says it itself.
#[test]
fn damage_closes_nothing_in_silence() {
    let is_lost = |before: &Answer, after: &Answer| {
        let told = after.exposures();
        before.exposures().iter().any(|line| !told.contains(line) && !covers(&told, line))
    };
    // What is no resource at all in a list of them is told by the reader, whatever the list is of.
    let is_asked = |_, pointer: &str| !matches!(pointer, "/0" | "/1");
    let estates = estates();
    let silent = estates.iter().flat_map(|documents| silent_losses(documents, is_asked, is_lost));
    assert_eq!(sorted(silent.map(|(_, loss)| loss)), SAID_OTHERWISE);
}

/// Whether everybody gets there after all.
fn covers(told: &[String], line: &str) -> bool {
    let target = line.split(' ').next().unwrap();
    told.iter().any(|other| other.starts_with(&format!("{target} exposed tcp")) && other.contains(" any "))
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
