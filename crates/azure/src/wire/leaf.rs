//! Leaves of a document: text, lists of text, booleans. A leaf of another JSON type says which.

use std::borrow::Cow;

use core::fmt;

use cloud::json::{Json, Lenient, Seed, is_cut};
use serde::de::{Deserialize, DeserializeSeed, Deserializer, SeqAccess};

/// One string. A number reads as its digits: a priority or a port may be written as either.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Text<'a> {
    #[default]
    Absent,
    Is(Cow<'a, str>),
    Not(Json),
}

impl Text<'_> {
    /// The text without blank space at its ends; `None` when absent, of another type, or blank.
    pub(crate) fn get(&self) -> Option<&str> {
        match self {
            Self::Is(text) => Some(text.trim()).filter(|text| !text.is_empty()),
            Self::Absent | Self::Not(_) => None,
        }
    }

    pub(crate) const fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }
}

/// One string or a list of strings: PowerShell puts lists under the singular names.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Texts<'a> {
    #[default]
    Absent,
    One(Cow<'a, str>),
    Many(Vec<Text<'a>>),
    Not(Json),
}

impl Texts<'_> {
    /// Whether it says nothing: absent, or a list of nothing.
    pub(crate) fn is_empty(&self) -> bool {
        match self {
            Self::Absent => true,
            Self::Many(texts) => texts.is_empty(),
            Self::One(_) | Self::Not(_) => false,
        }
    }

    /// The readable texts, without blank space at their ends and without blank ones.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        let (one, many) = match self {
            Self::One(text) => (Some(text.trim()).filter(|text| !text.is_empty()), [].as_slice()),
            Self::Many(texts) => (None, texts.as_slice()),
            Self::Absent | Self::Not(_) => (None, [].as_slice()),
        };
        one.into_iter().chain(many.iter().filter_map(Text::get))
    }

    /// The first JSON type in it that is no text.
    pub(crate) fn unexpected(&self) -> Option<Json> {
        match self {
            Self::Not(json) => Some(*json),
            Self::Many(texts) => texts.iter().find_map(|text| match text {
                Text::Not(json) => Some(*json),
                Text::Absent => Some(Json::Null),
                Text::Is(_) => None,
            }),
            Self::Absent | Self::One(_) => None,
        }
    }
}

/// A boolean.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) enum Flag {
    #[default]
    Absent,
    Is(bool),
    Not,
}

impl<'de> Deserialize<'de> for Text<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Seed(OneText).deserialize(deserializer)
    }
}

impl<'de> Deserialize<'de> for Texts<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Seed(ManyTexts).deserialize(deserializer)
    }
}

impl<'de> Deserialize<'de> for Flag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Seed(OneFlag).deserialize(deserializer)
    }
}

struct OneText;

impl<'de> Lenient<'de> for OneText {
    type Value = Text<'de>;

    fn absent(self) -> Text<'de> {
        Text::Absent
    }

    fn not(self, json: Json) -> Text<'de> {
        Text::Not(json)
    }

    fn text(self, text: Cow<'de, str>) -> Text<'de> {
        Text::Is(text)
    }

    fn number(self, number: impl fmt::Display) -> Text<'de> {
        Text::Is(Cow::Owned(number.to_string()))
    }
}

struct ManyTexts;

impl<'de> Lenient<'de> for ManyTexts {
    type Value = Texts<'de>;

    fn absent(self) -> Texts<'de> {
        Texts::Absent
    }

    fn not(self, json: Json) -> Texts<'de> {
        Texts::Not(json)
    }

    fn text(self, text: Cow<'de, str>) -> Texts<'de> {
        if is_cut(&text) { Texts::Not(Json::Cut) } else { Texts::One(text) }
    }

    fn number(self, number: impl fmt::Display) -> Texts<'de> {
        Texts::One(Cow::Owned(number.to_string()))
    }

    fn list<A: SeqAccess<'de>>(self, mut list: A) -> Result<Texts<'de>, A::Error> {
        let mut texts = Vec::new();
        while let Some(text) = list.next_element()? {
            texts.push(text);
        }
        Ok(Texts::Many(texts))
    }
}

struct OneFlag;

impl<'de> Lenient<'de> for OneFlag {
    type Value = Flag;

    fn absent(self) -> Flag {
        Flag::Absent
    }

    fn not(self, json: Json) -> Flag {
        match json {
            Json::Boolean(flag) => Flag::Is(flag),
            Json::Null
            | Json::Number
            | Json::Text
            | Json::List
            | Json::Object
            | Json::Cut
            | Json::Unknown(_) => Flag::Not,
        }
    }

    fn text(self, text: Cow<'de, str>) -> Flag {
        match text.trim() {
            word if word.eq_ignore_ascii_case("true") => Flag::Is(true),
            word if word.eq_ignore_ascii_case("false") => Flag::Is(false),
            _ => Flag::Not,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_leaf_of_another_type_says_so() {
        let text = |json| serde_json::from_str::<Text<'_>>(json).unwrap();
        assert_eq!(text("\" a \"").get(), Some("a"));
        assert_eq!(text("100").get(), Some("100"));
        assert_eq!(text("null"), Text::Absent);
        assert_eq!(text("true"), Text::Not(Json::Boolean(true)));
        assert_eq!(text("[[{}], 1]"), Text::Not(Json::List));
        assert_eq!(text("{\"a\": [1]}"), Text::Not(Json::Object));
    }

    #[test]
    fn one_text_and_a_list_of_one_read_alike() {
        let texts = |json| serde_json::from_str::<Texts<'_>>(json).unwrap();
        for json in ["\"22\"", "[\"22\"]", "22", "[22, null, \"\"]", "[false, \" 22 \"]"] {
            assert_eq!(texts(json).iter().collect::<Vec<_>>(), ["22"], "{json}");
        }
        assert_eq!(texts("[false, \"22\"]").unexpected(), Some(Json::Boolean(false)));
        assert_eq!(texts("{}").unexpected(), Some(Json::Object));
        assert_eq!(texts("[]").unexpected(), None);
    }

    #[test]
    fn flags_read_from_booleans_and_words() {
        let flag = |json| serde_json::from_str::<Flag>(json).unwrap();
        assert_eq!(flag("true"), Flag::Is(true));
        assert_eq!(flag("\"False\""), Flag::Is(false));
        assert_eq!(flag("null"), Flag::Absent);
        assert_eq!(flag("7"), Flag::Not);
    }
}
