//! Lines for people: tones, columns, breaks. Text is made visible on its way into a [`Line`], so no sink can forget.
//!
//! Knows no finding and no terminal: the width and whether there is colour are given.

use core::fmt::Display;
use std::io;

use check::Severity;

use crate::visible::{Visible, columns};

/// How a sink for people may write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Whether colours are used. They never say what words do not say as well.
    pub colour: bool,
    /// The columns of the terminal; `None` breaks no line.
    pub width: Option<usize>,
    /// Whether characters beyond ASCII are shown.
    pub unicode: bool,
}

impl Style {
    /// For a pipe or a file: no colour, no line broken.
    pub const PLAIN: Self = Self { colour: false, width: None, unicode: true };
}

/// What a piece of text is, for its colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tone {
    Plain,
    Strong,
    Faint,
    Alarm,
    Rank(Severity),
}

impl Tone {
    /// The parameters of its ANSI sequence; nothing for plain text.
    const fn code(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Strong => "1",
            Self::Faint | Self::Rank(Severity::Info) => "2",
            Self::Alarm => "1;33",
            Self::Rank(Severity::Critical) => "1;31",
            Self::Rank(Severity::High) => "31",
            Self::Rank(Severity::Medium) => "33",
            Self::Rank(Severity::Low) => "36",
        }
    }
}

/// A line being put together.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    // INVARIANT: every text went through `Visible`, or is a dot or a tab of ours.
    spans: Vec<(Tone, String)>,
    style: Style,
}

impl Line {
    pub(crate) const fn new(style: &Style) -> Self {
        Self { spans: Vec::new(), style: *style }
    }

    /// Adds a piece, made visible.
    pub(crate) fn add(mut self, tone: Tone, text: impl Display) -> Self {
        let text = Visible { text: &text.to_string(), unicode: self.style.unicode }.to_string();
        self.spans.push((tone, text));
        self
    }

    pub(crate) fn plain(self, text: impl Display) -> Self {
        self.add(Tone::Plain, text)
    }

    /// Adds a piece, apart from what is there.
    pub(crate) fn part(mut self, tone: Tone, text: impl Display) -> Self {
        if !self.spans.is_empty() {
            let dot = if self.style.unicode { " · " } else { " | " };
            self.spans.push((Tone::Plain, dot.to_owned()));
        }
        self.add(tone, text)
    }

    /// Adds a tab, which text from outside cannot.
    pub(crate) fn tab(mut self) -> Self {
        self.spans.push((Tone::Plain, "\t".to_owned()));
        self
    }

    pub(crate) fn columns(&self) -> usize {
        self.spans.iter().map(|(_, text)| columns(text)).sum()
    }

    /// The words, each with the spaces before it. A word without is glued to the one before.
    fn words(&self) -> impl Iterator<Item = (Tone, usize, &str)> {
        let mut spaces = 0;
        let pieces = self.spans.iter().flat_map(|(tone, text)| {
            text.split(' ').enumerate().map(move |(position, word)| (*tone, usize::from(position > 0), word))
        });
        pieces.filter_map(move |(tone, space, word)| {
            spaces += space;
            (!word.is_empty()).then(|| (tone, core::mem::take(&mut spaces), word))
        })
    }
}

/// Where lines go.
pub(crate) struct Screen<'a> {
    pub(crate) style: &'a Style,
    out: &'a mut dyn io::Write,
}

impl<'a> Screen<'a> {
    pub(crate) fn new(style: &'a Style, out: &'a mut dyn io::Write) -> Self {
        Self { style, out }
    }

    pub(crate) const fn line(&self) -> Line {
        Line::new(self.style)
    }

    pub(crate) fn blank(&mut self) -> io::Result<()> {
        self.out.write_all(b"\n")
    }

    /// Writes a line as it is, however long: what is to be copied must not be broken.
    pub(crate) fn whole(&mut self, indent: usize, line: &Line) -> io::Result<()> {
        let mut ink = Ink::new(self.style.colour, indent);
        for (tone, text) in &line.spans {
            ink.write(*tone, text);
        }
        self.out.write_all(ink.finish().as_bytes())
    }

    /// Writes a line, broken between words where the terminal ends; what follows a break starts at `hang`. A word
    /// that is longer than a line is not broken.
    pub(crate) fn wrapped(&mut self, indent: usize, hang: usize, line: &Line) -> io::Result<()> {
        let Some(width) = self.style.width.map(|width| width.max(NARROWEST)) else {
            return self.whole(indent, line);
        };
        if indent + line.columns() <= width {
            return self.whole(indent, line);
        }
        let mut ink = Ink::new(self.style.colour, indent);
        let mut column = indent;
        let words: Vec<_> = line.words().collect();
        for (position, &(tone, spaces, word)) in words.iter().enumerate() {
            let glued = words.iter().skip(position + 1).take_while(|(_, spaces, _)| *spaces == 0);
            let length = columns(word) + glued.map(|(_, _, word)| columns(word)).sum::<usize>();
            // What stands apart goes to a line of its own before it is broken, unless it follows a label.
            let is_apart = spaces >= APART && column > hang;
            let part = words.iter().skip(position + 1).take_while(|(_, spaces, _)| *spaces < APART);
            let part: usize = part.map(|(_, spaces, word)| spaces + columns(word)).sum();
            let length = if is_apart { columns(word) + part } else { length };
            if spaces > 0 && column + spaces + length > width {
                ink.next_line(hang);
                column = hang;
            } else {
                ink.spaces(spaces);
                column += spaces;
            }
            ink.write(tone, word);
            column += columns(word);
        }
        self.out.write_all(ink.finish().as_bytes())
    }
}

/// Text with its colours, one line of a table at a time.
struct Ink {
    text: String,
    colour: bool,
}

impl Ink {
    fn new(colour: bool, indent: usize) -> Self {
        Self { text: " ".repeat(indent), colour }
    }

    fn write(&mut self, tone: Tone, text: &str) {
        let code = if self.colour { tone.code() } else { "" };
        if code.is_empty() {
            self.text.push_str(text);
        } else {
            self.text.extend(["\x1b[", code, "m", text, "\x1b[0m"]);
        }
    }

    fn spaces(&mut self, number: usize) {
        self.text.extend(core::iter::repeat_n(' ', number));
    }

    fn next_line(&mut self, indent: usize) {
        self.text.push('\n');
        self.spaces(indent);
    }

    fn finish(mut self) -> String {
        self.text.truncate(self.text.trim_end_matches(' ').len());
        self.text.push('\n');
        self.text
    }
}

/// From this many spaces on, what follows is a part of its own.
const APART: usize = 3;
/// Below this many columns lines are broken as if there were as many: a word a line helps nobody.
const NARROWEST: usize = 40;

#[cfg(test)]
mod tests {
    use super::*;

    fn written(width: Option<usize>, colour: bool, line: impl Fn(Line) -> Line) -> String {
        let style = Style { colour, width, unicode: true };
        let mut out = Vec::new();
        Screen::new(&style, &mut out).wrapped(2, 4, &line(Line::new(&style))).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn lines_are_broken_between_words_only_where_there_is_a_width() {
        let text = "one two three four five six seven eight nine ten";
        assert_eq!(written(None, false, |line| line.plain(text)), format!("  {text}\n"));
        assert_eq!(written(Some(60), false, |line| line.plain(text)), format!("  {text}\n"));
        let broken = "  one two three four five six seven eight\n    nine ten\n";
        assert_eq!(written(Some(41), false, |line| line.plain(text)), broken);
        // Narrower than anything sensible reads like 40 columns.
        let narrow = "  one two three four five six seven\n    eight nine ten\n";
        assert_eq!(written(Some(0), false, |line| line.plain(text)), narrow);
    }

    #[test]
    fn what_has_no_space_is_not_broken() {
        let path = "/very/long/path/without/any/space/at/all/nsgs.json";
        let line = |line: Line| line.plain("at ").add(Tone::Faint, path).plain(":14 end");
        assert_eq!(written(Some(40), false, line), format!("  at\n    {path}:14\n    end\n"));
    }

    #[test]
    fn what_stands_apart_stays_together() {
        let line =
            |line: Line| line.plain("label   nsg-web / allow-rdp (100)   sources 0.0.0.0/1 + 128.0.0.0/1");
        let broken = "  label   nsg-web / allow-rdp (100)\n    sources 0.0.0.0/1 + 128.0.0.0/1\n";
        assert_eq!(written(Some(60), false, line), broken);
        let label =
            |line: Line| line.plain("is   ").plain("what is labelled, and is long enough to be broken");
        let broken = "  is   what is labelled, and is long\n    enough to be broken\n";
        assert_eq!(written(Some(40), false, label), broken);
    }

    #[test]
    fn colour_is_only_where_it_is_asked_for() {
        let line = |line: Line| line.add(Tone::Rank(Severity::Critical), "CRITICAL").plain(" plain");
        assert_eq!(written(None, false, line), "  CRITICAL plain\n");
        assert_eq!(written(None, true, line), "  \x1b[1;31mCRITICAL\x1b[0m plain\n");
    }
}
