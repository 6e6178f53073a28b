//! `Fn::Sub`: a text with `${…}` in it.

use std::borrow::Cow;

use cloud::json::{Cause, Node, Tree};

use super::evaluate::{because, text_of, wrong};
use super::functions::arguments;
use super::run::{TEXT_BYTES_MAX, bounded};
use super::stack::Stack;
use super::text::exact;

/// The text with everything put in; not known, where a part is not.
pub(super) fn substitute<'a>(stack: &Stack<'_, 'a>, argument: &Tree<'a>) -> Tree<'a> {
    let nothing = Node::default();
    let (text, own) = match argument {
        Tree::Text(text) => (text, &nothing),
        Tree::List(_) => match arguments(argument) {
            [Tree::Text(text)] => (text, &nothing),
            [Tree::Text(text), Tree::Object(own)] => (text, own),
            _ => return wrong("a text and an object"),
        },
        Tree::Null | Tree::Flag(_) | Tree::Object(_) | Tree::Unknown(_) => return wrong("a text"),
    };
    let parts = parts(text);
    if let [Part::Value(name)] = parts.as_slice() {
        // One part is itself, whatever it is.
        let value = named(stack, own, name);
        return text_of(value).map_or_else(|other| other, Tree::Text);
    }
    let mut made = String::with_capacity(text.len());
    for part in parts {
        match part {
            Part::Text(text) => made.push_str(text),
            Part::Value(name) => match text_of(named(stack, own, name)) {
                Ok(text) => made.push_str(&text),
                Err(other) => return because(&other, format!("!Sub {text}")),
            },
        }
        if made.len() > TEXT_BYTES_MAX {
            return Tree::unknown(Cause::TooLarge, "!Sub");
        }
    }
    bounded(made)
}

fn named<'a>(stack: &Stack<'_, 'a>, own: &Node<'a>, name: &str) -> Tree<'a> {
    if let Some(value) = exact(own, name) {
        return stack.value(value).unwrap_or_else(|| wrong("a value"));
    }
    let name = Tree::Text(Cow::Owned(name.to_owned()));
    let is_attribute = matches!(&name, Tree::Text(name) if name.contains('.'));
    let value = if is_attribute { stack.attribute(&name) } else { stack.reference(&name) };
    value.unwrap_or_else(|| wrong("a value"))
}

#[derive(Debug, PartialEq)]
enum Part<'t> {
    Text(&'t str),
    Value(&'t str),
}

/// The parts of a text. `${!name}` is the text `${name}`; what is not closed is text.
fn parts(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        let Some((name, behind)) = after.split_once('}') else { break };
        if !before.is_empty() {
            parts.push(Part::Text(before));
        }
        match name.strip_prefix('!') {
            Some(literal) => parts.extend([Part::Text("${"), Part::Text(literal), Part::Text("}")]),
            None => parts.push(Part::Value(name.trim())),
        }
        rest = behind;
    }
    if !rest.is_empty() {
        parts.push(Part::Text(rest));
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_has_parts() {
        use Part::{Text, Value};
        assert_eq!(
            parts("a${B}c${!d}"),
            [Text("a"), Value("B"), Text("c"), Text("${"), Text("d"), Text("}")]
        );
        assert_eq!(parts("${A.b}"), [Value("A.b")]);
        assert_eq!(parts("a${b"), [Text("a${b")]);
        assert_eq!(parts("$a{b}"), [Text("$a{b}")]);
        assert_eq!(parts(""), []);
    }
}
