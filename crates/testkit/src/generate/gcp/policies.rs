//! Firewall policies: of the organisation and of folders, of networks in all regions and in one; address groups.

use serde_json::{Value, json};

use super::fields::{cidr4, cidr6, destinations, layer4, ranges};
use super::machines::{ACCOUNTS, SECURE_TAGS, account, project_of};
use super::places::{FOLDERS, ORGANISATION, REGIONS};
use super::{API, GcpElement, Organisation};
use crate::random::Random;

/// Whom a policy is associated with.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Level {
    Holder,
    Network,
}

pub(super) fn add(organisation: &mut Organisation, element: GcpElement, random: &mut Random) {
    organisation.all("firewallPolicies");
    address_groups(organisation, element, random);
    let above = matches!(element, GcpElement::Hierarchy | GcpElement::SecureTags | GcpElement::AddressGroups)
        || element.varies(GcpElement::Hierarchy) && random.chance(60);
    if above {
        for holder in [ORGANISATION, FOLDERS[0], FOLDERS[1]] {
            if random.chance(65) {
                hierarchical(organisation, holder, element, random);
            }
        }
        // One that is associated with nothing.
        if random.chance(25) {
            hierarchical(organisation, "", element, random);
        }
    }
    let beside = matches!(element, GcpElement::Policies | GcpElement::SecureTags | GcpElement::AddressGroups)
        || element.varies(GcpElement::Policies) && random.chance(60);
    let networks: Vec<Value> = organisation.each("networks").cloned().collect();
    for network in networks.iter().filter(|_| beside) {
        for region in [None, Some(REGIONS[0]), Some(REGIONS[1])] {
            if random.chance(if region.is_none() { 75 } else { 40 }) {
                of_network(organisation, network, region, element, random);
            }
        }
    }
}

fn address_groups(organisation: &mut Organisation, element: GcpElement, random: &mut Random) {
    organisation.all("addressGroups");
    if !element.varies(GcpElement::AddressGroups) {
        return;
    }
    for number in 0..GROUPS {
        let v6 = number % 3 == 2;
        let items: Vec<String> =
            (0..random.between(1, 5)).map(|_| if v6 { cidr6(random) } else { cidr4(random) }).collect();
        organisation.all("addressGroups").push(json!({
            "name": group(number), "type": if v6 { "IPV6" } else { "IPV4" }, "capacity": 100, "items": items,
        }));
    }
}

fn group(number: usize) -> String {
    match number % 2 {
        0 => format!("projects/tailspin/locations/global/addressGroups/group-{number}"),
        _ => format!("{ORGANISATION}/locations/global/addressGroups/group-{number}"),
    }
}

fn hierarchical(organisation: &mut Organisation, holder: &str, element: GcpElement, random: &mut Random) {
    let number = 4000 + organisation.each("firewallPolicies").count();
    let associations = match holder {
        "" => json!([]),
        _ => {
            json!([{"name": holder, "attachmentTarget": holder, "firewallPolicyId": number.to_string(), "shortName": format!("policy-{number}")}])
        }
    };
    let rules = rules(organisation, Level::Holder, element, random);
    organisation.all("firewallPolicies").push(json!({
        "kind": "compute#firewallPolicy", "id": number.to_string(), "name": number.to_string(),
        "shortName": format!("policy-{number}"), "parent": ORGANISATION,
        "selfLink": format!("{API}locations/global/firewallPolicies/{number}"),
        "associations": associations, "rules": rules,
    }));
}

fn of_network(
    organisation: &mut Organisation,
    network: &Value,
    region: Option<&str>,
    element: GcpElement,
    random: &mut Random,
) {
    let number = 5000 + organisation.each("firewallPolicies").count();
    let project = project_of(network);
    let place = region.map_or_else(|| "global".to_owned(), |region| format!("regions/{region}"));
    let link = format!("{API}projects/{project}/{place}/firewallPolicies/policy-{number}");
    let rules = rules(organisation, Level::Network, element, random);
    let mut policy = json!({
        "kind": "compute#firewallPolicy", "id": number.to_string(), "name": format!("policy-{number}"), "selfLink": link,
        "associations": [{"name": format!("association-{number}"), "attachmentTarget": network["selfLink"]}],
        "rules": rules,
    });
    if let Some(region) = region {
        policy["region"] = format!("{API}projects/{project}/regions/{region}").into();
    } else {
        let own = organisation.all("networks").iter_mut().filter(|it| it["selfLink"] == network["selfLink"]);
        own.for_each(|it| it["firewallPolicy"] = link.clone().into());
    }
    organisation.all("firewallPolicies").push(policy);
}

fn rules(organisation: &Organisation, level: Level, element: GcpElement, random: &mut Random) -> Vec<Value> {
    let mut priorities: Vec<usize> = (0..random.between(1, 7)).map(|_| random.between(0, 12) * 100).collect();
    priorities.sort_unstable();
    priorities.dedup();
    let mut rules: Vec<Value> =
        priorities.into_iter().map(|priority| rule(organisation, priority, level, element, random)).collect();
    if random.chance(30) {
        let action = *random.pick(&["allow", "deny", "goto_next"]);
        let whole =
            json!({"srcIpRanges": ["0.0.0.0/0"], "layer4Configs": layer4("ipProtocol", false, random)});
        rules.push(
            json!({"priority": 2_147_483_547, "direction": "INGRESS", "action": action, "match": whole}),
        );
    }
    if random.chance(75) {
        rules.extend(predefined());
    }
    random.shuffle(&mut rules);
    rules.iter_mut().for_each(|rule| rule["kind"] = "compute#firewallPolicyRule".into());
    rules
}

/// G12: what every policy ends with.
fn predefined() -> Vec<Value> {
    let sides = [("EGRESS", "destIpRanges", "::/0"), ("INGRESS", "srcIpRanges", "::/0")];
    let others = [("EGRESS", "destIpRanges", "0.0.0.0/0"), ("INGRESS", "srcIpRanges", "0.0.0.0/0")];
    let both = sides.into_iter().chain(others).zip(2_147_483_644_u32..);
    both.map(|((direction, key, whole), priority)| {
        json!({
            "priority": priority, "direction": direction, "action": "goto_next", "description": "default rule",
            "match": {key: [whole], "layer4Configs": [{"ipProtocol": "all"}]},
        })
    })
    .collect()
}

fn rule(
    organisation: &Organisation,
    priority: usize,
    level: Level,
    element: GcpElement,
    random: &mut Random,
) -> Value {
    let v6 = random.chance(25);
    let action = *random.pick(&["allow", "allow", "allow", "deny", "deny", "deny", "goto_next", "goto_next"]);
    let inspected = element == GcpElement::Policies && random.chance(4);
    let mut rule = json!({
        "priority": priority,
        "direction": if random.chance(93) { "INGRESS" } else { "EGRESS" },
        "action": if inspected { "apply_security_profile_group" } else { action },
        "disabled": random.chance(8),
        "match": {"layer4Configs": layer4("ipProtocol", v6, random)},
    });
    if rule["direction"] == "EGRESS" {
        rule["match"]["destIpRanges"] = ranges(v6, 2, random).into();
        return rule;
    }
    sources(&mut rule["match"], v6, element, random);
    if random.chance(12) {
        rule["match"]["destIpRanges"] = destinations(v6, random).into();
    }
    targets(organisation, &mut rule, level, element, random);
    rule
}

/// G14: ranges, address groups and tags add up.
fn sources(matched: &mut Value, v6: bool, element: GcpElement, random: &mut Random) {
    let grouped = element.varies(GcpElement::AddressGroups) && random.chance(45);
    let tagged = element.varies(GcpElement::SecureTags) && random.chance(25);
    if grouped {
        let named = (0..random.between(1, 2)).map(|_| group(random.below(GROUPS)));
        matched["srcAddressGroups"] = named.collect::<Vec<_>>().into();
    }
    if tagged {
        matched["srcSecureTags"] = secure_tags(random);
    }
    if !grouped && !tagged || random.chance(45) {
        matched["srcIpRanges"] = ranges(v6, 3, random).into();
    }
}

/// G13: networks, and tags or accounts.
fn targets(
    organisation: &Organisation,
    rule: &mut Value,
    level: Level,
    element: GcpElement,
    random: &mut Random,
) {
    let networks: Vec<&Value> = organisation.each("networks").collect();
    if level == Level::Holder && random.chance(25) {
        let named = networks.iter().filter(|_| random.chance(60)).map(|it| it["selfLink"].clone());
        rule["targetResources"] = named.collect::<Vec<_>>().into();
        if rule["targetResources"] == json!([]) {
            rule.as_object_mut().into_iter().for_each(|it| drop(it.remove("targetResources")));
        }
    }
    if element.varies(GcpElement::SecureTags) && random.chance(50) {
        rule["targetSecureTags"] = secure_tags(random);
    } else if random.chance(15) {
        let accounts = (0..random.between(1, 2)).map(|_| account(random.below(ACCOUNTS.len())));
        rule["targetServiceAccounts"] = accounts.collect::<Vec<_>>().into();
    }
}

fn secure_tags(random: &mut Random) -> Value {
    let mut names = SECURE_TAGS;
    random.shuffle(&mut names);
    let tags = names.into_iter().take(random.between(1, 2)).map(|name| {
        let state = if random.chance(75) { "EFFECTIVE" } else { "INEFFECTIVE" };
        json!({"name": name, "state": state})
    });
    tags.collect::<Vec<_>>().into()
}

const GROUPS: usize = 5;
