//! Parsing alone, for benchmarks: what reading and scanning are measured against.

use serde::de::Deserialize as _;

use super::stream::{ReadOne, StrReader, read_stream};
use super::tree::Tree;

/// Parses every document of a text into the tree that resources are read from, and drops it; how many entries its lists
/// have, at its top or one level below.
#[must_use]
pub fn parsed_entries(text: &str) -> u64 {
    let mut entries = Entries(0);
    read_stream(text, &mut entries);
    entries.0
}

struct Entries(u64);

impl<'a> ReadOne<'a> for Entries {
    fn document(&mut self, reader: &mut StrReader<'a>) -> Result<(), serde_json::Error> {
        match Tree::deserialize(reader)? {
            Tree::List(list) => self.0 += list.len() as u64,
            Tree::Object(answer) => {
                for (_, value) in answer.entries() {
                    if let Tree::List(list) = value {
                        self.0 += list.len() as u64;
                    }
                }
            }
            Tree::Null | Tree::Flag(_) | Tree::Text(_) | Tree::Unknown(_) => {}
        }
        Ok(())
    }

    fn broken(&mut self) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_of_lists_are_counted_wherever_the_answer_has_them() {
        assert_eq!(parsed_entries(r#"[{"a": [1, 2]}, {}]"#), 2);
        assert_eq!(parsed_entries(r#"{"a": [1, 2], "b": [{"c": [3]}], "d": 4}"#), 3);
        assert_eq!(parsed_entries("{\"a\": [1]}\n{\"a\": [1]}"), 2);
    }
}
