//! What exports state twice: an interface stands in its instance too, an Elastic IP address in both. An edit of the one is an
//! edit of the others.
//!
//! Knows no rule of AWS.

use std::borrow::Cow;
use std::sync::Arc;

use cloud::audit::{Act, Edit, Ledger, Selector, Spot};
use cloud::json::{Node, Tree};
use model::Name;

use crate::resource::{KINDS, Kind};

use super::edit::{Replay, items_mut};
use super::{items, text};

/// Whether others state what an object of a kind says.
pub(super) fn echoes(kind: &Kind) -> bool {
    matches!(kind.name, "network-interface" | "address" | "instance")
}

impl Replay<'_> {
    /// What follows from an edit of an object, which was another one before.
    pub(super) fn echo(
        &mut self,
        kind: &'static Kind,
        key: &Name,
        before: Option<&Node<'static>>,
        edit: &Edit,
    ) {
        match kind.name {
            "security-group" if matches!(edit.act, Act::Drop) => self.drop_rules(key),
            "network-interface" => self.echo_interface(key, before, edit),
            "address" => self.echo_address(key, before),
            "instance" if matches!(edit.act, Act::Drop) => self.echo_terminated(before),
            _ => {}
        }
    }

    /// An interface that only its instance states is edited there; says whether it was.
    pub(super) fn edit_inside(&mut self, kind: &'static Kind, edit: &Edit) -> bool {
        if kind.name != "network-interface" {
            return false;
        }
        let Some((holder, id)) = self.inside(edit) else { return false };
        self.edit_in(&holder, &id, &edit.act);
        true
    }

    /// The key of the instance that states an interface, and the id of the interface.
    pub(super) fn inside(&self, edit: &Edit) -> Option<(Name, Name)> {
        let selector = Selector::of(&edit.id);
        let (instance, parts) = match &selector {
            Some(selector) => (selector.value("InstanceId"), Some(selector.without("InstanceId"))),
            None => (None, None),
        };
        let fits = |item: &Node<'static>| match &parts {
            Some(parts) => parts.fits(item),
            None => text(item, INTERFACE_ID) == Some(&edit.id),
        };
        let mut found: Vec<(&Name, Name)> = Vec::new();
        for (key, object) in self.memory.ledger.of_kind("instance") {
            if instance.is_some_and(|id| text(&object.node, "InstanceId") != Some(id)) {
                continue;
            }
            let nodes = items(&object.node, INTERFACES).iter().filter_map(node_of);
            let ids = nodes.filter(|node| fits(node)).filter_map(|node| text(node, INTERFACE_ID));
            found.extend(ids.map(|id| (key, Name::from(id))));
        }
        let (key, id) = found.into_iter().min()?;
        Some((Arc::clone(key), id))
    }

    /// Does an act to an interface inside an instance.
    fn edit_in(&mut self, holder: &Name, id: &Name, act: &Act) {
        let Some(kind) = kind_of("instance") else { return };
        let name = self.memory.kind(kind.name);
        let Some(before) = self.node(kind, holder).cloned() else { return };
        let mut after = before.clone();
        let inner = items_mut(&mut after, INTERFACES);
        let found = inner.iter().position(|item| is_interface(item, id));
        let Some(position) = found else { return };
        if matches!(act, Act::Drop) {
            if let Some(Tree::List(items)) = after.own_mut(INTERFACES) {
                items.remove(position);
            }
        } else if let Some(Tree::Object(item)) = inner.get_mut(position) {
            *item = edited(item, act, self.place);
        }
        mirror_first(&mut after);
        if after == before {
            return;
        }
        let Some(object) = self.memory.ledger.forget(&name, holder) else { return };
        let object = cloud::audit::Object { node: after, place: self.place, is_partial: object.is_partial };
        self.memory.ledger.keep(&name, holder, Arc::new(object));
        self.rewrites(kind, holder);
    }

    fn echo_interface(&mut self, key: &Name, before: Option<&Node<'static>>, edit: &Edit) {
        let Some(kind) = kind_of("network-interface") else { return };
        let id: Name = key.rsplit('/').next().unwrap_or(key).into();
        let inner = Edit { id: Arc::clone(&id), ..edit.clone() };
        let Some((holder, _)) = self.inside(&inner) else { return };
        // What the instance states of it takes over what the interface says of these now.
        let now = self.node(kind, key).cloned();
        let instance = now.as_ref().and_then(attached_to);
        let holder_id = holder.rsplit('/').next();
        let was_attached = before.and_then(attached_to);
        if now.is_none() || (instance.as_deref() != holder_id && was_attached.as_deref() == holder_id) {
            self.edit_in(&holder, &id, &Act::Drop);
            return;
        }
        let Some(now) = now else { return };
        self.edit_in(&holder, &id, &Act::Merge(shared(&now)));
    }

    /// An object says this now, and is as whole as it was.
    pub(super) fn state_again(&mut self, kind: &'static Kind, key: &Name, node: Node<'static>) {
        let name = self.memory.kind(kind.name);
        let Some(object) = self.memory.ledger.get(&name, key) else { return };
        if object.node == node {
            return;
        }
        let object = cloud::audit::Object { node, place: self.place, is_partial: object.is_partial };
        self.memory.ledger.keep(&name, key, Arc::new(object));
        self.rewrites(kind, key);
    }

    /// With an instance its interfaces go that were made with it, and addresses lead to it no more.
    fn echo_terminated(&mut self, before: Option<&Node<'static>>) {
        let Some(id) = before.and_then(|node| text(node, "InstanceId")) else { return };
        for (kind, key) in attached(&self.memory.ledger, id) {
            let Some(kind) = kind_of(kind) else { continue };
            let Some(node) = self.node(kind, &key).cloned() else { continue };
            let stays = kind.name == "address" || outlives(&node);
            if !stays {
                self.act(kind, &key, &Act::Drop, &Node::default);
                continue;
            }
            let mut after = node;
            for gone in ["Attachment", "InstanceId", "AssociationId", INTERFACE_ID, "PrivateIpAddress"] {
                if kind.name == "address" || gone == "Attachment" {
                    after.take_out(gone);
                }
            }
            if kind.name == "network-interface" {
                after.take_out("Status");
                after.push(Cow::Borrowed("Status"), Tree::Text("available".into()));
            }
            self.state_again(kind, &key, after);
        }
    }
}

/// An instance says of itself what its first interface says.
pub(super) fn mirror_first(instance: &mut Node<'static>) {
    let nodes = items(instance, INTERFACES).iter().filter_map(node_of);
    let Some(first) = nodes.clone().find(|node| is_first(node)) else { return };
    let public = match first.own("Association") {
        Some(Tree::Object(association)) => association.own("PublicIp").cloned(),
        _ => None,
    };
    let groups = first.own("Groups").cloned();
    for (key, value) in [("PublicIpAddress", public), ("SecurityGroups", groups)] {
        // Where it did not say so before, it need not now: an interface says the same.
        if instance.take_out(key)
            && let Some(value) = value
        {
            instance.push(Cow::Borrowed(key), value);
        }
    }
}

/// What an interface and its instance both say of it: keys that are gone are taken away there too.
fn shared(interface: &Node<'static>) -> Node<'static> {
    let value = |key: &str| interface.own(key).cloned().unwrap_or(Tree::Null);
    let keys = ["Groups", "PrivateIpAddresses", "PrivateIpAddress", "Association", "Ipv6Addresses"];
    Node::new(keys.into_iter().map(|key| (Cow::Borrowed(key), value(key))).collect(), None)
}

/// The object after an act.
fn edited(node: &Node<'static>, act: &Act, place: model::Provenance) -> Node<'static> {
    let (kind, key) = (Name::from(""), Name::from(""));
    let mut ledger = Ledger::default();
    ledger.note(&kind, &key, node, place);
    // Objects are merged key by key; here they are what the interface says.
    if let Act::Merge(with) = act {
        for (name, value) in with.entries() {
            let at = Spot::of(&[name]);
            ledger.act([&kind, &key], &Act::Set { at, value: value.clone() }, place, &Node::default);
        }
    } else {
        ledger.act([&kind, &key], act, place, &Node::default);
    }
    ledger.get(&kind, &key).map_or_else(Node::default, |object| object.node.clone())
}

/// What is attached to an instance: interfaces and addresses, sorted.
fn attached(ledger: &Ledger, instance: &str) -> Vec<(&'static str, Name)> {
    let interfaces = ledger.of_kind("network-interface");
    let own = interfaces.filter(|(_, object)| attached_to(&object.node).as_deref() == Some(instance));
    let mut found: Vec<_> = own.map(|(key, _)| ("network-interface", Arc::clone(key))).collect();
    let addresses = ledger.of_kind("address");
    let own = addresses.filter(|(_, object)| text(&object.node, "InstanceId") == Some(instance));
    found.extend(own.map(|(key, _)| ("address", Arc::clone(key))));
    found.sort_unstable();
    found
}

/// The id of the instance an interface is attached to.
pub(super) fn attached_to(interface: &Node<'static>) -> Option<String> {
    match interface.own("Attachment") {
        Some(Tree::Object(attachment)) => text(attachment, "InstanceId").map(ToOwned::to_owned),
        _ => None,
    }
}

/// Whether an interface is the first one of its instance, as far as it says it.
pub(super) fn is_first(interface: &Node<'static>) -> bool {
    match interface.own("Attachment") {
        Some(Tree::Object(attachment)) => text(attachment, "DeviceIndex").is_none_or(|index| index == "0"),
        _ => true,
    }
}

/// Whether an interface stays when its instance goes.
fn outlives(interface: &Node<'static>) -> bool {
    matches!(
        interface.own("Attachment"),
        Some(Tree::Object(attachment)) if attachment.own("DeleteOnTermination") == Some(&Tree::Flag(false))
    )
}

pub(super) const fn node_of<'t>(tree: &'t Tree<'static>) -> Option<&'t Node<'static>> {
    match tree {
        Tree::Object(node) => Some(node),
        _ => None,
    }
}

fn is_interface(tree: &Tree<'static>, id: &str) -> bool {
    node_of(tree).is_some_and(|node| text(node, INTERFACE_ID) == Some(id))
}

pub(super) fn kind_of(name: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.name == name)
}

pub(super) const INTERFACES: &str = "NetworkInterfaces";
pub(super) const INTERFACE_ID: &str = "NetworkInterfaceId";
