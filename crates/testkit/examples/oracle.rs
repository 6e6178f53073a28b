//! Compares the engine with the oracle over many packets, and shows that seeded faults are caught.
//!
//! `cargo run --release -p testkit --example oracle -- --packets 100000000 [--seed N] [--only ELEMENT]`
//!
//! Each element of a path and each service gets a tenth of the packets, each element of AWS and of Google Cloud a fifth. `--only NAT` compares the elements whose name
//! holds that, each over all packets, and nothing else.

use std::process::ExitCode;
use std::time::Instant;

use testkit::campaign::{Failure, SERIES};
use testkit::compare::Tally as Compared;
use testkit::estates::{self, ReachTally, Tally};
use testkit::faults::{AwsFault, Caught, ElementFault, Fault, GcpFault};
use testkit::generate::{AwsElement, Element, GcpElement};
use testkit::rewrite::{AwsNearMiss, GcpNearMiss, NearMiss};
use testkit::show::filter_lines;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (Some(packets), Some(seed)) =
        (option(&arguments, "--packets", 10_000_000), option(&arguments, "--seed", 1))
    else {
        eprintln!("usage: oracle [--packets N] [--seed N] [--only ELEMENT]");
        return ExitCode::from(2);
    };
    if let Some(place) = arguments.iter().position(|argument| argument == "--only") {
        let name = arguments.get(place + 1).map_or("", String::as_str);
        let agreed =
            estates(packets, seed, name) & accounts(packets, seed, name) & organisations(packets, seed, name);
        let bitten = match name.get(..3) {
            Some("aws") => aws_faults(seed, name),
            Some("gcp") => gcp_faults(seed, name),
            Some(_) | None => true,
        };
        return if agreed && bitten { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    }
    let agreed = agreement(packets, seed);
    let read = estates(packets / 10, seed, "")
        & accounts(packets / 5, seed, "")
        & organisations(packets / 5, seed, "");
    let bitten = faults(seed) & aws_faults(seed, "") & gcp_faults(seed, "");
    let differing = near_misses();
    if agreed && read && bitten && differing { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The number after an option; the default where it is absent; `None` where it is no number.
fn option(arguments: &[String], name: &str, default: u64) -> Option<u64> {
    let Some(place) = arguments.iter().position(|argument| argument == name) else { return Some(default) };
    arguments.get(place + 1)?.replace('_', "").parse().ok()
}

fn agreement(packets: u64, seed: u64) -> bool {
    let started = Instant::now();
    println!("engine against oracle, seed {seed}");
    let [filters, v4, v6] = ["filters", "IPv4", "IPv6"];
    let [admitted, decisions, disagreed] = ["let in", "decisions", "disagree"];
    println!("{:<38}{filters:>9}{v4:>13}{v6:>13}{admitted:>13}{decisions:>14}{disagreed:>10}", "");
    let mut total = Compared::default();
    for series in SERIES {
        let (tally, failures) = series.run(packets * series.share / 100, seed);
        print(series.name, &tally);
        failures.iter().for_each(explain);
        total += tally;
    }
    print("all", &total);
    println!("{:.1} s", started.elapsed().as_secs_f64());
    total.disagreed == 0 && total.contradicted == 0
}

/// Whole estates from JSON to exposures, against the evaluator that reads the same JSON: that many packets for each
/// element of a path and each service.
fn estates(packets: u64, seed: u64, only: &str) -> bool {
    let started = Instant::now();
    let heads = ["estates", "packets", "let in", "undecided", "wider", "disagree"];
    let [estates, packets_head, admitted, undecided, wider, disagree] = heads;
    println!();
    println!(
        "{:<38}{estates:>9}{packets_head:>13}{admitted:>13}{undecided:>13}{wider:>13}{disagree:>10}",
        "estates as JSON against their oracle"
    );
    let mut agreed = true;
    for element in Element::ALL.into_iter().filter(|it| it.word().contains(only)) {
        let tally = estates::run(element, packets as usize, seed);
        let Tally { estates, packets, admitted, undecided, wider, disagreed, .. } = tally;
        let name = element.word();
        println!(
            "{name:<38}{estates:>9}{packets:>13}{admitted:>13}{undecided:>13}{wider:>13}{disagreed:>10}"
        );
        tally.disagreements.iter().for_each(|it| println!("  {it}"));
        tally.widest.iter().for_each(|it| println!("  wider, for example {it}"));
        agreed &= disagreed == 0;
    }
    println!("{:.1} s", started.elapsed().as_secs_f64());
    agreed
}

/// The same of AWS: accounts as `describe-*` prints them.
fn accounts(packets: u64, seed: u64, only: &str) -> bool {
    let elements =
        AwsElement::ALL.into_iter().map(|it| (it.word(), it)).filter(|(word, _)| word.contains(only));
    reached(["accounts of AWS", "accounts"], elements, |it| estates::run_account(it, packets as usize, seed))
}

/// The same of Google Cloud: organisations as `gcloud … list` prints them.
fn organisations(packets: u64, seed: u64, only: &str) -> bool {
    let elements =
        GcpElement::ALL.into_iter().map(|it| (it.word(), it)).filter(|(word, _)| word.contains(only));
    let heads = ["organisations of Google Cloud", "number"];
    reached(heads, elements, |it| estates::run_organisation(it, packets as usize, seed))
}

/// Compares element by element; one-way packets are counted apart.
fn reached<E>(
    [title, count]: [&str; 2],
    elements: impl Iterator<Item = (&'static str, E)>,
    run: impl Fn(E) -> ReachTally,
) -> bool {
    let started = Instant::now();
    let mut elements = elements.peekable();
    if elements.peek().is_none() {
        return true;
    }
    let heads = ["IPv4", "IPv6", "exposed", "one-way", "undecided", "wider", "disagree"];
    let [v4, v6, exposed, one_way, undecided, wider, disagree] = heads;
    println!();
    println!(
        "{title:<30}{count:>9}{v4:>13}{v6:>13}{exposed:>13}{one_way:>13}{undecided:>13}{wider:>11}{disagree:>10}"
    );
    let mut total = ReachTally::default();
    for (word, element) in elements {
        let tally = run(element);
        print_reached(word, &tally);
        tally.disagreements.iter().for_each(|it| println!("  {it}"));
        tally.widest.iter().for_each(|it| println!("  wider, for example {it}"));
        total += tally;
    }
    print_reached("all", &total);
    println!("{:.1} s", started.elapsed().as_secs_f64());
    total.disagreed == 0
}

fn print_reached(name: &str, tally: &ReachTally) {
    let ReachTally { estates, packets: [v4, v6], exposed, one_way, undecided, wider, disagreed, .. } = tally;
    println!(
        "{name:<30}{estates:>9}{v4:>13}{v6:>13}{exposed:>13}{one_way:>13}{undecided:>13}{wider:>11}{disagreed:>10}"
    );
}

fn print(name: &str, tally: &Compared) {
    let Compared { filters, packets: [v4, v6], admitted, decisions, .. } = tally;
    let admitted = admitted[0] + admitted[1];
    let disagreed = tally.disagreed + tally.contradicted;
    println!("{name:<38}{filters:>9}{v4:>13}{v6:>13}{admitted:>13}{decisions:>14}{disagreed:>10}");
}

fn explain(failure: &Failure) {
    println!("  seed {:#x}: {}", failure.seed, failure.message);
    for target in &failure.smallest.targets {
        for path in &target.paths {
            println!("    path {} {:?} to {:?}", path.reach.word(), path.front, path.destinations);
            filter_lines(&path.filter).iter().for_each(|line| println!("      {line}"));
        }
    }
}

fn faults(seed: u64) -> bool {
    println!("\n{:<38}{:>9}{:>13}{:>13}", "seeded faults", "seeded", "matter", "caught");
    let mut bitten = true;
    for fault in Fault::ALL {
        let caught = fault.run(FAULTS, FAULT_PACKETS, seed);
        println!("{:<38}{:>9}{:>13}{:>13}", fault.word(), caught.seeded, caught.mattered, caught.caught);
        bitten &= caught.caught == caught.mattered && caught.caught > 0;
    }
    for fault in ElementFault::ALL {
        let caught = fault.run(FAULTS, FAULT_PACKETS as usize / 2, seed);
        println!("{:<38}{:>9}{:>13}{:>13}", fault.word(), caught.seeded, caught.mattered, caught.caught);
        if let Some(number) = caught.missed {
            println!("  missed, for example in estate {number}");
        }
        bitten &= caught.caught == caught.mattered && caught.caught > 0;
    }
    bitten
}

fn aws_faults(seed: u64, only: &str) -> bool {
    let faults = AwsFault::ALL.into_iter().filter(|it| only.len() <= 3 || it.element().word() == only);
    let run = |it: AwsFault| it.run(FAULTS / 6, FAULT_PACKETS as usize, seed);
    bites(faults.map(|it| (it.word(), it.element().word(), run(it))))
}

fn gcp_faults(seed: u64, only: &str) -> bool {
    let faults = GcpFault::ALL.into_iter().filter(|it| only.len() <= 3 || it.element().word() == only);
    let run = |it: GcpFault| it.run(FAULTS / 6, FAULT_PACKETS as usize, seed);
    bites(faults.map(|it| (it.word(), it.element().word(), run(it))))
}

/// Whether every fault was caught where it matters, and mattered somewhere.
fn bites(faults: impl Iterator<Item = (&'static str, &'static str, Caught)>) -> bool {
    println!("\n{:<38}{:>9}{:>13}{:>13}", "seeded faults", "seeded", "matter", "caught");
    let mut bitten = true;
    for (word, element, caught) in faults {
        println!("{word:<38}{:>9}{:>13}{:>13}", caught.seeded, caught.mattered, caught.caught);
        if let Some(number) = caught.missed {
            println!("  missed, for example in number {number} of {element}");
        }
        bitten &= caught.caught == caught.mattered && caught.caught > 0;
    }
    bitten
}

/// Estates that are nearly the same must not be told as the same.
fn near_misses() -> bool {
    let found = estates::near_misses(NEAR_MISSES, NEAR_MISSES / 5);
    println!("\nnear-misses that differ: {:?}", found.differing);
    found.unnoticed.iter().for_each(|it| println!("  told as the same: {it}"));
    let accounts = estates::aws_near_misses(NEAR_MISSES / 5, NEAR_MISSES / 25);
    println!("near-misses of AWS that differ: {:?}", accounts.differing);
    accounts.unnoticed.iter().for_each(|it| println!("  told as the same: {it}"));
    let organisations = estates::gcp_near_misses(NEAR_MISSES / 5, NEAR_MISSES / 25);
    println!("near-misses of Google Cloud that differ: {:?}", organisations.differing);
    organisations.unnoticed.iter().for_each(|it| println!("  told as the same: {it}"));
    let all = accounts.differing.len() == AwsNearMiss::ALL.len()
        && organisations.differing.len() == GcpNearMiss::ALL.len();
    found.unnoticed.is_empty()
        && found.differing.len() == NearMiss::ALL.len()
        && accounts.unnoticed.is_empty()
        && organisations.unnoticed.is_empty()
        && all
}

const NEAR_MISSES: usize = 5_000;
const FAULTS: u64 = 300;
const FAULT_PACKETS: u64 = 100_000;
