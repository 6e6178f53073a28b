//! As much of Terraform's language as the peers' examples of rules and databases are written in.
//!
//! Blocks become objects in a list under their word, references become `{"reference": "each.value.port"}`. No functions, no
//! templates: a text is its characters.

use std::iter::Peekable;

use serde_json::{Map, Value, json};

/// The blocks and attributes of a file; a `resource` has its labels as `labels`.
pub(crate) fn read(text: &str) -> Value {
    let words = words(text);
    body(&mut words.into_iter().peekable())
}

/// Texts keep their opening quote.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '#' => while letters.next_if(|next| *next != '\n').is_some() {},
            '"' => {
                let mut word = String::from('"');
                while let Some(next) = letters.next_if(|next| *next != '"') {
                    word.push(next);
                }
                letters.next();
                words.push(word);
            }
            '{' | '}' | '[' | ']' | '=' => words.push(letter.into()),
            ',' | ' ' | '\n' | '\t' | '\r' => {}
            first => {
                let mut word = String::from(first);
                while let Some(next) = letters.next_if(|next| next.is_alphanumeric() || "._-".contains(*next))
                {
                    word.push(next);
                }
                words.push(word);
            }
        }
    }
    words
}

fn body(words: &mut Peekable<impl Iterator<Item = String>>) -> Value {
    let mut stated: Map<String, Value> = Map::new();
    while let Some(key) = words.next_if(|word| word != "}") {
        let mut labels = Vec::new();
        while let Some(label) = words.next_if(|word| word != "=" && word != "{") {
            labels.push(json!(label.trim_start_matches('"')));
        }
        let key = key.trim_start_matches('"').to_owned();
        match words.next().as_deref() {
            Some("=") => {
                let value = value(words);
                stated.insert(key, value);
            }
            Some("{") => {
                let mut block = body(words);
                words.next();
                if !labels.is_empty() {
                    block["labels"] = Value::Array(labels);
                }
                let blocks = stated.entry(key).or_insert_with(|| json!([]));
                blocks.as_array_mut().unwrap().push(block);
            }
            other => panic!("`{key}` and then {other:?}"),
        }
    }
    Value::Object(stated)
}

fn value(words: &mut Peekable<impl Iterator<Item = String>>) -> Value {
    let word = words.next().unwrap();
    match word.as_str() {
        "[" => {
            let mut items = Vec::new();
            while words.next_if(|next| next == "]").is_none() {
                items.push(value(words));
            }
            Value::Array(items)
        }
        "{" => {
            let object = body(words);
            words.next();
            object
        }
        "true" | "false" => json!(word == "true"),
        "null" => Value::Null,
        text if text.starts_with('"') => json!(text.trim_start_matches('"')),
        number if number.parse::<u32>().is_ok() => json!(number.parse::<u32>().unwrap()),
        reference => json!({ "reference": reference }),
    }
}

/// The resources of a kind, each with the name that Terraform gives it; one for each where it says `for_each`.
pub(crate) fn resources(file: &Value, kind: &str) -> Vec<(String, Value)> {
    let mut found = Vec::new();
    for resource in file["resource"].as_array().into_iter().flatten().filter(|one| one["labels"][0] == kind) {
        let name = format!("{kind}.{}", resource["labels"][1].as_str().unwrap());
        let over = resource["for_each"]["reference"].as_str().and_then(|local| local.strip_prefix("local."));
        match over.map(|local| &file["locals"][0][local]) {
            None => found.push((name, resource.clone())),
            Some(each) => found.extend(each.as_object().unwrap().iter().map(|(key, each)| {
                let mut resource = resource.clone();
                fill(&mut resource, each);
                (format!("{name}[{key}]"), resource)
            })),
        }
    }
    found
}

/// Puts in what `each.value` is.
fn fill(value: &mut Value, each: &Value) {
    if let Some(key) = value["reference"].as_str().and_then(|text| text.strip_prefix("each.value.")) {
        *value = each[key].clone();
        return;
    }
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| fill(item, each)),
        Value::Object(members) => members.values_mut().for_each(|member| fill(member, each)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
