//! Azure estates as `az` prints them: groups, interfaces, virtual networks, public addresses, application groups.
//!
//! Only things every field of which is known: tags are `Internet`, `VirtualNetwork` and `AzureLoadBalancer`, so an
//! evaluator without a catalogue can decide every packet.

use serde_json::{Value, json};

use super::fields::PORTS;
use crate::random::Random;

/// An estate, one list for each document.
#[derive(Clone, Debug)]
pub struct Estate {
    /// Network security groups.
    pub groups: Vec<Value>,
    /// Network interfaces.
    pub interfaces: Vec<Value>,
    /// The virtual network.
    pub networks: Vec<Value>,
    /// Public addresses.
    pub addresses: Vec<Value>,
    /// Application security groups.
    pub memberships: Vec<Value>,
    /// Documents of other kinds, by name.
    pub others: Vec<(String, Vec<Value>)>,
}

impl Estate {
    /// Its documents, by name.
    #[must_use]
    pub fn documents(&self) -> Vec<(String, Value)> {
        let lists = [
            ("nsgs.json", &self.groups),
            ("nics.json", &self.interfaces),
            ("vnets.json", &self.networks),
            ("pips.json", &self.addresses),
            ("asgs.json", &self.memberships),
        ];
        let own = lists.map(|(name, list)| (name.to_owned(), Value::Array(list.clone())));
        let others = self.others.iter().map(|(name, list)| (name.clone(), Value::Array(list.clone())));
        own.into_iter().chain(others).collect()
    }

    /// Adds a document of another kind, or members to it.
    pub(crate) fn put(&mut self, name: &str, members: Vec<Value>) {
        match self.others.iter_mut().find(|(known, _)| known == name) {
            Some((_, list)) => list.extend(members),
            None => self.others.push((name.to_owned(), members)),
        }
    }

    /// The names of its interfaces.
    pub fn targets(&self) -> impl Iterator<Item = &str> {
        self.interfaces.iter().filter_map(|interface| interface["name"].as_str())
    }
}

/// An estate with one network, one to three subnets, one to four interfaces.
#[must_use]
pub fn estate(random: &mut Random) -> Estate {
    let groups: Vec<String> = (0..random.between(1, 4)).map(|number| format!("nsg-{number}")).collect();
    let subnets = random.between(1, 3);
    let interfaces = random.between(1, 4);
    Estate {
        groups: groups.iter().map(|name| group(random, name)).collect(),
        networks: vec![network(random, subnets, &groups)],
        interfaces: (0..interfaces).map(|number| interface(random, number, subnets, &groups)).collect(),
        addresses: (0..interfaces).flat_map(|number| addresses(random, number)).collect(),
        memberships: ASGS.iter().map(|name| json!({"id": id(ASG, name), "name": name})).collect(),
        others: Vec::new(),
    }
}

pub(super) fn group(random: &mut Random, name: &str) -> Value {
    let mut priority = 101;
    let rules: Vec<Value> = (0..random.between(2, 10))
        .map(|number| {
            priority += random.between(1, 50);
            rule(random, &format!("rule-{number}"), priority)
        })
        .collect();
    json!({"id": id(NSG, name), "name": name, "securityRules": rules})
}

fn rule(random: &mut Random, name: &str, priority: usize) -> Value {
    let mut rule = json!({
        "name": name,
        "priority": priority,
        "direction": if random.chance(95) { "Inbound" } else { "Outbound" },
        "access": if random.chance(65) { "Allow" } else { "Deny" },
        "protocol": *random.pick(&["Tcp", "Tcp", "Tcp", "Udp", "*", "*", "Icmp", "Esp"]),
        "sourcePortRange": "*",
    });
    let portless = matches!(rule["protocol"].as_str(), Some("Icmp" | "Esp"));
    let ports = if portless { vec!["*".to_owned()] } else { ports(random) };
    put(&mut rule, "destinationPortRange", ports);
    let source = sources(random);
    put(&mut rule, "sourceAddressPrefix", source);
    if random.chance(12) {
        let name = *random.pick(&ASGS);
        rule["destinationApplicationSecurityGroups"] = json!([{"id": id(ASG, name)}]);
    } else {
        let destination = *random.pick(&[
            "*",
            "*",
            "*",
            "10.0.0.0/16",
            "10.0.0.4",
            "10.0.1.0/24",
            "VirtualNetwork",
            "2001:db8::/48",
        ]);
        put(&mut rule, "destinationAddressPrefix", vec![destination.to_owned()]);
    }
    rule
}

fn sources(random: &mut Random) -> Vec<String> {
    let singles =
        ["*", "*", "Internet", "0.0.0.0/0", "::/0", "VirtualNetwork", "AzureLoadBalancer", "10.0.0.0/8"];
    let blocks =
        ["0.0.0.0/1", "128.0.0.0/1", "8.0.0.0/8", "8.8.8.0/24", "9.9.9.9/32", "64.0.0.0/2", "203.0.113.0/24"];
    let blocks6 = ["2000::/3", "2600::/12", "2a00::/12", "2a00:1450::/32"];
    let several = |random: &mut Random, from: &[&str]| -> Vec<String> {
        (0..random.between(1, 3)).map(|_| (*random.pick(from)).to_owned()).collect()
    };
    match random.below(8) {
        0..4 => vec![(*random.pick(&singles)).to_owned()],
        4..7 => several(random, &blocks),
        _ => several(random, &blocks6),
    }
}

pub(super) fn ports(random: &mut Random) -> Vec<String> {
    let one = |random: &mut Random| match random.below(4) {
        0 => {
            let first = random.between(1, 60000);
            format!("{first}-{}", first + random.between(1, 5000))
        }
        _ => random.pick(&PORTS).to_string(),
    };
    match random.below(6) {
        0 | 1 => vec!["*".to_owned()],
        2 => (0..random.between(2, 4)).map(|_| one(random)).collect(),
        _ => vec![one(random)],
    }
}

fn network(random: &mut Random, subnets: usize, groups: &[String]) -> Value {
    let subnets: Vec<Value> = (0..subnets)
        .map(|number| {
            let prefixes = [format!("10.0.{number}.0/24"), format!("2001:db8:0:{number}::/64")];
            let mut subnet =
                json!({"id": subnet_id(number), "name": format!("subnet-{number}"), "etag": "W/\"1\"", "addressPrefixes": prefixes});
            if random.chance(50) {
                subnet["networkSecurityGroup"] = json!({"id": id(NSG, random.pick::<String>(groups))});
            }
            subnet
        })
        .collect();
    let space = json!({"addressPrefixes": ["10.0.0.0/16", "2001:db8::/48"]});
    json!({"id": id(VNET, "vnet"), "name": "vnet", "etag": "W/\"1\"", "addressSpace": space, "subnets": subnets})
}

fn interface(random: &mut Random, number: usize, subnets: usize, groups: &[String]) -> Value {
    let subnet = random.below(subnets);
    let last = number + 4;
    let mut configurations = vec![json!({
        "name": "ipconfig1",
        "primary": true,
        "privateIPAddress": format!("10.0.{subnet}.{last}"),
        "privateIPAddressVersion": "IPv4",
        "subnet": {"id": subnet_id(subnet)},
    })];
    if random.chance(40) {
        configurations.push(json!({
            "name": "ipconfig2",
            "privateIPAddress": format!("2001:db8:0:{subnet}::{last}"),
            "privateIPAddressVersion": "IPv6",
            "subnet": {"id": subnet_id(subnet)},
        }));
    }
    let asg = random.chance(40).then(|| *random.pick(&ASGS));
    for (place, configuration) in configurations.iter_mut().enumerate() {
        if random.chance(85) {
            configuration["publicIPAddress"] = json!({"id": id(PIP, &format!("pip-{number}-{place}"))});
        }
        if let Some(asg) = asg {
            configuration["applicationSecurityGroups"] = json!([{"id": id(ASG, asg)}]);
        }
    }
    let name = format!("nic-{number}");
    // With an `etag` it is a full export: what it does not name is not there.
    let mut interface = json!({
        "id": id(NIC, &name),
        "name": name,
        "etag": "W/\"1\"",
        "ipConfigurations": configurations,
    });
    if random.chance(70) {
        interface["networkSecurityGroup"] = json!({"id": id(NSG, random.pick::<String>(groups))});
    }
    interface
}

fn addresses(random: &mut Random, number: usize) -> [Value; 2] {
    let sku = if random.chance(75) { "Standard" } else { "Basic" };
    let address = |place: usize, address: String, version: &str| {
        let name = format!("pip-{number}-{place}");
        json!({
            "id": id(PIP, &name),
            "name": name,
            "ipAddress": address,
            "publicIPAddressVersion": version,
            "sku": {"name": sku},
        })
    };
    [
        address(0, format!("203.0.113.{}", number + 10), "IPv4"),
        address(1, format!("2001:db8:ffff::{}", number + 10), "IPv6"),
    ]
}

/// Writes a list to the singular member when it has one text, to the plural one when it has more.
pub(crate) fn put(rule: &mut Value, singular: &str, mut texts: Vec<String>) {
    let plural = plural(singular);
    let members = rule.as_object_mut().expect("a rule is an object");
    members.remove(singular);
    members.remove(&plural);
    if texts.len() == 1 {
        members.insert(singular.to_owned(), Value::String(texts.remove(0)));
    } else {
        members.insert(plural, texts.into());
    }
}

/// The texts of the singular and the plural member.
pub(crate) fn texts(rule: &Value, singular: &str) -> Vec<String> {
    let one = rule[singular].as_str().filter(|text| !text.is_empty());
    let many = rule[plural(singular).as_str()].as_array().into_iter().flatten().filter_map(Value::as_str);
    one.into_iter().chain(many).map(str::to_owned).collect()
}

pub(crate) fn plural(singular: &str) -> String {
    if singular.ends_with("Prefix") { format!("{singular}es") } else { format!("{singular}s") }
}

pub(super) fn id(kind: &str, name: &str) -> String {
    format!("/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/{kind}/{name}")
}

pub(super) fn subnet_id(number: usize) -> String {
    format!("{}/subnets/subnet-{number}", id(VNET, "vnet"))
}

pub(super) const NSG: &str = "networkSecurityGroups";
const NIC: &str = "networkInterfaces";
pub(super) const VNET: &str = "virtualNetworks";
pub(super) const PIP: &str = "publicIPAddresses";
const ASG: &str = "applicationSecurityGroups";
pub(super) const ASGS: [&str; 3] = ["asg-web", "asg-db", "asg-empty"];
