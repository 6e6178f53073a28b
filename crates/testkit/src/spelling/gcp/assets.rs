//! Assets of the Cloud Asset Inventory.

use std::collections::BTreeMap;

use serde_json::{Value, json};

/// A resource as the asset inventory stores it.
pub(super) struct Asset {
    name: String,
    kind: String,
    /// The nearest first.
    ancestors: Vec<String>,
    data: Value,
}

/// The assets of a list of resources; `None` where the inventory does not store them, or one of them has no name.
pub(super) fn assets_of(
    word: &str,
    list: &[Value],
    kinds: &BTreeMap<&'static str, Vec<Value>>,
) -> Option<Vec<Asset>> {
    list.iter().map(|resource| asset(word, resource, kinds)).collect()
}

fn asset(word: &str, resource: &Value, kinds: &BTreeMap<&'static str, Vec<Value>>) -> Option<Asset> {
    let text = |key: &str| resource[key].as_str();
    let (api, kind, path) = if let Some(kind) = text("kind").and_then(|kind| kind.strip_prefix("compute#")) {
        let (first, rest) = kind.split_at(1);
        let path = text("selfLink")?.split_once("/v1/")?.1.to_owned();
        ("compute", format!("{}{rest}", first.to_uppercase()), path)
    } else {
        let (_, api, kind) = OTHERS.iter().find(|(known, ..)| *known == word)?;
        let path = match text("projectNumber") {
            Some(number) => format!("projects/{number}"),
            None => text("name").or(text("selfLink"))?.to_owned(),
        };
        (*api, (*kind).to_owned(), path)
    };
    let ancestors = ancestors(&path, kinds);
    Some(Asset {
        name: format!("//{api}.googleapis.com/{path}"),
        kind: format!("{api}.googleapis.com/{kind}"),
        ancestors,
        data: lean(resource),
    })
}

/// Words of kinds whose resources have no `kind`, with their API and their asset type.
const OTHERS: [(&str, &str, &str); 6] = [
    ("addressGroups", "networksecurity", "AddressGroup"),
    ("folders", "cloudresourcemanager", "Folder"),
    ("organizations", "cloudresourcemanager", "Organization"),
    ("projects", "cloudresourcemanager", "Project"),
    ("tagBindings", "cloudresourcemanager", "TagBinding"),
    ("tagValues", "cloudresourcemanager", "TagValue"),
];

/// The inventory leaves out what has its default.
fn lean(resource: &Value) -> Value {
    let Some(object) = resource.as_object() else { return resource.clone() };
    let says = |value: &Value| match value {
        Value::Null | Value::Bool(false) => false,
        Value::Array(items) => !items.is_empty(),
        Value::String(text) => !text.is_empty(),
        Value::Bool(true) | Value::Number(_) | Value::Object(_) => true,
    };
    let said = object.iter().filter(|(_, value)| says(value));
    Value::Object(said.map(|(key, value)| (key.clone(), value.clone())).collect())
}

/// What holds the project of a path, as far as the organisation says it.
fn ancestors(path: &str, kinds: &BTreeMap<&'static str, Vec<Value>>) -> Vec<String> {
    let Some(id) = path.strip_prefix("projects/").and_then(|rest| rest.split('/').next()) else {
        return Vec::new();
    };
    let is_it = |project: &&Value| project["projectId"] == id || project["projectNumber"] == id;
    let Some(project) = kinds.get("projects").into_iter().flatten().find(is_it) else { return Vec::new() };
    let mut ancestors = vec![format!("projects/{}", project["projectNumber"].as_str().unwrap_or_default())];
    let parent = &project["parent"];
    let mut next =
        parent["type"].as_str().zip(parent["id"].as_str()).map(|(kind, id)| format!("{kind}s/{id}"));
    while let Some(above) = next.take().filter(|above| !ancestors.contains(above)) {
        let folder = kinds.get("folders").into_iter().flatten().find(|folder| folder["name"] == above);
        next = folder.and_then(|folder| folder["parent"].as_str()).map(str::to_owned);
        ancestors.push(above);
    }
    ancestors
}

impl Asset {
    /// An asset of an export.
    pub(super) fn object(&self) -> Value {
        json!({
            "name": self.name,
            "assetType": self.kind,
            "resource": {"version": "v1", "discoveryName": "X", "data": self.data, "location": "global"},
            "ancestors": self.ancestors,
            "updateTime": "2026-01-02T10:00:00.123456Z",
        })
    }

    /// The same as the first exports had it, with its ancestors as a path.
    pub(super) fn snake(&self) -> Value {
        let mut steps: Vec<String> = self.ancestors.iter().map(|step| step.replacen("s/", "/", 1)).collect();
        steps.reverse();
        json!({
            "name": self.name,
            "asset_type": self.kind,
            "ancestry_path": steps.join("/"),
            "resource": {"version": "v1", "discovery_name": "X", "data": self.data},
        })
    }

    /// A row of a table.
    pub(super) fn row(&self) -> Value {
        let mut row = self.object();
        row["resource"]["data"] = self.data.to_string().into();
        row
    }

    /// What a search finds.
    pub(super) fn found(&self) -> Value {
        let of = |root: &str| {
            let own = self.ancestors.iter().filter(|step| step.starts_with(root));
            own.map(|step| Value::from(step.as_str())).collect::<Vec<Value>>()
        };
        json!({
            "name": self.name,
            "assetType": self.kind,
            "project": of("projects/").first(),
            "folders": of("folders/"),
            "organization": of("organizations/").first(),
            "versionedResources": [{"version": "v1", "resource": self.data}],
        })
    }

    /// Messages of a feed: what it is, what it was before, and another one that is gone.
    pub(super) fn history(&self) -> Vec<Value> {
        let now = json!({
            "asset": self.object(),
            "window": {"startTime": "2026-01-02T10:00:00.123456Z"},
            "priorAssetState": "PRESENT",
        });
        let mut before = now.clone();
        if let Some(past) = before["asset"]["resource"]["data"].as_object_mut() {
            past.retain(|_, value| !value.is_array());
        }
        before["window"]["startTime"] = "2025-12-31T23:00:00Z".into();
        before["asset"]["updateTime"] = "2025-12-31T23:00:00Z".into();
        let gone = json!({
            "asset": {"name": format!("{}-gone", self.name), "assetType": self.kind},
            "window": {"startTime": "2026-01-02T10:00:00Z"},
            "deleted": true,
        });
        vec![now, before, gone]
    }
}

/// A message as it is pushed.
pub(super) fn pushed(message: &Value) -> Value {
    let data = base64(message.to_string().as_bytes());
    json!({"message": {"data": data, "messageId": "1"}, "subscription": "projects/p/subscriptions/assets"})
}

fn base64(bytes: &[u8]) -> String {
    let alphabet: Vec<char> = ('A'..='Z').chain('a'..='z').chain('0'..='9').chain(['+', '/']).collect();
    let group = |bytes: &[u8]| {
        let bits =
            (0..3).fold(0, |bits, place| bits << 8 | usize::from(bytes.get(place).copied().unwrap_or(0)));
        let figures = [18, 12, 6, 0].map(|shift| alphabet[bits >> shift & 63]);
        figures
            .into_iter()
            .take(bytes.len() + 1)
            .chain("==".chars().take(3 - bytes.len()))
            .collect::<String>()
    };
    bytes.chunks(3).map(group).collect()
}
