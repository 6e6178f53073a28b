//! What an object of a document says under a key, for kinds that are read whole.
//!
//! A value of a type that is not expected is told once, here, and is neither absent nor a value.

use model::Effect;

use crate::desk::{Desk, Quoted, ReadAt};
use crate::json::{Cause, Json, Node, Tree, is_cut};

/// What is said under a key. Complete: whoever asks has to say what each of the three means.
#[derive(Clone, Debug, PartialEq)]
pub enum Said<T> {
    /// Nothing: the key is absent or null.
    Nothing,
    /// A value.
    This(T),
    /// Something that cannot be read. It has been told as a gap.
    Unreadable,
}

impl<T> Said<T> {
    /// What is said, where nothing and what cannot be read mean the same.
    #[must_use]
    pub fn this(self) -> Option<T> {
        match self {
            Self::This(value) => Some(value),
            Self::Nothing | Self::Unreadable => None,
        }
    }

    /// What is said, where it stays with whoever says it.
    #[must_use]
    pub const fn this_ref(&self) -> Option<&T> {
        match self {
            Self::This(value) => Some(value),
            Self::Nothing | Self::Unreadable => None,
        }
    }

    /// What is said, made into something else.
    #[must_use]
    pub fn map<U>(self, with: impl FnOnce(T) -> U) -> Said<U> {
        match self {
            Self::Nothing => Said::Nothing,
            Self::This(value) => Said::This(with(value)),
            Self::Unreadable => Said::Unreadable,
        }
    }

    /// Whether nothing is said.
    #[must_use]
    pub const fn is_nothing(&self) -> bool {
        matches!(self, Self::Nothing)
    }
}

/// How a form lays out its objects: one nests what another flattens.
#[derive(Clone, Copy, Debug)]
pub struct Lookup {
    /// The value of a key of an object.
    pub value: for<'n, 'a> fn(&'n Node<'a>, &str) -> Option<&'n Tree<'a>>,
    /// The object in which more keys of an object stand.
    pub nested: for<'n, 'a> fn(&'n Node<'a>) -> Option<&'n Node<'a>>,
}

impl Lookup {
    /// All keys stand in the object itself.
    pub const FLAT: Self = Self { value: |node, key| node.own(key), nested: |_| None };
}

/// An object of a document, with whose it is for what is told of it.
#[derive(Clone, Copy, Debug)]
pub struct Stated<'n, 'a> {
    node: &'n Node<'a>,
    owner: &'n str,
    lookup: &'static Lookup,
    /// Where the object stands.
    pub read_at: ReadAt,
}

impl<'n, 'a> Stated<'n, 'a> {
    /// An object, told as `owner`, whose values are found by `lookup`.
    pub fn new(node: &'n Node<'a>, owner: &'n str, lookup: &'static Lookup, desk: &mut Desk<'_, 'a>) -> Self {
        let stated = Self { node, owner, lookup, read_at: ReadAt(desk.place(node.at)) };
        stated.tell_twice(desk);
        stated
    }

    /// A resource whose values stand in the object itself.
    pub fn flat(node: &'n Node<'a>, owner: &'n str, desk: &mut Desk<'_, 'a>) -> Self {
        Self::new(node, owner, &Lookup::FLAT, desk)
    }

    /// Who the object is told as.
    #[must_use]
    pub const fn owner(&self) -> &'n str {
        self.owner
    }

    /// The object as it stands in its document.
    #[must_use]
    pub const fn node(&self) -> &'n Node<'a> {
        self.node
    }

    /// The value of a key.
    #[must_use]
    pub fn value(&self, key: &str) -> Option<&'n Tree<'a>> {
        (self.lookup.value)(self.node, key)
    }

    /// A part of the object, told under the same owner.
    pub fn part(&self, node: &'n Node<'a>, desk: &mut Desk<'_, 'a>) -> Self {
        Self::new(node, self.owner, self.lookup, desk)
    }

    /// The keys of the object itself, in its order.
    pub fn keys(&self) -> impl Iterator<Item = &'n str> {
        self.node.keys()
    }

    /// Whether the key is there, be its value null.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.value(key).is_some()
    }

    /// Whether the key is there and its value null.
    #[must_use]
    pub fn is_null(&self, key: &str) -> bool {
        matches!(self.value(key), Some(Tree::Null))
    }

    /// Whether the value of a key is not known, whatever the cause.
    #[must_use]
    pub fn is_unknown(&self, key: &str) -> bool {
        matches!(self.value(key), Some(Tree::Unknown(_)))
    }

    /// Whether the value of a key is told when the resource is created: what is declared counts, and nothing is missing.
    #[must_use]
    pub fn is_computed(&self, key: &str) -> bool {
        matches!(self.value(key), Some(Tree::Unknown(unknown)) if unknown.cause == Cause::Computed)
    }

    /// A text without blank space at its ends; blank text is nothing.
    pub fn text(&self, key: &str, desk: &mut Desk<'_, 'a>) -> Said<&'n str> {
        match self.value(key) {
            None | Some(Tree::Null) => Said::Nothing,
            Some(Tree::Text(text)) if text.trim().is_empty() => Said::Nothing,
            Some(Tree::Text(text)) if !is_cut(text) => Said::This(text.trim()),
            Some(other) => self.strange(key, other.json(), "a string", desk),
        }
    }

    /// A boolean, or one of the words `true` and `false`.
    pub fn flag(&self, key: &str, desk: &mut Desk<'_, 'a>) -> Said<bool> {
        match self.value(key) {
            None | Some(Tree::Null) => Said::Nothing,
            Some(Tree::Flag(flag)) => Said::This(*flag),
            Some(Tree::Text(word)) if word.trim().eq_ignore_ascii_case("true") => Said::This(true),
            Some(Tree::Text(word)) if word.trim().eq_ignore_ascii_case("false") => Said::This(false),
            Some(other) => self.strange(key, other.json(), "true or false", desk),
        }
    }

    /// A number, written as one or in a string.
    pub fn number(&self, key: &str, desk: &mut Desk<'_, 'a>) -> Said<u32> {
        match self.value(key) {
            None | Some(Tree::Null) => Said::Nothing,
            Some(Tree::Text(digits)) => match digits.trim().parse() {
                Ok(number) => Said::This(number),
                Err(_) => self.strange(key, Json::of_text(digits), "a number", desk),
            },
            Some(other) => self.strange(key, other.json(), "a number", desk),
        }
    }

    /// A list of texts, or one text.
    pub fn texts(&self, key: &str, desk: &mut Desk<'_, 'a>) -> Said<Vec<&'n str>> {
        match self.value(key) {
            None | Some(Tree::Null) => Said::Nothing,
            Some(Tree::Text(text)) if text.trim().is_empty() => Said::Nothing,
            Some(Tree::Text(text)) if !is_cut(text) => Said::This(vec![text.trim()]),
            Some(Tree::List(items)) => {
                let mut texts = Vec::with_capacity(items.len());
                for item in items {
                    match item {
                        Tree::Text(text) if !is_cut(text) => texts.push(text.trim()),
                        other => return self.strange(key, other.json(), "a list of strings", desk),
                    }
                }
                Said::This(texts)
            }
            Some(other) => self.strange(key, other.json(), "a list of strings", desk),
        }
    }

    /// An object.
    pub fn object(&self, key: &str, desk: &mut Desk<'_, 'a>) -> Said<Self> {
        match self.value(key) {
            None | Some(Tree::Null) => Said::Nothing,
            Some(Tree::Object(node)) => Said::This(self.part(node, desk)),
            Some(other) => self.strange(key, other.json(), "an object", desk),
        }
    }

    /// A list of objects. An item that is none is told, and makes all of it unreadable.
    pub fn objects(&self, key: &str, desk: &mut Desk<'_, 'a>) -> Said<Vec<Self>> {
        match self.value(key) {
            None | Some(Tree::Null) => Said::Nothing,
            Some(Tree::List(items)) => {
                let mut parts = Vec::with_capacity(items.len());
                for item in items {
                    match item {
                        Tree::Object(node) => parts.push(self.part(node, desk)),
                        other => return self.strange(key, other.json(), "a list of objects", desk),
                    }
                }
                Said::This(parts)
            }
            // PowerShell writes a list of one as the one.
            Some(Tree::Object(node)) => Said::This(vec![self.part(node, desk)]),
            Some(other) => self.strange(key, other.json(), "a list of objects", desk),
        }
    }

    /// The objects of a list, for readers that go on without one that cannot be read.
    pub fn listed(&self, key: &str, desk: &mut Desk<'_, 'a>) -> Vec<Self> {
        let said = self.objects(key, desk);
        self.or_narrowed(key, said, desk)
    }

    /// The texts of a list, likewise.
    pub fn listed_texts(&self, key: &str, desk: &mut Desk<'_, 'a>) -> Vec<&'n str> {
        let said = self.texts(key, desk);
        self.or_narrowed(key, said, desk)
    }

    /// What a list says; of one that cannot be read, tells beside that what it would add is not in the answer.
    pub fn or_narrowed<T>(&self, key: &str, said: Said<Vec<T>>, desk: &mut Desk<'_, 'a>) -> Vec<T> {
        match said {
            Said::This(items) => items,
            Said::Nothing => Vec::new(),
            Said::Unreadable => {
                let sentence = format!("`{key}` is not read: what it would add is not in the answer");
                self.tell("unread-list", Effect::Narrowed, &sentence, desk);
                Vec::new()
            }
        }
    }

    /// Tells that a value cannot be read.
    pub fn strange<T>(&self, key: &str, json: Json, expected: &str, desk: &mut Desk<'_, 'a>) -> Said<T> {
        let message = format!("{}: `{key}` is {json}, expected {expected}", Quoted(self.owner));
        desk.note(self.read_at.0, json.code(), Effect::Undecided, message);
        Said::Unreadable
    }

    /// Tells of something odd in the object, in a sentence after its owner's name.
    pub fn tell(&self, code: &'static str, effect: Effect, sentence: &str, desk: &mut Desk<'_, 'a>) {
        let message = format!("{}: {sentence}", Quoted(self.owner));
        desk.note(self.read_at.0, code, effect, message);
    }

    fn tell_twice(&self, desk: &mut Desk<'_, 'a>) {
        let nested = (self.lookup.nested)(self.node);
        for key in [Some(self.node), nested].into_iter().flatten().flat_map(Node::twice) {
            let sentence = format!("the key {} is given twice: the later value is taken", Quoted(key));
            self.tell("duplicate-key", Effect::Undecided, &sentence, desk);
        }
    }
}
