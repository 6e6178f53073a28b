//! Interfaces as the objects that are known tell of them: those of an instance, and their public addresses.
//!
//! Knows no edit.

use cloud::audit::Ledger;
use cloud::json::{Node, Tree};

use super::{part, parts, text};
use crate::trail::operation::kinds::{INSTANCE, INTERFACE};

/// The interfaces of an instance: those that name it, and those that it lists itself.
pub(super) fn interfaces<'l>(ledger: &'l Ledger, instance: &str) -> Vec<(&'l str, &'l Node<'static>)> {
    let is_own = |node: &Node<'static>| {
        part(node, "Attachment").and_then(|one| text(one, "InstanceId")) == Some(instance)
    };
    let mut found: Vec<(&str, &Node<'static>)> = Vec::new();
    for (_, object) in ledger.of_kind(INTERFACE).filter(|(_, object)| is_own(&object.node)) {
        found.extend(text(&object.node, "NetworkInterfaceId").map(|id| (id, &object.node)));
    }
    for (_, object) in ledger.of_kind(INSTANCE) {
        if text(&object.node, "InstanceId") != Some(instance) {
            continue;
        }
        for node in parts(&object.node, "NetworkInterfaces") {
            let id = text(node, "NetworkInterfaceId");
            found.extend(id.filter(|id| !found.iter().any(|(own, _)| own == id)).map(|id| (id, node)));
        }
    }
    found.sort_unstable_by_key(|(id, _)| *id);
    found
}

pub(super) fn all_interfaces(ledger: &Ledger) -> Vec<(&str, &Node<'static>)> {
    let own = ledger.of_kind(INTERFACE).map(|(_, object)| &object.node);
    let inside = ledger.of_kind(INSTANCE).flat_map(|(_, object)| parts(&object.node, "NetworkInterfaces"));
    let mut all: Vec<(&str, &Node<'static>)> =
        own.chain(inside).filter_map(|node| Some((text(node, "NetworkInterfaceId")?, node))).collect();
    all.sort_by_key(|(id, _)| *id);
    all.dedup_by_key(|(id, _)| *id);
    all
}

/// The public addresses of an interface, each with the private one that it leads to.
pub(super) fn associations<'n>(
    node: &'n Node<'static>,
) -> impl Iterator<Item = (Option<&'n str>, &'n Node<'static>)> {
    let inside = parts(node, "PrivateIpAddresses").into_iter();
    let inside = inside.filter_map(|one| Some((text(one, "PrivateIpAddress"), part(one, "Association")?)));
    inside.chain(part(node, "Association").map(|association| (None, association)))
}

pub(super) fn has_public(node: &Node<'static>) -> bool {
    associations(node).next().is_some()
}

/// Whether an interface has an address that is nobody's: one of an allocation is somebody's.
pub(super) fn is_automatic(node: &Node<'static>) -> bool {
    associations(node).any(|(_, association)| text(association, "AllocationId").is_none())
}

/// The first private address of an interface.
pub(super) fn first<'n>(node: &'n Node<'static>) -> Option<&'n Node<'static>> {
    let listed = parts(node, "PrivateIpAddresses");
    let is_first = |one: &&&Node<'static>| matches!(one.own("Primary"), Some(Tree::Flag(true)));
    listed.iter().find(is_first).or(listed.first()).copied()
}
