//! A large account, from its parsed form to exposures, on one core: 100,000 different groups, 3.3 million rules.
//!
//! `account [GROUPS]`. Groups are made in batches and timed in batches; one assessor sees them all, as in a scan.

use bench::clock::{resident_peak, timed};
use bench::generate::account_list;
use bench::list::{Lowering, snapshot};
use bench::random::Random;
use engine::{Assessor, Exposure};
use packet::AddressSet;

fn main() {
    let groups: usize = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(100_000);
    let mut random = Random::new(SEED);
    let lowering = Lowering::default();
    let mut assessor = Assessor::new(&snapshot(Vec::new()));
    let (mut rules, mut exposures, mut seconds) = (0, 0_u64, 0.0);
    for batch in (0..groups).step_by(BATCH) {
        let lists: Vec<_> = (batch..groups.min(batch + BATCH)).map(|_| account_list(&mut random)).collect();
        rules += lists.iter().map(Vec::len).sum::<usize>();
        let name = |at: usize| format!("group-{}", batch + at);
        let targets: Vec<_> =
            lists.iter().enumerate().map(|(at, list)| lowering.target(&name(at), list)).collect();
        let mut sink = |exposure: Exposure, _: &AddressSet| {
            std::hint::black_box(&exposure);
            exposures += 1;
        };
        let assess = || targets.iter().try_for_each(|target| assessor.assess(target, &mut sink));
        let (result, time) = timed(assess);
        result.expect("the engine agrees with itself");
        seconds += time.as_secs_f64();
    }
    println!(
        "{groups} groups, {rules} rules, {exposures} exposures: {seconds:.2} s of CPU, {:.1} µs per group, {:.0} MB peak",
        seconds * 1e6 / groups as f64,
        resident_peak() as f64 / 1e6
    );
    println!("budget: 6 s for 100,000 groups of 33 rules");
}

const SEED: u64 = 19;
const BATCH: usize = 1000;
