//! Accounts of AWS: what the crates say of them, and what the evaluator on their JSON says.

mod duel;
mod near_misses;

pub(crate) use duel::{ASKED, account_duel, disagrees};
pub use duel::{compare_account, run_account, seeded};
pub use near_misses::{AwsFound, aws_near_misses, differing_account_packet};
