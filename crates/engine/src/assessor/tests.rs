//! What is not kept is told the same, and what is forgotten is found again.

use model::{Action, Carries, Destinations, Filter, Matches, Path, Rule, Tag, Thresholds, every_type};
use packet::{Bounds, Count, PortRange, PortSet, Prefix, Protocol};

use super::*;

mod carries;
mod taken;

/// A generator of numbers, the same in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }
}

fn addresses(random: &mut Random) -> Arc<AddressSet> {
    if random.below(8) == 0 {
        return Arc::new(AddressSet::everything());
    }
    let number = 1 + random.below(5);
    let prefix = |random: &mut Random| {
        let (family, bits) = *[(Family::V4, 96), (Family::V6, 0)].get(random.below(4) as usize / 3).unwrap();
        let value = (u128::from(random.below(1 << 31)) << 97 | 0b001 << 125) >> bits;
        Prefix::covering(family.address(value), 1 + random.below(32) as u8).unwrap()
    };
    Arc::new((0..number).map(|_| prefix(random)).collect())
}

/// Something unknown in one of four.
fn bounds(
    random: &mut Random,
    mut some: impl FnMut(&mut Random) -> Arc<AddressSet>,
) -> Bounds<Arc<AddressSet>> {
    let must = some(random);
    match random.below(4) {
        0 => Bounds { may: Arc::new(must.union(&some(random))), must },
        _ => Bounds { may: Arc::clone(&must), must },
    }
}

fn rule(random: &mut Random, rank: u32) -> Rule {
    let ports = |random: &mut Random| {
        let (a, b) = (random.below(200) as u16, random.below(65_536) as u16);
        let ports = Arc::new(PortRange::new(a.min(b), a.max(b)).into_iter().collect::<PortSet>());
        Bounds { must: Arc::clone(&ports), may: ports }
    };
    let protocols = *[ProtocolSet::only(Protocol::TCP), universe()].get(random.below(2) as usize).unwrap();
    let everything = Arc::new(PortSet::everything());
    Rule {
        name: format!("r{rank}").into(),
        priority: None,
        rank: rank / 2 * (1 + random.below(2) as u32),
        action: *[Action::Allow, Action::Allow, Action::Deny, Action::Pass]
            .get(random.below(4) as usize)
            .unwrap(),
        matches: Matches {
            protocols: Bounds::exactly(protocols),
            sources: bounds(random, addresses),
            tags: match random.below(6) {
                0 => vec![Arc::new(Tag { name: "Pool".into(), within: Vec::new() })],
                _ => Vec::new(),
            },
            source_ports: if random.below(5) == 0 { ports(random) } else { Bounds::exactly(everything) },
            destinations: bounds(random, |random| match random.below(3) {
                0 => Arc::new(["10.0.0.4/32".parse::<Prefix>().unwrap()].into_iter().collect()),
                _ => Arc::new(AddressSet::everything()),
            }),
            ports: ports(random),
            types: if random.below(3) == 0 { ports(random) } else { every_type() },
        },
        built_in: false,
        written: "".into(),
        provenance: None,
    }
}

fn list(random: &mut Random, rules: u32) -> Arc<RuleList> {
    let mut rules: Vec<Rule> = (0..rules).map(|rank| rule(random, rank)).collect();
    rules.sort_by_key(|rule| rule.rank);
    let id = format!("list-{}", random.below(1 << 31)).into();
    Arc::new(RuleList { id, name: "l".into(), kind: "l", scope: None, rules, behind: None, provenance: None })
}

fn target(random: &mut Random, destination: &str) -> Arc<Target> {
    let lists = (0..1 + random.below(2)).map(|_| {
        let rules = 1 + random.below(20) as u32;
        Filter::Chain(vec![Filter::FirstMatch(list(random, rules)), Filter::Always(Action::Deny)])
    });
    let filter = Arc::new(Filter::AllOf(lists.collect()));
    let path = || Path {
        reach: Reach::Exposed,
        front: None,
        destinations: Destinations::These(Arc::new(
            destination.split(',').map(|text| text.parse::<Prefix>().unwrap()).collect(),
        )),
        carries: Carries::Everything,
        hops: Vec::new(),
        filter: Arc::clone(&filter),
    };
    Arc::new(Target {
        cloud: "test",
        id: "t".into(),
        key: "t".into(),
        kind: "t",
        name: "t".into(),
        scope: None,
        power: None,
        attributes: Vec::new(),
        paths: vec![path(), path()],
        provenance: None,
    })
}

fn universe() -> ProtocolSet {
    [1, 6, 17].into_iter().map(Protocol).collect()
}

fn assessor(cells_max: usize) -> Assessor {
    let internet = Arc::new(model::Internet::less(&AddressSet::empty(), Thresholds::STANDARD));
    Assessor::within(cells_max, &internet, &[], universe())
}

fn told(assessor: &mut Assessor, target: &Arc<Target>) -> Vec<String> {
    let mut told = Vec::new();
    let mut tell =
        |exposure: Exposure, addresses: &AddressSet| told.push(format!("{exposure:?} {addresses:?}"));
    assessor.assess(target, &mut tell).unwrap();
    told
}

#[test]
fn sources_that_are_not_kept_are_told_the_same() {
    let mut random = Random(7);
    let (mut keeping, mut streaming) = (assessor(CELLS_MAX), assessor(0));
    let mut exposures = 0;
    for number in 0..300 {
        let destination = ["10.0.0.4", "10.0.0.0/28", "fd00::4"].get(number % 3).unwrap();
        let target = target(&mut random, destination);
        let expected = told(&mut keeping, &target);
        exposures += expected.len();
        assert_eq!(told(&mut streaming, &target), expected, "{number}");
        assert!(streaming.shown.values().all(|shown| !shown.is_kept || shown.faces.is_empty()));
    }
    assert!(exposures > 1000, "{exposures}");
}

/// Families that are told apart are still both told, port by port.
#[test]
fn both_families_are_told_where_sources_are_not_kept() {
    let mut random = Random(11);
    let (mut keeping, mut streaming) = (assessor(CELLS_MAX), assessor(0));
    for number in 0..200 {
        let target = target(&mut random, "10.0.0.4,fd00::4");
        let mut places = [&mut keeping, &mut streaming].map(|assessor| {
            let mut found: Vec<(u8, u16, Certainty, [Count; 2])> = Vec::new();
            let mut tell = |exposure: Exposure, addresses: &AddressSet| {
                let ports =
                    if exposure.ports.is_empty() { PortSet::everything() } else { exposure.ports.clone() };
                for protocol in exposure.protocols.iter() {
                    for port in [0, 1, 22, 100, 199, 200, 20_000, 65_535] {
                        if ports.contains(port) {
                            let counts = Family::BOTH.map(|family| addresses.count(family));
                            found.push((protocol.0, port, exposure.certainty, counts));
                        }
                    }
                }
            };
            assessor.assess(&target, &mut tell).unwrap();
            summed(found)
        });
        assert_eq!(core::mem::take(places.first_mut().unwrap()), *places.last().unwrap(), "{number}");
    }
}

type Place = (u8, u16, Certainty);

fn summed(found: Vec<(u8, u16, Certainty, [Count; 2])>) -> BTreeMap<Place, [u128; 2]> {
    let mut places: BTreeMap<Place, [u128; 2]> = BTreeMap::new();
    for (protocol, port, certainty, counts) in found {
        let place = places.entry((protocol, port, certainty)).or_default();
        place.iter_mut().zip(counts).for_each(|(sum, count)| *sum = sum.saturating_add(count.saturating()));
    }
    places
}

#[test]
fn what_is_forgotten_is_found_again() {
    let mut random = Random(5);
    let mut assessor = assessor(CELLS_MAX);
    let targets: Vec<Arc<Target>> = (0..20).map(|_| target(&mut random, "10.0.0.4,fd00::4")).collect();
    let before: Vec<Vec<String>> = targets.iter().map(|target| told(&mut assessor, target)).collect();
    for _ in 0..3 {
        assessor.forget();
        let after: Vec<Vec<String>> = targets.iter().map(|target| told(&mut assessor, target)).collect();
        assert!(before == after);
    }
}

/// A timeline of changes: every change is a new list.
#[test]
fn what_is_remembered_does_not_grow_for_ever() {
    let mut random = Random(3);
    let mut assessor = assessor(CELLS_MAX);
    assessor.remembered_bytes_max = 1 << 20;
    let mut most = 0;
    for _ in 0..200 {
        let target = target(&mut random, "10.0.0.4");
        told_nothing(&mut assessor, &target);
        most = most.max(assessor.bytes());
    }
    assert!(assessor.shown.len() < 200);
    assert!(most < 2 << 20, "{most}");
}

fn told_nothing(assessor: &mut Assessor, target: &Arc<Target>) {
    assessor.assess(target, &mut |_, _| ()).unwrap();
}
