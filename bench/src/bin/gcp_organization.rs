//! A whole Google Cloud organisation from files: 5,000 rules, 20,000 instances, 60 projects, policies, load balancers.
//!
//! `gcp_organization [PERCENT] [FOLDER]`: what it looks like says `export_gcp.rs`. The pages are written to the folder (a
//! new one below the system's temporary folder) and removed again unless it is named. Measured in this process: serde_json
//! into our trees; reading, lowering, deciding. Measured as a process: `wideopen scan FOLDER -q -f short` (build it first,
//! or set `WIDEOPEN_BIN`).

use std::fs;
use std::path::{Path, PathBuf};

use bench::export_gcp::{ORGANIZATION, Size, around, instances, list};
use bench::random::Random;
use bench::scan::{Subject, measure};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let percent: usize = arguments.first().and_then(|text| text.parse().ok()).unwrap_or(100);
    let own = std::env::temp_dir().join(format!("wideopen-organization-{}", std::process::id()));
    let folder = arguments.get(1).map_or(own, PathBuf::from);
    fs::create_dir_all(&folder).expect("the folder can be made");
    let of = |whole: usize| (whole * percent / 100).max(700);
    let size = Size { rules: of(ORGANIZATION.rules), instances: of(ORGANIZATION.instances), ..ORGANIZATION };
    let pages = write(&folder, size);
    println!("{} rules, {} instances, {} projects", size.rules, size.instances, size.projects);
    let subject =
        Subject { inventory: Box::new(gcp::Inventory::new()), parsed: gcp::parsed_resources, budget: "" };
    measure(subject, &folder, &pages);
    if arguments.get(1).is_none() {
        fs::remove_dir_all(&folder).expect("the folder can be removed");
    }
}

/// Writes the pages of the organisation; returns their paths.
fn write(folder: &Path, size: Size) -> Vec<PathBuf> {
    let mut pages = Vec::new();
    let mut put = |name: String, text: String| {
        let path = folder.join(name);
        fs::write(&path, text).expect("the page can be written");
        pages.push(path);
    };
    for (name, text) in around(&mut Random::new(SEED), size) {
        put(name.to_owned(), text);
    }
    for first in (0..size.instances).step_by(PAGE) {
        let numbers = first..size.instances.min(first + PAGE);
        put(format!("instances-{first}.json"), list(instances(size, numbers)));
    }
    pages
}

const SEED: u64 = 23;
/// How many instances stand on a page.
const PAGE: usize = 1000;
