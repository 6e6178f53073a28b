//! Objects read key by key: lenient about type, letter case and the `properties` level.

use std::borrow::Cow;

use core::marker::PhantomData;

use cloud::json::{Json, Key, Lenient, Seed};
use serde::de::{Deserialize, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess};

use super::leaf::Text;
use super::properties::property_column;

/// An object of a document.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Object<T> {
    #[default]
    Absent,
    Is(T),
    Not(Json),
}

impl<T> Object<T> {
    pub(crate) fn get(&self) -> Option<&T> {
        match self {
            Self::Is(fields) => Some(fields),
            Self::Absent | Self::Not(_) => None,
        }
    }
}

/// A list of a document.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum List<T> {
    #[default]
    Absent,
    Items(Vec<T>),
    Not(Json),
}

impl<T> List<T> {
    /// Its items; none when it is absent or no list.
    pub(crate) fn items(&self) -> &[T] {
        match self {
            Self::Items(items) => items,
            Self::Absent | Self::Not(_) => &[],
        }
    }

    pub(crate) const fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    /// What it is, when it is there and no list.
    pub(crate) const fn strange(&self) -> Option<Json> {
        match self {
            Self::Not(json) => Some(*json),
            Self::Absent | Self::Items(_) => None,
        }
    }
}

/// Which keys an object has, by their positions in [`Fields::KEYS`].
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Seen {
    once: u64,
    twice: u64,
}

impl Seen {
    /// Whether the object of these `keys` has this one, be its value null.
    pub(crate) fn has(self, keys: &[&str], key: &str) -> bool {
        keys.iter().position(|known| *known == key).is_some_and(|position| self.once & bit(position) != 0)
    }

    /// Those of `keys` that the object has.
    pub(crate) fn keys<'k>(self, keys: &'k [&'k str]) -> impl Iterator<Item = &'k str> {
        let positions = keys.iter().enumerate();
        positions.filter(move |(position, _)| self.once & bit(*position) != 0).map(|(_, key)| *key)
    }

    /// Those of `keys` that the object has more than once: JSON says nothing on which of them counts.
    pub(crate) fn twice<'k>(self, keys: &'k [&'k str]) -> impl Iterator<Item = &'k str> {
        let positions = keys.iter().enumerate();
        positions.filter(move |(position, _)| self.twice & bit(*position) != 0).map(|(_, key)| *key)
    }

    fn note(&mut self, position: usize) {
        self.twice |= self.once & bit(position);
        self.once |= bit(position);
    }
}

fn bit(position: usize) -> u64 {
    u32::try_from(position).ok().and_then(|position| 1_u64.checked_shl(position)).unwrap_or(0)
}

/// Whether a key stands in the object itself or under its `properties`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Level {
    Outer,
    Properties,
}

/// A struct that fills itself from an object, key by key.
pub(crate) trait Fields<'de>: Default {
    /// The keys it knows, in their documented spelling.
    const KEYS: &'static [&'static str];

    /// Reads the value of a key in its documented spelling; `false`, and nothing read, when it does not know it.
    fn take<A: MapAccess<'de>>(&mut self, key: &str, level: Level, map: &mut A) -> Result<bool, A::Error>;

    /// Hears of a key that is not in `KEYS`, and must read its value.
    fn surprise<A: MapAccess<'de>>(&mut self, _key: &str, map: &mut A) -> Result<(), A::Error> {
        map.next_value::<IgnoredAny>().map(drop)
    }

    /// Hears of each key as it stands in the text: any of them tells where the object is.
    fn mark(&mut self, _key: &'de str) {}

    /// Hears of a key that is in `KEYS` in other letters.
    fn respelled(&mut self, _key: &str) {}

    /// Hears that there is a `properties` level.
    fn nested(&mut self) {}

    /// Hears that `properties` is no object.
    fn nested_not(&mut self, _json: Json) {}

    /// Where the keys are noted that the object has; `None` for structs that keep no account of them.
    fn seen(&mut self) -> Option<&mut Seen> {
        None
    }

    /// The struct a plain string stands for, as a projection like `{subnet: subnet.id}` writes it.
    fn from_text(_text: Cow<'de, str>) -> Option<Self> {
        None
    }
}

/// Reads all entries of an object into `fields`.
pub(crate) fn read_entries<'de, T: Fields<'de>, A: MapAccess<'de>>(
    fields: &mut T,
    level: Level,
    map: &mut A,
) -> Result<(), A::Error> {
    while let Some(key) = map.next_key::<Key<'de>>()? {
        if let Cow::Borrowed(key) = key.0 {
            fields.mark(key);
        }
        read_entry(fields, &key.0, level, map)?;
    }
    Ok(())
}

/// Reads the value of one key into `fields`.
pub(crate) fn read_entry<'de, T: Fields<'de>, A: MapAccess<'de>>(
    fields: &mut T,
    key: &str,
    level: Level,
    map: &mut A,
) -> Result<(), A::Error> {
    if level == Level::Outer && key.eq_ignore_ascii_case("properties") {
        return map.next_value_seed(Seed(Nested(fields)));
    }
    if fields.take(key, level, map)? {
        note(fields, key, level);
        return Ok(());
    }
    match T::KEYS.iter().find(|known| known.eq_ignore_ascii_case(key)) {
        Some(known) => {
            let taken = fields.take(known, level, map)?;
            debug_assert!(taken, "{known} is in KEYS");
            note(fields, known, level);
            fields.respelled(key);
            Ok(())
        }
        None => match property_column(key).filter(|_| level == Level::Outer) {
            Some(property) => read_column(fields, property, map),
            None => fields.surprise(key, map),
        },
    }
}

/// Reads the value of a column that a query named after its property.
#[cold]
#[inline(never)]
fn read_column<'de, T: Fields<'de>, A: MapAccess<'de>>(
    fields: &mut T,
    property: &str,
    map: &mut A,
) -> Result<(), A::Error> {
    read_entry(fields, property, Level::Properties, map)
}

/// Notes a key. Who a resource is stands outside of its properties, so names in there are other things.
fn note<'de, T: Fields<'de>>(fields: &mut T, key: &str, level: Level) {
    let elsewhere = level == Level::Properties && matches!(key, "id" | "name" | "type");
    if let Some(seen) = fields.seen().filter(|_| !elsewhere)
        && let Some(position) = T::KEYS.iter().position(|known| *known == key)
    {
        seen.note(position);
    }
}

/// A reference to another resource: `{"id": …}`, or the id alone.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Reference<'a> {
    pub(crate) id: Text<'a>,
    pub(crate) seen: Seen,
}

impl<'de> Fields<'de> for Reference<'de> {
    const KEYS: &'static [&'static str] = &["id"];

    fn take<A: MapAccess<'de>>(&mut self, key: &str, level: Level, map: &mut A) -> Result<bool, A::Error> {
        if key != "id" || level != Level::Outer {
            return Ok(false);
        }
        self.id = map.next_value()?;
        Ok(true)
    }

    fn seen(&mut self) -> Option<&mut Seen> {
        Some(&mut self.seen)
    }

    fn from_text(text: Cow<'de, str>) -> Option<Self> {
        Some(Self { id: Text::Is(text), seen: Seen::default() })
    }
}

impl<'de, T: Fields<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Seed(OneObject(PhantomData)).deserialize(deserializer)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Seed(OneList(PhantomData)).deserialize(deserializer)
    }
}

struct OneObject<T>(PhantomData<T>);

impl<'de, T: Fields<'de>> Lenient<'de> for OneObject<T> {
    type Value = Object<T>;

    fn absent(self) -> Object<T> {
        Object::Absent
    }

    fn not(self, json: Json) -> Object<T> {
        Object::Not(json)
    }

    fn text(self, text: Cow<'de, str>) -> Object<T> {
        match Json::of_text(&text) {
            Json::Cut => Object::Not(Json::Cut),
            other => T::from_text(text).map_or(Object::Not(other), Object::Is),
        }
    }

    fn object<A: MapAccess<'de>>(self, mut map: A) -> Result<Object<T>, A::Error> {
        let mut fields = T::default();
        read_entries(&mut fields, Level::Outer, &mut map)?;
        Ok(Object::Is(fields))
    }
}

struct OneList<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Lenient<'de> for OneList<T> {
    type Value = List<T>;

    fn absent(self) -> List<T> {
        List::Absent
    }

    fn not(self, json: Json) -> List<T> {
        List::Not(json)
    }

    fn list<A: SeqAccess<'de>>(self, mut list: A) -> Result<List<T>, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element()? {
            items.push(item);
        }
        Ok(List::Items(items))
    }
}

/// Fills a struct from its `properties`.
struct Nested<'f, T>(&'f mut T);

impl<'de, T: Fields<'de>> Lenient<'de> for Nested<'_, T> {
    type Value = ();

    fn absent(self) {}

    fn not(self, json: Json) {
        self.0.nested();
        self.0.nested_not(json);
    }

    fn object<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        self.0.nested();
        read_entries(self.0, Level::Properties, &mut map)
    }
}
