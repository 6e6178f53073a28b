//! Groups and prefix lists before their first edit: what documents say of one in several objects, put together in one.
//!
//! The permissions of a group become one item for each source, with the ids of the rules where documents list these; the
//! pages of a prefix list become its entries.

use std::borrow::Cow;
use std::sync::Arc;

use cloud::audit::Object;
use cloud::json::{Cause, Node, Tree};
use model::Name;

use crate::resource::{KINDS, Kind};
use crate::trail::{Body, Permission, canonical_permissions};

use super::edit::Replay;
use super::{items, text};

impl Replay<'_> {
    /// Puts together what documents say of a resource in several objects, before its first edit.
    pub(super) fn settle(&mut self, kind: &'static Kind, id: &str, account: Option<&Name>) {
        match kind.name {
            "security-group" => self.settle_group(kind, id, account),
            "prefix-list" => self.settle_list(kind, id, account),
            _ => {}
        }
    }

    fn settle_group(&mut self, kind: &'static Kind, id: &str, account: Option<&Name>) {
        let listed = self.listed_rules(id, account);
        let known = self.estate.resources.key_of(kind.name, account.map(|account| &**account), id);
        let key = match (&known, listed.first()) {
            (Some(key), _) => Arc::clone(key),
            (None, None) => return,
            (None, Some((rule, _))) => match rule.split_once('/') {
                Some((account, _)) => format!("{account}/{id}").into(),
                None => id.into(),
            },
        };
        let Some(before) = self.node(kind, &key) else {
            if known.is_none() {
                self.settle_listed(kind, &key, id, &listed);
            }
            return;
        };
        if before.own(SETTLED).is_some() {
            return;
        }
        let mut node = before.clone();
        let owner = key.split_once('/').map(|(account, _)| account.to_owned());
        node.edit(PERMISSIONS, |tree| *tree = canonical_permissions(tree, owner.as_deref()));
        let mut joined: Vec<Name> = Vec::new();
        for (rule, object) in &listed {
            let Some(permission) = Permission::listed(Body::of(object), owner.as_deref()) else { continue };
            let pattern = permission.pattern();
            let inner = super::edit::items_mut(&mut node, PERMISSIONS).iter_mut();
            let mut own = inner.filter(|item| cloud::audit::fits(item, &pattern));
            if let (Some(Tree::Object(item)), Some(id)) = (own.next(), text(object, "SecurityGroupRuleId")) {
                item.take_out(RULE);
                item.push(Cow::Borrowed(RULE), Tree::Text(id.to_owned().into()));
                joined.push(Arc::clone(rule));
            }
        }
        node.push(Cow::Borrowed(SETTLED), Tree::Flag(true));
        if !listed.is_empty() {
            node.push(Cow::Borrowed(LISTED), Tree::Flag(true));
        }
        self.keep_node(kind, &key, node);
        self.forget_rules(id, joined);
    }

    /// A group of which documents have the rules only.
    fn settle_listed(&mut self, kind: &'static Kind, key: &Name, id: &str, listed: &[(Name, Node<'static>)]) {
        let owner = key.split_once('/').map(|(account, _)| account);
        let rules = listed.iter().filter_map(|(_, node)| Permission::listed(Body::of(node), owner));
        let permissions = rules.map(|rule| rule.item()).collect();
        let mut node = Node::default();
        node.push(Cow::Borrowed("GroupId"), Tree::Text(id.to_owned().into()));
        node.push(Cow::Borrowed(PERMISSIONS), Tree::List(permissions));
        node.push(Cow::Borrowed(SETTLED), Tree::Flag(true));
        node.push(Cow::Borrowed(LISTED), Tree::Flag(true));
        if let Some((rule, _)) = listed.first()
            && let Some(of_rule) =
                self.kind_named("security-group-rule").and_then(|kind| self.node(kind, rule))
        {
            for key in super::AROUND.into_iter().take(2) {
                if let Some(value) = text(of_rule, key) {
                    node.push(Cow::Borrowed(key), Tree::Text(value.to_owned().into()));
                }
            }
        }
        if let Some(owner) = owner
            && node.own("#account").is_none()
        {
            node.push(Cow::Borrowed("#account"), Tree::Text(owner.to_owned().into()));
        }
        let name = self.memory.kind(kind.name);
        let object = Object { node, place: self.place, is_partial: false };
        self.memory.ledger.keep(&name, key, Arc::new(object));
        self.rewrites(kind, key);
        self.forget_rules(id, listed.iter().map(|(key, _)| Arc::clone(key)).collect());
    }

    /// The inbound rules of a group that documents list one by one, in the order of their keys.
    fn listed_rules(&self, id: &str, account: Option<&Name>) -> Vec<(Name, Node<'static>)> {
        let Some(kind) = self.kind_named("security-group-rule") else { return Vec::new() };
        let keys = self.memory.listed_rules.get(id).into_iter().flatten();
        let is_own = |key: &&Name| match (account, key.split_once('/')) {
            (Some(account), Some((own, _))) => **account == *own,
            _ => true,
        };
        let of = |key: &Name| Some((Arc::clone(key), self.node(kind, key)?.clone()));
        let inbound = |(_, node): &(Name, Node<'static>)| node.own("IsEgress") == Some(&Tree::Flag(false));
        let mut found: Vec<_> = keys.filter(is_own).filter_map(of).filter(inbound).collect();
        found.sort_by(|(one, _), (other, _)| one.cmp(other));
        found
    }

    /// With a group its rules go that documents list one by one.
    pub(super) fn drop_rules(&mut self, key: &Name) {
        let (account, id) = match key.split_once('/') {
            Some((account, id)) => (Some(Name::from(account)), id),
            None => (None, &**key),
        };
        let Some(kind) = self.kind_named("security-group-rule") else { return };
        let keys = self.memory.listed_rules.get(id).cloned().unwrap_or_default();
        let is_own = |key: &Name| match (&account, key.split_once('/')) {
            (Some(account), Some((own, _))) => **account == *own,
            _ => true,
        };
        let own = keys.into_iter().filter(is_own).filter(|key| self.node(kind, key).is_some());
        self.forget_rules(id, own.collect());
    }

    /// Rules that a group says itself now.
    fn forget_rules(&mut self, id: &str, keys: Vec<Name>) {
        let Some(kind) = self.kind_named("security-group-rule") else { return };
        let name = self.memory.kind(kind.name);
        for key in &keys {
            self.memory.ledger.forget(&name, key);
            self.rewrites(kind, key);
        }
        if let Some(known) = self.memory.listed_rules.get_mut(id) {
            known.retain(|key| !keys.contains(key));
        }
    }

    /// A list with the entries of its pages. Where none is in the input, those that an edit adds are not all.
    fn settle_list(&mut self, kind: &'static Kind, id: &str, account: Option<&Name>) {
        let is_its = |node: &Node<'static>| text(node, "PrefixListId") == Some(id);
        let mut found: Vec<(&'static Kind, Name)> = Vec::new();
        for kind in [Some(kind), self.kind_named("prefix-list-entries")].into_iter().flatten() {
            let own = self.memory.ledger.of_kind(kind.name).filter(|(_, object)| is_its(&object.node));
            let mut keys: Vec<Name> = own.map(|(key, _)| Arc::clone(key)).collect();
            keys.sort_unstable();
            found.extend(keys.into_iter().map(|key| (kind, key)));
        }
        if let [(kind, key)] = found.as_slice()
            && key.rsplit('/').next() == Some(id)
        {
            let Some(node) = self.node(kind, key) else { return };
            if CONTENTS.iter().all(|list| node.own(list).is_none_or(|value| *value == Tree::Null)) {
                let mut node = node.clone();
                node.push(Cow::Borrowed("Entries"), not_seen(id));
                let (kind, key) = (*kind, Arc::clone(key));
                self.keep_node(kind, &key, node);
            }
            return;
        }
        if found.is_empty() {
            return;
        }
        let mut whole = Node::default();
        let (mut entries, mut has_entries) = (Vec::new(), false);
        for (kind, key) in &found {
            let Some(node) = self.node(kind, key) else { continue };
            for (own, value) in node.entries() {
                match (CONTENTS.iter().any(|key| key.eq_ignore_ascii_case(own)), value) {
                    (true, Tree::List(_)) => has_entries = true,
                    _ if whole.own(own).is_none() => whole.push(own.clone(), value.clone()),
                    _ => {}
                }
            }
            for list in CONTENTS {
                for item in items(node, list) {
                    let item = match item {
                        Tree::Text(cidr) => {
                            Tree::Object(Node::new(vec![("Cidr".into(), Tree::Text(cidr.clone()))], None))
                        }
                        other => other.clone(),
                    };
                    if !entries.contains(&item) {
                        entries.push(item);
                    }
                }
            }
        }
        let entries = if has_entries { Tree::List(entries) } else { not_seen(id) };
        whole.push(Cow::Borrowed("Entries"), entries);
        let owner = account.cloned().or_else(|| text(&whole, "#account").map(Name::from));
        for (kind, key) in found {
            let name = self.memory.kind(kind.name);
            self.memory.ledger.forget(&name, &key);
            self.rewrites(kind, &key);
        }
        let key: Name = owner.map_or_else(|| id.into(), |owner| format!("{owner}/{id}").into());
        let name = self.memory.kind(kind.name);
        let object = Object { node: whole, place: self.place, is_partial: !has_entries };
        self.memory.ledger.keep(&name, &key, Arc::new(object));
        self.rewrites(kind, &key);
    }

    fn keep_node(&mut self, kind: &'static Kind, key: &Name, node: Node<'static>) {
        let name = self.memory.kind(kind.name);
        let Some(object) = self.memory.ledger.forget(&name, key) else { return };
        let object = Object { node, place: object.place, is_partial: object.is_partial };
        self.memory.ledger.keep(&name, key, Arc::new(object));
        self.rewrites(kind, key);
    }

    pub(super) fn kind_named(&self, name: &str) -> Option<&'static Kind> {
        KINDS.iter().find(|kind| kind.name == name)
    }
}

/// The entries of a list of which nobody has seen any: whom it holds is not known, and what is added or taken out later
/// does not make it known.
pub(super) fn not_seen(id: &str) -> Tree<'static> {
    Tree::List(vec![Tree::unknown(Cause::Existing, format!("the entries of {id}"))])
}

const PERMISSIONS: &str = "IpPermissions";
/// The id of the rule that an item is.
const RULE: &str = "#rule";
/// A group whose permissions are one item for each source.
const SETTLED: &str = "#settled";
/// A group whose rules documents list one by one: they have ids in results.
pub(super) const LISTED: &str = "#listed";
/// Where prefix lists have their entries.
const CONTENTS: [&str; 2] = ["Entries", "Cidrs"];
