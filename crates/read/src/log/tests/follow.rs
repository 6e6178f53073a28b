//! Logs that grow, are replaced, come in archives and through pipes.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::Notes;
use crate::log::{Follower, LogLimits, Position};

struct Case {
    folder: tempfile::TempDir,
    follower: Follower,
    notes: Notes,
}

impl Case {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let follower = follower(folder.path(), &[]);
        Self { folder, follower, notes: Notes::default() }
    }

    fn append(&self, name: &str, content: &[u8]) {
        let path = self.folder.path().join(name);
        OpenOptions::new().create(true).append(true).open(path).unwrap().write_all(content).unwrap();
    }

    fn write(&self, name: &str, content: &[u8]) {
        fs::write(self.folder.path().join(name), content).unwrap();
    }

    /// What a look tells, without where documents begin and end.
    fn poll(&mut self) -> Vec<String> {
        self.follower.poll(&mut self.notes);
        self.take()
    }

    fn finish(&mut self) -> Vec<String> {
        self.follower.finish(&mut self.notes);
        self.take()
    }

    fn take(&mut self) -> Vec<String> {
        let lines = std::mem::take(&mut self.notes.lines);
        lines.into_iter().filter(|line| !line.starts_with("begin") && !line.starts_with("end")).collect()
    }

    /// Goes on in another process.
    fn resume(&mut self) {
        self.follower = follower(self.folder.path(), &self.follower.positions());
    }
}

fn follower(folder: &Path, positions: &[Position]) -> Follower {
    Follower::new(&[folder], &["eventName"], &LogLimits::STANDARD, positions)
}

fn gzip(content: &[u8]) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::default());
    packer.write_all(content).unwrap();
    packer.finish().unwrap()
}

const NOTHING: [&str; 0] = [];

#[test]
fn a_growing_file_tells_each_element_once_when_it_is_whole() {
    let mut case = Case::new();
    assert_eq!(case.poll(), NOTHING);
    case.append("a.json", b"");
    assert_eq!(case.poll(), NOTHING);
    case.append("a.json", b"{\"eventName\":1}\n{\"event");
    assert_eq!(case.poll(), ["0:1 {\"eventName\":1}"]);
    assert_eq!(case.poll(), NOTHING);
    case.append("a.json", b"Name\":2");
    assert_eq!(case.poll(), NOTHING);
    case.append("b.json", b"{\"eventName\":\"b\"}");
    case.append("a.json", b"}\n");
    assert_eq!(case.poll(), ["16:2 {\"eventName\":2}", "0:1 {\"eventName\":\"b\"}"]);
    assert_eq!(case.finish(), NOTHING);
}

#[test]
fn a_replaced_file_is_read_from_its_beginning() {
    let mut case = Case::new();
    case.write("a.json", b"{\"eventName\":1}\n{\"eventName\":2}\n");
    assert_eq!(case.poll().len(), 2);
    case.write("a.json", b"{\"eventName\":3}\n");
    assert_eq!(case.poll(), ["0:1 {\"eventName\":3}"]);
    case.write("a.json", b"{\"eventName\":4}\n{\"eventName\":5}\n{\"eventName\":6}\n");
    assert_eq!(case.poll().len(), 3);
    fs::remove_file(case.folder.path().join("a.json")).unwrap();
    assert_eq!(case.poll(), NOTHING);
    case.write("a.json", b"{\"eventName\":4}\n");
    assert_eq!(case.poll().len(), 1);
}

#[test]
fn an_archive_is_read_when_it_is_complete_or_stays_as_it_is() {
    let mut case = Case::new();
    let packed = gzip(b"[{\"eventName\":1},{\"eventName\":2}]");
    case.append("a.json.gz", &packed[..20]);
    assert_eq!(case.poll(), NOTHING);
    case.append("a.json.gz", &packed[20..]);
    assert_eq!(case.poll(), ["1:1 {\"eventName\":1}", "17:1 {\"eventName\":2}"]);
    case.append("b.json.gz", &packed[..packed.len() - 4]);
    let mut told = Vec::new();
    for _ in 0..40 {
        told.extend(case.poll());
    }
    assert_eq!(told, ["1:1 {\"eventName\":1}", "17:1 {\"eventName\":2}", "33:1 BROKEN bad gzip"]);
    case.append("c.json.gz", &packed[..packed.len() - 4]);
    assert_eq!(case.poll(), NOTHING);
    assert_eq!(case.finish().len(), 3);
    assert_eq!(case.finish(), NOTHING);
}

#[test]
fn a_value_that_does_not_end_is_told_once_and_read_when_it_does() {
    let mut case = Case::new();
    case.append("a.json", b"{\"eventName\":1}\n{\"eventName\":");
    let mut told = Vec::new();
    for _ in 0..60 {
        told.extend(case.poll());
    }
    assert_eq!(told, ["0:1 {\"eventName\":1}", "16:2 BROKEN truncated"]);
    case.append("a.json", b"2}\n{\"even");
    assert_eq!(case.poll(), ["16:2 {\"eventName\":2}"]);
    assert_eq!(case.finish(), ["32:3 BROKEN truncated"]);
}

#[test]
fn who_goes_on_elsewhere_reads_each_element_once() {
    let mut case = Case::new();
    let rows = "eventName,x\nA,1\nB,2\nC,3\n";
    let lines = "\u{feff}{\"eventName\":1}\n{\"eventName\":2}\n{\"eventName\":3}\n";
    let packed = gzip(lines.as_bytes());
    let mut told = Vec::new();
    for at in (0..100).step_by(3) {
        for (name, whole) in [("a.json", lines.as_bytes()), ("b.csv", rows.as_bytes()), ("c.gz", &packed[..])]
        {
            case.append(name, whole.get(at.min(whole.len())..(at + 3).min(whole.len())).unwrap());
        }
        told.extend(case.poll());
        case.resume();
    }
    told.extend(case.poll());
    told.sort();
    let mut expected =
        ["0:1 {\"eventName\":1}", "16:2 {\"eventName\":2}", "32:3 {\"eventName\":3}"].repeat(2);
    expected.extend([
        "12:2 {\"eventName\":\"A\",\"x\":\"1\"}",
        "16:3 {\"eventName\":\"B\",\"x\":\"2\"}",
        "20:4 {\"eventName\":\"C\",\"x\":\"3\"}",
    ]);
    expected.sort_unstable();
    assert_eq!(told, expected);
    // A file that is another one is not gone on in.
    case.write("a.json", b"{\"eventName\":7}\n{\"eventName\":2}\n{\"eventName\":3}\n{\"eventName\":4}\n");
    case.resume();
    assert_eq!(case.poll().len(), 4);
}

#[test]
fn what_cannot_be_read_is_told_once() {
    let mut case = Case::new();
    case.write("a.json", b"PK\x03\x04....");
    assert_eq!(case.poll().len(), 1);
    assert_eq!(case.poll(), NOTHING);
}

#[test]
fn a_pipe_is_heard_as_it_comes() {
    let (reader, mut writer) = std::io::pipe().unwrap();
    let mut follower = Follower::new(&["-"], &["eventName"], &LogLimits::STANDARD, &[]);
    follower.listen(reader);
    let mut notes = Notes::default();
    for number in 0..3 {
        writer.write_all(format!("{{\"eventName\":{number}}}").as_bytes()).unwrap();
        for _ in 0..500 {
            assert!(!follower.poll(&mut notes).is_over);
            if notes.recognised > number {
                break;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        assert_eq!(notes.recognised, number + 1, "{:?}", notes.lines);
    }
    writer.write_all(b"{\"eventName\":").unwrap();
    drop(writer);
    while !follower.poll(&mut notes).is_over {
        std::thread::sleep(Duration::from_millis(1));
    }
    follower.finish(&mut notes);
    assert!(notes.lines.iter().any(|line| line == "45:1 BROKEN truncated"), "{:?}", notes.lines);
}
