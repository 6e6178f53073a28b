//! Rules of the way out that documents list one by one: the group says them itself from its first edit on, as it does those
//! of the way in (`rules`).
//!
//! Nobody comes in by one; but an edit names a rule by its id, and not its direction.

use std::borrow::Cow;
use std::sync::Arc;

use cloud::audit::{Act, Spot, fits};
use cloud::json::{Node, Tree};
use model::Name;

use crate::resource::Kind;
use crate::trail::{Body, Permission, canonical_permissions};

use super::edit::{Replay, items_mut};
use super::text;

impl Replay<'_> {
    /// Puts the listed outbound rules of a group into it, where it is known.
    pub(super) fn settle_outbound(&mut self, kind: &'static Kind, id: &str, account: Option<&Name>) {
        let Some(listed) = self.kind_named("security-group-rule") else { return };
        let keys = self.memory.listed_rules.get(id).cloned().unwrap_or_default();
        if kind.name != "security-group" || keys.is_empty() {
            return;
        }
        let known = self.estate.resources.key_of(kind.name, account.map(|account| &**account), id);
        let Some(key) = known else { return };
        let Some(mut list) = self.node(kind, &key).map(outbound) else { return };
        let owner = key.split_once('/').map(|(account, _)| account.to_owned());
        let is_own = |rule: &Name| {
            rule.split_once('/').is_none_or(|(own, _)| owner.as_deref().is_none_or(|owner| owner == own))
        };
        let mut joined: Vec<Name> = Vec::new();
        for rule in keys.iter().filter(|rule| is_own(rule)) {
            let Some(node) = self.node(listed, rule).filter(|node| is_outbound(node)) else { continue };
            let Some(permission) = Permission::listed(Body::of(node), owner.as_deref()) else { continue };
            let id = text(node, "SecurityGroupRuleId").unwrap_or_default().to_owned();
            join(&mut list, permission, &id);
            joined.push(Arc::clone(rule));
        }
        if joined.is_empty() {
            return;
        }
        let value = list.own(OUTBOUND).cloned().unwrap_or(Tree::Null);
        self.act(kind, &key, &Act::Set { at: Spot::of(&[OUTBOUND]), value }, &Node::default);
        for rule in &joined {
            self.memory.ledger.forget(listed.name, rule);
            self.rewrites(listed, rule);
        }
        if let Some(known) = self.memory.listed_rules.get_mut(id) {
            known.retain(|key| !joined.contains(key));
        }
    }
}

/// The outbound rules that a group says itself, one item for each, alone in an object.
fn outbound(group: &Node<'static>) -> Node<'static> {
    let said = group.own(OUTBOUND).map(|said| canonical_permissions(said, None));
    let list = said.filter(|said| matches!(said, Tree::List(_))).unwrap_or(Tree::List(Vec::new()));
    Node::new(vec![(Cow::Borrowed(OUTBOUND), list)], None)
}

/// A rule with its id beside what the group says: it is the item that says the same, or one more.
fn join(list: &mut Node<'static>, permission: Permission, id: &str) {
    let (pattern, rule) = (permission.pattern(), || Tree::Text(id.to_owned().into()));
    let own = items_mut(list, OUTBOUND).iter_mut().find(|item| fits(item, &pattern));
    if let Some(Tree::Object(item)) = own {
        item.take_out("#rule");
        item.push(Cow::Borrowed("#rule"), rule());
    } else if let Some(Tree::List(items)) = list.own_mut(OUTBOUND) {
        items.push(permission.with_rule(id).item());
    }
}

fn is_outbound(rule: &Node<'static>) -> bool {
    rule.own("IsEgress") == Some(&Tree::Flag(true))
}

const OUTBOUND: &str = "IpPermissionsEgress";
