//! Documents inside documents: where recorders, examples and batches keep the answers that they hold.
//!
//! One table of ways; a recorder more is one line more. What was asked is no answer: requests are passed over, but for
//! their addresses.

use std::borrow::Cow;

use cloud::json::{Json, Key, Lenient, Seed};
use serde::de::{IgnoredAny, MapAccess, SeqAccess};

use super::leaf::Text;
use super::page::{Item, Page, Source};

/// Who holds the answers. Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wrapper {
    /// An example of the specification of the REST interface.
    Example,
    /// A batch of answers of the REST interface.
    Batch,
    /// A recording of requests and their answers.
    Recorded,
}

/// What stands under a key. Complete.
pub(super) enum Way {
    /// A document, or the text of one.
    Document(Wrapper),
    /// The address that was asked.
    Address,
    /// An object with documents under some of its keys.
    Keys(&'static [(&'static str, Way)]),
    /// Several of them: a list, or an object whose keys are states of HTTP, of which success counts.
    Each(&'static Way),
}

/// The keys of a document below which others stand.
pub(super) static WRAPPERS: &[(&str, Way)] = &[
    // Examples of the specification, by state; batches, as a list.
    (
        "responses",
        Way::Each(&Way::Keys(&[
            ("body", Way::Document(Wrapper::Example)),
            ("content", Way::Document(Wrapper::Batch)),
        ])),
    ),
    // vcrpy and its like.
    (
        "interactions",
        Way::Each(&Way::Keys(&[
            ("request", Way::Keys(&[("uri", Way::Address)])),
            (
                "response",
                Way::Keys(&[(
                    "body",
                    Way::Keys(&[
                        ("data", Way::Document(Wrapper::Recorded)),
                        ("string", Way::Document(Wrapper::Recorded)),
                    ]),
                )]),
            ),
        ])),
    ),
    // The recorder of Microsoft's own clients.
    (
        "entries",
        Way::Each(&Way::Keys(&[
            ("requestUri", Way::Address),
            ("responseBody", Way::Document(Wrapper::Recorded)),
        ])),
    ),
    // HAR, as browsers save it.
    (
        "log",
        Way::Keys(&[(
            "entries",
            Way::Each(&Way::Keys(&[
                ("request", Way::Keys(&[("url", Way::Address)])),
                (
                    "response",
                    Way::Keys(&[("content", Way::Keys(&[("text", Way::Document(Wrapper::Recorded))]))]),
                ),
            ])),
        )]),
    ),
];

/// What stands under a key of a list of ways.
pub(super) fn way_of(ways: &'static [(&'static str, Way)], key: &str) -> Option<&'static Way> {
    ways.iter().find(|(known, _)| known.eq_ignore_ascii_case(key)).map(|(_, way)| way)
}

/// Hands out the items of the documents below a key; says whether there was one.
pub(super) struct Walk<'t, 'a> {
    pub(super) take: &'t mut dyn FnMut(Item<'a>),
    pub(super) way: &'static Way,
    pub(super) source: Source<'a>,
    /// The last key on the way: a document in a string can only be found by it.
    pub(super) around: Option<&'a str>,
}

impl<'de> Walk<'_, 'de> {
    fn step<'s>(&'s mut self, way: &'static Way, key: &Cow<'de, str>) -> Walk<'s, 'de> {
        let around = match key {
            Cow::Borrowed(key) => Some(*key),
            Cow::Owned(_) => self.around,
        };
        Walk { take: &mut *self.take, way, source: self.source, around }
    }
}

impl<'de> Lenient<'de> for Walk<'_, 'de> {
    type Value = bool;

    fn absent(self) -> bool {
        false
    }

    fn not(self, _json: Json) -> bool {
        false
    }

    fn text(self, text: Cow<'de, str>) -> bool {
        match self.way {
            Way::Document(wrapper) => {
                read_text(&text, *wrapper, self.source.around().or(self.around), self.take)
            }
            Way::Address => {
                (self.take)(Item::Asked(Text::Is(text)));
                false
            }
            Way::Keys(_) | Way::Each(_) => false,
        }
    }

    fn list<A: SeqAccess<'de>>(mut self, mut list: A) -> Result<bool, A::Error> {
        match self.way {
            Way::Document(wrapper) => {
                (self.take)(Item::Inside(*wrapper));
                Page { take: self.take, source: self.source }.list(list)?;
                Ok(true)
            }
            Way::Each(inner) => {
                let mut found = false;
                loop {
                    let walk = self.step(inner, &Cow::Owned(String::new()));
                    let Some(inside) = list.next_element_seed(Seed(walk))? else { return Ok(found) };
                    found |= inside;
                }
            }
            Way::Address | Way::Keys(_) => {
                while list.next_element::<IgnoredAny>()?.is_some() {}
                Ok(false)
            }
        }
    }

    fn object<A: MapAccess<'de>>(mut self, mut map: A) -> Result<bool, A::Error> {
        if let Way::Document(wrapper) = self.way {
            (self.take)(Item::Inside(*wrapper));
            Page { take: self.take, source: self.source }.object(map)?;
            return Ok(true);
        }
        let mut found = false;
        while let Some(Key(key)) = map.next_key::<Key<'de>>()? {
            let way = match self.way {
                Way::Keys(ways) => way_of(ways, &key),
                Way::Each(inner) => key.starts_with('2').then_some(*inner),
                Way::Document(_) | Way::Address => None,
            };
            match way {
                Some(way) => found |= map.next_value_seed(Seed(self.step(way, &key)))?,
                None => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(found)
    }
}

/// Reads a document that stands in a string. Nothing of it can be borrowed: its escapes are undone.
fn read_text<'a>(
    text: &str,
    wrapper: Wrapper,
    around: Option<&'a str>,
    take: &mut dyn FnMut(Item<'a>),
) -> bool {
    let json = text.trim_start_matches('\u{feff}').trim_start();
    if !json.starts_with(['{', '[']) {
        return false;
    }
    take(Item::Inside(wrapper));
    let mut reader = serde_json::Deserializer::from_reader(json.as_bytes());
    let page = Page { take: &mut *take, source: Source::Text(around) };
    if serde::de::DeserializeSeed::deserialize(Seed(page), &mut reader).is_err() {
        take(Item::BrokenText(around));
        take(Item::End);
    }
    true
}
