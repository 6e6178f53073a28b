//! When values are equal, and in which order sets have them.

use std::cmp::Ordering;

use super::{Kind, Sequence, Shape, Text, Value};

/// Whether two values are equal; `None` where that is not known.
pub(crate) fn equals(one: &Value<'_>, other: &Value<'_>) -> Option<bool> {
    match (&one.kind, &other.kind) {
        (Kind::Unknown(_), _) | (_, Kind::Unknown(_)) => None,
        (Kind::Null, Kind::Null) => Some(true),
        (Kind::Flag(one), Kind::Flag(other)) => Some(one == other),
        (Kind::Number(one), Kind::Number(other)) => Some(one == other),
        (Kind::Text(one), Kind::Text(other)) => Some(one == other),
        (Kind::Sequence(one), Kind::Sequence(other)) => same_items(one, other),
        (Kind::Object(one), Kind::Object(other)) => {
            if one.is_open() || other.is_open() {
                // What both tell may already differ.
                let mut told = one.entries().iter().filter_map(|(key, value)| Some((value, other.get(key)?)));
                return if told.any(|(value, others)| equals(value, others) == Some(false)) {
                    Some(false)
                } else {
                    None
                };
            }
            let keys = one.entries().len() == other.entries().len()
                && one.entries().iter().zip(other.entries()).all(|((key, _), (others, _))| key == others);
            // A map and an object are of different types, and so never equal.
            if one.is_map() != other.is_map() || !keys {
                return Some(false);
            }
            all(one
                .entries()
                .iter()
                .zip(other.entries())
                .map(|((_, value), (_, others))| equals(value, others)))
        }
        // Values of different types are not equal, be they written alike. Whether an argument of a resource is a string
        // or a number is said by its schema, which nobody here knows: what is written alike is not told apart.
        (Kind::Text(text), Kind::Number(_) | Kind::Flag(_)) => unlike(text, other),
        (Kind::Number(_) | Kind::Flag(_), Kind::Text(text)) => unlike(text, one),
        (
            Kind::Null
            | Kind::Flag(_)
            | Kind::Number(_)
            | Kind::Text(_)
            | Kind::Sequence(_)
            | Kind::Object(_),
            _,
        ) => Some(false),
    }
}

fn unlike(text: &Text<'_>, other: &Value<'_>) -> Option<bool> {
    let is_alike = match &other.kind {
        Kind::Number(_) => Value::text(text.clone())
            .to_number()
            .is_ok_and(|number| other.to_number().is_ok_and(|n| n == number)),
        _ => other.to_text().is_ok_and(|words| words == *text),
    };
    if is_alike { None } else { Some(false) }
}

fn same_items(one: &Sequence<'_>, other: &Sequence<'_>) -> Option<bool> {
    if one.shape() == Shape::Partial || other.shape() == Shape::Partial {
        return None;
    }
    // A tuple and a list are of different types: a list that was declared never equals `[]`.
    if one.shape() != other.shape() {
        return Some(false);
    }
    if one.shape() == Shape::Set && !(one.is_wholly_known() && other.is_wholly_known()) {
        return None;
    }
    if one.items().len() != other.items().len() {
        return Some(false);
    }
    all(one.items().iter().zip(other.items()).map(|(item, others)| equals(item, others)))
}

/// Whether all are true, where one that is false decides and one that is not known leaves it open.
fn all(mut answers: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    answers
        .try_fold(Some(true), |so_far, answer| match answer {
            Some(false) => Err(Some(false)),
            None => Ok(None),
            Some(true) => Ok(so_far),
        })
        .unwrap_or_else(|decided: Option<bool>| decided)
}

/// The order in which sets have their items: numbers and strings as Terraform sorts them; of others one that is the same
/// each time. What is not known comes last.
pub(crate) fn order(one: &Value<'_>, other: &Value<'_>) -> Ordering {
    match (&one.kind, &other.kind) {
        (Kind::Flag(one), Kind::Flag(other)) => one.cmp(other),
        (Kind::Number(one), Kind::Number(other)) => one.cmp(other),
        (Kind::Text(one), Kind::Text(other)) => one.cmp(other),
        (Kind::Sequence(one), Kind::Sequence(other)) => {
            let items = one.items().iter().zip(other.items()).map(|(item, others)| order(item, others));
            items.fold(Ordering::Equal, Ordering::then).then(one.items().len().cmp(&other.items().len()))
        }
        (Kind::Object(one), Kind::Object(other)) => {
            let entries = one.entries().iter().zip(other.entries());
            let entries = entries
                .map(|((key, value), (others, other))| key.cmp(others).then_with(|| order(value, other)));
            entries
                .fold(Ordering::Equal, Ordering::then)
                .then(one.entries().len().cmp(&other.entries().len()))
        }
        (Kind::Unknown(one), Kind::Unknown(other)) => {
            let words =
                |unknown: &cloud::json::Unknown<'_>| (unknown.cause, unknown.text.clone().into_owned());
            words(one).cmp(&words(other))
        }
        (one, other) => rank(one).cmp(&rank(other)),
    }
}

const fn rank(kind: &Kind<'_>) -> u8 {
    match kind {
        Kind::Null => 0,
        Kind::Flag(_) => 1,
        Kind::Number(_) => 2,
        Kind::Text(_) => 3,
        Kind::Sequence(_) => 4,
        Kind::Object(_) => 5,
        Kind::Unknown(_) => 6,
    }
}

/// What one of two values is when it is not known which, for the reason of `why`: what both agree on.
pub(crate) fn chosen<'a>(one: &Value<'a>, other: &Value<'a>, why: &Value<'a>) -> Value<'a> {
    match (&one.kind, &other.kind) {
        (Kind::Unknown(_), _) | (_, Kind::Unknown(_)) => why.because(),
        (Kind::Text(text), Kind::Number(_) | Kind::Flag(_))
            if other.to_text().is_ok_and(|words| words == *text) =>
        {
            one.clone()
        }
        (Kind::Number(_) | Kind::Flag(_), Kind::Text(text))
            if one.to_text().is_ok_and(|words| words == *text) =>
        {
            other.clone()
        }
        (Kind::Object(own), Kind::Object(others)) if !own.is_open() && !others.is_open() => {
            let (own, of_map) = (own.entries(), own.is_map());
            let others_map = others.is_map();
            let others = others.entries();
            if of_map != others_map
                || own.len() != others.len()
                || own.iter().zip(others).any(|((key, _), (other, _))| key != other)
            {
                return why.because();
            }
            let both = own.iter().zip(others);
            let entries = both.map(|((key, value), (_, other))| (key.clone(), chosen(value, other, why)));
            Value::keyed(of_map, entries.collect()).or_at(one.at)
        }
        (Kind::Sequence(own), Kind::Sequence(others))
            if own.shape() == others.shape()
                && matches!(own.shape(), Shape::Tuple | Shape::List)
                && own.items().len() == others.items().len() =>
        {
            let both = own.items().iter().zip(others.items());
            Value::sequence(own.shape(), both.map(|(item, other)| chosen(item, other, why)).collect())
                .or_at(one.at)
        }
        _ if equals(one, other) == Some(true) => one.clone(),
        _ => why.because(),
    }
}
