//! What is odd in an export: pieces that are missing, words that nobody knows.

use serde_json::{Value, json};

use super::Organisation;
use crate::random::Random;

/// Makes some things of an organisation odd. The answer then has bounds.
pub(super) fn add(organisation: &mut Organisation, random: &mut Random) {
    for odd in ODDITIES {
        if random.chance(14) {
            odd(organisation, random);
        }
    }
}

const ODDITIES: [fn(&mut Organisation, &mut Random); 16] = [
    strange_protocol,
    strange_prefix,
    strange_action,
    strange_ports,
    unknown_order,
    unlisted_networks,
    unlisted_routes,
    unlisted_bindings,
    unknown_group,
    unresolved,
    unknown_project,
    unlisted_folders,
    unlisted_rules,
    unlisted_associations,
    missing_policy,
    two_policies,
];

fn one<'a>(from: Vec<&'a mut Value>, random: &mut Random) -> Option<&'a mut Value> {
    let count = from.len();
    from.into_iter().nth(if count == 0 { 0 } else { random.below(count) })
}

fn policy_rules(organisation: &mut Organisation) -> Vec<&mut Value> {
    organisation
        .all("firewallPolicies")
        .iter_mut()
        .filter_map(|it| it["rules"].as_array_mut())
        .flatten()
        .collect()
}

fn strange_protocol(organisation: &mut Organisation, random: &mut Random) {
    let word = *random.pick(&["any", "256", "foo"]);
    if let Some(rule) = one(organisation.all("firewalls").iter_mut().collect(), random) {
        let list = if rule.get("allowed").is_some() { "allowed" } else { "denied" };
        rule[list] = json!([{"IPProtocol": word}]);
    }
}

fn strange_prefix(organisation: &mut Organisation, random: &mut Random) {
    let word = *random.pick(&["10.0.0.0/33", "office"]);
    let ranged = organisation.all("firewalls").iter_mut().filter(|it| it.get("sourceRanges").is_some());
    if let Some(rule) = one(ranged.collect(), random) {
        rule["sourceRanges"] = json!([word]);
    }
}

fn strange_action(organisation: &mut Organisation, random: &mut Random) {
    let own =
        policy_rules(organisation).into_iter().filter(|it| it["description"] != "default rule").collect();
    if let Some(rule) = one(own, random) {
        rule["action"] = "permit".into();
    }
}

fn strange_ports(organisation: &mut Organisation, random: &mut Random) {
    if let Some(rule) = one(organisation.all("firewalls").iter_mut().collect(), random) {
        let list = if rule.get("allowed").is_some() { "allowed" } else { "denied" };
        rule[list] = json!([{"IPProtocol": "tcp", "ports": ["ssh"]}]);
    }
}

/// G10: nobody says when the policies of the network are asked.
fn unknown_order(organisation: &mut Organisation, random: &mut Random) {
    if let Some(network) = one(organisation.all("networks").iter_mut().collect(), random) {
        network["networkFirewallPolicyEnforcementOrder"] = "SOMETIMES".into();
    }
}

fn unlisted_networks(organisation: &mut Organisation, _: &mut Random) {
    organisation.kinds.remove("networks");
}

fn unlisted_routes(organisation: &mut Organisation, _: &mut Random) {
    organisation.kinds.remove("routes");
}

fn unlisted_bindings(organisation: &mut Organisation, _: &mut Random) {
    organisation.kinds.remove("tagBindings");
}

fn unknown_group(organisation: &mut Organisation, _: &mut Random) {
    organisation.all("addressGroups").pop();
}

/// G14: names, regions and lists of threats.
fn unresolved(organisation: &mut Organisation, random: &mut Random) {
    let (key, word) = *random.pick(&[
        ("srcFqdns", "bad.example"),
        ("srcRegionCodes", "RU"),
        ("srcThreatIntelligences", "iplist-known-malicious-ips"),
    ]);
    let ingress = policy_rules(organisation)
        .into_iter()
        .filter(|it| it["direction"] == "INGRESS" && it["description"] != "default rule")
        .collect();
    if let Some(rule) = one(ingress, random) {
        rule["match"][key] = json!([word]);
    }
}

/// G14: nobody says what stands above a project.
fn unknown_project(organisation: &mut Organisation, random: &mut Random) {
    let projects = organisation.all("projects");
    projects.remove(random.below(projects.len()));
}

fn unlisted_folders(organisation: &mut Organisation, _: &mut Random) {
    organisation.kinds.remove("folders");
}

fn one_policy<'a>(organisation: &'a mut Organisation, random: &mut Random) -> Option<&'a mut Value> {
    one(organisation.all("firewallPolicies").iter_mut().collect(), random)
}

fn without(object: &mut Value, keys: &[&str]) {
    object.as_object_mut().into_iter().for_each(|it| it.retain(|key, _| !keys.contains(&key.as_str())));
}

fn unlisted_rules(organisation: &mut Organisation, random: &mut Random) {
    one_policy(organisation, random).into_iter().for_each(|policy| without(policy, &["rules"]));
}

/// A projection that leaves out where a policy is associated.
fn unlisted_associations(organisation: &mut Organisation, random: &mut Random) {
    one_policy(organisation, random)
        .into_iter()
        .for_each(|policy| without(policy, &["associations", "kind"]));
}

/// What a network names is not in the input.
fn missing_policy(organisation: &mut Organisation, random: &mut Random) {
    let policies = organisation.all("firewallPolicies");
    if !policies.is_empty() {
        policies.remove(random.below(policies.len()));
    }
}

/// X1: two policies of one place.
fn two_policies(organisation: &mut Organisation, random: &mut Random) {
    let policies = organisation.each("firewallPolicies").filter(|it| it.get("region").is_none());
    let (above, beside): (Vec<&Value>, Vec<&Value>) = policies.partition(|it| it.get("parent").is_some());
    let level = if random.chance(50) { above } else { beside };
    if level.len() > 1 {
        let (place, moved) = (random.pick(&level)["associations"].clone(), random.pick(&level)["id"].clone());
        let own = organisation.all("firewallPolicies").iter_mut().filter(|it| it["id"] == moved);
        own.for_each(|policy| policy["associations"] = place.clone());
    }
}
