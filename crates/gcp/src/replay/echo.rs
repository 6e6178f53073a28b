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
            "firewall-policy" => self.echo_policy(kind, key, before, matches!(edit.act, Act::Put(_))),
            "instance" => self.echo_instance(kind, key, before),
            "network" if matches!(edit.act, Act::Put(_)) => self.estate.make(key),
            "subnetwork" => self.echo_subnetwork(kind, key, before),
            "project" | "folder" => self.echo_parent(kind, key, before),
            _ => {}
        }
    }

    /// Rules and associations of a policy that other objects state.
    fn echo_policy(
        &mut self,
        kind: &'static Kind,
        key: &Name,
        before: Option<&Node<'static>>,
        is_stated: bool,
    ) {
        let now = self.node(kind, key).cloned();
        let is_gone = now.is_none();
        let names = Names::of(key, before.or(now.as_ref()));
        let changed = |list: &str| {
            is_gone || before.and_then(|node| node.own(list)) != now.as_ref().and_then(|node| node.own(list))
        };
        if changed("rules") || is_stated {
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
        let was: Vec<String> = before.into_iter().flat_map(targets_of).collect();
        let fresh = now.iter().flat_map(displacing).filter(|target| !was.contains(target));
        for target in fresh.collect::<Vec<String>>() {
            self.displace(kind, key, &target);
        }
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

    /// Folders, organisations and networks have one policy of each level: a new one takes the place of another.
    fn displace(&mut self, kind: &'static Kind, key: &Name, target: &str) {
        let level = |key: &str| key.rsplit_once("/firewallPolicies/").map(|(level, _)| level.to_owned());
        let own = level(key);
        let is_there = |node: &Node<'static>| displacing(node).iter().any(|one| one == target);
        let others = self
            .memory
            .ledger
            .of_kind(kind.name)
            .filter(|(other, object)| *other != key && level(other) == own && is_there(&object.node));
        let mut others: Vec<Name> = others.map(|(other, _)| Arc::clone(other)).collect();
        others.sort_unstable();
        for other in others {
            let before = self.node(kind, &other).cloned();
            let listed = before.iter().flat_map(associations);
            let kept = listed.filter(|item| !leads_to(item, target)).cloned().map(Tree::Object);
            let act = Act::Set { at: Spot::of(&["associations"]), value: Tree::List(kept.collect()) };
            self.act(kind, &other, &act, &Node::default);
            self.echo_policy(kind, &other, before.as_ref(), false);
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

    /// What is above a project or a folder is also said of everything below it.
    fn echo_parent(&mut self, kind: &'static Kind, key: &Name, before: Option<&Node<'static>>) {
        let parent = self.node(kind, key).and_then(|node| text(node, "parent")).map(path_of);
        let Some(parent) = parent.map(Name::from) else { return };
        if before.and_then(|node| text(node, "parent")).is_some_and(|was| *path_of(was) == *parent) {
            return;
        }
        let estate = &mut *self.estate;
        match key.strip_prefix("projects/") {
            Some(project) => {
                let resources = &estate.resources;
                let is_it = |own: &str| resources.projects_alike(own, Some(project));
                estate.hierarchy.move_project(is_it, &parent);
            }
            None => estate.hierarchy.move_folder(key, &parent),
        }
    }

    /// The first subnetwork with external addresses of IPv6 brings its network a route to the Internet, which no entry tells of.
    fn echo_subnetwork(&mut self, kind: &'static Kind, key: &Name, before: Option<&Node<'static>>) {
        let is_external = |node: &Node<'static>| text(node, "ipv6AccessType") == Some("EXTERNAL");
        let now = self.node(kind, key).filter(|node| is_external(node));
        let network = now.and_then(|node| text(node, "network")).map(|link| path_of(link).to_owned());
        let Some(network) = network.filter(|_| !before.is_some_and(is_external)) else { return };
        let (Some(routes), Some((holder, name))) =
            (KINDS.iter().find(|kind| kind.name == "route"), network.split_once("/global/networks/"))
        else {
            return;
        };
        let leads_out = |node: &Node<'static>| {
            text(node, "destRange") == Some("::/0")
                && text(node, "network").is_some_and(|own| path_of(own) == network)
                && text(node, "nextHopGateway").is_some()
        };
        if self.memory.ledger.of_kind(routes.name).any(|(_, object)| leads_out(&object.node)) {
            return;
        }
        let path = Name::from(format!("{holder}/global/routes/default-ipv6-route-{name}"));
        let gateway = format!("{holder}/global/gateways/default-internet-gateway");
        let entries = [
            ("kind", "compute#route"),
            ("selfLink", &*format!("https://www.googleapis.com/compute/v1/{path}")),
            ("network", &network),
            ("destRange", "::/0"),
            ("priority", "1000"),
            ("nextHopGateway", &gateway),
        ];
        let entries =
            entries.map(|(key, value)| (key.to_owned().into(), Tree::Text(value.to_owned().into())));
        let route = Act::Put(Node::new(entries.into(), None));
        self.act(routes, &path, &route, &Node::default);
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
    associations(policy).filter_map(target_of).collect()
}

/// The same, less what it shares with others, each of which has its place.
fn displacing(policy: &Node<'static>) -> Vec<String> {
    let alone = associations(policy).filter(|item| item.own("priority").is_none());
    alone.filter_map(target_of).collect()
}

fn associations<'n>(policy: &'n Node<'static>) -> impl Iterator<Item = &'n Node<'static>> {
    let items = match policy.own("associations") {
        Some(Tree::List(items)) => items.as_slice(),
        _ => &[],
    };
    items.iter().filter_map(|item| match item {
        Tree::Object(item) => Some(item),
        _ => None,
    })
}

fn target_of(association: &Node<'static>) -> Option<String> {
    text(association, "attachmentTarget").map(|target| path_of(target).to_owned())
}

fn leads_to(association: &Node<'static>, target: &str) -> bool {
    target_of(association).is_some_and(|own| own == target)
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
const STALE_WITH: [&str; 9] = [
    "firewall-rule",
    "folder",
    "firewall-policy",
    "network",
    "instance",
    "tag-binding",
    "address-group",
    "tag-value",
    "project",
];
