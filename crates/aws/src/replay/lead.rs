//! Elastic IP addresses and the interfaces that they lead to: each states the other.

use std::borrow::Cow;
use std::sync::Arc;

use cloud::json::{Node, Tree};
use model::Name;

use super::echo::{INTERFACE_ID, INTERFACES, attached_to, is_first, kind_of, mirror_first, node_of};
use super::edit::{Replay, items_mut};
use super::{items, text};

impl Replay<'_> {
    /// Interfaces say which Elastic IP address leads to them.
    pub(super) fn echo_address(&mut self, key: &Name, before: Option<&Node<'static>>) {
        let Some(kind) = kind_of("address") else { return };
        let now = self.node(kind, key).cloned();
        let was = before.and_then(Lead::of);
        let is = now.as_ref().and_then(Lead::of);
        if was == is {
            return;
        }
        if let Some(was) = was {
            self.lead(&was, None, before);
        }
        if let Some(is) = is {
            let association = now.as_ref().map(association);
            self.lead(&is, association, now.as_ref());
        }
    }

    /// The address that leads to an interface is this one, or none.
    fn lead(&mut self, lead: &Lead, association: Option<Node<'static>>, address: Option<&Node<'static>>) {
        let Some(kind) = kind_of("network-interface") else { return };
        let with = |node: &Node<'static>| {
            let mut node = node.clone();
            lead_to(&mut node, lead, association.as_ref(), address);
            node
        };
        let own = self.memory.ledger.of_kind(kind.name).filter(|(_, object)| lead.is_to(&object.node));
        let mut own: Vec<Name> = own.map(|(key, _)| Arc::clone(key)).collect();
        own.sort_unstable();
        if let Some(key) = own.first()
            && let Some(node) = self.node(kind, key)
        {
            let after = with(node);
            self.state_again(kind, key, after);
        }
        let Some(instances) = kind_of("instance") else { return };
        let holds = |node: &Node<'static>| {
            let own = text(node, "InstanceId");
            items(node, INTERFACES).iter().filter_map(node_of).any(|item| lead.is_in(own, item))
        };
        let holders = self.memory.ledger.of_kind(instances.name).filter(|(_, object)| holds(&object.node));
        let mut holders: Vec<Name> = holders.map(|(key, _)| Arc::clone(key)).collect();
        holders.sort_unstable();
        let Some(holder) = holders.first() else { return };
        let Some(mut after) = self.node(instances, holder).cloned() else { return };
        let own: Option<String> = text(&after, "InstanceId").map(ToOwned::to_owned);
        let inner = items_mut(&mut after, INTERFACES).iter_mut();
        for item in inner {
            if let Tree::Object(node) = item
                && lead.is_in(own.as_deref(), node)
            {
                *node = with(node);
                break;
            }
        }
        mirror_first(&mut after);
        self.state_again(instances, holder, after);
    }
}

/// Where an Elastic IP address leads.
#[derive(Clone, Debug, PartialEq)]
struct Lead {
    interface: Option<String>,
    instance: Option<String>,
    private: Option<String>,
    association: Option<String>,
}

impl Lead {
    fn of(address: &Node<'static>) -> Option<Self> {
        let own = |key: &str| text(address, key).map(ToOwned::to_owned);
        let (interface, instance) = (own(INTERFACE_ID), own("InstanceId"));
        (interface.is_some() || instance.is_some()).then(|| Self {
            interface,
            instance,
            private: own("PrivateIpAddress"),
            association: own("AssociationId"),
        })
    }

    /// Whether it leads to an interface.
    fn is_to(&self, node: &Node<'static>) -> bool {
        self.is_in(attached_to(node).as_deref(), node)
    }

    /// Whether it leads to an interface of an instance.
    fn is_in(&self, instance: Option<&str>, node: &Node<'static>) -> bool {
        match (&self.interface, &self.instance) {
            (Some(id), _) => text(node, INTERFACE_ID) == Some(id),
            (None, Some(id)) => instance == Some(id) && is_first(node),
            (None, None) => false,
        }
    }
}

/// The address that leads to an interface is this one, or none any more.
fn lead_to(
    node: &mut Node<'static>,
    lead: &Lead,
    association: Option<&Node<'static>>,
    address: Option<&Node<'static>>,
) {
    // One that nobody stated may be known by its allocation alone.
    let is_it = |node: &Node<'static>| match (node.own("Association"), address) {
        (Some(Tree::Object(own)), Some(address)) => ["PublicIp", "AllocationId"]
            .iter()
            .any(|key| text(own, key).is_some_and(|id| text(address, key) == Some(id))),
        _ => false,
    };
    let first = text(node, "PrivateIpAddress").map(ToOwned::to_owned);
    let private = lead.private.clone().or_else(|| first.clone());
    for item in items_mut(node, "PrivateIpAddresses") {
        let Tree::Object(item) = item else { continue };
        let is_here =
            private.as_deref().is_none_or(|private| text(item, "PrivateIpAddress") == Some(private));
        match association {
            Some(association) if is_here => {
                item.take_out("Association");
                item.push(Cow::Borrowed("Association"), Tree::Object(association.clone()));
                if private.is_none() {
                    break;
                }
            }
            None if is_it(item) => {
                item.take_out("Association");
            }
            Some(_) | None => {}
        }
    }
    let is_top = private == first;
    match association {
        Some(association) if is_top => {
            node.take_out("Association");
            node.push(Cow::Borrowed("Association"), Tree::Object(association.clone()));
        }
        None if is_it(node) => {
            node.take_out("Association");
        }
        Some(_) | None => {}
    }
}

/// What an interface says of an Elastic IP address.
fn association(address: &Node<'static>) -> Node<'static> {
    let keys = ["AllocationId", "AssociationId", "PublicIp", "CarrierIp"];
    let own = keys.into_iter().filter_map(|key| {
        let value = text(address, key)?;
        Some((Cow::Borrowed(key), Tree::Text(value.to_owned().into())))
    });
    Node::new(own.collect(), None)
}
