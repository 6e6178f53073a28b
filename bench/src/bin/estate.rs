//! A whole estate from files: 100,000 groups, 3.3 million rules, 1,000,000 interfaces as pages of the REST interface.
//!
//! `estate [GROUPS] [FOLDER]`. The pages are written to the folder (a new one below the system's temporary folder) and
//! removed again unless it is named. Measured in this process: serde_json into our wire structs; reading, lowering, deciding. Measured as
//! a process: `wideopen scan FOLDER -q -f short`, whose memory is the figure that counts (build it first, or set
//! `WIDEOPEN_BIN`).

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use bench::clock::{child_usage, resident_peak, timed};
use bench::export::{INTERFACES_OF_GROUP, groups, interfaces, networks, page, public_addresses};
use bench::random::Random;
use cloud::{Document, Inventory};
use engine::Exposure;
use model::{DocumentId, Thresholds};
use packet::AddressSet;

fn main() {
    let count = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(100_000);
    let own = std::env::temp_dir().join(format!("wideopen-estate-{}", std::process::id()));
    let folder = std::env::args().nth(2).map_or(own, PathBuf::from);
    fs::create_dir_all(&folder).expect("the folder can be made");
    let pages = write(&folder, count);
    let bytes: u64 = pages.iter().filter_map(|page| fs::metadata(page).ok()).map(|page| page.len()).sum();
    println!(
        "{count} groups, {} interfaces, {} pages: {:.2} GB",
        count * INTERFACES_OF_GROUP,
        pages.len(),
        bytes as f64 / 1e9
    );

    let (resources, parsed) = parse(&pages);
    println!(
        "serde_json, our wire structs {:>8.1} s   {resources} resources, {:.0} MB/s",
        parsed.as_secs_f64(),
        bytes as f64 / 1e6 / parsed.as_secs_f64()
    );
    let before = resident_peak();
    let scan = Scan::of(&pages);
    println!("read into the inventory      {:>8.1} s", scan.read.as_secs_f64());
    println!("lowered to a snapshot        {:>8.1} s   {} targets", scan.lowered.as_secs_f64(), scan.targets);
    println!(
        "exposures                    {:>8.1} s   {} exposures",
        scan.decided.as_secs_f64(),
        scan.exposures
    );
    let from_parsed = scan.lowered + scan.decided;
    println!(
        "parsed -> exposures          {:>8.1} s   budget 6 s for 100,000 groups",
        from_parsed.as_secs_f64()
    );
    let whole = scan.read + from_parsed;
    println!(
        "the three together           {:>8.1} s = {:.2}x serde_json (budget 2x), {:.2} GB peak (before: {:.2} GB) = {:.2}x the input",
        whole.as_secs_f64(),
        whole.as_secs_f64() / parsed.as_secs_f64(),
        resident_peak() as f64 / 1e9,
        before as f64 / 1e9,
        resident_peak() as f64 / bytes as f64
    );
    process(&folder, bytes, parsed);
    if std::env::args().nth(2).is_none() {
        fs::remove_dir_all(&folder).expect("the folder can be removed");
    }
}

/// Writes the pages of the estate; returns their paths.
fn write(folder: &Path, count: usize) -> Vec<PathBuf> {
    let mut random = Random::new(SEED);
    let mut pages = Vec::new();
    let mut put = |name: String, text: String| {
        let path = folder.join(name);
        fs::write(&path, text).expect("the page can be written");
        pages.push(path);
    };
    put("vnets.json".to_owned(), page(networks()));
    for first in (0..count).step_by(PAGE) {
        let numbers = first..count.min(first + PAGE);
        put(format!("nsgs-{first}.json"), page(groups(&mut random, numbers.clone())));
        let behind = numbers.start * INTERFACES_OF_GROUP..numbers.end * INTERFACES_OF_GROUP;
        put(format!("nics-{first}.json"), page(interfaces(behind)));
        put(format!("pips-{first}.json"), page(public_addresses(numbers)));
    }
    pages
}

fn parse(pages: &[PathBuf]) -> (u64, Duration) {
    let mut sum = (0, Duration::ZERO);
    for path in pages {
        let text = fs::read_to_string(path).expect("the page can be read");
        let (resources, time) = timed(|| azure::parsed_resources(&text));
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
    fn of(pages: &[PathBuf]) -> Self {
        let mut inventory = azure::Inventory::new();
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
                "wideopen scan -f short       {:>8.1} s = {:.2}x serde_json, {:.2} GB = {:.2}x the input (budget 3x), {status}",
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
const SEED: u64 = 23;
/// How many groups stand on a page.
const PAGE: usize = 1000;
