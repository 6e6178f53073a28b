//! Seeded lists of three kinds: what an account has, what a backbone has, and what an attacker would write.

use crate::list::{ALL_ADDRESSES, ALL_PORTS, Addresses, PlainList, PlainRule, Ports, TARGET};
use crate::random::Random;

/// What a list is like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// As a network security group: mostly single ports, private and public prefixes, some plural fields, one in
    /// four a deny; three defaults at the end.
    Account,
    /// In the manner of ClassBench's `acl`: pairs of prefixes, single destination ports, every fifth a deny.
    Acl,
    /// In the manner of ClassBench's `fw`: one side often any, port ranges on both sides.
    Firewall,
    /// In the manner of ClassBench's `ipc`: pairs of prefixes of every length, every kind of port.
    Chain,
    /// Random ranges of ports and sources, half deny: every rule cuts every other.
    Hostile,
}

impl Kind {
    /// The word the tables print.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Acl => "acl-like",
            Self::Firewall => "fw-like",
            Self::Chain => "ipc-like",
            Self::Hostile => "hostile",
        }
    }
}

/// A list of a kind with exactly that many rules, the three defaults of an account's list included.
#[must_use]
pub fn list(random: &mut Random, kind: Kind, rules: usize) -> PlainList {
    match kind {
        Kind::Account => {
            let custom = (0..rules.saturating_sub(3)).map(|_| account(random)).collect::<Vec<_>>();
            custom.into_iter().chain(defaults()).collect()
        }
        Kind::Acl | Kind::Firewall | Kind::Chain => backbone(random, kind, rules),
        Kind::Hostile => (0..rules).map(|_| hostile(random)).collect(),
    }
}

/// A list as an account has it: 10 to 50 rules of its own and three defaults, 33 in the mean.
#[must_use]
pub fn account_list(random: &mut Random) -> PlainList {
    let custom = random.between(10, 50);
    list(random, Kind::Account, custom + 3)
}

fn account(random: &mut Random) -> PlainRule {
    let protocol = match random.below(100) {
        0..65 => Some(6),
        65..80 => Some(17),
        80..85 => Some(1),
        _ => None,
    };
    // Azure takes no ports with ICMP.
    let portless = protocol == Some(1);
    let source_ports = if portless || random.chance(98) { ALL_PORTS } else { (1024, u16::MAX) };
    PlainRule {
        allow: random.chance(75),
        protocol,
        sources: account_sources(random),
        source_ports: vec![source_ports],
        destinations: account_destinations(random),
        ports: if portless { vec![ALL_PORTS] } else { account_ports(random) },
    }
}

fn account_sources(random: &mut Random) -> Addresses {
    match random.below(100) {
        0..15 => vec![ALL_ADDRESSES],
        // The tag `Internet`: what is not the virtual network.
        15..25 => vec![(0, NETWORK.0 - 1), (NETWORK.1 + 1, u32::MAX)],
        25..55 => vec![private(random)],
        55..75 => vec![public(random)],
        75..95 => {
            let mixed =
                |random: &mut Random| if random.chance(30) { private(random) } else { public(random) };
            (0..random.between(2, 8)).map(|_| mixed(random)).collect()
        }
        _ => vec![NETWORK],
    }
}

fn account_destinations(random: &mut Random) -> Addresses {
    match random.below(100) {
        0..60 => vec![ALL_ADDRESSES],
        60..70 => vec![NETWORK],
        70..90 => vec![prefix(NETWORK.0 | (random.below(4) as u32) << 8, 24)],
        _ => vec![prefix(NETWORK.0 | random.between(4, 20) as u32, 32)],
    }
}

fn account_ports(random: &mut Random) -> Ports {
    let one = |random: &mut Random| {
        let port = random.pick(&SERVICES);
        (port, port)
    };
    match random.below(100) {
        0..15 => vec![ALL_PORTS],
        15..65 => vec![one(random)],
        65..80 => {
            let first = random.pick(&SERVICES);
            vec![(first, first.saturating_add(random.between(1, 2000) as u16))]
        }
        _ => (0..random.between(2, 6)).map(|_| one(random)).collect(),
    }
}

/// What Azure adds to every group: its own network in, its probes in, everything else out.
fn defaults() -> [PlainRule; 3] {
    let probe = (0xa83f_8110, 0xa83f_8110);
    let rules = [
        (true, vec![NETWORK, probe], vec![NETWORK, probe]),
        (true, vec![probe], vec![ALL_ADDRESSES]),
        (false, vec![ALL_ADDRESSES], vec![ALL_ADDRESSES]),
    ];
    rules.map(|(allow, sources, destinations)| PlainRule {
        allow,
        protocol: None,
        sources,
        source_ports: vec![ALL_PORTS],
        destinations,
        ports: vec![ALL_PORTS],
    })
}

/// Pairs drawn from a pool of prefixes, as ClassBench's seeds have them: rules of one list share their ends.
fn backbone(random: &mut Random, kind: Kind, rules: usize) -> PlainList {
    let pool: Vec<(u32, u32)> =
        (0..rules.div_ceil(4).max(8)).map(|_| backbone_prefix(random, kind)).collect();
    let nested = |random: &mut Random| {
        let (first, last) = random.pick(&pool);
        // Half of them narrower inside a shared one: this is what makes pairs overlap.
        let size = last - first;
        if size == 0 || random.chance(50) {
            return (first, last);
        }
        let length = size.leading_zeros() as usize;
        prefix(first | (random.bits() as u32 & size), random.between(length, 32) as u8)
    };
    let wild = match kind {
        Kind::Firewall => 45,
        Kind::Chain => 10,
        Kind::Acl | Kind::Account | Kind::Hostile => 3,
    };
    (0..rules)
        .map(|number| {
            let side = |random: &mut Random| {
                if random.chance(wild) { ALL_ADDRESSES } else { nested(random) }
            };
            let sources = vec![side(random)];
            // One in four names the network of the target, so that fixing the destination leaves a list.
            let destination =
                if random.chance(25) { prefix(TARGET, random.between(8, 32) as u8) } else { side(random) };
            PlainRule {
                allow: number % 5 != 4,
                protocol: random.pick(&[Some(6), Some(6), Some(6), Some(17), None]),
                sources,
                source_ports: vec![backbone_source_ports(random, kind)],
                destinations: vec![destination],
                ports: vec![backbone_ports(random, kind)],
            }
        })
        .collect()
}

fn backbone_prefix(random: &mut Random, kind: Kind) -> (u32, u32) {
    let length = match kind {
        Kind::Acl => random.between(16, 32),
        Kind::Firewall => random.between(8, 32),
        Kind::Chain | Kind::Account | Kind::Hostile => random.between(4, 32),
    };
    prefix(random.bits() as u32, length as u8)
}

fn backbone_source_ports(random: &mut Random, kind: Kind) -> (u16, u16) {
    match (kind, random.below(100)) {
        (Kind::Firewall, 0..20) | (Kind::Chain, 0..10) => (1024, u16::MAX),
        (Kind::Chain, 10..20) => (random.pick(&SERVICES), u16::MAX),
        _ => ALL_PORTS,
    }
}

fn backbone_ports(random: &mut Random, kind: Kind) -> (u16, u16) {
    let wild = if kind == Kind::Acl { 25 } else { 40 };
    match random.below(100) {
        below if below < wild => ALL_PORTS,
        below if below < wild + 10 => (1024, u16::MAX),
        below if below < wild + 20 => {
            let first = random.pick(&SERVICES);
            (first, first.saturating_add(random.between(1, 5000) as u16))
        }
        _ => {
            let port = random.pick(&SERVICES);
            (port, port)
        }
    }
}

fn hostile(random: &mut Random) -> PlainRule {
    let (one, two) = (random.bits() as u32, random.bits() as u32);
    let (first, last) = (random.bits() as u16, random.bits() as u16);
    PlainRule {
        allow: random.chance(50),
        protocol: random.pick(&[Some(6), Some(17), None]),
        sources: vec![(one.min(two), one.max(two))],
        source_ports: vec![ALL_PORTS],
        destinations: vec![ALL_ADDRESSES],
        ports: vec![(first.min(last), first.max(last))],
    }
}

/// A hostile rule with that many prefixes as its sources, as Azure allows up to 4,000.
#[must_use]
pub fn hostile_with_prefixes(random: &mut Random, prefixes: usize) -> PlainRule {
    let sources = (0..prefixes).map(|_| prefix(random.bits() as u32, random.between(12, 32) as u8)).collect();
    PlainRule { sources, ..hostile(random) }
}

fn private(random: &mut Random) -> (u32, u32) {
    prefix(0x0a00_0000 | (random.bits() as u32 & 0x00ff_ffff), random.between(16, 28) as u8)
}

fn public(random: &mut Random) -> (u32, u32) {
    let first = random.between(20, 199) as u32;
    prefix(
        first << 24 | (random.bits() as u32 & 0x00ff_ffff),
        random.pick(&[16, 20, 22, 24, 24, 28, 29, 32, 32]),
    )
}

fn prefix(address: u32, length: u8) -> (u32, u32) {
    let hosts = u32::MAX.checked_shr(u32::from(length)).unwrap_or(0);
    (address & !hosts, address | hosts)
}

/// The virtual network: 10.0.0.0/16.
pub const NETWORK: (u32, u32) = (0x0a00_0000, 0x0a00_ffff);

/// Ports on which something listens.
const SERVICES: [u16; 24] = [
    21, 22, 25, 53, 80, 110, 123, 135, 143, 161, 389, 443, 445, 636, 1433, 1521, 3306, 3389, 5432, 5985,
    6379, 8080, 8443, 27017,
];
