//! Generated histories: what was done to an account, as its audit logs tell it, and as exports of before and after do.
//!
//! A provider is played by plain structs that share nothing with the product: each operation changes them and writes its
//! record. Laws that hold of every history: an export of the end says what a replay comes to; the order and the number of
//! deliveries say nothing.

pub mod aws;
pub mod azure;
pub mod gcp;
pub mod laws;

use serde_json::Value;

use crate::random::Random;

/// An export: documents by name.
pub type Export = Vec<(String, String)>;

/// What happened to an account.
#[derive(Clone, Debug)]
pub struct History {
    /// What it is called in messages: the seed is in it.
    pub name: String,
    /// The account before the first event.
    pub before: Export,
    /// Every event, in the order in which they happened.
    pub events: Vec<Happening>,
    /// The account after the last.
    pub after: Export,
}

/// One event.
#[derive(Clone, Debug)]
pub struct Happening {
    /// Its records; of most there is one.
    pub records: Vec<Value>,
    /// Its time, as records spell it.
    pub at: String,
    /// The account after it; `None` where nobody asked for that.
    pub after: Option<Export>,
}

impl History {
    /// All records, in the order in which they happened.
    #[must_use]
    pub fn records(&self) -> Vec<Value> {
        self.events.iter().flat_map(|event| event.records.iter().cloned()).collect()
    }
}

/// Records as they may arrive: in any order, and some several times.
#[must_use]
pub fn delivered(records: &[Value], random: &mut Random) -> Vec<Value> {
    let mut all = records.to_vec();
    for record in records {
        for _ in 0..random.below(3) {
            if random.chance(30) {
                all.push(record.clone());
            }
        }
    }
    random.shuffle(&mut all);
    all
}

/// Records as they mostly arrive: in files of some minutes, the records of each in any order, now and then a file late.
#[must_use]
pub fn late(records: &[Value], random: &mut Random) -> Vec<Value> {
    let mut files: Vec<Vec<Value>> = records.chunks(7).map(<[Value]>::to_vec).collect();
    for file in &mut files {
        random.shuffle(file);
    }
    for place in 1..files.len() {
        if random.chance(25) {
            files.swap(place, place - 1);
        }
    }
    files.concat()
}

/// A moment of 2026-01-10 and the days after it, by its seconds: `2026-01-10T00:00:07Z`.
#[must_use]
pub fn clock(seconds: u64) -> String {
    let (day, rest) = (10 + seconds / 86_400, seconds % 86_400);
    format!("2026-01-{day:02}T{:02}:{:02}:{:02}Z", rest / 3600, rest / 60 % 60, rest % 60)
}

/// People who do things.
pub const ACTORS: [&str; 4] = ["ana", "bela", "chen", "dora"];
