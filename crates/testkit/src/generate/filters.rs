//! Filters: lists put together the ways clouds do, and the ways none does yet.

use std::sync::Arc;

use model::{Action, Filter, RuleList};

use super::lists::{Kind, list};
use crate::random::Random;

/// A list and a deny behind it, as one group of rules stands in front of an interface.
#[must_use]
pub fn group(rules: RuleList) -> Filter {
    Filter::Chain(vec![Filter::FirstMatch(Arc::new(rules)), Filter::Always(Action::Deny)])
}

/// A nested expression over short lists of a kind. Its lists have different ids.
#[must_use]
pub fn filter(random: &mut Random, kind: Kind, depth: usize) -> Filter {
    let mut number = 0;
    nested(random, kind, depth, &mut number)
}

fn nested(random: &mut Random, kind: Kind, depth: usize, number: &mut usize) -> Filter {
    if depth == 0 || random.chance(15) {
        return leaf(random, kind, number);
    }
    let parts = (0..random.between(1, 3)).map(|_| nested(random, kind, depth - 1, number)).collect();
    match random.below(3) {
        0 => Filter::Chain(parts),
        1 => Filter::AllOf(parts),
        _ => Filter::AnyOf(parts),
    }
}

fn leaf(random: &mut Random, kind: Kind, number: &mut usize) -> Filter {
    if random.chance(10) {
        return Filter::Always(*random.pick(&[Action::Allow, Action::Deny, Action::Pass]));
    }
    let rules = random.between(1, 8);
    let mut rules = list(random, kind, rules);
    *number += 1;
    rules.id = format!("list-{number}").into();
    rules.name = rules.id.clone();
    if random.chance(60) {
        // Without the deny at the end the list can pass, which is what the expressions are about.
        rules.rules.truncate(rules.rules.len() - 3);
    }
    for rule in &mut rules.rules {
        if random.chance(15) {
            rule.action = Action::Pass;
        }
    }
    Filter::FirstMatch(Arc::new(rules))
}
