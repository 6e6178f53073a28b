//! A place in a text that moves on: blank space, comments, names.

use std::borrow::Cow;

use model::{Effect, Gap, Provenance};

/// Text that is not HCL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Broken {
    /// The byte at which it was noticed.
    pub(crate) offset: usize,
    /// What was expected, in a few words.
    pub(crate) expected: &'static str,
}

/// What comes of reading a part of a text.
pub(crate) type Read<T> = Result<T, Broken>;

impl Broken {
    /// What is told of it; `kept` says what is read nevertheless.
    pub(crate) fn gap(&self, document: &cloud::Document<'_>, kept: &str) -> Gap {
        let before = document.text.get(..self.offset).unwrap_or(document.text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        let path = cloud::Quoted(document.path);
        let message =
            format!("{path}: not HCL at line {line} column {column}: expected {}: {kept}", self.expected);
        let provenance = Provenance { document: document.id, offset: self.offset as u64 };
        Gap::at(provenance, "malformed-hcl", Effect::Skipped, message)
    }
}

/// Where a text comes from that is read.
#[derive(Clone, Copy, Debug)]
enum Source<'a> {
    /// It is a piece of a document.
    Document(&'a str),
    /// It was made of one, near this piece.
    Near(&'a str),
}

/// A place in a text.
#[derive(Debug)]
pub(crate) struct Cursor<'t, 'a> {
    pub(super) text: &'t str,
    source: Source<'a>,
    pub(super) offset: usize,
    /// Nothing is read from here on.
    pub(super) end: usize,
    /// Whether the end of a line is blank space.
    pub(super) is_across_lines: bool,
    depth: u32,
    /// How many operators stand above each other in what was read last.
    pub(super) operators: u32,
}

impl<'a> Cursor<'a, 'a> {
    /// The start of a document, or of a piece of one.
    pub(crate) fn in_document(text: &'a str) -> Self {
        Self {
            text,
            source: Source::Document(text),
            offset: 0,
            end: text.len(),
            is_across_lines: false,
            depth: 0,
            operators: 0,
        }
    }
}

impl<'t, 'a> Cursor<'t, 'a> {
    /// The start of a text that was made of a document, near this piece of it.
    pub(crate) fn near(text: &'t str, piece: &'a str) -> Self {
        let source = Source::Near(piece);
        Self { text, source, offset: 0, end: text.len(), is_across_lines: false, depth: 0, operators: 0 }
    }

    /// A piece of the document that holds this part of the text.
    pub(super) fn piece(&self, start: usize, end: usize) -> &'a str {
        match self.source {
            Source::Document(text) => text.get(start..end).unwrap_or(text),
            Source::Near(piece) => piece,
        }
    }

    /// This part of the text.
    pub(super) fn words(&self, start: usize, end: usize) -> Cow<'a, str> {
        match self.source {
            Source::Document(text) => Cow::Borrowed(text.get(start..end).unwrap_or_default()),
            Source::Near(_) => Cow::Owned(self.text.get(start..end).unwrap_or_default().to_owned()),
        }
    }

    /// What is not read yet.
    pub(super) fn rest(&self) -> &'t str {
        self.text.get(self.offset..self.end).unwrap_or_default()
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.offset).copied().filter(|_| self.offset < self.end)
    }

    pub(super) fn starts_with(&self, word: &str) -> bool {
        self.rest().starts_with(word)
    }

    /// Passes a word, if it stands here.
    pub(super) fn eat(&mut self, word: &str) -> bool {
        let is_here = self.starts_with(word);
        self.offset += if is_here { word.len() } else { 0 };
        is_here
    }

    pub(super) fn expect(&mut self, word: &str, expected: &'static str) -> Read<()> {
        if self.eat(word) { Ok(()) } else { Err(self.broken(expected)) }
    }

    pub(super) fn broken(&self, expected: &'static str) -> Broken {
        Broken { offset: self.offset, expected }
    }

    /// One level deeper, as far as anybody writes.
    pub(super) fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Read<T>) -> Read<T> {
        if self.depth >= DEPTH_MAX {
            return Err(self.broken("less than 100 levels"));
        }
        self.depth += 1;
        let read = read(self);
        self.depth -= 1;
        read
    }

    /// Between brackets, where lines may end everywhere.
    pub(super) fn across_lines<T>(&mut self, read: impl FnOnce(&mut Self) -> Read<T>) -> Read<T> {
        self.with_lines(true, read)
    }

    /// With ends of lines as blank space or not.
    pub(super) fn with_lines<T>(&mut self, across: bool, read: impl FnOnce(&mut Self) -> Read<T>) -> Read<T> {
        let before = std::mem::replace(&mut self.is_across_lines, across);
        let read = read(self);
        self.is_across_lines = before;
        read
    }

    /// Passes blank space and comments; ends of lines only where they are blank space.
    pub(super) fn blank(&mut self) -> Read<()> {
        loop {
            match self.peek() {
                Some(b' ' | b'\t' | b'\r') => self.offset += 1,
                Some(b'\n') if self.is_across_lines => self.offset += 1,
                Some(b'#') => self.comment(),
                Some(b'/') if self.starts_with("//") => self.comment(),
                Some(b'/') if self.starts_with("/*") => {
                    let inside = self.rest().get(2..).unwrap_or_default();
                    let length = inside.find("*/").ok_or_else(|| self.broken("the end `*/` of a comment"))?;
                    self.offset += length + 4;
                }
                // A byte-order mark may stand at the start of a file that was put together of several.
                Some(0xEF) if self.starts_with("\u{feff}") => self.offset += 3,
                Some(_) | None => return Ok(()),
            }
        }
    }

    /// Passes blank space with ends of lines.
    pub(super) fn blank_lines(&mut self) -> Read<()> {
        self.across_lines(Self::blank)
    }

    fn comment(&mut self) {
        let rest = self.rest();
        self.offset += memchr::memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len());
    }

    /// A name, if one stands here.
    pub(super) fn name(&mut self) -> Option<(usize, usize)> {
        let rest = self.rest();
        let length = name_length(rest);
        let start = self.offset;
        self.offset += length;
        (length > 0).then_some((start, self.offset))
    }

    /// Whether a name stands here, and exactly this one.
    pub(super) fn is_word(&self, word: &str) -> bool {
        self.rest().get(..name_length(self.rest())) == Some(word)
    }
}

/// How long the name is that a text begins with.
pub(crate) fn name_length(text: &str) -> usize {
    let begins = |character: char| character.is_alphabetic() || character == '_';
    if !text.starts_with(begins) {
        return 0;
    }
    let goes_on = |character: char| character.is_alphanumeric() || matches!(character, '_' | '-');
    text.find(|character| !goes_on(character)).unwrap_or(text.len())
}

/// Brackets, blocks and templates in each other.
const DEPTH_MAX: u32 = 100;
