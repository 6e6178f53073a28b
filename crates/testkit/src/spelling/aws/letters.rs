//! The letters of keys, and the spellings of a permission that go with them.

use serde_json::{Map, Value, json};

/// Keys that begin with a small letter.
pub(super) fn camel(value: &Value) -> Value {
    let small = |key: &str| {
        let (first, rest) = key.split_at(usize::from(!key.is_empty()));
        format!("{}{rest}", first.to_lowercase())
    };
    rekeyed(value, &small)
}

/// As AWS Config stores a configuration: small letters, and blocks as texts beside objects.
pub(super) fn configuration(value: &Value) -> Value {
    camel(&with_texts(value))
}

/// As the tools for PowerShell print an object: blocks as texts beside objects.
pub(super) fn powershell(value: &Value) -> Value {
    with_texts(value)
}

fn rekeyed(value: &Value, with: &dyn Fn(&str) -> String) -> Value {
    match value {
        Value::Array(items) => items.iter().map(|item| rekeyed(item, with)).collect(),
        Value::Object(object) => {
            let entries = object.iter().map(|(key, value)| (with(key), rekeyed(value, with)));
            Value::Object(entries.collect())
        }
        other => other.clone(),
    }
}

/// `IpRanges` of objects as `Ipv4Ranges`, with the same as texts beside them.
fn with_texts(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(with_texts).collect(),
        Value::Object(object) => {
            let mut written = Map::new();
            for (key, value) in object {
                match value.as_array().filter(|_| key == "IpRanges") {
                    Some(ranges) => {
                        let texts: Vec<Value> = ranges.iter().map(|range| range["CidrIp"].clone()).collect();
                        written.insert("Ipv4Ranges".to_owned(), value.clone());
                        written.insert("IpRanges".to_owned(), json!(texts));
                    }
                    None => {
                        written.insert(key.clone(), with_texts(value));
                    }
                }
            }
            Value::Object(written)
        }
        other => other.clone(),
    }
}
