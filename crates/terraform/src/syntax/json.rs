//! Terraform's files in JSON, as the tree that HCL is.
//!
//! What is a block and what an argument is told by nothing but the resource's type, which nobody here knows: below a
//! block everything is an argument, a list of objects or an object.

use std::borrow::Cow;

use core::fmt;

use cloud::Document;
use cloud::json::{Json, Key, Lenient, Malformed, ReadOne, Seed, StrReader, read_stream};
use serde::de::{Deserialize, DeserializeSeed as _, Deserializer, MapAccess, SeqAccess};

use super::body::{Attribute, Block, Body};
use super::cursor::{Broken, Cursor};
use super::expression::{Expression, Form, Part};
use super::template::json_template;

/// A value of JSON that tells numbers from strings. Complete.
#[derive(Clone, Debug)]
pub(crate) enum Written<'a> {
    Null,
    Flag(bool),
    Number(String),
    Text(Cow<'a, str>),
    List(Vec<Written<'a>>),
    Object(Vec<(Cow<'a, str>, Written<'a>)>),
}

struct Whole;

impl<'de> Lenient<'de> for Whole {
    type Value = Written<'de>;

    fn absent(self) -> Written<'de> {
        Written::Null
    }

    fn not(self, json: Json) -> Written<'de> {
        if let Json::Boolean(flag) = json { Written::Flag(flag) } else { Written::Null }
    }

    fn text(self, text: Cow<'de, str>) -> Written<'de> {
        Written::Text(text)
    }

    fn number(self, number: impl fmt::Display) -> Written<'de> {
        Written::Number(number.to_string())
    }

    fn list<A: SeqAccess<'de>>(self, mut list: A) -> Result<Written<'de>, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element()? {
            items.push(item);
        }
        Ok(Written::List(items))
    }

    fn object<A: MapAccess<'de>>(self, mut object: A) -> Result<Written<'de>, A::Error> {
        let mut entries = Vec::new();
        while let Some(Key(key)) = object.next_key::<Key<'de>>()? {
            entries.push((key, object.next_value()?));
        }
        Ok(Written::Object(entries))
    }
}

impl<'de> Deserialize<'de> for Written<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Seed(Whole).deserialize(deserializer)
    }
}

/// The values of a text.
#[derive(Default)]
struct Documents<'a>(Vec<Written<'a>>);

impl<'a> ReadOne<'a> for Documents<'a> {
    fn document(&mut self, reader: &mut StrReader<'a>) -> Result<(), serde_json::Error> {
        self.0.push(Written::deserialize(reader)?);
        Ok(())
    }

    fn broken(&mut self) {}
}

/// Reads a file of JSON; where it is not JSON, and strings of it that are no templates.
pub(crate) fn body<'a>(document: &Document<'a>) -> (Body<'a>, Vec<Malformed>, Vec<Broken>) {
    let mut documents = Documents::default();
    let malformed = read_stream(document.text, &mut documents);
    let mut reader = Reader { text: document.text, broken: Vec::new() };
    let mut body = Body::default();
    for written in documents.0 {
        reader.file(written, &mut body);
    }
    (body, malformed, reader.broken)
}

/// The arguments of a file that is one object of values: of variables.
pub(crate) fn values<'a>(document: &Document<'a>) -> (Body<'a>, Vec<Malformed>) {
    let mut documents = Documents::default();
    let malformed = read_stream(document.text, &mut documents);
    let mut reader = Reader { text: document.text, broken: Vec::new() };
    let mut body = Body::default();
    for written in documents.0 {
        if let Written::Object(entries) = written {
            for (name, value) in entries {
                let at = piece(&name).unwrap_or(document.text);
                body.attributes.push(Attribute { value: reader.literal(value, at), name, at });
            }
        }
    }
    (body, malformed)
}

struct Reader<'a> {
    text: &'a str,
    broken: Vec<Broken>,
}

impl<'a> Reader<'a> {
    fn file(&mut self, written: Written<'a>, body: &mut Body<'a>) {
        let Written::Object(entries) = written else {
            self.broken.push(Broken { offset: 0, expected: "an object of blocks" });
            return;
        };
        for (kind, value) in entries {
            if kind == COMMENT {
                continue;
            }
            let labels = BLOCKS.iter().find(|(name, _)| *name == kind).map(|(_, labels)| *labels);
            let at = piece(&kind).unwrap_or(self.text);
            let Some(labels) = labels else {
                self.tell(at, "the name of a block");
                continue;
            };
            self.labelled(kind, value, labels, &mut Vec::new(), at, &mut body.blocks);
        }
    }

    /// Blocks below as many keys as they have labels; at each level there may be a list of them.
    fn labelled(
        &mut self,
        kind: Cow<'a, str>,
        value: Written<'a>,
        left: usize,
        labels: &mut Vec<Cow<'a, str>>,
        at: &'a str,
        blocks: &mut Vec<Block<'a>>,
    ) {
        match value {
            Written::List(items) => {
                for item in items {
                    self.labelled(kind.clone(), item, left, labels, at, blocks);
                }
            }
            Written::Object(entries) if left > 0 => {
                for (label, value) in entries {
                    if label == COMMENT {
                        continue;
                    }
                    let at = piece(&label).unwrap_or(at);
                    labels.push(label);
                    self.labelled(kind.clone(), value, left - 1, labels, at, blocks);
                    labels.pop();
                }
            }
            Written::Object(entries) => {
                let at = first_key(&entries).unwrap_or(at);
                let body = self.block(&kind, entries, at);
                blocks.push(Block { kind, labels: labels.clone(), at, body });
            }
            Written::Null => {}
            Written::Flag(_) | Written::Number(_) | Written::Text(_) => self.tell(at, "an object"),
        }
    }

    fn block(&mut self, kind: &str, entries: Vec<(Cow<'a, str>, Written<'a>)>, around: &'a str) -> Body<'a> {
        let mut body = Body::default();
        for (name, value) in entries {
            if name == COMMENT {
                continue;
            }
            let at = piece(&name).unwrap_or(around);
            if name == DYNAMIC {
                self.labelled(name, value, 1, &mut Vec::new(), at, &mut body.blocks);
            } else if has_dynamic(&value) || (name == "content" && kind == DYNAMIC) || is_nested(kind, &name)
            {
                self.labelled(name, value, 0, &mut Vec::new(), at, &mut body.blocks);
            } else {
                let value = match (kind, &*name) {
                    ("variable", "type") => self.inner(value, at),
                    ("variable", "default") => self.literal(value, at),
                    _ => self.expression(value, at),
                };
                body.attributes.push(Attribute { name, at, value });
            }
        }
        body
    }

    /// A value whose strings are templates.
    fn expression(&mut self, value: Written<'a>, around: &'a str) -> Expression<'a> {
        self.value(value, around, &mut |reader, text, around| match json_template(&text, around) {
            Ok(expression) => expression,
            Err(broken) => {
                reader.template_broken(piece(&text), around, &broken);
                Expression { at: around, form: Form::Broken }
            }
        })
    }

    /// A value whose strings are what they say.
    fn literal(&mut self, value: Written<'a>, around: &'a str) -> Expression<'a> {
        self.value(value, around, &mut |_, text, around| {
            let at = piece(&text).unwrap_or(around);
            Expression { at, form: Form::Template(vec![Part::Text(text)]) }
        })
    }

    /// A string that is an expression: a type.
    fn inner(&mut self, value: Written<'a>, around: &'a str) -> Expression<'a> {
        let Written::Text(text) = value else { return self.expression(value, around) };
        let read = match &text {
            Cow::Borrowed(text) => Cursor::in_document(text).alone(),
            Cow::Owned(text) => Cursor::near(text, around).alone(),
        };
        match read {
            Ok(expression) => expression,
            Err(broken) => {
                self.template_broken(piece(&text), around, &broken);
                Expression { at: around, form: Form::Broken }
            }
        }
    }

    fn value(&mut self, value: Written<'a>, around: &'a str, of_text: &mut OfText<'_, 'a>) -> Expression<'a> {
        let form = match value {
            Written::Null => Form::Null,
            Written::Flag(flag) => Form::Flag(flag),
            Written::Number(number) => match number.strip_prefix('-') {
                Some(digits) => {
                    let digits = Expression { at: around, form: Form::Number(Cow::Owned(digits.to_owned())) };
                    Form::Unary(super::expression::Unary::Minus, Box::new(digits))
                }
                None => Form::Number(Cow::Owned(number)),
            },
            Written::Text(text) => return of_text(self, text, around),
            Written::List(items) => {
                Form::List(items.into_iter().map(|item| self.value(item, around, of_text)).collect())
            }
            Written::Object(entries) => {
                let at = first_key(&entries).unwrap_or(around);
                let entries = entries.into_iter().filter(|(key, _)| key != COMMENT);
                let items = entries.map(|(key, value)| {
                    let around = piece(&key).unwrap_or(at);
                    let key = of_text(self, key, around);
                    (key, self.value(value, around, of_text))
                });
                let form = Form::Object(items.collect());
                return Expression { at, form };
            }
        };
        Expression { at: around, form }
    }

    fn tell(&mut self, at: &'a str, expected: &'static str) {
        self.broken.push(Broken { offset: self.offset(at), expected });
    }

    fn template_broken(&mut self, text: Option<&'a str>, around: &'a str, broken: &Broken) {
        let offset = match text {
            Some(text) => self.offset(text) + broken.offset,
            None => self.offset(around),
        };
        self.broken.push(Broken { offset, expected: broken.expected });
    }

    fn offset(&self, piece: &str) -> usize {
        (piece.as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize).min(self.text.len())
    }
}

/// What a string is, beside a piece near it.
type OfText<'f, 'a> = dyn FnMut(&mut Reader<'a>, Cow<'a, str>, &'a str) -> Expression<'a> + 'f;

/// Where a text stands in the document, if it stands there as it is.
fn piece<'a>(text: &Cow<'a, str>) -> Option<&'a str> {
    match text {
        Cow::Borrowed(text) => Some(*text).filter(|text| !text.is_empty()),
        Cow::Owned(_) => None,
    }
}

fn first_key<'a>(entries: &[(Cow<'a, str>, Written<'a>)]) -> Option<&'a str> {
    entries.iter().find_map(|(key, _)| piece(key))
}

/// Whether blocks below are made by an expression.
fn has_dynamic(value: &Written<'_>) -> bool {
    match value {
        Written::Object(entries) => entries.iter().any(|(key, value)| key == DYNAMIC || has_dynamic(value)),
        Written::List(items) => items.iter().any(has_dynamic),
        Written::Null | Written::Flag(_) | Written::Number(_) | Written::Text(_) => false,
    }
}

/// Whether Terraform itself has a block there.
fn is_nested(kind: &str, name: &str) -> bool {
    matches!((kind, name), ("resource" | "data" | "removed", "lifecycle"))
}

/// The blocks of files, with how many labels they have.
pub(crate) const BLOCKS: [(&str, usize); 13] = [
    ("resource", 2),
    ("data", 2),
    ("ephemeral", 2),
    ("module", 1),
    ("variable", 1),
    ("output", 1),
    ("provider", 1),
    ("check", 1),
    ("locals", 0),
    ("terraform", 0),
    ("moved", 0),
    ("import", 0),
    ("removed", 0),
];

const DYNAMIC: &str = "dynamic";
/// A key that is a comment.
const COMMENT: &str = "//";
