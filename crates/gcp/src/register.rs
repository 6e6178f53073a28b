//! The resources of one kind: put as documents state them, found as others refer to them.
//!
//! Knows no rule of Google Cloud but how its resources are named: by a path that begins with their project, folder or
//! organisation (`projects/p/global/networks/default`). A reference may be cut at its beginning.

use std::sync::Arc;

use cloud::{Arrival, LookupMap, Shelf};
use model::Name;

use crate::resource::{Identity, Link, Network, is_number};

/// The resources of one kind.
#[derive(Clone, Debug)]
pub(crate) struct Register<T> {
    shelf: Shelf<T>,
    // The keys under which a last name is known: one, but where several projects or places use it. Sorted.
    keys: LookupMap<Name, Vec<Name>>,
    // The ids of projects by their numbers.
    ids: LookupMap<Name, Name>,
    // The same the other way round.
    numbers: LookupMap<Name, Name>,
}

/// What a reference finds.
#[derive(Debug, PartialEq)]
pub(crate) enum Found<'r, T> {
    /// Not in the input.
    Nothing,
    One(&'r T),
    /// Several resources have the name, and nothing says which is meant.
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
    /// The resource that a link leads to, as a resource of `project` gives it. A link without a project is one of the
    /// same project; one that is a bare name leads to the one resource of the project that has it.
    pub(crate) fn find(&self, project: Option<&str>, link: &Link) -> Found<'_, T> {
        if let Some(found) = self.shelf.get(&*link.path) {
            return Found::One(found);
        }
        if let Some(link) = self.with_id(link) {
            return self.find(project, &link);
        }
        // The document of the resource itself may call its project by the number.
        if let Some(found) = self.with_number(link).and_then(|link| self.shelf.get(&*link.path)) {
            return Found::One(found);
        }
        let project = project.map(|project| self.id_of(project));
        let keys = self.keys.get(link.name()).map(Vec::as_slice).unwrap_or_default();
        let fits = |key: &&Name| {
            let is_end = key.len() == link.path.len() || key.ends_with(&format!("/{}", link.path));
            is_end && !link.is_whole()
        };
        let mut fitting: Vec<&Name> = keys.iter().filter(fits).collect();
        // A resource of another project that happens to have the name is not meant.
        if let Some(project) = project {
            let own = format!("projects/{project}/");
            fitting.retain(|key| key.starts_with(&own) || !key.starts_with("projects/"));
        }
        match fitting.as_slice() {
            [] => Found::Nothing,
            [key] => self.shelf.get(&***key).map_or(Found::Nothing, Found::One),
            _ => Found::Several,
        }
    }

    /// A project by its id, where its number is given.
    pub(crate) fn id_of<'r>(&'r self, project: &'r str) -> &'r str {
        self.ids.get(project).map_or(project, |id| id)
    }

    /// A link with the id of its project in place of the number.
    pub(crate) fn with_id(&self, link: &Link) -> Option<Link> {
        renamed(link, &self.ids)
    }

    fn with_number(&self, link: &Link) -> Option<Link> {
        renamed(link, &self.numbers)
    }

    /// Learns that a number and an id name one project.
    pub(crate) fn alias(&mut self, number: &Name, id: &Name) {
        self.ids.insert(Arc::clone(number), Arc::clone(id));
        self.numbers.insert(Arc::clone(id), Arc::clone(number));
    }

    /// The resource of a key.
    pub(crate) fn get(&self, key: &str) -> Option<&T> {
        self.shelf.get(key)
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

impl Register<Network> {
    /// Whether two paths may name one network, although they differ: one has a number for the project or for the network, the
    /// other an id or a name, and nobody says whose number it is.
    pub(crate) fn may_be_one<'l>(&self, link: &'l Link, another: &'l Link) -> bool {
        let parts = |link: &'l Link| link.path.strip_prefix("projects/")?.split_once("/global/networks/");
        let (Some((one, own)), Some((other, foreign))) = (parts(link), parts(another)) else {
            return false;
        };
        let is_alike = |number: &str, id: &str| {
            is_number(number)
                && !is_number(id)
                && !self.ids.contains_key(number)
                && !self.numbers.contains_key(id)
        };
        let are_of_one = one == other || is_alike(one, other) || is_alike(other, one);
        // Names begin with a letter.
        are_of_one
            && (own == foreign || is_number(own) != is_number(foreign))
            && (one, own) != (other, foreign)
    }
}

impl<T> Register<T> {
    /// Removes the resource of a key.
    pub(crate) fn remove(&mut self, key: &str) {
        let last = key.rsplit('/').next().unwrap_or(key);
        if let Some(keys) = self.keys.get_mut(last) {
            keys.retain(|known| **known != *key);
        }
        self.shelf.remove(key);
    }
}

impl<T: PartialEq> Register<T> {
    /// Puts a resource under its key; the later statement counts.
    pub(crate) fn put(&mut self, identity: &Identity, resource: T) -> Arrival {
        let last = identity.key.rsplit('/').next().unwrap_or(&identity.key);
        let keys = self.keys.entry(last.into()).or_default();
        if !keys.contains(&identity.key) {
            keys.push(Arc::clone(&identity.key));
            keys.sort_unstable();
        }
        self.shelf.put(&identity.key, resource)
    }
}

impl<T> Default for Register<T> {
    fn default() -> Self {
        Self {
            shelf: Shelf::default(),
            keys: LookupMap::default(),
            ids: LookupMap::default(),
            numbers: LookupMap::default(),
        }
    }
}

/// A link with another name of its project, where there is one.
fn renamed(link: &Link, names: &LookupMap<Name, Name>) -> Option<Link> {
    let own = link.project()?;
    let rest = link.path.strip_prefix("projects/")?.strip_prefix(own)?;
    let name = names.get(own).filter(|name| ***name != *own)?;
    Some(Link { path: format!("projects/{name}{rest}").into() })
}
