//! What expressions come to: values as Terraform has them, any part of which may not be known.
//!
//! Cheap to clone. A value remembers where it was written. Knows no expression and no function.

mod convert;
mod equal;
mod json;
mod number;
mod sequence;
mod text;
mod tree;
mod types;

use std::borrow::Cow;
use std::rc::Rc;

use cloud::json::{Cause, Reference, Unknown};

pub(crate) use convert::{Fault, Wanted};
pub(crate) use equal::{chosen, equals, order};
pub(crate) use number::Number;
pub(crate) use sequence::{Object, Sequence, Shape, joined};
pub(crate) use text::Text;
pub(crate) use types::{Type, of_one_type};

/// A value.
#[derive(Clone, Debug)]
pub(crate) struct Value<'a> {
    /// What it is.
    pub(crate) kind: Kind<'a>,
    /// The piece of the text where it was written.
    pub(crate) at: Option<&'a str>,
}

/// What a value is. Complete.
#[derive(Clone, Debug)]
pub(crate) enum Kind<'a> {
    /// `null`.
    Null,
    /// `true` or `false`.
    Flag(bool),
    /// A number.
    Number(Number),
    /// A string.
    Text(Text<'a>),
    /// A tuple, list or set.
    Sequence(Sequence<'a>),
    /// An object or map.
    Object(Object<'a>),
    /// A value that is not known.
    Unknown(Rc<Unknown<'a>>),
}

impl<'a> Value<'a> {
    const fn new(kind: Kind<'a>) -> Self {
        Self { kind, at: None }
    }

    /// `null`.
    pub(crate) const fn null() -> Self {
        Self::new(Kind::Null)
    }

    /// `true` or `false`.
    pub(crate) const fn flag(flag: bool) -> Self {
        Self::new(Kind::Flag(flag))
    }

    /// A whole number.
    pub(crate) const fn number(number: i128) -> Self {
        Self::new(Kind::Number(Number::whole(number)))
    }

    /// How many there are of something.
    pub(crate) fn count(count: usize) -> Self {
        Self::number(i128::try_from(count).unwrap_or(i128::MAX))
    }

    /// A string.
    pub(crate) fn text(text: impl Into<Text<'a>>) -> Self {
        Self::new(Kind::Text(text.into()))
    }

    /// A tuple: what brackets make.
    pub(crate) fn tuple(items: Vec<Self>) -> Self {
        Self::sequence(Shape::Tuple, items)
    }

    /// A list: items of one type.
    pub(crate) fn list(items: Vec<Self>) -> Self {
        Self::sequence(Shape::List, items)
    }

    /// A set: sorted, equal items once.
    pub(crate) fn set(mut items: Vec<Self>) -> Self {
        items.sort_by(order);
        items.dedup_by(|later, earlier| equals(later, earlier) == Some(true));
        Self::sequence(Shape::Set, items)
    }

    /// Items of which the unknown ones stand for any number of items.
    pub(crate) fn partial(items: Vec<Self>) -> Self {
        Self::sequence(Shape::Partial, items)
    }

    /// Items in a shape.
    pub(crate) fn sequence(shape: Shape, items: Vec<Self>) -> Self {
        match Sequence::new(shape, items) {
            Some(sequence) => Self::new(Kind::Sequence(sequence)),
            None => Self::unknown(Cause::TooLarge, "a list"),
        }
    }

    /// An object: what braces make. Of a key that is given twice the later value.
    pub(crate) fn object(entries: Vec<(Text<'a>, Self)>) -> Self {
        Self::keyed(false, entries)
    }

    /// A map: values of one type.
    pub(crate) fn map(entries: Vec<(Text<'a>, Self)>) -> Self {
        Self::keyed(true, entries)
    }

    /// An object or map.
    pub(crate) fn keyed(is_map: bool, entries: Vec<(Text<'a>, Self)>) -> Self {
        match Object::new(is_map, entries) {
            Some(object) => Self::new(Kind::Object(object)),
            None => Self::unknown(Cause::TooLarge, "an object"),
        }
    }

    /// An object that has more keys than are known: `of` is what it is an attribute of.
    pub(crate) fn open_object(
        entries: Vec<(Text<'a>, Self)>,
        at: Option<&'a str>,
        cause: Cause,
        of: Reference,
    ) -> Self {
        match Object::new(false, entries) {
            Some(object) => Self { kind: Kind::Object(object.with_rest(cause, of)), at },
            None => Self::unknown(Cause::TooLarge, "an object"),
        }
    }

    /// A value that is not known; `text` is the expression, as people would recognise it.
    pub(crate) fn unknown(cause: Cause, text: impl Into<Cow<'a, str>>) -> Self {
        Self::new(Kind::Unknown(Rc::new(Unknown { cause, text: text.into(), refers: None })))
    }

    /// A value that is not known, and is an attribute of something declared.
    pub(crate) fn refers(cause: Cause, text: impl Into<Cow<'a, str>>, to: Reference) -> Self {
        Self::new(Kind::Unknown(Rc::new(Unknown { cause, text: text.into(), refers: Some(to) })))
    }

    /// The same, written there.
    #[must_use]
    pub(crate) fn with_at(self, at: Option<&'a str>) -> Self {
        Self { at, ..self }
    }

    /// The same, written there unless it is known to be written elsewhere.
    #[must_use]
    pub(crate) fn or_at(self, at: Option<&'a str>) -> Self {
        Self { at: self.at.or(at), ..self }
    }

    /// What is made with an unknown value: not known for the same reason, and no attribute of anything.
    #[must_use]
    pub(crate) fn because(&self) -> Self {
        match &self.kind {
            Kind::Unknown(unknown) if unknown.refers.is_some() => {
                Self::unknown(unknown.cause, unknown.text.clone()).with_at(self.at)
            }
            _ => self.clone(),
        }
    }

    /// What is made of one that stands for all of a resource, of which there may be none: what it refers to stays, nothing
    /// else of it is known.
    #[must_use]
    pub(crate) fn perhaps(self) -> Self {
        let at = self.at;
        let made = match &self.kind {
            Kind::Unknown(_) => return self,
            Kind::Object(object) if object.is_open() => return self,
            Kind::Object(object) => {
                let entries = object.entries().iter().cloned();
                Self::keyed(object.is_map(), entries.map(|(key, value)| (key, value.perhaps())).collect())
            }
            Kind::Sequence(sequence) => {
                let items = sequence.items().iter().cloned().map(Self::perhaps).collect();
                Self::sequence(Shape::Partial, items)
            }
            Kind::Null | Kind::Flag(_) | Kind::Number(_) | Kind::Text(_) => {
                Self::unknown(Cause::Unsupported, "how many there are")
            }
        };
        made.or_at(at)
    }

    /// Whether nothing of the value itself is known; parts of it may be unknown where it is.
    pub(crate) const fn is_unknown(&self) -> bool {
        matches!(self.kind, Kind::Unknown(_))
    }

    /// Why it is not known, where it is not.
    pub(crate) fn as_unknown(&self) -> Option<&Unknown<'a>> {
        match &self.kind {
            Kind::Unknown(unknown) => Some(unknown),
            _ => None,
        }
    }

    /// Whether it is `null`.
    pub(crate) const fn is_null(&self) -> bool {
        matches!(self.kind, Kind::Null)
    }

    /// A string, where it is one.
    pub(crate) fn as_text(&self) -> Option<&Text<'a>> {
        match &self.kind {
            Kind::Text(text) => Some(text),
            _ => None,
        }
    }

    /// A boolean, where it is one.
    pub(crate) const fn as_flag(&self) -> Option<bool> {
        match self.kind {
            Kind::Flag(flag) => Some(flag),
            _ => None,
        }
    }

    /// A whole number, where it is one.
    pub(crate) fn as_integer(&self) -> Option<i128> {
        match &self.kind {
            Kind::Number(number) => number.integer(),
            _ => None,
        }
    }

    /// Tuple, list or set, where it is one.
    pub(crate) const fn as_sequence(&self) -> Option<&Sequence<'a>> {
        match &self.kind {
            Kind::Sequence(sequence) => Some(sequence),
            _ => None,
        }
    }

    /// Object or map, where it is one.
    pub(crate) const fn as_object(&self) -> Option<&Object<'a>> {
        match &self.kind {
            Kind::Object(object) => Some(object),
            _ => None,
        }
    }

    /// The items of a tuple, list or set.
    pub(crate) fn items(&self) -> Option<&[Self]> {
        self.as_sequence().map(Sequence::items)
    }

    /// The first part of it that is not known, at any depth; itself where nothing is.
    pub(crate) fn first_unknown(&self) -> Option<Self> {
        match &self.kind {
            Kind::Unknown(_) => Some(self.clone()),
            Kind::Sequence(sequence) if !sequence.is_wholly_known() => {
                let unknown = sequence.items().iter().find_map(Self::first_unknown);
                unknown.or_else(|| Some(Self::unknown(Cause::Unsupported, "how many there are")))
            }
            Kind::Object(object) if !object.is_wholly_known() => {
                let unknown = object.entries().iter().find_map(|(_, value)| value.first_unknown());
                unknown.or_else(|| object.unknown_keys())
            }
            Kind::Null
            | Kind::Flag(_)
            | Kind::Number(_)
            | Kind::Text(_)
            | Kind::Sequence(_)
            | Kind::Object(_) => None,
        }
    }

    /// Whether every part of it is known.
    pub(crate) fn is_wholly_known(&self) -> bool {
        match &self.kind {
            Kind::Unknown(_) => false,
            Kind::Sequence(sequence) => sequence.is_wholly_known(),
            Kind::Object(object) => object.is_wholly_known(),
            Kind::Null | Kind::Flag(_) | Kind::Number(_) | Kind::Text(_) => true,
        }
    }

    /// What Terraform calls its type, in a few words.
    pub(crate) fn noun(&self) -> &'static str {
        match &self.kind {
            Kind::Null => "null",
            Kind::Flag(_) => "a bool",
            Kind::Number(_) => "a number",
            Kind::Text(_) => "a string",
            Kind::Sequence(sequence) => match sequence.shape() {
                Shape::Tuple => "a tuple",
                Shape::List | Shape::Partial => "a list",
                Shape::Set => "a set",
            },
            Kind::Object(object) if object.is_map() => "a map",
            Kind::Object(_) => "an object",
            Kind::Unknown(_) => "not known",
        }
    }

    /// How much of a walk it is: its parts, and long texts more than short ones.
    pub(crate) fn weight(&self) -> usize {
        match &self.kind {
            Kind::Text(text) => 1 + text.len() / TEXT_STEP,
            Kind::Sequence(sequence) => sequence.weight(),
            Kind::Object(object) => object.weight(),
            Kind::Null | Kind::Flag(_) | Kind::Number(_) | Kind::Unknown(_) => 1,
        }
    }

    fn depth(&self) -> usize {
        match &self.kind {
            Kind::Sequence(sequence) => sequence.depth(),
            Kind::Object(object) => object.depth(),
            Kind::Null | Kind::Flag(_) | Kind::Number(_) | Kind::Text(_) | Kind::Unknown(_) => 0,
        }
    }
}

/// So many bytes of a text are one more part.
pub(crate) const TEXT_STEP: usize = 64;

impl From<Number> for Value<'_> {
    fn from(number: Number) -> Self {
        Self::new(Kind::Number(number))
    }
}
