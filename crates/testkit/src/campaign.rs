//! What is compared: kinds of snapshots, how large they are, and their share of a run.

use crate::answers::Answers;
use crate::compare::{Tally, compare, disagrees, shrink};
use crate::generate::{Kind, filter, group, list, paths, replied, snapshot, tangle, target};
use crate::random::{Random, mix};

use model::Snapshot;

/// A kind of snapshot that a run compares.
pub struct Series {
    /// What it is called in the printed counts.
    pub name: &'static str,
    /// Its share of the packets, in a hundred.
    pub share: u64,
    /// Packets for each snapshot; a target with several kinds of reach has several times that.
    pub packets: u64,
    /// One of its snapshots.
    pub snapshot: fn(&mut Random) -> Snapshot,
}

/// A disagreement, its seed, and the smallest snapshot that still shows it.
pub struct Failure {
    /// The seed of the snapshot: `(series.snapshot)(&mut Random::new(seed))`.
    pub seed: u64,
    /// The packet and the two answers, or what the engine says against itself.
    pub message: String,
    /// What is left after shrinking.
    pub smallest: Snapshot,
}

impl Series {
    /// Compares snapshots of the series until that many packets are done.
    pub fn run(&self, packets: u64, seed: u64) -> (Tally, Vec<Failure>) {
        let mut tally = Tally::default();
        let mut failures = Vec::new();
        for number in 0.. {
            if tally.packets.iter().sum::<u64>() >= packets || failures.len() == FAILURES_MAX {
                break;
            }
            let seed = mix(seed ^ number ^ self.salt());
            let mut random = Random::new(seed);
            let snapshot = (self.snapshot)(&mut random);
            let (found, failure) = self.one(&snapshot, packets, &mut random);
            if let Some((message, smallest)) = failure
                && failures.len() < FAILURES_MAX
            {
                failures.push(Failure { seed, message, smallest });
            }
            tally += found;
        }
        (tally, failures)
    }

    /// So that two series do not start from the same lists (FNV-1a of the name).
    fn salt(&self) -> u64 {
        let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        self.name.bytes().fold(0xcbf2_9ce4_8422_2325, step)
    }

    fn one(
        &self,
        snapshot: &Snapshot,
        packets: u64,
        random: &mut Random,
    ) -> (Tally, Option<(String, Snapshot)>) {
        let answers = match Answers::of(snapshot) {
            Ok(answers) => answers,
            Err(contradiction) => {
                let smallest = shrink(snapshot, |smaller| Answers::of(smaller).is_err());
                let tally = Tally { contradicted: 1, ..Tally::default() };
                return (tally, Some((contradiction.to_string(), smallest)));
            }
        };
        let tally = compare(snapshot, &answers, self.packets.min(packets), random);
        let failure = tally
            .disagreements
            .first()
            .map(|first| (first.to_string(), shrink(snapshot, |smaller| disagrees(smaller, first))));
        (tally, failure)
    }
}

fn behind_one(random: &mut Random, kind: Kind, rules: usize) -> Snapshot {
    let rules = list(random, kind, rules);
    snapshot(vec![target("vm", paths(group(rules)))])
}

fn behind_two(random: &mut Random) -> Snapshot {
    let rules = [random.between(3, 30), random.between(3, 30)];
    let lists = rules.map(|count| list(random, Kind::Account, count));
    let mut number = 0;
    let groups = lists.map(|mut rules| {
        number += 1;
        rules.id = format!("list-{number}").into();
        group(rules)
    });
    snapshot(vec![target("vm", paths(model::Filter::AllOf(groups.into())))])
}

fn expression(random: &mut Random, kind: Kind) -> Snapshot {
    let depth = random.between(1, 3);
    let filter = filter(random, kind, depth);
    snapshot(vec![target("vm", paths(filter))])
}

/// A snapshot of a cloud whose `any` is every protocol there is.
fn of_every_protocol(snapshot: Snapshot) -> Snapshot {
    Snapshot { protocols: packet::ProtocolSet::EVERYTHING, ..snapshot }
}

/// Everything that is compared.
pub const SERIES: &[Series] = &[
    Series {
        name: "lists of an account, 10 to 50 rules",
        share: 16,
        packets: 4_000,
        snapshot: |random| {
            let rules = random.between(7, 60);
            behind_one(random, Kind::Account, rules)
        },
    },
    Series {
        name: "lists of 10 rules",
        share: 8,
        packets: 2_000,
        snapshot: |random| behind_one(random, Kind::Account, 10),
    },
    Series {
        name: "lists of 33 rules",
        share: 8,
        packets: 4_000,
        snapshot: |random| behind_one(random, Kind::Account, 33),
    },
    Series {
        name: "lists of 100 rules",
        share: 4,
        packets: 10_000,
        snapshot: |random| behind_one(random, Kind::Account, 100),
    },
    Series {
        name: "lists of 1000 rules",
        share: 2,
        packets: 50_000,
        snapshot: |random| behind_one(random, Kind::Account, 1000),
    },
    Series {
        name: "ClassBench-like lists, 100 rules",
        share: 4,
        packets: 10_000,
        snapshot: |random| behind_one(random, Kind::ClassBench, 100),
    },
    Series {
        name: "hostile lists, 100 rules",
        share: 3,
        packets: 10_000,
        snapshot: |random| behind_one(random, Kind::Hostile, 100),
    },
    Series {
        name: "hostile lists, 1000 rules",
        share: 1,
        packets: 50_000,
        snapshot: |random| behind_one(random, Kind::Hostile, 1000),
    },
    Series {
        name: "uncertain lists",
        share: 8,
        packets: 4_000,
        snapshot: |random| behind_one(random, Kind::Uncertain, 20),
    },
    Series {
        name: "lists with ties",
        share: 6,
        packets: 4_000,
        snapshot: |random| behind_one(random, Kind::Ties, 20),
    },
    Series {
        name: "lists with unknown pools",
        share: 4,
        packets: 4_000,
        snapshot: |random| behind_one(random, Kind::Tags, 15),
    },
    Series {
        name: "lists with source ports",
        share: 4,
        packets: 4_000,
        snapshot: |random| behind_one(random, Kind::SourcePorts, 12),
    },
    Series { name: "two lists, both must allow", share: 6, packets: 4_000, snapshot: behind_two },
    Series {
        name: "nested filters",
        share: 6,
        packets: 2_000,
        snapshot: |random| expression(random, Kind::Account),
    },
    Series {
        name: "nested filters, uncertain",
        share: 4,
        packets: 2_000,
        snapshot: |random| expression(random, Kind::Uncertain),
    },
    Series {
        name: "lists with types of ICMP",
        share: 5,
        packets: 10_000,
        snapshot: |random| {
            let rules = random.between(2, 20);
            of_every_protocol(behind_one(random, Kind::Types, rules))
        },
    },
    Series {
        name: "nested filters with types of ICMP",
        share: 3,
        packets: 5_000,
        snapshot: |random| of_every_protocol(expression(random, Kind::Types)),
    },
    Series { name: "groups between a list and replies", share: 4, packets: 5_000, snapshot: replied },
    Series {
        name: "several paths to one target",
        share: 4,
        packets: 2_000,
        snapshot: |random| {
            let paths = tangle(random);
            snapshot(vec![target("vm", paths)])
        },
    },
];

const FAILURES_MAX: usize = 3;
