//! Security policies of Cloud Armor: `compute.securityPolicies.*`, of a region or of none.

use cloud::audit::Act;
use cloud::json::Tree;

use super::super::body::{node_of, set_default, word};
use super::super::call::{Call, Told};
use super::plain::Edits;
use super::policy::patched_rule;

/// A policy that is made without rules lets everybody in.
pub(in super::super) fn insert(call: &Call, _told: &mut Told<'_>) -> Edits {
    let mut node = call.whole();
    let everyone = node_of(vec![("srcIpRanges", Tree::List(vec![word("*")]))]);
    let matched = node_of(vec![("versionedExpr", word("SRC_IPS_V1")), ("config", Tree::Object(everyone))]);
    let rule = node_of(vec![
        ("priority", word("2147483647")),
        ("action", word("allow")),
        ("match", Tree::Object(matched)),
    ]);
    set_default(&mut node, "rules", Tree::List(vec![Tree::Object(rule)]));
    vec![call.edit(Act::Put(node))]
}

/// What a rule matches is replaced as a whole: an expression in place of a list takes the list away.
pub(in super::super) fn patch_rule(call: &Call, told: &mut Told<'_>) -> Edits {
    patched_rule(call, told, &[])
}
