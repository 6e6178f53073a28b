//! All of Google Cloud: what its exports look like, what its resources mean, and what they come to as paths and filters.
//!
//! ```
//! use cloud::{Document, Inventory as _};
//! use model::{DocumentId, Thresholds};
//!
//! let text = r#"[{"kind": "compute#network", "name": "default",
//!     "selfLink": "https://www.googleapis.com/compute/v1/projects/tailspin/global/networks/default"}]"#;
//! let mut inventory = gcp::Inventory::new();
//! let reading = inventory.read(&Document { id: DocumentId(0), path: "networks.json", text });
//! assert_eq!(reading.format, Some("gcp/list"));
//! assert!(inventory.snapshot(Thresholds::STANDARD).gaps.is_empty());
//! ```
//!
//! Rooms: `wire` (spelling), `declared` (what is about to be, written as exports spell it), `resource` (meaning), `lower` (paths). Numbers like G10 in comments are those of
//! `semantics.md`. Knows no other cloud, no check, no report; opens no file.

mod declared;
mod estate;
mod hierarchy;
mod intake;
mod inventory;
mod lower;
mod ranges;
mod register;
mod replay;
mod resource;
mod trail;
mod wire;

pub use inventory::Inventory;

/// Google Cloud, for the binary's list of clouds.
pub static CLOUD: cloud::Cloud = cloud::Cloud {
    name: lower::CLOUD_NAME,
    signs: &["compute#", "googleapis.com/"],
    waits: |_| false,
    inventory: || Box::new(Inventory::new()),
    trail: trail::TRAIL,
};

/// Parses a text into the trees that resources are read from, and drops them; returns how many there were. Benchmarks
/// measure reading and scanning against this.
#[must_use]
pub fn parsed_resources(text: &str) -> u64 {
    cloud::json::parsed_entries(text)
}
