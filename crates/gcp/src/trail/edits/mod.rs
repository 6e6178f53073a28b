//! What operations edit, as exports spell it: one file for each subject.

pub(super) mod armor;
pub(super) mod balancer;
pub(super) mod firewall;
pub(super) mod group;
pub(super) mod hierarchy;
pub(super) mod machine;
pub(super) mod network;
pub(super) mod plain;
pub(super) mod policy;
pub(super) mod service;
pub(super) mod tag;
