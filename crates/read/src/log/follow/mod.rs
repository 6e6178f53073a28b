//! Logs that are still being written: folders and files that are looked at again and again, and standard input.
//!
//! Knows no clock: the caller decides when to look.

mod file;
mod listen;

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};

use self::file::Followed;
use self::listen::Listening;
use super::{Framing, LOG_EXTENSIONS, LogLimits, LogSink, shown};
use crate::Unread;
use crate::list::{Origin, ReadingList};
use crate::reason::Reason;

/// Follows logs.
///
/// Every element is told once, when it is whole: a line of a growing file when its value has ended, an archive when it is
/// complete. A file that became shorter, or begins otherwise than before, is read from its beginning. What was written to a
/// file between the last look and its replacement is lost, as for every reader that comes back later.
///
/// What is new in a document is told between [`begin`](LogSink::begin) and [`end`](LogSink::end), again for every part.
pub struct Follower {
    inputs: Vec<PathBuf>,
    framing: Framing,
    /// By the path without links.
    files: BTreeMap<PathBuf, Followed>,
    /// Where to go on in files that were not seen yet.
    resume: BTreeMap<String, Position>,
    stdin: Option<Listening>,
    /// What could not be read and was told.
    told: BTreeMap<PathBuf, String>,
}

/// How far a file was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position {
    /// The path, as documents are told by.
    pub path: String,
    /// How many stored bytes are done with: what was told from them is not told again.
    pub bytes: u64,
    /// The line in which reading goes on, from 1.
    pub line: u64,
    /// The SHA-256 of the first of these bytes, at most [`DIGEST_BYTES`]: a file that begins otherwise is another.
    pub digest: [u8; 32],
}

/// What one look found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Polled {
    /// How many bytes of text were new.
    pub bytes: u64,
    /// Nothing more can come: everything was standard input, and it has ended.
    pub is_over: bool,
}

impl Follower {
    /// Follows inputs, which are what they are for [`elements`](crate::elements()), from where they were left.
    #[must_use]
    pub fn new(
        inputs: &[impl AsRef<Path>],
        record_keys: &[&str],
        limits: &LogLimits,
        resume: &[Position],
    ) -> Self {
        Self {
            inputs: inputs
                .iter()
                .map(|input| input.as_ref().to_path_buf())
                .filter(|input| !is_stdin(input))
                .collect(),
            framing: Framing::new(record_keys, limits),
            files: BTreeMap::new(),
            resume: resume.iter().map(|position| (position.path.clone(), position.clone())).collect(),
            stdin: None,
            told: BTreeMap::new(),
        }
    }

    /// Follows a stream, for the input `-`. A thread reads it until it ends.
    pub fn listen(&mut self, stream: impl Read + Send + 'static) {
        self.stdin = Some(Listening::to(stream, &self.framing));
    }

    /// Looks for what is new.
    pub fn poll(&mut self, sink: &mut dyn LogSink) -> Polled {
        let mut polled = Polled::default();
        let mut list = ReadingList::new(LOG_EXTENSIONS);
        for input in &self.inputs {
            list.add(input);
        }
        let mut found = BTreeMap::new();
        for entry in list.into_entries() {
            let (path, named) = (shown(&entry.path), entry.is_named());
            let mut file = match entry.origin {
                Origin::File => self.files.remove(&entry.path).unwrap_or_else(|| {
                    Followed::new(&entry.path, named, self.resume.remove(&path), &self.framing)
                }),
                Origin::Stdin => continue,
                // Files come.
                Origin::Nowhere(Reason::EmptyFolder { .. } | Reason::NoMatch) => continue,
                Origin::Nowhere(reason) => {
                    self.tell_once(&entry.path, reason, named, sink);
                    continue;
                }
            };
            match file.poll(sink) {
                Ok(bytes) => polled.bytes += bytes,
                Err(reason) => self.tell_once(&entry.path, reason, named, sink),
            }
            found.insert(entry.path, file);
        }
        self.files = found;
        if let Some(stdin) = &mut self.stdin {
            polled.bytes += stdin.poll(sink);
        }
        polled.is_over = self.inputs.is_empty() && self.stdin.as_ref().is_none_or(Listening::is_over);
        polled
    }

    /// Stops following: tells what is read to here and did not end.
    pub fn finish(&mut self, sink: &mut dyn LogSink) {
        for file in self.files.values_mut() {
            file.finish(sink);
        }
        if let Some(stdin) = &mut self.stdin {
            stdin.finish(sink);
        }
    }

    /// How far every file was read. What was told from behind a position, because it stands in a list that has not ended, is
    /// told again by who goes on there.
    #[must_use]
    pub fn positions(&self) -> Vec<Position> {
        self.files.values().filter_map(Followed::position).collect()
    }

    /// Tells that there is nothing to read, once for every reason.
    fn tell_once(&mut self, path: &Path, reason: Reason, named: bool, sink: &mut dyn LogSink) {
        let message = reason.to_string();
        if self.told.insert(path.to_path_buf(), message.clone()) != Some(message) {
            sink.unread(Unread { path: shown(path), reason, named });
        }
    }
}

fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// How much of a file is hashed to know it again.
pub const DIGEST_BYTES: usize = 4 << 10;
