//! Engine and oracle agree, and the comparison bites. The long run is `--example oracle`; this one is quick.

use std::sync::Arc;

use model::RuleList;
use testkit::answers::Answers;
use testkit::campaign::SERIES;
use testkit::faults::Fault;
use testkit::generate::{Kind, group, list, paths, snapshot, target};
use testkit::random::Random;
use testkit::show::filter_lines;

/// Packets for all series together; the documented command takes 100,000,000.
const PACKETS: u64 = 2_000_000;

#[test]
fn engine_and_oracle_agree_on_every_packet() {
    for series in SERIES {
        let (tally, failures) = series.run(PACKETS * series.share / 100, 0x5eed);
        if let Some(failure) = failures.first() {
            let paths = failure.smallest.targets.iter().flat_map(|target| &target.paths);
            let lines: Vec<String> = paths.flat_map(|path| filter_lines(&path.filter)).collect();
            panic!("{}: seed {:#x}: {}\n{}", series.name, failure.seed, failure.message, lines.join("\n"));
        }
        assert!(tally.admitted.iter().sum::<u64>() > 0, "{}: nothing is let in", series.name);
    }
}

#[test]
fn every_seeded_fault_is_caught() {
    for fault in Fault::ALL {
        let caught = fault.run(40, 40_000, 0x5eed);
        assert!(caught.mattered > 0, "{}: never matters", fault.word());
        assert_eq!(caught.caught, caught.mattered, "{}: {caught:?}", fault.word());
    }
}

/// What `idle_rules` reports can be taken away, and nothing changes.
#[test]
fn a_rule_that_never_decides_can_go() {
    let mut found = 0;
    for seed in 0..400 {
        let mut random = Random::new(seed);
        let rules = random.between(3, 12);
        let rules = Arc::new(list(&mut random, Kind::Account, rules));
        let reached = |rules: RuleList| {
            Answers::of(&snapshot(vec![target("vm", paths(group(rules)))])).map_err(|it| it.to_string())
        };
        for idle in engine::idle_rules(&rules) {
            let mut fewer = RuleList::clone(&rules);
            fewer.rules.remove(idle.rule);
            let name = &rules.rules[idle.rule].name;
            let before = reached(RuleList::clone(&rules));
            assert!(before == reached(fewer), "seed {seed}: {name} is told as {:?}", idle.why);
            found += 1;
        }
    }
    assert!(found > 100, "only {found} idle rules");
}
