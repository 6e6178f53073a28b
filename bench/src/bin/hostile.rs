//! What an attacker can write into one list: rules that all cut each other, and rules with thousands of prefixes.
//!
//! `hostile PREFIXES` tries that many prefixes in each rule; without it 10, 100, 1,000 and 4,000, which is what Azure
//! allows. The peak of memory is that of the process, so a size given alone has its own.

use std::sync::Arc;

use bench::clock::{median, quantile, resident_peak, timed};
use bench::generate::{Kind, hostile_with_prefixes, list};
use bench::list::{Lowering, snapshot};
use bench::random::Random;
use engine::Assessor;
use model::Target;
use packet::Family;

fn main() {
    let only: Option<usize> = std::env::args().nth(1).and_then(|text| text.parse().ok());
    cutting_rules();
    println!("\n1,000 rules, each with that many prefixes as its sources, one target");
    println!(
        "{:>9}{:>12}{:>11}{:>14}{:>16}{:>12}",
        "prefixes", "CPU s", "exposures", "intervals", "peak before MB", "peak MB"
    );
    let sizes = only.map_or_else(|| PREFIXES.to_vec(), |only| vec![only]);
    sizes.into_iter().for_each(many_prefixes);
}

/// Random ranges of ports and sources, half deny.
fn cutting_rules() {
    println!("random ranges of ports and sources, half deny: CPU ms of one target, cold");
    println!("{:>9}{:>9}{:>12}{:>12}{:>11}", "rules", "lists", "median", "highest", "budget");
    for (rules, lists, budget) in [(100, 50, ""), (300, 20, ""), (1000, 10, "100")] {
        let mut random = Random::new(SEED);
        let lowering = Lowering::default();
        let mut cold = |_| {
            let target = lowering.target("hostile", &list(&mut random, Kind::Hostile, rules));
            let mut assessor = Assessor::new(&snapshot(Vec::new()));
            timed(|| assess(&mut assessor, &target)).1
        };
        let times: Vec<_> = (0..lists).map(&mut cold).collect();
        let ms = |time: std::time::Duration| time.as_secs_f64() * 1e3;
        let (middle, highest) = (ms(median(times.clone())), ms(quantile(times, 1.0)));
        println!("{rules:>9}{lists:>9}{middle:>12.2}{highest:>12.2}{budget:>11}");
    }
}

fn many_prefixes(prefixes: usize) {
    let mut random = Random::new(SEED);
    let lowering = Lowering::default();
    let rules = (0..1000)
        .map(|number| lowering.rule(number, &hostile_with_prefixes(&mut random, prefixes)))
        .collect();
    let target = lowering.target_behind("hostile", rules);
    let before = resident_peak();
    let mut assessor = Assessor::new(&snapshot(Vec::new()));
    let ((exposures, intervals), time) = timed(|| assess(&mut assessor, &target));
    let mb = |bytes: u64| bytes as f64 / 1e6;
    println!(
        "{prefixes:>9}{:>12.2}{exposures:>11}{intervals:>14}{:>16.0}{:>12.0}",
        time.as_secs_f64(),
        mb(before),
        mb(resident_peak())
    );
}

/// How many exposures there are, and of how many intervals of sources.
fn assess(assessor: &mut Assessor, target: &Arc<Target>) -> (usize, usize) {
    let (mut exposures, mut intervals) = (0, 0);
    let mut sink = |exposure: engine::Exposure, sources: &packet::AddressSet| {
        std::hint::black_box(&exposure);
        exposures += 1;
        intervals += sources.v4_spans().len();
        debug_assert!(sources.is_empty_in(Family::V6));
    };
    assessor.assess(target, &mut sink).expect("the engine agrees with itself");
    (exposures, intervals)
}

const SEED: u64 = 11;
const PREFIXES: [usize; 4] = [10, 100, 1000, 4000];
