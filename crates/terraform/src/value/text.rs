//! Strings: a piece of the document where it stands there as it is, shared where it was made.

use std::borrow::Cow;
use std::ops::Deref;
use std::rc::Rc;

use core::fmt;

/// A string.
#[derive(Clone)]
pub(crate) enum Text<'a> {
    /// It stands in the document.
    Here(&'a str),
    /// It was made.
    Made(Rc<str>),
}

impl<'a> Text<'a> {
    /// The text for a tree of the document.
    pub(crate) fn cow(&self) -> Cow<'a, str> {
        match self {
            Self::Here(text) => Cow::Borrowed(text),
            Self::Made(text) => Cow::Owned(text.to_string()),
        }
    }
}

impl Deref for Text<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        match self {
            Self::Here(text) => text,
            Self::Made(text) => text,
        }
    }
}

impl fmt::Debug for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}

impl PartialEq for Text<'_> {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for Text<'_> {}

impl PartialOrd for Text<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Text<'_> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (**self).cmp(&**other)
    }
}

impl<'a> From<&'a str> for Text<'a> {
    fn from(text: &'a str) -> Self {
        Self::Here(text)
    }
}

impl From<String> for Text<'_> {
    fn from(text: String) -> Self {
        Self::Made(text.into())
    }
}

impl From<Rc<str>> for Text<'_> {
    fn from(text: Rc<str>) -> Self {
        Self::Made(text)
    }
}

impl<'a> From<Cow<'a, str>> for Text<'a> {
    fn from(text: Cow<'a, str>) -> Self {
        match text {
            Cow::Borrowed(text) => Self::Here(text),
            Cow::Owned(text) => text.into(),
        }
    }
}
