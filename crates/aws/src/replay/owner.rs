//! Whose an object is: of what is one account's, an edit in another account is refused.
//!
//! AWS refuses it too, before it does anything. Logs of several accounts stand side by side, and a record can be forged: one
//! of an account must close, open and attach nothing of another. What only another account's records made is nobody's proof:
//! an account that edits something of the same id has its own.

use cloud::Quoted;
use cloud::audit::{Act, Edit};
use cloud::json::{Node, Tree};
use model::{Effect, Gap, Name, Provenance};

use crate::resource::{KINDS, Kind};

use super::edit::Replay;
use super::{items, text};

impl Replay<'_> {
    /// What is told of an edit whose object, or what it would lead to, is another account's.
    pub(super) fn refused(&self, edit: &Edit) -> Option<Gap> {
        let scope = edit.scope.as_deref()?;
        // An ARN says whose it is, whoever states it.
        if let Some(owner) = account_of(&edit.id).filter(|owner| *owner != scope) {
            return Some(of_another(self.place, [&edit.kind, &edit.id], scope, owner));
        }
        if let Some(owner) = self.owner(&edit.kind, edit).filter(|owner| **owner != *scope) {
            return Some(of_another(self.place, [&edit.kind, &edit.id], scope, &owner));
        }
        let (kind, id) = led_to(edit)?;
        let other = Edit { kind: kind.into(), id: id.into(), ..edit.clone() };
        let owner = self.owner(kind, &other).filter(|owner| **owner != *scope)?;
        Some(of_another(self.place, [kind, id], scope, &owner))
    }

    /// The account whose the object of an edit is, as documents state it, or what they state around it.
    fn owner(&self, kind: &str, edit: &Edit) -> Option<Name> {
        let kind = KINDS.iter().find(|known| known.name == kind).filter(|kind| !is_shared(kind))?;
        let scope = edit.scope.as_deref();
        let node = self.key_of(kind, edit).and_then(|key| self.node(kind, &key));
        let node = node.or_else(|| match kind.name {
            "network-interface" => self.holder_of(edit),
            "instance" => self.interface_that(&|node| attached_to(node) == Some(&*edit.id)),
            "address" => {
                let (key, id) = edit.id.split_once('=').unwrap_or(("AllocationId", &edit.id));
                self.interface_that(&|node| has_association(node, key, id))
            }
            _ => None,
        })?;
        if kind.name == "vpc-peering" {
            // Both sides accept, reject and delete it.
            let [requester, accepter] = SIDES.map(|side| side_of(node, side));
            let is_side = [requester, accepter].contains(&scope);
            return requester.or(accepter).filter(|_| !is_side).map(Name::from);
        }
        let owner = owner_of(node).filter(|owner| Some(*owner) != scope && !is_heard(node))?;
        Some(owner.into())
    }

    /// Whether an object is not that of an edit, although it has its id: it is another account's by nothing but that
    /// account's own records, or its id is unique in its account alone.
    pub(super) fn is_apart(&self, kind: &Kind, key: &Name, edit: &Edit) -> bool {
        let Some(scope) = edit.scope.as_deref() else { return false };
        let Some(node) = self.node(kind, key) else { return false };
        let is_others = owner_of(node).is_some_and(|owner| owner != scope);
        is_others && (is_named(kind) || (is_heard(node) && !is_shared(kind) && kind.name != "vpc-peering"))
    }

    /// The instance that states an interface.
    fn holder_of(&self, edit: &Edit) -> Option<&Node<'static>> {
        let (holder, _) = self.inside(edit)?;
        self.memory.ledger.get("instance", &holder).map(|object| &object.node)
    }

    /// The first interface of which something holds, by its key.
    fn interface_that(&self, holds: &dyn Fn(&Node<'static>) -> bool) -> Option<&Node<'static>> {
        let all = self.memory.ledger.of_kind("network-interface");
        let found =
            all.filter(|(_, object)| holds(&object.node)).min_by(|(one, _), (other, _)| one.cmp(other));
        found.map(|(_, object)| &object.node)
    }
}

/// Whose an object is: as it says itself, else as what stood around it said, or what it leads to.
pub(super) fn owner_of<'n>(node: &'n Node<'static>) -> Option<&'n str> {
    let own = || ["OwnerId", "#account", "NetworkInterfaceOwnerId"].iter().find_map(|key| text(node, key));
    let of_arn = || text(node, "ResourceArn")?.split(':').nth(4).filter(|account| !account.is_empty());
    let inside = || {
        items(node, "NetworkInterfaces").iter().find_map(|item| match item {
            Tree::Object(interface) => text(interface, "OwnerId"),
            Tree::Null | Tree::Flag(_) | Tree::Text(_) | Tree::List(_) | Tree::Unknown(_) => None,
        })
    };
    own().or_else(of_arn).or_else(inside)
}

/// The account in an ARN.
fn account_of(id: &str) -> Option<&str> {
    id.strip_prefix("arn:")?.split(':').nth(3).filter(|account| !account.is_empty())
}

/// An object that no document stated: edits made it.
fn is_heard(node: &Node<'static>) -> bool {
    node.own(HEARD).is_some()
}

/// Kinds whose ids are unique in one account and region alone.
fn is_named(kind: &Kind) -> bool {
    matches!(kind.name, "vpc-block-public-access-options" | "rds-subnet-group" | "redshift-subnet-group")
}

/// Kinds of which each account has its own object under the same id, or several accounts edit one.
fn is_shared(kind: &Kind) -> bool {
    is_named(kind) || kind.name == "security-group-association"
}

fn side_of<'n>(peering: &'n Node<'static>, side: &str) -> Option<&'n str> {
    match peering.own(side) {
        Some(Tree::Object(side)) => text(side, "OwnerId"),
        Some(_) | None => None,
    }
}

/// What an edit makes an object lead to, that has to be of the same account: its kind and id.
fn led_to(edit: &Edit) -> Option<(&'static str, &str)> {
    let (Act::Merge(node) | Act::Put(node)) = &edit.act else { return None };
    match &*edit.kind {
        "address" => {
            let interface = text(node, "NetworkInterfaceId").map(|id| ("network-interface", id));
            interface.or_else(|| text(node, "InstanceId").map(|id| ("instance", id)))
        }
        "network-interface" => attached_to(node).map(|id| ("instance", id)),
        _ => None,
    }
}

/// The instance that an interface is attached to.
fn attached_to<'n>(interface: &'n Node<'static>) -> Option<&'n str> {
    match interface.own("Attachment") {
        Some(Tree::Object(attachment)) => text(attachment, "InstanceId"),
        Some(_) | None => None,
    }
}

/// Whether one of the public addresses of an interface has a text under a key.
fn has_association(interface: &Node<'static>, key: &str, id: &str) -> bool {
    let has = |node: &Node<'static>| match node.own("Association") {
        Some(Tree::Object(own)) => text(own, key).is_some_and(|text| text.eq_ignore_ascii_case(id)),
        Some(_) | None => false,
    };
    let inside = items(interface, "PrivateIpAddresses");
    has(interface) || inside.iter().any(|item| matches!(item, Tree::Object(node) if has(node)))
}

fn of_another(place: Provenance, [kind, id]: [&str; 2], scope: &str, owner: &str) -> Gap {
    let message = format!(
        "an edit of {} {} in account {}, expected one in account {}, whose it is: it is not applied; look whether the record is \
         genuine",
        Quoted(kind),
        Quoted(id),
        Quoted(scope),
        Quoted(owner)
    );
    Gap::at(place, "foreign-edit", Effect::Undecided, message)
}

/// A memory of objects that edits made and no document stated.
pub(super) const HEARD: &str = "#heard";
const SIDES: [&str; 2] = ["RequesterVpcInfo", "AccepterVpcInfo"];
