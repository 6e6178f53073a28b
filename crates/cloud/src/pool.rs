//! Equal things once: names and sets.
//!
//! An estate says `0.0.0.0/0` a hundred thousand times. Only look-ups by content: no order of a map here reaches a result.

use std::hash::{BuildHasher as _, Hash};
use std::sync::Arc;

use foldhash::fast::RandomState;
use hashbrown::HashTable;
use model::Name;
use packet::{AddressSet, Bounds, PortSet, Prefix};

use crate::hash::{LookupMap, LookupSet};

/// Names and sets, each once.
#[derive(Clone, Debug)]
pub struct Pool {
    // With their hashes: half a million names are not read again whenever the table grows.
    names: HashTable<(u64, Name)>,
    hasher: RandomState,
    sets: LookupSet<Arc<AddressSet>>,
    prefixes: LookupMap<Prefix, Arc<AddressSet>>,
    port_sets: LookupSet<Arc<PortSet>>,
    /// Sets that nearly every rule has.
    pub common: Common,
}

/// Sets that nearly every rule has.
#[derive(Clone, Debug)]
pub struct Common {
    /// No address.
    pub nothing: Arc<AddressSet>,
    /// Every address of both families.
    pub everything: Arc<AddressSet>,
    /// No port.
    pub no_port: Arc<PortSet>,
    /// Every port.
    pub every_port: Arc<PortSet>,
}

impl Common {
    /// Each of them, made once.
    #[must_use]
    pub fn new() -> Self {
        Self {
            nothing: Arc::new(AddressSet::empty()),
            everything: Arc::new(AddressSet::everything()),
            no_port: Arc::new(PortSet::empty()),
            every_port: Arc::new(PortSet::everything()),
        }
    }

    /// Some addresses, and nobody knows which.
    #[must_use]
    pub fn unknown(&self) -> Bounds<Arc<AddressSet>> {
        Bounds::between(Arc::clone(&self.nothing), Arc::clone(&self.everything))
    }
}

impl Default for Common {
    fn default() -> Self {
        Self::new()
    }
}

impl Pool {
    /// A pool that knows the common sets.
    #[must_use]
    pub fn new() -> Self {
        let common = Common::new();
        Self {
            names: HashTable::new(),
            hasher: RandomState::default(),
            prefixes: LookupMap::default(),
            sets: [&common.nothing, &common.everything].map(Arc::clone).into_iter().collect(),
            port_sets: [&common.no_port, &common.every_port].map(Arc::clone).into_iter().collect(),
            common,
        }
    }

    /// A name, in the spelling it is given in.
    pub fn name(&mut self, text: &str) -> Name {
        let hash = self.hasher.hash_one(text);
        let is_it = |(own, name): &(u64, Name)| *own == hash && **name == *text;
        if let Some((_, known)) = self.names.find(hash, is_it) {
            return Arc::clone(known);
        }
        let name: Name = text.into();
        self.names.insert_unique(hash, (hash, Arc::clone(&name)), |(own, _)| *own);
        name
    }

    /// The addresses of a prefix.
    pub fn prefix(&mut self, prefix: Prefix) -> Arc<AddressSet> {
        if let Some(known) = self.prefixes.get(&prefix) {
            return Arc::clone(known);
        }
        let set = self.set(prefix.into());
        self.prefixes.insert(prefix, Arc::clone(&set));
        set
    }

    /// A set of addresses.
    pub fn set(&mut self, set: AddressSet) -> Arc<AddressSet> {
        share(&mut self.sets, set)
    }

    /// A set of ports.
    pub fn port_set(&mut self, set: PortSet) -> Arc<PortSet> {
        share(&mut self.port_sets, set)
    }
}

impl Default for Pool {
    fn default() -> Self {
        Self::new()
    }
}

fn share<T: Eq + Hash>(known: &mut LookupSet<Arc<T>>, value: T) -> Arc<T> {
    if let Some(shared) = known.get(&value) {
        return Arc::clone(shared);
    }
    let shared = Arc::new(value);
    known.insert(Arc::clone(&shared));
    shared
}
