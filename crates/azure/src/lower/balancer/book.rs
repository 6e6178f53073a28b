//! Where load balancers lead to, turned round: the ways of a pool, of a rule, and who is behind them.
//!
//! Made once for an estate. Look-ups by key; what comes out of a list here is in the order of keys.

use core::net::IpAddr;
use std::sync::Arc;

use cloud::{LookupMap, LookupSet};
use model::Name;
use packet::{AddressSet, Family};

use crate::resource::BackendPool;

use super::super::way::Way;

/// Where load balancers lead to.
#[derive(Debug, Default)]
pub(in crate::lower) struct Balancers {
    /// Ways to the members of each pool. Internal load balancers have pools too, without any.
    pub(super) of_pool: LookupMap<Name, Vec<Entrance>>,
    /// Ways of each inbound NAT rule.
    pub(super) of_rule: LookupMap<Name, Vec<Entrance>>,
    /// Pools and rules of ip-configurations, as load balancers say it.
    pub(super) members: LookupMap<Name, Member>,
    /// The interfaces of those.
    pub(super) interfaces: LookupSet<Name>,
    /// Pools by the addresses of members that are known by theirs.
    pub(super) at: LookupMap<IpAddr, Vec<Addressed>>,
    /// Pools, each with a configuration of it that an administrator may have taken out.
    pub(super) held: LookupSet<(Name, Name)>,
    /// Pools that name their configurations, and rules that name theirs.
    pub(super) telling: LookupSet<Name>,
    /// Load balancers not all of which is known.
    pub(super) incomplete: LookupSet<Name>,
    /// AP3: the frontends of rules with floating IP; `None` when one of their addresses is not known.
    pub(super) floating: Option<Arc<AddressSet>>,
}

/// A member of a pool that is known by its address.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Addressed {
    /// The network that the address is in.
    pub(super) network: Option<Name>,
    pub(super) pool: Name,
    /// Whether an administrator may have taken it out.
    pub(super) is_held: bool,
}

/// The pools and inbound NAT rules of an ip-configuration.
#[derive(Debug, Default)]
pub(super) struct Member {
    pub(super) pools: Vec<Name>,
    pub(super) rules: Vec<Name>,
}

/// One way through a load balancer.
#[derive(Clone, Debug)]
pub(super) struct Entrance {
    /// AP12: what it reaches is of this family.
    pub(super) family: Family,
    /// Whether it heeds what an administrator says of members: inbound NAT does not.
    pub(super) heeds_state: bool,
    pub(super) way: Way,
}

impl Balancers {
    pub(super) fn add_pool(&mut self, pool: &BackendPool) {
        let key = &pool.identity.key;
        self.of_pool.entry(Arc::clone(key)).or_default();
        if pool.tells_configurations {
            self.telling.insert(Arc::clone(key));
        }
        for configuration in &pool.configurations {
            self.name_interface(configuration);
            for name in names_of(configuration) {
                self.members.entry(name).or_default().pools.push(Arc::clone(key));
            }
        }
        for member in &pool.addresses {
            self.at.entry(member.address).or_default().push(Addressed {
                network: member.network.clone(),
                pool: Arc::clone(key),
                is_held: member.is_held,
            });
        }
        self.held.extend(pool.held.iter().map(|configuration| (Arc::clone(key), Arc::clone(configuration))));
    }

    /// `is_told`: the model of the scale set leads there too.
    pub(super) fn add_rule(&mut self, key: &Name, configuration: &Name, is_told: bool) {
        self.telling.insert(Arc::clone(key));
        self.name_interface(configuration);
        for name in names_of(configuration).into_iter().take(if is_told { 1 } else { usize::MAX }) {
            self.members.entry(name).or_default().rules.push(Arc::clone(key));
        }
    }

    fn name_interface(&mut self, configuration: &str) {
        if let Some((interface, _)) = configuration.split_once("/ipconfigurations/") {
            self.interfaces.insert(interface.into());
        }
    }

    pub(super) fn add_floating(&mut self, entrance: &Entrance) {
        let Some(addresses) = &entrance.way.floats_to else { return };
        let is_known = addresses.count(entrance.family).get() == Some(1);
        let known = self.floating.take().filter(|_| is_known);
        self.floating = known.map(|known| Arc::new(known.union(addresses)));
    }

    pub(super) fn sort(&mut self) {
        for member in self.members.values_mut() {
            for keys in [&mut member.pools, &mut member.rules] {
                keys.sort_unstable();
                keys.dedup();
            }
        }
        for pools in self.at.values_mut() {
            pools.sort_unstable();
            pools.dedup();
        }
    }
}

/// What an ip-configuration is looked up by: its key, and that of what it is in the model of its scale set.
fn names_of(configuration: &Name) -> Vec<Name> {
    let mut names = vec![Arc::clone(configuration)];
    if let Some((set, rest)) = configuration.split_once("/virtualmachines/")
        && set.contains("/virtualmachinescalesets/")
        && let Some((_, rest)) = rest.split_once('/')
    {
        names.push(format!("{set}/{rest}").into());
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instance_is_known_by_the_model_of_its_set_too() {
        let set = "/s/virtualmachinescalesets/x";
        let instance: Name = format!("{set}/virtualmachines/0/networkinterfaces/n/ipconfigurations/c").into();
        let names = names_of(&instance);
        assert_eq!(names, [instance, format!("{set}/networkinterfaces/n/ipconfigurations/c").into()]);
        let plain: Name = "/s/networkinterfaces/n/ipconfigurations/c".into();
        assert_eq!(names_of(&plain), [plain]);
    }
}
