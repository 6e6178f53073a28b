//! Shows one generated estate: its documents, what is told of it, and its gaps.
//!
//! `cargo run -p testkit --example one -- "load-balancer rule" 17 [seed]`

use testkit::estates::Told;
use testkit::generate::Element;
use testkit::pipeline::lower_values;
use testkit::random::{Random, mix};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [name, number, rest @ ..] = arguments.as_slice() else {
        eprintln!("usage: one ELEMENT NUMBER [SEED]");
        return;
    };
    let element = Element::ALL.into_iter().find(|it| it.word().contains(name.as_str()));
    let (Some(element), Ok(number)) = (element, number.parse::<u64>()) else { return };
    let seed = rest.first().and_then(|it| it.parse().ok()).unwrap_or(0x5eed);
    let estate = element.estate(&mut Random::new(mix(seed ^ number)));
    for (name, document) in estate.documents() {
        println!("{name}\n{document:#}");
    }
    let (snapshot, gaps) = lower_values(&estate.documents());
    gaps.iter().for_each(|gap| println!("gap {} {}: {}", gap.code, gap.effect.word(), gap.message));
    Told::of(&snapshot).lines().iter().for_each(|line| println!("{line}"));
}
