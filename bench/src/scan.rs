//! One scan from files, stage by stage in this process and as the whole program, against parsing the same bytes.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use cloud::{Document, Inventory};
use engine::Exposure;
use model::{DocumentId, Thresholds};
use packet::AddressSet;

use crate::clock::{child_usage, resident_peak, timed};

/// What is measured: a cloud's inventory, and its structs of the wire parsed and dropped.
pub struct Subject {
    /// An inventory with nothing in it.
    pub inventory: Box<dyn Inventory>,
    /// Parses a text; how many resources there were.
    pub parsed: fn(&str) -> u64,
    /// How long lowering and deciding may take together, in words.
    pub budget: &'static str,
}

/// Measures all stages over the files of a folder and prints them.
///
/// # Panics
/// When a file cannot be read, has a gap, or the engine contradicts itself: there is nothing to measure then.
pub fn measure(subject: Subject, folder: &Path, pages: &[PathBuf]) {
    let bytes: u64 = pages.iter().filter_map(|page| fs::metadata(page).ok()).map(|page| page.len()).sum();
    println!("{} pages: {:.3} GB", pages.len(), bytes as f64 / 1e9);
    let (resources, parsed) = parse(pages, subject.parsed);
    println!(
        "serde_json, our wire structs {:>8.2} s   {resources} resources, {:.0} MB/s",
        parsed.as_secs_f64(),
        bytes as f64 / 1e6 / parsed.as_secs_f64()
    );
    let before = resident_peak();
    let budget = subject.budget;
    let scan = Scan::of(subject.inventory, pages);
    println!("read into the inventory      {:>8.2} s", scan.read.as_secs_f64());
    println!("lowered to a snapshot        {:>8.2} s   {} targets", scan.lowered.as_secs_f64(), scan.targets);
    println!(
        "exposures                    {:>8.2} s   {} exposures",
        scan.decided.as_secs_f64(),
        scan.exposures
    );
    let from_parsed = scan.lowered + scan.decided;
    println!("parsed -> exposures          {:>8.2} s   {budget}", from_parsed.as_secs_f64());
    let whole = scan.read + from_parsed;
    println!(
        "the three together           {:>8.2} s = {:.2}x serde_json (budget 2x), {:.2} GB peak (before: {:.2} GB) = {:.2}x the input",
        whole.as_secs_f64(),
        whole.as_secs_f64() / parsed.as_secs_f64(),
        resident_peak() as f64 / 1e9,
        before as f64 / 1e9,
        resident_peak() as f64 / bytes as f64
    );
    process(folder, bytes, parsed);
}

fn parse(pages: &[PathBuf], parsed: fn(&str) -> u64) -> (u64, Duration) {
    let mut sum = (0, Duration::ZERO);
    for path in pages {
        let text = fs::read_to_string(path).expect("the page can be read");
        let (resources, time) = timed(|| parsed(&text));
        sum = (sum.0 + resources, sum.1 + time);
    }
    sum
}

/// One scan from texts to exposures, without checks and report.
struct Scan {
    read: Duration,
    lowered: Duration,
    decided: Duration,
    targets: usize,
    exposures: usize,
}

impl Scan {
    fn of(mut inventory: Box<dyn Inventory>, pages: &[PathBuf]) -> Self {
        let mut read = Duration::ZERO;
        for (id, path) in (0..).map(DocumentId).zip(pages) {
            let text = fs::read_to_string(path).expect("the page can be read");
            let path = path.to_string_lossy();
            let document = Document { id, path: &path, text: &text };
            let (reading, time) = timed(|| inventory.read(&document));
            assert_eq!(reading.gaps, [], "the pages have no gap");
            read += time;
        }
        let (snapshot, lowered) = timed(|| inventory.snapshot(Thresholds::STANDARD));
        let mut exposures = 0;
        let mut sink = |exposure: Exposure, _: &AddressSet| {
            std::hint::black_box(&exposure);
            exposures += 1;
        };
        let (result, decided) = timed(|| engine::exposures(&snapshot, &mut sink));
        result.expect("the engine agrees with itself");
        Self { read, lowered, decided, targets: snapshot.targets.len(), exposures }
    }
}

/// The program itself on the folder.
fn process(folder: &Path, bytes: u64, parsed: Duration) {
    let program = std::env::var_os("WIDEOPEN_BIN").map_or_else(|| PathBuf::from(PROGRAM), PathBuf::from);
    let mut command = Command::new(&program);
    command.args(["scan", "-q", "-f", "short", "--no-config"]).arg(folder).stdout(Stdio::null());
    match command.status() {
        Ok(status) => {
            let (time, memory) = child_usage();
            println!(
                "wideopen scan -f short       {:>8.2} s = {:.2}x serde_json, {:.2} GB = {:.2}x the input (budget 3x), {status}",
                time.as_secs_f64(),
                time.as_secs_f64() / parsed.as_secs_f64(),
                memory as f64 / 1e9,
                memory as f64 / bytes as f64
            );
        }
        Err(error) => {
            println!("{}: {error}: build the program first, or set WIDEOPEN_BIN", program.display())
        }
    }
}

const PROGRAM: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/release/wideopen");
