//! Equivalent rewrites of an estate's JSON, and near-misses that look like them.
//!
//! A rewrite changes how an estate is written and nothing of what it means for packets from the Internet; so every
//! exposure and every fingerprint stays. A near-miss is a rewrite gone wrong by one address, one port, one protocol
//! or one place in the order; whether it really differs is for the oracle to say.

mod aws;
mod elements;
mod equivalent;
mod gcp;
mod near_miss;
mod prefix;

pub use aws::{AwsNearMiss, AwsRewrite, merged, reversed_keys};
pub use elements::ElementRewrite;
pub use equivalent::Rewrite;
pub use gcp::{GcpNearMiss, GcpRewrite, Packing, packed};
pub use near_miss::NearMiss;

use serde_json::Value;

use crate::generate::Estate;
use crate::random::Random;

/// The rules of every group.
fn lists(estate: &mut Estate) -> impl Iterator<Item = &mut Vec<Value>> {
    estate.groups.iter_mut().filter_map(|group| group["securityRules"].as_array_mut())
}

/// The rules of one group that has some.
fn some_list<'a>(estate: &'a mut Estate, random: &mut Random) -> &'a mut Vec<Value> {
    let mut lists: Vec<_> = lists(estate).filter(|list| !list.is_empty()).collect();
    let place = random.below(lists.len());
    lists.swap_remove(place)
}

fn priority(rule: &Value) -> u64 {
    rule["priority"].as_u64().unwrap_or_default()
}

/// A priority above `after` that no rule of the list has.
fn free_priority(rules: &[Value], after: u64) -> Option<u64> {
    (after + 1..=4096).find(|number| rules.iter().all(|rule| priority(rule) != *number))
}

const FIELDS: [&str; 4] =
    ["sourceAddressPrefix", "destinationAddressPrefix", "sourcePortRange", "destinationPortRange"];
