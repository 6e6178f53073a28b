//! `detect` as a person and a script use it: exit codes, formats, filters, its state, following, damaged and hostile logs.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a broken fixture is a failed test"
)]

mod damage;
mod fixture;
mod follow;
mod hostile;
mod state;
mod verb;
