//! Behind a break: what is told, and where reading goes on.

use memchr::memchr;

use super::opened::{OPENED_MAX, Why};
use super::window::{INDENT_MAX, length};
use super::{Framer, Next, Place};
use crate::log::told::{BrokenReason, LogSink};

/// How a text can break.
#[derive(Clone, Copy)]
pub(super) enum Break {
    Wrong,
    Truncated { told: bool },
}

impl Framer {
    /// The text does not go on as it must, here. What is held is opened first, up to here.
    pub(super) fn broke(&mut self, how: Break, sink: &mut dyn LogSink) -> Next {
        let mut innermost = None;
        if let Some(held) = self.held.take() {
            innermost = Some(held.start);
            if self.opened.len() < OPENED_MAX {
                return self.open(held, Why::Broken, sink);
            }
        }
        let at = self.window.scan;
        let last = self.opened.last().map(|opened| (opened.start, opened.line, opened.why, opened.is_record));
        let readable = match last {
            Some((start, _, Why::Broken, _)) if innermost.is_none() => self.window.index(start),
            _ => innermost,
        };
        let done = self.window.index(self.offered_until).unwrap_or(0);
        let element = match (readable, last) {
            (Some(start), _) if start >= done => {
                Some((self.window.offset(start), self.window.line_at(start)))
            }
            (_, Some((start, line, _, true))) => Some((start, line)),
            _ => None,
        };
        let (offset, line) = element.unwrap_or_else(|| (self.window.offset(at), self.window.line_at(at)));
        match how {
            Break::Wrong => {
                let reason = BrokenReason::NotJson { offset: self.window.offset(at) };
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
        let indent = readable.map_or(usize::MAX, |start| self.window.indent(start));
        if let Some(start) = readable {
            let from = start.max(done);
            let cost = length(at.saturating_sub(from));
            if self.again + cost <= self.window.offset(at) + AGAIN_BYTES {
                self.again += cost;
                self.window.scan = from;
                self.place = Place::Lost { indent, at_line_start: false };
                return;
            }
        }
        let line_start =
            self.window.line_start(at).filter(|start| *start >= done && self.window.is_blank(*start, at));
        self.window.scan = line_start.unwrap_or(at);
        self.place = Place::Lost { indent, at_line_start: line_start.is_some() };
    }

    pub(super) fn lost(&mut self, indent: usize, mut at_line_start: bool, ended: bool) -> Next {
        loop {
            if at_line_start {
                let rest = self.window.rest();
                let blank = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
                match rest.get(blank) {
                    Some(b'{' | b'[') if blank <= indent.min(INDENT_MAX) => {
                        self.window.scan += blank;
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
            match memchr(b'\n', self.window.rest()) {
                Some(length) => {
                    self.window.scan += length + 1;
                    at_line_start = true;
                }
                None => {
                    self.window.scan = self.window.bytes.len();
                    self.mark_boundary();
                    self.place = Place::Lost { indent, at_line_start: false };
                    return Next::Text;
                }
            }
        }
    }
}

/// How much may be read twice in a text of no length; longer ones once more than they are long.
const AGAIN_BYTES: u64 = 64 << 10;
