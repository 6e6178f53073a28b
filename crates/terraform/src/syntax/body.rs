//! Reading bodies: attributes and blocks; after a broken place reading goes on with the next block of the file.

use std::borrow::Cow;

use super::cursor::{Broken, Cursor, Read, name_length};
use super::expression::{Expression, Form};

/// What stands in a file or in a block.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Body<'a> {
    pub(crate) attributes: Vec<Attribute<'a>>,
    pub(crate) blocks: Vec<Block<'a>>,
}

/// `name = value`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Attribute<'a> {
    pub(crate) name: Cow<'a, str>,
    /// Its name, where it stands.
    pub(crate) at: &'a str,
    pub(crate) value: Expression<'a>,
}

/// `kind "label" { … }`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Block<'a> {
    pub(crate) kind: Cow<'a, str>,
    pub(crate) labels: Vec<Cow<'a, str>>,
    /// What it begins with, where that stands.
    pub(crate) at: &'a str,
    pub(crate) body: Body<'a>,
}

impl<'a> Body<'a> {
    pub(crate) fn attribute(&self, name: &str) -> Option<&Attribute<'a>> {
        self.attributes.iter().find(|attribute| attribute.name == name)
    }

    /// The value of an attribute.
    pub(crate) fn value(&self, name: &str) -> Option<&Expression<'a>> {
        self.attribute(name).map(|attribute| &attribute.value)
    }

    pub(crate) fn blocks_of<'b>(&'b self, kind: &'b str) -> impl Iterator<Item = &'b Block<'a>> {
        self.blocks.iter().filter(move |block| block.kind == kind)
    }
}

/// Reads a file of HCL; broken places with what was read of it nevertheless.
pub(crate) fn body(text: &str) -> (Body<'_>, Vec<Broken>) {
    let mut body = Body::default();
    let mut broken = Vec::new();
    let mut cursor = Cursor::in_document(text);
    loop {
        let start = cursor.offset;
        match cursor.entries(&mut body) {
            Ok(()) if cursor.offset == cursor.end => break,
            Ok(()) => broken.push(cursor.broken("an argument or a block")),
            Err(place) => broken.push(place),
        }
        if broken.len() >= BROKEN_MAX {
            break;
        }
        let passed = broken.last().map_or(start, |place| place.offset).max(start);
        match next_block(text, passed) {
            Some(next) => {
                cursor = Cursor::in_document(text);
                cursor.offset = next;
            }
            None => break,
        }
    }
    (body, broken)
}

/// Where a line behind this place begins with a name, as the lines of blocks of a file do.
fn next_block(text: &str, behind: usize) -> Option<usize> {
    let mut start = behind;
    loop {
        start += text.get(start..)?.find('\n')? + 1;
        let line = text.get(start..)?.lines().next().unwrap_or_default();
        let is_header =
            name_length(line) > 0 && (line.trim_end().ends_with('{') || line.trim_end().ends_with('}'));
        if is_header {
            return Some(start);
        }
    }
}

impl<'a> Cursor<'_, 'a> {
    /// Attributes and blocks, up to a closing bracket or the end.
    fn entries(&mut self, body: &mut Body<'a>) -> Read<()> {
        loop {
            self.blank_lines()?;
            let Some((start, end)) = self.name() else {
                return if self.starts_with("\"") {
                    Err(self.broken("a name without quotes"))
                } else {
                    Ok(())
                };
            };
            self.blank()?;
            if self.is_assigned() {
                self.attribute(start, end, body)?;
            } else {
                let block = self.deeper(|cursor| cursor.block(start, end))?;
                body.blocks.push(block);
            }
            self.blank()?;
            if !self.eat("\n") && self.offset != self.end {
                return Err(self.broken("the end of the line"));
            }
        }
    }

    fn is_assigned(&self) -> bool {
        self.starts_with("=") && !self.starts_with("==")
    }

    /// Behind its name.
    fn attribute(&mut self, start: usize, end: usize, body: &mut Body<'a>) -> Read<()> {
        let name = self.words(start, end);
        if body.attribute(&name).is_some() {
            return Err(Broken { offset: start, expected: "each argument once" });
        }
        self.expect("=", "`=`")?;
        let value = self.expression()?;
        body.attributes.push(Attribute { name, at: self.piece(start, end), value });
        Ok(())
    }

    /// Behind the name of its kind.
    fn block(&mut self, start: usize, end: usize) -> Read<Block<'a>> {
        let kind = self.words(start, end);
        let mut labels = Vec::new();
        loop {
            self.blank()?;
            if let Some((start, end)) = self.name() {
                labels.push(self.words(start, end));
            } else if self.starts_with("\"") {
                labels.push(self.label()?);
            } else {
                break;
            }
        }
        if !self.eat("{") {
            return Err(self.broken("`=`, a label or `{`"));
        }
        let at = self.piece(start, self.offset);
        let mut body = Body::default();
        self.blank()?;
        if let Some((start, end)) = self.name() {
            // A block on one line has one argument.
            self.blank()?;
            self.attribute(start, end, &mut body)?;
            self.blank()?;
            self.expect("}", "`}`: a block on one line has one argument")?;
        } else {
            self.entries(&mut body)?;
            self.expect("}", "an argument, a block or `}`")?;
        }
        Ok(Block { kind, labels, at, body })
    }

    /// The kind of the block that a text begins with, behind comments, and how many labels it has.
    pub(crate) fn header(&mut self) -> Option<(&'a str, usize)> {
        self.blank_lines().ok()?;
        let (start, end) = self.name()?;
        let mut labels = 0;
        loop {
            self.blank().ok()?;
            if self.name().is_none() {
                if !self.starts_with("\"") {
                    break;
                }
                self.label().ok()?;
            }
            labels += 1;
        }
        self.starts_with("{").then(|| (self.piece(start, end), labels))
    }

    fn label(&mut self) -> Read<Cow<'a, str>> {
        let start = self.offset;
        let parts = self.quoted()?;
        let form = Form::Template(parts);
        let label = Expression { at: self.piece(start, self.offset), form };
        match label.form {
            Form::Template(parts) => match parts.into_iter().next() {
                None => Ok(Cow::Borrowed("")),
                Some(super::expression::Part::Text(text)) => Ok(text),
                Some(_) => Err(Broken { offset: start, expected: "a label without `${`" }),
            },
            _ => Ok(Cow::Borrowed("")),
        }
    }
}

/// After so many broken places a file is not worth reading on.
const BROKEN_MAX: usize = 100;
