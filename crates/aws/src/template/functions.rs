//! The functions of templates, one line each in one table.
//!
//! Adding one: a function and its line.

use std::borrow::Cow;

use cloud::json::{Cause, Tree};

use super::cidr;
use super::evaluate::{because, has_unknown, may_lack, text_of, undecided, wrong};
use super::pseudo;
use super::run::bounded;
use super::stack::Stack;

/// What a function makes of its argument; `None`: nothing is there.
pub(super) type Function = for<'s, 'a> fn(&Stack<'s, 'a>, &Tree<'a>) -> Option<Tree<'a>>;

/// Every function that is evaluated, as JSON spells it.
pub(super) const FUNCTIONS: &[(&str, Function)] = &[
    ("Ref", |stack, argument| stack.reference(argument)),
    ("Fn::Base64", base64),
    ("Fn::Cidr", |stack, argument| Some(cidr::blocks(stack, argument))),
    ("Fn::FindInMap", |stack, argument| Some(find_in_map(stack, argument))),
    ("Fn::GetAtt", |stack, argument| stack.attribute(argument)),
    ("Fn::GetAZs", |_, _| Some(Tree::unknown(Cause::Existing, "!GetAZs"))),
    ("Fn::If", choice),
    ("Fn::ImportValue", import),
    ("Fn::Join", |stack, argument| Some(join(stack, argument))),
    ("Fn::Length", |stack, argument| Some(length(stack, argument))),
    ("Fn::Select", |stack, argument| Some(select(stack, argument))),
    ("Fn::Split", |stack, argument| Some(split(stack, argument))),
    ("Fn::Sub", |stack, argument| Some(super::substitute::substitute(stack, argument))),
    ("Fn::ToJsonString", to_json),
    ("Fn::And", truth),
    ("Fn::Equals", truth),
    ("Fn::Not", truth),
    ("Fn::Or", truth),
];

/// The arguments of a function; a macro may give them as one expression, which nobody here follows.
pub(super) fn arguments<'t, 'a>(argument: &'t Tree<'a>) -> &'t [Tree<'a>] {
    match argument {
        Tree::List(items) => items,
        Tree::Null | Tree::Flag(_) | Tree::Text(_) | Tree::Object(_) | Tree::Unknown(_) => &[],
    }
}

/// Templates have these in conditions and in rules only.
fn truth<'a>(_stack: &Stack<'_, 'a>, _argument: &Tree<'a>) -> Option<Tree<'a>> {
    Some(wrong("a condition in `Conditions`"))
}

fn choice<'a>(stack: &Stack<'_, 'a>, argument: &Tree<'a>) -> Option<Tree<'a>> {
    let [condition, then, otherwise] = arguments(argument) else {
        return Some(wrong("a condition and two values"));
    };
    let name = match condition {
        Tree::Text(name) => &**name,
        Tree::Null | Tree::Flag(_) | Tree::List(_) | Tree::Object(_) | Tree::Unknown(_) => "",
    };
    match stack.holds(condition) {
        Some(true) => stack.value(then),
        Some(false) => stack.value(otherwise),
        None => {
            let (then, otherwise) = (stack.value(then), stack.value(otherwise));
            if then == otherwise { then } else { Some(undecided(name)) }
        }
    }
}

fn base64<'a>(stack: &Stack<'_, 'a>, argument: &Tree<'a>) -> Option<Tree<'a>> {
    Some(match stack.text(argument) {
        // What is encoded can no longer be told from what it stands for.
        Ok(text) if pseudo::is_open(&text) => Tree::unknown(Cause::Unset, "!Base64"),
        Ok(text) => bounded(encoded(text.as_bytes())),
        Err(other) => because(&other, "!Base64"),
    })
}

fn encoded(bytes: &[u8]) -> String {
    const FIGURES: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let byte = |position: usize| u32::from(group.get(position).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for position in 0..4 {
            let figure = FIGURES.get((bits >> (18 - 6 * position) & 63) as usize).copied().unwrap_or(b'A');
            text.push(if position > group.len() { '=' } else { char::from(figure) });
        }
    }
    text
}

fn import<'a>(stack: &Stack<'_, 'a>, argument: &Tree<'a>) -> Option<Tree<'a>> {
    let name = stack.text(argument).unwrap_or_default();
    let imported =
        Some(&name).filter(|name| !pseudo::is_open(name)).and_then(|name| stack.run.imported(name));
    Some(imported.unwrap_or_else(|| Tree::unknown(Cause::Existing, format!("!ImportValue {name}"))))
}

fn join<'a>(stack: &Stack<'_, 'a>, argument: &Tree<'a>) -> Tree<'a> {
    let [delimiter, list] = arguments(argument) else { return wrong("a delimiter and a list") };
    let delimiter = match stack.text(delimiter) {
        Ok(delimiter) => delimiter,
        Err(other) => return because(&other, "!Join"),
    };
    let items = match stack.items(list) {
        Ok(items) => items,
        Err(other) => return because(&other, "!Join"),
    };
    if let [alone] = items.as_slice()
        && !may_lack(alone)
    {
        // One item is itself, whatever it is.
        return text_of(alone.clone()).map_or_else(|other| other, Tree::Text);
    }
    let mut texts: Vec<Cow<'_, str>> = Vec::with_capacity(items.len());
    let mut bytes = 0_usize;
    for item in items {
        match text_of(item) {
            Ok(text) => {
                bytes += text.len() + delimiter.len();
                texts.push(text);
            }
            Err(other) => return because(&other, "!Join"),
        }
        if bytes > JOINED_BYTES_MAX {
            return Tree::unknown(Cause::TooLarge, "!Join");
        }
    }
    bounded(texts.join(&delimiter))
}

fn split<'a>(stack: &Stack<'_, 'a>, argument: &Tree<'a>) -> Tree<'a> {
    let [delimiter, text] = arguments(argument) else { return wrong("a delimiter and a text") };
    let (delimiter, text) = match (stack.text(delimiter), stack.text(text)) {
        (Ok(delimiter), Ok(text)) => (delimiter, text),
        (Err(other), _) | (_, Err(other)) => return because(&other, "!Split"),
    };
    if delimiter.is_empty() {
        return wrong("a delimiter that is not empty");
    }
    if !pseudo::splits_cleanly(&text, &delimiter) {
        return Tree::unknown(Cause::Unset, format!("!Split {text}"));
    }
    Tree::List(text.split(&*delimiter).map(|part| Tree::Text(Cow::Owned(part.to_owned()))).collect())
}

fn select<'a>(stack: &Stack<'_, 'a>, argument: &Tree<'a>) -> Tree<'a> {
    let [index, list] = arguments(argument) else { return wrong("an index and a list") };
    let items = match stack.items(list) {
        Ok(items) => items,
        Err(other) => return because(&other, "!Select"),
    };
    let index = match stack.text(index) {
        Ok(digits) => match digits.trim().parse::<usize>() {
            Ok(index) => index,
            Err(_) => return wrong("an index"),
        },
        Err(other) => {
            let first = items.first();
            let is_same = !items.iter().any(has_unknown) && items.iter().all(|item| Some(item) == first);
            return match first {
                Some(first) if is_same => first.clone(),
                Some(_) | None => because(&other, "!Select"),
            };
        }
    };
    if let Some(open) = items.iter().take(index + 1).find(|item| may_lack(item)) {
        return because(open, "!Select");
    }
    match items.into_iter().nth(index) {
        Some(Tree::Null) | None => wrong("an index of the list"),
        Some(item) => item,
    }
}

fn length<'a>(stack: &Stack<'_, 'a>, argument: &Tree<'a>) -> Tree<'a> {
    match stack.items(argument) {
        Ok(items) => match items.iter().find(|item| may_lack(item)) {
            Some(open) => because(open, "!Length"),
            None => Tree::Text(Cow::Owned(items.len().to_string())),
        },
        Err(other) => because(&other, "!Length"),
    }
}

fn find_in_map<'a>(stack: &Stack<'_, 'a>, argument: &Tree<'a>) -> Tree<'a> {
    let (map, first, second, rest) = match arguments(argument) {
        [map, first, second, rest @ ..] => (map, first, second, rest),
        _ => return wrong("a map and two keys"),
    };
    let mut keys = Vec::with_capacity(3);
    for key in [map, first, second] {
        match stack.text(key) {
            Ok(key) if pseudo::is_open(&key) => {
                return Tree::unknown(Cause::Unset, format!("!FindInMap {key}"));
            }
            Ok(key) => keys.push(key),
            Err(other) => return because(&other, "!FindInMap"),
        }
    }
    match stack.mapped(&keys) {
        Some(found) => found,
        None => match rest {
            [Tree::Object(options)] => match super::text::exact(options, "DefaultValue") {
                Some(default) => stack.value(default).unwrap_or_else(|| wrong("a default")),
                None => wrong("`DefaultValue`"),
            },
            _ => wrong("keys that the map has"),
        },
    }
}

fn to_json<'a>(stack: &Stack<'_, 'a>, argument: &Tree<'a>) -> Option<Tree<'a>> {
    let value = stack.value(argument)?;
    let mut text = String::new();
    Some(match super::json_text::write(&value, &mut text) {
        Ok(()) => bounded(text),
        Err(other) => because(&other, "!ToJsonString"),
    })
}

const JOINED_BYTES_MAX: usize = 1_000_000;
