//! How a comparison of crates and evaluator went.

use core::ops::AddAssign;
use std::collections::BTreeSet;

use crate::oracle::aws::Reached;
use crate::oracle::azure::Verdict;

/// How a comparison went.
#[derive(Clone, Debug, Default)]
pub struct ReachTally {
    /// Estates that were compared.
    pub estates: usize,
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

impl ReachTally {
    /// All packets.
    #[must_use]
    pub const fn all(&self) -> usize {
        self.packets[0] + self.packets[1]
    }

    /// Counts a packet that the crates and the evaluator have decided.
    pub(super) fn count(&mut self, v6: bool, [ours, theirs]: [Reached; 2], what: impl Fn() -> String) {
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

impl AddAssign for ReachTally {
    fn add_assign(&mut self, other: Self) {
        self.estates += other.estates;
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

pub(super) const DISAGREEMENTS_MAX: usize = 5;
