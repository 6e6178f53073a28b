//! Items that stood elsewhere before: an association that moves, and takes along what it said.

use std::sync::Arc;

use cloud::audit::{Act, Edit, Spot};
use cloud::json::{Node, Tree};
use model::Name;

use crate::resource::Kind;

use super::edit::Replay;
use super::owner::owner_of;
use super::text;

impl Replay<'_> {
    /// Items that move come with what they said where they stood (`#moves`), and leave there. Those of which nobody said
    /// where come into what is known whole alone: anything else would stand everywhere.
    pub(super) fn moved(&mut self, kind: &'static Kind, key: &Name, edit: &Edit) -> Act {
        let Act::Insert { into, items, by } = &edit.act else { return edit.act.clone() };
        let is_whole = self.memory.ledger.get(kind.name, key).is_some_and(|object| !object.is_partial);
        let scope = edit.scope.as_deref();
        let items = items.iter().filter_map(|item| match item {
            Tree::Object(node) if node.own(MOVES).is_some() => {
                let (item, is_found) = self.moved_item(kind, scope, into, node);
                (is_found || is_whole).then_some(Tree::Object(item))
            }
            other => Some(other.clone()),
        });
        Act::Insert { into: into.clone(), items: items.collect(), by: by.clone() }
    }

    fn moved_item(
        &mut self,
        kind: &'static Kind,
        scope: Option<&str>,
        list: &Spot,
        item: &Node<'static>,
    ) -> (Node<'static>, bool) {
        let mut own = item.clone();
        own.take_out(MOVES);
        let Some(name) = text(item, MOVES) else { return (own, false) };
        let is_it = |tree: &Tree<'static>| match tree {
            Tree::Object(node) => node
                .entries()
                .iter()
                .any(|(_, value)| matches!(value, Tree::Text(text) if text.eq_ignore_ascii_case(name))),
            _ => false,
        };
        let holds = |node: &Node<'static>| match list.find(node) {
            Some(Tree::List(items)) => items.iter().find(|item| is_it(item)).cloned(),
            _ => None,
        };
        // What another account has it cannot move.
        let is_own = |node: &Node<'static>| {
            scope.is_none_or(|scope| owner_of(node).is_none_or(|owner| owner == scope))
        };
        let all = self.memory.ledger.of_kind(kind.name).filter(|(_, object)| is_own(&object.node));
        let found = all.filter_map(|(key, object)| holds(&object.node).map(|item| (Arc::clone(key), item)));
        let Some((key, before)) = found.min_by(|(one, _), (other, _)| one.cmp(other)) else {
            self.miss(format!("{} {name}", kind.name));
            return (own, false);
        };
        let remove = Act::Remove { from: list.clone(), items: vec![before.clone()] };
        self.act(kind, &key, &remove, &Node::default);
        if let Tree::Object(before) = before {
            for (key, value) in before.into_entries() {
                if own.own(&key).is_none() {
                    own.push(key, value);
                }
            }
        }
        (own, true)
    }
}

/// The key under which an item says which one it was before.
const MOVES: &str = "#moves";
