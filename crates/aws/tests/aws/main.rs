//! What the crate makes of documents as users have them, end to end: text in, exposures and gaps out.

#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a fixture whose own assumptions fail may stop the test"
)]

mod balancers;
mod estate;
mod formats;
mod formats_config;
mod formats_damage;
mod formats_ranges;
mod group_damage;
mod group_targets;
mod groups;
mod interfaces;
mod losses;
mod network;
mod network_lists;
mod prefix_lists;
mod public_access;
mod reply;
mod routes;
mod services;
mod templates;
mod trail;
mod trail_balancers;
mod trail_impairments;
mod trail_machines;
mod trail_networks;
mod trail_services;
