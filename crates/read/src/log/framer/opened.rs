//! Objects that are offered, and opened: what nobody recognises, and what cannot be held.

use memchr::memchr;

use super::window::length;
use super::{Framer, Held, Next, Place};
use crate::log::grammar::Kind;
use crate::log::told::{BrokenReason, LogElement, LogSink, Taken};

/// An object that was opened.
pub(super) struct Opened {
    pub(super) why: Why,
    /// Where it begins, counted from the start of the text, and the line.
    pub(super) start: u64,
    pub(super) line: u64,
    /// How much is open around it.
    pub(super) depth: usize,
    /// A key showed that it is a record.
    pub(super) is_record: bool,
    /// Something in it was offered, or told.
    pub(super) told_inside: bool,
    pub(super) recognised_inside: bool,
    pub(super) keys: u32,
    pub(super) arrays: u32,
    pub(super) unrecognised_before: u64,
    pub(super) first_unrecognised_before: Option<(u64, u64)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Why {
    Unrecognised,
    TooLong,
    NotUtf8 { offset: u64 },
    Broken,
}

impl Framer {
    /// Offers an object that is whole.
    pub(super) fn offer(&mut self, held: Held, sink: &mut dyn LogSink) -> Next {
        let offset = self.window.offset(held.start);
        let line = self.window.count_to(held.start);
        if held.is_too_deep {
            self.tell_broken(offset, line, BrokenReason::TooDeep, sink);
            return Next::Go;
        }
        let bytes = self.window.bytes.get(held.start..self.window.scan).unwrap_or_default();
        let text = match std::str::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => {
                let why = Why::NotUtf8 { offset: offset + length(error.valid_up_to()) };
                return self.open(held, why, sink);
            }
        };
        let taken = sink.element(&LogElement { offset, line, text });
        let has_array = memchr(b'[', text.as_bytes()).is_some();
        self.offered_until = self.window.offset(self.window.scan);
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

    pub(super) fn note_taken(&mut self, taken: Taken) {
        for opened in &mut self.opened {
            opened.told_inside = true;
            opened.recognised_inside |= taken == Taken::Recognised;
        }
        if taken == Taken::Recognised {
            self.end.recognised += 1;
        }
    }

    pub(super) fn count_unrecognised(&mut self, offset: u64, line: u64) {
        self.end.unrecognised += 1;
        self.end.first_unrecognised.get_or_insert((offset, line));
    }

    /// Reads an object again from its beginning, to offer what is in its arrays.
    pub(super) fn open(&mut self, held: Held, why: Why, sink: &mut dyn LogSink) -> Next {
        let (start, line) = (self.window.offset(held.start), self.window.count_to(held.start));
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
            self.window.scan = held.start + 1;
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
    pub(super) fn account(&mut self, opened: &Opened, sink: &mut dyn LogSink) {
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
}

/// How many opened objects may be open in each other.
pub(super) const OPENED_MAX: usize = 8;
