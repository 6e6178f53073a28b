//! Answers as they are read: lists entry by entry, so that a project of 50,000 instances is never one tree.

use std::borrow::Cow;

use cloud::json::{Json, Key, Lenient, Node, Seed, Tree};
use core::fmt;
use serde::Deserialize as _;
use serde::de::value::MapAccessDeserializer;
use serde::de::{IgnoredAny, MapAccess, SeqAccess};

use super::loose::{Loose, is_ingress_rule, is_step, loose};
use super::page::Page;
use super::reader::Reader;
use super::told::told;
use super::words::{List, is_collection, list_under, text};

/// Reads an answer or a resource, or a list of them.
pub(super) struct Answer<'d, 'r, 'a, 't> {
    reader: &'d mut Reader<'r, 'a, 't>,
    place: Place,
}

/// Where an answer stands. Complete.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// By itself: an answer in which there is nothing may be an empty object or list.
    Alone,
    /// In a list.
    Listed,
    /// In another answer.
    Inside,
}

impl<'d, 'r, 'a, 't> Answer<'d, 'r, 'a, 't> {
    /// A document.
    pub(super) const fn of_document(reader: &'d mut Reader<'r, 'a, 't>) -> Self {
        Self { reader, place: Place::Alone }
    }

    /// An answer in another.
    pub(super) const fn inside(reader: &'d mut Reader<'r, 'a, 't>) -> Self {
        Self { reader, place: Place::Inside }
    }
}

/// A piece of what nobody named.
type Piece<'a> = Option<(&'static Loose, Node<'a>)>;

impl<'de> Lenient<'de> for Answer<'_, '_, 'de, '_> {
    type Value = Piece<'de>;

    fn absent(self) -> Piece<'de> {
        self.not(Json::Null)
    }

    fn not(self, _json: Json) -> Piece<'de> {
        if self.place != Place::Inside {
            self.reader.foreign(None);
        }
        None
    }

    fn list<A: SeqAccess<'de>>(self, mut list: A) -> Result<Piece<'de>, A::Error> {
        let reader = self.reader;
        let place = if self.place == Place::Inside { Place::Inside } else { Place::Listed };
        let (mut rules, mut steps) = (Vec::new(), Vec::new());
        while let Some(piece) = list.next_element_seed(Seed(Answer { reader: &mut *reader, place }))? {
            match piece {
                Some((_, node)) if is_ingress_rule(&node) => rules.push(Tree::Object(node)),
                Some((_, node)) if is_step(&node) => steps.push(node),
                piece => reader.loose(piece),
            }
        }
        if steps.first().is_some_and(|step| text(step, "type") == Some("project")) {
            reader.ancestry(&steps);
        } else {
            steps.into_iter().for_each(|step| reader.loose(loose(&step).map(|loose| (loose, step))));
        }
        if !rules.is_empty() {
            let at =
                rules.first().and_then(|rule| if let Tree::Object(node) = rule { node.at } else { None });
            let whole = Node::new(vec![(Cow::Borrowed("ingressRules"), Tree::List(rules))], at);
            let origin = reader.origin();
            reader.object(told(&whole, None), whole, origin);
        }
        Ok(None)
    }

    fn object<A: MapAccess<'de>>(self, mut object: A) -> Result<Piece<'de>, A::Error> {
        let Self { reader, place } = self;
        let before = reader.seen;
        let mut page = Page::default();
        while let Some(Key(key)) = object.next_key::<Key<'de>>()? {
            page.see(if let Cow::Borrowed(key) = &key { Some(key) } else { None });
            match list_under(&key) {
                Some(list) => {
                    let entries = Entries { reader, page: &mut page, list, key: &key, scope: None };
                    let left = object.next_value_seed(Seed(entries))?;
                    page.keep(key, left);
                }
                None if UNASKED.contains(&&*key) => {
                    let IgnoredAny = object.next_value()?;
                }
                None => {
                    let part = object.next_value_seed(Seed(Part { is_list: is_collection(&key) }))?;
                    page.is_cut |= part.is_cut;
                    page.keep(key, part.tree);
                }
            }
        }
        let at = page.at();
        reader.is_listed = place == Place::Listed;
        let piece = page.finish(before, reader);
        // An answer in which there is nothing may be `{}`; no resource is.
        let is_foreign = reader.seen == before && piece.is_none() && (at.is_some() || place == Place::Listed);
        if is_foreign {
            reader.foreign(at);
        }
        Ok(piece)
    }
}

/// Reads the entries of a list, and hands back what is no object of it: a resource may have texts under the same key.
struct Entries<'d, 'r, 'a, 't, 'k> {
    reader: &'d mut Reader<'r, 'a, 't>,
    page: &'d mut Page<'a>,
    list: List,
    key: &'k str,
    /// Where the entries are: `zones/europe-west1-b`.
    scope: Option<&'k str>,
}

impl<'de> Lenient<'de> for Entries<'_, '_, 'de, '_, '_> {
    type Value = Tree<'de>;

    fn absent(self) -> Tree<'de> {
        Tree::Null
    }

    fn not(self, json: Json) -> Tree<'de> {
        match json {
            Json::Boolean(flag) => Tree::Flag(flag),
            Json::Null
            | Json::Number
            | Json::Text
            | Json::List
            | Json::Object
            | Json::Cut
            | Json::Unknown(_) => Tree::Null,
        }
    }

    fn text(self, text: Cow<'de, str>) -> Tree<'de> {
        Tree::Text(text)
    }

    fn number(self, number: impl fmt::Display) -> Tree<'de> {
        Tree::Text(Cow::Owned(number.to_string()))
    }

    fn list<A: SeqAccess<'de>>(self, mut list: A) -> Result<Tree<'de>, A::Error> {
        let mut left = Vec::new();
        self.page.begins(self.list, self.key);
        while let Some(entry) = list.next_element::<Tree<'de>>()? {
            match entry {
                Tree::Object(node) => {
                    let stray = self.page.entry(self.list, self.key, self.scope, node, self.reader);
                    match stray {
                        // Answers about one subject are resources as a whole.
                        Some(node) if left.len() < LIST_MAX => left.push(Tree::Object(node)),
                        Some(_) => self.page.is_cut = true,
                        None => {}
                    }
                }
                other => left.push(other),
            }
        }
        Ok(Tree::List(left))
    }

    fn object<A: MapAccess<'de>>(self, mut object: A) -> Result<Tree<'de>, A::Error> {
        if self.list != List::Items || self.scope.is_some() {
            return Tree::deserialize(MapAccessDeserializer::new(object));
        }
        // Scopes of an aggregated list, each with its own lists and warning.
        let Self { reader, page, .. } = self;
        while let Some(Key(scope)) = object.next_key::<Key<'de>>()? {
            object.next_value_seed(Seed(Scope { reader, page, name: &scope }))?;
        }
        Ok(Tree::Null)
    }
}

/// Reads what an aggregated list has of one scope.
struct Scope<'d, 'r, 'a, 't, 'k> {
    reader: &'d mut Reader<'r, 'a, 't>,
    page: &'d mut Page<'a>,
    name: &'k str,
}

impl<'de> Lenient<'de> for Scope<'_, '_, 'de, '_, '_> {
    type Value = ();

    fn absent(self) {}

    fn not(self, json: Json) {
        self.page.is_strange(self.name, json);
    }

    fn object<A: MapAccess<'de>>(self, mut object: A) -> Result<(), A::Error> {
        let Self { reader, page, name } = self;
        while let Some(Key(key)) = object.next_key::<Key<'de>>()? {
            if key == "warning" {
                let warning = object.next_value::<Tree<'de>>()?;
                page.warned(name, warning);
                continue;
            }
            let (list, scope) = (List::Collection, Some(name));
            let left = object.next_value_seed(Seed(Entries { reader, page, list, key: &key, scope }))?;
            match left {
                Tree::Null => {}
                Tree::List(left) => {
                    let odd = left.iter().find(|entry| !matches!(entry, Tree::Object(_)));
                    odd.into_iter().for_each(|odd| page.is_strange(&key, odd.json()));
                }
                other @ (Tree::Flag(_) | Tree::Text(_) | Tree::Object(_) | Tree::Unknown(_)) => {
                    page.is_strange(&key, other.json())
                }
            }
        }
        Ok(())
    }
}

/// Reads the value of a key that may be part of a resource; a list that is too long for one is passed over, and read again
/// should the object turn out to be one. Anybody's documents come by here.
struct Part {
    is_list: bool,
}

/// A value that was read.
struct Read<'a> {
    tree: Tree<'a>,
    is_cut: bool,
}

impl<'a> Read<'a> {
    const fn whole(tree: Tree<'a>) -> Self {
        Self { tree, is_cut: false }
    }
}

/// What makes up half of a machine, and nobody asks for.
const UNASKED: [&str; 5] =
    ["disks", "scheduling", "resourceStatus", "shieldedInstanceConfig", "shieldedInstanceIntegrityPolicy"];

/// Longer lists are those of answers.
pub(super) const LIST_MAX: usize = 4096;

impl<'de> Lenient<'de> for Part {
    type Value = Read<'de>;

    fn absent(self) -> Read<'de> {
        Read::whole(Tree::Null)
    }

    fn not(self, json: Json) -> Read<'de> {
        Read::whole(match json {
            Json::Boolean(flag) => Tree::Flag(flag),
            Json::Null
            | Json::Number
            | Json::Text
            | Json::List
            | Json::Object
            | Json::Cut
            | Json::Unknown(_) => Tree::Null,
        })
    }

    fn text(self, text: Cow<'de, str>) -> Read<'de> {
        Read::whole(Tree::Text(text))
    }

    fn number(self, number: impl fmt::Display) -> Read<'de> {
        Read::whole(Tree::Text(Cow::Owned(number.to_string())))
    }

    fn list<A: SeqAccess<'de>>(self, mut list: A) -> Result<Read<'de>, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element()? {
            items.push(item);
            if items.len() > LIST_MAX && !self.is_list {
                while list.next_element::<IgnoredAny>()?.is_some() {}
                return Ok(Read { tree: Tree::Null, is_cut: true });
            }
        }
        Ok(Read::whole(Tree::List(items)))
    }

    fn object<A: MapAccess<'de>>(self, object: A) -> Result<Read<'de>, A::Error> {
        Tree::deserialize(MapAccessDeserializer::new(object)).map(Read::whole)
    }
}
