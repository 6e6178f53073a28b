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
