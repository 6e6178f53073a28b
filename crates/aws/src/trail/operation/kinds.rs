//! Names of kinds and of memories of the ledger that operations and their consequences have in common.

pub(crate) use super::address::{KIND as ADDRESS, LED_BY};
pub(crate) use super::balancer::HEALTH;
pub(crate) use super::instance::{BY_SUBNET, KIND as INSTANCE, MAPS, public};
pub(crate) use super::interface::{AUTO_PUBLIC, KIND as INTERFACE, automatic};
pub(crate) use super::service::STATES as PORT_STATES;
pub(crate) use super::vpc::{BESIDES, WITH_GATEWAY};
