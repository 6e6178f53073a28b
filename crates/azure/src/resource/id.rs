//! Resource ids: `/subscriptions/…/resourceGroups/…/providers/…/type/name`, compared without letter case.
//!
//! Knows the shape of an id, not which resources exist.

/// The name of what an id names: its last segment.
pub(crate) fn name_of(id: &str) -> &str {
    id.trim_end_matches('/').rsplit('/').next().unwrap_or(id)
}

/// The value after a segment, e.g. the subscription after `subscriptions`.
pub(crate) fn segment_after<'a>(id: &'a str, segment: &str) -> Option<&'a str> {
    let mut segments = id.split('/');
    segments.find(|found| found.eq_ignore_ascii_case(segment))?;
    segments.next().filter(|value| !value.is_empty())
}

/// The subscription of an id.
pub(crate) fn subscription_of(id: &str) -> Option<&str> {
    segment_after(id, "subscriptions")
}

/// The type of what an id names, in lower case: `microsoft.network/virtualnetworks/subnets`.
pub(crate) fn type_of(id: &str) -> Option<String> {
    let lower = id.to_ascii_lowercase();
    let (_, after) = lower.rsplit_once("/providers/")?;
    let mut segments = after.split('/');
    let mut kind = segments.next()?.to_owned();
    for word in segments.step_by(2).filter(|word| !word.is_empty()) {
        kind.push('/');
        kind.push_str(word);
    }
    kind.contains('/').then_some(kind)
}

/// The id of the resource that holds what an id names: two segments less.
pub(crate) fn parent_of(id: &str) -> Option<&str> {
    let (rest, _name) = id.trim_end_matches('/').rsplit_once('/')?;
    let (parent, _kind) = rest.rsplit_once('/')?;
    Some(parent).filter(|parent| !parent.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SUBNET: &str =
        "/subscriptions/S1/resourceGroups/RG/providers/Microsoft.Network/virtualNetworks/v/subnets/web";

    #[test]
    fn an_id_is_taken_apart() {
        assert_eq!(name_of(SUBNET), "web");
        assert_eq!(subscription_of(SUBNET), Some("S1"));
        assert_eq!(segment_after(SUBNET, "resourcegroups"), Some("RG"));
        assert_eq!(type_of(SUBNET).as_deref(), Some("microsoft.network/virtualnetworks/subnets"));
        assert!(parent_of(SUBNET).is_some_and(|parent| parent.ends_with("/virtualNetworks/v")));
    }

    #[test]
    fn what_is_no_id_has_no_parts() {
        for text in ["", "/", "nsg", "/providers/", "a/providers/x"] {
            assert_eq!(type_of(text), None, "{text}");
            assert_eq!(subscription_of(text), None, "{text}");
        }
        assert_eq!(parent_of("nsg"), None);
    }
}
