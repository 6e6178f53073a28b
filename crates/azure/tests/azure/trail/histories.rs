//! Histories told by their log alone: what is known after all of its events is what an export of then says, whatever
//! container, order, doubling and noise the log has.

use cloud::Inventory as _;
use cloud::audit::{Act, Bears, Edit, Outcome};
use cloud::json::{Node, Tree};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::written::Written;
use super::{hear, join_all};
use crate::replay::{differences, reading, targets};
use crate::world::{Random, World};

/// An edit as somebody asks for it.
struct Asked {
    operation: String,
    id: String,
    method: &'static str,
    body: Value,
}

/// The type of an id as operations write it.
fn kind_of(id: &str) -> String {
    let (_, after) = id.rsplit_once("/providers/").unwrap();
    let words: Vec<&str> = after.split('/').collect();
    words.iter().skip(1).step_by(2).fold(words[0].to_owned(), |sum, word| format!("{sum}/{word}"))
}

fn asked(edit: &Edit) -> Asked {
    let whole = |method, verb: &str, body| Asked {
        operation: format!("{}/{verb}", kind_of(&edit.id)),
        id: edit.id.to_string(),
        method,
        body,
    };
    let rule = |name: &str, method, verb: &str, body| {
        let id = format!("{}/securityRules/{name}", edit.id);
        Asked { operation: format!("{}/{verb}", kind_of(&id)), id, method, body }
    };
    match &edit.act {
        Act::Put(node) => {
            let mut body = value(&Tree::Object(node.clone()));
            if kind_of(&edit.id).matches('/').count() == 1 {
                body["location"] = json!("eastus");
            }
            whole("PUT", "write", body)
        }
        Act::Merge(node) => whole("PATCH", "write", value(&Tree::Object(node.clone()))),
        Act::Drop => whole("DELETE", "delete", Value::Null),
        Act::Insert { items, .. } => {
            let body = value(&items[0]);
            let name = body["name"].as_str().unwrap().to_owned();
            rule(&name, "PUT", "write", json!({"properties": body["properties"]}))
        }
        Act::Remove { items, .. } => {
            rule(value(&items[0])["name"].as_str().unwrap(), "DELETE", "delete", Value::Null)
        }
        Act::Set { .. } => panic!("no request sets one value: {edit:?}"),
    }
}

fn value(tree: &Tree<'_>) -> Value {
    let object = |node: &Node<'_>| {
        Value::Object(node.entries().iter().map(|(key, tree)| (key.to_string(), value(tree))).collect())
    };
    match tree {
        Tree::Null => Value::Null,
        Tree::Flag(flag) => json!(flag),
        Tree::Text(text) => json!(text),
        Tree::List(items) => Value::Array(items.iter().map(value).collect()),
        Tree::Object(node) => object(node),
        Tree::Unknown(unknown) => panic!("{unknown:?}"),
    }
}

/// What an export has under an id.
fn stated<'v>(value: &'v Value, id: &str) -> Option<&'v Value> {
    match value {
        Value::Array(items) => items.iter().find_map(|item| stated(item, id)),
        Value::Object(object) => {
            let is_it =
                object.get("id").and_then(Value::as_str).is_some_and(|own| own.eq_ignore_ascii_case(id));
            if is_it && object.contains_key("properties") {
                return Some(value);
            }
            object.values().find_map(|value| stated(value, id))
        }
        _ => None,
    }
}

/// A moment of the tenth of January, by its second.
fn time(second: usize) -> &'static str {
    let text = format!(
        "2026-01-10T{:02}:{:02}:{:02}.{:03}0000Z",
        second / 3600,
        second / 60 % 60,
        second % 60,
        second % 1000
    );
    text.leak()
}

/// The records of one request that was done, in any container, with what happens beside it.
fn records(request: &Asked, answer: Option<&Value>, number: usize, random: &mut Random) -> Vec<String> {
    let text = |body: &Value| json!({"requestbody": body.to_string()});
    let start = 60 * number;
    let is_one_run = random.below(2) == 0;
    let base = Written {
        method: request.method,
        correlation: if is_one_run { "00000000-run" } else { format!("{number:08}-alone").leak() },
        request_id: format!("{number:08}-request").leak(),
        ..Written::done(&request.operation, &request.id, json!({}))
    };
    let mut phases = vec![base.phase("Started", time(start), text(&request.body))];
    match answer {
        Some(answer) => {
            let properties = json!({"statusCode": "OK", "responseBody": answer.to_string()});
            phases.push(base.phase("Accepted", time(start + 1), properties));
            if random.below(2) == 0 {
                phases.push(base.phase("Succeeded", time(start + 9), json!({"statusCode": "OK"})));
            }
        }
        None => phases.push(base.phase("Succeeded", time(start + 9), json!({"statusCode": "OK"}))),
    }
    if random.below(4) == 0 {
        // Somebody else tries the opposite, and fails.
        let other = Written {
            correlation: format!("{number:08}-other").leak(),
            caller: "mallory@example.com",
            operation: request.operation.replace("/write", "/delete"),
            ..base.clone()
        };
        phases.push(other.phase("Started", time(start + 20), json!({})));
        phases.push(other.phase(
            "Failed",
            time(start + 21),
            json!({"statusCode": *random.one(&["Forbidden", "Conflict"])}),
        ));
    }
    // A request of a type that has no method in its export is told by its body alone: that is tried where it tells.
    let shapes: &[fn(&Written) -> Value] = &[
        Written::rest,
        Written::exported,
        Written::row,
        Written::dynamic_row,
        Written::powershell_at,
        Written::elastic,
        Written::answered,
    ];
    let shape = *random.one(shapes);
    let mut records: Vec<String> = phases.iter().map(|phase| shape(phase).to_string()).collect();
    if random.below(3) == 0 {
        records.push(records[random.below(records.len())].clone());
    }
    records
}

/// A history of changes, then all of its log at once.
fn run(seed: u64, changes: usize) -> Result<usize, TestCaseError> {
    let mut random = Random::new(seed);
    let mut world = World::new(&mut random);
    let mut inventory = reading(&world.documents());
    let mut log = Vec::new();
    let mut number = 0;
    for _ in 0..changes {
        for edit in world.change(&mut random) {
            let request = asked(&edit);
            let documents = world.documents();
            let answer = documents.iter().find_map(|document| stated(document, &request.id));
            let is_write = request.operation.ends_with("/write");
            let answer = answer.filter(|_| is_write && random.below(2) == 0);
            log.extend(records(&request, answer, number, &mut random));
            number += 1;
        }
    }
    for position in (1..log.len()).rev() {
        log.swap(position, random.below(position + 1));
    }
    let heard = log.iter().flat_map(|text| {
        let heard = hear(text);
        assert!(heard.gaps.is_empty(), "{text}: {:?}", heard.gaps);
        heard.events
    });
    let events = join_all(heard.collect());
    for event in events.iter().filter(|event| event.outcome == Outcome::Done) {
        if let Bears::Edits(edits) = &event.bears {
            for edit in edits {
                let applied = inventory.apply(edit, event.place);
                prop_assert!(
                    applied.gaps.is_empty() && applied.unseen.is_none(),
                    "{:?}: {:?}",
                    edit,
                    applied
                );
            }
        }
    }
    let differs = differences(&targets(&inventory), &targets(&reading(&world.documents())));
    let told = || {
        events
            .iter()
            .map(|event| format!("\n  {:?} {}", event.outcome, super::bears(&event.bears)))
            .collect::<String>()
    };
    prop_assert!(differs.is_none(), "{}\nafter {}", differs.unwrap_or_default(), told());
    Ok(events.len())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_log_and_an_export_are_one(seed in any::<u64>()) {
        run(seed, 40)?;
    }
}

#[test]
fn a_thousand_changes_and_an_export_are_one() {
    match run(7, 1000) {
        Ok(events) => assert!(events >= 900, "{events}"),
        Err(error) => panic!("{error}"),
    }
}
