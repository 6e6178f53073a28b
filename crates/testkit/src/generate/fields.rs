//! Sets of addresses and ports.

use packet::{AddressSet, Family, PortRange, PortSet, Prefix, TypeRange};

use crate::random::Random;

/// A prefix of a family: the whole, a half, a common block, or one at a random place.
#[must_use]
pub fn prefix(random: &mut Random, family: Family) -> Prefix {
    let texts = match family {
        Family::V4 => PLACES_V4,
        Family::V6 => PLACES_V6,
    };
    match random.below(4) {
        0 => random.pick(texts).parse().unwrap(),
        1 => Prefix::covering(family.address(random.wide()), 1 + random.below(8) as u8).unwrap(),
        2 => {
            let inside: Prefix = random.pick(texts).parse().unwrap();
            let length = random.between(usize::from(inside.length()), usize::from(family.width()));
            let free = (family.width() - inside.length()) as u32;
            let below = if free == 0 { 0 } else { random.wide() >> (128 - free) };
            Prefix::covering(family.address(inside.first() | below), length as u8).unwrap()
        }
        _ => {
            let length = *random.pick(&[8_u8, 12, 16, 20, 22, 24, 28, 31, 32]);
            let length = if family == Family::V6 { length * 2 } else { length };
            Prefix::covering(family.address(global(random, family)), length).unwrap()
        }
    }
}

/// An address set: usually a few prefixes of one family, sometimes both, sometimes spans that are no prefixes.
#[must_use]
pub fn addresses(random: &mut Random) -> AddressSet {
    match random.below(12) {
        0 => AddressSet::everything(),
        1 => AddressSet::whole(Family::V4),
        2 => AddressSet::whole(Family::V6),
        3 => addresses(random).complement(),
        4 | 5 => span(random, Family::V4),
        6 => span(random, Family::V6),
        7 => (0..random.between(2, 40)).map(|_| prefix(random, Family::V4)).collect(),
        8 => (0..random.between(1, 6)).map(|_| prefix(random, Family::V6)).collect(),
        9 => [prefix(random, Family::V4), prefix(random, Family::V6)].into_iter().collect(),
        _ => (0..random.between(1, 3)).map(|_| prefix(random, Family::V4)).collect(),
    }
}

/// A closed interval between two random addresses.
#[must_use]
pub(crate) fn span(random: &mut Random, family: Family) -> AddressSet {
    let mut ends = [edge(random, family), edge(random, family)];
    ends.sort_unstable();
    match family {
        Family::V4 => AddressSet::from_v4_spans(vec![(ends[0] as u32, ends[1] as u32)]),
        Family::V6 => AddressSet::from_v6_spans(vec![(ends[0], ends[1])]),
    }
}

/// A port set: usually one port, often a range, sometimes all, sometimes all but one.
#[must_use]
pub fn ports(random: &mut Random) -> PortSet {
    match random.below(10) {
        0 | 1 => PortSet::everything(),
        2 => (0..random.between(2, 6)).map(|_| range(random)).collect(),
        3 => PortSet::only(*random.pick(&PORTS)).complement(),
        4 | 5 => [range(random)].into_iter().collect(),
        _ => PortSet::only(*random.pick(&PORTS)),
    }
}

/// Types and codes of ICMP: usually a whole type or one code of it, sometimes all, some, or all but one.
#[must_use]
pub fn types(random: &mut Random) -> PortSet {
    let one = |random: &mut Random| {
        let (of_type, code) = (*random.pick(&TYPES), *random.pick(&CODES));
        let range = match random.below(4) {
            0 => TypeRange::Codes(of_type, code, code),
            1 => TypeRange::Codes(of_type, 0, code),
            2 => TypeRange::Types(of_type, of_type.saturating_add(2)),
            _ => TypeRange::Types(of_type, of_type),
        };
        range.numbers().into_iter().collect::<PortSet>()
    };
    match random.below(8) {
        0 => PortSet::everything(),
        1 => one(random).complement(),
        2 => one(random).union(&one(random)),
        3 => [range(random)].into_iter().collect(),
        _ => one(random),
    }
}

pub(crate) fn range(random: &mut Random) -> PortRange {
    let port = |random: &mut Random| {
        if random.chance(60) { *random.pick(&PORTS) } else { random.bits() as u16 }
    };
    let (one, two) = (port(random), port(random));
    PortRange::new(one.min(two), one.max(two)).unwrap()
}

/// An address that is probably global.
fn global(random: &mut Random, family: Family) -> u128 {
    match family {
        Family::V4 => random.wide() >> 96,
        Family::V6 => (0x2000_u128 << 112) | (random.wide() >> 3),
    }
}

/// The end of a common block, one beside it, or any address.
fn edge(random: &mut Random, family: Family) -> u128 {
    let block = match family {
        Family::V4 => random.pick(PLACES_V4),
        Family::V6 => random.pick(PLACES_V6),
    };
    let block: Prefix = block.parse().unwrap();
    match random.below(6) {
        0 => block.first(),
        1 => block.last(),
        2 => block.first().saturating_sub(1),
        3 => block.last().saturating_add(1).min(family.highest()),
        4 => global(random, family) & !0xff,
        _ => global(random, family),
    }
}

/// Ports on which something listens, and the ends of the scale.
pub(crate) const PORTS: [u16; 20] =
    [0, 1, 20, 21, 22, 23, 53, 80, 443, 1433, 3306, 3389, 5432, 5985, 5986, 8080, 49151, 50001, 65534, 65535];

/// Types people write rules for, and the ends of the scale.
const TYPES: [u8; 9] = [0, 3, 8, 11, 13, 128, 129, 254, 255];
const CODES: [u8; 6] = [0, 1, 3, 4, 254, 255];

const PLACES_V4: &[&str] = &[
    "0.0.0.0/0",
    "0.0.0.0/1",
    "128.0.0.0/1",
    "0.0.0.0/8",
    "1.0.0.0/8",
    "8.8.8.0/24",
    "10.0.0.0/8",
    "10.0.0.0/24",
    "100.64.0.0/10",
    "168.63.129.16/32",
    "192.0.2.0/24",
    "192.168.0.0/16",
    "203.0.113.0/24",
    "223.255.255.0/24",
    "224.0.0.0/3",
    "255.255.255.255/32",
];

const PLACES_V6: &[&str] = &[
    "::/0",
    "::/1",
    "8000::/1",
    "2000::/3",
    "2001::/23",
    "2001:db8::/32",
    "2001:200::/23",
    "2002::/16",
    "2600::/12",
    "2a00::/12",
    "2a00:1450::/32",
    "fd00::/8",
    "ffff::/16",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_have_members_of_both_families_and_ports_of_every_shape() {
        let mut random = Random::new(1);
        let sets: Vec<_> = (0..500).map(|_| addresses(&mut random)).collect();
        assert!(sets.iter().any(|set| set.is_empty_in(Family::V4) && !set.is_empty_in(Family::V6)));
        assert!(sets.iter().any(|set| !set.is_empty_in(Family::V4) && set.is_empty_in(Family::V6)));
        let ports: Vec<_> = (0..500).map(|_| ports(&mut random)).collect();
        assert!(ports.iter().all(|set| !set.is_empty()));
        assert!(ports.iter().any(|set| set.spans().len() > 1));
    }
}
