//! Unpacked bytes to text in UTF-8, piece by piece: byte-order marks, UTF-16.
//!
//! What is wrong in UTF-8 passes through, and what is wrong in UTF-16 comes out as a byte that no text in UTF-8 has: the
//! element that holds it will not be valid, and the others are read. Knows no JSON beyond what a text begins with.

use std::io::Read;

use sha2::{Digest, Sha256};

use super::LogLimits;
use super::told::BrokenReason;
use super::unpack::Unpacked;
use crate::binary::{BinaryKind, HEAD_BYTES};
use crate::reason::Reason;

/// A log as text in UTF-8.
pub(super) struct Decoded<R> {
    source: Unpacked<R>,
    /// What was read to look at it.
    head: Vec<u8>,
    /// What was found while it was read.
    failed: Option<BrokenReason>,
    encoding: Encoding,
    input: Vec<u8>,
    /// How much of the input was read.
    length: usize,
    /// What was decoded.
    text: Vec<u8>,
}

enum Encoding {
    Utf8,
    Utf16(Utf16),
}

impl<R: Read> Decoded<R> {
    /// Reads as little as shows what it is.
    pub(super) fn open(source: R, limits: &LogLimits) -> Result<Self, Reason> {
        let mut source = Unpacked::new(source, limits).map_err(Reason::of)?;
        let (mut head, mut failed, mut ended) = (Vec::new(), None, false);
        while !is_telling(&head) && !ended && failed.is_none() {
            let mut more = [0; HEAD_BYTES];
            match source.read(&mut more) {
                Ok(length) => {
                    ended = length == 0;
                    head.extend_from_slice(more.get(..length).unwrap_or_default());
                }
                Err(BrokenReason::Io(error)) if head.is_empty() => return Err(Reason::of(error)),
                Err(reason) => failed = Some(reason),
            }
        }
        if let Some(kind) = BinaryKind::of(&head) {
            return Err(Reason::Binary { kind: Some(kind) });
        }
        let encoding = Encoding::of(&head);
        let mark: &[u8] = match encoding {
            Encoding::Utf8 => UTF8_MARK,
            Encoding::Utf16(Utf16 { big: true, .. }) => &[0xfe, 0xff],
            Encoding::Utf16(Utf16 { big: false, .. }) => &[0xff, 0xfe],
        };
        if head.starts_with(mark) {
            head.drain(..mark.len());
        }
        if matches!(encoding, Encoding::Utf8) && memchr::memchr(0, &head).is_some() {
            return Err(Reason::Binary { kind: None });
        }
        if ended && failed.is_none() && head.iter().all(|byte| byte.is_ascii_whitespace() || *byte == 0) {
            return Err(Reason::Empty);
        }
        Ok(Self { source, head, failed, encoding, input: Vec::new(), length: 0, text: Vec::new() })
    }

    /// The next piece of the text; an empty one is the end.
    pub(super) fn piece(&mut self) -> Result<&[u8], BrokenReason> {
        loop {
            let length = self.next_input()?;
            let input = self.input.get(..length).unwrap_or_default();
            match &mut self.encoding {
                Encoding::Utf8 => break,
                Encoding::Utf16(utf16) => {
                    self.text.clear();
                    utf16.decode(input, &mut self.text);
                    if !self.text.is_empty() || length == 0 {
                        return Ok(&self.text);
                    }
                }
            }
        }
        Ok(self.input.get(..self.length).unwrap_or_default())
    }

    /// Reads the next bytes and returns how many there are.
    fn next_input(&mut self) -> Result<usize, BrokenReason> {
        if self.head.is_empty() {
            if let Some(failed) = self.failed.take() {
                return Err(failed);
            }
            self.input.resize(PIECE_BYTES, 0);
            self.length = self.source.read(&mut self.input)?;
        } else {
            self.input = std::mem::take(&mut self.head);
            self.length = self.input.len();
        }
        Ok(self.length)
    }

    /// The SHA-256 of the stored bytes that were read so far.
    pub(super) fn hash(&self) -> Sha256 {
        self.source.hash()
    }

    /// The SHA-256 of all stored bytes; those behind damage are read for it.
    pub(super) fn into_digest(mut self) -> [u8; 32] {
        self.source.pass_over_rest();
        self.source.hash().finalize().into()
    }

    /// Whether its bytes are its text, but for a mark: then it can be read on from any place.
    pub(super) fn is_plain(&self) -> bool {
        self.source.is_plain() && matches!(self.encoding, Encoding::Utf8)
    }
}

/// Whether these first bytes show what they are the beginning of. A line does: what is followed may write no more for hours.
fn is_telling(head: &[u8]) -> bool {
    let text = head.strip_prefix(UTF8_MARK).unwrap_or(head);
    let first = text.iter().find(|byte| !byte.is_ascii_whitespace());
    let begins_json = matches!(first, Some(b'{' | b'[')) && head.len() >= 4;
    head.len() >= HEAD_BYTES || begins_json || (head.len() >= 4 && head.contains(&b'\n') && first.is_some())
}

impl Encoding {
    /// Judges by the byte-order mark, else by the first character: every log begins with one of ASCII.
    fn of(head: &[u8]) -> Self {
        match head {
            [0xff, 0xfe, ..] => Self::Utf16(Utf16::new(false)),
            [0xfe, 0xff, ..] => Self::Utf16(Utf16::new(true)),
            [a, 0, b, 0, ..] if a.is_ascii() && b.is_ascii() && *a > 0 && *b > 0 => {
                Self::Utf16(Utf16::new(false))
            }
            [0, a, 0, b, ..] if a.is_ascii() && b.is_ascii() && *a > 0 && *b > 0 => {
                Self::Utf16(Utf16::new(true))
            }
            _ => Self::Utf8,
        }
    }
}

/// A text in UTF-16 on its way.
struct Utf16 {
    big: bool,
    /// The first byte of a unit.
    half: Option<u8>,
    /// The first unit of a pair.
    high: Option<u16>,
}

impl Utf16 {
    fn new(big: bool) -> Self {
        Self { big, half: None, high: None }
    }

    /// Decodes a piece; an empty one is the end.
    fn decode(&mut self, piece: &[u8], out: &mut Vec<u8>) {
        for &byte in piece {
            let Some(first) = self.half.take() else {
                self.half = Some(byte);
                continue;
            };
            let unit =
                if self.big { u16::from_be_bytes([first, byte]) } else { u16::from_le_bytes([first, byte]) };
            self.take(unit, out);
        }
        if piece.is_empty() && (self.half.take().is_some() | self.high.take().is_some()) {
            out.push(WRONG);
        }
    }

    fn take(&mut self, unit: u16, out: &mut Vec<u8>) {
        let units = match self.high.take() {
            Some(high) => [high, unit],
            None if matches!(unit, 0xd800..=0xdbff) => {
                self.high = Some(unit);
                return;
            }
            None => [unit, 0],
        };
        let is_pair = matches!(units.first(), Some(0xd800..=0xdbff));
        let mut decoded = char::decode_utf16(units);
        match decoded.next() {
            Some(Ok(character)) => out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes()),
            _ => {
                out.push(WRONG);
                // What follows half a pair stands for itself.
                if is_pair {
                    self.take(unit, out);
                }
            }
        }
    }
}

pub(super) const UTF8_MARK: &[u8] = b"\xef\xbb\xbf";
/// No text in UTF-8 has this byte.
const WRONG: u8 = 0xff;
const PIECE_BYTES: usize = 256 << 10;
