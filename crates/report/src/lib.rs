//! Sinks: table, short, json, jsonl, sarif, csv, md, junit, ocsf.
//!
//! A sink renders an [`Outcome`] into a writer it is given; `table`, `short` and `md` are for people, the others for
//! programs. Adding one is a file and a line in [`FORMATS`].
//!
//! Decides nothing, filters nothing, sorts nothing, opens nothing: what is handed over is what is shown, in its
//! order. Knows no cloud, and no terminal but what [`Style`] says of it. Sinks write in small pieces: hand them a
//! buffered writer. A write that fails, a broken pipe included, is returned as it is.

mod admission;
mod careful;
mod command;
mod csv;
mod explain;
mod history;
#[cfg(test)]
mod hostile;
mod json;
mod jsonl;
mod junit;
mod leading;
mod md;
mod named;
mod ocsf;
mod outcome;
mod proof;
#[cfg(test)]
mod sample;
mod sarif;
mod schema;
mod screen;
mod short;
mod summary;
mod table;
mod trace;
mod visible;
mod wire;

use std::io;

pub use explain::{
    CHECK_SCHEMA, CHECK_SCHEMA_NAME, Case, EXPLANATION_SCHEMA, EXPLANATION_SCHEMA_NAME, Explanation, Saved,
    Sought, Unfound, leading, provenances as explained_provenances, sought, write_page,
};
use outcome::TARGETS_PLACED_MAX;
pub use outcome::{
    Detected, Input, Log, Outcome, Place, Places, Run, SCOPE, detected_provenances, provenances,
};
pub use schema::{RESULT_SCHEMA, RESULT_SCHEMA_NAME};
pub use screen::Style;
pub use summary::write_summary;
pub use trace::{TEST_FORMATS, TEST_SCHEMA, TEST_SCHEMA_NAME, TestFormat, Tried, rules_at};
pub use visible::Visible;

/// A way to write an outcome.
pub struct Format {
    /// Its name on the command line.
    pub name: &'static str,
    /// The usual ending of its files, without the dot.
    pub extension: &'static str,
    /// One line for help, lower case, no final period.
    pub summary: &'static str,
    /// Writes it. Formats for programs look at no style.
    pub write: fn(&Outcome<'_>, &Style, &mut dyn io::Write) -> io::Result<()>,
}

/// A way to write what was found piece by piece, as it is found.
#[derive(Clone, Copy)]
pub struct Stream {
    /// Writes what an outcome holds that is new: its findings, what they rest on, its gaps.
    pub news: fn(&Outcome<'_>, &Style, &mut dyn io::Write) -> io::Result<()>,
    /// Writes what comes once, at the end, about all of it.
    pub end: fn(&Outcome<'_>, &Style, &mut dyn io::Write) -> io::Result<()>,
}

impl Format {
    /// How it is written piece by piece; `None` where it is one document.
    #[must_use]
    pub fn stream(&self) -> Option<Stream> {
        match self.name {
            "short" => Some(short::STREAM),
            "jsonl" => Some(jsonl::STREAM),
            _ => None,
        }
    }
}

/// Every format, in the order help lists them.
pub static FORMATS: &[Format] = &[
    table::FORMAT,
    short::FORMAT,
    json::FORMAT,
    jsonl::FORMAT,
    sarif::FORMAT,
    csv::FORMAT,
    md::FORMAT,
    junit::FORMAT,
    ocsf::FORMAT,
];

/// The format of a name.
#[must_use]
pub fn named(name: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| format.name == name)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::sample::{Closed, estate, rendered};

    #[test]
    fn names_are_unique_and_found() {
        let names: BTreeSet<_> = FORMATS.iter().map(|format| format.name).collect();
        assert_eq!(names.len(), FORMATS.len());
        assert!(
            FORMATS.iter().all(|format| named(format.name).is_some_and(|found| found.name == format.name))
        );
        assert!(named("yaml").is_none());
    }

    #[test]
    fn a_broken_pipe_is_returned() {
        let estate = estate();
        for format in FORMATS {
            let error = (format.write)(&estate.outcome(), &Style::PLAIN, &mut Closed).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::BrokenPipe, "{}", format.name);
        }
    }

    /// Names come from whoever may create a resource: none of them may speak to the terminal.
    #[test]
    fn names_never_reach_the_terminal_raw() {
        let mut estate = estate();
        estate.rename("evil\u{1b}[2J\u{202e}\r\n\u{9b}31m\u{200b}name");
        for (format, style) in [("table", Style::PLAIN), ("table", Style::TERMINAL), ("short", Style::PLAIN)]
        {
            let text = rendered(format, &estate.outcome(), &style);
            assert!(text.contains("evil\\u{1b}[2J\\u{202e}\\u{d}\\u{a}\\u{9b}31m\\u{200b}name"), "{text}");
            let raw = |c: char| (c.is_control() && c != '\n' && c != '\t') || "\u{202e}\u{200b}".contains(c);
            assert!(!text.contains(raw), "{text:?}");
        }
    }

    #[test]
    fn json_keeps_names_exact_and_silent() {
        let mut estate = estate();
        estate.rename("evil\u{1b}\u{202e}");
        for format in ["json", "jsonl"] {
            let text = rendered(format, &estate.outcome(), &Style::PLAIN);
            assert!(text.contains("evil\\u001b\\u202e"), "{text}");
        }
    }
}
