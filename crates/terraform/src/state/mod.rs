//! States: what Terraform has made, as `terraform show -json` prints it and as Terraform keeps it itself (versions 3 and 4).
//!
//! A state says what was there when Terraform looked last. Knows no type of resource.

mod flat;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use cloud::json::{Node, Tree};
use cloud::{Declared, Document, Presence, Quoted, Reading};
use model::{Effect, Gap, Provenance};

use crate::Configuration;
use crate::broken::{self, is_broken};
use crate::member::{as_object, has_key, is_json, items, object, objects, text, unwrapped};
use crate::plan::resources_of;

use flat::nested;

/// Whether a text is a state.
#[must_use]
pub fn knows(text: &str) -> bool {
    if !is_json(text) || crate::plan::knows(text) {
        return false;
    }
    let is_kept = has_key(text, "lineage") && (has_key(text, "serial") || has_key(text, "encrypted_data"));
    let is_old = has_key(text, "terraform_version") && has_key(text, "modules") && has_key(text, "version");
    let is_short =
        has_key(text, "terraform_version") && has_key(text, "version") && has_key(text, "resources");
    is_kept || is_old || is_short || (has_key(text, "values") && has_key(text, "root_module"))
}

/// The resources of the states of a document, each state for itself.
#[must_use]
pub fn read<'a>(document: &Document<'a>) -> (Vec<Configuration<'a>>, Reading) {
    let (values, mut gaps) = broken::values(document);
    let states = unwrapped(&values, is_state);
    let mut configurations = Vec::with_capacity(states.len());
    for state in states {
        let mut found: BTreeMap<String, Declared<'a>> = BTreeMap::new();
        for mut declared in resources(state, document, &mut gaps) {
            // No state that Terraform writes has two; neither hides the other.
            if found.contains_key(&declared.address) {
                gaps.push(given_twice(document, &declared));
                declared.address = format!("{}#{}", declared.address, found.len());
            }
            found.insert(declared.address.clone(), declared);
        }
        configurations.push(Configuration {
            label: String::new(),
            documents: vec![(document.id, document.text)],
            resources: found.into_values().collect(),
        });
    }
    let format = (!configurations.is_empty()).then_some(FORMAT);
    (configurations, Reading { format, gaps, ..Reading::default() })
}

fn given_twice(document: &Document<'_>, declared: &Declared<'_>) -> Gap {
    let message = format!("the state has {} twice: both are taken as there", Quoted(&declared.address));
    let provenance =
        Provenance { document: document.id, offset: offset_in(document, declared.attributes.at) };
    Gap::at(provenance, "declared-twice", Effect::Undecided, message)
}

/// Where a piece of a document begins.
fn offset_in(document: &Document<'_>, at: Option<&str>) -> u64 {
    let offset = at.and_then(|at| (at.as_ptr() as usize).checked_sub(document.text.as_ptr() as usize));
    offset.filter(|offset| *offset <= document.text.len()).unwrap_or(0) as u64
}

fn is_state(node: &Node<'_>) -> bool {
    let has = |key: &str| node.own(key).is_some();
    let is_printed = object(node, "values").is_some_and(|values| values.own("root_module").is_some());
    let is_kept = has("version") && (has("resources") || has("modules"));
    is_printed
        || (is_kept && (has("lineage") || has("terraform_version") || has("serial")))
        || has("encrypted_data")
}

fn resources<'a>(state: &Node<'a>, document: &Document<'a>, gaps: &mut Vec<Gap>) -> Vec<Declared<'a>> {
    let mut tell = |code: &'static str, effect: Effect, message: String| {
        let offset = offset_in(document, state.at);
        gaps.push(Gap::at(Provenance { document: document.id, offset }, code, effect, message));
    };
    if state.own("encrypted_data").is_some() {
        let message =
            "the state is encrypted: nothing of it is read; add what `tofu show -json` prints of it";
        tell("encrypted-state", Effect::Skipped, message.to_owned());
        return Vec::new();
    }
    if let Some(values) = object(state, "values") {
        return resources_of(values).into_iter().filter_map(printed).collect();
    }
    match text(state, "version") {
        Some("4") => objects(state, "resources").flat_map(kept).collect(),
        Some("3") => objects(state, "modules").flat_map(of_module).collect(),
        version => {
            let message = format!(
                "the state is of version {}, expected 3 or 4: nothing of it is read",
                Quoted(version.unwrap_or("?"))
            );
            tell("unknown-version", Effect::Skipped, message);
            Vec::new()
        }
    }
}

/// A resource as `terraform show -json` prints it.
fn printed<'a>(node: &Node<'a>) -> Option<Declared<'a>> {
    let address = text(node, "address")?;
    // What was replaced and could not be deleted is still there.
    let address = match text(node, "deposed_key") {
        Some(key) => deposed(address, key),
        None => address.to_owned(),
    };
    let values = object(node, "values")?.clone();
    Some(declared(node, word(node, "type"), address, values, text(node, "mode") == Some("data")))
}

/// The instances of a resource of a state of version 4.
fn kept<'a>(node: &Node<'a>) -> Vec<Declared<'a>> {
    let is_looked_up = text(node, "mode") == Some("data");
    let (kind, name) = (word(node, "type"), text(node, "name").unwrap_or_default());
    let module = text(node, "module").map(|module| format!("{module}.")).unwrap_or_default();
    let data = if is_looked_up { "data." } else { "" };
    let address = format!("{module}{data}{kind}.{name}");
    let instances = objects(node, "instances").filter(|instance| !is_broken(instance));
    let one = |instance: &Node<'a>| {
        let address = format!("{address}{}", key_of(instance));
        let address = match text(instance, "deposed") {
            Some(key) => deposed(&address, key),
            None => address,
        };
        let values = match (object(instance, "attributes"), object(instance, "attributes_flat")) {
            (Some(values), _) => values.clone(),
            (None, Some(flat)) => nested(flat),
            (None, None) => return None,
        };
        Some(declared(instance, kind.clone(), address, values, is_looked_up))
    };
    instances.filter_map(one).collect()
}

/// The key of an instance: a number, or a text in quotes.
fn key_of(instance: &Node<'_>) -> String {
    let Some(key) = text(instance, "index_key") else { return String::new() };
    // A text of digits is written as a number is: one resource has keys of one kind only.
    match key.bytes().all(|byte| byte.is_ascii_digit()) && !key.is_empty() {
        true => format!("[{key}]"),
        false => format!("[\"{}\"]", key.replace('\\', "\\\\").replace('"', "\\\"")),
    }
}

/// The resources of a module of a state of version 3.
fn of_module<'a>(module: &Node<'a>) -> Vec<Declared<'a>> {
    let path = items(module, "path").iter().skip(1);
    let path = path
        .filter_map(|step| if let Tree::Text(name) = step { Some(format!("module.{name}.")) } else { None });
    let prefix: String = path.collect();
    let resources = object(module, "resources").map(Node::entries).unwrap_or_default();
    let mut found = Vec::new();
    for (key, resource) in resources {
        let Some(resource) = as_object(resource).filter(|resource| !is_broken(resource)) else { continue };
        let is_looked_up = key.starts_with("data.");
        let own = key.strip_prefix("data.").unwrap_or(key);
        let mut parts = own.splitn(3, '.');
        let (kind, name, number) =
            (parts.next().unwrap_or_default(), parts.next().unwrap_or_default(), parts.next());
        let number = number.map(|number| format!("[{number}]")).unwrap_or_default();
        let data = if is_looked_up { "data." } else { "" };
        let address = format!("{prefix}{data}{kind}.{name}{number}");
        let spoken = match resource.own("type") {
            Some(Tree::Text(kind)) => kind.clone(),
            _ => Cow::Owned(kind.to_owned()),
        };
        let left = objects(resource, "deposed").enumerate();
        let left = left.map(|(number, instance)| (deposed(&address, &number.to_string()), instance));
        let primary = object(resource, "primary").map(|instance| (address.clone(), instance));
        for (address, instance) in primary.into_iter().chain(left) {
            let Some(flat) = object(instance, "attributes") else { continue };
            found.push(declared(resource, spoken.clone(), address, nested(flat), is_looked_up));
        }
    }
    found
}

fn declared<'a>(
    node: &Node<'a>,
    kind: Cow<'a, str>,
    address: String,
    values: Node<'a>,
    is_looked_up: bool,
) -> Declared<'a> {
    Declared {
        kind,
        address,
        attributes: Node::new(values.into_entries(), node.at),
        provider: Arc::default(),
        presence: Presence::Certain,
        is_looked_up,
    }
}

/// The address of an instance that was replaced and is still there.
fn deposed(address: &str, key: &str) -> String {
    format!("{address} (deposed {key})")
}

fn word<'a>(node: &Node<'a>, key: &str) -> Cow<'a, str> {
    match node.own(key) {
        Some(Tree::Text(text)) => text.clone(),
        _ => Cow::Borrowed(""),
    }
}

const FORMAT: &str = "terraform/state";
