//! The objects of requests and responses, whichever of its forms a record has them in.
//!
//! EC2 alone has three: `{"items": […]}` with `{}` for an empty list, flat, and wrapped, where a list of one is its item, a
//! value is `{"tag": 1, "content": …}` and nothing is `""`. Knows no key of any operation.

use cloud::json::{Json, Node, Tree};

/// An object of a request or a response; one that is not there has nothing.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Body<'n>(Option<&'n Node<'n>>);

impl<'n> Body<'n> {
    pub(crate) const fn of(node: &'n Node<'n>) -> Self {
        Self(Some(node))
    }

    /// The object that a value is.
    pub(crate) fn in_tree(tree: &'n Tree<'n>) -> Option<Self> {
        match tree {
            Tree::Object(node) => Some(Self(Some(node))),
            Tree::Null | Tree::Flag(_) | Tree::Text(_) | Tree::List(_) | Tree::Unknown(_) => None,
        }
    }

    /// The object itself, where there is one.
    pub(crate) const fn node(self) -> Option<&'n Node<'n>> {
        self.0
    }

    /// The value of a key, in any letter case; `None` where it is not there or null.
    pub(crate) fn own(self, key: &str) -> Option<&'n Tree<'n>> {
        self.0?.own(key).filter(|value| !matches!(value, Tree::Null))
    }

    pub(crate) fn has(self, key: &str) -> bool {
        self.own(key).is_some()
    }

    /// Whether it has nothing at all.
    pub(crate) fn is_empty(self) -> bool {
        self.0.is_none_or(|node| node.entries().is_empty())
    }

    /// The text or the digits of a key; `None` where it is blank or something else.
    pub(crate) fn text(self, key: &str) -> Option<&'n str> {
        text_of(self.own(key)?)
    }

    /// The text of the first of these keys that has one.
    pub(crate) fn first_text(self, keys: &[&str]) -> Option<&'n str> {
        keys.iter().find_map(|key| self.text(key))
    }

    /// The first text at a path whose keys have dots between them: of a list, that of its first item.
    pub(crate) fn first_at(self, path: &str) -> Option<&'n str> {
        let (key, rest) = path.split_once('.').map_or((path, None), |(key, rest)| (key, Some(rest)));
        let first = self.items(key).into_iter().next()?;
        match rest {
            Some(rest) => Self::in_tree(first)?.first_at(rest),
            None => text_of(first),
        }
    }

    /// Whether something is so: `true`, `"true"`, or `{"value": true}` as attributes have it.
    pub(crate) fn flag(self, key: &str) -> Option<bool> {
        match self.own(key)? {
            Tree::Flag(flag) => Some(*flag),
            Tree::Object(node) => ["value", "content"].iter().find_map(|key| Self(Some(node)).flag(key)),
            other => match text_of(other)? {
                word if word.eq_ignore_ascii_case("true") => Some(true),
                word if word.eq_ignore_ascii_case("false") => Some(false),
                _ => None,
            },
        }
    }

    /// A whole number, perhaps below zero.
    pub(crate) fn number(self, key: &str) -> Option<i64> {
        let digits = self.text(key)?;
        digits.parse().ok().filter(|_| !digits.starts_with('+'))
    }

    /// The object under a key; one with nothing where there is none.
    pub(crate) fn part(self, key: &str) -> Self {
        self.own(key).and_then(Self::in_tree).unwrap_or_default()
    }

    /// The object that keys lead to, one after the other.
    pub(crate) fn at(self, keys: &[&str]) -> Self {
        keys.iter().fold(self, |body, key| body.part(key))
    }

    /// The items of the list under a key, in any of the forms a list has.
    pub(crate) fn items(self, key: &str) -> Vec<&'n Tree<'n>> {
        self.own(key).map(items_of).unwrap_or_default()
    }

    /// The objects of the list under a key. What is no object there is left out.
    pub(crate) fn parts(self, key: &str) -> Vec<Self> {
        self.items(key).into_iter().filter_map(Self::in_tree).collect()
    }

    /// The texts of the list under a key.
    pub(crate) fn texts(self, key: &str) -> Vec<&'n str> {
        self.items(key).into_iter().filter_map(text_of).collect()
    }

    /// The texts of the list under a key: of its items, or of a key of them.
    pub(crate) fn texts_of(self, key: &str, field: &str) -> Vec<&'n str> {
        let of_item = |item: &'n Tree<'n>| match item {
            Tree::Object(node) => Self(Some(node)).text(field).or_else(|| text_of(item)),
            other => text_of(other),
        };
        self.items(key).into_iter().filter_map(of_item).collect()
    }

    /// The JSON type of a key, for messages.
    pub(crate) fn json(self, key: &str) -> Json {
        self.own(key).map_or(Json::Null, Tree::json)
    }

    /// The value of a key as it is, apart from its document.
    pub(crate) fn tree(self, key: &str) -> Option<Tree<'static>> {
        self.own(key).map(Tree::to_owned_tree)
    }
}

/// The text of a value; `{"tag": 1, "content": "…"}` has one too. Blank ones are none.
pub(crate) fn text_of<'n>(value: &'n Tree<'n>) -> Option<&'n str> {
    match value {
        Tree::Text(text) => Some(text.trim()).filter(|text| !text.is_empty()),
        Tree::Object(node) => Body(Some(node)).own("content").and_then(text_of),
        Tree::Null | Tree::Flag(_) | Tree::List(_) | Tree::Unknown(_) => None,
    }
}

/// The items of a list: `[…]`, `{"items": […]}`, an item alone; none are `{}`, `""` and null.
pub(crate) fn items_of<'n>(value: &'n Tree<'n>) -> Vec<&'n Tree<'n>> {
    match value {
        Tree::Null => Vec::new(),
        Tree::Text(text) if text.trim().is_empty() => Vec::new(),
        Tree::List(items) => items.iter().collect(),
        Tree::Object(node) => match (node.own("items"), node.own("member"), node.own("item")) {
            (Some(items), ..) | (None, Some(items), _) | (None, None, Some(items)) => items_of(items),
            (None, None, None) if node.entries().is_empty() => Vec::new(),
            (None, None, None) => vec![value],
        },
        Tree::Flag(_) | Tree::Text(_) | Tree::Unknown(_) => vec![value],
    }
}
