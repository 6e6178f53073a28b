//! An object of a document, whole: for kinds of which an estate has few. What means something asks for it key by key.
//!
//! Letter case of keys does not matter; what the REST form nests under `properties` is found as what `az` flattens.

use std::borrow::Cow;

use core::fmt;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, MapAccess, SeqAccess};

use super::fields::Key;
use super::lenient::{Json, Lenient, Seed};

/// A value of a document. A number is its digits.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Tree<'a> {
    Null,
    Flag(bool),
    Text(Cow<'a, str>),
    List(Vec<Tree<'a>>),
    Object(Node<'a>),
}

/// An object of a document.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Node<'a> {
    entries: Vec<(Cow<'a, str>, Tree<'a>)>,
    /// A piece of the document inside the object.
    pub(crate) at: Option<&'a str>,
}

impl<'a> Node<'a> {
    pub(super) fn new(entries: Vec<(Cow<'a, str>, Tree<'a>)>, at: Option<&'a str>) -> Self {
        Self { entries, at }
    }

    pub(super) fn entries(&self) -> &[(Cow<'a, str>, Tree<'a>)] {
        &self.entries
    }

    pub(super) fn push(&mut self, key: Cow<'a, str>, value: Tree<'a>) {
        self.entries.push((key, value));
    }

    /// Changes the value of a key, if the object has it.
    pub(super) fn edit(&mut self, key: &str, with: impl FnOnce(&mut Tree<'a>)) {
        if let Some((_, value)) = self.entries.iter_mut().find(|(own, _)| own.eq_ignore_ascii_case(key)) {
            with(value);
        }
    }

    /// Gives a key of the object another name.
    pub(super) fn rename(&mut self, key: &str, name: &'static str) {
        if let Some((own, _)) = self.entries.iter_mut().find(|(own, _)| own.eq_ignore_ascii_case(key)) {
            *own = Cow::Borrowed(name);
        }
    }

    pub(super) fn into_entries(self) -> Vec<(Cow<'a, str>, Tree<'a>)> {
        self.entries
    }

    /// The value of a key, in the object or under its `properties`. Who a resource is (`id`, `name`, `type`) stands
    /// outside of them.
    pub(crate) fn get(&self, key: &str) -> Option<&Tree<'a>> {
        let is_who = matches!(key, "id" | "name" | "type");
        let within = match self.own("properties") {
            Some(Tree::Object(properties)) if !is_who => properties.own(key),
            _ => None,
        };
        within.or_else(|| self.own(key)).or_else(|| self.column(key))
    }

    /// The value of a key that a query projected without a name of its own: its column is `properties_key`.
    fn column(&self, key: &str) -> Option<&Tree<'a>> {
        let is_it = |own: &str| property_column(own).is_some_and(|column| column.eq_ignore_ascii_case(key));
        self.entries.iter().find(|(own, _)| is_it(own)).map(|(_, value)| value)
    }

    /// The value of a key in the object itself. Of a key that is given twice the later value.
    pub(crate) fn own(&self, key: &str) -> Option<&Tree<'a>> {
        self.entries.iter().rev().find(|(own, _)| own.eq_ignore_ascii_case(key)).map(|(_, value)| value)
    }

    /// Whether it has nothing but what a list of all resources says of each.
    pub(crate) fn is_envelope(&self) -> bool {
        let is_known = |key: &str| ENVELOPE.iter().any(|known| known.eq_ignore_ascii_case(key));
        self.entries.iter().all(|(key, value)| *value == Tree::Null || is_known(key))
    }

    /// The keys of the object itself, in its order.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().map(|(key, _)| &**key)
    }

    /// Keys that the object, or its `properties`, has more than once: JSON says nothing on which of them counts.
    pub(crate) fn twice(&self) -> Vec<&str> {
        let within = match self.own("properties") {
            Some(Tree::Object(properties)) => properties.entries.as_slice(),
            _ => &[],
        };
        let mut found = Vec::new();
        for entries in [self.entries.as_slice(), within] {
            for (position, (key, _)) in entries.iter().enumerate() {
                let before = entries.get(..position).unwrap_or_default();
                if before.iter().any(|(known, _)| known.eq_ignore_ascii_case(key)) {
                    found.push(&**key);
                }
            }
        }
        found
    }
}

impl Tree<'_> {
    /// Its JSON type.
    pub(crate) fn json(&self) -> Json {
        match self {
            Self::Null => Json::Null,
            Self::Flag(flag) => Json::Boolean(*flag),
            Self::Text(text) => Json::of_text(text),
            Self::List(_) => Json::List,
            Self::Object(_) => Json::Object,
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

/// What a list of all resources says of each.
pub(super) const ENVELOPE: [&str; 20] = [
    "id",
    "name",
    "type",
    "resourceGroup",
    "location",
    "tags",
    "etag",
    "sku",
    "kind",
    "identity",
    "managedBy",
    "extendedLocation",
    "plan",
    "zones",
    "systemData",
    "createdTime",
    "changedTime",
    "provisioningState",
    "subscriptionId",
    "tenantId",
];

/// The property that a column of Resource Graph is named after, when its query gave it no name.
pub(super) fn property_column(key: &str) -> Option<&str> {
    key.strip_prefix("properties_")
}

/// The object of `text` whose first key is `at`; `None` where the first key is spelled with escapes.
pub(crate) fn whole_object<'a>(text: &'a str, at: &'a str) -> Option<Node<'a>> {
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
    fn keys_are_found_in_both_forms_and_any_letter_case() {
        let text = r#"[{"Name":"a","Properties":{"name":"b","ports":[80,"443"]}}, 7]"#;
        let at = text.get(3..7).unwrap();
        let node = whole_object(text, at).unwrap();
        assert_eq!(node.get("name"), Some(&Tree::Text("a".into())));
        let ports = Tree::List(vec![Tree::Text("80".into()), Tree::Text("443".into())]);
        assert_eq!(node.get("ports"), Some(&ports));
        assert_eq!(node.get("none"), None);
        assert_eq!(node.twice(), Vec::<&str>::new());
    }
}
