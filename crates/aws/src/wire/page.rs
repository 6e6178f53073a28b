//! One object of a document, while it is read: an answer with lists in it, or one resource.
//!
//! A resource has lists of its own (`SecurityGroups` of an instance), so an object is known for what it is by all of its
//! keys. Where a list comes after keys that no answer has, the keys behind it are looked at first.

use std::borrow::Cow;

use cloud::json::{Key, Node, Tree, whole_object};
use model::Effect;
use serde::de::{DeserializeSeed as _, IgnoredAny, MapAccess};

use cloud::json::{Json, Lenient, Seed};

use super::lone::{self, Rest};
use super::reader::Reader;
use super::refusal;
use super::words::{TOKENS, Word, may_be_of_resource, word_of};

/// Whether an object may be a resource. Complete.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    /// It stands in the text of the document and may be anything, and long: what nobody asks for is passed over.
    Document,
    /// It was looked at, and is no resource.
    Known,
}

/// An object while it is read.
pub(super) struct Page<'a> {
    source: Source,
    keys: Vec<Cow<'a, str>>,
    kept: Node<'a>,
    /// Whether there was a key that no answer has.
    has_others: bool,
    is_resource: Option<bool>,
    /// The lists that were read.
    pub(super) read: Vec<Cow<'a, str>>,
    /// Whether one of them was of what is assessed.
    pub(super) has_lists: bool,
    /// Whether it holds another answer.
    pub(super) has_recording: bool,
}

impl<'a> Page<'a> {
    pub(super) fn new(source: Source) -> Self {
        Self {
            source,
            keys: Vec::new(),
            kept: Node::default(),
            has_others: false,
            is_resource: None,
            read: Vec::new(),
            has_lists: false,
            has_recording: false,
        }
    }

    pub(super) fn see(&mut self, key: Cow<'a, str>) {
        if let Cow::Borrowed(key) = key {
            self.kept.at.get_or_insert(key);
        }
        self.keys.push(key);
    }

    /// A key that no answer has.
    pub(super) const fn see_other(&mut self) {
        self.has_others = true;
    }

    pub(super) fn keep(&mut self, key: Cow<'a, str>, value: Tree<'a>) {
        self.kept.push(key, value);
    }

    /// Whether what stands under a key is a list of the answer that the object is, or an answer in it.
    pub(super) fn reads(&mut self, key: &str, text: &'a str) -> bool {
        let is_list = matches!(word_of(key), Word::List(_));
        if !self.has_others || self.source == Source::Known || (is_list && !may_be_of_resource(key)) {
            return true;
        }
        let kept = &self.kept;
        !*self.is_resource.get_or_insert_with(|| {
            let keys = kept.at.map(|at| keys_of(text, at)).unwrap_or_default();
            lone::may_be(&|key| keys.iter().any(|own| own.eq_ignore_ascii_case(key)))
        })
    }

    /// The object is read: hands on what it says as a whole.
    pub(super) fn finish(mut self, reader: &mut Reader<'_, 'a, '_>) {
        let keys = core::mem::take(&mut self.keys);
        let may_be = || lone::may_be(&|key| keys.iter().any(|own| own.eq_ignore_ascii_case(key)));
        if self.source == Source::Document && self.is_resource.unwrap_or_else(may_be) {
            let node = self.kept.at.and_then(|at| whole_object(reader.intake.desk.text, at));
            match node.map(|node| lone::read(reader, node, &self.read)) {
                Some(Rest::Read) => return,
                Some(Rest::None) => {}
                None => {
                    let message = "the first key of this object is spelled with escapes: it is not read";
                    reader.traits.bare = true;
                    reader.tell(self.kept.at, "unreadable-resource", Effect::Skipped, message.to_owned());
                }
            }
        }
        self.answer(reader);
    }

    /// What an answer says of itself: that it is an error, that another page follows, of when it is.
    fn answer(&self, reader: &mut Reader<'_, 'a, '_>) {
        let at = self.kept.at;
        if let Some(code) = refusal::code(&self.kept).or_else(|| refusal::state(&self.kept)) {
            reader.refused(code, at);
        }
        reader.traits.recorded |= self.has_recording && self.kept.own("status_code").is_some();
        let token = TOKENS.iter().find(|token| self.kept.own(token).is_some_and(is_said));
        if let Some(token) = token.filter(|_| self.has_lists) {
            let message =
                format!("`{token}` names a page that follows: the list is cut, add its other pages");
            reader.tell(at, "truncated-page", Effect::Narrowed, message);
        }
        if self.has_lists || token.is_none() {
            reader.ends(token.is_none());
        }
        if let Some(Tree::Text(created)) = self.kept.own("createDate").or_else(|| self.kept.own("syncToken"))
        {
            reader.catalogue.created = created.trim().to_owned();
        }
    }
}

fn is_said(value: &Tree<'_>) -> bool {
    match value {
        Tree::Null | Tree::Flag(false) => false,
        Tree::Text(token) => !token.trim().is_empty(),
        Tree::Flag(true) | Tree::List(_) | Tree::Object(_) | Tree::Unknown(_) => true,
    }
}

/// The keys of the object of `text` whose first key is `at`; as far as it can be read.
fn keys_of<'a>(text: &'a str, at: &'a str) -> Vec<Cow<'a, str>> {
    let mut keys = Vec::new();
    let before = (at.as_ptr() as usize).checked_sub(text.as_ptr() as usize).and_then(|end| text.get(..end));
    let start = before.and_then(|text| text.trim_end_matches('"').trim_end().strip_suffix('{'));
    if let Some(object) = start.and_then(|start| text.get(start.len()..)) {
        let mut reader = serde_json::Deserializer::from_str(object);
        // What is broken is told where it is read.
        let _whole: Result<(), serde_json::Error> = Seed(Keys(&mut keys)).deserialize(&mut reader);
    }
    keys
}

struct Keys<'k, 'a>(&'k mut Vec<Cow<'a, str>>);

impl<'de> Lenient<'de> for Keys<'_, 'de> {
    type Value = ();

    fn absent(self) {}

    fn not(self, _json: Json) {}

    fn object<A: MapAccess<'de>>(self, mut object: A) -> Result<(), A::Error> {
        while let Some((Key(key), _)) = object.next_entry::<Key<'de>, IgnoredAny>()? {
            self.0.push(key);
        }
        Ok(())
    }
}
