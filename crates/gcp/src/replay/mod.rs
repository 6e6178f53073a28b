//! What an inventory keeps so that edits can be applied to it: its objects as documents spell them, and the targets of now.
//!
//! An edit is made to an object, and the object is read again as an export would be. Knows the meaning of no key but those
//! by which exports state one thing twice (`echo`).

mod echo;
mod edit;
mod partial;
mod swap;
mod unseen;

use std::borrow::Cow;
use std::cell::OnceCell;
use std::sync::Arc;

use cloud::audit::{Ledger, Standing};
use cloud::json::{Node, Tree};
use cloud::{Common, LookupMap, Pool};
use model::{Gap, Name};

use crate::estate::{Estate, Stated};
use crate::lower::{Lowering, Turned};
use crate::resource::Origin;
use crate::wire::Statement;

use swap::Swaps;

pub(crate) use edit::{EVERY, apply};

/// What is remembered.
#[derive(Clone, Debug, Default)]
pub(crate) struct Memory {
    pub(crate) ledger: Ledger,
    /// What is lowered of now: nothing until somebody asks, and after a document was read.
    now: OnceCell<Lowered>,
    kinds: LookupMap<&'static str, Name>,
}

/// The targets of an estate.
#[derive(Clone, Debug, Default)]
struct Lowered {
    standing: Standing,
    swaps: Swaps,
}

/// Takes in what a document says of a resource, and remembers the object.
pub(crate) fn take(
    estate: &mut Estate,
    memory: Option<&mut Memory>,
    statement: Statement<'_>,
    gaps: &mut Vec<Gap>,
) -> bool {
    let Some(memory) = memory else { return estate.take(statement, gaps) };
    memory.now = OnceCell::new();
    match &statement {
        Statement::Is { kind, resource, node, origin, .. } => {
            let (kind, identity) = (*kind, resource.identity().clone());
            let mut node = node.to_owned_node();
            place(&mut node, origin);
            let counts = estate.take(statement, gaps);
            if counts {
                let kind = memory.kind(kind);
                memory.ledger.note(&kind, &identity.key, &node, identity.read_at.0);
            }
            counts
        }
        Statement::Gone { kind, key, .. } => {
            let (kind, key) = (*kind, Arc::clone(key));
            let counts = estate.take(statement, gaps);
            if counts {
                let kind = memory.kind(kind);
                memory.ledger.forget(&kind, &key);
            }
            counts
        }
        Statement::Ancestry(_) => estate.take(statement, gaps),
    }
}

impl Memory {
    /// A memory for an estate of which nothing is read yet.
    pub(crate) fn begin(estate: &mut Estate) -> Self {
        estate.stated.get_or_insert_with(Stated::default);
        Self::default()
    }

    /// The targets of now: lowered once, and shared by all forks.
    pub(crate) fn standing(&self, estate: &Estate, pool: &Pool) -> &Standing {
        let lowered = || {
            let mut lowering = Lowering::new(estate, pool);
            let standing = Standing::of(lowering.targets());
            Lowered { standing, swaps: Swaps::of(lowering.made()) }
        };
        &self.now.get_or_init(lowered).standing
    }

    /// Lowers everything; the keys of the targets that are not what they were, sorted.
    fn lower_again(&mut self, estate: &Estate, pool: &Pool) -> Vec<Name> {
        let mut lowering = Lowering::new(estate, pool);
        let targets = lowering.targets();
        let swaps = Swaps::of(lowering.made());
        let mut standing = self.now.take().unwrap_or_default().standing;
        let touched = standing.replace(targets);
        self.now = OnceCell::from(Lowered { standing, swaps });
        touched
    }

    /// Swaps the lists that a rule stands in, where that is enough; the keys of the targets that have them.
    fn swap(&mut self, turned: Turned<'_>, estate: &Estate, common: &Common) -> Option<Vec<Name>> {
        let Lowered { standing, swaps } = self.now.get_mut()?;
        swaps.swap(turned, estate, common, standing)
    }

    /// The name of a kind.
    fn kind(&mut self, kind: &'static str) -> Name {
        Arc::clone(self.kinds.entry(kind).or_insert_with(|| kind.into()))
    }
}

/// Keeps what stands around an object with it.
fn place(node: &mut Node<'static>, origin: &Origin) {
    for (key, value) in [(ASSET, &origin.asset), (HOLDER, &origin.holder)] {
        if let Some(value) = value {
            node.push(Cow::Borrowed(key), Tree::Text(value.to_string().into()));
        }
    }
    if !origin.ancestors.is_empty() {
        let names = origin.ancestors.iter().map(|name| Tree::Text(name.to_string().into()));
        node.push(Cow::Borrowed(ANCESTORS), Tree::List(names.collect()));
    }
}

/// What stood around an object.
fn origin_of(node: &Node<'static>) -> Origin {
    let ancestors = match node.own(ANCESTORS) {
        Some(Tree::List(names)) => names.iter().filter_map(|name| match name {
            Tree::Text(name) => Some(Name::from(&**name)),
            _ => None,
        }),
        Some(_) | None => {
            return Origin {
                asset: text(node, ASSET).map(Name::from),
                holder: text(node, HOLDER).map(Name::from),
                ancestors: Vec::new(),
            };
        }
    };
    Origin {
        ancestors: ancestors.collect(),
        asset: text(node, ASSET).map(Name::from),
        holder: text(node, HOLDER).map(Name::from),
    }
}

/// The text of a key.
fn text<'n>(node: &'n Node<'_>, key: &str) -> Option<&'n str> {
    match node.own(key) {
        Some(Tree::Text(text)) if !text.is_empty() => Some(text),
        Some(_) | None => None,
    }
}

/// Keys of what stands around an object in its document.
const ASSET: &str = "#asset";
const HOLDER: &str = "#holder";
const ANCESTORS: &str = "#ancestors";
