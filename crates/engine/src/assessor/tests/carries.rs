//! What ways carry, against the plain first-match loop and against each other.

use core::net::{IpAddr, SocketAddr};

use model::{Front, every_type};

use super::*;
use crate::decide::decide;

const FRONTS: [&str; 3] = ["203.0.113.10", "203.0.113.11", "2001:db8:ffff::10"];

fn carries(random: &mut Random) -> Carries {
    let some = |random: &mut Random| {
        let mut ports: Vec<PortRange> = Vec::new();
        for _ in 0..random.below(4) {
            let first = random.below(300) as u16;
            ports.extend(PortRange::new(first, first + random.below(3) as u16 * 40));
        }
        Arc::new(ports.into_iter().collect::<PortSet>())
    };
    let tcp = ProtocolSet::only(Protocol::TCP);
    let protocols = *[tcp, universe(), ProtocolSet::EVERYTHING].get(random.below(3) as usize).unwrap();
    match random.below(5) {
        0 => Carries::Everything,
        1 => Carries::Only { protocols, ports: Arc::new(PortSet::everything()) },
        2 => Carries::Only { protocols, ports: some(random) },
        _ => Carries::Translated { protocols: tcp, from: some(random), to: 100 + random.below(3) as u16 },
    }
}

fn untagged(random: &mut Random, rules: u32) -> Arc<Filter> {
    let list = list(random, rules);
    let mut list = RuleList::clone(&list);
    list.rules.iter_mut().for_each(|rule| rule.matches.tags.clear());
    Arc::new(Filter::Chain(vec![Filter::FirstMatch(Arc::new(list)), Filter::Always(Action::Deny)]))
}

fn path(filter: &Arc<Filter>, front: &str, carries: Carries) -> Path {
    let address: IpAddr = front.parse().unwrap();
    let own = if address.is_ipv4() { "10.0.0.4" } else { "fd00::4" };
    Path {
        reach: Reach::Exposed,
        front: Some(Front { id: front.into(), address: Some(address) }),
        destinations: Destinations::These(Arc::new([own.parse::<Prefix>().unwrap()].into_iter().collect())),
        carries,
        hops: Vec::new(),
        filter: Arc::clone(filter),
    }
}

fn with(paths: Vec<Path>) -> Arc<Target> {
    let base = target(&mut Random(1), "10.0.0.4");
    Arc::new(Target { paths, ..Target::clone(&base) })
}

fn exposures(assessor: &mut Assessor, target: &Arc<Target>) -> Vec<(Exposure, AddressSet)> {
    let mut found = Vec::new();
    assessor.assess(target, &mut |exposure, sources| found.push((exposure, sources.clone()))).unwrap();
    found
}

/// A packet as it is sent from outside.
struct Sent {
    front: IpAddr,
    protocol: Protocol,
    port: u16,
    source: IpAddr,
}

impl Sent {
    fn any(random: &mut Random, paths: &[Path]) -> Self {
        let front = FRONTS.get(random.below(3) as usize).unwrap().parse::<IpAddr>().unwrap();
        let protocol = *[Protocol::TCP, Protocol::TCP, Protocol::UDP, Protocol::ICMP]
            .get(random.below(4) as usize)
            .unwrap();
        let path = paths.get(random.below(paths.len() as u64) as usize).unwrap();
        let lists = path.filter.lists();
        let rules = &lists.first().unwrap().rules;
        let rule = rules.get(random.below(rules.len() as u64) as usize).unwrap();
        let lowest = rule.matches.sources.may.lowest(Family::of(front).0);
        let source = lowest.filter(|_| random.below(2) == 0).unwrap_or_else(|| match front {
            IpAddr::V4(_) => Family::V4.address(u128::from(random.below(1 << 31)) * 2),
            IpAddr::V6(_) => Family::V6.address(0x2000 << 112 | u128::from(random.below(1 << 31)) << 93),
        });
        let port = if protocol.is_numbered() { random.below(400) as u16 } else { 0 };
        Self { front, protocol, port, source }
    }

    /// Certainly let in by one way; possibly by another.
    fn truth(&self, internet: &AddressSet, paths: &[Path]) -> (bool, bool) {
        let (mut proved, mut possible) = (false, false);
        for path in paths.iter().filter(|path| path.front.as_ref().unwrap().address == Some(self.front)) {
            let Some(port) = path.carries.inside(self.protocol, self.port) else { continue };
            if !internet.contains(self.source) || !self.protocol.is_of(Family::of(self.source).0) {
                continue;
            }
            let decisions: Vec<_> = source_ports(&path.filter)
                .into_iter()
                .map(|source_port| Packet {
                    protocol: self.protocol,
                    source: self.source,
                    source_port: if self.protocol.has_ports() { source_port } else { 0 },
                    destination: path.destinations.addresses().lowest(Family::of(self.source).0).unwrap(),
                    destination_port: port,
                })
                .map(|packet| decide(&path.filter, &packet))
                .collect();
            let allowed = decisions.iter().any(|decision| decision.allowed);
            proved |= allowed;
            possible |= !allowed && decisions.iter().any(|decision| decision.possible);
        }
        (proved, possible)
    }

    fn told(&self, found: &[(Exposure, AddressSet)]) -> (bool, bool) {
        let is_told = |certainty: Certainty| {
            found.iter().any(|(exposure, sources)| {
                let enters = |entrance: &crate::Entrance| {
                    let whole = exposure.protocol.is_none()
                        || (entrance.ports.is_empty() && !self.protocol.has_ports());
                    entrance.front.address == Some(self.front)
                        && (whole || entrance.ports.contains(self.port))
                };
                exposure.certainty == certainty
                    && exposure.protocol.is_none_or(|protocol| protocol == self.protocol)
                    && exposure.fronts.iter().any(enters)
                    && sources.contains(self.source)
            })
        };
        (is_told(Certainty::Proved), is_told(Certainty::Possible))
    }
}

fn source_ports(filter: &Filter) -> Vec<u16> {
    let mut ports = vec![0, 50_000];
    for list in filter.lists() {
        for rule in &list.rules {
            for &(first, last) in rule.matches.source_ports.may.spans() {
                ports.extend([first, last.saturating_add(1)]);
            }
        }
    }
    ports
}

fn internet() -> AddressSet {
    model::Internet::less(&AddressSet::empty(), Thresholds::STANDARD).addresses().clone()
}

/// Any ways, with shared filters: what is told of each front and port there is what reading the rules says.
#[test]
fn what_is_told_of_a_front_is_what_its_ways_carry() {
    let (mut random, internet) = (Random(17), internet());
    let (mut keeping, mut streaming) = (assessor(CELLS_MAX), assessor(0));
    let (mut packets, mut admitted) = (0, 0);
    for number in 0..400 {
        let filters = [untagged(&mut random, 6), untagged(&mut random, 2)];
        let mut some = |_| {
            let front = FRONTS.get(random.below(3) as usize).unwrap();
            path(filters.get(random.below(2) as usize).unwrap(), front, carries(&mut random))
        };
        let paths: Vec<Path> = (0..1 + number % 5).map(&mut some).collect();
        let target = with(paths);
        let found = exposures(&mut keeping, &target);
        let again = exposures(&mut streaming, &target);
        let mut fingerprints: Vec<_> = found.iter().map(|(exposure, _)| exposure.fingerprint).collect();
        fingerprints.sort_unstable();
        fingerprints.dedup();
        assert_eq!(fingerprints.len(), found.len(), "{number}: a fingerprint twice");
        for _ in 0..300 {
            let sent = Sent::any(&mut random, &target.paths);
            let truth = sent.truth(&internet, &target.paths);
            let Sent { front, protocol, port, source } = sent;
            let question = format!("{number}: {protocol} {source} > {}", SocketAddr::new(front, port));
            assert_eq!(sent.told(&found), truth, "{question}");
            assert_eq!(sent.told(&again), truth, "{question} again");
            packets += 1;
            admitted += u32::from(truth.0);
        }
        for (exposure, _) in &found {
            let way = target.paths.get(exposure.way).unwrap();
            assert!(exposure.fronts.iter().any(|entrance| Some(&entrance.front) == way.front.as_ref()));
            let Some(witness) = &exposure.witness else { continue };
            let (packet, front) = (witness.packet, witness.front.unwrap());
            assert_eq!(way.carries.inside(packet.protocol, front.port()), Some(packet.destination_port));
            assert_eq!(way.front.as_ref().unwrap().address, Some(front.ip()));
        }
    }
    assert!(packets == 120_000 && admitted > 5_000, "{admitted}");
}

/// Every port by one way or the other: as if one way carried everything.
#[test]
fn ways_that_share_the_ports_out_show_what_one_way_shows() {
    let mut random = Random(23);
    for number in 0..100 {
        let filter = untagged(&mut random, 12);
        let (low, high) = (random.below(200) as u16, 200 + random.below(300) as u16);
        let ports = |first, last| Arc::new(PortRange::new(first, last).into_iter().collect::<PortSet>());
        let shares = [ports(0, low), ports(low + 1, high), ports(high + 1, u16::MAX)];
        let ported = ProtocolSet::only(Protocol::TCP).union(ProtocolSet::only(Protocol::UDP));
        let rest = Carries::Only {
            protocols: ProtocolSet::EVERYTHING.difference(ported),
            ports: Arc::new(PortSet::empty()),
        };
        let only = shares.map(|ports| Carries::Only { protocols: ported, ports });
        let ways: Vec<Path> =
            only.into_iter().chain([rest]).map(|carries| path(&filter, FRONTS[0], carries)).collect();
        let whole = with(vec![path(&filter, FRONTS[0], Carries::Everything)]);
        let mut assessor = assessor(CELLS_MAX);
        let marks = [0, 1, 22, low, low + 1, 150, high, high + 1, 20_000, u16::MAX];
        let places = |found: Vec<(Exposure, AddressSet)>| {
            let mut places = Vec::new();
            for (exposure, sources) in found {
                let protocols = exposure.protocol.map_or(universe(), ProtocolSet::only);
                for (protocol, port) in protocols.iter().flat_map(|it| marks.map(|port| (it, port))) {
                    if !protocol.has_ports() || exposure.ports.is_empty() || exposure.ports.contains(port) {
                        let count = [sources.count(Family::V4), Count::new(0)];
                        places.push((protocol.0, port, exposure.certainty, count));
                    }
                }
            }
            summed(places)
        };
        let one = places(exposures(&mut assessor, &whole));
        assert_eq!(places(exposures(&mut assessor, &with(ways))), one, "{number}");
    }
}

/// Sources of the port a way leads to, seen at the ports it leads from.
#[test]
fn a_translation_shows_the_sources_of_the_port_it_leads_to() {
    let mut random = Random(29);
    let mut some = 0;
    for _ in 0..200 {
        let filter = untagged(&mut random, 8);
        let to = 100 + random.below(100) as u16;
        let from =
            Arc::new([50_001, 50_003].map(PortSet::only).iter().fold(PortSet::empty(), |a, b| a.union(b)));
        let translated =
            Carries::Translated { protocols: ProtocolSet::only(Protocol::TCP), from: Arc::clone(&from), to };
        let mut assessor = assessor(CELLS_MAX);
        let whole = exposures(&mut assessor, &with(vec![path(&filter, FRONTS[0], Carries::Everything)]));
        let found = exposures(&mut assessor, &with(vec![path(&filter, FRONTS[0], translated)]));
        let at = |(exposure, sources): &(Exposure, AddressSet)| {
            let is_tcp = exposure.protocol.is_none_or(|protocol| protocol == Protocol::TCP);
            let is_here = exposure.protocol.is_none() || exposure.ports.contains(to);
            (is_tcp && is_here).then(|| (exposure.certainty, sources.clone()))
        };
        let [mut expected, mut told] =
            [&whole, &found].map(|all| all.iter().filter_map(at).collect::<Vec<_>>());
        expected.sort_unstable();
        told.sort_unstable();
        assert_eq!(told, expected);
        for (exposure, _) in &found {
            assert_eq!((&exposure.ports, exposure.protocol), (&PortSet::only(to), Some(Protocol::TCP)));
            assert_eq!(exposure.fronts.first().unwrap().ports, *from);
            some += 1;
        }
    }
    assert!(some > 100, "{some}");
}

/// Two ways that show the same are one exposure seen at both; what only one opens is not told of the other.
#[test]
fn equal_answers_of_different_ways_are_one_exposure() {
    let mut random = Random(31);
    let mut whole = rule(&mut random, 1);
    (whole.action, whole.rank) = (Action::Allow, 1);
    let everywhere = Arc::new(AddressSet::everything());
    whole.matches = Matches {
        protocols: Bounds::exactly(universe()),
        sources: Bounds::exactly(Arc::clone(&everywhere)),
        tags: Vec::new(),
        source_ports: Bounds::exactly(Arc::new(PortSet::everything())),
        destinations: Bounds::exactly(everywhere),
        ports: Bounds::exactly(Arc::new(PortSet::only(3389))),
        types: every_type(),
    };
    let filter = |id: &str| {
        let rules = vec![whole.clone()];
        let list = RuleList { id: id.into(), rules, ..RuleList::clone(&list(&mut Random(3), 1)) };
        Arc::new(Filter::Chain(vec![Filter::FirstMatch(Arc::new(list)), Filter::Always(Action::Deny)]))
    };
    let ported = ProtocolSet::only(Protocol::TCP);
    let only = Carries::Only { protocols: ported, ports: Arc::new(PortSet::only(3389)) };
    let from = Arc::new(PortSet::only(50_001));
    let translated = Carries::Translated { protocols: ported, from, to: 3389 };
    let mut denying = RuleList::clone(filter("c").lists().first().unwrap());
    denying.rules.insert(0, Rule { action: Action::Deny, rank: 0, ..whole.clone() });
    // The same and more: the ways differ, what they show of tcp does not.
    let target = with(vec![
        path(&filter("a"), FRONTS[0], only),
        path(&filter("b"), FRONTS[1], translated),
        path(&Arc::new(Filter::FirstMatch(Arc::new(denying))), FRONTS[1], Carries::Everything),
    ]);
    let found = exposures(&mut assessor(CELLS_MAX), &target);
    let shared: Vec<&Exposure> = found
        .iter()
        .map(|(exposure, _)| exposure)
        .filter(|exposure| exposure.ports == PortSet::only(3389))
        .collect();
    let [exposure] = shared.as_slice() else { panic!("{shared:#?}") };
    let seen: Vec<String> =
        exposure.fronts.iter().map(|entrance| format!("{}:{}", entrance.front.id, entrance.ports)).collect();
    assert_eq!(seen, ["203.0.113.10:3389", "203.0.113.11:50001"]);
    let by: Vec<&str> = exposure.opened_by.iter().map(|by| by.list.id.as_ref()).collect();
    assert_eq!(by, ["a", "b"]);
}
