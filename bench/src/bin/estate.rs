//! A whole estate from files: 100,000 groups, 3.3 million rules, 1,000,000 interfaces as pages of the REST interface.
//!
//! `estate [GROUPS] [FOLDER]`. The pages are written to the folder (a new one below the system's temporary folder) and
//! removed again unless it is named. Measured in this process: serde_json into our wire structs; reading, lowering, deciding. Measured as
//! a process: `wideopen scan FOLDER -q -f short`, whose memory is the figure that counts (build it first, or set
//! `WIDEOPEN_BIN`).

use std::fs;
use std::path::{Path, PathBuf};

use bench::export::{INTERFACES_OF_GROUP, groups, interfaces, networks, page, public_addresses};
use bench::random::Random;
use bench::scan::{Subject, measure};

fn main() {
    let count = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(100_000);
    let own = std::env::temp_dir().join(format!("wideopen-estate-{}", std::process::id()));
    let folder = std::env::args().nth(2).map_or(own, PathBuf::from);
    fs::create_dir_all(&folder).expect("the folder can be made");
    let pages = write(&folder, count);
    println!("{count} groups, {} interfaces", count * INTERFACES_OF_GROUP);
    let subject = Subject {
        inventory: Box::new(azure::Inventory::new()),
        parsed: azure::parsed_resources,
        budget: "budget 6 s for 100,000 groups",
    };
    measure(subject, &folder, &pages);
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

const SEED: u64 = 23;
/// How many groups stand on a page.
const PAGE: usize = 1000;
