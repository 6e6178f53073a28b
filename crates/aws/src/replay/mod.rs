//! What an inventory keeps so that edits can be applied to it: its objects as documents spell them, and the targets of now.
//!
//! An edit is made to an object, and the object is read again as an export would be. Knows the meaning of no key but those
//! by which exports state one thing twice (`echo`, `rules`).

mod again;
mod echo;
mod edit;
mod lead;
mod moved;
mod outbound;
mod owner;
mod partial;
mod rule_edit;
mod rules;
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
use crate::lower::{Lowering, RuleChange};
use crate::resource::{Group, Identity, Origin};
use crate::wire::Statement;

use swap::Swaps;

pub(crate) use edit::apply;
pub(crate) use partial::UNANSWERED;

/// What is remembered.
#[derive(Clone, Debug, Default)]
pub(crate) struct Memory {
    pub(crate) ledger: Ledger,
    /// What is lowered of now: nothing until somebody asks, and after a document was read.
    now: OnceCell<Lowered>,
    kinds: LookupMap<&'static str, Name>,
    /// The keys of rules that documents list one by one, by the id of their group.
    listed_rules: LookupMap<Name, Vec<Name>>,
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
                memory.note(estate, kind, &identity, &node);
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

    /// Swaps the list of a group, where that is enough; the keys of the targets that have it.
    fn swap(&mut self, key: &Name, groups: [&Group; 2], common: &Common) -> Option<Vec<Name>> {
        let Lowered { standing, swaps } = self.now.get_mut()?;
        swaps.swap(key, groups, common, standing)
    }

    /// The same where some of its rules were changed.
    fn change(
        &mut self,
        key: &Name,
        group: &Group,
        changes: &[RuleChange],
        common: &Common,
    ) -> Option<Vec<Name>> {
        let Lowered { standing, swaps } = self.now.get_mut()?;
        swaps.change(key, group, changes, common, standing)
    }

    /// The name of a kind.
    fn kind(&mut self, kind: &'static str) -> Name {
        Arc::clone(self.kinds.entry(kind).or_insert_with(|| kind.into()))
    }

    /// Remembers an object under the key by which its register knows it: who says no account may be known by one.
    fn note(&mut self, estate: &Estate, kind: &'static str, identity: &Identity, node: &Node<'static>) {
        let Identity { id, account, read_at, .. } = identity;
        let known = estate.resources.key_of(kind, account.as_deref(), id);
        let key = known.unwrap_or_else(|| Arc::clone(&identity.key));
        if kind == "security-group-rule" {
            self.note_rule(&key, node);
        }
        let kind = self.kind(kind);
        if key != *id {
            self.ledger.forget(&kind, id);
        }
        self.ledger.note(&kind, &key, node, read_at.0);
    }

    fn note_rule(&mut self, key: &Name, node: &Node<'static>) {
        let Some(group) = text(node, "GroupId") else { return };
        let keys = self.listed_rules.entry(group.into()).or_default();
        if !keys.contains(key) {
            keys.push(Arc::clone(key));
        }
    }
}

/// Keys of what stands around an object in its document.
const AROUND: [&str; 3] = ["#account", "#region", "#arn"];

/// Keeps what stands around an object with it.
fn place(node: &mut Node<'static>, origin: &Origin) {
    for (key, value) in AROUND.into_iter().zip([&origin.account, &origin.region, &origin.arn]) {
        if let Some(value) = value {
            node.take_out(key);
            node.push(Cow::Borrowed(key), Tree::Text(value.to_string().into()));
        }
    }
}

/// What stood around an object.
fn origin_of(node: &Node<'static>) -> Origin {
    let [account, region, arn] = AROUND.map(|key| text(node, key).map(Name::from));
    Origin { account, region, arn }
}

/// The text of a key.
fn text<'n>(node: &'n Node<'_>, key: &str) -> Option<&'n str> {
    match node.own(key) {
        Some(Tree::Text(text)) if !text.is_empty() => Some(text),
        Some(_) | None => None,
    }
}

/// The items of a list.
fn items<'n>(node: &'n Node<'static>, key: &str) -> &'n [Tree<'static>] {
    match node.own(key) {
        Some(Tree::List(items)) => items,
        Some(_) | None => &[],
    }
}
