//! What a configuration declares: resources that are about to be, with values that may not be known yet.
//!
//! Knows no language and no type of resource.

use std::borrow::Cow;
use std::sync::Arc;

use model::DocumentId;

use crate::json::Node;

/// The resources that one configuration declares.
#[derive(Clone, Copy, Debug)]
pub struct Declarations<'d, 'a> {
    /// What they are written in: all of its documents, sorted by where their texts lie in memory. Not empty.
    pub documents: &'d [(DocumentId, &'a str)],
    /// What tells this configuration from the others of the run; empty where it is the only one. Part of ids.
    pub label: &'d str,
    /// The resources, in the order of their addresses.
    pub resources: &'d [Declared<'a>],
}

/// A resource that is declared.
#[derive(Clone, Debug)]
pub struct Declared<'a> {
    /// Its type: `aws_security_group`.
    pub kind: Cow<'a, str>,
    /// Where it is declared: `module.net.aws_subnet.a[0]`, `data.aws_vpc.main`.
    pub address: String,
    /// Its arguments and, where they are known, its other attributes. A block that may be repeated is a list of objects,
    /// be there one. What an argument refers to is `Tree::Unknown` with `refers`.
    pub attributes: Node<'a>,
    /// The configuration of its provider: region, project, subscription.
    pub provider: Arc<Node<'a>>,
    /// Whether it will be there.
    pub presence: Presence,
    /// Whether it is looked up, and not made (`data`).
    pub is_looked_up: bool,
}

/// Whether something that is declared will be there. Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// It will.
    Certain,
    /// How many there will be, or whether it will be at all, is not known: this stands for all of them.
    Perhaps,
}
