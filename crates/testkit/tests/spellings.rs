//! The same estate in every format gives the same exposures and fingerprints, and no gap that it did not have.

use testkit::estates::exposures_of;
use testkit::generate::estate;
use testkit::pipeline::lower_values;
use testkit::random::Random;
use testkit::spelling::Spelling;

const ESTATES: u64 = 50;

#[test]
fn every_format_says_the_same() {
    let mut open = 0;
    for seed in 0..ESTATES {
        let mut random = Random::new(seed);
        let documents = estate(&mut random).documents();
        let expected = exposures_of(&documents);
        let gaps = codes(&documents);
        open += usize::from(!expected.is_empty());
        for spelling in Spelling::ALL {
            let mut written = spelling.write(&documents, &mut random);
            random.shuffle(&mut written);
            assert_eq!(exposures_of(&written), expected, "seed {seed}: {spelling:?}\n{written:#?}");
            assert_eq!(codes(&written), gaps, "seed {seed}: {spelling:?}\n{written:#?}");
        }
    }
    println!("{open} of {ESTATES} estates are open, each in {} spellings", Spelling::ALL.len());
    assert!(open * 5 > ESTATES as usize * 4, "too few estates are open to mean anything");
}

#[test]
fn every_format_is_known_by_its_content() {
    let mut random = Random::new(7);
    let documents = estate(&mut random).documents();
    for spelling in Spelling::ALL {
        let Some(expected) = spelling.format() else { continue };
        for (name, document) in spelling.write(&documents, &mut random) {
            let text = document.to_string();
            let reading = (azure::CLOUD.inventory)().read(&cloud::Document {
                id: model::DocumentId(0),
                path: &name,
                text: &text,
            });
            assert_eq!(reading.format, Some(expected), "{spelling:?}: {text}");
        }
    }
}

fn codes(documents: &[(String, serde_json::Value)]) -> Vec<&'static str> {
    let mut codes: Vec<&str> = lower_values(documents).1.iter().map(|gap| gap.code).collect();
    codes.sort_unstable();
    codes
}
