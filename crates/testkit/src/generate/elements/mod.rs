//! Estates around one element of a path, or one kind of service.
//!
//! Small and adversarial: fronts beside each other, shadowed rules, members told on either side, now and then a piece
//! that is missing, so that the answer has bounds.

mod admin;
mod balancers;
mod databases;
mod firewalls;
mod gateways;
mod scale_sets;
mod services;
mod sources;

use serde_json::{Value, json};

use super::estates::{Estate, NSG, PIP, estate, id};
use crate::random::Random;

/// What an estate is built around. Complete: a run prints a line for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Element {
    /// Groups, interfaces and their own public addresses.
    Groups,
    /// AP3.
    LoadBalancerRule,
    /// AP4.
    NatRule,
    /// AP5: a range of ports for a pool.
    NatPool,
    /// AP6.
    HaPorts,
    /// AP3.
    FloatingIp,
    /// Instances behind load balancers and with addresses of their own.
    ScaleSet,
    /// AP8.
    ApplicationGateway,
    /// AP9.
    FirewallDnat,
    /// AP11.
    BastionAndVpn,
    /// AA1 to AA6, as they are in force.
    AdminInForce,
    /// AA0.
    AdminDrafted,
    /// AP13.
    ReplyRoutes,
    /// P1.
    SqlServer,
    /// P2.
    ManagedInstance,
    /// P3.
    PostgresAndMysql,
    /// P4.
    Synapse,
    /// P5.
    Redis,
    /// P6.
    Storage,
    /// P7: Key Vault, Cognitive Services, Container Registry.
    KeyVaultAndOthers,
    /// P7.
    EventHubsAndServiceBus,
    /// P8.
    CosmosDb,
    /// P9.
    Kubernetes,
    /// P10.
    AppService,
}

impl Element {
    /// All of them.
    pub const ALL: [Self; 24] = [
        Self::Groups,
        Self::LoadBalancerRule,
        Self::NatRule,
        Self::NatPool,
        Self::HaPorts,
        Self::FloatingIp,
        Self::ScaleSet,
        Self::ApplicationGateway,
        Self::FirewallDnat,
        Self::BastionAndVpn,
        Self::AdminInForce,
        Self::AdminDrafted,
        Self::ReplyRoutes,
        Self::SqlServer,
        Self::ManagedInstance,
        Self::PostgresAndMysql,
        Self::Synapse,
        Self::Redis,
        Self::Storage,
        Self::KeyVaultAndOthers,
        Self::EventHubsAndServiceBus,
        Self::CosmosDb,
        Self::Kubernetes,
        Self::AppService,
    ];

    /// What it is called in the printed counts.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Groups => "groups and public addresses",
            Self::LoadBalancerRule => "load-balancer rule",
            Self::NatRule => "inbound NAT rule",
            Self::NatPool => "NAT range for a pool",
            Self::HaPorts => "HA ports, gateway load balancer",
            Self::FloatingIp => "floating IP",
            Self::ScaleSet => "scale set",
            Self::ApplicationGateway => "application gateway",
            Self::FirewallDnat => "Azure Firewall DNAT",
            Self::BastionAndVpn => "Bastion, VPN gateway",
            Self::AdminInForce => "admin rules, effective",
            Self::AdminDrafted => "admin rules, drafted",
            Self::ReplyRoutes => "reply routes",
            Self::SqlServer => "SQL server",
            Self::ManagedInstance => "SQL managed instance",
            Self::PostgresAndMysql => "PostgreSQL, MySQL, MariaDB",
            Self::Synapse => "Synapse",
            Self::Redis => "Redis",
            Self::Storage => "Storage",
            Self::KeyVaultAndOthers => "Key Vault, Cognitive, Registry",
            Self::EventHubsAndServiceBus => "Event Hubs, Service Bus",
            Self::CosmosDb => "Cosmos DB",
            Self::Kubernetes => "AKS",
            Self::AppService => "App Service",
        }
    }

    /// One of its estates.
    #[must_use]
    pub fn estate(self, random: &mut Random) -> Estate {
        let mut estate = estate(random);
        match self {
            Self::Groups => {}
            Self::LoadBalancerRule | Self::NatRule | Self::NatPool | Self::HaPorts | Self::FloatingIp => {
                balancers::add(self, &mut estate, random)
            }
            Self::ScaleSet => scale_sets::add(&mut estate, random),
            Self::ApplicationGateway => gateways::add_application(&mut estate, random),
            Self::BastionAndVpn => gateways::add_access(&mut estate, random),
            Self::FirewallDnat => firewalls::add(&mut estate, random),
            Self::AdminInForce => admin::add(&mut estate, true, random),
            Self::AdminDrafted => admin::add(&mut estate, false, random),
            Self::ReplyRoutes => routes(&mut estate, random),
            Self::ManagedInstance => databases::add_instance(&mut estate, random),
            Self::SqlServer | Self::PostgresAndMysql | Self::Synapse | Self::Redis => {
                estate = databases::only(self, random);
            }
            Self::Storage
            | Self::KeyVaultAndOthers
            | Self::EventHubsAndServiceBus
            | Self::CosmosDb
            | Self::Kubernetes
            | Self::AppService => estate = services::only(self, random),
        }
        estate
    }
}

/// Nothing of the network.
const fn bare() -> Estate {
    Estate {
        groups: Vec::new(),
        interfaces: Vec::new(),
        networks: Vec::new(),
        addresses: Vec::new(),
        memberships: Vec::new(),
        others: Vec::new(),
    }
}

/// Takes most configurations their own public address, and lets most groups let something in at their end, so that
/// other ways are told.
fn without_own_addresses(estate: &mut Estate, random: &mut Random) {
    for group in &mut estate.groups {
        if random.chance(65) {
            group["securityRules"].as_array_mut().unwrap().push(json!({
                "name": "last",
                "priority": 4000,
                "direction": "Inbound",
                "access": "Allow",
                "protocol": *random.pick(&["*", "Tcp", "Udp"]),
                "sourcePortRange": "*",
                "sourceAddressPrefix": *random.pick(&["*", "Internet", "10.0.0.0/16", "128.0.0.0/1"]),
                "destinationAddressPrefix": *random.pick(&["*", "*", "10.0.0.0/16", "198.51.100.10"]),
                "destinationPortRange": *random.pick(&["*", "*", "0-8080"]),
            }));
        }
    }
    for interface in &mut estate.interfaces {
        for configuration in interface["ipConfigurations"].as_array_mut().into_iter().flatten() {
            if random.chance(70) {
                configuration.as_object_mut().unwrap().remove("publicIPAddress");
            }
        }
    }
}

/// A public address of a SKU, told in the document of all; its id.
fn public(estate: &mut Estate, name: &str, address: &str, sku: &str) -> Value {
    let version = if address.contains(':') { "IPv6" } else { "IPv4" };
    estate.addresses.push(json!({
        "id": id(PIP, name),
        "name": name,
        "ipAddress": address,
        "publicIPAddressVersion": version,
        "sku": {"name": sku},
    }));
    json!({"id": id(PIP, name)})
}

/// A subnet that only a gateway stands in, filtered by a group or not.
fn subnet(estate: &mut Estate, name: &str, prefix: &str, filtered: bool, random: &mut Random) -> Value {
    let mut subnet = json!({"id": format!("{}/subnets/{name}", id(super::estates::VNET, "vnet")), "name": name, "etag": "W/\"1\""});
    subnet["addressPrefix"] = prefix.into();
    if filtered {
        let group = random.pick(&estate.groups)["name"].as_str().unwrap().to_owned();
        subnet["networkSecurityGroup"] = json!({"id": id(NSG, &group)});
    }
    let reference = json!({"id": subnet["id"]});
    estate.networks[0]["subnets"].as_array_mut().unwrap().push(subnet);
    reference
}

/// AP13.
fn routes(estate: &mut Estate, random: &mut Random) {
    let prefixes =
        ["0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/1", "8.0.0.0/8", "8.8.8.0/24", "10.9.0.0/16", "::/0"];
    let hops = ["None", "None", "VirtualAppliance", "Internet", "VnetLocal"];
    let routes = (0..random.between(1, 4)).map(|number| {
        let hop = *random.pick(&hops);
        let mut route = json!({
            "name": format!("route-{number}"),
            "addressPrefix": prefixes[(number * 3 + random.below(3)) % prefixes.len()],
            "nextHopType": hop,
        });
        if hop == "VirtualAppliance" {
            route["nextHopIpAddress"] = "10.0.9.4".into();
        }
        route
    });
    let routes: Vec<Value> = routes.collect();
    let table = id("routeTables", "rt");
    estate.put("routes.json", vec![json!({"id": table, "name": "rt", "routes": routes})]);
    for subnet in estate.networks[0]["subnets"].as_array_mut().unwrap() {
        if random.chance(70) {
            subnet["routeTable"] = json!({"id": table});
        }
    }
}
