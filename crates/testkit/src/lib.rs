//! Development only: what the other crates are judged by.
//!
//! - [`oracle`]: naive evaluators, one packet at a time, that share no code with what they judge.
//! - [`generate`]: seeded sets, rules, lists, filters, snapshots and estates.
//! - [`rewrite`]: the same estate written otherwise, and near-misses that are not the same.
//! - [`compare`]: engine against oracle over many packets; [`campaign`]: what is compared; [`estates`]: whole estates
//!   from JSON to exposures, one series for each element of a path and each service.
//! - [`configuration`]: estates as Terraform, written in many ways.
//! - [`histories`]: what was done to an account, as audit logs and exports tell it.
//! - [`faults`]: seeded mistakes, each of which the comparison must notice.
//! - [`replayed`]: logs over a snapshot, the way the binary replays them.
//! - [`spec`]: the runner of `specs/**/*.md`; [`cases`]: which worked cases have none.
//!
//! The long run, whose counts are printed by kind and family:
//! `cargo run --release -p testkit --example oracle -- --packets 100000000`.
//!
//! Nothing here is part of the product, and nothing of the product depends on it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code: a broken invariant is a failed test, and a panic says which"
)]

pub mod answers;
pub mod campaign;
pub mod cases;
pub mod compare;
pub mod configuration;
pub mod estates;
pub mod faults;
pub mod generate;
pub mod histories;
pub mod oracle;
pub mod pipeline;
pub mod random;
pub mod replayed;
pub mod rewrite;
pub mod show;
pub mod spec;
pub mod spelling;
