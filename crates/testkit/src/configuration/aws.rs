//! An account of AWS as Terraform, each thing in one of the ways Terraform has for it.

use serde_json::{Value, json};

use super::{Body, Configuration, Resource, Term};
use crate::generate::Account;
use crate::random::Random;

/// The configuration of an account that can be declared ([`super::declarable`]).
#[must_use]
pub fn aws(account: &Account, random: &mut Random) -> Configuration {
    let mut writing = Writing { account, random, resources: Vec::new() };
    writing.networks();
    writing.prefix_lists();
    writing.gateways();
    writing.lists();
    writing.tables();
    writing.groups();
    writing.interfaces();
    writing.public_access();
    let provider = vec![("region".to_owned(), Term::from("eu-west-1"))];
    Configuration { providers: vec![("aws".to_owned(), provider)], resources: writing.resources }
}

struct Writing<'w> {
    account: &'w Account,
    random: &'w mut Random,
    resources: Vec<Resource>,
}

/// An attribute of the resource that is made of what has an id.
fn refers(kind: &str, id: &Value, attribute: &str) -> Term {
    Resource::new(kind, id.as_str().unwrap()).refers(attribute)
}

fn vpc(attribute: &str) -> Term {
    refers("aws_vpc", &json!("vpc-0"), attribute)
}

impl Writing<'_> {
    fn networks(&mut self) {
        for own in self.account.each("Vpcs") {
            let vpc = Resource::new("aws_vpc", own["VpcId"].as_str().unwrap())
                .with("cidr_block", own["CidrBlock"].clone())
                .with("assign_generated_ipv6_cidr_block", true);
            self.resources.push(vpc);
        }
        for own in self.account.each("Subnets") {
            let subnet = Resource::new("aws_subnet", own["SubnetId"].as_str().unwrap())
                .with("vpc_id", vpc("id"))
                .with("cidr_block", own["CidrBlock"].clone())
                .with("availability_zone", own["AvailabilityZone"].clone());
            self.resources.push(subnet);
        }
    }

    fn prefix_lists(&mut self) {
        for own in self.account.each("PrefixLists") {
            let id = &own["PrefixListId"];
            let mut list = Resource::new("aws_ec2_managed_prefix_list", id.as_str().unwrap())
                .with("name", own["PrefixListName"].clone())
                .with("address_family", own["AddressFamily"].clone())
                .with("max_entries", own["MaxEntries"].clone());
            let told = self.account.entries.iter().find(|entries| entries["PrefixListId"] == *id).unwrap();
            let cidrs: Vec<&Value> =
                told["Entries"].as_array().unwrap().iter().map(|it| &it["Cidr"]).collect();
            let entry = |cidr: &&Value| vec![("cidr".to_owned(), Term::Value((*cidr).clone()))];
            let mut parts = Vec::new();
            if self.random.chance(50) {
                list = list.with("entry", Term::Blocks(cidrs.iter().map(entry).collect()));
            } else {
                for (number, cidr) in cidrs.iter().enumerate() {
                    let mut part = Resource::new(
                        "aws_ec2_managed_prefix_list_entry",
                        &format!("{}-{number}", list.name),
                    )
                    .with("prefix_list_id", list.refers("id"));
                    part.body.extend(entry(cidr));
                    parts.push(part);
                }
            }
            self.resources.push(list);
            self.resources.extend(parts);
        }
    }

    fn gateways(&mut self) {
        for own in self.account.each("InternetGateways") {
            let gateway = Resource::new("aws_internet_gateway", own["InternetGatewayId"].as_str().unwrap());
            if self.random.chance(70) {
                self.resources.push(gateway.with("vpc_id", vpc("id")));
                continue;
            }
            let attachment = Resource::new("aws_internet_gateway_attachment", &gateway.name)
                .with("internet_gateway_id", gateway.refers("id"))
                .with("vpc_id", vpc("id"));
            self.resources.extend([gateway, attachment]);
        }
        for own in self.account.each("EgressOnlyInternetGateways") {
            let id = own["EgressOnlyInternetGatewayId"].as_str().unwrap();
            self.resources
                .push(Resource::new("aws_egress_only_internet_gateway", id).with("vpc_id", vpc("id")));
        }
    }

    /// The default list stands by itself, or is taken over; others tell their entries inside or apart.
    fn lists(&mut self) {
        for own in self.account.each("NetworkAcls") {
            let id = own["NetworkAclId"].as_str().unwrap();
            let entries: Vec<&Value> = own["Entries"]
                .as_array()
                .unwrap()
                .iter()
                .filter(|it| it["RuleNumber"].as_u64() < Some(32767))
                .collect();
            let side = |egress: bool| {
                let own = entries.iter().filter(move |it| it["Egress"] == egress);
                Term::Blocks(own.map(|entry| inline_entry(entry)).collect())
            };
            let subnets: Vec<Term> = own["Associations"]
                .as_array()
                .unwrap()
                .iter()
                .map(|it| refers("aws_subnet", &it["SubnetId"], "id"))
                .collect();
            if own["IsDefault"] == true {
                if self.random.chance(50) {
                    let list = Resource::new("aws_default_network_acl", id)
                        .with("default_network_acl_id", vpc("default_network_acl_id"))
                        .with("ingress", side(false))
                        .with("egress", side(true));
                    self.resources.push(list);
                }
                continue;
            }
            let mut list = Resource::new("aws_network_acl", id).with("vpc_id", vpc("id"));
            let mut parts = Vec::new();
            if self.random.chance(50) {
                list = list.with("ingress", side(false)).with("egress", side(true));
            } else {
                parts.extend(entries.iter().enumerate().map(|(number, entry)| {
                    let mut part = Resource::new("aws_network_acl_rule", &format!("{id}-{number}"))
                        .with("network_acl_id", list.refers("id"))
                        .with("egress", entry["Egress"].clone());
                    part.body.extend(lone_entry(entry));
                    part
                }));
            }
            if self.random.chance(50) {
                list = list.with("subnet_ids", Term::List(subnets));
            } else {
                parts.extend(subnets.into_iter().enumerate().map(|(number, subnet)| {
                    Resource::new("aws_network_acl_association", &format!("{id}-{number}"))
                        .with("network_acl_id", list.refers("id"))
                        .with("subnet_id", subnet)
                }));
            }
            self.resources.push(list);
            self.resources.extend(parts);
        }
    }

    /// The main table is taken over, or another one takes its place.
    fn tables(&mut self) {
        for own in self.account.each("RouteTables") {
            let id = own["RouteTableId"].as_str().unwrap();
            let routes: Vec<Body> = own["Routes"]
                .as_array()
                .unwrap()
                .iter()
                .filter(|route| route["GatewayId"] != "local")
                .map(route)
                .collect();
            let association = &own["Associations"][0];
            let is_main = association["Main"] == true;
            if is_main && self.random.chance(50) {
                let table = Resource::new("aws_default_route_table", id)
                    .with("default_route_table_id", vpc("default_route_table_id"))
                    .with("route", Term::Blocks(routes.into_iter().map(inline_route).collect()));
                self.resources.push(table);
                continue;
            }
            let mut table = Resource::new("aws_route_table", id).with("vpc_id", vpc("id"));
            let mut parts = Vec::new();
            if self.random.chance(50) {
                table = table.with("route", Term::Blocks(routes.into_iter().map(inline_route).collect()));
            } else {
                parts.extend(routes.into_iter().enumerate().map(|(number, body)| {
                    let mut part = Resource::new("aws_route", &format!("{id}-{number}"))
                        .with("route_table_id", table.refers("id"));
                    part.body.extend(body);
                    part
                }));
            }
            parts.push(match is_main {
                true => Resource::new("aws_main_route_table_association", id)
                    .with("vpc_id", vpc("id"))
                    .with("route_table_id", table.refers("id")),
                false => Resource::new("aws_route_table_association", id)
                    .with("subnet_id", refers("aws_subnet", &association["SubnetId"], "id"))
                    .with("route_table_id", table.refers("id")),
            });
            self.resources.push(table);
            self.resources.extend(parts);
        }
    }

    /// Three generations of rules.
    fn groups(&mut self) {
        for own in self.account.each("SecurityGroups") {
            let id = own["GroupId"].as_str().unwrap();
            let mut group = Resource::new("aws_security_group", id)
                .with("name", own["GroupName"].clone())
                .with("vpc_id", vpc("id"));
            let permissions: Vec<&Value> =
                own["IpPermissions"].as_array().unwrap().iter().filter(|it| has_sources(it)).collect();
            let mut parts = Vec::new();
            match self.random.below(3) {
                0 => {
                    let blocks = permissions
                        .iter()
                        .map(|permission| inline_rule(permission, &own["GroupId"]))
                        .collect();
                    group = group.with("ingress", Term::Blocks(blocks));
                }
                1 => parts.extend(permissions.iter().enumerate().flat_map(|(number, permission)| {
                    attached_rules(permission, &format!("{id}-{number}"), &group)
                })),
                _ => parts.extend(permissions.iter().enumerate().flat_map(|(number, permission)| {
                    lone_rules(permission, &format!("{id}-{number}"), &group)
                })),
            }
            self.resources.push(group);
            self.resources.extend(parts);
        }
    }

    /// An instance with an interface of its own, or one that tells what its interface is.
    fn interfaces(&mut self) {
        for own in self.account.each("NetworkInterfaces") {
            let id = own["NetworkInterfaceId"].as_str().unwrap();
            let name = own["TagSet"][0]["Value"].clone();
            let groups = own["Groups"].as_array().unwrap().iter();
            let groups =
                Term::List(groups.map(|it| refers("aws_security_group", &it["GroupId"], "id")).collect());
            let subnet = refers("aws_subnet", &own["SubnetId"], "id");
            let v6 = own["Ipv6Addresses"].as_array().unwrap().iter().map(|it| it["Ipv6Address"].clone());
            let v6 = Value::Array(v6.collect());
            let is_public = own.get("Association").is_some();
            let tags = Term::Map(vec![("Name".to_owned(), Term::Value(name.clone()))]);
            let machine = Resource::new("aws_instance", name.as_str().unwrap())
                .with("ami", "ami-1")
                .with("instance_type", "t3.micro")
                .with("tags", tags.clone());
            if self.random.chance(50) {
                let mut machine = machine
                    .with("subnet_id", subnet)
                    .with("vpc_security_group_ids", groups)
                    .with("private_ip", own["PrivateIpAddress"].clone())
                    .with("ipv6_addresses", v6);
                if is_public && self.random.chance(50) {
                    machine = machine.with("associate_public_ip_address", true);
                } else if is_public {
                    let address = Resource::new("aws_eip", id)
                        .with("domain", "vpc")
                        .with("instance", machine.refers("id"));
                    self.resources.push(address);
                }
                self.resources.push(machine);
                continue;
            }
            let interface = Resource::new("aws_network_interface", id)
                .with("subnet_id", subnet)
                .with("security_groups", groups)
                .with("private_ips", Value::Array(vec![own["PrivateIpAddress"].clone()]))
                .with("ipv6_addresses", v6)
                .with("tags", tags);
            if is_public {
                let address = Resource::new("aws_eip", id).with("domain", "vpc");
                if self.random.chance(50) {
                    self.resources.push(address.with("network_interface", interface.refers("id")));
                } else {
                    let association = Resource::new("aws_eip_association", id)
                        .with("allocation_id", address.refers("id"))
                        .with("network_interface_id", interface.refers("id"));
                    self.resources.extend([address, association]);
                }
            }
            let attached = vec![
                ("network_interface_id".to_owned(), interface.refers("id")),
                ("device_index".to_owned(), Term::from(0)),
            ];
            self.resources.push(machine.with("network_interface", Term::Blocks(vec![attached])));
            self.resources.push(interface);
        }
    }

    fn public_access(&mut self) {
        let mode = &self.account.kinds["VpcBlockPublicAccessOptions"]["InternetGatewayBlockMode"];
        let options = Resource::new("aws_vpc_block_public_access_options", "all")
            .with("internet_gateway_block_mode", mode.clone());
        self.resources.push(options);
        for own in self.account.each("VpcBlockPublicAccessExclusions") {
            let arn = own["ResourceArn"].as_str().unwrap();
            let (place, id) = arn.rsplit_once('/').unwrap();
            let exclusion =
                Resource::new("aws_vpc_block_public_access_exclusion", own["ExclusionId"].as_str().unwrap())
                    .with("internet_gateway_exclusion_mode", own["InternetGatewayExclusionMode"].clone());
            self.resources.push(match place.ends_with("vpc") {
                true => exclusion.with("vpc_id", refers("aws_vpc", &json!(id), "id")),
                false => exclusion.with("subnet_id", refers("aws_subnet", &json!(id), "id")),
            });
        }
    }
}

fn inline_entry(entry: &Value) -> Body {
    let mut body = Body::new();
    for (key, term) in lone_entry(entry) {
        let key = match key.as_str() {
            "rule_number" => "rule_no",
            "rule_action" => "action",
            other => other,
        };
        body.push((key.to_owned(), term));
    }
    if !body.iter().any(|(key, _)| key == "from_port") {
        body.push(("from_port".to_owned(), Term::from(0)));
        body.push(("to_port".to_owned(), Term::from(0)));
    }
    body
}

fn lone_entry(entry: &Value) -> Body {
    let mut body = Body::new();
    let mut put = |key: &str, value: &Value| {
        if !value.is_null() {
            body.push((key.to_owned(), Term::Value(value.clone())));
        }
    };
    put("rule_number", &entry["RuleNumber"]);
    put("rule_action", &entry["RuleAction"]);
    put("protocol", &entry["Protocol"]);
    put("cidr_block", &entry["CidrBlock"]);
    put("ipv6_cidr_block", &entry["Ipv6CidrBlock"]);
    put("from_port", &entry["PortRange"]["From"]);
    put("to_port", &entry["PortRange"]["To"]);
    put("icmp_type", &entry["IcmpTypeCode"]["Type"]);
    put("icmp_code", &entry["IcmpTypeCode"]["Code"]);
    body
}

/// A route with the arguments of a resource of its own.
fn route(route: &Value) -> Body {
    let mut body = Body::new();
    for (key, argument) in DESTINATIONS {
        if let Some(value) = route.get(key) {
            let is_list = key == "DestinationPrefixListId";
            let term = if is_list {
                refers("aws_ec2_managed_prefix_list", value, "id")
            } else {
                Term::Value(value.clone())
            };
            body.push((argument.to_owned(), term));
        }
    }
    for (key, argument) in HOPS {
        let Some(value) = route.get(key) else { continue };
        let term = match key {
            "GatewayId" => refers("aws_internet_gateway", value, "id"),
            "EgressOnlyInternetGatewayId" => refers("aws_egress_only_internet_gateway", value, "id"),
            _ => Term::Value(value.clone()),
        };
        body.push((argument.to_owned(), term));
    }
    body
}

/// The same with the arguments of a block of a table.
fn inline_route(body: Body) -> Body {
    let renamed = |key: &str| match key {
        "destination_cidr_block" => "cidr_block".to_owned(),
        "destination_ipv6_cidr_block" => "ipv6_cidr_block".to_owned(),
        other => other.to_owned(),
    };
    body.into_iter().map(|(key, term)| (renamed(&key), term)).collect()
}

const DESTINATIONS: [(&str, &str); 3] = [
    ("DestinationCidrBlock", "destination_cidr_block"),
    ("DestinationIpv6CidrBlock", "destination_ipv6_cidr_block"),
    ("DestinationPrefixListId", "destination_prefix_list_id"),
];
const HOPS: [(&str, &str); 5] = [
    ("GatewayId", "gateway_id"),
    ("EgressOnlyInternetGatewayId", "egress_only_gateway_id"),
    ("NatGatewayId", "nat_gateway_id"),
    ("TransitGatewayId", "transit_gateway_id"),
    ("NetworkInterfaceId", "network_interface_id"),
];

fn has_sources(permission: &Value) -> bool {
    SOURCES.iter().any(|(list, ..)| permission[*list].as_array().is_some_and(|items| !items.is_empty()))
}

/// Where sources stand: the list, the key, the argument of a block, that of a rule of its own.
const SOURCES: [(&str, &str, &str, &str); 4] = [
    ("IpRanges", "CidrIp", "cidr_blocks", "cidr_ipv4"),
    ("Ipv6Ranges", "CidrIpv6", "ipv6_cidr_blocks", "cidr_ipv6"),
    ("PrefixListIds", "PrefixListId", "prefix_list_ids", "prefix_list_id"),
    ("UserIdGroupPairs", "GroupId", "security_groups", "referenced_security_group_id"),
];

fn sources<'p>(permission: &'p Value, list: &str, key: &'p str) -> impl Iterator<Item = Term> + 'p {
    let items = permission[list].as_array().into_iter().flatten();
    items.map(move |item| match key {
        "PrefixListId" => refers("aws_ec2_managed_prefix_list", &item[key], "id"),
        "GroupId" => refers("aws_security_group", &item[key], "id"),
        _ => Term::Value(item[key].clone()),
    })
}

/// Protocol and ports, as blocks and rules of the first two generations need them.
fn ports(permission: &Value) -> Body {
    let protocol = permission["IpProtocol"].as_str().unwrap();
    let absent = if matches!(protocol, "icmpv6" | "58") { -1 } else { 0 };
    let port = |key: &str| match permission.get(key).and_then(Value::as_i64) {
        Some(port) if protocol != "-1" => Term::from(port),
        _ => Term::from(absent),
    };
    vec![
        ("protocol".to_owned(), Term::from(protocol)),
        ("from_port".to_owned(), port("FromPort")),
        ("to_port".to_owned(), port("ToPort")),
    ]
}

/// A rule inside a group, which names the group itself without its id.
fn inline_rule(permission: &Value, own: &Value) -> Body {
    let mut body = ports(permission);
    let itself = refers("aws_security_group", own, "id");
    for (list, key, argument, _) in SOURCES {
        let (sources, own): (Vec<Term>, Vec<Term>) =
            sources(permission, list, key).partition(|source| *source != itself);
        if !own.is_empty() {
            body.push(("self".to_owned(), Term::from(true)));
        }
        if !sources.is_empty() {
            body.push((argument.to_owned(), Term::List(sources)));
        }
    }
    body
}

/// Rules of the second generation: addresses together, each group apart.
fn attached_rules(permission: &Value, name: &str, group: &Resource) -> Vec<Resource> {
    let rule = |part: &str| {
        let mut rule = Resource::new("aws_security_group_rule", &format!("{name}-{part}"))
            .with("type", "ingress")
            .with("security_group_id", group.refers("id"));
        rule.body.extend(ports(permission));
        rule
    };
    let mut addresses = rule("addresses");
    let before = addresses.body.len();
    let mut rules = Vec::new();
    for (list, key, argument, _) in SOURCES {
        let sources: Vec<Term> = sources(permission, list, key).collect();
        if key == "GroupId" {
            rules.extend(
                sources.into_iter().enumerate().map(|(number, source)| {
                    rule(&number.to_string()).with("source_security_group_id", source)
                }),
            );
        } else if !sources.is_empty() {
            addresses = addresses.with(argument, Term::List(sources));
        }
    }
    if addresses.body.len() > before {
        rules.push(addresses);
    }
    rules
}

/// Rules of the third generation: one for each source.
fn lone_rules(permission: &Value, name: &str, group: &Resource) -> Vec<Resource> {
    let protocol = permission["IpProtocol"].as_str().unwrap();
    let mut rules = Vec::new();
    for (list, key, _, argument) in SOURCES {
        for source in sources(permission, list, key) {
            let mut rule =
                Resource::new("aws_vpc_security_group_ingress_rule", &format!("{name}-{}", rules.len()))
                    .with("security_group_id", group.refers("id"))
                    .with("ip_protocol", protocol)
                    .with(argument, source);
            for (key, argument) in [("FromPort", "from_port"), ("ToPort", "to_port")] {
                if let Some(port) = permission.get(key).filter(|_| protocol != "-1") {
                    rule = rule.with(argument, port.clone());
                }
            }
            rules.push(rule);
        }
    }
    rules
}
