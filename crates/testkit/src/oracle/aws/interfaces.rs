//! Network interfaces: what is told of them by themselves and by their instances, and what stands in their way.

use core::net::IpAddr;
use std::collections::BTreeSet;

use serde_json::Value;

use super::Estate;
use super::fields::{field, members, tag, text};
use super::way::Way;
use crate::oracle::verdict::Verdict;

/// An interface as all documents together tell it.
#[derive(Debug)]
struct Interface<'a> {
    id: &'a str,
    stated: Vec<&'a Value>,
    instance: Option<&'a Value>,
}

impl Estate {
    /// The ways to every interface, with the ids and names they are asked by.
    pub(super) fn interface_ways(&self) -> Vec<Way> {
        let targets = self.interfaces().into_iter().filter(|it| !self.is_outbound(it));
        targets.map(|interface| self.interface_way(&interface)).collect()
    }

    /// W15: a NAT gateway, and others that nobody outside can start a flow to.
    fn is_outbound(&self, interface: &Interface<'_>) -> bool {
        let gateways = self.all("NatGateways").iter().flat_map(|it| members(it, "NatGatewayAddresses"));
        let mut own = gateways.filter_map(|it| text(it, "NetworkInterfaceId"));
        let kind = interface.text("InterfaceType").unwrap_or_default();
        ["nat_gateway", "natGateway", "lambda", "transit_gateway"].contains(&kind)
            || own.any(|id| id == interface.id)
    }

    /// Every interface, as each document tells it.
    pub(super) fn stated_interfaces(&self) -> impl Iterator<Item = &Value> {
        self.interfaces().into_iter().flat_map(|it| it.stated)
    }

    fn interfaces(&self) -> Vec<Interface<'_>> {
        let listed = self.all("NetworkInterfaces").iter().map(|interface| (interface, None));
        let instances = self.all("Reservations").iter().flat_map(|it| members(it, "Instances"));
        let own = instances.flat_map(|instance| {
            members(instance, "NetworkInterfaces").map(move |interface| (interface, Some(instance)))
        });
        let mut interfaces: Vec<Interface<'_>> = Vec::new();
        for (stated, instance) in listed.chain(own) {
            let Some(id) = text(stated, "NetworkInterfaceId") else { continue };
            match interfaces.iter_mut().find(|known| known.id == id) {
                Some(known) => {
                    known.stated.push(stated);
                    known.instance = known.instance.or(instance);
                }
                None => interfaces.push(Interface { id, stated: vec![stated], instance }),
            }
        }
        interfaces
    }

    fn interface_way(&self, interface: &Interface<'_>) -> Way {
        let subnet = interface.text("SubnetId").unwrap_or_default();
        let network = interface.network(self);
        let ids: BTreeSet<&str> = interface.of("Groups").filter_map(|it| text(it, "GroupId")).collect();
        let mut groups = self.groups(ids.into_iter());
        // C4: what it does not tell is not none.
        groups.missing |= !interface.stated.iter().any(|it| field(it, "Groups").is_some());
        Way {
            target: interface.id.to_owned(),
            name: self.name(interface),
            fronts: self.fronts_of(interface),
            // Nobody is there to answer.
            spare: interface.text("Status") == Some("available"),
            access: self.access(
                self.region(interface, subnet).as_deref(),
                self.home(interface, network),
                network,
                subnet,
            ),
            attached: self.attached(network),
            groups,
            lists: self.lists(subnet),
            routes: self.routes(subnet, network),
            callers: Vec::new(),
            lets_in: [true; 2],
        }
        .ready()
    }

    /// The public addresses: those of both families that the Internet can send to (W14).
    fn fronts_of(&self, interface: &Interface<'_>) -> Vec<IpAddr> {
        let mut fronts: Vec<IpAddr> = Vec::new();
        let mut add = |holder: &Value, key: &str| {
            fronts.extend(text(holder, key).and_then(|it| it.parse::<IpAddr>().ok()))
        };
        for stated in &interface.stated {
            let associated = |it: &Value| field(it, "Association").cloned();
            associated(stated).iter().for_each(|it| add(it, "PublicIp"));
            members(stated, "PrivateIpAddresses").filter_map(associated).for_each(|it| add(&it, "PublicIp"));
            members(stated, "Ipv6Addresses").for_each(|it| add(it, "Ipv6Address"));
        }
        let elastic = self.all("Addresses").iter();
        let own = elastic.filter(|it| text(it, "NetworkInterfaceId") == Some(interface.id));
        own.for_each(|it| add(it, "PublicIp"));
        fronts.sort_unstable();
        fronts.dedup();
        // Unique local addresses are nobody's on the Internet.
        fronts
            .retain(|it| !matches!(it, IpAddr::V6(it) if it.is_unique_local() || it.is_unicast_link_local()));
        fronts
    }

    /// Whether a gateway stands at the border of a network. A route that leads to one says so as well; of a gateway that
    /// is not there it would say that it leads nowhere.
    fn attached(&self, network: &str) -> Verdict {
        let own = |it: &&Value| text(it, "VpcId") == Some(network);
        let attached =
            |it: &Value| ["available", "attached"].contains(&text(it, "State").unwrap_or("available"));
        let gateways = self.all("InternetGateways").iter();
        let leads = |route: &Value| {
            text(route, "GatewayId").is_some_and(|it| it.starts_with("igw-"))
                && text(route, "State") != Some("blackhole")
        };
        let mut routes = self.all("RouteTables").iter().filter(own).flat_map(|it| members(it, "Routes"));
        if gateways.flat_map(|it| members(it, "Attachments")).filter(own).any(attached) || routes.any(leads) {
            return Verdict::Allow;
        }
        if self.has("InternetGateways") { Verdict::Deny } else { Verdict::Undecided }
    }

    /// W24: whose the network is. Of a shared subnet that is its owner, not who uses it.
    fn home<'a>(&'a self, interface: &Interface<'a>, network: &str) -> Option<&'a str> {
        let subnet = interface.text("SubnetId").and_then(|id| self.find("Subnets", "SubnetId", id));
        let network = self.find("Vpcs", "VpcId", network);
        let owner = |it: Option<&'a Value>| text(it?, "OwnerId");
        owner(subnet).or_else(|| owner(network)).or_else(|| interface.text("OwnerId"))
    }

    fn region(&self, interface: &Interface<'_>, subnet: &str) -> Option<String> {
        let of_subnet = || text(self.find("Subnets", "SubnetId", subnet)?, "AvailabilityZone");
        let zone = interface.text("AvailabilityZone").or_else(of_subnet)?;
        Some(zone.trim_end_matches(|letter: char| letter.is_ascii_lowercase()).to_owned())
    }

    fn name(&self, interface: &Interface<'_>) -> String {
        let instance = interface.instance.or_else(|| {
            let attached =
                interface.stated.iter().find_map(|it| text(field(it, "Attachment")?, "InstanceId"))?;
            let mut instances = self.all("Reservations").iter().flat_map(|it| members(it, "Instances"));
            instances.find(|it| text(it, "InstanceId") == Some(attached))
        });
        let of_instance = instance.and_then(|it| tag(it, "Name"));
        let own = || interface.stated.iter().find_map(|it| tag(it, "Name"));
        let described = || interface.text("Description").filter(|it| !it.is_empty());
        of_instance.or_else(own).or_else(described).unwrap_or(interface.id).to_owned()
    }
}

impl<'a> Interface<'a> {
    fn text(&self, key: &str) -> Option<&'a str> {
        self.stated.iter().find_map(|it| text(it, key))
    }

    fn of(&self, key: &'a str) -> impl Iterator<Item = &'a Value> {
        self.stated.iter().flat_map(move |it| members(it, key))
    }

    fn network(&self, estate: &'a Estate) -> &'a str {
        let subnet = || text(estate.find("Subnets", "SubnetId", self.text("SubnetId")?)?, "VpcId");
        self.text("VpcId").or_else(subnet).unwrap_or_default()
    }
}
