//! What reading logs tells: documents, the JSON values in them, and what could not be read.
//!
//! Knows neither how values are found nor what any of them means.

use std::error::Error;
use std::fmt;
use std::io;

use crate::Unread;

/// What hears a log being read.
///
/// A document is told between [`begin`](Self::begin) and [`end`](Self::end), and documents never overlap.
pub trait LogSink {
    /// A document begins. The path is as in [`Document::path`](crate::Document::path); `named` says whether this file
    /// was named, and not merely found.
    fn begin(&mut self, path: &str, named: bool);

    /// One JSON object, whole. The answer decides whether it is opened.
    fn element(&mut self, element: &LogElement<'_>) -> Taken;

    /// Something that could not be read. Reading goes on behind it where it can. Of one text the first thousand are told.
    fn broken(&mut self, broken: Broken);

    /// The document ends, or what is new in a document that is followed.
    fn end(&mut self, end: &LogEnd);

    /// A file, folder or glob gave no document.
    fn unread(&mut self, unread: Unread);
}

/// One JSON object of a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogElement<'a> {
    /// Where it begins: bytes from the start of the unpacked text in UTF-8, without a byte-order mark.
    pub offset: u64,
    /// The line it begins in, from 1.
    pub line: u64,
    /// Its text. A row of a table is written as an object of its columns.
    pub text: &'a str,
}

/// Whether somebody knows an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// Somebody does: it is not looked into.
    Recognised,
    /// Nobody does: objects that are members of the arrays inside are told one by one.
    Unrecognised,
}

/// A place that could not be read.
#[derive(Debug)]
pub struct Broken {
    /// Where the element begins that is lost, or the place itself where it is in none; counted as in
    /// [`LogElement::offset`].
    pub offset: u64,
    /// The line of that place, from 1.
    pub line: u64,
    /// Why.
    pub reason: BrokenReason,
}

/// Why something in a log could not be read. Complete.
///
/// The text of each is one sentence to be put after the place.
#[derive(Debug)]
pub enum BrokenReason {
    /// It is no JSON from some byte on.
    NotJson {
        /// The first byte that does not fit, counted as in [`LogElement::offset`].
        offset: u64,
    },
    /// The text ends inside a value.
    Truncated,
    /// A value is nested deeper than [`DEPTH_MAX`](crate::DEPTH_MAX).
    TooDeep,
    /// An element is longer than [`LogLimits::element_bytes_max`](crate::LogLimits::element_bytes_max).
    TooLong {
        /// The limit, in bytes.
        limit: usize,
    },
    /// An element is not valid in UTF-8 or UTF-16.
    NotUtf8 {
        /// The first wrong byte, counted as in [`LogElement::offset`].
        offset: u64,
    },
    /// A row of a table has more or fewer fields than the header. Rows like it that follow at once are not told again.
    NotARow {
        /// How many fields it has.
        fields: usize,
        /// How many columns there are.
        columns: usize,
    },
    /// The gzip archive is cut short or damaged from here on.
    BadGzip(io::Error),
    /// The Zstandard archive is cut short or damaged from here on, or cannot be unpacked.
    BadZstd(io::Error),
    /// The Zstandard archive takes more memory to unpack than [`LogLimits::window_bytes_max`](crate::LogLimits::window_bytes_max).
    Window {
        /// How much, in bytes.
        bytes: u64,
        /// The limit, in bytes.
        limit: u64,
    },
    /// Behind the archive stands something that is no archive.
    Trailing,
    /// It unpacks to far more than it is.
    Bomb {
        /// How many bytes were unpacked.
        unpacked: u64,
        /// Out of how many.
        packed: u64,
    },
    /// The text is longer than [`LogLimits::text_bytes_max`](crate::LogLimits::text_bytes_max).
    TooLarge {
        /// The limit, in bytes.
        limit: u64,
    },
    /// The operating system failed.
    Io(io::Error),
}

impl fmt::Display for BrokenReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotJson { offset } => write!(
                f,
                "is no JSON at byte {offset}, expected an object or a list on each line: what stands between here and the next line that begins one is lost"
            ),
            Self::Truncated => f.write_str("the text ends within this value: fetch the file again"),
            Self::TooDeep => write!(f, "is nested deeper than {} levels and left out", super::DEPTH_MAX),
            Self::TooLong { limit } => {
                write!(f, "is longer than the limit of {limit} bytes for one record and left out")
            }
            Self::NotUtf8 { offset } => {
                write!(f, "byte {offset} is not valid text, expected UTF-8 or UTF-16: the record is left out")
            }
            Self::NotARow { fields, columns } => {
                write!(f, "the row has {fields} fields, expected {columns} as in the header: it is left out")
            }
            Self::BadGzip(error) => write!(f, "is damaged gzip from here on, fetch it again: {error}"),
            Self::BadZstd(error) => write!(f, "is damaged Zstandard from here on, fetch it again: {error}"),
            Self::Window { bytes, limit } => write!(
                f,
                "the Zstandard archive needs a window of {bytes} bytes, more than the limit of {limit}: unpack it first, or pack it without `--long`"
            ),
            Self::Trailing => {
                f.write_str("what stands behind the archive is no archive and not read: fetch it again")
            }
            Self::Bomb { unpacked, packed } => {
                write!(
                    f,
                    "{packed} bytes unpack to more than {unpacked}, which no log does: the rest is not read"
                )
            }
            Self::TooLarge { limit } => {
                write!(
                    f,
                    "the text is longer than the limit of {limit} bytes: split the file, the rest is not read"
                )
            }
            Self::Io(error) => write!(f, "cannot be read from here on: {error}"),
        }
    }
}

impl Error for BrokenReason {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::BadGzip(error) | Self::BadZstd(error) | Self::Io(error) => Some(error),
            Self::NotJson { .. }
            | Self::Truncated
            | Self::TooDeep
            | Self::TooLong { .. }
            | Self::NotUtf8 { .. }
            | Self::NotARow { .. }
            | Self::Window { .. }
            | Self::Trailing
            | Self::Bomb { .. }
            | Self::TooLarge { .. } => None,
        }
    }
}

/// What a document held.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LogEnd {
    /// How long the text is, or what is new in it: unpacked, in UTF-8, without a byte-order mark.
    pub bytes: u64,
    /// How many elements were recognised.
    pub recognised: u64,
    /// How many were not, and hold none that was. An element in which nothing was recognised counts once, whatever was
    /// tried inside.
    pub unrecognised: u64,
    /// Where the first of these begins: its offset and its line.
    pub first_unrecognised: Option<(u64, u64)>,
    /// How many places could not be read, those included that were too many to be told.
    pub broken: u64,
    /// The SHA-256 of the stored bytes: of the file as it lies there, packed or not. Of what is followed, of what was read
    /// of it.
    pub sha256: [u8; 32],
}
