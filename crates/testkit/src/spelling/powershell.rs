//! What `Get-Az… | ConvertTo-Json` writes: capitals, lists under singular names, JSON inside of `…Text`.

use serde_json::{Map, Value, json};

use super::{modules, segment, type_of};

/// With depth enough.
pub(super) fn list(resources: &[Value]) -> Value {
    resources.iter().map(whole).collect()
}

/// Windows PowerShell: the list has its length beside it, lists inside too, and a list of one is the one.
pub(super) fn windows(resources: &[Value]) -> Value {
    let resources: Vec<Value> = resources.iter().map(written).map(|resource| counted(&resource)).collect();
    match resources.as_slice() {
        [one] => one.clone(),
        _ => json!({"value": resources, "Count": resources.len()}),
    }
}

/// Without a depth: what lies below the second level is the name of its type; where a module repeats lists in `…Text`,
/// they are whole there.
pub(super) fn cut(resources: &[Value]) -> Value {
    let cut = |resource: &Value| {
        let repeats = modules::has_texts(resource);
        let whole = whole(resource);
        let Value::Object(members) = whole else { return whole };
        let cut = members.iter().map(|(key, value)| {
            let is_whole = repeats && !members.contains_key(&format!("{key}Text"));
            (key.clone(), if is_whole { value.clone() } else { below(value, DEPTH) })
        });
        Value::Object(cut.collect())
    };
    resources.iter().map(cut).collect()
}

fn whole(resource: &Value) -> Value {
    let written = written(resource);
    if modules::has_texts(resource) { with_texts(written) } else { written }
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
        modules::finish(resource, members);
    }
    value
}

/// In capitals; `within` is the list that the object stands in.
fn capitals(within: &str, value: &Value) -> Value {
    let Value::Object(members) = value else {
        return match value {
            Value::Array(items) => items.iter().map(|item| capitals(within, item)).collect(),
            _ => value.clone(),
        };
    };
    let mut written = Map::new();
    for (key, value) in members {
        let name = name(key);
        let value = capitals(&name, value);
        let name = match SINGULAR.iter().find(|(list, plural, _)| *list == within && *plural == name) {
            Some((_, _, singular)) => (*singular).to_owned(),
            None => name,
        };
        let is_list = SINGULAR.iter().any(|(list, _, singular)| *list == within && *singular == name);
        let value = if is_list && value.is_string() { json!([value]) } else { value };
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

fn name(key: &str) -> String {
    let name = key.split_at_checked(1).map_or(String::new(), |(first, rest)| first.to_uppercase() + rest);
    let name = name.replace("IPAddress", "IpAddress").replace("IPConfiguration", "IpConfiguration");
    match name.as_str() {
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

/// Members that are lists under the singular name alone: the list of their owners, their plural name, their name.
const SINGULAR: [(&str, &str, &str); 5] = [
    ("SecurityRules", "SourceAddressPrefixes", "SourceAddressPrefix"),
    ("SecurityRules", "DestinationAddressPrefixes", "DestinationAddressPrefix"),
    ("SecurityRules", "SourcePortRanges", "SourcePortRange"),
    ("SecurityRules", "DestinationPortRanges", "DestinationPortRange"),
    ("Subnets", "AddressPrefixes", "AddressPrefix"),
];
const DEPTH: usize = 1;
