//! Edits of accounts of AWS: what they come to is what an export of afterwards says, and what they touch is what they move.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a broken fixture is a failed test"
)]

mod replayed;

use std::collections::BTreeMap;

use cloud::audit::{Act, Edit, Nature, Spot};
use cloud::json::Tree;
use model::Name;
use replayed::{Counts, Laws, Thing};
use serde_json::{Value, json};
use testkit::generate::{Account, AwsElement};
use testkit::random::{Random, mix};

#[test]
fn edits_come_to_what_an_export_of_afterwards_says() {
    let mut counts = Counts::default();
    for element in AwsElement::ALL {
        for number in 0..ESTATES {
            let mut random = Random::new(mix(number ^ mix(element as u64)));
            let before = element.account(&mut random);
            let after = element.account(&mut random);
            // What one of them has nothing of at all, its export does not say.
            let kinds = |one: &Account| {
                one.kinds.keys().filter(|kind| !kind.starts_with("VpcBlock")).copied().collect::<Vec<_>>()
            };
            if kinds(&before) != kinds(&after) {
                continue;
            }
            // A group that something edited carries and nobody states: an export that lacks it may let in everybody, a log
            // that never saw it lets in nobody, and says that it is partial.
            if texts(&after).iter().any(|(_, text)| text.contains("sg-elsewhere")) {
                continue;
            }
            let laws = Laws {
                cloud: &aws::CLOUD,
                name: format!("{} {number}", element.word()),
                before: texts(&before),
                after: texts(&after),
                things: [things(&before), things(&after)],
            };
            laws.hold(&mut random, &mut counts);
        }
    }
    println!("{counts:?}");
    assert!(counts.edits > 500 && counts.touched > 100, "{counts:?}");
}

#[test]
fn rules_of_groups_are_edited_one_by_one() {
    let mut counts = Counts::default();
    for element in [AwsElement::Groups, AwsElement::PrefixLists, AwsElement::Icmp, AwsElement::Mixed] {
        for number in 0..ESTATES {
            let mut random = Random::new(mix(number ^ mix(0x600 + element as u64)));
            let mut account = element.account(&mut random);
            // Listed rules have ids that events would have to give.
            account.all("SecurityGroupRules").clear();
            let before = texts(&account);
            let mut edits = Vec::new();
            let mut added = Vec::new();
            for _ in 0..EDITS {
                edits.extend(rule_edit(&mut account, &mut added, &mut random));
            }
            let laws = Laws {
                cloud: &aws::CLOUD,
                name: format!("rules {} {number}", element.word()),
                before,
                after: texts(&account),
                things: [BTreeMap::new(), BTreeMap::new()],
            };
            laws.follow(edits, &mut counts);
        }
    }
    println!("{counts:?}");
    assert!(counts.edits > 200 && counts.touched > 100, "{counts:?}");
}

/// Adds a rule to a group or takes one away, in the account and as an edit.
fn rule_edit(account: &mut Account, added: &mut Vec<(usize, Value)>, random: &mut Random) -> Option<Edit> {
    let lists: Vec<String> = account
        .each("PrefixLists")
        .filter_map(|list| Some(list["PrefixListId"].as_str()?.to_owned()))
        .collect();
    let ids: Vec<String> =
        account.each("SecurityGroups").filter_map(|one| Some(one["GroupId"].as_str()?.to_owned())).collect();
    let groups = account.all("SecurityGroups");
    let position = random.below(groups.len().max(1));
    let group = groups.get_mut(position)?;
    let (id, owner) = (group["GroupId"].as_str()?.to_owned(), group["OwnerId"].as_str().map(Name::from));
    let permissions = group["IpPermissions"].as_array_mut()?;
    let single: Vec<Value> = permissions.iter().flat_map(singles).collect();
    *permissions = single;
    let own = added.iter().position(|(group, _)| *group == position).filter(|_| random.chance(40));
    let act = if let Some(own) = own {
        let (_, gone) = added.remove(own);
        permissions.retain(|one| *one != gone);
        Act::Remove { from: Spot::of(&["IpPermissions"]), items: vec![tree(&gone)] }
    } else {
        let port = random.below(65_536);
        let item = match random.below(4) {
            0 if !lists.is_empty() => {
                permission(port, "PrefixListIds", json!({"PrefixListId": random.pick(&lists)}))
            }
            1 => permission(
                port,
                "UserIdGroupPairs",
                json!({"GroupId": random.pick(&ids), "UserId": owner.as_deref()}),
            ),
            2 => permission(port, "Ipv6Ranges", json!({"CidrIpv6": "2001:db8::/32"})),
            _ => permission(port, "IpRanges", json!({"CidrIp": format!("{}.0.0.0/8", random.below(224))})),
        };
        permissions.push(item.clone());
        added.push((position, item.clone()));
        Act::Insert { into: Spot::of(&["IpPermissions"]), items: vec![tree(&item)], by: Vec::new() }
    };
    Some(Edit {
        kind: "security-group".into(),
        id: id.into(),
        scope: owner,
        region: None,
        nature: Nature::Rule,
        act,
    })
}

const SOURCES: [&str; 4] = ["IpRanges", "Ipv6Ranges", "PrefixListIds", "UserIdGroupPairs"];

fn permission(port: usize, list: &str, source: Value) -> Value {
    let mut item = json!({"IpProtocol": "tcp", "FromPort": port.to_string(), "ToPort": port.to_string()});
    for key in SOURCES {
        item[key] = json!([]);
    }
    item[list] = json!([source]);
    item
}

/// A permission for each of its sources, as the ledger has them.
fn singles(permission: &Value) -> Vec<Value> {
    let mut all = Vec::new();
    for list in SOURCES {
        for source in permission[list].as_array().into_iter().flatten() {
            let mut one = permission.clone();
            for key in SOURCES {
                one[key] = json!([]);
            }
            // Descriptions are no part of a rule.
            let mut source = source.clone();
            if let Some(source) = source.as_object_mut() {
                source.remove("Description");
            }
            one[list] = json!([source]);
            if !all.contains(&one) {
                all.push(one);
            }
        }
    }
    all
}

fn tree(value: &Value) -> Tree<'static> {
    Tree::Object(replayed::node(value))
}

/// What every command prints, and nothing of what only some accounts print at all.
fn texts(account: &Account) -> Vec<(String, String)> {
    let mut texts = account.texts();
    for kind in ["VpcBlockPublicAccessExclusions"] {
        if !account.kinds.contains_key(kind) {
            texts.push((format!("{kind}.json"), json!({ kind: [] }).to_string()));
        }
    }
    texts
}

/// The objects of an account as edits state them.
fn things(account: &Account) -> BTreeMap<(&'static str, Name), Thing> {
    let mut things = BTreeMap::new();
    let mut add = |kind: &'static str, id: String, scope: Option<&str>, node: &Value| {
        let thing = Thing { scope: scope.map(Name::from), node: node.clone() };
        things.insert((kind, Name::from(id)), thing);
    };
    for (list, kind, key) in KINDS {
        for object in account.each(list) {
            if let Some(id) = object[key].as_str() {
                let id = match kind {
                    "security-group-association" => {
                        format!("{id}/{}", object["VpcId"].as_str().unwrap_or_default())
                    }
                    _ => id.to_owned(),
                };
                add(kind, id, None, object);
            }
        }
    }
    if let Some(options) = account.kinds.get("VpcBlockPublicAccessOptions") {
        let region = options["AwsRegion"].as_str().unwrap_or("unknown-region");
        add("vpc-block-public-access-options", format!("vpc-block-public-access/{region}"), None, options);
    }
    for reservation in account.each("Reservations") {
        for instance in reservation["Instances"].as_array().into_iter().flatten() {
            let id = instance["InstanceId"].as_str().unwrap_or_default();
            add("instance", id.to_owned(), reservation["OwnerId"].as_str(), instance);
        }
    }
    for list in account.each("PrefixLists") {
        let id = list["PrefixListId"].as_str().unwrap_or_default();
        let mut whole = list.clone();
        let own = account.entries.iter().filter(|page| page["PrefixListId"] == list["PrefixListId"]);
        let pages: Vec<&Value> = own.collect();
        if !pages.is_empty() {
            let entries = pages.iter().filter_map(|page| page["Entries"].as_array()).flatten();
            whole["Entries"] = entries.cloned().collect();
        }
        add("prefix-list", id.to_owned(), None, &whole);
    }
    things
}

const KINDS: [(&str, &str, &str); 12] = [
    ("SecurityGroups", "security-group", "GroupId"),
    ("SecurityGroupRules", "security-group-rule", "SecurityGroupRuleId"),
    ("NetworkAcls", "network-acl", "NetworkAclId"),
    ("NetworkInterfaces", "network-interface", "NetworkInterfaceId"),
    ("Subnets", "subnet", "SubnetId"),
    ("Vpcs", "vpc", "VpcId"),
    ("RouteTables", "route-table", "RouteTableId"),
    ("InternetGateways", "internet-gateway", "InternetGatewayId"),
    ("EgressOnlyInternetGateways", "egress-only-internet-gateway", "EgressOnlyInternetGatewayId"),
    ("Addresses", "address", "AllocationId"),
    ("SecurityGroupVpcAssociations", "security-group-association", "GroupId"),
    ("VpcBlockPublicAccessExclusions", "vpc-block-public-access-exclusion", "ExclusionId"),
];
const ESTATES: u64 = 12;
const EDITS: usize = 12;
