//! Load balancers and Cloud Armor.

use crate::bench::{Line, Objects, check, entry, events};

const GONE: &str = r#"{"@type": "t"}, "response": {"status": "DONE"}"#;

/// Method, path, kind, request, before, after.
type Row<'r> = (&'r str, &'r str, &'r str, &'r str, Option<&'r str>, Option<&'r str>);

fn run(rows: &[Row<'_>]) {
    for (verb, path, kind, request, before, after) in rows {
        let method = format!("v1.compute.{verb}");
        let payload = format!(r#""request": {request}"#);
        check(&Line {
            method: &method,
            resource: path,
            payload: &payload,
            kind,
            path,
            before: *before,
            after: *after,
        });
    }
}

#[test]
fn forwarding_rules_lead_to_targets() {
    let path = "projects/tailspin/regions/europe-west1/forwardingRules/f";
    let global = "projects/tailspin/global/forwardingRules/f";
    let kind = "forwarding-rule";
    let made = r#"{"IPAddress": "198.51.100.7", "target": "projects/tailspin/zones/z/targetInstances/t", "portRange": "80"}"#;
    let after = r#"{"IPAddress": "198.51.100.7", "target": "projects/tailspin/zones/z/targetInstances/t", "portRange": "80",
        "loadBalancingScheme": "EXTERNAL", "IPProtocol": "TCP"}"#;
    run(&[
        ("forwardingRules.insert", path, kind, made, None, Some(after)),
        (
            "globalForwardingRules.setTarget",
            global,
            kind,
            r#"{"target": "b"}"#,
            Some(r#"{"target": "a"}"#),
            Some(r#"{"target": "b"}"#),
        ),
        (
            "forwardingRules.patch",
            path,
            kind,
            r#"{"allowGlobalAccess": true}"#,
            Some("{}"),
            Some(r#"{"allowGlobalAccess": true}"#),
        ),
        ("globalForwardingRules.delete", global, kind, GONE, Some("{}"), None),
    ]);
    // An address that it is given, or that it names by its path, is told later.
    for address in ["", r#""IPAddress": "projects/tailspin/regions/europe-west1/addresses/a", "#] {
        let text = entry(
            "v1.compute.forwardingRules.insert",
            path,
            &format!(r#""request": {{{address}"backendService": "b"}}"#),
        );
        let mut objects = Objects::default();
        objects.apply(&events(&[&text])[0]);
        assert!(objects.get(kind, path).unwrap().contains("IPAddress=?"));
    }
    let silent = entry("v1.compute.forwardingRules.setLabels", path, r#""request": {"labels": {}}"#);
    assert!(events(&[&silent]).is_empty());
}

#[test]
fn targets_are_edited() {
    let pool = "projects/tailspin/regions/r/targetPools/p";
    run(&[
        (
            "targetPools.addInstance",
            pool,
            "target-pool",
            r#"{"instances": [{"instance": "b"}]}"#,
            Some(r#"{"instances": ["a"]}"#),
            Some(r#"{"instances": ["a", "b"]}"#),
        ),
        (
            "targetPools.removeInstance",
            pool,
            "target-pool",
            r#"{"instances": [{"instance": "a"}]}"#,
            Some(r#"{"instances": ["a"]}"#),
            Some(r#"{"instances": []}"#),
        ),
        (
            "targetInstances.insert",
            "projects/tailspin/zones/z/targetInstances/t",
            "target-instance",
            r#"{"instance": "i"}"#,
            None,
            Some(r#"{"instance": "i"}"#),
        ),
    ]);
}

#[test]
fn proxies_and_maps_are_edited() {
    let backend = "projects/tailspin/global/backendServices/b";
    let endpoints = "projects/tailspin/zones/z/networkEndpointGroups/n";
    run(&[
        (
            "backendServices.setSecurityPolicy",
            backend,
            "backend-service",
            r#"{"securityPolicy": "p"}"#,
            Some(r#"{"protocol": "HTTP"}"#),
            Some(r#"{"protocol": "HTTP", "securityPolicy": "p"}"#),
        ),
        (
            "backendServices.setSecurityPolicy",
            backend,
            "backend-service",
            r#"{"@type": "t"}, "response": {"status": "DONE"}"#,
            Some(r#"{"securityPolicy": "p"}"#),
            Some("{}"),
        ),
        (
            "regionBackendServices.patch",
            "projects/tailspin/regions/r/backendServices/b",
            "backend-service",
            r#"{"backends": [{"group": "h"}]}"#,
            Some(r#"{"backends": [{"group": "g"}], "x": 1}"#),
            Some(r#"{"backends": [{"group": "h"}], "x": 1}"#),
        ),
        (
            "backendBuckets.setEdgeSecurityPolicy",
            "projects/tailspin/global/backendBuckets/b",
            "backend-bucket",
            r#"{"securityPolicy": "p"}"#,
            Some("{}"),
            Some(r#"{"edgeSecurityPolicy": "p"}"#),
        ),
        (
            "urlMaps.update",
            "projects/tailspin/global/urlMaps/u",
            "url-map",
            r#"{"defaultService": "b"}"#,
            Some(r#"{"defaultService": "a", "hostRules": []}"#),
            Some(r#"{"defaultService": "b"}"#),
        ),
        (
            "targetHttpsProxies.setUrlMap",
            "projects/tailspin/global/targetHttpsProxies/t",
            "target-https-proxy",
            r#"{"urlMap": "b"}"#,
            Some(r#"{"urlMap": "a"}"#),
            Some(r#"{"urlMap": "b"}"#),
        ),
        ("networkEndpointGroups.delete", endpoints, "network-endpoint-group", GONE, Some("{}"), None),
    ]);
}

#[test]
fn members_and_endpoints_stand_beside_their_groups() {
    let group = "projects/tailspin/zones/z/instanceGroups/g";
    let (members, items) =
        (format!("{group}/listInstances"), r#"{"instanceGroup": "g", "items": [{"instance": "a"}]}"#);
    let endpoints = "projects/tailspin/zones/z/networkEndpointGroups/n";
    let act = |verb: &str, request: &str| {
        let text =
            entry(&format!("v1.compute.instanceGroups.{verb}"), group, &format!(r#""request": {request}"#));
        let mut objects = Objects::default().with("instance-group-members", &members, items);
        objects.apply(&events(&[&text])[0]);
        objects.get("instance-group-members", &members).unwrap()
    };
    let request = |name: &str| format!(r#"{{"instances": [{{"instance": "{name}"}}]}}"#);
    assert!(act("addInstances", &request("b")).contains(r#"items=[{instance="a"},{instance="b"}]"#));
    assert!(act("removeInstances", &request("a")).contains("items=[]"));
    let attach =
        r#""request": {"networkEndpoints": [{"instance": "i", "ipAddress": "10.0.0.2", "port": 80}]}"#;
    let text = entry("v1.compute.networkEndpointGroups.attachNetworkEndpoints", endpoints, attach);
    let mut objects = Objects::default();
    objects.apply(&events(&[&text])[0]);
    let listed = objects.get("network-endpoints", &format!("{endpoints}/listNetworkEndpoints")).unwrap();
    assert!(listed.contains(r#"items=[{networkEndpoint={instance="i","#), "{listed}");
}

#[test]
fn cloud_armor_is_edited() {
    let path = "projects/tailspin/global/securityPolicies/s";
    let kind = "security-policy";
    let before =
        r#"{"rules": [{"priority": 5, "action": "deny(403)", "match": {"config": {"srcIpRanges": ["*"]}}}]}"#;
    run(&[
        (
            "securityPolicies.addRule",
            path,
            kind,
            r#"{"priority": 1, "action": "allow"}"#,
            Some(r#"{"rules": []}"#),
            Some(r#"{"rules": [{"priority": 1, "action": "allow"}]}"#),
        ),
        (
            "securityPolicies.patchRule",
            path,
            kind,
            r#"{"priority": 5, "preview": true}"#,
            Some(before),
            Some(
                r#"{"rules": [{"priority": 5, "action": "deny(403)", "match": {"config": {"srcIpRanges": ["*"]}}, "preview": true}]}"#,
            ),
        ),
        // An expression takes the place of a list.
        (
            "securityPolicies.patchRule",
            path,
            kind,
            r#"{"priority": 5, "match": {"expr": {"expression": "false"}}}"#,
            Some(before),
            Some(
                r#"{"rules": [{"priority": 5, "action": "deny(403)", "match": {"expr": {"expression": "false"}}}]}"#,
            ),
        ),
        (
            "regionSecurityPolicies.removeRule",
            "projects/tailspin/regions/r/securityPolicies/s",
            kind,
            r#"{"priority": 5}"#,
            Some(before),
            Some(r#"{"rules": []}"#),
        ),
        ("securityPolicies.delete", path, kind, GONE, Some(before), None),
        (
            "securityPolicies.insert",
            path,
            kind,
            r#"{"type": "CLOUD_ARMOR"}"#,
            None,
            Some(
                r#"{"type": "CLOUD_ARMOR", "rules": [{"priority": 2147483647, "action": "allow",
                "match": {"versionedExpr": "SRC_IPS_V1", "config": {"srcIpRanges": ["*"]}}}]}"#,
            ),
        ),
    ]);
}
