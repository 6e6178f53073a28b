//! The same estate in every format gives the same exposures and fingerprints, and the same gaps.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use testkit::estates::exposures_of;
use testkit::generate::Element;
use testkit::pipeline::lower_values;
use testkit::random::{Random, mix};
use testkit::spelling::Spelling;

/// Estates of each element that are written in every format.
const OF_EACH: u64 = 3;

#[test]
fn every_format_says_the_same() {
    let (mut estates, mut open, mut lost) = (0, 0, 0);
    let mut differing = BTreeMap::<(&str, String), Vec<String>>::new();
    for element in Element::ALL {
        for seed in 0..OF_EACH {
            let mut random = Random::new(mix(seed));
            let documents = element.estate(&mut random).documents();
            let expected = Said::of(&documents);
            estates += 1;
            open += usize::from(!expected.exposures.is_empty());
            for spelling in Spelling::ALL {
                let mut written = spelling.write(&documents, &mut random);
                random.shuffle(&mut written);
                let found = Said::of(&written);
                let resources = || documents.iter().filter_map(|(_, list)| list.as_array()).flatten();
                let loses = resources().any(|resource| spelling.loses(resource).is_some());
                // What a format does not carry is told, and what is proved all the same is so.
                let differs = found != expected;
                lost += usize::from(loses && differs);
                let is_told = loses && found.tells_more(&expected);
                if differs && !is_told {
                    let place = (element.word(), format!("{spelling:?}"));
                    differing.entry(place).or_default().push(format!("{seed}: {}", expected.unlike(&found)));
                }
            }
        }
    }
    println!(
        "{open} of {estates} estates are open, each in {} spellings, {lost} times with a loss",
        Spelling::ALL.len()
    );
    assert!(differing.is_empty(), "{differing:#?}");
    assert!(open * 5 > estates * 4, "too few estates are open to mean anything");
}

/// What is said of an estate.
#[derive(PartialEq)]
struct Said {
    exposures: BTreeSet<String>,
    /// Codes and messages. In a recorded text all things have one place, so what is said twice is said once.
    gaps: BTreeSet<String>,
}

impl Said {
    fn of(documents: &[(String, Value)]) -> Self {
        let (_, gaps) = lower_values(documents);
        let gaps = gaps.iter().map(|gap| format!("{} {}", gap.code, gap.message));
        Self { exposures: exposures_of(documents), gaps: gaps.collect() }
    }

    /// Whether it has a gap more, and proves no way from the Internet that the other does not.
    fn tells_more(&self, other: &Self) -> bool {
        let proved = self.exposures.iter().filter(|told| told.contains(" Exposed Proved "));
        self.gaps.difference(&other.gaps).next().is_some()
            && proved.clone().all(|it| other.exposures.contains(it))
    }

    /// The first few things that only one of the two says.
    fn unlike(&self, other: &Self) -> String {
        let only = |one: &BTreeSet<String>, other: &BTreeSet<String>| {
            let lines = one.difference(other).take(2);
            lines.map(|line| line.chars().take(200).collect()).collect::<Vec<String>>()
        };
        let lost = [only(&self.exposures, &other.exposures), only(&self.gaps, &other.gaps)];
        let new = [only(&other.exposures, &self.exposures), only(&other.gaps, &self.gaps)];
        format!("lost {lost:?}, new {new:?}")
    }
}

#[test]
fn every_format_is_known_by_its_content() {
    for element in Element::ALL {
        let mut random = Random::new(7);
        let mut documents = element.estate(&mut random).documents();
        documents.retain(|(_, list)| list.as_array().is_some_and(|list| !list.is_empty()));
        let spellings = Spelling::ALL.into_iter().filter_map(|it| Some((it, it.format()?)));
        for (spelling, expected) in spellings {
            for (name, document) in spelling.write(&documents, &mut random) {
                let text = document.to_string();
                let document = cloud::Document { id: model::DocumentId(0), path: &name, text: &text };
                let reading = (azure::CLOUD.inventory)().read(&document);
                assert_eq!(reading.format, Some(expected), "{}: {spelling:?}: {text}", element.word());
            }
        }
    }
}
