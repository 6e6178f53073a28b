//! Answers as they are read: lists entry by entry, so that an account of 50,000 interfaces is never one tree.

use std::borrow::Cow;

use cloud::json::{Json, Key, Lenient, Node, Seed, Tree, tree_in};
use serde::Deserialize as _;
use serde::de::value::MapAccessDeserializer;
use serde::de::{IgnoredAny, MapAccess, SeqAccess};

use crate::resource::{Kind, Origin};

use super::config;
use super::elsewhere::Elsewhere;
use super::lone;
use super::page::{Page, Source};
use super::reader::Reader;
use super::words::{Inside, List, Word, kinds_listed, kinds_of, lists_elsewhere, word_of};

/// Reads an answer, or a list of answers or resources.
pub(super) struct Answer<'d, 'r, 'a, 't> {
    pub(super) reader: &'d mut Reader<'r, 'a, 't>,
    pub(super) source: Source,
}

impl<'d, 'r, 'a, 't> Answer<'d, 'r, 'a, 't> {
    pub(super) fn of_document(reader: &'d mut Reader<'r, 'a, 't>) -> Self {
        Self { reader, source: Source::Document }
    }
}

impl<'de> Lenient<'de> for Answer<'_, '_, 'de, '_> {
    type Value = ();

    fn absent(self) {}

    fn not(self, _json: Json) {}

    fn list<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        loop {
            let entry = Answer::of_document(&mut *self.reader);
            if list.next_element_seed(Seed(entry))?.is_none() {
                return Ok(());
            }
        }
    }

    fn object<A: MapAccess<'de>>(self, mut object: A) -> Result<(), A::Error> {
        let Self { reader, source } = self;
        let mut page = Page::new(source);
        while let Some(Key(key)) = object.next_key::<Key<'de>>()? {
            page.see(key.clone());
            match word_of(&key) {
                Word::Small => page.keep(key, object.next_value()?),
                Word::List(list) if page.reads(&key, reader.intake.desk.text) => {
                    page.has_lists |= object.next_value_seed(Seed(Entries { reader, list, key: &key }))?;
                    page.read.push(key);
                }
                Word::Inside(inside) if page.reads(&key, reader.intake.desk.text) => {
                    page.has_recording |= inside == Inside::Recording;
                    object.next_value_seed(Seed(Within { reader, inside, key: &key, source }))?;
                    page.read.push(key);
                }
                word => {
                    if matches!(word, Word::Other) {
                        page.see_other();
                    }
                    let IgnoredAny = object.next_value()?;
                }
            }
        }
        page.finish(reader);
        Ok(())
    }
}

/// Reads the entries of a list; says whether it was a list of anything that is assessed.
struct Entries<'d, 'r, 'a, 't, 'k> {
    reader: &'d mut Reader<'r, 'a, 't>,
    list: List,
    key: &'k Cow<'a, str>,
}

impl<'de> Lenient<'de> for Entries<'_, '_, 'de, '_, '_> {
    type Value = bool;

    fn absent(self) -> bool {
        if self.list == List::Resources && kinds_of(self.key).next().is_some() {
            // The API prints `[]` where there is none; null is what a query makes of a key that is not there.
            self.reader.traits.described = true;
            self.reader.strange(self.key, Json::Null, piece(self.key));
        }
        false
    }

    fn not(self, json: Json) -> bool {
        let at = piece(self.key);
        let listed = Listed::begin(self.list, self.key, self.reader);
        if listed.tells {
            self.reader.traits.described = true;
            self.reader.strange(self.key, json, at);
        }
        false
    }

    fn list<A: SeqAccess<'de>>(self, mut list: A) -> Result<bool, A::Error> {
        let listed = Listed::begin(self.list, self.key, self.reader);
        self.reader.begins(listed.names());
        while let Some(entry) = list.next_element::<Tree<'de>>()? {
            listed.take(self.key, entry, self.reader);
        }
        Ok(listed.is_ours(self.reader))
    }

    fn object<A: MapAccess<'de>>(self, object: A) -> Result<bool, A::Error> {
        let listed = Listed::begin(self.list, self.key, self.reader);
        let entry = Tree::deserialize(MapAccessDeserializer::new(object))?;
        self.reader.begins(listed.names());
        listed.take(self.key, entry, self.reader);
        Ok(listed.is_ours(self.reader))
    }
}

/// A list that was begun.
struct Listed {
    list: List,
    /// The key under which its kinds are listed.
    listing: String,
    kinds: Vec<&'static Kind>,
    /// Whether it is known by its key alone, and what is wrong in it is told.
    tells: bool,
}

impl Listed {
    fn begin(list: List, key: &str, reader: &mut Reader<'_, '_, '_>) -> Self {
        let listing = if let List::Holders(inner) = list { inner } else { key };
        let kinds: Vec<&Kind> = kinds_of(listing).collect();
        // Other tools write `instances` and `clusters` too, and machines of other clouds have `networkInterfaces`.
        let is_generic = !key.bytes().any(|byte| byte.is_ascii_uppercase()) || key == INTERFACES_ELSEWHERE;
        let tells = match list {
            List::Resources | List::Holders(_) => !kinds.is_empty() && !is_generic,
            List::Items => true,
            List::Rows | List::Ranges | List::Unprocessed => false,
        };
        let is_told_by_key = lists_elsewhere(key).any(Elsewhere::is_told_by_key);
        reader.traits.described |= is_told_by_key || (tells && list != List::Items);
        reader.traits.config |= list == List::Items;
        Self { list, listing: listing.to_owned(), kinds, tells }
    }

    fn names(&self) -> impl Iterator<Item = &'static str> + use<'_> {
        kinds_listed(&self.listing)
    }

    /// Whether what is missing of it would be missed.
    fn is_ours(&self, reader: &Reader<'_, '_, '_>) -> bool {
        self.tells || (self.list == List::Rows && reader.traits.queried)
    }

    fn take<'a>(&self, key: &str, entry: Tree<'a>, reader: &mut Reader<'_, 'a, '_>) {
        match (self.list, entry) {
            (List::Resources, entry) => reader.entry(key, &self.kinds, &entry, &Origin::default()),
            (List::Holders(inner), Tree::Object(holder))
                if matches!(holder.own(inner), Some(Tree::List(_) | Tree::Object(_))) =>
            {
                held(inner, &holder, reader);
            }
            (List::Holders(_), entry) => reader.entry(key, &self.kinds, &entry, &Origin::default()),
            (List::Items, Tree::Object(node)) => config::item(reader, node),
            (List::Items, entry) => reader.strange(key, entry.json(), None),
            (List::Rows, entry) => config::row(reader, &entry),
            (List::Ranges, Tree::Object(node)) => reader.range(&node),
            (List::Ranges, _) => {}
            (List::Unprocessed, entry) => config::unprocessed(reader, &entry),
        }
    }
}

/// Reads the resources that an object holds under a key; they are of its owner.
pub(super) fn held<'a>(key: &str, holder: &Node<'a>, reader: &mut Reader<'_, 'a, '_>) {
    let account = match holder.own("OwnerId") {
        Some(Tree::Text(owner)) => Some(reader.intake.name(owner.trim())),
        Some(_) | None => None,
    };
    let origin = Origin { account, ..Origin::default() };
    let kinds: Vec<&Kind> = kinds_of(key).collect();
    let items = match holder.own(key) {
        Some(Tree::List(items)) => items.as_slice(),
        // Some tools write a list of one as the one.
        Some(alone @ Tree::Object(_)) => core::slice::from_ref(alone),
        Some(_) | None => &[],
    };
    items.iter().for_each(|item| reader.entry(key, &kinds, item, &origin));
}

/// Reads what stands inside a recording, a notification or an event.
struct Within<'d, 'r, 'a, 't, 'k> {
    reader: &'d mut Reader<'r, 'a, 't>,
    inside: Inside,
    key: &'k Cow<'a, str>,
    source: Source,
}

impl<'de> Within<'_, '_, 'de, '_, '_> {
    fn tree(self, tree: Tree<'de>) {
        let around = self.reader.intake.desk.around;
        self.reader.intake.desk.around = around.or(piece(self.key));
        match (self.inside, tree) {
            (Inside::Item, Tree::Object(node)) => config::item(self.reader, node),
            (Inside::Summary, Tree::Object(node)) => config::summary(self.reader, &node),
            (Inside::Recording | Inside::Notice, Tree::Object(node)) => {
                lone::read(self.reader, node, &[]);
            }
            (Inside::Recording | Inside::Notice, Tree::List(items)) => {
                for item in items {
                    if let Tree::Object(node) = item {
                        lone::read(self.reader, node, &[]);
                    }
                }
            }
            (Inside::Recording | Inside::Notice | Inside::Item | Inside::Summary, _) => {}
        }
        self.reader.intake.desk.around = around;
    }
}

impl<'de> Lenient<'de> for Within<'_, '_, 'de, '_, '_> {
    type Value = ();

    fn absent(self) {}

    fn not(self, _json: Json) {}

    fn text(self, text: Cow<'de, str>) {
        if let Some(tree) = tree_in(&text).filter(|_| self.inside != Inside::Recording) {
            self.tree(tree);
        }
    }

    fn object<A: MapAccess<'de>>(self, object: A) -> Result<(), A::Error> {
        match self.inside {
            Inside::Recording if self.source == Source::Document => {
                Answer { reader: &mut *self.reader, source: Source::Document }.object(object)
            }
            Inside::Recording | Inside::Notice | Inside::Item | Inside::Summary => {
                let tree = Tree::deserialize(MapAccessDeserializer::new(object))?;
                self.tree(tree);
                Ok(())
            }
        }
    }
}

/// A key, where it is a piece of the document.
const fn piece<'a>(key: &Cow<'a, str>) -> Option<&'a str> {
    match key {
        Cow::Borrowed(key) => Some(key),
        Cow::Owned(_) => None,
    }
}

/// What machines of Google Cloud and of Azure list their interfaces under. No answer of AWS spells it so.
const INTERFACES_ELSEWHERE: &str = "networkInterfaces";
