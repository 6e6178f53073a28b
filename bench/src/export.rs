//! Documents as `az … list` prints them: groups with their rules and defaults, interfaces, public addresses, networks.
//!
//! Keys, nesting, ids and indentation are those of the command line, so that bytes for each rule are those a user has.

use core::net::Ipv4Addr;
use core::ops::Range;

use serde_json::{Map, Value, json};

use crate::generate::{Kind, NETWORK, list};
use crate::list::{ALL_ADDRESSES, ALL_PORTS, PlainRule};
use crate::random::Random;

/// The documents of one estate, by file name.
pub type Documents = Vec<(&'static str, String)>;

/// An estate of groups that are all different, one interface behind each, two in five with a public address.
///
/// Every group has `rules` of its own and the six defaults that Azure adds.
#[must_use]
pub fn estate(seed: u64, groups: usize, rules: usize) -> Documents {
    let mut random = Random::new(seed);
    let has_public = |number: usize| number % 5 < 2;
    let all = 0..groups;
    let public = || all.clone().filter(|number| has_public(*number)).map(public_address);
    vec![
        ("nsgs.json", pretty(all.clone().map(|number| group(&mut random, number, rules)))),
        ("nics.json", pretty(all.clone().map(|number| interface(number, has_public(number))))),
        ("public-ips.json", pretty(public())),
        ("vnets.json", pretty(std::iter::once(network()))),
    ]
}

/// One page of the REST interface: `{"value": […]}`, nested under `properties`, on one line as the wire has it.
#[must_use]
pub fn page(items: impl Iterator<Item = Value>) -> String {
    serde_json::to_string(&json!({ "value": items.map(nested).collect::<Vec<_>>() }))
        .expect("values are JSON")
}

/// The groups of a large estate from number `first` on, each with 30 rules of its own beside what the platform adds inbound.
pub fn groups(random: &mut Random, numbers: Range<usize>) -> impl Iterator<Item = Value> {
    numbers.map(|number| {
        let mut group = group(random, number, RULES_OF_LARGE);
        let behind = number * INTERFACES_OF_GROUP..(number + 1) * INTERFACES_OF_GROUP;
        group["networkInterfaces"] =
            behind.map(|nic| json!({ "id": id("networkInterfaces", &format!("nic-{nic}")) })).collect();
        group
    })
}

/// The interfaces of a large estate: ten behind each group, of which the first has a public address.
pub fn interfaces(numbers: Range<usize>) -> impl Iterator<Item = Value> {
    numbers.map(|number| {
        let mut interface = interface(number, number % INTERFACES_OF_GROUP == 0);
        let group = id("networkSecurityGroups", &format!("nsg-{}", number / INTERFACES_OF_GROUP));
        interface["networkSecurityGroup"] = json!({ "id": group });
        interface
    })
}

/// The public addresses of a large estate, one for each group.
pub fn public_addresses(groups: Range<usize>) -> impl Iterator<Item = Value> {
    groups.map(|number| public_address(number * INTERFACES_OF_GROUP))
}

/// The virtual network of a large estate.
pub fn networks() -> impl Iterator<Item = Value> {
    std::iter::once(network())
}

/// What `az` flattens, nested as the REST interface answers.
fn nested(value: Value) -> Value {
    match value {
        Value::Array(items) => items.into_iter().map(nested).collect(),
        Value::Object(entries) if entries.contains_key("provisioningState") => {
            let (outer, inner): (Map<_, _>, Map<_, _>) = entries
                .into_iter()
                .map(|(key, value)| (key, nested(value)))
                .partition(|(key, _)| is_outer(key));
            let mut resource = outer;
            resource.remove("resourceGroup");
            resource.insert("properties".to_owned(), Value::Object(inner));
            Value::Object(resource)
        }
        Value::Object(entries) => {
            let kept = entries.into_iter().filter(|(key, _)| key != "resourceGroup");
            Value::Object(kept.map(|(key, value)| (key, nested(value))).collect())
        }
        leaf => leaf,
    }
}

fn is_outer(key: &str) -> bool {
    ["id", "name", "type", "etag", "location", "sku", "resourceGroup"].contains(&key)
}

/// How many interfaces stand behind each group of a large estate.
pub const INTERFACES_OF_GROUP: usize = 10;
/// With the three inbound rules of the platform there are 33.
const RULES_OF_LARGE: usize = 30;

fn pretty(items: impl Iterator<Item = Value>) -> String {
    serde_json::to_string_pretty(&items.collect::<Vec<_>>()).expect("values are JSON")
}

fn group(random: &mut Random, number: usize, rules: usize) -> Value {
    let id = id("networkSecurityGroups", &format!("nsg-{number}"));
    let custom = list(random, Kind::Account, rules + 3);
    let own = custom.iter().take(rules).enumerate().map(|(at, plain)| rule(&id, at, plain));
    json!({
        "defaultSecurityRules": defaults(&id),
        "etag": ETAG,
        "id": id,
        "location": "westeurope",
        "name": format!("nsg-{number}"),
        "networkInterfaces": [{ "id": self::id("networkInterfaces", &format!("nic-{number}")), "resourceGroup": "rg-bench" }],
        "provisioningState": "Succeeded",
        "resourceGroup": "rg-bench",
        "resourceGuid": "00000000-0000-0000-0000-000000000000",
        "securityRules": own.collect::<Vec<_>>(),
        "type": "Microsoft.Network/networkSecurityGroups",
    })
}

fn rule(group: &str, at: usize, plain: &PlainRule) -> Value {
    let name = format!("rule-{at}");
    let mut rule = json!({
        "access": if plain.allow { "Allow" } else { "Deny" },
        "destinationAddressPrefixes": [],
        "destinationPortRanges": [],
        "direction": "Inbound",
        "etag": ETAG,
        "id": format!("{group}/securityRules/{name}"),
        "name": name,
        "priority": 100 + at,
        "protocol": match plain.protocol { Some(6) => "Tcp", Some(17) => "Udp", Some(1) => "Icmp", _ => "*" },
        "provisioningState": "Succeeded",
        "resourceGroup": "rg-bench",
        "sourceAddressPrefixes": [],
        "sourcePortRanges": [],
        "type": "Microsoft.Network/networkSecurityGroups/securityRules",
    });
    field(&mut rule, "sourceAddressPrefix", &addresses(&plain.sources));
    field(&mut rule, "sourcePortRange", &ports(&plain.source_ports));
    field(&mut rule, "destinationAddressPrefix", &addresses(&plain.destinations));
    field(&mut rule, "destinationPortRange", &ports(&plain.ports));
    rule
}

/// One value is singular, several are plural.
fn field(rule: &mut Value, singular: &str, texts: &[String]) {
    match texts {
        [one] => rule[singular] = json!(one),
        many => rule[plural(singular)] = json!(many),
    }
}

fn plural(singular: &str) -> String {
    if singular.ends_with('x') { format!("{singular}es") } else { format!("{singular}s") }
}

fn addresses(spans: &[(u32, u32)]) -> Vec<String> {
    match spans {
        [ALL_ADDRESSES] => vec!["*".into()],
        [NETWORK] => vec!["VirtualNetwork".into()],
        [(0, _), (_, u32::MAX)] => vec!["Internet".into()],
        spans => spans.iter().map(|&(first, last)| cidr(first, last)).collect(),
    }
}

fn cidr(first: u32, last: u32) -> String {
    format!("{}/{}", Ipv4Addr::from_bits(first), (first ^ last).leading_zeros())
}

fn ports(spans: &[(u16, u16)]) -> Vec<String> {
    let text = |&(first, last): &(u16, u16)| match (first, last) {
        ALL_PORTS => "*".into(),
        (first, last) if first == last => first.to_string(),
        (first, last) => format!("{first}-{last}"),
    };
    spans.iter().map(text).collect()
}

fn defaults(group: &str) -> Vec<Value> {
    let rules = [
        ("AllowVnetInBound", "Inbound", 65000, "Allow", "VirtualNetwork", "VirtualNetwork"),
        ("AllowAzureLoadBalancerInBound", "Inbound", 65001, "Allow", "AzureLoadBalancer", "*"),
        ("DenyAllInBound", "Inbound", 65500, "Deny", "*", "*"),
        ("AllowVnetOutBound", "Outbound", 65000, "Allow", "VirtualNetwork", "VirtualNetwork"),
        ("AllowInternetOutBound", "Outbound", 65001, "Allow", "*", "Internet"),
        ("DenyAllOutBound", "Outbound", 65500, "Deny", "*", "*"),
    ];
    let default =
        |(name, direction, priority, access, source, destination): (&str, &str, u32, &str, &str, &str)| {
            json!({
                "access": access,
                "description": "Put there by the platform",
                "destinationAddressPrefix": destination,
                "destinationAddressPrefixes": [],
                "destinationPortRange": "*",
                "destinationPortRanges": [],
                "direction": direction,
                "etag": ETAG,
                "id": format!("{group}/defaultSecurityRules/{name}"),
                "name": name,
                "priority": priority,
                "protocol": "*",
                "provisioningState": "Succeeded",
                "resourceGroup": "rg-bench",
                "sourceAddressPrefix": source,
                "sourceAddressPrefixes": [],
                "sourcePortRange": "*",
                "sourcePortRanges": [],
                "type": "Microsoft.Network/networkSecurityGroups/defaultSecurityRules",
            })
        };
    rules.into_iter().map(default).collect()
}

fn interface(number: usize, has_public: bool) -> Value {
    let id = id("networkInterfaces", &format!("nic-{number}"));
    let mut configuration = json!({
        "etag": ETAG,
        "id": format!("{id}/ipConfigurations/ipconfig1"),
        "name": "ipconfig1",
        "primary": true,
        "privateIPAddress": Ipv4Addr::from_bits(NETWORK.0 + 4 + number as u32).to_string(),
        "privateIPAddressVersion": "IPv4",
        "privateIPAllocationMethod": "Dynamic",
        "provisioningState": "Succeeded",
        "resourceGroup": "rg-bench",
        "subnet": { "id": format!("{}/subnets/default", self::id("virtualNetworks", "vnet")), "resourceGroup": "rg-bench" },
        "type": "Microsoft.Network/networkInterfaces/ipConfigurations",
    });
    if has_public {
        let public = self::id("publicIPAddresses", &format!("pip-{number}"));
        configuration["publicIPAddress"] = json!({ "id": public, "resourceGroup": "rg-bench" });
    }
    json!({
        "dnsSettings": { "appliedDnsServers": [], "dnsServers": [] },
        "enableAcceleratedNetworking": false,
        "enableIPForwarding": false,
        "etag": ETAG,
        "id": id,
        "ipConfigurations": [configuration],
        "location": "westeurope",
        "name": format!("nic-{number}"),
        "networkSecurityGroup": { "id": self::id("networkSecurityGroups", &format!("nsg-{number}")), "resourceGroup": "rg-bench" },
        "nicType": "Standard",
        "primary": true,
        "provisioningState": "Succeeded",
        "resourceGroup": "rg-bench",
        "tapConfigurations": [],
        "type": "Microsoft.Network/networkInterfaces",
    })
}

fn public_address(number: usize) -> Value {
    let interface = id("networkInterfaces", &format!("nic-{number}"));
    json!({
        "etag": ETAG,
        "id": id("publicIPAddresses", &format!("pip-{number}")),
        "idleTimeoutInMinutes": 4,
        "ipAddress": Ipv4Addr::from_bits(FRONTS + number as u32).to_string(),
        "ipConfiguration": { "id": format!("{interface}/ipConfigurations/ipconfig1"), "resourceGroup": "rg-bench" },
        "ipTags": [],
        "location": "westeurope",
        "name": format!("pip-{number}"),
        "provisioningState": "Succeeded",
        "publicIPAddressVersion": "IPv4",
        "publicIPAllocationMethod": "Static",
        "resourceGroup": "rg-bench",
        "sku": { "name": "Standard", "tier": "Regional" },
        "type": "Microsoft.Network/publicIPAddresses",
    })
}

fn network() -> Value {
    let id = id("virtualNetworks", "vnet");
    json!({
        "addressSpace": { "addressPrefixes": ["10.0.0.0/16"] },
        "enableDdosProtection": false,
        "etag": ETAG,
        "id": id,
        "location": "westeurope",
        "name": "vnet",
        "provisioningState": "Succeeded",
        "resourceGroup": "rg-bench",
        "subnets": [{
            "addressPrefix": "10.0.0.0/16",
            "delegations": [],
            "etag": ETAG,
            "id": format!("{id}/subnets/default"),
            "name": "default",
            "privateEndpointNetworkPolicies": "Disabled",
            "privateLinkServiceNetworkPolicies": "Enabled",
            "provisioningState": "Succeeded",
            "resourceGroup": "rg-bench",
            "type": "Microsoft.Network/virtualNetworks/subnets",
        }],
        "type": "Microsoft.Network/virtualNetworks",
        "virtualNetworkPeerings": [],
    })
}

fn id(kind: &str, name: &str) -> String {
    format!(
        "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-bench/providers/Microsoft.Network/{kind}/{name}"
    )
}

const ETAG: &str = "W/\"00000000-0000-0000-0000-000000000000\"";
/// 20.50.0.0.
const FRONTS: u32 = 0x1432_0000;
