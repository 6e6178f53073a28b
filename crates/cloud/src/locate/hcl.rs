//! Places in the language of Terraform.
//!
//! Knows brackets, strings, heredocs and comments, and nothing of what blocks mean.

use std::collections::BTreeMap;

use super::{Place, push_step};

/// See [`super::locate`].
pub(super) fn locate(text: &str, offsets: &[u64]) -> Vec<Place> {
    let pieces = Walk::new(text).pieces();
    let mut open: Vec<usize> = Vec::new();
    let mut next = 0;
    let mut lines = Lines { text, at: 0, line: 1 };
    let mut places = Vec::with_capacity(offsets.len());
    for offset in offsets {
        let offset = usize::try_from(*offset).unwrap_or(usize::MAX);
        while let Some(piece) = pieces.get(next).filter(|piece| piece.start <= offset) {
            // Their ends are known: what is closed before this one begins holds nothing of it.
            close_before(&mut open, piece.start, &pieces);
            open.push(next);
            next += 1;
        }
        close_before(&mut open, offset, &pieces);
        places.push(match open.last().and_then(|place| pieces.get(*place)) {
            Some(piece) => Place { line: piece.line, pointer: pointer(&pieces, piece) },
            None => Place { line: lines.of(offset), pointer: String::new() },
        });
    }
    places
}

/// Takes off what is closed before a byte. What holds something is closed behind it.
fn close_before(open: &mut Vec<usize>, byte: usize, pieces: &[Piece]) {
    let is_closed = |place: &usize| pieces.get(*place).is_none_or(|piece| piece.end < byte);
    while open.pop_if(|place| is_closed(place)).is_some() {}
}

/// A block, an object or a list: from the first byte of its header to the bracket that closes it.
struct Piece {
    start: usize,
    end: usize,
    line: u64,
    parent: Option<usize>,
    /// How it is reached from its parent.
    steps: Vec<String>,
}

fn pointer(pieces: &[Piece], piece: &Piece) -> String {
    let mut chain = vec![piece];
    while let Some(parent) = chain.last().and_then(|last| last.parent).and_then(|place| pieces.get(place)) {
        chain.push(parent);
    }
    let mut pointer = String::new();
    for step in chain.iter().rev().flat_map(|piece| &piece.steps) {
        pointer.push('/');
        push_step(&mut pointer, step.chars());
    }
    pointer
}

/// Lines of ascending offsets.
struct Lines<'a> {
    text: &'a str,
    at: usize,
    line: u64,
}

impl Lines<'_> {
    fn of(&mut self, offset: usize) -> u64 {
        let end = offset.min(self.text.len());
        let passed = self.text.as_bytes().get(self.at..end).unwrap_or_default();
        self.line += passed.iter().filter(|byte| **byte == b'\n').count() as u64;
        self.at = self.at.max(end);
        self.line
    }
}

/// What is open at the present byte.
struct Open {
    /// Its piece; brackets of calls and templates have none.
    piece: Option<usize>,
    /// The piece that what opens in it is reached from: its own, or the one around it.
    around: Option<usize>,
    closes: u8,
    /// Whether statements stand in it: blocks and attributes, as in the file itself, or the entries of an object.
    has_statements: bool,
    /// How many of its items have begun, where it is a list.
    items: u64,
    /// How many blocks of each name it has.
    blocks: BTreeMap<String, u64>,
    /// The words of the statement that begins: `ingress`, `resource "a" "b"`, `key =`.
    words: Vec<String>,
    /// Where the statement begins, and its line.
    begins: Option<(usize, u64)>,
    /// Whether `=` or `:` stands behind the words.
    is_assigned: bool,
}

impl Open {
    fn new(piece: Option<usize>, around: Option<usize>, closes: u8, has_statements: bool) -> Self {
        Self {
            piece,
            around: piece.or(around),
            closes,
            has_statements,
            items: 0,
            blocks: BTreeMap::new(),
            words: Vec::new(),
            begins: None,
            is_assigned: false,
        }
    }

    fn end_statement(&mut self) {
        self.words.clear();
        self.begins = None;
        self.is_assigned = false;
    }
}

struct Walk<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    line: u64,
    open: Vec<Open>,
    pieces: Vec<Piece>,
}

impl<'a> Walk<'a> {
    fn new(text: &'a str) -> Self {
        let file = Open::new(None, None, 0, true);
        Self { text, bytes: text.as_bytes(), at: 0, line: 1, open: vec![file], pieces: Vec::new() }
    }

    fn pieces(mut self) -> Vec<Piece> {
        while let Some(&byte) = self.bytes.get(self.at) {
            match byte {
                b'\n' => self.line_ends(),
                b'#' => self.skip_line(),
                b'/' if self.next_is(b'/') => self.skip_line(),
                b'/' if self.next_is(b'*') => self.skip_comment(),
                b'<' if self.next_is(b'<') => self.heredoc(),
                b'"' => self.string(),
                b'{' | b'[' | b'(' => self.opens(byte),
                b'}' | b']' | b')' => self.closes(byte),
                b'=' | b':' => self.assigned(),
                b',' => self.comma(),
                byte if byte.is_ascii_alphanumeric() || byte == b'_' || !byte.is_ascii() => self.word(),
                _ => self.at += 1,
            }
        }
        let end = self.text.len();
        for open in self.open.drain(..) {
            if let Some(piece) = open.piece.and_then(|place| self.pieces.get_mut(place)) {
                piece.end = end;
            }
        }
        self.pieces
    }

    fn next_is(&self, byte: u8) -> bool {
        self.bytes.get(self.at + 1) == Some(&byte)
    }

    fn line_ends(&mut self) {
        self.line += 1;
        self.at += 1;
        if let Some(open) = self.open.last_mut().filter(|open| open.has_statements) {
            open.end_statement();
        }
    }

    fn skip_line(&mut self) {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        self.at += memchr::memchr(b'\n', rest).unwrap_or(rest.len());
    }

    fn skip_comment(&mut self) {
        let rest = self.text.get(self.at..).unwrap_or_default();
        self.skip_to(self.at + rest.find("*/").map_or(rest.len(), |end| end + 2));
    }

    /// Passes bytes, counting lines.
    fn skip_to(&mut self, end: usize) {
        let passed = self.bytes.get(self.at..end).unwrap_or_default();
        self.line += passed.iter().filter(|byte| **byte == b'\n').count() as u64;
        self.at = end;
    }

    /// Passes `<<EOT … EOT`, or the two signs where no heredoc begins.
    fn heredoc(&mut self) {
        let rest = self.text.get(self.at + 2..).unwrap_or_default();
        let rest = rest.strip_prefix('-').unwrap_or(rest);
        let length =
            rest.find(|character: char| !character.is_alphanumeric() && character != '_' && character != '-');
        let mark = rest.get(..length.unwrap_or(rest.len())).unwrap_or_default();
        if mark.is_empty() {
            self.at += 2;
            return;
        }
        let body = self.text.len() - rest.len() + mark.len();
        let mut end = body;
        let lines = self.text.get(body..).unwrap_or_default().split_inclusive('\n');
        for (number, line) in lines.enumerate() {
            if number > 0 && line.trim() == mark {
                // Its line break ends the statement.
                end += line.trim_end_matches(['\n', '\r']).len();
                break;
            }
            end += line.len();
        }
        self.skip_to(end);
    }

    /// Passes a string; what stands in it as a word of a statement is one.
    fn string(&mut self) {
        let start = self.at;
        let end = string_end(self.bytes, start);
        let (line, text) = (self.line, self.text.get(start + 1..end.saturating_sub(1)).unwrap_or_default());
        self.begin(start, line, text);
        self.skip_to(end);
    }

    fn word(&mut self) {
        let start = self.at;
        let is_word =
            |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-') || !byte.is_ascii();
        let length =
            self.bytes.get(start..).unwrap_or_default().iter().take_while(|byte| is_word(byte)).count();
        let text = self.text.get(start..start + length).unwrap_or_default();
        self.begin(start, self.line, text);
        self.at = start + length;
    }

    fn begin(&mut self, start: usize, line: u64, word: &str) {
        let Some(open) = self.open.last_mut().filter(|open| open.has_statements && !open.is_assigned) else {
            return;
        };
        open.begins.get_or_insert((start, line));
        open.words.push(word.to_owned());
    }

    fn assigned(&mut self) {
        self.at += 1;
        if let Some(open) = self.open.last_mut().filter(|open| !open.words.is_empty()) {
            open.is_assigned = true;
        }
    }

    fn comma(&mut self) {
        self.at += 1;
        if let Some(open) = self.open.last_mut() {
            if open.has_statements {
                open.end_statement();
            }
            open.items += 1;
        }
    }

    fn opens(&mut self, byte: u8) {
        let at = self.at;
        self.at += 1;
        let closes = if byte == b'{' {
            b'}'
        } else if byte == b'[' {
            b']'
        } else {
            b')'
        };
        // Behind a name an index or a call begins.
        let is_behind_name = at > 0
            && self
                .bytes
                .get(at - 1)
                .is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b']' | b')'));
        let is_piece = byte == b'{' || byte == b'[' && !is_behind_name;
        let parent = self.open.last().and_then(|open| open.around);
        let line = self.line;
        let header = self.open.last_mut().filter(|_| is_piece).map(|open| open.header(byte, (at, line)));
        let piece = header.map(|(start, line, steps)| {
            self.pieces.push(Piece { start, end: usize::MAX, line, parent, steps });
            self.pieces.len() - 1
        });
        let mut inner = Open::new(piece, parent, closes, byte == b'{');
        if let Some(outer) = self.open.last().filter(|outer| byte == b'(' && outer.is_assigned) {
            // What stands in a call is reached as what the call is assigned to.
            inner.words.clone_from(&outer.words);
            inner.is_assigned = true;
        }
        self.open.push(inner);
    }

    fn closes(&mut self, byte: u8) {
        let at = self.at;
        self.at += 1;
        // A bracket too many closes nothing.
        if self.open.last().is_none_or(|open| open.closes != byte) {
            return;
        }
        let closed = self.open.pop().and_then(|open| open.piece);
        if let Some(piece) = closed.and_then(|place| self.pieces.get_mut(place)) {
            piece.end = at;
        }
    }
}

impl Open {
    /// Where what opens here begins, and how it is reached.
    fn header(&mut self, byte: u8, (at, line): (usize, u64)) -> (usize, u64, Vec<String>) {
        if self.closes == b']' {
            return (at, line, vec![self.items.to_string()]);
        }
        if !self.has_statements || self.words.is_empty() {
            return (at, line, self.words.clone());
        }
        let words = core::mem::take(&mut self.words);
        let (start, first_line) = self.begins.take().unwrap_or((at, line));
        let is_block = byte == b'{' && !self.is_assigned;
        self.is_assigned = true;
        if !is_block {
            return (at, line, words);
        }
        // What may be repeated is a list in JSON: blocks inside of blocks.
        let is_nested = self.closes != 0;
        let number = self.blocks.entry(words.join(" ")).or_default();
        let index = is_nested.then(|| number.to_string());
        *number += 1;
        (start, first_line, words.into_iter().chain(index).collect())
    }
}

/// Where a string ends that begins at a quotation mark, templates in it included.
fn string_end(bytes: &[u8], start: usize) -> usize {
    // For each template that is open: how many of its braces are.
    let mut templates: Vec<u32> = Vec::new();
    let mut in_text = true;
    let mut at = start + 1;
    // Strings in templates: how deep the strings are that hold the present byte.
    let mut strings: Vec<usize> = vec![0];
    while let Some(&byte) = bytes.get(at) {
        let next = bytes.get(at + 1);
        match byte {
            b'\\' if in_text => at += 1,
            b'$' | b'%' if in_text && next == Some(&byte) && bytes.get(at + 2) == Some(&b'{') => at += 2,
            b'$' | b'%' if in_text && next == Some(&b'{') => {
                templates.push(0);
                in_text = false;
                at += 1;
            }
            b'"' if in_text => {
                strings.pop();
                if strings.is_empty() {
                    return at + 1;
                }
                in_text = false;
            }
            b'"' => {
                strings.push(templates.len());
                in_text = true;
            }
            b'{' if !in_text => {
                if let Some(braces) = templates.last_mut() {
                    *braces += 1;
                }
            }
            b'}' if !in_text => match templates.last_mut() {
                Some(0) | None => {
                    templates.pop();
                    in_text = true;
                }
                Some(braces) => *braces -= 1,
            },
            // No string of one line goes on in the next.
            b'\n' if templates.is_empty() => return at,
            _ => {}
        }
        at += 1;
    }
    bytes.len()
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
    fn blocks_have_the_pointers_of_terraforms_json() {
        check(
            "# {\nresource \"aws_security_group\" \"w/b\" {\n  name = \"a }${\"${b}\"}{\"\n  ^ingress {\n    from_port = ^22\n  }\n  ^ingress {}\n}\nl^ocals {\n rules = [{ a = 1 }, ^{ b = \"^\" }]\n}",
            &[
                (4, "/resource/aws_security_group/w~1b/ingress/0"),
                (4, "/resource/aws_security_group/w~1b/ingress/0"),
                (7, "/resource/aws_security_group/w~1b/ingress/1"),
                (9, "/locals"),
                (10, "/locals/rules/1"),
                (10, "/locals/rules/1"),
            ],
        );
    }

    #[test]
    fn heredocs_comments_and_calls_hold_no_blocks() {
        check(
            "locals {\n  t = <<-EOT\n   a { ${b} \"\n  EOT\n  /* { \n */ x = f({ a = ^1 }[0], [2])\n  ^y = 3\n}\n^ z",
            &[(6, "/locals/x"), (1, "/locals"), (9, "")],
        );
    }

    #[test]
    fn keys_of_objects_are_steps() {
        check(
            "m = {\n  ssh = { port = ^22 }\n  \"a b\" : {\n p = [^1] } }",
            &[(2, "/m/ssh"), (4, "/m/a b/p")],
        );
    }

    proptest! {
        #[test]
        fn any_text_gives_a_place_for_every_offset(text in r#"[\[\]{}()":,=\\$%<#/*a-cEOT\n^ ]{0,80}"#, mut offsets in proptest::collection::vec(0_u64..100, 0..6)) {
            offsets.sort_unstable();
            prop_assert_eq!(locate(&text, &offsets).len(), offsets.len());
        }
    }
}
