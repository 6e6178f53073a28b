//! One JSON document of a stream: a list, a page of a list, one resource, or a catalogue of service tags.

use std::borrow::Cow;

use serde::de::{IgnoredAny, MapAccess, SeqAccess};

use super::element::Element;
use super::fields::{Fields, Key, Level, Object, read_entry};
use super::leaf::Text;
use super::lenient::{Json, Lenient, Seed};
use super::tags::TagValue;

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
    /// The version of a catalogue of service tags.
    CatalogueVersion(Text<'a>),
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
    /// `values` of a catalogue of service tags.
    Catalogue,
}

/// Hands the items of one document to `take` while it is read.
pub(crate) struct Page<'t, 'a>(pub(crate) &'t mut dyn FnMut(Item<'a>));

impl<'de> Lenient<'de> for Page<'_, 'de> {
    type Value = ();

    fn absent(self) {
        self.0(Item::End);
    }

    fn not(self, _json: Json) {
        self.0(Item::Strange);
        self.0(Item::End);
    }

    fn list<A: SeqAccess<'de>>(self, list: A) -> Result<(), A::Error> {
        self.0(Item::List(Listing::Document));
        Entries { take: self.0, listing: Listing::Document }.list(list)?;
        self.0(Item::End);
        Ok(())
    }

    fn object<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut single = Box::<Element<'de>>::default();
        let mut listed = false;
        while let Some(key) = map.next_key::<Key<'de>>()? {
            if let Cow::Borrowed(key) = key.0 {
                single.mark(key);
            }
            match known_key(&key.0) {
                word @ ("value" | "values") => {
                    let listing = if word == "value" { Listing::Page } else { Listing::Catalogue };
                    listed |= map.next_value_seed(Seed(Entries { take: &mut *self.0, listing }))?;
                }
                "nextLink" => self.0(Item::NextPage(map.next_value()?)),
                "changeNumber" => self.0(Item::CatalogueVersion(map.next_value()?)),
                other => read_entry(&mut *single, other, Level::Outer, &mut map)?,
            }
        }
        if !listed {
            self.0(Item::Resource(single));
        }
        self.0(Item::End);
        Ok(())
    }
}

/// A key of a page in its documented spelling; older interfaces put `odata.` before the link.
fn known_key(key: &str) -> &str {
    let word = key.strip_prefix('@').unwrap_or(key);
    let word = word.strip_prefix("odata.").unwrap_or(word);
    let known = ["value", "values", "nextLink", "changeNumber"];
    known.into_iter().find(|known| known.eq_ignore_ascii_case(word)).unwrap_or(key)
}

/// Hands out the entries of a list; says whether it was one.
struct Entries<'t, 'a> {
    take: &'t mut dyn FnMut(Item<'a>),
    listing: Listing,
}

impl<'de> Lenient<'de> for Entries<'_, 'de> {
    type Value = bool;

    fn absent(self) -> bool {
        false
    }

    fn not(self, _json: Json) -> bool {
        false
    }

    fn list<A: SeqAccess<'de>>(self, mut list: A) -> Result<bool, A::Error> {
        if self.listing != Listing::Document {
            (self.take)(Item::List(self.listing));
        }
        match self.listing {
            Listing::Document | Listing::Page => {
                while let Some(entry) = list.next_element::<Object<Element<'de>>>()? {
                    match entry {
                        Object::Is(element) => (self.take)(Item::Resource(Box::new(element))),
                        Object::Not(_) | Object::Absent => (self.take)(Item::Strange),
                    }
                }
            }
            Listing::Catalogue => {
                while let Some(entry) = list.next_element::<Object<TagValue<'de>>>()? {
                    match entry {
                        Object::Is(tag) => (self.take)(Item::Tag(tag)),
                        Object::Not(_) | Object::Absent => (self.take)(Item::Strange),
                    }
                }
            }
        }
        Ok(true)
    }

    fn object<A: MapAccess<'de>>(self, mut object: A) -> Result<bool, A::Error> {
        while object.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(false)
    }
}
