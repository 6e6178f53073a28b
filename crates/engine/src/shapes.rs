//! Which filters and destinations are the same question.
//!
//! Two lists have one shape when their rules match and do the same in the same order, whatever they are called.
//! Equality decides, not a hash of text. Destinations matter only as far as rules tell them apart.

use core::hash::{Hash, Hasher};
use std::sync::{Arc, Weak};

use model::{Action, Filter, Rule, RuleList};
use packet::AddressSet;
use rustc_hash::{FxHashMap, FxHasher};

use crate::bits::Bits;
use crate::classes::{Aim, Held};

/// A question as far as it has an answer of its own.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct FilterKey {
    expression: Vec<Token>,
    destinations: Told,
}

/// A filter expression, flattened.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Token {
    Always(Action),
    List(u32),
    Chain(usize),
    AllOf(usize),
    AnyOf(usize),
}

/// What is known of destinations in a question.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Told {
    /// Every rule holds all of them or none: these rules possibly, these for certain.
    Rules(Bits, Bits),
    /// Some rule tells them apart.
    Addresses(Arc<AddressSet>),
}

/// The shapes of lists seen so far.
#[derive(Default)]
pub(crate) struct Shapes {
    // By address of the list. The weak reference keeps the address from being given to another list, and lets go of
    // the rules: of a list that has been changed they are gone when its owner drops it.
    known: FxHashMap<usize, (Weak<RuleList>, u32)>,
    by_hash: FxHashMap<u64, Vec<u32>>,
    representatives: Vec<Weak<RuleList>>,
}

/// What is left of a list without its rules, roughly, and of its places in the maps.
const LIST_BYTES: usize = 512;

impl Shapes {
    /// How much memory is held, roughly.
    pub(crate) fn bytes(&self) -> usize {
        self.known.len() * LIST_BYTES
    }

    /// The question of a filter in front of destinations of one family.
    pub(crate) fn key(
        &mut self,
        filter: &Filter,
        lists: &[&Arc<RuleList>],
        destinations: &AddressSet,
    ) -> FilterKey {
        let mut expression = Vec::new();
        self.flatten(filter, &mut expression);
        FilterKey { expression, destinations: told(lists, destinations) }
    }

    fn flatten(&mut self, filter: &Filter, expression: &mut Vec<Token>) {
        let (token, parts) = match filter {
            Filter::Always(action) => (Token::Always(*action), [].as_slice()),
            Filter::FirstMatch(list) => (Token::List(self.shape(list)), [].as_slice()),
            Filter::Chain(parts) => (Token::Chain(parts.len()), parts.as_slice()),
            Filter::AllOf(parts) => (Token::AllOf(parts.len()), parts.as_slice()),
            Filter::AnyOf(parts) => (Token::AnyOf(parts.len()), parts.as_slice()),
        };
        expression.push(token);
        parts.iter().for_each(|part| self.flatten(part, expression));
    }

    fn shape(&mut self, list: &Arc<RuleList>) -> u32 {
        let address = Arc::as_ptr(list).addr();
        if let Some((_, shape)) = self.known.get(&address) {
            return *shape;
        }
        let alike = self.by_hash.entry(hash(list)).or_default();
        let same = |shape: &&u32| {
            let known = self.representatives.get(**shape as usize).and_then(Weak::upgrade);
            known.is_some_and(|known| is_same(&known.rules, &list.rules))
        };
        let shape = alike.iter().find(same).copied().unwrap_or_else(|| {
            let shape = self.representatives.len() as u32;
            self.representatives.push(Arc::downgrade(list));
            alike.push(shape);
            shape
        });
        self.known.insert(address, (Arc::downgrade(list), shape));
        shape
    }
}

/// Hashes what equal shapes have equal. Sets are hashed by their first bytes only: equality decides.
fn hash(list: &RuleList) -> u64 {
    let mut hash = FxHasher::default();
    let mut rank = None;
    for rule in &list.rules {
        (rank == Some(rule.rank)).hash(&mut hash);
        rank = Some(rule.rank);
        rule.action.hash(&mut hash);
        let matches = &rule.matches;
        matches.protocols.hash(&mut hash);
        matches.ports.may.spans().hash(&mut hash);
        let sources = matches.sources.may.v4_spans();
        (sources.len(), sources.first(), sources.last()).hash(&mut hash);
    }
    hash.finish()
}

fn is_same(left: &[Rule], right: &[Rule]) -> bool {
    let tied = |rules: &[Rule], at: usize| match rules.get(at.wrapping_sub(1)..=at) {
        Some([a, b]) => a.rank == b.rank,
        Some(_) | None => false,
    };
    left.len() == right.len()
        && left.iter().zip(right).enumerate().all(|(at, (a, b))| {
            a.action == b.action && tied(left, at) == tied(right, at) && a.matches == b.matches
        })
}

fn told(lists: &[&Arc<RuleList>], own: &AddressSet) -> Told {
    let rules = || lists.iter().flat_map(|list| &list.rules);
    let count = lists.iter().map(|list| list.rules.len()).sum();
    let (mut may, mut must) = (Bits::new(count), Bits::new(count));
    let mut aim = Aim::at(own);
    for (number, rule) in rules().enumerate() {
        let Held { possible, certain } = aim.held(rule);
        if possible {
            may.insert(number);
        }
        if certain {
            must.insert(number);
        }
        let destinations = &rule.matches.destinations;
        let by_some = || !own.is_subset(&destinations.may) || !own.is_disjoint(&destinations.must);
        if possible && !certain && by_some() {
            return Told::Addresses(Arc::new(own.clone()));
        }
    }
    Told::Rules(may, must)
}
