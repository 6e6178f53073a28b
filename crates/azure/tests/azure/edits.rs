//! Edits for tests, made of documents as exports print them.

use cloud::audit::{Act, Edit, Nature};
use cloud::json::{Node, Tree, tree_in};
use model::{DocumentId, Name, Provenance};

/// Where edits of tests stand.
pub(crate) const PLACE: Provenance = Provenance { document: DocumentId(7), offset: 0 };

/// An object of JSON.
pub(crate) fn node(text: &str) -> Node<'static> {
    match tree_in(text).map(|tree| tree.to_owned_tree()) {
        Some(Tree::Object(node)) => node,
        other => panic!("{text}: {other:?}"),
    }
}

/// The objects of a list, or the one object that a text is.
pub(crate) fn nodes(text: &str) -> Vec<Node<'static>> {
    let object = |tree| match tree {
        Tree::Object(node) => node,
        other => panic!("{other:?}"),
    };
    match tree_in(text).map(|tree| tree.to_owned_tree()) {
        Some(Tree::List(items)) => items.into_iter().map(object).collect(),
        Some(Tree::Object(page)) if page.own("value").is_some() => match page.own("value") {
            Some(Tree::List(items)) => items.iter().cloned().map(object).collect(),
            other => panic!("{other:?}"),
        },
        Some(tree) => vec![object(tree)],
        None => panic!("no JSON: {text}"),
    }
}

/// The id of an object.
pub(crate) fn id_of(node: &Node<'_>) -> String {
    match node.own("id") {
        Some(Tree::Text(id)) => id.to_string(),
        other => panic!("an id: {other:?}"),
    }
}

/// The type of what an id names.
pub(crate) fn kind_of(id: &str) -> Name {
    let lower = id.to_ascii_lowercase();
    let (_, after) = lower.rsplit_once("/providers/").unwrap();
    let words: Vec<&str> = after.split('/').collect();
    let types = words.iter().skip(1).step_by(2);
    types.fold(words[0].to_owned(), |sum, word| format!("{sum}/{word}")).into()
}

/// An edit of the resource of an id.
pub(crate) fn edit(id: &str, act: Act) -> Edit {
    Edit { kind: kind_of(id), id: id.into(), scope: None, region: None, nature: Nature::Rule, act }
}

/// One edit for each object of a document, which is it from now on.
pub(crate) fn puts(text: &str) -> Vec<Edit> {
    nodes(text).into_iter().map(|node| edit(&id_of(&node), Act::Put(node))).collect()
}

/// A resource is gone.
pub(crate) fn gone(id: &str) -> Edit {
    edit(id, Act::Drop)
}
