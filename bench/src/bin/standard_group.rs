//! Assesses one standard group of 33 rules, cold every time, so that callgrind can count its instructions:
//!
//! ```text
//! valgrind --tool=callgrind target/release/standard_group 200
//! valgrind --tool=callgrind target/release/standard_group 0
//! ```
//!
//! The difference of the two counts, divided by 200, is one group. Every group is a new list, so nothing is found
//! in a memo but what any two groups of an account share.

use std::hint::black_box;

use bench::generate::{Kind, list};
use bench::list::{Lowering, snapshot};
use bench::random::Random;
use engine::Assessor;

fn main() {
    let assessed: usize = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(200);
    let lowering = Lowering::default();
    let mut random = Random::new(33);
    // All are made whatever is assessed, so that the difference of two runs is the assessment alone.
    let targets: Vec<_> = (0..GROUPS_MAX)
        .map(|number| lowering.target(&format!("group-{number}"), &list(&mut random, Kind::Account, 33)))
        .collect();
    let mut assessor = Assessor::new(&snapshot(Vec::new()));
    let mut exposures = 0_u64;
    for target in targets.iter().take(assessed) {
        let mut sink = |exposure, _: &_| {
            black_box(&exposure);
            exposures += 1;
        };
        assessor.assess(target, &mut sink).expect("the engine agrees with itself");
    }
    println!("{} groups of 33 rules, {exposures} exposures", assessed.min(GROUPS_MAX));
}

const GROUPS_MAX: usize = 1000;
