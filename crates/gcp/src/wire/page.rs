//! One object of a document, while it is read: an answer with lists in it, a resource, or what is wrapped around either.
//!
//! Entries are handed on as they come. Those of which only the answer says whose they are wait for its end.

use std::borrow::Cow;
use std::collections::BTreeMap;

use cloud::Quoted;
use cloud::json::{Json, Node, Seed, Tree, tree_in, whole_object};
use model::Effect;
use serde::de::DeserializeSeed as _;

use crate::resource::{KINDS, Origin};

use super::answer::{Answer, LIST_MAX};
use super::asset;
use super::incomplete::{NEXT_PAGE, Warning, names_places, tell_incomplete};
use super::loose::{Loose, loose};
use super::message;
use super::reader::{EFFECTIVE, Reader};
use super::refusal;
use super::subject::{holder, subject};
use super::told::{Told, told};
use super::words::{
    List, is_collection, is_word_of_google, is_word_of_page, list_under, listed_by, object, text,
};

/// An object while it is read.
#[derive(Default)]
pub(super) struct Page<'a> {
    /// What no list took.
    kept: Node<'a>,
    /// Whether a list was passed over that is too long for a resource.
    pub(super) is_cut: bool,
    waiting: Vec<Waiting<'a>>,
    strays: BTreeMap<String, (u64, Option<&'a str>)>,
    /// Whether Google listed something in it.
    is_of_google: bool,
    has_ranges: bool,
    /// Whether an entry was read at all, and whether one was of what may bear on the question.
    has_entries: bool,
    has_bearing: bool,
    /// What kept scopes of it from being whole.
    warnings: Vec<Warning<'a>>,
    /// Scopes, and lists in them, that are none.
    strange: Vec<(String, Json)>,
}

/// An entry that does not say whose it is.
struct Waiting<'a> {
    told: Told,
    scope: Option<String>,
    node: Node<'a>,
}

impl<'a> Page<'a> {
    /// A key begins, which may be a piece of the document.
    pub(super) fn see(&mut self, key: Option<&'a str>) {
        self.kept.at = self.kept.at.or(key);
    }

    /// Where it stands.
    pub(super) const fn at(&self) -> Option<&'a str> {
        self.kept.at
    }

    pub(super) fn keep(&mut self, key: Cow<'a, str>, value: Tree<'a>) {
        self.kept.push(key, value);
    }

    /// A list begins.
    pub(super) fn begins(&mut self, list: List, key: &str) {
        self.has_ranges |= list == List::Ranges;
        self.is_of_google |= list == List::Collection && is_word_of_google(key);
    }

    /// Takes in an entry of a list; gives back what nobody knows.
    pub(super) fn entry(
        &mut self,
        list: List,
        key: &str,
        scope: Option<&str>,
        node: Node<'a>,
        reader: &mut Reader<'_, 'a, '_>,
    ) -> Option<Node<'a>> {
        let is_asset = asset::is_temporal(&node) || asset::is_asset(&node);
        let told = told(&node, Some(key));
        self.has_entries = true;
        self.has_bearing |= is_asset || matches!(told, Told::Kind(_) | Told::Other(_));
        match (list, told) {
            (List::Ranges, _) => {
                reader.range(&node);
                return None;
            }
            (List::Messages, _) if message::read(reader, &node) => {}
            (List::Items | List::Assets | List::Collection, _) if is_asset => asset::read(reader, node),
            (List::Collection, Told::Nobody) if node.own("items").is_some() => {
                // An answer, of whomever.
                answer_in(&Tree::Object(node), reader);
                return None;
            }
            (List::Messages, _) | (_, Told::Nobody) => {
                let stray = self.strays.entry(key.to_owned()).or_insert((0, node.at));
                stray.0 += 1;
                return Some(node);
            }
            (_, told) => {
                reader.traits.aggregated |= scope.is_some();
                if !matches!(told, Told::Kind(_)) || says_where(&node) {
                    reader.object(told, node, Origin::default());
                } else {
                    reader.traits.listed = true;
                    self.waiting.push(Waiting { told, scope: scope.map(str::to_owned), node });
                }
            }
        }
        self.is_of_google = true;
        None
    }

    /// What should be a scope of an aggregated list, or a list in it, is something else.
    pub(super) fn is_strange(&mut self, key: &str, json: Json) {
        self.strange.push((key.to_owned(), json));
    }

    /// A scope of an aggregated list says that something is wrong with it.
    pub(super) fn warned(&mut self, scope: &str, said: Tree<'a>) {
        self.warnings.push(Warning { scope: scope.to_owned(), said });
    }

    /// The object is read: hands on what it says as a whole. Gives back a piece of what nobody named. `before`: how often
    /// something of Google was seen before it.
    pub(super) fn finish(
        mut self,
        before: u64,
        reader: &mut Reader<'_, 'a, '_>,
    ) -> Option<(&'static Loose, Node<'a>)> {
        let at = self.kept.at;
        if let Some(refusal) = refusal::read(&self.kept) {
            reader.refused(&refusal, at);
        } else if self.is_recording() {
            self.recording(reader);
        } else if message::is_message(&self.kept) {
            message::read(reader, &self.kept);
        } else if asset::is_temporal(&self.kept) || asset::is_asset(&self.kept) {
            let node = self.whole(reader);
            asset::read(reader, node);
        } else if self.is_effective(reader) {
            self.effective(reader);
        } else if let Some(loose) = loose(&self.kept) {
            return Some((loose, self.whole(reader)));
        } else {
            let is_page = text(&self.kept, "kind").is_some_and(is_word_of_page);
            match told(&self.kept, None) {
                told @ Told::Kind(_) => self.resource(told, reader),
                told @ (Told::Other(_) | Told::Google) if !is_page => self.resource(told, reader),
                Told::Other(_) | Told::Google | Told::Nobody => self.answer(before, reader),
            }
        }
        None
    }

    /// The object is a resource, or an answer about one subject.
    fn resource(&mut self, told: Told, reader: &mut Reader<'_, 'a, '_>) {
        let node = self.whole(reader);
        if text(&node, "nextPageToken").is_some() {
            reader.truncated(node.at);
        }
        if let (false, Told::Kind(kind)) = (reader.is_listed, &told) {
            reader.described.insert(kind.name);
        }
        let origin = reader.origin();
        reader.object(told, node, origin);
    }

    /// The object, with the lists that were passed over.
    fn whole(&mut self, reader: &mut Reader<'_, 'a, '_>) -> Node<'a> {
        let kept = core::mem::take(&mut self.kept);
        if !self.is_cut {
            return kept;
        }
        let again = kept.at.and_then(|at| whole_object(reader.intake.desk.text, at));
        if again.is_none() {
            let message =
                format!("an object has a list of more than {LIST_MAX} entries in a text: it is not read");
            reader.tell(kept.at, "unreadable-resource", Effect::Skipped, message);
        }
        again.unwrap_or_default()
    }

    /// Whether it is what a recorder writes: an answer with its headers.
    fn is_recording(&self) -> bool {
        self.kept.own("body").is_some() && object(&self.kept, "headers").is_some()
    }

    fn recording(&mut self, reader: &mut Reader<'_, 'a, '_>) {
        let node = self.whole(reader);
        let headers = object(&node, "headers");
        let asked = headers.and_then(|headers| text(headers, "content-location")).map(str::to_owned);
        let inner = match node.own("body") {
            Some(Tree::Text(text)) => tree_in(text),
            Some(_) | None => None,
        };
        let before = (core::mem::replace(&mut reader.asked, asked), reader.intake.desk.around);
        reader.intake.desk.around = node.at.or(before.1);
        reader.traits.recorded = true;
        let is_of_google = reader.asked.as_deref().is_some_and(|asked| asked.contains("googleapis.com/"));
        match (inner.as_ref().or(node.own("body")), headers) {
            // A page of a front end, or nothing at all.
            (Some(Tree::Text(_)), Some(headers)) if is_of_google => {
                let status = text(headers, "status").unwrap_or("no status");
                reader.seen += 1;
                reader.traits.listed = true;
                reader.failed(status, node.at);
            }
            (Some(body), _) => answer_in(body, reader),
            (None, _) => {}
        }
        (reader.asked, reader.intake.desk.around) = before;
    }

    /// Whether it is the answer to what is in effect on a network or an interface; one in which there is nothing is told
    /// by what was asked alone.
    fn is_effective(&self, reader: &Reader<'_, '_, '_>) -> bool {
        let is_part = |key: &str| EFFECTIVE_LISTS.contains(&key);
        let is_asked = || reader.asked.as_deref().is_some_and(|asked| subject(asked).is_some());
        match self.kept.entries() {
            [] => is_asked(),
            entries => {
                entries.iter().any(|(key, _)| is_part(key))
                    && entries.iter().all(|(key, _)| is_part(key) || !is_collection(key))
                    && text(&self.kept, "kind").is_none()
                    && self.waiting.is_empty()
            }
        }
    }

    fn effective(&mut self, reader: &mut Reader<'_, 'a, '_>) {
        let mut node = self.whole(reader);
        for (key, value) in reader.asked.as_deref().and_then(subject).unwrap_or_default() {
            node.push(Cow::Borrowed(key), Tree::Text(Cow::Owned(value)));
        }
        let kind = KINDS.iter().find(|kind| kind.collection == EFFECTIVE);
        reader.object(kind.map_or(Told::Google, Told::Kind), node, Origin::default());
    }

    /// What is left of an answer: lists that resources may have too, entries that wait, and what it says of itself.
    fn answer(mut self, before: u64, reader: &mut Reader<'_, 'a, '_>) {
        self.lists(reader);
        self.hand_on_waiting(reader);
        let word = text(&self.kept, "kind").filter(|word| is_word_of_page(word)).map(str::to_owned);
        reader.traits.listed |= word.is_some();
        let is_of_assets = self.is_of_assets();
        self.is_of_google |= names_places(&self.kept);
        reader.traits.listed |= self.is_of_google && !reader.traits.assets;
        reader.traits.assets |= is_of_assets;
        reader.seen += u64::from(word.is_some() || self.is_of_google || is_of_assets);
        if reader.seen == before {
            return;
        }
        self.catalogue(reader);
        let is_strange = self.tell_strange(reader);
        let kinds: Vec<&str> = word.iter().flat_map(|word| listed_by(word)).collect();
        // What a list lacks that bears on nothing is no loss.
        let is_of_ours = self.has_bearing || !kinds.is_empty() || (!self.has_entries && word.is_none());
        let warnings = core::mem::take(&mut self.warnings);
        let is_whole = (!is_of_ours || tell_incomplete(&self.kept, &warnings, reader)) && !is_strange;
        reader.ends(&kinds, self.asked(reader).and_then(holder).as_deref(), is_whole);
        for (key, (count, at)) in core::mem::take(&mut self.strays) {
            let place = reader.intake.place(at);
            (0..count).for_each(|_| reader.tally.stray(&key, "kind", place));
        }
    }

    /// A page of assets may be empty.
    fn is_of_assets(&self) -> bool {
        let is_time = |key: &str| ["readTime", "read_time"].contains(&key);
        let is_of_page = |key: &str| is_time(key) || key == "assets" || NEXT_PAGE.contains(&key);
        self.kept.keys().any(is_time) && self.kept.keys().all(is_of_page)
    }

    /// Hands on what stands under the words of kinds and was not read as it came: lists that resources may have too,
    /// answers, and lists of answers.
    fn lists(&mut self, reader: &mut Reader<'_, 'a, '_>) {
        let at = self.kept.at;
        let mut kept = Node::new(Vec::new(), at);
        for (key, value) in core::mem::take(&mut self.kept).into_entries() {
            match value {
                Tree::List(items) if is_collection(&key) => {
                    let was_read = list_under(&key).is_some();
                    for item in items {
                        match item {
                            // What was read as it came and is here still, nobody knows.
                            Tree::Object(_) if was_read => {}
                            Tree::Object(node) => {
                                drop(self.entry(List::Collection, &key, None, node, reader))
                            }
                            Tree::List(_) => answer_in(&item, reader),
                            Tree::Null | Tree::Flag(_) | Tree::Text(_) | Tree::Unknown(_) => {
                                self.is_strange(&key, item.json())
                            }
                        }
                    }
                }
                Tree::Object(_) if is_collection(&key) => answer_in(&value, reader),
                value => kept.push(key, value),
            }
        }
        self.kept = kept;
    }

    /// Tells of what stands where a list or its entries should; says whether there is such a thing.
    fn tell_strange(&mut self, reader: &mut Reader<'_, 'a, '_>) -> bool {
        for (key, value) in self.kept.entries().iter().filter(|(key, _)| list_under(key).is_some()) {
            let odd = match value {
                Tree::Null => None,
                Tree::List(left) => {
                    left.iter().find(|entry| !matches!(entry, Tree::Object(_))).map(Tree::json)
                }
                Tree::Flag(_) | Tree::Text(_) | Tree::Object(_) | Tree::Unknown(_) => Some(value.json()),
            };
            self.strange.extend(odd.map(|json| (key.to_string(), json)));
        }
        let is_strange = !self.strange.is_empty();
        for (key, json) in core::mem::take(&mut self.strange) {
            let message = format!("{} is {json}, expected a list of objects: it is not read", Quoted(&key));
            reader.tell(self.kept.at, json.code(), Effect::Skipped, message);
        }
        is_strange
    }

    /// What was asked for, as the answer or its recording says.
    fn asked<'s>(&'s self, reader: &'s Reader<'_, 'a, '_>) -> Option<&'s str> {
        let own = text(&self.kept, "selfLink").or_else(|| text(&self.kept, "id"));
        own.or(reader.asked.as_deref())
    }

    fn hand_on_waiting(&mut self, reader: &mut Reader<'_, 'a, '_>) {
        let holder = self.asked(reader).and_then(holder);
        for Waiting { told, scope, node } in core::mem::take(&mut self.waiting) {
            let scope = scope.as_deref().filter(|scope| *scope != "global");
            let path = match (&holder, scope) {
                (Some(holder), Some(scope)) => Some(format!("{holder}/{scope}")),
                (Some(holder), None) => Some(holder.clone()),
                (None, scope) => scope.map(str::to_owned),
            };
            let origin = Origin { holder: path.map(|path| reader.intake.name(&path)), ..Origin::default() };
            reader.object(told, node, origin);
        }
    }

    /// What a catalogue of addresses says of itself.
    fn catalogue(&self, reader: &mut Reader<'_, 'a, '_>) {
        if self.has_ranges
            && let Some(created) = text(&self.kept, "creationTime").or_else(|| text(&self.kept, "syncToken"))
        {
            created.clone_into(&mut reader.catalogue.created);
        }
    }
}

/// Reads an answer, or several, that stand in another.
fn answer_in<'a>(tree: &Tree<'a>, reader: &mut Reader<'_, 'a, '_>) {
    // A tree has no text that could be broken.
    let read: Result<_, serde::de::value::Error> = Seed(Answer::inside(&mut *reader)).deserialize(tree);
    reader.loose(read.ok().flatten());
}

/// Whether a resource says whose it is: by its self link, or by a name that is a path.
fn says_where(node: &Node<'_>) -> bool {
    ["selfLink", "name"].iter().any(|key| text(node, key).is_some_and(|path| path.contains('/')))
}

/// The lists of an answer to what is in effect.
const EFFECTIVE_LISTS: [&str; 3] = ["firewalls", "firewallPolicys", "organizationFirewalls"];
