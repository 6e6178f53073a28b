//! A tree read again as if it stood in the document: what was read whole reads through a reader of text too.

use std::borrow::Cow;
use std::slice;

use serde::de::value::Error;
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;

use super::tree::Tree;

impl<'de> Deserializer<'de> for &Tree<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            Tree::Null => visitor.visit_unit(),
            Tree::Flag(flag) => visitor.visit_bool(*flag),
            Tree::Text(text) => Word(text).deserialize_any(visitor),
            Tree::Unknown(unknown) => visitor.visit_bytes(&[unknown.cause as u8]),
            Tree::List(items) => visitor.visit_seq(Items(items.iter())),
            Tree::Object(node) => visitor.visit_map(Entries { entries: node.entries().iter(), value: None }),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit
        unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

/// A text, borrowed from the document where it stands there.
struct Word<'t, 'de>(&'t Cow<'de, str>);

impl<'de> Deserializer<'de> for Word<'_, 'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Cow::Borrowed(text) => visitor.visit_borrowed_str(text),
            Cow::Owned(text) => visitor.visit_str(text),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit
        unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

struct Items<'t, 'de>(slice::Iter<'t, Tree<'de>>);

impl<'de> SeqAccess<'de> for Items<'_, 'de> {
    type Error = Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Error> {
        self.0.next().map(|item| seed.deserialize(item)).transpose()
    }
}

struct Entries<'t, 'de> {
    entries: slice::Iter<'t, (Cow<'de, str>, Tree<'de>)>,
    /// The value of the key that was handed out last.
    value: Option<&'t Tree<'de>>,
}

impl<'de> MapAccess<'de> for Entries<'_, 'de> {
    type Error = Error;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Error> {
        let Some((key, value)) = self.entries.next() else { return Ok(None) };
        self.value = Some(value);
        seed.deserialize(Word(key)).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Error> {
        seed.deserialize(self.value.take().unwrap_or(&Tree::Null))
    }
}

#[cfg(test)]
mod tests {
    use serde::de::Deserialize as _;

    use super::*;

    #[test]
    fn a_tree_reads_as_its_text_does() {
        let text = r#"{"name":"a","rules":[{"name":"r","port":100,"open":true},null]}"#;
        let direct = serde_json::from_str::<Tree<'_>>(text).unwrap();
        assert_eq!(Tree::deserialize(&direct).unwrap(), direct);
    }
}
