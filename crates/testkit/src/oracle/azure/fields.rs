//! Members of JSON objects, in whatever form a client prints them.

use serde_json::Value;

/// A member of an object, or of its `properties`, whatever the case of its name.
pub(super) fn field<'a>(object: &'a Value, name: &str) -> Option<&'a Value> {
    let own = |object: &'a Value| {
        let map = object.as_object()?;
        map.iter().find(|(key, value)| same(key, name) && !value.is_null()).map(|(_, value)| value)
    };
    own(object).or_else(|| own(object.get("properties")?))
}

/// Whether it stands there, be it null.
pub(super) fn has(object: &Value, name: &str) -> bool {
    let own = |object: &Value| object.as_object().is_some_and(|map| map.keys().any(|key| same(key, name)));
    own(object) || object.get("properties").is_some_and(own)
}

pub(super) fn text<'a>(object: &'a Value, name: &str) -> Option<&'a str> {
    field(object, name).and_then(Value::as_str)
}

pub(super) fn number(rule: &Value) -> Option<u64> {
    let priority = field(rule, "priority")?;
    priority.as_u64().or_else(|| priority.as_str()?.trim().parse().ok())
}

pub(super) fn members<'a>(object: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> {
    field(object, name).and_then(Value::as_array).into_iter().flatten()
}

/// The texts of a singular and a plural member together; an effective view has lists under both.
pub(super) fn either<'a>(rule: &'a Value, singular: &str, plural: &str) -> Vec<&'a str> {
    let mut texts: Vec<&str> = Vec::new();
    for name in [singular, plural] {
        texts.extend(text(rule, name).filter(|it| !it.trim().is_empty()));
        texts.extend(members(rule, name).filter_map(Value::as_str));
    }
    texts
}

pub(super) fn reference<'a>(object: &'a Value, name: &str) -> Option<&'a str> {
    field(object, name).and_then(|it| text(it, "id"))
}

pub(super) fn find<'a>(resources: &'a [Value], id: &str) -> Option<&'a Value> {
    resources.iter().find(|resource| text(resource, "id").is_some_and(|it| same(it, id)))
}

pub(super) fn same(left: &str, right: &str) -> bool {
    left.trim().eq_ignore_ascii_case(right)
}

pub(super) fn is_named(resource: &Value, id: Option<&str>) -> bool {
    text(resource, "id").zip(id).is_some_and(|(own, id)| same(own, id))
}
