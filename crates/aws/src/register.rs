//! The resources of one kind: put as documents state them, found as others refer to them.
//!
//! Knows no rule of AWS but that ids are told apart by accounts: an input may hold several.

use std::sync::Arc;

use cloud::{Arrival, LookupMap, Shelf};
use model::Name;

use crate::resource::Identity;

/// The resources of one kind.
#[derive(Clone, Debug)]
pub(crate) struct Register<T> {
    shelf: Shelf<T>,
    // The keys under which an id is known: one, but where several accounts use it. Sorted.
    keys: LookupMap<Name, Vec<Name>>,
}

/// What a reference finds.
#[derive(Debug, PartialEq)]
pub(crate) enum Found<'r, T> {
    /// Not in the input.
    Nothing,
    One(&'r T),
    /// Resources of several accounts have the id, and nothing says which is meant.
    Several,
}

impl<'r, T> Found<'r, T> {
    /// The one that is found.
    pub(crate) const fn one(self) -> Option<&'r T> {
        match self {
            Self::One(found) => Some(found),
            Self::Nothing | Self::Several => None,
        }
    }
}

impl<T> Register<T> {
    /// The resource with an id, as a resource of `account` refers to it: of several that of the same account. Shared
    /// VPCs refer to resources of other accounts (W24).
    pub(crate) fn find(&self, account: Option<&str>, id: &str) -> Found<'_, T> {
        let keys = self.keys.get(id).map(Vec::as_slice).unwrap_or_default();
        let of = |key: &Name| self.shelf.get(&**key);
        match keys {
            [] => Found::Nothing,
            [key] => of(key).map_or(Found::Nothing, Found::One),
            several => {
                let own = account.map(|account| format!("{account}/{id}"));
                let own = several.iter().find(|key| Some(&***key) == own.as_deref());
                own.and_then(of).map_or(Found::Several, Found::One)
            }
        }
    }

    /// The key under which the resource with an id is known, as somebody of an account names it.
    pub(crate) fn key_of(&self, account: Option<&str>, id: &str) -> Option<Name> {
        match self.keys.get(id).map(Vec::as_slice).unwrap_or_default() {
            [] => None,
            [key] => Some(Arc::clone(key)),
            several => {
                let own = account.map(|account| format!("{account}/{id}"));
                several.iter().find(|key| Some(&***key) == own.as_deref()).map(Arc::clone)
            }
        }
    }

    /// The resource of a key.
    pub(crate) fn get(&self, key: &str) -> Option<&T> {
        self.shelf.get(key)
    }

    /// The resource of a key, to be changed; who it is stays.
    pub(crate) fn get_mut(&mut self, key: &str) -> Option<&mut T> {
        self.shelf.get_mut(key)
    }

    /// Keys and resources in the order of the keys.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&Name, &T)> {
        self.shelf.iter()
    }

    /// The resources in the order of their keys.
    pub(crate) fn values(&self) -> impl Iterator<Item = &T> {
        self.shelf.values()
    }

    pub(crate) const fn len(&self) -> usize {
        self.shelf.len()
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.shelf.is_empty()
    }
}

impl<T> Register<T> {
    /// Gives an identity that does not say its account that of the one resource which is known by its id.
    pub(crate) fn complete(&self, identity: &mut Identity) {
        let Some([only]) = self.keys.get(&identity.id).map(Vec::as_slice) else { return };
        if let (None, Some((account, _))) = (&identity.account, only.split_once('/'))
            && only.len() == account.len() + 1 + identity.id.len()
        {
            identity.account = Some(account.into());
            identity.key = Arc::clone(only);
        }
    }
}

impl<T: PartialEq> Register<T> {
    /// Puts a resource under its key; the later statement counts. A statement that does not say its account is about the
    /// one resource that is known by its id, whichever of the two came first.
    pub(crate) fn put(&mut self, identity: Identity, resource: T) -> Arrival {
        let keys = self.keys.entry(Arc::clone(&identity.id)).or_default();
        let nameless = keys.iter().position(|key| *key == identity.id);
        let key = match (&identity.account, keys.as_slice(), nameless) {
            (None, [only], _) => Arc::clone(only),
            (Some(_), _, Some(position)) => {
                let arrival = match self.shelf.remove(&identity.id) {
                    Some(known) if known == resource => Arrival::Same,
                    Some(_) | None => Arrival::Differs,
                };
                if let Some(key) = keys.get_mut(position) {
                    *key = Arc::clone(&identity.key);
                }
                keys.sort_unstable();
                self.shelf.put(&identity.key, resource);
                return arrival;
            }
            _ => Arc::clone(&identity.key),
        };
        if !keys.contains(&key) {
            keys.push(Arc::clone(&key));
            keys.sort_unstable();
        }
        self.shelf.put(&key, resource)
    }
}

impl<T> Register<T> {
    /// Removes the resource of a key.
    pub(crate) fn remove(&mut self, key: &str) {
        self.shelf.remove(key);
        let id = key.split_once('/').map_or(key, |(_, id)| id);
        for id in [id, key] {
            if let Some(keys) = self.keys.get_mut(id) {
                keys.retain(|known| &**known != key);
            }
        }
    }
}

impl<T> Default for Register<T> {
    fn default() -> Self {
        Self { shelf: Shelf::default(), keys: LookupMap::default() }
    }
}
