//! Organisations of Google Cloud: what the crates say of them, and what the evaluator on their JSON says.

mod differing;
mod duel;
mod near_misses;

pub use differing::differing_organisation_packet;
pub(crate) use duel::{ASKED, organisation_disagrees, organisation_duel};
pub use duel::{compare_organisation, run_organisation};
pub use near_misses::{GcpFound, gcp_near_misses};
