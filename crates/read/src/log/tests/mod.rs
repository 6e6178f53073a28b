//! What comes of a text, however it is cut, and of streams.

mod follow;
mod framing;
mod laws;
mod streams;

use super::framer::Framer;
use super::{Broken, BrokenReason, Framing, LogElement, LogEnd, LogLimits, LogSink, Taken};
use crate::Unread;

/// Writes down what it is told; knows objects that begin with the key `eventName`.
#[derive(Default)]
pub(super) struct Notes {
    pub(super) lines: Vec<String>,
    pub(super) recognised: usize,
}

impl LogSink for Notes {
    fn begin(&mut self, path: &str, named: bool) {
        self.lines.push(format!("begin {path}{}", if named { "" } else { " found" }));
    }

    fn element(&mut self, element: &LogElement<'_>) -> Taken {
        let body = element.text.trim_start_matches(['{', ' ', '\n', '\r', '\t']);
        let taken = if body.starts_with("\"eventName\"") { Taken::Recognised } else { Taken::Unrecognised };
        if taken == Taken::Recognised {
            self.recognised += 1;
            self.lines.push(format!("{}:{} {}", element.offset, element.line, element.text));
        } else {
            self.lines.push(format!("{}:{} ? {}", element.offset, element.line, element.text));
        }
        taken
    }

    fn broken(&mut self, broken: Broken) {
        let what = match broken.reason {
            BrokenReason::NotJson { offset } => format!("no json at {offset}"),
            BrokenReason::Truncated => "truncated".to_owned(),
            BrokenReason::TooDeep => "too deep".to_owned(),
            BrokenReason::TooLong { .. } => "too long".to_owned(),
            BrokenReason::NotUtf8 { offset } => format!("no utf-8 at {offset}"),
            BrokenReason::NotARow { fields, columns } => format!("{fields} of {columns} fields"),
            BrokenReason::BadGzip(_) => "bad gzip".to_owned(),
            BrokenReason::BadZstd(_) => "bad zstd".to_owned(),
            BrokenReason::Window { bytes, limit } => format!("window of {bytes}, limit {limit}"),
            BrokenReason::Trailing => "trailing".to_owned(),
            BrokenReason::Bomb { .. } => "bomb".to_owned(),
            BrokenReason::TooLarge { .. } => "too large".to_owned(),
            BrokenReason::Io(_) => "io".to_owned(),
        };
        self.lines.push(format!("{}:{} BROKEN {what}", broken.offset, broken.line));
    }

    fn end(&mut self, end: &LogEnd) {
        let LogEnd { bytes, recognised, unrecognised, first_unrecognised, broken, .. } = end;
        let first =
            first_unrecognised.map_or(String::new(), |(offset, line)| format!(" from {offset}:{line}"));
        self.lines.push(format!(
            "end {bytes} bytes, {recognised} known, {unrecognised} not{first}, {broken} broken"
        ));
    }

    fn unread(&mut self, unread: Unread) {
        self.lines.push(format!("unread {}: {}", unread.path, unread.reason));
    }
}

pub(super) fn limits(element_bytes_max: usize) -> LogLimits {
    LogLimits { element_bytes_max, ..LogLimits::STANDARD }
}

/// What is told of a text that comes in pieces of these lengths, the last one over and over.
pub(super) fn told_in_pieces(text: &[u8], pieces: &[usize], limits: &LogLimits) -> Vec<String> {
    let mut notes = Notes::default();
    let mut framer = Framer::new(&Framing::new(&["eventName", "operationName"], limits));
    let (mut rest, mut lengths) = (text, pieces.iter().copied());
    let mut length = text.len().max(1);
    while !rest.is_empty() {
        length = lengths.next().unwrap_or(length).max(1);
        let (piece, behind) = rest.split_at(length.min(rest.len()));
        framer.feed(piece, &mut notes);
        let most = 2 * (limits.element_bytes_max + (64 << 10)) + 4 * length + 4096;
        assert!(framer.memory() <= most, "{} bytes are held", framer.memory());
        if length.is_multiple_of(3) {
            framer.settle();
        }
        rest = behind;
    }
    framer.finish(&mut notes, true);
    notes.end(&framer.take_end());
    notes.lines
}

pub(super) fn told(text: &str, element_bytes_max: usize) -> Vec<String> {
    told_in_pieces(text.as_bytes(), &[], &limits(element_bytes_max))
}

/// The same at every size of pieces.
pub(super) fn check(text: &[u8], element_bytes_max: usize, expected: &[&str]) {
    let limits = limits(element_bytes_max);
    let whole = told_in_pieces(text, &[], &limits);
    assert_eq!(whole, expected, "{}", String::from_utf8_lossy(text));
    for length in 1..=text.len().min(300) {
        let cut = told_in_pieces(text, &[length], &limits);
        assert_eq!(cut, whole, "in pieces of {length}");
    }
}
