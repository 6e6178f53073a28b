//! Firewall policies of organisations, folders and networks: `compute.firewallPolicies.*`,
//! `compute.networkFirewallPolicies.*`, `compute.regionNetworkFirewallPolicies.*`.

use cloud::audit::{Act, Edit, Spot};
use cloud::json::Tree;
use model::Effect;

use super::super::body::{node_of, set, set_default, word};
use super::super::call::{Call, Told};
use super::super::part::text;
use super::firewall::default_rule;
use super::plain::Edits;

/// G12: a policy that is made has rules that leave everything to the next.
pub(in super::super) fn insert(call: &Call, _told: &mut Told<'_>) -> Edits {
    let mut node = call.whole();
    let everyone = |range: &str| {
        let all = Tree::Object(node_of(vec![("ipProtocol", word("all"))]));
        node_of(vec![
            ("srcIpRanges", Tree::List(vec![word(range)])),
            ("layer4Configs", Tree::List(vec![all])),
        ])
    };
    let rules = vec![
        default_rule("2147483645", "goto_next", everyone("::/0")),
        default_rule("2147483647", "goto_next", everyone("0.0.0.0/0")),
    ];
    set_default(&mut node, "rules", Tree::List(rules));
    vec![call.edit(Act::Put(node))]
}

/// A rule is added under its priority.
pub(in super::super) fn add_rule(call: &Call, told: &mut Told<'_>) -> Edits {
    let rule = call.request.clone();
    let by = match text(&rule, PRIORITY) {
        Some(_) => vec![PRIORITY.into()],
        None => {
            told.missing(PRIORITY, "the rule may come before every other");
            Vec::new()
        }
    };
    vec![call.edit(Act::Insert { into: rules(), items: vec![Tree::Object(rule)], by })]
}

/// What the request says of a rule is changed. Of what the rule matches, each field alone.
pub(in super::super) fn patch_rule(call: &Call, told: &mut Told<'_>) -> Edits {
    patched_rule(call, told, &["match"])
}

/// The same, for rules of which some parts are merged key by key and all others are replaced.
pub(super) fn patched_rule(call: &Call, told: &mut Told<'_>, merged: &[&str]) -> Edits {
    let Some(priority) = call.text(PRIORITY) else {
        told.missing(PRIORITY, "which rule is changed is not known");
        return vec![unknown_rules(call)];
    };
    let rule = || rules().item(PRIORITY, priority);
    let mut edits = Vec::new();
    let is_idle = |key: &str| IDLE.iter().any(|idle| key.eq_ignore_ascii_case(idle));
    let said = || call.request.entries().iter().filter(|(key, _)| !key.eq_ignore_ascii_case(PRIORITY));
    for (key, value) in said().filter(|(key, _)| !is_idle(key)) {
        match value {
            Tree::Object(inner) if merged.contains(&&**key) => {
                let parts = inner.entries().iter();
                edits.extend(parts.map(|(part, value)| call.sets(rule().key(key).key(part), value.clone())));
            }
            value => edits.push(call.sets(rule().key(key), value.clone())),
        }
    }
    if said().next().is_none() {
        told.tell(
            "unsaid-change",
            Effect::Undecided,
            "the request names no field: what it takes away is not logged",
        );
    }
    edits
}

/// What says of a rule no packet that it decides on: such an edit of a rule that nobody saw opens nothing.
const IDLE: [&str; 5] = ["enableLogging", "description", "ruleName", "kind", "ruleTupleCount"];

pub(in super::super) fn remove_rule(call: &Call, told: &mut Told<'_>) -> Edits {
    let Some(priority) = call.text(PRIORITY) else {
        told.missing(PRIORITY, "which rule is gone is not known");
        return vec![unknown_rules(call)];
    };
    vec![call.edit(Act::Remove { from: rules(), items: vec![Call::pattern(PRIORITY, priority)] })]
}

/// The rules of another policy take the place of all rules: the entry does not have them.
pub(in super::super) fn clone_rules(call: &Call, told: &mut Told<'_>) -> Edits {
    let source = call.text("sourceFirewallPolicy").unwrap_or("another policy");
    let sentence =
        format!("its rules are those of {source} now, which are not in the entry: add an export of today");
    told.tell("unsaid-change", Effect::Undecided, &sentence);
    vec![unknown_rules(call)]
}

/// A policy whose rules are not known.
fn unknown_rules(call: &Call) -> Edit {
    call.edit(Act::Merge(node_of(vec![("rules", Tree::Null)])))
}

pub(in super::super) fn add_association(call: &Call, told: &mut Told<'_>) -> Edits {
    let Some(target) = call.text(TARGET) else {
        told.missing(TARGET, "where the policy is in force is not known");
        return Vec::new();
    };
    let mut item = node_of(vec![(TARGET, word(target))]);
    // One that has a place among several takes the place of none.
    if let Some(place) = call.request.own(PRIORITY).filter(|place| **place != Tree::Null) {
        set(&mut item, PRIORITY, place.clone());
    }
    let by = match call.text("name") {
        Some(name) => {
            set(&mut item, "name", word(name));
            "name"
        }
        None => TARGET,
    };
    let insert =
        Act::Insert { into: Spot::of(&[ASSOCIATIONS]), items: vec![Tree::Object(item)], by: vec![by.into()] };
    vec![attachment(call.edit(insert))]
}

pub(in super::super) fn remove_association(call: &Call, told: &mut Told<'_>) -> Edits {
    let Some(name) = call.text("name") else {
        told.missing("name", "where the policy is in force is not known any more");
        return vec![attachment(call.edit(Act::Merge(node_of(vec![(ASSOCIATIONS, Tree::Null)]))))];
    };
    let items = vec![Call::pattern("name", name)];
    vec![attachment(call.edit(Act::Remove { from: Spot::of(&[ASSOCIATIONS]), items }))]
}

/// Where a policy is in force is no rule.
fn attachment(edit: Edit) -> Edit {
    Edit { nature: cloud::audit::Nature::Attachment, ..edit }
}

pub(super) fn rules() -> Spot {
    Spot::of(&["rules"])
}

pub(super) const PRIORITY: &str = "priority";
const ASSOCIATIONS: &str = "associations";
const TARGET: &str = "attachmentTarget";
