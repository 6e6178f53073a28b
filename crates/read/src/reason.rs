//! Why a path gave no text.
//!
//! Knows neither the path nor how serious its loss is: the caller names the one and judges the other.

use std::error::Error;
use std::fmt;
use std::io;

use crate::binary::BinaryKind;

/// Why a file, folder or glob gave no text.
///
/// The list is complete, so that a caller can judge every one. The text of each is one sentence to be put
/// after the path, and tells its cause already; `source` is there for programs.
#[derive(Debug)]
pub enum Reason {
    /// There is no such file or folder, or a link leads nowhere.
    Missing,
    /// The operating system does not let us read it.
    Denied,
    /// There is nothing in it but white space.
    Empty,
    /// It is not text.
    Binary {
        /// What it is instead, if its first bytes tell.
        kind: Option<BinaryKind>,
    },
    /// It is neither UTF-8 nor UTF-16, and looks like text otherwise.
    NotUtf8 {
        /// The line of the first wrong byte, from 1.
        line: usize,
        /// The column of the first wrong byte in characters, from 1.
        column: usize,
        /// The first wrong byte, from 0, after unpacking and counting a byte-order mark.
        offset: usize,
    },
    /// It is larger than [`Limits::document_bytes_max`](crate::Limits::document_bytes_max).
    TooLarge {
        /// The limit, in bytes.
        limit: u64,
    },
    /// It starts like gzip and cannot be unpacked to its end.
    BadGzip(io::Error),
    /// The folder holds no file whose name ends so.
    EmptyFolder {
        /// The endings that are read in a folder.
        expected: &'static [&'static str],
    },
    /// The glob matches no file.
    NoMatch,
    /// The operating system failed in another way.
    Io(io::Error),
}

impl Reason {
    /// The reason behind a failed look at a path.
    pub(crate) fn of(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Self::Missing,
            io::ErrorKind::PermissionDenied => Self::Denied,
            _ => Self::Io(error),
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("no such file or folder, check the name"),
            Self::Denied => f.write_str("permission denied, make it readable for this user"),
            Self::Empty => f.write_str("is empty, expected text such as JSON: run the export again"),
            Self::Binary { kind: Some(kind) } => {
                write!(f, "is {kind}, expected text such as JSON: {}", kind.remedy())
            }
            Self::Binary { kind: None } => {
                f.write_str("is binary, expected text such as JSON: export it as text")
            }
            Self::NotUtf8 { line, column, offset } => write!(
                f,
                "line {line}, column {column} (byte {offset}) is not valid text, expected UTF-8 or UTF-16: save the file as UTF-8"
            ),
            Self::TooLarge { limit } => {
                write!(
                    f,
                    "is larger than the limit of {limit} bytes when unpacked: split the file or raise the limit"
                )
            }
            Self::BadGzip(error) => write!(f, "is damaged gzip, fetch it again: {error}"),
            Self::EmptyFolder { expected } => {
                f.write_str("no file to read in this folder, expected names ending in ")?;
                for (index, extension) in expected.iter().enumerate() {
                    let separator = match index {
                        0 => "",
                        _ if index + 1 == expected.len() => " or ",
                        _ => ", ",
                    };
                    write!(f, "{separator}`.{extension}`")?;
                }
                f.write_str(": name other files one by one")
            }
            Self::NoMatch => f.write_str("no file matches, check the pattern"),
            Self::Io(error) => write!(f, "cannot be read: {error}"),
        }
    }
}

impl Error for Reason {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::BadGzip(error) | Self::Io(error) => Some(error),
            Self::Missing
            | Self::Denied
            | Self::Empty
            | Self::Binary { .. }
            | Self::NotUtf8 { .. }
            | Self::TooLarge { .. }
            | Self::EmptyFolder { .. }
            | Self::NoMatch => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::CANDIDATE_EXTENSIONS;

    fn all() -> Vec<Reason> {
        let broken = || io::Error::other("unexpected end of file");
        vec![
            Reason::Missing,
            Reason::Denied,
            Reason::Empty,
            Reason::Binary { kind: Some(BinaryKind::Zip) },
            Reason::Binary { kind: None },
            Reason::NotUtf8 { line: 2, column: 7, offset: 40 },
            Reason::TooLarge { limit: 10 },
            Reason::BadGzip(broken()),
            Reason::EmptyFolder { expected: &CANDIDATE_EXTENSIONS },
            Reason::NoMatch,
            Reason::Io(broken()),
        ]
    }

    #[test]
    fn every_reason_is_one_lower_case_sentence() {
        for reason in all() {
            let message = reason.to_string();
            assert!(message.starts_with(char::is_lowercase), "{message}");
            assert!(!message.ends_with('.') && !message.contains('\n'), "{message}");
        }
    }

    #[test]
    fn the_empty_folder_lists_every_candidate_extension() {
        let message = Reason::EmptyFolder { expected: &CANDIDATE_EXTENSIONS }.to_string();
        assert!(CANDIDATE_EXTENSIONS.iter().all(|extension| message.contains(&format!("`.{extension}`"))));
        assert_eq!(message.matches("`.").count(), CANDIDATE_EXTENSIONS.len());
    }

    #[test]
    fn the_cause_is_kept() {
        let with_cause = all().iter().filter(|reason| reason.source().is_some()).count();
        assert_eq!(with_cause, 2);
    }

    #[test]
    fn operating_system_errors_have_their_own_reasons() {
        assert!(matches!(Reason::of(io::ErrorKind::NotFound.into()), Reason::Missing));
        assert!(matches!(Reason::of(io::ErrorKind::NotADirectory.into()), Reason::Missing));
        assert!(matches!(Reason::of(io::ErrorKind::PermissionDenied.into()), Reason::Denied));
        assert!(matches!(Reason::of(io::ErrorKind::IsADirectory.into()), Reason::Io(_)));
    }
}
