//! Functions that change the type of a value.

use super::uncounted;
use crate::expression::Budget;
use crate::value::{Fault, Kind, Type, Value, Wanted};

type Made<'a> = Wanted<'a, Value<'a>>;

/// The value as it is: who may see it is nothing that counts here.
pub(super) fn same<'a>(values: &[Value<'a>], _: &mut Budget) -> Made<'a> {
    let [value] = values else { return uncounted() };
    Ok(value.clone())
}

fn to<'a>(of: &Type<'a>, values: &[Value<'a>]) -> Made<'a> {
    let [value] = values else { return uncounted() };
    of.convert(value.clone()).map_err(Fault::Wrong)
}

pub(super) fn to_flag<'a>(values: &[Value<'a>], _: &mut Budget) -> Made<'a> {
    to(&Type::Flag, values)
}

pub(super) fn to_number<'a>(values: &[Value<'a>], _: &mut Budget) -> Made<'a> {
    to(&Type::Number, values)
}

pub(super) fn to_text<'a>(values: &[Value<'a>], _: &mut Budget) -> Made<'a> {
    to(&Type::Text, values)
}

pub(super) fn to_list<'a>(values: &[Value<'a>], _: &mut Budget) -> Made<'a> {
    to(&Type::List(Box::new(Type::Any)), values)
}

pub(super) fn to_set<'a>(values: &[Value<'a>], _: &mut Budget) -> Made<'a> {
    to(&Type::Set(Box::new(Type::Any)), values)
}

pub(super) fn to_map<'a>(values: &[Value<'a>], _: &mut Budget) -> Made<'a> {
    to(&Type::Map(Box::new(Type::Any)), values)
}

/// How lists were written before there were brackets.
pub(super) fn list<'a>(values: &[Value<'a>], _: &mut Budget) -> Made<'a> {
    to(&Type::List(Box::new(Type::Any)), &[Value::tuple(values.to_vec())])
}

/// How maps were written before there were braces.
pub(super) fn map<'a>(values: &[Value<'a>], _: &mut Budget) -> Made<'a> {
    let (pairs, rest) = values.as_chunks::<2>();
    if !rest.is_empty() {
        return Err(Fault::Wrong("a key has no value".to_owned()));
    }
    let entries = pairs.iter().map(|[key, value]| Ok((key.to_text()?, value.clone())));
    let object = Value::object(entries.collect::<Wanted<'a, Vec<_>>>()?);
    match object.kind {
        Kind::Unknown(_) => Ok(object),
        _ => to(&Type::Map(Box::new(Type::Any)), &[object]),
    }
}
