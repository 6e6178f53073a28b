//! How much of the input was assessed, and what the input has nothing of.

use std::collections::BTreeMap;
use std::sync::Arc;

use cloud::Quoted;
use model::{Coverage, Effect, Gap, Name, Target};

use super::Lowering;
use super::interface::INTERFACE_KIND;
use super::list::GROUP_KIND;
use super::proxy::is_of_gateway;
use super::scale_set::{SCALE_SET_KIND, stands_for_instances};

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
        // Services and their parts have kinds of their own.
        let devices = estate.devices.counts().into_iter().filter(|(kind, _)| !kind.starts_with("service"));
        let sets = self.sets_without_groups();
        for (kind, seen) in devices.chain(self.service_counts()) {
            let skipped = if kind == SCALE_SET_KIND { sets } else { 0 };
            count(kind, seen - skipped, skipped);
        }
        for (kind, seen) in &estate.not_assessed {
            coverage.entry(kind).or_default().not_assessed += seen;
        }
        coverage
    }

    /// Scale sets that stand for their instances and of whose groups nothing is known.
    fn sets_without_groups(&self) -> usize {
        let sets = self.estate.devices.scale_sets.values();
        let standing = sets.filter(|set| stands_for_instances(self.estate, set));
        standing.filter(|set| set.interfaces.iter().any(|one| !self.is_assessed(&one.interface))).count()
    }

    /// Tells of public addresses that say they are where another one says it is: one of them is not.
    pub(super) fn tell_contested_addresses(&mut self) {
        let index = Arc::clone(&self.index);
        let contested = index.contested_addresses.iter();
        for address in contested.filter_map(|key| self.estate.public_addresses.get(key)) {
            let Some(user) = &address.used_by else { continue };
            let owner = (&address.identity.name, address.identity.read_at);
            let message = format!(
                "{}: another public address says that it is that of {} too: what is reached through this one is not told",
                Quoted(owner.0),
                Quoted(user)
            );
            self.gaps.push(Gap::at(owner.1.0, "contradicting-attachments", Effect::Undecided, message));
        }
    }

    /// Public addresses of load balancers, gateways and the like.
    fn public_addresses_elsewhere(&self) -> usize {
        let users = self.estate.public_addresses.values().filter_map(|address| address.used_by.as_ref());
        let is_told =
            |user: &&Name| user.contains("/networkinterfaces/") || self.estate.devices.has(owner_of(user));
        users.filter(|user| !is_told(user)).count()
    }

    /// Whether public addresses are used by what no other sentence names.
    fn is_used_elsewhere(&self) -> bool {
        let users = self.estate.public_addresses.values().filter_map(|address| address.used_by.as_ref());
        let is_told = |user: &Name| {
            let is_named = ["/networkinterfaces/", "/loadbalancers/"].iter().any(|kind| user.contains(kind));
            is_named || is_of_gateway(user) || self.estate.devices.has(owner_of(user))
        };
        users.into_iter().any(|user| !is_told(user))
    }

    /// Whether something is said of load balancers, and none is in the input.
    fn is_balanced_unseen(&self) -> bool {
        let estate = self.estate;
        if !estate.devices.load_balancers.is_empty() {
            return false;
        }
        let sets = estate.devices.scale_sets.values().flat_map(|set| &set.interfaces);
        let interfaces = estate.interfaces.values().chain(sets.map(|one| &one.interface));
        let mut stated =
            interfaces.flat_map(|one| &one.configurations).filter_map(|one| one.balancing.as_ref());
        let mut users = estate.public_addresses.values().filter_map(|address| address.used_by.as_ref());
        stated.any(|one| !(one.pools.is_empty() && one.nat_rules.is_empty() && one.nat_pools.is_empty()))
            || users.any(|user| user.contains("/loadbalancers/"))
    }

    /// What the input has nothing of, each with the command that would export it. Services say nothing of networks.
    pub(super) fn missing(&self) -> Vec<String> {
        let estate = self.estate;
        if estate.is_empty() {
            return Vec::new();
        }
        let uses_tables =
            estate.subnets.values().any(|subnet| subnet.route_table.is_some() || !subnet.tells_route_table);
        let leaves_groups_out = estate.subnets.values().any(|subnet| !subnet.without_group.is_told());
        let has_network = estate.has_network();
        let told = [
            (estate.groups.is_empty() && estate.views.is_empty() && !estate.is_declared, MISSING_GROUPS),
            (estate.interfaces.is_empty(), MISSING_INTERFACES),
            (estate.public_addresses.is_empty(), MISSING_PUBLIC_ADDRESSES),
            (estate.networks.is_empty(), MISSING_NETWORKS),
            (leaves_groups_out, PROJECTED_SUBNETS),
            (
                estate.route_tables.is_empty() && (uses_tables || estate.networks.is_empty()),
                MISSING_ROUTE_TABLES,
            ),
            (estate.machines.is_empty(), MISSING_MACHINES),
            (self.is_balanced_unseen(), MISSING_BALANCERS),
            (self.is_used_elsewhere(), ELSEWHERE),
        ];
        let told = told.into_iter().filter(|(holds, _)| has_network && *holds).map(|(_, sentence)| sentence);
        let told = told.chain(self.missing_behind_gateways()).map(str::to_owned);
        told.chain(self.missing_of_services()).chain(self.missing_of_admins()).collect()
    }
}

/// The key of the resource that the key of one of its parts names.
pub(super) fn owner_of(part: &str) -> &str {
    let parts = part.match_indices('/').nth(OWNER_SEGMENTS);
    parts.and_then(|(end, _)| part.get(..end)).unwrap_or(part)
}

/// Slashes before the end of the id of a resource: subscription, group, provider, type and name, each with its word.
const OWNER_SEGMENTS: usize = 8;

const MISSING_GROUPS: &str = "network security groups are not in the input: interfaces that refer to one are not assessed; add `az network nsg list`";
const MISSING_INTERFACES: &str =
    "network interfaces are not in the input: the reach of a group is `admitted`; add `az network nic list`";
const MISSING_PUBLIC_ADDRESSES: &str = "public addresses are not in the input: the reach of interfaces that have one is `admitted`; add `az network public-ip list`";
const MISSING_NETWORKS: &str = "virtual networks are not in the input: the tag `VirtualNetwork` is taken to hold no Internet address; add `az network vnet list`";
const PROJECTED_SUBNETS: &str = "subnets are projected without `networkSecurityGroup`: those are taken to have no group where an interface has one, and to have an unknown one elsewhere; add `az network vnet list`";
const MISSING_ROUTE_TABLES: &str = "route tables are not in the input: the tag `VirtualNetwork` is taken to hold none of their prefixes; add `az network route-table list`";
const MISSING_MACHINES: &str =
    "virtual machines are not in the input: whether they run is not known; add `az vm list -d`";
const MISSING_BALANCERS: &str =
    "load balancers are not in the input: interfaces behind them are `admitted`; add `az network lb list`";
const ELSEWHERE: &str =
    "public addresses of gateways and other services that are not in the input are not assessed";
