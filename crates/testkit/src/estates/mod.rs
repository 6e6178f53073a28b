//! Generated estates: what the crates say of them, and what the evaluator on their JSON says.

mod aws;
mod declared;
mod duel;
mod gcp;
mod near_misses;
mod probe;
mod reach;

use std::collections::BTreeSet;

use model::Snapshot;
use serde_json::Value;

use crate::generate::Estate;
use crate::oracle::azure::{self, Judge};
use crate::pipeline::lower_values;
use crate::random::Random;

pub(crate) use aws::{ASKED as AWS_ASKED, account_duel, disagrees};
pub use aws::{AwsFound, aws_near_misses, compare_account, differing_account_packet, run_account, seeded};
pub use declared::{Declared, declared};
pub(crate) use duel::duel;
pub use duel::{Tally, Told, compare, run};
pub(crate) use gcp::{ASKED as GCP_ASKED, organisation_disagrees, organisation_duel};
pub use gcp::{
    GcpFound, compare_organisation, differing_organisation_packet, gcp_near_misses, run_organisation,
};
pub use near_misses::{Found, near_misses};
use probe::Probe;
pub use reach::{ReachTally, ReachTold, fingerprints};

/// Everything that must stay when an estate is only written otherwise: each exposure without the names of rules.
///
/// # Panics
/// When the engine contradicts itself.
#[must_use]
pub fn exposures(estate: &Estate) -> BTreeSet<String> {
    exposures_of(&estate.documents())
}

/// The same of documents in the order they are read.
///
/// # Panics
/// When the engine contradicts itself.
#[must_use]
pub fn exposures_of(documents: &[(String, Value)]) -> BTreeSet<String> {
    let (snapshot, _) = lower_values(documents);
    exposures_in(&snapshot)
}

fn exposures_in(snapshot: &Snapshot) -> BTreeSet<String> {
    let mut told = BTreeSet::new();
    let sink = &mut |exposure: engine::Exposure, addresses: &packet::AddressSet| {
        let engine::Exposure {
            fingerprint, target, reach, certainty, fronts, protocol, ports, sources, ..
        } = exposure;
        told.insert(format!(
            "{fingerprint} {} {reach:?} {certainty:?} {fronts:?} {protocol:?} {ports} {sources:?} {addresses:?}",
            target.id
        ));
    };
    engine::exposures(snapshot, sink).unwrap_or_else(|contradiction| panic!("{contradiction}"));
    told
}

/// A packet of which the oracle says different things in two estates; `None` when none was found.
#[must_use]
pub fn differing_packet(before: &Estate, after: &Estate, random: &mut Random) -> Option<String> {
    let all = Probe::of(rules(before).chain(rules(after)).flat_map(boundaries));
    // Only packets that a changed rule speaks of can differ; a changed attachment concerns all.
    let gone = rules(before).filter(|rule| !rules(after).any(|it| it == *rule));
    let come = rules(after).filter(|rule| !rules(before).any(|it| it == *rule));
    let changed = Probe::of(gone.chain(come).flat_map(boundaries));
    let pairs: Vec<_> = judges(before).zip(judges(after)).collect();
    for _ in 0..TRIES {
        let ((target, one), (_, two)) = random.pick(&pairs);
        let packet = if random.chance(70) { &changed } else { &all }.packet(random);
        let (left, right) = (one.decide(&packet), two.decide(&packet));
        if left != right {
            return Some(format!("{packet:?} to {target}: {left:?} before, {right:?} after"));
        }
    }
    None
}

/// The interfaces of an estate, each with who decides for it.
fn judges(estate: &Estate) -> impl Iterator<Item = (&str, Judge)> {
    let mut oracle = azure::Estate::default();
    estate.documents().iter().for_each(|(_, document)| oracle.read(document));
    estate.targets().filter_map(move |target| Some((target, oracle.judge(target)?)))
}

/// What a packet can be beside of: the sources and ports of a rule.
fn boundaries(rule: &Value) -> impl Iterator<Item = &Value> {
    let keys =
        ["sourceAddressPrefix", "sourceAddressPrefixes", "destinationPortRange", "destinationPortRanges"];
    keys.into_iter().filter_map(|key| rule.get(key))
}

fn rules(estate: &Estate) -> impl Iterator<Item = &Value> {
    estate.groups.iter().filter_map(|group| group["securityRules"].as_array()).flatten()
}

const TRIES: usize = 400;
