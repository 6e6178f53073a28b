//! Load balancers with one value of their documents replaced: what is then not told is told as a gap.

use serde_json::{Value, json};

use crate::balancers::proxied;
use crate::damage::{silent_losses, sorted};
use crate::estate::{API, Answer};

/// Nothing closes in silence: where an exposure is gone, a gap says why, or the other value says it itself.
#[test]
fn damage_closes_nothing_in_silence() {
    // What ends at the load balancer itself, or is possible, is told.
    let is_there =
        |line: &String| line.starts_with("front ") || line.starts_with("few ") || line.contains("possible");
    let is_lost = |before: &Answer, after: &Answer| {
        let told = after.exposures();
        before.exposures().iter().any(|line| !told.contains(line)) && !told.iter().any(is_there)
    };
    let mut silent = Vec::new();
    for documents in [proxied_documents(), passed_documents(), endpoint_documents()] {
        let kind = |number: usize| {
            let said = documents[number]["kind"].as_str().unwrap_or("compute#answer");
            said.trim_start_matches("compute#").to_owned()
        };
        let is_own = |number, _: &str| !["network", "firewall", "instance"].contains(&kind(number).as_str());
        let losses = silent_losses(&documents, is_own, is_lost).into_iter();
        silent.extend(losses.map(|(number, loss)| format!("{}{loss}", kind(number))));
    }
    assert_eq!(sorted(silent.into_iter()), SAID_OTHERWISE);
}

fn proxied_documents() -> Vec<Value> {
    proxied().iter().map(|(_, text)| serde_json::from_str(text).unwrap()).collect()
}

/// A rule for some clients that leads to an instance, and one for the rest that leads to a pool.
fn passed_documents() -> Vec<Value> {
    let kinds = ["network", "firewall", "instance"];
    let base = proxied_documents().into_iter();
    let is_of = |one: &Value| kinds.iter().any(|kind| one["kind"] == format!("compute#{kind}"));
    let mut documents: Vec<Value> = base.filter(is_of).collect();
    let rule = |name: &str, more: Value| {
        let mut rule = json!({"kind": "compute#forwardingRule", "name": name, "selfLink": format!("{API}projects/p/regions/r/forwardingRules/{name}"),
            "IPAddress": "203.0.113.20", "IPProtocol": "TCP", "portRange": "8080-8080", "loadBalancingScheme": "EXTERNAL"});
        rule.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        rule
    };
    documents.push(rule("front", json!({"target": format!("{API}projects/p/regions/r/targetPools/pool")})));
    documents.push(rule("few", json!({"target": format!("{API}projects/p/zones/europe-west1-b/targetInstances/one"), "sourceIpRanges": ["8.8.8.0/24"]})));
    documents.push(json!({"kind": "compute#targetInstance", "name": "one", "selfLink": format!("{API}projects/p/zones/europe-west1-b/targetInstances/one"),
        "instance": format!("{API}projects/p/zones/europe-west1-b/instances/vm")}));
    documents.push(json!({"kind": "compute#targetPool", "name": "pool", "selfLink": format!("{API}projects/p/regions/r/targetPools/pool"),
        "instances": [format!("{API}projects/p/zones/europe-west1-b/instances/vm")]}));
    documents
}

/// Endpoints that are addresses, behind a service that passes packets on, with a policy for packets.
fn endpoint_documents() -> Vec<Value> {
    let group = format!("{API}projects/p/zones/europe-west1-b/networkEndpointGroups/neg");
    let mut documents = passed_documents();
    documents.retain(|one| one["kind"] != "compute#targetPool" && one["kind"] != "compute#forwardingRule");
    documents.extend([
        json!({"kind": "compute#forwardingRule", "name": "front", "selfLink": format!("{API}projects/p/regions/r/forwardingRules/front"), "IPAddress": "203.0.113.20",
            "IPProtocol": "TCP", "ports": ["8080"], "loadBalancingScheme": "EXTERNAL", "backendService": format!("{API}projects/p/regions/r/backendServices/back")}),
        json!({"kind": "compute#backendService", "name": "back", "selfLink": format!("{API}projects/p/regions/r/backendServices/back"), "loadBalancingScheme": "EXTERNAL",
            "protocol": "TCP", "backends": [{"group": group}], "securityPolicy": format!("{API}projects/p/regions/r/securityPolicies/armor")}),
        json!({"kind": "compute#securityPolicy", "name": "armor", "selfLink": format!("{API}projects/p/regions/r/securityPolicies/armor"), "type": "CLOUD_ARMOR_NETWORK", "rules": [
            {"priority": 7, "action": "allow", "networkMatch": {"srcIpRanges": ["8.8.8.0/24"], "ipProtocols": ["tcp"], "destPorts": ["8080"]}},
            {"priority": 2_147_483_647_u32, "action": "deny", "networkMatch": {"srcIpRanges": ["*"]}}]}),
        json!({"kind": "compute#networkEndpointGroup", "name": "neg", "selfLink": group, "networkEndpointType": "GCE_VM_IP", "size": 1}),
        json!({"networkEndpointGroup": group, "items": [{"networkEndpoint": {"instance": "vm", "ipAddress": "10.0.0.2"}}]}),
    ]);
    documents
}

/// Values that say something else, and no less clearly: nobody, another port, another name, everybody instead of some.
const SAID_OTHERWISE: [&str; 40] = [
    "backendService/backends = []",
    "backendService/backends = null",
    r#"backendService/portName = """#,
    r#"backendService/portName = "x""#,
    "backendService/portName = -1",
    "backendService/portName = 7",
    "backendService/portName = []",
    "backendService/portName = null",
    r#"backendService/securityPolicy = """#,
    "backendService/securityPolicy = []",
    "backendService/securityPolicy = null",
    "forwardingRule/portRange = 7",
    "forwardingRule/portRange = [7]",
    "forwardingRule/ports = 7",
    "forwardingRule/ports = [7]",
    "forwardingRule/ports/0 = 7",
    r#"forwardingRule/sourceIpRanges = """#,
    "forwardingRule/sourceIpRanges = []",
    "forwardingRule/sourceIpRanges = null",
    "instanceGroup/namedPorts = []",
    "instanceGroup/namedPorts = null",
    r#"instanceGroup/namedPorts/0/name = "x""#,
    "instanceGroup/namedPorts/0/name = -1",
    "instanceGroup/namedPorts/0/name = 7",
    "instanceGroup/namedPorts/0/port = 7",
    "securityPolicy/rules/0/networkMatch = {}",
    "securityPolicy/rules/0/networkMatch/destPorts = 7",
    "securityPolicy/rules/0/networkMatch/destPorts = [7]",
    "securityPolicy/rules/0/networkMatch/destPorts/0 = 7",
    "securityPolicy/rules/0/networkMatch/ipProtocols = 7",
    "securityPolicy/rules/0/networkMatch/ipProtocols = [7]",
    "securityPolicy/rules/0/networkMatch/ipProtocols/0 = 7",
    r#"securityPolicy/rules/0/networkMatch/srcIpRanges = """#,
    "securityPolicy/rules/0/networkMatch/srcIpRanges = []",
    "securityPolicy/rules/0/networkMatch/srcIpRanges = null",
    "securityPolicy/rules/0/preview = true",
    "securityPolicy/rules/1/priority = 7",
    r#"targetPool/instances = """#,
    "targetPool/instances = []",
    "targetPool/instances = null",
];
