//! biodivine-lib-bdd 0.6.3: every diagram is an array of its own.

use std::ops::Range;

use biodivine_lib_bdd::{Bdd, BddPartialValuation, BddVariable, BddVariableSet};

use super::{BITS, Diagrams};

/// The variables of a packet.
pub struct Biodivine {
    set: BddVariableSet,
    bits: Vec<BddVariable>,
}

impl Default for Biodivine {
    fn default() -> Self {
        let set = BddVariableSet::new_anonymous(BITS as u16);
        let bits = set.variables();
        Self { set, bits }
    }
}

impl Diagrams for Biodivine {
    type Set = Bdd;

    fn everything(&self) -> Bdd {
        self.set.mk_true()
    }

    fn nothing(&self) -> Bdd {
        self.set.mk_false()
    }

    fn bit(&self, variable: usize) -> Bdd {
        self.set.mk_var(self.bits[variable])
    }

    fn cube(&self, bits: &[(usize, bool)]) -> Bdd {
        let values = bits.iter().map(|&(variable, is_set)| (self.bits[variable], is_set));
        self.set.mk_conjunctive_clause(&BddPartialValuation::from_values_iter(values))
    }

    fn and(&self, left: &Bdd, right: &Bdd) -> Bdd {
        left.and(right)
    }

    fn or(&self, left: &Bdd, right: &Bdd) -> Bdd {
        left.or(right)
    }

    fn less(&self, left: &Bdd, right: &Bdd) -> Bdd {
        left.and_not(right)
    }

    fn whatever(&self, set: &Bdd, bits: Range<usize>) -> Bdd {
        set.exists(&self.bits[bits])
    }

    fn count(&self, set: &Bdd) -> u128 {
        u128::try_from(set.exact_cardinality()).expect("104 bits are less than 128")
    }

    fn tidy(&self) {}
}
