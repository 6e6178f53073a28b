//! Organisations of Google Cloud: the crates against the evaluator that reads the same JSON.

use model::Snapshot;
use serde_json::Value;

use crate::estates::reach::{Asked, Decide, Place, Question, ReachTally, ReachTold, Side, duel, says};
use crate::estates::seeded;
use crate::generate::{GcpElement, Organisation};
use crate::oracle::azure::Packet;
use crate::oracle::gcp::{self, Judge, Reached};
use crate::pipeline::lower_values;
use crate::random::Random;

/// Compares generated organisations of an element until that many packets are done.
#[must_use]
pub fn run_organisation(element: GcpElement, packets: usize, seed: u64) -> ReachTally {
    let mut total = ReachTally::default();
    for number in 0.. {
        if total.all() >= packets {
            break;
        }
        let mut random = seeded(seed, number);
        let organisation = element.organisation(&mut random);
        let mut compared = compare_organisation(&organisation, PACKETS.min(packets / 10), &mut random);
        for said in compared.disagreements.iter_mut().chain(&mut compared.widest) {
            *said = format!("{} {number} of seed {seed:#x}: {said}", element.word());
        }
        total += compared;
    }
    total
}

/// Decides packets to every interface and every address outside by the crates and by the evaluator.
///
/// # Panics
/// When the engine contradicts itself.
#[must_use]
pub fn compare_organisation(organisation: &Organisation, packets: usize, random: &mut Random) -> ReachTally {
    let (snapshot, _) = lower_values(&organisation.documents());
    let told = ReachTold::of(&snapshot);
    organisation_duel(organisation, &snapshot, [&told, &told], packets, random)
}

/// The same for what was told of a snapshot, of this organisation or of a faulted one; what is told of either has
/// boundaries as well.
pub(crate) fn organisation_duel(
    organisation: &Organisation,
    snapshot: &Snapshot,
    told: [&ReachTold; 2],
    packets: usize,
    random: &mut Random,
) -> ReachTally {
    let documents = organisation.documents();
    let side = Side { documents: &documents, places: places(&documents), asked: ASKED };
    duel(&side, snapshot, told, packets, random)
}

/// Who decides for every interface, every network without one, and every address outside.
fn places(documents: &[(String, Value)]) -> Vec<(Place, Decide)> {
    let evaluator = evaluator(documents);
    let (targets, fronts) = evaluator.judges();
    let targets = targets.into_iter().chain(evaluator.network_judges());
    let decide = |judge: Judge| -> Decide { Box::new(move |packet| judge.reached(packet)) };
    let targets = targets.map(|(id, judge)| (Place::Target(id), decide(judge)));
    let fronts = fronts.into_iter().map(|(address, judge)| (Place::Front(address), decide(judge)));
    targets.chain(fronts).collect()
}

/// Whether the evaluator says something else of a packet than what was told.
pub(crate) fn organisation_disagrees(
    organisation: &Organisation,
    told: &ReachTold,
    question: &Question,
) -> bool {
    let oracle = evaluator(&organisation.documents());
    let (place, protocol, port, source) = question;
    let judge = match place {
        Place::Target(id) => oracle.judge(id),
        Place::Front(address) => oracle.judge_front(*address),
    };
    let packet = Packet { protocol: *protocol, source: *source, port: *port };
    says(told, question) != judge.map_or(Reached::NOT, |judge| judge.reached(&packet))
}

/// The evaluator on the JSON, with the documents read.
pub(super) fn evaluator(documents: &[(String, Value)]) -> gcp::Estate {
    let mut oracle = gcp::Estate::default();
    documents.iter().for_each(|(_, document)| oracle.read(document));
    oracle
}

/// G9, G15: SCTP has ports; IP in IP and UDP-Lite never arrive. Types of ICMP are told apart by their replies only.
pub(crate) const ASKED: Asked =
    Asked { ported: &[6, 17, 132], typed: &[1, 58], others: &[4, 47, 50, 51, 136] };
const PACKETS: usize = 60_000;
