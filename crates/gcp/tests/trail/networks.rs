//! Networks, subnetworks, routes, addresses.

use crate::bench::{Line, Objects, check, entry, events, events_and_gaps};

fn run(method: &str, path: &str, kind: &str, request: &str, [before, after]: [Option<&str>; 2]) {
    let payload = format!(r#""request": {request}"#);
    check(&Line { method, resource: path, payload: &payload, kind, path, before, after });
}

const NETWORK: &str = "projects/tailspin/global/networks/prod";
const SUBNETWORK: &str = "projects/tailspin/regions/europe-west1/subnetworks/s";
const ROUTE: &str = "projects/tailspin/global/routes/r";
const GONE: &str = r#"{"@type": "t"}, "response": {"status": "DONE"}"#;

#[test]
fn the_order_of_rules_and_policies_is_turned() {
    let order = |word: &str| format!(r#"{{"networkFirewallPolicyEnforcementOrder": "{word}"}}"#);
    let (before, after) = (order("BEFORE_CLASSIC_FIREWALL"), order("AFTER_CLASSIC_FIREWALL"));
    run("v1.compute.networks.patch", NETWORK, "network", &before, [Some(&after), Some(&before)]);
    run("v1.compute.networks.delete", NETWORK, "network", GONE, [Some("{}"), None]);
    for verb in ["addPeering", "switchToCustomMode"] {
        let text = entry(&format!("v1.compute.networks.{verb}"), NETWORK, r#""request": {"a": 1}"#);
        assert!(events(&[&text]).is_empty());
    }
}

#[test]
fn a_new_network_has_a_route_to_the_internet() {
    let made = r#"{"autoCreateSubnetworks": false, "name": "prod"}"#;
    let after = r#"{"autoCreateSubnetworks": false, "networkFirewallPolicyEnforcementOrder": "AFTER_CLASSIC_FIREWALL"}"#;
    run("v1.compute.networks.insert", NETWORK, "network", made, [None, Some(after)]);
    let text = entry("v1.compute.networks.insert", NETWORK, r#""request": {"autoCreateSubnetworks": true}"#);
    let (told, gaps) = events_and_gaps(&[&text]);
    assert_eq!(gaps, ["unsaid-change"]);
    let mut objects = Objects::default();
    objects.apply(&told[0]);
    let route = objects.get("route", "projects/tailspin/global/routes/default-route-prod").unwrap();
    assert!(
        route.contains(r#"destRange="0.0.0.0/0""#) && route.contains("default-internet-gateway"),
        "{route}"
    );
}

#[test]
fn subnetworks_and_routes_are_edited() {
    let made = r#"{"network": "n", "ipCidrRange": "10.0.0.0/24"}"#;
    let after = r#"{"network": "n", "ipCidrRange": "10.0.0.0/24", "stackType": "IPV4_ONLY"}"#;
    run("v1.compute.subnetworks.insert", SUBNETWORK, "subnetwork", made, [None, Some(after)]);
    let wider = r#"{"ipCidrRange": "10.0.0.0/20"}"#;
    run(
        "v1.compute.subnetworks.expandIpCidrRange",
        SUBNETWORK,
        "subnetwork",
        wider,
        [Some(after), Some(&after.replace("/24", "/20"))],
    );
    run(
        "v1.compute.subnetworks.patch",
        SUBNETWORK,
        "subnetwork",
        r#"{"stackType": "IPV4_IPV6", "privateIpGoogleAccess": true}"#,
        [Some(after), Some(&after.replace("IPV4_ONLY", "IPV4_IPV6"))],
    );
    run("v1.compute.subnetworks.delete", SUBNETWORK, "subnetwork", GONE, [Some(after), None]);
    let made = r#"{"network": "n", "destRange": "0.0.0.0/0", "nextHopGateway": "g", "tags": ["web"]}"#;
    let after = r#"{"network": "n", "destRange": "0.0.0.0/0", "nextHopGateway": "g", "tags": ["web"], "priority": 1000}"#;
    run("v1.compute.routes.insert", ROUTE, "route", made, [None, Some(after)]);
    run("v1.compute.routes.delete", ROUTE, "route", GONE, [Some(after), None]);
    let address = "projects/tailspin/regions/europe-west1/addresses/a";
    let after = r#"{"address": "198.51.100.7", "addressType": "EXTERNAL"}"#;
    run(
        "v1.compute.addresses.insert",
        address,
        "address",
        r#"{"address": "198.51.100.7"}"#,
        [None, Some(after)],
    );
    run("v1.compute.addresses.delete", address, "address", GONE, [Some(after), None]);
    let router = "projects/tailspin/regions/europe-west1/routers/r";
    let nat = r#"{"nats": [{"name": "n"}], "network": "n"}"#;
    run("beta.compute.routers.insert", router, "router", nat, [None, Some(nat)]);
    run(
        "v1.compute.routers.patch",
        router,
        "router",
        r#"{"bgpPeers": [{"name": "p"}]}"#,
        [Some(r#"{"network": "n"}"#), Some(r#"{"network": "n", "bgpPeers": [{"name": "p"}]}"#)],
    );
}
