//! JSON inside JSON: texts of documents, and trees that are read as documents are.

use std::borrow::Cow;

use cloud::json::{Node, Tree};
use serde::de::value::{
    BorrowedStrDeserializer, CowStrDeserializer, Error, MapDeserializer, SeqDeserializer,
};
use serde::de::{Deserialize as _, Deserializer, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;

/// The tree of a text, if it is JSON. Nothing of it is a piece of the document: its escapes are undone.
pub(super) fn tree<'a>(text: &str) -> Option<Tree<'a>> {
    let json = text.trim_start_matches('\u{feff}').trim_start();
    json.starts_with(['{', '[']).then_some(())?;
    let mut reader = serde_json::Deserializer::from_reader(json.as_bytes());
    let tree = Tree::deserialize(&mut reader).ok()?;
    reader.end().ok()?;
    Some(tree)
}

/// An object that is meant where a text of it may stand.
pub(super) fn object<'a>(value: &Tree<'a>) -> Option<Node<'a>> {
    match value {
        Tree::Object(node) => Some(node.clone()),
        Tree::Text(text) => match tree(text)? {
            Tree::Object(node) => Some(node),
            Tree::Null | Tree::Flag(_) | Tree::Text(_) | Tree::List(_) => None,
        },
        Tree::Null | Tree::Flag(_) | Tree::List(_) => None,
    }
}

/// A tree as a source of what stands in it.
pub(super) struct Replay<'a>(pub(super) Tree<'a>);

impl<'de> Deserializer<'de> for Replay<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Tree::Null => visitor.visit_unit(),
            Tree::Flag(flag) => visitor.visit_bool(flag),
            Tree::Text(text) => Word(text).deserialize_any(visitor),
            Tree::List(items) => SeqDeserializer::new(items.into_iter().map(Replay)).deserialize_any(visitor),
            Tree::Object(node) => {
                let entries = node.into_entries().into_iter().map(|(key, value)| (Word(key), Replay(value)));
                MapDeserializer::new(entries).deserialize_any(visitor)
            }
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

impl<'de> IntoDeserializer<'de, Error> for Replay<'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

/// A text, which stays a piece of the document where it is one.
struct Word<'a>(Cow<'a, str>);

impl<'de> Deserializer<'de> for Word<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Cow::Borrowed(text) => BorrowedStrDeserializer::new(text).deserialize_any(visitor),
            Cow::Owned(text) => CowStrDeserializer::new(Cow::Owned(text)).deserialize_any(visitor),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

impl<'de> IntoDeserializer<'de, Error> for Word<'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}
