//! Logs: streams of JSON values, told one by one, in memory that does not grow with them.
//!
//! Knows no cloud: which keys only records have is said by the caller, and whether a value is worth anything too.

mod decode;
mod follow;
mod framer;
mod grammar;
mod rows;
mod told;
mod unpack;

#[cfg(test)]
mod tests;

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

pub use follow::{DIGEST_BYTES, Follower, Polled, Position};
pub use grammar::DEPTH_MAX;
pub use told::{Broken, BrokenReason, LogElement, LogEnd, LogSink, Taken};

use self::decode::Decoded;
use self::framer::Framer;
use crate::list::{Origin, ReadingList};
use crate::reason::Reason;
use crate::{Tally, Unread};

/// The endings of names that are read in a folder of logs, in any letter case.
///
/// `.log` is among them, other than for exports: who names a folder of logs means those too. A file that is named is read
/// whatever it is called.
pub const LOG_EXTENSIONS: &[&str] = &["json", "jsonl", "ndjson", "gz", "zst", "csv", "log"];

/// Bounds on how logs are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogLimits {
    /// The longest element that is offered, in bytes. A longer one is opened without asking.
    pub element_bytes_max: usize,
    /// The longest text, in bytes after unpacking.
    pub text_bytes_max: u64,
    /// How many bytes may come out of any archive,
    pub bomb_bytes_min: u64,
    /// and how many for each packed byte out of one from which more come.
    pub ratio_max: u64,
    /// The largest window of a Zstandard frame, in bytes: what is kept of it in memory.
    pub window_bytes_max: u64,
}

impl LogLimits {
    /// Elements of up to 1 MiB, texts of up to 64 GiB. Logs unpack to ten or thirty times their size; beyond 1 GiB, more than
    /// 200 times is a bomb.
    pub const STANDARD: Self = Self {
        element_bytes_max: 1 << 20,
        text_bytes_max: 64 << 30,
        bomb_bytes_min: 1 << 30,
        ratio_max: 200,
        window_bytes_max: 16 << 20,
    };
}

/// Reads every input as a log and tells its elements as they are read.
///
/// Inputs are what they are for [`read`](crate::read()), except that in folders the names of [`LOG_EXTENSIONS`] are read.
/// `stdin` is read only if an input is `-`. `record_keys` are keys that only records have: an object with one of them, in
/// itself or in an object in it, is not opened, because nothing in a record may pose as a record.
///
/// # Example
///
/// ```
/// use read::{Broken, LogElement, LogEnd, LogLimits, LogSink, Taken, Unread};
///
/// #[derive(Default)]
/// struct Names(Vec<String>);
///
/// impl LogSink for Names {
///     fn begin(&mut self, _path: &str, _named: bool) {}
///     fn element(&mut self, element: &LogElement<'_>) -> Taken {
///         if !element.text.starts_with("{\"eventName\"") {
///             return Taken::Unrecognised;
///         }
///         self.0.push(format!("{} {}", element.offset, element.text));
///         Taken::Recognised
///     }
///     fn broken(&mut self, broken: Broken) {
///         unreachable!("{}", broken.reason)
///     }
///     fn end(&mut self, end: &LogEnd) {
///         assert_eq!(end.recognised, 2);
///     }
///     fn unread(&mut self, unread: Unread) {
///         unreachable!("{}", unread.reason)
///     }
/// }
///
/// let mut stdin = r#"{"Records":[{"eventName":"A"},{"eventName":"B"}]}"#.as_bytes();
/// let mut names = Names::default();
/// read::elements(&["-"], &mut stdin, &["eventName"], &LogLimits::STANDARD, &mut names);
/// assert_eq!(names.0, [r#"12 {"eventName":"A"}"#, r#"30 {"eventName":"B"}"#]);
/// ```
pub fn elements(
    inputs: &[impl AsRef<Path>],
    stdin: &mut dyn Read,
    record_keys: &[&str],
    limits: &LogLimits,
    sink: &mut dyn LogSink,
) -> Tally {
    let mut list = ReadingList::new(LOG_EXTENSIONS);
    for input in inputs {
        list.add(input.as_ref());
    }
    let framing = Framing::new(record_keys, limits);
    let mut tally = Tally { documents: 0, unread: 0, passed_over: list.passed_over() };
    for entry in list.into_entries() {
        let (path, named) = (shown(&entry.path), entry.is_named());
        let source = match entry.origin {
            Origin::File => open(&entry.path).map(|file| Box::new(file) as Box<dyn Read>),
            Origin::Stdin => Ok(Box::new(&mut *stdin) as Box<dyn Read>),
            Origin::Nowhere(reason) => Err(reason),
        };
        match source.and_then(|source| Decoded::open(source, limits)) {
            Ok(source) => {
                tally.documents += 1;
                sink.begin(&path, named);
                let mut framer = Framer::new(&framing);
                let sha256 = drain(source, &mut framer, sink);
                sink.end(&LogEnd { sha256, ..framer.take_end() });
            }
            Err(reason) => {
                tally.unread += 1;
                sink.unread(Unread { path, reason, named });
            }
        }
    }
    tally
}

/// What is the same for every document.
#[derive(Clone)]
struct Framing {
    record_keys: Arc<[String]>,
    limits: LogLimits,
}

impl Framing {
    fn new(record_keys: &[&str], limits: &LogLimits) -> Self {
        Self { record_keys: record_keys.iter().map(|key| (*key).to_owned()).collect(), limits: *limits }
    }
}

fn open(path: &Path) -> Result<File, Reason> {
    File::open(path).map_err(Reason::of)
}

/// Reads to the end; returns the digest of what was stored.
fn drain<R: Read>(mut source: Decoded<R>, framer: &mut Framer, sink: &mut dyn LogSink) -> [u8; 32] {
    loop {
        match source.piece() {
            Ok([]) => {
                framer.finish(sink, true);
                break;
            }
            Ok(piece) => framer.feed(piece, sink),
            Err(reason) => {
                framer.finish(sink, false);
                framer.break_here(reason, sink);
                break;
            }
        }
    }
    source.into_digest()
}

fn shown(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}
