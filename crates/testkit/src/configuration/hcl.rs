//! Configurations as text: HCL and the JSON of Terraform.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use super::{Body, Resource, Term};

/// How references are spelled where they stand: by address and attribute.
pub(super) type Spell<'s> = &'s dyn Fn(&str, &str) -> String;

/// One module, ready to be written.
#[derive(Clone, Debug, Default)]
pub(super) struct Module {
    pub(super) providers: Vec<(String, Body)>,
    /// Name and default.
    pub(super) variables: Vec<(String, Option<Value>)>,
    /// Name and source.
    pub(super) locals: Vec<(String, String)>,
    pub(super) resources: Vec<Resource>,
    /// Name and source.
    pub(super) outputs: Vec<(String, String)>,
    pub(super) calls: Vec<Call>,
}

/// A call of another module.
#[derive(Clone, Debug)]
pub(super) struct Call {
    pub(super) name: String,
    pub(super) folder: String,
    /// Name and source.
    pub(super) inputs: Vec<(String, String)>,
}

/// A module as HCL.
pub(super) fn hcl(module: &Module, spell: Spell<'_>) -> String {
    let mut text = String::new();
    for (name, body) in &module.providers {
        block(&mut text, 0, &format!("provider {}", quoted(name)), body, spell);
    }
    for (name, default) in &module.variables {
        let default = default.as_ref().map(|value| format!("  default = {}\n", literal(value)));
        write!(text, "variable {} {{\n{}}}\n\n", quoted(name), default.unwrap_or_default()).unwrap();
    }
    if !module.locals.is_empty() {
        let lines: String =
            module.locals.iter().map(|(name, source)| format!("  {name} = {source}\n")).collect();
        write!(text, "locals {{\n{lines}}}\n\n").unwrap();
    }
    for Resource { kind, name, body } in &module.resources {
        block(&mut text, 0, &format!("resource {} {}", quoted(kind), quoted(name)), body, spell);
    }
    for Call { name, folder: source, inputs } in &module.calls {
        let inputs: String = inputs.iter().map(|(name, source)| format!("  {name} = {source}\n")).collect();
        write!(text, "module {} {{\n  source = {}\n{inputs}}}\n\n", quoted(name), quoted(source)).unwrap();
    }
    for (name, source) in &module.outputs {
        write!(text, "output {} {{\n  value = {source}\n}}\n\n", quoted(name)).unwrap();
    }
    text
}

fn block(text: &mut String, depth: usize, header: &str, body: &Body, spell: Spell<'_>) {
    let indent = "  ".repeat(depth);
    writeln!(text, "{indent}{header} {{").unwrap();
    for (key, term) in body {
        match term {
            Term::Blocks(bodies) => bodies.iter().for_each(|body| block(text, depth + 1, key, body, spell)),
            Term::Dynamic(each, content) => {
                writeln!(text, "{indent}  dynamic {} {{\n{indent}    for_each = {each}", quoted(key))
                    .unwrap();
                block(text, depth + 2, "content", content, spell);
                writeln!(text, "{indent}  }}").unwrap();
            }
            Term::Value(_) | Term::Refers(..) | Term::List(_) | Term::Map(_) | Term::Source(_) => {
                writeln!(text, "{indent}  {key} = {}", source(term, spell)).unwrap();
            }
        }
    }
    writeln!(text, "{indent}}}").unwrap();
    if depth == 0 {
        text.push('\n');
    }
}

/// A term as an expression.
pub(super) fn source(term: &Term, spell: Spell<'_>) -> String {
    match term {
        Term::Value(value) => literal(value),
        Term::Refers(address, attribute) => spell(address, attribute),
        Term::List(items) => {
            format!("[{}]", items.iter().map(|item| source(item, spell)).collect::<Vec<_>>().join(", "))
        }
        Term::Map(entries) => object(entries.iter().map(|(key, term)| (key.as_str(), source(term, spell)))),
        Term::Source(source) => source.clone(),
        Term::Blocks(_) | Term::Dynamic(..) => panic!("blocks are no expression"),
    }
}

fn object<'k>(entries: impl Iterator<Item = (&'k str, String)>) -> String {
    let entries: Vec<String> = entries.map(|(key, source)| format!("{} = {source}", quoted(key))).collect();
    format!("{{ {} }}", entries.join(", "))
}

/// A value as an expression.
pub(super) fn literal(value: &Value) -> String {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => value.to_string(),
        Value::String(text) => quoted(text),
        Value::Array(items) => format!("[{}]", items.iter().map(literal).collect::<Vec<_>>().join(", ")),
        Value::Object(entries) => object(entries.iter().map(|(key, value)| (key.as_str(), literal(value)))),
    }
}

/// A text in quotation marks, nothing in it a template.
pub(super) fn quoted(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
    format!("\"{}\"", escaped.replace("${", "$${").replace("%{", "%%{"))
}

/// A module as Terraform's JSON.
pub(super) fn tf_json(module: &Module, spell: Spell<'_>) -> String {
    let mut root = Map::new();
    let mut put = |path: &[&str], value: Value| {
        let (last, before) = path.split_last().unwrap();
        let mut at = &mut root;
        for step in before {
            at = at.entry((*step).to_owned()).or_insert_with(|| json!({})).as_object_mut().unwrap();
        }
        at.insert((*last).to_owned(), value);
    };
    for (name, body) in &module.providers {
        put(&["provider", name], json_body(body, spell));
    }
    for (name, default) in &module.variables {
        let block = default.as_ref().map_or(json!({}), |value| json!({ "default": value }));
        put(&["variable", name], block);
    }
    for (name, source) in &module.locals {
        put(&["locals", name], Value::String(format!("${{{source}}}")));
    }
    for Resource { kind, name, body } in &module.resources {
        put(&["resource", kind, name], json_body(body, spell));
    }
    for Call { name, folder: source, inputs } in &module.calls {
        let inputs =
            inputs.iter().map(|(name, source)| (name.clone(), Value::String(format!("${{{source}}}"))));
        let all = [("source".to_owned(), json!(source))].into_iter().chain(inputs);
        put(&["module", name], Value::Object(all.collect()));
    }
    for (name, source) in &module.outputs {
        put(&["output", name, "value"], Value::String(format!("${{{source}}}")));
    }
    Value::Object(root).to_string()
}

fn json_body(body: &Body, spell: Spell<'_>) -> Value {
    let mut object = Map::new();
    for (key, term) in body {
        match term {
            Term::Blocks(bodies) => {
                let blocks = bodies.iter().map(|body| json_body(body, spell)).collect();
                object.insert(key.clone(), Value::Array(blocks));
            }
            Term::Dynamic(each, content) => {
                let dynamic =
                    json!({"for_each": format!("${{{each}}}"), "content": json_body(content, spell)});
                let all = object.entry("dynamic").or_insert_with(|| json!({})).as_object_mut().unwrap();
                all.insert(key.clone(), dynamic);
            }
            Term::Value(_) | Term::Refers(..) | Term::List(_) | Term::Map(_) | Term::Source(_) => {
                object.insert(key.clone(), json_term(term, spell));
            }
        }
    }
    Value::Object(object)
}

fn json_term(term: &Term, spell: Spell<'_>) -> Value {
    match term {
        Term::Value(value) => templates(value),
        Term::List(items) => Value::Array(items.iter().map(|item| json_term(item, spell)).collect()),
        Term::Map(entries) => entries
            .iter()
            .map(|(key, term)| (key.clone(), json_term(term, spell)))
            .collect::<Map<_, _>>()
            .into(),
        Term::Refers(..) | Term::Source(_) => Value::String(format!("${{{}}}", source(term, spell))),
        Term::Blocks(_) | Term::Dynamic(..) => panic!("blocks are no expression"),
    }
}

/// A value whose texts are templates that say the same.
fn templates(value: &Value) -> Value {
    match value {
        Value::String(text) => Value::String(text.replace("${", "$${").replace("%{", "%%{")),
        Value::Array(items) => items.iter().map(templates).collect(),
        Value::Object(entries) => {
            entries.iter().map(|(key, value)| (key.clone(), templates(value))).collect::<Map<_, _>>().into()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
    }
}
