//! Configurations as whole processes: 1,000 Terraform files, and the templates of a folder, against checkov.
//!
//! `declared [PERCENT] [TEMPLATES]`: PERCENT of the 1,000 files; TEMPLATES is a folder of ARM templates, e.g. Azure's
//! quickstarts. `WIDEOPEN_BIN` names the program; checkov (PyPI) takes part where `WIDEOPEN_CHECKOV` names it: it is
//! given the same folder, its framework, and is asked for nothing else.

use std::ffi::OsStr;
use std::fs;
use std::path::Path;
use std::time::Duration;

use bench::clock::median;
use bench::random::Random;
use bench::terraform::root;
use bench::whole::{Usage, is_measuring, program, usage};

fn main() {
    if is_measuring() {
        return;
    }
    let Some(program) = program() else { return };
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let percent: usize = arguments.first().and_then(|text| text.parse().ok()).unwrap_or(100);
    let folder = std::env::temp_dir().join(format!("wideopen-declared-{}", std::process::id()));
    let (files, bytes) = write(&folder, percent.max(1));
    println!("{files} Terraform files, {:.2} MB", bytes as f64 / 1e6);
    compare(&program, &folder, "terraform", "1 s, 100x");
    drop(fs::remove_dir_all(&folder));
    if let Some(templates) = arguments.get(1) {
        println!("templates of {templates}");
        compare(&program, Path::new(templates), "arm", "1 s");
    }
}

/// Writes the roots; returns how many files there are and their bytes.
fn write(folder: &Path, roots: usize) -> (usize, usize) {
    let mut random = Random::new(SEED);
    let (mut files, mut bytes) = (0, 0);
    for number in 0..roots {
        for (path, text) in root(&mut random, number) {
            let path = folder.join(format!("root-{number:03}")).join(path);
            fs::create_dir_all(path.parent().expect("a file stands in a folder")).expect("it can be made");
            files += 1;
            bytes += text.len();
            fs::write(path, text).expect("the temporary folder can be written");
        }
    }
    (files, bytes)
}

fn compare(program: &Path, folder: &Path, framework: &str, budget: &str) {
    let scan = [OsStr::new("scan"), folder.as_os_str(), "-q".as_ref(), "-f".as_ref(), "short".as_ref()];
    let usages: Vec<Usage> = (0..RUNS).map(|_| usage(program, &scan)).collect();
    let times: Vec<Duration> = usages.iter().map(|usage| usage.cpu).collect();
    let highest = times.iter().max().copied().unwrap_or_default();
    let ours = median(times);
    let peak = usages.iter().map(|usage| usage.resident).max().unwrap_or_default();
    println!(
        "wideopen scan   {:>9.3} s (highest {:.3}, budget {budget}), {:.0} MB, exit {}",
        ours.as_secs_f64(),
        highest.as_secs_f64(),
        peak as f64 / 1e6,
        usages.first().map_or(-1, |usage| usage.exit)
    );
    let Some(checkov) = std::env::var_os("WIDEOPEN_CHECKOV") else {
        println!("checkov         not compared: WIDEOPEN_CHECKOV does not name it");
        return;
    };
    let asked: [&OsStr; 8] = [
        "-d".as_ref(),
        folder.as_os_str(),
        "--framework".as_ref(),
        framework.as_ref(),
        "--compact".as_ref(),
        "--quiet".as_ref(),
        "--skip-download".as_ref(),
        "--soft-fail".as_ref(),
    ];
    let theirs = usage(Path::new(&checkov), &asked);
    println!(
        "checkov         {:>9.3} s, {:.0} MB, exit {}: {:.0}x",
        theirs.cpu.as_secs_f64(),
        theirs.resident as f64 / 1e6,
        theirs.exit,
        theirs.cpu.as_secs_f64() / ours.as_secs_f64()
    );
}

const SEED: u64 = 29;
const RUNS: usize = 5;
