//! Google Cloud as documents state it: one file for each subject.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a broken fixture is a failed test"
)]

mod balancers;
mod balancers_damage;
mod damage;
mod declared;
mod declared_damage;
mod effective;
mod estate;
mod firewall_damage;
mod firewalls;
mod formats;
mod formats_assets;
mod formats_damage;
mod formats_ranges;
mod inside;
mod interfaces;
mod network;
mod network_damage;
mod network_targets;
mod policies;
mod policy_damage;
mod routes;
mod services;
mod services_damage;
mod swapped;
