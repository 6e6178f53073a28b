//! Ids of what a template declares, made as Azure will make them.

use super::super::expression::Place;
use super::super::value::Value;

/// The id of a resource by its type, `Microsoft.Network/virtualNetworks/subnets`, and its name, `net/web`.
pub(super) fn id_of(place: &Place<'_>, kind: &str, name: &str) -> String {
    let subscription = place.subscription.spelled().unwrap_or_default();
    let scope = match (&place.resource_group, &place.management_group) {
        (Some(group), _) => {
            format!("/subscriptions/{subscription}/resourceGroups/{}", group.spelled().unwrap_or_default())
        }
        (None, Some(group)) => {
            let group = group.spelled().unwrap_or_default();
            format!("/providers/Microsoft.Management/managementGroups/{group}")
        }
        (None, None) => format!("/subscriptions/{subscription}"),
    };
    id_in(&scope, kind, name)
}

/// The id of a resource at a scope: a group of resources, or a resource that it extends.
pub(super) fn id_in(scope: &str, kind: &str, name: &str) -> String {
    let mut types = kind.split('/');
    let mut id = format!("{}/providers/{}", scope.trim_end_matches('/'), types.next().unwrap_or_default());
    let mut names = name.split('/');
    for kind in types {
        id.push('/');
        id.push_str(kind);
        if let Some(name) = names.next() {
            id.push('/');
            id.push_str(name);
        }
    }
    id
}

/// What ids are compared by.
pub(super) fn key_of(id: &str) -> String {
    id.trim().trim_end_matches('/').to_ascii_lowercase()
}

/// A text that names something, with what stands for what is not known.
pub(super) fn named(value: &Value<'_>) -> Option<String> {
    match value {
        Value::Unknown(unknown) if !unknown.text.is_empty() => {
            Some(format!("{{{}}}", unknown.text.replace('/', ":")))
        }
        Value::Unknown(_) => Some("{…}".to_owned()),
        other => other.spelled().map(std::borrow::Cow::into_owned),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_and_names_alternate() {
        assert_eq!(
            id_in("/subscriptions/s/resourceGroups/g", "Microsoft.Network/virtualNetworks/subnets", "v/web"),
            "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/v/subnets/web"
        );
        assert_eq!(
            id_in("/x/", "Microsoft.Network/publicIPAddresses", "p"),
            "/x/providers/Microsoft.Network/publicIPAddresses/p"
        );
    }
}
