//! The resources of a configuration by address, and what values of them refer to.
//!
//! Who a resource is says `thing`. Knows nothing of what they mean.

use std::borrow::Cow;
use std::collections::BTreeMap;

use cloud::json::{Cause, Node, Tree, Unknown};
use cloud::{Declarations, Declared};

use crate::resource::path_of;

pub(super) use super::thing::Thing;

/// All resources of a configuration.
pub(super) struct World<'w, 'a> {
    label: &'w str,
    pub(super) all: &'w [Declared<'a>],
    by_address: BTreeMap<&'w str, &'w Declared<'a>>,
    /// The names of its networks; `None` of one whose name is not known.
    networks: Vec<Option<&'w str>>,
}

impl<'w, 'a> World<'w, 'a> {
    pub(super) fn of(declarations: &Declarations<'w, 'a>) -> Self {
        let all = declarations.resources;
        let by_address = all.iter().map(|declared| (declared.address.as_str(), declared)).collect();
        let networks = all.iter().filter(|own| own.kind == "google_compute_network" && !own.is_looked_up);
        let networks = networks.map(|own| value_in(&own.attributes, "name").and_then(known_text)).collect();
        Self { label: declarations.label, all, by_address, networks }
    }

    /// A resource by its address. Of several instances it is the one where there is one.
    fn find(&'w self, address: &str) -> Option<Thing<'w, 'a>> {
        let known = |address: &str| self.by_address.get(address).copied();
        let declared = known(address).or_else(|| {
            let first = format!("{address}[");
            let mut instances =
                self.by_address.range(first.as_str()..).take_while(|(own, _)| own.starts_with(&first));
            match (instances.next(), instances.next()) {
                (Some((_, only)), None) => Some(*only),
                _ => None,
            }
        })?;
        Some(Thing { world: self, declared })
    }

    /// The resources of a type.
    pub(super) fn of_kind<'k>(
        &'w self,
        kind: &'k str,
    ) -> impl Iterator<Item = Thing<'w, 'a>> + use<'w, 'a, 'k> {
        self.all
            .iter()
            .filter(move |own| own.kind == kind && !own.is_looked_up)
            .map(|declared| Thing { world: self, declared })
    }

    /// A value with what it refers to in its place: the path of a resource, or the value that the resource has there.
    pub(super) fn resolved(&'w self, value: &Tree<'a>) -> Tree<'a> {
        self.followed(value, FOLLOWED_MAX)
    }

    fn followed(&'w self, value: &Tree<'a>, depth: usize) -> Tree<'a> {
        match value {
            Tree::Unknown(unknown) => self.referred(unknown, depth).unwrap_or_else(|| value.clone()),
            Tree::List(items) => Tree::List(items.iter().map(|item| self.followed(item, depth)).collect()),
            Tree::Object(node) => {
                let entries =
                    node.entries().iter().map(|(key, value)| (key.clone(), self.followed(value, depth)));
                Tree::Object(Node::new(entries.collect(), node.at))
            }
            Tree::Null | Tree::Flag(_) | Tree::Text(_) => value.clone(),
        }
    }

    fn referred(&'w self, unknown: &Unknown<'a>, depth: usize) -> Option<Tree<'a>> {
        let refers = unknown.refers.as_ref()?;
        let thing = self.find(&refers.address)?;
        if let Some(path) = thing.said_as(&refers.attribute) {
            return Some(Tree::Text(Cow::Owned(path)));
        }
        let value = reached(thing.node(), &refers.attribute)?;
        match value {
            Tree::Null => None,
            // It may be the attribute itself.
            Tree::Unknown(other) if other.refers.is_none() || depth == 0 => None,
            value => Some(self.followed(value, depth.checked_sub(1)?)),
        }
    }

    /// What a value refers to.
    pub(super) fn target(&'w self, value: &Tree<'a>) -> Option<Thing<'w, 'a>> {
        match value {
            Tree::Unknown(unknown) => self.find(&unknown.refers.as_ref()?.address),
            Tree::Null | Tree::Flag(_) | Tree::Text(_) | Tree::List(_) | Tree::Object(_) => None,
        }
    }

    /// The declared resource of a path.
    pub(super) fn at_path(&'w self, path: &str, kinds: &[&str]) -> Option<Thing<'w, 'a>> {
        let of_kinds = self.all.iter().filter(|own| kinds.contains(&&*own.kind));
        let mut things = of_kinds.map(|declared| Thing { world: self, declared });
        things.find(|thing| thing.path() == path_of(path))
    }

    /// Whether a network that is named may be one of those whose names are not known.
    pub(super) fn may_be_unnamed(&self, network: &str) -> bool {
        let name = network.rsplit('/').next().unwrap_or(network);
        self.networks.contains(&None) && !self.networks.contains(&Some(name)) && !name.starts_with("google_")
    }

    /// The one network of a name.
    pub(super) fn network_named(&'w self, name: &str) -> Option<Thing<'w, 'a>> {
        let mut named = self.of_kind("google_compute_network").filter(|own| own.name() == name);
        let found = named.next()?;
        named.next().is_none().then_some(found)
    }

    /// What stands for a word of a path that is not known.
    pub(super) fn blank(&self, word: &str) -> String {
        match self.label.is_empty() {
            true => format!("{{{word}}}"),
            false => format!("{{{word}:{}}}", plain(self.label)),
        }
    }
}

/// The value of an argument of an object. What plans tell of an argument that nobody wrote is as good as absent.
pub(super) fn value_in<'n, 'a>(node: &'n Node<'a>, key: &str) -> Option<&'n Tree<'a>> {
    node.own(key).filter(|value| **value != Tree::Null && !is_unsaid(value))
}

/// Whether a value is one that nobody wrote: the provider or Google fills it in.
pub(super) fn is_unsaid(value: &Tree<'_>) -> bool {
    matches!(value, Tree::Unknown(unknown)
        if unknown.cause == Cause::Computed && unknown.text.is_empty() && unknown.refers.is_none())
}

pub(super) fn known_text<'n>(value: &'n Tree<'_>) -> Option<&'n str> {
    match value {
        Tree::Text(text) => Some(text.trim()).filter(|text| !text.is_empty()),
        Tree::Null | Tree::Flag(_) | Tree::List(_) | Tree::Object(_) | Tree::Unknown(_) => None,
    }
}

/// The value that an object has at `network_interface[0].network_ip`, or `network_interface.0.network_ip`.
fn reached<'n, 'a>(node: &'n Node<'a>, attribute: &str) -> Option<&'n Tree<'a>> {
    let mut parts = attribute.split(['.', '[', ']', '"']).filter(|part| !part.is_empty());
    let first = node.own(parts.next()?)?;
    parts.try_fold(first, |value, part| match value {
        Tree::Object(node) => node.own(part),
        Tree::List(items) => items.get(part.parse::<usize>().ok()?),
        Tree::Null | Tree::Flag(_) | Tree::Text(_) | Tree::Unknown(_) => None,
    })
}

/// An address or an expression as a part of a path.
pub(super) fn plain(text: &str) -> String {
    text.replace('/', "|")
}

/// How many references are followed one after the other.
const FOLLOWED_MAX: usize = 32;
