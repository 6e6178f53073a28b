//! The resources of one kind: found by hash, told in the order of their keys.
//!
//! Measured on a million interfaces: ids share their first hundred bytes, so finding one in a sorted tree was a third of
//! lowering. Knows nothing of what is kept.

use std::borrow::Borrow;
use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::hash::Hash;
use std::sync::Arc;

use model::{Effect, Gap, Name};

use crate::desk::{Quoted, ReadAt};
use crate::hash::LookupMap;

/// How a resource relates to what was known under its key. Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrival {
    /// Nothing was known.
    New,
    /// The same was known.
    Same,
    /// Known otherwise: the later statement is taken.
    Differs,
}

impl Arrival {
    /// What is told of a resource with this id, if it differs.
    #[must_use]
    pub fn told(self, id: &str, read_at: ReadAt) -> Option<Gap> {
        let message = || {
            format!(
                "{} is in the input twice, with different content: the later one is taken, and what only the earlier one lets in is not told",
                Quoted(id)
            )
        };
        (self == Self::Differs).then(|| Gap::at(read_at.0, "duplicate-resource", Effect::Narrowed, message()))
    }
}

/// Resources of one kind by key.
#[derive(Clone, Debug)]
pub struct Shelf<T> {
    places: LookupMap<Name, usize>,
    // In the order in which they came. Boxed: a list of fifty thousand large ones is copied whenever it grows.
    resources: Vec<(Name, Box<T>)>,
    // Positions in the order of keys, once somebody asks.
    order: OnceCell<Vec<usize>>,
}

impl<T> Shelf<T> {
    /// The resource of a key.
    #[must_use]
    pub fn get<K: Hash + Eq + ?Sized>(&self, key: &K) -> Option<&T>
    where
        Name: Borrow<K>,
    {
        self.resources.get(*self.places.get(key)?).map(|(_, resource)| &**resource)
    }

    /// The resource of a key, to be changed.
    pub fn get_mut<K: Hash + Eq + ?Sized>(&mut self, key: &K) -> Option<&mut T>
    where
        Name: Borrow<K>,
    {
        self.resources.get_mut(*self.places.get(key)?).map(|(_, resource)| &mut **resource)
    }

    /// Whether a resource has this key.
    #[must_use]
    pub fn contains_key<K: Hash + Eq + ?Sized>(&self, key: &K) -> bool
    where
        Name: Borrow<K>,
    {
        self.places.contains_key(key)
    }

    /// Whether there is no resource.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.resources.is_empty()
    }

    /// How many resources there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.resources.len()
    }

    /// Keys and resources in the order of the keys, whatever the order in which they came.
    pub fn iter(&self) -> impl Iterator<Item = (&Name, &T)> {
        self.sorted().iter().filter_map(|position| self.at(*position))
    }

    /// The first resource in the order of keys whose key does not come before `from`.
    #[must_use]
    pub fn first_from(&self, from: &str) -> Option<(&Name, &T)> {
        let order = self.sorted();
        let before = |position: &usize| self.at(*position).is_some_and(|(key, _)| &**key < from);
        order.get(order.partition_point(before)).and_then(|position| self.at(*position))
    }

    fn at(&self, position: usize) -> Option<(&Name, &T)> {
        self.resources.get(position).map(|(key, resource)| (key, &**resource))
    }

    fn sorted(&self) -> &[usize] {
        self.order.get_or_init(|| {
            let mut order: Vec<usize> = (0..self.resources.len()).collect();
            order.sort_by_key(|position| self.at(*position).map(|(key, _)| key));
            order
        })
    }

    /// The keys in their order.
    pub fn keys(&self) -> impl Iterator<Item = &Name> {
        self.iter().map(|(key, _)| key)
    }

    /// The resources in the order of their keys.
    pub fn values(&self) -> impl Iterator<Item = &T> {
        self.iter().map(|(_, resource)| resource)
    }

    /// Removes the resource of a key.
    pub fn remove(&mut self, key: &str) -> Option<T> {
        let place = self.places.remove(key)?;
        self.order = OnceCell::new();
        let (_, resource) = self.resources.swap_remove(place);
        if let Some((moved, _)) = self.resources.get(place) {
            self.places.insert(Arc::clone(moved), place);
        }
        Some(*resource)
    }

    /// Keeps only some resources.
    pub fn retain(&mut self, keep: impl Fn(&Name, &T) -> bool) {
        let gone = self.resources.iter().filter(|(key, resource)| !keep(key, resource));
        let gone: Vec<Name> = gone.map(|(key, _)| Arc::clone(key)).collect();
        for key in gone {
            self.remove(&key);
        }
    }
}

impl<T: PartialEq> Shelf<T> {
    /// Puts a resource under its key; the later statement counts.
    pub fn put(&mut self, key: &Name, resource: T) -> Arrival {
        match self.get_mut(key) {
            None => {
                self.places.insert(Arc::clone(key), self.resources.len());
                self.resources.push((Arc::clone(key), Box::new(resource)));
                self.order = OnceCell::new();
                Arrival::New
            }
            Some(present) if *present == resource => Arrival::Same,
            Some(present) => {
                *present = resource;
                Arrival::Differs
            }
        }
    }
}

impl<T> Default for Shelf<T> {
    fn default() -> Self {
        Self { places: LookupMap::default(), resources: Vec::new(), order: OnceCell::new() }
    }
}

impl<'s, T> IntoIterator for &'s Shelf<T> {
    type Item = (&'s Name, &'s T);
    type IntoIter = Box<dyn Iterator<Item = (&'s Name, &'s T)> + 's>;

    fn into_iter(self) -> Self::IntoIter {
        Box::new(self.iter())
    }
}

/// Puts a value under a key; the later statement counts.
pub fn put<T: PartialEq>(known: &mut BTreeMap<Name, T>, key: &Name, value: T) -> Arrival {
    match known.get_mut(key) {
        None => {
            known.insert(Arc::clone(key), value);
            Arrival::New
        }
        Some(present) if *present == value => Arrival::Same,
        Some(present) => {
            *present = value;
            Arrival::Differs
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_in_any_order_is_told_in_one() {
        let mut shelf = Shelf::default();
        for (key, value) in [("c", 1), ("a", 2), ("b", 3), ("a", 4)] {
            shelf.put(&key.into(), value);
        }
        let told =
            |shelf: &Shelf<i32>| shelf.iter().map(|(key, value)| format!("{key}{value}")).collect::<String>();
        assert_eq!(told(&shelf), "a4b3c1");
        assert_eq!(shelf.remove("a"), Some(4));
        assert_eq!(shelf.get("c"), Some(&1));
        shelf.put(&"a".into(), 5);
        assert_eq!(told(&shelf), "a5b3c1");
        shelf.retain(|_, value| *value != 3);
        assert_eq!((told(&shelf).as_str(), shelf.get("b"), shelf.len()), ("a5c1", None, 2));
    }
}
