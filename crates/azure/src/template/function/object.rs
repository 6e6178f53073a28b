//! Objects, and steps into values.

use std::borrow::Cow;

use super::same::same;
use super::{Answer, Stop, first_unknown, list_of, object_of, text_of};
use crate::template::value::{Object, Value};

/// `value.name`.
pub(crate) fn property<'a>(value: &Value<'a>, name: &str, is_safe: bool) -> Answer<'a> {
    let Value::Object(object) = value else { return Err(Stop::wrong("it is no object")) };
    match (object.own(name), object.rest) {
        (Some(value), _) => Ok(value.clone()),
        (None, Some(cause)) => Err(Stop::Because(cause)),
        (None, None) if is_safe => Ok(Value::Null),
        (None, None) => Err(Stop::wrong("the object has no such property")),
    }
}

/// `value[index]`.
pub(crate) fn element<'a>(value: &Value<'a>, index: &Value<'a>, is_safe: bool) -> Answer<'a> {
    match (value, index) {
        (Value::Unknown(unknown), _) | (_, Value::Unknown(unknown)) => Err(Stop::Unknown(unknown.clone())),
        (Value::List(items), Value::Number(index)) => {
            match usize::try_from(*index).ok().and_then(|index| items.get(index)) {
                Some(item) => Ok(item.clone()),
                None if is_safe => Ok(Value::Null),
                None => Err(Stop::wrong("the array has no such item")),
            }
        }
        (Value::Object(_), key) => property(value, text_of(key)?, is_safe),
        _ => Err(Stop::wrong("it has no such item")),
    }
}

/// What several steps come to, null where one of them leads nowhere.
pub(super) fn try_get<'a>(values: &[Value<'a>]) -> Answer<'a> {
    let [value, steps @ ..] = values else { return Err(Stop::Unsupported) };
    let mut value = value.clone();
    for step in steps {
        match value {
            Value::Null => return Ok(Value::Null),
            Value::Unknown(_) => return Ok(value),
            _ => value = element(&value, step, true)?,
        }
    }
    Ok(value)
}

pub(super) fn create_object<'a>(values: &[Value<'a>]) -> Answer<'a> {
    let mut entries: Vec<(Cow<'a, str>, Value<'a>)> = Vec::with_capacity(values.len() / 2);
    for pair in values.chunks(2) {
        let [key, value] = pair else { return Err(Stop::wrong("a value for each key is expected")) };
        put(&mut entries, key_of(key)?, value.clone());
    }
    Ok(Value::object(entries, None))
}

/// A key that is known: of an object with another nothing is known.
pub(super) fn key_of<'a>(key: &Value<'a>) -> Result<Cow<'a, str>, Stop<'a>> {
    match key {
        Value::Text(key) => Ok(key.clone()),
        Value::Opaque(opaque) => Err(Stop::Because(opaque.cause())),
        Value::Unknown(unknown) => Err(Stop::Unknown(unknown.clone())),
        _ => Err(Stop::wrong("a text is expected as key")),
    }
}

/// Gives a key its value, where it stands first.
pub(super) fn put<'a>(entries: &mut Vec<(Cow<'a, str>, Value<'a>)>, key: Cow<'a, str>, value: Value<'a>) {
    match entries.iter_mut().find(|(own, _)| own.eq_ignore_ascii_case(&key)) {
        Some((_, known)) => *known = value,
        None => entries.push((key, value)),
    }
}

/// Its entries as a list, in the order of their keys.
pub(super) fn items<'a>(values: &[Value<'a>]) -> Answer<'a> {
    let [object] = values else { return Err(Stop::Unsupported) };
    let object = object_of(object)?;
    let items = sorted(object).into_iter().map(|(key, value)| {
        let entries =
            vec![(Cow::Borrowed("key"), Value::Text(key.clone())), (Cow::Borrowed("value"), value.clone())];
        // Where the entry is written is where its value is.
        let at = value.as_object().and_then(|object| object.at).or(object.at);
        Value::object(entries, at)
    });
    Ok(Value::list(items.collect()))
}

pub(super) fn keys<'a>(values: &[Value<'a>]) -> Answer<'a> {
    let [object] = values else { return Err(Stop::Unsupported) };
    let keys = sorted(object_of(object)?).into_iter().map(|(key, _)| Value::Text(key.clone()));
    Ok(Value::list(keys.collect()))
}

fn sorted<'v, 'a>(object: &'v Object<'a>) -> Vec<&'v (Cow<'a, str>, Value<'a>)> {
    let mut entries = object.distinct();
    entries.sort_by_key(|(key, _)| key.to_lowercase());
    entries
}

/// The entries of all, the later ones counting; objects in them are merged likewise.
pub(super) fn union<'a>(values: &[Value<'a>]) -> Answer<'a> {
    let mut merged = Vec::new();
    let mut at = None;
    for value in values {
        let object = object_of(value)?;
        at = at.or(object.at);
        for (key, value) in object.distinct() {
            let before =
                merged.iter().find(|(own, _): &&(Cow<'a, str>, Value<'a>)| own.eq_ignore_ascii_case(key));
            let value = match (before.map(|(_, before)| before), value) {
                (Some(before @ Value::Object(_)), Value::Object(_)) => {
                    union(&[before.clone(), value.clone()])?
                }
                // What is not known may be an object, of which more stays.
                (Some(Value::Unknown(unknown)), Value::Object(_)) => Value::Unknown(unknown.clone()),
                _ => value.clone(),
            };
            put(&mut merged, key.clone(), value);
        }
    }
    Ok(Value::object(merged, at))
}

/// The entries of the first that all others have.
pub(super) fn intersection<'a>(values: &[Value<'a>]) -> Answer<'a> {
    let [first, others @ ..] = values else { return Err(Stop::Unsupported) };
    let first = object_of(first)?;
    let mut entries = Vec::new();
    for (key, value) in first.distinct() {
        let mut is_common = true;
        for other in others {
            is_common &= match object_of(other)?.own(key) {
                Some(other) => same(value, other).ok_or_else(|| first_unknown(values))?,
                None => false,
            };
        }
        if is_common {
            entries.push((key.clone(), value.clone()));
        }
    }
    Ok(Value::object(entries, first.at))
}

/// The entries of all objects of a list, the later ones counting.
pub(super) fn shallow_merge<'a>(values: &[Value<'a>]) -> Answer<'a> {
    let [objects] = values else { return Err(Stop::Unsupported) };
    let mut merged = Vec::new();
    let mut at = None;
    for object in list_of(objects)? {
        if let Value::Unknown(unknown) = object {
            return Err(Stop::Unknown(unknown.clone()));
        }
        let object = object_of(object)?;
        at = at.or(object.at);
        for (key, value) in object.distinct() {
            put(&mut merged, key.clone(), value.clone());
        }
    }
    Ok(Value::object(merged, at))
}
