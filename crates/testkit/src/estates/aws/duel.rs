//! The crates and the evaluator on the JSON, asked for the same packets: to interfaces, and to addresses outside.

use core::net::IpAddr;
use core::ops::AddAssign;
use std::collections::BTreeSet;

use model::Snapshot;
use packet::Family;

use super::bounds::Boundaries;
use super::told::{AwsTold, Place, pairs};
use crate::generate::{Account, AwsElement};
use crate::oracle::aws::{self, Judge, Reached};
use crate::oracle::azure::{Packet, Verdict};
use crate::pipeline::lower_values;
use crate::random::{Random, mix};

/// How a comparison went.
#[derive(Clone, Debug, Default)]
pub struct AwsTally {
    /// Accounts that were compared.
    pub accounts: usize,
    /// Packets that were decided twice, by family.
    pub packets: [usize; 2],
    /// Of these, those to which both say that they arrive and are answered.
    pub exposed: usize,
    /// Of these, those to which both say that they arrive and are not answered.
    pub one_way: usize,
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

impl AwsTally {
    /// All packets.
    #[must_use]
    pub const fn all(&self) -> usize {
        self.packets[0] + self.packets[1]
    }

    /// Counts a packet that the crates and the evaluator have decided.
    fn count(&mut self, v6: bool, [ours, theirs]: [Reached; 2], what: impl Fn() -> String) {
        self.packets[usize::from(v6)] += 1;
        if ours == theirs {
            let is_open = [ours.exposed, ours.one_way].contains(&Verdict::Undecided);
            self.exposed += usize::from(ours.exposed == Verdict::Allow);
            self.one_way += usize::from(ours.one_way == Verdict::Allow);
            self.undecided += usize::from(is_open);
            return;
        }
        let sound = |ours: Verdict, theirs: Verdict| ours == theirs || ours == Verdict::Undecided;
        if sound(ours.exposed, theirs.exposed) && sound(ours.one_way, theirs.one_way) {
            self.wider += 1;
            self.widest.get_or_insert_with(|| format!("{}: {ours:?}, the oracle {theirs:?}", what()));
        } else {
            self.disagreed += 1;
            if self.disagreements.len() < DISAGREEMENTS_MAX {
                self.disagreements.push(format!("{}: {ours:?}, the oracle says {theirs:?}", what()));
            }
        }
    }
}

impl AddAssign for AwsTally {
    fn add_assign(&mut self, other: Self) {
        self.accounts += other.accounts;
        self.packets = [0, 1].map(|family| self.packets[family] + other.packets[family]);
        self.exposed += other.exposed;
        self.one_way += other.one_way;
        self.undecided += other.undecided;
        self.wider += other.wider;
        self.disagreed += other.disagreed;
        self.strangers.extend(other.strangers);
        let room = DISAGREEMENTS_MAX.saturating_sub(self.disagreements.len());
        self.disagreements.extend(other.disagreements.into_iter().take(room));
        self.widest = self.widest.take().or(other.widest);
    }
}

/// Compares generated accounts of an element until that many packets are done.
#[must_use]
pub fn run_account(element: AwsElement, packets: usize, seed: u64) -> AwsTally {
    let mut total = AwsTally::default();
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
pub fn compare_account(account: &Account, packets: usize, random: &mut Random) -> AwsTally {
    let (snapshot, _) = lower_values(&account.documents());
    let told = AwsTold::of(&snapshot);
    account_duel(account, &snapshot, [&told, &told], packets, random)
}

/// The same for what was told of a snapshot, of this account or of a faulted one; what is told of either has
/// boundaries as well.
pub(crate) fn account_duel(
    account: &Account,
    snapshot: &Snapshot,
    [told, other]: [&AwsTold; 2],
    packets: usize,
    random: &mut Random,
) -> AwsTally {
    let documents = account.documents();
    let mut oracle = aws::Estate::default();
    documents.iter().for_each(|(_, document)| oracle.read(document));
    let (targets, fronts) = oracle.judges();
    let known = |id: &str| targets.contains_key(id);
    let strange = snapshot.targets.iter().filter(|it| it.kind != "security-group" && !known(&it.id));
    let strangers = strange.map(|target| format!("{} {}", target.kind, target.id)).collect();
    let mut tally = AwsTally { accounts: 1, strangers, ..AwsTally::default() };
    let targets = targets.into_iter().map(|(id, judge)| (Place::Target(id), judge));
    let fronts = fronts.into_iter().map(|(address, judge)| (Place::Front(address), judge));
    let places: Vec<(Place, Judge)> = targets.chain(fronts).collect();
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
    let mut asked: Vec<(usize, u8, u16)> = Vec::new();
    for (protocol, port) in pairs(&boundaries) {
        asked.extend((0..places.len()).map(|place| (place, protocol, port)));
    }
    random.shuffle(&mut asked);
    for (number, protocol, port) in asked {
        if tally.all() >= packets {
            break;
        }
        let (place, judge) = &places[number];
        let blocks = told.blocks(place, protocol, port);
        let anywhere: Vec<IpAddr> = (0..sources.len() / 8).map(|_| anywhere(random)).collect();
        for source in sources.iter().chain(&anywhere).copied() {
            if place.is_asked_from(source, protocol) {
                let packet = Packet { protocol, source, port };
                let both = [told.verdict(&blocks, source), judge.reached(&packet)];
                tally.count(source.is_ipv6(), both, || format!("{packet:?} to {place:?}"));
            }
        }
    }
    tally
}

/// What both say of one packet.
pub(crate) fn disagrees(account: &Account, told: &AwsTold, asked: &(Place, u8, u16, IpAddr)) -> bool {
    let mut oracle = aws::Estate::default();
    account.documents().iter().for_each(|(_, document)| oracle.read(document));
    let (place, protocol, port, source) = asked;
    let judge = match place {
        Place::Target(id) => oracle.judge(id),
        Place::Front(address) => oracle.judge_front(*address),
    };
    let theirs = judge.map_or(Reached::NOT, |judge| {
        judge.reached(&Packet { protocol: *protocol, source: *source, port: *port })
    });
    told.verdict(&told.blocks(place, *protocol, *port), *source) != theirs
}

fn anywhere(random: &mut Random) -> IpAddr {
    match random.chance(60) {
        true => Family::V4.address(random.wide() >> 96),
        false => Family::V6.address((0x2000_u128 << 112) | (random.wide() >> 3)),
    }
}

const PACKETS: usize = 60_000;
const DISAGREEMENTS_MAX: usize = 5;
