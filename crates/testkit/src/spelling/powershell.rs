//! What `Get-Az… | ConvertTo-Json` writes: capitals, lists under singular names, JSON inside of `…Text`.

use serde_json::{Map, Value, json};

use super::{segment, type_of};

/// With depth enough.
pub(super) fn list(resources: &[Value]) -> Value {
    resources.iter().map(|resource| with_texts(written(resource))).collect()
}

/// Windows PowerShell: the list has its length beside it, lists inside too, and a list of one is the one.
pub(super) fn windows(resources: &[Value]) -> Value {
    let resources: Vec<Value> = resources.iter().map(written).map(|resource| counted(&resource)).collect();
    match resources.as_slice() {
        [one] => one.clone(),
        _ => json!({"value": resources, "Count": resources.len()}),
    }
}

/// Without a depth: what lies below the second level is the name of its type, and `…Text` has it.
pub(super) fn cut(resources: &[Value]) -> Value {
    let cut = |resource: &Value| {
        let whole = with_texts(written(resource));
        let Value::Object(members) = whole else { return whole };
        let cut = members.iter().map(|(key, value)| {
            let has_text = members.contains_key(&format!("{key}Text"));
            (key.clone(), if has_text { below(value, DEPTH) } else { value.clone() })
        });
        Value::Object(cut.collect())
    };
    resources.iter().map(cut).collect()
}

fn written(resource: &Value) -> Value {
    let mut value = capitals("", resource);
    if let Value::Object(members) = &mut value {
        if let Some(group) = segment(resource, "resourceGroups") {
            members.insert("ResourceGroupName".to_owned(), group.into());
        }
        if let Some(kind) = resource["id"].as_str().and_then(type_of) {
            members.entry("Type").or_insert(Value::String(kind));
        }
        members.insert("Tag".to_owned(), Value::Null);
        members.remove("ResourceGroup");
    }
    value
}

fn capitals(key: &str, value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let mut written = Map::new();
            for (key, value) in members {
                let name = name(key);
                let value = capitals(&name, value);
                // One list under the singular name is all there is.
                match (written.get_mut(&name), value) {
                    (Some(Value::Array(there)), Value::Array(more)) => there.extend(more),
                    (_, value) => {
                        written.insert(name, value);
                    }
                }
            }
            Value::Object(written)
        }
        Value::Array(items) => items.iter().map(|item| capitals("", item)).collect(),
        Value::String(text) if LISTS.contains(&key) => json!([text]),
        _ => value.clone(),
    }
}

fn name(key: &str) -> String {
    let name = key.split_at_checked(1).map_or(String::new(), |(first, rest)| first.to_uppercase() + rest);
    let name = name.replace("IPAddress", "IpAddress").replace("IPConfiguration", "IpConfiguration");
    match name.as_str() {
        "SourceAddressPrefixes" => "SourceAddressPrefix".to_owned(),
        "DestinationAddressPrefixes" => "DestinationAddressPrefix".to_owned(),
        "SourcePortRanges" => "SourcePortRange".to_owned(),
        "DestinationPortRanges" => "DestinationPortRange".to_owned(),
        "NetworkAcls" => "NetworkRuleSet".to_owned(),
        _ => name,
    }
}

/// Every list of objects once more, as JSON in a text.
fn with_texts(mut resource: Value) -> Value {
    if let Value::Object(members) = &mut resource {
        let texts: Vec<(String, Value)> = members
            .iter()
            .filter(|(_, value)| value.is_array() || value.is_object())
            .map(|(key, value)| (format!("{key}Text"), Value::String(value.to_string())))
            .collect();
        members.extend(texts);
    }
    resource
}

fn below(value: &Value, depth: usize) -> Value {
    match value {
        Value::Array(items) if depth == 0 => match items.first() {
            Some(Value::String(_)) => {
                let words: Vec<&str> = items.iter().filter_map(Value::as_str).collect();
                words.join(" ").into()
            }
            _ => "System.Object[]".into(),
        },
        Value::Object(_) if depth == 0 => "Microsoft.Azure.Commands.Network.Models.PSSecurityRule".into(),
        Value::Array(items) => items.iter().map(|item| below(item, depth - 1)).collect(),
        Value::Object(members) => {
            Value::Object(members.iter().map(|(key, value)| (key.clone(), below(value, depth - 1))).collect())
        }
        _ => value.clone(),
    }
}

fn counted(value: &Value) -> Value {
    match value {
        Value::Array(items) => {
            let items: Vec<Value> = items.iter().map(counted).collect();
            match items.as_slice() {
                [one @ Value::Object(_)] => one.clone(),
                _ => json!({"value": items, "Count": items.len()}),
            }
        }
        Value::Object(members) => {
            Value::Object(members.iter().map(|(key, value)| (key.clone(), counted(value))).collect())
        }
        _ => value.clone(),
    }
}

/// Members that are lists of words whatever their name says.
const LISTS: [&str; 5] = [
    "SourceAddressPrefix",
    "DestinationAddressPrefix",
    "SourcePortRange",
    "DestinationPortRange",
    "AddressPrefix",
];
const DEPTH: usize = 1;
