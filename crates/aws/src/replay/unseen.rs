//! What nobody stated: objects before their first edit, lists that a document leaves out, what an edit did not find.
//!
//! What only lets in is presumed absent. What keeps out is not known: presumed empty it would close what it may let through.

use core::net::IpAddr;
use std::borrow::Cow;

use cloud::audit::{Act, Edit, Spot};
use cloud::json::{Node, Tree};
use model::Name;

use crate::resource::Kind;

use super::edit::Replay;
use super::rules::not_seen;
use super::text;

impl Replay<'_> {
    /// A part of a list that a document left out does not make the rest known.
    pub(super) fn begin_list(&mut self, kind: &'static Kind, key: &Name, act: &Act) {
        let (Act::Insert { into: at, .. } | Act::Remove { from: at, .. }) = act else { return };
        let listed = LEFT_OUT.iter().find(|(of, list)| *of == kind.name && *at == Spot::of(&[list]));
        let (Some((_, list)), Some(node)) = (listed, self.node(kind, key)) else { return };
        let is_left_out = match node.own(list) {
            None => true,
            // Some write null for a list without members.
            Some(Tree::Null) => node.own("IpPermissionsEgress").is_none(),
            Some(_) => false,
        };
        let id = key.rsplit('/').next().unwrap_or(key);
        let has_listed = self.memory.listed_rules.get(id).is_some_and(|rules| !rules.is_empty());
        if is_left_out && !has_listed {
            let value = not_seen(id);
            self.act(kind, key, &Act::Set { at: at.clone(), value }, &Node::default);
        }
    }

    /// An edit of what was never stated: whatever comes into a list, or wherever it comes to stand, what else it holds is not
    /// known.
    pub(super) fn meet(&mut self, kind: &Kind, edit: &Edit, act: &Act) {
        if NOT_SEEN.iter().any(|(of, _)| *of == kind.name) && matches!(act, Act::Insert { .. }) {
            self.miss(format!("{} {}", kind.name, edit.id));
        }
    }
}

/// An object that nobody saw, before its first edit: what is not known of it is presumed absent.
pub(super) fn unseen(kind: &Kind, id: &str) -> Node<'static> {
    let mut node = Node::default();
    let sign = match kind.name {
        // Known by its allocation as a rule, else by its number.
        "address" if id.parse::<IpAddr>().is_err() => Some(&"AllocationId"),
        _ => kind.signs.first(),
    };
    if let Some(sign) = sign {
        node.push(Cow::Borrowed(sign), Tree::Text(id.to_owned().into()));
    }
    let lists = UNSEEN.iter().filter(|(of, _)| *of == kind.name).flat_map(|(_, lists)| *lists);
    for list in lists {
        node.push(Cow::Borrowed(list), Tree::List(Vec::new()));
    }
    for (_, list) in NOT_SEEN.iter().filter(|(of, _)| *of == kind.name) {
        node.push(Cow::Borrowed(list), not_seen(id));
    }
    node
}

/// Lists that an object has, be they empty: what only lets in is presumed absent.
const UNSEEN: [(&str, &[&str]); 6] = [
    ("security-group", &["IpPermissions"]),
    ("network-acl", &["Associations"]),
    ("route-table", &["Associations"]),
    ("network-interface", &["Groups"]),
    ("instance", &["NetworkInterfaces"]),
    ("prefix-list-entries", &["Entries"]),
];

/// Lists that are not known: presumed empty they would say that nobody gets through.
const NOT_SEEN: [(&str, &str); 3] =
    [("prefix-list", "Entries"), ("network-acl", "Entries"), ("route-table", "Routes")];

/// Lists of which a document that leaves them out does not say that they are empty.
const LEFT_OUT: [(&str, &str); 3] =
    [("security-group", "IpPermissions"), ("network-acl", "Entries"), ("route-table", "Routes")];

/// What an edit was to take away, in words.
pub(super) fn missed(kind: &Kind, act: &Act) -> Option<String> {
    let Act::Remove { items, .. } = act else { return None };
    let Some(Tree::Object(item)) = items.first() else { return None };
    match kind.name {
        "network-acl" => {
            let way = if item.own("Egress") == Some(&Tree::Flag(true)) { "outbound" } else { "inbound" };
            Some(format!("its {way} entry {}", text(item, "RuleNumber")?))
        }
        "route-table" => {
            let keys = ["DestinationCidrBlock", "DestinationIpv6CidrBlock", "DestinationPrefixListId"];
            Some(format!("its route to {}", keys.iter().find_map(|key| text(item, key))?))
        }
        _ => None,
    }
}
