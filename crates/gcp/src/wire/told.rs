//! What an object is, by what it says of itself: its asset type, `kind`, self link, name, or keys that nobody else has.

use cloud::json::{Node, Tree};

use crate::resource::{KINDS, Kind, path_of};

use super::elsewhere::{ELSEWHERE, Elsewhere};
use super::words::{object, text};

/// What an object is. Complete.
#[derive(Clone, Copy)]
pub(super) enum Told {
    /// Of a kind that is assessed.
    Kind(&'static Kind),
    /// Of one that is not, and that is known.
    Other(&'static Elsewhere),
    /// Of Google, and nothing else is known of it.
    Google,
    /// Nothing of Google.
    Nobody,
}

/// What an object is; `list` is the key under which it stands, if it is an entry of an answer.
pub(super) fn told(node: &Node<'_>, list: Option<&str>) -> Told {
    // A word with `#` is one of Google's APIs; objects of Kubernetes have a `kind` too.
    if let Some(word) = text(node, "kind").filter(|word| word.contains('#')) {
        if !is_word_of_cloud(word) {
            return Told::Nobody;
        }
        let kind = KINDS.iter().find(|kind| kind.kinds.contains(&word));
        let other = || ELSEWHERE.iter().find(|other| other.kinds.contains(&word));
        return of(kind, other);
    }
    if let Some(word) = text(node, "apiVersion") {
        let knative = ELSEWHERE.iter().find(|other| other.kinds.contains(&word));
        return knative.map_or(Told::Nobody, Told::Other);
    }
    if let Some((api, path)) = text(node, "selfLink").and_then(api_and_path) {
        let (api, collection) = (Some(api), collection_of(path));
        let is_it = |assets: &[&'static str], own: &str| api_of(assets) == api && Some(own) == collection;
        let kind = KINDS.iter().find(|kind| is_it(kind.assets, kind.collection));
        let other = || ELSEWHERE.iter().find(|other| is_it(other.assets, other.collection));
        return of(kind, other);
    }
    let path = text(node, "name").filter(|name| is_path(name));
    if let Some(collection) = path.and_then(collection_of) {
        // The newer API has the number of a project in its name alone.
        let is_project = collection == PROJECTS && has_all(node, &["projectId"]);
        let is_it = |own: &str, signs: &[&str]| {
            own == collection && (has_all(node, signs) || (own == PROJECTS && is_project))
        };
        let kind = KINDS.iter().find(|kind| is_it(kind.collection, kind.signs));
        let other = || ELSEWHERE.iter().find(|other| is_it(other.collection, other.signs));
        match of(kind, other) {
            Told::Google => {}
            told => return told,
        }
    }
    match by_signs(node, list) {
        Told::Nobody if path.is_some_and(is_rooted) => Told::Google,
        told => told,
    }
}

/// Whether a `kind` is a word of an API of Google Cloud: Google has others.
pub(super) fn is_word_of_cloud(word: &str) -> bool {
    word.split_once('#').is_some_and(|(api, _)| APIS.contains(&api))
}

/// The APIs of Google Cloud whose objects have a `kind`.
const APIS: [&str; 9] = [
    "bigquery",
    "cloudresourcemanager",
    "compute",
    "container",
    "deploymentmanager",
    "dns",
    "networkconnectivity",
    "sql",
    "storage",
];

/// The kind of an asset type: `compute.googleapis.com/Firewall`.
pub(super) fn of_asset(word: &str) -> Told {
    // Inventories of before 2019 have `google.compute.Firewall`.
    let older = word.strip_prefix("google.").and_then(|rest| rest.split_once('.'));
    let newer = older.map(|(api, name)| format!("{api}.googleapis.com/{name}"));
    let word = newer.as_deref().unwrap_or(word);
    let is_it = |assets: &[&str]| assets.iter().any(|known| known.eq_ignore_ascii_case(word));
    of(KINDS.iter().find(|kind| is_it(kind.assets)), || ELSEWHERE.iter().find(|other| is_it(other.assets)))
}

fn of(kind: Option<&'static Kind>, other: impl FnOnce() -> Option<&'static Elsewhere>) -> Told {
    match kind {
        Some(kind) => Told::Kind(kind),
        None => other().map_or(Told::Google, Told::Other),
    }
}

/// By keys alone: those that one of its list has, else those that tell most.
fn by_signs(node: &Node<'_>, list: Option<&str>) -> Told {
    let is_listed = |collection: &str| list.is_some_and(|list| list == collection);
    let rank = |kind: &&'static Kind| (!is_listed(kind.collection), usize::MAX - kind.signs.len());
    let is_it = |signs: &[&str]| match signs {
        [] => false,
        // Anybody may have `backends`.
        [word] if !word.bytes().any(|byte| byte.is_ascii_uppercase()) => {
            has_all(node, signs) && is_of_google(node)
        }
        signs => has_all(node, signs),
    };
    if let Some(kind) = KINDS.iter().filter(|kind| is_it(kind.signs)).min_by_key(rank) {
        return Told::Kind(kind);
    }
    if has_policy_rules(node)
        && let Some(kind) = KINDS.iter().find(|kind| kind.collection == "firewallPolicies")
    {
        return Told::Kind(kind);
    }
    if is_rule_of_network(node)
        && let Some(kind) = KINDS.iter().find(|kind| kind.collection == "firewalls")
    {
        return Told::Kind(kind);
    }
    if is_instance(node)
        && let Some(kind) = KINDS.iter().find(|kind| kind.assets.contains(&INSTANCE))
    {
        return Told::Kind(kind);
    }
    let is_there = |other: &&Elsewhere| other.collection.is_empty() || is_listed(other.collection);
    let other = ELSEWHERE.iter().filter(is_there).find(|other| is_it(other.signs));
    other.map_or(Told::Nobody, Told::Other)
}

/// In the letters of the API: others spell like words otherwise.
pub(super) fn has_all(node: &Node<'_>, signs: &[&str]) -> bool {
    signs.iter().all(|sign| node.keys().any(|key| key == *sign))
}

/// Whether a text of an object names something of Google Cloud.
fn is_of_google(node: &Node<'_>) -> bool {
    node.entries().iter().any(|(_, value)| names_google(value))
}

fn names_google(value: &Tree<'_>) -> bool {
    match value {
        Tree::Text(text) => {
            text.contains("googleapis.com/")
                || ["projects/", "apps/"].iter().any(|root| text.starts_with(root))
        }
        Tree::List(items) => items.iter().any(names_google),
        Tree::Object(node) => is_of_google(node),
        Tree::Null | Tree::Flag(_) | Tree::Unknown(_) => false,
    }
}

/// Whether a piece of a resource has rules as only firewall policies have them: with `layer4Configs`.
fn has_policy_rules(node: &Node<'_>) -> bool {
    let Some(Tree::List(rules)) = node.own("rules") else { return false };
    let is_one = |rule: &Tree<'_>| match rule {
        Tree::Object(rule) => {
            object(rule, "match").is_some_and(|matched| matched.own("layer4Configs").is_some())
        }
        Tree::Null | Tree::Flag(_) | Tree::Text(_) | Tree::List(_) | Tree::Unknown(_) => false,
    };
    rules.iter().any(is_one)
}

/// Whether a named piece of a resource says what only rules of a network say: a projection may leave all else out.
fn is_rule_of_network(node: &Node<'_>) -> bool {
    let has_protocol = |entry: &Tree<'_>| match entry {
        Tree::Object(entry) => entry.own("IPProtocol").is_some(),
        Tree::Null | Tree::Flag(_) | Tree::Text(_) | Tree::List(_) | Tree::Unknown(_) => false,
    };
    let has_protocols = |key: &&str| match node.own(key) {
        Some(Tree::List(entries)) => entries.iter().any(has_protocol),
        Some(_) | None => false,
    };
    let has_sources = ["sourceRanges", "sourceTags"].iter().any(|key| node.own(key).is_some());
    node.own("name").is_some() && (has_sources || ["allowed", "denied"].iter().any(has_protocols))
}

/// Whether a piece of a resource has interfaces as only instances of Google have them: a projection may leave all else out.
fn is_instance(node: &Node<'_>) -> bool {
    let Some(Tree::List(interfaces)) = node.own("networkInterfaces") else { return false };
    let is_one = |interface: &Tree<'_>| match interface {
        Tree::Object(interface) => {
            let has = |key: &str| interface.own(key).is_some();
            has("accessConfigs") || has("networkIP") || (has("network") && is_of_google(interface))
        }
        Tree::Null | Tree::Flag(_) | Tree::Text(_) | Tree::List(_) | Tree::Unknown(_) => false,
    };
    interfaces.iter().any(is_one)
}

const PROJECTS: &str = "projects";
const INSTANCE: &str = "compute.googleapis.com/Instance";

/// The word before the last of a path.
fn collection_of(path: &str) -> Option<&str> {
    path.rsplit('/').nth(1)
}

/// Whether a name is a path as APIs of Google have them: `projects/p/…`, `apps/x/…`, or a word and what is Google's to
/// number: `folders/123`, `tagKeys/456`. Anybody's names may have a stroke.
fn is_path(name: &str) -> bool {
    let parts: Vec<&str> = name.split('/').collect();
    match parts.as_slice() {
        ["projects" | "apps" | "tagBindings", ..] => parts.len() > 1,
        [_, number] => !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()),
        ["folders" | "organizations" | "locations", ..] => true,
        _ => false,
    }
}

/// Whether a path begins with who owns it.
fn is_rooted(path: &str) -> bool {
    let owner = path.split('/').next();
    ["projects", "folders", "organizations"].iter().any(|root| owner == Some(root))
        && path.split('/').count() > 3
}

/// The API of an asset type: `compute`.
fn api_of(assets: &[&'static str]) -> Option<&'static str> {
    assets.first()?.split('.').next()
}

/// The API and the path of a self link: `https://www.googleapis.com/compute/v1/projects/…` and
/// `https://compute.googleapis.com/compute/v1/projects/…` are of `compute`.
fn api_and_path(link: &str) -> Option<(&str, &str)> {
    let path = path_of(link);
    let Some((_, rest)) = link.split_once("//") else {
        // Cut by a projection; only the resources of Compute Engine are told by their paths.
        return is_rooted(path).then_some(("compute", path));
    };
    let (host, behind) = rest.split_once('/')?;
    (host.ends_with("googleapis.com") || host.ends_with(".goog")).then_some(())?;
    let label = host.split('.').next()?;
    let api = if label == "www" { behind.split('/').next()? } else { label };
    Some((if api == "sql" { "sqladmin" } else { api }, path))
}
