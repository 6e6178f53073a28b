//! Edits of organisations of Google Cloud: what they come to is what an export of afterwards says, and what they touch is
//! what they move.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a broken fixture is a failed test"
)]

mod replayed;

use std::collections::{BTreeMap, BTreeSet};

use model::Name;
use replayed::{Counts, Laws, Thing};
use serde_json::Value;
use testkit::generate::{GcpElement, Organisation};
use testkit::random::{Random, mix};

#[test]
fn edits_come_to_what_an_export_of_afterwards_says() {
    let mut counts = Counts::default();
    for element in GcpElement::ALL {
        for number in 0..ESTATES {
            let mut random = Random::new(mix(number ^ mix(element as u64)));
            let before = element.organisation(&mut random);
            let after = element.organisation(&mut random);
            // What one of them has nothing of at all, its export does not say.
            let kinds = |one: &Organisation| {
                one.kinds.iter().filter(|(_, all)| !all.is_empty()).map(|(kind, _)| *kind).collect::<Vec<_>>()
            };
            if kinds(&before) != kinds(&after) || projects(&before) != projects(&after) {
                continue;
            }
            let laws = Laws {
                cloud: &gcp::CLOUD,
                name: format!("{} {number}", element.word()),
                before: before.texts(),
                after: after.texts(),
                things: [things(&before), things(&after)],
            };
            laws.hold(&mut random, &mut counts);
        }
    }
    println!("{counts:?}");
    assert!(counts.edits > 500 && counts.touched > 100, "{counts:?}");
}

/// Of which projects an export has rules and machines.
fn projects(organisation: &Organisation) -> BTreeSet<String> {
    let both = ["firewalls", "instances"].into_iter();
    let all = both.flat_map(|kind| organisation.each(kind).map(move |one| (kind, one["selfLink"].as_str())));
    let project = |(kind, link): (&str, Option<&str>)| {
        Some(format!("{kind} {}", link?.split_once("/projects/")?.1.split('/').next()?))
    };
    all.filter_map(project).collect()
}

/// The objects of an organisation as edits state them.
fn things(organisation: &Organisation) -> BTreeMap<(&'static str, Name), Thing> {
    let mut things = BTreeMap::new();
    for (collection, all) in &organisation.kinds {
        let Some((_, kind)) = KINDS.iter().find(|(known, _)| known == collection) else {
            panic!("{collection}")
        };
        for object in all {
            let id = id_of(kind, object);
            let thing = Thing { scope: None, node: object.clone() };
            things.insert((*kind, Name::from(id)), thing);
        }
    }
    things
}

fn id_of(kind: &str, object: &Value) -> String {
    let text = |key: &str| object[key].as_str();
    match kind {
        "project" => return format!("projects/{}", text("projectId").unwrap_or_default()),
        "tag-binding" => {
            let (parent, value) = (text("parent").unwrap_or_default(), text("tagValue").unwrap_or_default());
            let target = parent.split_once("projects/").map_or(parent, |(_, rest)| rest);
            return format!("tagBindings/projects/{target}/{value}");
        }
        "instance-group-members" => {
            let group = text("instanceGroup").unwrap_or_default();
            return format!("{}/listInstances", group.rsplit("/v1/").next().unwrap_or(group));
        }
        _ => {}
    }
    let own = text("selfLink").or(text("name")).unwrap_or_else(|| panic!("{kind}: {object}"));
    own.strip_prefix("https://www.googleapis.com/compute/v1/").unwrap_or(own).to_owned()
}

const KINDS: [(&str, &str); 17] = [
    ("addressGroups", "address-group"),
    ("backendServices", "backend-service"),
    ("firewallPolicies", "firewall-policy"),
    ("firewalls", "firewall-rule"),
    ("folders", "folder"),
    ("forwardingRules", "forwarding-rule"),
    ("instanceGroupMembers", "instance-group-members"),
    ("instanceGroups", "instance-group"),
    ("instances", "instance"),
    ("networks", "network"),
    ("organizations", "organization"),
    ("projects", "project"),
    ("routes", "route"),
    ("subnetworks", "subnetwork"),
    ("tagBindings", "tag-binding"),
    ("targetInstances", "target-instance"),
    ("targetPools", "target-pool"),
];
const ESTATES: u64 = 12;
