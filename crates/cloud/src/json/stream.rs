//! Several JSON documents in one text: concatenated, or one on each line.

use core::ops::Range;

use serde::de::IgnoredAny;

/// Text that is not JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Malformed {
    /// The byte at which it was noticed.
    pub offset: u64,
    /// Its line, from 1.
    pub line: u64,
    /// Its byte in the line, from 1.
    pub column: u64,
    /// What was expected, in a few words.
    pub expected: String,
    /// Whether what follows the line was read.
    pub resumed: bool,
}

/// Reads all documents of a text, one after the other, with `read`. Whatever was read before a broken place is kept;
/// after a document that is one line, reading goes on with the next line; after text that is no JSON, a warning of the
/// command line say, with the first bracket behind it.
pub fn read_stream<'a>(text: &'a str, read: &mut dyn ReadOne<'a>) -> Vec<Malformed> {
    let mut broken: Vec<Malformed> = Vec::new();
    let mut start = 0;
    let mut after_text = false;
    while let Some(rest) = text.get(start..) {
        let blank = rest.len() - rest.trim_start().len();
        let Some(document) = rest.get(blank..).filter(|document| !document.is_empty()) else { break };
        start += blank;
        let mut reader = serde_json::Deserializer::from_str(document);
        match read.document(&mut reader) {
            Ok(()) => start += reader.into_iter::<IgnoredAny>().byte_offset().max(1),
            Err(error) => {
                read.broken();
                let next = if error.line() == 1 && broken.len() < BROKEN_LINES_MAX {
                    next_start(text, start, after_text)
                } else {
                    None
                };
                broken.push(malformed(text, start, &error, next.is_some()));
                let Some(next) = next else { break };
                after_text = !document.starts_with(['{', '[']);
                start = next;
            }
        }
    }
    broken
}

/// Who reads the documents of a stream.
pub trait ReadOne<'a> {
    /// Reads one document.
    ///
    /// # Errors
    /// Where it is not JSON.
    fn document(&mut self, reader: &mut StrReader<'a>) -> Result<(), serde_json::Error>;

    /// The document that is read now is broken: what was read of it is all there is.
    fn broken(&mut self);
}

/// A reader of JSON in a text.
pub type StrReader<'a> = serde_json::Deserializer<serde_json::de::StrRead<'a>>;

/// After so many broken lines a text is not worth reading on.
const BROKEN_LINES_MAX: usize = 100;

/// Where reading goes on after a document that is broken on its first line: at the first bracket after a text that is
/// no JSON, else with the next line; `None` when what follows on the line belongs to a document that was read.
fn next_start(text: &str, start: usize, after_text: bool) -> Option<usize> {
    let line = line_around(text, start);
    let rest = text.get(start..line.end).unwrap_or_default();
    match rest.find(['{', '[']) {
        Some(offset) if offset > 0 => Some(start + offset),
        Some(_) if line.start != start && !after_text => None,
        Some(_) | None => Some(line.end).filter(|end| *end < text.len()),
    }
}

/// The line that holds the byte at `at`, without its end.
fn line_around(text: &str, at: usize) -> Range<usize> {
    let (before, after) = text.split_at_checked(at).unwrap_or((text, ""));
    let start = before.rfind('\n').map_or(0, |end| end + 1);
    start..at + after.find('\n').unwrap_or(after.len())
}

fn malformed(text: &str, start: usize, error: &serde_json::Error, resumed: bool) -> Malformed {
    let document = text.get(start..).unwrap_or_default();
    let lines_before = text.get(..start).unwrap_or_default().matches('\n').count();
    let first_column = start - line_around(text, start).start;
    let line_start = match error.line() {
        0 | 1 => 0,
        line => document.match_indices('\n').nth(line - 2).map_or(document.len(), |(end, _)| end + 1),
    };
    let message = error.to_string();
    let expected = message.split(" at line ").next().unwrap_or(&message);
    Malformed {
        offset: (start + line_start + error.column().saturating_sub(1)).min(text.len()) as u64,
        line: (lines_before + error.line().max(1)) as u64,
        column: (if error.line() <= 1 { first_column + error.column() } else { error.column() }) as u64,
        expected: expected.to_owned(),
        resumed,
    }
}

#[cfg(test)]
mod tests {
    use serde::de::{DeserializeSeed as _, MapAccess, SeqAccess};

    use super::*;
    use crate::json::{Json, Lenient, Seed, Tree};

    #[derive(Default)]
    struct Names(Vec<String>);

    impl<'a> ReadOne<'a> for Names {
        fn document(&mut self, reader: &mut StrReader<'a>) -> Result<(), serde_json::Error> {
            struct Elements<'n>(&'n mut Names);
            impl<'de> Lenient<'de> for Elements<'_> {
                type Value = ();
                fn absent(self) {}
                fn not(self, _: Json) {}
                fn list<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
                    while let Some(element) = list.next_element::<Tree<'de>>()? {
                        if let Tree::Object(node) = element
                            && let Some(Tree::Text(name)) = node.own("name")
                        {
                            self.0.0.push(name.to_string());
                        }
                    }
                    Ok(())
                }
                fn object<A: MapAccess<'de>>(self, mut object: A) -> Result<(), A::Error> {
                    while let Some((key, value)) = object.next_entry::<String, Tree<'de>>()? {
                        if key == "name"
                            && let Tree::Text(name) = value
                        {
                            self.0.0.push(name.into_owned());
                        }
                    }
                    Ok(())
                }
            }
            Seed(Elements(self)).deserialize(reader)
        }

        fn broken(&mut self) {}
    }

    fn names(text: &str) -> (Vec<String>, Vec<Malformed>) {
        let mut names = Names::default();
        let broken = read_stream(text, &mut names);
        (names.0, broken)
    }

    #[test]
    fn documents_follow_each_other_in_any_layout() {
        for text in [
            r#"[{"name":"a"},{"name":"b"}]"#,
            "{\"name\":\"a\"}\n{\"name\":\"b\"}\r\n",
            r#"{"name":"a"}[{"name":"b"}] null 7"#,
            r#" {"name":"a"}{"name":"b"} "#,
        ] {
            assert_eq!(names(text).0, ["a", "b"], "{text}");
            assert_eq!(names(text).1, [], "{text}");
        }
    }

    #[test]
    fn what_stands_before_a_broken_place_is_kept() {
        let (found, broken) = names("[\n {\"name\":\"a\"},\n {\"name\":\"b\", \"id\"");
        assert_eq!(found, ["a"]);
        let place = broken.first().unwrap();
        assert_eq!((place.line, place.column, place.resumed), (3, 18, false));
        assert_eq!(place.expected, "EOF while parsing an object");
    }

    #[test]
    fn a_broken_line_of_a_stream_of_lines_is_one_line() {
        let (found, broken) = names("{\"name\":\"a\"}\n{\"name\":]\n{\"name\":\"c\"}\n");
        assert_eq!(found, ["a", "c"]);
        assert_eq!(broken.iter().map(|b| (b.line, b.column, b.resumed)).collect::<Vec<_>>(), [(2, 9, true)]);
        assert_eq!(broken[0].offset, 21);
    }

    #[test]
    fn text_before_the_json_is_one_broken_place() {
        for text in [
            "WARNING: the command is in preview\n[{\"name\":\"a\"}]",
            "WARNING: the command is in preview [{\"name\":\"a\"}]",
            "\u{feff}\u{feff}[{\"name\":\"a\"}]",
        ] {
            let (found, broken) = names(text);
            assert_eq!(found, ["a"], "{text}");
            assert_eq!(broken.iter().map(|b| b.resumed).collect::<Vec<_>>(), [true], "{text}");
        }
        assert_eq!(names("WARNING: [x] is old\n[{\"name\":\"a\"}]").0, ["a"]);
    }

    #[test]
    fn nesting_too_deep_to_read_whole_is_one_broken_place() {
        let deep = format!("{{\"name\":\"a\",\"x\":{}1{}}}", "[".repeat(2000), "]".repeat(2000));
        let (found, broken) = names(&format!("[{{\"name\":\"b\"}},\n{deep}]"));
        assert_eq!((found.as_slice(), broken.len()), (["b".to_owned()].as_slice(), 1));
        let (_, broken) = names(&"[".repeat(2000));
        assert_eq!(broken.len(), 1);
    }
}
