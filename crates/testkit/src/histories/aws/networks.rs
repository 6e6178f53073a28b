//! What is done to groups, prefix lists, network lists, routes and gateways.

use serde_json::{Value, json};

use super::export::destination;
use super::world::{Acl, Entry, Gateway, Group, List, Route, Rule, Source, Table, World};
use super::{Call, OWNER, VPC, ec2, items, wrapped};
use crate::random::Random;

const V4: [&str; 9] = [
    "0.0.0.0/0",
    "0.0.0.0/1",
    "128.0.0.0/1",
    "10.0.0.0/8",
    "198.51.100.7/32",
    "0.0.0.0/0",
    "8.8.8.0/24",
    "64.0.0.0/2",
    "192.168.0.0/16",
];
const V6: [&str; 5] = ["::/0", "::/1", "8000::/1", "2001:db8::/32", "2600:1f18::/36"];

pub(super) fn groups(world: &mut World, random: &mut Random) -> Option<Call> {
    match random.below(20) {
        0..9 => authorize(world, random),
        9..14 => revoke(world, random),
        14..17 => modify(world, random),
        17 => describe(world, random),
        18 => {
            let id = world.id("sg");
            world.groups.push(Group { id: id.clone(), rules: Vec::new() });
            let egress = Rule {
                id: String::new(),
                egress: true,
                protocol: "-1",
                ends: None,
                source: Source::V4("0.0.0.0/0".to_owned()),
                is_told: false,
            };
            world.groups.last_mut()?.rules.push(egress);
            let request =
                json!({"groupName": format!("name-{id}"), "groupDescription": "made", "vpcId": VPC});
            Some(ec2(
                "CreateSecurityGroup",
                request,
                json!({"requestId": "r", "_return": true, "groupId": id}),
            ))
        }
        _ => {
            let carried = |id: &String| {
                world.interfaces.iter().any(|one| one.groups.contains(id))
                    || world.databases.iter().any(|one| one.groups.contains(id))
                    || world.balancer.iter().any(|one| one.groups.contains(id))
                    || world
                        .groups
                        .iter()
                        .flat_map(|group| &group.rules)
                        .any(|rule| rule.source == Source::Group(id.clone()))
            };
            let place = world.groups.iter().position(|group| !carried(&group.id))?;
            let gone = world.groups.remove(place);
            Some(ec2(
                "DeleteSecurityGroup",
                json!({"groupId": gone.id}),
                json!({"requestId": "r", "_return": true, "groupId": gone.id}),
            ))
        }
    }
}

/// A rule that may be anything, for a group.
pub(super) fn rule(world: &mut World, random: &mut Random) -> Rule {
    let (protocol, ends) = match random.below(10) {
        0 => ("-1", None),
        1 => ("icmp", Some((8, -1))),
        2 => ("udp", Some((53, 53))),
        3 => ("tcp", Some((0, 65_535))),
        4 => ("47", None),
        5..7 => ("tcp", Some((443, 443))),
        7 => ("tcp", Some((20, 25))),
        _ => ("tcp", Some((22, 22))),
    };
    let source = match random.below(10) {
        0..2 if !world.lists.is_empty() => Source::List(random.pick(&world.lists).id.clone()),
        2 => Source::Group(random.pick(&world.groups).id.clone()),
        3 | 4 => Source::V6((*random.pick(&V6)).to_owned()),
        _ => Source::V4((*random.pick(&V4)).to_owned()),
    };
    Rule { id: world.id("sgr"), egress: random.chance(12), protocol, ends, source, is_told: true }
}

/// The same prefix, as people write it: EC2 cuts host bits off.
fn loose(cidr: &str, random: &mut Random) -> String {
    match cidr {
        "0.0.0.0/0" if random.chance(20) => "203.0.113.9/0".to_owned(),
        "128.0.0.0/1" if random.chance(30) => "192.0.2.1/1".to_owned(),
        "10.0.0.0/8" if random.chance(30) => "10.9.8.7/8".to_owned(),
        _ => cidr.to_owned(),
    }
}

fn spelled(protocol: &str, random: &mut Random) -> Value {
    match protocol {
        "tcp" if random.chance(20) => json!("6"),
        "udp" if random.chance(20) => json!("17"),
        "icmp" if random.chance(20) => json!("1"),
        "tcp" if random.chance(10) => json!("TCP"),
        other => json!(other),
    }
}

/// The rules of a request, nested or flat.
fn asked(group: &str, rules: &[Rule], random: &mut Random) -> Value {
    let bare = |rule: &Rule, random: &mut Random| {
        let mut bare = json!({"ipProtocol": spelled(rule.protocol, random)});
        if let Some((first, last)) = rule.ends {
            bare["fromPort"] = json!(first);
            bare["toPort"] = json!(last);
        } else if rule.protocol == "-1" && random.chance(30) {
            bare["fromPort"] = json!(0);
            bare["toPort"] = json!(0);
        }
        bare
    };
    if let ([Rule { source: Source::V4(cidr), .. }], true) = (rules, random.chance(35)) {
        let mut flat = bare(&rules[0], random);
        flat["groupId"] = json!(group);
        flat["cidrIp"] = json!(loose(cidr, random));
        flat["ipPermissions"] = json!({});
        return flat;
    }
    let permission = |rule: &Rule, random: &mut Random| {
        let mut one = bare(rule, random);
        for key in ["groups", "ipRanges", "ipv6Ranges", "prefixListIds"] {
            one[key] = json!({});
        }
        let (key, source) = match &rule.source {
            Source::V4(cidr) => ("ipRanges", json!({"cidrIp": loose(cidr, random), "description": "why"})),
            Source::V6(cidr) => ("ipv6Ranges", json!({"cidrIpv6": cidr})),
            Source::List(id) => ("prefixListIds", json!({"prefixListId": id})),
            Source::Group(id) => ("groups", json!({"groupId": id, "userId": OWNER})),
        };
        one[key] = items(vec![source]);
        one
    };
    let permissions: Vec<Value> = rules.iter().map(|rule| permission(rule, random)).collect();
    json!({"groupId": group, "ipPermissions": items(permissions)})
}

/// A rule as answers list it.
fn answered(group: &str, rule: &Rule) -> Value {
    let (first, last) = rule.ends.unwrap_or((-1, -1));
    let mut told = json!({"groupOwnerId": OWNER, "groupId": group, "securityGroupRuleId": rule.id, "isEgress": rule.egress,
        "ipProtocol": rule.protocol, "fromPort": first, "toPort": last});
    match &rule.source {
        Source::V4(cidr) => told["cidrIpv4"] = json!(cidr),
        Source::V6(cidr) => told["cidrIpv6"] = json!(cidr),
        Source::List(id) => told["prefixListId"] = json!(id),
        Source::Group(id) => told["referencedGroupInfo"] = json!({"groupId": id, "userId": OWNER}),
    }
    told
}

fn authorize(world: &mut World, random: &mut Random) -> Option<Call> {
    let place = random.below(world.groups.len());
    let first = rule(world, random);
    let mut rules = vec![first];
    for _ in 0..random.below(3) {
        let next = Rule { egress: rules[0].egress, ..rule(world, random) };
        rules.push(next);
    }
    let group = &mut world.groups[place];
    let mut new: Vec<Rule> = Vec::new();
    for rule in rules {
        if group.rules.iter().chain(&new).any(|own| own.says(&rule)) {
            return None;
        }
        new.push(rule);
    }
    let name = if new[0].egress { "AuthorizeSecurityGroupEgress" } else { "AuthorizeSecurityGroupIngress" };
    let set = items(new.iter().map(|rule| answered(&group.id, rule)).collect());
    let request = asked(&group.id, &new, random);
    group.rules.extend(new);
    Some(ec2(name, request, json!({"requestId": "r", "_return": true, "securityGroupRuleSet": set})))
}

fn revoke(world: &mut World, random: &mut Random) -> Option<Call> {
    let place = random.below(world.groups.len());
    let group = &mut world.groups[place];
    let chosen = random.below(group.rules.len().max(1));
    let egress = group.rules.get(chosen)?.egress;
    let is_by_id = random.chance(40);
    let mut gone: Vec<Rule> = vec![group.rules[chosen].clone()];
    let other = group.rules.iter().rev().find(|rule| rule.egress == egress && !rule.says(&gone[0]));
    if let Some(other) = other
        && random.chance(30)
    {
        gone.push(other.clone());
    }
    if is_by_id && !gone.iter().all(|rule| rule.is_told) {
        return None;
    }
    let id = group.id.clone();
    group.rules.retain(|rule| !gone.iter().any(|one| one.says(rule)));
    let name = if egress { "RevokeSecurityGroupEgress" } else { "RevokeSecurityGroupIngress" };
    let request = if is_by_id {
        let ids = gone.iter().map(|rule| json!({"securityGroupRuleId": rule.id})).collect();
        json!({"groupId": id, "ipPermissions": {}, "securityGroupRuleIds": items(ids)})
    } else {
        asked(&id, &gone, random)
    };
    let mut response = json!({"requestId": "r", "_return": true, "unknownIpPermissionSet": {}});
    if random.chance(40) {
        response["revokedSecurityGroupRuleSet"] =
            items(gone.iter().map(|rule| answered(&id, rule)).collect());
    }
    Some(ec2(name, request, response))
}

fn modify(world: &mut World, random: &mut Random) -> Option<Call> {
    let place = random.below(world.groups.len());
    let known: Vec<usize> = world.groups[place]
        .rules
        .iter()
        .enumerate()
        .filter(|(_, rule)| rule.is_told)
        .map(|(at, _)| at)
        .collect();
    if known.is_empty() {
        return None;
    }
    let at = *random.pick(&known);
    let fresh = rule(world, random);
    let group = &mut world.groups[place];
    let own = group.rules[at].clone();
    let now = Rule { id: own.id, egress: own.egress, ..fresh };
    if group.rules.iter().any(|rule| rule.says(&now)) {
        return None;
    }
    let mut said = json!({"IpProtocol": now.protocol, "Description": ""});
    if let Some((first, last)) = now.ends {
        said["FromPort"] = json!(first);
        said["ToPort"] = json!(last);
    } else if now.protocol == "-1" {
        said["FromPort"] = json!(-1);
        said["ToPort"] = json!(-1);
    }
    match &now.source {
        Source::V4(cidr) => said["CidrIpv4"] = json!(loose(cidr, random)),
        Source::V6(cidr) => said["CidrIpv6"] = json!(cidr),
        Source::List(id) => said["PrefixListId"] = json!(id),
        Source::Group(id) => said["ReferencedGroupId"] = json!(id),
    }
    let one = json!({"tag": 1, "SecurityGroupRuleId": now.id, "SecurityGroupRule": said});
    let one = if random.chance(50) { json!([one]) } else { one };
    let request = json!({"GroupId": group.id, "SecurityGroupRule": one});
    group.rules[at] = now;
    Some(wrapped("ModifySecurityGroupRules", request, json!({"requestId": "r", "return": true})))
}

fn describe(world: &mut World, random: &mut Random) -> Option<Call> {
    let group = random.pick(&world.groups);
    let own = group.rules.iter().find(|rule| !rule.egress)?;
    let request = asked(&group.id, std::slice::from_ref(own), random);
    Some(ec2("UpdateSecurityGroupRuleDescriptionsIngress", request, json!({"_return": true})))
}

pub(super) fn lists(world: &mut World, random: &mut Random) -> Option<Call> {
    let pick =
        |is_v6: bool, random: &mut Random| (*random.pick(if is_v6 { &V6[..] } else { &V4[..] })).to_owned();
    if world.lists.len() < 3 && random.chance(30) {
        let (id, is_v6) = (world.id("pl"), random.chance(30));
        let cidr = pick(is_v6, random);
        let request = json!({"PrefixListName": id, "AddressFamily": if is_v6 { "IPv6" } else { "IPv4" }, "MaxEntries": 20, "Entry": {"tag": 1, "Cidr": cidr}});
        let told = json!({"prefixList": {"prefixListId": id, "prefixListName": id, "addressFamily": if is_v6 { "IPv6" } else { "IPv4" }, "state": "create-in-progress", "version": 1, "ownerId": OWNER, "maxEntries": 20, "tagSet": ""}});
        world.lists.push(List {
            id,
            is_v6,
            version: 1,
            versions: vec![(1, vec![cidr.clone()])],
            entries: vec![cidr],
        });
        return Some(wrapped("CreateManagedPrefixList", request, told));
    }
    let place = random.below(world.lists.len().max(1));
    let used = world.lists.get(place).map(|list| is_used(world, &list.id))?;
    if !used && random.chance(20) {
        let gone = world.lists.remove(place);
        return Some(wrapped(
            "DeleteManagedPrefixList",
            json!({"PrefixListId": gone.id}),
            json!({"prefixList": {"prefixListId": gone.id, "state": "delete-in-progress"}}),
        ));
    }
    let list = &mut world.lists[place];
    let before = list.version;
    if list.versions.len() > 1 && random.chance(25) {
        let (previous, entries) = random.pick(&list.versions).clone();
        if previous == before {
            return None;
        }
        let request = json!({"PrefixListId": list.id, "PreviousVersion": previous, "CurrentVersion": before});
        list.entries = entries;
        list.version += 1;
        list.versions.push((list.version, list.entries.clone()));
        return Some(wrapped(
            "RestoreManagedPrefixListVersion",
            request,
            json!({"prefixList": {"prefixListId": list.id, "state": "restore-in-progress"}}),
        ));
    }
    let mut request = json!({"PrefixListId": list.id, "CurrentVersion": before});
    let added = pick(list.is_v6, random);
    let is_new = !list.entries.contains(&added);
    if !is_new || random.chance(30) {
        if list.entries.is_empty() {
            return None;
        }
        let gone = list.entries.remove(random.below(list.entries.len()));
        request["RemoveEntry"] = json!([{"tag": 1, "Cidr": gone}]);
    }
    if is_new && random.chance(80) {
        request["AddEntry"] = json!({"tag": 1, "Cidr": loose(&added, random), "Description": "x"});
        list.entries.push(added);
    }
    if request.get("AddEntry").is_none() && request.get("RemoveEntry").is_none() {
        return None;
    }
    list.version += 1;
    list.versions.push((list.version, list.entries.clone()));
    Some(wrapped(
        "ModifyManagedPrefixList",
        request,
        json!({"prefixList": {"prefixListId": list.id, "state": "modify-in-progress", "version": before}}),
    ))
}

fn is_used(world: &World, list: &str) -> bool {
    world
        .groups
        .iter()
        .flat_map(|group| &group.rules)
        .any(|rule| rule.source == Source::List(list.to_owned()))
        || world.tables.iter().flat_map(|table| &table.routes).any(|route| route.to == list)
}

#[expect(clippy::too_many_lines, reason = "one operation after the other, nothing shared")]
pub(super) fn acls(world: &mut World, random: &mut Random) -> Option<Call> {
    match random.below(20) {
        0 => {
            let id = world.id("acl");
            world.acls.push(Acl { id: id.clone(), is_default: false, entries: Vec::new() });
            let made = super::export::acl(world.acls.last()?, &[]);
            let entries: Vec<Value> = made["Entries"].as_array()?.iter().map(|entry| {
                json!({"ruleNumber": entry["RuleNumber"], "egress": entry["Egress"], "aclProtocol": entry["Protocol"], "ruleAction": entry["RuleAction"],
                    "cidrBlock": entry.get("CidrBlock"), "ipv6CidrBlock": entry.get("Ipv6CidrBlock"), "portRange": {}, "icmpTypeCode": {}})
            }).collect();
            let list = json!({"networkAclId": id, "vpcId": VPC, "default": false, "ownerId": OWNER, "associationSet": {}, "tagSet": {}, "entrySet": items(entries)});
            Some(ec2(
                "CreateNetworkAcl",
                json!({"vpcId": VPC}),
                json!({"requestId": "r", "networkAcl": list}),
            ))
        }
        1 => {
            let place = world
                .acls
                .iter()
                .position(|acl| !acl.is_default && !world.subnets.iter().any(|one| one.acl.0 == acl.id))?;
            let gone = world.acls.remove(place);
            Some(ec2("DeleteNetworkAcl", json!({"networkAclId": gone.id}), json!({"_return": true})))
        }
        2..5 => {
            let to = random.pick(&world.acls).id.clone();
            let new = world.id("aclassoc");
            let place = random.below(world.subnets.len());
            let subnet = &mut world.subnets[place];
            let (_, old) = std::mem::replace(&mut subnet.acl, (to.clone(), new.clone()));
            Some(ec2(
                "ReplaceNetworkAclAssociation",
                json!({"associationId": old, "networkAclId": to}),
                json!({"requestId": "r", "newAssociationId": new}),
            ))
        }
        5..10 => {
            let place = random.below(world.acls.len());
            let acl = &mut world.acls[place];
            if acl.entries.is_empty() {
                return None;
            }
            let gone = acl.entries.remove(random.below(acl.entries.len()));
            Some(ec2(
                "DeleteNetworkAclEntry",
                json!({"networkAclId": acl.id, "ruleNumber": gone.number, "egress": gone.egress}),
                json!({"requestId": "r", "_return": true}),
            ))
        }
        _ => {
            let place = random.below(world.acls.len());
            let acl = &mut world.acls[place];
            let entry = entry(random);
            let own =
                acl.entries.iter_mut().find(|own| (own.number, own.egress) == (entry.number, entry.egress));
            let mut request = json!({"networkAclId": acl.id, "ruleNumber": entry.number, "egress": entry.egress, "aclProtocol": entry.protocol,
                "ruleAction": if entry.allows { "allow" } else { "deny" }, "icmpTypeCode": {}, "portRange": {}});
            let key = if entry.cidr.contains(':') { "ipv6CidrBlock" } else { "cidrBlock" };
            request[key] = json!(loose(&entry.cidr, random));
            if let Some((first, last)) = entry.ports {
                request["portRange"] = json!({"from": first, "to": last});
            }
            let name = match own {
                Some(own) => {
                    *own = entry;
                    "ReplaceNetworkAclEntry"
                }
                None => {
                    acl.entries.push(entry);
                    "CreateNetworkAclEntry"
                }
            };
            Some(ec2(name, request, json!({"requestId": "r", "_return": true})))
        }
    }
}

fn entry(random: &mut Random) -> Entry {
    let cidr = if random.chance(25) { *random.pick(&V6) } else { *random.pick(&V4) };
    let (protocol, ports) = match random.below(4) {
        0 => ("6", Some((22, 22))),
        1 => ("6", Some((0, 65_535))),
        2 => ("17", Some((53, 53))),
        _ => ("-1", None),
    };
    let number = *random.pick(&[10, 20, 50, 100, 101, 200]);
    Entry {
        number,
        egress: random.chance(30),
        allows: random.chance(65),
        protocol,
        cidr: cidr.to_owned(),
        ports,
    }
}

pub(super) fn routes(world: &mut World, random: &mut Random) -> Option<Call> {
    match random.below(20) {
        0..9 => route(world, random),
        9..13 => associations(world, random),
        13 => {
            let id = world.id("rtb");
            world.tables.push(Table { id: id.clone(), main: None, routes: Vec::new() });
            let local = |key: &str, to: &str| json!({key: to, "gatewayId": "local", "origin": "CreateRouteTable", "state": "active"});
            let set = items(vec![
                local("destinationCidrBlock", "10.0.0.0/16"),
                local("destinationIpv6CidrBlock", "2600:1f18::/56"),
            ]);
            let table = json!({"routeTableId": id, "vpcId": VPC, "ownerId": OWNER, "routeSet": set, "associationSet": {}, "propagatingVgwSet": {}, "tagSet": {}});
            Some(ec2(
                "CreateRouteTable",
                json!({"vpcId": VPC}),
                json!({"requestId": "r", "routeTable": table}),
            ))
        }
        14 => {
            let stands = |table: &Table| {
                table.main.is_some()
                    || world
                        .subnets
                        .iter()
                        .any(|one| one.table.as_ref().is_some_and(|(own, _)| *own == table.id))
            };
            let place = world.tables.iter().position(|table| !stands(table))?;
            let gone = world.tables.remove(place);
            Some(ec2("DeleteRouteTable", json!({"routeTableId": gone.id}), json!({"_return": true})))
        }
        _ => gateways(world, random),
    }
}

fn route(world: &mut World, random: &mut Random) -> Option<Call> {
    let attached: Vec<String> =
        world.gateways.iter().filter(|one| one.is_attached).map(|one| one.id.clone()).collect();
    let by = if random.chance(70) { attached.first().cloned()? } else { "nat-1".to_owned() };
    let lists: Vec<String> = world.lists.iter().map(|one| one.id.clone()).collect();
    let to = match random.below(8) {
        0 if !lists.is_empty() => random.pick(&lists).clone(),
        1 | 2 => (*random.pick(&V6[..3])).to_owned(),
        _ => (*random.pick(&["0.0.0.0/0", "0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/1", "8.8.8.0/24"])).to_owned(),
    };
    let place = random.below(world.tables.len());
    let table = &mut world.tables[place];
    let key = destination(&to);
    let key = format!("d{}", &key[1..]);
    let own = table.routes.iter().position(|route| route.to == to);
    if let (Some(own), true) = (own, random.chance(45)) {
        table.routes.remove(own);
        return Some(ec2(
            "DeleteRoute",
            json!({"routeTableId": table.id, key: to}),
            json!({"requestId": "r", "_return": true}),
        ));
    }
    let target = if by.starts_with("igw") { "gatewayId" } else { "natGatewayId" };
    let request = json!({"routeTableId": table.id, key: loose(&to, random), target: by});
    let name = if let Some(own) = own {
        table.routes[own].by = by;
        "ReplaceRoute"
    } else {
        table.routes.push(Route { to, by });
        "CreateRoute"
    };
    Some(ec2(name, request, json!({"requestId": "r", "_return": true})))
}

fn associations(world: &mut World, random: &mut Random) -> Option<Call> {
    let (to, new) = (random.pick(&world.tables).id.clone(), world.id("rtbassoc"));
    let told =
        json!({"requestId": "r", "newAssociationId": new, "associationState": {"state": "associated"}});
    if random.chance(20) {
        let main = world.tables.iter_mut().find_map(|table| table.main.take())?;
        world.tables.iter_mut().find(|table| table.id == to)?.main = Some(new);
        return Some(ec2(
            "ReplaceRouteTableAssociation",
            json!({"associationId": main, "routeTableId": to}),
            told,
        ));
    }
    let place = random.below(world.subnets.len());
    let subnet = &mut world.subnets[place];
    match subnet.table.take() {
        None => {
            subnet.table = Some((to.clone(), new.clone()));
            let told =
                json!({"requestId": "r", "associationId": new, "associationState": {"state": "associated"}});
            Some(ec2("AssociateRouteTable", json!({"routeTableId": to, "subnetId": subnet.id}), told))
        }
        Some((_, old)) if random.chance(40) => Some(ec2(
            "DisassociateRouteTable",
            json!({"associationId": old}),
            json!({"requestId": "r", "_return": true}),
        )),
        Some((_, old)) => {
            subnet.table = Some((to.clone(), new));
            Some(ec2("ReplaceRouteTableAssociation", json!({"associationId": old, "routeTableId": to}), told))
        }
    }
}

fn gateways(world: &mut World, random: &mut Random) -> Option<Call> {
    let done = json!({"requestId": "r", "_return": true});
    if let Some(own) = world.gateways.iter_mut().find(|one| one.is_attached) {
        // Seldom: nothing is open without.
        if !random.chance(35) {
            return None;
        }
        own.is_attached = false;
        return Some(ec2("DetachInternetGateway", json!({"internetGatewayId": own.id, "vpcId": VPC}), done));
    }
    if world.gateways.len() > 1 && random.chance(20) {
        let gone = world.gateways.remove(random.below(world.gateways.len()));
        return Some(ec2("DeleteInternetGateway", json!({"internetGatewayId": gone.id}), done));
    }
    if random.chance(15) {
        let id = world.id("igw");
        world.gateways.push(Gateway { id: id.clone(), is_attached: false });
        let told = json!({"requestId": "r", "internetGateway": {"internetGatewayId": id, "ownerId": OWNER, "attachmentSet": {}, "tagSet": {}}});
        return Some(ec2("CreateInternetGateway", json!({}), told));
    }
    let place = random.below(world.gateways.len());
    let own = &mut world.gateways[place];
    own.is_attached = true;
    Some(ec2("AttachInternetGateway", json!({"internetGatewayId": own.id, "vpcId": VPC}), done))
}
