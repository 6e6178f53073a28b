//! Whole numbers.

use super::{Answer, Stop, number_of};
use crate::template::text::number_of as written_number;
use crate::template::value::Value;

pub(super) fn add<'a>(values: &[Value<'a>]) -> Answer<'a> {
    combined(values, i64::checked_add)
}

pub(super) fn sub<'a>(values: &[Value<'a>]) -> Answer<'a> {
    combined(values, i64::checked_sub)
}

pub(super) fn mul<'a>(values: &[Value<'a>]) -> Answer<'a> {
    combined(values, i64::checked_mul)
}

/// Towards zero.
pub(super) fn div<'a>(values: &[Value<'a>]) -> Answer<'a> {
    combined(values, i64::checked_div)
}

/// With the sign of what is divided.
pub(super) fn modulo<'a>(values: &[Value<'a>]) -> Answer<'a> {
    combined(values, i64::checked_rem)
}

fn combined<'a>(values: &[Value<'a>], of: fn(i64, i64) -> Option<i64>) -> Answer<'a> {
    let [one, other] = values else { return Err(Stop::Unsupported) };
    let result = of(number_of(one)?, number_of(other)?);
    result.map(Value::Number).ok_or(Stop::wrong("no number comes of it"))
}

pub(super) fn min<'a>(values: &[Value<'a>]) -> Answer<'a> {
    numbers(values)?.into_iter().min().map(Value::Number).ok_or(Stop::wrong("a number is expected"))
}

pub(super) fn max<'a>(values: &[Value<'a>]) -> Answer<'a> {
    numbers(values)?.into_iter().max().map(Value::Number).ok_or(Stop::wrong("a number is expected"))
}

/// Numbers, or one list of them.
fn numbers<'a>(values: &[Value<'a>]) -> Result<Vec<i64>, Stop<'a>> {
    let items = match values {
        [Value::List(items)] => items,
        _ => values,
    };
    items
        .iter()
        .map(|item| match item {
            Value::Unknown(unknown) => Err(Stop::Unknown(unknown.clone())),
            _ => Ok(number_of(item)?),
        })
        .collect()
}

pub(super) fn int<'a>(values: &[Value<'a>]) -> Answer<'a> {
    match values {
        [Value::Text(text)] => {
            let number = text.trim().parse().map(Value::Number);
            number.map_err(|_| Stop::wrong("a whole number is expected"))
        }
        [Value::Opaque(opaque)] => Err(Stop::Opaque(opaque.clone())),
        [value] => Ok(Value::Number(number_of(value)?)),
        _ => Err(Stop::Unsupported),
    }
}

pub(super) fn float<'a>(values: &[Value<'a>]) -> Answer<'a> {
    match values {
        [Value::Text(text)] => match written_number(text.trim()) {
            Some(Value::Real(number)) if number.is_finite() => Ok(Value::Real(number)),
            Some(Value::Number(number)) => real(number),
            _ => Err(Stop::wrong("a number is expected")),
        },
        [Value::Opaque(opaque)] => Err(Stop::Opaque(opaque.clone())),
        [Value::Real(number)] => Ok(Value::Real(*number)),
        [value] => real(number_of(value)?),
        _ => Err(Stop::Unsupported),
    }
}

fn real<'a>(number: i64) -> Answer<'a> {
    // Larger ones are not the same number as a float.
    let small = i32::try_from(number).map_err(|_| Stop::Unsupported)?;
    Ok(Value::Real(f64::from(small)))
}

pub(super) fn range<'a>(values: &[Value<'a>]) -> Answer<'a> {
    let [start, count] = values else { return Err(Stop::Unsupported) };
    let (start, count) = (number_of(start)?, number_of(count)?);
    if !(0..=COUNT_MAX).contains(&count) {
        return Err(Stop::wrong("a count up to 10000 is expected"));
    }
    let end = start.checked_add(count).filter(|end| *end <= i64::from(i32::MAX));
    let end = end.ok_or(Stop::wrong("numbers up to 2147483647 are expected"))?;
    Ok(Value::list((start..end).map(Value::Number).collect()))
}

/// What Resource Manager makes at most.
const COUNT_MAX: i64 = 10_000;
