//! Which filters and destinations are the same question.
//!
//! Two lists have one shape when their rules match and do the same in the same order, whatever they are called.
//! Equality decides, not a hash of text. Destinations matter only as far as rules tell them apart.

use core::hash::{Hash, Hasher};
use std::collections::VecDeque;
use std::sync::{Arc, Weak};

use model::{Action, Filter, Rule, RuleList};
use packet::{AddressSet, Family, ProtocolSet};
use rustc_hash::{FxHashMap, FxHasher};

use crate::bits::Bits;
use crate::classes::{Aim, Held};

/// A question as far as it has an answer of its own.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct FilterKey {
    expression: Vec<Token>,
    destinations: Told,
}

impl FilterKey {
    /// Whether some rule looks at the destination.
    pub(crate) fn tells_destinations(&self) -> bool {
        self.destinations != Told::Everywhere
    }
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
    /// Every rule holds all of them for certain: nearly always.
    Everywhere,
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
    shapes: Vec<Shape>,
    // The lists that were new last: what was opened is mostly closed again, and the list of before comes back.
    recent: VecDeque<Arc<RuleList>>,
}

/// So many lists are kept after their owners dropped them, and of so many rules together.
const RECENT_MAX: usize = 8;
const RECENT_RULES_MAX: usize = 1024;

/// Lists that are the same question.
struct Shape {
    representative: Weak<RuleList>,
    /// By family, whether every rule holds every destination for certain.
    is_everywhere: [bool; 2],
    /// The sets of protocols that its rules name, each once.
    protocols: Box<[ProtocolSet]>,
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
        family: Family,
    ) -> FilterKey {
        let mut expression = Vec::with_capacity(2 * lists.len() + 4);
        let is_everywhere = self.flatten(filter, family, &mut expression);
        let destinations = if is_everywhere { Told::Everywhere } else { told(lists, destinations) };
        FilterKey { expression, destinations }
    }

    /// The sets of protocols that the rules of a list name, each once.
    pub(crate) fn protocols(&mut self, list: &Arc<RuleList>) -> &[ProtocolSet] {
        let shape = self.shape(list);
        self.shapes.get(shape as usize).map_or(&[], |shape| &shape.protocols)
    }

    /// Whether every rule holds every destination of the family for certain.
    fn flatten(&mut self, filter: &Filter, family: Family, expression: &mut Vec<Token>) -> bool {
        let (token, parts) = match filter {
            Filter::Always(action) => (Token::Always(*action), [].as_slice()),
            Filter::FirstMatch(list) => {
                let shape = self.shape(list);
                expression.push(Token::List(shape));
                return self.shapes.get(shape as usize).is_some_and(|shape| match family {
                    Family::V4 => shape.is_everywhere[0],
                    Family::V6 => shape.is_everywhere[1],
                });
            }
            Filter::Chain(parts) => (Token::Chain(parts.len()), parts.as_slice()),
            Filter::AllOf(parts) => (Token::AllOf(parts.len()), parts.as_slice()),
            Filter::AnyOf(parts) => (Token::AnyOf(parts.len()), parts.as_slice()),
        };
        expression.push(token);
        let mut all = true;
        for part in parts {
            all &= self.flatten(part, family, expression);
        }
        all
    }

    fn shape(&mut self, list: &Arc<RuleList>) -> u32 {
        let address = Arc::as_ptr(list).addr();
        if let Some((_, shape)) = self.known.get(&address) {
            return *shape;
        }
        let alike = self.by_hash.entry(hash(list)).or_default();
        let shapes = &mut self.shapes;
        let representative = |shapes: &[Shape], shape: u32| {
            shapes.get(shape as usize).and_then(|shape| shape.representative.upgrade())
        };
        // Nothing is equal to a list that is gone: its shape is asked for no more.
        alike.retain(|shape| representative(shapes, *shape).is_some());
        let same = |shape: &&u32| {
            representative(shapes, **shape).is_some_and(|known| is_same(&known.rules, &list.rules))
        };
        let shape = match alike.iter().find(same) {
            Some(shape) => {
                // The later one stays longer, mostly.
                if let Some(known) = shapes.get_mut(*shape as usize) {
                    known.representative = Arc::downgrade(list);
                }
                *shape
            }
            None => {
                let shape = shapes.len() as u32;
                shapes.push(Shape::of(list));
                alike.push(shape);
                shape
            }
        };
        self.known.insert(address, (Arc::downgrade(list), shape));
        self.keep(list);
        shape
    }

    fn keep(&mut self, list: &Arc<RuleList>) {
        self.recent.push_back(Arc::clone(list));
        let rules =
            |recent: &VecDeque<Arc<RuleList>>| recent.iter().map(|list| list.rules.len()).sum::<usize>();
        while self.recent.len() > RECENT_MAX || rules(&self.recent) > RECENT_RULES_MAX {
            self.recent.pop_front();
        }
    }
}

impl Shape {
    fn of(list: &Arc<RuleList>) -> Self {
        let is_everywhere = Family::BOTH.map(|family| {
            let whole = AddressSet::whole(family);
            let mut aim = Aim::at(&whole);
            list.rules.iter().all(|rule| aim.held(rule).certain)
        });
        let mut protocols: Vec<ProtocolSet> = Vec::new();
        for rule in &list.rules {
            for set in [rule.matches.protocols.must, rule.matches.protocols.may] {
                if !protocols.contains(&set) {
                    protocols.push(set);
                }
            }
        }
        Self { representative: Arc::downgrade(list), is_everywhere, protocols: protocols.into() }
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
    if must.count() == count { Told::Everywhere } else { Told::Rules(may, must) }
}
