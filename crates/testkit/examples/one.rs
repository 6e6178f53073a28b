//! Shows one generated estate: its documents, what is told of it, and its gaps.
//!
//! `cargo run -p testkit --example one -- "load-balancer rule" 17 [seed]`, or `-- aws-lists 17 [seed]`, `-- gcp-rules 17 [seed]`

use serde_json::Value;
use testkit::estates::{ReachTold, Told, seeded};
use testkit::generate::{AwsElement, Element, GcpElement};
use testkit::pipeline::lower_values;
use testkit::random::{Random, mix};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [name, number, rest @ ..] = arguments.as_slice() else {
        eprintln!("usage: one ELEMENT NUMBER [SEED]");
        return;
    };
    let Ok(number) = number.parse::<u64>() else { return };
    let seed = rest.first().and_then(|it| parse(it)).unwrap_or(0x5eed);
    if let Some(element) = AwsElement::ALL.into_iter().find(|it| it.word() == name) {
        let documents = element.account(&mut seeded(seed, number)).documents();
        show(&documents);
        ReachTold::of(&lower_values(&documents).0).lines().iter().for_each(|line| println!("{line}"));
    } else if let Some(element) = GcpElement::ALL.into_iter().find(|it| it.word() == name) {
        let documents = element.organisation(&mut seeded(seed, number)).documents();
        show(&documents);
        ReachTold::of(&lower_values(&documents).0).lines().iter().for_each(|line| println!("{line}"));
    } else if let Some(element) = Element::ALL.into_iter().find(|it| it.word().contains(name.as_str())) {
        let documents = element.estate(&mut Random::new(mix(seed ^ number))).documents();
        show(&documents);
        Told::of(&lower_values(&documents).0).lines().iter().for_each(|line| println!("{line}"));
    }
}

fn show(documents: &[(String, Value)]) {
    for (name, document) in documents {
        println!("{name}\n{document:#}");
    }
    let (_, gaps) = lower_values(documents);
    gaps.iter().for_each(|gap| println!("gap {} {}: {}", gap.code, gap.effect.word(), gap.message));
}

/// A number, in hexadecimal behind `0x`.
fn parse(text: &str) -> Option<u64> {
    let hexadecimal = text.strip_prefix("0x").map(|digits| u64::from_str_radix(digits, 16).ok());
    hexadecimal.unwrap_or_else(|| text.parse().ok())
}
