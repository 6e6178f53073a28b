//! An account as `aws … describe-*` prints it.

use serde_json::{Map, Value, json};

use super::world::{Acl, Attachment, Entry, Group, Interface, List, Rule, Source, Subnet, Table, World};
use super::{BALANCER, GROUP_ARN, OWNER, REGION, VPC, listener_arn};
use crate::histories::Export;

/// The documents of an account.
pub(super) fn export(world: &World) -> Export {
    let mut documents: Vec<(&str, Value)> = Vec::new();
    let lists: [(&str, Vec<Value>); 12] = [
        ("SecurityGroups", world.groups.iter().map(group).collect()),
        ("NetworkAcls", world.acls.iter().map(|one| acl(one, &world.subnets)).collect()),
        ("NetworkInterfaces", world.interfaces.iter().map(|one| interface(world, one)).collect()),
        ("Reservations", reservations(world)),
        ("Subnets", world.subnets.iter().map(subnet).collect()),
        ("Vpcs", vec![vpc()]),
        ("RouteTables", world.tables.iter().map(|one| table(world, one)).collect()),
        ("InternetGateways", world.gateways.iter().map(|one| gateway(&one.id, one.is_attached)).collect()),
        ("Addresses", addresses(world)),
        ("PrefixLists", world.lists.iter().map(list).collect()),
        ("DBInstances", databases(world)),
        ("VpcBlockPublicAccessExclusions", exclusions(world)),
    ];
    documents.extend(lists.into_iter().map(|(key, list)| (key, json!({ key: list }))));
    if world.lists_rules {
        let rules =
            world.groups.iter().flat_map(|group| group.rules.iter().map(|rule| listed(&group.id, rule)));
        documents.push(("SecurityGroupRules", json!({"SecurityGroupRules": rules.collect::<Vec<_>>()})));
    }
    let options = json!({"AwsAccountId": OWNER, "AwsRegion": REGION, "State": "update-complete", "InternetGatewayBlockMode": world.mode, "ManagedBy": "account", "ExclusionsAllowed": "allowed"});
    documents.push(("VpcBlockPublicAccessOptions", json!({"VpcBlockPublicAccessOptions": options})));
    let mut all: Export = documents
        .into_iter()
        .map(|(name, document)| (format!("{name}.json"), document.to_string()))
        .collect();
    for list in &world.lists {
        let entries: Vec<Value> = list.entries.iter().map(|cidr| json!({"Cidr": cidr})).collect();
        let document = json!({"PrefixListId": list.id, "Entries": entries});
        all.push((format!("entries-{}.json", list.id), document.to_string()));
    }
    for cluster in &world.clusters {
        let document = json!({"cluster": super::services::cluster(cluster)});
        all.push((format!("cluster-{}.json", cluster.name), document.to_string()));
    }
    all.extend(balancer(world));
    all
}

fn vpc() -> Value {
    json!({"VpcId": VPC, "OwnerId": OWNER, "CidrBlock": "10.0.0.0/16", "State": "available", "IsDefault": false,
        "Ipv6CidrBlockAssociationSet": [{"Ipv6CidrBlock": "2600:1f18::/56", "Ipv6CidrBlockState": {"State": "associated"}}]})
}

fn subnet(subnet: &Subnet) -> Value {
    json!({"SubnetId": subnet.id, "VpcId": VPC, "OwnerId": OWNER, "AvailabilityZone": format!("{REGION}a"),
        "CidrBlock": format!("10.0.{}.0/20", subnet.number * 16), "MapPublicIpOnLaunch": subnet.maps, "State": "available",
        "Ipv6CidrBlockAssociationSet": [{"Ipv6CidrBlock": format!("2600:1f18:0:{}::/64", subnet.number), "Ipv6CidrBlockState": {"State": "associated"}}]})
}

/// Permissions of one protocol and range share an item, as EC2 prints them.
pub(super) fn group(group: &Group) -> Value {
    let side = |egress: bool| {
        let mut items: Vec<Value> = Vec::new();
        for rule in group.rules.iter().filter(|rule| rule.egress == egress) {
            let (list, source) = source(rule);
            let mut bare = json!({"IpProtocol": rule.protocol});
            if let Some((first, last)) = rule.ends {
                bare["FromPort"] = first.into();
                bare["ToPort"] = last.into();
            }
            let is_it = |item: &Value| {
                ["IpProtocol", "FromPort", "ToPort"].iter().all(|key| item.get(key) == bare.get(key))
            };
            let place = items.iter().position(is_it).unwrap_or_else(|| {
                for key in ["IpRanges", "Ipv6Ranges", "PrefixListIds", "UserIdGroupPairs"] {
                    bare[key] = json!([]);
                }
                items.push(bare);
                items.len() - 1
            });
            items[place][list].as_array_mut().expect("a list of sources").push(source);
        }
        items
    };
    json!({"GroupId": group.id, "GroupName": format!("name-{}", group.id), "Description": "", "OwnerId": OWNER, "VpcId": VPC,
        "IpPermissions": side(false), "IpPermissionsEgress": side(true)})
}

fn source(rule: &Rule) -> (&'static str, Value) {
    match &rule.source {
        Source::V4(cidr) => ("IpRanges", json!({"CidrIp": cidr})),
        Source::V6(cidr) => ("Ipv6Ranges", json!({"CidrIpv6": cidr})),
        Source::List(id) => ("PrefixListIds", json!({"PrefixListId": id})),
        Source::Group(id) => ("UserIdGroupPairs", json!({"GroupId": id, "UserId": OWNER})),
    }
}

fn listed(group: &str, rule: &Rule) -> Value {
    let (first, last) = rule.ends.unwrap_or((-1, -1));
    let mut listed = json!({"SecurityGroupRuleId": rule.id, "GroupId": group, "GroupOwnerId": OWNER, "IsEgress": rule.egress,
        "IpProtocol": rule.protocol, "FromPort": first, "ToPort": last, "Tags": []});
    let (key, value) = match &rule.source {
        Source::V4(cidr) => ("CidrIpv4", json!(cidr)),
        Source::V6(cidr) => ("CidrIpv6", json!(cidr)),
        Source::List(id) => ("PrefixListId", json!(id)),
        Source::Group(id) => ("ReferencedGroupInfo", json!({"GroupId": id, "UserId": OWNER})),
    };
    listed[key] = value;
    listed
}

fn list(list: &List) -> Value {
    json!({"PrefixListId": list.id, "PrefixListName": list.id, "AddressFamily": if list.is_v6 { "IPv6" } else { "IPv4" },
        "State": "modify-complete", "MaxEntries": 20, "Version": list.version, "OwnerId": OWNER})
}

fn entry(entry: &Entry) -> Value {
    let key = if entry.cidr.contains(':') { "Ipv6CidrBlock" } else { "CidrBlock" };
    let mut told = json!({"RuleNumber": entry.number, "Egress": entry.egress, "Protocol": entry.protocol,
        "RuleAction": if entry.allows { "allow" } else { "deny" }, key: entry.cidr});
    if let Some((first, last)) = entry.ports {
        told["PortRange"] = json!({"From": first, "To": last});
    }
    told
}

pub(super) fn acl(acl: &Acl, subnets: &[Subnet]) -> Value {
    let mut entries: Vec<Value> = acl.entries.iter().map(entry).collect();
    for egress in [false, true] {
        entries.push(json!({"RuleNumber": 32767, "Egress": egress, "Protocol": "-1", "RuleAction": "deny", "CidrBlock": "0.0.0.0/0"}));
        entries.push(json!({"RuleNumber": 32768, "Egress": egress, "Protocol": "-1", "RuleAction": "deny", "Ipv6CidrBlock": "::/0"}));
    }
    let own = subnets.iter().filter(|subnet| subnet.acl.0 == acl.id);
    let associations =
        own.map(|subnet| json!({"NetworkAclAssociationId": subnet.acl.1, "NetworkAclId": acl.id, "SubnetId": subnet.id}));
    json!({"NetworkAclId": acl.id, "VpcId": VPC, "OwnerId": OWNER, "IsDefault": acl.is_default, "Tags": [],
        "Associations": associations.collect::<Vec<_>>(), "Entries": entries})
}

fn table(world: &World, table: &Table) -> Value {
    let mut routes = vec![
        json!({"DestinationCidrBlock": "10.0.0.0/16", "GatewayId": "local", "Origin": "CreateRouteTable", "State": "active"}),
        json!({"DestinationIpv6CidrBlock": "2600:1f18::/56", "GatewayId": "local", "Origin": "CreateRouteTable", "State": "active"}),
    ];
    for route in &table.routes {
        let is_gateway = route.by.starts_with("igw-");
        let leads = !is_gateway || world.gateways.iter().any(|one| one.id == route.by && one.is_attached);
        let by = if is_gateway { "GatewayId" } else { "NatGatewayId" };
        routes.push(json!({destination(&route.to): route.to, by: route.by, "Origin": "CreateRoute",
            "State": if leads { "active" } else { "blackhole" }}));
    }
    let state = json!({"State": "associated"});
    let main = table.main.iter().map(|id| json!({"Main": true, "RouteTableAssociationId": id, "RouteTableId": table.id, "AssociationState": state}));
    let own = world.subnets.iter().filter_map(|subnet| {
        let (_, id) = subnet.table.as_ref().filter(|(own, _)| *own == table.id)?;
        Some(json!({"Main": false, "SubnetId": subnet.id, "RouteTableAssociationId": id, "RouteTableId": table.id, "AssociationState": state}))
    });
    let associations: Vec<Value> = main.chain(own).collect();
    json!({"RouteTableId": table.id, "VpcId": VPC, "OwnerId": OWNER, "Associations": associations, "PropagatingVgws": [], "Routes": routes, "Tags": []})
}

/// The key of the destination of a route.
pub(super) fn destination(to: &str) -> &'static str {
    match to {
        _ if to.starts_with("pl-") => "DestinationPrefixListId",
        _ if to.contains(':') => "DestinationIpv6CidrBlock",
        _ => "DestinationCidrBlock",
    }
}

pub(super) fn gateway(id: &str, is_attached: bool) -> Value {
    let attachments = if is_attached { json!([{"State": "available", "VpcId": VPC}]) } else { json!([]) };
    json!({"InternetGatewayId": id, "OwnerId": OWNER, "Attachments": attachments, "Tags": []})
}

fn interface(world: &World, one: &Interface) -> Value {
    let groups: Vec<Value> =
        one.groups.iter().map(|id| json!({"GroupId": id, "GroupName": format!("name-{id}")})).collect();
    let mut private = json!({"Primary": true, "PrivateIpAddress": one.private});
    let mut told = json!({"NetworkInterfaceId": one.id, "Description": "", "OwnerId": OWNER, "InterfaceType": "interface", "SourceDestCheck": true,
        "Status": if one.attachment.is_some() { "in-use" } else { "available" }, "AvailabilityZone": format!("{REGION}a"), "SubnetId": one.subnet,
        "VpcId": VPC, "PrivateIpAddress": one.private, "Groups": groups,
        "Ipv6Addresses": one.v6.iter().map(|address| json!({"Ipv6Address": address})).collect::<Vec<_>>()});
    let elastic = world.addresses.iter().find_map(|address| {
        let (id, _) = address.leads.as_ref().filter(|(_, to)| *to == one.id)?;
        Some(json!({"AllocationId": address.id, "AssociationId": id, "IpOwnerId": OWNER, "PublicIp": address.public}))
    });
    let automatic = one.automatic.as_ref().map(|public| json!({"IpOwnerId": "amazon", "PublicIp": public}));
    if let Some(association) = elastic.or(automatic) {
        told["Association"] = association.clone();
        private["Association"] = association;
    }
    told["PrivateIpAddresses"] = json!([private]);
    if let Some(Attachment { id, instance, device }) = &one.attachment {
        told["Attachment"] = json!({"AttachmentId": id, "InstanceId": instance, "DeviceIndex": device, "Status": "attached", "InstanceOwnerId": OWNER, "DeleteOnTermination": *device == 0});
    }
    told
}

fn reservations(world: &World) -> Vec<Value> {
    let reservation = |one: &super::world::Instance| {
        let ids = world.interfaces_of(&one.id);
        let own: Vec<Value> = ids
            .iter()
            .filter_map(|id| world.interfaces.iter().find(|one| one.id == *id))
            .map(|one| interface(world, one))
            .collect();
        let first = own.first().cloned().unwrap_or_default();
        let mut instance = json!({"InstanceId": one.id, "State": {"Name": if one.runs { "running" } else { "stopped" }},
            "Placement": {"AvailabilityZone": format!("{REGION}a")}, "PrivateIpAddress": first["PrivateIpAddress"], "SubnetId": first["SubnetId"],
            "VpcId": VPC, "SecurityGroups": first["Groups"], "NetworkInterfaces": own, "Tags": [{"Key": "Name", "Value": format!("name-{}", one.id)}]});
        if let Some(public) = first.pointer("/Association/PublicIp") {
            instance["PublicIpAddress"] = public.clone();
        }
        json!({"ReservationId": format!("r-{}", one.id), "OwnerId": OWNER, "Groups": [], "Instances": [instance]})
    };
    world.instances.iter().map(reservation).collect()
}

fn addresses(world: &World) -> Vec<Value> {
    let address = |one: &super::world::Address| {
        let mut told = json!({"AllocationId": one.id, "PublicIp": one.public, "Domain": "vpc", "NetworkBorderGroup": REGION});
        if let Some((id, to)) = &one.leads {
            told["AssociationId"] = json!(id);
            told["NetworkInterfaceId"] = json!(to);
            told["NetworkInterfaceOwnerId"] = json!(OWNER);
            if let Some(interface) = world.interfaces.iter().find(|one| one.id == *to) {
                told["PrivateIpAddress"] = json!(interface.private);
                if let Some(attachment) = &interface.attachment {
                    told["InstanceId"] = json!(attachment.instance);
                }
            }
        }
        told
    };
    world.addresses.iter().map(address).collect()
}

fn databases(world: &World) -> Vec<Value> {
    world.databases.iter().map(|one| super::services::database(world, one)).collect()
}

fn exclusions(world: &World) -> Vec<Value> {
    let exclusion = |one: &super::world::Exclusion| {
        json!({"ExclusionId": one.id, "InternetGatewayExclusionMode": one.mode, "State": "create-complete",
            "ResourceArn": format!("arn:aws:ec2:{REGION}:{OWNER}:{}", one.place)})
    };
    world.exclusions.iter().map(exclusion).collect()
}

fn balancer(world: &World) -> Export {
    let Some(balancer) = &world.balancer else { return Vec::new() };
    let zone =
        json!({"SubnetId": balancer.subnet, "ZoneName": format!("{REGION}a"), "LoadBalancerAddresses": []});
    let listeners: Vec<Value> =
        balancer.listeners.iter().map(|(id, port)| super::services::listener(id, *port)).collect();
    let targets = balancer
        .targets
        .iter()
        .map(|(id, port)| json!({"Target": {"Id": id, "Port": port}, "TargetHealth": {"State": "healthy"}}));
    debug_assert!(
        listeners
            .iter()
            .all(|one| one["ListenerArn"].as_str().is_some_and(|arn| arn.starts_with(&listener_arn(""))))
    );
    let documents: [(&str, Map<String, Value>); 5] = [
        (
            "balancers",
            one(
                "LoadBalancers",
                json!([{"LoadBalancerArn": BALANCER, "LoadBalancerName": "front", "Scheme": "internet-facing", "Type": "network",
            "VpcId": VPC, "IpAddressType": "ipv4", "State": {"Code": "active"}, "SecurityGroups": balancer.groups, "AvailabilityZones": [zone]}]),
            ),
        ),
        ("listeners", one("Listeners", json!(listeners))),
        ("target-groups", one("TargetGroups", json!([super::services::target_group()]))),
        ("health", {
            let mut health = one("TargetHealthDescriptions", targets.collect());
            health.insert("TargetGroupArn".to_owned(), json!(GROUP_ARN));
            health
        }),
        ("attributes", {
            let mut attributes =
                one("Attributes", json!([{"Key": "preserve_client_ip.enabled", "Value": "true"}]));
            attributes.insert("TargetGroupArn".to_owned(), json!(GROUP_ARN));
            attributes
        }),
    ];
    documents
        .into_iter()
        .map(|(name, document)| (format!("{name}.json"), Value::Object(document).to_string()))
        .collect()
}

fn one(key: &str, list: Value) -> Map<String, Value> {
    [(key.to_owned(), list)].into_iter().collect()
}
