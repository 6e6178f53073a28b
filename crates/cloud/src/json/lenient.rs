//! One visitor for every JSON type: what a reader does not expect is a value that says so, not an error.
//!
//! Only text that is not JSON is an error here.

use std::borrow::Cow;

use core::fmt;

use super::unknown::Cause;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// The JSON type that stands where another was expected. Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Json {
    /// `null`.
    Null,
    /// `true` or `false`.
    Boolean(bool),
    /// A number.
    Number,
    /// A string.
    Text,
    /// A list.
    List,
    /// An object.
    Object,
    /// What PowerShell writes in place of what lies deeper than `ConvertTo-Json` was asked to go.
    Cut,
    /// A value that is not known.
    Unknown(Cause),
}

impl Json {
    /// What a text is where something else was expected.
    #[must_use]
    pub fn of_text(text: &str) -> Self {
        if is_cut(text) { Self::Cut } else { Self::Text }
    }

    /// The code of the gap that tells of it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Cut => "truncated-depth",
            Self::Unknown(_) => "unresolved-expression",
            Self::Null | Self::Boolean(_) | Self::Number | Self::Text | Self::List | Self::Object => {
                "unexpected-type"
            }
        }
    }
}

/// Whether a text is what `ConvertTo-Json` writes instead of an object below its depth: the name of its type, its
/// members as `@{…}`, or several ids in a row.
#[inline]
#[must_use]
pub fn is_cut(text: &str) -> bool {
    // Nearly every text is none of these by its first letter.
    match text.as_bytes().first() {
        Some(b'@') => text.starts_with("@{"),
        Some(b'/') => text.contains(" /"),
        Some(b'S' | b'M') => is_type_name(text),
        // Every second rule says `Allow`.
        Some(b'A') => text.starts_with("Amazon.") && is_type_name(text),
        _ => false,
    }
}

#[cold]
fn is_type_name(text: &str) -> bool {
    let is_in = |(namespace, dots): &(&str, usize)| {
        text.starts_with(namespace) && text.split('.').nth(*dots).is_some()
    };
    NAMESPACES.iter().any(is_in) && !text.contains('/')
}

/// How the names of types begin, and how many dots stand in them at least. A rule may well be called
/// `Web.Prod.Allow.Https.In`: names are not told by their shape alone.
const NAMESPACES: [(&str, usize); 4] = [
    ("System.Object[]", 1),
    ("System.Collections.", 1),
    // `Microsoft.Azure.Commands.Network.Models.PSSubnet`.
    ("Microsoft.Azure.", 4),
    // `Amazon.EC2.Model.IpPermission`.
    ("Amazon.", 3),
];

impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unknown(cause) => return write!(f, "not known ({cause})"),
            Self::Null => "null",
            Self::Boolean(_) => "a boolean",
            Self::Number => "a number",
            Self::Text => "a string",
            Self::List => "a list",
            Self::Object => "an object",
            Self::Cut => "cut off (`ConvertTo-Json -Depth 20` writes it whole)",
        })
    }
}

/// A reader of one value that takes any JSON type. It says what it makes of the types it expects.
pub trait Lenient<'de>: Sized {
    /// What it makes of a value.
    type Value;

    /// The value of `null`.
    fn absent(self) -> Self::Value;

    /// The value of a type that is not expected.
    fn not(self, json: Json) -> Self::Value;

    /// The value of a string.
    fn text(self, text: Cow<'de, str>) -> Self::Value {
        self.not(Json::of_text(&text))
    }

    /// The value of a number.
    fn number(self, _number: impl fmt::Display) -> Self::Value {
        self.not(Json::Number)
    }

    /// The value of a list, which is read to its end.
    ///
    /// # Errors
    /// Where the text is not JSON.
    fn list<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(self.not(Json::List))
    }

    /// The value of an object, which is read to its end.
    ///
    /// # Errors
    /// Where the text is not JSON.
    fn object<A: MapAccess<'de>>(self, mut object: A) -> Result<Self::Value, A::Error> {
        while object.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(self.not(Json::Object))
    }
}

/// Carries a lenient reader through serde.
#[derive(Clone, Copy, Debug)]
pub struct Seed<R>(pub R);

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

    /// What is not known: no text has bytes that are no string.
    fn visit_bytes<E: Error>(self, cause: &[u8]) -> Result<R::Value, E> {
        let cause = Cause::ALL.into_iter().find(|known| cause == [*known as u8]);
        Ok(self.0.not(cause.map_or(Json::Null, Json::Unknown)))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_depth_cut_off_is_no_name() {
        for text in [
            "@{a=b; c=d}",
            "System.Object[]",
            "System.Collections.Generic.List`1[System.String]",
            "Microsoft.Azure.Commands.Network.Models.PSSubnet",
            "Amazon.EC2.Model.IpPermission",
            "/subscriptions/s/a /subscriptions/s/b",
        ] {
            assert!(is_cut(text), "{text}");
        }
        for text in [
            "",
            "Allow",
            "Amazon.com",
            "System",
            "Web.Prod.Allow.Https.In",
            "Microsoft.Azure.Monitoring.DependencyAgent",
            "/subscriptions/s/a",
        ] {
            assert!(!is_cut(text), "{text}");
        }
    }
}
