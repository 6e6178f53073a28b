//! Ip-configurations of interfaces and scale sets: where they are, what filters them, and their own public addresses.

use core::net::IpAddr;

use serde_json::Value;

use super::Estate;
use super::addresses::{Prefix, parse, prefixes};
use super::fields::{either, field, find, is_named, members, reference, same, text};
use super::groups::{Aim, Network, lines};
use super::station::Station;
use super::verdict::Verdict;
use super::way::{Carries, Gate, Way};

/// An ip-configuration, with the interface or the scale set it is of.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<'a> {
    /// The name of the target.
    pub(super) target: &'a str,
    /// The id of the interface; none in a scale set.
    pub(super) interface: Option<&'a str>,
    /// The interface, or the profile of one.
    pub(super) holder: &'a Value,
    pub(super) configuration: &'a Value,
}

impl<'a> Place<'a> {
    pub(super) fn v6(&self) -> bool {
        let stated = text(self.configuration, "privateIPAddressVersion");
        stated.is_some_and(|it| same(it, "IPv6"))
    }

    pub(super) fn families(&self) -> [bool; 2] {
        [!self.v6(), self.v6()]
    }

    pub(super) fn address(&self) -> Option<IpAddr> {
        text(self.configuration, "privateIPAddress").and_then(|it| it.trim().parse().ok())
    }

    pub(super) fn subnet(&self) -> Option<&'a str> {
        reference(self.configuration, "subnet")
    }

    fn member_of(&self) -> Vec<&'a str> {
        members(self.configuration, "applicationSecurityGroups").filter_map(|it| text(it, "id")).collect()
    }

    fn is_chained(&self) -> bool {
        field(self.configuration, "gatewayLoadBalancer").is_some()
    }
}

impl Estate {
    /// Every ip-configuration there is.
    pub(super) fn places(&self) -> Vec<Place<'_>> {
        let mut places = Vec::new();
        for interface in self.all("networkinterfaces") {
            let Some(target) = text(interface, "name") else { continue };
            for configuration in members(interface, "ipConfigurations") {
                let id = text(interface, "id");
                places.push(Place { target, interface: id, holder: interface, configuration });
            }
        }
        for set in self.all("microsoft.compute/virtualmachinescalesets") {
            let Some(target) = text(set, "name") else { continue };
            let profile = field(set, "virtualMachineProfile").and_then(|it| field(it, "networkProfile"));
            let holders = profile.into_iter().flat_map(|it| members(it, "networkInterfaceConfigurations"));
            for holder in holders {
                for configuration in members(holder, "ipConfigurations") {
                    places.push(Place { target, interface: None, holder, configuration });
                }
            }
        }
        places
    }

    /// The ways to interfaces and scale sets.
    pub(super) fn interface_ways(&self) -> Vec<Way> {
        let mut ways = Vec::new();
        for place in self.places() {
            ways.extend(self.own_way(place));
            ways.extend(self.balanced_ways(place));
            ways.extend(self.proxied_ways(place));
            ways.extend(self.translated_ways(place));
        }
        ways
    }

    /// AP2, AP12: without a public address of its own there is no such way.
    fn own_way(&self, place: Place<'_>) -> Option<Way> {
        let (front, bare, known) = match reference(place.configuration, "publicIPAddress") {
            Some(id) => self.public(id),
            None => {
                let profile = field(place.configuration, "publicIPAddressConfiguration")?;
                (None, unfiltered(profile), true)
            }
        };
        let cap = if known { Verdict::Allow } else { Verdict::Undecided };
        let cap = if place.is_chained() { cap.doubted() } else { cap };
        let station = self.station(place, &self.own_aim(place), bare);
        let gates = self.with_replies(place, vec![Gate::AtTarget(station)]);
        Some(Way::new(place.target, place.families(), front, Carries::everything(), gates, cap))
    }

    /// The address of a public address, what it lets in where there is no group, and whether it is in the input.
    pub(super) fn public(&self, id: &str) -> (Option<IpAddr>, Verdict, bool) {
        let Some(public) = self.find("publicipaddresses", id) else {
            return (None, Verdict::Undecided, false);
        };
        let address = text(public, "ipAddress").and_then(|it| it.trim().parse().ok());
        (address, unfiltered(public), true)
    }

    /// What packets to its own address are addressed to.
    pub(super) fn own_aim(&self, place: Place<'_>) -> Aim {
        if place.interface.is_none() {
            let (_, subnet) = self.subnet(place.subnet()).unzip();
            let within = subnet.map(|subnet| space_of(subnet, place.v6())).unwrap_or_default();
            return Aim::Within(within);
        }
        Aim::Address { address: place.address(), v6: place.v6() }
    }

    /// Admin rules and groups at a place.
    pub(super) fn station(&self, place: Place<'_>, aim: &Aim, bare: Verdict) -> Station {
        let found = self.subnet(place.subnet());
        let network = found.map(|(network, subnet)| self.network(network, subnet));
        let groups = self.groups_of(place, found.map(|(_, subnet)| subnet));
        let lists = groups.map(|groups| {
            let each = groups.iter().map(|it| lines(it, aim, &place.member_of(), network.as_ref()));
            each.collect()
        });
        let admin = self.orders(found, aim, network.as_ref());
        Station { admin, groups: lists, bare, network, proxies: None }
    }

    /// The station of a subnet in which only a gateway stands (AA3: no admin rules there).
    pub(super) fn subnet_station(&self, id: Option<&str>, v6: bool) -> Station {
        let found = self.subnet(id);
        let network = found.map(|(network, subnet)| self.network(network, subnet));
        let aim = Aim::Within(found.map(|(_, subnet)| space_of(subnet, v6)).unwrap_or_default());
        let groups = found.and_then(|(_, subnet)| self.groups_at(None, Some(subnet), id));
        let lists =
            groups.map(|groups| groups.iter().map(|it| lines(it, &aim, &[], network.as_ref())).collect());
        Station { admin: Vec::new(), groups: lists, bare: Verdict::Allow, network, proxies: None }
    }

    /// The network and the subnet of an id.
    pub(super) fn subnet(&self, id: Option<&str>) -> Option<(&Value, &Value)> {
        self.all("virtualnetworks").iter().find_map(|network| {
            let subnet = members(network, "subnets").find(|it| is_named(it, id))?;
            Some((network, subnet))
        })
    }

    /// A15, A16: the network's own space, its peers, and the routes of the subnet.
    fn network(&self, network: &Value, subnet: &Value) -> Network {
        let peerings = members(network, "virtualNetworkPeerings");
        let joined =
            peerings.filter(|it| field(it, "allowVirtualNetworkAccess") != Some(&Value::Bool(false)));
        let spaces = joined.flat_map(|peering| {
            ["remoteAddressSpace", "remoteVirtualNetworkAddressSpace"].map(|key| field(peering, key))
        });
        let routes = self.routes(subnet);
        Network {
            own: field(network, "addressSpace").map(prefixes).unwrap_or_default(),
            peers: spaces.flatten().flat_map(prefixes).collect(),
            routes: routes
                .filter_map(|route| {
                    let appliance =
                        text(route, "nextHopType").is_some_and(|hop| same(hop, "VirtualAppliance"));
                    Some((parse(text(route, "addressPrefix")?)?, appliance))
                })
                .collect(),
        }
    }

    /// The routes that are stated for a subnet.
    pub(super) fn routes(&self, subnet: &Value) -> impl Iterator<Item = &Value> {
        let table = reference(subnet, "routeTable").and_then(|table| find(self.all("routetables"), table));
        table.into_iter().flat_map(|table| members(table, "routes"))
    }

    fn groups_of(&self, place: Place<'_>, subnet: Option<&Value>) -> Option<Vec<&Value>> {
        self.groups_at(Some(place), subnet, place.subnet())
    }

    /// The groups at a subnet and at an interface, each once; `None` when one of them is not in the input, or when
    /// nobody says whether there is one.
    fn groups_at(
        &self,
        place: Option<Place<'_>>,
        subnet: Option<&Value>,
        subnet_id: Option<&str>,
    ) -> Option<Vec<&Value>> {
        let mut ids: Vec<&str> = Vec::new();
        let stated = subnet.and_then(|subnet| reference(subnet, "networkSecurityGroup"));
        let own = place.and_then(|place| reference(place.holder, "networkSecurityGroup"));
        let interface = place.and_then(|place| place.interface);
        for group in self.all("networksecuritygroups") {
            let at_subnet = members(group, "subnets").any(|it| is_named(it, subnet_id));
            let at_interface = members(group, "networkInterfaces").any(|it| is_named(it, interface));
            if at_subnet || at_interface {
                ids.extend(text(group, "id"));
            }
        }
        if subnet.is_none() && subnet_id.is_some() {
            return None;
        }
        let mut groups: Vec<&Value> = Vec::new();
        for id in stated.into_iter().chain(own).chain(ids) {
            let group = self.find("networksecuritygroups", id)?;
            if !groups.iter().any(|known| core::ptr::eq(*known, group)) {
                groups.push(group);
            }
        }
        Some(groups)
    }
}

/// The prefixes of a subnet, of one family.
pub(super) fn space_of(subnet: &Value, v6: bool) -> Vec<Prefix> {
    let texts = either(subnet, "addressPrefix", "addressPrefixes");
    texts.into_iter().filter_map(parse).filter(|prefix| prefix.v6 == v6).collect()
}

/// A7, AP1, AP7: no group anywhere.
pub(super) fn unfiltered(public: &Value) -> Verdict {
    let sku = field(public, "sku").and_then(|sku| text(sku, "name"));
    match sku {
        Some(name) if same(name, "Standard") || same(name, "StandardV2") => Verdict::Deny,
        Some(name) if same(name, "Basic") => Verdict::Allow,
        Some(_) | None => Verdict::Undecided,
    }
}
