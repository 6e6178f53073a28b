//! What the engine tells of a snapshot, ready to be asked packet by packet.

use core::net::IpAddr;
use std::collections::BTreeSet;

use engine::{Certainty, Exposure};
use model::{Reach, Snapshot};
use packet::{AddressSet, Protocol};

use super::bounds::Boundaries;
use crate::oracle::aws::Reached;
use crate::oracle::azure::Verdict;

use super::Asked;

/// The engine's exposures.
#[derive(Debug)]
pub struct ReachTold {
    exposures: Vec<(Exposure, AddressSet)>,
    internet: AddressSet,
}

/// Where a packet is sent.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Place {
    /// To a target, by its id.
    Target(String),
    /// To an address outside.
    Front(IpAddr),
}

/// Sources that are told of one protocol and port of a place.
pub(super) struct Block<'t> {
    sources: &'t AddressSet,
    reach: Reach,
    certain: bool,
    /// Whether some of a pool of IPv4, and of IPv6, may be in it.
    pooled: [bool; 2],
}

impl ReachTold {
    /// What is told of a snapshot.
    ///
    /// # Panics
    /// When the engine contradicts itself.
    #[must_use]
    pub fn of(snapshot: &Snapshot) -> Self {
        let mut exposures = Vec::new();
        engine::exposures(snapshot, &mut |exposure, sources| exposures.push((exposure, sources.clone())))
            .unwrap_or_else(|contradiction| panic!("{contradiction}"));
        Self { exposures, internet: snapshot.internet.addresses().clone() }
    }

    /// A line for each exposure, for people.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let line = |(exposure, sources): &(Exposure, AddressSet)| {
            let Exposure { target, reach, certainty, protocol, ports, opened_by, .. } = exposure;
            let rules =
                opened_by.iter().map(|it| format!("{}/{}", it.list.name, it.list.rules[it.rule].name));
            let rules: Vec<String> = rules.collect();
            let fronts: Vec<_> =
                exposure.fronts.iter().map(|it| (it.front.address, it.ports.to_string())).collect();
            format!(
                "{} {reach:?} {certainty:?} {protocol:?} {ports} via {fronts:?} by {rules:?} {:?} {sources:?}",
                target.id, exposure.sources.tags
            )
        };
        self.exposures.iter().map(line).collect()
    }

    /// Adds what is told and what lies beside it.
    pub(super) fn bound(&self, boundaries: &mut Boundaries) {
        for (exposure, sources) in &self.exposures {
            boundaries.add_sources(sources);
            let typed = exposure.protocol.is_some_and(Protocol::has_types);
            boundaries.add_ports(typed, exposure.ports.spans());
        }
    }

    /// Whether some packet at the boundaries of what either tells is decided otherwise; the packet.
    pub(crate) fn differing(&self, other: &Self, asked: Asked) -> Option<(Place, u8, u16, IpAddr)> {
        let places = || [self, other].into_iter().flat_map(Self::places).collect::<BTreeSet<_>>();
        places().into_iter().find_map(|place| self.differing_at(other, &place, asked))
    }

    /// Interfaces and addresses of which something is told. A group or a network that is a target of its own is nothing
    /// that the evaluator on the JSON is asked about.
    fn places(&self) -> impl Iterator<Item = Place> {
        let told = self.exposures.iter().filter(|(exposure, _)| !is_alone(exposure.target.kind));
        let targets = told.map(|(exposure, _)| Place::Target(exposure.target.id.to_string()));
        let fronts = self.exposures.iter().flat_map(|(exposure, _)| &exposure.fronts);
        targets.chain(fronts.filter_map(|it| it.front.address).map(Place::Front))
    }

    fn differing_at(&self, other: &Self, place: &Place, asked: Asked) -> Option<(Place, u8, u16, IpAddr)> {
        let own = |told: &Self| {
            let mut own = Boundaries::default();
            let here = told.exposures.iter().filter(|(exposure, _)| place.has(exposure).is_some());
            for (exposure, sources) in here {
                own.add_sources(sources);
                let typed = exposure.protocol.is_some_and(Protocol::has_types);
                own.add_ports(typed, exposure.ports.spans());
            }
            own
        };
        let (mut all, theirs) = (own(self), own(other));
        all.sources.extend(theirs.sources);
        all.ports.extend(theirs.ports.into_iter().chain([0, 443]));
        all.types.extend(theirs.types.into_iter().chain([0, 2048, 32768]));
        for (protocol, port) in asked.pairs(&all) {
            let blocks = [self.blocks(place, protocol, port), other.blocks(place, protocol, port)];
            if blocks.iter().all(Vec::is_empty) {
                continue;
            }
            for source in all.sources.iter().filter(|source| place.is_asked_from(**source, protocol)) {
                if self.verdict(&blocks[0], *source) != other.verdict(&blocks[1], *source) {
                    return Some((place.clone(), protocol, port, *source));
                }
            }
        }
        None
    }

    pub(super) fn blocks(&self, place: &Place, protocol: u8, port: u16) -> Vec<Block<'_>> {
        let asked = self.exposures.iter().filter(|(exposure, _)| {
            exposure.reach != Reach::Latent
                && exposure.protocols.contains(Protocol(protocol))
                && place
                    .has(exposure)
                    .is_some_and(|ports| ports.iter().any(|ports| ports.is_empty() || ports.contains(port)))
        });
        let blocks = asked.map(|(exposure, sources)| Block {
            sources,
            reach: exposure.reach,
            certain: exposure.certainty == Certainty::Proved,
            pooled: [&exposure.sources.ipv4, &exposure.sources.ipv6]
                .map(|it| it.as_ref().is_some_and(|measure| measure.addresses.is_none())),
        });
        blocks.collect()
    }

    pub(super) fn verdict(&self, blocks: &[Block<'_>], source: IpAddr) -> Reached {
        let mut reached = Reached::NOT;
        if blocks.is_empty() || !self.internet.contains(source) {
            return reached;
        }
        for block in blocks {
            let held = block.sources.contains(source);
            if !held && !block.pooled[usize::from(source.is_ipv6())] {
                continue;
            }
            let verdict = if held && block.certain { Verdict::Allow } else { Verdict::Undecided };
            match block.reach {
                Reach::Exposed | Reach::ViaProxy => reached.exposed = reached.exposed.better(verdict),
                Reach::OneWay => reached.one_way = reached.one_way.better(verdict),
                // How far it gets is not known.
                Reach::Admitted => {
                    reached.exposed = reached.exposed.better(Verdict::Undecided);
                    reached.one_way = reached.one_way.better(Verdict::Undecided);
                }
                Reach::Latent => {}
            }
        }
        reached
    }
}

impl Place {
    /// To an address of one family nobody sends from the other, and ICMP is carried by its own family.
    pub(crate) fn is_asked_from(&self, source: IpAddr, protocol: u8) -> bool {
        let other = matches!(self, Self::Front(front) if front.is_ipv6() != source.is_ipv6());
        !other && (protocol != 1 || source.is_ipv4()) && (protocol != 58 || source.is_ipv6())
    }

    /// The ports at which an exposure is seen here; `None` where it is of another place.
    fn has<'e>(&self, exposure: &'e Exposure) -> Option<Vec<&'e packet::PortSet>> {
        match self {
            Self::Target(id) => (*exposure.target.id == **id).then(|| vec![&exposure.ports]),
            Self::Front(address) => {
                let own = exposure.fronts.iter().filter(|it| it.front.address == Some(*address));
                let own: Vec<_> = own.map(|it| &it.ports).collect();
                (!own.is_empty()).then_some(own)
            }
        }
    }
}

/// Whether a target is one that nothing is known behind.
pub(super) fn is_alone(kind: &str) -> bool {
    ["security-group", "network"].contains(&kind)
}
