//! Logs: `wideopen detect` over a generated CloudTrail, one event to updated openings, and what a kept change takes.
//!
//! `detect [whole [MEGABYTES]] [parts [MEGABYTES]] [events [CLOUD]] [memory [CHANGES]]`: all where none is named. The log of `whole` has one relevant
//! record in a thousand and stands in a temporary folder, which is deleted. Openings are compared with what the generator knows
//! to have been open.

mod estate;
mod events;
mod memory;
mod parts;
mod truth;
mod whole;

fn main() {
    if bench::whole::is_measuring() {
        return;
    }
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let after = |word: &str| arguments.iter().position(|one| one == word).map(|at| arguments.get(at + 1));
    let number =
        |text: Option<&String>, usual: usize| text.and_then(|text| text.parse().ok()).unwrap_or(usual);
    let all = arguments.is_empty();
    if let Some(size) = after("whole").or(all.then_some(None)) {
        whole::run(number(size, 256));
    }
    if let Some(size) = after("parts").or(all.then_some(None)) {
        parts::run(number(size, 64));
    }
    if let Some(only) = after("events").or(all.then_some(None)) {
        events::run(only.map(String::as_str));
    }
    if let Some(count) = after("memory").or(all.then_some(None)) {
        memory::run(number(count, 100_000));
    }
}
