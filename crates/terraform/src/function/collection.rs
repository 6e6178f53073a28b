//! Functions that make lists of lists.

use cloud::json::Unknown;

use super::uncounted;
use crate::expression::Budget;
use crate::value::{Fault, Kind, Sequence, Shape, Value, Wanted, equals};

type Made<'a> = Wanted<'a, Value<'a>>;

fn one<'v, 'a>(values: &'v [Value<'a>]) -> Wanted<'a, &'v Value<'a>> {
    let [list] = values else { return uncounted() };
    Ok(list)
}

fn is_counted(list: &Value<'_>) -> bool {
    list.as_sequence().is_some_and(Sequence::is_counted)
}

/// A list of a size that is known, or of which it is not known how many there are.
fn listed<'a>(is_counted: bool, items: Vec<Value<'a>>) -> Value<'a> {
    Value::sequence(if is_counted { Shape::List } else { Shape::Partial }, items)
}

/// One item that decides is enough, be others not known.
fn any_is<'a>(list: &Value<'a>, decides: bool) -> Made<'a> {
    let (mut unknown, items) = (None, list.to_items()?);
    for item in items {
        match item.to_flag() {
            Ok(flag) if flag == decides => return Ok(Value::flag(decides)),
            Ok(_) => {}
            Err(Fault::Unknown(item)) => unknown = unknown.or(Some(item)),
            // One that is null is not true.
            Err(_) if item.is_null() && !decides => return Ok(Value::flag(false)),
            Err(_) if item.is_null() => {}
            Err(fault) => return Err(fault),
        }
    }
    match unknown {
        Some(unknown) => Err(Fault::Unknown(unknown)),
        None => Ok(Value::flag(!decides)),
    }
}

pub(super) fn all_true<'a>(values: &[Value<'a>], _: &mut Budget) -> Made<'a> {
    any_is(one(values)?, false)
}

pub(super) fn any_true<'a>(values: &[Value<'a>], _: &mut Budget) -> Made<'a> {
    any_is(one(values)?, true)
}

pub(super) fn chunks<'a>(values: &[Value<'a>], _: &mut Budget) -> Made<'a> {
    let [list, size] = values else { return uncounted() };
    let (items, size) = (list.to_counted()?, size.to_integer()?);
    let size = usize::try_from(size).map_err(|_| Fault::Wrong("a size is below zero".to_owned()))?;
    let chunks = items.chunks(if size == 0 { items.len().max(1) } else { size });
    Ok(Value::list(chunks.map(|chunk| Value::list(chunk.to_vec())).collect()))
}

pub(super) fn coalesce<'a>(values: &[Value<'a>], _: &mut Budget) -> Made<'a> {
    let is_text = values.iter().any(|value| matches!(value.kind, Kind::Text(_)));
    for (position, value) in values.iter().enumerate() {
        match &value.kind {
            Kind::Null => {}
            Kind::Text(text) if text.is_empty() => {}
            // Whether it is the one is not known where others follow.
            Kind::Unknown(_) if position + 1 < values.len() => return Err(Fault::Unknown(value.clone())),
            Kind::Flag(_) | Kind::Number(_) if is_text => return Ok(Value::text(value.to_text()?)),
            Kind::Unknown(_)
            | Kind::Text(_)
            | Kind::Flag(_)
            | Kind::Number(_)
            | Kind::Sequence(_)
            | Kind::Object(_) => return Ok(value.clone()),
        }
    }
    Err(Fault::Wrong("all of them are null or empty".to_owned()))
}

pub(super) fn coalesce_list<'a>(values: &[Value<'a>], _: &mut Budget) -> Made<'a> {
    for list in values {
        match list.to_items() {
            Ok(items) if items.iter().any(|item| !item.is_unknown()) => return Ok(list.clone()),
            Ok([]) if is_counted(list) => {}
            Ok(_) if is_counted(list) => return Ok(list.clone()),
            Ok(_) => return list.to_counted().and_then(|_| uncounted()),
            Err(Fault::Wrong(_)) if list.is_null() => {}
            Err(fault) => return Err(fault),
        }
    }
    Err(Fault::Wrong("all of them are null or empty".to_owned()))
}

pub(super) fn compact<'a>(values: &[Value<'a>], _: &mut Budget) -> Made<'a> {
    let list = one(values)?;
    let (mut items, mut is_counted) = (Vec::new(), is_counted(list));
    for item in list.to_items()? {
        match item.to_text() {
            Ok(text) if text.is_empty() => {}
            Ok(text) => items.push(Value::text(text).or_at(item.at)),
            Err(Fault::Unknown(unknown)) => {
                is_counted = false;
                items.push(unknown);
            }
            Err(_) if item.is_null() => {}
            Err(fault) => return Err(fault),
        }
    }
    Ok(listed(is_counted, items))
}

pub(super) fn concat<'a>(values: &[Value<'a>], _: &mut Budget) -> Made<'a> {
    let (mut items, mut counted, mut is_list) = (Vec::new(), true, true);
    for list in values {
        match &list.kind {
            Kind::Unknown(_) => {
                counted = false;
                items.push(list.because());
            }
            Kind::Sequence(sequence) if sequence.shape() != Shape::Set => {
                counted &= sequence.is_counted();
                is_list &= sequence.shape() == Shape::List;
                items.extend_from_slice(sequence.items());
            }
            _ => return list.not("a list"),
        }
    }
    let shape = if !counted {
        Shape::Partial
    } else if is_list {
        Shape::List
    } else {
        Shape::Tuple
    };
    Ok(Value::sequence(shape, items))
}

pub(super) fn distinct<'a>(values: &[Value<'a>], budget: &mut Budget) -> Made<'a> {
    let list = one(values)?;
    let (mut kept, mut is_counted) = (Vec::<Value<'a>>::new(), is_counted(list));
    for item in list.to_items()? {
        if !budget.spend(kept.len()) {
            return Err(Fault::TooLarge);
        }
        let same = kept.iter().map(|known| equals(known, item)).max_by_key(|same| match same {
            Some(true) => 2,
            None => 1,
            Some(false) => 0,
        });
        match same.unwrap_or(Some(false)) {
            Some(true) => {}
            Some(false) => kept.push(item.clone()),
            None => {
                is_counted = false;
                kept.push(item.clone());
            }
        }
    }
    Ok(listed(is_counted, kept))
}

pub(super) fn flatten<'a>(values: &[Value<'a>], budget: &mut Budget) -> Made<'a> {
    let list = one(values)?;
    let (mut items, mut is_counted) = (Vec::new(), true);
    list.to_items()?;
    flatten_into(list, &mut items, &mut is_counted, budget)?;
    Ok(Value::sequence(if is_counted { Shape::Tuple } else { Shape::Partial }, items))
}

fn flatten_into<'a>(
    list: &Value<'a>,
    flat: &mut Vec<Value<'a>>,
    counted: &mut bool,
    budget: &mut Budget,
) -> Wanted<'a, ()> {
    *counted &= is_counted(list);
    for item in list.to_items()? {
        match &item.kind {
            Kind::Sequence(_) => flatten_into(item, flat, counted, budget)?,
            // Ids are no lists.
            Kind::Unknown(unknown) if is_one(unknown) => flat.push(item.clone()),
            // It may be a list of any size.
            Kind::Unknown(_) => {
                *counted = false;
                flat.push(item.because());
            }
            Kind::Null | Kind::Flag(_) | Kind::Number(_) | Kind::Text(_) | Kind::Object(_) => {
                if !budget.spend(1) {
                    return Err(Fault::TooLarge);
                }
                flat.push(item.clone());
            }
        }
    }
    Ok(())
}

/// Whether what is not known is what any provider has one of: an id, a name.
fn is_one(unknown: &Unknown<'_>) -> bool {
    let is_alone = |attribute: &str| matches!(attribute, "id" | "arn" | "name" | "self_link");
    unknown.refers.as_ref().is_some_and(|to| is_alone(&to.attribute))
}

pub(super) fn reverse<'a>(values: &[Value<'a>], _: &mut Budget) -> Made<'a> {
    let list = one(values)?;
    let items: Vec<Value<'a>> = list.to_items()?.iter().rev().cloned().collect();
    Ok(match list.as_sequence().map(Sequence::shape) {
        Some(Shape::Tuple) => Value::tuple(items),
        _ => listed(is_counted(list), items),
    })
}

pub(super) fn slice<'a>(values: &[Value<'a>], _: &mut Budget) -> Made<'a> {
    let [list, start, end] = values else { return uncounted() };
    let (items, start, end) = (list.to_counted()?, start.to_integer()?, end.to_integer()?);
    if list.as_sequence().is_some_and(|sequence| sequence.shape() == Shape::Set) {
        return list.not("a list");
    }
    let part = usize::try_from(start).ok().zip(usize::try_from(end).ok());
    match part.and_then(|(start, end)| items.get(start..end)) {
        Some(items) => {
            Ok(Value::sequence(list.as_sequence().map_or(Shape::List, Sequence::shape), items.to_vec()))
        }
        None => Err(Fault::Wrong(format!("there are no members {start} to {end} of {}", items.len()))),
    }
}

pub(super) fn sort<'a>(values: &[Value<'a>], _: &mut Budget) -> Made<'a> {
    let list = one(values)?;
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    for item in list.to_items()? {
        match item.to_text() {
            Ok(text) => known.push(Value::text(text).or_at(item.at)),
            Err(Fault::Unknown(item)) => unknown.push(item),
            Err(fault) => return Err(fault),
        }
    }
    known.sort_by(crate::value::order);
    let is_counted = is_counted(list) && unknown.is_empty();
    known.extend(unknown);
    Ok(listed(is_counted, known))
}
