//! The engine from outside.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a broken fixture is a failed test")]

mod changes;
mod fixture;
mod idle;
mod matrix;
mod reach;
mod timeline;
