//! Functions that write values as texts of other languages, and read them.

use std::fmt::Write as _;

use super::{text, uncounted};
use crate::expression::Budget;
use crate::value::{Fault, Kind, Text, Value, Wanted};

type Made<'a> = Wanted<'a, Value<'a>>;

fn one<'a>(values: &[Value<'a>]) -> Wanted<'a, Text<'a>> {
    let [text] = values else { return uncounted() };
    text.to_text()
}

pub(super) fn base64_encode<'a>(values: &[Value<'a>], budget: &mut Budget) -> Made<'a> {
    text::made(base64(one(values)?.as_bytes()), budget)
}

pub(super) fn base64_decode<'a>(values: &[Value<'a>], budget: &mut Budget) -> Made<'a> {
    decoded(&one(values)?, budget)
}

fn decoded<'a>(text: &str, budget: &mut Budget) -> Made<'a> {
    let bytes = cloud::base64(text).and_then(|bytes| String::from_utf8(bytes).ok());
    text::made(bytes.ok_or_else(|| Fault::Wrong("it is no base64 of a text".to_owned()))?, budget)
}

/// The base64 of bytes.
pub(super) fn base64(bytes: &[u8]) -> String {
    let mut made = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let bits =
            (0..3).fold(0_u32, |bits, place| bits << 8 | group.get(place).map_or(0, |byte| u32::from(*byte)));
        for place in 0..4 {
            let figure = usize::try_from(bits >> (18 - 6 * place) & 63).unwrap_or(0);
            let letter = FIGURES.get(figure).copied().filter(|_| place <= group.len());
            made.push(letter.map_or('=', char::from));
        }
    }
    made
}

const FIGURES: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn is_utf8(values: &[Value<'_>]) -> bool {
    values.get(1).and_then(Value::as_text).is_some_and(|name| name.eq_ignore_ascii_case("utf-8"))
}

pub(super) fn text_encode<'a>(values: &[Value<'a>], budget: &mut Budget) -> Made<'a> {
    let [text, name] = values else { return uncounted() };
    let text = text.to_text()?;
    if is_utf8(values) {
        return text::made(base64(text.as_bytes()), budget);
    }
    if !name.to_text()?.eq_ignore_ascii_case("utf-16le") {
        return Err(Fault::Unsupported("an encoding"));
    }
    let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    text::made(base64(&bytes), budget)
}

pub(super) fn text_decode<'a>(values: &[Value<'a>], budget: &mut Budget) -> Made<'a> {
    let [text, name] = values else { return uncounted() };
    let (text, _) = (text.to_text()?, name.to_text()?);
    if is_utf8(values) { decoded(&text, budget) } else { Err(Fault::Unsupported("an encoding")) }
}

pub(super) fn json_decode<'a>(values: &[Value<'a>], budget: &mut Budget) -> Made<'a> {
    let text = one(values)?;
    if !budget.spend(text.len() / 8) {
        return Err(Fault::TooLarge);
    }
    let value = match &text {
        // Where it stands in the document its objects have their places there.
        Text::Here(text) => Value::of_json(text),
        Text::Made(text) => Value::of_made_json(text),
    };
    value.ok_or_else(|| Fault::Wrong("it is no JSON".to_owned()))
}

pub(super) fn json_encode<'a>(values: &[Value<'a>], budget: &mut Budget) -> Made<'a> {
    let [value] = values else { return uncounted() };
    text::made(json(value)?, budget)
}

/// JSON as Terraform writes it: without blank space, safe inside HTML.
pub(super) fn json<'a>(value: &Value<'a>) -> Wanted<'a, String> {
    if let Some(unknown) = value.first_unknown() {
        return Err(Fault::Unknown(unknown));
    }
    let mut made = String::new();
    append_json(value, &mut made)?;
    Ok(made)
}

fn append_json<'a>(value: &Value<'a>, made: &mut String) -> Wanted<'a, ()> {
    match &value.kind {
        Kind::Null => made.push_str("null"),
        Kind::Flag(_) | Kind::Number(_) => made.push_str(&value.to_text()?),
        Kind::Text(text) => append_quoted(text, made),
        Kind::Sequence(sequence) => {
            made.push('[');
            for (position, item) in sequence.items().iter().enumerate() {
                made.push_str(if position == 0 { "" } else { "," });
                append_json(item, made)?;
            }
            made.push(']');
        }
        Kind::Object(object) => {
            made.push('{');
            for (position, (key, item)) in object.entries().iter().enumerate() {
                made.push_str(if position == 0 { "" } else { "," });
                append_quoted(key, made);
                made.push(':');
                append_json(item, made)?;
            }
            made.push('}');
        }
        Kind::Unknown(_) => return Err(Fault::Unknown(value.clone())),
    }
    Ok(())
}

fn append_quoted(text: &str, made: &mut String) {
    made.push('"');
    for letter in text.chars() {
        match letter {
            '"' => made.push_str("\\\""),
            '\\' => made.push_str("\\\\"),
            '\n' => made.push_str("\\n"),
            '\r' => made.push_str("\\r"),
            '\t' => made.push_str("\\t"),
            '\u{8}' => made.push_str("\\b"),
            '\u{c}' => made.push_str("\\f"),
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' | '\0'..='\u{1f}' => {
                let _ = write!(made, "\\u{:04x}", u32::from(letter));
            }
            other => made.push(other),
        }
    }
    made.push('"');
}

pub(super) fn yaml_encode<'a>(values: &[Value<'a>], budget: &mut Budget) -> Made<'a> {
    let [value] = values else { return uncounted() };
    if let Some(unknown) = value.first_unknown() {
        return Err(Fault::Unknown(unknown));
    }
    let mut made = String::new();
    append_yaml(value, 0, &mut made)?;
    text::made(made, budget)
}

/// A value behind what its line has so far, and the end of that line.
fn append_yaml<'a>(value: &Value<'a>, indent: usize, made: &mut String) -> Wanted<'a, ()> {
    let space = " ".repeat(indent);
    match &value.kind {
        Kind::Sequence(sequence) if !sequence.items().is_empty() => {
            for (position, item) in sequence.items().iter().enumerate() {
                made.push_str(if position == 0 { "" } else { &space });
                made.push_str("- ");
                append_yaml(item, indent + 2, made)?;
            }
        }
        Kind::Object(object) if !object.entries().is_empty() => {
            for (position, (key, item)) in object.entries().iter().enumerate() {
                made.push_str(if position == 0 { "" } else { &space });
                append_quoted_yaml(key, made)?;
                made.push(':');
                let is_list = item.items().is_some_and(|items| !items.is_empty());
                let is_map = item.as_object().is_some_and(|object| !object.entries().is_empty());
                // A list under a key stands as deep as the key.
                let inner = if is_map { indent + 2 } else { indent };
                if is_list || is_map {
                    made.push('\n');
                    made.push_str(&" ".repeat(inner));
                } else {
                    made.push(' ');
                }
                append_yaml(item, inner, made)?;
            }
        }
        Kind::Text(text) => {
            append_quoted_yaml(text, made)?;
            made.push('\n');
        }
        Kind::Null
        | Kind::Flag(_)
        | Kind::Number(_)
        | Kind::Sequence(_)
        | Kind::Object(_)
        | Kind::Unknown(_) => {
            append_json(value, made)?;
            made.push('\n');
        }
    }
    Ok(())
}

fn append_quoted_yaml<'a>(text: &str, made: &mut String) -> Wanted<'a, ()> {
    // Terraform writes a text of several lines as a block of its own.
    if text.contains('\n') || text.chars().any(|letter| !(' '..='~').contains(&letter)) {
        return Err(Fault::Unsupported("YAML of such a text"));
    }
    made.push('"');
    made.push_str(&text.replace('\\', "\\\\").replace('"', "\\\""));
    made.push('"');
    Ok(())
}

pub(super) fn url_encode<'a>(values: &[Value<'a>], budget: &mut Budget) -> Made<'a> {
    let mut made = String::new();
    for byte in one(values)?.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                made.push(char::from(byte))
            }
            b' ' => made.push('+'),
            other => {
                let _ = write!(made, "%{other:02X}");
            }
        }
    }
    text::made(made, budget)
}

/// One object for each line behind the first, which names the columns.
pub(super) fn csv_decode<'a>(values: &[Value<'a>], budget: &mut Budget) -> Made<'a> {
    let text = one(values)?;
    if !budget.spend(text.len() / 4) {
        return Err(Fault::TooLarge);
    }
    let mut rows = rows(&text)?.into_iter();
    let names = rows.next().ok_or_else(|| Fault::Wrong("there is no line of names".to_owned()))?;
    let object = |row: Vec<String>| {
        if row.len() != names.len() {
            return Err(Fault::Wrong("a line has not as many fields as there are names".to_owned()));
        }
        let entries = names.iter().cloned().zip(row);
        Ok(Value::object(entries.map(|(name, field)| (name.into(), Value::text(field))).collect()))
    };
    Ok(Value::list(rows.map(object).collect::<Wanted<'a, Vec<_>>>()?))
}

fn rows<'a>(text: &str) -> Wanted<'a, Vec<Vec<String>>> {
    let text = text.replace("\r\n", "\n");
    let (mut rows, mut row, mut field) = (Vec::new(), Vec::new(), String::new());
    let (mut letters, mut is_quoted, mut was_quoted) = (text.chars().peekable(), false, false);
    while let Some(letter) = letters.next() {
        match letter {
            '"' if is_quoted && letters.next_if_eq(&'"').is_some() => field.push('"'),
            '"' if is_quoted => (is_quoted, was_quoted) = (false, true),
            other if is_quoted => field.push(other),
            '"' if field.is_empty() && !was_quoted => is_quoted = true,
            ',' | '\n' => {
                row.push(std::mem::take(&mut field));
                let is_blank = row.len() == 1 && !was_quoted && row.iter().all(String::is_empty);
                was_quoted = false;
                if letter == '\n' {
                    let row = std::mem::take(&mut row);
                    rows.extend((!is_blank).then_some(row));
                }
            }
            '"' => return Err(Fault::Wrong("a quote stands inside a field".to_owned())),
            _ if was_quoted => return Err(Fault::Wrong("a field goes on behind its quotes".to_owned())),
            other => field.push(other),
        }
    }
    if is_quoted {
        return Err(Fault::Wrong("a quoted field does not end".to_owned()));
    }
    if !field.is_empty() || !row.is_empty() || was_quoted {
        row.push(field);
        rows.push(row);
    }
    Ok(rows)
}
