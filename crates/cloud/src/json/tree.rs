//! An object of a document as it stands there, for what is read whole.
//!
//! Letter case of keys does not matter. Knows no key.

use std::borrow::Cow;

use core::fmt;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, MapAccess, SeqAccess};

use super::key::Key;
use super::lenient::{Json, Lenient, Seed};
use super::unknown::{Cause, Unknown};

/// A value of a document. A number is its digits. Complete.
#[derive(Clone, Debug, PartialEq)]
pub enum Tree<'a> {
    /// `null`.
    Null,
    /// `true` or `false`.
    Flag(bool),
    /// A string, or the digits of a number.
    Text(Cow<'a, str>),
    /// A list.
    List(Vec<Tree<'a>>),
    /// An object.
    Object(Node<'a>),
    /// A value that an expression will have, which is not known. No document has it: evaluators write it. Boxed: it is rare.
    Unknown(Box<Unknown<'a>>),
}

/// An object of a document.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Node<'a> {
    entries: Vec<(Cow<'a, str>, Tree<'a>)>,
    /// A piece of the document inside the object.
    pub at: Option<&'a str>,
}

impl<'a> Node<'a> {
    /// An object of these entries, with a piece of the document inside it.
    #[must_use]
    pub fn new(entries: Vec<(Cow<'a, str>, Tree<'a>)>, at: Option<&'a str>) -> Self {
        Self { entries, at }
    }

    /// Its keys and their values, in its order.
    #[must_use]
    pub fn entries(&self) -> &[(Cow<'a, str>, Tree<'a>)] {
        &self.entries
    }

    /// Adds a key behind the others.
    pub fn push(&mut self, key: Cow<'a, str>, value: Tree<'a>) {
        self.entries.push((key, value));
    }

    /// Changes the value of a key, if the object has it.
    pub fn edit(&mut self, key: &str, with: impl FnOnce(&mut Tree<'a>)) {
        if let Some((_, value)) = self.entries.iter_mut().find(|(own, _)| own.eq_ignore_ascii_case(key)) {
            with(value);
        }
    }

    /// The value of a key, to be changed. Of a key that is given twice the later value.
    pub fn own_mut(&mut self, key: &str) -> Option<&mut Tree<'a>> {
        self.entries.iter_mut().rev().find(|(own, _)| is_key(own, key)).map(|(_, value)| value)
    }

    /// Takes a key out, every time it is given; says whether it was there.
    pub fn take_out(&mut self, key: &str) -> bool {
        let before = self.entries.len();
        self.entries.retain(|(own, _)| !own.eq_ignore_ascii_case(key));
        self.entries.len() < before
    }

    /// The same, apart from its document: it stands nowhere.
    #[must_use]
    pub fn to_owned_node(&self) -> Node<'static> {
        let owned =
            |(key, value): &(Cow<'a, str>, Tree<'a>)| (Cow::Owned(key.to_string()), value.to_owned_tree());
        Node { entries: self.entries.iter().map(owned).collect(), at: None }
    }

    /// Gives back the room that it has and does not need, for what is kept long.
    pub fn shrink(&mut self) {
        self.entries.shrink_to_fit();
        for (key, value) in &mut self.entries {
            if let Cow::Owned(key) = key {
                key.shrink_to_fit();
            }
            value.shrink();
        }
    }

    /// Gives a key of the object another name.
    pub fn rename(&mut self, key: &str, name: &'static str) {
        if let Some((own, _)) = self.entries.iter_mut().find(|(own, _)| own.eq_ignore_ascii_case(key)) {
            *own = Cow::Borrowed(name);
        }
    }

    /// Its keys and their values, in its order.
    #[must_use]
    pub fn into_entries(self) -> Vec<(Cow<'a, str>, Tree<'a>)> {
        self.entries
    }

    /// The value of a key in the object itself. Of a key that is given twice the later value.
    #[must_use]
    pub fn own(&self, key: &str) -> Option<&Tree<'a>> {
        self.entries.iter().rev().find(|(own, _)| is_key(own, key)).map(|(_, value)| value)
    }

    /// The same without the keys whose value is null, at any depth. Items of lists stay.
    #[must_use]
    pub fn without_nulls(&self) -> Self {
        let stated = self.entries.iter().filter(|(_, value)| *value != Tree::Null);
        let entries = stated.map(|(key, value)| (key.clone(), value.without_nulls())).collect();
        Self { entries, at: self.at }
    }

    /// Takes out the keys whose value does not stay, at any depth. Items of lists stay.
    pub fn retain(&mut self, stays: &dyn Fn(&Tree<'a>) -> bool) {
        self.entries.retain(|(_, value)| stays(value));
        self.entries.iter_mut().for_each(|(_, value)| value.retain(stays));
    }

    /// The keys of the object itself, in its order.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().map(|(key, _)| &**key)
    }

    /// Keys that the object has more than once with different values: JSON says nothing on which of them counts.
    pub fn twice(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().enumerate().filter_map(|(position, (key, value))| {
            let before = self.entries.get(..position).unwrap_or_default();
            let mut same = before.iter().filter(|(known, _)| known.eq_ignore_ascii_case(key));
            same.any(|(_, other)| other != value).then_some(&**key)
        })
    }
}

/// Whether both are one key. Keys of one object mostly differ in length or in their last letter.
#[inline]
fn is_key(own: &str, key: &str) -> bool {
    let last = |text: &str| text.as_bytes().last().map(u8::to_ascii_lowercase);
    own.len() == key.len() && last(own) == last(key) && own.eq_ignore_ascii_case(key)
}

impl<'a> Tree<'a> {
    /// A value that is not known; `text` is the expression, as people would recognise it.
    #[must_use]
    pub fn unknown(cause: Cause, text: impl Into<Cow<'a, str>>) -> Self {
        Self::Unknown(Box::new(Unknown { cause, text: text.into(), refers: None }))
    }

    /// Gives back the room that it has and does not need, for what is kept long.
    pub fn shrink(&mut self) {
        match self {
            Self::Null | Self::Flag(_) | Self::Unknown(_) | Self::Text(Cow::Borrowed(_)) => {}
            Self::Text(Cow::Owned(text)) => text.shrink_to_fit(),
            Self::List(items) => {
                items.shrink_to_fit();
                items.iter_mut().for_each(Self::shrink);
            }
            Self::Object(node) => node.shrink(),
        }
    }

    /// The same, apart from its document.
    #[must_use]
    pub fn to_owned_tree(&self) -> Tree<'static> {
        match self {
            Self::Null => Tree::Null,
            Self::Flag(flag) => Tree::Flag(*flag),
            Self::Text(text) => Tree::Text(Cow::Owned(text.to_string())),
            Self::List(items) => Tree::List(items.iter().map(Self::to_owned_tree).collect()),
            Self::Object(node) => Tree::Object(node.to_owned_node()),
            Self::Unknown(unknown) => {
                let Unknown { cause, text, refers } = &**unknown;
                let text = Cow::Owned(text.to_string());
                Tree::Unknown(Box::new(Unknown { cause: *cause, text, refers: refers.clone() }))
            }
        }
    }

    fn without_nulls(&self) -> Self {
        match self {
            Self::Object(node) => Self::Object(node.without_nulls()),
            Self::List(items) => Self::List(items.iter().map(Self::without_nulls).collect()),
            Self::Null | Self::Flag(_) | Self::Text(_) | Self::Unknown(_) => self.clone(),
        }
    }

    fn retain(&mut self, stays: &dyn Fn(&Tree<'a>) -> bool) {
        match self {
            Self::Object(node) => node.retain(stays),
            Self::List(items) => items.iter_mut().for_each(|item| item.retain(stays)),
            Self::Null | Self::Flag(_) | Self::Text(_) | Self::Unknown(_) => {}
        }
    }

    /// Its JSON type.
    #[must_use]
    pub fn json(&self) -> Json {
        match self {
            Self::Null => Json::Null,
            Self::Flag(flag) => Json::Boolean(*flag),
            Self::Text(text) => Json::of_text(text),
            Self::List(_) => Json::List,
            Self::Object(_) => Json::Object,
            Self::Unknown(unknown) => Json::Unknown(unknown.cause),
        }
    }
}

impl<'de> Deserialize<'de> for Tree<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Seed(Whole).deserialize(deserializer)
    }
}

struct Whole;

impl<'de> Lenient<'de> for Whole {
    type Value = Tree<'de>;

    fn absent(self) -> Tree<'de> {
        Tree::Null
    }

    fn not(self, json: Json) -> Tree<'de> {
        match json {
            Json::Boolean(flag) => Tree::Flag(flag),
            Json::Unknown(cause) => Tree::unknown(cause, ""),
            Json::Null | Json::Number | Json::Text | Json::List | Json::Object | Json::Cut => Tree::Null,
        }
    }

    fn text(self, text: Cow<'de, str>) -> Tree<'de> {
        Tree::Text(text)
    }

    fn number(self, number: impl fmt::Display) -> Tree<'de> {
        Tree::Text(Cow::Owned(number.to_string()))
    }

    fn list<A: SeqAccess<'de>>(self, mut list: A) -> Result<Tree<'de>, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element()? {
            items.push(item);
        }
        Ok(Tree::List(items))
    }

    fn object<A: MapAccess<'de>>(self, mut object: A) -> Result<Tree<'de>, A::Error> {
        let mut node = Node::default();
        while let Some(Key(key)) = object.next_key::<Key<'de>>()? {
            if let Cow::Borrowed(key) = key {
                node.at.get_or_insert(key);
            }
            node.entries.push((key, object.next_value()?));
        }
        Ok(Tree::Object(node))
    }
}

/// The object of `text` whose first key is `at`; `None` where the first key is spelled with escapes.
#[must_use]
pub fn whole_object<'a>(text: &'a str, at: &'a str) -> Option<Node<'a>> {
    let offset = (at.as_ptr() as usize).checked_sub(text.as_ptr() as usize)?;
    let before = text.get(..offset)?.strip_suffix('"')?.trim_end().strip_suffix('{')?;
    let mut reader = serde_json::Deserializer::from_str(text.get(before.len()..)?);
    match Tree::deserialize(&mut reader) {
        Ok(Tree::Object(node)) => Some(node),
        Ok(_) | Err(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_found_in_any_letter_case_and_the_later_one_counts() {
        let text = r#"[{"Name":"a","ports":[80,"443"],"PORTS":[1]}, 7]"#;
        let at = text.get(3..7).unwrap();
        let node = whole_object(text, at).unwrap();
        assert_eq!(node.own("name"), Some(&Tree::Text("a".into())));
        assert_eq!(node.own("Ports"), Some(&Tree::List(vec![Tree::Text("1".into())])));
        assert_eq!(node.own("none"), None);
        assert_eq!(node.twice().collect::<Vec<_>>(), ["PORTS"]);
    }
}
