//! Edits of accounts of AWS: what they come to is what an export of afterwards says, and what they touch is what they move.

mod replayed;

use std::collections::BTreeMap;

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
            let kinds = |one: &Account| one.kinds.keys().filter(|kind| !kind.starts_with("VpcBlock")).copied().collect::<Vec<_>>();
            if kinds(&before) != kinds(&after) {
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
