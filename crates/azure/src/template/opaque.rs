//! Texts that are one certain thing while their characters are not known: the name that a parameter will give.
//!
//! Equal ones are equal, so that what refers to a thing by its name finds it. Whether two that differ are different is
//! not known.

use core::fmt;
use std::rc::Rc;

use cloud::json::Cause;

/// A text of which parts are not known. There is always such a part.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Opaque {
    parts: Vec<Part>,
    cause: Cause,
}

#[derive(Clone, Debug, PartialEq)]
enum Part {
    /// Never empty, and never beside another text.
    Text(String),
    Hole(Rc<str>, Letters),
}

/// What was done to the letters of what is not known. Names of Azure have no letter case, so their spelling does not
/// tell; whether they are equal is another question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Letters {
    Given,
    Small,
    Large,
}

/// What texts and opaque ones are joined in.
#[derive(Debug, Default)]
pub(crate) struct Joined {
    parts: Vec<Part>,
    cause: Option<Cause>,
    bytes: usize,
}

impl Joined {
    pub(crate) fn push_text(&mut self, text: &str) {
        self.bytes += text.len();
        match self.parts.last_mut() {
            _ if text.is_empty() => {}
            Some(Part::Text(before)) => before.push_str(text),
            Some(Part::Hole(..)) | None => self.parts.push(Part::Text(text.to_owned())),
        }
    }

    pub(crate) fn push(&mut self, opaque: &Opaque) {
        self.cause.get_or_insert(opaque.cause);
        for part in &opaque.parts {
            match part {
                Part::Text(text) => self.push_text(text),
                Part::Hole(name, _) => {
                    self.bytes += name.len();
                    self.parts.push(part.clone());
                }
            }
        }
    }

    /// How many bytes were pushed.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    /// The text, if all of it is known.
    pub(crate) fn finish(self) -> Result<String, Opaque> {
        let Some(cause) = self.cause else {
            let mut parts = self.parts.into_iter();
            return Ok(match parts.next() {
                Some(Part::Text(text)) => text,
                Some(Part::Hole(..)) | None => String::new(),
            });
        };
        Err(Opaque { parts: self.parts, cause })
    }
}

impl Opaque {
    /// A text of which nothing is known but what it is.
    pub(crate) fn hole(cause: Cause, name: &str) -> Self {
        Self { parts: vec![Part::Hole(name.into(), Letters::Given)], cause }
    }

    pub(crate) const fn cause(&self) -> Cause {
        self.cause
    }

    pub(crate) fn bytes(&self) -> usize {
        let bytes = |part: &Part| match part {
            Part::Text(text) => text.len(),
            Part::Hole(name, _) => name.len(),
        };
        self.parts.iter().map(bytes).sum()
    }

    /// The text with names in braces for what is not known.
    pub(crate) fn spelled(&self) -> String {
        self.to_string()
    }

    /// The same with small letters.
    pub(crate) fn lower(&self) -> Self {
        self.with_letters(Letters::Small, str::to_lowercase)
    }

    /// The same with capitals.
    pub(crate) fn upper(&self) -> Self {
        self.with_letters(Letters::Large, str::to_uppercase)
    }

    fn with_letters(&self, letters: Letters, change: fn(&str) -> String) -> Self {
        let part = |part: &Part| match part {
            Part::Text(text) => Part::Text(change(text)),
            Part::Hole(name, _) => Part::Hole(Rc::clone(name), letters),
        };
        Self { parts: self.parts.iter().map(part).collect(), cause: self.cause }
    }

    /// Whether nothing of it is known, and its name can stand in that of another.
    pub(crate) fn is_plain_hole(&self) -> bool {
        matches!(self.parts.as_slice(), [Part::Hole(name, Letters::Given)] if !name.contains('/'))
    }

    /// Whether it is certainly the id of a resource.
    pub(crate) fn is_id(&self) -> bool {
        let begins = |start: &str| {
            let text = self.start().as_bytes();
            text.get(..start.len()).is_some_and(|own| own.eq_ignore_ascii_case(start.as_bytes()))
        };
        begins("/subscriptions/") || begins("/providers/")
    }

    /// What it certainly begins with.
    pub(crate) fn start(&self) -> &str {
        match self.parts.first() {
            Some(Part::Text(text)) => text,
            Some(Part::Hole(..)) | None => "",
        }
    }

    /// What it certainly ends with.
    pub(crate) fn end(&self) -> &str {
        match self.parts.last() {
            Some(Part::Text(text)) => text,
            Some(Part::Hole(..)) | None => "",
        }
    }

    /// The texts that certainly stand in it.
    pub(crate) fn texts(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Text(text) => Some(text.as_str()),
            Part::Hole(..) => None,
        })
    }

    /// Its texts, and between them what is not known.
    pub(crate) fn pieces(&self) -> impl Iterator<Item = Result<&str, Self>> {
        self.parts.iter().map(|part| match part {
            Part::Text(text) => Ok(text.as_str()),
            Part::Hole(..) => Err(Self { parts: vec![part.clone()], cause: self.cause }),
        })
    }

    /// Whether both are the same text; `None` where that is not known.
    pub(crate) fn same(&self, other: &Self) -> Option<bool> {
        if self.parts == other.parts {
            return Some(true);
        }
        let starts = is_start_of_either(self.start(), other.start());
        (!starts || !is_end_of_either(self.end(), other.end())).then_some(false)
    }

    /// Whether it is this text; `None` where that is not known.
    pub(crate) fn is(&self, text: &str) -> Option<bool> {
        let least: usize = self.texts().map(str::len).sum();
        let fits = text.len() >= least && text.starts_with(self.start()) && text.ends_with(self.end());
        (!fits).then_some(false)
    }
}

impl fmt::Display for Opaque {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.parts.iter().try_for_each(|part| match part {
            Part::Text(text) => f.write_str(text),
            Part::Hole(name, _) => write!(f, "{{{name}}}"),
        })
    }
}

fn is_start_of_either(one: &str, other: &str) -> bool {
    one.starts_with(other) || other.starts_with(one)
}

fn is_end_of_either(one: &str, other: &str) -> bool {
    one.ends_with(other) || other.ends_with(one)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(parts: &[Result<&str, &str>]) -> Opaque {
        let mut joined = Joined::default();
        for part in parts {
            match part {
                Ok(text) => joined.push_text(text),
                Err(hole) => joined.push(&Opaque::hole(Cause::Unset, hole)),
            }
        }
        joined.finish().unwrap_err()
    }

    #[test]
    fn equal_parts_are_equal_and_others_are_only_where_their_ends_say_so() {
        let one = joined(&[Ok("vm-"), Err("name"), Ok("-a")]);
        assert_eq!(one.spelled(), "vm-{name}-a");
        assert_eq!(one.same(&joined(&[Ok("v"), Ok("m-"), Err("name"), Ok(""), Ok("-a")])), Some(true));
        assert_eq!(one.same(&joined(&[Ok("vm-"), Err("other"), Ok("-a")])), None);
        assert_eq!(one.same(&joined(&[Ok("vm"), Err("other")])), None);
        assert_eq!(one.same(&joined(&[Ok("db"), Err("name"), Ok("-a")])), Some(false));
        assert_eq!(one.same(&joined(&[Ok("vm-"), Err("name"), Ok("-b")])), Some(false));
        assert_eq!(one.is("vm-x-a"), None);
        assert_eq!(one.is("vm-a"), Some(false));
        assert_eq!(one.is("db-x-a"), Some(false));
        // The letters of what is not known may all be small already.
        assert_eq!(one.lower().same(&one), None);
        assert_eq!(one.upper().spelled(), "VM-{name}-A");
    }

    #[test]
    fn braces_that_people_write_are_no_name_of_something_unknown() {
        let one = joined(&[Ok("{a}"), Err("a")]);
        let other = joined(&[Err("a"), Ok("{a}")]);
        assert_eq!(one.spelled(), other.spelled());
        assert_eq!(one.same(&other), None);
    }
}
