//! Functions that look into lists and maps, and make maps.

use super::uncounted;
use crate::expression::Budget;
use crate::value::{Fault, Kind, Sequence, Shape, Text, Value, Wanted, equals, of_one_type};

type Made<'a> = Wanted<'a, Value<'a>>;

fn one_of<'v, 'a>(values: &'v [Value<'a>]) -> Wanted<'a, &'v Value<'a>> {
    let [value] = values else { return uncounted() };
    Ok(value)
}

pub(super) fn contains<'a>(values: &[Value<'a>], budget: &mut Budget) -> Made<'a> {
    let [list, wanted] = values else { return uncounted() };
    let items = list.to_items()?;
    if !budget.spend(items.len()) {
        return Err(Fault::TooLarge);
    }
    let mut is_certain = true;
    for item in items {
        match equals(item, wanted) {
            Some(true) => return Ok(Value::flag(true)),
            Some(false) => {}
            None => is_certain = false,
        }
    }
    let is_certain =
        is_certain && (list.as_sequence().is_some_and(Sequence::is_counted) || list.is_wholly_known());
    if is_certain {
        return Ok(Value::flag(false));
    }
    let unknown = wanted.first_unknown().or_else(|| list.first_unknown());
    Err(unknown.map_or(Fault::Unsupported("values of two types"), Fault::Unknown))
}

/// The members of a list, over and over again.
pub(super) fn element<'a>(values: &[Value<'a>], _: &mut Budget) -> Made<'a> {
    let [list, position] = values else { return uncounted() };
    if let Some(item) = list.as_sequence().and_then(Sequence::stand_in) {
        return Ok(item.clone());
    }
    if list.as_sequence().is_some_and(|sequence| sequence.shape() == Shape::Set) {
        return list.not("a list");
    }
    let (items, position) = (list.to_counted()?, position.to_integer()?);
    if position < 0 {
        // Later versions count from the end.
        return Err(Fault::Unsupported("a position from the end"));
    }
    let count = i128::try_from(items.len()).unwrap_or(i128::MAX);
    let position = position.checked_rem(count).and_then(|position| usize::try_from(position).ok());
    position
        .and_then(|position| items.get(position).cloned())
        .ok_or_else(|| Fault::Wrong("an empty list has no member".to_owned()))
}

pub(super) fn index_of<'a>(values: &[Value<'a>], _: &mut Budget) -> Made<'a> {
    let [list, wanted] = values else { return uncounted() };
    for (position, item) in list.to_counted()?.iter().enumerate() {
        match equals(item, wanted) {
            Some(true) => return Ok(Value::count(position)),
            Some(false) => {}
            None => {
                let unknown = item.first_unknown().or_else(|| wanted.first_unknown());
                return Err(unknown.map_or(Fault::Unsupported("values of two types"), Fault::Unknown));
            }
        }
    }
    Err(Fault::Wrong("it is no member of the list".to_owned()))
}

pub(super) fn keys<'a>(values: &[Value<'a>], _: &mut Budget) -> Made<'a> {
    let map = one_of(values)?;
    let keys =
        map.to_entries()?.iter().map(|(key, value)| Value::text(key.clone()).with_at(value.at)).collect();
    Ok(if map.as_object().is_some_and(crate::value::Object::is_map) {
        Value::list(keys)
    } else {
        Value::tuple(keys)
    })
}

pub(super) fn length<'a>(values: &[Value<'a>], _: &mut Budget) -> Made<'a> {
    let value = one_of(values)?;
    match &value.kind {
        Kind::Text(text) => Ok(Value::count(super::text::letters(text)?.len())),
        Kind::Object(_) => Ok(Value::count(value.to_entries()?.len())),
        Kind::Sequence(_) => Ok(Value::count(value.to_counted()?.len())),
        Kind::Null | Kind::Flag(_) | Kind::Number(_) | Kind::Unknown(_) => {
            value.not("a list, a map or a string")
        }
    }
}

pub(super) fn lookup<'a>(values: &[Value<'a>], _: &mut Budget) -> Made<'a> {
    let Some((map, [key, default @ ..])) = values.split_first() else { return uncounted() };
    let Kind::Object(object) = &map.kind else { return map.not("a map") };
    let key = key.to_text()?;
    let is_text =
        object.is_map() && object.entries().iter().any(|(_, value)| matches!(value.kind, Kind::Text(_)));
    match (object.find(&key), default) {
        (Some(value), _) => Ok(value),
        (None, [default]) if is_text && matches!(default.kind, Kind::Flag(_) | Kind::Number(_)) => {
            Ok(Value::text(default.to_text()?))
        }
        (None, [default]) => Ok(default.clone()),
        (None, _) => Err(Fault::Wrong(format!("there is no key `{}`", &*key))),
    }
}

pub(super) fn match_keys<'a>(values: &[Value<'a>], budget: &mut Budget) -> Made<'a> {
    let [values, keys, wanted] = values else { return uncounted() };
    let (values, keys, wanted) = (values.to_counted()?, keys.to_counted()?, wanted.to_items()?);
    if values.len() != keys.len() {
        return Err(Fault::Wrong("there are not as many keys as values".to_owned()));
    }
    if !budget.spend(keys.len().saturating_mul(wanted.len())) {
        return Err(Fault::TooLarge);
    }
    let mut matched = Vec::new();
    for (value, key) in values.iter().zip(keys) {
        let mut unknown = None;
        let is_wanted = wanted.iter().any(|wanted| {
            let same = equals(key, wanted);
            if same.is_none() {
                unknown = key.first_unknown().or_else(|| wanted.first_unknown());
            }
            same == Some(true)
        });
        match unknown {
            _ if is_wanted => matched.push(value.clone()),
            Some(unknown) => return Err(Fault::Unknown(unknown)),
            None => {}
        }
    }
    Ok(Value::list(matched))
}

pub(super) fn merge<'a>(values: &[Value<'a>], _: &mut Budget) -> Made<'a> {
    let (mut entries, mut at, mut is_map) = (Vec::new(), None, true);
    for map in values.iter().filter(|map| !map.is_null()) {
        entries.extend_from_slice(map.to_entries()?);
        is_map &= map.as_object().is_some_and(crate::value::Object::is_map);
        at = map.at.or(at);
    }
    // What was written last says most.
    Ok(Value::keyed(is_map && !values.is_empty(), entries).with_at(at))
}

pub(super) fn one<'a>(values: &[Value<'a>], _: &mut Budget) -> Made<'a> {
    let value = one_of(values)?;
    if value.is_null() {
        return Ok(Value::null());
    }
    match value.to_counted()? {
        [] => Ok(Value::null()),
        [item] => Ok(item.clone()),
        _ => Err(Fault::Wrong("there is more than one member".to_owned())),
    }
}

pub(super) fn transpose<'a>(values: &[Value<'a>], _: &mut Budget) -> Made<'a> {
    let map = one_of(values)?;
    let mut turned: std::collections::BTreeMap<Text<'a>, Vec<Value<'a>>> = std::collections::BTreeMap::new();
    for (key, list) in map.to_entries()? {
        for item in list.to_counted()? {
            turned.entry(item.to_text()?).or_default().push(Value::text(key.clone()));
        }
    }
    Ok(Value::map(turned.into_iter().map(|(key, items)| (key, Value::list(items))).collect()))
}

pub(super) fn values<'a>(values: &[Value<'a>], _: &mut Budget) -> Made<'a> {
    let map = one_of(values)?;
    // How many of a resource there are is not known, whether by number or by key.
    if map.as_sequence().and_then(Sequence::stand_in).is_some() {
        return Ok(map.clone());
    }
    let values = map.to_entries()?.iter().map(|(_, value)| value.clone()).collect();
    Ok(if map.as_object().is_some_and(crate::value::Object::is_map) {
        Value::list(values)
    } else {
        Value::tuple(values)
    })
}

pub(super) fn zip<'a>(values: &[Value<'a>], _: &mut Budget) -> Made<'a> {
    let [keys, values] = values else { return uncounted() };
    let (names, members) = (keys.to_counted()?, values.to_counted()?);
    if names.len() != members.len() {
        return Err(Fault::Wrong("there are not as many keys as values".to_owned()));
    }
    let names = names.iter().map(Value::to_text).collect::<Wanted<'a, Vec<_>>>()?;
    let is_list = values.as_sequence().is_some_and(|sequence| sequence.shape() == Shape::List);
    let members = if is_list { of_one_type(members.to_vec()) } else { members.to_vec() };
    Ok(Value::keyed(is_list, names.into_iter().zip(members).collect()))
}
