//! The laws of the sets, on random ones that crowd around the same few boundaries.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a broken fixture is a failed test")]

use std::net::IpAddr;

use packet::{AddressSet, Family, PortRange, PortSet, Prefix, Protocol, ProtocolSet, cover};
use proptest::collection::vec;
use proptest::prelude::*;

/// Few distinct values, so that ends coincide, touch and nest.
fn value(family: Family) -> impl Strategy<Value = u128> {
    let highest = family.highest();
    prop_oneof![
        Just(0),
        Just(highest),
        Just(highest - 1),
        Just(highest / 2),
        Just(highest / 2 + 1),
        (0_u128..12),
        (0_u128..12).prop_map(move |near| highest - near),
        any::<u128>().prop_map(move |any| any & highest),
    ]
}

fn addresses() -> impl Strategy<Value = AddressSet> {
    let span = |family| (value(family), value(family)).prop_map(|(a, b)| (a.min(b), a.max(b)));
    (vec(span(Family::V4), 0..6), vec(span(Family::V6), 0..6)).prop_map(|(v4, v6)| {
        let narrow = v4.into_iter().map(|(a, b)| (a as u32, b as u32)).collect();
        AddressSet::from_v4_spans(narrow).union(&AddressSet::from_v6_spans(v6))
    })
}

fn address() -> impl Strategy<Value = IpAddr> {
    prop_oneof![
        value(Family::V4).prop_map(|value| Family::V4.address(value)),
        value(Family::V6).prop_map(|value| Family::V6.address(value)),
    ]
}

fn prefix() -> impl Strategy<Value = Prefix> {
    (address(), any::<u8>()).prop_map(|(address, length)| {
        Prefix::covering(address, length % (Family::of(address).0.width() + 1)).unwrap()
    })
}

fn ports() -> impl Strategy<Value = PortSet> {
    vec((any::<u16>(), 0_u16..4), 0..8).prop_map(|ranges| {
        ranges
            .into_iter()
            .filter_map(|(first, more)| PortRange::new(first, first.saturating_add(more)))
            .collect()
    })
}

/// Neighbours never touch, and every interval is in order.
fn is_canonical(set: &AddressSet) -> bool {
    let v4: Vec<(u128, u128)> = set.v4_spans().iter().map(|&(a, b)| (a.into(), b.into())).collect();
    [v4, set.v6_spans().to_vec()].iter().all(|spans| {
        spans.iter().all(|(a, b)| a <= b) && spans.windows(2).all(|pair| pair[0].1 + 1 < pair[1].0)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn membership_is_the_meaning_of_every_operation(a in addresses(), b in addresses(), x in address()) {
        let (in_a, in_b) = (a.contains(x), b.contains(x));
        prop_assert_eq!(a.union(&b).contains(x), in_a || in_b);
        prop_assert_eq!(a.intersection(&b).contains(x), in_a && in_b);
        prop_assert_eq!(a.difference(&b).contains(x), in_a && !in_b);
        prop_assert_eq!(a.complement().contains(x), !in_a);
    }

    #[test]
    fn sets_are_an_algebra_and_canonical(a in addresses(), b in addresses(), c in addresses()) {
        prop_assert_eq!(a.union(&b), b.union(&a));
        prop_assert_eq!(a.intersection(&b), b.intersection(&a));
        prop_assert_eq!(a.union(&b).union(&c), a.union(&b.union(&c)));
        prop_assert_eq!(a.intersection(&b.union(&c)), a.intersection(&b).union(&a.intersection(&c)));
        prop_assert_eq!(a.union(&b).complement(), a.complement().intersection(&b.complement()));
        prop_assert_eq!(a.difference(&b).union(&a.intersection(&b)), a.clone());
        prop_assert_eq!(a.complement().complement(), a.clone());
        prop_assert_eq!(a.union(&a.complement()), AddressSet::everything());
        for set in [a.union(&b), a.intersection(&b), a.difference(&b), a.complement()] {
            prop_assert!(is_canonical(&set), "{:?}", set);
        }
    }

    #[test]
    fn subset_and_disjoint_mean_what_they_say(a in addresses(), b in addresses()) {
        prop_assert_eq!(a.is_subset(&b), a.difference(&b).is_empty());
        prop_assert_eq!(a.is_disjoint(&b), a.intersection(&b).is_empty());
        prop_assert!(a.intersection(&b).is_subset(&a) && a.is_subset(&a.union(&b)));
    }

    #[test]
    fn counts_add_up(a in addresses(), b in addresses()) {
        let count = |set: &AddressSet, family| set.count(family).get();
        for family in Family::BOTH {
            let (Some(a_count), Some(b_count)) = (count(&a, family), count(&b, family)) else { continue };
            let both = a.union(&b).count(family).get().and_then(|union| {
                a.intersection(&b).count(family).get().and_then(|shared| union.checked_add(shared))
            });
            if let (Some(sum), Some(both)) = (a_count.checked_add(b_count), both) {
                prop_assert_eq!(sum, both);
            }
        }
    }

    #[test]
    fn a_prefix_is_its_two_halves(prefix in prefix()) {
        let whole: AddressSet = prefix.into();
        prop_assert!(whole.contains(prefix.family().address(prefix.first())));
        prop_assert!(whole.contains(prefix.family().address(prefix.last())));
        if let Some((low, high)) = prefix.halves() {
            prop_assert_eq!([low, high].into_iter().collect::<AddressSet>(), whole);
        }
        prop_assert_eq!(prefix.to_string().parse::<Prefix>().unwrap(), prefix);
    }

    /// Covers rebuild the set, and no prefix of one could stand higher.
    #[test]
    fn a_cover_is_exact_and_highest(set in addresses(), universe in addresses()) {
        for family in Family::BOTH {
            let found = cover(&set, &universe, family, usize::MAX);
            prop_assert_eq!(found.more, 0);
            let covered: AddressSet = found.prefixes.iter().copied().collect();
            prop_assert_eq!(covered.intersection(&universe), set.intersection(&universe).only(family));
            for prefix in &found.prefixes {
                let own: AddressSet = (*prefix).into();
                prop_assert!(!own.is_disjoint(&set.intersection(&universe)));
                if prefix.length() > 0 {
                    let parent = Prefix::covering(family.address(prefix.first()), prefix.length() - 1).unwrap();
                    let parent: AddressSet = parent.into();
                    prop_assert!(!parent.intersection(&universe).is_subset(&set));
                }
            }
            prop_assert!(found.prefixes.is_sorted());
        }
    }

    #[test]
    fn ports_are_an_algebra(a in ports(), b in ports(), x in any::<u16>()) {
        prop_assert_eq!(a.union(&b).contains(x), a.contains(x) || b.contains(x));
        prop_assert_eq!(a.difference(&b).contains(x), a.contains(x) && !b.contains(x));
        prop_assert_eq!(a.union(&b).count() + a.intersection(&b).count(), a.count() + b.count());
        prop_assert_eq!(a.union(&a.complement()), PortSet::everything());
        prop_assert_eq!(a.is_subset(&b), a.difference(&b).is_empty());
        let text = a.to_string();
        let read: PortSet = text.split(',').filter(|t| !t.is_empty()).map(|t| t.parse::<PortRange>().unwrap()).collect();
        prop_assert_eq!(read, a);
    }

    #[test]
    fn protocols_are_an_algebra(a in vec(any::<u8>(), 0..9), b in vec(any::<u8>(), 0..9), x in any::<u8>()) {
        let set = |numbers: &[u8]| numbers.iter().copied().map(Protocol).collect::<ProtocolSet>();
        let (left, right) = (set(&a), set(&b));
        prop_assert_eq!(left.union(right).contains(Protocol(x)), a.contains(&x) || b.contains(&x));
        prop_assert_eq!(left.difference(right).contains(Protocol(x)), a.contains(&x) && !b.contains(&x));
        prop_assert_eq!(left.iter().collect::<ProtocolSet>(), left);
        prop_assert_eq!(left.is_subset(right), left.difference(right).is_empty());
    }
}
