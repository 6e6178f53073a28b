//! Instances and their interfaces: what rules tell them by, and the addresses they have (G4, G8, G13, G20, G21).

use core::net::IpAddr;

use serde_json::Value;

use super::Estate;
use super::fields::{Prefix, after, field, last, members, text, texts};
use super::way::Way;

/// An interface of an instance.
#[derive(Clone, Debug)]
pub(super) struct Interface {
    pub(super) id: String,
    pub(super) name: String,
    /// The path of its instance.
    pub(super) instance: String,
    pub(super) network: String,
    pub(super) region: String,
    pub(super) is_one_of_several: bool,
    pub(super) tags: Vec<String>,
    pub(super) accounts: Vec<String>,
    /// The secure tags that are bound to its instance.
    pub(super) secure: Vec<String>,
    /// Its internal address of IPv4.
    pub(super) internal: Option<IpAddr>,
    /// Whether it has external ones of IPv4, and those that are told.
    pub(super) external: Option<Vec<IpAddr>>,
    /// The external ones of IPv6: the first of those that are its own.
    pub(super) external6: Option<Vec<IpAddr>>,
}

impl Estate {
    pub(super) fn interfaces(&self) -> Vec<Interface> {
        self.all("instances").iter().flat_map(|instance| self.of_instance(instance)).collect()
    }

    fn of_instance(&self, instance: &Value) -> Vec<Interface> {
        let id = self.id(instance);
        let zone = text(instance, "zone").map(|it| last(it).to_owned());
        let zone = zone.or_else(|| after(&id, "zones").map(str::to_owned)).unwrap_or_default();
        let region = zone.rsplit_once('-').map_or("", |(region, _)| region);
        let name = text(instance, "name").unwrap_or(last(&id));
        let several = members(instance, "networkInterfaces").count() > 1;
        let all = members(instance, "networkInterfaces").enumerate();
        let all = all.map(|(number, interface)| {
            let nic = text(interface, "name").map_or_else(|| format!("nic{number}"), str::to_owned);
            let accounts = members(instance, "serviceAccounts").filter_map(|it| text(it, "email"));
            Interface {
                id: format!("{id}/networkInterfaces/{nic}"),
                name: if several { format!("{name}/{nic}") } else { name.to_owned() },
                instance: id.clone(),
                network: self.network_of(interface),
                region: region.to_owned(),
                is_one_of_several: several,
                tags: field(instance, "tags")
                    .map(|it| texts(it, "items"))
                    .unwrap_or_default()
                    .into_iter()
                    .map(str::to_owned)
                    .collect(),
                accounts: accounts.map(str::to_owned).collect(),
                secure: self.bound(instance),
                internal: text(interface, "networkIP").and_then(|it| it.parse().ok()),
                external: external(interface),
                external6: self.external6(interface),
            }
        });
        all.collect()
    }

    /// G20: the network of the interface, else that of its subnetwork.
    fn network_of(&self, interface: &Value) -> String {
        let own = text(interface, "network").map(str::to_owned);
        let of_subnet = || {
            let subnet = self.find("subnetworks", text(interface, "subnetwork")?)?;
            text(subnet, "network").map(str::to_owned)
        };
        let named = own.or_else(of_subnet).unwrap_or_default();
        self.find("networks", &named).map_or_else(|| self.path(&named), |network| self.id(network))
    }

    /// The tags bound to an instance, by its name or its number.
    fn bound(&self, instance: &Value) -> Vec<String> {
        let id = self.id(instance);
        let number =
            field(instance, "id").map(|it| it.as_str().map_or_else(|| it.to_string(), str::to_owned));
        // A number is nobody else's, whichever way its project is named.
        let place = |path: &str| path.split_once("/zones/").map(|(_, place)| place.to_owned());
        let numbered = number.zip(place(&id)).and_then(|(number, place)| {
            let (place, _) = place.rsplit_once('/')?;
            Some(format!("{place}/{number}"))
        });
        let own = self.all("tagBindings").iter().filter(|binding| {
            let parent = text(binding, "parent").map(|it| self.path(it)).unwrap_or_default();
            parent == id || numbered.is_some() && place(&parent) == numbered
        });
        own.filter_map(|it| text(it, "tagValue").map(str::to_owned)).collect()
    }

    /// G21: external, and with an address.
    fn external6(&self, interface: &Value) -> Option<Vec<IpAddr>> {
        let of_subnet = || {
            let subnet = self.find("subnetworks", text(interface, "subnetwork")?)?;
            text(subnet, "ipv6AccessType")
        };
        let access = text(interface, "ipv6AccessType").or_else(of_subnet);
        let direct = |it: &&Value| text(it, "type").is_none_or(|it| it == "DIRECT_IPV6");
        let configs: Vec<&Value> = members(interface, "ipv6AccessConfigs").filter(direct).collect();
        let addresses =
            configs.iter().filter_map(|it| text(it, "externalIpv6")?.split('/').next()?.parse().ok());
        (!configs.is_empty() && access != Some("INTERNAL")).then(|| addresses.collect())
    }

    /// The direct way to an interface (G8, G21): by IPv4 its internal address is what rules see; by IPv6 it is each of
    /// those 2^32 that are its own, of which every prefix of a rule tells some apart.
    pub(super) fn direct(&self, interface: &Interface) -> Way {
        let own = |first: &IpAddr| Prefix::parse(&format!("{first}/96"));
        let v6: Vec<IpAddr> = interface.external6.iter().flatten().copied().collect();
        let told = v6.iter().filter_map(own).flat_map(|own| {
            let ends = self.every_destination().into_iter().flat_map(|it| it.ends());
            ends.filter(move |it| own.holds(*it)).collect::<Vec<_>>()
        });
        let destinations6: Vec<IpAddr> = v6.iter().copied().chain(told).collect();
        Way {
            fronts: interface.external.iter().flatten().chain(&v6).copied().collect(),
            lets_in: [interface.external.is_some(), interface.external6.is_some()],
            destinations: [interface.internal.into_iter().collect(), destinations6],
            taken: None,
            rivals: Vec::new(),
            returns: false,
        }
    }

    /// The prefixes that some rule takes for destinations.
    pub(super) fn every_destination(&self) -> Vec<Prefix> {
        let rules = self.all("firewalls").iter().flat_map(|rule| texts(rule, "destinationRanges"));
        let policies = self.all("firewallPolicies").iter().flat_map(|policy| members(policy, "rules"));
        let others =
            policies.filter_map(|rule| field(rule, "match")).flat_map(|it| texts(it, "destIpRanges"));
        rules.chain(others).filter_map(Prefix::parse).collect()
    }
}

/// G8: an access configuration is an external address, be it told or not.
fn external(interface: &Value) -> Option<Vec<IpAddr>> {
    let configs: Vec<&Value> = members(interface, "accessConfigs").collect();
    let addresses = configs.iter().filter_map(|it| text(it, "natIP")?.parse().ok());
    (!configs.is_empty()).then(|| addresses.collect())
}
