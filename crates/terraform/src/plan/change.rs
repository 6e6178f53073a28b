//! The changes of a plan, one for each resource, and resources that no change is of.

use core::ops::Bound;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use cloud::json::{Cause, Node, Tree};
use cloud::{Declared, Presence, Quoted};
use model::Effect;

use crate::broken::is_broken;
use crate::member::{as_object, items, object, objects, text};

use super::configuration::{Home, Written};
use super::unknown::Unknowns;
use super::{Reader, Side};

/// The changes of a plan.
pub(super) struct Changes<'p, 'a> {
    all: Vec<Change<'p, 'a>>,
    /// By address.
    by_address: BTreeMap<&'p str, usize>,
}

/// What happens to a resource.
pub(super) struct Change<'p, 'a> {
    node: &'p Node<'a>,
    address: &'p str,
    before: Option<&'p Node<'a>>,
    after: Option<&'p Node<'a>>,
    after_unknown: Option<&'p Tree<'a>>,
    actions: Vec<&'p str>,
    presence: Presence,
}

impl<'p, 'a> Changes<'p, 'a> {
    pub(super) fn of(plan: &'p Node<'a>) -> Self {
        let deferred = objects(plan, "deferred_changes").filter_map(|deferred| {
            let is_counted = !text(deferred, "reason").is_some_and(|reason| reason.contains("count_unknown"));
            let presence = if is_counted { Presence::Certain } else { Presence::Perhaps };
            Change::of(object(deferred, "resource_change")?, presence)
        });
        let all: Vec<Change<'p, 'a>> = objects(plan, "resource_changes")
            .filter_map(|node| Change::of(node, Presence::Certain))
            .chain(deferred)
            .collect();
        let by_address = all.iter().enumerate().map(|(place, change)| (change.address, place)).collect();
        Self { all, by_address }
    }

    /// The keys of the instances of a resource: empty for one that has none.
    pub(super) fn keys_of(&self, address: &str) -> Vec<&'p str> {
        let from = (Bound::Included(address), Bound::Unbounded);
        let known = self.by_address.range::<str, _>(from).map(|(known, _)| *known);
        let keys = known.map_while(|known| known.strip_prefix(address));
        keys.filter(|key| key.is_empty() || key.starts_with('[')).collect()
    }

    /// Whether the plan knows an attribute of a resource.
    pub(super) fn knows(&self, address: &str, attribute: &str) -> bool {
        let Some(change) = self.by_address.get(address).and_then(|place| self.all.get(*place)) else {
            return false;
        };
        let Some(top) = attribute.split(['.', '[']).next().filter(|top| !top.is_empty()) else {
            return false;
        };
        let is_unknown = match change.after_unknown.and_then(as_object).and_then(|unknown| unknown.own(top)) {
            None | Some(Tree::Flag(false)) => false,
            Some(_) => true,
        };
        !is_unknown && change.after.is_some_and(|after| after.own(top).is_some())
    }

    /// The resources that changes are of, as they are on one side.
    pub(super) fn declared(
        &self,
        side: Side,
        written: &Written<'p, 'a>,
        reader: &mut Reader<'_, 'a>,
    ) -> Vec<Declared<'a>> {
        self.all.iter().filter_map(|change| self.one(change, side, written, reader)).collect()
    }

    fn one(
        &self,
        change: &Change<'p, 'a>,
        side: Side,
        written: &Written<'p, 'a>,
        reader: &mut Reader<'_, 'a>,
    ) -> Option<Declared<'a>> {
        let home = written.home(change.node, change.address);
        let is_left = change.actions.contains(&"forget");
        let values = match (side, is_left) {
            // What is forgotten is there all the same: only nobody looks after it any more.
            (Side::Before, _) | (_, true) => change.before?.clone(),
            (Side::After, false) if change.is_gone() => return None,
            (Side::After, false) => {
                if change.after.is_none()
                    && !matches!(change.after_unknown, Some(Tree::Object(_) | Tree::Flag(true)))
                {
                    let message =
                        format!("{}: what it will be is missing: it is not read", Quoted(change.address));
                    reader.tell(change.node.at, "missing-field", Effect::Skipped, message);
                    return None;
                }
                Unknowns { written, changes: self, home: &home }.filled(change.after, change.after_unknown)
            }
        };
        Some(declared(change.node, change.address, values, change.presence, &home, written))
    }

    /// Resources that no change is of: what data sources said before, and what was left out of the plan.
    pub(super) fn beside(
        &self,
        plan: &'p Node<'a>,
        side: Side,
        written: &Written<'p, 'a>,
        reader: &mut Reader<'_, 'a>,
    ) -> Vec<Declared<'a>> {
        let changed: BTreeSet<&str> = self.all.iter().map(|change| change.address).collect();
        let mut found = Vec::new();
        let prior = object(plan, "prior_state").and_then(|state| object(state, "values"));
        let mut known: BTreeSet<&str> = BTreeSet::new();
        for node in prior.map(resources_of).unwrap_or_default() {
            let Some(address) = text(node, "address").filter(|address| !changed.contains(address)) else {
                continue;
            };
            let Some(values) = object(node, "values") else { continue };
            let home = written.home(node, address);
            known.insert(address);
            found.push(declared(node, address, values.clone(), Presence::Certain, &home, written));
        }
        if side == Side::Before {
            return found;
        }
        for node in object(plan, "planned_values").map(resources_of).unwrap_or_default() {
            let address = text(node, "address")
                .filter(|address| !changed.contains(address) && !known.contains(address));
            let (Some(address), Some(values)) = (address, object(node, "values")) else { continue };
            let home = written.home(node, address);
            let (values, presence) = self.only_planned(values, &home, written, node, address, reader);
            found.push(declared(node, address, values, presence, &home, written));
        }
        found
    }

    /// Values alone, which do not tell what is not known: what the configuration writes and they do not have is unknown.
    /// Without the configuration anything may be.
    fn only_planned(
        &self,
        values: &Node<'a>,
        home: &Home<'p, 'a>,
        written: &Written<'p, 'a>,
        node: &Node<'a>,
        address: &str,
        reader: &mut Reader<'_, 'a>,
    ) -> (Node<'a>, Presence) {
        let Some(expressions) = home.expressions() else {
            let message = format!(
                "{}: it has no entry under `resource_changes`, which tells what of it is not known: it is taken as possible",
                Quoted(address)
            );
            reader.tell(node.at, "missing-field", Effect::Undecided, message);
            return (values.clone(), Presence::Perhaps);
        };
        let mut filled = values.clone();
        let unknowns = Unknowns { written, changes: self, home };
        for (key, expression) in expressions.entries().iter().filter(|(key, _)| values.own(key).is_none()) {
            filled.push(key.clone(), unknowns.one(Some(expression)));
        }
        (filled, Presence::Certain)
    }
}

impl<'p, 'a> Change<'p, 'a> {
    /// `None`: it is not of a resource, it breaks off, or it is of what is left of one that was replaced before.
    fn of(node: &'p Node<'a>, presence: Presence) -> Option<Self> {
        if is_broken(node) || text(node, "deposed").is_some() {
            return None;
        }
        let change = object(node, "change")?;
        let actions = items(change, "actions").iter();
        let actions =
            actions.filter_map(|action| if let Tree::Text(word) = action { Some(&**word) } else { None });
        Some(Self {
            node,
            address: text(node, "address")?,
            before: object(change, "before"),
            after: object(change, "after"),
            after_unknown: change.own("after_unknown"),
            actions: actions.collect(),
            presence,
        })
    }

    fn is_gone(&self) -> bool {
        self.after.is_none() && self.actions.as_slice() == ["delete"]
    }
}

/// The resources of the values of a plan or a state, those of modules too.
pub(crate) fn resources_of<'p, 'a>(values: &'p Node<'a>) -> Vec<&'p Node<'a>> {
    let mut found = Vec::new();
    let mut modules: Vec<&Node<'a>> = object(values, "root_module").into_iter().collect();
    while let Some(module) = modules.pop() {
        found.extend(objects(module, "resources").filter(|node| !is_broken(node)));
        modules.extend(objects(module, "child_modules"));
    }
    found
}

/// A resource of these values.
fn declared<'a>(
    node: &Node<'a>,
    address: &str,
    values: Node<'a>,
    presence: Presence,
    home: &Home<'_, 'a>,
    written: &Written<'_, 'a>,
) -> Declared<'a> {
    let kind = match node.own("type") {
        Some(Tree::Text(kind)) => kind.clone(),
        _ => Cow::Owned(home.kind.to_owned()),
    };
    Declared {
        kind,
        address: address.to_owned(),
        attributes: Node::new(values.into_entries(), node.at),
        provider: Arc::clone(&written.provider(home)),
        presence,
        is_looked_up: text(node, "mode").map_or(home.is_looked_up, |mode| mode == "data"),
    }
}

/// An attribute of which a plan says that it is not known, and nothing else.
pub(super) fn untold<'a>() -> Tree<'a> {
    Tree::unknown(Cause::Computed, "(known after apply)")
}
