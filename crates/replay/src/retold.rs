//! What changes before a snapshot did to what the snapshot states: it has their effects already, and says of none when it
//! came.

use std::collections::BTreeSet;

use cloud::Inventory;
use cloud::audit::{Act, Edit};
use cloud::json::{Node, Tree};
use model::{Name, Provenance};

/// A snapshot without what changes before it had added.
pub(crate) struct Without {
    pub(crate) inventory: Box<dyn Inventory>,
    /// The keys of what is other with these changes.
    pub(crate) moved: BTreeSet<Name>,
    /// The keys of what they stated anew, so that nobody knows what it was before.
    pub(crate) restated: BTreeSet<Name>,
}

/// Takes out of a snapshot what changes before it had put in. What they took away closed something, or is not told.
pub(crate) fn without(snapshot: &dyn Inventory, edits: &[(Edit, Provenance)]) -> Without {
    let mut inventory = snapshot.fork();
    let mut again = snapshot.fork();
    let (mut moved, mut restated) = (BTreeSet::new(), BTreeSet::new());
    for (edit, place) in edits.iter().rev() {
        match &edit.act {
            Act::Insert { into, items, by } => {
                let items = items.iter().map(|item| pattern(item, by)).collect();
                let act = Act::Remove { from: into.clone(), items };
                moved.extend(inventory.apply(&Edit { act, ..edit.clone() }, *place).touched);
            }
            Act::Put(_) | Act::Merge(_) | Act::Set { .. } => {
                restated.extend(again.apply(edit, *place).touched);
            }
            Act::Remove { .. } | Act::Drop => {}
        }
    }
    Without { inventory, moved, restated }
}

/// What fits an item that was put in: the keys by which it is the same as another.
fn pattern(item: &Tree<'static>, by: &[Name]) -> Tree<'static> {
    let Tree::Object(node) = item else { return item.clone() };
    let is_sign = |key: &str| {
        !key.starts_with('#') && (by.is_empty() || by.iter().any(|own| own.eq_ignore_ascii_case(key)))
    };
    let entries = node.entries().iter().filter(|(key, _)| is_sign(key)).cloned().collect();
    Tree::Object(Node::new(entries, None))
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use cloud::audit::{Applied, Nature, Spot};
    use cloud::json::tree_in;
    use cloud::{Declarations, Document, Reading};
    use model::{DocumentId, Snapshot, Target, Thresholds};

    use super::*;

    /// Remembers what is done to it and to all its forks.
    #[derive(Clone, Default)]
    struct Noted(Arc<Mutex<Vec<(String, String)>>>);

    impl Inventory for Noted {
        fn read(&mut self, _: &Document<'_>) -> Reading {
            unreachable!()
        }

        fn read_catalogue(&mut self, _: &Document<'_>) -> Reading {
            unreachable!()
        }

        fn read_together(&mut self, _: &[Document<'_>]) -> Vec<Reading> {
            unreachable!()
        }

        fn declare(&mut self, _: &Declarations<'_, '_>) -> Reading {
            unreachable!()
        }

        fn snapshot(&self, _: Thresholds) -> Snapshot {
            unreachable!()
        }

        fn remember(&mut self) {}

        fn apply(&mut self, edit: &Edit, _: Provenance) -> Applied {
            let done = match &edit.act {
                Act::Remove { items, .. } => {
                    format!("remove {}", items.iter().map(spelled).collect::<String>())
                }
                Act::Put(_) => "put".to_owned(),
                other => panic!("{other:?} changes nothing of a snapshot"),
            };
            self.0.lock().unwrap().push((edit.id.to_string(), done));
            Applied { touched: vec![format!("target of {}", edit.id).into()], ..Applied::default() }
        }

        fn lower(&self, _: &[Name]) -> Vec<Target> {
            unreachable!()
        }

        fn is_partial(&self, _: &Target) -> bool {
            unreachable!()
        }

        fn fork(&self) -> Box<dyn Inventory> {
            Box::new(self.clone())
        }
    }

    fn spelled(tree: &Tree<'static>) -> String {
        match tree {
            Tree::Object(node) => {
                node.entries().iter().map(|(key, value)| format!("{key}={} ", spelled(value))).collect()
            }
            Tree::Text(text) => text.to_string(),
            other => format!("{other:?}"),
        }
    }

    fn edit(id: &str, act: Act) -> (Edit, Provenance) {
        let (kind, nature) = (Name::from("group"), Nature::Rule);
        let edit = Edit { kind, id: id.into(), scope: None, region: None, nature, act };
        (edit, Provenance { document: DocumentId(0), offset: 0 })
    }

    fn insert(id: &str, item: &str, by: &[&str]) -> (Edit, Provenance) {
        let items = vec![tree_in(item).unwrap().to_owned_tree()];
        let by = by.iter().map(|key| Name::from(*key)).collect();
        edit(id, Act::Insert { into: Spot::of(&["rules"]), items, by })
    }

    fn taken_out(edits: &[(Edit, Provenance)]) -> (Vec<(String, String)>, Vec<String>, Vec<String>) {
        let noted = Noted::default();
        let Without { moved, restated, .. } = without(&noted, edits);
        let names = |names: BTreeSet<Name>| names.iter().map(ToString::to_string).collect();
        let done = noted.0.lock().unwrap().clone();
        (done, names(moved), names(restated))
    }

    #[test]
    fn what_was_put_in_is_taken_out_the_last_first_by_what_makes_it_the_same() {
        let (done, moved, restated) = taken_out(&[
            insert("a", r##"{"port": "22", "#rule": "r1"}"##, &[]),
            insert("b", r#"{"Name": "x", "port": "22"}"#, &["name"]),
        ]);
        // The memory of the ledger is none of the snapshot's.
        let expected = [("b", "remove Name=x "), ("a", "remove port=22 ")];
        assert_eq!(done, expected.map(|(id, what)| (id.to_owned(), what.to_owned())));
        assert_eq!(moved, ["target of a", "target of b"]);
        assert!(restated.is_empty());
    }

    #[test]
    fn what_was_stated_anew_is_not_known_before_and_what_was_taken_away_is_not_put_back() {
        let put = edit("a", Act::Put(Node::default()));
        let gone = edit("b", Act::Drop);
        let removed = edit("c", Act::Remove { from: Spot::of(&["rules"]), items: Vec::new() });
        let (done, moved, restated) = taken_out(&[put, gone, removed]);
        assert_eq!(done, [("a".to_owned(), "put".to_owned())]);
        assert_eq!((moved, restated), (Vec::new(), vec!["target of a".to_owned()]));
    }
}
