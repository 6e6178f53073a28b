//! Accounts that are nearly the same, and must not be told as the same.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::ASKED;
use crate::estates::reach::{Boundaries, fingerprints};
use crate::generate::{Account, AwsElement};
use crate::oracle::aws::{self, Judge};
use crate::oracle::azure::Packet;
use crate::random::{Random, mix};
use crate::rewrite::AwsNearMiss;

/// Near-misses of which the oracle says that they mean something else.
#[derive(Debug, Default)]
pub struct AwsFound {
    /// How many of each kind.
    pub differing: BTreeMap<AwsNearMiss, usize>,
    /// Those of which the crates say the same all the same.
    pub unnoticed: Vec<String>,
}

/// Looks for that many and one of each kind at least, and at most so many of one kind.
///
/// # Panics
/// When the engine contradicts itself.
#[must_use]
pub fn aws_near_misses(wanted: usize, of_one_kind_max: usize) -> AwsFound {
    let mut found = AwsFound::default();
    for number in 0.. {
        let mut random = Random::new(mix(number));
        let enough = found.differing.values().sum::<usize>() >= wanted;
        if enough && found.differing.len() == AwsNearMiss::ALL.len() {
            break;
        }
        let most = if enough { 1 } else { of_one_kind_max };
        let element = *random.pick(&AwsElement::ALL);
        let original = element.account(&mut random);
        let mut expected = None;
        for kind in AwsNearMiss::ALL {
            if found.differing.get(&kind).is_some_and(|count| *count >= most) {
                continue;
            }
            let Some(missed) = kind.apply(&original, &mut random) else { continue };
            // Whether it means something else is for the oracle to say, where it knows what both mean.
            let Some(packet) = differing_account_packet(&original, &missed, &mut random) else { continue };
            if packet.contains("Undecided") {
                continue;
            }
            if told(&missed) == *expected.get_or_insert_with(|| told(&original)) {
                found.unnoticed.push(format!("{} {number}: {kind:?}: {packet}", element.word()));
            }
            *found.differing.entry(kind).or_default() += 1;
        }
    }
    found
}

fn told(account: &Account) -> BTreeSet<String> {
    let texts = account.texts();
    fingerprints(texts.iter().map(|(name, text)| (name.as_str(), text.as_str())))
}

/// A packet of which the oracle says different things in two accounts; `None` when none was found.
#[must_use]
pub fn differing_account_packet(before: &Account, after: &Account, random: &mut Random) -> Option<String> {
    let documents =
        |account: &Account| account.documents().into_iter().map(|(_, it)| it).collect::<Vec<Value>>();
    let (one, other) = (documents(before), documents(after));
    let all = Boundaries::of(one.iter().chain(&other));
    // Only packets that a changed part speaks of can differ; a changed attachment concerns all.
    let mut changed = Vec::new();
    one.iter().zip(&other).for_each(|(one, other)| differences(one, other, &mut changed));
    let near = Boundaries::of(changed.into_iter());
    let sources = [near.sources.iter().copied().collect::<Vec<_>>(), all.sources.iter().copied().collect()];
    let asked = [ASKED.pairs(&near), ASKED.pairs(&all)];
    let judges: Vec<(String, Judge, Judge)> = judges(before, after);
    if judges.is_empty() {
        return None;
    }
    for _ in 0..TRIES {
        let (target, one, two) = random.pick(&judges);
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

/// The interfaces of both, each with who decides for it.
fn judges(before: &Account, after: &Account) -> Vec<(String, Judge, Judge)> {
    let [one, two] = [before, after].map(|account| {
        let mut oracle = aws::Estate::default();
        account.documents().iter().for_each(|(_, document)| oracle.read(document));
        oracle.judges().0
    });
    let mut two = two;
    one.into_iter().filter_map(|(id, judge)| Some((id.clone(), judge, two.remove(&id)?))).collect()
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
        (Value::Object(left), Value::Object(right)) if is_large(left) => {
            left.iter().filter_map(|(key, value)| Some((value, right.get(key)?))).for_each(|(one, other)| {
                differences(one, other, found);
            });
        }
        _ => found.extend([one, other]),
    }
}

/// An object that holds lists, and not a permission, an entry or a route.
fn is_large(object: &serde_json::Map<String, Value>) -> bool {
    let whole = ["IpProtocol", "RuleNumber", "Origin"];
    !whole.iter().any(|key| object.contains_key(*key))
}

const TRIES: usize = 3_000;
