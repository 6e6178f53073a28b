//! What stands at an interface as clients of another family meet it: a proxy asks there in its own family (G17).
//!
//! Where it asks is known, so each rule holds that destination or does not; and no rule looks at the family of a client.

use std::sync::Arc;

use cloud::LookupMap;
use model::{Filter, Rule, RuleList};
use packet::{AddressSet, Bounds};

use super::super::Lowering;

/// Lists that were already restated: by the place of the list they come from, and where packets come to.
#[derive(Debug, Default)]
pub(super) struct Restated {
    known: LookupMap<(usize, Arc<AddressSet>), Pair>,
}

impl Restated {
    /// Whether no list was.
    pub(super) fn is_empty(&self) -> bool {
        self.known.is_empty()
    }
}

/// A list that was restated.
#[derive(Debug)]
struct Pair {
    restated: Arc<RuleList>,
    /// Where it comes from: kept, so that no other list gets its place.
    _origin: Arc<RuleList>,
}

impl Lowering<'_> {
    /// A filter as packets meet it that come to one of these addresses, whatever address they carry in its question.
    pub(in crate::lower) fn restated(
        &mut self,
        filter: &Arc<Filter>,
        inside: &Arc<AddressSet>,
    ) -> Arc<Filter> {
        let is_plain = |rule: &Rule| *rule.matches.destinations.must == *self.common.everything;
        if filter.lists().iter().all(|list| list.rules.iter().all(is_plain)) {
            return Arc::clone(filter);
        }
        Arc::new(self.restated_part(filter, inside))
    }

    fn restated_part(&mut self, filter: &Filter, inside: &Arc<AddressSet>) -> Filter {
        match filter {
            Filter::Always(action) => Filter::Always(*action),
            Filter::FirstMatch(list) => Filter::FirstMatch(self.restated_list(list, inside)),
            Filter::Chain(parts) => Filter::Chain(self.restated_parts(parts, inside)),
            Filter::AllOf(parts) => Filter::AllOf(self.restated_parts(parts, inside)),
            Filter::AnyOf(parts) => Filter::AnyOf(self.restated_parts(parts, inside)),
        }
    }

    fn restated_parts(&mut self, parts: &[Filter], inside: &Arc<AddressSet>) -> Vec<Filter> {
        parts.iter().map(|part| self.restated_part(part, inside)).collect()
    }

    fn restated_list(&mut self, list: &Arc<RuleList>, inside: &Arc<AddressSet>) -> Arc<RuleList> {
        let key = (Arc::as_ptr(list).addr(), Arc::clone(inside));
        if let Some(known) = self.balancers.restated.known.get(&key) {
            return Arc::clone(&known.restated);
        }
        let whole =
            |holds: bool| Arc::clone(if holds { &self.common.everything } else { &self.common.nothing });
        let mut restated = RuleList::clone(list);
        for rule in &mut restated.rules {
            let own = &rule.matches.destinations;
            let (must, may) = (whole(inside.is_subset(&own.must)), whole(!inside.is_disjoint(&own.may)));
            rule.matches.destinations = Bounds { must, may };
        }
        let restated = Arc::new(restated);
        let pair = Pair { restated: Arc::clone(&restated), _origin: Arc::clone(list) };
        self.balancers.restated.known.insert(key, pair);
        restated
    }
}
