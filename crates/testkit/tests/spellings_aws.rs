//! The same account of AWS in every format gives the same exposures, fingerprints and gaps.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use testkit::estates::exposures_of;
use testkit::generate::AwsElement;
use testkit::pipeline::lower_values;
use testkit::random::{Random, mix};
use testkit::spelling::AwsSpelling;

/// Accounts of each element that are written in every format.
const OF_EACH: u64 = 4;

#[test]
fn every_format_says_the_same() {
    let (mut accounts, mut open) = (0, 0);
    let mut differing = BTreeMap::<(&str, String), Vec<String>>::new();
    for element in AwsElement::ALL {
        for seed in 0..OF_EACH {
            let mut random = Random::new(mix(seed));
            let documents = element.account(&mut random).documents();
            let expected = said(&documents);
            accounts += 1;
            open += usize::from(!expected.is_empty());
            for spelling in AwsSpelling::ALL {
                let mut written = spelling.write(&documents, &mut random);
                random.shuffle(&mut written);
                let found = said(&written);
                if found != expected {
                    let place = (element.word(), format!("{spelling:?}"));
                    differing
                        .entry(place)
                        .or_default()
                        .push(format!("{seed}: {}", unlike(&expected, &found)));
                }
            }
        }
    }
    println!("{open} of {accounts} accounts are open, each in {} spellings", AwsSpelling::ALL.len());
    assert!(differing.is_empty(), "{differing:#?}");
    assert!(open * 5 > accounts * 4, "too few accounts are open to mean anything");
}

/// An account with load balancers, databases and a cluster: the one of the examples.
#[test]
fn northwind_says_the_same_in_every_format() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/northwind-aws");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut documents: Vec<(String, Value)> = files
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .flat_map(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let text = std::fs::read_to_string(&path).unwrap();
            let documents = serde_json::Deserializer::from_str(&text).into_iter::<Value>().enumerate();
            let named = documents.map(|(number, document)| (format!("{number}-{name}"), document.unwrap()));
            named.collect::<Vec<_>>()
        })
        .collect();
    documents.sort_by(|one, other| one.0.cmp(&other.0));
    assert!(documents.len() > 5, "{folder} has no documents");
    let expected = said(&documents);
    let mut differing = Vec::new();
    for spelling in AwsSpelling::ALL {
        for seed in 0..2 {
            let mut random = Random::new(mix(seed));
            let mut written = spelling.write(&documents, &mut random);
            random.shuffle(&mut written);
            let found = said(&written);
            if found != expected {
                differing.push(format!("{spelling:?} {seed}: {}", unlike(&expected, &found)));
            }
        }
    }
    assert!(differing.is_empty(), "{differing:#?}");
}

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
    for element in AwsElement::ALL {
        let mut random = Random::new(7);
        let documents = element.account(&mut random).documents();
        for spelling in AwsSpelling::ALL {
            for (name, document) in spelling.write(&documents, &mut random) {
                let text = document.to_string();
                let document = cloud::Document { id: model::DocumentId(0), path: &name, text: &text };
                let of_azure = (azure::CLOUD.inventory)().read(&document);
                assert_eq!(of_azure.format, None, "{spelling:?}: {text}");
                let format = (aws::CLOUD.inventory)().read(&document).format;
                // `addresses` of nothing may be anybody's.
                let is_empty = document.text.ends_with("\":[]}") && spelling == AwsSpelling::SmallLetters;
                let is_meant = is_empty || format.is_some_and(|format| spelling.formats().contains(&format));
                assert!(is_meant, "{}: {spelling:?}: {format:?}: {text}", element.word());
            }
        }
    }
}
