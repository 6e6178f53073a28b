//! A value as the text of JSON.

use cloud::json::{Cause, Tree};

use super::run::bounded;

/// Writes a value.
///
/// # Errors
/// What in it is not known. Whether digits were a number or a string is not, where they could be either.
pub(super) fn write<'a>(tree: &Tree<'a>, text: &mut String) -> Result<(), Tree<'a>> {
    match tree {
        Tree::Null => text.push_str("null"),
        Tree::Flag(flag) => text.push_str(if *flag { "true" } else { "false" }),
        Tree::Text(own) if own.parse::<f64>().is_ok() => return Err(Tree::unknown(Cause::Unsupported, "")),
        Tree::Text(own) => quoted(own, text),
        Tree::List(items) => {
            text.push('[');
            for (position, item) in items.iter().enumerate() {
                text.push_str(if position > 0 { "," } else { "" });
                write(item, text)?;
            }
            text.push(']');
        }
        Tree::Object(node) => {
            text.push('{');
            for (position, (key, value)) in node.entries().iter().enumerate() {
                text.push_str(if position > 0 { "," } else { "" });
                quoted(key, text);
                text.push(':');
                write(value, text)?;
            }
            text.push('}');
        }
        unknown @ Tree::Unknown(_) => return Err(unknown.clone()),
    }
    Ok(())
}

/// A value as the text of JSON; what is not known stays so. Digits are numbers: policies have none.
pub(super) fn policy<'a>(tree: &Tree<'a>) -> Tree<'a> {
    if let Tree::Text(_) = tree {
        return tree.clone();
    }
    let mut text = String::new();
    match write(tree, &mut text) {
        Ok(()) => bounded(text),
        Err(other) => other,
    }
}

fn quoted(own: &str, text: &mut String) {
    text.push('"');
    for character in own.chars() {
        match character {
            '"' | '\\' => text.extend(['\\', character]),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            control if u32::from(control) < 0x20 => text.push_str(&format!("\\u{:04x}", u32::from(control))),
            other => text.push(other),
        }
    }
    text.push('"');
}
