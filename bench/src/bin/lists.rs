//! One list after another: what the Internet reaches through it, attributed, against the full set of the same list
//! as a decision diagram, and against one question to Z3.
//!
//! Ours: a new list each time, so no memo knows it; one assessor is kept, as a scan keeps it. The diagrams: from the
//! numbers of the list to the set of packets it allows; making and tidying a manager is not counted.

use std::time::Duration;

use bench::clock::{cpu_now, median, micros, timed};
use bench::generate::{Kind, account_list, list};
use bench::list::{Lowering, PlainList, PlainRule, internet, snapshot};
use bench::random::Random;
use bench::rival::{Biodivine, Diagrams, Oxidd, allowed, sources, sources_of};
use bench::smt::{Question, ask};
use engine::{Assessor, Exposure};
use packet::AddressSet;

fn main() {
    println!(
        "{:<10}{:>6}{:>7}{:>12}{:>14}{:>9}{:>14}{:>9}{:>12}{:>12}{:>9}",
        "lists",
        "rules",
        "lists",
        "ours µs",
        "oxidd µs",
        "ratio",
        "biodivine µs",
        "ratio",
        "z3 build µs",
        "z3 ask µs",
        "ratio"
    );
    let mut compared = Compared::default();
    for size in &SIZES {
        row(size, &mut compared);
    }
    println!(
        "compared with the diagrams: {} counts of sources, {} of them above zero; with Z3: {} answers; all equal",
        compared.counts, compared.above_zero, compared.answers
    );
}

/// One row: lists of a kind, and how many of them each rival is given.
struct Size {
    kind: Kind,
    // `None`: 10 to 50 and the three defaults, 33 in the mean.
    rules: Option<usize>,
    lists: usize,
    oxidd: usize,
    biodivine: usize,
    z3: usize,
}

#[derive(Default)]
struct Compared {
    counts: usize,
    above_zero: usize,
    answers: usize,
}

fn row(size: &Size, compared: &mut Compared) {
    let mut random = Random::new(SEED);
    let one = |random: &mut Random| match size.rules {
        Some(rules) => list(random, size.kind, rules),
        None => account_list(random),
    };
    let lists: Vec<PlainList> = (0..size.lists).map(|_| one(&mut random)).collect();
    let ours = ours(&lists);
    let rules = lists.iter().map(Vec::len).sum::<usize>() as f64 / lists.len() as f64;
    print!("{:<10}{rules:>6.0}{:>7}{:>12.2}", size.kind.word(), lists.len(), mean(&ours));
    rival(&Oxidd::default(), &lists[..size.oxidd], &ours, compared);
    rival(&Biodivine::default(), &lists[..size.biodivine], &ours, compared);
    smt(&lists[..size.z3], &ours, compared);
    println!();
}

/// The CPU time of each list: the median of several rounds, each of which begins with an assessor that knows nothing.
fn ours(lists: &[PlainList]) -> Vec<Duration> {
    let lowering = Lowering::default();
    let targets: Vec<_> =
        lists.iter().enumerate().map(|(at, list)| lowering.target(&format!("list-{at}"), list)).collect();
    let mut rounds: Vec<Vec<Duration>> = vec![Vec::with_capacity(ROUNDS); lists.len()];
    for _ in 0..ROUNDS {
        let mut assessor = Assessor::new(&snapshot(Vec::new()));
        for (target, times) in targets.iter().zip(&mut rounds) {
            let start = cpu_now();
            let mut sink = |exposure: Exposure, _: &AddressSet| {
                std::hint::black_box(&exposure);
            };
            assessor.assess(target, &mut sink).expect("the engine agrees with itself");
            times.push(cpu_now() - start);
        }
    }
    rounds.into_iter().map(median).collect()
}

/// Builds the same lists with a rival, prints its time and the ratio, and compares answers.
fn rival<D: Diagrams>(diagrams: &D, lists: &[PlainList], ours: &[Duration], compared: &mut Compared) {
    if lists.is_empty() {
        print!("{:>14}{:>9}", "-", "-");
        return;
    }
    let mut times = Vec::new();
    for list in lists {
        let (set, time) = timed(|| allowed(diagrams, list));
        times.push(time);
        compare(diagrams, &set, list, compared);
        drop(set);
        diagrams.tidy();
    }
    print!("{:>14.1}{:>8.0}x", mean(&times), mean(&times) / mean(&ours[..lists.len()]));
}

fn compare<D: Diagrams>(diagrams: &D, set: &D::Set, list: &[PlainRule], compared: &mut Compared) {
    let exposures = exposures(list);
    for (protocol, port) in questions(list) {
        let own = sources_of(&exposures, protocol, port);
        let other = sources(diagrams, set, internet().addresses(), protocol, port);
        assert_eq!(own, other, "protocol {protocol}, port {port} of {list:?}");
        compared.counts += 1;
        compared.above_zero += usize::from(own > 0);
    }
}

fn smt(lists: &[PlainList], ours: &[Duration], compared: &mut Compared) {
    if lists.is_empty() {
        print!("{:>12}{:>12}{:>9}", "-", "-", "-");
        return;
    }
    let asked: Vec<(u8, u16)> = lists.iter().map(|list| questions(list)[0]).collect();
    let question = |(list, &(protocol, port))| Question { list, protocol, port };
    let questions: Vec<Question<'_>> = lists.iter().map(Vec::as_slice).zip(&asked).map(question).collect();
    let Some(answers) = ask(&questions, internet().addresses()) else {
        print!("  z3: not installed");
        return;
    };
    for (question, answer) in questions.iter().zip(&answers) {
        let reached = sources_of(&exposures(question.list), question.protocol, question.port) > 0;
        assert_eq!(reached, answer.reaches, "protocol {}, port {}", question.protocol, question.port);
        compared.answers += 1;
    }
    let each = answers.len().max(1) as f64;
    let build = answers.iter().map(|answer| answer.build).sum::<f64>() * 1e6 / each;
    let ask = answers.iter().map(|answer| answer.ask).sum::<f64>() * 1e6 / each;
    print!("{build:>12.0}{ask:>12.0}{:>8.0}x", (build + ask) / mean(&ours[..answers.len()]));
}

fn exposures(list: &[PlainRule]) -> Vec<(Exposure, AddressSet)> {
    let target = Lowering::default().target("compared", list);
    let mut found = Vec::new();
    let mut sink = |exposure, sources: &AddressSet| found.push((exposure, sources.clone()));
    engine::exposures(&snapshot(vec![target]), &mut sink).expect("the engine agrees with itself");
    found
}

/// Ports worth asking for: well-known ones, and those at and beside the ends of some rules.
fn questions(list: &[PlainRule]) -> Vec<(u8, u16)> {
    let known = [(6, 3389), (6, 22), (6, 443), (17, 53)];
    let ends = list.iter().step_by(list.len().div_ceil(4)).filter_map(|rule| {
        let &(first, last) = rule.ports.first()?;
        Some([first, last, last.saturating_add(1)].map(|port| (6, port)))
    });
    known.into_iter().chain(ends.flatten()).collect()
}

fn mean(times: &[Duration]) -> f64 {
    micros(times.iter().sum()) / times.len().max(1) as f64
}

const SEED: u64 = 7;
const ROUNDS: usize = 5;

const fn size(kind: Kind, rules: Option<usize>, lists: usize, rivals: [usize; 3]) -> Size {
    let [oxidd, biodivine, z3] = rivals;
    Size { kind, rules, lists, oxidd, biodivine, z3 }
}

const SIZES: [Size; 10] = [
    size(Kind::Account, Some(10), 2000, [200, 200, 20]),
    size(Kind::Account, Some(33), 2000, [200, 200, 20]),
    size(Kind::Account, None, 2000, [200, 200, 20]),
    size(Kind::Account, Some(100), 500, [50, 50, 5]),
    size(Kind::Account, Some(1000), 50, [5, 5, 2]),
    size(Kind::Acl, Some(1000), 20, [3, 3, 1]),
    size(Kind::Firewall, Some(1000), 20, [3, 3, 1]),
    size(Kind::Chain, Some(1000), 20, [3, 2, 1]),
    size(Kind::Hostile, Some(100), 20, [3, 2, 1]),
    size(Kind::Hostile, Some(1000), 3, [0, 0, 0]),
];
