//! Public addresses that AWS gives to instances by itself: they come when an instance runs and go when it stops, and an
//! elastic one takes their place (EC2 guide, "Amazon EC2 instance IP addressing", public IPv4 addresses: released by a stop and
//! by an elastic one, given again by a start and by its going; not with several interfaces, and not where it was released while
//! a second private address had an elastic one).
//!
//! Which number such an address has, no event says.

use cloud::audit::{Act, Edit, Ledger, Spot, fits};
use cloud::json::{Cause, Node, Tree};

use super::interfaces::{all_interfaces, associations, first, has_public, interfaces, is_automatic};
use super::{Around, edited, object, other, part, parts, text};
use crate::trail::made;
use crate::trail::operation::kinds::{self, ADDRESS, INSTANCE, INTERFACE};

/// An instance that stops, starts or ends.
pub(super) fn instance(edit: &Edit, ledger: &Ledger, around: &mut Around) {
    if edit.act == Act::Drop {
        return around.after.extend(deregistered(edit, ledger));
    }
    let Act::Merge(now) = &edit.act else { return };
    let Some(state) = part(now, "State").and_then(|state| text(state, "Name")) else { return };
    let own = interfaces(ledger, &edit.id);
    // "It will not receive a new one if there is more than one network interface attached."
    let is_alone = own.len() == 1;
    for (id, node) in own {
        match state {
            "stopped" if is_automatic(node) => around.after.extend(taken(edit, id, node)),
            "running" if is_alone && gets_one(node) && !has_public(node) => {
                around.after.push(given(edit, id, node));
            }
            _ => {}
        }
    }
    let Some(own) = object(ledger, edit, INSTANCE, &edit.id) else { return };
    let is_bare = parts(&own.node, "NetworkInterfaces").is_empty();
    let public = text(&own.node, "PublicIpAddress").filter(|_| is_bare && state == "stopped");
    if public.is_some_and(|public| !is_elastic(ledger, public)) {
        around.after.push(other(
            edit,
            INSTANCE,
            &edit.id,
            Act::Merge(nulls(&["PublicIpAddress", "PublicDnsName"])),
        ));
    }
}

/// Load balancers hand nothing to what has ended (`Target.InvalidState`; of classic ones "in terminated state"): as if it were
/// registered no more.
fn deregistered(edit: &Edit, ledger: &Ledger) -> Vec<Edit> {
    let own = || made::text(&edit.id);
    let target = made::tree([("Target", made::tree([("Id", own())]))]);
    let instance = made::tree([("InstanceId", own())]);
    let lists = [
        (kinds::HEALTH, "TargetGroupArn", "TargetHealthDescriptions", target),
        ("classic-load-balancer", "LoadBalancerName", "Instances", instance),
    ];
    let mut edits = Vec::new();
    for (kind, id, list, pattern) in lists {
        let holds = |node: &Node<'static>| match node.own(list) {
            Some(Tree::List(items)) => items.iter().any(|item| fits(item, &pattern)),
            Some(_) | None => false,
        };
        let mut holders: Vec<&str> = ledger
            .of_kind(kind)
            .filter(|(_, object)| holds(&object.node))
            .filter_map(|(_, object)| text(&object.node, id))
            .collect();
        holders.sort_unstable();
        edits.extend(holders.into_iter().map(|holder| {
            let act = Act::Remove { from: Spot::of(&[list]), items: vec![pattern.clone()] };
            other(edit, kind, holder, act)
        }));
    }
    edits
}

/// An interface that is made, or told whether it gets an address.
pub(super) fn interface(edit: &Edit, ledger: &Ledger, around: &mut Around) {
    match &edit.act {
        Act::Put(node) if text(node, kinds::AUTO_PUBLIC) == Some(kinds::BY_SUBNET) => {
            let subnet = text(node, "SubnetId").and_then(|id| object(ledger, edit, "subnet", id));
            let maps = subnet.and_then(|subnet| subnet.node.own(kinds::MAPS));
            let mut node = node.clone();
            match maps {
                Some(Tree::Flag(true)) => kinds::public(&mut node, &kinds::automatic(), Tree::Flag(true)),
                Some(Tree::Flag(false)) => said(&mut node, Tree::Flag(false)),
                // What the subnet gives was never seen.
                Some(_) | None => {
                    said(&mut node, Tree::Null);
                    kinds::public(&mut node, &Tree::unknown(Cause::Existing, kinds::MAPS), Tree::Null);
                }
            }
            around.instead = Some(vec![Edit { act: Act::Put(node), ..edit.clone() }]);
        }
        Act::Merge(now) => {
            let Some(Tree::Flag(gets)) = now.own(kinds::AUTO_PUBLIC) else { return };
            let Some(own) = edited(ledger, edit) else { return };
            match gets {
                true if !has_public(&own.node) => around.after.push(given(edit, &edit.id, &own.node)),
                false if is_automatic(&own.node) => {
                    around
                        .after
                        .extend(taken(edit, &edit.id, &own.node).into_iter().filter(|one| !is_memory(one)));
                }
                true | false => {}
            }
        }
        Act::Drop => {
            // Addresses lead to what is gone no more.
            for (_, address) in ledger.of_kind(ADDRESS) {
                let leads = text(&address.node, "NetworkInterfaceId") == Some(&*edit.id);
                if let Some(id) = text(&address.node, "AllocationId").filter(|_| leads) {
                    around.after.push(other(edit, ADDRESS, id, Act::Merge(nulls(&LED_BY))));
                }
            }
        }
        Act::Remove { from, items } if *from == Spot::of(&["PrivateIpAddresses"]) => {
            let gone: Vec<&str> = items
                .iter()
                .filter_map(|item| match item {
                    Tree::Object(node) => text(node, "PrivateIpAddress"),
                    Tree::Null | Tree::Flag(_) | Tree::Text(_) | Tree::List(_) | Tree::Unknown(_) => None,
                })
                .collect();
            for (_, address) in ledger.of_kind(ADDRESS) {
                let leads = text(&address.node, "NetworkInterfaceId") == Some(&*edit.id)
                    && text(&address.node, "PrivateIpAddress").is_some_and(|private| gone.contains(&private));
                if let Some(id) = text(&address.node, "AllocationId").filter(|_| leads) {
                    around.after.push(other(edit, ADDRESS, id, Act::Merge(nulls(&LED_BY))));
                }
            }
        }
        Act::Put(_) | Act::Set { .. } | Act::Insert { .. } | Act::Remove { .. } => {}
    }
}

/// An Elastic IP address that leads somewhere, or nowhere any more.
pub(super) fn address(edit: &Edit, ledger: &Ledger, around: &mut Around) {
    let led = match &edit.act {
        Act::Merge(now) => Some(now).filter(|now| ends(now).is_some()),
        Act::Drop => None,
        Act::Put(_) | Act::Set { .. } | Act::Insert { .. } | Act::Remove { .. } => return,
    };
    if let Some(now) = led {
        if let Some(public) = edit.id.strip_prefix(BY_NUMBER).filter(|_| edited(ledger, edit).is_none()) {
            // One that nobody stated is known by its number.
            let mut now = now.clone();
            now.push("PublicIp".into(), made::text(public));
            around.instead = Some(vec![Edit { id: public.into(), act: Act::Merge(now), ..edit.clone() }]);
        }
        let next = ends(now).and_then(|end| interface_at(ledger, edit, end));
        let left = edited(ledger, edit).and_then(|own| left(ledger, edit, &own.node));
        // One that is associated with another interface leaves that with which it was.
        if let Some((id, node)) = left.filter(|(id, _)| next.is_none_or(|(next, _)| next != *id)) {
            around.after.push(given(edit, id, node));
        }
        if let Some((id, node)) = next.filter(|(_, node)| is_automatic(node)) {
            around.after.push(remember(edit, id, node));
        }
        return;
    }
    let Some(own) = edited(ledger, edit) else {
        around.instead = unseen(edit, ledger);
        return;
    };
    if let Some((id, node)) = left(ledger, edit, &own.node) {
        around.after.push(given(edit, id, node));
    }
}

/// The interface that an Elastic IP address led to, where AWS gives it one in its place.
fn left<'l>(
    ledger: &'l Ledger,
    edit: &Edit,
    address: &Node<'static>,
) -> Option<(&'l str, &'l Node<'static>)> {
    let (id, node) = ends(address).and_then(|end| interface_at(ledger, edit, end))?;
    let instance = part(node, "Attachment").and_then(|attachment| text(attachment, "InstanceId"))?;
    let state = object(ledger, edit, INSTANCE, instance)
        .and_then(|instance| part(&instance.node, "State"))
        .and_then(|state| text(state, "Name"));
    let is_alone = interfaces(ledger, instance).len() == 1;
    // An automatic one stands at the first private address alone.
    let private = text(address, "PrivateIpAddress");
    let was_first = private.is_none() || private == first(node).and_then(|one| text(one, "PrivateIpAddress"));
    (gets_one(node) && is_alone && was_first && state != Some("stopped")).then_some((id, node))
}

/// An association that is known of an interface alone: it is taken away there.
fn unseen(edit: &Edit, ledger: &Ledger) -> Option<Vec<Edit>> {
    let (key, value) = edit.id.split_once('=')?;
    let mut edits = Vec::new();
    for (id, node) in all_interfaces(ledger) {
        let is_it = |association: &Node<'static>| text(association, key) == Some(value);
        if associations(node).any(|(_, association)| is_it(association)) {
            edits.extend(taken(edit, id, node).into_iter().filter(|one| !is_memory(one)));
        }
    }
    (!edits.is_empty()).then_some(edits)
}

/// Where an address leads. Complete.
#[derive(Clone, Copy)]
enum End<'n> {
    Interface(&'n str),
    /// To the first interface of an instance.
    Instance(&'n str),
}

fn ends<'n>(address: &'n Node<'static>) -> Option<End<'n>> {
    let interface = text(address, "NetworkInterfaceId").map(End::Interface);
    interface.or_else(|| text(address, "InstanceId").map(End::Instance))
}

fn interface_at<'l>(ledger: &'l Ledger, edit: &Edit, end: End<'_>) -> Option<(&'l str, &'l Node<'static>)> {
    let id = match end {
        End::Instance(instance) => {
            let is_first = |node: &Node<'static>| {
                part(node, "Attachment")
                    .and_then(|one| text(one, "DeviceIndex"))
                    .is_none_or(|device| device == "0")
            };
            return interfaces(ledger, instance).into_iter().find(|(_, node)| is_first(node));
        }
        End::Interface(id) => id,
    };
    let known = object(ledger, edit, INTERFACE, id).map(|object| &object.node);
    match known {
        Some(node) => Some((text(node, "NetworkInterfaceId")?, node)),
        None => all_interfaces(ledger).into_iter().find(|(own, _)| *own == id),
    }
}

fn gets_one(node: &Node<'static>) -> bool {
    matches!(node.own(kinds::AUTO_PUBLIC), Some(Tree::Flag(true)))
}

fn is_elastic(ledger: &Ledger, public: &str) -> bool {
    ledger.of_kind(ADDRESS).any(|(_, address)| text(&address.node, "PublicIp") == Some(public))
}

/// The automatic addresses of an interface go; that it gets them is remembered.
fn taken(edit: &Edit, id: &str, node: &Node<'static>) -> Vec<Edit> {
    let mut edits = Vec::new();
    for (private, association) in associations(node) {
        if text(association, "AllocationId").is_some() && !edit.id.contains('=') {
            continue;
        }
        let at = spot(private);
        edits.push(other(edit, INTERFACE, id, Act::Set { at, value: Tree::Null }));
    }
    edits.push(remember(edit, id, node));
    edits
}

fn spot(private: Option<&str>) -> Spot {
    match private {
        Some(private) => {
            Spot::of(&["PrivateIpAddresses"]).item("PrivateIpAddress", private).key("Association")
        }
        None => Spot::of(&["Association"]),
    }
}

fn given(edit: &Edit, id: &str, node: &Node<'static>) -> Edit {
    let at = spot(first(node).and_then(|one| text(one, "PrivateIpAddress")));
    other(edit, INTERFACE, id, Act::Set { at, value: kinds::automatic() })
}

/// Whether an interface whose automatic address is released gets another one later.
fn remember(edit: &Edit, id: &str, node: &Node<'static>) -> Edit {
    let own = first(node).and_then(|one| text(one, "PrivateIpAddress"));
    let is_second = |(private, association): (Option<&str>, &Node<'static>)| {
        private.is_some() && private != own && text(association, "AllocationId").is_some()
    };
    let gets = !associations(node).any(is_second);
    other(edit, INTERFACE, id, Act::Merge(made::object([(kinds::AUTO_PUBLIC, Tree::Flag(gets))])))
}

/// Whether an edit only remembers.
fn is_memory(edit: &Edit) -> bool {
    matches!(&edit.act, Act::Merge(node) if node.own(kinds::AUTO_PUBLIC).is_some())
}

fn said(node: &mut Node<'static>, auto: Tree<'static>) {
    node.take_out(kinds::AUTO_PUBLIC);
    if auto != Tree::Null {
        node.push(kinds::AUTO_PUBLIC.into(), auto);
    }
}

fn nulls(keys: &[&'static str]) -> Node<'static> {
    Node::new(keys.iter().map(|key| ((*key).into(), Tree::Null)).collect(), None)
}

use kinds::LED_BY;
/// How an address is asked for by its number.
const BY_NUMBER: &str = "PublicIp=";
