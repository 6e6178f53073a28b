//! Dump.
use testkit::histories::{self, laws};
fn main() {
    let args: Vec<String> = std::env::args().collect();
    let (seed, total, word): (u64, usize, &str) = (args[1].parse().unwrap(), args[2].parse().unwrap(), &args[3]);
    let h = histories::aws::history(seed, total, true);
    let diff = |n: usize| {
        let records: Vec<_> = h.events[..n].iter().flat_map(|e| e.records.clone()).collect();
        let told = laws::replayed(&aws::CLOUD, &h.before, &records);
        let export = if n == 0 { &h.before } else { h.events[n - 1].after.as_ref().unwrap() };
        let (a, b) = (laws::lines(&told.snapshot), laws::lines(&laws::scanned(&aws::CLOUD, export)));
        let only = |x: &[String], y: &[String]| x.iter().filter(|l| !y.contains(l)).cloned().collect::<Vec<_>>();
        (only(&a, &b), only(&b, &a))
    };
    if word == "bisect" {
        let (mut lo, mut hi) = (0, h.events.len());
        println!("end {:#?}", diff(hi));
        while hi - lo > 1 { let mid = (lo + hi) / 2; let d = diff(mid); if d.0.is_empty() && d.1.is_empty() { lo = mid } else { hi = mid } }
        println!("event {} {:#?}", hi - 1, diff(hi));
        for r in &h.events[hi - 1].records { println!("{r}"); }
        return;
    }
    let n: usize = args[4].parse().unwrap();
    let export = if n == 0 { &h.before } else { h.events[n - 1].after.as_ref().unwrap() };
    for l in laws::lines(&laws::scanned(&aws::CLOUD, export)) { if l.contains(word) { println!("{n} {l}"); } }
    for e in laws::exposures(&laws::scanned(&aws::CLOUD, export)) { if e.target.key.contains(word) { println!("{n} fronts {:?}", e.fronts); } }
    let _ = args.get(5).map(|_| for (p, t) in export { println!("{p} {t}"); });
}
