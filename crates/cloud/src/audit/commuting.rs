//! Whether two acts come to the same in either order.

use model::Name;

use crate::json::{Node, Tree};

use super::edit::{Act, Edit};
use super::ledger::fits;
use super::spot::{Leg, Spot};

impl Edit {
    /// Whether this edit and another come to the same in either order. May say no where they do: then both are tried.
    #[must_use]
    pub fn commutes_with(&self, other: &Self) -> bool {
        let is_same_object = self.kind == other.kind && self.id.eq_ignore_ascii_case(&other.id);
        // A selector may find any object; an object may be found by one.
        let may_find = self.id.contains('=') || other.id.contains('=');
        let is_apart = !(is_same_object || (may_find && self.kind == other.kind));
        is_apart || self.act == other.act || commute(&self.act, &other.act)
    }
}

fn commute(one: &Act, other: &Act) -> bool {
    match (one, other) {
        (Act::Put(_) | Act::Drop, _) | (_, Act::Put(_) | Act::Drop) => false,
        (Act::Insert { into, items, by }, Act::Insert { into: list, items: others, by: keys }) => {
            !overlap(into, list) || (into == list && by == keys && are_apart(items, others, by))
        }
        (Act::Insert { into, items, .. }, Act::Remove { from, items: patterns })
        | (Act::Remove { from, items: patterns }, Act::Insert { into, items, .. }) => {
            let leaves = |item: &Tree<'_>| patterns.iter().any(|pattern| fits(item, pattern));
            !overlap(into, from) || (into == from && !items.iter().any(leaves))
        }
        (Act::Remove { from, .. }, Act::Remove { from: list, .. }) => from == list || !overlap(from, list),
        (Act::Set { at, .. }, Act::Set { at: spot, .. }) => !overlap(at, spot),
        (Act::Merge(node), Act::Merge(with)) => !share(node, with),
        (
            Act::Merge(node),
            Act::Set { at, .. } | Act::Insert { into: at, .. } | Act::Remove { from: at, .. },
        )
        | (
            Act::Set { at, .. } | Act::Insert { into: at, .. } | Act::Remove { from: at, .. },
            Act::Merge(node),
        ) => !begins_in(at, node),
        (Act::Set { at, .. }, Act::Insert { into: list, .. } | Act::Remove { from: list, .. })
        | (Act::Insert { into: list, .. } | Act::Remove { from: list, .. }, Act::Set { at, .. }) => {
            !overlap(at, list)
        }
    }
}

/// Whether no item takes the place of another.
fn are_apart(items: &[Tree<'_>], others: &[Tree<'_>], by: &[Name]) -> bool {
    let is_same = |one: &Tree<'_>, other: &Tree<'_>| match (one, other) {
        (Tree::Object(one), Tree::Object(other)) if !by.is_empty() => {
            by.iter().all(|key| match (one.own(key), other.own(key)) {
                (Some(one), Some(other)) => fits(one, other),
                (one, other) => one.is_none() && other.is_none(),
            })
        }
        _ => false,
    };
    !items.iter().any(|item| others.iter().any(|other| item != other && is_same(item, other)))
}

/// Whether one spot is the other or inside of it.
fn overlap(one: &Spot, other: &Spot) -> bool {
    one.0.iter().zip(&other.0).all(|(one, other)| match (one, other) {
        (Leg::Key(one), Leg::Key(other)) => one.eq_ignore_ascii_case(other),
        (Leg::Item { key, is }, Leg::Item { key: other, is: name }) => {
            !key.eq_ignore_ascii_case(other) || is.eq_ignore_ascii_case(name)
        }
        (Leg::Key(_), Leg::Item { .. }) | (Leg::Item { .. }, Leg::Key(_)) => true,
    })
}

fn begins_in(at: &Spot, node: &Node<'_>) -> bool {
    match at.0.first() {
        Some(Leg::Key(key)) => node.own(key).is_some(),
        Some(Leg::Item { .. }) | None => true,
    }
}

fn share(node: &Node<'_>, with: &Node<'_>) -> bool {
    node.entries().iter().any(|(key, value)| match (value, with.own(key)) {
        (Tree::Object(node), Some(Tree::Object(with))) => share(node, with),
        (value, Some(other)) => value != other,
        (_, None) => false,
    })
}
