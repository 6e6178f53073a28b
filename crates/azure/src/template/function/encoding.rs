//! Texts in which something else stands: JSON, Base64, addresses of the web.

use std::rc::Rc;
use std::vec;

use cloud::base64 as decoded;
use serde::Deserialize as _;

use super::{Answer, Stop, text_of};
use crate::template::opaque::{Joined, Opaque};
use crate::template::value::{TEXT_BYTES_MAX, Value};

pub(super) fn json<'a>(values: &[Value<'a>]) -> Answer<'a> {
    match values {
        [Value::Opaque(opaque)] => parsed_opaque(opaque),
        [text] => parsed(text_of(text)?),
        _ => Err(Stop::Unsupported),
    }
}

/// JSON into whose texts something was put that is not known: names and ids have no quotes. Anywhere else it may be
/// anything.
fn parsed_opaque<'a>(opaque: &Rc<Opaque>) -> Answer<'a> {
    let mut json = String::new();
    let mut holes = Vec::new();
    for piece in opaque.pieces() {
        match piece {
            Ok(text) => json.push_str(text),
            Err(hole) => {
                json.push(HOLE);
                holes.push(hole);
            }
        }
    }
    let unread = || Stop::Opaque(Rc::clone(opaque));
    if json.matches(HOLE).count() != holes.len() {
        return Err(unread());
    }
    let value = parsed(&json).map_err(|_| unread())?;
    filled(&value, &mut holes.into_iter()).ok_or_else(unread)
}

/// The value with what is not known in its texts again, in the order of the document.
fn filled<'a>(value: &Value<'a>, holes: &mut vec::IntoIter<Opaque>) -> Option<Value<'a>> {
    match value {
        Value::Text(text) if text.contains(HOLE) => {
            let mut joined = Joined::default();
            for (position, part) in text.split(HOLE).enumerate() {
                if position > 0 {
                    joined.push(&holes.next()?);
                }
                joined.push_text(part);
            }
            Some(super::text::finished(joined))
        }
        Value::List(items) => {
            let items = items.iter().map(|item| filled(item, holes));
            Some(Value::list(items.collect::<Option<_>>()?))
        }
        Value::Object(object) => {
            let entries = object.entries().iter().map(|(key, value)| {
                // Of an object with such a key nothing is known.
                let value = (!key.contains(HOLE)).then(|| filled(value, holes))?;
                Some((key.clone(), value?))
            });
            Some(Value::object(entries.collect::<Option<_>>()?, object.at))
        }
        other => Some(other.clone()),
    }
}

/// Stands for what is not known while JSON is read; it is no character that people write.
const HOLE: char = '\u{f0000}';

fn parsed<'a>(text: &str) -> Answer<'a> {
    let clean = crate::template::text::cleaned(text);
    // Escapes of the document are undone: nothing is a piece of it.
    let mut reader = serde_json::Deserializer::from_reader(clean.as_bytes());
    // Resource Manager takes more than JSON here.
    let value = Value::deserialize(&mut reader).map_err(|_| Stop::Unsupported)?;
    reader.end().map_err(|_| Stop::Unsupported)?;
    Ok(value)
}

/// A value as JSON.
pub(super) fn written<'a>(value: &Value<'a>) -> Result<String, Stop<'a>> {
    let mut text = String::new();
    write(value, &mut text)?;
    Ok(text)
}

fn write<'a>(value: &Value<'a>, text: &mut String) -> Result<(), Stop<'a>> {
    if text.len() > TEXT_BYTES_MAX {
        return Err(Stop::TooLarge);
    }
    match value {
        Value::Null => text.push_str("null"),
        Value::Flag(flag) => text.push_str(if *flag { "true" } else { "false" }),
        Value::Number(number) => text.push_str(&number.to_string()),
        Value::Text(own) => write_text(own, text),
        Value::Real(_) => return Err(Stop::Unsupported),
        Value::Opaque(opaque) => return Err(Stop::Opaque(opaque.clone())),
        Value::Unknown(unknown) => return Err(Stop::Unknown(unknown.clone())),
        Value::List(items) => {
            text.push('[');
            for (position, item) in items.iter().enumerate() {
                text.push_str(if position > 0 { "," } else { "" });
                write(item, text)?;
            }
            text.push(']');
        }
        Value::Object(object) => {
            if let Some(cause) = object.rest {
                return Err(Stop::Because(cause));
            }
            text.push('{');
            for (position, (key, value)) in object.distinct().into_iter().enumerate() {
                text.push_str(if position > 0 { "," } else { "" });
                write_text(key, text);
                text.push(':');
                write(value, text)?;
            }
            text.push('}');
        }
    }
    Ok(())
}

fn write_text(own: &str, text: &mut String) {
    text.push('"');
    for character in own.chars() {
        match character {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            '\u{8}' => text.push_str("\\b"),
            '\u{c}' => text.push_str("\\f"),
            control if control < ' ' => text.push_str(&format!("\\u{:04x}", u32::from(control))),
            other => text.push(other),
        }
    }
    text.push('"');
}

pub(super) fn base64<'a>(values: &[Value<'a>]) -> Answer<'a> {
    let [text] = values else { return Err(Stop::Unsupported) };
    Ok(Value::text(encoded(text_of(text)?.as_bytes())))
}

fn encoded(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let bits = group.iter().fold(0, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - group.len()));
        for figure in 0..4 {
            let letter = FIGURES.get((bits >> (18 - 6 * figure) & 63) as usize).copied().unwrap_or(b'=');
            text.push(char::from(if figure > group.len() { b'=' } else { letter }));
        }
    }
    text
}

const FIGURES: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

pub(super) fn base64_to_string<'a>(values: &[Value<'a>]) -> Answer<'a> {
    let [text] = values else { return Err(Stop::Unsupported) };
    decoded_text(text_of(text)?).map(Value::text)
}

pub(super) fn base64_to_json<'a>(values: &[Value<'a>]) -> Answer<'a> {
    let [text] = values else { return Err(Stop::Unsupported) };
    parsed(&decoded_text(text_of(text)?)?)
}

fn decoded_text(text: &str) -> Result<String, Stop<'static>> {
    let bytes = decoded(text).ok_or(Stop::wrong("Base64 is expected"))?;
    String::from_utf8(bytes).map_err(|_| Stop::Unsupported)
}

pub(super) fn data_uri<'a>(values: &[Value<'a>]) -> Answer<'a> {
    let [text] = values else { return Err(Stop::Unsupported) };
    Ok(Value::text(format!("{DATA_TEXT}{}", encoded(text_of(text)?.as_bytes()))))
}

pub(super) fn data_uri_to_string<'a>(values: &[Value<'a>]) -> Answer<'a> {
    let [uri] = values else { return Err(Stop::Unsupported) };
    let uri = text_of(uri)?;
    let (kind, content) = uri.split_once(',').ok_or(Stop::wrong("`data:` and content are expected"))?;
    let kind = kind.strip_prefix("data:").ok_or(Stop::wrong("`data:` is expected"))?;
    // Texts in other letters are told by their charset.
    let kind = kind.to_ascii_lowercase();
    let is_known =
        kind.contains("charset=utf8") || kind.contains("charset=utf-8") || !kind.contains("charset=");
    match kind.strip_suffix(";base64") {
        Some(_) if is_known => decoded_text(content).map(Value::text),
        _ => Err(Stop::Unsupported),
    }
}

const DATA_TEXT: &str = "data:text/plain;charset=utf8;base64,";

pub(super) fn uri_component<'a>(values: &[Value<'a>]) -> Answer<'a> {
    let [text] = values else { return Err(Stop::Unsupported) };
    let mut escaped = String::new();
    for byte in text_of(text)?.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            escaped.push_str(&format!("%{byte:02X}"));
        }
    }
    Ok(Value::text(escaped))
}

pub(super) fn uri_component_to_string<'a>(values: &[Value<'a>]) -> Answer<'a> {
    let [text] = values else { return Err(Stop::Unsupported) };
    let mut bytes = Vec::new();
    let mut rest = text_of(text)?.as_bytes();
    while let [byte, behind @ ..] = rest {
        let pair = behind.get(..2).filter(|_| *byte == b'%').and_then(|pair| core::str::from_utf8(pair).ok());
        let escaped = pair.filter(|pair| pair.bytes().all(|digit| digit.is_ascii_hexdigit()));
        match escaped.and_then(|pair| u8::from_str_radix(pair, 16).ok()) {
            Some(escaped) => {
                bytes.push(escaped);
                rest = behind.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(*byte);
                rest = behind;
            }
        }
    }
    String::from_utf8(bytes).map(Value::text).map_err(|_| Stop::Unsupported)
}

/// A place told from another: what stands behind the last slash of the other goes.
pub(super) fn uri<'a>(values: &[Value<'a>]) -> Answer<'a> {
    let [base, relative] = values else { return Err(Stop::Unsupported) };
    let (base, relative) = (text_of(base)?, text_of(relative)?);
    // What stands in `a/../b`, and places that name their host, are for those who go there.
    let is_plain =
        !relative.contains("..") && !relative.contains(':') && !relative.starts_with(['/', '?', '#', '.']);
    let (scheme, place) = base.split_once("://").ok_or(Stop::wrong("an address of the web is expected"))?;
    if !is_plain || place.contains(['?', '#']) {
        return Err(Stop::Unsupported);
    }
    let folder = place.rsplit_once('/').map_or(place, |(folder, _)| folder);
    Ok(Value::text(format!("{scheme}://{folder}/{relative}")))
}
