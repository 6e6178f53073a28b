//! The crates and an evaluator on the JSON, asked for the same packets: to interfaces, and to addresses outside.

use core::net::IpAddr;

use model::Snapshot;
use packet::Family;
use serde_json::Value;

use super::bounds::Boundaries;
use super::told::{Place, ReachTold, is_alone};
use super::{Asked, Decide, Question, ReachTally};
use crate::oracle::aws::Reached;
use crate::oracle::azure::Packet;
use crate::random::Random;

/// The evaluator's side of a duel: who decides, on what, about which protocols.
pub(crate) struct Side<'d> {
    pub(crate) documents: &'d [(String, Value)],
    pub(crate) places: Vec<(Place, Decide)>,
    pub(crate) asked: Asked,
}

/// Decides packets by what was told of a snapshot and by an evaluator; what else was told has boundaries as well.
pub(crate) fn duel(
    side: &Side<'_>,
    snapshot: &Snapshot,
    [told, other]: [&ReachTold; 2],
    packets: usize,
    random: &mut Random,
) -> ReachTally {
    let Side { documents, places, asked } = side;
    let known = |id: &str| places.iter().any(|(place, _)| *place == Place::Target(id.to_owned()));
    let strange = snapshot.targets.iter().filter(|it| !is_alone(it.kind) && !known(&it.id));
    let strangers = strange.map(|target| format!("{} {}", target.kind, target.id)).collect();
    let mut tally = ReachTally { estates: 1, strangers, ..ReachTally::default() };
    if places.is_empty() {
        tally.disagreements.push("the evaluator knows nothing of it".to_owned());
        tally.disagreed += 1;
        tally.packets[0] += packets;
        return tally;
    }
    let mut boundaries = Boundaries::of(documents.iter().map(|(_, document)| document));
    told.bound(&mut boundaries);
    other.bound(&mut boundaries);
    let sources: Vec<IpAddr> = boundaries.sources.iter().copied().collect();
    let mut questions: Vec<(usize, u8, u16)> = Vec::new();
    for (protocol, port) in asked.pairs(&boundaries) {
        questions.extend((0..places.len()).map(|place| (place, protocol, port)));
    }
    random.shuffle(&mut questions);
    for (number, protocol, port) in questions {
        if tally.all() >= packets {
            break;
        }
        let (place, decide) = &places[number];
        let blocks = told.blocks(place, protocol, port);
        let anywhere: Vec<IpAddr> = (0..sources.len() / 8).map(|_| anywhere(random)).collect();
        for source in sources.iter().chain(&anywhere).copied() {
            if place.is_asked_from(source, protocol) {
                let packet = Packet { protocol, source, port };
                let both = [told.verdict(&blocks, source), decide(&packet)];
                tally.count(source.is_ipv6(), both, || format!("{packet:?} to {place:?}"));
            }
        }
    }
    tally
}

/// What was told of one packet.
pub(crate) fn says(told: &ReachTold, question: &Question) -> Reached {
    let (place, protocol, port, source) = question;
    told.verdict(&told.blocks(place, *protocol, *port), *source)
}

fn anywhere(random: &mut Random) -> IpAddr {
    match random.chance(60) {
        true => Family::V4.address(random.wide() >> 96),
        false => Family::V6.address((0x2000_u128 << 112) | (random.wide() >> 3)),
    }
}
