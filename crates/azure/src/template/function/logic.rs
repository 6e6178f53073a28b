//! Choices and comparisons. What decides nothing is not evaluated.

use core::cmp::Ordering;
use std::borrow::Cow;

use super::same::same;
use super::{Answer, Evaluator, Expression, Stop, first_unknown, text_of};
use crate::template::value::Value;

pub(super) fn yes<'a>(_: &[Value<'a>]) -> Answer<'a> {
    Ok(Value::Flag(true))
}

pub(super) fn no<'a>(_: &[Value<'a>]) -> Answer<'a> {
    Ok(Value::Flag(false))
}

pub(super) fn null<'a>(_: &[Value<'a>]) -> Answer<'a> {
    Ok(Value::Null)
}

pub(super) fn choose<'a>(evaluator: &mut Evaluator<'_, 'a>, arguments: &[Expression<'_>]) -> Answer<'a> {
    let [condition, then, otherwise] = arguments else { return Err(Stop::Unsupported) };
    match evaluator.value(condition) {
        Value::Flag(true) => Ok(evaluator.value(then)),
        Value::Flag(false) => Ok(evaluator.value(otherwise)),
        Value::Unknown(unknown) => {
            let (then, otherwise) = (evaluator.value(then), evaluator.value(otherwise));
            if same(&then, &otherwise) == Some(true) { Ok(then) } else { Err(Stop::Unknown(unknown)) }
        }
        _ => Err(Stop::wrong("the condition is no boolean")),
    }
}

pub(super) fn and<'a>(evaluator: &mut Evaluator<'_, 'a>, arguments: &[Expression<'_>]) -> Answer<'a> {
    until(evaluator, arguments, false)
}

pub(super) fn or<'a>(evaluator: &mut Evaluator<'_, 'a>, arguments: &[Expression<'_>]) -> Answer<'a> {
    until(evaluator, arguments, true)
}

/// The first of these decides; one that is not known decides nothing.
fn until<'a>(evaluator: &mut Evaluator<'_, 'a>, arguments: &[Expression<'_>], decides: bool) -> Answer<'a> {
    let mut unknown = None;
    for argument in arguments {
        match evaluator.value(argument) {
            Value::Flag(flag) if flag == decides => return Ok(Value::Flag(decides)),
            Value::Flag(_) => {}
            Value::Unknown(found) => {
                unknown.get_or_insert(found);
            }
            _ => return Err(Stop::wrong("a boolean is expected")),
        }
    }
    unknown.map_or(Ok(Value::Flag(!decides)), |unknown| Err(Stop::Unknown(unknown)))
}

pub(super) fn not<'a>(values: &[Value<'a>]) -> Answer<'a> {
    match values {
        [Value::Flag(flag)] => Ok(Value::Flag(!flag)),
        _ => Err(Stop::wrong("a boolean is expected")),
    }
}

pub(super) fn coalesce<'a>(evaluator: &mut Evaluator<'_, 'a>, arguments: &[Expression<'_>]) -> Answer<'a> {
    for argument in arguments {
        let value = evaluator.value(argument);
        if value != Value::Null {
            return Ok(value);
        }
    }
    Ok(Value::Null)
}

pub(super) fn equals<'a>(values: &[Value<'a>]) -> Answer<'a> {
    let [one, other] = values else { return Err(Stop::Unsupported) };
    same(one, other).map(Value::Flag).ok_or_else(|| first_unknown(values))
}

/// `true`, `false` and numbers, as a boolean.
pub(super) fn boolean<'a>(values: &[Value<'a>]) -> Answer<'a> {
    match values {
        [Value::Flag(flag)] => Ok(Value::Flag(*flag)),
        [Value::Number(number)] => Ok(Value::Flag(*number != 0)),
        [value] => match text_of(value)?.trim() {
            word if word.eq_ignore_ascii_case("true") || word == "1" => Ok(Value::Flag(true)),
            word if word.eq_ignore_ascii_case("false") || word == "0" => Ok(Value::Flag(false)),
            _ => Err(Stop::wrong("a boolean is expected")),
        },
        _ => Err(Stop::Unsupported),
    }
}

pub(super) fn less<'a>(values: &[Value<'a>]) -> Answer<'a> {
    compared(values).map(|order| Value::Flag(order.is_lt()))
}

pub(super) fn less_or_equals<'a>(values: &[Value<'a>]) -> Answer<'a> {
    compared(values).map(|order| Value::Flag(order.is_le()))
}

pub(super) fn greater<'a>(values: &[Value<'a>]) -> Answer<'a> {
    compared(values).map(|order| Value::Flag(order.is_gt()))
}

pub(super) fn greater_or_equals<'a>(values: &[Value<'a>]) -> Answer<'a> {
    compared(values).map(|order| Value::Flag(order.is_ge()))
}

/// Numbers in their order. Of texts those of letters and digits: as .NET orders them, a small letter stands before the
/// same capital where nothing else tells them apart (the documentation's example has `'A'` greater than `'a'`).
fn compared<'a>(values: &[Value<'a>]) -> Result<Ordering, Stop<'a>> {
    match values {
        [Value::Number(one), Value::Number(other)] => Ok(one.cmp(other)),
        [Value::Real(_) | Value::Number(_), Value::Real(_) | Value::Number(_)] => Err(Stop::Unsupported),
        [one, other] => {
            let (one, other) = (text_of(one)?, text_of(other)?);
            let is_plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric());
            if one == other {
                return Ok(Ordering::Equal);
            } else if !is_plain(one) || !is_plain(other) {
                return Err(Stop::Unsupported);
            }
            let letters = one.to_ascii_lowercase().cmp(&other.to_ascii_lowercase());
            // Bytes of capitals are smaller.
            Ok(letters.then_with(|| other.cmp(one)))
        }
        _ => Err(Stop::Unsupported),
    }
}

/// What makes a deployment fail: nothing comes of it.
pub(super) fn fail<'a>(values: &[Value<'a>]) -> Answer<'a> {
    let message = values.first().and_then(Value::spelled).unwrap_or_default();
    Err(Stop::Wrong(Cow::Owned(format!("it fails: {message}"))))
}
