//! All of AWS: what its exports look like, what its resources mean, and what they come to as paths and filters.
//!
//! ```
//! use cloud::{Document, Inventory as _};
//! use model::{DocumentId, Thresholds};
//!
//! let text = r#"{"SecurityGroups": [{"GroupId": "sg-1", "GroupName": "web", "IpPermissions": []}]}"#;
//! let mut inventory = aws::Inventory::new();
//! let reading = inventory.read(&Document { id: DocumentId(0), path: "groups.json", text });
//! assert_eq!(reading.format, Some("aws/describe"));
//! assert_eq!(inventory.snapshot(Thresholds::STANDARD).targets.len(), 1);
//! ```
//!
//! Rooms: `wire` (spelling), `template` and `declared` (what is about to be, written as exports spell it), `resource` (meaning), `lower` (paths). Numbers like W13 in comments are those of
//! `semantics.md`. Knows no other cloud, no check, no report; opens no file.

mod declared;
mod estate;
mod intake;
mod inventory;
mod lower;
mod ranges;
mod register;
mod replay;
mod resource;
mod template;
mod trail;
mod wire;

#[cfg(test)]
mod unknown;

pub use inventory::Inventory;

/// AWS, for the binary's list of clouds.
pub static CLOUD: cloud::Cloud = cloud::Cloud {
    name: lower::CLOUD_NAME,
    signs: &[],
    waits: template::is_template,
    inventory: || Box::new(Inventory::new()),
    trail: trail::TRAIL,
};

/// Parses a text into the trees that resources are read from, and drops them; returns how many there were. Benchmarks
/// measure reading and scanning against this.
#[must_use]
pub fn parsed_resources(text: &str) -> u64 {
    cloud::json::parsed_entries(text)
}
