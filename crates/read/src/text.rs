//! Bytes to text: UTF-8 and UTF-16, with and without a byte-order mark.
//!
//! Knows no other encoding and guesses none: a byte that fits neither is reported with its place, never
//! replaced.

use crate::Limits;
use crate::lines::Place;
use crate::reason::Reason;

/// A whole text, known to be valid UTF-8, without a byte-order mark and without NUL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    // INVARIANT: holds no NUL and something other than white space, and starts after any byte-order mark
    text: String,
}

impl Text {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The text, as the memory it was read into.
    #[must_use]
    pub fn into_string(self) -> String {
        self.text
    }

    /// Decodes `bytes` in the encoding that their start shows.
    pub(crate) fn decode(bytes: Vec<u8>, limits: &Limits) -> Result<Self, Reason> {
        let mut text = match Encoding::of(&bytes) {
            Encoding::Utf8 => utf8(bytes)?,
            Encoding::Utf16Le => utf16(&bytes, u16::from_le_bytes)?,
            Encoding::Utf16Be => utf16(&bytes, u16::from_be_bytes)?,
        };
        if text.starts_with(BYTE_ORDER_MARK) {
            text.drain(..BYTE_ORDER_MARK.len_utf8());
        }
        if memchr::memchr(0, text.as_bytes()).is_some() {
            return Err(Reason::Binary { kind: None });
        }
        if text.as_bytes().trim_ascii().is_empty() {
            return Err(Reason::Empty);
        }
        // UTF-16 can grow by half: what was read fitted the limit, what comes out may not.
        let limit = limits.document_bytes_max;
        if u64::try_from(text.len()).is_ok_and(|length| length > limit) {
            return Err(Reason::TooLarge { limit });
        }
        text.shrink_to_fit();
        Ok(Self { text })
    }
}

/// The encodings that are read.
enum Encoding {
    Utf8,
    Utf16Le,
    Utf16Be,
}

impl Encoding {
    /// Judges by the byte-order mark, else by the first two characters.
    ///
    /// Every format we read starts with two ASCII characters, and in UTF-16 each of them has one zero byte;
    /// a zero byte never occurs in text in UTF-8.
    fn of(bytes: &[u8]) -> Self {
        match bytes {
            [0xff, 0xfe, ..] => Self::Utf16Le,
            [0xfe, 0xff, ..] => Self::Utf16Be,
            [a, 0] if is_ascii_text(*a) => Self::Utf16Le,
            [0, a] if is_ascii_text(*a) => Self::Utf16Be,
            [a, 0, b, 0, ..] if is_ascii_text(*a) && is_ascii_text(*b) => Self::Utf16Le,
            [0, a, 0, b, ..] if is_ascii_text(*a) && is_ascii_text(*b) => Self::Utf16Be,
            _ => Self::Utf8,
        }
    }
}

fn is_ascii_text(byte: u8) -> bool {
    byte.is_ascii_graphic() || byte.is_ascii_whitespace()
}

fn utf8(bytes: Vec<u8>) -> Result<String, Reason> {
    String::from_utf8(bytes).map_err(|error| {
        if memchr::memchr(0, error.as_bytes()).is_some() {
            return Reason::Binary { kind: None };
        }
        let offset = error.utf8_error().valid_up_to();
        let valid = error.as_bytes().get(..offset).unwrap_or_default();
        not_text(&String::from_utf8_lossy(valid), offset)
    })
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, Reason> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    // Exact for ASCII, which is nearly everything; the rest grows.
    let mut text = String::with_capacity(pairs.len());
    let mut units = 0;
    for decoded in char::decode_utf16(pairs.iter().map(|pair| unit(*pair))) {
        let Ok(decoded) = decoded else { return Err(not_text(&text, units * 2)) };
        units += decoded.len_utf16();
        text.push(decoded);
    }
    if rest.is_empty() { Ok(text) } else { Err(not_text(&text, units * 2)) }
}

/// The reason when `valid` stands before the first wrong byte, which is at `offset`.
fn not_text(valid: &str, offset: usize) -> Reason {
    let valid = valid.strip_prefix(BYTE_ORDER_MARK).unwrap_or(valid);
    let Place { line, column } = Place::after(valid);
    Reason::NotUtf8 { line, column, offset }
}

const BYTE_ORDER_MARK: char = '\u{feff}';

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn decode(bytes: &[u8]) -> Result<Text, Reason> {
        Text::decode(bytes.to_vec(), &Limits::STANDARD)
    }

    fn check(bytes: &[u8], expected: &str) {
        assert_eq!(decode(bytes).unwrap().as_str(), expected);
    }

    fn check_wrong(bytes: &[u8], line: usize, column: usize, offset: usize) {
        match decode(bytes) {
            Err(Reason::NotUtf8 { line: l, column: c, offset: o }) => {
                assert_eq!((l, c, o), (line, column, offset))
            }
            other => panic!("{other:?}"),
        }
    }

    fn little(text: &str) -> Vec<u8> {
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    }

    fn big(text: &str) -> Vec<u8> {
        text.encode_utf16().flat_map(u16::to_be_bytes).collect()
    }

    #[test]
    fn every_encoding_gives_the_same_text() {
        let text = "[{\"name\": \"Zürich 🔥\"}]\r\n";
        let marked = format!("\u{feff}{text}");
        for bytes in
            [text.into(), marked.clone().into_bytes(), little(text), big(text), little(&marked), big(&marked)]
        {
            check(&bytes, text);
        }
    }

    #[test]
    fn the_shortest_texts_show_their_encoding() {
        check(b"1", "1");
        check(b"[\0", "[");
        check(b"\0[", "[");
        check(b"{\0\n\0", "{\n");
        check(b"\xff\xfe\xac\x20", "€");
        check(b"\xfe\xff\x20\xac", "€");
    }

    #[test]
    fn only_the_first_mark_is_taken_away() {
        check("\u{feff}\u{feff}[]".as_bytes(), "\u{feff}[]");
        check("[\u{feff}]".as_bytes(), "[\u{feff}]");
    }

    #[test]
    fn a_wrong_byte_is_reported_with_its_place() {
        check_wrong(b"\xe9", 1, 1, 0);
        check_wrong("[\n\"ü".as_bytes().split_last().unwrap().1, 2, 2, 3);
        check_wrong(b"\xef\xbb\xbfab\xff", 1, 3, 5);
        // A surrogate written in UTF-8, and the overlong spelling of a slash.
        check_wrong(b"{}\n\xed\xa0\x80", 2, 1, 3);
        check_wrong(b"\xc0\xaf", 1, 1, 0);
    }

    #[test]
    fn a_lone_surrogate_and_half_a_unit_are_reported_with_their_place() {
        check_wrong(b"[\0\n\0a\0\x00\xd8b\0", 2, 2, 6);
        check_wrong(b"[\0]\0\x00\xdc", 1, 3, 4);
        check_wrong(b"[\0]\0\x20", 1, 3, 4);
        check_wrong(b"\xfe\xff\xd8\x3d", 1, 1, 2);
    }

    #[test]
    fn zero_bytes_are_binary_and_not_a_wrong_encoding() {
        for bytes in [&b"a\0\0b"[..], b"\x01\0\x02\0", b"\xffab\0", b"[\0]\0\0\0", b"[\0\0\0]\0\0\0", b"\0"] {
            assert!(matches!(decode(bytes), Err(Reason::Binary { kind: None })), "{bytes:?}");
        }
    }

    #[test]
    fn white_space_is_empty_and_a_zero_digit_is_not() {
        for bytes in [&b""[..], b" \r\n\t", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff\0\n"] {
            assert!(matches!(decode(bytes), Err(Reason::Empty)), "{bytes:?}");
        }
        check(b"0", "0");
    }

    #[test]
    fn the_limit_holds_for_what_comes_out() {
        let bytes = little("\u{feff}€€€€");
        let decode = |document_bytes_max| Text::decode(bytes.clone(), &Limits { document_bytes_max });
        assert!(decode(12).is_ok());
        assert!(matches!(decode(11), Err(Reason::TooLarge { limit: 11 })));
    }

    proptest! {
        #[test]
        fn utf16_gives_the_text_that_utf8_gives(text in "[\\[{] ?[^\\x00\\u{feff}]{0,40}", mark: bool) {
            let stored = if mark { format!("\u{feff}{text}") } else { text.clone() };
            // Without a mark the second character must be ASCII as well, as it is in every format.
            prop_assume!(mark || text.chars().nth(1).is_none_or(|second| second.is_ascii_graphic() || second == ' '));
            check(stored.as_bytes(), &text);
            check(&little(&stored), &text);
            check(&big(&stored), &text);
        }

        #[test]
        fn any_bytes_are_a_text_or_a_reason(bytes: Vec<u8>) {
            match decode(&bytes) {
                Ok(text) => prop_assert!(!text.as_str().contains('\0')),
                Err(Reason::NotUtf8 { line, column, offset }) => {
                    prop_assert!(line >= 1 && column >= 1 && offset < bytes.len());
                }
                Err(Reason::Binary { .. } | Reason::Empty) => {}
                Err(reason) => prop_assert!(false, "{reason}"),
            }
        }
    }
}
