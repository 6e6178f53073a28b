//! Values of JSON.

use std::borrow::Cow;

use core::fmt;

use cloud::json::{Json, Key, Lenient, Seed};
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess};

use super::{Kind, Number, Value};

impl<'a> Value<'a> {
    /// The value of a document of JSON; an object's place is a key of it. `None` where it is not JSON.
    pub(crate) fn of_json(text: &'a str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    /// The value of a text that was made.
    pub(crate) fn of_made_json(text: &str) -> Option<Self> {
        let mut reader = serde_json::Deserializer::from_reader(text.as_bytes());
        let value = Self::deserialize(&mut reader).ok()?;
        reader.end().ok()?;
        Some(value)
    }
}

impl<'de> Deserialize<'de> for Value<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Seed(Whole).deserialize(deserializer)
    }
}

use serde::de::DeserializeSeed as _;

struct Whole;

impl<'de> Lenient<'de> for Whole {
    type Value = Value<'de>;

    fn absent(self) -> Value<'de> {
        Value::null()
    }

    fn not(self, json: Json) -> Value<'de> {
        match json {
            Json::Boolean(flag) => Value::flag(flag),
            Json::Unknown(cause) => Value::unknown(cause, ""),
            Json::Null | Json::Number | Json::Text | Json::List | Json::Object | Json::Cut => Value::null(),
        }
    }

    fn text(self, text: Cow<'de, str>) -> Value<'de> {
        let at = if let Cow::Borrowed(text) = text { Some(text) } else { None };
        Value::text(text).with_at(at)
    }

    fn number(self, number: impl fmt::Display) -> Value<'de> {
        let digits = number.to_string();
        match Number::decimal(&digits) {
            Some(number) => Value::new(Kind::Number(number)),
            None => Value::unknown(cloud::json::Cause::TooLarge, digits),
        }
    }

    fn list<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value<'de>, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element()? {
            items.push(item);
        }
        Ok(Value::tuple(items))
    }

    fn object<A: MapAccess<'de>>(self, mut object: A) -> Result<Value<'de>, A::Error> {
        let (mut entries, mut at) = (Vec::new(), None);
        while let Some(Key(key)) = object.next_key::<Key<'de>>()? {
            if let Cow::Borrowed(key) = key {
                at.get_or_insert(key);
            }
            entries.push((key.into(), object.next_value()?));
        }
        Ok(Value::object(entries).with_at(at))
    }
}
