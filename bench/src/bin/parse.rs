//! From bytes to exposures: 1,000 groups as `az` prints them, against serde_json parsing the same bytes.
//!
//! serde_json is measured twice: into the structs that our own reading uses, which is what the budget is held
//! against, and into the plainest owned structs, which is what a program written in an hour would do.

use std::time::Duration;

use bench::clock::{median, median_of, timed};
use bench::export::{Documents, estate};
use bench::wire::parse;
use cloud::{Document, Inventory};
use engine::Exposure;
use model::{DocumentId, Thresholds};
use packet::AddressSet;

fn main() {
    let documents = estate(SEED, GROUPS, RULES);
    let bytes: usize = documents.iter().map(|(_, text)| text.len()).sum();
    println!(
        "{GROUPS} different groups of {RULES} rules and 6 defaults, interfaces, public addresses, a network: {:.1} MB",
        bytes as f64 / 1e6
    );
    let own =
        median_of(ROUNDS, || (), |()| documents.iter().map(|d| azure::parsed_resources(&d.1)).sum::<u64>());
    let plain = median_of(ROUNDS, || (), |()| parse(&documents));
    println!("serde_json, our wire structs    {:>9.1} ms", millis(own));
    println!("serde_json, plain owned structs {:>9.1} ms", millis(plain));
    let rounds: Vec<Scan> = (0..ROUNDS).map(|_| Scan::of(&documents)).collect();
    let middle = |part: fn(&Scan) -> Duration| median(rounds.iter().map(part).collect());
    println!("read into the inventory         {:>9.1} ms", millis(middle(|scan| scan.read)));
    println!("lowered to a snapshot           {:>9.1} ms", millis(middle(|scan| scan.lowered)));
    println!("exposures                       {:>9.1} ms", millis(middle(|scan| scan.decided)));
    let whole = middle(|scan| scan.read + scan.lowered + scan.decided);
    println!(
        "the three together              {:>9.1} ms = {:.2}x our wire structs (budget 2x), {:.2}x plain ones",
        millis(whole),
        whole.as_secs_f64() / own.as_secs_f64(),
        whole.as_secs_f64() / plain.as_secs_f64()
    );
    if let Some(scan) = rounds.first() {
        println!(
            "{} resources, {} targets, {} exposures, {} gaps",
            scan.resources, scan.targets, scan.exposures, scan.gaps
        );
    }
}

/// One scan from bytes to exposures, without checks and report.
struct Scan {
    read: Duration,
    lowered: Duration,
    decided: Duration,
    resources: u64,
    targets: usize,
    exposures: usize,
    gaps: usize,
}

impl Scan {
    fn of(documents: &Documents) -> Self {
        let mut inventory = azure::Inventory::new();
        let inputs =
            (0..).map(DocumentId).zip(documents).map(|(id, (path, text))| Document { id, path, text });
        let (readings, read) = timed(|| inputs.map(|input| inventory.read(&input)).collect::<Vec<_>>());
        let (snapshot, lowered) = timed(|| inventory.snapshot(Thresholds::STANDARD));
        let mut exposures = 0;
        let mut sink = |exposure: Exposure, _: &AddressSet| {
            std::hint::black_box(&exposure);
            exposures += 1;
        };
        let (result, decided) = timed(|| engine::exposures(&snapshot, &mut sink));
        result.expect("the engine agrees with itself");
        Self {
            read,
            lowered,
            decided,
            resources: readings.iter().map(|reading| reading.resources).sum(),
            targets: snapshot.targets.len(),
            exposures,
            gaps: snapshot.gaps.len() + readings.iter().map(|reading| reading.gaps.len()).sum::<usize>(),
        }
    }
}

fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}

const SEED: u64 = 17;
const GROUPS: usize = 1000;
const RULES: usize = 20;
const ROUNDS: usize = 9;
