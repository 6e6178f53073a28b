//! oxidd 0.13: index manager, simple diagrams, one worker.

use std::hash::BuildHasherDefault;
use std::ops::Range;

use oxidd::bdd::{BDDFunction, BDDManagerRef, new_manager};
use oxidd::util::{FxHasher, SatCountCache};
use oxidd::{BooleanFunction, BooleanFunctionQuant, Manager, ManagerRef};

use super::{BITS, Diagrams};

/// One manager, kept for all lists and tidied between them: making one costs more than a small list.
pub struct Oxidd {
    manager: BDDManagerRef,
    bits: Vec<BDDFunction>,
    everything: BDDFunction,
    nothing: BDDFunction,
}

impl Default for Oxidd {
    fn default() -> Self {
        let manager = new_manager(NODES_MAX, CACHE_ENTRIES, 1);
        let (bits, everything, nothing) = manager.with_manager_exclusive(|manager| {
            let bits = manager.add_vars(BITS as u32).map(|at| BDDFunction::var(manager, at).expect(FULL));
            (bits.collect(), BDDFunction::t(manager), BDDFunction::f(manager))
        });
        Self { manager, bits, everything, nothing }
    }
}

impl Diagrams for Oxidd {
    type Set = BDDFunction;

    fn everything(&self) -> BDDFunction {
        self.everything.clone()
    }

    fn nothing(&self) -> BDDFunction {
        self.nothing.clone()
    }

    fn bit(&self, variable: usize) -> BDDFunction {
        self.bits[variable].clone()
    }

    fn cube(&self, bits: &[(usize, bool)]) -> BDDFunction {
        bits.iter().rev().fold(self.everything(), |below, &(variable, is_set)| {
            let bit = &self.bits[variable];
            // `imp_strict` is the right without the left.
            if is_set { bit.and(&below) } else { bit.imp_strict(&below) }.expect(FULL)
        })
    }

    fn and(&self, left: &BDDFunction, right: &BDDFunction) -> BDDFunction {
        left.and(right).expect(FULL)
    }

    fn or(&self, left: &BDDFunction, right: &BDDFunction) -> BDDFunction {
        left.or(right).expect(FULL)
    }

    fn less(&self, left: &BDDFunction, right: &BDDFunction) -> BDDFunction {
        right.imp_strict(left).expect(FULL)
    }

    fn whatever(&self, set: &BDDFunction, bits: Range<usize>) -> BDDFunction {
        let cube: Vec<(usize, bool)> = bits.map(|bit| (bit, true)).collect();
        set.exists(&self.cube(&cube)).expect(FULL)
    }

    fn count(&self, set: &BDDFunction) -> u128 {
        let mut cache: SatCountCache<u128, BuildHasherDefault<FxHasher>> = SatCountCache::default();
        set.sat_count(BITS as u32, &mut cache)
    }

    fn tidy(&self) {
        self.manager.with_manager_shared(|manager| manager.gc());
    }
}

const NODES_MAX: usize = 1 << 24;
const CACHE_ENTRIES: usize = 1 << 18;
const FULL: &str = "the manager has room for the nodes of every list measured";
