//! Firewall rules of networks.

use serde_json::{Value, json};

use super::fields::{destinations, layer4, ranges};
use super::machines::{ACCOUNTS, TAGS, account, project_of};
use super::{API, GcpElement, Organisation};
use crate::random::Random;

/// Rules for each network; often something is let in at the end, so that the denies before it are seen.
pub(super) fn add(organisation: &mut Organisation, element: GcpElement, random: &mut Random) {
    let networks: Vec<Value> = organisation.each("networks").cloned().collect();
    for network in &networks {
        let most = if matches!(element, GcpElement::Rules | GcpElement::Tags) { 12 } else { 6 };
        let mut rules: Vec<Value> = (0..random.between(1, most)).map(|_| rule(element, random)).collect();
        for (v6, whole) in [(false, "0.0.0.0/0"), (true, "::/0")] {
            if random.chance(55) {
                rules.push(open(whole, v6, random));
            }
        }
        random.shuffle(&mut rules);
        for mut rule in rules {
            let number = organisation.each("firewalls").count();
            rule["kind"] = "compute#firewall".into();
            rule["id"] = format!("600{number}").into();
            rule["name"] = format!("rule-{number}").into();
            rule["network"] = network["selfLink"].clone();
            rule["selfLink"] =
                format!("{API}projects/{}/global/firewalls/rule-{number}", project_of(network)).into();
            organisation.all("firewalls").push(rule);
        }
    }
}

fn open(whole: &str, v6: bool, random: &mut Random) -> Value {
    let protocols = if random.chance(50) {
        json!([{"IPProtocol": "all"}])
    } else {
        json!(layer4("IPProtocol", v6, random))
    };
    let priority = *random.pick(&[1000, 65534, 65534, 65535]);
    json!({"direction": "INGRESS", "priority": priority, "sourceRanges": [whole], "allowed": protocols, "disabled": false})
}

fn rule(element: GcpElement, random: &mut Random) -> Value {
    let v6 = random.chance(if element == GcpElement::V6 { 50 } else { 20 });
    let mut rule = json!({
        "direction": if random.chance(93) { "INGRESS" } else { "EGRESS" },
        "priority": *random.pick(&PRIORITIES),
        "disabled": random.chance(8),
        "logConfig": {"enable": false},
    });
    let list = if random.chance(50) { "allowed" } else { "denied" };
    rule[list] = layer4("IPProtocol", v6, random).into();
    if rule["direction"] == "EGRESS" {
        rule["destinationRanges"] = ranges(v6, 2, random).into();
        return rule;
    }
    sources(&mut rule, v6, element, random);
    targets(&mut rule, element, random);
    if random.chance(18) {
        rule["destinationRanges"] = destinations(v6, random).into();
    }
    rule
}

/// G5: ranges, tags or accounts, both; never tags beside accounts.
fn sources(rule: &mut Value, v6: bool, element: GcpElement, random: &mut Random) {
    let inside = random.chance(if element.varies(GcpElement::Tags) { 30 } else { 8 });
    if inside && random.chance(60) {
        rule["sourceTags"] = json!([*random.pick(&TAGS)]);
    } else if inside {
        rule["sourceServiceAccounts"] = json!([account(random.below(ACCOUNTS.len()))]);
    }
    if !inside || random.chance(40) {
        rule["sourceRanges"] = ranges(v6, 3, random).into();
    }
}

/// G4: everybody, tags or accounts; on neither side tags beside accounts.
fn targets(rule: &mut Value, element: GcpElement, random: &mut Random) {
    if !random.chance(if element.varies(GcpElement::Tags) { 60 } else { 20 }) {
        return;
    }
    let by_tag = rule.get("sourceServiceAccounts").is_none() && random.chance(60);
    if by_tag || rule.get("sourceTags").is_some() {
        let tags: Vec<&str> = TAGS.into_iter().chain(["nobody"]).filter(|_| random.chance(35)).collect();
        if !tags.is_empty() {
            rule["targetTags"] = tags.into();
        }
    } else {
        let accounts = (0..random.between(1, 2)).map(|_| account(random.below(ACCOUNTS.len())));
        rule["targetServiceAccounts"] = accounts.collect::<Vec<_>>().into();
    }
}

const PRIORITIES: [u32; 9] = [0, 900, 900, 1000, 1000, 1000, 1000, 65534, 65535];
