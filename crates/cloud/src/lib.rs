//! The contract a cloud fulfils, and what clouds share: JSON of any shape, what an object says, resources by key,
//! grammars.
//!
//! A cloud reads documents into its inventory and lowers the inventory to a snapshot; the binary knows nothing else
//! of it. Knows no cloud, no file and no rule of any provider.

mod contract;
mod desk;
pub mod grammar;
mod hash;
pub mod json;
mod locate;
mod pool;
mod shelf;
mod stated;
mod values;

pub use contract::{Cloud, Document, Inventory, Reading};
pub use desk::{Desk, Intake, Quoted, ReadAt};
pub use hash::{LookupMap, LookupSet};
pub use locate::{Place, locate};
pub use pool::{Common, Pool};
pub use shelf::{Arrival, Shelf, put};
pub use stated::{Lookup, Said, Stated};
pub use values::values;
