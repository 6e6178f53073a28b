//! What AWS does besides when a resource is edited, as far as the objects that are known tell it; and what an edit leaves to
//! be looked up in them.
//!
//! Knows no event and no record: edits, and the objects as they were before.

mod balancer;
mod besides;
mod carried;
mod interfaces;
mod power;
mod service;

use cloud::audit::{Act, Edit, Ledger, Object, Selector};
use cloud::json::{Node, Tree};
use model::Name;

use super::aftermath::aftermath;
use super::operation::kinds;

/// The edits that an edit comes to, where these are others than itself alone. They are made in its place, in their order.
pub(crate) fn consequences(edit: &Edit, ledger: &Ledger) -> Option<Vec<Edit>> {
    let mut edits = Around::default();
    match &*edit.kind {
        kinds::INSTANCE => power::instance(edit, ledger, &mut edits),
        kinds::INTERFACE => power::interface(edit, ledger, &mut edits),
        kinds::ADDRESS => power::address(edit, ledger, &mut edits),
        "load-balancer" | "target-group" => balancer::gone(edit, ledger, &mut edits),
        "listener" => {
            balancer::settled(edit, ledger, &mut edits);
            balancer::gone(edit, ledger, &mut edits);
        }
        "listener-rule" => balancer::settled(edit, ledger, &mut edits),
        kinds::HEALTH => balancer::ported(edit, ledger, &mut edits),
        "rds-cluster" => service::cluster(edit, ledger, &mut edits),
        "rds-subnet-group" => service::subnet_group(edit, ledger, &mut edits),
        kinds::PORT_STATES => service::ports(edit, ledger, &mut edits),
        _ => {}
    }
    edits.before.extend(service::named(edit, ledger));
    edits.before.extend(carried::unseen(edit, ledger));
    edits.before.extend(besides::doubted(edit, ledger));
    edits.after.extend(besides::made(edit, ledger));
    edits.after.extend(aftermath(edit, ledger));
    let Around { before, instead, after } = edits;
    if before.is_empty() && instead.is_none() && after.is_empty() {
        return None;
    }
    let own = instead.unwrap_or_else(|| vec![edit.clone()]);
    Some(before.into_iter().chain(own).chain(after).collect())
}

/// What comes with an edit.
#[derive(Debug, Default)]
struct Around {
    before: Vec<Edit>,
    /// What is made in its place; `None`: itself.
    instead: Option<Vec<Edit>>,
    after: Vec<Edit>,
}

/// The object of a kind and an id. Its key has an account before the id, where one is known.
fn object<'l>(ledger: &'l Ledger, edit: &Edit, kind: &'l str, id: &str) -> Option<&'l Object> {
    let name = Name::from(kind);
    let own = edit.scope.as_deref().and_then(|account| {
        let key = Name::from(format!("{account}/{id}"));
        ledger.get(&name, &key)
    });
    let of_nobody = || {
        let key = Name::from(id);
        ledger.get(&name, &key)
    };
    let of_anybody = || {
        let mut all = ledger.of_kind(kind);
        all.find(|(key, _)| key.split_once('/').is_some_and(|(_, own)| own == id)).map(|(_, object)| object)
    };
    own.or_else(of_nobody).or_else(of_anybody)
}

/// The object of an edit, by its id or by what it says.
fn edited<'l>(ledger: &'l Ledger, edit: &'l Edit) -> Option<&'l Object> {
    let Some(selector) = Selector::of(&edit.id) else { return object(ledger, edit, &edit.kind, &edit.id) };
    let mut fitting: Vec<(&Name, &Object)> =
        ledger.of_kind(&edit.kind).filter(|(_, object)| selector.fits(&object.node)).collect();
    fitting.sort_unstable_by_key(|(key, _)| Name::clone(key));
    fitting.first().map(|(_, object)| *object)
}

/// The text of a key of an object.
fn text<'n>(node: &'n Node<'static>, key: &str) -> Option<&'n str> {
    match node.own(key) {
        Some(Tree::Text(text)) if !text.trim().is_empty() => Some(text.trim()),
        Some(_) | None => None,
    }
}

/// The object under a key.
fn part<'n>(node: &'n Node<'static>, key: &str) -> Option<&'n Node<'static>> {
    match node.own(key) {
        Some(Tree::Object(part)) => Some(part),
        Some(_) | None => None,
    }
}

/// The objects of a list under a key.
fn parts<'n>(node: &'n Node<'static>, key: &str) -> Vec<&'n Node<'static>> {
    let Some(Tree::List(items)) = node.own(key) else { return Vec::new() };
    let node = |item: &'n Tree<'static>| match item {
        Tree::Object(node) => Some(node),
        Tree::Null | Tree::Flag(_) | Tree::Text(_) | Tree::List(_) | Tree::Unknown(_) => None,
    };
    items.iter().filter_map(node).collect()
}

/// Another edit of the same account, region and nature.
fn other(edit: &Edit, kind: &str, id: &str, act: Act) -> Edit {
    Edit { kind: kind.into(), id: id.into(), act, ..edit.clone() }
}
