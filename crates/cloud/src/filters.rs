//! Filters of paths: several in a row as one, and those of the same lists once.
//!
//! Knows no rule of any provider.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use model::{Action, Filter};

use crate::hash::LookupSet;

/// What denies if any of these does; allows where there are none.
#[must_use]
pub fn all_of(filters: Vec<Filter>) -> Filter {
    let mut parts = Vec::with_capacity(filters.len());
    for filter in filters {
        match filter {
            Filter::Always(Action::Allow) => {}
            Filter::AllOf(more) => parts.extend(more),
            other @ (Filter::Always(_) | Filter::FirstMatch(_) | Filter::Chain(_) | Filter::AnyOf(_)) => {
                parts.push(other);
            }
        }
    }
    match (parts.pop(), parts.is_empty()) {
        (None, _) => Filter::Always(Action::Allow),
        (Some(only), true) => only,
        (Some(last), false) => {
            parts.push(last);
            Filter::AllOf(parts)
        }
    }
}

/// Filters of the same lists in the same places, each once: ten interfaces of a service have one.
#[derive(Debug, Default)]
pub struct Filters(LookupSet<OfLists>);

impl Filters {
    /// The filter, or one like it that was made before.
    pub fn shared(&mut self, filter: Filter) -> Arc<Filter> {
        let filter = OfLists(Arc::new(filter));
        if let Some(OfLists(known)) = self.0.get(&filter) {
            return Arc::clone(known);
        }
        let shared = Arc::clone(&filter.0);
        self.0.insert(filter);
        shared
    }
}

/// A filter that is compared by which lists it has, not by what they say.
#[derive(Debug)]
struct OfLists(Arc<Filter>);

impl PartialEq for OfLists {
    fn eq(&self, other: &Self) -> bool {
        is_same(&self.0, &other.0)
    }
}

impl Eq for OfLists {}

impl Hash for OfLists {
    fn hash<H: Hasher>(&self, state: &mut H) {
        for list in self.0.lists() {
            Arc::as_ptr(list).hash(state);
        }
    }
}

fn is_same(one: &Filter, other: &Filter) -> bool {
    let all = |ones: &[Filter], others: &[Filter]| {
        ones.len() == others.len() && ones.iter().zip(others).all(|(one, other)| is_same(one, other))
    };
    match (one, other) {
        (Filter::Always(one), Filter::Always(other)) => one == other,
        (Filter::FirstMatch(one), Filter::FirstMatch(other)) => Arc::ptr_eq(one, other),
        (Filter::Chain(ones), Filter::Chain(others))
        | (Filter::AllOf(ones), Filter::AllOf(others))
        | (Filter::AnyOf(ones), Filter::AnyOf(others)) => all(ones, others),
        _ => false,
    }
}
