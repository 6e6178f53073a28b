//! An edit of one resource, in the spelling of exports: what a change does, without when and who.

use model::{Gap, Name};

use crate::json::{Node, Tree};

use super::spot::Spot;

/// An edit of one resource.
#[derive(Clone, Debug, PartialEq)]
pub struct Edit {
    /// The kind of the resource, as its cloud's table of kinds names it. Of Azure its type in small letters:
    /// `microsoft.network/networksecuritygroups`.
    pub kind: Name,
    /// Its id, in the spelling that results use.
    pub id: Name,
    /// The account, subscription or project that owns it, where the event says it.
    pub scope: Option<Name>,
    /// The region or location it is in, where the event says it and the object has to.
    pub region: Option<Name>,
    /// What it is an edit of.
    pub nature: Nature,
    /// What is done.
    pub act: Act,
}

impl Edit {
    /// Gives back the room that it has and does not need, for what is kept long.
    pub fn shrink(&mut self) {
        match &mut self.act {
            Act::Put(node) | Act::Merge(node) => node.shrink(),
            Act::Drop => {}
            Act::Set { value, .. } => value.shrink(),
            Act::Insert { items, .. } | Act::Remove { items, .. } => {
                items.shrink_to_fit();
                items.iter_mut().for_each(Tree::shrink);
            }
        }
    }

    /// Whether it takes something away and puts nothing in its place.
    #[must_use]
    pub fn takes_away(&self) -> bool {
        match &self.act {
            Act::Drop | Act::Remove { .. } => true,
            Act::Set { value, .. } => *value == Tree::Null,
            Act::Merge(node) => node.entries().iter().all(|(_, value)| *value == Tree::Null),
            Act::Put(_) | Act::Insert { .. } => false,
        }
    }
}

/// What an edit is of: that decides whether something `opens` or `attaches`. Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Nature {
    /// What is let in: rules, lists of prefixes, firewalls of services.
    Rule,
    /// What stands where: addresses, interfaces, tags, routes, associations, members.
    Attachment,
}

/// What is done to an object. Complete. All items and values are spelled as exports spell them.
#[derive(Clone, Debug, PartialEq)]
pub enum Act {
    /// The resource is this and nothing else: made, or stated whole.
    Put(Node<'static>),
    /// The resource is gone.
    Drop,
    /// The values of these keys are these now, the other keys keep theirs; `Null` takes a key away. Objects are merged key by
    /// key, lists are replaced.
    Merge(Node<'static>),
    /// The value at a spot is this now; `Null` takes it away. What leads there is made where it is missing.
    Set {
        /// Where.
        at: Spot,
        /// The value.
        value: Tree<'static>,
    },
    /// Items come into a list. Each takes the place of the one that has the same values under all of `by`, in any letter
    /// case; where `by` is empty, of one that is equal.
    Insert {
        /// The list; made where it is missing.
        into: Spot,
        /// The items.
        items: Vec<Tree<'static>>,
        /// By what they are the same.
        by: Vec<Name>,
    },
    /// Items leave a list: those that have all keys of one of these patterns with its values, in any letter case.
    Remove {
        /// The list.
        from: Spot,
        /// The patterns.
        items: Vec<Tree<'static>>,
    },
}

/// What an edit did to an inventory.
#[derive(Debug, Default)]
pub struct Applied {
    /// The keys of all targets that it may have moved, those included that are gone; sorted.
    pub touched: Vec<Name>,
    /// What was not understood.
    pub gaps: Vec<Gap>,
    /// What it took away or changed and was never seen, in words: whatever it did is not known.
    pub unseen: Option<String>,
}
