//! The text of a template: JSON with comments, strings over several lines, and a comma too many.
//!
//! What is no JSON is overwritten with blanks, so that every piece stays where it stands in the document. Knows no key.

use std::borrow::Cow;

use cloud::json::{Cause, Json, Key, Lenient, Malformed, ReadOne, Seed, StrReader, read_stream};
use core::fmt;
use serde::de::{Deserialize, DeserializeSeed as _, Deserializer, MapAccess, SeqAccess};

use super::value::Value;

/// The text as JSON, equally long: each byte of a comment and of a comma before a closing bracket is a blank.
pub(crate) fn cleaned(text: &str) -> Cow<'_, str> {
    let blanks = Blanks::find(text);
    if blanks.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut clean = String::with_capacity(text.len());
    let mut copied = 0;
    for (start, end) in blanks {
        clean.push_str(text.get(copied..start).unwrap_or_default());
        let blanked = text.get(start..end).unwrap_or_default();
        let is_comment = end > start + 1;
        clean.extend(blanked.bytes().map(|byte| match byte {
            b'\n' if is_comment => '\n',
            b'\n' => LINE_BREAK,
            _ => ' ',
        }));
        copied = end;
    }
    clean.push_str(text.get(copied..).unwrap_or_default());
    Cow::Owned(clean)
}

/// Stands for a line break inside a string, which JSON does not take, until the string is read.
const LINE_BREAK: char = '\u{7f}';

/// Where blanks go, in order.
struct Blanks<'t> {
    text: &'t [u8],
    at: usize,
    found: Vec<(usize, usize)>,
    /// The last byte outside of comments that is no blank, and the one before it with where the last stands.
    last: u8,
    before: (u8, usize),
}

impl<'t> Blanks<'t> {
    fn find(text: &'t str) -> Vec<(usize, usize)> {
        let mut blanks =
            Self { text: text.as_bytes(), at: 0, found: Vec::new(), last: b'{', before: (b'{', 0) };
        while let Some(&byte) = blanks.text.get(blanks.at) {
            blanks.byte(byte);
        }
        blanks.found.sort_unstable();
        blanks.found
    }

    fn byte(&mut self, byte: u8) {
        let next = self.text.get(self.at + 1).copied();
        match byte {
            b'"' => {
                self.significant(byte);
                self.string();
                return;
            }
            b'/' if next == Some(b'/') => self.comment(b"\n", 0),
            b'/' if next == Some(b'*') => self.comment(b"*/", 2),
            b' ' | b'\t' | b'\r' | b'\n' => {}
            b'}' | b']' => {
                let (before, at) = self.before;
                if self.last == b',' && !matches!(before, b'{' | b'[' | b',' | b':') {
                    self.found.push((at, at + 1));
                }
                self.significant(byte);
            }
            0x80.. => self.wide_blank(),
            other => self.significant(other),
        }
        self.at += 1;
    }

    fn significant(&mut self, byte: u8) {
        self.before = (self.last, self.at);
        self.last = byte;
    }

    /// Passes a string, whose control characters JSON would not take.
    fn string(&mut self) {
        self.at += 1;
        while let Some(&byte) = self.text.get(self.at) {
            match byte {
                b'"' => {
                    self.at += 1;
                    return;
                }
                b'\\' => self.at += 1,
                ..b' ' => self.found.push((self.at, self.at + 1)),
                _ => {}
            }
            self.at += 1;
        }
    }

    /// Passes a comment up to its end, of which so many bytes belong to it, less the byte that the caller passes.
    fn comment(&mut self, end: &[u8], own: usize) {
        let start = self.at;
        let inside = (start + 2).min(self.text.len());
        let rest = self.text.get(inside..).unwrap_or_default();
        let length = memchr::memmem::find(rest, end).map_or(rest.len(), |found| found + own);
        self.found.push((start, inside + length));
        self.at = inside + length - 1;
    }

    /// Blanks that come along when a template is copied from a page, and byte-order marks.
    fn wide_blank(&mut self) {
        let rest = self.text.get(self.at..).unwrap_or_default();
        for blank in WIDE_BLANKS {
            if rest.starts_with(blank) {
                self.found.push((self.at, self.at + blank.len()));
                self.at += blank.len() - 1;
                return;
            }
        }
        self.significant(b'a');
    }
}

/// A byte-order mark, a space that does not break, a line separator.
const WIDE_BLANKS: [&[u8]; 3] = ["\u{feff}".as_bytes(), "\u{a0}".as_bytes(), "\u{2028}".as_bytes()];

/// What a text says that was cleaned, expressions as they are written; null where it is not JSON.
pub(crate) fn read(cleaned: &str) -> (Value<'_>, Option<Malformed>) {
    let mut first = First(None);
    let broken = read_stream(cleaned, &mut first).into_iter().next();
    match broken {
        Some(broken) => (Value::Null, Some(placed(cleaned, broken))),
        None => (first.0.unwrap_or(Value::Null), None),
    }
}

/// The same with the line and column of the text as people have it.
fn placed(cleaned: &str, broken: Malformed) -> Malformed {
    let offset = usize::try_from(broken.offset).unwrap_or(usize::MAX).min(cleaned.len());
    let before = cleaned.as_bytes().get(..offset).unwrap_or_default();
    let is_break = |byte: &u8| *byte == b'\n' || char::from(*byte) == LINE_BREAK;
    let line_start = before.iter().rposition(is_break).map_or(0, |position| position + 1);
    Malformed {
        line: 1 + before.iter().filter(|byte| is_break(byte)).count() as u64,
        column: (offset - line_start + 1) as u64,
        resumed: false,
        ..broken
    }
}

/// The first document of a text.
struct First<'a>(Option<Value<'a>>);

impl<'a> ReadOne<'a> for First<'a> {
    fn document(&mut self, reader: &mut StrReader<'a>) -> Result<(), serde_json::Error> {
        let value = Value::deserialize(reader)?;
        self.0.get_or_insert(value);
        Ok(())
    }

    fn broken(&mut self) {}
}

impl<'de> Deserialize<'de> for Value<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Seed(Whole).deserialize(deserializer)
    }
}

struct Whole;

impl<'de> Lenient<'de> for Whole {
    type Value = Value<'de>;

    fn absent(self) -> Value<'de> {
        Value::Null
    }

    fn not(self, json: Json) -> Value<'de> {
        match json {
            Json::Boolean(flag) => Value::Flag(flag),
            Json::Unknown(cause) => Value::unknown(cause, ""),
            Json::Null => Value::Null,
            // Never asked: each of them has a method of its own.
            Json::Number | Json::Text | Json::List | Json::Object | Json::Cut => {
                Value::unknown(Cause::Unsupported, "")
            }
        }
    }

    fn text(self, text: Cow<'de, str>) -> Value<'de> {
        if text.contains(LINE_BREAK) {
            return Value::Text(Cow::Owned(text.replace(LINE_BREAK, "\n")));
        }
        Value::Text(text)
    }

    fn number(self, number: impl fmt::Display) -> Value<'de> {
        number_of(&number.to_string()).unwrap_or(Value::Null)
    }

    fn list<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value<'de>, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element()? {
            items.push(item);
        }
        Ok(Value::written_list(items))
    }

    fn object<A: MapAccess<'de>>(self, mut object: A) -> Result<Value<'de>, A::Error> {
        let mut entries = Vec::new();
        let mut at = None;
        while let Some(Key(key)) = object.next_key::<Key<'de>>()? {
            if let Cow::Borrowed(key) = key {
                at.get_or_insert(key);
            }
            entries.push((key, object.next_value()?));
        }
        Ok(Value::written_object(entries, at))
    }
}

/// A number by its digits.
pub(crate) fn number_of<'a>(digits: &str) -> Option<Value<'a>> {
    let whole = digits.parse().ok().map(Value::Number);
    whole.or_else(|| digits.parse().ok().map(Value::Real))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_no_json_becomes_blanks_and_nothing_moves() {
        for (text, expected) in [
            (r#"{"a": 1}"#, r#"{"a": 1}"#),
            ("{ // one\n\"a\": 1 }", "{       \n\"a\": 1 }"),
            ("{/* \"b\": 2,\n */\"a\": 1}", "{          \n   \"a\": 1}"),
            ("{\"a\": \"x // y /* z\"}", "{\"a\": \"x // y /* z\"}"),
            ("{\"a\": \"x\n  y\"}", "{\"a\": \"x\u{7f}  y\"}"),
            ("{\"a\": \"x\r\n\ty\"}", "{\"a\": \"x \u{7f} y\"}"),
            ("{\"a\": [1, 2, ], }", "{\"a\": [1, 2  ]  }"),
            ("{\"a\": [1, 2, /* 3 */ ] }", "{\"a\": [1, 2          ] }"),
            ("\u{feff}{\"a\":\u{a0}\"\u{a0}é\"}", "   {\"a\":  \"\u{a0}é\"}"),
            ("{\"a\": \"\\\"// x\"} // end", "{\"a\": \"\\\"// x\"}       "),
            ("{ /* never closed", "{                "),
            // Not what az takes: it stays, and is told.
            ("[,]", "[,]"),
            ("[1,,]", "[1,,]"),
            ("{\"a\": ,}", "{\"a\": ,}"),
        ] {
            assert_eq!(cleaned(text), expected, "{text}");
            assert_eq!(cleaned(text).len(), text.len(), "{text}");
        }
    }

    #[test]
    fn numbers_and_texts_stay_apart_and_places_are_kept() {
        let text = "{ // where\n \"b\": 80, \"c\": [\"80\", 1.5, null, true], \"d\": {\"e\": 1},}";
        let clean = cleaned(text);
        let (value, broken) = read(&clean);
        assert_eq!(broken, None);
        assert_eq!(value.own("B"), Some(&Value::Number(80)));
        let list = value.own("c").and_then(Value::as_list).unwrap();
        assert_eq!(list, [Value::Text("80".into()), Value::Real(1.5), Value::Null, Value::Flag(true)]);
        let inner = value.own("d").and_then(Value::as_object).unwrap();
        assert_eq!(inner.at, Some("e"));
        assert_eq!(inner.at.unwrap().as_ptr() as usize - clean.as_ptr() as usize, text.find("e\":").unwrap());
    }

    #[test]
    fn a_broken_text_says_where() {
        let (value, broken) = read("{\n  \"a\": 1\n  \"b\": 2\n}");
        let broken = broken.unwrap();
        assert_eq!((value, broken.line, broken.column), (Value::Null, 3, 3));
        let text = "{\n  \"a\": \"1,\n  \"b\": 2\n}";
        let (_, broken) = read(&cleaned(text));
        assert_eq!(broken.map(|broken| (broken.line, broken.column)), Some((3, 4)));
        let text = "{\"a\": \"x\r\ny\"}";
        let clean = cleaned(text);
        assert_eq!(read(&clean).0.own("a"), Some(&Value::Text("x \ny".into())));
    }

    proptest! {
        #[test]
        fn any_text_stays_as_long_as_it_is(text in r#"[\[\]{}":,\\/* a1é\n]{0,60}"#) {
            let clean = cleaned(&text);
            prop_assert_eq!(clean.len(), text.len());
            // What JSON takes as it is, is not touched.
            if serde_json::from_str::<serde::de::IgnoredAny>(&text).is_ok() {
                prop_assert_eq!(&*clean, text.as_str());
            }
            read(&clean);
        }
    }
}
