//! Values of a template: what its JSON says, and what its expressions come to.
//!
//! A number stays a number: `80` and `'80'` are not equal to a template. Cheap to clone. Knows no function.

use core::ops::Deref;
use std::borrow::Cow;
use std::rc::Rc;

use cloud::LookupMap;
use cloud::json::{Cause, Node, Tree, Unknown};

use super::opaque::Opaque;

/// A value. Complete.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value<'a> {
    Null,
    Flag(bool),
    Number(i64),
    /// A number that is no whole one, or a very large one.
    Real(f64),
    Text(Cow<'a, str>),
    /// One certain text whose characters are not known.
    Opaque(Rc<Opaque>),
    List(List<'a>),
    Object(Rc<Object<'a>>),
    Unknown(Box<Unknown<'a>>),
}

/// A list.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct List<'a> {
    items: Rc<Vec<Value<'a>>>,
    size: Size,
}

impl<'a> Deref for List<'a> {
    type Target = [Value<'a>];

    fn deref(&self) -> &[Value<'a>] {
        &self.items
    }
}

/// An object. Letter case of keys does not matter.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Object<'a> {
    entries: Vec<(Cow<'a, str>, Value<'a>)>,
    /// A key of it in the document.
    pub(crate) at: Option<&'a str>,
    /// What a key is that it does not have, where it has more keys than are known.
    pub(crate) rest: Option<Cause>,
    size: Size,
}

impl<'a> Object<'a> {
    /// Its keys and their values, in its order.
    pub(crate) fn entries(&self) -> &[(Cow<'a, str>, Value<'a>)] {
        &self.entries
    }

    /// The same without what a later entry of the same key takes the place of.
    pub(crate) fn distinct(&self) -> Vec<&(Cow<'a, str>, Value<'a>)> {
        let mut seen = LookupMap::default();
        for (position, (key, _)) in self.entries.iter().enumerate() {
            seen.insert(key.to_ascii_lowercase(), position);
        }
        let is_last = |position: &usize, key: &str| seen.get(&key.to_ascii_lowercase()) == Some(position);
        let entries = self.entries.iter().enumerate();
        entries.filter(|(position, (key, _))| is_last(position, key)).map(|(_, entry)| entry).collect()
    }

    /// The value of a key. Of a key that is given twice the later value.
    pub(crate) fn own(&self, key: &str) -> Option<&Value<'a>> {
        self.entries.iter().rev().find(|(own, _)| own.eq_ignore_ascii_case(key)).map(|(_, value)| value)
    }
}

impl<'a> Value<'a> {
    /// A value that is not known; `text` is the expression, as people would recognise it.
    pub(crate) fn unknown(cause: Cause, text: impl Into<Cow<'a, str>>) -> Self {
        Self::Unknown(Box::new(Unknown { cause, text: text.into(), refers: None }))
    }

    /// A text, unless it is too long.
    pub(crate) fn text(text: impl Into<Cow<'a, str>>) -> Self {
        let text = text.into();
        if text.len() > TEXT_BYTES_MAX {
            return Self::unknown(Cause::TooLarge, "a text of more than a million bytes");
        }
        Self::Text(text)
    }

    /// One certain text that is not known: `{name}`.
    pub(crate) fn opaque(cause: Cause, name: &str) -> Self {
        Self::Opaque(Rc::new(Opaque::hole(cause, name)))
    }

    /// A list, unless it is too large.
    pub(crate) fn list(items: Vec<Self>) -> Self {
        let list = Self::written_list(items);
        list.unless_too_large()
    }

    /// An object, unless it is too large; `at` is a key of it in the document.
    pub(crate) fn object(entries: Vec<(Cow<'a, str>, Self)>, at: Option<&'a str>) -> Self {
        let object = Self::written_object(entries, at);
        object.unless_too_large()
    }

    /// An object that has more keys than these, whose values are not known.
    pub(crate) fn open_object(entries: Vec<(Cow<'a, str>, Self)>, at: Option<&'a str>, rest: Cause) -> Self {
        match Self::object(entries, at) {
            Self::Object(mut object) => {
                Rc::make_mut(&mut object).rest = Some(rest);
                Self::Object(object)
            }
            too_large => too_large,
        }
    }

    /// A list as a document has it.
    pub(crate) fn written_list(items: Vec<Self>) -> Self {
        let size = items.iter().fold(Size::ONE, |size, item| size.holding(item.size()));
        Self::List(List { items: Rc::new(items), size })
    }

    /// An object as a document has it.
    pub(crate) fn written_object(entries: Vec<(Cow<'a, str>, Self)>, at: Option<&'a str>) -> Self {
        let size = entries.iter().fold(Size::ONE, |size, (key, value)| {
            let size = size.holding(value.size());
            Size { nodes: size.nodes.saturating_add(key.len() / BYTES_OF_NODE), ..size }
        });
        Self::Object(Rc::new(Object { entries, at, rest: None, size }))
    }

    fn unless_too_large(self) -> Self {
        let Size { nodes, depth } = self.size();
        if nodes > NODES_MAX || depth > DEPTH_MAX {
            return Self::unknown(Cause::TooLarge, "a list or an object of more than a million values");
        }
        self
    }

    fn size(&self) -> Size {
        match self {
            Self::Null | Self::Flag(_) | Self::Number(_) | Self::Real(_) | Self::Unknown(_) => Size::ONE,
            Self::Text(text) => Size { nodes: 1 + text.len() / BYTES_OF_NODE, depth: 1 },
            Self::Opaque(opaque) => Size { nodes: 1 + opaque.bytes() / BYTES_OF_NODE, depth: 1 },
            Self::List(list) => list.size,
            Self::Object(object) => object.size,
        }
    }

    /// How many values it holds, itself included.
    pub(crate) fn nodes(&self) -> usize {
        self.size().nodes
    }

    /// The value of a key, if it is an object that has it.
    pub(crate) fn own(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Object(object) => object.own(key),
            _ => None,
        }
    }

    /// The object it is.
    pub(crate) fn as_object(&self) -> Option<&Object<'a>> {
        match self {
            Self::Object(object) => Some(object),
            _ => None,
        }
    }

    /// The items of the list it is.
    pub(crate) fn as_list(&self) -> Option<&[Self]> {
        match self {
            Self::List(list) => Some(list),
            _ => None,
        }
    }

    /// The text it is, if that is known.
    pub(crate) fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The text it is, with what stands for what is not known of it.
    pub(crate) fn spelled(&self) -> Option<Cow<'_, str>> {
        match self {
            Self::Text(text) => Some(Cow::Borrowed(text)),
            Self::Opaque(opaque) => Some(Cow::Owned(opaque.spelled())),
            _ => None,
        }
    }

    /// As readers take it: an object whose keys are not all known is not known. An opaque text is its spelling where it
    /// names something, and is not known elsewhere.
    pub(crate) fn into_tree(self) -> Tree<'a> {
        self.into_tree_under("", "")
    }

    fn into_tree_under(self, key: &str, around: &str) -> Tree<'a> {
        match self {
            Self::Null => Tree::Null,
            Self::Flag(flag) => Tree::Flag(flag),
            Self::Number(number) => Tree::Text(Cow::Owned(number.to_string())),
            Self::Real(number) => Tree::Text(Cow::Owned(format!("{number:?}"))),
            Self::Text(text) => Tree::Text(text),
            Self::Opaque(opaque) if names(key, around) || opaque.is_id() => {
                Tree::Text(Cow::Owned(opaque.spelled()))
            }
            Self::Opaque(opaque) => Tree::unknown(opaque.cause(), opaque.spelled()),
            Self::List(list) => {
                let items = Rc::unwrap_or_clone(list.items);
                Tree::List(items.into_iter().map(|item| item.into_tree_under("", key)).collect())
            }
            Self::Object(object) => match object.rest {
                // What a declared resource has beside is told when it is created.
                None | Some(Cause::Computed) => {
                    let Object { entries, at, .. } = Rc::unwrap_or_clone(object);
                    let trees = entries.into_iter().map(|(own, value)| {
                        let tree = value.into_tree_under(&own, key);
                        (own, tree)
                    });
                    Tree::Object(Node::new(trees.collect(), at))
                }
                Some(cause) => Tree::unknown(cause, key.to_owned()),
            },
            Self::Unknown(unknown) => Tree::Unknown(unknown),
        }
    }
}

/// Whether a text under this key names something, and decides nothing by its letters. The name of a SKU does.
fn names(key: &str, around: &str) -> bool {
    key.eq_ignore_ascii_case("id") || key.eq_ignore_ascii_case("name") && !around.eq_ignore_ascii_case("sku")
}

/// How much a value holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Size {
    /// Values, each time they stand in it; bytes count a little.
    nodes: usize,
    depth: usize,
}

impl Size {
    const ONE: Self = Self { nodes: 1, depth: 1 };

    fn holding(self, inner: Self) -> Self {
        Self {
            nodes: self.nodes.saturating_add(inner.nodes),
            depth: self.depth.max(inner.depth.saturating_add(1)),
        }
    }
}

/// Templates have at most 4 MB, their answers too.
pub(crate) const TEXT_BYTES_MAX: usize = 1_000_000;
/// Beyond this nothing is made: shared parts count each time they are in it, since trees share nothing.
const NODES_MAX: usize = 1_000_000;
/// What is nested more deeply than JSON may be is made by no template.
const DEPTH_MAX: usize = 200;
const BYTES_OF_NODE: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(key: &'static str, around: &'static str) -> Tree<'static> {
        let inner = Value::object(vec![(key.into(), Value::opaque(Cause::Unset, "x"))], None);
        let Tree::Object(outer) = Value::object(vec![(around.into(), inner)], None).into_tree() else {
            panic!()
        };
        let Some(Tree::Object(inner)) = outer.own(around) else { panic!() };
        inner.own(key).unwrap().clone()
    }

    #[test]
    fn opaque_texts_name_things_and_decide_nothing() {
        for (key, around, is_text) in [
            ("id", "subnet", true),
            ("Name", "properties", true),
            ("name", "sku", false),
            ("type", "properties", false),
            ("access", "properties", false),
            ("sourceAddressPrefix", "properties", false),
        ] {
            let expected =
                if is_text { Tree::Text("{x}".into()) } else { Tree::unknown(Cause::Unset, "{x}") };
            assert_eq!(tree(key, around), expected, "{around}/{key}");
        }
    }

    #[test]
    fn objects_with_keys_that_are_not_known_are_not_known() {
        let entries = || vec![("a".into(), Value::Number(1))];
        let open = |cause| Value::open_object(entries(), None, cause).into_tree();
        assert_eq!(open(Cause::Computed), Value::object(entries(), None).into_tree());
        assert_eq!(open(Cause::Unset), Tree::unknown(Cause::Unset, ""));
    }

    #[test]
    fn what_is_nested_or_shared_too_often_is_not_made() {
        let mut nested = Value::Null;
        let mut shared = Value::text("x".repeat(1000));
        for _ in 0..300 {
            nested = Value::list(vec![nested]);
            shared = Value::list(vec![shared.clone(), shared]);
        }
        for value in [nested, shared] {
            let Size { nodes, depth } = value.size();
            assert!(nodes <= NODES_MAX && depth <= DEPTH_MAX, "{nodes} {depth}");
        }
    }
}
