//! Tables of comma-separated values (RFC 4180): where rows end, and a row as an object of its columns.
//!
//! Knows nothing of what columns mean. Every value is a text.

use std::fmt::Write;

use memchr::{memchr, memchr2};

use super::told::BrokenReason;

/// A table behind its header.
pub(super) struct Table {
    // INVARIANT: at least two, no two of them equal
    columns: Vec<String>,
    delimiter: u8,
    /// How many bytes of the row were looked at.
    scanned: usize,
    /// Whether these end in quotes.
    quoted: bool,
    /// The rest of a row is passed over.
    passing: bool,
    /// The row before this one had a wrong number of fields, and was told.
    was_wrong: bool,
    text: String,
}

/// The next row of a table.
pub(super) struct Row {
    pub(super) length: usize,
    pub(super) what: What,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    Whole,
    /// The rest of a row that was too long.
    Passed,
    /// Too long: the rest of its line is passed over.
    TooLong,
    /// The text ends in quotes.
    Unended,
}

/// Why a row gives no object.
pub(super) enum NoObject {
    /// There is nothing in it, or it was told with the row before.
    Nothing,
    NotUtf8 {
        at: usize,
    },
    Fields {
        fields: usize,
        columns: usize,
    },
}

impl Table {
    /// The table that a line is the header of: at least two names, each beginning with a letter, no two of them equal.
    pub(super) fn of_header(line: &[u8]) -> Option<Self> {
        let line = std::str::from_utf8(line).ok()?;
        let delimiter =
            DELIMITERS.into_iter().find(|delimiter| memchr(*delimiter, line.as_bytes()).is_some())?;
        let columns: Vec<String> =
            fields(line, char::from(delimiter)).into_iter().map(|name| name.trim().to_owned()).collect();
        let is_name = |name: &String| {
            name.starts_with(|c: char| c.is_alphabetic() || c == '_' || c == '@')
                && !name.contains(|c: char| c.is_control() || matches!(c, '{' | '}' | '"'))
        };
        let is_repeated =
            columns.iter().enumerate().any(|(at, name)| columns.iter().take(at).any(|before| before == name));
        let is_header = columns.len() > 1 && columns.iter().all(is_name) && !is_repeated;
        is_header.then(|| Self {
            columns,
            delimiter,
            scanned: 0,
            quoted: false,
            passing: false,
            was_wrong: false,
            text: String::new(),
        })
    }

    /// The row at the start of `rest`, none if it takes more to know where it ends.
    pub(super) fn next(&mut self, rest: &[u8], bytes_max: usize, ended: bool) -> Option<Row> {
        if rest.is_empty() {
            return None;
        }
        if self.passing {
            let end = memchr(b'\n', rest);
            self.passing = end.is_none();
            return Some(Row { length: end.map_or(rest.len(), |end| end + 1), what: What::Passed });
        }
        let within = rest.get(..bytes_max.min(rest.len())).unwrap_or_default();
        while let Some(found) = memchr2(b'"', b'\n', within.get(self.scanned..).unwrap_or_default()) {
            self.scanned += found + 1;
            if within.get(self.scanned - 1) == Some(&b'"') {
                self.quoted = !self.quoted;
            } else if !self.quoted {
                return Some(self.row(self.scanned, What::Whole));
            }
        }
        self.scanned = within.len();
        if within.len() < rest.len() {
            self.passing = true;
            return Some(self.row(within.len(), What::TooLong));
        }
        let what = if self.quoted { What::Unended } else { What::Whole };
        ended.then(|| self.row(rest.len(), what))
    }

    fn row(&mut self, length: usize, what: What) -> Row {
        self.scanned = 0;
        self.quoted = false;
        Row { length, what }
    }

    /// A row as an object of its columns.
    pub(super) fn object(&mut self, row: &[u8]) -> Result<&str, NoObject> {
        let row = std::str::from_utf8(row).map_err(|error| NoObject::NotUtf8 { at: error.valid_up_to() })?;
        let row = row.trim_end_matches(['\r', '\n']);
        if row.trim().is_empty() {
            return Err(NoObject::Nothing);
        }
        let fields = fields(row, char::from(self.delimiter));
        let (fields_found, columns) = (fields.len(), self.columns.len());
        if fields_found != columns {
            let was_wrong = std::mem::replace(&mut self.was_wrong, true);
            return Err(if was_wrong {
                NoObject::Nothing
            } else {
                NoObject::Fields { fields: fields_found, columns }
            });
        }
        self.was_wrong = false;
        self.text.clear();
        for (column, field) in self.columns.iter().zip(&fields) {
            self.text.push(if self.text.is_empty() { '{' } else { ',' });
            write_text(&mut self.text, column);
            self.text.push(':');
            write_text(&mut self.text, field);
        }
        self.text.push('}');
        Ok(&self.text)
    }
}

impl NoObject {
    /// What is told of a row at this offset, if anything.
    pub(super) fn into_reason(self, offset: u64) -> Option<BrokenReason> {
        match self {
            Self::Nothing => None,
            Self::NotUtf8 { at } => {
                Some(BrokenReason::NotUtf8 { offset: offset + u64::try_from(at).unwrap_or(u64::MAX) })
            }
            Self::Fields { fields, columns } => Some(BrokenReason::NotARow { fields, columns }),
        }
    }
}

/// The fields of a row without its line break. In quotes a quote is doubled.
fn fields(row: &str, delimiter: char) -> Vec<String> {
    let mut fields = Vec::new();
    let mut field = String::new();
    let mut quoted = false;
    let mut characters = row.trim_end_matches(['\r', '\n']).chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' if quoted && characters.peek() == Some(&'"') => {
                characters.next();
                field.push('"');
            }
            '"' if quoted || field.is_empty() => quoted = !quoted,
            _ if character == delimiter && !quoted => fields.push(std::mem::take(&mut field)),
            _ => field.push(character),
        }
    }
    fields.push(field);
    fields
}

/// Writes a text as JSON spells it.
fn write_text(out: &mut String, text: &str) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => {
                out.push('\\');
                out.push(character);
            }
            // Writing into a text does not fail.
            '\0'..='\x1f' => drop(write!(out, "\\u{:04x}", u32::from(character))),
            _ => out.push(character),
        }
    }
    out.push('"');
}

/// A semicolon where the comma is in numbers; a tab from a clipboard.
const DELIMITERS: [u8; 3] = *b"\t;,";
