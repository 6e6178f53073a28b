//! The items of all documents of a text, one after the other.

use cloud::json::{Malformed, ReadOne, Seed, StrReader};
use serde::de::DeserializeSeed as _;

use super::page::{Item, Page};

/// Hands the items of all documents of a text to `take`. Whatever was read before a broken place is kept.
pub(crate) fn read_stream<'a>(text: &'a str, take: &mut dyn FnMut(Item<'a>)) -> Vec<Malformed> {
    cloud::json::read_stream(text, &mut Documents { take })
}

struct Documents<'t, 'a> {
    take: &'t mut dyn FnMut(Item<'a>),
}

impl<'a> ReadOne<'a> for Documents<'_, 'a> {
    fn document(&mut self, reader: &mut StrReader<'a>) -> Result<(), serde_json::Error> {
        Seed(Page::of_document(&mut *self.take)).deserialize(reader)
    }

    fn broken(&mut self) {
        (self.take)(Item::End);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> (Vec<String>, Vec<Malformed>) {
        let mut names = Vec::new();
        let broken = read_stream(text, &mut |item| {
            if let Item::Resource(element) = item {
                names.extend(element.name.get().map(str::to_owned));
            }
        });
        (names, broken)
    }

    #[test]
    fn documents_follow_each_other_in_any_layout() {
        for text in [
            r#"[{"name":"a"},{"name":"b"}]"#,
            "{\"name\":\"a\"}\n{\"name\":\"b\"}\r\n",
            r#"{"value":[{"name":"a"}]}[{"name":"b"}] null 7"#,
            r#" {"name":"a"}{"name":"b"} "#,
        ] {
            assert_eq!(names(text).0, ["a", "b"], "{text}");
            assert_eq!(names(text).1, [], "{text}");
        }
    }

    #[test]
    fn nesting_is_no_danger() {
        let deep = format!("[{{\"name\":\"a\",\"x\":{}1{}}}]", "[".repeat(2000), "]".repeat(2000));
        assert_eq!(names(&deep).0, ["a"]);
    }
}
