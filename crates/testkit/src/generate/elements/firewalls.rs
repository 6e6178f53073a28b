//! Azure Firewalls that translate, classic and by policy (AP9).

use serde_json::{Value, json};

use super::super::estates::{Estate, id};
use super::super::fields::PORTS;
use super::{public, subnet, without_own_addresses};
use crate::random::Random;

/// A firewall in front of some interfaces.
pub(super) fn add(estate: &mut Estate, random: &mut Random) {
    without_own_addresses(estate, random);
    let subnet = subnet(estate, "AzureFirewallSubnet", "10.0.103.0/26", false, random);
    let mut configurations = Vec::new();
    let count = random.between(1, 2);
    for (number, front) in FRONTS.iter().enumerate().take(count) {
        let address = public(estate, &format!("fw-pip-{number}"), front, "Standard");
        let mut configuration = json!({"name": format!("ip-{number}"), "publicIPAddress": address});
        if number == 0 {
            configuration["subnet"] = subnet.clone();
            configuration["privateIPAddress"] = "10.0.103.4".into();
        }
        configurations.push(configuration);
    }
    let mut firewall = json!({
        "id": id("azureFirewalls", "fw"), "name": "fw", "etag": "W/\"1\"",
        "sku": {"name": "AZFW_VNet", "tier": "Standard"},
        "threatIntelMode": *random.pick(&["Alert", "Off"]),
        "ipConfigurations": configurations,
        "applicationRuleCollections": [],
        "natRuleCollections": [],
        "networkRuleCollections": [],
    });
    if random.chance(40) {
        classic(estate, &mut firewall, random);
    } else {
        policy(estate, &mut firewall, random);
    }
    estate.put("firewalls.json", vec![firewall]);
    estate.put(
        "ipgroups.json",
        vec![json!({
            "id": id("ipGroups", "ipg"), "name": "ipg",
            "ipAddresses": ["8.8.8.0/24", "9.9.9.9", "64.0.0.0/2"],
        })],
    );
}

fn classic(estate: &Estate, firewall: &mut Value, random: &mut Random) {
    let mut collections: Vec<Value> = (0..random.between(1, 2))
        .map(|number| {
            let rules: Vec<Value> = (0..random.between(1, 3))
                .map(|rule| translating(estate, rule, "protocols", random))
                .collect();
            json!({
                "name": format!("nat-{number}"), "priority": 100 + random.below(10) * 10 + number,
                "action": {"type": "Dnat"}, "rules": rules,
            })
        })
        .collect();
    random.shuffle(&mut collections);
    firewall["natRuleCollections"] = collections.into();
    if random.chance(30) {
        firewall["networkRuleCollections"] = json!([{
            "name": "net", "priority": 100, "action": {"type": "Deny"}, "rules": [{
                "name": "deny", "protocols": ["TCP"], "sourceAddresses": ["8.8.8.0/24"],
                "destinationAddresses": ["*"], "destinationPorts": ["22", "3389"],
            }],
        }]);
    }
}

fn policy(estate: &mut Estate, firewall: &mut Value, random: &mut Random) {
    let id = id("firewallPolicies", "policy");
    firewall["firewallPolicy"] = json!({"id": id});
    let mut groups: Vec<Value> = (0..random.between(1, 2))
        .map(|group| {
            let collections: Vec<Value> = (0..random.between(1, 2))
                .map(|number| {
                    let rules: Vec<Value> = (0..random.between(1, 3))
                        .map(|rule| {
                            let mut rule = translating(estate, rule, "ipProtocols", random);
                            rule["ruleType"] = "NatRule".into();
                            rule
                        })
                        .collect();
                    json!({
                        "ruleCollectionType": "FirewallPolicyNatRuleCollection",
                        "name": format!("nat-{number}"), "priority": 100 + random.below(10) * 10 + number,
                        "action": {"type": "DNAT"}, "rules": rules,
                    })
                })
                .collect();
            let name = format!("group-{group}");
            json!({
                "id": format!("{id}/ruleCollectionGroups/{name}"), "name": name,
                "priority": 200 + random.below(10) * 10 + group, "ruleCollections": collections,
            })
        })
        .collect();
    random.shuffle(&mut groups);
    let references: Vec<Value> = groups.iter().map(|group| json!({"id": group["id"]})).collect();
    estate.put(
        "policies.json",
        vec![json!({
            "id": id, "name": "policy", "threatIntelMode": "Alert", "sku": {"tier": "Standard"},
            "ruleCollectionGroups": references, "firewalls": [{"id": firewall["id"]}],
        })],
    );
    estate.put("groups.json", groups);
}

/// A rule whose front may be shadowed by one before it.
fn translating(estate: &Estate, number: usize, protocols: &str, random: &mut Random) -> Value {
    let interface = random.pick(&estate.interfaces);
    let mut rule = json!({
        "name": format!("dnat-{number}"),
        "destinationAddresses": [*random.pick(&FRONTS)],
        "destinationPorts": [random.pick(&["22", "3389", "50001", "65535", "1"])],
        "translatedAddress": interface["ipConfigurations"][0]["privateIPAddress"],
        "translatedPort": (*random.pick(&PORTS)).clamp(1, 65_534).to_string(),
    });
    rule[protocols] = match random.below(4) {
        0 => json!(["UDP"]),
        1 => json!(["TCP", "UDP"]),
        _ => json!(["TCP"]),
    };
    match random.below(4) {
        0 => rule["sourceIpGroups"] = json!([id("ipGroups", "ipg")]),
        1 => rule["sourceAddresses"] = json!(["8.8.8.0/24", "203.0.113.0/24"]),
        2 => rule["sourceAddresses"] = json!(["8.8.8.4-8.8.9.9", "128.0.0.0/1"]),
        _ => rule["sourceAddresses"] = json!(["*"]),
    }
    rule
}

const FRONTS: [&str; 2] = ["198.51.100.50", "198.51.100.51"];
