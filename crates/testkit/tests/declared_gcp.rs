//! The same organisation of Google Cloud, exported, declared in Terraform in many ways, and planned.

use std::collections::BTreeMap;

use testkit::configuration::{Rewrite, gcp, gcp_kinds, plan, write};
use testkit::estates::{Declared, declared};
use testkit::generate::{GcpElement, Organisation};
use testkit::random::{Random, mix};

/// Elements that a configuration can say all of.
const ELEMENTS: [GcpElement; 7] = [
    GcpElement::Rules,
    GcpElement::Tags,
    GcpElement::Policies,
    GcpElement::Routes,
    GcpElement::V6,
    GcpElement::Forwarding,
    GcpElement::Networks,
];
/// Organisations of each element.
const OF_EACH: u64 = 8;

#[test]
fn what_is_declared_is_reached_as_what_is_exported() {
    let (mut organisations, mut open, mut written) = (0, 0, 0);
    let mut differing = BTreeMap::<(&str, String), Vec<String>>::new();
    for element in ELEMENTS {
        for seed in 0..OF_EACH {
            let mut random = Random::new(mix(seed));
            let mut organisation = element.organisation(&mut random);
            let members = |kind: &str| kind == "instanceGroupMembers";
            organisation.kinds.retain(|kind, _| gcp_kinds().contains(kind) || members(kind));
            let expected = exported(&organisation);
            organisations += 1;
            open += usize::from(!expected.exposures.is_empty());
            let configuration = gcp(&organisation.kinds, &mut random);
            let planned = vec![("plan.json".to_owned(), plan(&configuration).to_string())];
            let mut ways = vec![
                ("plan".to_owned(), planned),
                ("plain".to_owned(), write(&configuration, &[], &mut random)),
            ];
            for rewrite in Rewrite::ALL {
                ways.push((format!("{rewrite:?}"), write(&configuration, &[rewrite], &mut random)));
            }
            ways.push(("all".to_owned(), write(&configuration, &Rewrite::ALL, &mut random)));
            let without_json: Vec<Rewrite> =
                Rewrite::ALL.into_iter().filter(|it| *it != Rewrite::Json).collect();
            ways.push(("all as HCL".to_owned(), write(&configuration, &without_json, &mut random)));
            for (way, files) in ways {
                written += 1;
                let found = declared(files.iter().map(|(path, text)| (path.as_str(), text.as_str())));
                if found.exposures != expected.exposures {
                    let place = (element.word(), way);
                    differing.entry(place).or_default().push(format!("{seed}: {}", expected.unlike(&found)));
                }
            }
        }
    }
    println!("{open} of {organisations} organisations are open, written in {written} ways");
    assert!(differing.is_empty(), "{differing:#?}");
    assert!(open * 5 > organisations * 4, "too few organisations are open to mean anything");
}

fn exported(organisation: &Organisation) -> Declared {
    let texts: Vec<(String, String)> =
        organisation.documents().into_iter().map(|(name, value)| (name, value.to_string())).collect();
    declared(texts.iter().map(|(name, text)| (name.as_str(), text.as_str())))
}
