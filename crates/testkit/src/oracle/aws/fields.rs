//! Members of the objects that `aws … describe-*` prints.

use serde_json::Value;

pub(super) use crate::oracle::prefix::{Prefix, edges, is_internet};

/// A member that is there and not null.
pub(super) fn field<'a>(object: &'a Value, name: &str) -> Option<&'a Value> {
    object.get(name).filter(|value| !value.is_null())
}

pub(super) fn text<'a>(object: &'a Value, name: &str) -> Option<&'a str> {
    field(object, name).and_then(Value::as_str)
}

pub(super) fn members<'a>(object: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> {
    field(object, name).and_then(Value::as_array).into_iter().flatten()
}

/// A number, be it written as one or as text.
pub(super) fn number(object: &Value, name: &str) -> Option<i64> {
    let value = field(object, name)?;
    value.as_i64().or_else(|| value.as_str()?.parse().ok())
}

/// The value of a tag.
pub(super) fn tag<'a>(object: &'a Value, key: &str) -> Option<&'a str> {
    let tags = members(object, "Tags").chain(members(object, "TagSet"));
    let mut named = tags.filter(|tag| text(tag, "Key") == Some(key));
    named.next().and_then(|tag| text(tag, "Value")).filter(|value| !value.is_empty())
}
