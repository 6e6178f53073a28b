//! The objects of one cloud as its exports spell them, so that an edit can be made to one and the object read again.
//!
//! Knows the meaning of no key.

use std::borrow::Cow;
use std::sync::Arc;

use model::{Name, Provenance};

use crate::hash::LookupMap;
use crate::json::{Node, Tree};

use super::edit::Act;
use super::spot::{Leg, Spot};

/// One object.
#[derive(Clone, Debug)]
pub struct Object {
    /// What it says.
    pub node: Node<'static>,
    /// Whether nobody ever stated it whole: it is made of what edits said.
    pub is_partial: bool,
    /// Where it was read, or edited last.
    pub place: Provenance,
}

/// All objects, by kind and key. Cloning one is cheap in memory: objects are shared until they are edited.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    objects: LookupMap<Name, LookupMap<Name, Arc<Object>>>,
}

/// What an edit came to. Complete.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edited {
    /// The object is another one now.
    Changed,
    /// It says what it said before.
    Same,
    /// It is gone.
    Gone,
    /// What was to be taken away was not there: in words what. The object is as it was.
    Missing(String),
}

/// What an act took out of a list of an object, and what it brought in there.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Items {
    /// Items that are there no more.
    pub gone: Vec<Tree<'static>>,
    /// Items that were not there.
    pub come: Vec<Tree<'static>>,
}

impl Ledger {
    /// Takes in an object that is stated whole.
    pub fn note(&mut self, kind: &Name, key: &Name, node: &Node<'_>, place: Provenance) {
        let object = Object { node: node.to_owned_node(), is_partial: false, place };
        self.keep(kind, key, Arc::new(object));
    }

    /// The object of a kind and a key.
    #[must_use]
    pub fn get(&self, kind: &str, key: &str) -> Option<&Object> {
        self.objects.get(kind)?.get(key).map(|object| &**object)
    }

    /// Every object of a kind, with its key, in no order.
    pub fn of_kind<'l>(&'l self, kind: &str) -> impl Iterator<Item = (&'l Name, &'l Object)> + use<'l> {
        let own = self.objects.get(kind).into_iter().flatten();
        own.map(|(key, object)| (key, &**object))
    }

    /// The kinds and keys of all objects that are asked for, sorted.
    #[must_use]
    pub fn keys_of(&self, is_asked: &dyn Fn(&str, &str) -> bool) -> Vec<[Name; 2]> {
        let mut keys: Vec<[Name; 2]> = Vec::new();
        for (kind, objects) in &self.objects {
            let asked = objects.keys().filter(|key| is_asked(kind, key));
            keys.extend(asked.map(|key| [Arc::clone(kind), Arc::clone(key)]));
        }
        keys.sort_unstable();
        keys
    }

    /// Keeps an object under a key.
    pub fn keep(&mut self, kind: &Name, key: &Name, object: Arc<Object>) {
        self.of(kind).insert(Arc::clone(key), object);
    }

    /// Forgets an object.
    pub fn forget(&mut self, kind: &str, key: &str) -> Option<Arc<Object>> {
        self.objects.get_mut(kind)?.remove(key)
    }

    fn of(&mut self, kind: &Name) -> &mut LookupMap<Name, Arc<Object>> {
        self.objects.entry(Arc::clone(kind)).or_default()
    }

    /// Does an act to an object. One that was never seen begins as `unseen` says, and is partial until it is stated whole.
    pub fn act(
        &mut self,
        object: [&Name; 2],
        act: &Act,
        place: Provenance,
        unseen: &dyn Fn() -> Node<'static>,
    ) -> Edited {
        self.act_on_items(object, act, place, unseen, &mut Items::default())
    }

    /// The same. Of an act that brings items into a list or takes some out of it, says which.
    pub fn act_on_items(
        &mut self,
        [kind, key]: [&Name; 2],
        act: &Act,
        place: Provenance,
        unseen: &dyn Fn() -> Node<'static>,
        told: &mut Items,
    ) -> Edited {
        let objects = self.of(kind);
        match act {
            Act::Put(node) => {
                let is_same = objects.get(key).is_some_and(|known| known.node == *node && !known.is_partial);
                let object = Object { node: node.clone(), is_partial: false, place };
                objects.insert(Arc::clone(key), Arc::new(object));
                if is_same { Edited::Same } else { Edited::Changed }
            }
            Act::Drop => match objects.remove(key) {
                Some(_) => Edited::Gone,
                None => Edited::Missing(format!("{kind} {key}")),
            },
            Act::Merge(_) | Act::Set { .. } | Act::Insert { .. } | Act::Remove { .. } => {
                let object = objects
                    .entry(Arc::clone(key))
                    .or_insert_with(|| Arc::new(Object { node: unseen(), is_partial: true, place }));
                let object = Arc::make_mut(object);
                object.place = place;
                edit(&mut object.node, act, told)
            }
        }
    }
}

/// Does an act that leaves the object there.
fn edit(node: &mut Node<'static>, act: &Act, told: &mut Items) -> Edited {
    let changed = match act {
        Act::Put(_) | Act::Drop => false,
        Act::Merge(with) => merge(node, with),
        Act::Set { at, value } => set(node, &at.0, value),
        Act::Insert { into, items, by } => {
            let Some(list) = list_at(node, &into.0) else { return Edited::Missing(into.to_string()) };
            let mut changed = false;
            for item in items {
                changed |= insert(list, item, by, told);
            }
            changed
        }
        Act::Remove { from, items } => return remove(node, from, items, told),
    };
    if changed { Edited::Changed } else { Edited::Same }
}

fn remove(node: &mut Node<'static>, from: &Spot, patterns: &[Tree<'static>], told: &mut Items) -> Edited {
    let Some(list) = list_at(node, &from.0) else { return Edited::Missing(from.to_string()) };
    let mut missing = 0_usize;
    let before = list.len();
    for pattern in patterns {
        let length = list.len();
        told.gone.extend(list.extract_if(.., |item| fits(item, pattern)));
        missing += usize::from(list.len() == length);
    }
    match (missing, list.len() == before) {
        (0, false) => Edited::Changed,
        (0, true) => Edited::Same,
        (missing, _) => Edited::Missing(format!("{missing} of {from}")),
    }
}

/// Whether an item has all that a pattern has, texts in any letter case; null stands for what is not there.
#[must_use]
pub fn fits(item: &Tree<'_>, pattern: &Tree<'_>) -> bool {
    match (item, pattern) {
        (Tree::Object(item), Tree::Object(pattern)) => {
            let has = |(key, value): &&(Cow<'_, str>, Tree<'_>)| {
                item.own(key).map_or(*value == Tree::Null, |own| fits(own, value))
            };
            // What an item is stands first, its number and its name behind: these tell most items apart.
            let is_plain = |(_, value): &&(Cow<'_, str>, Tree<'_>)| matches!(value, Tree::Text(_));
            let entries = || pattern.entries().iter().rev();
            entries().filter(is_plain).all(|entry| has(&entry))
                && entries().filter(|entry| !is_plain(entry)).all(|entry| has(&entry))
        }
        (Tree::Text(one), Tree::Text(other)) => one.eq_ignore_ascii_case(other),
        (Tree::List(items), Tree::List(patterns)) => {
            items.len() == patterns.len()
                && items.iter().zip(patterns).all(|(item, pattern)| fits(item, pattern))
        }
        (one, other) => one == other,
    }
}

fn insert(list: &mut Vec<Tree<'static>>, item: &Tree<'static>, by: &[Name], told: &mut Items) -> bool {
    // Those with a text first: they tell most items apart, and lists of them do not.
    let mut keys: Vec<(&Name, Option<&Tree<'static>>)> = match item {
        Tree::Object(item) => by.iter().rev().map(|key| (key, item.own(key))).collect(),
        _ => Vec::new(),
    };
    keys.sort_by_key(|(_, own)| !matches!(own, Some(Tree::Text(_))));
    let is_same = |known: &Tree<'static>| match (known, item) {
        (Tree::Object(known), Tree::Object(_)) if !by.is_empty() => {
            keys.iter().all(|(key, own)| match (known.own(key), own) {
                (Some(one), Some(other)) => fits(one, other),
                (None, None) => true,
                (Some(_), None) | (None, Some(_)) => false,
            })
        }
        (known, item) => known == item,
    };
    match list.iter_mut().find(|known| is_same(known)) {
        Some(known) if known == item => false,
        Some(known) => {
            told.gone.push(core::mem::replace(known, item.clone()));
            told.come.push(item.clone());
            true
        }
        None => {
            list.push(item.clone());
            told.come.push(item.clone());
            true
        }
    }
}

fn merge(node: &mut Node<'static>, with: &Node<'static>) -> bool {
    let mut changed = false;
    for (key, value) in with.entries() {
        changed |= match value {
            Tree::Object(with) if matches!(node.own(key), Some(Tree::Object(_))) => match node.own_mut(key) {
                Some(Tree::Object(own)) => merge(own, with),
                _ => false,
            },
            value => set(node, &[Leg::Key(Name::from(&**key))], value),
        };
    }
    changed
}

fn set(node: &mut Node<'static>, legs: &[Leg], value: &Tree<'static>) -> bool {
    let Some((last, way)) = legs.split_last() else { return false };
    let Some(owner) = object_at(node, way) else { return false };
    let Leg::Key(key) = last else { return false };
    match (owner.own_mut(key), value) {
        (None, Tree::Null) => false,
        (Some(_), Tree::Null) => owner.take_out(key),
        (Some(known), value) if known == value => false,
        (Some(known), value) => {
            known.clone_from(value);
            true
        }
        (None, value) => {
            owner.push(key.to_string().into(), value.clone());
            true
        }
    }
}

/// The object that legs lead to; made on the way where it is missing. `None` where something else stands there.
fn object_at<'n>(node: &'n mut Node<'static>, legs: &[Leg]) -> Option<&'n mut Node<'static>> {
    match legs {
        [] => Some(node),
        [Leg::Key(list), Leg::Item { key, is }, rest @ ..] => {
            let items = list_at(node, core::slice::from_ref(&Leg::Key(Arc::clone(list))))?;
            if !items.iter().any(|item| super::spot::has(item, key, is)) {
                let own = (key.to_string().into(), Tree::Text(is.to_string().into()));
                items.push(Tree::Object(Node::new(vec![own], None)));
            }
            let found = items.iter_mut().find(|item| super::spot::has(item, key, is))?;
            let Tree::Object(found) = found else { return None };
            object_at(found, rest)
        }
        [Leg::Key(key), rest @ ..] => {
            if matches!(node.own(key), None | Some(Tree::Null)) {
                node.take_out(key);
                node.push(key.to_string().into(), Tree::Object(Node::default()));
            }
            let Some(Tree::Object(found)) = node.own_mut(key) else { return None };
            object_at(found, rest)
        }
        [Leg::Item { .. }, ..] => None,
    }
}

/// The list that legs lead to; made where it is missing. `None` where something else stands there.
fn list_at<'n>(node: &'n mut Node<'static>, legs: &[Leg]) -> Option<&'n mut Vec<Tree<'static>>> {
    let (last, way) = legs.split_last()?;
    let Leg::Key(key) = last else { return None };
    let owner = object_at(node, way)?;
    if matches!(owner.own(key), None | Some(Tree::Null)) {
        owner.take_out(key);
        owner.push(key.to_string().into(), Tree::List(Vec::new()));
    }
    match owner.own_mut(key) {
        Some(Tree::List(items)) => Some(items),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use model::DocumentId;

    use super::*;
    use crate::json::tree_in;

    const PLACE: Provenance = Provenance { document: DocumentId(0), offset: 0 };

    fn node(text: &str) -> Node<'static> {
        match tree_in(text).map(|tree| tree.to_owned_tree()) {
            Some(Tree::Object(node)) => node,
            other => panic!("{other:?}"),
        }
    }

    fn after(before: &str, act: &Act) -> (Node<'static>, Edited) {
        let (kind, key) = (Name::from("kind"), Name::from("a"));
        let mut ledger = Ledger::default();
        ledger.note(&kind, &key, &node(before), PLACE);
        let edited = ledger.act([&kind, &key], act, PLACE, &Node::default);
        (ledger.get(&kind, &key).map(|object| object.node.clone()).unwrap_or_default(), edited)
    }

    #[test]
    fn acts_change_what_they_name_and_nothing_else() {
        let before = r#"{"id": "a", "rules": [{"name": "x", "port": 1}, {"name": "y", "port": 2}], "of": {"deep": true}}"#;
        let items = |text: &str| match tree_in(text).map(|tree| tree.to_owned_tree()) {
            Some(Tree::List(items)) => items,
            other => panic!("{other:?}"),
        };
        let insert = Act::Insert {
            into: Spot::of(&["Rules"]),
            items: items(r#"[{"name": "X", "port": 3}, {"name": "z"}]"#),
            by: vec!["name".into()],
        };
        let expected = r#"{"id": "a", "rules": [{"name": "X", "port": 3}, {"name": "y", "port": 2}, {"name": "z"}], "of": {"deep": true}}"#;
        assert_eq!(after(before, &insert), (node(expected), Edited::Changed));
        let remove = Act::Remove { from: Spot::of(&["rules"]), items: items(r#"[{"name": "Y"}]"#) };
        let expected = r#"{"id": "a", "rules": [{"name": "x", "port": 1}], "of": {"deep": true}}"#;
        assert_eq!(after(before, &remove), (node(expected), Edited::Changed));
        let unseen = Act::Remove { from: Spot::of(&["rules"]), items: items(r#"[{"name": "q"}]"#) };
        assert_eq!(after(before, &unseen), (node(before), Edited::Missing("1 of rules".to_owned())));
        let set = Act::Set {
            at: Spot::of(&["rules"]).item("name", "x").key("port"),
            value: Tree::Text("9".into()),
        };
        let expected = r#"{"id": "a", "rules": [{"name": "x", "port": 9}, {"name": "y", "port": 2}], "of": {"deep": true}}"#;
        assert_eq!(after(before, &set), (node(expected), Edited::Changed));
        let merge = Act::Merge(node(r#"{"of": {"more": "1"}, "id": null}"#));
        let expected = r#"{"rules": [{"name": "x", "port": 1}, {"name": "y", "port": 2}], "of": {"deep": true, "more": "1"}}"#;
        assert_eq!(after(before, &merge), (node(expected), Edited::Changed));
    }

    #[test]
    fn what_was_never_seen_is_partial_until_it_is_stated() {
        let (kind, key) = (Name::from("kind"), Name::from("a"));
        let mut ledger = Ledger::default();
        let set = Act::Set { at: Spot::of(&["port"]), value: Tree::Text("1".into()) };
        assert_eq!(ledger.act([&kind, &key], &set, PLACE, &|| node(r#"{"id": "a"}"#)), Edited::Changed);
        assert!(ledger.get(&kind, &key).unwrap().is_partial);
        let put = Act::Put(node(r#"{"id": "a", "port": 1}"#));
        assert_eq!(ledger.act([&kind, &key], &put, PLACE, &Node::default), Edited::Changed);
        assert!(!ledger.get(&kind, &key).unwrap().is_partial);
        assert_eq!(ledger.act([&kind, &key], &put, PLACE, &Node::default), Edited::Same);
        assert_eq!(ledger.act([&kind, &key], &Act::Drop, PLACE, &Node::default), Edited::Gone);
        assert_eq!(
            ledger.act([&kind, &key], &Act::Drop, PLACE, &Node::default),
            Edited::Missing("kind a".to_owned())
        );
    }
}
