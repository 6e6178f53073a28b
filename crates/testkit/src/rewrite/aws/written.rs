//! Documents as texts: other files, other orders of keys.

use serde_json::{Map, Value};

use crate::generate::Account;

/// Everything that commands print as one object, entries of prefix lists as files beside it.
#[must_use]
pub fn merged(account: &Account) -> Vec<(String, String)> {
    let kinds = account.kinds.iter().map(|(kind, value)| ((*kind).to_owned(), value.clone()));
    let merged = Value::Object(kinds.collect::<Map<_, _>>());
    let entries = account.entries.iter().enumerate();
    let entries = entries.map(|(number, it)| (format!("entries-{number}.json"), it.to_string()));
    [("account.json".to_owned(), merged.to_string())].into_iter().chain(entries).collect()
}

/// Each document with the keys of every object in the other order.
#[must_use]
pub fn reversed_keys(documents: &[(String, Value)]) -> Vec<(String, String)> {
    documents
        .iter()
        .map(|(name, document)| {
            let mut text = String::new();
            write(document, &mut text);
            (name.clone(), text)
        })
        .collect()
}

fn write(value: &Value, to: &mut String) {
    let between = |to: &mut String, first: &mut bool| {
        if !core::mem::take(first) {
            to.push_str(",\r\n  ");
        }
    };
    let mut first = true;
    match value {
        Value::Object(members) => {
            to.push('{');
            for (key, value) in members.iter().collect::<Vec<_>>().into_iter().rev() {
                between(to, &mut first);
                to.push_str(&Value::String(key.clone()).to_string());
                to.push_str(" : ");
                write(value, to);
            }
            to.push('}');
        }
        Value::Array(members) => {
            to.push('[');
            for value in members {
                between(to, &mut first);
                write(value, to);
            }
            to.push(']');
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => to.push_str(&value.to_string()),
    }
}
