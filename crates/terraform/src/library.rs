//! Everything that was handed in: modules by folder, values of variables, where modules were installed, other files.

use std::collections::{BTreeMap, BTreeSet};

use cloud::json::{Node, Tree};
use cloud::{Document, Reading};
use model::{DocumentId, Gap};

use crate::module::{File, Module};
use crate::paths::{file_name, folder, joined, normal};
use crate::recognise::{Kind, kind};
use crate::syntax::{Body, body, json_body, json_values};

/// Everything that was handed in.
#[derive(Default)]
pub(crate) struct Library<'a> {
    /// By folder.
    pub(crate) modules: BTreeMap<String, Module<'a>>,
    /// Folders that a configuration may begin in.
    pub(crate) begins: BTreeSet<String>,
    /// By folder, in the order in which they count.
    pub(crate) values: BTreeMap<String, Vec<Values<'a>>>,
    /// By the folder of the configuration, then by the names of the modules that lead there.
    pub(crate) registers: BTreeMap<String, BTreeMap<String, String>>,
    /// Texts by path.
    pub(crate) files: BTreeMap<String, (DocumentId, &'a str)>,
    /// Plans and states.
    pub(crate) finished: Vec<(Kind, Document<'a>)>,
    /// One for each document, in their order.
    pub(crate) readings: Vec<Reading>,
}

/// A file of values of variables.
pub(crate) struct Values<'a> {
    pub(crate) document: (DocumentId, &'a str),
    pub(crate) path: &'a str,
    /// Whether Terraform takes it without being told.
    pub(crate) is_automatic: bool,
    /// Whether the user named it.
    pub(crate) is_named: bool,
    pub(crate) body: Body<'a>,
}

impl<'a> Library<'a> {
    /// Sorts documents in; the first `begins` of them are where configurations may begin.
    pub(crate) fn of(inputs: &[crate::Input<'a>], beside: &[Document<'a>]) -> Self {
        let mut library = Self::default();
        let mut files: BTreeMap<String, Vec<File<'a>>> = BTreeMap::new();
        for input in inputs {
            library.sort_in(input.document, input.named, &mut files, true);
        }
        for document in beside {
            library.sort_in(*document, false, &mut files, false);
        }
        for (folder, files) in files {
            let mut gaps = Vec::new();
            let module = Module::of(folder.clone(), files, &mut gaps);
            library.tell(inputs, beside, gaps);
            library.modules.insert(folder, module);
        }
        for values in library.values.values_mut() {
            values.sort_by_key(|values| (!values.is_automatic, !is_first(values.path), values.path));
        }
        library
    }

    /// Puts what is told of documents to their readings.
    pub(crate) fn tell(&mut self, inputs: &[crate::Input<'a>], beside: &[Document<'a>], gaps: Vec<Gap>) {
        let ids: Vec<DocumentId> = inputs
            .iter()
            .map(|input| input.document.id)
            .chain(beside.iter().map(|document| document.id))
            .collect();
        for gap in gaps {
            let position = ids.iter().position(|id| Some(*id) == gap.document).unwrap_or(0);
            if let Some(reading) = self.readings.get_mut(position) {
                reading.gaps.push(gap);
            }
        }
    }

    fn sort_in(
        &mut self,
        document: Document<'a>,
        is_named: bool,
        files: &mut BTreeMap<String, Vec<File<'a>>>,
        begins: bool,
    ) {
        let path = normal(document.path);
        let place = folder(&path).to_owned();
        // What is handed in beside may be there already.
        if !begins && self.files.contains_key(&path) {
            self.readings.push(Reading { format: kind(&document).map(Kind::format), ..Reading::default() });
            return;
        }
        self.files.insert(path, (document.id, document.text));
        let Some(kind) = kind(&document) else {
            self.readings.push(Reading { format: Some("terraform/file"), ..Reading::default() });
            return;
        };
        let mut reading = Reading { format: Some(kind.format()), ..Reading::default() };
        match kind {
            Kind::Hcl | Kind::Json => {
                let (body, gaps) = blocks(&document, kind);
                let is_broken = !gaps.is_empty();
                reading.gaps = gaps;
                if begins {
                    self.begins.insert(place.clone());
                }
                let Document { id, path, text } = document;
                files.entry(place).or_default().push(File { id, path, text, body, is_broken, is_named });
            }
            Kind::Variables | Kind::JsonVariables => {
                let (body, gaps) = values(&document, kind);
                reading.gaps = gaps;
                let Document { id, path, text } = document;
                let is_automatic = is_automatic(path);
                let values = Values { document: (id, text), path, is_automatic, is_named, body };
                self.values.entry(place).or_default().push(values);
            }
            Kind::Register => {
                // `.terraform/modules/modules.json` is about the folder above both.
                let above = place.strip_suffix(".terraform/modules").unwrap_or(&place).trim_end_matches('/');
                self.registers.entry(above.to_owned()).or_default().extend(register(document.text, above));
            }
            Kind::Plan | Kind::State => self.finished.push((kind, document)),
        }
        self.readings.push(reading);
    }
}

/// The blocks of a file, and what could not be read.
fn blocks<'a>(document: &Document<'a>, kind: Kind) -> (Body<'a>, Vec<Gap>) {
    if kind == Kind::Json {
        let (body, malformed, broken) = json_body(document);
        let malformed = malformed.iter().map(|malformed| document.malformed(malformed));
        let broken = broken.iter().map(|broken| broken.gap(document, "the value is not known"));
        return (body, malformed.chain(broken).collect());
    }
    let (body, broken) = body(document.text);
    let gap = |broken: &crate::syntax::Broken| broken.gap(document, "the blocks behind it are read");
    (body, broken.iter().map(gap).collect())
}

fn values<'a>(document: &Document<'a>, kind: Kind) -> (Body<'a>, Vec<Gap>) {
    if kind == Kind::JsonVariables {
        let (body, malformed) = json_values(document);
        return (body, malformed.iter().map(|malformed| document.malformed(malformed)).collect());
    }
    let (body, broken) = body(document.text);
    let gap = |broken: &crate::syntax::Broken| broken.gap(document, "the values before it are taken");
    (body, broken.iter().map(gap).collect())
}

/// Where the modules of a configuration are, by the names that lead to them.
fn register(text: &str, above: &str) -> BTreeMap<String, String> {
    let mut reader = serde_json::Deserializer::from_str(text);
    let Ok(Tree::Object(node)) = serde::Deserialize::deserialize(&mut reader) else { return BTreeMap::new() };
    let Some(Tree::List(modules)) = node.own("Modules") else { return BTreeMap::new() };
    let text = |node: &Node<'_>, key: &str| match node.own(key) {
        Some(Tree::Text(text)) => Some(text.to_string()),
        _ => None,
    };
    let module = |module: &Tree<'_>| match module {
        Tree::Object(node) => {
            Some((text(node, "Key")?, joined(above, &text(node, "Dir")?.replace('\\', "/"))))
        }
        _ => None,
    };
    modules.iter().filter_map(module).collect()
}

/// Whether Terraform takes a file of values without being told.
fn is_automatic(path: &str) -> bool {
    let name = file_name(path);
    is_first(path) || name.ends_with(".auto.tfvars") || name.ends_with(".auto.tfvars.json")
}

/// Whether others count before it.
fn is_first(path: &str) -> bool {
    matches!(file_name(path), "terraform.tfvars" | "terraform.tfvars.json")
}
