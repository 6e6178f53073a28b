//! What gateways and firewalls of the input refer to and the input has nothing of.

use model::Name;

use crate::resource::{FirewallPolicy, Interface, IpConfiguration};

use super::super::Lowering;
use super::super::coverage::owner_of;

impl Lowering<'_> {
    /// The kinds that are absent although a gateway or a firewall names one, each with the command that exports it.
    pub(in super::super) fn missing_behind_gateways(&self) -> Vec<&'static str> {
        let devices = &self.estate.devices;
        let gateways = devices.application_gateways.values();
        let mut missing = Vec::new();
        let absent = self.kinds_of_users();
        missing.extend(absent.into_iter().filter(|(kind, _)| self.is_absent(kind)).map(|(_, told)| told));
        if self.lacks_gateways() && !missing.contains(&MISSING_GATEWAYS) {
            missing.push(MISSING_GATEWAYS);
        }
        if devices.firewalls.is_empty()
            && !devices.firewall_policies.is_empty()
            && !missing.contains(&MISSING_FIREWALLS)
        {
            missing.push(MISSING_FIREWALLS);
        }
        let firewalls = devices.firewalls.values();
        if devices.firewall_policies.is_empty() && firewalls.clone().any(|one| one.policy.is_some()) {
            missing.push(MISSING_POLICIES);
        }
        let has_groups = |policy: &FirewallPolicy| {
            policy.nested.is_empty() && policy.groups.as_ref().is_none_or(|groups| !groups.is_empty())
        };
        if devices.collection_groups.is_empty() && devices.firewall_policies.values().any(has_groups) {
            missing.push(MISSING_COLLECTIONS);
        }
        if devices.ip_groups.is_empty() && self.names_ip_groups() {
            missing.push(MISSING_IP_GROUPS);
        }
        if devices.waf_policies.is_empty() && gateways.clone().any(|one| one.names_policy()) {
            missing.push(MISSING_WAF_POLICIES);
        }
        if gateways.flat_map(|one| &one.pools).any(|pool| pool.has_names) {
            missing.push(NAMED_BACKENDS);
        }
        missing
    }

    /// The kinds of gateways that public addresses say they belong to.
    fn kinds_of_users(&self) -> Vec<(&'static str, &'static str)> {
        let users = self.estate.public_addresses.values().filter_map(|address| address.used_by.as_ref());
        let users: Vec<&Name> = users.filter(|user| is_of_gateway(user)).collect();
        KINDS.iter().copied().filter(|(kind, _)| users.iter().any(|user| user.contains(kind))).collect()
    }

    /// Whether the input has nothing of a kind of gateway.
    fn is_absent(&self, kind: &str) -> bool {
        let devices = &self.estate.devices;
        match kind {
            "/applicationgateways/" => devices.application_gateways.is_empty(),
            "/azurefirewalls/" => devices.firewalls.is_empty(),
            "/bastionhosts/" => devices.bastions.is_empty(),
            _ => devices.tunnel_gateways.is_empty() && devices.circuit_gateways.is_empty(),
        }
    }

    /// Tells of gateways that public addresses and policies name and that are not in the input, although others are.
    pub(in super::super) fn tell_unseen_gateways(&mut self) {
        let estate = self.estate;
        for address in estate.public_addresses.values() {
            let Some(user) = address.used_by.as_ref().filter(|user| is_of_gateway(user)) else { continue };
            let is_kind_there = KINDS.iter().any(|(kind, _)| user.contains(kind) && !self.is_absent(kind));
            if is_kind_there && !estate.devices.has(owner_of(user)) {
                self.tell_dangling(
                    &address.identity,
                    address.identity.read_at,
                    "the gateway",
                    owner_of(user),
                );
            }
        }
        if estate.devices.firewalls.is_empty() {
            return;
        }
        for policy in estate.devices.firewall_policies.values() {
            for firewall in policy.firewalls.iter().filter(|key| !estate.devices.firewalls.contains_key(*key))
            {
                self.tell_dangling(&policy.identity, policy.identity.read_at, "the firewall", firewall);
            }
        }
    }

    /// Whether an interface is in a pool of an application gateway, and none is in the input.
    fn lacks_gateways(&self) -> bool {
        let interfaces = self.estate.interfaces.values();
        let mut balancing = interfaces.flat_map(|one| &one.configurations).flat_map(|one| &one.balancing);
        self.estate.devices.application_gateways.is_empty()
            && balancing.any(|one| !one.gateway_pools.is_empty())
    }

    /// Tells of a pool whose gateway is not in the input although gateways are.
    pub(super) fn tell_unseen_gateway(&mut self, interface: &Interface, configuration: &IpConfiguration) {
        let known = &self.estate.devices.application_gateways;
        if known.is_empty() {
            return;
        }
        for pool in configuration.balancing.iter().flat_map(|balancing| &balancing.gateway_pools) {
            let what = match gateway_of(pool).and_then(|gateway| known.get(gateway)) {
                None => "the application gateway of the pool",
                Some(gateway) if !gateway.pools.iter().any(|one| one.key == *pool) => {
                    "the pool of an application gateway"
                }
                Some(_) => continue,
            };
            self.tell_dangling(&interface.identity, configuration.read_at, what, pool);
        }
    }

    /// Whether a gateway is in one of these subnets: what filters there filters for all that is behind it.
    pub(in super::super) fn has_gateway_in(&self, subnets: &[Name]) -> bool {
        let devices = &self.estate.devices;
        let gateways = devices.application_gateways.values().filter_map(|gateway| gateway.subnet.as_ref());
        let bastions = devices.bastions.values().filter_map(|bastion| bastion.subnet.as_ref());
        let tunnels = devices.tunnel_gateways.values().filter_map(|gateway| gateway.subnet.as_ref());
        gateways.chain(bastions).chain(tunnels).any(|subnet| subnets.contains(subnet))
    }

    fn names_ip_groups(&self) -> bool {
        let devices = &self.estate.devices;
        let classic =
            devices.firewalls.values().flat_map(|one| [&one.translations, &one.network_rules]).flatten();
        let apart = devices.collection_groups.values();
        let nested = devices.firewall_policies.values().flat_map(|policy| &policy.nested);
        let grouped = apart.chain(nested).filter_map(|group| group.collections.as_ref());
        let rules = classic.chain(grouped).flatten().flat_map(|collection| &collection.rules);
        rules.into_iter().any(|rule| !rule.sources.groups.is_empty() || !rule.destinations.groups.is_empty())
    }
}

/// The key of the gateway that the key of a pool names.
fn gateway_of(pool: &str) -> Option<&str> {
    pool.split_once("/backendaddresspools/").map(|(gateway, _)| gateway)
}

/// Whether a part belongs to a gateway of a kind that is assessed.
pub(in super::super) fn is_of_gateway(part: &str) -> bool {
    KINDS.iter().any(|(kind, _)| part.contains(kind))
}

/// Kinds of gateways that have public addresses, as they stand in ids, and what is told where the input has none.
const KINDS: [(&str, &str); 4] = [
    ("/applicationgateways/", MISSING_GATEWAYS),
    ("/azurefirewalls/", MISSING_FIREWALLS),
    ("/bastionhosts/", MISSING_BASTIONS),
    ("/virtualnetworkgateways/", MISSING_TUNNELS),
];

const MISSING_FIREWALLS: &str = "Azure Firewalls are not in the input: what they and their policies let in is not assessed; add `az network firewall list`";
const MISSING_BASTIONS: &str =
    "Bastion hosts are not in the input and not assessed; add `az network bastion list`";
const MISSING_TUNNELS: &str = "virtual network gateways are not in the input and not assessed; add `az network vnet-gateway list -g GROUP` for each resource group";
const MISSING_GATEWAYS: &str = "application gateways are not in the input: interfaces in their pools are `admitted`; add `az network application-gateway list`";
const MISSING_POLICIES: &str = "policies of firewalls are not in the input: what those firewalls translate is `admitted`; add `az network firewall policy list`";
const MISSING_COLLECTIONS: &str = "rule collection groups of firewall policies are not in the input: what they translate is `admitted`; add `az network firewall policy rule-collection-group list --policy-name NAME -g GROUP` for each";
const MISSING_IP_GROUPS: &str = "IP groups are not in the input: rules of firewalls that name one may match any address; add `az network ip-group list`";
const MISSING_WAF_POLICIES: &str = "policies of web application firewalls are not in the input: what filters the content before application gateways is not known; add `az network application-gateway waf-policy list`";
const NAMED_BACKENDS: &str = "backends of application gateways that are given by name are not followed: what a name stands for is in no export that is read";
