//! A tree read again as if it stood in the document: what is no text of the document reads through the same structs.

use std::borrow::Cow;
use std::slice;

use serde::de::value::Error;
use serde::de::{Deserialize, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;

use super::element::Element;
use super::fields::Object;
use super::page::Item;
use super::tree::{Node, Tree};

/// The item that an entry of a list is, which was read whole; `around` is where it stands if it cannot say so itself.
pub(super) fn item<'a>(entry: Tree<'a>, around: Option<&'a str>) -> Item<'a> {
    let Tree::Object(mut node) = entry else { return Item::Strange };
    node.at = node.at.or(around);
    match element(node) {
        Some(element) => Item::Resource(Box::new(element)),
        None => Item::Strange,
    }
}

/// The resource that an object is. It keeps the object.
pub(crate) fn element(node: Node<'_>) -> Option<Element<'_>> {
    let tree = Tree::Object(node);
    let read = Object::<Element<'_>>::deserialize(&tree);
    match (read, tree) {
        (Ok(Object::Is(mut element)), Tree::Object(node)) => {
            element.whole = Some(Box::new(node));
            Some(element)
        }
        _ => None,
    }
}

impl<'de> Deserializer<'de> for &Tree<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            Tree::Null => visitor.visit_unit(),
            Tree::Flag(flag) => visitor.visit_bool(*flag),
            Tree::Text(text) => Word(text).deserialize_any(visitor),
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
    use super::*;

    #[test]
    fn a_tree_reads_as_its_text_does() {
        let text = r#"{"name":"a","properties":{"securityRules":[{"name":"r","properties":{"priority":100}}],"x":[true,null]}}"#;
        let direct = serde_json::from_str::<Object<Element<'_>>>(text).unwrap();
        let Ok(Tree::Object(node)) = serde_json::from_str::<Tree<'_>>(text) else { panic!("an object") };
        let mut replayed = element(node).unwrap();
        assert!(replayed.whole.take().is_some());
        assert_eq!(Object::Is(replayed), direct);
    }
}
