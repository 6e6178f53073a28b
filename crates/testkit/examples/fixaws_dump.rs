//! Dump.
use testkit::histories::{self, laws};
fn main() {
    let args: Vec<String> = std::env::args().collect();
    let (seed, total, word): (u64, usize, &str) = (args[1].parse().unwrap(), args[2].parse().unwrap(), &args[3]);
    let h = histories::aws::history(seed, total, word == "diff");
    if word == "diff" { println!("{}", laws::first_difference(&aws::CLOUD, &h).unwrap_or_default()); return; }
    for (n, e) in h.events.iter().enumerate() { for r in &e.records { let t = format!("{n} {} {} {} {} -> {}", e.at, r["eventName"], r.get("errorCode").unwrap_or(&serde_json::Value::Null), r["requestParameters"], r["responseElements"]); if t.contains(word) { println!("{t}"); } } }
}
