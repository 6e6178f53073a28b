//! Destinations and source ports that the rules of a question tell apart, and nothing finer.
//!
//! Usually there is one class of each: the target has one address, and nobody writes source ports.

use indexmap::IndexMap;
use model::Rule;
use packet::{AddressSet, Bounds, Family, PortSet};
use rustc_hash::FxBuildHasher;

use crate::bits::Bits;

/// Members that every rule treats alike, with the rules that hold them.
pub(crate) struct Class<T> {
    pub(crate) members: T,
    /// Rules that possibly match a member.
    pub(crate) may: Bits,
    /// Rules that match every member for certain.
    pub(crate) must: Bits,
}

impl<T> Class<T> {
    /// Whether every one of `rules` rules matches every member for certain.
    pub(crate) fn is_everybody(&self, rules: usize) -> bool {
        self.must.count() == rules
    }
}

/// Past this many comparisons of a rule with an interval, or this many classes, destinations are taken as one class
/// with bounds: sound, in bounded time, wider. No estate comes near: 4,000 prefixes in each of ten rules do not.
const COMPARISONS_MAX: usize = 1 << 25;
const CLASSES_MAX: usize = 4096;

/// The classes of `destinations`, of one family; and whether they are one class although rules tell them apart.
pub(crate) fn of_destinations(
    rules: &[&Rule],
    destinations: &AddressSet,
    family: Family,
) -> (Vec<Class<AddressSet>>, bool) {
    let whole = destinations.only(family);
    let one = one_class(rules, whole.clone());
    let mut cuts: Vec<u128> = Vec::new();
    for (number, rule) in rules.iter().enumerate() {
        if one.may.contains(number) && !one.must.contains(number) {
            add_cuts(&mut cuts, &rule.matches.destinations.may, family);
            add_cuts(&mut cuts, &rule.matches.destinations.must, family);
        }
    }
    if cuts.is_empty() {
        return (vec![one], false);
    }
    cuts.sort_unstable();
    cuts.dedup();
    if cuts.len().saturating_mul(rules.len()) > COMPARISONS_MAX {
        return (vec![one], true);
    }
    let mut known: IndexMap<(Bits, Bits), Vec<AddressSet>, FxBuildHasher> = IndexMap::default();
    for piece in pieces(&whole, &cuts, family) {
        let Class { members, may, must } = one_class(rules, piece);
        known.entry((may, must)).or_default().push(members);
        if known.len() > CLASSES_MAX {
            return (vec![one], true);
        }
    }
    let class = |((may, must), pieces): (_, Vec<AddressSet>)| Class { members: together(&pieces), may, must };
    (known.into_iter().map(class).collect(), false)
}

/// The union of many small sets, made once.
fn together(pieces: &[AddressSet]) -> AddressSet {
    let v4 = pieces.iter().flat_map(AddressSet::v4_spans).copied().collect();
    let v6 = pieces.iter().flat_map(AddressSet::v6_spans).copied().collect();
    AddressSet::from_v4_spans(v4).union(&AddressSet::from_v6_spans(v6))
}

fn one_class(rules: &[&Rule], members: AddressSet) -> Class<AddressSet> {
    let (mut may, mut must) = (Bits::new(rules.len()), Bits::new(rules.len()));
    let mut aim = Aim::at(&members);
    for (number, rule) in rules.iter().enumerate() {
        let held = aim.held(rule);
        if held.possible {
            may.insert(number);
        }
        if held.certain {
            must.insert(number);
        }
    }
    Class { members, may, must }
}

/// Destinations that are asked for, compared with those of one rule after the other.
pub(crate) struct Aim<'a> {
    own: &'a AddressSet,
    // The rule before mostly names the same set: `*`.
    last: Option<(&'a AddressSet, &'a AddressSet, Held)>,
}

/// Whether a rule's destinations hold some of what is asked for, and whether they hold all of it.
#[derive(Clone, Copy)]
pub(crate) struct Held {
    pub(crate) possible: bool,
    pub(crate) certain: bool,
}

impl<'a> Aim<'a> {
    pub(crate) const fn at(own: &'a AddressSet) -> Self {
        Self { own, last: None }
    }

    pub(crate) fn held(&mut self, rule: &'a Rule) -> Held {
        let Bounds { must, may } = &rule.matches.destinations;
        match self.last {
            Some((known_must, known_may, held))
                if core::ptr::eq(known_must, &**must) && core::ptr::eq(known_may, &**may) =>
            {
                held
            }
            Some(_) | None => {
                let held = Held { possible: !self.own.is_disjoint(may), certain: self.own.is_subset(must) };
                self.last = Some((must, may, held));
                held
            }
        }
    }
}

fn add_cuts(cuts: &mut Vec<u128>, set: &AddressSet, family: Family) {
    match family {
        Family::V4 => {
            cuts.extend(set.v4_spans().iter().flat_map(|&(a, b)| [u128::from(a), u128::from(b) + 1]))
        }
        Family::V6 => {
            cuts.extend(set.v6_spans().iter().flat_map(|&(a, b)| [Some(a), b.checked_add(1)]).flatten())
        }
    }
}

/// The set, cut into intervals at the sorted points.
fn pieces(set: &AddressSet, cuts: &[u128], family: Family) -> Vec<AddressSet> {
    let spans: Vec<(u128, u128)> = match family {
        Family::V4 => set.v4_spans().iter().map(|&(a, b)| (u128::from(a), u128::from(b))).collect(),
        Family::V6 => set.v6_spans().to_vec(),
    };
    let mut pieces = Vec::new();
    for (first, last) in spans {
        let mut start = first;
        let from = cuts.partition_point(|cut| *cut <= first);
        for &cut in cuts.iter().skip(from).take_while(|cut| **cut <= last) {
            pieces.push(piece(family, start, cut - 1));
            start = cut;
        }
        pieces.push(piece(family, start, last));
    }
    pieces
}

fn piece(family: Family, first: u128, last: u128) -> AddressSet {
    match family {
        Family::V4 => AddressSet::from_v4_spans(vec![(first as u32, last as u32)]),
        Family::V6 => AddressSet::from_v6_spans(vec![(first, last)]),
    }
}

/// The classes of source ports.
pub(crate) fn of_source_ports(rules: &[&Rule]) -> Vec<Class<PortSet>> {
    let open = |rule: &&Rule| {
        rule.matches.source_ports.must.is_everything() && rule.matches.source_ports.may.is_everything()
    };
    if rules.iter().all(open) {
        let everybody = Bits::full(rules.len());
        return vec![Class { members: PortSet::everything(), may: everybody.clone(), must: everybody }];
    }
    let mut cuts: Vec<u32> = vec![0, 1 << 16];
    for rule in rules {
        for set in [&rule.matches.source_ports.may, &rule.matches.source_ports.must] {
            if !set.is_everything() {
                cuts.extend(set.spans().iter().flat_map(|&(a, b)| [u32::from(a), u32::from(b) + 1]));
            }
        }
    }
    cuts.sort_unstable();
    cuts.dedup();
    let mut classes: Vec<Class<PortSet>> = Vec::new();
    for pair in cuts.windows(2) {
        let [first, end] = pair else { continue };
        let class = port_class(rules, *first as u16, (end - 1) as u16);
        match classes.iter_mut().find(|known| known.may == class.may && known.must == class.must) {
            Some(known) => known.members = known.members.union(&class.members),
            None => classes.push(class),
        }
    }
    classes
}

/// The class of ports `first..=last`, which every rule holds all or none of.
fn port_class(rules: &[&Rule], first: u16, last: u16) -> Class<PortSet> {
    let (mut may, mut must) = (Bits::new(rules.len()), Bits::new(rules.len()));
    for (number, rule) in rules.iter().enumerate() {
        if rule.matches.source_ports.may.contains(first) {
            may.insert(number);
        }
        if rule.matches.source_ports.must.contains(first) {
            must.insert(number);
        }
    }
    Class { members: packet::PortRange::new(first, last).into_iter().collect(), may, must }
}
