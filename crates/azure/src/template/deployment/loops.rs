//! Loops: the turns around something, the lists that they make in an object, and what a key of those comes to.

use std::borrow::Cow;
use std::rc::Rc;

use cloud::json::Cause;

use super::super::value::Value;

/// The loops around something, the innermost first.
pub(super) type Loops = Option<Rc<Loop>>;

/// One turn of a loop.
#[derive(Debug)]
pub(super) struct Loop {
    pub(super) name: String,
    /// Which turn it is; `None` where it is not known how many there are: this one stands for all.
    pub(super) index: Option<i64>,
    pub(super) outer: Loops,
}

/// Loops with one more inside.
pub(super) fn within(outer: &Loops, name: &str, index: Option<i64>) -> Loops {
    Some(Rc::new(Loop { name: name.to_owned(), index, outer: outer.clone() }))
}

/// How often a loop turns. Complete.
pub(super) enum Turns<'a> {
    Known(i64),
    /// Why that is not known.
    Unknown(Value<'a>),
}

/// The loops that a key of an object writes.
pub(super) fn copies<'v, 'a>(key: &str, written: &'v Value<'a>) -> Option<&'v [Value<'a>]> {
    let copies = written.as_list().filter(|copies| !copies.is_empty() && key.eq_ignore_ascii_case("copy"))?;
    copies.iter().any(|copy| copy.own("count").is_some() && copy.own("name").is_some()).then_some(copies)
}

/// What a loop makes and something else says too is not known: Azure takes no such template.
pub(super) fn contradict<'a>(copied: &[Cow<'a, str>], entries: &mut [(Cow<'a, str>, Value<'a>)]) {
    for name in copied {
        let is_it = |key: &str| key.eq_ignore_ascii_case(name);
        if entries.iter().filter(|(key, _)| is_it(key)).count() < 2 {
            continue;
        }
        for (_, value) in entries.iter_mut().filter(|(key, _)| is_it(key)) {
            *value = Value::unknown(Cause::Wrong, format!("`{name}`, which a loop makes too"));
        }
    }
}

/// The key that an expression comes to; else why it is not known.
pub(super) fn known_key<'a>(value: Value<'a>) -> Result<Cow<'a, str>, Cause> {
    match value {
        Value::Text(text) => Ok(text),
        Value::Number(number) => Ok(Cow::Owned(number.to_string())),
        // It has the form of an id: no key that a reader asks for.
        Value::Opaque(opaque) if opaque.is_id() => Ok(Cow::Owned(opaque.spelled())),
        Value::Opaque(opaque) => Err(opaque.cause()),
        Value::Unknown(unknown) => Err(unknown.cause),
        Value::Null | Value::Flag(_) | Value::Real(_) | Value::List(_) | Value::Object(_) => {
            Err(Cause::Wrong)
        }
    }
}

/// Azure refuses more than 800; a bound against bombs.
pub(super) const TURNS_MAX: i64 = 10_000;
