//! Parameters: their values by their types.

use std::borrow::Cow;

use cloud::json::{Cause, Node, Tree};

use super::text::exact;

/// The value of a parameter: what is given, else its default, else the only value that it allows.
pub(super) fn value<'a>(name: &str, definition: &Tree<'a>, given: Option<&Tree<'a>>) -> Tree<'a> {
    let nothing = Node::default();
    let definition = if let Tree::Object(node) = definition { node } else { &nothing };
    let kind = match exact(definition, "Type") {
        Some(Tree::Text(kind)) => &**kind,
        Some(_) | None => "String",
    };
    if kind.starts_with("AWS::SSM::Parameter::Value") {
        // What is given is the name of an entry that exists elsewhere.
        return Tree::unknown(Cause::Existing, format!("!Ref {name}"));
    }
    let written = given.or_else(|| exact(definition, "Default")).or_else(|| only(definition));
    let is_list = kind.starts_with("List<") || kind == "CommaDelimitedList";
    match written {
        None => Tree::unknown(Cause::Unset, format!("!Ref {name}")),
        Some(Tree::Text(text)) if is_list => list(text),
        Some(Tree::Flag(flag)) => Tree::Text(Cow::Borrowed(if *flag { "true" } else { "false" })),
        Some(value @ (Tree::Text(_) | Tree::Unknown(_))) => value.clone(),
        Some(value @ Tree::List(_)) if is_list => value.clone(),
        // A list that is passed to a text is its items with commas.
        Some(Tree::List(items)) => joined(name, items),
        Some(Tree::Null | Tree::Object(_)) => Tree::unknown(Cause::Wrong, format!("!Ref {name}")),
    }
}

fn only<'n, 'a>(definition: &'n Node<'a>) -> Option<&'n Tree<'a>> {
    match exact(definition, "AllowedValues") {
        Some(Tree::List(values)) => match values.as_slice() {
            [alone] => Some(alone),
            _ => None,
        },
        Some(_) | None => None,
    }
}

fn list<'a>(text: &Cow<'a, str>) -> Tree<'a> {
    let item = |part: &str| Tree::Text(Cow::Owned(part.trim().to_owned()));
    match text {
        Cow::Borrowed(text) => {
            Tree::List(text.split(',').map(|part| Tree::Text(part.trim().into())).collect())
        }
        Cow::Owned(text) => Tree::List(text.split(',').map(item).collect()),
    }
}

fn joined<'a>(name: &str, items: &[Tree<'a>]) -> Tree<'a> {
    let mut texts = Vec::with_capacity(items.len());
    for item in items {
        match item {
            Tree::Text(text) => texts.push(&**text),
            Tree::Unknown(_) if items.len() == 1 => return item.clone(),
            Tree::Unknown(_) | Tree::Null | Tree::Flag(_) | Tree::List(_) | Tree::Object(_) => {
                return super::evaluate::because(item, format!("!Ref {name}"));
            }
        }
    }
    Tree::Text(Cow::Owned(texts.join(",")))
}
