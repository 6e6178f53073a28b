//! The nouns everything else speaks in: rules, filters, paths, targets, snapshots, gaps, provenance.
//!
//! A cloud lowers its resources to these; the engine decides on these and on nothing else. No priority number,
//! default rule or tag name has a meaning here. Nothing here reads a file, a clock or a document format.

mod filter;
mod gap;
mod internet;
mod moment;
mod path;
mod provenance;
mod rule;
mod snapshot;
mod weakened;

use std::sync::Arc;

pub use filter::{Filter, RuleList};
pub use gap::{Effect, Gap};
pub use internet::{Grade, Internet, Thresholds};
pub use moment::Moment;
pub use path::{Carries, Destinations, Front, Hop, Path, Reach, Target};
pub use provenance::{DocumentId, Provenance};
pub use rule::{Action, Matches, Rule, Tag, every_type};
pub use snapshot::{Bound, Coverage, Inside, Snapshot};
pub use weakened::{Watch, Weakened};

/// A shared piece of text: a name, an id.
pub type Name = Arc<str>;
