//! The same account of AWS written otherwise, and accounts that are nearly the same.

mod equivalent;
mod near_miss;
mod written;

pub use equivalent::AwsRewrite;
pub use near_miss::AwsNearMiss;
pub use written::{merged, reversed_keys};

use serde_json::Value;

use crate::generate::Account;

/// The number of an entry of a network ACL.
fn number(entry: &Value) -> i64 {
    entry["RuleNumber"].as_i64().unwrap_or_default()
}

/// The routes of each table.
fn routes(account: &mut Account) -> Vec<&mut Vec<Value>> {
    account.all("RouteTables").iter_mut().filter_map(|it| it["Routes"].as_array_mut()).collect()
}

/// Where prefixes stand in a permission: its list, the key in each of its members.
const RANGES: [[&str; 2]; 2] = [["IpRanges", "CidrIp"], ["Ipv6Ranges", "CidrIpv6"]];
/// Where a prefix stands in an entry of a list.
const BLOCKS: [&str; 2] = ["CidrBlock", "Ipv6CidrBlock"];
