//! What the REST form nests under `properties` is found as what `az` flattens, and as the columns of a query.

use cloud::Lookup;
use cloud::json::{Node, Tree};

/// Values of a key stand in the object or under its `properties`.
pub(crate) static LOOKUP: Lookup = Lookup { value, nested };

/// The value of a key, in the object or under its `properties`. Who a resource is (`id`, `name`, `type`) stands outside
/// of them.
fn value<'n, 'a>(node: &'n Node<'a>, key: &str) -> Option<&'n Tree<'a>> {
    let is_who = matches!(key, "id" | "name" | "type");
    let within = nested(node).filter(|_| !is_who).and_then(|properties| properties.own(key));
    within.or_else(|| node.own(key)).or_else(|| column(node, key))
}

fn nested<'n, 'a>(node: &'n Node<'a>) -> Option<&'n Node<'a>> {
    match node.own("properties") {
        Some(Tree::Object(properties)) => Some(properties),
        Some(_) | None => None,
    }
}

/// The value of a key that a query projected without a name of its own: its column is `properties_key`.
fn column<'n, 'a>(node: &'n Node<'a>, key: &str) -> Option<&'n Tree<'a>> {
    let is_it = |own: &str| property_column(own).is_some_and(|column| column.eq_ignore_ascii_case(key));
    node.entries().iter().find(|(own, _)| is_it(own)).map(|(_, value)| value)
}

/// Whether an object has nothing but what a list of all resources says of each.
pub(crate) fn is_envelope(node: &Node<'_>) -> bool {
    let is_known = |key: &str| ENVELOPE.iter().any(|known| known.eq_ignore_ascii_case(key));
    node.entries().iter().all(|(key, value)| *value == Tree::Null || is_known(key))
}

/// What a list of all resources says of each.
pub(super) const ENVELOPE: [&str; 20] = [
    "id",
    "name",
    "type",
    "resourceGroup",
    "location",
    "tags",
    "etag",
    "sku",
    "kind",
    "identity",
    "managedBy",
    "extendedLocation",
    "plan",
    "zones",
    "systemData",
    "createdTime",
    "changedTime",
    "provisioningState",
    "subscriptionId",
    "tenantId",
];

/// The property that a column of Resource Graph is named after, when its query gave it no name.
pub(super) fn property_column(key: &str) -> Option<&str> {
    key.strip_prefix("properties_")
}

#[cfg(test)]
mod tests {
    use super::*;
    use cloud::json::whole_object;

    #[test]
    fn keys_are_found_in_both_forms_and_any_letter_case() {
        let text = r#"[{"Name":"a","Properties":{"name":"b","ports":[80,"443"]}}, 7]"#;
        let at = text.get(3..7).unwrap();
        let node = whole_object(text, at).unwrap();
        assert_eq!(value(&node, "name"), Some(&Tree::Text("a".into())));
        let ports = Tree::List(vec![Tree::Text("80".into()), Tree::Text("443".into())]);
        assert_eq!(value(&node, "ports"), Some(&ports));
        assert_eq!(value(&node, "none"), None);
    }
}
