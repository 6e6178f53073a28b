//! The contract a cloud fulfils, and what clouds share: JSON of any shape, what an object says, resources by key,
//! grammars.
//!
//! A cloud reads documents into its inventory and lowers the inventory to a snapshot; the binary knows nothing else
//! of it. Knows no cloud, no file and no rule of any provider.

mod arguments;
pub mod audit;
mod base64;
mod bearing;
mod contract;
mod declared;
mod desk;
mod filters;
pub mod grammar;
mod hash;
pub mod json;
mod labels;
mod locate;
mod moments;
mod pool;
mod reception;
mod reply;
mod shelf;
mod stated;
mod tally;
mod values;

pub use arguments::{Arguments, tell_unknown_arguments};
pub use base64::base64;
pub use bearing::{Bearing, Fate};
pub use contract::{Cloud, Document, Inventory, Reading};
pub use declared::{Declarations, Declared, Presence};
pub use desk::{Desk, Intake, Quoted, ReadAt};
pub use filters::{Filters, all_of};
pub use hash::{LookupMap, LookupSet};
pub use labels::labels;
pub use locate::{Place, locate};
pub use moments::{Moments, Timing};
pub use pool::{Common, Pool};
pub use reception::{Reception, Role};
pub use reply::{
    Leading, Outcome, REQUESTS, Request, answered_by, answered_rule, no_route, route_rules, whole_type,
    without_reply,
};
pub use shelf::{Arrival, Shelf, put};
pub use stated::{Lookup, Said, Stated};
pub use tally::{Counted, Tally};
