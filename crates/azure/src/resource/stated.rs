//! What an object of a document says under a key, for kinds that are read whole.
//!
//! A value of a type that is not expected is told once, here, and is neither absent nor a value.

use model::{Effect, Name};

use crate::intake::{Intake, Quoted};
use crate::wire::{Json, Node, Tree, is_cut};

use super::identity::{Identity, ReadAt};

/// What is said under a key. Complete: whoever asks has to say what each of the three means.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Said<T> {
    /// Nothing: the key is absent or null.
    Nothing,
    This(T),
    /// Something that cannot be read. It has been told as a gap.
    Unreadable,
}

impl<T> Said<T> {
    /// What is said, where nothing and what cannot be read mean the same.
    pub(crate) fn this(self) -> Option<T> {
        match self {
            Self::This(value) => Some(value),
            Self::Nothing | Self::Unreadable => None,
        }
    }

    pub(crate) fn map<U>(self, with: impl FnOnce(T) -> U) -> Said<U> {
        match self {
            Self::Nothing => Said::Nothing,
            Self::This(value) => Said::This(with(value)),
            Self::Unreadable => Said::Unreadable,
        }
    }

    pub(crate) const fn is_nothing(&self) -> bool {
        matches!(self, Self::Nothing)
    }
}

/// An object of a document, with whose it is for what is told of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stated<'n, 'a> {
    node: &'n Node<'a>,
    owner: &'n str,
    /// Where the object stands.
    pub(crate) read_at: ReadAt,
}

impl<'n, 'a> Stated<'n, 'a> {
    /// A resource, and who it is; `what` is its name when it has none.
    pub(crate) fn resource(node: &'n Node<'a>, what: &str, intake: &mut Intake<'_, 'a>) -> (Identity, Self) {
        let words = ["id", "name", "resourceGroup"].map(|key| match node.own(key) {
            Some(Tree::Text(text)) => Some(text.trim()).filter(|text| !text.is_empty()),
            Some(_) | None => None,
        });
        let [id, name, group] = words;
        let read_at = ReadAt(intake.place(node.at));
        let identity = Identity::from_parts(id, name, group, what, read_at, intake);
        let stated = Self { node, owner: name.or(id).unwrap_or("a resource without a name"), read_at };
        stated.tell_twice(intake);
        (identity, stated)
    }

    /// A part of the object, told under the same owner.
    pub(crate) fn part(&self, node: &'n Node<'a>, intake: &mut Intake<'_, 'a>) -> Self {
        let part = Self { node, owner: self.owner, read_at: ReadAt(intake.place(node.at)) };
        part.tell_twice(intake);
        part
    }

    /// The keys of the object itself, `properties` included.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &'n str> {
        self.node.keys()
    }

    /// Whether the key is there, be its value null.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.node.get(key).is_some()
    }

    /// Whether the key is there and its value null.
    pub(crate) fn is_null(&self, key: &str) -> bool {
        matches!(self.node.get(key), Some(Tree::Null))
    }

    /// A text without blank space at its ends; blank text is nothing.
    pub(crate) fn text(&self, key: &str, intake: &mut Intake<'_, 'a>) -> Said<&'n str> {
        match self.node.get(key) {
            None | Some(Tree::Null) => Said::Nothing,
            Some(Tree::Text(text)) if text.trim().is_empty() => Said::Nothing,
            Some(Tree::Text(text)) if !is_cut(text) => Said::This(text.trim()),
            Some(other) => self.strange(key, other.json(), "a string", intake),
        }
    }

    /// A boolean, or one of the words `true` and `false`.
    pub(crate) fn flag(&self, key: &str, intake: &mut Intake<'_, 'a>) -> Said<bool> {
        match self.node.get(key) {
            None | Some(Tree::Null) => Said::Nothing,
            Some(Tree::Flag(flag)) => Said::This(*flag),
            Some(Tree::Text(word)) if word.trim().eq_ignore_ascii_case("true") => Said::This(true),
            Some(Tree::Text(word)) if word.trim().eq_ignore_ascii_case("false") => Said::This(false),
            Some(other) => self.strange(key, other.json(), "true or false", intake),
        }
    }

    /// A number, written as one or in a string.
    pub(crate) fn number(&self, key: &str, intake: &mut Intake<'_, 'a>) -> Said<u32> {
        match self.node.get(key) {
            None | Some(Tree::Null) => Said::Nothing,
            Some(Tree::Text(digits)) => match digits.trim().parse() {
                Ok(number) => Said::This(number),
                Err(_) => self.strange(key, Json::of_text(digits), "a number", intake),
            },
            Some(other) => self.strange(key, other.json(), "a number", intake),
        }
    }

    /// A list of texts, or one text.
    pub(crate) fn texts(&self, key: &str, intake: &mut Intake<'_, 'a>) -> Said<Vec<&'n str>> {
        match self.node.get(key) {
            None | Some(Tree::Null) => Said::Nothing,
            Some(Tree::Text(text)) if text.trim().is_empty() => Said::Nothing,
            Some(Tree::Text(text)) if !is_cut(text) => Said::This(vec![text.trim()]),
            Some(Tree::List(items)) => {
                let mut texts = Vec::with_capacity(items.len());
                for item in items {
                    match item {
                        Tree::Text(text) if !is_cut(text) => texts.push(text.trim()),
                        other => return self.strange(key, other.json(), "a list of strings", intake),
                    }
                }
                Said::This(texts)
            }
            Some(other) => self.strange(key, other.json(), "a list of strings", intake),
        }
    }

    /// An object.
    pub(crate) fn object(&self, key: &str, intake: &mut Intake<'_, 'a>) -> Said<Self> {
        match self.node.get(key) {
            None | Some(Tree::Null) => Said::Nothing,
            Some(Tree::Object(node)) => Said::This(self.part(node, intake)),
            Some(other) => self.strange(key, other.json(), "an object", intake),
        }
    }

    /// A list of objects. An item that is none is told, and makes all of it unreadable.
    pub(crate) fn objects(&self, key: &str, intake: &mut Intake<'_, 'a>) -> Said<Vec<Self>> {
        match self.node.get(key) {
            None | Some(Tree::Null) => Said::Nothing,
            Some(Tree::List(items)) => {
                let mut parts = Vec::with_capacity(items.len());
                for item in items {
                    match item {
                        Tree::Object(node) => parts.push(self.part(node, intake)),
                        other => return self.strange(key, other.json(), "a list of objects", intake),
                    }
                }
                Said::This(parts)
            }
            // PowerShell writes a list of one as the one.
            Some(Tree::Object(node)) => Said::This(vec![self.part(node, intake)]),
            Some(other) => self.strange(key, other.json(), "a list of objects", intake),
        }
    }

    /// The objects of a list, for readers that go on without one that cannot be read.
    pub(crate) fn listed(&self, key: &str, intake: &mut Intake<'_, 'a>) -> Vec<Self> {
        let said = self.objects(key, intake);
        self.or_narrowed(key, said, intake)
    }

    /// The keys of the resources that a list refers to, for readers that go on without one that cannot be read.
    pub(crate) fn listed_references(&self, key: &str, intake: &mut Intake<'_, 'a>) -> Vec<Name> {
        let said = self.references(key, intake);
        self.or_narrowed(key, said, intake)
    }

    /// What a list says; of one that cannot be read, tells beside that what it would add is not in the answer.
    fn or_narrowed<T>(&self, key: &str, said: Said<Vec<T>>, intake: &mut Intake<'_, 'a>) -> Vec<T> {
        match said {
            Said::This(items) => items,
            Said::Nothing => Vec::new(),
            Said::Unreadable => {
                let sentence = format!("`{key}` is not read: what it would add is not in the answer");
                self.tell("unread-list", Effect::Narrowed, &sentence, intake);
                Vec::new()
            }
        }
    }

    /// The key of the resource that is referred to: `{"id": …}`, or the id alone.
    pub(crate) fn reference(&self, key: &str, intake: &mut Intake<'_, 'a>) -> Said<Name> {
        match self.node.get(key) {
            None | Some(Tree::Null) => Said::Nothing,
            Some(Tree::Text(id)) if id.trim().is_empty() => Said::Nothing,
            Some(Tree::Text(id)) if !is_cut(id) => Said::This(intake.pool.key(id.trim())),
            Some(Tree::Object(node)) => match node.own("id") {
                Some(Tree::Text(id)) => Said::This(intake.pool.key(id.trim())),
                Some(_) | None => self.strange(key, Json::Object, "`{\"id\": …}`", intake),
            },
            Some(other) => self.strange(key, other.json(), "`{\"id\": …}`", intake),
        }
    }

    /// The keys of the resources that a list refers to, in its order.
    pub(crate) fn references(&self, key: &str, intake: &mut Intake<'_, 'a>) -> Said<Vec<Name>> {
        let Some(Tree::List(items)) = self.node.get(key) else {
            return self.reference(key, intake).map(|one| vec![one]);
        };
        let mut keys = Vec::with_capacity(items.len());
        for item in items {
            let id = match item {
                Tree::Text(id) if !is_cut(id) => Some(id),
                Tree::Object(node) => match node.own("id") {
                    Some(Tree::Text(id)) => Some(id),
                    Some(_) | None => None,
                },
                Tree::Text(_) | Tree::Null | Tree::Flag(_) | Tree::List(_) => None,
            };
            match id {
                Some(id) => keys.push(intake.pool.key(id.trim())),
                None => return self.strange(key, item.json(), "a list of `{\"id\": …}`", intake),
            }
        }
        Said::This(keys)
    }

    /// Tells that a value cannot be read.
    pub(crate) fn strange<T>(
        &self,
        key: &str,
        json: Json,
        expected: &str,
        intake: &mut Intake<'_, 'a>,
    ) -> Said<T> {
        let message = format!("{}: `{key}` is {json}, expected {expected}", Quoted(self.owner));
        intake.note(self.read_at.0, json.code(), Effect::Undecided, message);
        Said::Unreadable
    }

    /// Tells of something odd in the object, in a sentence after its owner's name.
    pub(crate) fn tell(
        &self,
        code: &'static str,
        effect: Effect,
        sentence: &str,
        intake: &mut Intake<'_, 'a>,
    ) {
        let message = format!("{}: {sentence}", Quoted(self.owner));
        intake.note(self.read_at.0, code, effect, message);
    }

    fn tell_twice(&self, intake: &mut Intake<'_, 'a>) {
        for key in self.node.twice() {
            let sentence = format!("the key {} is given twice: the later value is taken", Quoted(key));
            self.tell("duplicate-key", Effect::Undecided, &sentence, intake);
        }
    }
}
