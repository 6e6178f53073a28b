//! What changes did to exposures, in order of time: openings with their steps.
//!
//! Knows no cloud, no clock and no log: its caller says what changed when, and hands over the targets as they are then.

mod judged;
mod opening;

pub use judged::{Expected, Judged};
pub use opening::{Cause, ChangeEffect, Opening, Step};
