//! Bytes to documents: files, folders, globs and standard input, delivered as whole texts in UTF-8.
//!
//! Knows no cloud, no format and no other crate of this workspace. It never decides whether a text is worth anything, and
//! never prints: names and reasons go out as values. Documents ([`read()`]) are not parsed. Logs ([`elements()`], and
//! [`Follower`] for those that are still being written) are cut into their JSON values, which are not looked into further than
//! it takes to find where they end.
//!
//! # Example
//!
//! ```
//! use read::{Event, Limits};
//!
//! let mut stdin = "[]".as_bytes();
//! let mut texts = Vec::new();
//! read::read(&["-"], &mut stdin, &Limits::STANDARD, &mut |event| match event {
//!     Event::Document(document) => texts.push((document.path, document.text.into_string())),
//!     Event::Unread(unread) => unreachable!("{}", unread.reason),
//! });
//! assert_eq!(texts, [("<stdin>".to_owned(), "[]".to_owned())]);
//! ```
//!
//! # Rules
//!
//! - An input is a file, a folder, a glob (`*`, `?`, `[…]`, `**`) or `-`. A name that exists is taken as it
//!   is, even if it looks like a glob.
//! - A named file is read whatever it is called, and so is a match of a glob. In a folder only names ending
//!   in one of [`CANDIDATE_EXTENSIONS`] are read, in any letter case; the others are counted in
//!   [`Tally::passed_over`]. `.txt` and `.log` are not among them: most such files are prose or belong to
//!   other programs, and every one that is not UTF-8 would make a scan incomplete.
//! - Hidden files and folders, `node_modules` and `target` are left out below a folder and below `**`; below a folder
//!   `.terraform/modules` is read nevertheless, where Terraform puts the modules that a configuration calls.
//!   Links are followed; every folder is entered once, so a loop of links ends.
//! - A folder that is matched by a glob is read like a folder, so `exports/**` means the same as `exports`.
//! - A pipe or a device is read when it is named and passed over when it is only found: opening it could
//!   wait for ever.
//! - A file that is reached twice, by whatever names, is delivered once: under the name that was typed, else
//!   under its own name rather than that of a link. Hard links are different files.
//! - Events come sorted by path, component by component, whatever the order of the inputs.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing))]

mod binary;
pub mod lines;
mod list;
mod log;
mod pattern;
mod reason;
mod stored;
mod text;
mod tree;

use std::fs::File;
use std::io;
use std::path::Path;

pub use crate::binary::BinaryKind;
pub use crate::log::{
    Broken, BrokenReason, DEPTH_MAX, DIGEST_BYTES, Follower, LOG_EXTENSIONS, LogElement, LogEnd, LogLimits,
    LogSink, Polled, Position, Taken, elements,
};
pub use crate::reason::Reason;
pub use crate::text::Text;
pub use crate::tree::CANDIDATE_EXTENSIONS;

use crate::list::{Entry, Origin, ReadingList};
use crate::stored::Stored;

/// Bounds on what is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The largest document, in bytes after unpacking and decoding.
    pub document_bytes_max: u64,
}

impl Limits {
    /// Documents of up to 4 GiB.
    pub const STANDARD: Self = Self { document_bytes_max: 4 << 30 };
}

/// One thing that happened to one input.
///
/// The list is complete: every file that was asked for ends in exactly one of these.
#[derive(Debug)]
pub enum Event {
    /// A text was read.
    Document(Document),
    /// A file, folder or glob gave no text.
    Unread(Unread),
}

/// A whole text and where it came from.
#[derive(Debug)]
pub struct Document {
    /// The path as it was typed or found; `<stdin>` for standard input. It may hold any character, line
    /// breaks and direction marks included; bytes that are not UTF-8 are replaced by U+FFFD.
    pub path: String,
    /// The text, unpacked and decoded.
    pub text: Text,
    /// The SHA-256 of the bytes as they are stored, before unpacking and decoding.
    pub sha256: [u8; 32],
    /// How many bytes are stored, before unpacking and decoding.
    pub bytes: u64,
    /// Whether this file was named, and not merely found in a folder or by a glob.
    pub named: bool,
}

/// A file, folder or glob that gave no text.
#[derive(Debug)]
pub struct Unread {
    /// The path as it was typed or found, see [`Document::path`].
    pub path: String,
    /// Why there is no text.
    pub reason: Reason,
    /// Whether exactly this path was named, and not merely found in a folder or by a glob.
    pub named: bool,
}

/// What one call of [`read`] came across.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tally {
    /// How many documents were delivered.
    pub documents: u64,
    /// How many paths gave no text.
    pub unread: u64,
    /// How many files in folders were not looked at, because their names do not end in one of
    /// [`CANDIDATE_EXTENSIONS`] or because they are pipes, sockets or devices. Each counts once for every
    /// input that leads to it.
    pub passed_over: u64,
}

/// Reads every input and hands each document to `sink` as soon as it is whole.
///
/// All names are gathered first, so that a file is delivered once and in order; the documents themselves
/// are read one after the other and only one is held here at a time. `stdin` is read only if an input is
/// `-`.
pub fn read(
    inputs: &[impl AsRef<Path>],
    stdin: &mut dyn io::Read,
    limits: &Limits,
    sink: &mut dyn FnMut(Event),
) -> Tally {
    let mut list = ReadingList::new(&CANDIDATE_EXTENSIONS);
    for input in inputs {
        list.add(input.as_ref());
    }
    let mut tally = Tally { documents: 0, unread: 0, passed_over: list.passed_over() };
    for entry in list.into_entries() {
        let event = open(entry, stdin, limits);
        match &event {
            Event::Document(_) => tally.documents += 1,
            Event::Unread(_) => tally.unread += 1,
        }
        sink(event);
    }
    tally
}

fn open(entry: Entry, stdin: &mut dyn io::Read, limits: &Limits) -> Event {
    let path = entry.path.to_string_lossy().into_owned();
    let named = entry.is_named();
    let stored = match entry.origin {
        Origin::File => open_file(&entry.path, limits),
        Origin::Stdin => Stored::read(stdin, 0, limits),
        Origin::Nowhere(reason) => Err(reason),
    };
    match stored {
        Ok(Stored { text, sha256, bytes }) => Event::Document(Document { path, text, sha256, bytes, named }),
        Err(reason) => Event::Unread(Unread { path, reason, named }),
    }
}

fn open_file(path: &Path, limits: &Limits) -> Result<Stored, Reason> {
    let mut file = File::open(path).map_err(Reason::of)?;
    let bytes_expected = file.metadata().map_err(Reason::of)?.len();
    Stored::read(&mut file, bytes_expected, limits)
}
