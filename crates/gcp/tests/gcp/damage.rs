//! Documents with one value replaced, each by each of others: what tests of damage go through.

use serde_json::{Value, json};

use crate::estate::{Answer, scan};

/// What is lost in silence: `number`, pointer and value of each replacement after which `is_lost` finds something gone, and
/// no gap and nothing that is missing says why. Only what `is_asked` of a document and a pointer is replaced.
pub(crate) fn silent_losses(
    documents: &[Value],
    is_asked: impl Fn(usize, &str) -> bool,
    is_lost: impl Fn(&Answer, &Answer) -> bool,
) -> Vec<(usize, String)> {
    let texts = |documents: &[Value]| documents.iter().map(Value::to_string).collect::<Vec<_>>();
    let before = scan(&texts(documents));
    assert!(!before.exposures().is_empty() && before.codes().is_empty(), "{:?}", before.codes());
    let mut silent = Vec::new();
    for (number, document) in documents.iter().enumerate() {
        for pointer in pointers(document).into_iter().filter(|pointer| is_asked(number, pointer)) {
            for piece in pieces() {
                let mut damaged = documents.to_vec();
                *damaged[number].pointer_mut(&pointer).unwrap() = piece.clone();
                let after = scan(&texts(&damaged));
                let is_told = !after.codes().is_empty() || after.snapshot.missing != before.snapshot.missing;
                if after.readings[number].format.is_some() && !is_told && is_lost(&before, &after) {
                    silent.push((number, format!("{pointer} = {piece}")));
                }
            }
        }
    }
    silent
}

/// Sorted, each once.
pub(crate) fn sorted(silent: impl Iterator<Item = String>) -> Vec<String> {
    silent.collect::<std::collections::BTreeSet<String>>().into_iter().collect()
}

fn pieces() -> [Value; 12] {
    [
        json!(null),
        json!(7),
        json!(-1),
        json!("x"),
        json!(""),
        json!([]),
        json!({}),
        json!([7]),
        json!([null]),
        json!(true),
        json!(false),
        json!([{}]),
    ]
}

fn pointers(document: &Value) -> Vec<String> {
    let mut pointers = Vec::new();
    walk(document, String::new(), &mut pointers);
    pointers
}

fn walk(value: &Value, pointer: String, pointers: &mut Vec<String>) {
    let parts: Vec<(String, &Value)> = match value {
        Value::Object(members) => members.iter().map(|(key, value)| (key.clone(), value)).collect(),
        Value::Array(items) => {
            items.iter().enumerate().map(|(number, item)| (number.to_string(), item)).collect()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    };
    for (part, value) in parts {
        let pointer = format!("{pointer}/{part}");
        pointers.push(pointer.clone());
        walk(value, pointer, pointers);
    }
}
