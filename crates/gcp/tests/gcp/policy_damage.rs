//! Policies, address groups, tags and what stands above a project with one value of their documents replaced: what is
//! then not told is told as a gap.

use serde_json::{Value, json};

use crate::damage::{silent_losses, sorted};
use crate::estate::{API, Answer};

/// Nothing closes in silence: where an exposure is gone, a gap says why, or the other value says it itself.
#[test]
fn damage_closes_nothing_in_silence() {
    let is_lost = |before: &Answer, after: &Answer| {
        let told = after.exposures();
        before.exposures().iter().any(|line| !told.contains(line)) && !told.iter().any(|line| is_wide(line))
    };
    let estates = estates();
    let silent = estates
        .iter()
        .flat_map(|documents| silent_losses(documents, |number, _| is_own(&documents[number]), is_lost));
    assert_eq!(sorted(silent.map(|(_, loss)| loss)), SAID_OTHERWISE);
}

/// Whether an exposure is more than any of the estates: of every port, to everybody, or possible.
fn is_wide(line: &str) -> bool {
    ["/0-65535", " any 3702185728", " possible "].iter().any(|word| line.contains(word))
}

/// Documents of networks and instances are damaged elsewhere.
fn is_own(document: &Value) -> bool {
    let kind = document["kind"].as_str().unwrap_or_default();
    !["compute#network", "compute#instance", "compute#firewall"].contains(&kind)
}

fn estates() -> Vec<Vec<Value>> {
    let network = json!({"kind": "compute#network", "name": "net", "selfLink": format!("{API}projects/p/global/networks/net"),
        "networkFirewallPolicyEnforcementOrder": "AFTER_CLASSIC_FIREWALL"});
    let machine = json!({"kind": "compute#instance", "id": "456", "name": "vm", "selfLink": format!("{API}projects/p/zones/z-a/instances/vm"), "status": "RUNNING",
        "serviceAccounts": [{"email": "web@p.iam.gserviceaccount.com"}],
        "networkInterfaces": [{"name": "nic0", "network": format!("{API}projects/p/global/networks/net"), "networkIP": "10.0.0.2",
            "accessConfigs": [{"type": "ONE_TO_ONE_NAT", "natIP": "203.0.113.5"}]}]});
    let rules = json!({"kind": "compute#firewallList", "id": "projects/p/global/firewalls", "items": []});
    let base = || vec![network.clone(), machine.clone(), rules.clone()];
    let with = |more: Vec<Value>| base().into_iter().chain(more).collect::<Vec<_>>();
    let rule = |priority: u32, more: Value| {
        let mut rule = json!({"kind": "compute#firewallPolicyRule", "priority": priority, "action": "allow", "direction": "INGRESS", "disabled": false,
            "match": {"srcIpRanges": ["8.8.8.0/24"], "layer4Configs": [{"ipProtocol": "tcp", "ports": ["22"]}]}});
        for (key, value) in more.as_object().unwrap() {
            if key == "match" {
                value.as_object().unwrap().iter().for_each(|(key, value)| rule["match"][key] = value.clone());
            } else {
                rule[key] = value.clone();
            }
        }
        rule
    };
    let global = |rules: Vec<Value>| {
        json!({"kind": "compute#firewallPolicy", "name": "pol", "selfLink": format!("{API}projects/p/global/firewallPolicies/pol"), "rules": rules,
            "associations": [{"name": "net", "attachmentTarget": format!("{API}projects/p/global/networks/net")}]})
    };
    let hierarchical = json!({"kind": "compute#firewallPolicy", "name": "500", "shortName": "baseline", "parent": "organizations/1",
        "selfLink": format!("{API}locations/global/firewallPolicies/500"),
        "rules": [rule(1, json!({"targetServiceAccounts": ["web@p.iam.gserviceaccount.com"], "targetResources": [format!("{API}projects/p/global/networks/net")]}))],
        "associations": [{"name": "a", "attachmentTarget": "folders/2", "firewallPolicyId": "500"}]});
    let project = json!({"projectId": "p", "projectNumber": "123", "parent": {"type": "folder", "id": "2"}, "lifecycleState": "ACTIVE", "createTime": "2026-01-01T00:00:00Z"});
    let folder = json!({"name": "folders/2", "parent": "organizations/1", "displayName": "two"});
    let group = json!({"name": "projects/p/locations/global/addressGroups/g", "type": "IPV4", "capacity": 10, "createTime": "2026-01-01T00:00:00Z", "items": ["9.9.9.0/24"]});
    let grouped = global(vec![rule(
        1,
        json!({"match": {"srcIpRanges": [], "srcAddressGroups": ["projects/p/locations/global/addressGroups/g"]}}),
    )]);
    let tagged =
        global(vec![rule(1, json!({"targetSecureTags": [{"name": "tagValues/9", "state": "EFFECTIVE"}]}))]);
    let binding = json!({"name": "tagBindings/x/tagValues/9", "parent": "//compute.googleapis.com/projects/123/zones/z-a/instances/456", "tagValue": "tagValues/9"});
    let handed_on = global(vec![
        rule(1, json!({"action": "goto_next", "match": {"srcIpRanges": ["10.0.0.0/8"]}})),
        rule(2, json!({"match": {"srcNetworkType": "INTERNET"}})),
    ]);
    let view = json!({"network": "projects/p/global/networks/net",
        "firewalls": [{"kind": "compute#firewall", "name": "ssh", "selfLink": format!("{API}projects/p/global/firewalls/ssh"), "network": format!("{API}projects/p/global/networks/net"),
            "direction": "INGRESS", "priority": 1000, "sourceRanges": ["8.8.8.0/24"], "allowed": [{"IPProtocol": "tcp", "ports": ["22"]}]}],
        "firewallPolicys": [{"name": "500", "shortName": "baseline", "type": "HIERARCHY", "rules": [rule(1, json!({"match": {"layer4Configs": [{"ipProtocol": "tcp", "ports": ["23"]}]}}))]}]});
    vec![
        with(vec![global(vec![rule(1, json!({})), rule(2, json!({"action": "deny"}))])]),
        with(vec![hierarchical, project, folder]),
        with(vec![grouped, group]),
        with(vec![tagged, binding]),
        with(vec![handed_on]),
        with(vec![view]),
    ]
}

/// Values that say something else, and no less clearly: an empty list, which an export leaves out like what has no value, or
/// another number.
const SAID_OTHERWISE: [&str; 24] = [
    "/associations = []",
    "/associations = null",
    "/firewallPolicys = []",
    "/firewallPolicys = null",
    "/firewallPolicys/0/rules = []",
    "/firewallPolicys/0/rules/0/disabled = true",
    "/firewallPolicys/0/rules/0/match/layer4Configs/0/ports = 7",
    "/firewallPolicys/0/rules/0/match/layer4Configs/0/ports = [7]",
    "/firewallPolicys/0/rules/0/match/layer4Configs/0/ports/0 = 7",
    "/firewalls = []",
    "/firewalls = null",
    "/firewalls/0/allowed/0/ports = 7",
    "/firewalls/0/allowed/0/ports = [7]",
    "/firewalls/0/allowed/0/ports/0 = 7",
    "/items = []",
    "/rules/0/disabled = true",
    "/rules/0/match/layer4Configs/0/ports = 7",
    "/rules/0/match/layer4Configs/0/ports = [7]",
    "/rules/0/match/layer4Configs/0/ports/0 = 7",
    "/rules/0/priority = 7",
    "/rules/1/disabled = true",
    "/rules/1/match/layer4Configs/0/ports = 7",
    "/rules/1/match/layer4Configs/0/ports = [7]",
    "/rules/1/match/layer4Configs/0/ports/0 = 7",
];
