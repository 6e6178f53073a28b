//! One visitor for every JSON type: what a reader does not expect is a value that says so, not an error.
//!
//! Only text that is not JSON is an error here.

use std::borrow::Cow;

use core::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// The JSON type that stands where another was expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Json {
    Null,
    Boolean(bool),
    Number,
    Text,
    List,
    Object,
}

impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Null => "null",
            Self::Boolean(_) => "a boolean",
            Self::Number => "a number",
            Self::Text => "a string",
            Self::List => "a list",
            Self::Object => "an object",
        })
    }
}

/// A reader of one value that takes any JSON type. It says what it makes of the types it expects.
pub(crate) trait Lenient<'de>: Sized {
    type Value;

    /// The value of `null`.
    fn absent(self) -> Self::Value;

    /// The value of a type that is not expected.
    fn not(self, json: Json) -> Self::Value;

    fn text(self, _text: Cow<'de, str>) -> Self::Value {
        self.not(Json::Text)
    }

    fn number(self, _number: impl fmt::Display) -> Self::Value {
        self.not(Json::Number)
    }

    fn list<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(self.not(Json::List))
    }

    fn object<A: MapAccess<'de>>(self, mut object: A) -> Result<Self::Value, A::Error> {
        while object.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(self.not(Json::Object))
    }
}

/// Carries a lenient reader through serde.
pub(crate) struct Seed<R>(pub(crate) R);

impl<'de, R: Lenient<'de>> DeserializeSeed<'de> for Seed<R> {
    type Value = R::Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<R::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, R: Lenient<'de>> Visitor<'de> for Seed<R> {
    type Value = R::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<R::Value, E> {
        Ok(self.0.text(Cow::Borrowed(text)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<R::Value, E> {
        Ok(self.0.text(Cow::Owned(text.to_owned())))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<R::Value, E> {
        Ok(self.0.number(number))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<R::Value, E> {
        Ok(self.0.number(number))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<R::Value, E> {
        Ok(self.0.number(number))
    }

    fn visit_bool<E: Error>(self, flag: bool) -> Result<R::Value, E> {
        Ok(self.0.not(Json::Boolean(flag)))
    }

    fn visit_unit<E: Error>(self) -> Result<R::Value, E> {
        Ok(self.0.absent())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<R::Value, A::Error> {
        self.0.list(list)
    }

    fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<R::Value, A::Error> {
        self.0.object(object)
    }
}
