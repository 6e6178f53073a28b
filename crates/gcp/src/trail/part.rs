//! Parts of a record, by keys in any letter case, with or without underscores; JSON where a text of it stands too.
//!
//! Knows no key.

use std::borrow::Cow;

use cloud::json::{Node, Tree, object_in};

/// The value of a key: `callerIp`, `caller_ip`, `CallerIP`, `Timestamp [UTC]`. Of a key that is given twice the later.
pub(super) fn value<'t, 'a>(node: &'t Node<'a>, key: &str) -> Option<&'t Tree<'a>> {
    node.own(key).or_else(|| {
        let is_it = |own: &&(Cow<'a, str>, Tree<'a>)| is_same(&own.0, key);
        node.entries().iter().rev().find(is_it).map(|(_, value)| value)
    })
}

fn is_same(own: &str, key: &str) -> bool {
    let own = own.strip_suffix(" [UTC]").unwrap_or(own);
    let mut letters = own.bytes().filter(|byte| *byte != b'_');
    key.bytes().all(|wanted| letters.next().is_some_and(|byte| byte.eq_ignore_ascii_case(&wanted)))
        && letters.next().is_none()
}

/// The text of a key; one that is blank is none.
pub(super) fn text<'t>(node: &'t Node<'_>, key: &str) -> Option<&'t str> {
    match value(node, key)? {
        Tree::Text(text) => Some(text.trim()).filter(|text| !text.is_empty()),
        Tree::Null | Tree::Flag(_) | Tree::List(_) | Tree::Object(_) | Tree::Unknown(_) => None,
    }
}

/// The first of these keys that has a text.
pub(super) fn first_text<'t>(node: &'t Node<'_>, keys: &[&str]) -> Option<&'t str> {
    keys.iter().find_map(|key| text(node, key))
}

/// Whether a key says yes or no; columns of tables have words.
pub(super) fn flag(node: &Node<'_>, key: &str) -> Option<bool> {
    match value(node, key)? {
        Tree::Flag(flag) => Some(*flag),
        Tree::Text(word) if word.eq_ignore_ascii_case("true") => Some(true),
        Tree::Text(word) if word.eq_ignore_ascii_case("false") => Some(false),
        Tree::Text(_) | Tree::Null | Tree::List(_) | Tree::Object(_) | Tree::Unknown(_) => None,
    }
}

/// The object of a key, as it is.
pub(super) fn part<'t, 'a>(node: &'t Node<'a>, key: &str) -> Option<&'t Node<'a>> {
    match value(node, key)? {
        Tree::Object(part) => Some(part),
        Tree::Null | Tree::Flag(_) | Tree::Text(_) | Tree::List(_) | Tree::Unknown(_) => None,
    }
}

/// The object of a key, or of the text of JSON under it, or under the key that exports to BigQuery make of it.
pub(super) fn object<'a>(node: &Node<'a>, key: &str) -> Option<Node<'a>> {
    let found = value(node, key).and_then(object_in);
    found.or_else(|| value(node, &format!("{key}Json")).and_then(object_in))
}

/// The items of a list; nothing where there is none.
pub(super) fn items<'t, 'a>(node: &'t Node<'a>, key: &str) -> &'t [Tree<'a>] {
    match value(node, key) {
        Some(Tree::List(items)) => items,
        Some(Tree::Null | Tree::Flag(_) | Tree::Text(_) | Tree::Object(_) | Tree::Unknown(_)) | None => &[],
    }
}

/// The text at the end of keys.
pub(super) fn text_at<'t>(node: &'t Node<'_>, keys: &[&str]) -> Option<&'t str> {
    let (last, way) = keys.split_last()?;
    let owner = way.iter().try_fold(node, |node, key| part(node, key))?;
    text(owner, last)
}

#[cfg(test)]
mod tests {
    use cloud::json::tree_in;

    use super::*;

    #[test]
    fn keys_are_found_however_tables_spell_them() {
        let Some(Tree::Object(node)) = tree_in(
            r#"{"caller_ip": "a", "Timestamp [UTC]": "b", "requestJson": "{\"x\": 1}", "On": "True", "blank": " "}"#,
        ) else {
            panic!("no object")
        };
        assert_eq!((text(&node, "callerIp"), text(&node, "timestamp")), (Some("a"), Some("b")));
        assert_eq!(object(&node, "request").as_ref().and_then(|node| text(node, "x")), Some("1"));
        assert_eq!(
            (flag(&node, "on"), text(&node, "blank"), text(&node, "caller")),
            (Some(true), None, None)
        );
    }
}
