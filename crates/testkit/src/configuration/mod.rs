//! Estates as they are declared: in Terraform, as HCL, as JSON, as a plan; in templates; and all of these written otherwise.
//!
//! A configuration here is values and references, made of an estate by its cloud's writer; how it is written is decided
//! afterwards, so every rewrite works for every cloud.

mod account;
mod arm;
mod aws;
mod azure;
mod cloudformation;
mod gcp;
mod hcl;
mod plan;
mod rewrite;

use serde_json::Value;

pub use account::declarable;
pub use arm::{TemplateRewrite, rest_resources, template};
pub use aws::aws;
pub use azure::{azapi, azurerm};
pub use cloudformation::{StackRewrite, stack};
pub use gcp::{gcp, gcp_kinds};
pub use plan::plan;
pub use rewrite::{Rewrite, write};

/// What a root module declares.
#[derive(Clone, Debug, Default)]
pub struct Configuration {
    /// Provider blocks: the name, and its arguments.
    pub providers: Vec<(String, Body)>,
    /// The resources, each once.
    pub resources: Vec<Resource>,
}

/// A resource.
#[derive(Clone, Debug)]
pub struct Resource {
    /// Its type: `aws_vpc`.
    pub kind: String,
    /// Its name, which is an identifier.
    pub name: String,
    /// Its arguments and blocks, in their order.
    pub body: Body,
}

/// Arguments and blocks, each key once.
pub type Body = Vec<(String, Term)>;

/// What an argument is. Complete.
#[derive(Clone, Debug, PartialEq)]
pub enum Term {
    /// A value.
    Value(Value),
    /// An attribute of another resource: its address, the attribute.
    Refers(String, String),
    /// A list.
    List(Vec<Term>),
    /// A map or an object.
    Map(Vec<(String, Term)>),
    /// Blocks, as many as there are bodies.
    Blocks(Vec<Body>),
    /// The source of an expression. Rewrites make these.
    Source(String),
    /// A dynamic block: what it repeats over, and its content. Rewrites make these.
    Dynamic(String, Body),
}

impl Resource {
    /// A resource without arguments.
    #[must_use]
    pub fn new(kind: &str, name: &str) -> Self {
        Self { kind: kind.to_owned(), name: identifier(name), body: Vec::new() }
    }

    /// Its address.
    #[must_use]
    pub fn address(&self) -> String {
        format!("{}.{}", self.kind, self.name)
    }

    /// Gives it an argument.
    #[must_use]
    pub fn with(mut self, key: &str, term: impl Into<Term>) -> Self {
        self.body.push((key.to_owned(), term.into()));
        self
    }

    /// A reference to an attribute of it.
    #[must_use]
    pub fn refers(&self, attribute: &str) -> Term {
        Term::Refers(self.address(), attribute.to_owned())
    }
}

impl<V: Into<Value>> From<V> for Term {
    fn from(value: V) -> Self {
        Self::Value(value.into())
    }
}

/// A text as an identifier: other characters are underscores.
#[must_use]
pub fn identifier(text: &str) -> String {
    let mut name: String = text
        .chars()
        .map(|letter| if letter.is_ascii_alphanumeric() || letter == '-' { letter } else { '_' })
        .collect();
    if !name.starts_with(|first: char| first.is_ascii_alphabetic()) {
        name.insert(0, 'r');
    }
    name
}
