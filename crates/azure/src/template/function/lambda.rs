//! Functions that evaluate an expression for each item.

use std::borrow::Cow;

use super::object::{key_of, put};
use super::{Answer, Evaluator, Expression, Stop, list_of, object_of};
use crate::template::expression::Form;
use crate::template::value::Value;

/// Names, and the expression in which they stand for values.
struct Lambda<'e, 't> {
    names: Vec<&'e str>,
    body: &'e Expression<'t>,
}

impl<'e, 't> Lambda<'e, 't> {
    fn of(written: &'e Expression<'t>) -> Result<Self, Stop<'static>> {
        let wrong = || Stop::wrong("`lambda` is expected");
        let Form::Call { name, arguments } = &written.form else { return Err(wrong()) };
        if !name.eq_ignore_ascii_case("lambda") {
            return Err(wrong());
        }
        let [names @ .., body] = arguments.as_slice() else { return Err(wrong()) };
        let names = names.iter().map(|name| match &name.form {
            Form::Text(name) => Ok(&**name),
            _ => Err(Stop::wrong("a name is expected")),
        });
        Ok(Self { names: names.collect::<Result<_, _>>()?, body })
    }

    /// What it comes to for these values; those behind the least may be left out.
    fn of_values<'a>(
        &self,
        evaluator: &mut Evaluator<'_, 'a>,
        values: impl IntoIterator<Item = Value<'a>>,
        least: usize,
    ) -> Answer<'a> {
        let values: Vec<Value<'a>> = values.into_iter().collect();
        if self.names.len() < least || self.names.len() > values.len() {
            return Err(Stop::wrong("`lambda` with another number of names is expected"));
        }
        let bound = self.names.iter().map(|name| (*name).to_owned()).zip(values);
        Ok(evaluator.with_bound(bound.collect::<Vec<_>>(), self.body))
    }
}

/// The value of a name in a lambda.
pub(super) fn variable<'a>(evaluator: &mut Evaluator<'_, 'a>, arguments: &[Expression<'_>]) -> Answer<'a> {
    let [name] = arguments else { return Err(Stop::Unsupported) };
    let name = evaluator.value(name);
    let name = super::text_of(&name)?;
    evaluator.bound(name).ok_or(Stop::wrong("no lambda around has this name"))
}

fn first_list<'a>(
    evaluator: &mut Evaluator<'_, 'a>,
    list: &Expression<'_>,
) -> Result<Vec<Value<'a>>, Stop<'a>> {
    match evaluator.value(list) {
        Value::Unknown(unknown) => Err(Stop::Unknown(unknown)),
        value => Ok(list_of(&value)?.to_vec()),
    }
}

fn numbered<'a>(position: usize) -> Value<'a> {
    i64::try_from(position).map_or(Value::Null, Value::Number)
}

pub(super) fn map<'a>(evaluator: &mut Evaluator<'_, 'a>, arguments: &[Expression<'_>]) -> Answer<'a> {
    let [list, lambda] = arguments else { return Err(Stop::Unsupported) };
    let lambda = Lambda::of(lambda)?;
    let items = first_list(evaluator, list)?;
    let mapped = items.into_iter().enumerate();
    let mapped = mapped.map(|(position, item)| lambda.of_values(evaluator, [item, numbered(position)], 1));
    Ok(Value::list(mapped.collect::<Result<_, _>>()?))
}

pub(super) fn filter<'a>(evaluator: &mut Evaluator<'_, 'a>, arguments: &[Expression<'_>]) -> Answer<'a> {
    let [list, lambda] = arguments else { return Err(Stop::Unsupported) };
    let lambda = Lambda::of(lambda)?;
    let mut kept = Vec::new();
    for (position, item) in first_list(evaluator, list)?.into_iter().enumerate() {
        match lambda.of_values(evaluator, [item.clone(), numbered(position)], 1)? {
            Value::Flag(true) => kept.push(item),
            Value::Flag(false) => {}
            // How many there are is not known.
            Value::Unknown(unknown) => return Err(Stop::Unknown(unknown)),
            _ => return Err(Stop::wrong("a boolean is expected")),
        }
    }
    Ok(Value::list(kept))
}

pub(super) fn reduce<'a>(evaluator: &mut Evaluator<'_, 'a>, arguments: &[Expression<'_>]) -> Answer<'a> {
    let [list, first, lambda] = arguments else { return Err(Stop::Unsupported) };
    let lambda = Lambda::of(lambda)?;
    let items = first_list(evaluator, list)?;
    let mut reduced = evaluator.value(first);
    for (position, item) in items.into_iter().enumerate() {
        evaluator.takes_steps(reduced.nodes() / super::NODES_OF_STEP)?;
        reduced = lambda.of_values(evaluator, [reduced, item, numbered(position)], 2)?;
    }
    Ok(reduced)
}

pub(super) fn to_object<'a>(evaluator: &mut Evaluator<'_, 'a>, arguments: &[Expression<'_>]) -> Answer<'a> {
    let [list, key, value @ ..] = arguments else { return Err(Stop::Unsupported) };
    let key = Lambda::of(key)?;
    let value = value.first().map(Lambda::of).transpose()?;
    let items = first_list(evaluator, list)?;
    evaluator.takes_steps(items.len() * items.len() / super::NODES_OF_STEP)?;
    let mut entries = Vec::new();
    for item in items {
        let key = key_of(&key.of_values(evaluator, [item.clone()], 1)?)?;
        let value = match &value {
            Some(value) => value.of_values(evaluator, [item], 1)?,
            None => item,
        };
        put(&mut entries, key, value);
    }
    Ok(Value::object(entries, None))
}

pub(super) fn map_values<'a>(evaluator: &mut Evaluator<'_, 'a>, arguments: &[Expression<'_>]) -> Answer<'a> {
    let [object, lambda] = arguments else { return Err(Stop::Unsupported) };
    let lambda = Lambda::of(lambda)?;
    let object = match evaluator.value(object) {
        Value::Unknown(unknown) => return Err(Stop::Unknown(unknown)),
        object => object,
    };
    let object = object_of(&object)?;
    let entries = object.distinct().into_iter().map(|(key, value)| {
        let value = lambda.of_values(evaluator, [value.clone()], 1)?;
        Ok((key.clone(), value))
    });
    Ok(Value::object(entries.collect::<Result<_, Stop<'a>>>()?, object.at))
}

pub(super) fn group_by<'a>(evaluator: &mut Evaluator<'_, 'a>, arguments: &[Expression<'_>]) -> Answer<'a> {
    let [list, lambda] = arguments else { return Err(Stop::Unsupported) };
    let lambda = Lambda::of(lambda)?;
    let items = first_list(evaluator, list)?;
    evaluator.takes_steps(items.len() * items.len() / super::NODES_OF_STEP)?;
    let mut groups: Vec<(Cow<'a, str>, Vec<Value<'a>>)> = Vec::new();
    for item in items {
        let key = key_of(&lambda.of_values(evaluator, [item.clone()], 1)?)?;
        match groups.iter_mut().find(|(own, _)| own.eq_ignore_ascii_case(&key)) {
            Some((_, group)) => group.push(item),
            None => groups.push((key, vec![item])),
        }
    }
    let entries = groups.into_iter().map(|(key, items)| (key, Value::list(items)));
    Ok(Value::object(entries.collect(), None))
}

/// Sorted by whether one comes before another; equal ones stay in their order.
pub(super) fn sort<'a>(evaluator: &mut Evaluator<'_, 'a>, arguments: &[Expression<'_>]) -> Answer<'a> {
    let [list, lambda] = arguments else { return Err(Stop::Unsupported) };
    let lambda = Lambda::of(lambda)?;
    let mut runs: Vec<Vec<Value<'a>>> =
        first_list(evaluator, list)?.into_iter().map(|item| vec![item]).collect();
    // Merged by hand: an order that contradicts itself must end too.
    while runs.len() > 1 {
        let mut merged = Vec::with_capacity(runs.len().div_ceil(2));
        let mut pairs = runs.into_iter();
        while let Some(one) = pairs.next() {
            merged.push(match pairs.next() {
                Some(other) => merge(evaluator, &lambda, one, other)?,
                None => one,
            });
        }
        runs = merged;
    }
    Ok(Value::list(runs.pop().unwrap_or_default()))
}

fn merge<'a>(
    evaluator: &mut Evaluator<'_, 'a>,
    lambda: &Lambda<'_, '_>,
    one: Vec<Value<'a>>,
    other: Vec<Value<'a>>,
) -> Result<Vec<Value<'a>>, Stop<'a>> {
    let mut merged = Vec::with_capacity(one.len() + other.len());
    let (mut one, mut other) = (one.into_iter().peekable(), other.into_iter().peekable());
    while let (Some(left), Some(right)) = (one.peek(), other.peek()) {
        let next = match lambda.of_values(evaluator, [right.clone(), left.clone()], 2)? {
            Value::Flag(true) => other.next(),
            Value::Flag(false) => one.next(),
            Value::Unknown(unknown) => return Err(Stop::Unknown(unknown)),
            _ => return Err(Stop::wrong("a boolean is expected")),
        };
        merged.extend(next);
    }
    merged.extend(one);
    merged.extend(other);
    Ok(merged)
}
