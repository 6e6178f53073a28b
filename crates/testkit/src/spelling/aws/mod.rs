//! One account in every format that is read: rewrites of the JSON of `aws … describe-*` that say the same.

mod config;
mod letters;

use serde_json::{Map, Value, json};

use crate::random::Random;

use config::{Item, items_of, region_of};
use letters::{camel, powershell};

/// How an account is written. Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AwsSpelling {
    /// `aws … describe-*`: a document for each command.
    Files,
    /// All answers in one object.
    Merged,
    /// All answers in one list.
    Answers,
    /// Pages of one resource or two, in one list.
    Pages,
    /// The same in letters that begin small.
    SmallLetters,
    /// `--query 'SecurityGroups[]'`: bare lists.
    Queried,
    /// Each resource by itself.
    Alone,
    /// What `Get-EC2SecurityGroup | ConvertTo-Json` prints: bare lists, with blocks as texts beside objects.
    PowerShell,
    /// Recorded answers of the SDK of Python.
    Recorded,
    /// A snapshot of AWS Config.
    Snapshot,
    /// `get-resource-config-history`: configurations as texts, items that are past, and what is deleted.
    History,
    /// `batch-get-resource-config`.
    Batch,
    /// Notifications, each in the text of another.
    Notifications,
    /// `select-resource-config`: a text for each row.
    Query,
    /// The same with a column for each key of the configuration, as tables of it have.
    FlatQuery,
    /// Each document in another of these.
    Mixed,
}

impl AwsSpelling {
    /// All of them.
    pub const ALL: [Self; 16] = [
        Self::Files,
        Self::Merged,
        Self::Answers,
        Self::Pages,
        Self::SmallLetters,
        Self::Queried,
        Self::Alone,
        Self::PowerShell,
        Self::Recorded,
        Self::Snapshot,
        Self::History,
        Self::Batch,
        Self::Notifications,
        Self::Query,
        Self::FlatQuery,
        Self::Mixed,
    ];

    /// Names of formats that must be recognised: the form's own, and that of what it does not carry.
    #[must_use]
    pub const fn formats(self) -> &'static [&'static str] {
        match self {
            Self::Files | Self::Merged | Self::Answers | Self::Pages | Self::SmallLetters => {
                &["aws/describe"]
            }
            Self::Queried | Self::Alone | Self::PowerShell => &["aws/resource", "aws/describe"],
            Self::Recorded => &["aws/recorded"],
            Self::Snapshot | Self::History | Self::Batch | Self::Notifications => {
                &["aws/config", "aws/describe"]
            }
            Self::Query | Self::FlatQuery => &["aws/config-query", "aws/describe"],
            Self::Mixed => {
                &["aws/resource", "aws/describe", "aws/recorded", "aws/config", "aws/config-query"]
            }
        }
    }

    /// Writes the documents of an account.
    #[must_use]
    pub fn write(self, documents: &[(String, Value)], random: &mut Random) -> Vec<(String, Value)> {
        let all = || documents.iter().map(|(_, document)| document.clone());
        let one = |document: Value| vec![("account.json".to_owned(), document)];
        match self {
            Self::Files => documents.to_vec(),
            Self::Merged => merged(documents),
            Self::Answers => one(all().collect()),
            Self::Pages => one(all().flat_map(|document| pages(&document, random)).collect()),
            Self::SmallLetters => each(documents, small),
            Self::Recorded => each(documents, recorded),
            Self::Queried => bare(documents, |list| vec![list.into()]),
            Self::Alone => bare(documents, |list| list),
            Self::PowerShell => bare(documents, |list| vec![list.iter().map(powershell).collect()]),
            Self::Snapshot => stored(documents, |items| {
                let items: Vec<Value> = items.iter().map(Item::object).collect();
                vec![json!({"fileVersion": "1.0", "configSnapshotId": "x", "configurationItems": items})]
            }),
            Self::History => {
                stored(documents, |items| items.iter().map(|item| item.history(random)).collect())
            }
            Self::Batch => stored(documents, |items| {
                let items: Vec<Value> = items.iter().map(Item::base).collect();
                vec![json!({"baseConfigurationItems": items, "unprocessedResourceKeys": []})]
            }),
            Self::Notifications => stored(documents, |items| items.iter().map(Item::notification).collect()),
            Self::Query => stored(documents, |items| vec![rows(items.iter().map(Item::row))]),
            Self::FlatQuery => stored(documents, |items| vec![rows(items.iter().map(Item::flat_row))]),
            Self::Mixed => {
                let others: Vec<Self> = Self::ALL.into_iter().filter(|it| *it != Self::Mixed).collect();
                let numbered = documents.iter().enumerate();
                numbered
                    .flat_map(|(number, document)| {
                        let written = random.pick(&others).write(core::slice::from_ref(document), random);
                        written
                            .into_iter()
                            .map(move |(name, document)| (format!("{number}-{name}"), document))
                    })
                    .collect()
            }
        }
    }
}

/// An answer in letters that begin small. An empty list of interfaces in these may be a machine's of another cloud, and says
/// nothing.
fn small(document: &Value) -> Value {
    if document["NetworkInterfaces"].as_array().is_some_and(Vec::is_empty) {
        return document.clone();
    }
    camel(document)
}

fn each(documents: &[(String, Value)], write: impl Fn(&Value) -> Value) -> Vec<(String, Value)> {
    documents.iter().map(|(name, document)| (name.clone(), write(document))).collect()
}

/// One object of all that differ in their keys, and another of what is left, until nothing is.
fn merged(documents: &[(String, Value)]) -> Vec<(String, Value)> {
    let mut objects: Vec<Map<String, Value>> = Vec::new();
    for (_, document) in documents {
        let own = document.as_object().expect("an answer is an object");
        match objects.iter_mut().find(|object| own.keys().all(|key| !object.contains_key(key))) {
            Some(object) => object.extend(own.clone()),
            None => objects.push(own.clone()),
        }
    }
    let numbered = objects.into_iter().enumerate();
    numbered.map(|(number, object)| (format!("merged-{number}.json"), Value::Object(object))).collect()
}

/// The pages of an answer that is one list.
fn pages(document: &Value, random: &mut Random) -> Vec<Value> {
    let Some((key, list)) = the_list(document) else { return vec![document.clone()] };
    let mut pages = Vec::new();
    let mut rest = list.as_slice();
    while !rest.is_empty() {
        let (page, more) = rest.split_at(random.between(1, 2).min(rest.len()));
        pages.push(json!({key: page, "NextToken": null}));
        rest = more;
    }
    if pages.is_empty() { vec![document.clone()] } else { pages }
}

fn recorded(document: &Value) -> Value {
    let mut data = document.clone();
    data["ResponseMetadata"] = json!({"HTTPStatusCode": 200, "RequestId": "r"});
    json!({"status_code": 200, "data": data})
}

/// Lists without their keys. What is no list, has nothing in it, or is not told by itself stays as it was.
fn bare(documents: &[(String, Value)], write: impl Fn(Vec<Value>) -> Vec<Value>) -> Vec<(String, Value)> {
    let mut written = Vec::new();
    for (name, document) in documents {
        match the_list(document) {
            Some((_, list)) if !list.is_empty() => {
                let documents = write(list.clone()).into_iter().enumerate();
                written.extend(documents.map(|(number, document)| (format!("{number}-{name}"), document)));
            }
            _ => written.push((name.clone(), document.clone())),
        }
    }
    written
}

/// What AWS Config stores; what it does not, and lists in which there is nothing, as they were.
fn stored(
    documents: &[(String, Value)],
    mut write: impl FnMut(&[Item]) -> Vec<Value>,
) -> Vec<(String, Value)> {
    let mut written = Vec::new();
    let mut items = Vec::new();
    let region = region_of(documents);
    for (name, document) in documents {
        match the_list(document).and_then(|(key, list)| items_of(key, list, &region)) {
            Some(own) if !own.is_empty() => items.extend(own),
            _ => written.push((name.clone(), document.clone())),
        }
    }
    if !items.is_empty() {
        let stored = write(&items).into_iter().enumerate();
        written.extend(stored.map(|(number, document)| (format!("config-{number}.json"), document)));
    }
    written
}

fn rows(rows: impl Iterator<Item = Value>) -> Value {
    let rows: Vec<Value> = rows.map(|row| row.to_string().into()).collect();
    json!({"Results": rows, "QueryInfo": {"SelectFields": [{"Name": "resourceId"}]}})
}

/// The list that an answer is.
fn the_list(document: &Value) -> Option<(&str, &Vec<Value>)> {
    let mut entries = document.as_object()?.iter();
    let (key, value) = entries.next()?;
    let list = value.as_array()?;
    entries.next().is_none().then_some((key.as_str(), list))
}
