//! One rule as several.

use serde_json::{Value, json};

use super::equivalent::{renamed, renumber};
use super::{is_predefined, number, without};
use crate::generate::{Organisation, is_inbound};

/// A rule of a network for each source and each protocol; of one priority and action their order is nothing (G1).
pub(super) fn split_rules(organisation: &mut Organisation) {
    let mut changed = Vec::new();
    for rule in organisation.all("firewalls").drain(..) {
        let list = if rule.get("allowed").is_some() { "allowed" } else { "denied" };
        let entries = rule[list].as_array().cloned().unwrap_or_default();
        let pieces = if is_inbound(&rule) { of_sources(&rule) } else { vec![rule.clone()] };
        let all = pieces.iter().flat_map(|piece| entries.iter().map(move |entry| (piece, entry)));
        changed.extend(all.zip(0..).map(|((piece, entry), number)| {
            let mut one = renamed(piece, number);
            one[list] = json!([entry]);
            one
        }));
    }
    *organisation.all("firewalls") = changed;
}

/// G5: ranges and tags add up.
fn of_sources(rule: &Value) -> Vec<Value> {
    let keys = ["sourceRanges", "sourceTags", "sourceServiceAccounts"];
    let mut pieces = Vec::new();
    for key in keys {
        for source in rule.get(key).and_then(Value::as_array).into_iter().flatten() {
            let mut one = rule.clone();
            without(&mut one, &keys);
            one[key] = json!([source]);
            pieces.push(one);
        }
    }
    if pieces.is_empty() { vec![rule.clone()] } else { pieces }
}

/// A rule of a policy as two neighbours, each with some of its protocols or of its prefixes.
pub(super) fn split_policies(organisation: &mut Organisation) {
    renumber(organisation, |rank| 10 + rank * 10);
    for rules in organisation.policy_rules() {
        let mut changed = Vec::new();
        for rule in rules.drain(..) {
            match in_two(&rule).filter(|_| !is_predefined(&rule)) {
                None => changed.push(rule),
                Some([one, mut other]) => {
                    other["priority"] = (number(&rule) + 1).into();
                    changed.extend([one, other]);
                }
            }
        }
        *rules = changed;
    }
}

fn in_two(rule: &Value) -> Option<[Value; 2]> {
    // What else names sources stays with its ranges: without one a rule may be ignored (G13).
    let alone = ["srcAddressGroups", "srcSecureTags"].iter().all(|key| rule["match"].get(*key).is_none());
    let key = if alone { "srcIpRanges" } else { "layer4Configs" };
    let several = |key: &str| rule["match"][key].as_array().filter(|it| it.len() > 1);
    let (key, members) =
        several(key).map(|it| (key, it)).or_else(|| Some(("layer4Configs", several("layer4Configs")?)))?;
    let (left, right) = members.split_at(members.len() / 2);
    Some([left, right].map(|members| {
        let mut one = rule.clone();
        one["match"][key] = members.into();
        one
    }))
}

/// Adds rules to each policy.
pub(super) fn each_policy(organisation: &mut Organisation, made: impl Fn(&[Value]) -> Vec<Value>) {
    for rules in organisation.policy_rules() {
        let more = made(rules);
        rules.extend(more);
    }
}
