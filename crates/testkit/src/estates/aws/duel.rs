//! Accounts of AWS: the crates against the evaluator that reads the same JSON.

use model::Snapshot;
use serde_json::Value;

use crate::estates::reach::{Asked, Decide, Place, Question, ReachTally, ReachTold, Side, duel, says};
use crate::generate::{Account, AwsElement};
use crate::oracle::aws::{self, Judge, Reached};
use crate::oracle::azure::Packet;
use crate::pipeline::lower_values;
use crate::random::{Random, mix};

/// Compares generated accounts of an element until that many packets are done.
#[must_use]
pub fn run_account(element: AwsElement, packets: usize, seed: u64) -> ReachTally {
    let mut total = ReachTally::default();
    for number in 0.. {
        if total.all() >= packets {
            break;
        }
        let mut random = seeded(seed, number);
        let account = element.account(&mut random);
        let mut compared = compare_account(&account, PACKETS.min(packets / 10), &mut random);
        for said in compared.disagreements.iter_mut().chain(&mut compared.widest) {
            *said = format!("{} {number} of seed {seed:#x}: {said}", element.word());
        }
        total += compared;
    }
    total
}

/// The stream of one account of a run. Seeds beside each other have no account in common.
#[must_use]
pub const fn seeded(seed: u64, number: u64) -> Random {
    Random::new(mix(mix(seed) ^ number))
}

/// Decides packets to every interface and every address outside by the crates and by the evaluator.
///
/// # Panics
/// When the engine contradicts itself.
#[must_use]
pub fn compare_account(account: &Account, packets: usize, random: &mut Random) -> ReachTally {
    let (snapshot, _) = lower_values(&account.documents());
    let told = ReachTold::of(&snapshot);
    account_duel(account, &snapshot, [&told, &told], packets, random)
}

/// The same for what was told of a snapshot, of this account or of a faulted one; what is told of either has
/// boundaries as well.
pub(crate) fn account_duel(
    account: &Account,
    snapshot: &Snapshot,
    told: [&ReachTold; 2],
    packets: usize,
    random: &mut Random,
) -> ReachTally {
    let documents = account.documents();
    let side = Side { documents: &documents, places: places(&documents), asked: ASKED };
    duel(&side, snapshot, told, packets, random)
}

/// Who decides for every interface and every address outside.
fn places(documents: &[(String, Value)]) -> Vec<(Place, Decide)> {
    let mut oracle = aws::Estate::default();
    documents.iter().for_each(|(_, document)| oracle.read(document));
    let (targets, fronts) = oracle.judges();
    let decide = |judge: Judge| -> Decide { Box::new(move |packet| judge.reached(packet)) };
    let targets = targets.into_iter().map(|(id, judge)| (Place::Target(id), decide(judge)));
    let fronts = fronts.into_iter().map(|(address, judge)| (Place::Front(address), decide(judge)));
    targets.chain(fronts).collect()
}

/// Whether the evaluator says something else of a packet than what was told.
pub(crate) fn disagrees(account: &Account, told: &ReachTold, question: &Question) -> bool {
    let mut oracle = aws::Estate::default();
    account.documents().iter().for_each(|(_, document)| oracle.read(document));
    let (place, protocol, port, source) = question;
    let judge = match place {
        Place::Target(id) => oracle.judge(id),
        Place::Front(address) => oracle.judge_front(*address),
    };
    let packet = Packet { protocol: *protocol, source: *source, port: *port };
    says(told, question) != judge.map_or(Reached::NOT, |judge| judge.reached(&packet))
}

/// W7, W8: SCTP has no ports here.
pub(crate) const ASKED: Asked = Asked { ported: &[6, 17], typed: &[1, 58], others: &[47, 50, 51, 132, 136] };
const PACKETS: usize = 60_000;
