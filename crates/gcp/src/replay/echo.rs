//! What exports state twice: a policy's networks, who uses an address, the rules of a policy listed by themselves, and what
//! the API says is in force. An edit of the one is an edit of the others.
//!
//! Knows no rule of Google Cloud.

use std::sync::Arc;

use cloud::audit::{Act, Edit, Spot};
use cloud::json::{Node, Tree};
use model::Name;

use crate::resource::{KINDS, Kind, path_of};

use super::edit::Replay;
use super::text;

impl Replay<'_> {
    /// What follows from an edit of an object, which was another one before.
    pub(super) fn echo(
        &mut self,
        kind: &'static Kind,
        key: &Name,
        before: Option<&Node<'static>>,
        edit: &Edit,
    ) {
        if STALE_WITH.contains(&kind.name) {
            self.drop_all("effective-firewalls", |_, _| true);
        }
        match kind.name {
            "firewall-policy" => self.echo_policy(kind, key, before, edit),
            "instance" => self.echo_instance(kind, key, before),
            _ => {}
        }
    }

    /// Rules and associations of a policy that other objects state.
    fn echo_policy(&mut self, kind: &'static Kind, key: &Name, before: Option<&Node<'static>>, edit: &Edit) {
        let now = self.node(kind, key).cloned();
        let is_gone = now.is_none();
        let names = Names::of(key, before.or(now.as_ref()));
        let changed = |list: &str| {
            is_gone || before.and_then(|node| node.own(list)) != now.as_ref().and_then(|node| node.own(list))
        };
        if changed("rules") || matches!(edit.act, Act::Put(_)) {
            self.drop_all("firewall-policy-rules", |_, node| {
                text(node, "firewallPolicy").is_some_and(|own| names.has(own))
            });
        }
        if !changed("associations") {
            return;
        }
        self.drop_all("firewall-policy-association", |_, node| {
            text(node, "firewallPolicyId").is_some_and(|own| names.has(own))
        });
        let targets: Vec<String> = now.iter().flat_map(targets_of).collect();
        let Some(networks) = KINDS.iter().find(|kind| kind.name == "network") else { return };
        let of = |node: &Node<'static>| text(node, "firewallPolicy").is_some_and(|own| names.has(own));
        let stale = self.memory.ledger.of_kind(networks.name).filter(|(_, object)| of(&object.node));
        let mut stale: Vec<Name> = stale.map(|(key, _)| Arc::clone(key)).collect();
        stale.retain(|network| !targets.iter().any(|target| **target == **network));
        stale.sort_unstable();
        for network in stale {
            let act = Act::Set { at: Spot::of(&["firewallPolicy"]), value: Tree::Null };
            self.act(networks, &network, &act, &Node::default);
        }
    }

    /// Reserved addresses say which instance uses them.
    fn echo_instance(&mut self, kind: &'static Kind, key: &Name, before: Option<&Node<'static>>) {
        let was: Vec<String> = before.iter().flat_map(|node| natted(node)).collect();
        let is: Vec<String> = self.node(kind, key).into_iter().flat_map(natted).collect();
        if was == is {
            return;
        }
        let Some(addresses) = KINDS.iter().find(|kind| kind.name == "address") else { return };
        let link = Tree::Text(format!("https://www.googleapis.com/compute/v1/{key}").into());
        let mut edits: Vec<(Name, Act)> = Vec::new();
        for (address, object) in self.memory.ledger.of_kind(addresses.name) {
            let users = match object.node.own("users") {
                Some(Tree::List(users)) => users.as_slice(),
                _ => &[],
            };
            let own = users.iter().find(|user| matches!(user, Tree::Text(user) if path_of(user) == &**key));
            let number = text(&object.node, "address");
            let is_used = number.is_some_and(|number| is.iter().any(|one| one == number));
            match own {
                Some(user) if !is_used => {
                    let items = users.iter().filter(|one| *one != user).cloned().collect();
                    let act = Act::Set { at: Spot::of(&["users"]), value: Tree::List(items) };
                    edits.push((Arc::clone(address), act));
                }
                None if is_used => {
                    let items = users.iter().cloned().chain([link.clone()]).collect();
                    let act = Act::Set { at: Spot::of(&["users"]), value: Tree::List(items) };
                    edits.push((Arc::clone(address), act));
                }
                Some(_) | None => {}
            }
        }
        edits.sort_by(|(one, _), (other, _)| one.cmp(other));
        for (address, act) in edits {
            self.act(addresses, &address, &act, &Node::default);
        }
    }

    /// Takes away the objects of a kind that an edit overtakes.
    fn drop_all(&mut self, kind: &str, is_overtaken: impl Fn(&Name, &Node<'static>) -> bool) {
        let Some(kind) = KINDS.iter().find(|known| known.name == kind) else { return };
        let own =
            self.memory.ledger.of_kind(kind.name).filter(|(key, object)| is_overtaken(key, &object.node));
        let mut keys: Vec<Name> = own.map(|(key, _)| Arc::clone(key)).collect();
        keys.sort_unstable();
        for key in keys {
            self.act(kind, &key, &Act::Drop, &Node::default);
        }
    }
}

/// The names by which others call a policy.
struct Names {
    path: Name,
    number: Option<String>,
}

impl Names {
    fn of(key: &Name, node: Option<&Node<'static>>) -> Self {
        let number = node.and_then(|node| text(node, "id")).map(ToOwned::to_owned);
        Self { path: Arc::clone(key), number }
    }

    fn has(&self, link: &str) -> bool {
        let path = path_of(link);
        let last = path.rsplit('/').next().unwrap_or(path);
        *path == *self.path
            || self.number.as_deref() == Some(last)
            || (!path.starts_with("projects/") && self.path.ends_with(&format!("firewallPolicies/{last}")))
    }
}

/// What a policy is associated with.
fn targets_of(policy: &Node<'static>) -> Vec<String> {
    let items = match policy.own("associations") {
        Some(Tree::List(items)) => items.as_slice(),
        _ => &[],
    };
    let target = |item: &Tree<'static>| match item {
        Tree::Object(item) => text(item, "attachmentTarget").map(|target| path_of(target).to_owned()),
        _ => None,
    };
    items.iter().filter_map(target).collect()
}

/// The public addresses of an instance.
fn natted(instance: &Node<'static>) -> Vec<String> {
    fn items<'n>(node: &'n Node<'static>, key: &str) -> &'n [Tree<'static>] {
        match node.own(key) {
            Some(Tree::List(items)) => items,
            _ => &[],
        }
    }
    let mut found = Vec::new();
    for interface in items(instance, "networkInterfaces") {
        let Tree::Object(interface) = interface else { continue };
        for (list, key) in [("accessConfigs", "natIP"), ("ipv6AccessConfigs", "externalIpv6")] {
            for one in items(interface, list) {
                if let Tree::Object(one) = one
                    && let Some(address) = text(one, key)
                {
                    found.push(address.to_owned());
                }
            }
        }
    }
    found
}

/// Kinds of which any edit makes what the API said is in force out of date.
const STALE_WITH: [&str; 8] = [
    "firewall-rule",
    "firewall-policy",
    "network",
    "instance",
    "tag-binding",
    "address-group",
    "tag-value",
    "project",
];
