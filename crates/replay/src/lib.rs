//! Events in order of time over the inventory of a cloud, and what they opened.
//!
//! A history keeps the events that matter, each once, in whatever order they came. A replay applies them by their own time
//! and reads openings off the timeline; a late event is one more reason to replay. Knows no cloud, no file and no clock.

mod announced;
mod denied;
mod expected;
mod history;
mod order;
mod retold;
mod run;
mod saved;
mod told;

pub use expected::{Expectation, Expectations, Window, fits};
pub use history::History;
pub use run::{Basis, Replay};
pub use saved::{Refused, SavedGap, State, load, save};
pub use told::Told;
