//! Ways to the addresses of an interface: through a public address of IPv4, straight to one of IPv6 (W14).
//!
//! Interfaces, addresses and instances tell of associations; where they differ, each is possible. Knows no group and no list.

use core::net::IpAddr;
use std::sync::Arc;

use cloud::{Quoted, Said};
use model::{Destinations, Front, Name, Reach};
use packet::{AddressSet, Family, Prefix};

use crate::resource::{Address, Association, Interface, PrivateAddress, Subnet};

use super::Lowering;
use super::way::Way;

impl<'e> Lowering<'e> {
    /// The ways to the addresses of IPv4: one to each public one; where there is none, the one that is missing.
    pub(super) fn v4_ways(&mut self, interface: &'e Interface) -> Vec<Way> {
        let mut ways = Vec::new();
        let Some(addresses) = &interface.v4 else {
            let somewhere = self.somewhere(Family::V4);
            let mut ways = self.elastic_ways(interface, &[]);
            if ways.is_empty() {
                ways.push(Way::straight(Reach::Admitted, None, Destinations::SomeOf(somewhere)));
            }
            return ways;
        };
        for private in addresses {
            let destinations = self.at(interface, private.address);
            match &private.public {
                Said::Nothing => {}
                Said::Unreadable => ways.push(Way::straight(Reach::Admitted, None, destinations)),
                Said::This(association) => {
                    ways.push(self.associated_way(interface, association, destinations));
                }
            }
        }
        ways.extend(self.elastic_ways(interface, addresses));
        ways.extend(self.disputed_ways(interface, addresses));
        if ways.is_empty() {
            let v4 = match interface.private.is_empty_in(Family::V6) {
                true => Arc::clone(&interface.private),
                false => Arc::new(interface.private.only(Family::V4)),
            };
            if !v4.is_empty() {
                let own = Destinations::These(v4);
                ways.push(Way::straight(Reach::Latent, None, own));
            } else if !addresses.is_empty() {
                ways.push(Way::straight(Reach::Latent, None, self.at(interface, None)));
            }
        }
        ways
    }

    /// W14: the way through a public address.
    fn associated_way(
        &mut self,
        interface: &Interface,
        association: &Association,
        destinations: Destinations,
    ) -> Way {
        let index = Arc::clone(&self.network.index);
        let elastic = association.address.and_then(|address| index.elastic.get(&address).copied());
        let allocated = association.allocation.as_ref().or(elastic.map(|elastic| &elastic.identity.id));
        let id = allocated.map(Arc::clone).unwrap_or_else(|| match association.address {
            Some(address) => address.to_string().into(),
            None => Arc::clone(&interface.identity.id),
        });
        let front = Front { id, address: association.address };
        let mut way = Way::straight(Reach::Exposed, Some(front), destinations);
        if association.is_carrier {
            self.tell_carrier(interface, association.address);
            way.doubt = Some(CARRIER);
        } else if let Some(other) =
            elastic.filter(|one| one.leads_elsewhere(interface, index.instance_of(interface)))
        {
            self.tell_disagreement(interface, other);
            way.doubt = Some(CONTRADICTED);
        }
        way
    }

    /// The ways through Elastic IP addresses that say they lead to an interface which does not say so.
    fn elastic_ways(&mut self, interface: &Interface, stated: &[PrivateAddress]) -> Vec<Way> {
        let index = Arc::clone(&self.network.index);
        let of = |id: &str| index.elastic_of.get(id).map_or(&[][..], Vec::as_slice);
        // One that names the instance alone leads to where its private address is, else to the first interface.
        let is_first = interface.device.is_none_or(|device| device == 0);
        let is_here = |one: &&&Address| match &one.private {
            Said::This(private) => interface.private.contains(*private),
            Said::Nothing | Said::Unreadable => is_first,
        };
        let instance = index.instance_of(interface).filter(|id| **id != interface.identity.id);
        let by_instance = instance.into_iter().flat_map(|id| of(id));
        let by_instance = by_instance.filter(|one| one.interface.is_none()).filter(is_here);
        let is_stated = |elastic: &Address| {
            stated.iter().any(|one| match &one.public {
                Said::This(association) => {
                    association.address == elastic.public
                        || association.allocation.as_ref() == Some(&elastic.identity.id)
                }
                Said::Unreadable => true,
                Said::Nothing => false,
            })
        };
        let account = interface.identity.account.as_ref();
        let is_own = |elastic: &Address| {
            let other = elastic.identity.account.as_ref();
            other.is_none() || account.is_none() || other == account
        };
        let mut ways = Vec::new();
        let claims: Vec<&Address> = of(&interface.identity.id).iter().chain(by_instance).copied().collect();
        for elastic in claims.into_iter().filter(|one| is_own(one) && !is_stated(one)) {
            let destinations = self.at(interface, elastic.private.clone().this());
            let front = Front { id: Arc::clone(&elastic.identity.id), address: elastic.public };
            let mut way = Way::straight(Reach::Exposed, Some(front), destinations);
            if interface.v4.is_some() {
                self.tell_disagreement(interface, elastic);
                way.doubt = Some(CONTRADICTED);
            }
            ways.push(way);
        }
        ways
    }

    /// The ways through public addresses that only the instance of an interface states.
    fn disputed_ways(&mut self, interface: &Interface, stated: &[PrivateAddress]) -> Vec<Way> {
        let index = Arc::clone(&self.network.index);
        let others = index.disputed.get(&*interface.identity.key).into_iter().flatten();
        let mut ways = Vec::new();
        for (private, association) in others.flat_map(|other| other.associations()) {
            if association.address.is_none() || stated.iter().any(|one| one.has_public(association.address)) {
                continue;
            }
            let sentence =
                "its instance states a public address that it does not have: it is taken as possible";
            self.tell_of(interface, "contradicting-attachments", sentence);
            let destinations = self.at(interface, private.address);
            let way = self.associated_way(interface, association, destinations);
            ways.push(Way { doubt: Some(CONTRADICTED), ..way });
        }
        ways
    }

    /// The ways to addresses of IPv6: each is its own front. Those the Internet has no route to are latent.
    pub(super) fn v6_ways(&mut self, interface: &Interface) -> Vec<Way> {
        let spot = self.spot(&self.place_of(interface));
        let Some(addresses) = &interface.v6 else {
            // A subnet without a block of IPv6 has no address of it.
            if spot.subnet.is_some_and(Subnet::lacks_ipv6) {
                return Vec::new();
            }
            let somewhere = Destinations::SomeOf(self.somewhere(Family::V6));
            return vec![Way::straight(Reach::Admitted, None, somewhere)];
        };
        let is_public = |first: IpAddr| {
            let is_private = spot.vpc.is_some_and(|vpc| vpc.private_v6.contains(first));
            is_routed(first) && !is_private
        };
        let mut ways: Vec<Way> = Vec::new();
        if interface.has_untold_v6 {
            // What is given of IPv6 has a number of the Internet's, if the block of the VPC has.
            let own = Destinations::SomeOf(self.within(interface, Family::V6));
            let front = Front { id: Arc::clone(&interface.identity.id), address: None };
            ways.push(Way::straight(Reach::Exposed, Some(front), own));
        }
        let mut inside: Vec<Prefix> = Vec::new();
        for address in addresses {
            let own = Destinations::These(Arc::new(Prefix::host(*address).into()));
            if is_public(*address) {
                let front = Front { id: Arc::clone(&interface.identity.id), address: Some(*address) };
                ways.push(Way::straight(Reach::Exposed, Some(front), own));
            } else {
                inside.push(Prefix::host(*address));
            }
        }
        for prefix in interface.delegated_of(Family::V6) {
            let first = Family::V6.address(prefix.first());
            if is_public(first) {
                // Which of them somebody answers at is not known.
                let own = Destinations::SomeOf(Arc::new(prefix.into()));
                let front = Front { id: Arc::clone(&interface.identity.id), address: None };
                ways.push(Way::straight(Reach::Exposed, Some(front), own));
            } else {
                inside.push(prefix);
            }
        }
        if ways.is_empty() && !inside.is_empty() {
            let own = Destinations::These(Arc::new(inside.into_iter().collect()));
            ways.push(Way::straight(Reach::Latent, None, own));
        }
        ways
    }

    fn somewhere(&self, family: Family) -> Arc<AddressSet> {
        Arc::new(AddressSet::whole(family))
    }

    /// One address; where it is not told, some of those of the subnet.
    fn at(&self, interface: &Interface, address: Option<IpAddr>) -> Destinations {
        match address {
            Some(address) => Destinations::These(Arc::new(Prefix::host(address).into())),
            None => Destinations::SomeOf(self.within(interface, Family::V4)),
        }
    }

    /// The addresses of a family that an interface may have: those of its subnet, where these are known.
    fn within(&self, interface: &Interface, family: Family) -> Arc<AddressSet> {
        let account = interface.identity.account.as_deref();
        let subnets = &self.estate.resources.subnets;
        let subnet = interface.subnet.as_deref().and_then(|id| subnets.find(account, id).one());
        let subnet = subnet.filter(|subnet| subnet.known.has_all(family));
        let blocks = subnet.into_iter().flat_map(|subnet| subnet.blocks.iter().copied());
        let own: AddressSet = blocks.filter(|block| block.family() == family).collect();
        if own.is_empty() { self.somewhere(family) } else { Arc::new(own) }
    }

    fn tell_carrier(&mut self, interface: &Interface, address: Option<IpAddr>) {
        let address = address.map_or_else(|| "an address".to_owned(), |address| address.to_string());
        let sentence = format!(
            "{} is one of a carrier's network: whom the carrier lets in is not known",
            Quoted(&address)
        );
        self.tell_of(interface, "carrier-address", &sentence);
    }

    fn tell_disagreement(&mut self, interface: &Interface, elastic: &Address) {
        let sentence = format!(
            "the address {} and the interface do not agree whether it leads here: it is taken as possible",
            Quoted(&elastic.identity.name)
        );
        self.tell_of(interface, "contradicting-attachments", &sentence);
    }
}

impl PrivateAddress {
    fn has_public(&self, address: Option<IpAddr>) -> bool {
        matches!(&self.public, Said::This(association) if association.address == address)
    }
}

impl Interface {
    /// Its private addresses that have a public one.
    pub(super) fn associations(&self) -> impl Iterator<Item = (&PrivateAddress, &Association)> {
        self.v4.iter().flatten().filter_map(|one| match &one.public {
            Said::This(association) => Some((one, association)),
            Said::Nothing | Said::Unreadable => None,
        })
    }
}

impl Address {
    /// Whether it says that it leads to nothing, or to something else.
    fn leads_elsewhere(&self, interface: &Interface, instance: Option<&Name>) -> bool {
        self.interface.as_ref().is_none_or(|own| *own != interface.identity.id)
            && (self.instance.is_none() || self.instance.as_ref() != instance)
    }
}

/// Whether the Internet has a route to addresses of this kind: not to local ones (RFC 4193) and not to those of a link.
fn is_routed(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(_) => true,
        IpAddr::V6(address) => {
            let [first, second, ..] = address.octets();
            !(first & 0xfe == 0xfc || (first == 0xfe && second & 0xc0 == 0x80) || first == 0xff || first == 0)
        }
    }
}

/// The names under which doubts stand in a path.
pub(super) const CARRIER: &str = "carrier gateway";
pub(super) const CONTRADICTED: &str = "contradicting documents";
