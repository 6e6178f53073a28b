//! Byte offsets to lines and columns.
//!
//! Knows nothing of files or encodings: the text is UTF-8 and lines end with `\n`. A `\r` before it is the
//! last character of its line.

use std::sync::OnceLock;

use memchr::{memchr_iter, memrchr};

/// A place in a text as an editor shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters (Unicode scalar values), from 1.
    pub column: usize,
}

impl Place {
    const START: Self = Self { line: 1, column: 1 };

    /// The place right after the last character of `text`.
    #[must_use]
    pub fn after(text: &str) -> Self {
        Self::START.advanced(text.as_bytes())
    }

    /// The place after these bytes as well. A character counts where its first byte is.
    fn advanced(self, bytes: &[u8]) -> Self {
        match memrchr(b'\n', bytes) {
            None => Self { line: self.line, column: self.column + characters(bytes) },
            Some(last) => Self {
                line: self.line + memchr_iter(b'\n', bytes).count(),
                column: characters(bytes.get(last..).unwrap_or_default()),
            },
        }
    }
}

/// The lines of one text, counted when the first place is asked for.
///
/// Keeps one place for every 4 KiB of text and counts on from there, so that an answer costs well under a
/// microsecond in a document of one line as in one of a million, for half a percent of its memory.
///
/// # Example
///
/// ```
/// use read::lines::{Lines, Place};
///
/// let lines = Lines::new("[\n  \"ü\", 22\n]");
/// assert_eq!(lines.place(10), Place { line: 2, column: 8 });
/// ```
#[derive(Debug)]
pub struct Lines<'t> {
    text: &'t str,
    marks: OnceLock<Vec<Place>>,
}

impl<'t> Lines<'t> {
    /// Takes the text and does nothing yet.
    #[must_use]
    pub fn new(text: &'t str) -> Self {
        Self { text, marks: OnceLock::new() }
    }

    /// The place of the character at a byte offset; beyond the end, the place after the last character.
    #[must_use]
    pub fn place(&self, offset: usize) -> Place {
        let offset = self.text.floor_char_boundary(offset);
        let block = offset / BLOCK_BYTES;
        let mark = self.marks().get(block).copied().unwrap_or(Place::START);
        mark.advanced(self.text.as_bytes().get(block * BLOCK_BYTES..offset).unwrap_or_default())
    }

    /// The place before every block, and after the last.
    fn marks(&self) -> &[Place] {
        self.marks.get_or_init(|| {
            let mut place = Place::START;
            let mut marks = vec![place];
            for block in self.text.as_bytes().chunks(BLOCK_BYTES) {
                place = place.advanced(block);
                marks.push(place);
            }
            marks
        })
    }
}

/// How many characters start in these bytes.
fn characters(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0b1100_0000 != 0b1000_0000).count()
}

const BLOCK_BYTES: usize = 4 << 10;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The same by walking every character.
    fn naive(text: &str, offset: usize) -> Place {
        let mut place = Place::START;
        for (_, character) in text.char_indices().take_while(|(start, c)| start + c.len_utf8() <= offset) {
            place = match character {
                '\n' => Place { line: place.line + 1, column: 1 },
                _ => Place { line: place.line, column: place.column + 1 },
            };
        }
        place
    }

    #[test]
    fn lines_and_columns_start_at_one() {
        let lines = Lines::new("ab\r\n\ncd");
        let places = [(0, 1, 1), (1, 1, 2), (2, 1, 3), (3, 1, 4), (4, 2, 1), (5, 3, 1), (6, 3, 2), (7, 3, 3)];
        for (offset, line, column) in places {
            assert_eq!(lines.place(offset), Place { line, column }, "{offset}");
        }
        assert_eq!(lines.place(usize::MAX), Place { line: 3, column: 3 });
        assert_eq!(Lines::new("").place(0), Place::START);
    }

    #[test]
    fn columns_count_characters_and_their_inner_bytes_belong_to_them() {
        let lines = Lines::new("ü🔥x");
        let columns: Vec<usize> = (0..=7).map(|offset| lines.place(offset).column).collect();
        assert_eq!(columns, [1, 1, 2, 2, 2, 2, 3, 4]);
    }

    #[test]
    fn a_text_of_many_blocks_agrees_with_the_naive_count() {
        for piece in ["x", "é", "🔥", "ab\n", "\n", "🔥é\nabc"] {
            let text = piece.repeat(3 * BLOCK_BYTES / piece.len() + 5);
            let lines = Lines::new(&text);
            for offset in
                (0..text.len() + 2).step_by(509).chain(BLOCK_BYTES - 3..BLOCK_BYTES + 4).chain([text.len()])
            {
                assert_eq!(lines.place(offset), naive(&text, offset), "{piece:?} at {offset}");
            }
        }
    }

    proptest! {
        #[test]
        fn any_offset_agrees_with_the_naive_count(text in "([a-zé🔥]|\\n|\\r\\n){0,60}", offset in 0_usize..200) {
            prop_assert_eq!(Lines::new(&text).place(offset), naive(&text, offset));
        }
    }
}
