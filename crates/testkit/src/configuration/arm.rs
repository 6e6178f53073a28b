//! Estates as ARM templates, plain and written otherwise.
//!
//! Knows how templates are made up and no kind of resource: what the REST interface prints of a resource is what a
//! template declares of it, but for addresses that are told at creation.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::random::Random;

/// A way to write a template otherwise. Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TemplateRewrite {
    /// Values come through parameters with defaults.
    Parameters,
    /// Values come through parameters that a file of parameters sets.
    ParametersFile,
    /// Values come through variables, and variables of variables.
    Variables,
    /// Values come out of functions.
    Functions,
    /// Values come out of functions of the template's own.
    OwnFunctions,
    /// Lists of objects are made by `copy`.
    PropertyCopies,
    /// Resources are made by `copy`, and have conditions; some have one that does not hold.
    Copies,
    /// Rules, subnets and routes are resources of their own.
    Children,
    /// Resources have symbolic names.
    Symbolic,
    /// Some resources stand in a nested deployment.
    Nested,
    /// Comments and line breaks inside of expressions.
    Comments,
}

impl TemplateRewrite {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Parameters,
        Self::ParametersFile,
        Self::Variables,
        Self::Functions,
        Self::OwnFunctions,
        Self::PropertyCopies,
        Self::Copies,
        Self::Children,
        Self::Symbolic,
        Self::Nested,
        Self::Comments,
    ];
}

/// The template of resources that the REST interface prints, and its parameters, by file.
#[must_use]
pub fn template(
    resources: &[Value],
    rewrites: &[TemplateRewrite],
    random: &mut Random,
) -> Vec<(String, String)> {
    let ids = resources.iter().filter_map(|resource| resource["id"].as_str()).map(str::to_owned).collect();
    let mut writing = Writing { rewrites, random, ids, given: Map::new() };
    writing.write(resources)
}

struct Writing<'w> {
    rewrites: &'w [TemplateRewrite],
    random: &'w mut Random,
    /// The resources that the template declares.
    ids: BTreeSet<String>,
    /// Values of the parameters file.
    given: Map<String, Value>,
}

/// One template on its way.
#[derive(Default)]
struct Template {
    parameters: Map<String, Value>,
    variables: Map<String, Value>,
    resources: Vec<Value>,
    is_nested: bool,
}

/// How a text begins that is the source of an expression, until all is written.
const SOURCE: char = '\u{1}';

impl Writing<'_> {
    fn has(&self, rewrite: TemplateRewrite) -> bool {
        self.rewrites.contains(&rewrite)
    }

    fn write(&mut self, resources: &[Value]) -> Vec<(String, String)> {
        let declared: Vec<Value> = resources.iter().map(|resource| self.declared(resource)).collect();
        let (inner, outer): (Vec<Value>, Vec<Value>) = match self.has(TemplateRewrite::Nested) {
            true => declared.into_iter().partition(|_| self.random.chance(40)),
            false => (Vec::new(), declared),
        };
        let mut root = self.template(outer, false);
        if !inner.is_empty() {
            let nested = self.template(inner, true);
            root.resources.push(json!({
                "type": "Microsoft.Resources/deployments", "apiVersion": "2022-09-01", "name": "part",
                "properties": {
                    "mode": "Incremental", "expressionEvaluationOptions": {"scope": "inner"},
                    "parameters": {}, "template": self.document(nested),
                },
            }));
        }
        let text = serde_json::to_string_pretty(&finished(&self.document(root))).unwrap();
        let text = if self.has(TemplateRewrite::Comments) { commented(&text) } else { text };
        let mut files = vec![("azuredeploy.json".to_owned(), text)];
        if !self.given.is_empty() {
            let values: Map<String, Value> =
                self.given.iter().map(|(name, value)| (name.clone(), json!({ "value": value }))).collect();
            let parameters = json!({
                "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#",
                "contentVersion": "1.0.0.0", "parameters": values,
            });
            files.push(("azuredeploy.parameters.json".to_owned(), parameters.to_string()));
        }
        files
    }

    /// What a template says of a resource.
    fn declared(&self, resource: &Value) -> Value {
        let (kind, names) = identity(resource["id"].as_str().unwrap());
        let mut written = Map::new();
        written.insert("type".to_owned(), json!(kind));
        written.insert("apiVersion".to_owned(), json!("2023-09-01"));
        written.insert("name".to_owned(), json!(names.join("/")));
        written.insert("location".to_owned(), json!(format!("{SOURCE}resourceGroup().location")));
        for (key, value) in resource.as_object().unwrap() {
            if !["id", "type", "name", "etag", "location", "resourceGroup"].contains(&key.as_str()) {
                written.insert(key.clone(), self.referring(value));
            }
        }
        if kind.eq_ignore_ascii_case("Microsoft.Network/publicIPAddresses")
            && let Some(properties) = written.get_mut("properties").and_then(Value::as_object_mut)
        {
            properties.remove("ipAddress");
        }
        Value::Object(written)
    }

    /// A value with references to declared resources in place of their ids.
    fn referring(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => match self.owner(text) {
                Some(_) => {
                    let (kind, names) = identity(text);
                    let words: Vec<String> = [kind]
                        .into_iter()
                        .chain(names)
                        .map(|word| format!("'{}'", word.replace('\'', "''")))
                        .collect();
                    json!(format!("{SOURCE}resourceId({})", words.join(", ")))
                }
                None => value.clone(),
            },
            Value::Array(items) => items.iter().map(|item| self.referring(item)).collect(),
            Value::Object(entries) => {
                let entries = entries.iter().filter(|(key, _)| *key != "etag");
                entries.map(|(key, value)| (key.clone(), self.referring(value))).collect::<Map<_, _>>().into()
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
        }
    }

    /// The declared resource that an id names, or a part of.
    fn owner(&self, id: &str) -> Option<&String> {
        id.contains("/providers/").then_some(())?;
        self.ids.iter().find(|own| {
            id.len() >= own.len()
                && id.get(..own.len()).is_some_and(|start| start.eq_ignore_ascii_case(own))
                && id.get(own.len()..).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
    }

    /// A template of these resources, their values rewritten.
    fn template(&mut self, resources: Vec<Value>, is_nested: bool) -> Template {
        let mut template = Template { is_nested, ..Template::default() };
        for mut resource in resources {
            let mut children = match self.has(TemplateRewrite::Children) {
                true => children(&mut resource),
                false => Vec::new(),
            };
            for one in [&mut resource].into_iter().chain(&mut children) {
                for (key, value) in one.as_object_mut().unwrap() {
                    if key == "properties" || key == "sku" {
                        self.value(key, value, &mut template);
                    }
                }
            }
            if self.has(TemplateRewrite::PropertyCopies) {
                self.copy_lists(&mut resource["properties"], &mut template);
            }
            if self.has(TemplateRewrite::Copies) {
                self.copied(&mut resource, &mut template);
            }
            template.resources.push(resource);
            template.resources.extend(children);
        }
        template
    }

    fn value(&mut self, key: &str, value: &mut Value, template: &mut Template) {
        match value {
            Value::Array(items) => items.iter_mut().for_each(|item| self.value(key, item, template)),
            Value::Object(entries) => {
                entries.iter_mut().for_each(|(key, value)| self.value(key, value, template));
            }
            // What a part is called is asked by others in `resourceId`.
            Value::String(_) | Value::Number(_) | Value::Bool(_) if key != "name" => {
                self.leaf(value, template);
            }
            Value::String(_) | Value::Number(_) | Value::Bool(_) | Value::Null => {}
        }
    }

    fn leaf(&mut self, value: &mut Value, template: &mut Template) {
        let is_source = value.as_str().is_some_and(|text| text.starts_with(SOURCE));
        if !is_source && self.has(TemplateRewrite::Functions) && self.random.chance(50) {
            *value = source(&self.computed(value));
        } else if !is_source && self.has(TemplateRewrite::OwnFunctions) && self.random.chance(50) {
            *value = source(&format!("own.same({})", literal(value)));
        } else if !is_source && self.has(TemplateRewrite::Parameters) && self.random.chance(50) {
            *value = parameter(template, value.clone());
        } else if !is_source
            && self.has(TemplateRewrite::ParametersFile)
            && !template.is_nested
            && self.random.chance(50)
        {
            let other = match value {
                Value::String(_) => json!("what the file replaces"),
                _ => value.clone(),
            };
            let own = parameter(template, other);
            let name = own.as_str().unwrap().split('\'').nth(1).unwrap().to_owned();
            self.given.insert(name, value.clone());
            *value = own;
        }
        if self.has(TemplateRewrite::Variables) && self.random.chance(40) {
            *value = variable(template, value.clone());
        }
    }

    /// An expression that gives a value.
    fn computed(&mut self, value: &Value) -> String {
        let plain = literal(value);
        match value {
            Value::String(text) => {
                let middle = text.char_indices().map(|(at, _)| at).nth(text.chars().count() / 2).unwrap_or(0);
                let (first, second) = text.split_at(middle);
                let (first, second) = (literal(&json!(first)), literal(&json!(second)));
                match self.random.below(9) {
                    0 => format!("concat({first}, {second})"),
                    1 => format!("format('{{0}}{{1}}', {first}, {second})"),
                    2 => format!("if(equals(1, 1), {plain}, 'other')"),
                    3 => format!("createObject('a', {plain}).a"),
                    4 => format!("createArray('x', {plain})[1]"),
                    5 => format!("first(createArray({plain}))"),
                    6 => format!("join(createArray({first}, {second}), '')"),
                    7 => format!("coalesce(null(), {plain})"),
                    _ => format!("substring(concat('x', {plain}), 1, length({plain}))"),
                }
            }
            Value::Number(_) => match self.random.below(3) {
                0 => format!("int('{plain}')"),
                1 => format!("add({plain}, 0)"),
                _ => format!("max({plain}, sub({plain}, 1))"),
            },
            Value::Bool(flag) => match self.random.below(3) {
                0 => format!("not({}())", !flag),
                1 => format!("bool('{flag}')"),
                _ => format!("and(true(), {plain})"),
            },
            Value::Null | Value::Array(_) | Value::Object(_) => plain,
        }
    }

    /// Lists of objects, made by `copy` of a variable.
    fn copy_lists(&mut self, properties: &mut Value, template: &mut Template) {
        let Some(entries) = properties.as_object_mut() else { return };
        let is_list = |value: &Value| {
            value.as_array().is_some_and(|items| !items.is_empty() && items.iter().all(Value::is_object))
        };
        let lists: Vec<String> =
            entries.iter().filter(|(_, value)| is_list(value)).map(|(key, _)| key.clone()).collect();
        let mut copies = Vec::new();
        for key in lists {
            if self.random.chance(60) {
                let list = entries.remove(&key).unwrap();
                let name = variable(template, list);
                let name = name.as_str().unwrap().trim_start_matches(SOURCE);
                copies.push(json!({
                    "name": key, "count": format!("{SOURCE}length({name})"),
                    "input": format!("{SOURCE}{name}[copyIndex('{key}')]"),
                }));
            }
        }
        if !copies.is_empty() {
            entries.insert("copy".to_owned(), Value::Array(copies));
        }
    }

    /// A resource made by a loop of one, or under a condition; now and then one that is not there.
    fn copied(&mut self, resource: &mut Value, template: &mut Template) {
        let name = resource["name"].as_str().unwrap().to_owned();
        let stem = name.trim_end_matches(|last: char| last.is_ascii_digit());
        let digits = name.get(stem.len()..).unwrap_or_default();
        let is_number = !digits.is_empty() && (digits == "0" || !digits.starts_with('0')) && digits.len() < 6;
        if is_number && self.random.chance(50) {
            resource["name"] = source(&format!("concat({}, copyIndex({digits}))", literal(&json!(stem))));
            resource["copy"] = json!({"name": format!("loop-{}", template.resources.len()), "count": 1});
        } else if self.random.chance(50) {
            resource["condition"] = source("not(equals('a', 'b'))");
        }
        if self.random.chance(30) {
            let mut other = resource.clone();
            other["condition"] = source("equals('a', 'b')");
            other["properties"] = json!({});
            if let Some(entries) = other.as_object_mut() {
                entries.remove("copy");
            }
            other["name"] = json!(format!("{name}-not-there"));
            template.resources.push(other);
        }
    }

    /// A template as a document.
    fn document(&mut self, template: Template) -> Value {
        let resources = match self.has(TemplateRewrite::Symbolic) {
            true => {
                let named = template.resources.into_iter().enumerate();
                named
                    .map(|(number, resource)| (format!("symbol{number}"), resource))
                    .collect::<Map<_, _>>()
                    .into()
            }
            false => Value::Array(template.resources),
        };
        let mut document = json!({
            "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
            "contentVersion": "1.0.0.0",
            "parameters": template.parameters, "variables": template.variables, "resources": resources,
        });
        if self.has(TemplateRewrite::Symbolic) {
            document["languageVersion"] = json!("2.0");
        }
        if self.has(TemplateRewrite::OwnFunctions) {
            document["functions"] = json!([{"namespace": "own", "members": {"same": {
                "parameters": [{"name": "it", "type": "string"}],
                "output": {"type": "string", "value": format!("{SOURCE}parameters('it')")},
            }}}]);
        }
        document
    }
}

/// The parts of a resource that can be resources of their own, taken out of it.
fn children(resource: &mut Value) -> Vec<Value> {
    let (kind, name) = (resource["type"].clone(), resource["name"].clone());
    let (kind, name) = (kind.as_str().unwrap(), name.as_str().unwrap());
    let Some((_, list)) = CHILDREN.iter().find(|(own, _)| own.eq_ignore_ascii_case(kind)) else {
        return Vec::new();
    };
    let Some(Value::Array(parts)) = resource["properties"].as_object_mut().and_then(|it| it.remove(*list))
    else {
        return Vec::new();
    };
    let child = |part: &Value| {
        json!({
            "type": format!("{kind}/{list}"), "apiVersion": "2023-09-01",
            "name": format!("{name}/{}", part["name"].as_str().unwrap()), "properties": part["properties"],
        })
    };
    parts.iter().map(child).collect()
}

const CHILDREN: [(&str, &str); 3] = [
    ("Microsoft.Network/networkSecurityGroups", "securityRules"),
    ("Microsoft.Network/virtualNetworks", "subnets"),
    ("Microsoft.Network/routeTables", "routes"),
];

fn source(text: &str) -> Value {
    Value::String(format!("{SOURCE}{text}"))
}

fn parameter(template: &mut Template, default: Value) -> Value {
    let name = format!("p{}", template.parameters.len());
    let kind = match &default {
        Value::String(_) => "string",
        Value::Number(_) => "int",
        Value::Bool(_) => "bool",
        Value::Array(_) => "array",
        Value::Object(_) | Value::Null => "object",
    };
    template.parameters.insert(name.clone(), json!({"type": kind, "defaultValue": default}));
    source(&format!("parameters('{name}')"))
}

fn variable(template: &mut Template, value: Value) -> Value {
    let name = format!("v{}", template.variables.len());
    template.variables.insert(name.clone(), value);
    source(&format!("variables('{name}')"))
}

/// A value as an expression.
fn literal(value: &Value) -> String {
    match value {
        Value::String(text) => format!("'{}'", text.replace('\'', "''")),
        Value::Null | Value::Bool(_) => format!("{value}()"),
        Value::Number(_) | Value::Array(_) | Value::Object(_) => value.to_string(),
    }
}

/// The type of what an id names, and its names.
fn identity(id: &str) -> (String, Vec<String>) {
    let (_, behind) = id.rsplit_once("/providers/").unwrap();
    let mut words = behind.split('/');
    let mut kind = words.next().unwrap().to_owned();
    let mut names = Vec::new();
    while let (Some(word), Some(name)) = (words.next(), words.next()) {
        kind.push('/');
        kind.push_str(word);
        names.push(name.to_owned());
    }
    (kind, names)
}

/// Sources in brackets, other texts as they have to be written.
fn finished(value: &Value) -> Value {
    match value {
        Value::String(text) => match text.strip_prefix(SOURCE) {
            Some(source) => json!(format!("[{source}]")),
            None if text.starts_with('[') => json!(format!("[{text}")),
            None => value.clone(),
        },
        Value::Array(items) => items.iter().map(finished).collect(),
        Value::Object(entries) => {
            entries.iter().map(|(key, value)| (key.clone(), finished(value))).collect::<Map<_, _>>().into()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
    }
}

/// A text with comments at the ends of lines, and line breaks inside of calls.
fn commented(text: &str) -> String {
    let lines = text.lines().enumerate().map(|(number, line)| {
        let broken = match line.contains("\"[") {
            true => line.replace("concat(", "concat(\n  ").replace("resourceId(", "resourceId(\n\t"),
            false => line.to_owned(),
        };
        match number % 3 {
            0 => format!("{broken} // \"a\": [\n"),
            1 => format!("{broken} /* {{ \" */\n"),
            _ => format!("{broken}\n"),
        }
    });
    lines.collect()
}

/// What of documents of the REST interface are resources, each once.
#[must_use]
pub fn rest_resources(documents: &[(String, Value)]) -> Vec<Value> {
    let mut resources = BTreeMap::new();
    for (_, document) in documents {
        if let Some(id) = document["id"].as_str().filter(|id| id.contains("/providers/")) {
            resources.insert(id.to_lowercase(), document.clone());
        }
    }
    resources.into_values().collect()
}
