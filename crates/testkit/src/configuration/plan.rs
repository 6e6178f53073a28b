//! A configuration as `terraform show -json` prints the plan that makes all of it.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{Body, Configuration, Resource, Term};

/// The plan of a configuration of which nothing exists.
#[must_use]
pub fn plan(configuration: &Configuration) -> Value {
    let all = || configuration.resources.iter();
    let provider = |resource: &Resource| {
        let word = resource.kind.split('_').next().unwrap_or_default();
        let (owner, name) = match word {
            "azapi" => ("Azure", word),
            _ => ("hashicorp", word),
        };
        format!("registry.terraform.io/{owner}/{name}")
    };
    let bodies = all().map(|resource| (resource.address(), &resource.body));
    let known: BTreeMap<String, &Body> = bodies.collect();
    let planned: Vec<Value> = all()
        .map(|resource| {
            json!({
                "address": resource.address(), "mode": "managed", "type": resource.kind, "name": resource.name,
                "provider_name": provider(resource), "schema_version": 0,
                "values": planned(&settled(&resource.body, &known)).0, "sensitive_values": {},
            })
        })
        .collect();
    let changes: Vec<Value> = all()
        .map(|resource| {
            let (after, unknown) = planned_with_id(&settled(&resource.body, &known));
            json!({
                "address": resource.address(), "mode": "managed", "type": resource.kind, "name": resource.name,
                "provider_name": provider(resource),
                "change": {"actions": ["create"], "before": null, "after": after, "after_unknown": unknown,
                    "before_sensitive": false, "after_sensitive": {}},
            })
        })
        .collect();
    let configured: Vec<Value> = all()
        .map(|resource| {
            json!({
                "address": resource.address(), "mode": "managed", "type": resource.kind, "name": resource.name,
                "provider_config_key": resource.kind.split('_').next(), "schema_version": 0,
                "expressions": expressions(&resource.body),
            })
        })
        .collect();
    let providers: Map<String, Value> = configuration
        .providers
        .iter()
        .map(|(name, body)| {
            let block = json!({
                "name": name, "full_name": format!("registry.terraform.io/hashicorp/{name}"),
                "expressions": expressions(body),
            });
            (name.clone(), block)
        })
        .collect();
    json!({
        "format_version": "1.2", "terraform_version": "1.11.4",
        "planned_values": {"root_module": {"resources": planned}},
        "resource_changes": changes,
        "configuration": {"provider_config": providers, "root_module": {"resources": configured}},
        "timestamp": "2026-11-22T00:00:00Z", "applyable": true, "complete": true, "errored": false,
    })
}

/// A body with the arguments of others in the places that refer to them: these are known before anything is made.
fn settled(body: &Body, known: &BTreeMap<String, &Body>) -> Body {
    body.iter().map(|(key, term)| (key.clone(), settled_term(term, known))).collect()
}

fn settled_term(term: &Term, known: &BTreeMap<String, &Body>) -> Term {
    match term {
        Term::Refers(address, attribute) => {
            let argument = known.get(address).and_then(|body| body.iter().find(|(key, _)| key == attribute));
            match argument {
                Some((_, value @ Term::Value(_))) => value.clone(),
                Some(_) | None => term.clone(),
            }
        }
        Term::List(items) => Term::List(items.iter().map(|item| settled_term(item, known)).collect()),
        Term::Map(entries) => Term::Map(settled(entries, known)),
        Term::Blocks(bodies) => Term::Blocks(bodies.iter().map(|body| settled(body, known)).collect()),
        Term::Value(_) | Term::Source(_) | Term::Dynamic(..) => term.clone(),
    }
}

fn planned_with_id(body: &Body) -> (Value, Value) {
    let (after, mut unknown) = planned(body);
    unknown.as_object_mut().unwrap().insert("id".to_owned(), json!(true));
    (after, unknown)
}

/// What is known of a body, and what is not.
fn planned(body: &Body) -> (Value, Value) {
    let (mut known, mut unknown) = (Map::new(), Map::new());
    for (key, term) in body {
        let (value, hidden) = match term {
            Term::List(items) if IN_ORDER.contains(&key.as_str()) => listed(items),
            term => term_planned(term),
        };
        if let Some(value) = value {
            known.insert(key.clone(), value);
        }
        if hidden != json!(false) {
            unknown.insert(key.clone(), hidden);
        }
    }
    (Value::Object(known), Value::Object(unknown))
}

/// What is known of a term; whether it is not known, or what of it.
fn term_planned(term: &Term) -> (Option<Value>, Value) {
    match term {
        Term::Value(value) => (Some(value.clone()), json!(false)),
        Term::Refers(..) => (None, json!(true)),
        // Most lists of ids are sets: with one that is not known nothing of it is.
        Term::List(items) if items.iter().any(|item| matches!(item, Term::Refers(..))) => (None, json!(true)),
        Term::List(items) => listed(items),
        Term::Map(entries) => {
            let (known, hidden) = planned(entries);
            let is_all = hidden.as_object().is_some_and(Map::is_empty);
            (Some(known), if is_all { json!(false) } else { hidden })
        }
        Term::Blocks(bodies) => {
            let (values, hidden): (Vec<Value>, Vec<Value>) = bodies.iter().map(planned).unzip();
            (Some(Value::Array(values)), Value::Array(hidden))
        }
        Term::Source(_) | Term::Dynamic(..) => panic!("a plan is made of values"),
    }
}

/// A list in which each item is known or not for itself.
fn listed(items: &[Term]) -> (Option<Value>, Value) {
    let (values, hidden): (Vec<Option<Value>>, Vec<Value>) = items.iter().map(term_planned).unzip();
    let values = values.into_iter().map(Option::unwrap_or_default).collect();
    (Some(Value::Array(values)), some(hidden))
}

/// Arguments that are lists, and no sets.
const IN_ORDER: [&str; 1] = ["target_resources"];

fn some(hidden: Vec<Value>) -> Value {
    if hidden.iter().all(|one| *one == json!(false)) { json!(false) } else { Value::Array(hidden) }
}

/// What the arguments of a body are written as.
fn expressions(body: &Body) -> Value {
    let written = body.iter().map(|(key, term)| (key.clone(), written(term)));
    Value::Object(written.collect())
}

fn written(term: &Term) -> Value {
    match term {
        Term::Value(value) => json!({ "constant_value": value }),
        Term::Blocks(bodies) => Value::Array(bodies.iter().map(expressions).collect()),
        Term::Refers(..) | Term::List(_) | Term::Map(_) => {
            let mut names = Vec::new();
            references(term, &mut names);
            if names.is_empty() { json!({}) } else { json!({ "references": names }) }
        }
        Term::Source(_) | Term::Dynamic(..) => panic!("a plan is made of values"),
    }
}

/// What a term names: each attribute, and behind it its resource, as Terraform lists them.
fn references(term: &Term, names: &mut Vec<String>) {
    match term {
        Term::Refers(address, attribute) => {
            names.push(format!("{address}.{attribute}"));
            names.push(address.clone());
        }
        Term::List(items) => items.iter().for_each(|item| references(item, names)),
        Term::Map(entries) => entries.iter().for_each(|(_, item)| references(item, names)),
        Term::Value(_) | Term::Blocks(_) | Term::Source(_) | Term::Dynamic(..) => {}
    }
}
