//! Security admin rules, in force or only drafted (AA0 to AA6).

use serde_json::{Value, json};

use super::super::estates::{Estate, VNET, id, ports};
use crate::random::Random;

/// One or two network managers over the network.
pub(super) fn add(estate: &mut Estate, in_force: bool, random: &mut Random) {
    let count = random.between(1, 2);
    for number in 0..count {
        let name = format!("nm-{number}");
        let manager = id("networkManagers", &name);
        let scope = if number == 0 && count == 2 {
            json!({"managementGroups": ["/providers/Microsoft.Management/managementGroups/top"]})
        } else {
            json!({"subscriptions": ["/subscriptions/s"]})
        };
        estate.put(
            "managers.json",
            vec![json!({
                "id": manager, "name": name, "networkManagerScopeAccesses": ["SecurityAdmin"],
                "networkManagerScopes": scope,
            })],
        );
        let rules: Vec<Value> = rules(&manager, in_force, random);
        estate.put(if in_force { "effective.json" } else { "rules.json" }, rules);
        if !in_force {
            drafted(estate, &manager);
        }
    }
}

fn drafted(estate: &mut Estate, manager: &str) {
    let group = format!("{manager}/networkGroups/ng");
    estate
        .put("network-groups.json", vec![json!({"id": group, "name": "ng", "memberType": "VirtualNetwork"})]);
    estate.put(
        "members.json",
        vec![json!({
            "id": format!("{group}/staticMembers/m"), "name": "m", "resourceId": id(VNET, "vnet"),
        })],
    );
    let configuration = format!("{manager}/securityAdminConfigurations/cfg");
    estate.put(
        "configurations.json",
        vec![json!({
            "id": configuration, "name": "cfg", "applyOnNetworkIntentPolicyBasedServices": ["None"],
        })],
    );
    estate.put(
        "collections.json",
        vec![json!({
            "id": format!("{configuration}/ruleCollections/rc"), "name": "rc",
            "appliesToGroups": [{"networkGroupId": group}],
        })],
    );
}

fn rules(manager: &str, in_force: bool, random: &mut Random) -> Vec<Value> {
    let mut priority = 0;
    (0..random.between(1, 5))
        .map(|number| {
            priority += random.between(1, 20);
            let name = format!("admin-{number}");
            let mut rule = json!({
                "id": format!("{manager}/securityAdminConfigurations/cfg/ruleCollections/rc/rules/{name}"),
                "name": name,
                "kind": "Custom",
                "direction": if random.chance(92) { "Inbound" } else { "Outbound" },
                "access": *random.pick(&["Allow", "Deny", "Deny", "AlwaysAllow"]),
                "protocol": *random.pick(&["Tcp", "Tcp", "Udp", "Any", "Icmp"]),
                "priority": priority,
                "sources": sources(random),
                "destinations": destinations(random),
                "sourcePortRanges": ["0-65535"],
            });
            let portless = rule["protocol"] == "Icmp";
            let ports = if portless { vec!["0-65535".to_owned()] } else { ports(random) };
            let ports: Vec<String> =
                ports.into_iter().map(|it| if it == "*" { "0-65535".to_owned() } else { it }).collect();
            rule["destinationPortRanges"] = ports.into();
            if in_force {
                let group = format!("{manager}/networkGroups/ng");
                // Another network's rules are in the list as well.
                let member = if random.chance(88) { "vnet" } else { "vnet-elsewhere" };
                rule["ruleCollectionAppliesToGroups"] = json!([{"networkGroupId": group}]);
                rule["ruleGroups"] = json!([{
                    "id": group, "memberType": "VirtualNetwork",
                    "groupMembers": [{"resourceId": id(VNET, member)}],
                }]);
            }
            rule
        })
        .collect()
}

fn sources(random: &mut Random) -> Value {
    match random.below(4) {
        0 => json!([{"addressPrefix": "*", "addressPrefixType": "IPPrefix"}]),
        1 => json!([{"addressPrefix": "Internet", "addressPrefixType": "ServiceTag"}]),
        2 => json!([
            {"addressPrefix": "8.8.8.0/24", "addressPrefixType": "IPPrefix"},
            {"addressPrefix": "128.0.0.0/1", "addressPrefixType": "IPPrefix"},
        ]),
        _ => json!([{"addressPrefix": "0.0.0.0/0", "addressPrefixType": "IPPrefix"}]),
    }
}

fn destinations(random: &mut Random) -> Value {
    let prefix = *random.pick(&["*", "*", "*", "10.0.0.0/16", "10.0.1.0/24"]);
    json!([{"addressPrefix": prefix, "addressPrefixType": "IPPrefix"}])
}
