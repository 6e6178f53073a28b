//! What an answer says of itself: that it is cut, that it is an error.

use cloud::json::Json;
use serde::de::MapAccess;

use super::fields::{Fields, Level, Object};
use super::leaf::Text;

/// What an answer of Resource Graph says beside its rows.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Query<'a> {
    /// Where the next page begins.
    pub(crate) token: Text<'a>,
    /// How many rows there are in all.
    pub(crate) total: Text<'a>,
    /// Whether rows were left out.
    pub(crate) truncated: Text<'a>,
    /// How many rows the document has; `None` without a list of them.
    pub(crate) rows: Option<u64>,
}

impl Query<'_> {
    /// Whether a document is such an answer.
    pub(super) const fn is_one(&self) -> bool {
        self.rows.is_some() || self.says_so()
    }

    /// Whether it says what only such an answer says.
    pub(crate) const fn says_so(&self) -> bool {
        !(self.total.is_absent() && self.truncated.is_absent() && self.token.is_absent())
    }

    /// What of it says that rows are left out.
    pub(crate) fn cut(&self) -> Option<&'static str> {
        let says_truncated = match &self.truncated {
            Text::Is(word) => word.trim().eq_ignore_ascii_case("true"),
            Text::Not(Json::Boolean(flag)) => *flag,
            Text::Absent | Text::Not(_) => false,
        };
        let total = self.total.get().and_then(|digits| digits.parse::<u64>().ok());
        if self.token.get().is_some() {
            Some("`skipToken` names a page that follows")
        } else if says_truncated {
            Some("`resultTruncated` says that rows are left out")
        } else if total.is_some_and(|total| self.rows.is_some_and(|rows| rows < total)) {
            Some("`totalRecords` is more than the rows that are here")
        } else {
            None
        }
    }
}

/// An error where an answer was expected.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Refusal<'a> {
    pub(crate) code: Text<'a>,
    pub(crate) message: Text<'a>,
}

impl<'a> Refusal<'a> {
    /// Takes over what stands under `error`.
    pub(super) fn adopt(&mut self, error: Object<Self>) {
        if let Object::Is(error) = error {
            *self = error;
        }
    }

    /// Whether it is an error of Azure: its code is a word, where that of others is a number.
    pub(super) fn is_one(&self) -> bool {
        let is_word = |code: &str| code.starts_with(|letter: char| letter.is_ascii_alphabetic());
        self.code.get().is_some_and(is_word) && !self.message.is_absent()
    }
}

impl<'de> Fields<'de> for Refusal<'de> {
    const KEYS: &'static [&'static str] = &["code", "message"];

    fn take<A: MapAccess<'de>>(&mut self, key: &str, _level: Level, map: &mut A) -> Result<bool, A::Error> {
        match key {
            "code" => self.code = map.next_value()?,
            "message" => self.message = map.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}
