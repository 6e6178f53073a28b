//! Audit logs of Google Cloud as they are delivered: one file for each subject, a table of entries with what is before
//! and after.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a broken fixture is a failed test"
)]

mod bench;
mod containers;
mod corpus;
mod damage;
mod effect;
mod firewalls;
mod impairments;
mod machines;
mod networks;
mod operations;
mod policies;
mod services;
