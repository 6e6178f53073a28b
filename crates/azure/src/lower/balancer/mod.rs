//! Load balancers: which ways they make to an ip-configuration (AP3 to AP7, AP12).
//!
//! Both sides say who is behind which pool: the interface and the load balancer. Either is enough; where both speak
//! and differ, the way is possible. Knows no group.

mod assembly;
mod book;
mod carrying;
mod claims;
mod facing;
mod floating;
mod inside;
mod making;
mod outer;
mod ranges;
mod unseen;

use model::Name;
use packet::Family;

use crate::resource::{Interface, IpConfiguration, Sku, parent_of};

use super::Lowering;
use super::index::network_of;
use super::way::Way;

use book::{Addressed, Balancers, Entrance};

pub(super) use book::Balancers as BalancerBook;
pub(super) use carrying::left_by;

/// What load balancers lead to an ip-configuration.
pub(super) struct Led {
    pub(super) ways: Vec<Way>,
    /// Whether something may lead here that the input does not have.
    pub(super) is_unknown: bool,
}

impl Led {
    /// What is let in without a group by all that leads here.
    pub(super) fn sku(&self) -> Sku {
        // AP1 speaks of what comes from outside itself.
        let direct = self.ways.iter().filter(|way| way.seen_as.is_none());
        let mut skus = direct.map(|way| way.without_group);
        let first = skus.next().unwrap_or(Sku::Unknown);
        if skus.all(|sku| sku == first) { first } else { Sku::Unknown }
    }
}

/// One pool or rule that leads to a configuration, and whether somebody contradicts that.
struct Lead<'b> {
    entrances: &'b [Entrance],
    is_doubted: bool,
    /// Whether an administrator may have taken the member out.
    is_held: bool,
}

impl Lowering<'_> {
    /// The ways that load balancers make to an address.
    pub(super) fn balanced_ways(&mut self, interface: &Interface, configuration: &IpConfiguration) -> Led {
        let book = self.balancers();
        let gateways = configuration.balancing.as_ref().is_some_and(|stated| {
            stated.is_unreadable || stated.gateway_pools.iter().any(|pool| !self.is_gateway_known(pool))
        });
        let mut led = Led { ways: Vec::new(), is_unknown: gateways };
        let mut leads = self.named_leads(&book, interface, configuration, &mut led.is_unknown);
        self.add_leads_by_address(&book, interface, configuration, &mut leads, &mut led.is_unknown);
        for lead in leads {
            for entrance in lead.entrances.iter().filter(|one| one.family == configuration.family) {
                let mut way = entrance.way.clone();
                if lead.is_doubted {
                    way.doubt = Some(facing::CONTRADICTED);
                } else if lead.is_held && entrance.heeds_state {
                    way.doubt = way.doubt.or(Some(ADMIN_STATE));
                }
                if !led.ways.contains(&way) {
                    led.ways.push(way);
                }
            }
        }
        led
    }

    /// Pools and rules that the interface names, or that name it.
    fn named_leads<'b>(
        &mut self,
        book: &'b Balancers,
        interface: &Interface,
        configuration: &IpConfiguration,
        is_unknown: &mut bool,
    ) -> Vec<Lead<'b>> {
        let stated = configuration.balancing.as_deref();
        let told = configuration.key.as_ref().and_then(|key| book.members.get(key));
        // Without a name, it may be the one that a load balancer names.
        *is_unknown |= configuration.key.is_none() && book.interfaces.contains(&interface.identity.key);
        if stated.is_none() && told.is_none() {
            return Vec::new();
        }
        // Instances follow the model of their set when somebody upgrades them.
        let is_set = self.estate.devices.scale_sets.contains_key(&interface.identity.key);
        let mut leads = Vec::new();
        let sides = [
            (
                "the backend pool",
                stated.map(|it| &it.pools),
                told.map(|it| &it.pools),
                configuration.tells_pools,
                &book.of_pool,
            ),
            (
                "the inbound NAT rule",
                stated.map(|it| &it.nat_rules),
                told.map(|it| &it.rules),
                configuration.tells_nat_rules,
                &book.of_rule,
            ),
            ("the inbound NAT pool", stated.map(|it| &it.nat_pools), None, false, &book.of_rule),
        ];
        for (what, stated, told, tells, known) in sides {
            let [stated, told] = [stated, told].map(|keys| keys.map_or(&[][..], Vec::as_slice));
            let mut keys: Vec<&Name> = stated.iter().chain(told).collect();
            keys.sort_unstable();
            keys.dedup();
            for key in keys {
                let (by_itself, by_balancer) = (stated.contains(key), told.contains(key));
                let Some(entrances) = known.get(key) else {
                    *is_unknown = true;
                    self.tell_unknown_balancer(interface, configuration, what, key);
                    continue;
                };
                *is_unknown |= parent_of(key).is_none_or(|owner| book.incomplete.contains(owner));
                let is_denied = (!by_balancer && book.telling.contains(key)) || (!by_itself && tells);
                let is_doubted = is_denied && !is_set;
                if is_doubted {
                    let owner = (&interface.identity.name, configuration.read_at);
                    self.tell_contradiction(owner, what, key);
                }
                let is_held = configuration.key.as_ref().is_some_and(|own| {
                    !book.held.is_empty() && book.held.contains(&(key.clone(), own.clone()))
                });
                leads.push(Lead { entrances, is_doubted, is_held });
            }
        }
        leads
    }

    /// Pools whose members are known by their addresses reach who has the address in that network.
    fn add_leads_by_address<'b>(
        &self,
        book: &'b Balancers,
        interface: &Interface,
        configuration: &IpConfiguration,
        leads: &mut Vec<Lead<'b>>,
        is_unknown: &mut bool,
    ) {
        if book.at.is_empty() {
            return;
        }
        let network = configuration.subnet.as_deref().and_then(network_of);
        let mut add = |one: &Addressed, is_certain: bool| {
            let stated = &one.network;
            if stated.is_some() && network.is_some() && *stated != network {
                return;
            }
            let Some(entrances) = book.of_pool.get(&one.pool) else { return };
            let is_doubted = !is_certain || stated.is_none() || network.is_none();
            leads.push(Lead { entrances, is_doubted, is_held: one.is_held });
        };
        let own = configuration.addresses.as_ref().and_then(|own| own.lowest(configuration.family));
        if let Some(own) = own {
            book.at.get(&own).into_iter().flatten().for_each(|one| add(one, true));
            return;
        }
        if !self.estate.devices.scale_sets.contains_key(&interface.identity.key) {
            *is_unknown = true;
            return;
        }
        // An instance may have the address of a member.
        let subnet = configuration.subnet.as_ref().and_then(|subnet| self.estate.subnets.get(subnet));
        let somewhere = subnet.and_then(|subnet| subnet.addresses.as_ref());
        let mut addresses: Vec<_> = book.at.iter().collect();
        addresses.sort_unstable_by_key(|(address, _)| **address);
        for (address, found) in addresses {
            if Family::of(*address).0 == configuration.family
                && somewhere.is_none_or(|somewhere| somewhere.contains(*address))
            {
                found.iter().for_each(|one| add(one, false));
            }
        }
    }

    /// A pool or a rule that is not in the input: a gap where load balancers are.
    fn tell_unknown_balancer(
        &mut self,
        interface: &Interface,
        configuration: &IpConfiguration,
        what: &str,
        key: &Name,
    ) {
        if !self.estate.devices.load_balancers.is_empty() {
            self.tell_dangling(&interface.identity, configuration.read_at, what, key);
        }
    }

    /// Whether the application gateway of a pool is in the input.
    fn is_gateway_known(&self, pool: &str) -> bool {
        let gateway = pool.split_once("/backendaddresspools/").map(|(gateway, _)| gateway);
        gateway.is_some_and(|gateway| self.estate.devices.application_gateways.contains_key(gateway))
    }
}

/// The name under which doubts of members that were taken out stand in a path.
const ADMIN_STATE: &str = "administrative state";
