//! Whether two values are equal, where that is known.

use super::super::value::{Object, Value};

/// Whether both are equal; `None` where that depends on what is not known.
pub(super) fn same(one: &Value<'_>, other: &Value<'_>) -> Option<bool> {
    match (one, other) {
        (Value::Unknown(_), _) | (_, Value::Unknown(_)) => None,
        (Value::Null, Value::Null) => Some(true),
        (Value::Flag(one), Value::Flag(other)) => Some(one == other),
        (Value::Number(one), Value::Number(other)) => Some(one == other),
        (Value::Text(one), Value::Text(other)) => Some(one == other),
        (Value::Opaque(one), Value::Opaque(other)) => one.same(other),
        (Value::Opaque(opaque), Value::Text(text)) | (Value::Text(text), Value::Opaque(opaque)) => {
            opaque.is(text)
        }
        (Value::List(one), Value::List(other)) => {
            if one.len() != other.len() {
                return Some(false);
            }
            all(one.iter().zip(other.iter()).map(|(one, other)| same(one, other)))
        }
        (Value::Object(one), Value::Object(other)) => same_objects(one, other),
        // Whether 1 and 1.0 are equal nobody says.
        (Value::Real(_), Value::Real(_) | Value::Number(_)) | (Value::Number(_), Value::Real(_)) => {
            (as_real(one) != as_real(other)).then_some(false)
        }
        _ => Some(false),
    }
}

/// Letter case of keys does not matter where they are looked up; whether it does here nobody says.
fn same_objects(one: &Object<'_>, other: &Object<'_>) -> Option<bool> {
    let is_open = one.rest.is_some() || other.rest.is_some();
    let has_all =
        |one: &Object<'_>, other: &Object<'_>| one.entries().iter().all(|(key, _)| other.own(key).is_some());
    if !is_open && (!has_all(one, other) || !has_all(other, one)) {
        return Some(false);
    }
    let spelled_alike = |key: &str| other.entries().iter().any(|(own, _)| own == key);
    let values = one.entries().iter().filter_map(|(key, value)| {
        let equal = same(value, other.own(key)?);
        Some(if spelled_alike(key) { equal } else { equal.filter(|equal| !equal) })
    });
    let equal = all(values);
    if is_open { equal.filter(|equal| !equal) } else { equal }
}

/// Whether all of them hold.
pub(super) fn all(answers: impl IntoIterator<Item = Option<bool>>) -> Option<bool> {
    let mut known = Some(true);
    for answer in answers {
        match answer {
            Some(true) => {}
            Some(false) => return Some(false),
            None => known = None,
        }
    }
    known
}

#[expect(
    clippy::cast_precision_loss,
    reason = "numbers of templates are small, and only a difference is told"
)]
fn as_real(value: &Value<'_>) -> Option<f64> {
    match value {
        Value::Number(number) => Some(*number as f64),
        Value::Real(number) => Some(*number),
        _ => None,
    }
}
