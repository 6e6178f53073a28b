//! A tree read again as if it stood in the document: what is no text of the document reads through the same structs.

use cloud::json::{Node, Tree};
use serde::de::Deserialize as _;

use super::element::Element;
use super::fields::Object;
use super::page::Item;

/// The item that an entry of a list is, which was read whole; `around` is where it stands if it cannot say so itself.
pub(super) fn item<'a>(entry: Tree<'a>, around: Option<&'a str>) -> Item<'a> {
    let Tree::Object(mut node) = entry else { return Item::Strange };
    node.at = node.at.or(around);
    match element(node) {
        Some(element) => Item::Resource(Box::new(element)),
        None => Item::Strange,
    }
}

/// The resource that an object is. It keeps the object.
pub(crate) fn element(node: Node<'_>) -> Option<Element<'_>> {
    let tree = Tree::Object(node);
    let read = Object::<Element<'_>>::deserialize(&tree);
    match (read, tree) {
        (Ok(Object::Is(mut element)), Tree::Object(node)) => {
            element.whole = Some(Box::new(node));
            Some(element)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_reads_as_its_text_does() {
        let text = r#"{"name":"a","properties":{"securityRules":[{"name":"r","properties":{"priority":100}}],"x":[true,null]}}"#;
        let direct = serde_json::from_str::<Object<Element<'_>>>(text).unwrap();
        let Ok(Tree::Object(node)) = serde_json::from_str::<Tree<'_>>(text) else { panic!("an object") };
        let mut replayed = element(node).unwrap();
        assert!(replayed.whole.take().is_some());
        assert_eq!(Object::Is(replayed), direct);
    }
}
