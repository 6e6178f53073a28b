//! The grammar of JSON, byte by byte: what may follow what, and how deep.
//!
//! Holds its state between any two bytes, so that it does not matter how a text is cut. Sees where values begin and end and
//! what the keys are. Does not judge how numbers and words are spelled, nor escapes: whoever parses a value does.

use memchr::memchr3;

/// The deepest nesting that is read.
pub const DEPTH_MAX: usize = 1024;

/// A position in the grammar.
pub(super) struct Grammar {
    state: State,
    /// One bit for each level: set where it is an object.
    objects: [u64; DEPTH_MAX / 64],
    depth: usize,
    /// How many objects and arrays are open beyond [`DEPTH_MAX`].
    beyond: u64,
    /// The key that was read last, or its beginning.
    key: Vec<u8>,
}

/// What encloses a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Object,
    Array,
}

/// Why [`Grammar::run`] came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// All bytes are read.
    More,
    /// An object or array was begun.
    Opened(Kind),
    /// The innermost object or array was ended.
    Closed,
    /// A key was read.
    Key,
    /// The next byte does not fit.
    Wrong,
    /// It went too deep. What is deeper is read without a look at what follows what.
    TooDeep,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// A value is due.
    Value,
    /// A value is due, or the end of the array.
    FirstValue,
    /// A key is due.
    Key,
    /// A key is due, or the end of the object.
    FirstKey,
    Colon,
    /// A comma is due, or the end.
    After,
    /// In a number or a word.
    Word,
    /// In a string.
    Text {
        is_key: bool,
    },
    /// In a string, behind a backslash.
    Escape {
        is_key: bool,
    },
    /// Deeper than is read.
    Beyond,
}

impl Grammar {
    pub(super) fn new() -> Self {
        Self { state: State::After, objects: [0; DEPTH_MAX / 64], depth: 0, beyond: 0, key: Vec::new() }
    }

    /// Begins a value at the top.
    pub(super) fn begin(&mut self, kind: Kind) {
        self.back_to(0, kind);
    }

    /// Goes back to where something at this depth has just been begun.
    pub(super) fn back_to(&mut self, depth: usize, kind: Kind) {
        self.depth = depth;
        self.beyond = 0;
        self.enter(kind);
    }

    /// How many objects and arrays are open.
    pub(super) fn depth(&self) -> usize {
        self.depth
    }

    /// The beginning of the key that was read last; a key of [`KEY_BYTES_MAX`] bytes may be longer.
    pub(super) fn key(&self) -> &[u8] {
        &self.key
    }

    /// What encloses what is at a depth; none at the top.
    pub(super) fn around(&self, depth: usize) -> Option<Kind> {
        let level = depth.checked_sub(1)?;
        let word = self.objects.get(level / 64).copied().unwrap_or_default();
        Some(if word >> (level % 64) & 1 == 1 { Kind::Object } else { Kind::Array })
    }

    /// Reads until something happens that is not deeper than `quiet`, and returns how many bytes were read.
    pub(super) fn run(&mut self, bytes: &[u8], quiet: usize) -> (usize, Step) {
        let mut at = 0;
        while let Some(&byte) = bytes.get(at) {
            match self.state {
                State::Text { is_key } => {
                    let rest = bytes.get(at..).unwrap_or_default();
                    let Some(length) = mark_in_text(rest) else {
                        self.keep_key(is_key, rest, quiet);
                        return (bytes.len(), Step::More);
                    };
                    self.keep_key(is_key, rest.get(..length).unwrap_or_default(), quiet);
                    at += length;
                    match rest.get(length) {
                        Some(b'"') if is_key => {
                            self.state = State::Colon;
                            if self.depth <= quiet {
                                return (at + 1, Step::Key);
                            }
                        }
                        Some(b'"') if self.beyond > 0 => self.state = State::Beyond,
                        Some(b'"') => self.state = State::After,
                        Some(b'\\') => self.state = State::Escape { is_key },
                        // A line break in a string is never valid, and the best sign that a string was not ended.
                        _ => return (at, Step::Wrong),
                    }
                    at += 1;
                }
                State::Escape { is_key } => {
                    if byte == b'\n' {
                        return (at, Step::Wrong);
                    }
                    self.keep_key(is_key, &[b'\\', byte], quiet);
                    self.state = State::Text { is_key };
                    at += 1;
                }
                _ => match self.mark(byte) {
                    None => at += 1,
                    Some(Step::Wrong) => return (at, Step::Wrong),
                    Some(Step::TooDeep) => return (at + 1, Step::TooDeep),
                    Some(step) => {
                        at += 1;
                        if self.depth <= quiet {
                            return (at, step);
                        }
                    }
                },
            }
        }
        (at, Step::More)
    }

    /// Takes one byte outside of strings.
    fn mark(&mut self, byte: u8) -> Option<Step> {
        if self.state == State::Beyond {
            self.mark_beyond(byte);
            return None;
        }
        let value_due = matches!(self.state, State::Value | State::FirstValue);
        let after = matches!(self.state, State::After | State::Word);
        match byte {
            b' ' | b'\n' | b'\r' | b'\t' => {
                if self.state == State::Word {
                    self.state = State::After;
                }
                return None;
            }
            b'"' if value_due => self.state = State::Text { is_key: false },
            b'"' if matches!(self.state, State::Key | State::FirstKey) => {
                self.key.clear();
                self.state = State::Text { is_key: true };
            }
            b':' if self.state == State::Colon => self.state = State::Value,
            b',' if after => {
                self.state = match self.around(self.depth) {
                    Some(Kind::Object) => State::Key,
                    Some(Kind::Array) | None => State::Value,
                }
            }
            b'{' if value_due => return Some(self.open(Kind::Object)),
            b'[' if value_due => return Some(self.open(Kind::Array)),
            b'}' if after || self.state == State::FirstKey => return Some(self.close(Kind::Object)),
            b']' if after || self.state == State::FirstValue => return Some(self.close(Kind::Array)),
            b'-' | b'+' | b'.' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => {
                if value_due {
                    self.state = State::Word;
                } else if self.state != State::Word {
                    return Some(Step::Wrong);
                }
            }
            _ => return Some(Step::Wrong),
        }
        None
    }

    fn open(&mut self, kind: Kind) -> Step {
        if self.depth == DEPTH_MAX {
            self.beyond = 1;
            self.state = State::Beyond;
            return Step::TooDeep;
        }
        self.enter(kind);
        Step::Opened(kind)
    }

    fn mark_beyond(&mut self, byte: u8) {
        match byte {
            b'"' => self.state = State::Text { is_key: false },
            b'{' | b'[' => self.beyond += 1,
            b'}' | b']' => self.beyond -= 1,
            _ => {}
        }
        if self.beyond == 0 {
            self.state = State::After;
        }
    }

    fn enter(&mut self, kind: Kind) {
        let bit = 1 << (self.depth % 64);
        if let Some(word) = self.objects.get_mut(self.depth / 64) {
            match kind {
                Kind::Object => *word |= bit,
                Kind::Array => *word &= !bit,
            }
        }
        self.depth += 1;
        self.state = match kind {
            Kind::Object => State::FirstKey,
            Kind::Array => State::FirstValue,
        };
    }

    fn close(&mut self, kind: Kind) -> Step {
        if self.around(self.depth) != Some(kind) {
            return Step::Wrong;
        }
        self.depth -= 1;
        self.state = State::After;
        Step::Closed
    }

    fn keep_key(&mut self, is_key: bool, part: &[u8], quiet: usize) {
        if is_key && self.depth <= quiet {
            let room = KEY_BYTES_MAX.saturating_sub(self.key.len());
            self.key.extend_from_slice(part.get(..room.min(part.len())).unwrap_or_default());
        }
    }
}

/// Where a string ends, has a backslash, or breaks off.
///
/// Most strings of logs are short: eight bytes at a time, here, find their end before a call would have begun to.
fn mark_in_text(bytes: &[u8]) -> Option<usize> {
    let mut at = 0;
    while let Some(word) = bytes.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
        if at == SHORT_BYTES {
            break;
        }
        let word = u64::from_le_bytes(*word);
        let marks = zeros(word ^ (ONES * 0x22)) | zeros(word ^ (ONES * 0x5c)) | zeros(word ^ (ONES * 0x0a));
        if marks != 0 {
            return Some(at + usize::try_from(marks.trailing_zeros() / 8).unwrap_or_default());
        }
        at += 8;
    }
    memchr3(b'"', b'\\', b'\n', bytes.get(at..).unwrap_or_default()).map(|found| at + found)
}

/// Sets the highest bit of the first byte that is zero, and perhaps of some behind it.
fn zeros(word: u64) -> u64 {
    word.wrapping_sub(ONES) & !word & (ONES << 7)
}

const ONES: u64 = 0x0101_0101_0101_0101;
/// How much of a string is looked at before it counts as long.
const SHORT_BYTES: usize = 32;

/// How much of a key is kept.
pub(super) const KEY_BYTES_MAX: usize = 64;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn marks_are_found_where_they_are(bytes in prop::collection::vec(prop_oneof![8 => 0_u8..=255, 1 => Just(b'"'), 1 => Just(b'\\'), 1 => Just(b'!'), 1 => Just(0xa2_u8)], 0..80)) {
            let naive = bytes.iter().position(|byte| matches!(byte, b'"' | b'\\' | b'\n'));
            prop_assert_eq!(mark_in_text(&bytes), naive);
        }

        #[test]
        fn long_texts_without_marks_too(length in 0_usize..200, mark in 0_usize..200) {
            let mut bytes = vec![b'x'; length];
            if let Some(byte) = bytes.get_mut(mark) {
                *byte = b'"';
            }
            prop_assert_eq!(mark_in_text(&bytes), (mark < length).then_some(mark));
        }
    }
}
