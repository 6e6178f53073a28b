//! Functions of numbers.

use super::uncounted;
use crate::expression::Budget;
use crate::value::{Fault, Kind, Number, Value, Wanted};

type Made<'a> = Wanted<'a, Value<'a>>;

fn one<'a>(values: &[Value<'a>]) -> Wanted<'a, Number> {
    let [number] = values else { return uncounted() };
    number.to_number()
}

pub(super) fn abs<'a>(values: &[Value<'a>], _: &mut Budget) -> Made<'a> {
    let number = one(values)?;
    if number < Number::whole(0) {
        number.negative().map(Value::from).ok_or(Fault::TooLarge)
    } else {
        Ok(number.into())
    }
}

pub(super) fn ceil<'a>(values: &[Value<'a>], _: &mut Budget) -> Made<'a> {
    Ok(Value::number(one(values)?.ceil()))
}

pub(super) fn floor<'a>(values: &[Value<'a>], _: &mut Budget) -> Made<'a> {
    Ok(Value::number(one(values)?.floor()))
}

pub(super) fn signum<'a>(values: &[Value<'a>], _: &mut Budget) -> Made<'a> {
    let order = one(values)?.cmp(&Number::whole(0));
    Ok(Value::number(i128::from(order as i8)))
}

pub(super) fn max<'a>(values: &[Value<'a>], _: &mut Budget) -> Made<'a> {
    let numbers = values.iter().map(Value::to_number).collect::<Wanted<'a, Vec<_>>>()?;
    numbers.into_iter().max().map_or_else(uncounted, |number| Ok(number.into()))
}

pub(super) fn min<'a>(values: &[Value<'a>], _: &mut Budget) -> Made<'a> {
    let numbers = values.iter().map(Value::to_number).collect::<Wanted<'a, Vec<_>>>()?;
    numbers.into_iter().min().map_or_else(uncounted, |number| Ok(number.into()))
}

pub(super) fn sum<'a>(values: &[Value<'a>], _: &mut Budget) -> Made<'a> {
    let [list] = values else { return uncounted() };
    let mut numbers = list.to_counted()?.iter().map(Value::to_number);
    let first =
        numbers.next().ok_or_else(|| Fault::Wrong("there is nothing to be summed up".to_owned()))??;
    let all = numbers.try_fold(first, |sum, number| sum.plus(number?).ok_or(Fault::TooLarge));
    all.map(Value::from)
}

/// Terraform computes it in floating point: exact as far as that is.
pub(super) fn pow<'a>(values: &[Value<'a>], _: &mut Budget) -> Made<'a> {
    let [base, exponent] = values else { return uncounted() };
    let (base, exponent) = (base.to_number()?, exponent.to_number()?);
    let whole = base.integer().zip(exponent.integer().and_then(|exponent| u32::try_from(exponent).ok()));
    if let Some(power) = whole.and_then(|(base, exponent)| base.checked_pow(exponent))
        && (power.unsigned_abs() < FLOATING_EXACT || power.unsigned_abs().is_power_of_two())
    {
        return Ok(Value::number(power));
    }
    rounded(base.to_floating().powf(exponent.to_floating()))
}

/// Terraform computes it in floating point.
pub(super) fn log<'a>(values: &[Value<'a>], _: &mut Budget) -> Made<'a> {
    let [number, base] = values else { return uncounted() };
    let (number, base) = (number.to_number()?.to_floating(), base.to_number()?.to_floating());
    rounded(number.ln() / base.ln())
}

fn rounded<'a>(number: f64) -> Made<'a> {
    Number::floating(number).map(Value::from).ok_or(Fault::Unsupported("a fraction"))
}

/// Beyond it not every whole number is a floating-point number.
const FLOATING_EXACT: u128 = 1 << 53;

pub(super) fn parse<'a>(values: &[Value<'a>], _: &mut Budget) -> Made<'a> {
    let [text, base] = values else { return uncounted() };
    let base = base.to_integer()?;
    let digits = match &text.kind {
        Kind::Text(digits) => digits.clone(),
        _ => return text.not("a string"),
    };
    if !(2..=62).contains(&base) {
        return Err(Fault::Wrong(format!("there are no digits to the base {base}")));
    }
    let (sign, figures) = match digits.strip_prefix('-') {
        Some(figures) => (-1, figures),
        None => (1, digits.strip_prefix('+').unwrap_or(&digits)),
    };
    let mut number = 0_i128;
    for figure in figures.bytes() {
        let value = match figure {
            b'0'..=b'9' => i128::from(figure - b'0'),
            b'a'..=b'z' => i128::from(figure - b'a') + 10,
            // Letters of both sizes are the same digits as far as they suffice.
            b'A'..=b'Z' if base <= 36 => i128::from(figure - b'A') + 10,
            b'A'..=b'Z' => i128::from(figure - b'A') + 36,
            _ => base,
        };
        if value >= base {
            return Err(Fault::Wrong(format!("`{}` is no number to the base {base}", &*digits)));
        }
        number =
            number.checked_mul(base).and_then(|number| number.checked_add(value)).ok_or(Fault::TooLarge)?;
    }
    if figures.is_empty() {
        return Err(Fault::Wrong("an empty text is no number".to_owned()));
    }
    Ok(Value::number(sign * number))
}

pub(super) fn range<'a>(values: &[Value<'a>], budget: &mut Budget) -> Made<'a> {
    let numbers = values.iter().map(Value::to_number).collect::<Wanted<'a, Vec<_>>>()?;
    let (zero, one) = (Number::whole(0), Number::whole(1));
    let back = one.negative().unwrap_or(one);
    let (start, limit, step) = match *numbers.as_slice() {
        [limit] => (zero, limit, if limit < zero { back } else { one }),
        [start, limit] => (start, limit, if limit < start { back } else { one }),
        [start, limit, step] => (start, limit, step),
        _ => return uncounted(),
    };
    let is_endless = match step.cmp(&zero) {
        std::cmp::Ordering::Equal => true,
        std::cmp::Ordering::Less => limit > start,
        std::cmp::Ordering::Greater => limit < start,
    };
    if is_endless {
        return Err(Fault::Wrong("the step does not lead to the end".to_owned()));
    }
    let (mut items, mut number) = (Vec::new(), start);
    while if step < zero { number > limit } else { number < limit } {
        if items.len() >= RANGE_MAX || !budget.spend(1) {
            return Err(Fault::TooLarge);
        }
        items.push(number.into());
        number = number.plus(step).ok_or(Fault::TooLarge)?;
    }
    Ok(Value::list(items))
}

/// Terraform refuses more.
const RANGE_MAX: usize = 1024;
