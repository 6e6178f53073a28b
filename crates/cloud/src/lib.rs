//! The contract a cloud fulfils, and the grammars all clouds share.
//!
//! A cloud reads documents into its inventory and lowers the inventory to a snapshot; the binary knows nothing else
//! of it. Knows no cloud, no file and no rule of any provider.

mod contract;
pub mod grammar;
mod locate;

pub use contract::{Cloud, Document, Inventory, Reading};
pub use locate::{Place, locate};
