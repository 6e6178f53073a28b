//! Reading strings: text with `${…}` and `%{…}` in it, in quotes, as a heredoc, or a whole file.

use std::borrow::Cow;

use super::cursor::{Broken, Cursor, Read};
use super::expression::{Expression, Part, TemplateFor};

/// How text is written between what is evaluated. Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    /// With escapes, up to the closing quote.
    Quoted,
    /// As it is, up to the end; each line is a text of its own, to which `~` is limited.
    Plain,
}

/// What ended a run of parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ended {
    Text,
    Else,
    EndIf,
    EndFor,
}

/// Parts as they are gathered.
#[derive(Debug, Default)]
struct Gathered<'a> {
    parts: Vec<Part<'a>>,
    /// Text behind the last part.
    text: Cow<'a, str>,
    /// Whether blank space at the start of the text that comes next is none of it.
    is_stripping: bool,
}

impl<'a> Gathered<'a> {
    fn add(&mut self, text: Cow<'a, str>) {
        let text = match text {
            text if !self.is_stripping => text,
            Cow::Borrowed(text) => Cow::Borrowed(text.trim_start()),
            Cow::Owned(text) => Cow::Owned(text.trim_start().to_owned()),
        };
        if text.is_empty() {
            return;
        }
        self.is_stripping = false;
        if self.text.is_empty() {
            self.text = text;
        } else {
            self.text.to_mut().push_str(&text);
        }
    }

    /// The text is whole.
    fn close(&mut self) {
        self.is_stripping = false;
        let text = std::mem::take(&mut self.text);
        if !text.is_empty() {
            self.parts.push(Part::Text(text));
        }
    }

    /// The text is whole: something that is evaluated comes, which may take away the blank space before it.
    fn close_before(&mut self, strips: bool) {
        self.close();
        if strips && let Some(Part::Text(text)) = self.parts.last_mut() {
            let length = text.trim_end().len();
            match text {
                Cow::Borrowed(text) => *text = text.get(..length).unwrap_or_default(),
                Cow::Owned(text) => text.truncate(length),
            }
            self.parts.pop_if(|_| length == 0);
        }
    }
}

impl<'a> Cursor<'_, 'a> {
    /// A string in quotes.
    pub(super) fn quoted(&mut self) -> Read<Vec<Part<'a>>> {
        self.offset += 1;
        let mut gathered = Gathered::default();
        self.whole(Mode::Quoted, &mut gathered)?;
        self.expect("\"", "the closing quote")?;
        Ok(gathered.parts)
    }

    /// A whole text.
    pub(super) fn plain_template(&mut self) -> Read<Vec<Part<'a>>> {
        let mut parts = self.plain()?;
        join(&mut parts);
        Ok(parts)
    }

    fn plain(&mut self) -> Read<Vec<Part<'a>>> {
        let mut gathered = Gathered::default();
        self.whole(Mode::Plain, &mut gathered)?;
        if self.offset == self.end { Ok(gathered.parts) } else { Err(self.broken("the end of the text")) }
    }

    /// `<<EOT` or `<<-EOT` with the lines up to the line of the word.
    pub(super) fn heredoc(&mut self) -> Read<Vec<Part<'a>>> {
        self.offset += 2;
        let is_indented = self.eat("-");
        let Some((start, end)) = self.name() else { return Err(self.broken("the word that ends the text")) };
        let word = self.text.get(start..end).unwrap_or_default();
        if !self.eat("\n") && !self.eat("\r\n") {
            return Err(self.broken("the end of the line"));
        }
        let (length, closing) =
            closing(self.rest(), word).ok_or_else(|| self.broken("the word that ends the text"))?;
        let (outer, behind) = (self.end, self.offset + closing);
        self.end = self.offset + length;
        let parts = self.deeper(Self::plain);
        self.end = outer;
        let mut parts = parts?;
        if is_indented {
            unindent(&mut parts);
        }
        join(&mut parts);
        self.offset = behind;
        Ok(parts)
    }

    /// Parts up to the end of the text.
    fn whole(&mut self, mode: Mode, gathered: &mut Gathered<'a>) -> Read<()> {
        match self.run(mode, gathered)? {
            Ended::Text => Ok(()),
            Ended::Else | Ended::EndIf | Ended::EndFor => {
                Err(self.broken("`%{ if … }` or `%{ for … }` before it"))
            }
        }
    }

    /// Parts up to what ends them, which is passed if it is a word of a template.
    fn run(&mut self, mode: Mode, gathered: &mut Gathered<'a>) -> Read<Ended> {
        loop {
            self.text_part(mode, gathered)?;
            if self.starts_with("${") {
                self.offset += 2;
                gathered.close_before(self.eat("~"));
                let value = self.across_lines(Self::expression)?;
                gathered.parts.push(Part::Value(value));
                self.close_part(gathered)?;
            } else if self.starts_with("%{") {
                self.offset += 2;
                gathered.close_before(self.eat("~"));
                if let Some(ended) = self.directive(mode, gathered)? {
                    return Ok(ended);
                }
            } else {
                gathered.close();
                return Ok(Ended::Text);
            }
        }
    }

    fn close_part(&mut self, gathered: &mut Gathered<'a>) -> Read<()> {
        self.blank_lines()?;
        gathered.is_stripping = self.eat("~");
        self.expect("}", "`}`")
    }

    /// Behind `%{`.
    fn directive(&mut self, mode: Mode, gathered: &mut Gathered<'a>) -> Read<Option<Ended>> {
        self.blank_lines()?;
        let words = [("else", Ended::Else), ("endif", Ended::EndIf), ("endfor", Ended::EndFor)];
        if let Some((word, ended)) = words.into_iter().find(|(word, _)| self.is_word(word)) {
            self.offset += word.len();
            self.close_part(gathered)?;
            return Ok(Some(ended));
        }
        let part = if self.is_word("if") {
            self.offset += "if".len();
            self.deeper(|cursor| cursor.choice(mode, gathered))?
        } else if self.is_word("for") {
            self.offset += "for".len();
            self.deeper(|cursor| cursor.repeated(mode, gathered))?
        } else {
            return Err(self.broken("`if`, `else`, `endif`, `for` or `endfor`"));
        };
        gathered.parts.push(part);
        Ok(None)
    }

    fn choice(&mut self, mode: Mode, gathered: &mut Gathered<'a>) -> Read<Part<'a>> {
        let condition = self.across_lines(Self::expression)?;
        let (then, ended) = self.inner(mode, gathered)?;
        let (otherwise, ended) =
            if ended == Ended::Else { self.inner_again(mode, gathered)? } else { (Vec::new(), ended) };
        if ended != Ended::EndIf {
            return Err(self.broken("`%{ endif }`"));
        }
        Ok(Part::If(Box::new((condition, then, otherwise))))
    }

    fn repeated(&mut self, mode: Mode, gathered: &mut Gathered<'a>) -> Read<Part<'a>> {
        let (key, value, of) = self.across_lines(Self::gone_through)?;
        let (parts, ended) = self.inner(mode, gathered)?;
        if ended != Ended::EndFor {
            return Err(self.broken("`%{ endfor }`"));
        }
        Ok(Part::For(Box::new(TemplateFor { key, value, of, parts })))
    }

    /// What stands between two words of a template, the first of which is still to be closed.
    fn inner(&mut self, mode: Mode, outer: &mut Gathered<'a>) -> Read<(Vec<Part<'a>>, Ended)> {
        self.close_part(outer)?;
        self.inner_again(mode, outer)
    }

    fn inner_again(&mut self, mode: Mode, outer: &mut Gathered<'a>) -> Read<(Vec<Part<'a>>, Ended)> {
        let is_stripping = std::mem::take(&mut outer.is_stripping);
        let mut gathered = Gathered { is_stripping, ..Gathered::default() };
        let ended = self.run(mode, &mut gathered)?;
        outer.is_stripping = gathered.is_stripping;
        Ok((gathered.parts, ended))
    }

    /// Text up to what is evaluated, or to the end.
    fn text_part(&mut self, mode: Mode, gathered: &mut Gathered<'a>) -> Read<()> {
        loop {
            let start = self.offset;
            let stop = match mode {
                Mode::Quoted => |byte: &u8| matches!(byte, b'"' | b'\\' | b'\n' | b'$' | b'%'),
                Mode::Plain => |byte: &u8| matches!(byte, b'\n' | b'$' | b'%'),
            };
            let length = self.rest().as_bytes().iter().position(stop);
            self.offset += length.unwrap_or(self.rest().len());
            match self.peek() {
                Some(b'\n') if mode == Mode::Plain => {
                    self.offset += 1;
                    gathered.add(self.words(start, self.offset));
                    gathered.close();
                    continue;
                }
                _ => gathered.add(self.words(start, self.offset)),
            }
            match self.peek() {
                Some(b'\\') => gathered.add(Cow::Owned(self.escaped()?.into())),
                Some(b'\n') => return Err(self.broken("the closing quote")),
                Some(b'$' | b'%') if self.starts_with("${") || self.starts_with("%{") => return Ok(()),
                Some(b'$' | b'%') if self.starts_with("$${") || self.starts_with("%%{") => {
                    gathered.add(self.words(self.offset + 1, self.offset + 3));
                    self.offset += 3;
                }
                Some(b'$' | b'%') => {
                    gathered.add(self.words(self.offset, self.offset + 1));
                    self.offset += 1;
                }
                Some(_) | None => return Ok(()),
            }
        }
    }

    fn escaped(&mut self) -> Read<char> {
        let digits = |length: usize| {
            let digits = self.rest().get(2..2 + length)?;
            let number = u32::from_str_radix(digits, 16).ok()?;
            Some((2 + length, char::from_u32(number)?))
        };
        let (length, character) = match self.rest().as_bytes().get(1) {
            Some(b'n') => (2, '\n'),
            Some(b'r') => (2, '\r'),
            Some(b't') => (2, '\t'),
            Some(b'"') => (2, '"'),
            Some(b'\\') => (2, '\\'),
            Some(b'u') => digits(4).ok_or_else(|| self.broken("four digits of a character"))?,
            Some(b'U') => digits(8).ok_or_else(|| self.broken("eight digits of a character"))?,
            Some(_) | None => {
                return Err(self.broken("one of the escapes `\\n`, `\\r`, `\\t`, `\\\"`, `\\\\`, `\\u`"));
            }
        };
        self.offset += length;
        Ok(character)
    }
}

/// The parts of a text that is a template.
///
/// # Errors
/// Where it is none.
pub(crate) fn template(text: &str) -> Result<Vec<Part<'_>>, Broken> {
    Cursor::in_document(text).plain_template()
}

/// The expression that a string of JSON is.
pub(crate) fn json_template<'a>(text: &Cow<'a, str>, near: &'a str) -> Result<Expression<'a>, Broken> {
    let form = super::expression::Form::Template(match text {
        Cow::Borrowed(text) => Cursor::in_document(text).plain_template()?,
        Cow::Owned(text) => Cursor::near(text, near).plain_template()?,
    });
    let at = match text {
        Cow::Borrowed(text) if !text.is_empty() => text,
        Cow::Borrowed(_) | Cow::Owned(_) => near,
    };
    Ok(Expression { at, form })
}

/// How long the lines are up to that of a word, and up to the end of the word.
fn closing(text: &str, word: &str) -> Option<(usize, usize)> {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if line.trim() == word {
            let indent = line.len() - line.trim_start().len();
            return Some((start, start + indent + word.len()));
        }
        start += line.len();
    }
    None
}

/// Takes away the blank space that every line begins with; lines of nothing else do not count.
fn unindent(parts: &mut [Part<'_>]) {
    let mut indent = usize::MAX;
    let mut begins = true;
    lines(parts, &mut begins, &mut |text| {
        let is_blank = text.as_ref().is_some_and(|text| is_blank_line(text));
        let blank = text.map_or(0, |text| blank(text));
        indent = indent.min(if is_blank { usize::MAX } else { blank });
    });
    if indent == 0 || indent == usize::MAX {
        return;
    }
    begins = true;
    lines(parts, &mut begins, &mut |text| {
        let Some(text) = text else { return };
        let taken = if is_blank_line(text) { 0 } else { indent };
        match text {
            Cow::Borrowed(text) => *text = text.get(taken..).unwrap_or_default(),
            Cow::Owned(text) => *text = text.get(taken..).unwrap_or_default().to_owned(),
        }
    });
}

fn is_blank_line(text: &str) -> bool {
    text.ends_with('\n') && text.trim_start().is_empty()
}

fn blank(text: &str) -> usize {
    text.bytes().take_while(|byte| matches!(byte, b' ' | b'\t')).count()
}

/// Shows what each line begins with: a text, or something else.
fn lines<'a>(parts: &mut [Part<'a>], begins: &mut bool, with: &mut dyn FnMut(Option<&mut Cow<'a, str>>)) {
    for part in parts {
        if std::mem::take(begins) {
            match part {
                Part::Text(text) => with(Some(text)),
                Part::Value(_) | Part::If(_) | Part::For(_) => with(None),
            }
        }
        match part {
            Part::Text(text) => *begins = text.ends_with('\n'),
            Part::Value(_) => {}
            Part::If(choice) => {
                lines(&mut choice.1, begins, with);
                if std::mem::take(begins) {
                    with(None);
                }
                lines(&mut choice.2, begins, with);
                if std::mem::take(begins) {
                    with(None);
                }
            }
            Part::For(repeated) => {
                lines(&mut repeated.parts, begins, with);
                if std::mem::take(begins) {
                    with(None);
                }
            }
        }
    }
}

/// Makes one text of those that follow each other.
fn join(parts: &mut Vec<Part<'_>>) {
    let mut joined: Vec<Part<'_>> = Vec::with_capacity(parts.len());
    for mut part in std::mem::take(parts) {
        match &mut part {
            Part::If(choice) => {
                join(&mut choice.1);
                join(&mut choice.2);
            }
            Part::For(repeated) => join(&mut repeated.parts),
            Part::Text(_) | Part::Value(_) => {}
        }
        match (joined.last_mut(), part) {
            (Some(Part::Text(before)), Part::Text(text)) => before.to_mut().push_str(&text),
            (_, part) => joined.push(part),
        }
    }
    *parts = joined;
}
