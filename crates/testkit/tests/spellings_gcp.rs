//! The same organisation of Google Cloud in every format gives the same exposures, fingerprints and gaps.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use testkit::estates::exposures_of;
use testkit::generate::GcpElement;
use testkit::pipeline::lower_values;
use testkit::random::{Random, mix};
use testkit::spelling::GcpSpelling;

/// Organisations of each element that are written in every format.
const OF_EACH: u64 = 4;

#[test]
fn every_format_says_the_same() {
    let (mut organisations, mut open) = (0, 0);
    let mut differing = BTreeMap::<(&str, String), Vec<String>>::new();
    for element in GcpElement::ALL {
        for seed in 0..OF_EACH {
            let mut random = Random::new(mix(seed));
            let organisation = element.organisation(&mut random);
            let expected = said(&organisation.documents());
            organisations += 1;
            open += usize::from(!expected.is_empty());
            for spelling in GcpSpelling::ALL {
                let mut written = spelling.write(&organisation.kinds, &mut random);
                random.shuffle(&mut written);
                let found = said(&written);
                if found != expected {
                    let place = (element.word(), format!("{spelling:?}"));
                    let what = format!("{seed}: {}", unlike(&expected, &found));
                    differing.entry(place).or_default().push(what);
                }
            }
        }
    }
    println!(
        "{open} of {organisations} organisations are open, each in {} spellings",
        GcpSpelling::ALL.len()
    );
    assert!(differing.is_empty(), "{differing:#?}");
    assert!(open * 5 > organisations * 4, "too few organisations are open to mean anything");
}

/// An organisation with load balancers, Cloud Armor and services: the one of the examples.
#[test]
fn tailspin_says_the_same_in_every_format() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/tailspin-gcp");
    let mut kinds = BTreeMap::<&'static str, Vec<Value>>::new();
    let mut others = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if name.ends_with(".md") {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        for document in serde_json::Deserializer::from_str(&text).into_iter::<Value>().map(Result::unwrap) {
            let listed = KINDS.iter().find(|(file, _)| name.starts_with(file));
            match (listed, document) {
                (Some((_, word)), Value::Array(list)) => kinds.entry(word).or_default().extend(list),
                (_, document) => others.push((format!("{}-{name}", others.len()), document)),
            }
        }
    }
    assert!(kinds.len() > 10, "{folder} has few lists: {:?}", kinds.keys());
    let all = |mut documents: Vec<(String, Value)>| {
        documents.extend(others.clone());
        said(&documents)
    };
    let mut random = Random::new(mix(0));
    let expected = all(GcpSpelling::Lists.write(&kinds, &mut random));
    assert!(expected.len() > 10, "{expected:?}");
    let mut differing = Vec::new();
    for spelling in GcpSpelling::ALL {
        let found = all(spelling.write(&kinds, &mut random));
        if found != expected {
            differing.push(format!("{spelling:?}: {}", unlike(&expected, &found)));
        }
    }
    assert!(differing.is_empty(), "{differing:#?}");
}

/// How files of the example begin, and the words of the kinds that they list.
const KINDS: [(&str, &str); 17] = [
    ("addresses", "addresses"),
    ("backend-services", "backendServices"),
    ("firewall-policies", "firewallPolicies"),
    ("firewall-rules", "firewalls"),
    ("forwarding-rules", "forwardingRules"),
    ("games-instances", "instances"),
    ("instance-groups", "instanceGroups"),
    ("instances", "instances"),
    ("network-firewall-policies", "firewallPolicies"),
    ("networks", "networks"),
    ("routers", "routers"),
    ("routes", "routes"),
    ("security-policies", "securityPolicies"),
    ("subnets", "subnetworks"),
    ("target-https-proxies", "targetHttpsProxies"),
    ("target-instances", "targetInstances"),
    ("url-maps", "urlMaps"),
];

/// Exposures, with their fingerprints, and codes and messages of gaps.
fn said(documents: &[(String, Value)]) -> BTreeSet<String> {
    let (_, gaps) = lower_values(documents);
    let gaps = gaps.iter().map(|gap| format!("{} {}", gap.code, gap.message));
    exposures_of(documents).into_iter().chain(gaps).collect()
}

/// The first few things that only one of the two says.
fn unlike(expected: &BTreeSet<String>, found: &BTreeSet<String>) -> String {
    let only = |one: &BTreeSet<String>, other: &BTreeSet<String>| {
        let lines = one.difference(other).take(2);
        lines.map(|line| line.chars().take(300).collect()).collect::<Vec<String>>()
    };
    format!("lost {:?}, new {:?}", only(expected, found), only(found, expected))
}

#[test]
fn every_format_is_known_by_its_content() {
    for element in GcpElement::ALL {
        let mut random = Random::new(7);
        let organisation = element.organisation(&mut random);
        for spelling in GcpSpelling::ALL {
            for (name, document) in spelling.write(&organisation.kinds, &mut random) {
                let text = document.to_string();
                let document = cloud::Document { id: model::DocumentId(0), path: &name, text: &text };
                for other in [&azure::CLOUD, &aws::CLOUD] {
                    let format = (other.inventory)().read(&document).format;
                    assert_eq!(format, None, "{}: {spelling:?}: {text}", other.name);
                }
                let format = (gcp::CLOUD.inventory)().read(&document).format;
                let is_meant = format.is_some_and(|format| spelling.formats().contains(&format));
                assert!(is_meant, "{}: {spelling:?}: {format:?}: {text}", element.word());
            }
        }
    }
}
