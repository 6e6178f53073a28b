//! Terraform: folders of HCL and JSON, plans and states, evaluated to the resources they declare.
//!
//! Syntax and evaluation only: knows no type of resource, no cloud, and opens no file. What it would need and does not
//! have it asks for ([`Evaluated::wanted`]).

mod address;
mod broken;
mod configuration;
mod expression;
mod function;
mod library;
mod member;
mod module;
mod paths;
pub mod plan;
mod recognise;
mod run;
pub mod state;
mod syntax;
mod value;

use cloud::{Declarations, Declared, Document, Reading};
use model::DocumentId;

/// Whether a document is written in Terraform's language, or by Terraform.
#[must_use]
pub fn knows(document: &Document<'_>) -> bool {
    recognise::kind(document).is_some()
}

/// A document that was handed in.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// The document.
    pub document: Document<'a>,
    /// Whether the user named it, and not the folder that it was found in. Values of variables that Terraform does not
    /// take by itself count where they were named.
    pub named: bool,
}

/// What documents of Terraform come to.
#[derive(Clone, Debug, Default)]
pub struct Evaluated<'a> {
    /// Every configuration, plan and state: what belongs together.
    pub configurations: Vec<Configuration<'a>>,
    /// One reading for each document, in their order.
    pub readings: Vec<Reading>,
    /// What would say more: folders of modules and files that expressions name, as the documents' paths are written.
    pub wanted: Vec<String>,
}

/// One configuration: a root module with the modules it calls, a plan, a state.
#[derive(Clone, Debug)]
pub struct Configuration<'a> {
    /// What tells it from the others of the run; empty where there is one.
    pub label: String,
    /// Everything it is written in, sorted by where the texts lie in memory.
    pub documents: Vec<(DocumentId, &'a str)>,
    /// What it declares, by address.
    pub resources: Vec<Declared<'a>>,
}

impl<'a> Configuration<'a> {
    /// What clouds take in.
    #[must_use]
    pub fn declarations(&self) -> Declarations<'_, 'a> {
        Declarations { documents: &self.documents, label: &self.label, resources: &self.resources }
    }
}

/// Evaluates documents. `beside` is what was wanted before and found: no configuration begins there. The readings are
/// those of `inputs`, then those of `beside`.
///
/// Workspaces are not known: what is made with `terraform.workspace` is not either.
#[must_use]
pub fn evaluate<'a>(inputs: &[Input<'a>], beside: &[Document<'a>]) -> Evaluated<'a> {
    // What people write is nested less than threads have room for; what they generate may be nested more.
    let evaluation = std::thread::Builder::new().stack_size(STACK_BYTES);
    std::thread::scope(|scope| {
        let thread = evaluation.spawn_scoped(scope, || configuration::evaluated(inputs, beside));
        match thread.map(std::thread::ScopedJoinHandle::join) {
            Ok(Ok(evaluated)) => evaluated,
            Ok(Err(panic)) => std::panic::resume_unwind(panic),
            Err(_) => configuration::evaluated(inputs, beside),
        }
    })
}

/// Room for evaluations in each other, as deep as they may be.
const STACK_BYTES: usize = 64 << 20;
