//! Equal things once: beside names and sets, keys, sides of rules, tags.
//!
//! An estate says `*`, `Internet` and `10.0.0.0/8` a hundred thousand times. Only look-ups by content: no order of
//! a map here reaches a result. Remembers text that reads without a gap, never text that does not.

use core::borrow::{Borrow, BorrowMut};
use core::ops::{Deref, DerefMut};
use std::sync::Arc;

use cloud::LookupMap;
use model::Name;
use packet::PortSet;

use crate::resource::{NamedTag, Origin, SecurityRule, Side, default_rules};

/// Everything shared.
#[derive(Debug)]
pub(crate) struct Pool {
    shared: cloud::Pool,
    ports: LookupMap<Box<str>, Arc<PortSet>>,
    sides: [LookupMap<Box<str>, Arc<Side>>; Origin::COUNT],
    tags: LookupMap<Name, Arc<NamedTag>>,
    defaults: Option<Arc<[SecurityRule; 3]>>,
}

impl Pool {
    pub(crate) fn new() -> Self {
        Self {
            shared: cloud::Pool::new(),
            ports: LookupMap::default(),
            sides: Default::default(),
            tags: LookupMap::default(),
            defaults: None,
        }
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

    /// The ports a text reads as, `read` once for each text.
    pub(crate) fn ports(
        &mut self,
        text: &str,
        read: impl FnOnce() -> Option<PortSet>,
    ) -> Option<Arc<PortSet>> {
        if let Some(known) = self.ports.get(text) {
            return Some(Arc::clone(known));
        }
        let ports = self.shared.port_set(read()?);
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

impl Borrow<cloud::Pool> for Pool {
    fn borrow(&self) -> &cloud::Pool {
        &self.shared
    }
}

impl BorrowMut<cloud::Pool> for Pool {
    fn borrow_mut(&mut self) -> &mut cloud::Pool {
        &mut self.shared
    }
}

impl Deref for Pool {
    type Target = cloud::Pool;

    fn deref(&self) -> &Self::Target {
        &self.shared
    }
}

impl DerefMut for Pool {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.shared
    }
}
