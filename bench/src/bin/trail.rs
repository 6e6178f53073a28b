//! Cuts a log into its records, and against it `serde_json` that passes over the same values without keeping any.
//!
//! `trail [MEGABYTES] [FOLDER]`: a generated CloudTrail, as one list, as lines, and as files of 500 records. With a folder, it is
//! written there as well: `records/*.json`, `packed/*.json.gz`, `lines.jsonl` and, of what was open when, `truth.jsonl`.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use bench::clock::median_of;
use bench::trail::{Trail, file, truth_lines};
use flate2::Compression;
use flate2::write::GzEncoder;
use read::{Broken, LogElement, LogEnd, LogLimits, LogSink, Taken, Unread};
use serde::de::IgnoredAny;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let megabytes: usize = arguments.first().and_then(|text| text.parse().ok()).unwrap_or(256);
    let mut trail = Trail::new(7, 400);
    let (mut records, mut bytes) = (Vec::new(), 0);
    while bytes < megabytes << 20 {
        let record = trail.record();
        bytes += record.len();
        records.push(record);
    }
    let truth = trail.truth();
    println!("{} records of {} bytes, {} openings", records.len(), bytes / records.len(), truth.len());
    if let Some(folder) = arguments.get(1).map(PathBuf::from) {
        write(&folder, &records, &truth_lines(&truth));
    }
    let files: Vec<String> = records.chunks(RECORDS_OF_FILE).map(|part| file(part) + "\n").collect();
    for (name, text) in
        [("one list", file(&records)), ("lines", records.join("\n")), ("files", files.concat())]
    {
        compare(name, &text, records.len());
    }
}

fn compare(name: &str, text: &str, records: usize) {
    let ours = median_of(
        RUNS,
        || Count(0),
        |mut count| {
            read::elements(&["-"], &mut text.as_bytes(), &["eventName"], &LogLimits::STANDARD, &mut count);
            assert_eq!(count.0, records, "every record is told");
        },
    );
    let theirs = median_of(
        RUNS,
        || text,
        |text| {
            for value in serde_json::Deserializer::from_str(text).into_iter::<IgnoredAny>() {
                value.expect("the log is JSON");
            }
        },
    );
    let rate = |time: Duration| text.len() as f64 / 1e6 / time.as_secs_f64();
    println!(
        "{name}: {:.0} MB/s, serde_json passing over {:.0} MB/s, {:.2} times the time",
        rate(ours),
        rate(theirs),
        ours.as_secs_f64() / theirs.as_secs_f64()
    );
}

fn write(folder: &Path, records: &[String], truth: &str) {
    for part in ["records", "packed"] {
        fs::create_dir_all(folder.join(part)).expect("the folder can be made");
    }
    for (number, part) in records.chunks(RECORDS_OF_FILE).enumerate() {
        let text = file(part);
        fs::write(folder.join(format!("records/{number:06}.json")), &text).expect("the file can be written");
        let packed = fs::File::create(folder.join(format!("packed/{number:06}.json.gz")));
        let mut packer = GzEncoder::new(packed.expect("the file can be made"), Compression::default());
        packer.write_all(text.as_bytes()).expect("the file can be written");
        packer.finish().expect("the file can be written");
    }
    fs::write(folder.join("lines.jsonl"), records.join("\n") + "\n").expect("the file can be written");
    fs::write(folder.join("truth.jsonl"), truth).expect("the file can be written");
}

/// Counts records, as somebody does who knows them.
struct Count(usize);

impl LogSink for Count {
    fn begin(&mut self, _path: &str, _named: bool) {}

    fn element(&mut self, element: &LogElement<'_>) -> Taken {
        if !element.text.starts_with("{\"eventVersion\"") {
            return Taken::Unrecognised;
        }
        self.0 += 1;
        Taken::Recognised
    }

    fn broken(&mut self, broken: Broken) {
        panic!("{}: {}", broken.offset, broken.reason);
    }

    fn end(&mut self, _end: &LogEnd) {}

    fn unread(&mut self, unread: Unread) {
        panic!("{}: {}", unread.path, unread.reason);
    }
}

/// As CloudTrail fills its files, within an order of magnitude.
const RECORDS_OF_FILE: usize = 500;
const RUNS: usize = 5;
