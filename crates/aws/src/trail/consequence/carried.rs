//! Groups that something carries and nobody stated: without a snapshot most are such.
//!
//! What they let in was never seen, and is assumed to be nothing: of everything else that might be, every launch would be an
//! opening. They are partial, and so is what they stand before.

use cloud::audit::{Act, Edit, Ledger};
use cloud::json::{Node, Tree};

use super::{object, other, text};
use crate::trail::made;

/// The groups of an edited object that were never seen, as groups of which nothing is known.
pub(super) fn unseen(edit: &Edit, ledger: &Ledger) -> Vec<Edit> {
    let Some((_, key)) = CARRIERS.iter().find(|(kind, _)| *kind == &*edit.kind) else { return Vec::new() };
    let (Act::Put(now) | Act::Merge(now)) = &edit.act else { return Vec::new() };
    let mut unseen: Vec<&str> = groups(now, key);
    unseen.retain(|id| object(ledger, edit, GROUP, id).is_none() && !is_listed(ledger, id));
    unseen.sort_unstable();
    unseen.dedup();
    let begin = |id: &str| other(edit, GROUP, id, Act::Merge(made::object([("GroupId", made::text(id))])));
    unseen.into_iter().map(begin).collect()
}

/// Whether documents list rules of a group, which say of it what they say.
fn is_listed(ledger: &Ledger, id: &str) -> bool {
    ledger.of_kind(RULE).any(|(_, object)| text(&object.node, "GroupId") == Some(id))
}

fn groups<'n>(node: &'n Node<'static>, key: &str) -> Vec<&'n str> {
    let Some(Tree::List(items)) = node.own(key) else { return Vec::new() };
    let id = |item: &'n Tree<'static>| match item {
        Tree::Text(id) => Some(id.trim()).filter(|id| !id.is_empty()),
        Tree::Object(node) => text(node, "GroupId").or_else(|| text(node, "VpcSecurityGroupId")),
        Tree::Null | Tree::Flag(_) | Tree::List(_) | Tree::Unknown(_) => None,
    };
    items.iter().filter_map(id).collect()
}

const GROUP: &str = "security-group";
const RULE: &str = "security-group-rule";
/// Kinds that carry groups, and where they say which.
const CARRIERS: [(&str, &str); 7] = [
    ("network-interface", "Groups"),
    ("load-balancer", "SecurityGroups"),
    ("classic-load-balancer", "SecurityGroups"),
    ("rds-instance", "VpcSecurityGroups"),
    ("rds-cluster", "VpcSecurityGroups"),
    ("redshift-cluster", "VpcSecurityGroups"),
    ("redshift-workgroup", "securityGroupIds"),
];
