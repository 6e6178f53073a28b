//! How many sources, and which: sets in rank space measured once and shared.
//!
//! Knows no rule and no target.

use core::hash::BuildHasher;
use std::sync::Arc;

use hashbrown::HashTable;
use model::{Grade, Internet, Name};
use packet::{AddressSet, Cover, Family, cover};
use rustc_hash::{FxBuildHasher, FxHashMap};
use sha2::{Digest, Sha256};

use crate::exposure::{Measure, Sources};

/// Prefixes listed of a cover; the rest is counted.
const PREFIXES_LISTED_MAX: usize = 64;

/// What a measured set takes beside its addresses, roughly: two covers, mostly, and again where families are joined.
const MEASURED_BYTES: usize = 4096;

/// One family's sources with everything that is told of them.
#[derive(Debug)]
pub(crate) struct Measured {
    /// `None` where they are too many to be kept: whoever tells them makes them again.
    pub(crate) addresses: Option<Arc<AddressSet>>,
    pub(crate) measure: Measure,
    family: Family,
    tags: Vec<Name>,
    holds_rentable: bool,
    pub(crate) digest: [u8; 32],
}

/// Measures sets of sources; equal sets are measured once.
pub(crate) struct Measurer {
    internet: Arc<Internet>,
    rentable: Rentable,
    memo: HashTable<Arc<Measured>>,
    joined: FxHashMap<[usize; 2], Arc<Sources>>,
    // Keeps the parts of `joined` alive: its keys are their addresses.
    parts: Vec<Arc<Measured>>,
    bytes: usize,
    total_v4: f64,
}

impl Measurer {
    pub(crate) fn new(internet: Arc<Internet>, rentable: &[Arc<AddressSet>]) -> Self {
        Self {
            total_v4: internet.measured(Family::V4).count(Family::V4).saturating() as f64,
            internet,
            rentable: Rentable::new(rentable),
            memo: HashTable::new(),
            joined: FxHashMap::default(),
            parts: Vec::new(),
            bytes: 0,
        }
    }

    /// How much memory is held, roughly.
    pub(crate) const fn bytes(&self) -> usize {
        self.bytes
    }

    /// Forgets what was measured.
    pub(crate) fn forget(&mut self) {
        (self.memo, self.joined, self.parts) = (HashTable::new(), FxHashMap::default(), Vec::new());
        self.bytes = 0;
    }

    /// Measures Internet addresses of one family and pools whose members are not known.
    pub(crate) fn measured(
        &mut self,
        addresses: AddressSet,
        family: Family,
        tags: Vec<Name>,
        is_kept: bool,
    ) -> Arc<Measured> {
        if !is_kept {
            self.bytes += MEASURED_BYTES;
            return Arc::new(Measured { addresses: None, ..self.measure(addresses, family, tags) });
        }
        let hash = |family: Family, addresses: &AddressSet, tags: &[Name]| {
            FxBuildHasher.hash_one((family, addresses, tags))
        };
        let same = |known: &Arc<Measured>| {
            (known.family, known.addresses.as_deref(), known.tags.as_slice())
                == (family, Some(&addresses), tags.as_slice())
        };
        let own = hash(family, &addresses, &tags);
        if let Some(known) = self.memo.find(own, same) {
            return Arc::clone(known);
        }
        self.bytes += MEASURED_BYTES + size_of_val(addresses.v4_spans()) + size_of_val(addresses.v6_spans());
        let measured = Arc::new(self.measure(addresses, family, tags));
        let again = |known: &Arc<Measured>| {
            known.addresses.as_deref().map_or(0, |addresses| hash(known.family, addresses, &known.tags))
        };
        self.memo.insert_unique(own, Arc::clone(&measured), again);
        measured
    }

    fn measure(&self, addresses: AddressSet, family: Family, tags: Vec<Name>) -> Measured {
        let universe = self.internet.addresses();
        let known = self.internet.grade(&addresses, family);
        let grade = match known {
            Some(known) if tags.is_empty() || known >= Grade::Broad => known,
            Some(_) | None => Grade::Unknown,
        };
        let counted = tags.is_empty();
        let missing = if grade >= Grade::AlmostAny && counted {
            cover(&universe.difference(&addresses), universe, family, PREFIXES_LISTED_MAX)
        } else {
            Cover { prefixes: Vec::new(), more: 0 }
        };
        let measure = Measure {
            grade,
            addresses: counted.then(|| addresses.count(family)),
            share: counted.then(|| self.share(&addresses, family)),
            cidrs: cover(&addresses, universe, family, PREFIXES_LISTED_MAX),
            missing,
        };
        let holds_rentable = !tags.is_empty() || self.rentable.is_in(&addresses, family);
        let digest = digest(&addresses, &tags);
        Measured { family, addresses: Some(Arc::new(addresses)), measure, tags, holds_rentable, digest }
    }

    /// Internet addresses of IPv4 are all measured on: their share is their number, and nothing is to intersect.
    fn share(&self, addresses: &AddressSet, family: Family) -> f64 {
        match family {
            Family::V4 => addresses.count(family).saturating() as f64 / self.total_v4,
            Family::V6 => self.internet.share(addresses, family),
        }
    }

    /// Puts the two families of one block together.
    pub(crate) fn joined(&mut self, v4: Option<&Arc<Measured>>, v6: Option<&Arc<Measured>>) -> Arc<Sources> {
        let address = |part: Option<&Arc<Measured>>| part.map_or(0, |part| Arc::as_ptr(part).addr());
        let key = [address(v4), address(v6)];
        if let Some(known) = self.joined.get(&key) {
            return Arc::clone(known);
        }
        let joined = Arc::new(join(v4, v6));
        self.parts.extend([v4, v6].into_iter().flatten().cloned());
        self.joined.insert(key, Arc::clone(&joined));
        joined
    }
}

fn join(v4: Option<&Arc<Measured>>, v6: Option<&Arc<Measured>>) -> Sources {
    let parts = || [v4, v6].into_iter().flatten();
    let mut tags: Vec<Name> = parts().flat_map(|part| part.tags.iter().cloned()).collect();
    tags.sort_unstable();
    tags.dedup();
    let grade = parts().map(|part| part.measure.grade).max().unwrap_or(Grade::Narrow);
    let mut hash = Sha256::new();
    for part in [v4, v6] {
        hash.update(part.map_or([0; 32], |part| part.digest));
    }
    Sources {
        ipv4: v4.map(|part| part.measure.clone()),
        ipv6: v6.map(|part| part.measure.clone()),
        tags,
        rentable: grade < Grade::AlmostAny && parts().any(|part| part.holds_rentable),
        digest: hash.finalize().into(),
    }
}

fn digest(addresses: &AddressSet, tags: &[Name]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for &(first, last) in addresses.v4_spans() {
        hash.update(first.to_be_bytes());
        hash.update(last.to_be_bytes());
    }
    hash.update(b"6");
    for &(first, last) in addresses.v6_spans() {
        hash.update(first.to_be_bytes());
        hash.update(last.to_be_bytes());
    }
    for tag in tags {
        hash.update(b"t");
        hash.update(tag.to_ascii_lowercase());
    }
    hash.finalize().into()
}

/// What an attacker can rent from (semantics I7): whole pools, and blocks inside any of them.
struct Rentable {
    pools: Vec<[AddressSet; 2]>,
    all: AddressSet,
}

impl Rentable {
    fn new(pools: &[Arc<AddressSet>]) -> Self {
        let all = pools.iter().fold(AddressSet::empty(), |all, pool| all.union(pool));
        let pools = pools.iter().map(|pool| Family::BOTH.map(|family| pool.only(family))).collect();
        Self { pools, all }
    }

    /// Whether the set holds a whole pool, or a block of one that is /16 (IPv6: /32) or shorter.
    fn is_in(&self, addresses: &AddressSet, family: Family) -> bool {
        if self.all.is_disjoint(addresses) {
            return false;
        }
        let holds = |pool: &[AddressSet; 2]| {
            pool.iter().any(|part| !part.is_empty_in(family) && part.is_subset(addresses))
        };
        self.pools.iter().any(holds) || has_block(&self.all.intersection(addresses), family)
    }
}

/// Whether an aligned block of 2^16 addresses of IPv4, or one /32 of IPv6, lies in the set.
fn has_block(set: &AddressSet, family: Family) -> bool {
    let holds = |first: u128, last: u128, bits: u32| {
        let block = 1_u128 << bits;
        first
            .checked_next_multiple_of(block)
            .and_then(|start| start.checked_add(block - 1))
            .is_some_and(|end| end <= last)
    };
    match family {
        Family::V4 => {
            set.v4_spans().iter().any(|&(first, last)| holds(u128::from(first), u128::from(last), 16))
        }
        Family::V6 => set.v6_spans().iter().any(|&(first, last)| holds(first, last, 96)),
    }
}
