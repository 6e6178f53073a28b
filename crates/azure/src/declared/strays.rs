//! What adds to resources that are declared elsewhere, and what corrects others.

use std::borrow::Cow;
use std::collections::BTreeMap;

use cloud::json::{Node, Tree};
use cloud::{Desk, Quoted};
use model::Effect;

use super::network::attached;
use super::one::One;
use super::row::{Make, Place, Slot};
use super::spelled;
use super::written::{Written, text};
use crate::resource::{name_of, parent_of};

/// Rules of groups that are declared elsewhere, by the id of the group.
pub(super) type LoneRules<'a> = BTreeMap<String, Vec<Tree<'a>>>;

/// What something adds to a resource of another configuration, as a resource of its own.
pub(super) fn stray<'a>(
    one: One<'_, 'a>,
    rules: &mut LoneRules<'a>,
    desk: &mut Desk<'_, 'a>,
) -> Vec<Node<'a>> {
    let row = one.scene.row(one.index);
    let (slot, item, part) = match row.map(|row| (row.make, row.place)) {
        Some((Make::Item(slot, _, write), Place::Part(parent, word))) => {
            (slot, write(one), Some(format!("{}/{word}", parent.path)))
        }
        Some((Make::Item(slot, _, write), _)) => (slot, write(one), None),
        Some((Make::Spelled, _)) => {
            let Some(slot) = spelled::slot(one.declared) else { return Vec::new() };
            (slot, Some(spelled::item(one)), spelled::path(one.declared).map(str::to_owned))
        }
        _ => return Vec::new(),
    };
    let Some(item) = item else { return Vec::new() };
    if slot == Slot::GroupRules
        && let Some(group) = parent_of(one.who().id)
    {
        rules.entry(group.to_owned()).or_default().push(item);
        return Vec::new();
    }
    if let Some(kind) = part {
        return vec![alone(one, kind, item)];
    }
    match one.scene.owner_id(one.index) {
        Some(owner) if one.scene.is_first_part(one.index) => addition(one, slot, &owner, desk),
        Some(_) => Vec::new(),
        None => {
            tell(one, "a resource that is not known", desk);
            Vec::new()
        }
    }
}

/// Groups of which only some rules are declared here: what else they let in, or hold back, is not in the answer.
pub(super) fn groups_of<'a>(rules: LoneRules<'a>, desk: &mut Desk<'_, 'a>) -> Vec<Node<'a>> {
    let mut groups = Vec::with_capacity(rules.len());
    for (id, rules) in rules {
        let at = rules.iter().find_map(|rule| match rule {
            Tree::Object(node) => node.at,
            Tree::Null | Tree::Flag(_) | Tree::Text(_) | Tree::List(_) | Tree::Unknown(_) => None,
        });
        let message = format!(
            "{} rules of the group {} are declared here, and the group is not: what its other rules let in or hold back is not in the answer",
            rules.len(),
            Quoted(&id)
        );
        let place = desk.place(at);
        desk.note(place, "rule-without-group", Effect::Narrowed, message);
        let name = text(name_of(&id).to_owned());
        let own = Written::default().with("securityRules", Tree::List(rules));
        let group = Written::at(at)
            .with("id", text(id))
            .with("name", name)
            .with("type", text("Microsoft.Network/networkSecurityGroups"))
            .with("properties", own.tree());
        groups.push(group.node());
    }
    groups
}

/// A part that interfaces also print alone.
fn alone<'a>(one: One<'_, 'a>, kind: String, item: Tree<'a>) -> Node<'a> {
    let who = one.who();
    let written = Written::at(one.at())
        .with("id", text(who.id.to_owned()))
        .with("name", text(who.name.to_owned()))
        .with("type", text(kind));
    match item {
        Tree::Object(node) if node.own("properties").is_some() => {
            written.with("properties", node.own("properties").cloned()).node()
        }
        other => written.with("properties", other).node(),
    }
}

/// What all that is attached to a resource says of it: as much of it as was asked, as queries print it.
fn addition<'a>(one: One<'_, 'a>, slot: Slot, owner: &str, desk: &mut Desk<'_, 'a>) -> Vec<Node<'a>> {
    let only = |slot| attached(None, one.scene.added(owner, slot));
    let own = Written::default();
    let (kind, own) = match slot {
        Slot::SubnetGroup | Slot::SubnetTable => (
            "Microsoft.Network/virtualNetworks/subnets",
            own.with("networkSecurityGroup", only(Slot::SubnetGroup))
                .with("routeTable", only(Slot::SubnetTable)),
        ),
        Slot::InterfaceGroup => (
            "Microsoft.Network/networkInterfaces",
            own.with("networkSecurityGroup", only(Slot::InterfaceGroup)),
        ),
        Slot::StorageRules => {
            ("Microsoft.Storage/storageAccounts", own.with("networkAcls", only(Slot::StorageRules)))
        }
        _ => {
            tell(one, owner, desk);
            return Vec::new();
        }
    };
    let written = Written::at(one.at()).with("id", text(owner.to_owned())).with("type", text(kind));
    vec![written.with("properties", own.tree()).node()]
}

fn tell<'a>(one: One<'_, 'a>, owner: &str, desk: &mut Desk<'_, 'a>) {
    let message = format!(
        "{}: it belongs to {}, which is not declared here: what it adds there is not in the answer",
        Quoted(&one.declared.address),
        Quoted(owner)
    );
    let place = desk.place(one.at());
    desk.note(place, "dangling-reference", Effect::Undecided, message);
}

/// Corrects what was made of a resource; of one that is declared elsewhere, says what is corrected.
pub(super) fn correct<'a>(one: One<'_, 'a>, made: &mut Vec<Node<'a>>) {
    let id = match one.block().value(&["resource_id"]) {
        Some(Tree::Text(id)) => id.into_owned(),
        _ => one.who().id.to_owned(),
    };
    let properties = spelled::properties(one);
    let is_it = |node: &&mut Node<'a>| matches!(node.own("id"), Some(Tree::Text(known)) if known.eq_ignore_ascii_case(&id));
    let Some(node) = made.iter_mut().find(is_it) else {
        let kind = spelled::path(one.declared).map(|kind| text(kind.to_owned()));
        let written = Written::at(one.at()).with("id", text(id)).with("type", kind);
        made.push(written.with("properties", properties).node());
        return;
    };
    node.edit("properties", |known| merge(known, properties));
}

/// What is corrected replaces what was there, key by key.
fn merge<'a>(known: &mut Tree<'a>, correction: Tree<'a>) {
    let (Tree::Object(node), Tree::Object(changes)) = (&mut *known, &correction) else {
        *known = correction;
        return;
    };
    for (key, value) in changes.entries() {
        if node.own(key).is_some() {
            node.edit(key, |known| merge(known, value.clone()));
        } else {
            node.push(Cow::Owned(key.clone().into_owned()), value.clone());
        }
    }
}
