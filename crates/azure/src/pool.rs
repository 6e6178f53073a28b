//! Equal things once: names, keys, sets, sides of rules, tags.
//!
//! An estate says `*`, `Internet` and `10.0.0.0/8` a hundred thousand times. Only look-ups by content: no order of
//! a map here reaches a result. Remembers text that reads without a gap, never text that does not.

use std::hash::Hash;
use std::sync::Arc;

use model::Name;
use packet::{AddressSet, PortSet};

use crate::hash::{LookupMap, LookupSet};
use crate::resource::{NamedTag, Origin, SecurityRule, Side, default_rules};

/// Everything shared.
#[derive(Debug)]
pub(crate) struct Pool {
    names: LookupSet<Name>,
    sets: LookupSet<Arc<AddressSet>>,
    port_sets: LookupSet<Arc<PortSet>>,
    ports: LookupMap<Box<str>, Arc<PortSet>>,
    sides: [LookupMap<Box<str>, Arc<Side>>; Origin::COUNT],
    tags: LookupMap<Name, Arc<NamedTag>>,
    defaults: Option<Arc<[SecurityRule; 3]>>,
    pub(crate) common: Common,
}

/// Sets that nearly every rule has.
#[derive(Clone, Debug)]
pub(crate) struct Common {
    pub(crate) nothing: Arc<AddressSet>,
    pub(crate) everything: Arc<AddressSet>,
    pub(crate) no_port: Arc<PortSet>,
    pub(crate) every_port: Arc<PortSet>,
}

impl Common {
    pub(crate) fn new() -> Self {
        Self {
            nothing: Arc::new(AddressSet::empty()),
            everything: Arc::new(AddressSet::everything()),
            no_port: Arc::new(PortSet::empty()),
            every_port: Arc::new(PortSet::everything()),
        }
    }
}

impl Pool {
    pub(crate) fn new() -> Self {
        let common = Common::new();
        Self {
            names: LookupSet::default(),
            sets: [&common.nothing, &common.everything].map(Arc::clone).into_iter().collect(),
            port_sets: [&common.no_port, &common.every_port].map(Arc::clone).into_iter().collect(),
            ports: LookupMap::default(),
            sides: Default::default(),
            tags: LookupMap::default(),
            defaults: None,
            common,
        }
    }

    pub(crate) fn name(&mut self, text: &str) -> Name {
        intern(&mut self.names, text)
    }

    /// The key of an id: what it is compared by.
    pub(crate) fn key(&mut self, id: &str) -> Name {
        let id = id.trim().trim_end_matches('/');
        if id.bytes().any(|byte| byte.is_ascii_uppercase()) {
            self.name(&id.to_ascii_lowercase())
        } else {
            self.name(id)
        }
    }

    pub(crate) fn set(&mut self, set: AddressSet) -> Arc<AddressSet> {
        share(&mut self.sets, set)
    }

    pub(crate) fn port_set(&mut self, set: PortSet) -> Arc<PortSet> {
        share(&mut self.port_sets, set)
    }

    /// The ports a text reads as, `read` once for each text.
    pub(crate) fn ports(
        &mut self,
        text: &str,
        read: impl FnOnce() -> Option<PortSet>,
    ) -> Option<Arc<PortSet>> {
        if let Some(known) = self.ports.get(text) {
            return Some(Arc::clone(known));
        }
        let ports = share(&mut self.port_sets, read()?);
        self.ports.insert(text.into(), Arc::clone(&ports));
        Some(ports)
    }

    /// The side that a text alone makes.
    pub(crate) fn side(&self, origin: Origin, text: &str) -> Option<Arc<Side>> {
        self.sides.get(origin.index()).and_then(|sides| sides.get(text)).map(Arc::clone)
    }

    /// Remembers the side that a text alone makes.
    pub(crate) fn remember_side(&mut self, origin: Origin, text: &str, side: Side) -> Arc<Side> {
        let side = Arc::new(side);
        if let Some(sides) = self.sides.get_mut(origin.index()) {
            sides.insert(text.into(), Arc::clone(&side));
        }
        side
    }

    /// The inbound default rules.
    pub(crate) fn default_rules(&mut self) -> Arc<[SecurityRule; 3]> {
        if let Some(known) = &self.defaults {
            return Arc::clone(known);
        }
        let defaults = Arc::new(default_rules(self));
        self.defaults = Some(Arc::clone(&defaults));
        defaults
    }

    pub(crate) fn tag(&mut self, text: &str) -> Arc<NamedTag> {
        let key = self.key(text);
        Arc::clone(self.tags.entry(key).or_insert_with_key(|key| Arc::new(NamedTag::new(key, text))))
    }
}

fn intern(names: &mut LookupSet<Name>, text: &str) -> Name {
    if let Some(known) = names.get(text) {
        return Arc::clone(known);
    }
    let name: Name = text.into();
    names.insert(Arc::clone(&name));
    name
}

fn share<T: Eq + Hash>(known: &mut LookupSet<Arc<T>>, value: T) -> Arc<T> {
    if let Some(shared) = known.get(&value) {
        return Arc::clone(shared);
    }
    let shared = Arc::new(value);
    known.insert(Arc::clone(&shared));
    shared
}
