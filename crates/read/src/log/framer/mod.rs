//! Text in pieces to elements: where each begins and ends, what is opened, and where reading goes on behind what is broken.
//!
//! Knows nothing of files, packing or encodings, and not how the text was cut into pieces: the same text gives the same
//! elements.
//!
//! # Rules
//!
//! - Arrays are opened. An object at the top, or in an opened array, is held until it is whole, and offered.
//! - An object that nobody recognises is opened: the arrays in it are, through objects, however deep. So is one that does not
//!   end within [`LogLimits::element_bytes_max`](crate::LogLimits::element_bytes_max) bytes, one that breaks off and one that is not UTF-8, without asking.
//! - Opening ends at a key that only records have: nothing in a record may pose as a record.
//! - Behind a break, reading goes on at the next line that begins with `{` or `[` and is not indented more than the line in
//!   which the broken element begins, from there on as at the top.

mod behind;
mod opened;
mod window;

use std::sync::Arc;

use memchr::memchr;

use self::behind::Break;
use self::opened::{Opened, Why};
use self::window::{Window, length};
use super::Framing;
use super::grammar::{Grammar, Kind, Step};
use super::rows::{Table, What};
use super::told::{Broken, BrokenReason, LogElement, LogEnd, LogSink, Taken};

/// A text on its way to elements.
pub(super) struct Framer {
    record_keys: Arc<[String]>,
    element_bytes_max: usize,
    window: Window,
    place: Place,
    grammar: Grammar,
    /// The object that is to be offered when it is whole.
    held: Option<Held>,
    /// The objects that were opened and have not ended, the innermost last.
    opened: Vec<Opened>,
    /// Nothing is looked at until the innermost opened object has ended.
    skipping: bool,
    /// Something broke before: what closes or separates at the top may be left from it.
    loose: bool,
    /// Where the last element ended that was offered, counted from the start of the text.
    offered_until: u64,
    /// How many breaks were told.
    broken_told: usize,
    /// How many bytes were read again.
    again: u64,
    /// Everything before this place is done with, counted from the start of the text.
    boundary: (u64, u64),
    end: LogEnd,
}

/// Where the next byte stands.
enum Place {
    /// Nothing but white space was read.
    Start,
    /// Between two values.
    Top,
    /// In a value.
    Inside,
    /// Behind a break: only lines indented by this much at most begin something.
    Lost { indent: usize, at_line_start: bool },
    /// In a table.
    Rows(Table),
}

struct Held {
    /// Where it begins in the buffer.
    start: usize,
    /// How much is open around it.
    depth: usize,
    /// Something in it is nested too deep.
    is_too_deep: bool,
}

impl Held {
    fn at(start: usize, depth: usize) -> Self {
        Self { start, depth, is_too_deep: false }
    }
}

/// What a step needs to go on.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    /// Nothing.
    Go,
    /// More text, or to know that there is none.
    Text,
}

impl Framer {
    /// Begins at the beginning of a text.
    pub(super) fn new(framing: &Framing) -> Self {
        Self::at(0, 1, framing)
    }

    /// Begins at a place of a text where nothing is open, with its line, in the table that has this header, if it has one.
    pub(super) fn resume(offset: u64, line: u64, header: &[u8], framing: &Framing) -> Self {
        let mut framer = Self::at(offset, line, framing);
        if offset > 0 {
            framer.place = Table::of_header(header).map_or(Place::Top, Place::Rows);
        }
        framer
    }

    fn at(offset: u64, line: u64, framing: &Framing) -> Self {
        Self {
            record_keys: Arc::clone(&framing.record_keys),
            element_bytes_max: framing.limits.element_bytes_max,
            window: Window::at(offset, line),
            place: Place::Start,
            grammar: Grammar::new(),
            held: None,
            opened: Vec::new(),
            skipping: false,
            // Behind the start anything may stand around the first value.
            loose: offset > 0,
            offered_until: offset,
            broken_told: 0,
            again: 0,
            boundary: (offset, line),
            end: LogEnd::default(),
        }
    }

    /// Takes the next piece of the text.
    pub(super) fn feed(&mut self, piece: &[u8], sink: &mut dyn LogSink) {
        self.end.bytes += length(piece.len());
        let dropped = self.window.drop_before(self.needed());
        self.move_held(dropped);
        self.window.bytes.extend_from_slice(piece);
        self.advance(sink, false, true);
    }

    /// Gives back memory: nothing may come for a long time.
    pub(super) fn settle(&mut self) {
        let dropped = self.window.shrink(self.needed());
        self.move_held(dropped);
    }

    /// The first place in the window that is still needed.
    fn needed(&self) -> usize {
        self.held.as_ref().map_or(self.window.scan, |held| held.start)
    }

    fn move_held(&mut self, dropped: usize) {
        if let Some(held) = &mut self.held {
            held.start -= dropped;
        }
    }

    /// The text has ended; `told` says whether what is open then is told as cut short, or was by somebody else.
    pub(super) fn finish(&mut self, sink: &mut dyn LogSink, told: bool) {
        self.advance(sink, true, told);
    }

    /// Tells what somebody else found at the end of what was read.
    pub(super) fn break_here(&mut self, reason: BrokenReason, sink: &mut dyn LogSink) {
        let at = self.window.bytes.len();
        self.broken_told = 0;
        self.tell_broken(self.window.offset(at), self.window.line_at(at), reason, sink);
    }

    /// Tells a place that somebody else found broken.
    pub(super) fn break_at(&mut self, broken: Broken, sink: &mut dyn LogSink) {
        self.tell_broken(broken.offset, broken.line, broken.reason, sink);
    }

    /// What was read since the last time it was asked for.
    pub(super) fn take_end(&mut self) -> LogEnd {
        self.broken_told = 0;
        std::mem::take(&mut self.end)
    }

    /// Everything before this place is done with: its offset and its line.
    pub(super) fn boundary(&self) -> (u64, u64) {
        self.boundary
    }

    /// Where the value begins that has not ended: its offset and its line.
    pub(super) fn pending(&self) -> Option<(u64, u64)> {
        let held =
            self.held.as_ref().map(|held| (self.window.offset(held.start), self.window.line_at(held.start)));
        held.or_else(|| matches!(self.place, Place::Inside).then_some(self.boundary))
    }

    /// The largest memory the text takes here.
    #[cfg(test)]
    pub(super) fn memory(&self) -> usize {
        self.window.bytes.capacity()
    }

    fn advance(&mut self, sink: &mut dyn LogSink, ended: bool, told: bool) {
        loop {
            let next = match std::mem::replace(&mut self.place, Place::Top) {
                Place::Start => self.start(ended, sink),
                Place::Top => self.top(ended, sink),
                Place::Inside => self.inside(ended, told, sink),
                Place::Lost { indent, at_line_start } => self.lost(indent, at_line_start, ended),
                Place::Rows(table) => self.rows(table, ended, told, sink),
            };
            if next == Next::Text {
                return;
            }
        }
    }

    /// Decides between JSON and a table by the first line.
    fn start(&mut self, ended: bool, sink: &mut dyn LogSink) -> Next {
        let rest = self.window.rest();
        let blank = rest.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        self.window.scan += blank;
        let rest = self.window.rest();
        let Some(first) = rest.first() else {
            self.mark_boundary();
            self.place = Place::Start;
            return Next::Text;
        };
        if matches!(first, b'{' | b'[') {
            return Next::Go;
        }
        let head = rest.get(..HEADER_BYTES_MAX.min(rest.len())).unwrap_or_default();
        let line = memchr(b'\n', head).and_then(|length| head.get(..length));
        if line.is_none() && head.len() < HEADER_BYTES_MAX && !ended {
            self.place = Place::Start;
            return Next::Text;
        }
        let line = line.unwrap_or(head);
        if let Some(table) = Table::of_header(line) {
            self.window.scan += line.len();
            self.place = Place::Rows(table);
            return Next::Go;
        }
        self.top(ended, sink)
    }

    fn top(&mut self, ended: bool, sink: &mut dyn LogSink) -> Next {
        loop {
            let rest = self.window.rest();
            let Some(&byte) = rest.first() else {
                self.mark_boundary();
                return Next::Text;
            };
            match byte {
                // The separator of JSON text sequences (RFC 7464) stands before each of its values, and a byte-order mark
                // where files were put behind each other.
                b' ' | b'\t' | b'\r' | b'\n' | 0x1e | 0xef | 0xbb | 0xbf => self.window.scan += 1,
                b',' if self.loose || self.offered_until > 0 => self.window.scan += 1,
                b']' | b'}' if self.loose => self.window.scan += 1,
                b'{' | b'[' => {
                    self.mark_boundary();
                    let kind = if byte == b'{' { Kind::Object } else { Kind::Array };
                    self.grammar.begin(kind);
                    if kind == Kind::Object {
                        self.held = Some(Held::at(self.window.scan, 0));
                    }
                    self.window.scan += 1;
                    self.place = Place::Inside;
                    return Next::Go;
                }
                b'0'..=b'9' => match stamp(rest, ended) {
                    Stamp::Is(length) => self.window.scan += length,
                    Stamp::MayBe => return Next::Text,
                    Stamp::IsNot => return self.broke(Break::Wrong, sink),
                },
                _ => return self.broke(Break::Wrong, sink),
            }
        }
    }

    fn inside(&mut self, ended: bool, told: bool, sink: &mut dyn LogSink) -> Next {
        self.place = Place::Inside;
        let until = match &self.held {
            Some(held) => self.window.bytes.len().min(held.start.saturating_add(self.element_bytes_max)),
            None => self.window.bytes.len(),
        };
        let quiet = match (&self.held, self.opened.last()) {
            (Some(held), _) => held.depth,
            (None, Some(opened)) if self.skipping => opened.depth,
            (None, _) => usize::MAX,
        };
        let bytes = self.window.bytes.get(self.window.scan..until).unwrap_or_default();
        let (read, step) = self.grammar.run(bytes, quiet);
        self.window.scan += read;
        match step {
            Step::More if until < self.window.bytes.len() => match self.held.take() {
                Some(held) => self.open(held, Why::TooLong, sink),
                None => Next::Go,
            },
            Step::More if ended => self.broke(Break::Truncated { told }, sink),
            Step::More => Next::Text,
            Step::Opened(kind) => {
                self.opened_one(kind);
                Next::Go
            }
            Step::Key => self.key(),
            Step::Closed => self.closed(sink),
            Step::Wrong => self.broke(Break::Wrong, sink),
            Step::TooDeep => {
                self.too_deep(sink);
                Next::Go
            }
        }
    }

    /// An object or array was begun that is not in a held one.
    fn opened_one(&mut self, kind: Kind) {
        let depth = self.grammar.depth() - 1;
        match kind {
            Kind::Object if self.grammar.around(depth) == Some(Kind::Array) => {
                self.held = Some(Held::at(self.window.scan - 1, depth));
            }
            Kind::Object => {}
            Kind::Array => {
                if let Some(opened) = self.opened.last_mut() {
                    opened.arrays += 1;
                }
            }
        }
    }

    fn too_deep(&mut self, sink: &mut dyn LogSink) {
        if let Some(held) = &mut self.held {
            held.is_too_deep = true;
        } else if !self.skipping {
            let at = self.window.scan - 1;
            self.tell_broken(self.window.offset(at), self.window.line_at(at), BrokenReason::TooDeep, sink);
        }
    }

    fn key(&mut self) -> Next {
        let is_record = self.record_keys.iter().any(|key| key.as_bytes() == self.grammar.key());
        if let Some(opened) = self.opened.last_mut() {
            opened.keys += 1;
            opened.is_record |= is_record;
            self.skipping |= is_record;
        }
        Next::Go
    }

    fn closed(&mut self, sink: &mut dyn LogSink) -> Next {
        let depth = self.grammar.depth();
        let mut next = Next::Go;
        if let Some(held) = self.held.take() {
            next = self.offer(held, sink);
        } else if self.opened.last().is_some_and(|opened| opened.depth == depth) {
            self.skipping = false;
            if let Some(opened) = self.opened.pop() {
                self.account(&opened, sink);
            }
        }
        if self.grammar.depth() == 0 {
            self.place = Place::Top;
        }
        next
    }

    fn rows(&mut self, mut table: Table, ended: bool, told: bool, sink: &mut dyn LogSink) -> Next {
        let limit = self.element_bytes_max;
        loop {
            let Some(row) = table.next(self.window.rest(), limit, ended) else {
                self.place = Place::Rows(table);
                return Next::Text;
            };
            let (start, offset) = (self.window.scan, self.window.offset(self.window.scan));
            let line = self.window.count_to(start);
            let bytes = self.window.bytes.get(start..start + row.length).unwrap_or_default();
            let told_now = match row.what {
                What::Passed => None,
                What::TooLong => Some(BrokenReason::TooLong { limit }),
                What::Unended if !told => None,
                What::Unended => Some(BrokenReason::Truncated),
                What::Whole => match table.object(bytes) {
                    Ok(text) => {
                        let taken = sink.element(&LogElement { offset, line, text });
                        self.note_taken(taken);
                        if taken == Taken::Unrecognised {
                            self.count_unrecognised(offset, line);
                        }
                        None
                    }
                    Err(reason) => reason.into_reason(offset),
                },
            };
            self.window.scan += row.length;
            self.mark_boundary();
            if let Some(reason) = told_now {
                self.tell_broken(offset, line, reason, sink);
            }
        }
    }

    fn tell_broken(&mut self, offset: u64, line: u64, reason: BrokenReason, sink: &mut dyn LogSink) {
        self.end.broken += 1;
        self.broken_told += 1;
        for opened in &mut self.opened {
            opened.told_inside = true;
        }
        if self.broken_told <= BROKEN_TOLD_MAX {
            sink.broken(Broken { offset, line, reason });
        }
    }

    fn mark_boundary(&mut self) {
        let line = self.window.count_to(self.window.scan);
        self.boundary = (self.window.offset(self.window.scan), line);
    }
}

enum Stamp {
    Is(usize),
    MayBe,
    IsNot,
}

/// The time that logs have before each object when they come out of a log service as text.
fn stamp(rest: &[u8], ended: bool) -> Stamp {
    let length = rest
        .iter()
        .take_while(|byte| matches!(byte, b'0'..=b'9' | b'-' | b':' | b'.' | b'+' | b'T' | b'Z'))
        .count();
    match (rest.get(length), rest.get(length + 1)) {
        _ if length > STAMP_BYTES_MAX => Stamp::IsNot,
        (None, _) | (Some(b' '), None) if !ended => Stamp::MayBe,
        (Some(b' '), Some(b'{')) => Stamp::Is(length + 1),
        _ => Stamp::IsNot,
    }
}

/// How many breaks of one text are told; the others are counted. A text of nothing else would have one in every line.
pub(super) const BROKEN_TOLD_MAX: usize = 1000;
/// The longest header of a table.
const HEADER_BYTES_MAX: usize = 64 << 10;
const STAMP_BYTES_MAX: usize = 40;
