//! A module: what the files of one folder say together.
//!
//! Nothing is evaluated here. Of what is declared twice everything stays, so that nothing is lost.

mod merged;

pub(crate) use merged::alias;

use std::borrow::Cow;
use std::collections::BTreeMap;

use cloud::{Desk, Quoted};
use model::{DocumentId, Effect, Gap};

use crate::syntax::{Attribute, Block, Body};

/// What the files of a folder say.
#[derive(Debug, Default)]
pub(crate) struct Module<'a> {
    /// Where it is; empty for the working folder.
    pub(crate) folder: String,
    /// Its files.
    pub(crate) documents: Vec<(DocumentId, &'a str)>,
    /// Whether a part of them could not be read: what is not declared may be there.
    pub(crate) is_broken: bool,
    /// Whether the user named one of them, so that there may be others in the folder.
    pub(crate) is_named: bool,
    pub(crate) variables: BTreeMap<Cow<'a, str>, Block<'a>>,
    pub(crate) locals: BTreeMap<Cow<'a, str>, Attribute<'a>>,
    pub(crate) outputs: BTreeMap<Cow<'a, str>, Block<'a>>,
    pub(crate) calls: BTreeMap<Cow<'a, str>, Block<'a>>,
    pub(crate) providers: Vec<Block<'a>>,
    /// Resources and data sources, in the order of their addresses.
    pub(crate) resources: Vec<Resource<'a>>,
}

/// A block that declares a resource, or that looks one up.
#[derive(Debug)]
pub(crate) struct Resource<'a> {
    /// `aws_vpc.main`, `data.aws_vpc.main`; with `#2` behind it where it is declared once more.
    pub(crate) address: String,
    pub(crate) kind: Cow<'a, str>,
    pub(crate) is_looked_up: bool,
    pub(crate) block: Block<'a>,
}

/// A file of a module.
pub(crate) struct File<'a> {
    pub(crate) id: DocumentId,
    pub(crate) path: &'a str,
    pub(crate) text: &'a str,
    pub(crate) body: Body<'a>,
    pub(crate) is_broken: bool,
    /// Whether the user named it.
    pub(crate) is_named: bool,
}

impl<'a> Module<'a> {
    /// What files of a folder say; what is odd about them goes to `gaps`.
    pub(crate) fn of(folder: String, mut files: Vec<File<'a>>, gaps: &mut Vec<Gap>) -> Self {
        // Terraform reads files by name, and those that override others last.
        files.sort_by_key(|file| (is_override(file.path), file.path));
        let mut module = Self { folder, ..Self::default() };
        for file in files {
            module.documents.push((file.id, file.text));
            module.is_broken |= file.is_broken;
            module.is_named |= file.is_named;
            let documents = [(file.id, file.text)];
            let Some(mut desk) = Desk::beside(&documents, gaps) else { continue };
            let overrides = is_override(file.path);
            for attribute in &file.body.attributes {
                let name = Quoted(&attribute.name);
                let message = format!("{name} stands outside of any block, expected a block: it is not read");
                desk.note(desk.place(Some(attribute.at)), "unknown-block", Effect::Skipped, message);
            }
            for block in file.body.blocks {
                if overrides { module.merge(block, &mut desk) } else { module.add(block, &mut desk) }
            }
        }
        module.resources.sort_by(|one, other| one.address.cmp(&other.address));
        module
    }

    /// The resource with this address.
    pub(crate) fn resource(&self, address: &str) -> Option<usize> {
        self.resources.binary_search_by(|resource| resource.address.as_str().cmp(address)).ok()
    }

    fn add(&mut self, block: Block<'a>, desk: &mut Desk<'_, 'a>) {
        let labels = block.labels.clone();
        let twice = match (&*block.kind, labels.as_slice()) {
            ("resource" | "data", [kind, name]) => self.add_resource(kind.clone(), name, block, desk),
            ("variable", [name]) => twice(&mut self.variables, name, block),
            ("output", [name]) => twice(&mut self.outputs, name, block),
            ("module", [name]) => twice(&mut self.calls, name, block),
            ("provider", [_]) => {
                self.providers.push(block);
                None
            }
            ("locals", []) => {
                for local in block.body.attributes {
                    let (name, at) = (local.name.clone(), local.at);
                    if self.locals.insert(name.clone(), local).is_some() {
                        tell_twice("the local value", &name, at, desk);
                    }
                }
                None
            }
            ("terraform" | "moved" | "import" | "removed", []) | ("check", [_]) | ("ephemeral", [_, _]) => {
                None
            }
            _ => {
                tell_unknown(&block, desk);
                None
            }
        };
        if let Some((at, what)) = twice {
            tell_twice(what, labels.last().map_or("", |name| &**name), at, desk);
        }
    }

    fn add_resource(
        &mut self,
        kind: Cow<'a, str>,
        name: &str,
        block: Block<'a>,
        _desk: &mut Desk<'_, 'a>,
    ) -> Option<(&'a str, &'static str)> {
        let is_looked_up = block.kind == "data";
        let prefix = if is_looked_up { "data." } else { "" };
        let written = format!("{prefix}{kind}.{name}");
        let same = self.resources.iter().filter(|other| base(&other.address) == written).count();
        let address = if same == 0 { written } else { format!("{written}#{}", same + 1) };
        let at = block.at;
        self.resources.push(Resource { address, kind, is_looked_up, block });
        (same > 0).then_some((at, "the resource"))
    }
}

/// The address as it is written.
fn base(address: &str) -> &str {
    address.split_once('#').map_or(address, |(written, _)| written)
}

fn twice<'a>(
    known: &mut BTreeMap<Cow<'a, str>, Block<'a>>,
    name: &Cow<'a, str>,
    block: Block<'a>,
) -> Option<(&'a str, &'static str)> {
    let (at, what) = (block.at, noun(&block.kind));
    known.insert(name.clone(), block).map(|_| (at, what))
}

fn noun(kind: &str) -> &'static str {
    match kind {
        "variable" => "the variable",
        "output" => "the output",
        "module" => "the module",
        _ => "the block",
    }
}

fn tell_twice<'a>(what: &str, name: &str, at: &'a str, desk: &mut Desk<'_, 'a>) {
    let message = format!("{what} {} is declared twice in one folder, expected once", Quoted(name));
    desk.note(desk.place(Some(at)), "declared-twice", Effect::Undecided, message);
}

fn tell_unknown<'a>(block: &Block<'a>, desk: &mut Desk<'_, 'a>) {
    let (kind, labels) = (Quoted(&block.kind), block.labels.len());
    let message = format!("{kind} with {labels} labels is no block of Terraform's: it is not read");
    desk.note(desk.place(Some(block.at)), "unknown-block", Effect::Skipped, message);
}

/// Whether a file changes what the others of its folder say.
fn is_override(path: &str) -> bool {
    let name = crate::paths::file_name(path);
    let stem = ENDS.iter().find_map(|end| name.strip_suffix(end));
    stem.is_some_and(|stem| stem == "override" || stem.ends_with("_override"))
}

const ENDS: [&str; 4] = [".tf", ".tofu", ".tf.json", ".tofu.json"];
