//! Tags: `[{"Key": …, "Value": …}]` under `Tags` or `TagSet`, or an object of them.

use cloud::Stated;
use cloud::json::Tree;

/// The value of the tag `Name`, if it has one that is not blank.
pub(crate) fn name_tag<'n>(stated: &Stated<'n, '_>) -> Option<&'n str> {
    let tags = ["Tags", "TagSet"].iter().find_map(|key| stated.value(key))?;
    let value = match tags {
        Tree::List(tags) => tags.iter().find_map(|tag| match tag {
            Tree::Object(tag) if tag.own("Key") == Some(&Tree::Text("Name".into())) => tag.own("Value"),
            _ => None,
        }),
        Tree::Object(tags) => tags.own("Name"),
        Tree::Null | Tree::Flag(_) | Tree::Text(_) | Tree::Unknown(_) => None,
    };
    match value {
        Some(Tree::Text(name)) => Some(name.trim()).filter(|name| !name.is_empty()),
        Some(_) | None => None,
    }
}
