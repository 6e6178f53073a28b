//! The whole program over a generated log, against what else reads it.

use std::ffi::OsStr;
use std::fs;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

use bench::clock::{cpu_now, timed};
use bench::trail::{Opened, Trail, file};
use bench::whole::{Usage, program, usage};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;

use crate::{estate, truth};

/// Groups that the log edits.
const GROUPS: usize = 400;
/// As CloudTrail fills its files, within an order of magnitude.
const RECORDS_OF_FILE: usize = 500;
const SEED: u64 = 7;

/// What is written of a log.
enum Form {
    Files,
    Packed,
    Lines,
}

pub(crate) fn run(megabytes: usize) {
    let Some(program) = program() else { return };
    let folder = std::env::temp_dir().join(format!("wideopen-bench-detect-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("the temporary folder can be made");
    let snapshot = folder.join("snapshot.json");
    fs::write(&snapshot, estate::aws(GROUPS, 0, GROUPS)).expect("the temporary folder can be written");
    println!("{:<44}{:>8}{:>10}{:>10}{:>10}{:>6}", "log", "MB", "CPU s", "MB/s", "peak MB", "exit");
    for (name, form) in
        [("files of CloudTrail", Form::Files), ("the same, gzip", Form::Packed), ("lines", Form::Lines)]
    {
        let log = folder.join("log");
        let (bytes, records, truth) = write(&log, megabytes, &form);
        let row = |name: &str, usage: Usage| {
            let seconds = usage.cpu.as_secs_f64();
            let megabytes = bytes as f64 / 1e6;
            println!(
                "{name:<44}{megabytes:>8.0}{seconds:>10.2}{:>10.0}{:>10.1}{:>6}",
                megabytes / seconds,
                usage.resident as f64 / 1e6,
                usage.exit
            );
        };
        let result = folder.join("result.json");
        let output = format!("json={}", result.display());
        let over: [&OsStr; 5] =
            ["detect".as_ref(), log.as_ref(), "--snapshot".as_ref(), snapshot.as_ref(), "-q".as_ref()];
        row(
            name,
            usage(
                &program,
                &[&over[..], &["-f".as_ref(), "short".as_ref(), "-o".as_ref(), output.as_ref()]].concat(),
            ),
        );
        row("  without a snapshot", usage(&program, &["detect".as_ref(), log.as_ref(), "-q".as_ref()]));
        told(&result, records, &truth);
        if matches!(form, Form::Lines) {
            rivals(&log, &row);
        }
        fs::remove_dir_all(&log).expect("the temporary folder can be emptied");
    }
    // Nothing depends on the folder being gone.
    drop(fs::remove_dir_all(&folder));
}

fn told(result: &Path, records: u64, truth: &[Opened]) {
    let text = fs::read_to_string(result).unwrap_or_default();
    let value: Value = serde_json::from_str(&text).unwrap_or_default();
    let [exact, missing, wrong] = truth::compare(truth::of_result(&value), truth);
    println!(
        "  {records} records, told {}; {} intervals open to all of IPv4: {exact} exact in actors and times, {missing} not, {wrong} that never were; {} gaps",
        value["run"]["log"]["records"],
        truth.len(),
        value["gaps"].as_array().map_or(0, Vec::len)
    );
}

/// Writes a log; its size unpacked, its records, and what was open.
fn write(folder: &Path, megabytes: usize, form: &Form) -> (usize, u64, Vec<Opened>) {
    fs::create_dir_all(folder).expect("the temporary folder can be made");
    let mut trail = Trail::new(SEED, GROUPS);
    let (mut bytes, mut count, mut number) = (0, 0, 0);
    let lines = matches!(form, Form::Lines).then(|| fs::File::create(folder.join("log.jsonl")));
    let mut lines = lines.map(|file| BufWriter::new(file.expect("the file can be made")));
    while bytes < megabytes << 20 {
        let records: Vec<String> = (0..RECORDS_OF_FILE).map(|_| trail.record()).collect();
        count += records.len() as u64;
        number += 1;
        let text = match form {
            Form::Files | Form::Packed => file(&records),
            Form::Lines => records.join("\n") + "\n",
        };
        bytes += text.len();
        match (form, &mut lines) {
            (Form::Lines, Some(lines)) => lines.write_all(text.as_bytes()).expect("the file can be written"),
            (Form::Packed, _) => {
                let path = folder.join(format!("{number:06}.json.gz"));
                let mut packer = GzEncoder::new(
                    fs::File::create(path).expect("the file can be made"),
                    Compression::default(),
                );
                packer.write_all(text.as_bytes()).expect("the file can be written");
                packer.finish().expect("the file can be written");
            }
            _ => fs::write(folder.join(format!("{number:06}.json")), text).expect("the file can be written"),
        }
    }
    (bytes, count, trail.truth())
}

/// What others take for less: parsing alone, a search for words, a query.
fn rivals(log: &Path, row: &dyn Fn(&str, Usage)) {
    let log = log.join("log.jsonl");
    let text = fs::read_to_string(&log).expect("the file can be read");
    let start = cpu_now();
    let ((), _) = timed(|| {
        for line in text.lines() {
            let value: Value = serde_json::from_str(line).expect("the log is JSON");
            std::hint::black_box(value);
        }
    });
    row("  serde_json into Value, in this process", Usage { cpu: cpu_now() - start, resident: 0, exit: 0 });
    drop(text);
    let words = "\"(Authorize|Revoke)SecurityGroupIngress\"";
    let query = "select(.eventName == \"AuthorizeSecurityGroupIngress\" or .eventName == \"RevokeSecurityGroupIngress\") | .eventID";
    let sql = format!(
        "select count(*) from read_ndjson('{}', columns={{eventName: 'VARCHAR', eventTime: 'VARCHAR', requestParameters: 'JSON'}}) where eventName in ('AuthorizeSecurityGroupIngress', 'RevokeSecurityGroupIngress')",
        log.display()
    );
    let log = log.as_os_str();
    let all: [(&str, Vec<&OsStr>); 4] = [
        ("rg", vec!["-c".as_ref(), words.as_ref(), log]),
        ("grep", vec!["-cE".as_ref(), words.as_ref(), log]),
        ("jq", vec!["-c".as_ref(), query.as_ref(), log]),
        ("duckdb", vec!["-c".as_ref(), sql.as_ref()]),
    ];
    for (name, arguments) in all {
        match installed(name) {
            Some(path) => row(&format!("  {name}"), usage(&path, &arguments)),
            None => println!("  {name}: not on this machine"),
        }
    }
}

fn installed(name: &str) -> Option<PathBuf> {
    let folders = std::env::var_os("PATH")?;
    std::env::split_paths(&folders).map(|folder| folder.join(name)).find(|path| path.is_file())
}
