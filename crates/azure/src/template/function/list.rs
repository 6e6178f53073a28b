//! Lists; and texts, where they are taken as lists of characters.

use std::borrow::Cow;

use super::same::same;
use super::text::joined;
use super::{Answer, Stop, first_unknown, list_of, number_of, object_of, text_of, unknown_in};
use crate::template::value::Value;

pub(super) fn array<'a>(values: &[Value<'a>]) -> Answer<'a> {
    match values {
        [list @ Value::List(_)] => Ok(list.clone()),
        // It may be a list already.
        [Value::Unknown(unknown)] => Err(Stop::Unknown(unknown.clone())),
        [value] => Ok(Value::list(vec![value.clone()])),
        _ => Err(Stop::Unsupported),
    }
}

pub(super) fn create_array<'a>(values: &[Value<'a>]) -> Answer<'a> {
    Ok(Value::list(values.to_vec()))
}

/// Lists behind each other, or texts.
pub(super) fn concat<'a>(values: &[Value<'a>]) -> Answer<'a> {
    let Some(Value::List(_)) = values.first() else { return joined(values, "") };
    let mut items = Vec::new();
    for value in values {
        items.extend_from_slice(list_of(value)?);
    }
    Ok(Value::list(items))
}

pub(super) fn contains<'a>(values: &[Value<'a>]) -> Answer<'a> {
    let [container, wanted] = values else { return Err(Stop::Unsupported) };
    match container {
        Value::List(items) => {
            let answers = items.iter().map(|item| same(item, wanted));
            let found = super::same::all(answers.map(|answer| answer.map(|equal| !equal))).map(|none| !none);
            found
                .map(Value::Flag)
                .ok_or_else(|| unknown_in(container).unwrap_or_else(|| first_unknown(values)))
        }
        Value::Object(object) => {
            let key = word(wanted)?;
            match object.rest {
                _ if object.own(&key).is_some() => Ok(Value::Flag(true)),
                Some(cause) => Err(Stop::Because(cause)),
                None => Ok(Value::Flag(false)),
            }
        }
        Value::Opaque(opaque) => {
            let part = word(wanted)?;
            let has = part.is_empty() || opaque.texts().any(|text| text.contains(&*part));
            if has { Ok(Value::Flag(true)) } else { Err(Stop::Opaque(opaque.clone())) }
        }
        text => Ok(Value::Flag(text_of(text)?.contains(&*word(wanted)?))),
    }
}

/// A text, or the digits of a number.
fn word<'v>(value: &'v Value<'_>) -> Result<Cow<'v, str>, Stop<'static>> {
    match value {
        Value::Number(number) => Ok(Cow::Owned(number.to_string())),
        text => text_of(text).map(Cow::Borrowed),
    }
}

pub(super) fn empty<'a>(values: &[Value<'a>]) -> Answer<'a> {
    let [value] = values else { return Err(Stop::Unsupported) };
    let is_empty = match value {
        Value::Null => true,
        Value::List(items) => items.is_empty(),
        Value::Object(object) => match object.rest {
            _ if !object.entries().is_empty() => false,
            Some(cause) => return Err(Stop::Because(cause)),
            None => true,
        },
        // A text of which a part is known is not empty.
        Value::Opaque(opaque) if opaque.texts().next().is_some() => false,
        text => text_of(text)?.is_empty(),
    };
    Ok(Value::Flag(is_empty))
}

pub(super) fn length<'a>(values: &[Value<'a>]) -> Answer<'a> {
    let [value] = values else { return Err(Stop::Unsupported) };
    let length = match value {
        Value::List(items) => items.len(),
        Value::Object(_) => object_of(value)?.distinct().len(),
        // Characters are counted as .NET does.
        text => text_of(text)?.encode_utf16().count(),
    };
    i64::try_from(length).map(Value::Number).map_err(|_| Stop::TooLarge)
}

pub(super) fn first<'a>(values: &[Value<'a>]) -> Answer<'a> {
    ended(values, <[Value<'_>]>::first, |text| text.chars().next())
}

pub(super) fn last<'a>(values: &[Value<'a>]) -> Answer<'a> {
    ended(values, <[Value<'_>]>::last, |text| text.chars().next_back())
}

fn ended<'a>(
    values: &[Value<'a>],
    item: for<'v> fn(&'v [Value<'a>]) -> Option<&'v Value<'a>>,
    character: fn(&str) -> Option<char>,
) -> Answer<'a> {
    match values {
        // What stands at the end of nothing the documentation does not say.
        [Value::List(items)] => item(items).cloned().ok_or(Stop::Unsupported),
        [text] => {
            let found = character(text_of(text)?).map(|character| character.to_string());
            Ok(Value::text(found.unwrap_or_default()))
        }
        _ => Err(Stop::Unsupported),
    }
}

pub(super) fn skip<'a>(values: &[Value<'a>]) -> Answer<'a> {
    cut(values, |items, count| items.get(count..).unwrap_or_default())
}

pub(super) fn take<'a>(values: &[Value<'a>]) -> Answer<'a> {
    cut(values, |items, count| items.get(..count).unwrap_or(items))
}

fn cut<'a>(values: &[Value<'a>], part: for<'v> fn(&'v [Value<'a>], usize) -> &'v [Value<'a>]) -> Answer<'a> {
    let [from, count] = values else { return Err(Stop::Unsupported) };
    let count = usize::try_from(number_of(count)?).unwrap_or(0);
    if let Value::List(items) = from {
        return Ok(Value::list(part(items, count).to_vec()));
    }
    let characters: Vec<Value<'a>> =
        text_of(from)?.chars().map(|character| Value::text(character.to_string())).collect();
    let kept = part(&characters, count).iter().filter_map(Value::as_text);
    Ok(Value::text(kept.collect::<String>()))
}

pub(super) fn index_of<'a>(values: &[Value<'a>]) -> Answer<'a> {
    found(values, false)
}

pub(super) fn last_index_of<'a>(values: &[Value<'a>]) -> Answer<'a> {
    found(values, true)
}

/// Where something stands, or -1. In texts letter case does not matter.
fn found<'a>(values: &[Value<'a>], is_last: bool) -> Answer<'a> {
    let [within, wanted] = values else { return Err(Stop::Unsupported) };
    let position = if let Value::List(items) = within {
        let mut answers: Vec<(usize, Option<bool>)> =
            items.iter().map(|item| same(item, wanted)).enumerate().collect();
        if is_last {
            answers.reverse();
        }
        match answers.into_iter().find(|(_, answer)| *answer != Some(false)) {
            Some((position, Some(_))) => Some(position),
            Some((_, None)) => return Err(first_unknown(values)),
            None => None,
        }
    } else {
        let (within, wanted) = (text_of(within)?, text_of(wanted)?);
        // How other letters are folded is not the same everywhere.
        if !within.is_ascii() || !wanted.is_ascii() || wanted.is_empty() {
            return Err(Stop::Unsupported);
        }
        let (within, wanted) = (within.to_ascii_lowercase(), wanted.to_ascii_lowercase());
        if is_last { within.rfind(&wanted) } else { within.find(&wanted) }
    };
    Ok(Value::Number(position.and_then(|position| i64::try_from(position).ok()).unwrap_or(-1)))
}

pub(super) fn index_from_end<'a>(values: &[Value<'a>]) -> Answer<'a> {
    from_end(values)?.ok_or(Stop::wrong("the array has no such item"))
}

pub(super) fn try_index_from_end<'a>(values: &[Value<'a>]) -> Answer<'a> {
    from_end(values).map(|item| item.unwrap_or(Value::Null))
}

/// The last item has number 1.
fn from_end<'a>(values: &[Value<'a>]) -> Result<Option<Value<'a>>, Stop<'a>> {
    let [list, index] = values else { return Err(Stop::Unsupported) };
    let (items, index) = (list_of(list)?, number_of(index)?);
    let index = usize::try_from(index).ok().and_then(|index| items.len().checked_sub(index));
    Ok(index.and_then(|index| items.get(index)).cloned())
}

pub(super) fn flatten<'a>(values: &[Value<'a>]) -> Answer<'a> {
    let [lists] = values else { return Err(Stop::Unsupported) };
    let mut items = Vec::new();
    for list in list_of(lists)? {
        match list {
            Value::Unknown(unknown) => return Err(Stop::Unknown(unknown.clone())),
            list => items.extend_from_slice(list_of(list)?),
        }
    }
    Ok(Value::list(items))
}

pub(super) fn zip<'a>(values: &[Value<'a>]) -> Answer<'a> {
    let [one, other] = values else { return Err(Stop::Unsupported) };
    let pairs = list_of(one)?.iter().zip(list_of(other)?);
    Ok(Value::list(pairs.map(|(one, other)| Value::list(vec![one.clone(), other.clone()])).collect()))
}

/// Each item once, where it stands first; objects are merged.
pub(super) fn union<'a>(values: &[Value<'a>]) -> Answer<'a> {
    if let Some(Value::Object(_)) = values.first() {
        return super::object::union(values);
    }
    let mut items: Vec<Value<'a>> = Vec::new();
    for value in values {
        for item in list_of(value)? {
            if !is_among(item, &items).ok_or_else(|| first_unknown(values))? {
                items.push(item.clone());
            }
        }
    }
    Ok(Value::list(items))
}

/// The items of the first that all others have.
pub(super) fn intersection<'a>(values: &[Value<'a>]) -> Answer<'a> {
    let [first, others @ ..] = values else { return Err(Stop::Unsupported) };
    if let Value::Object(_) = first {
        return super::object::intersection(values);
    }
    let mut items: Vec<Value<'a>> = Vec::new();
    for item in list_of(first)? {
        let mut is_common = !is_among(item, &items).ok_or_else(|| first_unknown(values))?;
        for other in others {
            is_common &= is_among(item, list_of(other)?).ok_or_else(|| first_unknown(values))?;
        }
        if is_common {
            items.push(item.clone());
        }
    }
    Ok(Value::list(items))
}

/// Whether an item is one of these; `None` where that is not known.
fn is_among(item: &Value<'_>, items: &[Value<'_>]) -> Option<bool> {
    let mut known = Some(false);
    for other in items {
        match same(item, other) {
            Some(true) => return Some(true),
            Some(false) => {}
            None => known = None,
        }
    }
    known
}
