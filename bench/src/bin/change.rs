//! One rule of a list changes: how long until the new exposure of its target is known.
//!
//! Changes follow each other, as in a timeline: an action turned, sources or ports replaced, a rule added or taken
//! away. Lowering the changed list is the cloud's work and not counted; unchanged rules share their sets.

use std::time::Duration;

use bench::clock::{cpu_now, micros, quantile, resident_peak};
use bench::generate::{Kind, list};
use bench::list::{Lowering, PlainRule, snapshot};
use bench::random::Random;
use engine::Assessment;
use model::{Action, Rule};

fn main() {
    println!("one-rule change to new exposure of one target, CPU µs");
    println!(
        "{:>7}{:>9}{:>10}{:>10}{:>10}{:>10}{:>16}",
        "rules", "changes", "median", "p90", "p99", "budget", "kept B/change"
    );
    for (rules, changes, budget) in
        [(10, 4000, "10"), (33, 4000, "10"), (50, 4000, "10"), (100, 2000, ""), (1000, 1000, "200")]
    {
        let before = resident_peak();
        let times = timeline(rules, changes);
        let kept = (resident_peak() - before) / changes as u64;
        let at = |share| micros(quantile(times.clone(), share));
        println!(
            "{rules:>7}{changes:>9}{:>10.2}{:>10.2}{:>10.2}{budget:>10}{kept:>16}",
            at(0.5),
            at(0.9),
            at(0.99)
        );
    }
}

/// The CPU time of each change.
fn timeline(rules: usize, changes: usize) -> Vec<Duration> {
    let mut random = Random::new(SEED);
    let lowering = Lowering::default();
    let lower = |list: &[PlainRule]| -> Vec<Rule> {
        list.iter().enumerate().map(|(number, rule)| lowering.rule(number, rule)).collect()
    };
    let mut current = lower(&list(&mut random, Kind::Account, rules));
    let target = lowering.target_behind("changing", current.clone());
    let mut assessment = Assessment::new(&snapshot(vec![target])).expect("the engine agrees with itself");
    let mut change = |_| {
        edit(&mut random, &lowering, &mut current, rules);
        let target = lowering.target_behind("changing", current.clone());
        let start = cpu_now();
        assessment.put(&target).expect("the engine agrees with itself");
        cpu_now() - start
    };
    (0..changes).map(&mut change).collect()
}

/// Edits one rule in front of the three defaults.
fn edit(random: &mut Random, lowering: &Lowering, rules: &mut Vec<Rule>, usual: usize) {
    let own = rules.len() - 3;
    let at = random.below(own);
    let Some(other) = list(random, Kind::Account, 4).first().map(|rule| lowering.rule(0, rule)) else {
        return;
    };
    match random.below(4) {
        0 => {
            rules[at].action = match rules[at].action {
                Action::Allow => Action::Deny,
                Action::Deny | Action::Pass => Action::Allow,
            };
        }
        1 => rules[at].matches.sources = other.matches.sources,
        2 => rules[at].matches.ports = other.matches.ports,
        _ if rules.len() > usual => drop(rules.remove(at)),
        _ => rules.insert(at, other),
    }
    for (number, rule) in rules.iter_mut().enumerate() {
        rule.rank = number as u32;
    }
}

const SEED: u64 = 13;
