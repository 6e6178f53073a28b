//! Texts.

use std::borrow::Cow;
use std::rc::Rc;

use cloud::json::Cause;

use super::{Answer, Stop, list_of, number_of, text_of};
use crate::template::opaque::{Joined, Opaque};
use crate::template::value::{TEXT_BYTES_MAX, Value};

/// Values as texts, one behind the other; opaque ones stay what they are.
pub(super) fn joined<'a>(values: &[Value<'a>], between: &str) -> Answer<'a> {
    let mut text = Joined::default();
    for (position, value) in values.iter().enumerate() {
        if position > 0 {
            text.push_text(between);
        }
        push(&mut text, value)?;
        if text.bytes() > TEXT_BYTES_MAX {
            return Err(Stop::TooLarge);
        }
    }
    Ok(finished(text))
}

pub(super) fn finished<'a>(text: Joined) -> Value<'a> {
    match text.finish() {
        Ok(text) => Value::text(text),
        Err(opaque) => Value::Opaque(Rc::new(opaque)),
    }
}

pub(super) fn push<'a>(text: &mut Joined, value: &Value<'a>) -> Result<(), Stop<'a>> {
    match value {
        Value::Opaque(opaque) => text.push(opaque),
        Value::Unknown(unknown) => return Err(Stop::Unknown(unknown.clone())),
        value => text.push_text(&word(value)?),
    }
    Ok(())
}

/// A value as .NET writes it.
pub(super) fn word<'v>(value: &'v Value<'_>) -> Result<Cow<'v, str>, Stop<'static>> {
    match value {
        Value::Text(text) => Ok(Cow::Borrowed(text)),
        Value::Number(number) => Ok(Cow::Owned(number.to_string())),
        Value::Flag(true) => Ok(Cow::Borrowed("True")),
        Value::Flag(false) => Ok(Cow::Borrowed("False")),
        Value::Null | Value::Real(_) => Err(Stop::Unsupported),
        Value::Opaque(opaque) => Err(Stop::Opaque(Rc::clone(opaque))),
        Value::List(_) | Value::Object(_) | Value::Unknown(_) => Err(Stop::wrong("a text is expected")),
    }
}

pub(super) fn join<'a>(values: &[Value<'a>]) -> Answer<'a> {
    let [items, between] = values else { return Err(Stop::Unsupported) };
    joined(list_of(items)?, text_of(between)?)
}

pub(super) fn string<'a>(values: &[Value<'a>]) -> Answer<'a> {
    match values {
        [value @ (Value::Text(_) | Value::Opaque(_))] => Ok(value.clone()),
        [value @ (Value::List(_) | Value::Object(_))] => super::encoding::written(value).map(Value::text),
        [value] => Ok(Value::text(word(value)?.into_owned())),
        _ => Err(Stop::Unsupported),
    }
}

pub(super) fn starts_with<'a>(values: &[Value<'a>]) -> Answer<'a> {
    at_end(values, Opaque::start, |text, end| text.get(..end.len()))
}

pub(super) fn ends_with<'a>(values: &[Value<'a>]) -> Answer<'a> {
    at_end(values, Opaque::end, |text, end| text.get(text.len().checked_sub(end.len())?..))
}

/// Whether a text has another at one end. Letter case does not matter.
fn at_end<'a>(
    values: &[Value<'a>],
    known: fn(&Opaque) -> &str,
    part: for<'v> fn(&'v str, &str) -> Option<&'v str>,
) -> Answer<'a> {
    let [text, wanted] = values else { return Err(Stop::Unsupported) };
    let wanted = text_of(wanted)?;
    let has = |text: &str| part(text, wanted).is_some_and(|part| part.eq_ignore_ascii_case(wanted));
    if let Value::Opaque(opaque) = text {
        let known = known(opaque);
        return match part(known, wanted) {
            Some(_) if known.is_ascii() && wanted.is_ascii() => Ok(Value::Flag(has(known))),
            _ => Err(Stop::Opaque(Rc::clone(opaque))),
        };
    }
    let text = text_of(text)?;
    // How other letters are folded is not the same everywhere.
    if has(text) || (text.is_ascii() && wanted.is_ascii()) {
        Ok(Value::Flag(has(text)))
    } else {
        Err(Stop::Unsupported)
    }
}

pub(super) fn to_lower<'a>(values: &[Value<'a>]) -> Answer<'a> {
    match values {
        [Value::Opaque(opaque)] => Ok(Value::Opaque(Rc::new(opaque.lower()))),
        [text] => Ok(Value::text(text_of(text)?.to_lowercase())),
        _ => Err(Stop::Unsupported),
    }
}

pub(super) fn to_upper<'a>(values: &[Value<'a>]) -> Answer<'a> {
    match values {
        [Value::Opaque(opaque)] => Ok(Value::Opaque(Rc::new(opaque.upper()))),
        [text] => Ok(Value::text(text_of(text)?.to_uppercase())),
        _ => Err(Stop::Unsupported),
    }
}

pub(super) fn trim<'a>(values: &[Value<'a>]) -> Answer<'a> {
    let [text] = values else { return Err(Stop::Unsupported) };
    Ok(Value::text(text_of(text)?.trim().to_owned()))
}

pub(super) fn replace<'a>(values: &[Value<'a>]) -> Answer<'a> {
    let [text, old, new] = values else { return Err(Stop::Unsupported) };
    let (text, old, new) = (text_of(text)?, text_of(old)?, text_of(new)?);
    if old.is_empty() {
        return Err(Stop::wrong("a text that is replaced is expected"));
    }
    let length = text.len().saturating_add(text.matches(old).count().saturating_mul(new.len()));
    if length > 2 * TEXT_BYTES_MAX {
        return Err(Stop::TooLarge);
    }
    Ok(Value::text(text.replace(old, new)))
}

pub(super) fn substring<'a>(values: &[Value<'a>]) -> Answer<'a> {
    let [text, start, length @ ..] = values else { return Err(Stop::Unsupported) };
    let start = usize::try_from(number_of(start)?).map_err(|_| Stop::wrong("a start is expected"))?;
    let length = match length {
        [length] => {
            Some(usize::try_from(number_of(length)?).map_err(|_| Stop::wrong("a length is expected"))?)
        }
        _ => None,
    };
    let characters: Vec<char> = text_of(text)?.chars().collect();
    let end = length.map_or(Some(characters.len()), |length| start.checked_add(length));
    let part = end.and_then(|end| characters.get(start..end)).ok_or(Stop::wrong("the text is shorter"))?;
    Ok(Value::text(part.iter().collect::<String>()))
}

pub(super) fn pad_left<'a>(values: &[Value<'a>]) -> Answer<'a> {
    let [value, width, filler @ ..] = values else { return Err(Stop::Unsupported) };
    let width = usize::try_from(number_of(width)?).map_err(|_| Stop::wrong("a width is expected"))?;
    if width > TEXT_BYTES_MAX {
        return Err(Stop::TooLarge);
    }
    let filler = match filler {
        [filler] => match text_of(filler)?.chars().collect::<Vec<_>>().as_slice() {
            [filler] => *filler,
            _ => return Err(Stop::wrong("one character is expected")),
        },
        _ => ' ',
    };
    let word = match value {
        Value::Text(_) | Value::Number(_) | Value::Opaque(_) => word(value)?,
        _ => return Err(Stop::wrong("a text or a number is expected")),
    };
    let missing = width.saturating_sub(word.encode_utf16().count());
    let padding = core::iter::repeat_n(filler, missing);
    Ok(Value::text(padding.chain(word.chars()).collect::<String>()))
}

/// The parts between one text or any of several.
pub(super) fn split<'a>(values: &[Value<'a>]) -> Answer<'a> {
    let [text, between] = values else { return Err(Stop::Unsupported) };
    let between: Vec<&str> = match between {
        Value::List(items) => items
            .iter()
            .map(|item| match item {
                Value::Unknown(unknown) => Err(Stop::Unknown(unknown.clone())),
                item => Ok(text_of(item)?),
            })
            .collect::<Result<_, Stop<'a>>>()?,
        text => vec![text_of(text)?],
    };
    if let (Value::Opaque(opaque), ["/"]) = (text, between.as_slice()) {
        return split_path(opaque);
    }
    let mut rest = text_of(text)?;
    let mut parts = Vec::new();
    // Where several begin at one place, the first of them counts.
    while let Some((at, found)) = between
        .iter()
        .filter(|between| !between.is_empty())
        .filter_map(|between| Some((rest.find(between)?, *between)))
        .min_by_key(|(at, _)| *at)
    {
        parts.push(Value::text(rest.get(..at).unwrap_or_default().to_owned()));
        rest = rest.get(at + found.len()..).unwrap_or_default();
    }
    parts.push(Value::text(rest.to_owned()));
    Ok(Value::list(parts))
}

/// The parts of an id or a path. Names of Azure have no slash: where one is put beside a slash, it is one part.
fn split_path<'a>(path: &Rc<Opaque>) -> Answer<'a> {
    if !path.texts().any(|text| text.contains('/')) {
        return Err(Stop::Opaque(Rc::clone(path)));
    }
    let mut parts = Vec::new();
    let mut part = Joined::default();
    for piece in path.pieces() {
        match piece {
            Err(hole) => part.push(&hole),
            Ok(text) => {
                for (position, text) in text.split('/').enumerate() {
                    if position > 0 {
                        parts.push(finished(core::mem::take(&mut part)));
                    }
                    part.push_text(text);
                }
            }
        }
    }
    parts.push(finished(part));
    Ok(Value::list(parts))
}

/// Thirteen characters that are the same for the same arguments; which ones only Resource Manager knows.
pub(super) fn unique_string<'a>(_: &[Value<'a>]) -> Answer<'a> {
    Err(Stop::Opaque(Rc::new(Opaque::hole(Cause::Computed, "uniqueString"))))
}

/// An id that is the same for the same arguments.
pub(super) fn guid<'a>(values: &[Value<'a>]) -> Answer<'a> {
    unique_string(values)
}
