//! What the crate makes of documents as users have them, end to end: text in, exposures and gaps out.

#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a fixture whose own assumptions fail may stop the test"
)]

mod addresses;
mod admin_rules;
mod application_gateways;
mod attacks;
mod balancers;
mod changes;
mod declared;
mod declared_damage;
mod edits;
mod effective;
mod estate;
mod firewalls;
mod formats;
mod formats_spelled;
mod gaps;
mod gateway_damage;
mod gateways;
mod groups;
mod interfaces;
mod mutations;
mod networks;
mod partial;
mod perimeters;
mod private_endpoints;
mod protocols;
mod replay;
mod replies;
mod scale_sets;
mod service_tags;
mod services;
mod services_attacks;
mod services_bad_input;
mod services_sites;
mod trail;
mod world;
