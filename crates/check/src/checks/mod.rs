//! The checks, one file for each. Adding one is a file, its line here, and its line in [`CHECKS`](crate::CHECKS).

pub(crate) mod admin_rule_overrides_group;
pub(crate) mod almost_any_source;
pub(crate) mod change_denied;
pub(crate) mod change_not_modelled;
pub(crate) mod default_list_opens;
pub(crate) mod front_port_differs;
pub(crate) mod gateway_without_filter;
pub(crate) mod internet_reaches_admin_port;
pub(crate) mod internet_reaches_all_ports;
pub(crate) mod internet_reaches_database_port;
pub(crate) mod internet_reaches_port;
pub(crate) mod latent_opening;
pub(crate) mod log_weakened;
pub(crate) mod no_filter;
pub(crate) mod opening_only_over_ipv6;
pub(crate) mod rentable_source;
pub(crate) mod rule_never_matches;
pub(crate) mod service_allows_any_tenant;
pub(crate) mod service_firewall_open;
pub(crate) mod shadowed_rule;
pub(crate) mod udp_amplifier;
pub(crate) mod watcher_weakened;
