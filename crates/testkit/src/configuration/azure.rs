//! Estates of Azure as Terraform: groups and machines as `azurerm` declares them, anything as `azapi` does.

use serde_json::{Value, json};

use super::{Body, Configuration, Resource, Term};
use crate::generate::Estate;
use crate::random::Random;

/// Resources that the REST interface prints, each as one of `azapi`: its body as an object, or as the text of one.
#[must_use]
pub fn azapi(resources: &[Value], random: &mut Random) -> Configuration {
    let declared = resources.iter().enumerate().map(|(number, resource)| {
        let id = resource["id"].as_str().unwrap();
        let (parent, name) = id.rsplit_once('/').unwrap();
        let (parent, kind) = match parent.rsplit_once("/providers/").unwrap() {
            // A resource of its own is below its group.
            (group, kind) if kind.split('/').count() == 2 => (group.to_owned(), kind.to_owned()),
            (group, path) => {
                let words: Vec<&str> = path.split('/').collect();
                let kinds: Vec<&str> = words.iter().skip(1).step_by(2).copied().collect();
                let above = words.get(..words.len() - 1).unwrap().join("/");
                (format!("{group}/providers/{above}"), format!("{}/{}", words[0], kinds.join("/")))
            }
        };
        let mut body = resource.clone();
        for key in ["id", "name", "type", "etag", "location"] {
            body.as_object_mut().unwrap().remove(key);
        }
        // The address is told at creation.
        if let Some(properties) =
            body["properties"].as_object_mut().filter(|_| kind.ends_with("publicIPAddresses"))
        {
            properties.remove("ipAddress");
        }
        let body = if random.chance(50) { Term::Value(body) } else { Term::from(body.to_string()) };
        Resource::new("azapi_resource", &format!("r{number}"))
            .with("type", format!("{kind}@2023-09-01"))
            .with("name", name)
            .with("parent_id", parent)
            .with("body", body)
    });
    Configuration { providers: vec![("azapi".to_owned(), Body::new())], resources: declared.collect() }
}

/// An estate of groups, interfaces, networks, public addresses and application groups.
#[must_use]
pub fn azurerm(estate: &Estate, random: &mut Random) -> Configuration {
    let mut writing = Writing { random, resources: Vec::new() };
    estate.memberships.iter().for_each(|own| writing.application_group(own));
    estate.groups.iter().for_each(|own| writing.group(own));
    estate.networks.iter().for_each(|own| writing.network(own));
    estate.addresses.iter().for_each(|own| writing.address(own));
    estate.interfaces.iter().for_each(|own| writing.interface(own));
    let features = vec![("features".to_owned(), Term::Blocks(vec![Body::new()]))];
    Configuration { providers: vec![("azurerm".to_owned(), features)], resources: writing.resources }
}

struct Writing<'w> {
    random: &'w mut Random,
    resources: Vec<Resource>,
}

/// The `id` of the resource that is made of what a reference names.
fn refers(kind: &str, reference: &Value) -> Term {
    Resource::new(kind, last(&reference["id"])).refers("id")
}

fn last(id: &Value) -> &str {
    id.as_str().unwrap().rsplit('/').next().unwrap()
}

fn placed(kind: &str, own: &Value) -> Resource {
    let name = own["name"].as_str().unwrap();
    Resource::new(kind, name)
        .with("name", name)
        .with("resource_group_name", "rg")
        .with("location", "westeurope")
}

impl Writing<'_> {
    fn application_group(&mut self, own: &Value) {
        self.resources.push(placed("azurerm_application_security_group", own));
    }

    /// Rules inside of the group, as blocks or as the list of objects that azurerm 1 takes, or apart.
    fn group(&mut self, own: &Value) {
        let mut group = placed("azurerm_network_security_group", own);
        let rules: Vec<Body> = own["securityRules"].as_array().unwrap().iter().map(rule).collect();
        let is_apart = self.random.chance(50);
        if !is_apart {
            self.resources.push(group.with("security_rule", Term::Blocks(rules)));
            return;
        }
        group.body.retain(|(key, _)| key != "security_rule");
        let name = group.name.clone();
        let parts: Vec<Resource> = rules
            .into_iter()
            .enumerate()
            .map(|(number, body)| {
                let mut part = Resource::new("azurerm_network_security_rule", &format!("{name}-{number}"))
                    .with("resource_group_name", "rg")
                    .with("network_security_group_name", group.refers("name"));
                part.body.extend(body);
                part
            })
            .collect();
        self.resources.push(group);
        self.resources.extend(parts);
    }

    fn network(&mut self, own: &Value) {
        let network = placed("azurerm_virtual_network", own)
            .with("address_space", own["addressSpace"]["addressPrefixes"].clone());
        for subnet in own["subnets"].as_array().unwrap() {
            let name = subnet["name"].as_str().unwrap();
            let resource = Resource::new("azurerm_subnet", name)
                .with("name", name)
                .with("resource_group_name", "rg")
                .with("virtual_network_name", network.refers("name"))
                .with("address_prefixes", subnet["addressPrefixes"].clone());
            if let Some(group) = subnet.get("networkSecurityGroup") {
                let association = Resource::new("azurerm_subnet_network_security_group_association", name)
                    .with("subnet_id", resource.refers("id"))
                    .with("network_security_group_id", refers("azurerm_network_security_group", group));
                self.resources.push(association);
            }
            self.resources.push(resource);
        }
        self.resources.push(network);
    }

    fn address(&mut self, own: &Value) {
        let mut address = placed("azurerm_public_ip", own).with("allocation_method", "Static");
        // What an absent argument means is part of what is compared.
        if own["publicIPAddressVersion"] != "IPv4" || self.random.chance(50) {
            address = address.with("ip_version", own["publicIPAddressVersion"].clone());
        }
        if own["sku"]["name"] != "Standard" || self.random.chance(50) {
            address = address.with("sku", own["sku"]["name"].clone());
        }
        self.resources.push(address);
    }

    fn interface(&mut self, own: &Value) {
        let interface = placed("azurerm_network_interface", own);
        let name = interface.name.clone();
        let mut groups = Vec::new();
        let configurations = own["ipConfigurations"].as_array().unwrap().iter().map(|own| {
            let mut body = vec![
                ("name".to_owned(), Term::Value(own["name"].clone())),
                ("subnet_id".to_owned(), refers("azurerm_subnet", &own["subnet"])),
                ("private_ip_address_allocation".to_owned(), Term::from("Static")),
                ("private_ip_address".to_owned(), Term::Value(own["privateIPAddress"].clone())),
                (
                    "private_ip_address_version".to_owned(),
                    Term::Value(own["privateIPAddressVersion"].clone()),
                ),
                ("primary".to_owned(), Term::from(own["primary"] == true)),
            ];
            if let Some(address) = own.get("publicIPAddress") {
                body.push(("public_ip_address_id".to_owned(), refers("azurerm_public_ip", address)));
            }
            if let Some(of) = own["applicationSecurityGroups"].as_array() {
                groups = of.clone();
            }
            body
        });
        let configurations: Vec<Body> = configurations.collect();
        let interface = interface.with("ip_configuration", Term::Blocks(configurations));
        for (number, group) in groups.iter().enumerate() {
            let kind = "azurerm_network_interface_application_security_group_association";
            let association = Resource::new(kind, &format!("{name}-{number}"))
                .with("network_interface_id", interface.refers("id"))
                .with("application_security_group_id", refers("azurerm_application_security_group", group));
            self.resources.push(association);
        }
        if let Some(group) = own.get("networkSecurityGroup") {
            let kind = "azurerm_network_interface_security_group_association";
            let association = Resource::new(kind, &name)
                .with("network_interface_id", interface.refers("id"))
                .with("network_security_group_id", refers("azurerm_network_security_group", group));
            self.resources.push(association);
        }
        self.resources.push(interface);
    }
}

/// A rule with the arguments of its block, which are those of its resource.
fn rule(own: &Value) -> Body {
    let mut body = Body::new();
    for (key, argument) in RULE {
        if let Some(value) = own.get(key) {
            body.push((argument.to_owned(), Term::Value(value.clone())));
        }
    }
    for (key, argument) in [
        ("sourceApplicationSecurityGroups", "source_application_security_group_ids"),
        ("destinationApplicationSecurityGroups", "destination_application_security_group_ids"),
    ] {
        if let Some(groups) = own[key].as_array() {
            let groups =
                groups.iter().map(|group| refers("azurerm_application_security_group", group)).collect();
            body.push((argument.to_owned(), Term::List(groups)));
        }
    }
    // A priority may be written as a text, which Terraform makes a number.
    if let Some((_, Term::Value(number))) = body.iter_mut().find(|(key, _)| key == "priority")
        && number.as_u64().is_some_and(|number| number % 3 == 0)
    {
        *number = json!(number.to_string());
    }
    body
}

const RULE: [(&str, &str); 13] = [
    ("name", "name"),
    ("priority", "priority"),
    ("direction", "direction"),
    ("access", "access"),
    ("protocol", "protocol"),
    ("sourcePortRange", "source_port_range"),
    ("sourcePortRanges", "source_port_ranges"),
    ("destinationPortRange", "destination_port_range"),
    ("destinationPortRanges", "destination_port_ranges"),
    ("sourceAddressPrefix", "source_address_prefix"),
    ("sourceAddressPrefixes", "source_address_prefixes"),
    ("destinationAddressPrefix", "destination_address_prefix"),
    ("destinationAddressPrefixes", "destination_address_prefixes"),
];
