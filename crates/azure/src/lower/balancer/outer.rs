//! Load balancers before load balancers: those that span regions lead to the frontends of others.

use std::collections::BTreeMap;
use std::sync::Arc;

use cloud::LookupMap;
use model::{Hop, Name};

use crate::resource::Carried;

use super::super::Lowering;
use super::assembly::Assembly;
use super::book::Balancers;
use super::facing::Facing;
use super::making::{hop, leading_of};

/// A way to the frontend of a load balancer through another one that spans regions.
pub(super) struct Outer {
    pub(super) facing: Facing,
    pub(super) carried: Carried,
    pub(super) hop: Hop,
    pub(super) is_doubted: bool,
}

impl Lowering<'_> {
    /// The ways of load balancers that span regions to the frontends of others.
    pub(super) fn outer(
        &mut self,
        all: &BTreeMap<Name, Assembly<'_>>,
        book: &Balancers,
    ) -> LookupMap<Name, Vec<Outer>> {
        let mut outer: LookupMap<Name, Vec<Outer>> = LookupMap::default();
        for assembly in all.values() {
            let frontends_of = |pool: &Name| {
                let pools = assembly.pools.iter().filter(|part| part.key() == pool);
                pools.flat_map(|part| part.stated.frontends.iter().cloned()).collect::<Vec<_>>()
            };
            for rule in &assembly.rules {
                for inner in rule.stated.pools.iter().flat_map(frontends_of) {
                    let leading = leading_of(rule);
                    for facing in self.facing_of(assembly, &leading) {
                        outer.entry(Arc::clone(&inner)).or_default().push(Outer {
                            facing,
                            carried: rule.stated.carried.clone(),
                            hop: hop(assembly, &rule.stated.identity),
                            is_doubted: rule.is_doubted || !rule.stated.carried.is_certain,
                        });
                    }
                }
            }
        }
        debug_assert!(outer.is_empty() || !book.of_pool.is_empty(), "an outer way has a pool");
        outer
    }
}
