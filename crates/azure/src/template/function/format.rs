//! Texts with numbered places for values, as .NET fills them.

use std::borrow::Cow;

use super::text::{finished, push, word};
use super::{Answer, Stop, text_of};
use crate::template::opaque::Joined;
use crate::template::value::{TEXT_BYTES_MAX, Value};

/// `{0}`, `{1,8}`, `{2:D3}`.
pub(super) fn format<'a>(values: &[Value<'a>]) -> Answer<'a> {
    let [template, values @ ..] = values else { return Err(Stop::Unsupported) };
    let mut text = Joined::default();
    let mut rest = text_of(template)?;
    while let Some(at) = rest.find(['{', '}']) {
        let (before, behind) = rest.split_at(at);
        text.push_text(before);
        if let Some(escaped) = behind.strip_prefix("{{").or(behind.strip_prefix("}}")) {
            text.push_text(behind.get(..1).unwrap_or_default());
            rest = escaped;
            continue;
        }
        let item = behind.strip_prefix('{').and_then(|behind| behind.split_once('}'));
        let (item, behind) = item.ok_or(Stop::wrong("a number in braces is expected"))?;
        push_item(&mut text, item, values)?;
        rest = behind;
        if text.bytes() > TEXT_BYTES_MAX {
            return Err(Stop::TooLarge);
        }
    }
    text.push_text(rest);
    Ok(finished(text))
}

/// One item of a format: a number, how wide it is, how it is written.
fn push_item<'a>(text: &mut Joined, item: &str, values: &[Value<'a>]) -> Result<(), Stop<'a>> {
    let (item, written) = item.split_once(':').map_or((item, ""), |(item, written)| (item, written));
    let (number, width) = item.split_once(',').map_or((item, ""), |(number, width)| (number, width));
    let number: usize = number.trim().parse().map_err(|_| Stop::wrong("a number in braces is expected"))?;
    let value = values.get(number).ok_or(Stop::wrong("there is no argument of this number"))?;
    if width.is_empty()
        && (written.is_empty() || matches!(value, Value::Text(_) | Value::Opaque(_) | Value::Unknown(_)))
    {
        return push(text, value);
    }
    let word = match value {
        Value::Number(number) if !written.is_empty() => Cow::Owned(written_number(*number, written)?),
        value => word(value)?,
    };
    let width: i32 = if width.is_empty() {
        0
    } else {
        width.trim().parse().map_err(|_| Stop::wrong("a width is expected"))?
    };
    let missing = (width.unsigned_abs() as usize).saturating_sub(word.encode_utf16().count());
    if missing > TEXT_BYTES_MAX {
        return Err(Stop::TooLarge);
    }
    let blanks = " ".repeat(missing);
    text.push_text(if width > 0 { &blanks } else { "" });
    text.push_text(&word);
    text.push_text(if width < 0 { &blanks } else { "" });
    Ok(())
}

/// A number as .NET writes it by these of its forms: `D3`, `X2`, `N0`, `000`.
fn written_number(number: i64, form: &str) -> Result<String, Stop<'static>> {
    let digits = number.unsigned_abs().to_string();
    let sign = if number < 0 { "-" } else { "" };
    let (letter, count) = form.split_at_checked(1).ok_or(Stop::Unsupported)?;
    let count = if count.is_empty() { 0 } else { count.parse::<u8>().map_or(u8::MAX, |count| count) };
    if form.bytes().all(|byte| byte == b'0') && form.len() < 100 {
        return Ok(format!("{sign}{digits:0>width$}", width = form.len()));
    }
    if count > 99 {
        return Err(Stop::Unsupported);
    }
    let width = usize::from(count);
    match letter {
        "D" | "d" => Ok(format!("{sign}{digits:0>width$}")),
        "X" if number >= 0 => Ok(format!("{number:0>width$X}")),
        "x" if number >= 0 => Ok(format!("{number:0>width$x}")),
        "N" | "n" if form.len() == 2 && count == 0 => {
            let first = digits.len() % 3;
            let mut grouped = digits.get(..first).unwrap_or_default().to_owned();
            for group in digits.as_bytes().get(first..).unwrap_or_default().chunks(3) {
                grouped.push_str(if grouped.is_empty() { "" } else { "," });
                grouped.extend(group.iter().map(|digit| char::from(*digit)));
            }
            Ok(format!("{sign}{grouped}"))
        }
        _ => Err(Stop::Unsupported),
    }
}
