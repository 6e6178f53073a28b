//! Documents as texts: answers of the REST interface, assets, lines, other orders of keys.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::generate::Organisation;
use crate::oracle::gcp;
use crate::rewrite::reversed_keys;

/// How an organisation is packed into documents. Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packing {
    /// `{kind: compute#firewallList, items: […]}` where the API has such answers.
    Rest,
    /// `{items: {zones/z: {instances: […]}}}` where a collection is of zones or regions.
    Aggregated,
    /// An export of the asset inventory.
    Assets,
    /// The same, an asset a line.
    AssetLines,
    /// One line for each resource.
    Lines,
    /// The keys of every object in the other order.
    Keys,
    /// One document for each resource.
    Files,
    /// Every document twice.
    Twice,
    /// What is in force at each interface, in place of rules and policies.
    Effective,
}

impl Packing {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Rest,
        Self::Aggregated,
        Self::Assets,
        Self::AssetLines,
        Self::Lines,
        Self::Keys,
        Self::Files,
        Self::Twice,
        Self::Effective,
    ];
}

/// The texts of an organisation in a packing.
#[must_use]
pub fn packed(organisation: &Organisation, packing: Packing) -> Vec<(String, String)> {
    let documents = organisation.documents();
    match packing {
        Packing::Keys => reversed_keys(&documents),
        Packing::Rest => pages(organisation, rest),
        Packing::Aggregated => pages(organisation, aggregated),
        Packing::Assets => vec![("assets.json".to_owned(), Value::Array(assets(organisation)).to_string())],
        Packing::AssetLines => {
            let lines = assets(organisation).into_iter().map(|asset| format!("{asset}\n"));
            vec![("assets.jsonl".to_owned(), lines.collect())]
        }
        Packing::Lines => {
            let lines = organisation.kinds.values().flatten().map(|it| format!("{it}\n"));
            vec![("all.jsonl".to_owned(), lines.collect())]
        }
        Packing::Files => {
            let all = organisation.kinds.values().flatten().enumerate();
            all.map(|(number, resource)| (format!("{number}.json"), resource.to_string())).collect()
        }
        Packing::Twice => {
            let again = organisation.texts().into_iter().map(|(name, text)| (format!("again-{name}"), text));
            organisation.texts().into_iter().chain(again).collect()
        }
        Packing::Effective => {
            let mut evaluator = gcp::Estate::default();
            documents.iter().for_each(|(_, document)| evaluator.read(document));
            let raw = ["firewalls.json", "firewallpolicies.json"];
            let others = organisation.texts().into_iter().filter(|(name, _)| !raw.contains(&name.as_str()));
            let answers = evaluator.effective().into_iter().enumerate();
            let answers = answers.map(|(number, it)| (format!("effective-{number}.json"), it.to_string()));
            others.chain(answers).collect()
        }
    }
}

/// A document for each collection of each project; what the Compute API does not list stays as it is.
fn pages(
    organisation: &Organisation,
    page: impl Fn(&str, &str, Vec<Value>) -> Value,
) -> Vec<(String, String)> {
    let mut pages = Vec::new();
    for (kind, resources) in &organisation.kinds {
        let mut of_projects: BTreeMap<String, Vec<Value>> = BTreeMap::new();
        for resource in resources {
            let link = resource["selfLink"].as_str().unwrap_or_default();
            let project = link.split_once("/projects/").and_then(|(_, rest)| rest.split('/').next());
            of_projects.entry(project.unwrap_or_default().to_owned()).or_default().push(resource.clone());
        }
        for (number, (project, resources)) in of_projects.into_iter().enumerate() {
            let is_listed = resources[0]["kind"].as_str().is_some_and(|kind| kind.starts_with("compute#"));
            let is_page = is_listed && !project.is_empty();
            let document = if is_page { page(kind, &project, resources) } else { Value::Array(resources) };
            pages.push((format!("{kind}-{number}.json"), document.to_string()));
        }
    }
    pages
}

fn rest(kind: &str, project: &str, resources: Vec<Value>) -> Value {
    let word = format!("{}List", resources[0]["kind"].as_str().unwrap_or_default());
    json!({"kind": word, "id": format!("projects/{project}/global/{kind}"), "items": resources})
}

fn aggregated(kind: &str, project: &str, resources: Vec<Value>) -> Value {
    let own = [
        "instances",
        "subnetworks",
        "forwardingRules",
        "targetInstances",
        "targetPools",
        "firewallPolicies",
        "backendServices",
        "instanceGroups",
    ];
    if !own.contains(&kind) {
        return rest(kind, project, resources);
    }
    let word = format!("{}AggregatedList", resources[0]["kind"].as_str().unwrap_or_default());
    let mut scopes: Map<String, Value> = Map::new();
    let nothing = json!({"code": "NO_RESULTS_ON_PAGE", "message": "There are no results for scope 'zones/asia-east1-a' on this page."});
    scopes.insert("zones/asia-east1-a".to_owned(), json!({"warning": nothing}));
    for resource in resources {
        let place = ["zone", "region"].into_iter().find_map(|key| resource[key].as_str());
        let place =
            place.and_then(|link| link.split_once(&format!("/projects/{project}/"))).map(|(_, place)| place);
        let scope = scopes.entry(place.unwrap_or("global")).or_insert_with(|| json!({kind: []}));
        scope[kind].as_array_mut().into_iter().for_each(|it| it.push(resource.clone()));
    }
    json!({"kind": word, "id": format!("projects/{project}/aggregated/{kind}"), "items": scopes})
}

/// Every resource as an asset, with who holds it.
fn assets(organisation: &Organisation) -> Vec<Value> {
    let all = organisation.kinds.iter().flat_map(|(kind, all)| all.iter().map(move |it| (*kind, it)));
    // Who is in a group no asset says: that stays the answer of its own command.
    let made = all.map(|(kind, resource)| match kind {
        "instanceGroupMembers" => resource.clone(),
        _ => asset(organisation, kind, resource),
    });
    made.collect()
}

fn asset(organisation: &Organisation, kind: &str, resource: &Value) -> Value {
    let (_, kind) = ASSETS.into_iter().find(|(collection, _)| *collection == kind).unwrap_or_default();
    let (service, _) = kind.split_once('/').unwrap_or_default();
    let text = |key: &str| resource[key].as_str().unwrap_or_default();
    let path = match (resource.get("selfLink"), resource.get("projectNumber")) {
        (Some(_), _) => text("selfLink").split_once("/v1/").map_or("", |(_, path)| path).to_owned(),
        (None, Some(_)) => format!("projects/{}", text("projectNumber")),
        (None, None) => text("name").to_owned(),
    };
    let mut data = resource.clone();
    data.as_object_mut().into_iter().for_each(|it| drop(it.remove("kind")));
    json!({
        "name": format!("//{service}/{path}"), "assetType": kind, "updateTime": "2026-11-22T10:00:00Z",
        "resource": {"version": "v1", "discoveryName": kind.rsplit('/').next(), "data": data},
        "ancestors": ancestors(organisation, &path),
    })
}

/// What holds a resource, the nearest first, by numbers.
fn ancestors(organisation: &Organisation, path: &str) -> Vec<String> {
    let mut above = Vec::new();
    let word = path.split_once("projects/").and_then(|(_, rest)| rest.split('/').next()).unwrap_or_default();
    let mut own = organisation.each("projects");
    let project = own.find(|it| it["projectId"] == word || it["projectNumber"] == word);
    let mut next = project.map(|it| {
        above.push(format!("projects/{}", it["projectNumber"].as_str().unwrap_or_default()));
        let text = |key: &str| it["parent"][key].as_str().unwrap_or_default();
        format!("{}s/{}", text("type"), text("id"))
    });
    while let Some(holder) = next {
        let folder = organisation.each("folders").find(|it| it["name"] == *holder);
        next = folder.and_then(|it| Some(it["parent"].as_str()?.to_owned()));
        above.push(holder);
    }
    if above.is_empty() {
        above.push("organizations/1000".to_owned());
    }
    above
}

const ASSETS: [(&str, &str); 16] = [
    ("organizations", "cloudresourcemanager.googleapis.com/Organization"),
    ("folders", "cloudresourcemanager.googleapis.com/Folder"),
    ("projects", "cloudresourcemanager.googleapis.com/Project"),
    ("networks", "compute.googleapis.com/Network"),
    ("subnetworks", "compute.googleapis.com/Subnetwork"),
    ("firewalls", "compute.googleapis.com/Firewall"),
    ("firewallPolicies", "compute.googleapis.com/FirewallPolicy"),
    ("addressGroups", "networksecurity.googleapis.com/AddressGroup"),
    ("tagBindings", "cloudresourcemanager.googleapis.com/TagBinding"),
    ("instances", "compute.googleapis.com/Instance"),
    ("routes", "compute.googleapis.com/Route"),
    ("forwardingRules", "compute.googleapis.com/ForwardingRule"),
    ("targetInstances", "compute.googleapis.com/TargetInstance"),
    ("targetPools", "compute.googleapis.com/TargetPool"),
    ("backendServices", "compute.googleapis.com/BackendService"),
    ("instanceGroups", "compute.googleapis.com/InstanceGroup"),
];
