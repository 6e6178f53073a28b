//! Which documents are Terraform's: by what stands in them, and where every language has the same words by what Terraform
//! itself goes by, the name of the file.

use cloud::Document;
use cloud::json::Tree;

use crate::paths::file_name;
use crate::syntax::{BLOCKS, Cursor};
use crate::{member, plan, state};

/// What a document of Terraform is. Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Blocks in HCL.
    Hcl,
    /// Blocks in JSON.
    Json,
    /// Values of variables in HCL.
    Variables,
    /// Values of variables in JSON.
    JsonVariables,
    /// Where `terraform init` put the modules that are not folders beside.
    Register,
    /// A plan.
    Plan,
    /// A state.
    State,
}

impl Kind {
    /// What the format is called.
    pub(crate) const fn format(self) -> &'static str {
        match self {
            Self::Hcl => "terraform/hcl",
            Self::Json => "terraform/json",
            Self::Variables | Self::JsonVariables => "terraform/tfvars",
            Self::Register => "terraform/modules",
            Self::Plan => "terraform/plan",
            Self::State => "terraform/state",
        }
    }
}

/// What a document is; `None` where it is none of Terraform's.
pub(crate) fn kind(document: &Document<'_>) -> Option<Kind> {
    let name = file_name(document.path);
    let name = name.strip_suffix(".gz").unwrap_or(name);
    let text = document.text.trim_start_matches('\u{feff}').trim_start();
    let is_object = text.starts_with('{');
    let ends = |ends: &[&str]| ends.iter().any(|end| name.ends_with(end));
    if ends(&[".tfvars"]) {
        return Some(Kind::Variables);
    }
    if ends(&[".tfvars.json"]) {
        return is_object.then_some(Kind::JsonVariables);
    }
    if ends(&[".tf.json", ".tofu.json"]) {
        return is_object.then_some(Kind::Json);
    }
    if ends(&[".tf", ".tofu"]) {
        return Some(Kind::Hcl);
    }
    if member::is_json(text) {
        let kind = json_kind(name, document.text, text);
        if kind.is_some() || is_object || text.starts_with('[') {
            return kind;
        }
    }
    // Other languages that are written in HCL: Packer's, Nomad's, Terragrunt's, tests of Terraform.
    if ends(&OTHERS) || !is_hcl(text) {
        return None;
    }
    Some(Kind::Hcl)
}

fn json_kind(name: &str, whole: &str, text: &str) -> Option<Kind> {
    if plan::knows(whole) {
        return Some(Kind::Plan);
    }
    if state::knows(whole) {
        return Some(Kind::State);
    }
    let first = first_key(text)?;
    if name == "modules.json" && first == "Modules" {
        return Some(Kind::Register);
    }
    // Only who begins like Terraform is read further.
    (is_block(first) && says_terraform(text)).then_some(Kind::Json)
}

/// The key that an object begins with.
fn first_key(text: &str) -> Option<&str> {
    let key = text.strip_prefix('{')?.trim_start().strip_prefix('"')?;
    key.split_once('"').map(|(key, _)| key)
}

/// Whether a key of JSON is a block of Terraform's, or a comment.
fn is_block(key: &str) -> bool {
    key == "//" || BLOCKS.iter().any(|(name, _)| *name == key)
}

/// Whether the keys of an object are all blocks of Terraform's, one of which only it has. Others say `data` too.
fn says_terraform(text: &str) -> bool {
    let mut reader = serde_json::Deserializer::from_str(text);
    let Ok(Tree::Object(node)) = serde::Deserialize::deserialize(&mut reader) else { return false };
    let blocks = node.entries().iter().filter(|(key, _)| key != "//");
    let mut tells = false;
    for (key, value) in blocks {
        tells |= match &**key {
            "resource" | "data" if is_typed(value) => true,
            "resource" | "data" => return false,
            "module" | "provider" | "terraform" => matches!(value, Tree::Object(_) | Tree::List(_)),
            key if is_block(key) => false,
            _ => return false,
        };
    }
    tells
}

/// Whether the keys of an object are types of resources, which begin with their provider: `aws_vpc`.
fn is_typed(value: &Tree<'_>) -> bool {
    match value {
        Tree::List(items) => items.iter().all(is_typed),
        Tree::Object(node) => node.entries().iter().all(|(key, value)| {
            key == "//" || (key.contains('_') && matches!(value, Tree::Object(_) | Tree::List(_)))
        }),
        Tree::Null | Tree::Flag(_) | Tree::Text(_) | Tree::Unknown(_) => false,
    }
}

/// Whether a text begins with a block of Terraform's, behind comments.
fn is_hcl(text: &str) -> bool {
    if !text.starts_with(|first: char| first.is_ascii_alphabetic() || matches!(first, '#' | '/')) {
        return false;
    }
    let Some((kind, labels)) = Cursor::in_document(text).header() else { return false };
    BLOCKS.iter().any(|(name, count)| *name == kind && *count == labels)
}

/// Endings of names of files that others write in HCL.
const OTHERS: [&str; 3] = [".hcl", ".nomad", ".tftest.json"];
