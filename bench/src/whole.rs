//! A program as a whole process: its CPU time and peak memory.
//!
//! Each run is the only child of a process of its own (the benchmark again, with `measure`), whose usage is then the
//! child's.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::clock::child_usage;

/// What one run of a program took.
#[derive(Clone, Copy, Debug)]
pub struct Usage {
    /// CPU time of the process and its children.
    pub cpu: Duration,
    /// The most memory it had resident, in bytes.
    pub resident: u64,
    /// Its exit code; -1 when a signal ended it.
    pub exit: i32,
}

/// The program that is measured: `WIDEOPEN_BIN`, else the release build beside this folder. `None`, and a word about it
/// on the terminal, where it is not built.
#[must_use]
pub fn program() -> Option<PathBuf> {
    let built = || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../target/release/wideopen"));
    let program = std::env::var_os("WIDEOPEN_BIN").map_or_else(built, PathBuf::from);
    if program.is_file() {
        return Some(program);
    }
    println!(
        "{}: not built; run `cargo build --release` in the project or set WIDEOPEN_BIN",
        program.display()
    );
    None
}

/// Where the benchmark was started by itself to measure a child, does that and says so. To be called first in `main`.
#[must_use]
pub fn is_measuring() -> bool {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [verb, program, rest @ ..] = arguments.as_slice() else { return false };
    if verb == "measure" {
        measure(program, rest);
    }
    verb == "measure"
}

/// Runs a program once, under a process that has no other child. Its output is dropped.
///
/// # Panics
/// When this program cannot be started again.
#[must_use]
pub fn usage(program: &Path, arguments: &[&OsStr]) -> Usage {
    let own = std::env::current_exe().expect("this program knows where it is");
    let output =
        Command::new(own).arg("measure").arg(program).args(arguments).output().expect("this program starts");
    let text = String::from_utf8_lossy(&output.stdout);
    let numbers: Vec<i64> = text.split_whitespace().filter_map(|word| word.parse().ok()).collect();
    let [micros, resident, exit] = numbers.as_slice() else { panic!("`measure` printed `{text}`") };
    Usage { cpu: Duration::from_micros(*micros as u64), resident: *resident as u64, exit: *exit as i32 }
}

/// Prints CPU microseconds, peak bytes and the exit code of one child.
fn measure(program: &str, arguments: &[String]) {
    let status = Command::new(program)
        .args(arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .expect("the program starts");
    let (cpu, resident) = child_usage();
    println!("{} {resident} {}", cpu.as_micros(), status.code().unwrap_or(-1));
}
