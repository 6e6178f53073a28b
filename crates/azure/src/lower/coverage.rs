//! How much of the input was assessed, and what the input has nothing of.

use std::collections::BTreeMap;
use std::sync::Arc;

use model::{Coverage, Target};

use super::Lowering;
use super::interface::INTERFACE_KIND;
use super::list::GROUP_KIND;

impl Lowering<'_> {
    /// Resources by kind, those decided and those only seen.
    pub(super) fn coverage(&self, targets: &[Arc<Target>]) -> BTreeMap<&'static str, Coverage> {
        let estate = self.estate;
        let mut coverage: BTreeMap<&'static str, Coverage> = BTreeMap::new();
        let mut count = |kind, assessed: usize, not_assessed: usize| {
            if assessed + not_assessed > 0 {
                let (assessed, not_assessed) = (assessed as u64, not_assessed as u64);
                coverage.insert(kind, Coverage { assessed, not_assessed });
            }
        };
        let interfaces = estate.interfaces.values();
        let skipped = interfaces.filter(|one| !one.is_private_endpoint && !self.is_assessed(one)).count();
        let by_view = |target: &&Arc<Target>| {
            target.kind == INTERFACE_KIND && !estate.interfaces.contains_key(&target.key)
        };
        let seen_by_view = targets.iter().filter(by_view).count();
        count(INTERFACE_KIND, estate.interfaces.len() - skipped + seen_by_view, skipped);
        let elsewhere = self.public_addresses_elsewhere();
        count("public-ip-address", estate.public_addresses.len() - elsewhere, elsewhere);
        count(GROUP_KIND, estate.groups.len(), 0);
        count("virtual-network", estate.networks.len(), 0);
        count("subnet", estate.subnets.len(), 0);
        count("route-table", estate.route_tables.len(), 0);
        count("virtual-machine", estate.machines.len(), 0);
        count("application-security-group", estate.application_groups.len(), 0);
        for (kind, seen) in estate.devices.counts() {
            count(kind, seen, 0);
        }
        for (kind, seen) in &estate.not_assessed {
            coverage.entry(kind).or_default().not_assessed += seen;
        }
        coverage
    }

    /// Public addresses of load balancers, gateways and the like.
    fn public_addresses_elsewhere(&self) -> usize {
        let users = self.estate.public_addresses.values().filter_map(|address| address.used_by.as_ref());
        users.filter(|user| !user.contains("/networkinterfaces/")).count()
    }

    /// What the input has nothing of, each with the command that would export it.
    pub(super) fn missing(&self) -> Vec<String> {
        let estate = self.estate;
        if estate.is_empty() {
            return Vec::new();
        }
        let uses_tables =
            estate.subnets.values().any(|subnet| subnet.route_table.is_some() || !subnet.tells_route_table);
        let leaves_groups_out = estate.subnets.values().any(|subnet| !subnet.without_group.is_told());
        let interfaces = estate.interfaces.values();
        let is_balanced = interfaces.flat_map(|one| &one.configurations).any(|one| one.is_balanced);
        let told = [
            (estate.groups.is_empty() && estate.views.is_empty(), MISSING_GROUPS),
            (estate.interfaces.is_empty(), MISSING_INTERFACES),
            (estate.public_addresses.is_empty(), MISSING_PUBLIC_ADDRESSES),
            (estate.networks.is_empty(), MISSING_NETWORKS),
            (leaves_groups_out, PROJECTED_SUBNETS),
            (
                estate.route_tables.is_empty() && (uses_tables || estate.networks.is_empty()),
                MISSING_ROUTE_TABLES,
            ),
            (estate.machines.is_empty(), MISSING_MACHINES),
            (is_balanced, BALANCED),
            (self.public_addresses_elsewhere() > 0, ELSEWHERE),
        ];
        told.into_iter().filter(|(holds, _)| *holds).map(|(_, sentence)| sentence.to_owned()).collect()
    }
}

const MISSING_GROUPS: &str = "network security groups are not in the input: interfaces that refer to one are not assessed; add `az network nsg list`";
const MISSING_INTERFACES: &str =
    "network interfaces are not in the input: the reach of a group is `admitted`; add `az network nic list`";
const MISSING_PUBLIC_ADDRESSES: &str = "public addresses are not in the input: the reach of interfaces that have one is `admitted`; add `az network public-ip list`";
const MISSING_NETWORKS: &str = "virtual networks are not in the input: the tag `VirtualNetwork` is taken to hold no Internet address; add `az network vnet list`";
const PROJECTED_SUBNETS: &str = "subnets are projected without `networkSecurityGroup`: those are taken to have no group where an interface has one, and to have an unknown one elsewhere; add `az network vnet list`";
const MISSING_ROUTE_TABLES: &str = "route tables are not in the input: the tag `VirtualNetwork` is taken to hold none of their prefixes; add `az network route-table list`";
const MISSING_MACHINES: &str =
    "virtual machines are not in the input: whether they run is not known; add `az vm list -d`";
const BALANCED: &str =
    "load balancers and application gateways are not assessed: interfaces behind them are `admitted`";
const ELSEWHERE: &str = "public addresses of load balancers, gateways and other services are not assessed";
