//! One JSON document of a stream: a list, a page of a list, one resource, a catalogue of service tags, an answer of
//! Resource Graph, or others inside of it.

use std::borrow::Cow;

use cloud::json::{Json, Key, Lenient, Node, Seed, Tree};
use serde::de::{IgnoredAny, MapAccess, SeqAccess};

use super::answer::{Query, Refusal};
use super::element::Element;
use super::fields::{Fields, Level, Object, read_entry};
use super::leaf::Text;
use super::replay;
use super::table::Rows;
use super::tags::TagValue;
use super::wrapper::{WRAPPERS, Walk, Wrapper, way_of};

/// What a document is made of, in the order in which it is read.
#[derive(Debug)]
pub(crate) enum Item<'a> {
    /// The document is, or holds, a list of resources; told before them.
    List(Listing),
    /// One resource.
    Resource(Box<Element<'a>>),
    /// One entry of a catalogue of service tags.
    Tag(TagValue<'a>),
    /// An entry of a list that is no object, null included.
    Strange,
    /// The page ends, and another follows it at this address.
    NextPage(Text<'a>),
    /// What an answer of Resource Graph says of itself; told after its rows.
    Query(Query<'a>),
    /// The version of a catalogue of service tags.
    CatalogueVersion(Text<'a>),
    /// The document is an error, not an answer.
    Refused(Refusal<'a>),
    /// A document begins that stands inside another.
    Inside(Wrapper),
    /// The address that a recorded request asked.
    Asked(Text<'a>),
    /// A document in a string is no JSON; where it stands.
    BrokenText(Option<&'a str>),
    /// The document ends.
    End,
}

/// Who has the list. Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Listing {
    /// The document is the list, as `az … list` prints it.
    Document,
    /// `value` of a page, as the REST interface answers.
    Page,
    /// `data` of an answer of Resource Graph.
    Rows,
    /// `values` of a catalogue of service tags.
    Catalogue,
}

/// What is read. Complete.
#[derive(Clone, Copy, Debug)]
pub(super) enum Source<'a> {
    /// The text of the document itself: each entry is read once, as it stands.
    Document,
    /// The text of a string in it, and a piece of the document beside it: each entry is kept whole.
    Text(Option<&'a str>),
}

impl<'a> Source<'a> {
    /// A piece of the document that stands for all that is read.
    pub(super) const fn around(self) -> Option<&'a str> {
        match self {
            Self::Document => None,
            Self::Text(around) => around,
        }
    }
}

/// Hands the items of one document to `take` while it is read.
pub(super) struct Page<'t, 'a> {
    pub(super) take: &'t mut dyn FnMut(Item<'a>),
    pub(super) source: Source<'a>,
}

impl<'t, 'a> Page<'t, 'a> {
    /// Of the text of a document.
    pub(super) fn of_document(take: &'t mut dyn FnMut(Item<'a>)) -> Self {
        Self { take, source: Source::Document }
    }
}

impl<'de> Lenient<'de> for Page<'_, 'de> {
    type Value = ();

    fn absent(self) {
        (self.take)(Item::End);
    }

    fn not(self, _json: Json) {
        (self.take)(Item::Strange);
        (self.take)(Item::End);
    }

    fn list<A: SeqAccess<'de>>(self, list: A) -> Result<(), A::Error> {
        let Self { take, source } = self;
        take(Item::List(Listing::Document));
        Entries { take: &mut *take, listing: Listing::Document, source }.list(list)?;
        take(Item::End);
        Ok(())
    }

    fn object<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut lone = Lone::default();
        let mut query = Query::default();
        let mut refusal = Refusal::default();
        let mut listed = false;
        let Self { take, source } = self;
        while let Some(Key(key)) = map.next_key::<Key<'de>>()? {
            if let Cow::Borrowed(key) = key {
                lone.element.mark(key);
            }
            match known_key(&key) {
                word @ ("value" | "values") => {
                    let listing = if word == "value" { Listing::Page } else { Listing::Catalogue };
                    let entries = Entries { take: &mut *take, listing, source };
                    listed |= map.next_value_seed(Seed(entries))?.is_some();
                }
                "data" => {
                    query.rows = map.next_value_seed(Seed(Rows { take: &mut *take, source }))?;
                    listed |= query.rows.is_some();
                }
                "nextLink" => take(Item::NextPage(map.next_value()?)),
                "changeNumber" => take(Item::CatalogueVersion(map.next_value()?)),
                "skipToken" => query.token = map.next_value()?,
                "totalRecords" => query.total = map.next_value()?,
                "resultTruncated" => query.truncated = map.next_value()?,
                "error" => refusal.adopt(map.next_value()?),
                "code" => refusal.code = map.next_value()?,
                "message" => refusal.message = map.next_value()?,
                other => match way_of(WRAPPERS, other) {
                    Some(way) => {
                        let around = match key {
                            Cow::Borrowed(key) => Some(key),
                            Cow::Owned(_) => None,
                        };
                        let walk = Walk { take: &mut *take, way, source, around };
                        listed |= map.next_value_seed(Seed(walk))?;
                    }
                    None => lone.entry(&key, source, &mut map)?,
                },
            }
        }
        // Lists of network managers have pages too, and name the next as Resource Graph does.
        if query.is_one() || (listed && query.token.get().is_some()) {
            take(Item::Query(query));
        }
        if !listed {
            take(if lone.is_nobody() && refusal.is_one() {
                Item::Refused(refusal)
            } else {
                lone.item(source)
            });
        }
        take(Item::End);
        Ok(())
    }
}

/// The one resource that a document may be.
#[derive(Default)]
struct Lone<'a> {
    element: Box<Element<'a>>,
    /// Its entries, where they have to be kept.
    entries: Vec<(Cow<'a, str>, Tree<'a>)>,
}

impl<'de> Lone<'de> {
    fn entry<A: MapAccess<'de>>(
        &mut self,
        key: &Cow<'de, str>,
        source: Source<'de>,
        map: &mut A,
    ) -> Result<(), A::Error> {
        match source {
            Source::Document => read_entry(&mut *self.element, key, Level::Outer, map),
            Source::Text(_) => {
                self.entries.push((key.clone(), map.next_value()?));
                Ok(())
            }
        }
    }

    /// Whether it does not say who it is.
    fn is_nobody(&self) -> bool {
        let has_id = self.entries.iter().any(|(key, _)| key.eq_ignore_ascii_case("id"));
        self.element.id.is_absent() && self.element.kind.is_absent() && !has_id
    }

    fn item(self, source: Source<'de>) -> Item<'de> {
        match source {
            Source::Document => Item::Resource(self.element),
            Source::Text(around) => replay::item(Tree::Object(Node::new(self.entries, around)), around),
        }
    }
}

/// A key of a page in one spelling. Older interfaces put `odata.` before the link, `$` stands before the token of
/// Resource Graph, and its command line writes words apart.
fn known_key(key: &str) -> &str {
    let word = key.strip_prefix(['@', '$']).unwrap_or(key);
    let word = word.strip_prefix("odata.").unwrap_or(word);
    match word {
        "skip_token" => "skipToken",
        "total_records" => "totalRecords",
        // Of an error these letters only: what other clouds write is not ours.
        "error" | "code" | "message" => word,
        _ => PAGE_KEYS.iter().find(|known| known.eq_ignore_ascii_case(word)).copied().unwrap_or(key),
    }
}

const PAGE_KEYS: [&str; 8] =
    ["value", "values", "data", "nextLink", "changeNumber", "skipToken", "totalRecords", "resultTruncated"];

/// Hands out the entries of a list; says how many there were, `None` when it is no list.
pub(super) struct Entries<'t, 'a> {
    pub(super) take: &'t mut dyn FnMut(Item<'a>),
    pub(super) listing: Listing,
    pub(super) source: Source<'a>,
}

impl<'de> Lenient<'de> for Entries<'_, 'de> {
    type Value = Option<u64>;

    fn absent(self) -> Option<u64> {
        None
    }

    fn not(self, _json: Json) -> Option<u64> {
        None
    }

    fn list<A: SeqAccess<'de>>(self, mut list: A) -> Result<Option<u64>, A::Error> {
        let mut count = 0;
        if self.listing != Listing::Document {
            (self.take)(Item::List(self.listing));
        }
        match (self.listing, self.source) {
            (Listing::Document | Listing::Page | Listing::Rows, Source::Document) => {
                while let Some(entry) = list.next_element::<Object<Element<'de>>>()? {
                    count += 1;
                    match entry {
                        Object::Is(element) => (self.take)(Item::Resource(Box::new(element))),
                        Object::Not(_) | Object::Absent => (self.take)(Item::Strange),
                    }
                }
            }
            (Listing::Document | Listing::Page | Listing::Rows, Source::Text(around)) => {
                while let Some(entry) = list.next_element::<Tree<'de>>()? {
                    count += 1;
                    (self.take)(replay::item(entry, around));
                }
            }
            (Listing::Catalogue, _) => {
                while let Some(entry) = list.next_element::<Object<TagValue<'de>>>()? {
                    count += 1;
                    match entry {
                        Object::Is(tag) => (self.take)(Item::Tag(tag)),
                        Object::Not(_) | Object::Absent => (self.take)(Item::Strange),
                    }
                }
            }
        }
        Ok(Some(count))
    }

    fn object<A: MapAccess<'de>>(self, mut object: A) -> Result<Option<u64>, A::Error> {
        while object.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(None)
    }
}
