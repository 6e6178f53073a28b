//! What a plain scalar of YAML 1.1 is: CloudFormation reads `yes` as true and `0o`-less octals as numbers.
//!
//! Knows no template.

use std::borrow::Cow;

use cloud::json::Tree;

/// The value of a scalar that is neither quoted nor a block.
pub(super) fn plain<'a>(text: Cow<'a, str>) -> Tree<'a> {
    match &*text {
        "" | "~" | "null" | "Null" | "NULL" => return Tree::Null,
        "true" | "True" | "TRUE" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => return Tree::Flag(true),
        "false" | "False" | "FALSE" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => return Tree::Flag(false),
        _ => {}
    }
    match number(&text) {
        Some(digits) => Tree::Text(Cow::Owned(digits)),
        None => Tree::Text(text),
    }
}

/// The digits of a whole number that is not written in tens, or with `_` between them. `None`: it is as it is written.
fn number(text: &str) -> Option<String> {
    let (sign, rest) = match text.as_bytes().first()? {
        b'-' => ("-", text.get(1..)?),
        b'+' => ("", text.get(1..)?),
        b'0'..=b'9' => ("", text),
        _ => return None,
    };
    // An account is twelve digits, and its zeros in front are part of it, whatever YAML has them for.
    if text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let value = match rest.as_bytes() {
        [b'0', b'x', figures @ ..] => radix(figures, 16)?,
        [b'0', b'b', figures @ ..] => radix(figures, 2)?,
        [b'0', figures @ ..] if !figures.is_empty() && !rest.contains('.') => radix(figures, 8)?,
        [b'1'..=b'9', ..] if rest.contains(':') => sixties(rest)?,
        [b'1'..=b'9', ..] if rest.contains('_') || text.starts_with('+') => radix(rest.as_bytes(), 10)?,
        _ => return None,
    };
    Some(format!("{sign}{value}"))
}

fn radix(figures: &[u8], radix: u32) -> Option<u64> {
    let mut value = None;
    for figure in figures.iter().filter(|figure| **figure != b'_') {
        let digit = char::from(*figure).to_digit(radix)?;
        value = Some(value.unwrap_or(0_u64).checked_mul(u64::from(radix))?.checked_add(u64::from(digit))?);
    }
    value
}

/// `22:30` is 22 sixties and 30.
fn sixties(text: &str) -> Option<u64> {
    let mut value = 0_u64;
    for (position, part) in text.split(':').enumerate() {
        let own = radix(part.as_bytes(), 10)?;
        (position == 0 || (part.len() <= 2 && own < 60)).then_some(())?;
        value = value.checked_mul(60)?.checked_add(own)?;
    }
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_scalars_are_what_yaml_1_1_says() {
        for (text, value) in [
            ("yes", Tree::Flag(true)),
            ("Off", Tree::Flag(false)),
            ("y", Tree::Text("y".into())),
            ("~", Tree::Null),
            ("", Tree::Null),
            ("22", Tree::Text("22".into())),
            ("-1", Tree::Text("-1".into())),
            ("010", Tree::Text("8".into())),
            ("0x16", Tree::Text("22".into())),
            ("0b101", Tree::Text("5".into())),
            ("22:22", Tree::Text("1342".into())),
            ("1_000", Tree::Text("1000".into())),
            ("22:70", Tree::Text("22:70".into())),
            ("012345678901", Tree::Text("012345678901".into())),
            ("012345670123", Tree::Text("012345670123".into())),
            ("0899", Tree::Text("0899".into())),
            ("10.0.0.0/16", Tree::Text("10.0.0.0/16".into())),
            ("::/0", Tree::Text("::/0".into())),
            ("2010-09-09", Tree::Text("2010-09-09".into())),
            ("0", Tree::Text("0".into())),
            ("+7", Tree::Text("7".into())),
            ("1.5", Tree::Text("1.5".into())),
        ] {
            assert_eq!(plain(text.into()), value, "{text}");
        }
    }
}
