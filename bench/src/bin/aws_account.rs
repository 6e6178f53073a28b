//! A whole AWS account from files: 10,000 groups, 50,000 interfaces, 2,000 subnets with their lists.
//!
//! `aws_account [PERCENT] [FOLDER] [different]`: services of ten interfaces as accounts have them, or (`different`) an account of
//! which no two parts are alike; what that means says `export_aws.rs`. The pages are written to the folder (a new one below the system's temporary folder) and removed
//! again unless it is named. Measured in this process: serde_json into our wire structs; reading, lowering, deciding. Measured as a
//! process: `wideopen scan FOLDER -q -f short` (build it first, or set `WIDEOPEN_BIN`).

use std::fs;
use std::path::{Path, PathBuf};

use bench::export_aws::{ACCOUNT, Likeness, Size, answer, groups, interfaces, network};
use bench::random::Random;
use bench::scan::{Subject, measure};

fn main() {
    let (words, arguments): (Vec<String>, Vec<String>) =
        std::env::args().skip(1).partition(|word| word == "different");
    let likeness = if words.is_empty() { Likeness::Services } else { Likeness::None };
    let percent: usize = arguments.first().and_then(|text| text.parse().ok()).unwrap_or(100);
    let own = std::env::temp_dir().join(format!("wideopen-account-{}", std::process::id()));
    let folder = arguments.get(1).map_or(own, PathBuf::from);
    fs::create_dir_all(&folder).expect("the folder can be made");
    let of = |whole: usize| (whole * percent / 100).max(50);
    let size =
        Size { groups: of(ACCOUNT.groups), interfaces: of(ACCOUNT.interfaces), subnets: of(ACCOUNT.subnets) };
    let pages = write(&folder, size, likeness);
    println!(
        "{} groups, {} interfaces, {} subnets, {likeness:?} alike",
        size.groups, size.interfaces, size.subnets
    );
    let subject =
        Subject { inventory: Box::new(aws::Inventory::new()), parsed: aws::parsed_resources, budget: "" };
    measure(subject, &folder, &pages);
    if arguments.get(1).is_none() {
        fs::remove_dir_all(&folder).expect("the folder can be removed");
    }
}

/// Writes the pages of the account; returns their paths.
fn write(folder: &Path, size: Size, likeness: Likeness) -> Vec<PathBuf> {
    let mut random = Random::new(SEED);
    let mut pages = Vec::new();
    let mut put = |name: String, text: String| {
        let path = folder.join(name);
        fs::write(&path, text).expect("the page can be written");
        pages.push(path);
    };
    for (name, text) in network(&mut random, size, likeness) {
        put(name.to_owned(), text);
    }
    for first in (0..size.groups).step_by(PAGE) {
        let numbers = first..size.groups.min(first + PAGE);
        put(format!("groups-{first}.json"), answer("SecurityGroups", groups(&mut random, size, numbers)));
    }
    for first in (0..size.interfaces).step_by(PAGE) {
        let numbers = first..size.interfaces.min(first + PAGE);
        put(
            format!("interfaces-{first}.json"),
            answer("NetworkInterfaces", interfaces(size, likeness, numbers)),
        );
    }
    pages
}

const SEED: u64 = 23;
/// How many resources stand on a page.
const PAGE: usize = 1000;
