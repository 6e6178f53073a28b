//! One estate in every format that is read: rewrites of the JSON of `az … list` that say the same.
//!
//! Writers know how formats are made up and no kind of resource: what is generated more comes for free. Where a format
//! has names or places of its own there is a table.

mod aws;
mod gcp;
mod graph;
mod modules;
mod powershell;
mod rest;
mod wrapped;

use serde_json::{Value, json};

use crate::random::Random;

pub use aws::AwsSpelling;
pub use gcp::GcpSpelling;

/// How an estate is written. Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spelling {
    /// `az … list`: a flattened list for each kind.
    List,
    /// `az … show`: a document for each resource.
    Show,
    /// `az resource show`: a document for each resource, with `properties`.
    ResourceShow,
    /// A page of the REST interface for each kind.
    RestPage,
    /// An answer of the REST interface for each resource.
    RestResource,
    /// A batch of answers of the REST interface.
    Batch,
    /// Resource Graph by REST, rows as objects.
    GraphObjects,
    /// Resource Graph by REST, a table.
    GraphTable,
    /// The same, its columns after its rows.
    GraphTableRowsFirst,
    /// `az graph query`.
    GraphCommandLine,
    /// `Search-AzGraph | ConvertTo-Json`.
    GraphPowerShell,
    /// `Get-Az… | ConvertTo-Json -Depth 20` of PowerShell 7.
    PowerShell7,
    /// The same of Windows PowerShell: lists with their length, lists of one as the one.
    PowerShell5,
    /// `Get-Az… | ConvertTo-Json` without a depth, whose `…Text` has what was cut.
    PowerShellCut,
    /// A recording whose answers are objects.
    Recording,
    /// A recording whose answers are texts, one page after another.
    RecordingOfTexts,
    /// The recorder of Microsoft's clients.
    SessionRecords,
    /// An example of the specification.
    Example,
    /// Each document in another of these.
    Mixed,
}

impl Spelling {
    /// All of them.
    pub const ALL: [Self; 19] = [
        Self::List,
        Self::Show,
        Self::ResourceShow,
        Self::RestPage,
        Self::RestResource,
        Self::Batch,
        Self::GraphObjects,
        Self::GraphTable,
        Self::GraphTableRowsFirst,
        Self::GraphCommandLine,
        Self::GraphPowerShell,
        Self::PowerShell7,
        Self::PowerShell5,
        Self::PowerShellCut,
        Self::Recording,
        Self::RecordingOfTexts,
        Self::SessionRecords,
        Self::Example,
        Self::Mixed,
    ];

    /// The name of the format that must be recognised; `None` where it depends on the document.
    #[must_use]
    pub const fn format(self) -> Option<&'static str> {
        match self {
            Self::List | Self::Show => Some("azure/cli"),
            Self::ResourceShow | Self::RestPage | Self::RestResource | Self::Batch => Some("azure/rest"),
            Self::GraphObjects
            | Self::GraphTable
            | Self::GraphTableRowsFirst
            | Self::GraphCommandLine
            | Self::GraphPowerShell => Some("azure/resource-graph"),
            Self::PowerShell7 | Self::PowerShell5 | Self::PowerShellCut => Some("azure/powershell"),
            Self::Recording | Self::RecordingOfTexts | Self::SessionRecords => Some("azure/recorded"),
            Self::Example => Some("azure/rest-example"),
            Self::Mixed => None,
        }
    }

    /// Why a resource cannot be written in full; `None` where all that it says is there. What is lost must be told.
    #[must_use]
    pub fn loses(self, resource: &Value) -> Option<&'static str> {
        let has_texts = modules::has_texts(resource);
        LOSSES.iter().find(|(it, _)| *it == self && !has_texts).map(|(_, reason)| *reason)
    }

    /// Writes documents, each a list of resources as `az … list` prints it.
    ///
    /// # Panics
    /// When a document is no list.
    #[must_use]
    pub fn write(self, documents: &[(String, Value)], random: &mut Random) -> Vec<(String, Value)> {
        documents.iter().flat_map(|(name, list)| self.document(name, items(list), random)).collect()
    }

    fn document(self, name: &str, list: &[Value], random: &mut Random) -> Vec<(String, Value)> {
        let rest = || list.iter().map(rest::resource).collect::<Vec<_>>();
        let each = |resources: Vec<Value>| {
            let numbered = resources.into_iter().enumerate();
            numbered.map(|(number, one)| (format!("{number}-{name}"), one)).collect()
        };
        let one = |document: Value| vec![(name.to_owned(), document)];
        match self {
            Self::List => one(list.into()),
            Self::Show => each(list.to_vec()),
            Self::ResourceShow => each(rest().into_iter().map(rest::shown).collect()),
            Self::RestPage => one(json!({"value": rest(), "nextLink": null})),
            Self::RestResource => each(rest()),
            Self::Batch => one(wrapped::batch(rest())),
            Self::GraphObjects => one(graph::objects(rest())),
            Self::GraphTable => one(graph::table(rest())),
            Self::GraphTableRowsFirst => one(graph::table_rows_first(rest())),
            Self::GraphCommandLine => one(graph::command_line(rest())),
            Self::GraphPowerShell => one(graph::search(rest())),
            Self::PowerShell7 => one(powershell::list(list)),
            Self::PowerShell5 => one(powershell::windows(list)),
            Self::PowerShellCut => one(powershell::cut(list)),
            Self::Recording => one(wrapped::recording(rest())),
            Self::RecordingOfTexts => one(wrapped::recording_of_texts(rest())),
            Self::SessionRecords => one(wrapped::session_records(rest())),
            Self::Example => one(wrapped::example(rest())),
            Self::Mixed => {
                let other = *random.pick(&Self::ALL);
                if other == Self::Mixed { one(list.into()) } else { other.document(name, list, random) }
            }
        }
    }
}

/// Formats that do not carry every kind, and why.
const LOSSES: [(Spelling, &str); 2] = [
    (Spelling::PowerShellCut, "only modules of the network repeat in `…Text` what the depth cuts"),
    (Spelling::Mixed, "may be cut"),
];

fn items(list: &Value) -> &[Value] {
    list.as_array().expect("a document is a list")
}

/// The words of an id after a segment.
fn segment<'a>(resource: &'a Value, name: &str) -> Option<&'a str> {
    let id = resource["id"].as_str()?;
    let mut segments = id.split('/');
    segments.find(|segment| segment.eq_ignore_ascii_case(name))?;
    segments.next()
}

/// The type that an id names.
fn type_of(id: &str) -> Option<String> {
    let (_, after) = id.rsplit_once("/providers/")?;
    let mut segments = after.split('/');
    let provider = segments.next()?;
    let words: Vec<&str> = segments.step_by(2).collect();
    (!words.is_empty()).then(|| format!("{provider}/{}", words.join("/")))
}
