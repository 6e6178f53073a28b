//! Exit codes: the same few for all verbs and formats.

use std::fmt;
use std::io;

use crate::complain;

/// How a run ended. When several hold, the highest in this order is the one: internal, usage, findings, incomplete,
/// clean.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Exit {
    /// Nothing at or above the threshold.
    Clean,
    /// Something was not understood, and nothing is at or above the threshold.
    Incomplete,
    /// Findings at or above the threshold.
    Findings,
    /// A bad flag, a named file that is missing, a malformed configuration.
    Usage,
    /// A fault of ours.
    Internal,
}

impl Exit {
    pub(crate) const fn code(self) -> u8 {
        match self {
            Self::Clean => 0,
            Self::Findings => 1,
            Self::Usage => 2,
            Self::Incomplete => 3,
            Self::Internal => 4,
        }
    }
}

/// Why a verb could not go on.
#[derive(Debug)]
pub(crate) enum Fault {
    /// The user has to change something.
    Usage(String),
    /// We have to change something.
    Internal(String),
    /// The reader of our output went away: nothing to tell, and the answer stands.
    ReaderGone(Exit),
    /// Output could not be written.
    Unwritten(String, io::Error),
}

impl Fault {
    /// Says what happened on standard error, and how the run ends.
    pub(crate) fn tell(&self) -> Exit {
        match self {
            Self::ReaderGone(exit) => return *exit,
            Self::Usage(_) | Self::Internal(_) | Self::Unwritten(..) => complain(&self.to_string()),
        }
        match self {
            Self::Internal(_) => Exit::Internal,
            Self::Usage(_) | Self::Unwritten(..) => Exit::Usage,
            Self::ReaderGone(exit) => *exit,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(message) => f.write_str(message),
            Self::Internal(message) => {
                write!(f, "internal error: {message}; this is a fault of wideopen, please report it")
            }
            Self::ReaderGone(_) => f.write_str("the reader of the output went away"),
            Self::Unwritten(path, error) => write!(f, "`{path}` cannot be written: {error}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Design section 8: when several hold, 4, 2, 1, 3, 0.
    #[test]
    fn the_worst_wins_in_the_documented_order() {
        let mut all = [Exit::Clean, Exit::Internal, Exit::Findings, Exit::Usage, Exit::Incomplete];
        all.sort_unstable_by(|a, b| b.cmp(a));
        assert_eq!(all.map(Exit::code), [4, 2, 1, 3, 0]);
    }
}
