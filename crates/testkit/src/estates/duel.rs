//! The crates and the evaluator on the JSON, asked for the same packets: to targets, and to addresses outside.

use core::net::IpAddr;
use core::ops::AddAssign;
use std::collections::BTreeSet;

use engine::{Certainty, Exposure};
use model::{Reach, Snapshot};
use packet::{AddressSet, Family, Protocol};

use super::probe::{self, Probe};
use crate::generate::{Element, Estate};
use crate::oracle::azure::{self, Judge, Packet, Verdict};
use crate::pipeline::lower_values;
use crate::random::{Random, mix};

/// How a comparison went.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// Estates that were compared.
    pub estates: usize,
    /// Packets that were decided twice.
    pub packets: usize,
    /// Of these, those that both let in.
    pub admitted: usize,
    /// Of these, those on which both are undecided.
    pub undecided: usize,
    /// Packets on which the crates have bounds and the evaluator does not.
    pub wider: usize,
    /// Packets on which they contradict each other.
    pub disagreed: usize,
    /// Targets of the crates that the evaluator does not know.
    pub strangers: BTreeSet<String>,
    /// The first few contradictions.
    pub disagreements: Vec<String>,
    /// One packet of `wider`.
    pub widest: Option<String>,
}

impl Tally {
    /// Counts a packet that the crates and the evaluator have decided.
    fn count(&mut self, [ours, theirs]: [Verdict; 2], what: impl Fn() -> String) {
        self.packets += 1;
        match (ours, theirs) {
            (Verdict::Allow, Verdict::Allow) => self.admitted += 1,
            (Verdict::Deny, Verdict::Deny) => {}
            (Verdict::Undecided, Verdict::Undecided) => self.undecided += 1,
            (Verdict::Undecided, Verdict::Allow | Verdict::Deny) => {
                self.wider += 1;
                self.widest.get_or_insert_with(|| format!("{}: {theirs:?}", what()));
            }
            (Verdict::Allow | Verdict::Deny, _) => {
                self.disagreed += 1;
                if self.disagreements.len() < DISAGREEMENTS_MAX {
                    self.disagreements.push(format!("{}: {ours:?}, the oracle says {theirs:?}", what()));
                }
            }
        }
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.estates += other.estates;
        self.packets += other.packets;
        self.admitted += other.admitted;
        self.undecided += other.undecided;
        self.wider += other.wider;
        self.disagreed += other.disagreed;
        self.strangers.extend(other.strangers);
        let room = DISAGREEMENTS_MAX.saturating_sub(self.disagreements.len());
        self.disagreements.extend(other.disagreements.into_iter().take(room));
        self.widest = self.widest.take().or(other.widest);
    }
}

/// Compares generated estates of an element, each over some thousand packets, until that many packets are done.
#[must_use]
pub fn run(element: Element, packets: usize, seed: u64) -> Tally {
    let mut total = Tally::default();
    for number in 0.. {
        if total.packets >= packets {
            break;
        }
        let mut random = Random::new(mix(seed ^ number));
        let estate = element.estate(&mut random);
        let mut compared = compare(&estate, PACKETS.min(packets), &mut random);
        for said in compared.disagreements.iter_mut().chain(&mut compared.widest) {
            *said = format!("estate {number} of seed {seed:#x}: {said}");
        }
        total += compared;
    }
    total
}

/// Decides packets to every target and every address outside by the crates and by the evaluator.
///
/// # Panics
/// When the engine contradicts itself.
#[must_use]
pub fn compare(estate: &Estate, packets: usize, random: &mut Random) -> Tally {
    let (snapshot, _) = lower_values(&estate.documents());
    let told = Told::of(&snapshot);
    duel(estate, &snapshot, [&told, &told], packets, random)
}

/// The same for what was told of a snapshot, faulted or not; where packets go is drawn from what is told of either.
pub(crate) fn duel(
    estate: &Estate,
    snapshot: &Snapshot,
    [told, other]: [&Told; 2],
    packets: usize,
    random: &mut Random,
) -> Tally {
    let documents = estate.documents();
    let mut oracle = azure::Estate::default();
    documents.iter().for_each(|(_, document)| oracle.read(document));
    let known = oracle.targets();
    let targets = snapshot.targets.iter().filter(|target| !known.contains(&*target.name));
    let strangers = targets.map(|target| format!("{} {}", target.kind, target.name)).collect();
    let mut tally = Tally { estates: 1, strangers, ..Tally::default() };
    let places = places(&oracle, known, estate);
    if places.is_empty() {
        tally.disagreements.push("the evaluator knows nothing of it".to_owned());
        tally.disagreed += 1;
        tally.packets += packets;
        return tally;
    }
    let mut probe = Probe::of(documents.iter().map(|(_, document)| document));
    // What is told has boundaries too: a mistake may lie where nothing that is written ends.
    probe.add(told.exposures.iter().chain(&other.exposures).flat_map(|(_, sources)| ends(sources)));
    // Most packets go where something is told, and there to the ports that are told or to those beside them.
    let hot: Vec<Vec<(u8, u16)>> =
        places.iter().map(|(place, _)| [told.hot(place), other.hot(place)].concat()).collect();
    let lit: Vec<usize> = (0..places.len()).filter(|it| !hot[*it].is_empty()).collect();
    while tally.packets < packets {
        let number = match lit.is_empty() || random.chance(20) {
            true => random.below(places.len()),
            false => *random.pick(&lit),
        };
        let (place, judge) = &places[number];
        let hot = &hot[number];
        let (protocol, port) = if hot.is_empty() || random.chance(40) {
            let protocol = probe::protocol(IpAddr::from([8, 8, 8, 8]), random);
            (protocol, probe.port(protocol, random))
        } else {
            *random.pick(hot)
        };
        let blocks = told.blocks(place, protocol, port);
        for _ in 0..BATCH {
            let source = probe.source(random);
            if !place.is_asked_from(source, protocol) {
                continue;
            }
            let packet = Packet { protocol, source, port };
            let (ours, theirs) = (told.verdict(&blocks, source), judge.decide(&packet));
            tally.count([ours, theirs], || format!("{packet:?} to {place:?}"));
        }
    }
    tally
}

/// Everything that the evaluator can be asked about: its targets, and every public address of the estate.
fn places(oracle: &azure::Estate, targets: BTreeSet<String>, estate: &Estate) -> Vec<(Place, Judge)> {
    let mut places = Vec::new();
    for name in targets {
        places.extend(oracle.judge(&name).map(|judge| (Place::Target(name), judge)));
    }
    for address in fronts(estate) {
        places.extend(oracle.judge_front(address).map(|judge| (Place::Front(address), judge)));
    }
    places
}

/// Where a packet is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// To a target, by its name.
    Target(String),
    /// To an address outside.
    Front(IpAddr),
}

impl Place {
    /// To an address of one family nobody sends from the other, and ICMP of IPv4 does not travel over IPv6 (A13).
    fn is_asked_from(&self, source: IpAddr, protocol: u8) -> bool {
        let other = matches!(self, Self::Front(front) if front.is_ipv6() != source.is_ipv6());
        !other && (protocol != 1 || source.is_ipv4())
    }
}

/// What the engine tells of a snapshot.
#[derive(Debug)]
pub struct Told {
    exposures: Vec<(Exposure, AddressSet)>,
    internet: AddressSet,
    protocols: packet::ProtocolSet,
}

/// Sources that are told of one protocol and port of a place.
pub(crate) struct Block<'t> {
    sources: &'t AddressSet,
    certain: bool,
    /// Whether some of a pool of IPv4, and of IPv6, may be in it.
    pooled: [bool; 2],
}

impl Told {
    /// The engine's exposures.
    ///
    /// # Panics
    /// When the engine contradicts itself.
    #[must_use]
    pub fn of(snapshot: &Snapshot) -> Self {
        let mut exposures = Vec::new();
        engine::exposures(snapshot, &mut |exposure, sources| exposures.push((exposure, sources.clone())))
            .unwrap_or_else(|contradiction| panic!("{contradiction}"));
        let internet = snapshot.internet.addresses().clone();
        Self { exposures, internet, protocols: snapshot.protocols }
    }

    /// Whether some packet at the boundaries of what either tells is decided otherwise.
    pub(crate) fn differs_from(&self, other: &Self) -> bool {
        let both = || self.exposures.iter().chain(&other.exposures);
        // A group that is a target of its own is nothing that the evaluator on the JSON is asked about.
        let asked = |kind: &str| !["network-security-group", "azure-firewall"].contains(&kind);
        let both = || both().filter(|(exposure, _)| asked(exposure.target.kind));
        let names: BTreeSet<&str> = both().map(|(exposure, _)| &*exposure.target.name).collect();
        let fronts = both().flat_map(|(exposure, _)| &exposure.fronts).filter_map(|it| it.front.address);
        let fronts: BTreeSet<IpAddr> = fronts.collect();
        let targets = names.into_iter().map(|name| Place::Target(name.to_owned()));
        targets.chain(fronts.into_iter().map(Place::Front)).any(|place| self.differs_at(other, &place))
    }

    fn differs_at(&self, other: &Self, place: &Place) -> bool {
        let hot: BTreeSet<(u8, u16)> = self.hot(place).into_iter().chain(other.hot(place)).collect();
        let sources: BTreeSet<IpAddr> = self.sources_of(place).chain(other.sources_of(place)).collect();
        hot.into_iter().any(|(protocol, port)| {
            let blocks = [self.blocks(place, protocol, port), other.blocks(place, protocol, port)];
            sources
                .iter()
                .filter(|source| place.is_asked_from(**source, protocol))
                .any(|source| self.verdict(&blocks[0], *source) != other.verdict(&blocks[1], *source))
        })
    }

    /// The ends of the sources that are told of a place, and the addresses beside them.
    fn sources_of<'t>(&'t self, place: &'t Place) -> impl Iterator<Item = IpAddr> + 't {
        let own = self.exposures.iter().filter(|(exposure, _)| match place {
            Place::Target(name) => *exposure.target.name == **name,
            Place::Front(address) => exposure.fronts.iter().any(|it| it.front.address == Some(*address)),
        });
        own.flat_map(|(_, sources)| ends(sources))
    }

    /// A line for each exposure, for people.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let line = |(exposure, sources): &(Exposure, AddressSet)| {
            let rules = exposure
                .opened_by
                .iter()
                .map(|it| format!("{}/{}", it.list.name, it.list.rules[it.rule].name));
            format!(
                "{} {:?} {:?} {:?} {} via {:?} by {:?} {:?} {sources:?}",
                exposure.target.name,
                exposure.reach,
                exposure.certainty,
                exposure.protocol,
                exposure.ports,
                exposure.fronts.iter().map(|it| (it.front.address, it.ports.to_string())).collect::<Vec<_>>(),
                rules.collect::<Vec<_>>(),
                exposure.sources.tags,
            )
        };
        self.exposures.iter().map(line).collect()
    }

    /// The protocols and ports that are told of a place, and the ports beside them.
    fn hot(&self, place: &Place) -> Vec<(u8, u16)> {
        let mut hot = Vec::new();
        for (exposure, _) in &self.exposures {
            let protocols = exposure.protocol.map_or_else(|| vec![1, 6, 17], |it| vec![it.0]);
            let own: Vec<&packet::PortSet> = match place {
                Place::Target(name) if *exposure.target.name == **name => vec![&exposure.ports],
                Place::Target(_) => Vec::new(),
                Place::Front(address) => {
                    let own = exposure.fronts.iter().filter(|it| it.front.address == Some(*address));
                    own.map(|it| &it.ports).collect()
                }
            };
            for protocol in protocols.into_iter().filter(|_| !own.is_empty()) {
                let ported = [6, 17].contains(&protocol);
                let spans = own.iter().flat_map(|ports| ports.spans().iter().copied());
                let beside = spans
                    .flat_map(|(first, last)| [first.saturating_sub(1), first, last, last.saturating_add(1)]);
                hot.extend(beside.filter(|_| ported).map(|port| (protocol, port)));
                if own.iter().any(|ports| ports.is_empty()) {
                    hot.push((protocol, if ported { 443 } else { 0 }));
                }
            }
        }
        hot
    }

    pub(crate) fn blocks(&self, place: &Place, protocol: u8, port: u16) -> Vec<Block<'_>> {
        let protocol = Protocol(protocol);
        if !self.protocols.contains(protocol) {
            return Vec::new();
        }
        let ported = |ports: &packet::PortSet| ports.is_empty() || ports.contains(port);
        let asked = self.exposures.iter().filter(|(exposure, _)| {
            exposure.reach != Reach::Latent
                && exposure.protocol.is_none_or(|it| it == protocol)
                && match place {
                    Place::Target(name) => *exposure.target.name == **name && ported(&exposure.ports),
                    Place::Front(address) => exposure
                        .fronts
                        .iter()
                        .any(|it| it.front.address == Some(*address) && ported(&it.ports)),
                }
        });
        let blocks = asked.map(|(exposure, sources)| Block {
            sources,
            certain: exposure.certainty == Certainty::Proved && exposure.reach != Reach::Admitted,
            pooled: [&exposure.sources.ipv4, &exposure.sources.ipv6]
                .map(|it| it.as_ref().is_some_and(|measure| measure.addresses.is_none())),
        });
        blocks.collect()
    }

    pub(crate) fn verdict(&self, blocks: &[Block<'_>], source: IpAddr) -> Verdict {
        let mut verdict = Verdict::Deny;
        if !self.internet.contains(source) {
            return verdict;
        }
        for block in blocks {
            let held = block.sources.contains(source);
            if held && block.certain {
                return Verdict::Allow;
            }
            if held || block.pooled[usize::from(source.is_ipv6())] {
                verdict = Verdict::Undecided;
            }
        }
        verdict
    }
}

/// The ends of every span of a set and the addresses beside them.
fn ends(set: &AddressSet) -> Vec<IpAddr> {
    let v4 = set.v4_spans().iter().flat_map(|&(first, last)| {
        [first.saturating_sub(1), first, last, last.saturating_add(1)].map(|it| Family::V4.address(it.into()))
    });
    let v6 = set.v6_spans().iter().flat_map(|&(first, last)| {
        [first.saturating_sub(1), first, last, last.saturating_add(1)].map(|it| Family::V6.address(it))
    });
    v4.chain(v6).collect()
}

/// Every public address of an estate.
fn fronts(estate: &Estate) -> impl Iterator<Item = IpAddr> {
    estate.addresses.iter().filter_map(|it| it["ipAddress"].as_str()?.parse().ok())
}

const BATCH: usize = 64;
const PACKETS: usize = 4_000;
const DISAGREEMENTS_MAX: usize = 5;
