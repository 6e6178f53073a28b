//! Firewall policies of organisations, networks and regions, their rules, and what they are associated with.

use std::borrow::Cow;

use cloud::json::Tree;

use crate::resource::path_of;

use super::Out;
use super::shape::{Shape, Words, perhaps};
use super::world::{Thing, World, plain};

/// One of the three levels: the types of policies, rules and associations.
struct Level {
    policies: &'static [&'static str],
    rules: &'static str,
    association: &'static str,
    place: &'static str,
}

pub(super) fn lower<'w, 'a>(world: &'w World<'w, 'a>, out: &mut Out<'_, '_, 'a>) {
    for level in LEVELS {
        for thing in level.policies.iter().flat_map(|kind| world.of_kind(kind)) {
            policy(thing, out);
        }
        world.of_kind(level.rules).for_each(|thing| rule(thing, level, out));
        world.of_kind(level.association).for_each(|thing| association(thing, level, out));
    }
    for thing in world.of_kind("google_network_security_address_group") {
        let mut shape = Shape::of(thing, &WORDS);
        // What has a time is told whole.
        shape.or_text("createTime", "declared");
        out.add("address-group", "", thing, shape);
    }
}

fn policy<'a>(thing: Thing<'_, 'a>, out: &mut Out<'_, '_, 'a>) {
    let mut shape = Shape::of(thing, &WORDS);
    if let Some(number) = ["network_firewall_policy_id", "region_network_firewall_policy_id"]
        .iter()
        .find_map(|key| thing.text(key))
    {
        shape.set_text("id", number.to_owned());
    }
    if thing.kind().contains("_region_") {
        shape.set_text("region", thing.region());
    }
    let predefined = shape.take("predefinedRules");
    // A list is told, be it empty.
    match (shape.get("rules").is_some(), predefined) {
        (false, Some(rules)) => shape.set("rules", rules),
        (false, None) => shape.set("rules", Tree::List(Vec::new())),
        (true, _) => {}
    }
    shape.set("associations", Tree::List(Vec::new()));
    out.add("firewall-policy", "compute#firewallPolicy", thing, shape);
    // A policy always has rules at its end that leave the decision to the next (G12).
    let path = thing.path();
    if let Some(shape) = out.known("firewall-policy", &path) {
        Out::push(shape, "rules", last_rule(thing.at()));
    }
}

/// The rule at the end of every policy, which leaves the decision to the next one.
fn last_rule<'a>(at: Option<&'a str>) -> Tree<'a> {
    let mut matched = Shape::empty(at);
    matched.set("srcIpRanges", Tree::List(vec![Tree::Text(Cow::Borrowed("0.0.0.0/0"))]));
    let mut all = Shape::empty(at);
    all.set_text("ipProtocol", "all");
    matched.set("layer4Configs", Tree::List(vec![Tree::Object(all.node())]));
    let mut rule = Shape::empty(at);
    rule.set_text("priority", "2147483647");
    rule.set_text("direction", "INGRESS");
    rule.set_text("action", "goto_next");
    rule.set("match", Tree::Object(matched.node()));
    Tree::Object(rule.node())
}

fn rule<'a>(thing: Thing<'_, 'a>, level: &Level, out: &mut Out<'_, '_, 'a>) {
    let mut shape = Shape::of(thing, &WORDS);
    if thing.is_perhaps() {
        shape.set("disabled", perhaps());
    }
    let item = Tree::Object(shape.node());
    match owner(thing, level).and_then(|path| out.known("firewall-policy", &path)) {
        Some(policy) => Out::push(policy, "rules", item),
        None => out.tell_lost(thing, "its policy"),
    }
}

fn association<'a>(thing: Thing<'_, 'a>, level: &Level, out: &mut Out<'_, '_, 'a>) {
    let target = if thing.is_perhaps() { Some(perhaps()) } else { thing.resolved("attachment_target") };
    let path = owner(thing, level);
    if let Some(policy) = path.as_deref().and_then(|path| out.known("firewall-policy", path)) {
        let mut one = Shape::empty(thing.at());
        one.entries.extend(target.map(|target| ("attachmentTarget".into(), target)));
        return Out::push(policy, "associations", Tree::Object(one.node()));
    }
    // A policy that is elsewhere: what it decides is not in the input, and that is told where it is in force.
    let named = match thing.value("firewall_policy") {
        Some(Tree::Unknown(unknown)) => plain(&unknown.text),
        _ => "policy".to_owned(),
    };
    let policy = path.unwrap_or_else(|| path_below(thing, level, &thing.world.blank(&named)));
    let mut one = Shape::empty(thing.at());
    one.set_text("firewallPolicyId", policy.clone());
    one.entries.extend(target.map(|target| ("attachmentTarget".into(), target)));
    out.put(
        "firewall-policy-association",
        "compute#firewallPolicyAssociation",
        format!("{policy} {}", thing.declared.address),
        one,
    );
}

/// The path of the policy that something is of.
fn owner(thing: Thing<'_, '_>, level: &Level) -> Option<String> {
    let named = thing.word("firewall_policy")?;
    let is_path = named.contains('/');
    let last = named.rsplit('/').next().unwrap_or(&named);
    Some(match level.place {
        "" => format!("locations/global/firewallPolicies/{last}"),
        _ if is_path => path_of(&named).to_owned(),
        _ => path_below(thing, level, &named),
    })
}

fn path_below(thing: Thing<'_, '_>, level: &Level, name: &str) -> String {
    match level.place {
        "" => format!("locations/global/firewallPolicies/{name}"),
        "global" => format!("projects/{}/global/firewallPolicies/{name}", thing.project()),
        _ => format!("projects/{}/regions/{}/firewallPolicies/{name}", thing.project(), thing.region()),
    }
}

const LEVELS: &[Level] = &[
    Level {
        policies: &["google_compute_firewall_policy", "google_compute_firewall_policy_with_rules"],
        rules: "google_compute_firewall_policy_rule",
        association: "google_compute_firewall_policy_association",
        place: "",
    },
    Level {
        policies: &[
            "google_compute_network_firewall_policy",
            "google_compute_network_firewall_policy_with_rules",
        ],
        rules: "google_compute_network_firewall_policy_rule",
        association: "google_compute_network_firewall_policy_association",
        place: "global",
    },
    Level {
        policies: &[
            "google_compute_region_network_firewall_policy",
            "google_compute_region_network_firewall_policy_with_rules",
        ],
        rules: "google_compute_region_network_firewall_policy_rule",
        association: "google_compute_region_network_firewall_policy_association",
        place: "region",
    },
];

const WORDS: Words = Words {
    alone: &["match"],
    blocks: &[
        "rule",
        "match",
        "layer4_configs",
        "layer4_config",
        "src_secure_tags",
        "target_secure_tags",
        "src_secure_tag",
        "target_secure_tag",
    ],
    renamed: &[
        ("rule", "rules"),
        ("layer4_config", "layer4Configs"),
        ("src_secure_tag", "srcSecureTags"),
        ("target_secure_tag", "targetSecureTags"),
    ],
};
