//! What `VirtualNetwork` and `Internet` stand for, subnet by subnet (semantics A14, A15, A16).
//!
//! On-premises prefixes behind gateways and routes learned from them are in no export that is read: they are taken to
//! hold no Internet address.

use std::sync::Arc;

use cloud::Quoted;
use model::Name;
use packet::{AddressSet, Bounds, Prefix};

use crate::resource::{NextHop, Peering, RoutePrefix, RouteTable, Subnet, UNREADABLE_KEY, host_addresses};

use super::Lowering;
use super::index::network_of;

/// What the tags stand for where a group is attached.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Surroundings {
    pub(super) virtual_network: Bounds<Arc<AddressSet>>,
    pub(super) internet: Bounds<Arc<AddressSet>>,
}

/// Where a list is read: what its tags stand for there, and whose members its application groups have.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) surroundings: Arc<Surroundings>,
    /// The key of the virtual network.
    pub(super) network: Option<Name>,
    /// Whether every interface there is in the input.
    pub(super) is_complete: bool,
}

/// A union of addresses while it is put together.
#[derive(Debug)]
pub(super) struct Sum {
    must: AddressSet,
    may: AddressSet,
}

impl Sum {
    fn add(&mut self, must: &AddressSet, may: &AddressSet) {
        self.must = self.must.union(must);
        self.may = self.may.union(may);
    }

    fn add_unknown(&mut self) {
        self.may = AddressSet::everything();
    }
}

impl Lowering<'_> {
    /// The place of an interface with a known address in a subnet.
    pub(super) fn place_in(&mut self, subnet: Option<&Name>) -> Place {
        let surroundings = match subnet {
            Some(subnet) => self.surroundings_in(subnet),
            None => self.surroundings_somewhere(),
        };
        Place { surroundings, network: subnet.and_then(|subnet| network_of(subnet)), is_complete: true }
    }

    /// The place of a group that is attached nowhere.
    pub(super) fn place_nowhere(&mut self) -> Place {
        Place { surroundings: self.surroundings_assumed(), network: None, is_complete: false }
    }

    /// The place of a group that may be attached anywhere.
    pub(super) fn place_somewhere(&mut self) -> Place {
        Place { surroundings: self.surroundings_somewhere(), network: None, is_complete: false }
    }

    fn surroundings_in(&mut self, key: &Name) -> Arc<Surroundings> {
        if let Some(known) = self.memo.surroundings.get(key) {
            return Arc::clone(known);
        }
        let estate = self.estate;
        let found = match estate.subnets.get(key) {
            Some(subnet) => {
                let surroundings = self.surroundings_of(subnet);
                self.memo.share_surroundings(surroundings)
            }
            None => match network_of(key).filter(|network| estate.networks.contains_key(network)) {
                // The network is in the input without this subnet: a projection.
                Some(network) => {
                    let own = self.own_prefixes(&network);
                    self.with_told_routes(key, &own)
                }
                None if estate.networks.is_empty() => {
                    let own = Sum { must: assumed_prefixes(), may: assumed_prefixes() };
                    self.with_told_routes(key, &own)
                }
                // Told where the subnet is referred to.
                None => {
                    self.with_told_routes(key, &Sum { must: host_addresses(), may: AddressSet::everything() })
                }
            },
        };
        self.memo.surroundings.insert(Arc::clone(key), Arc::clone(&found));
        found
    }

    fn surroundings_of(&mut self, subnet: &Subnet) -> Surroundings {
        let estate = self.estate;
        let network = subnet.network.as_ref().filter(|network| estate.networks.contains_key(*network));
        let own = match network {
            Some(network) => self.own_prefixes(network),
            None if !estate.networks.is_empty() => {
                let key = subnet.network.clone().unwrap_or_else(|| "of the subnet".into());
                self.tell_dangling(&subnet.identity, subnet.identity.read_at, "the virtual network", &key);
                self.keep_gaps();
                Arc::new(Sum { must: host_addresses(), may: AddressSet::everything() })
            }
            None => {
                // Without virtual networks in the input, private addresses and the subnet's own.
                let known = subnet.addresses.as_deref().cloned().unwrap_or_else(AddressSet::empty);
                let must = assumed_prefixes().union(&known);
                Arc::new(Sum { may: must.clone(), must })
            }
        };
        let (routed, elsewhere) = self.routes_of(subnet);
        self.put_together(&own, &routed, elsewhere.as_ref())
    }

    /// What the route table of a subnet adds, as the subnet and the tables say which it is.
    fn routes_of(&mut self, subnet: &Subnet) -> (Sum, Option<AddressSet>) {
        let estate = self.estate;
        let mut routed = Sum { must: AddressSet::empty(), may: AddressSet::empty() };
        let Some(key) = &subnet.route_table else {
            let elsewhere =
                self.add_told_routes(&subnet.identity.key, &mut routed, !subnet.tells_route_table);
            return (routed, elsewhere);
        };
        let mut elsewhere = Some(AddressSet::empty());
        match estate.route_tables.get(key) {
            Some(table) => elsewhere = self.add_routes(table, &mut routed),
            // Told where it was read: it may be any.
            None if **key == *UNREADABLE_KEY => routed.add_unknown(),
            // The whole kind is absent: told in the coverage, no gap.
            None if estate.route_tables.is_empty() => {}
            None => {
                routed.add_unknown();
                self.tell_dangling(&subnet.identity, subnet.identity.read_at, "the route table", key);
                self.keep_gaps();
            }
        }
        (routed, elsewhere)
    }

    /// What route tables add that say themselves that a subnet uses them. Certain only where it is one table, and one
    /// that may say so: a subnet has one at most. Where the subnet leaves it open (`is_open`), so may be each table
    /// that leaves its subnets out.
    fn add_told_routes(&mut self, subnet: &Name, routed: &mut Sum, is_open: bool) -> Option<AddressSet> {
        let estate = self.estate;
        let index = Arc::clone(&self.index);
        let told = index.tables_of_subnet.get(subnet).map_or(&[][..], Vec::as_slice);
        let tables = told.iter().filter_map(|key| estate.route_tables.get(key));
        let silent =
            estate.route_tables.values().filter(|table| is_open && told.is_empty() && !table.tells_subnets);
        let tables: Vec<&RouteTable> = tables.chain(silent).collect();
        let is_certain = is_open && told.len() == 1;
        let mut elsewhere = Some(AddressSet::empty());
        for table in tables {
            let mut added = Sum { must: AddressSet::empty(), may: AddressSet::empty() };
            let taken = self.add_routes(table, &mut added);
            elsewhere = elsewhere.zip(taken).map(|(sum, taken)| sum.union(&taken));
            routed.add(if is_certain { &added.must } else { &self.memo.common.nothing }, &added.may);
        }
        elsewhere
    }

    /// Surroundings in a subnet that is not in the input by itself.
    fn with_told_routes(&mut self, subnet: &Name, own: &Sum) -> Arc<Surroundings> {
        let mut routed = Sum { must: AddressSet::empty(), may: AddressSet::empty() };
        let elsewhere = self.add_told_routes(subnet, &mut routed, true);
        let surroundings = self.put_together(own, &routed, elsewhere.as_ref());
        self.memo.share_surroundings(surroundings)
    }

    /// What both tags are, from the network's own prefixes, those of routes, and what tags of routes take out of
    /// `Internet` (`None`: any address).
    fn put_together(&mut self, own: &Sum, routed: &Sum, elsewhere: Option<&AddressSet>) -> Surroundings {
        let virtual_network = Bounds {
            must: self.memo.share(own.must.union(&routed.must)),
            may: self.memo.share(own.may.union(&routed.may)),
        };
        // A14, A15: whether routed prefixes leave `Internet` is not documented.
        let outside = virtual_network.may.complement();
        let certainly = elsewhere.map_or_else(AddressSet::empty, |taken| outside.difference(taken));
        let internet =
            Bounds { must: self.memo.share(certainly), may: self.memo.share(own.must.complement()) };
        Surroundings { virtual_network, internet }
    }

    fn without_routes(&mut self, own: &Sum) -> Arc<Surroundings> {
        let routed = Sum { must: AddressSet::empty(), may: AddressSet::empty() };
        let surroundings = self.put_together(own, &routed, Some(&AddressSet::empty()));
        self.memo.share_surroundings(surroundings)
    }

    /// The prefixes of a network, of its peers, and the host address.
    fn own_prefixes(&mut self, key: &Name) -> Arc<Sum> {
        if let Some(known) = self.memo.own_prefixes.get(key) {
            return Arc::clone(known);
        }
        let estate = self.estate;
        let mut sum = Sum { must: host_addresses(), may: host_addresses() };
        match estate.networks.get(key).and_then(|network| network.space.as_ref()) {
            Some(space) => sum.add(space, space),
            None => sum.add_unknown(),
        }
        let peerings: Vec<&Peering> =
            self.index.peerings_of_network.get(key).map_or_else(Vec::new, |keys| {
                keys.iter().filter_map(|key| estate.peerings.get(key)).collect()
            });
        for peering in peerings {
            self.add_peer(peering, &mut sum);
        }
        let own = Arc::new(sum);
        self.memo.own_prefixes.insert(Arc::clone(key), Arc::clone(&own));
        own
    }

    /// A16: the prefixes of a peer.
    fn add_peer(&mut self, peering: &Peering, sum: &mut Sum) {
        if !peering.is_connected || !peering.allows_access {
            return;
        }
        let remote = peering.remote.as_ref().and_then(|remote| self.estate.networks.get(remote));
        let present = remote.and_then(|remote| remote.space.as_ref());
        let stated = [peering.remote_space.as_ref(), peering.remote_network_space.as_ref(), present];
        let Some(certain) = stated.into_iter().flatten().next() else {
            sum.add_unknown();
            let key = peering.remote.clone().unwrap_or_else(|| "of the peering".into());
            self.tell_dangling(&peering.identity, peering.identity.read_at, "the virtual network", &key);
            self.keep_gaps();
            return;
        };
        let mut possible = AddressSet::empty();
        for space in stated.into_iter().flatten() {
            possible = possible.union(space);
        }
        if peering.is_complete {
            sum.add(certain, &possible);
        } else {
            // Only some subnets are peered: which, the names do not tell.
            sum.add(&AddressSet::empty(), &possible);
        }
    }

    /// A15: the prefixes of user-defined routes. Measured for virtual appliances, possible for other hops. Returns
    /// what routes by service tag take out of `Internet`; `None` when that may be anything.
    fn add_routes(&mut self, table: &RouteTable, routed: &mut Sum) -> Option<AddressSet> {
        let mut elsewhere = Some(AddressSet::empty());
        for route in &table.routes {
            match &route.prefix {
                RoutePrefix::Prefix(prefix) => {
                    let addresses: AddressSet = (*prefix).into();
                    match route.next_hop {
                        NextHop::Appliance => routed.add(&addresses, &addresses),
                        NextHop::Internet | NextHop::Elsewhere => {
                            routed.add(&AddressSet::empty(), &addresses)
                        }
                    }
                }
                RoutePrefix::Tag(tag) => {
                    let known = self.estate.catalogue.as_ref().and_then(|known| known.addresses(&tag.key));
                    elsewhere = elsewhere.zip(known).map(|(sum, known)| sum.union(known));
                    if known.is_none() {
                        let owner = Quoted(&table.identity.name).to_string();
                        let gap = self.unresolved_tag(tag, &owner, table.identity.read_at);
                        self.memo.gaps.push(gap);
                    }
                }
                RoutePrefix::Unreadable => routed.add_unknown(),
            }
        }
        elsewhere
    }

    /// Without virtual networks in the input: `VirtualNetwork` holds no Internet address.
    fn surroundings_assumed(&mut self) -> Arc<Surroundings> {
        if let Some(known) = &self.memo.assumed {
            return Arc::clone(known);
        }
        let own = Sum { must: assumed_prefixes(), may: assumed_prefixes() };
        let assumed = self.without_routes(&own);
        self.memo.assumed = Some(Arc::clone(&assumed));
        assumed
    }

    /// In one of the subnets of the input, or in one that is not in it.
    fn surroundings_somewhere(&mut self) -> Arc<Surroundings> {
        if let Some(known) = &self.memo.somewhere {
            return Arc::clone(known);
        }
        let estate = self.estate;
        let mut spans = (Vec::new(), Vec::new());
        let index = Arc::clone(&self.index);
        for key in estate.subnets.keys().chain(index.tables_of_subnet.keys()) {
            let there = self.surroundings_in(key);
            spans.0.extend_from_slice(there.virtual_network.may.v4_spans());
            spans.1.extend_from_slice(there.virtual_network.may.v6_spans());
        }
        // One union at the end: an estate has thousands of subnets.
        let known = AddressSet::from_v4_spans(spans.0).union(&AddressSet::from_v6_spans(spans.1));
        let may = known.union(&self.surroundings_assumed().virtual_network.may);
        let nowhere_told =
            estate.networks.is_empty() && estate.subnets.is_empty() && estate.route_tables.is_empty();
        let somewhere = if nowhere_told {
            self.surroundings_assumed()
        } else {
            self.without_routes(&Sum { must: host_addresses(), may })
        };
        self.memo.somewhere = Some(Arc::clone(&somewhere));
        somewhere
    }

    /// Keeps what was told with what is remembered: it is not told again.
    fn keep_gaps(&mut self) {
        if let Some(gap) = self.gaps.pop() {
            self.memo.gaps.push(gap);
        }
    }
}

/// Addresses that a virtual network may have without holding an Internet address.
pub(super) fn assumed_prefixes() -> AddressSet {
    let private = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7"];
    let prefixes = private.iter().filter_map(|text| text.parse::<Prefix>().ok());
    prefixes.collect::<AddressSet>().union(&host_addresses())
}
