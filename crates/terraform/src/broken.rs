//! JSON that may break off: whatever stands before the break is kept, and every object that the break is in says so.
//!
//! Knows no key.

use cloud::Document;
use cloud::json::{Json, Key, Lenient, Node, ReadOne, Seed, StrReader, Tree, read_stream};
use core::fmt;
use model::Gap;
use serde::de::{DeserializeSeed as _, MapAccess, SeqAccess};
use std::borrow::Cow;

/// The values of a document, one after the other, and what is not JSON in it.
pub(crate) fn values<'a>(document: &Document<'a>) -> (Vec<Tree<'a>>, Vec<Gap>) {
    let mut values = Values(Vec::new());
    let broken = read_stream(document.text, &mut values);
    let gaps = broken.iter().map(|broken| document.malformed(broken)).collect();
    (values.0, gaps)
}

/// Whether the document breaks off inside an object.
pub(crate) fn is_broken(node: &Node<'_>) -> bool {
    node.own(BREAK).is_some()
}

/// A key that no document has: what was read of the object is not all of it.
const BREAK: &str = "\0";

struct Values<'a>(Vec<Tree<'a>>);

impl<'a> ReadOne<'a> for Values<'a> {
    fn document(&mut self, reader: &mut StrReader<'a>) -> Result<(), serde_json::Error> {
        let mut value = Tree::Null;
        let read = Seed(Slot(&mut value)).deserialize(reader);
        self.0.push(value);
        read
    }

    fn broken(&mut self) {}
}

/// Where a value is put while it is read.
struct Slot<'s, 'a>(&'s mut Tree<'a>);

impl<'de> Lenient<'de> for Slot<'_, 'de> {
    type Value = ();

    fn absent(self) {}

    fn not(self, json: Json) {
        if let Json::Boolean(flag) = json {
            *self.0 = Tree::Flag(flag);
        }
    }

    fn text(self, text: Cow<'de, str>) {
        *self.0 = Tree::Text(text);
    }

    fn number(self, number: impl fmt::Display) {
        *self.0 = Tree::Text(Cow::Owned(number.to_string()));
    }

    fn list<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let mut items = Vec::new();
        let read = loop {
            let mut item = Tree::Null;
            match list.next_element_seed(Seed(Slot(&mut item))) {
                Ok(Some(())) => items.push(item),
                Ok(None) => break Ok(()),
                Err(error) => {
                    items.extend(holds_more(&item).then_some(item));
                    break Err(error);
                }
            }
        };
        *self.0 = Tree::List(items);
        read
    }

    fn object<A: MapAccess<'de>>(self, mut object: A) -> Result<(), A::Error> {
        let mut node = Node::default();
        let read = loop {
            let key = match object.next_key::<Key<'de>>() {
                Ok(Some(Key(key))) => key,
                Ok(None) => break Ok(()),
                Err(error) => break Err(error),
            };
            if let Cow::Borrowed(key) = key {
                node.at.get_or_insert(key);
            }
            let mut value = Tree::Null;
            match object.next_value_seed(Seed(Slot(&mut value))) {
                Ok(()) => node.push(key, value),
                Err(error) => {
                    if holds_more(&value) {
                        node.push(key, value);
                    }
                    break Err(error);
                }
            }
        };
        if read.is_err() {
            node.push(Cow::Borrowed(BREAK), Tree::Null);
        }
        *self.0 = Tree::Object(node);
        read
    }
}

/// Whether a value that was not read to its end holds others that may have been.
const fn holds_more(value: &Tree<'_>) -> bool {
    matches!(value, Tree::List(_) | Tree::Object(_))
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::DocumentId;

    #[test]
    fn what_stands_before_a_break_is_kept() {
        let text = r#"{"a": [{"b": 1, "c": true}, {"b": 2, "c": tr"#;
        let (values, gaps) = values(&Document { id: DocumentId(0), path: "p", text });
        let [Tree::Object(whole)] = values.as_slice() else { panic!("{values:?}") };
        let Some(Tree::List(items)) = whole.own("a") else { panic!("{whole:?}") };
        let objects: Vec<&Node<'_>> = items
            .iter()
            .filter_map(|item| if let Tree::Object(node) = item { Some(node) } else { None })
            .collect();
        assert!(is_broken(whole) && !is_broken(objects[0]) && is_broken(objects[1]));
        assert_eq!(objects[1].own("b"), Some(&Tree::Text("2".into())));
        assert_eq!((objects[1].own("c"), gaps.len()), (None, 1));
    }
}
