//! Accounts of AWS: what the crates say of them, and what the evaluator on their JSON says.

mod bounds;
mod duel;
mod fingerprints;
mod near_misses;
mod told;

pub use duel::{AwsTally, compare_account, run_account, seeded};
pub(crate) use duel::{account_duel, disagrees};
pub use fingerprints::fingerprints;
pub use near_misses::{AwsFound, aws_near_misses, differing_account_packet};
pub use told::AwsTold;
