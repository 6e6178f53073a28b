//! Security policies of Cloud Armor, and their rules that are declared apart.

use cloud::json::Tree;

use crate::resource::path_of;

use super::Out;
use super::shape::{Shape, Words, object, perhaps, text};
use super::world::{Thing, World, is_unsaid};

pub(super) fn lower<'w, 'a>(world: &'w World<'w, 'a>, out: &mut Out<'_, '_, 'a>) {
    for kind in ["google_compute_security_policy", "google_compute_region_security_policy"] {
        for thing in world.of_kind(kind) {
            let mut shape = Shape::of(thing, &WORDS);
            let key = if kind == "google_compute_security_policy" { "rule" } else { "rules" };
            // Plans say this of policies without a rule of their own, too: these have rules that are declared apart.
            if thing.node().own(key).is_some_and(is_unsaid) && has_parts(world, thing) {
                shape.take("rules");
            }
            out.add("security-policy", "compute#securityPolicy", thing, shape);
        }
    }
    for (kind, place) in PARTS {
        world.of_kind(kind).for_each(|thing| rule(thing, place, out));
    }
    // Whoever declares no default rule gets one that lets in.
    let policies = out.drafts.iter_mut().filter(|draft| draft.kind == "security-policy");
    policies.for_each(|policy| add_default(&mut policy.shape));
}

fn has_parts<'w, 'a>(world: &'w World<'w, 'a>, policy: Thing<'w, 'a>) -> bool {
    let path = policy.path();
    PARTS.iter().any(|(kind, place)| {
        world.of_kind(kind).any(|part| owner(part, place).is_some_and(|own| own == path))
    })
}

fn owner(part: Thing<'_, '_>, place: &str) -> Option<String> {
    let named = part.word("security_policy")?;
    Some(match (named.contains('/'), place) {
        (true, _) => path_of(&named).to_owned(),
        (false, "global") => format!("projects/{}/global/securityPolicies/{named}", part.project()),
        (false, _) => {
            format!("projects/{}/regions/{}/securityPolicies/{named}", part.project(), part.region())
        }
    })
}

fn rule<'a>(thing: Thing<'_, 'a>, place: &str, out: &mut Out<'_, '_, 'a>) {
    let mut shape = Shape::of(thing, &WORDS);
    if thing.is_perhaps() {
        shape.set("preview", perhaps());
    }
    let item = Tree::Object(shape.node());
    match owner(thing, place).and_then(|path| out.known("security-policy", &path)) {
        Some(policy) => Out::push(policy, "rules", item),
        None => out.tell_lost(thing, "its policy"),
    }
}

fn add_default(shape: &mut Shape<'_>) {
    let has_default = |rule: &Tree<'_>| match rule {
        Tree::Object(rule) => matches!(rule.own("priority"), Some(Tree::Text(text)) if text == DEFAULT),
        _ => false,
    };
    let is_known = match shape.get("rules") {
        Some(Tree::List(rules)) => !rules.iter().any(has_default),
        Some(Tree::Unknown(_)) => false,
        _ => true,
    };
    if is_known {
        let at = shape.at;
        let everybody = object(vec![("srcIpRanges", Tree::List(vec![text("*")]))], at);
        let matched = object(vec![("versionedExpr", text("SRC_IPS_V1")), ("config", everybody)], at);
        let rule = vec![
            ("action", text("allow")),
            ("priority", text(DEFAULT)),
            ("preview", Tree::Flag(false)),
            ("match", matched),
        ];
        Out::push(shape, "rules", object(rule, at));
    }
}

const PARTS: &[(&str, &str)] = &[
    ("google_compute_security_policy_rule", "global"),
    ("google_compute_region_security_policy_rule", "region"),
];
const DEFAULT: &str = "2147483647";
const WORDS: Words = Words {
    alone: &["match", "config", "expr", "network_match", "redirect_options", "rate_limit_options"],
    blocks: &["rule", "rules", "match", "config", "expr", "network_match"],
    renamed: &[("rule", "rules")],
};
