//! One organisation in every format that is read: rewrites of the JSON of `gcloud … list` that say the same.

mod assets;

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::random::Random;

use assets::{Asset, assets_of};

/// How an organisation is written. Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GcpSpelling {
    /// `gcloud … list`: a document for each command.
    Lists,
    /// All of them in one list.
    Slurped,
    /// `gcloud … describe`: a document for each resource.
    Described,
    /// All lists in one object, by the words of their kinds.
    Merged,
    /// An answer of the API for each kind.
    Rest,
    /// Pages of one resource or two, in one list.
    Pages,
    /// Aggregated lists of what has a region or a zone.
    Aggregated,
    /// Recorded answers.
    Recorded,
    /// Links with another host and version of the API, and numbers as texts.
    Links,
    /// An export of the asset inventory, in one list.
    Assets,
    /// A line for each asset.
    AssetLines,
    /// Assets in the letters of the first exports.
    SnakeCase,
    /// `assets.list`.
    AssetPage,
    /// A table of assets: what the API says as a text.
    Rows,
    /// `searchAllResources` with all versions.
    Searched,
    /// Messages of a feed, with what was before and with what is gone.
    Feed,
    /// The same as they are pushed.
    Pushed,
    /// Each document in another of these.
    Mixed,
}

impl GcpSpelling {
    /// All of them.
    pub const ALL: [Self; 18] = [
        Self::Lists,
        Self::Slurped,
        Self::Described,
        Self::Merged,
        Self::Rest,
        Self::Pages,
        Self::Aggregated,
        Self::Recorded,
        Self::Links,
        Self::Assets,
        Self::AssetLines,
        Self::SnakeCase,
        Self::AssetPage,
        Self::Rows,
        Self::Searched,
        Self::Feed,
        Self::Pushed,
        Self::Mixed,
    ];

    /// Names of formats that must be recognised: the form's own, and that of what it does not carry.
    #[must_use]
    pub const fn formats(self) -> &'static [&'static str] {
        match self {
            Self::Lists
            | Self::Slurped
            | Self::Described
            | Self::Merged
            | Self::Rest
            | Self::Pages
            | Self::Links => &["gcp/list"],
            Self::Aggregated => &["gcp/aggregated", "gcp/list"],
            Self::Recorded => &["gcp/recorded"],
            Self::Assets
            | Self::AssetLines
            | Self::SnakeCase
            | Self::AssetPage
            | Self::Rows
            | Self::Searched => &["gcp/asset-inventory", "gcp/list"],
            Self::Feed | Self::Pushed => &["gcp/asset-feed", "gcp/list"],
            Self::Mixed => {
                &["gcp/list", "gcp/aggregated", "gcp/recorded", "gcp/asset-inventory", "gcp/asset-feed"]
            }
        }
    }

    /// Writes the documents of an organisation: lists, by the words of their kinds.
    #[must_use]
    pub fn write(
        self,
        kinds: &BTreeMap<&'static str, Vec<Value>>,
        random: &mut Random,
    ) -> Vec<(String, Value)> {
        let (answers, kinds): (BTreeMap<_, _>, BTreeMap<_, _>) = kinds
            .iter()
            .map(|(word, list)| (*word, list.clone()))
            .partition(|(word, _)| ANSWERS.contains(word));
        let answers = numbered(answers.into_values().flatten()).into_iter();
        let mut documents = self.write_lists(&kinds, random);
        documents.extend(answers.map(|(name, answer)| (format!("answer-{name}"), answer)));
        documents
    }

    fn write_lists(
        self,
        kinds: &BTreeMap<&'static str, Vec<Value>>,
        random: &mut Random,
    ) -> Vec<(String, Value)> {
        let lists = || kinds.iter().filter(|(_, list)| !list.is_empty());
        let each = |write: &dyn Fn(&str, &[Value]) -> Value| {
            lists().map(|(word, list)| (format!("{word}.json"), write(word, list))).collect::<Vec<_>>()
        };
        let one = |document: Value| vec![("organisation.json".to_owned(), document)];
        match self {
            Self::Lists => each(&|_, list| list.into()),
            Self::Slurped => one(lists().map(|(_, list)| Value::from(list.clone())).collect()),
            Self::Described => numbered(lists().flat_map(|(_, list)| list.clone())),
            Self::Merged => {
                let lists = lists().map(|(word, list)| ((*word).to_owned(), Value::from(list.clone())));
                one(Value::Object(lists.collect::<Map<String, Value>>()))
            }
            Self::Rest => each(&rest),
            Self::Pages => one(lists().flat_map(|(word, list)| pages(word, list, random)).collect()),
            Self::Aggregated => each(&aggregated),
            Self::Recorded => each(&|word, list| {
                let place =
                    format!("https://compute.googleapis.com/compute/v1/{}?alt=json", path(word, list));
                json!({"headers": {"status": "200", "content-location": place}, "body": rest(word, list)})
            }),
            Self::Links => each(&|_, list| list.iter().map(relinked).collect()),
            Self::Assets => stored(kinds, |assets| vec![assets.iter().map(Asset::object).collect()]),
            Self::AssetLines => stored(kinds, |assets| assets.iter().map(Asset::object).collect()),
            Self::SnakeCase => stored(kinds, |assets| vec![assets.iter().map(Asset::snake).collect()]),
            Self::AssetPage => stored(kinds, |assets| {
                let assets: Vec<Value> = assets.iter().map(Asset::object).collect();
                vec![json!({"readTime": "2026-01-02T10:00:00Z", "assets": assets})]
            }),
            Self::Rows => stored(kinds, |assets| assets.iter().map(Asset::row).collect()),
            Self::Searched => stored(kinds, |assets| {
                vec![json!({"results": assets.iter().map(Asset::found).collect::<Vec<_>>()})]
            }),
            Self::Feed => stored(kinds, |assets| vec![messages(assets, random).into()]),
            Self::Pushed => {
                stored(kinds, |assets| vec![messages(assets, random).iter().map(assets::pushed).collect()])
            }
            Self::Mixed => {
                // A merged object of rules alone is what the API says is in effect.
                let is_other = |it: &Self| !matches!(it, Self::Mixed | Self::Merged);
                let others: Vec<Self> = Self::ALL.into_iter().filter(is_other).collect();
                let mixed = lists().flat_map(|(word, list)| {
                    let alone = BTreeMap::from([(*word, list.clone())]);
                    random.pick(&others).write(&alone, random)
                });
                numbered(mixed.map(|(_, document)| document).collect::<Vec<_>>().into_iter())
            }
        }
    }
}

/// Answers about one subject each, which no list has: they stand for themselves beside every form.
const ANSWERS: [&str; 1] = ["instanceGroupMembers"];

/// Messages about assets, in any order.
fn messages(assets: &[Asset], random: &mut Random) -> Vec<Value> {
    let mut messages: Vec<Value> = assets.iter().flat_map(Asset::history).collect();
    random.shuffle(&mut messages);
    messages
}

/// Documents with names of their own.
fn numbered(documents: impl Iterator<Item = Value>) -> Vec<(String, Value)> {
    documents.enumerate().map(|(number, document)| (format!("{number}.json"), document)).collect()
}

/// What the asset inventory stores, and the rest as lists.
fn stored(
    kinds: &BTreeMap<&'static str, Vec<Value>>,
    write: impl FnOnce(&[Asset]) -> Vec<Value>,
) -> Vec<(String, Value)> {
    let mut assets = Vec::new();
    let mut left = Vec::new();
    for (word, list) in kinds.iter().filter(|(_, list)| !list.is_empty()) {
        match assets_of(word, list, kinds) {
            Some(own) => assets.extend(own),
            None => left.push(Value::from(list.clone())),
        }
    }
    numbered(write(&assets).into_iter().chain(left))
}

/// An answer of the API: with its `kind` where its resources have one, else under their word.
fn rest(word: &str, list: &[Value]) -> Value {
    match list.first().and_then(|first| first["kind"].as_str()) {
        Some(kind) => json!({"kind": format!("{kind}List"), "id": path(word, list), "items": list}),
        None => json!({word: list}),
    }
}

/// The path of a list, where its resources have one in common.
fn path(word: &str, list: &[Value]) -> String {
    let link = list.first().and_then(|first| first["selfLink"].as_str()).unwrap_or_default();
    let project = link.split_once("projects/").and_then(|(_, rest)| rest.split('/').next());
    project.map_or_else(|| word.to_owned(), |project| format!("projects/{project}/global/{word}"))
}

/// The pages of a list.
fn pages(word: &str, list: &[Value], random: &mut Random) -> Vec<Value> {
    let mut pages = Vec::new();
    let mut left = list;
    while !left.is_empty() {
        let (page, more) = left.split_at(random.between(1, 2).min(left.len()));
        let mut written = rest(word, page);
        written["nextPageToken"] = "".into();
        pages.push(written);
        left = more;
    }
    pages
}

/// An aggregated list, where each resource has a region or a zone or is of none.
fn aggregated(word: &str, list: &[Value]) -> Value {
    let Some(kind) = list.first().and_then(|first| first["kind"].as_str()) else { return rest(word, list) };
    let mut scopes: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for resource in list {
        let link = resource["selfLink"].as_str().unwrap_or_default();
        let place = ["zones", "regions"].iter().find_map(|place| {
            let (_, rest) = link.split_once(&format!("/{place}/"))?;
            Some(format!("{place}/{}", rest.split('/').next()?))
        });
        scopes.entry(place.unwrap_or_else(|| "global".to_owned())).or_default().push(resource.clone());
    }
    let mut items: Map<String, Value> =
        scopes.into_iter().map(|(scope, resources)| (scope, json!({word: resources}))).collect();
    let warning = json!({"code": "NO_RESULTS_ON_PAGE", "message": "none", "data": [{"key": "scope", "value": "zones/x"}]});
    items.insert("zones/x".to_owned(), json!({"warning": warning}));
    json!({"kind": format!("{kind}AggregatedList"), "items": items})
}

/// The same resource with another host and version of the API in its links, and numbers as texts.
fn relinked(value: &Value) -> Value {
    match value {
        Value::String(text) => {
            text.replace("www.googleapis.com/compute/v1", "compute.googleapis.com/compute/beta").into()
        }
        Value::Number(number) => number.to_string().into(),
        Value::Array(items) => items.iter().map(relinked).collect(),
        Value::Object(object) => {
            Value::Object(object.iter().map(|(key, value)| (key.clone(), relinked(value))).collect())
        }
        other => other.clone(),
    }
}
