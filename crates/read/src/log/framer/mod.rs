//! Text in pieces to elements: where each begins and ends, what is opened, and where reading goes on behind what is broken.
//!
//! Knows nothing of files, packing or encodings, and not how the text was cut into pieces: the same text gives the same
//! elements.
//!
//! # Rules
//!
//! - Arrays are opened. An object at the top, or in an opened array, is held until it is whole, and offered.
//! - An object that nobody recognises is opened: the arrays in it are, through objects, however deep. So is one that does not
//!   end within [`LogLimits::element_bytes_max`](super::LogLimits::element_bytes_max) bytes, one that breaks off and one that is not UTF-8, without asking.
//! - Opening ends at a key that only records have: nothing in a record may pose as a record.
//! - Behind a break, reading goes on at the next line that begins with `{` or `[` and is not indented more than the line in
//!   which the broken element begins, from there on as at the top.

use std::sync::Arc;

use memchr::{memchr, memchr_iter};

use super::Framing;
use super::grammar::{Grammar, Kind, Step};
use super::rows::{Table, What};
use super::told::{Broken, BrokenReason, LogElement, LogEnd, LogSink, Taken};

/// A text on its way to elements.
pub(super) struct Framer {
    record_keys: Arc<[String]>,
    element_bytes_max: usize,
    /// What is not done with, and some of what stands before it.
    pub(super) buffer: Vec<u8>,
    /// How many bytes of the text stand before the buffer.
    base: u64,
    /// How many bytes of the buffer are read.
    pub(super) scan: usize,
    /// A place in the buffer whose line is known.
    counted: usize,
    line: u64,
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

/// An object that was opened.
struct Opened {
    why: Why,
    /// Where it begins, counted from the start of the text, and the line.
    start: u64,
    line: u64,
    /// How much is open around it.
    depth: usize,
    /// A key showed that it is a record.
    is_record: bool,
    /// Something in it was offered, or told.
    told_inside: bool,
    recognised_inside: bool,
    keys: u32,
    arrays: u32,
    unrecognised_before: u64,
    first_unrecognised_before: Option<(u64, u64)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Why {
    Unrecognised,
    TooLong,
    NotUtf8 { offset: u64 },
    Broken,
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
            buffer: Vec::new(),
            base: offset,
            scan: 0,
            counted: 0,
            line,
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
        self.compact();
        self.buffer.extend_from_slice(piece);
        self.advance(sink, false, true);
    }

    /// The text has ended; `told` says whether what is open then is told as cut short, or was by somebody else.
    pub(super) fn finish(&mut self, sink: &mut dyn LogSink, told: bool) {
        self.advance(sink, true, told);
    }

    /// Tells what somebody else found at the end of what was read.
    pub(super) fn break_here(&mut self, reason: BrokenReason, sink: &mut dyn LogSink) {
        let at = self.buffer.len();
        self.broken_told = 0;
        self.tell_broken(self.offset(at), self.line_at(at), reason, sink);
    }

    /// Tells a place that somebody else found broken.
    pub(super) fn break_at(&mut self, broken: Broken, sink: &mut dyn LogSink) {
        self.tell_broken(broken.offset, broken.line, broken.reason, sink);
    }

    /// What was read since the last time it was asked for.
    pub(super) fn take_end(&mut self) -> LogEnd {
        std::mem::take(&mut self.end)
    }

    /// Everything before this place is done with: its offset and its line.
    pub(super) fn boundary(&self) -> (u64, u64) {
        self.boundary
    }

    /// Where the value begins that has not ended: its offset and its line.
    pub(super) fn pending(&self) -> Option<(u64, u64)> {
        let held = self.held.as_ref().map(|held| (self.offset(held.start), self.line_at(held.start)));
        held.or_else(|| matches!(self.place, Place::Inside).then_some(self.boundary))
    }

    /// The largest memory the text takes here.
    #[cfg(test)]
    pub(super) fn memory(&self) -> usize {
        self.buffer.capacity()
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
        let rest = self.rest();
        let blank = rest.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        self.scan += blank;
        let rest = self.rest();
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
            self.scan += line.len();
            self.place = Place::Rows(table);
            return Next::Go;
        }
        self.top(ended, sink)
    }

    fn top(&mut self, ended: bool, sink: &mut dyn LogSink) -> Next {
        loop {
            let rest = self.rest();
            let Some(&byte) = rest.first() else {
                self.mark_boundary();
                return Next::Text;
            };
            match byte {
                // The separator of JSON text sequences (RFC 7464) stands before each of its values.
                b' ' | b'\t' | b'\r' | b'\n' | 0x1e => self.scan += 1,
                b',' if self.loose || self.offered_until > 0 => self.scan += 1,
                b']' | b'}' if self.loose => self.scan += 1,
                b'{' | b'[' => {
                    self.mark_boundary();
                    let kind = if byte == b'{' { Kind::Object } else { Kind::Array };
                    self.grammar.begin(kind);
                    if kind == Kind::Object {
                        self.held = Some(Held::at(self.scan, 0));
                    }
                    self.scan += 1;
                    self.place = Place::Inside;
                    return Next::Go;
                }
                b'0'..=b'9' => match stamp(rest, ended) {
                    Stamp::Is(length) => self.scan += length,
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
            Some(held) => self.buffer.len().min(held.start.saturating_add(self.element_bytes_max)),
            None => self.buffer.len(),
        };
        let quiet = match (&self.held, self.opened.last()) {
            (Some(held), _) => held.depth,
            (None, Some(opened)) if self.skipping => opened.depth,
            (None, _) => usize::MAX,
        };
        let bytes = self.buffer.get(self.scan..until).unwrap_or_default();
        let (read, step) = self.grammar.run(bytes, quiet);
        self.scan += read;
        match step {
            Step::More if until < self.buffer.len() => match self.held.take() {
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
                self.held = Some(Held::at(self.scan - 1, depth));
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
            let at = self.scan - 1;
            self.tell_broken(self.offset(at), self.line_at(at), BrokenReason::TooDeep, sink);
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

    /// Offers an object that is whole.
    fn offer(&mut self, held: Held, sink: &mut dyn LogSink) -> Next {
        let offset = self.offset(held.start);
        let line = self.count_to(held.start);
        if held.is_too_deep {
            self.tell_broken(offset, line, BrokenReason::TooDeep, sink);
            return Next::Go;
        }
        let bytes = self.buffer.get(held.start..self.scan).unwrap_or_default();
        let text = match std::str::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => {
                let why = Why::NotUtf8 { offset: offset + length(error.valid_up_to()) };
                return self.open(held, why, sink);
            }
        };
        let taken = sink.element(&LogElement { offset, line, text });
        let has_array = memchr(b'[', text.as_bytes()).is_some();
        self.offered_until = self.offset(self.scan);
        self.note_taken(taken);
        match taken {
            Taken::Unrecognised if has_array => self.open(held, Why::Unrecognised, sink),
            Taken::Unrecognised => {
                self.count_unrecognised(offset, line);
                Next::Go
            }
            Taken::Recognised => Next::Go,
        }
    }

    fn note_taken(&mut self, taken: Taken) {
        for opened in &mut self.opened {
            opened.told_inside = true;
            opened.recognised_inside |= taken == Taken::Recognised;
        }
        if taken == Taken::Recognised {
            self.end.recognised += 1;
        }
    }

    fn count_unrecognised(&mut self, offset: u64, line: u64) {
        self.end.unrecognised += 1;
        self.end.first_unrecognised.get_or_insert((offset, line));
    }

    /// Reads an object again from its beginning, to offer what is in its arrays.
    fn open(&mut self, held: Held, why: Why, sink: &mut dyn LogSink) -> Next {
        let (start, line) = (self.offset(held.start), self.count_to(held.start));
        let opened = Opened {
            why,
            start,
            line,
            depth: held.depth,
            is_record: false,
            told_inside: false,
            recognised_inside: false,
            keys: 0,
            arrays: 0,
            unrecognised_before: self.end.unrecognised,
            first_unrecognised_before: self.end.first_unrecognised,
        };
        if self.opened.len() < OPENED_MAX {
            self.scan = held.start + 1;
            self.grammar.back_to(held.depth, Kind::Object);
            self.opened.push(opened);
            self.place = Place::Inside;
            return Next::Go;
        }
        match why {
            Why::Unrecognised | Why::NotUtf8 { .. } => self.account(&opened, sink),
            // The rest of it is passed over, and told when it has ended.
            Why::TooLong => {
                self.opened.push(opened);
                self.skipping = true;
            }
            Why::Broken => {}
        }
        Next::Go
    }

    /// An opened object has ended: what is told of it.
    fn account(&mut self, opened: &Opened, sink: &mut dyn LogSink) {
        let is_lost = opened.is_record || !opened.told_inside;
        match opened.why {
            Why::Unrecognised if opened.recognised_inside => {}
            Why::Unrecognised => {
                self.end.unrecognised = opened.unrecognised_before;
                self.end.first_unrecognised = opened.first_unrecognised_before;
                let is_empty_list = opened.keys == 1 && opened.arrays == 1 && !opened.told_inside;
                if !is_empty_list {
                    self.count_unrecognised(opened.start, opened.line);
                }
            }
            Why::TooLong if is_lost => {
                let reason = BrokenReason::TooLong { limit: self.element_bytes_max };
                self.tell_broken(opened.start, opened.line, reason, sink);
            }
            Why::NotUtf8 { offset } if is_lost => {
                self.tell_broken(opened.start, opened.line, BrokenReason::NotUtf8 { offset }, sink);
            }
            Why::TooLong | Why::NotUtf8 { .. } | Why::Broken => {}
        }
    }

    /// The text does not go on as it must, here. What is held is opened first, up to here.
    fn broke(&mut self, how: Break, sink: &mut dyn LogSink) -> Next {
        let mut innermost = None;
        if let Some(held) = self.held.take() {
            innermost = Some(held.start);
            if self.opened.len() < OPENED_MAX {
                return self.open(held, Why::Broken, sink);
            }
        }
        let at = self.scan;
        let last = self.opened.last().map(|opened| (opened.start, opened.line, opened.why, opened.is_record));
        let readable = match last {
            Some((start, _, Why::Broken, _)) if innermost.is_none() => self.index(start),
            _ => innermost,
        };
        let done = self.index(self.offered_until.max(self.base)).unwrap_or(0);
        let element = match (readable, last) {
            (Some(start), _) if start >= done => Some((self.offset(start), self.line_at(start))),
            (_, Some((start, line, _, true))) => Some((start, line)),
            _ => None,
        };
        let (offset, line) = element.unwrap_or_else(|| (self.offset(at), self.line_at(at)));
        match how {
            Break::Wrong => {
                let reason = BrokenReason::NotJson { offset: self.offset(at) };
                self.tell_broken(offset, line, reason, sink);
            }
            Break::Truncated { told: true } => self.tell_broken(offset, line, BrokenReason::Truncated, sink),
            Break::Truncated { told: false } => {}
        }
        self.opened.clear();
        self.skipping = false;
        self.loose = true;
        self.go_on_behind(readable, done, at);
        Next::Go
    }

    /// Looks for the next line that begins a value: behind the line in which the broken element begins, if that is still at
    /// hand and not too much was read twice already; else from where it broke.
    fn go_on_behind(&mut self, readable: Option<usize>, done: usize, at: usize) {
        let indent = readable.map_or(usize::MAX, |start| self.indent(start));
        if let Some(start) = readable {
            let from = start.max(done);
            let cost = length(at.saturating_sub(from));
            if self.again + cost <= self.offset(at) + AGAIN_BYTES {
                self.again += cost;
                self.scan = from;
                self.place = Place::Lost { indent, at_line_start: false };
                return;
            }
        }
        let line_start = self.line_start(at).filter(|start| *start >= done && self.is_blank(*start, at));
        self.scan = line_start.unwrap_or(at);
        self.place = Place::Lost { indent, at_line_start: line_start.is_some() };
    }

    fn lost(&mut self, indent: usize, mut at_line_start: bool, ended: bool) -> Next {
        loop {
            if at_line_start {
                let rest = self.rest();
                let blank = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
                match rest.get(blank) {
                    Some(b'{' | b'[') if blank <= indent.min(INDENT_MAX) => {
                        self.scan += blank;
                        self.mark_boundary();
                        self.place = Place::Top;
                        return Next::Go;
                    }
                    None if blank <= INDENT_MAX && !ended => {
                        self.mark_boundary();
                        self.place = Place::Lost { indent, at_line_start };
                        return Next::Text;
                    }
                    _ => {}
                }
            }
            match memchr(b'\n', self.rest()) {
                Some(length) => {
                    self.scan += length + 1;
                    at_line_start = true;
                }
                None => {
                    self.scan = self.buffer.len();
                    self.mark_boundary();
                    self.place = Place::Lost { indent, at_line_start: false };
                    return Next::Text;
                }
            }
        }
    }

    fn rows(&mut self, mut table: Table, ended: bool, told: bool, sink: &mut dyn LogSink) -> Next {
        let limit = self.element_bytes_max;
        loop {
            let Some(row) = table.next(self.rest(), limit, ended) else {
                self.place = Place::Rows(table);
                return Next::Text;
            };
            let (start, offset) = (self.scan, self.offset(self.scan));
            let line = self.count_to(start);
            let bytes = self.buffer.get(start..start + row.length).unwrap_or_default();
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
            self.scan += row.length;
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

    fn rest(&self) -> &[u8] {
        self.buffer.get(self.scan..).unwrap_or_default()
    }

    fn mark_boundary(&mut self) {
        let line = self.count_to(self.scan);
        self.boundary = (self.offset(self.scan), line);
    }

    /// Counted from the start of the text.
    fn offset(&self, index: usize) -> u64 {
        self.base + length(index)
    }

    /// The place in the buffer, if it is at hand.
    fn index(&self, offset: u64) -> Option<usize> {
        usize::try_from(offset.checked_sub(self.base)?).ok()
    }

    /// The line of a place in the buffer.
    fn line_at(&self, index: usize) -> u64 {
        let between = |from: usize, to: usize| {
            length(memchr_iter(b'\n', self.buffer.get(from..to).unwrap_or_default()).count())
        };
        if index >= self.counted {
            self.line + between(self.counted, index)
        } else {
            self.line - between(index, self.counted)
        }
    }

    /// The line of a place in the buffer, from which the next is counted on.
    fn count_to(&mut self, index: usize) -> u64 {
        self.line = self.line_at(index);
        self.counted = index;
        self.line
    }

    /// Where the line of a place begins, if it begins close by.
    fn line_start(&self, index: usize) -> Option<usize> {
        let from = index.saturating_sub(INDENT_MAX);
        let before = self.buffer.get(from..index).unwrap_or_default();
        match memchr::memrchr(b'\n', before) {
            Some(length) => Some(from + length + 1),
            None if from == 0 && self.base == 0 => Some(0),
            None => None,
        }
    }

    fn is_blank(&self, from: usize, to: usize) -> bool {
        self.buffer.get(from..to).unwrap_or_default().iter().all(|byte| matches!(byte, b' ' | b'\t'))
    }

    /// By how much the line of a place is indented; by nothing if it begins far away.
    fn indent(&self, index: usize) -> usize {
        let Some(start) = self.line_start(index) else { return 0 };
        let before = self.buffer.get(start..index).unwrap_or_default();
        before.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count()
    }

    /// Drops what is done with, if that is most of what there is.
    fn compact(&mut self) {
        let needed = self.held.as_ref().map_or(self.scan, |held| held.start);
        let drop = needed.saturating_sub(BEHIND_BYTES);
        if drop > 0 && drop >= self.buffer.len() / 2 {
            self.count_to(drop.max(self.counted));
            self.buffer.drain(..drop);
            self.base += length(drop);
            self.scan -= drop;
            self.counted -= drop;
            if let Some(held) = &mut self.held {
                held.start -= drop;
            }
        }
    }
}

/// How a text can break.
#[derive(Clone, Copy)]
enum Break {
    Wrong,
    Truncated { told: bool },
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

/// Sizes in memory fit.
fn length(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

/// How many breaks of one text are told; the others are counted. A text of nothing else would have one in every line.
pub(super) const BROKEN_TOLD_MAX: usize = 1000;
/// How many opened objects may be open in each other.
const OPENED_MAX: usize = 8;
/// The deepest indentation at which a line begins something behind a break.
const INDENT_MAX: usize = 128;
/// How much of what was read is kept, to know how a line is indented.
const BEHIND_BYTES: usize = INDENT_MAX + 32;
/// How much may be read twice in a text of no length; longer ones once more than they are long.
const AGAIN_BYTES: u64 = 64 << 10;
/// The longest header of a table.
const HEADER_BYTES_MAX: usize = 64 << 10;
const STAMP_BYTES_MAX: usize = 40;
