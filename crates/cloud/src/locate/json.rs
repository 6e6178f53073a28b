//! From a byte of a JSON text to the place people look for: the line, and the pointer of what holds the byte.
//!
//! One pass, no tree, no recursion. Works on text that is not JSON as well as it can: the answer is then a good
//! guess, never a panic. Knows nothing about what the documents mean.

use memchr::{memchr, memchr3, memmem};

use super::{Place, push_step};

/// Finds for each offset the innermost object or array that contains that byte.
///
/// `offsets` are ascending; the answer has one place for each of them, in the same order. An offset outside of
/// every object and array gets its own line and the empty pointer.
pub(super) fn locate(text: &str, offsets: &[u64]) -> Vec<Place> {
    debug_assert!(offsets.is_sorted());
    let mut walk = Walk { text, line: 1, open: Vec::new(), word: None, places: Vec::new() };
    let mut wanted = offsets.iter().map(|&offset| usize::try_from(offset).unwrap_or(usize::MAX)).peekable();
    let mut at = 0;
    while wanted.peek().is_some() {
        let Some(&byte) = text.as_bytes().get(at) else { break };
        let next = match byte {
            b'"' => walk.string(at),
            b'/' => walk.comment(at),
            _ => at + 1,
        };
        // Opening first: the byte that opens a container is inside; closing last: so is the byte that closes it.
        walk.before(byte);
        while wanted.next_if(|&offset| offset < next).is_some() {
            walk.answer();
        }
        walk.after(byte);
        at = next;
    }
    wanted.for_each(|_| walk.answer());
    walk.places
}

/// An object or array that is open at the present byte.
struct Open {
    line: u64,
    step: Step,
}

/// Where in an open container the present byte is.
enum Step {
    /// In the element of an array with this index.
    Element(u64),
    /// In the member of an object whose name stands between these bytes; `None` before the first colon.
    Member(Option<(usize, usize)>),
}

struct Walk<'a> {
    text: &'a str,
    line: u64,
    open: Vec<Open>,
    // The last string: a name, if a colon follows.
    word: Option<(usize, usize)>,
    places: Vec<Place>,
}

impl Walk<'_> {
    /// Passes the comment that begins at `start`, if one does: templates of Azure have them, and quotes in them.
    fn comment(&mut self, start: usize) -> usize {
        let rest = self.text.as_bytes().get(start..).unwrap_or_default();
        let length = match rest.get(1) {
            // Its line ends behind it.
            Some(b'/') => memchr(b'\n', rest).unwrap_or(rest.len()),
            Some(b'*') => {
                let inside = rest.get(2..).unwrap_or_default();
                memmem::find(inside, b"*/").map_or(rest.len(), |end| end + 4)
            }
            _ => 1,
        };
        let comment = rest.get(..length).unwrap_or_default();
        self.line += comment.iter().filter(|byte| **byte == b'\n').count() as u64;
        start + length
    }

    /// Passes the string that opens at `start`; returns the position after it.
    fn string(&mut self, start: usize) -> usize {
        let mut at = start + 1;
        while let Some(found) =
            self.text.as_bytes().get(at..).and_then(|rest| memchr3(b'"', b'\\', b'\n', rest))
        {
            let position = at + found;
            match self.text.as_bytes().get(position) {
                Some(b'"') => {
                    self.word = Some((start + 1, position));
                    return position + 1;
                }
                // No JSON string holds a line break; a broken one may.
                Some(b'\n') => {
                    self.line += 1;
                    at = position + 1;
                }
                _ => at = position + 2,
            }
        }
        self.text.len()
    }

    fn before(&mut self, byte: u8) {
        match byte {
            b'{' => self.open.push(Open { line: self.line, step: Step::Member(None) }),
            b'[' => self.open.push(Open { line: self.line, step: Step::Element(0) }),
            _ => {}
        }
    }

    fn after(&mut self, byte: u8) {
        match byte {
            b'\n' => self.line += 1,
            b'}' | b']' => {
                self.open.pop();
            }
            b':' => {
                if let Some(Open { step: Step::Member(name), .. }) = self.open.last_mut() {
                    *name = self.word;
                }
            }
            b',' => {
                if let Some(Open { step: Step::Element(index), .. }) = self.open.last_mut() {
                    *index += 1;
                }
            }
            _ => {}
        }
    }

    fn answer(&mut self) {
        let line = self.open.last().map_or(self.line, |open| open.line);
        let steps = self.open.len().saturating_sub(1);
        let mut pointer = String::new();
        for Open { step, .. } in self.open.iter().take(steps) {
            pointer.push('/');
            match *step {
                Step::Element(index) => pointer.push_str(&index.to_string()),
                Step::Member(Some((start, end))) => {
                    push_name(&mut pointer, self.text.get(start..end).unwrap_or_default());
                }
                Step::Member(None) => {}
            }
        }
        self.places.push(Place { line, pointer });
    }
}

/// Appends a name as it stands in JSON: its escapes undone, then those of RFC 6901 done.
fn push_name(pointer: &mut String, name: &str) {
    let mut units = Units { rest: name.chars() };
    push_step(pointer, core::iter::from_fn(|| units.character()));
}

/// The characters of a JSON string. What is not an escape of JSON stands for itself.
struct Units<'a> {
    rest: core::str::Chars<'a>,
}

impl Units<'_> {
    fn character(&mut self) -> Option<char> {
        let character = self.rest.next()?;
        if character != '\\' {
            return Some(character);
        }
        Some(match self.rest.next() {
            Some('b') => '\u{8}',
            Some('f') => '\u{c}',
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            Some('u') => self.escaped_unit(),
            Some(other) => other,
            None => '\\',
        })
    }

    fn escaped_unit(&mut self) -> char {
        let high = self.hexadecimal();
        let pair_follows = high.is_some_and(|unit| (0xd800..0xdc00).contains(&unit))
            && self.rest.as_str().starts_with("\\u");
        if !pair_follows {
            return high.and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER);
        }
        self.rest.nth(1);
        let low = self.hexadecimal().filter(|unit| (0xdc00..0xe000).contains(unit));
        let joined = high.zip(low).map(|(high, low)| 0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00));
        joined.and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER)
    }

    fn hexadecimal(&mut self) -> Option<u32> {
        let digits = self.rest.as_str().get(..4)?;
        let unit = u32::from_str_radix(digits, 16).ok()?;
        self.rest.nth(3);
        Some(unit)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Places of every `^`, which is taken out of the text first.
    fn check(marked: &str, expected: &[(u64, &str)]) {
        let offsets: Vec<u64> =
            marked.match_indices('^').enumerate().map(|(n, (at, _))| (at - n) as u64).collect();
        let places = locate(&marked.replace('^', ""), &offsets);
        let found: Vec<_> = places.iter().map(|place| (place.line, place.pointer.as_str())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_rule_in_a_list_of_groups() {
        let text = "[\n  {\n    \"name\": \"^nsg\",\n    \"securityRules\": [\n      {},\n      {\"name\": \"^b\"},\n      \
                    {\n \"x\": [1, 2],\"name\": ^\"c\"}\n    ]\n  }\n]";
        check(text, &[(2, "/0"), (6, "/0/securityRules/1"), (7, "/0/securityRules/2")]);
    }

    #[test]
    fn rest_form_and_values_after_nested_ones() {
        let text = r#"{"value":[{"properties":{"securityRules":[{"a":{}},{"b":[[]],"name":"^x"}]},"id":"^y"}],"z":^1}"#;
        check(text, &[(1, "/value/0/properties/securityRules/1"), (1, "/value/0"), (1, "")]);
    }

    #[test]
    fn several_documents_each_have_their_own_root() {
        check("{\"a\":^1}\n[^{\"b\":2}]\n^ 7", &[(1, ""), (2, "/0"), (3, "")]);
    }

    #[test]
    fn brackets_are_inside_what_they_open_and_close() {
        check(r#"{"a":^[1^]^}"#, &[(1, "/a"), (1, "/a"), (1, "")]);
    }

    #[test]
    fn names_are_unescaped_and_escaped_again() {
        check(r#"{"a/b~c":{"é\"\u00e9\ud83d\ude00":[^1]}}"#, &[(1, "/a~1b~0c/é\"é😀")]);
        check(r#"{"\ud83dx\u12":[^1]}"#, &[(1, "/\u{fffd}x\u{fffd}12")]);
    }

    #[test]
    fn quotes_and_brackets_in_comments_are_nothing() {
        let text = "{ // it's \"quoted {\n \"a\": /* [\n \" */ [^1],\n \"b\": {^}\n} // \"\n^";
        check(text, &[(3, "/a"), (4, "/b"), (6, "")]);
        check("{\"a\": /*/ [ */ {^}, \"u\": \"https://x\", \"b\": {^} /", &[(1, "/a"), (1, "/b")]);
    }

    #[test]
    fn brackets_in_strings_are_text() {
        check(r#"{"a":"]}\"}","b":[^]}"#, &[(1, "/b")]);
    }

    #[test]
    fn broken_text_gives_a_guess() {
        check("}]{\"a\":[{\"b^", &[(1, "/a/0")]);
        check("\"open\n^", &[(2, "")]);
        assert_eq!(locate("[", &[0, 99, u64::MAX]).len(), 3);
        assert_eq!(locate("", &[0]), [Place { line: 1, pointer: String::new() }]);
    }

    #[test]
    fn deep_nesting_needs_no_stack() {
        let depth = 200_000;
        let places = locate(&"[".repeat(depth), &[depth as u64 - 1]);
        assert_eq!(places[0].pointer.len(), 2 * (depth - 1));
    }

    proptest! {
        #[test]
        fn any_text_gives_a_place_for_every_offset(text in r#"[\[\]{}":,\\u0-9a-c\n^]{0,60}"#, mut offsets in proptest::collection::vec(0_u64..80, 0..6)) {
            offsets.sort_unstable();
            prop_assert_eq!(locate(&text, &offsets).len(), offsets.len());
        }
    }
}
