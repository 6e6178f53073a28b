//! JSON whose text speaks to no terminal: controls beyond ASCII and characters that hide or reorder are written as
//! `\uXXXX`, which every reader of JSON turns back into what they are.

use std::io;

use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::{CompactFormatter, Formatter, PrettyFormatter};

use crate::visible::is_treacherous;

/// Writes indented JSON.
pub(crate) fn write_pretty(out: &mut impl io::Write, value: &impl Serialize) -> io::Result<()> {
    let mut serializer = Serializer::with_formatter(out, Careful(PrettyFormatter::new()));
    value.serialize(&mut serializer).map_err(io::Error::from)
}

/// Writes JSON without a line break.
pub(crate) fn write_compact(out: &mut impl io::Write, value: &impl Serialize) -> io::Result<()> {
    let mut serializer = Serializer::with_formatter(out, Careful(CompactFormatter));
    value.serialize(&mut serializer).map_err(io::Error::from)
}

/// A layout that writes treacherous characters by number.
struct Careful<F>(F);

impl<F: Formatter> Formatter for Careful<F> {
    fn write_string_fragment<W: ?Sized + io::Write>(
        &mut self,
        out: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        // DEL is the one treacherous character of ASCII that JSON does not escape.
        if fragment.bytes().all(|byte| byte.is_ascii() && byte != 0x7f) {
            return out.write_all(fragment.as_bytes());
        }
        let mut rest = fragment;
        while let Some((place, c)) = rest.char_indices().find(|(_, c)| is_treacherous(*c)) {
            let (plain, after) = rest.split_at(place);
            out.write_all(plain.as_bytes())?;
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(out, "\\u{unit:04x}")?;
            }
            rest = after.split_at(c.len_utf8()).1;
        }
        out.write_all(rest.as_bytes())
    }

    fn begin_array<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_array(out)
    }

    fn end_array<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_array(out)
    }

    fn begin_array_value<W: ?Sized + io::Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_array_value(out, first)
    }

    fn end_array_value<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_array_value(out)
    }

    fn begin_object<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_object(out)
    }

    fn end_object<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object(out)
    }

    fn begin_object_key<W: ?Sized + io::Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_object_key(out, first)
    }

    fn begin_object_value<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_object_value(out)
    }

    fn end_object_value<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object_value(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_by_number_reads_back_as_it_was() {
        for text in [
            "plain",
            "Zürich",
            "evil\u{202e}\u{9b}31m\u{7f}",
            "\u{e0041}tag",
            "\u{1b}[2J\"\\",
            "日本\u{200b}",
        ] {
            let (mut pretty, mut compact) = (Vec::new(), Vec::new());
            write_pretty(&mut pretty, &text).unwrap();
            write_compact(&mut compact, &text).unwrap();
            for out in [pretty, compact] {
                let written = String::from_utf8(out).unwrap();
                assert!(!written.chars().any(is_treacherous), "{written:?}");
                assert_eq!(serde_json::from_str::<String>(&written).unwrap(), text);
            }
        }
    }

    #[test]
    fn layouts_are_those_of_the_library() {
        let value = serde_json::json!({"a": [1, {"b": []}, {}], "c": null});
        let (mut pretty, mut compact) = (Vec::new(), Vec::new());
        write_pretty(&mut pretty, &value).unwrap();
        write_compact(&mut compact, &value).unwrap();
        assert_eq!(String::from_utf8(pretty).unwrap(), serde_json::to_string_pretty(&value).unwrap());
        assert_eq!(String::from_utf8(compact).unwrap(), serde_json::to_string(&value).unwrap());
    }
}
