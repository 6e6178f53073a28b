//! Packed and encoded streams, and the memory of long ones.

use std::fs;
use std::io::{self, Read, Write};

use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;
use ruzstd::encoding::{CompressionLevel, compress_to_vec};

use super::Notes;
use crate::log::{LogElement, LogEnd, LogLimits, LogSink, Taken, elements};
use crate::{Broken, Tally, Unread};

fn gzip(content: &[u8]) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::default());
    packer.write_all(content).unwrap();
    packer.finish().unwrap()
}

fn zstd(content: &[u8]) -> Vec<u8> {
    compress_to_vec(content, CompressionLevel::Fastest)
}

fn told_within(bytes: &[u8], limits: &LogLimits) -> Vec<String> {
    let mut notes = Notes::default();
    elements(&["-"], &mut &*bytes, &["eventName"], limits, &mut notes);
    notes.lines
}

fn told(bytes: &[u8]) -> Vec<String> {
    told_within(bytes, &LogLimits::STANDARD)
}

fn records(count: usize) -> String {
    let mut text = String::from("{\"Records\":[");
    for record in 0..count {
        let separator = if record == 0 { "" } else { "," };
        // Numbers that do not pack well.
        let noise = record.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        text.push_str(&format!("{separator}{{\"eventName\":\"{noise:x}\"}}"));
    }
    text + "]}\n"
}

#[test]
fn every_packing_and_encoding_gives_the_same() {
    let text = "[{\"eventName\":\"Zürich 🔥\"}]\n";
    let expected = told(text.as_bytes());
    assert_eq!(expected.len(), 3, "{expected:?}");
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let marked = [b"\xef\xbb\xbf", text.as_bytes()].concat();
    let members = text.as_bytes().chunks(7).map(gzip).collect::<Vec<_>>().concat();
    let frames = text.as_bytes().chunks(7).map(zstd).collect::<Vec<_>>().concat();
    let padded = [&gzip(text.as_bytes())[..], &[0; 700]].concat();
    let behind = [&zstd(text.as_bytes())[..], &b"\x50\x2a\x4d\x18\x03\0\0\0abc"[..]].concat();
    for bytes in [
        [&b"\xff\xfe"[..], &little].concat(),
        [&b"\xfe\xff"[..], &big].concat(),
        little,
        big,
        marked.clone(),
        gzip(text.as_bytes()),
        gzip(&marked),
        zstd(&marked),
        members,
        frames,
        padded,
        behind,
    ] {
        assert_eq!(told(&bytes), expected, "{bytes:?}");
    }
}

#[test]
fn half_a_pair_costs_its_record() {
    let mut units: Vec<u16> = "{\"eventName\":\"x\"}\n{\"eventName\":2}\n".encode_utf16().collect();
    units[14] = 0xd800;
    let bytes: Vec<u8> =
        [0xff, 0xfe].into_iter().chain(units.iter().flat_map(|unit| unit.to_le_bytes())).collect();
    let told = told(&bytes);
    assert_eq!(told[1..3], ["0:1 BROKEN no utf-8 at 14", "18:2 {\"eventName\":2}"], "{told:?}");
    let odd =
        [&b"\xff\xfe"[..], &"[]\n".encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>(), b"x"]
            .concat();
    assert_eq!(self::told(&odd)[1], "3:2 BROKEN no json at 3");
}

#[test]
fn what_stands_before_the_break_of_an_archive_is_read() {
    let text = records(20_000);
    for (packed, what) in [(gzip(text.as_bytes()), "bad gzip"), (zstd(text.as_bytes()), "bad zstd")] {
        let cut = &packed[..packed.len() * 3 / 4];
        let told = told(cut);
        let broken: Vec<&String> = told.iter().filter(|line| line.contains("BROKEN")).collect();
        assert_eq!(broken.len(), 1, "{broken:?}");
        assert!(broken[0].ends_with(what), "{broken:?}");
        let known = told.iter().filter(|line| line.contains(" {\"eventName")).count();
        assert!(known > 10_000 && known < 20_000, "{known} {what}");
        let offset: usize = broken[0].split(':').next().unwrap().parse().unwrap();
        assert!(offset > text.len() / 2 && offset < text.len(), "{offset}");
    }
}

#[test]
fn damage_in_an_archive_is_told() {
    let packed = gzip(records(10).as_bytes());
    let mut wrong_sum = packed.clone();
    let at = wrong_sum.len() - 6;
    wrong_sum[at] ^= 1;
    let told_sum = told(&wrong_sum);
    assert_eq!(told_sum.iter().filter(|line| line.contains(" {\"eventName")).count(), 10);
    assert!(told_sum.iter().any(|line| line.ends_with("BROKEN bad gzip")), "{told_sum:?}");
    let behind = [&packed[..], b"garbage"].concat();
    let told_behind = told(&behind);
    assert!(told_behind.iter().any(|line| line.ends_with("BROKEN trailing")), "{told_behind:?}");
    let behind = [&zstd(records(10).as_bytes())[..], b"garbage"].concat();
    assert!(told(&behind).iter().any(|line| line.ends_with("BROKEN trailing")));
    // The window descriptor of a frame: 2 to the power of 10 + 17.
    assert_eq!(told(b"\x28\xb5\x2f\xfd\x00\x88")[1], "0:1 BROKEN window of 134217728, limit 16777216");
    assert_eq!(told(b"\x1f\x8b")[1..], ["0:1 BROKEN bad gzip", "end 0 bytes, 0 known, 0 not, 1 broken"]);
    assert_eq!(
        told(b"\x28\xb5\x2f\xfd")[1..],
        ["0:1 BROKEN bad zstd", "end 0 bytes, 0 known, 0 not, 1 broken"]
    );
}

#[test]
fn what_is_no_log_at_all_is_not_begun() {
    assert_eq!(told(b" \n"), ["unread <stdin>: is empty, expected text such as JSON: run the export again"]);
    assert!(told(&gzip(&gzip(b"[]")))[0].starts_with("unread <stdin>: is gzip inside gzip"));
    assert!(told(b"PK\x03\x04....")[0].starts_with("unread <stdin>: is a ZIP archive"));
    assert!(told(b"PAR1....................")[0].starts_with("unread <stdin>: is a Parquet table"));
    assert!(told(b"[1,\0\0,2,]")[0].starts_with("unread <stdin>: is binary"));
}

#[test]
fn bombs_and_endless_texts_end() {
    let bomb = gzip(&b"{\"eventName\":1}\n".repeat(200_000));
    let limits = LogLimits { bomb_bytes_min: 1 << 20, ratio_max: 50, ..LogLimits::STANDARD };
    let told = told_within(&bomb, &limits);
    assert!(told.iter().any(|line| line.ends_with("BROKEN bomb")), "{:?}", told.last());
    assert!(told.len() > 10_000 && told.len() < 190_000, "{}", told.len());
    let limits = LogLimits { text_bytes_max: 100, ..LogLimits::STANDARD };
    let mut notes = Notes::default();
    elements(&["-"], &mut io::repeat(b' ').take(1 << 30), &[], &limits, &mut notes);
    assert!(notes.lines.iter().any(|line| line.ends_with("BROKEN too large")), "{:?}", notes.lines);
}

/// Counts, and keeps nothing.
#[derive(Default)]
struct Count {
    known: u64,
    broken: u64,
    longest: usize,
}

impl LogSink for Count {
    fn begin(&mut self, _path: &str, _named: bool) {}
    fn element(&mut self, element: &LogElement<'_>) -> Taken {
        self.longest = self.longest.max(element.text.len());
        if element.text.starts_with("{\"eventName\"") {
            self.known += 1;
            return Taken::Recognised;
        }
        Taken::Unrecognised
    }
    fn broken(&mut self, _broken: Broken) {
        self.broken += 1;
    }
    fn end(&mut self, _end: &LogEnd) {}
    fn unread(&mut self, _unread: Unread) {}
}

/// The same text again and again, between a beginning and an end.
struct Long {
    begin: Vec<u8>,
    unit: Vec<u8>,
    times: usize,
    end: Vec<u8>,
    pending: Vec<u8>,
    at: usize,
}

impl Long {
    fn new(begin: &str, unit: &str, bytes: usize, end: &str) -> Self {
        Self {
            begin: begin.into(),
            unit: unit.into(),
            times: bytes / unit.len(),
            end: end.into(),
            pending: Vec::new(),
            at: 0,
        }
    }
}

impl Read for Long {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.at == self.pending.len() {
            self.at = 0;
            self.pending = if !self.begin.is_empty() {
                std::mem::take(&mut self.begin)
            } else if self.times > 0 {
                let times = self.times.min(1000);
                self.times -= times;
                self.unit.repeat(times)
            } else {
                std::mem::take(&mut self.end)
            };
        }
        let length = buffer.len().min(self.pending.len() - self.at);
        buffer[..length].copy_from_slice(&self.pending[self.at..self.at + length]);
        self.at += length;
        Ok(length)
    }
}

/// How much memory this process has taken at most, where the system tells.
fn memory_peak() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM"))?;
    line.split_whitespace().nth(1)?.parse::<u64>().ok().map(|kib| kib << 10)
}

#[test]
fn two_hundred_megabytes_in_one_line_are_read_in_bounded_memory() {
    let record = format!("{{\"eventName\":\"{}\"}},", "x".repeat(1000));
    let cases = [
        (Long::new("{\"Records\":[", &record, 200 << 20, "{}]}"), (200 << 20) / record.len(), 0),
        (Long::new("[", &record, 20 << 20, "{}]"), (20 << 20) / record.len(), 0),
        (
            Long::new("{\"Records\":[{\"eventName\":\"", "xxxxxxxx", 200 << 20, "\"},{\"eventName\":2}]}"),
            1,
            1,
        ),
        (Long::new("{\"Records\":[{\"x\":[", "[1],\"a\",", 20 << 20, "1]},{\"eventName\":2}]}"), 1, 1),
        (Long::new("{\"x\":\"", "xxxxxxxx", 20 << 20, ""), 0, 1),
        (Long::new("", "no log at all ", 20 << 20, ""), 0, 1),
    ];
    for (number, (mut long, known, broken)) in cases.into_iter().enumerate() {
        let mut count = Count::default();
        let tally = elements(&["-"], &mut long, &["eventName"], &LogLimits::STANDARD, &mut count);
        assert_eq!(tally, Tally { documents: 1, unread: 0, passed_over: 0 });
        assert_eq!((count.known, count.broken), (u64::try_from(known).unwrap(), broken), "case {number}");
        assert!(count.longest <= LogLimits::STANDARD.element_bytes_max);
    }
    // Other tests of this process run beside this one.
    assert!(memory_peak().is_none_or(|peak| peak < 160 << 20), "{:?}", memory_peak());
}

proptest! {
    #[test]
    fn any_bytes_are_told_without_panic(bytes: Vec<u8>, packed: bool, cut in 0_usize..400) {
        told(&bytes);
        let text = [b"{\"Records\":[{\"eventName\":1}]}\n", &bytes[..]].concat();
        let mut stored = if packed { gzip(&text) } else { zstd(&text) };
        let at = cut % stored.len();
        stored[at] ^= 0x5a;
        told(&stored);
        stored.truncate(cut);
        told(&stored);
    }
}
