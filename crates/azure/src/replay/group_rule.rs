//! One rule of a group edited: it alone is read again, and the others keep where they were read.
//!
//! Measured: to read all fifty rules of a group again takes ten times as long as to lower them.

use std::borrow::Cow;
use std::sync::Arc;

use cloud::audit::{Act, Leg, Object, Spot};
use cloud::json::{Node, Tree};
use model::Name;

use crate::resource::{Group, SecurityRule};

/// The names of the rules that an act is about, if it is about nothing else.
pub(super) fn named(act: &Act) -> Option<Vec<Name>> {
    let of_items = |list: &Spot, items: &[Tree<'static>]| -> Option<Vec<Name>> {
        let [Leg::Key(key)] = list.0.as_slice() else { return None };
        if !key.eq_ignore_ascii_case(LIST) {
            return None;
        }
        let name = |item: &Tree<'static>| match item {
            Tree::Object(item) => match item.own("name") {
                Some(Tree::Text(name)) => Some(Name::from(name.trim())),
                _ => None,
            },
            _ => None,
        };
        items.iter().map(name).collect()
    };
    match act {
        Act::Insert { into, items, .. } => of_items(into, items),
        Act::Remove { from, items } => of_items(from, items),
        Act::Set { at, .. } => match at.0.as_slice() {
            [Leg::Key(list), Leg::Item { key, is }, _, ..]
                if list.eq_ignore_ascii_case(LIST) && key.eq_ignore_ascii_case("name") =>
            {
                Some(vec![Arc::clone(is)])
            }
            _ => None,
        },
        Act::Put(_) | Act::Drop | Act::Merge(_) => None,
    }
}

/// Rules that were deleted and that nobody saw, in words: with the rules that they may have stood before.
pub(super) fn lost(names: &[Name], group: Option<&Object>) -> String {
    let items = match group.and_then(|group| group.node.own(LIST)) {
        Some(Tree::List(items)) => items.as_slice(),
        _ => &[],
    };
    let allows = |item: &Tree<'static>| match (item, text(item, "access"), text(item, "direction")) {
        (Tree::Object(_), Some(access), direction) => {
            access.eq_ignore_ascii_case("allow")
                && direction.is_none_or(|direction| direction.eq_ignore_ascii_case("inbound"))
        }
        _ => false,
    };
    let allowing = items.iter().filter(|item| allows(item)).filter_map(|item| text(item, "name"));
    let allowing: Vec<&str> = allowing.take(SHOWN_MAX).collect();
    let rules = if names.len() == 1 { "the rule" } else { "the rules" };
    let names = names.join(", ");
    match allowing.as_slice() {
        [] => format!("{rules} {names}"),
        allowing => format!("{rules} {names}, which may have kept out whom {} lets in", allowing.join(", ")),
    }
}

fn text<'t>(item: &'t Tree<'static>, key: &str) -> Option<&'t str> {
    match item {
        Tree::Object(item) => match item.own(key) {
            Some(Tree::Text(text)) => Some(text),
            _ => None,
        },
        _ => None,
    }
}

/// How many rules a sentence names.
const SHOWN_MAX: usize = 3;

/// The group with only these of its rules; `None` where all of it has to be read.
pub(super) fn excerpt(group: &Node<'static>, names: &[Name]) -> Option<Node<'static>> {
    let Some(Tree::List(items)) = group.own(LIST) else { return None };
    let mut asked = Vec::with_capacity(names.len());
    for item in items {
        let Tree::Object(item) = item else { return None };
        let Some(Tree::Text(name)) = item.own("name") else { return None };
        if names.iter().any(|named| named.eq_ignore_ascii_case(name.trim())) {
            asked.push(Tree::Object(item.clone()));
        }
    }
    // Names are unique in a group. Where they are not, its order says which is which.
    if asked.len() > names.len() {
        return None;
    }
    let mut node = Node::default();
    for key in ["id", "name", "etag"] {
        if let Some(value) = group.own(key) {
            node.push(Cow::Borrowed(key), value.clone());
        }
    }
    node.push(Cow::Borrowed(LIST), Tree::List(asked));
    Some(node)
}

/// A known group in which the rules of these names are those of its excerpt; `None` where all of it has to be read.
pub(super) fn with_rules(known: &Group, names: &[Name], excerpt: Group) -> Option<Group> {
    let is_kept = |rule: &&SecurityRule| {
        rule.built_in || !names.iter().any(|name| name.eq_ignore_ascii_case(&rule.name))
    };
    let mut changed = known.with_rules(known.rules.iter().filter(is_kept).cloned().collect());
    for rule in excerpt.rules.into_iter().filter(|rule| !rule.built_in) {
        let priority = rule.priority?;
        let at = changed.rules.partition_point(|known| known.priority < Some(priority));
        // Which of two with one priority comes first is a matter of the whole list.
        if changed.rules.get(at).is_some_and(|next| next.priority == Some(priority)) {
            return None;
        }
        changed.rules.insert(at, rule);
    }
    Some(changed)
}

const LIST: &str = "securityRules";
