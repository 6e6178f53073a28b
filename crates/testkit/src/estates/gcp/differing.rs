//! Whether two organisations mean the same, as far as the evaluator on the JSON can tell.

use std::collections::BTreeMap;

use serde_json::Value;

use super::ASKED;
use super::duel::evaluator;
use crate::estates::reach::Boundaries;
use crate::generate::Organisation;
use crate::oracle::azure::Packet;
use crate::oracle::gcp::Judge;
use crate::random::Random;

/// A packet of which the oracle says different things in two organisations; `None` when none was found.
#[must_use]
pub fn differing_organisation_packet(
    before: &Organisation,
    after: &Organisation,
    random: &mut Random,
) -> Option<String> {
    differing([before, after], &Boundaries::of(values(before).iter()), &judges(before), random)
}

/// The same, with what is known of the first organisation.
pub(super) fn differing(
    [before, after]: [&Organisation; 2],
    all: &Boundaries,
    judges: &BTreeMap<String, Judge>,
    random: &mut Random,
) -> Option<String> {
    let (one, other) = (values(before), values(after));
    // Mostly packets that a changed part speaks of can differ; a changed attachment concerns all.
    let mut changed = Vec::new();
    one.iter().zip(&other).for_each(|(one, other)| differences(one, other, &mut changed));
    let near = Boundaries::of(changed.into_iter());
    let sources = [near.sources.iter().copied().collect::<Vec<_>>(), all.sources.iter().copied().collect()];
    let asked = [ASKED.pairs(&near), ASKED.pairs(all)];
    let mut changed = self::judges(after);
    let both: Vec<(&String, &Judge, Judge)> =
        judges.iter().filter_map(|(id, judge)| Some((id, judge, changed.remove(id)?))).collect();
    for _ in 0..if both.is_empty() { 0 } else { TRIES } {
        let (target, one, two) = random.pick(&both);
        let [which_source, which_port] = [0, 1].map(|_| usize::from(random.chance(30)));
        let source = *random.pick(&sources[which_source]);
        let (protocol, port) = *random.pick(&asked[which_port]);
        let packet = Packet { protocol, source, port };
        let (left, right) = (one.reached(&packet), two.reached(&packet));
        if left != right {
            return Some(format!("{packet:?} to {target}: {left:?} before, {right:?} after"));
        }
    }
    None
}

/// The documents of an organisation, without their names.
pub(super) fn values(organisation: &Organisation) -> Vec<Value> {
    organisation.documents().into_iter().map(|(_, document)| document).collect()
}

/// Who decides for each interface.
pub(super) fn judges(organisation: &Organisation) -> BTreeMap<String, Judge> {
    evaluator(&organisation.documents()).judges().0
}

/// The innermost objects that differ, as they are in either.
fn differences<'v>(one: &'v Value, other: &'v Value, found: &mut Vec<&'v Value>) {
    match (one, other) {
        _ if one == other => {}
        (Value::Array(left), Value::Array(right)) if left.len() == right.len() => {
            left.iter().zip(right).for_each(|(one, other)| differences(one, other, found));
        }
        (Value::Array(left), Value::Array(right)) => {
            found.extend(left.iter().filter(|it| !right.contains(it)));
            found.extend(right.iter().filter(|it| !left.contains(it)));
        }
        (Value::Object(left), Value::Object(right)) if left.contains_key("rules") => {
            left.iter().filter_map(|(key, value)| Some((value, right.get(key)?))).for_each(|(one, other)| {
                differences(one, other, found);
            });
        }
        _ => found.extend([one, other]),
    }
}

const TRIES: usize = 200;
