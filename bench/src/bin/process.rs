//! The whole program: CPU time and peak memory of `wideopen scan` on one small file and on 1,000 groups.
//!
//! `WIDEOPEN_BIN` names the program; without it `../target/release/wideopen` is tried.

use std::path::Path;
use std::time::Duration;

use bench::clock::median;
use bench::export::estate;
use bench::whole::{Usage, is_measuring, program, usage};

fn main() {
    if is_measuring() {
        return;
    }
    let Some(program) = program() else { return };
    let folder = std::env::temp_dir().join(format!("wideopen-bench-{}", std::process::id()));
    println!(
        "{:<34}{:>10}{:>12}{:>12}{:>10}{:>10}{:>12}{:>6}",
        "whole process", "input MB", "CPU ms", "highest", "budget", "peak MB", "budget", "exit"
    );
    for scan in &SCANS {
        run(scan, &program, &folder.join(scan.name.replace(' ', "-")));
    }
    // Nothing depends on the folder being gone.
    drop(std::fs::remove_dir_all(&folder));
}

/// One input and what it may cost.
struct Scan {
    name: &'static str,
    groups: usize,
    rules: usize,
    // Only `nsgs.json`, named as a file.
    one_file: bool,
    runs: usize,
    budget_ms: &'static str,
    budget_mb: &'static str,
}

fn run(scan: &Scan, program: &Path, folder: &Path) {
    std::fs::create_dir_all(folder).expect("the temporary folder can be made");
    let mut bytes = 0;
    for (name, text) in estate(SEED, scan.groups, scan.rules) {
        if !scan.one_file || name == "nsgs.json" {
            bytes += text.len();
            std::fs::write(folder.join(name), text).expect("the temporary folder can be written");
        }
    }
    let input = if scan.one_file { folder.join("nsgs.json") } else { folder.to_owned() };
    let usages: Vec<Usage> = (0..scan.runs)
        .map(|_| usage(program, &["scan".as_ref(), input.as_os_str(), "-f".as_ref(), "json".as_ref()]))
        .collect();
    let times: Vec<Duration> = usages.iter().map(|usage| usage.cpu).collect();
    let highest = times.iter().max().copied().unwrap_or_default();
    let peak = usages.iter().map(|usage| usage.resident).max().unwrap_or_default();
    println!(
        "{:<34}{:>10.2}{:>12.1}{:>12.1}{:>10}{:>10.1}{:>12}{:>6}",
        scan.name,
        bytes as f64 / 1e6,
        median(times).as_secs_f64() * 1e3,
        highest.as_secs_f64() * 1e3,
        scan.budget_ms,
        peak as f64 / 1e6,
        scan.budget_mb,
        usages.first().map_or(-1, |usage| usage.exit)
    );
}

const SEED: u64 = 17;

const SCANS: [Scan; 3] = [
    Scan {
        name: "one small file",
        groups: 1,
        rules: 10,
        one_file: true,
        runs: 41,
        budget_ms: "20",
        budget_mb: "",
    },
    Scan {
        name: "1000 groups, groups alone",
        groups: 1000,
        rules: 20,
        one_file: true,
        runs: 7,
        budget_ms: "300",
        budget_mb: "100",
    },
    Scan {
        name: "1000 groups, interfaces, addresses",
        groups: 1000,
        rules: 20,
        one_file: false,
        runs: 7,
        budget_ms: "300",
        budget_mb: "100",
    },
];
