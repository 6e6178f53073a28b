//! How many there are of something, and what names mean for each of them: `count`, `for_each`.

use cloud::Presence;
use cloud::json::Cause;
use core::fmt;

use super::Run;
use crate::syntax::Body;
use crate::value::{Kind, Shape, Text, Value};

/// What names mean beside those of the module.
#[derive(Clone, Debug, Default)]
pub(super) struct Names<'a> {
    /// `each.key` and `each.value`.
    pub(super) each: Option<(Value<'a>, Value<'a>)>,
    /// `count.index`.
    pub(super) count: Option<Value<'a>>,
    /// What blocks are made from.
    pub(super) iterators: Vec<(Text<'a>, Value<'a>)>,
}

/// What tells one from the others.
#[derive(Clone, Debug)]
pub(super) enum Key<'a> {
    Index(usize),
    Name(Text<'a>),
}

/// One of those that there are.
#[derive(Clone, Debug)]
pub(super) struct Round<'a> {
    /// `None` where there is one, or where this one stands for all.
    pub(super) key: Option<Key<'a>>,
    pub(super) names: Names<'a>,
    pub(super) presence: Presence,
}

/// How many there are said to be. Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Repeated {
    /// Nothing is said: one.
    Once,
    /// `count`.
    Counted,
    /// `for_each`.
    Keyed,
}

/// All of them.
#[derive(Clone, Debug)]
pub(super) struct Rounds<'a> {
    pub(super) repeated: Repeated,
    pub(super) rounds: Vec<Round<'a>>,
}

impl fmt::Display for Key<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Index(index) => write!(f, "[{index}]"),
            Self::Name(name) => {
                write!(f, "[\"{}\"]", name.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"))
            }
        }
    }
}

impl<'a> Round<'a> {
    fn certain(key: Key<'a>, names: Names<'a>) -> Self {
        Self { key: Some(key), names, presence: Presence::Certain }
    }

    /// The one that stands for all that are not known.
    fn perhaps(names: Names<'a>) -> Self {
        Self { key: None, names, presence: Presence::Perhaps }
    }
}

impl<'m, 'a> Run<'m, 'a> {
    /// How many there are of what this body is of.
    pub(super) fn rounds(&mut self, instance: usize, body: &'m Body<'a>) -> Rounds<'a> {
        if let Some(count) = body.value("count") {
            let count = self.evaluate(instance, &Names::default(), count);
            return Rounds { repeated: Repeated::Counted, rounds: counted(&count) };
        }
        if let Some(each) = body.value("for_each") {
            let each = self.evaluate(instance, &Names::default(), each);
            return Rounds { repeated: Repeated::Keyed, rounds: keyed(&each) };
        }
        let once = Round { key: None, names: Names::default(), presence: Presence::Certain };
        Rounds { repeated: Repeated::Once, rounds: vec![once] }
    }
}

fn counted<'a>(count: &Value<'a>) -> Vec<Round<'a>> {
    let known = count.as_integer().or_else(|| count.as_text()?.trim().parse().ok());
    let index = |index: Value<'a>| Names { count: Some(index), ..Names::default() };
    match known.map(usize::try_from) {
        Some(Ok(count)) if count <= ROUNDS_MAX => {
            (0..count).map(|number| Round::certain(Key::Index(number), index(Value::count(number)))).collect()
        }
        Some(Ok(_)) => vec![Round::perhaps(index(Value::unknown(Cause::TooLarge, "count.index")))],
        Some(Err(_)) | None => vec![Round::perhaps(index(Value::unknown(why(count), "count.index")))],
    }
}

fn keyed<'a>(each: &Value<'a>) -> Vec<Round<'a>> {
    let unknown = |cause: Cause| {
        let key = Value::unknown(cause, "each.key");
        let each = Some((key, Value::unknown(cause, "each.value")));
        Round::perhaps(Names { each, ..Names::default() })
    };
    let round = |key: &Text<'a>, value: &Value<'a>| {
        let each = Some((Value::text(key.clone()), value.clone()));
        Round::certain(Key::Name(key.clone()), Names { each, ..Names::default() })
    };
    let mut rounds = Vec::new();
    match &each.kind {
        Kind::Object(object) if object.entries().len() > ROUNDS_MAX => return vec![unknown(Cause::TooLarge)],
        Kind::Object(object) => {
            rounds.extend(object.entries().iter().map(|(key, value)| round(key, value)));
            rounds.extend(object.is_open().then(|| unknown(Cause::Computed)));
        }
        Kind::Sequence(sequence) if sequence.items().len() > ROUNDS_MAX => {
            return vec![unknown(Cause::TooLarge)];
        }
        Kind::Sequence(sequence) if matches!(sequence.shape(), Shape::Set | Shape::Partial) => {
            let items = sequence.items();
            rounds.extend(items.iter().filter_map(|item| Some(round(item.as_text()?, item))));
            let other = items.iter().find(|item| item.as_text().is_none());
            rounds.extend(other.map(|other| unknown(why(other))));
        }
        Kind::Null
        | Kind::Flag(_)
        | Kind::Number(_)
        | Kind::Text(_)
        | Kind::Sequence(_)
        | Kind::Unknown(_) => {
            rounds.push(unknown(why(each)));
        }
    }
    rounds
}

/// Why a value is not what is asked for.
pub(super) fn why(value: &Value<'_>) -> Cause {
    value.as_unknown().map_or(Cause::Wrong, |unknown| unknown.cause)
}

/// How many there may be of one thing.
pub(super) const ROUNDS_MAX: usize = 10_000;
