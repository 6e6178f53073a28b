//! Parsing alone, for benchmarks: what reading and scanning are measured against.

use cloud::json::{ReadOne, StrReader, Tree, read_stream};
use serde::de::Deserialize as _;

/// Parses every document of a text into the tree that resources are read from, and drops it; how many entries its lists
/// have.
pub(crate) fn parsed_entries(text: &str) -> u64 {
    let mut entries = Entries(0);
    read_stream(text, &mut entries);
    entries.0
}

struct Entries(u64);

impl<'a> ReadOne<'a> for Entries {
    fn document(&mut self, reader: &mut StrReader<'a>) -> Result<(), serde_json::Error> {
        if let Tree::Object(answer) = Tree::deserialize(reader)? {
            for key in answer.keys() {
                if let Some(Tree::List(list)) = answer.own(key) {
                    self.0 += list.len() as u64;
                }
            }
        }
        Ok(())
    }

    fn broken(&mut self) {}
}
