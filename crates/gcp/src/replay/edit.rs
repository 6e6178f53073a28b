//! One edit: made to its object and to whatever states the same, which are then read again.

use std::borrow::Cow;
use std::sync::Arc;

use cloud::audit::{Act, Applied, Edit, Edited, Leg, Nature, Selector, Spot};
use cloud::json::{Node, Tree};
use cloud::{Desk, LookupSet, Pool, Quoted};
use model::{Effect, Gap, Name, Provenance};

use crate::estate::Estate;
use crate::lower::Turned;
use crate::resource::{Firewall, KINDS, Kind, path_of};
use crate::wire::read_again;

use super::unseen::{fill, is_silent, unseen, untold};
use super::{HOLDER, Memory, origin_of, text};

/// An edit that is under way.
pub(super) struct Replay<'r> {
    pub(super) estate: &'r mut Estate,
    pub(super) pool: &'r mut Pool,
    pub(super) memory: &'r mut Memory,
    pub(super) place: Provenance,
    /// The objects to read again, in the order in which they were changed.
    changed: Vec<(&'static Kind, Name)>,
    seen: LookupSet<(&'static str, Name)>,
    unseen: Option<String>,
    gaps: Vec<Gap>,
}

/// Applies an edit. What it cannot apply is a gap, and changes nothing.
pub(crate) fn apply(
    estate: &mut Estate,
    pool: &mut Pool,
    memory: &mut Memory,
    edit: &Edit,
    place: Provenance,
) -> Applied {
    memory.standing(estate, pool);
    let changed = Vec::new();
    let mut replay = Replay {
        estate,
        pool,
        memory,
        place,
        changed,
        seen: LookupSet::default(),
        unseen: None,
        gaps: Vec::new(),
    };
    replay.carry_out(edit);
    let touched = match replay.changed.is_empty() {
        true => Vec::new(),
        false => {
            let rule = replay.only_rule();
            replay.read_changed();
            let swapped = rule.and_then(|rule| replay.swap(&rule));
            swapped.unwrap_or_else(|| replay.memory.lower_again(replay.estate, replay.pool))
        }
    };
    let Replay { unseen, gaps, .. } = replay;
    // What only leads in opens nothing when it goes.
    let takes_off_a_policy = edit.nature == Nature::Rule && matches!(edit.act, Act::Merge(_));
    let opens = !edit.takes_away() || takes_off_a_policy || STANDS_IN_THE_WAY.contains(&&*edit.kind);
    let unseen = unseen.filter(|_| opens);
    Applied { touched, gaps, unseen }
}

/// Kinds that may keep somebody out: without one, or a part of it, more may be open than with it. Denials may be told by tags
/// and by groups of addresses.
const STANDS_IN_THE_WAY: [&str; 10] = [
    "address-group",
    "app-engine-firewall",
    "firewall-policy",
    "firewall-policy-association",
    "firewall-policy-rules",
    "firewall-rule",
    "policy-based-route",
    "route",
    "security-policy",
    "tag-binding",
];

impl Replay<'_> {
    /// The rule of a network that alone was edited, before it is read again.
    fn only_rule(&self) -> Option<(Name, Option<Firewall>)> {
        let [(kind, key)] = self.changed.as_slice() else { return None };
        let is_rule = kind.name == "firewall-rule";
        is_rule.then(|| (Arc::clone(key), self.estate.resources.firewalls.get(key).cloned()))
    }

    /// The lists of that rule in the place of the old ones; the targets that have them.
    fn swap(&mut self, (key, before): &(Name, Option<Firewall>)) -> Option<Vec<Name>> {
        let turned = Turned { before: before.as_ref(), now: self.estate.resources.firewalls.get(key) };
        self.memory.swap(turned, self.estate, &self.pool.common)
    }

    fn carry_out(&mut self, edit: &Edit) {
        let Some(kind) = KINDS.iter().find(|known| *known.name == *edit.kind) else {
            let message = format!(
                "an edit of {} {}, expected a kind that is assessed: what it changes is not told",
                Quoted(&edit.kind),
                Quoted(&edit.id)
            );
            self.gaps.push(Gap::at(self.place, "unknown-kind", Effect::Narrowed, message));
            return;
        };
        let is_selected = Selector::of(&edit.id).is_some();
        let known = self.memory.key_of(kind, edit, self.estate).or_else(|| self.default_route(kind, edit));
        if known.is_none() && (is_selected || matches!(edit.act, Act::Drop)) {
            self.miss(format!("{} {}", edit.kind, edit.id));
            return;
        }
        let key = known.unwrap_or_else(|| own_path(&edit.id).into());
        let act = match &edit.act {
            Act::Put(node) => Act::Put(placed(node.clone(), edit)),
            other => other.clone(),
        };
        let before = self.node(kind, &key).cloned();
        for act in spread(act, before.as_ref()) {
            self.act(kind, &key, &act, &|| unseen(kind, own_path(&edit.id)));
        }
        self.echo(kind, &key, before.as_ref(), edit);
        if kind.name == "firewall-policy" && self.is_nowhere(&key) {
            self.miss(format!("the networks that {} is in force in", edit.id));
        }
        let policies_are_stated = self.estate.has_kind("firewall-policy");
        let object = self.memory.ledger.get(kind.name, &key).filter(|object| object.is_partial);
        if let Some(what) = object.and_then(|object| untold(edit, &object.node, policies_are_stated)) {
            self.miss(format!("{what} {}", edit.id));
        }
    }

    /// Whether nothing says where a policy is in force of which only edits told.
    fn is_nowhere(&self, key: &Name) -> bool {
        let policy = self.memory.ledger.get("firewall-policy", key);
        policy.is_some_and(|policy| policy.is_partial && policy.node.own("associations").is_none())
    }

    /// The default route of a network that an event made: its name has a part by chance, which nobody told. Of several
    /// nobody knows which it is.
    fn default_route(&self, kind: &Kind, edit: &Edit) -> Option<Name> {
        if kind.name != "route" || !matches!(edit.act, Act::Drop) {
            return None;
        }
        let path = path_of(&edit.id);
        let (project, name) = path.split_once("/global/routes/")?;
        let start = format!("{project}/global/routes/{DEFAULT_ROUTE}");
        name.strip_prefix(DEFAULT_ROUTE)?;
        let mut made = self.memory.ledger.of_kind(kind.name).filter(|(key, object)| {
            key.starts_with(&start)
                && matches!(object.node.own("name"), Some(Tree::Text(name)) if is_made(name))
        });
        let (key, _) = made.next()?;
        made.next().is_none().then(|| Arc::clone(key))
    }

    /// The object of a kind and a key.
    pub(super) fn node(&self, kind: &Kind, key: &Name) -> Option<&Node<'static>> {
        self.memory.ledger.get(kind.name, key).map(|object| &object.node)
    }

    /// Does an act to an object, which is then read again.
    pub(super) fn act(
        &mut self,
        kind: &'static Kind,
        key: &Name,
        act: &Act,
        unseen: &dyn Fn() -> Node<'static>,
    ) {
        let name = self.memory.kind(kind.name);
        match self.memory.ledger.act([&name, key], act, self.place, unseen) {
            Edited::Changed | Edited::Gone => self.changes(kind, key),
            Edited::Same => {
                // It may be one that was never seen.
                if self.memory.ledger.get(&name, key).is_some_and(|object| object.is_partial) {
                    self.changes(kind, key);
                }
            }
            Edited::Missing(what) => {
                // Of several some may have been there.
                self.changes(kind, key);
                self.miss(what);
            }
        }
    }

    /// The object is read again.
    fn changes(&mut self, kind: &'static Kind, key: &Name) {
        if self.seen.insert((kind.name, Arc::clone(key))) {
            self.changed.push((kind, Arc::clone(key)));
        }
    }

    fn miss(&mut self, what: String) {
        self.unseen.get_or_insert(what);
    }

    /// Reads again what was changed.
    fn read_changed(&mut self) {
        for (kind, key) in core::mem::take(&mut self.changed) {
            let name = self.memory.kind(kind.name);
            let Some(object) = self.memory.ledger.get(&name, &key) else {
                self.estate.resources.remove(kind.name, &key);
                continue;
            };
            if object.is_partial && is_silent(kind.name, &object.node) {
                self.estate.resources.remove(kind.name, &key);
                continue;
            }
            let (place, is_partial) = (object.place, object.is_partial);
            let mut gaps = Vec::new();
            let origin = origin_of(&object.node);
            let desk = Desk::standing(place, &mut gaps);
            let mut node = stripped(&object.node);
            if is_partial {
                fill(kind.name, &mut node);
            }
            let read = read_again(desk, kind, node, &origin, self.pool);
            // Of what was never stated whole much is missing, and that is told otherwise.
            let is_told =
                |gap: &Gap| ["missing-field", "unresolved-expression", "missing-rule"].contains(&gap.code);
            self.gaps.extend(gaps.into_iter().filter(|gap| !(is_partial && is_told(gap))));
            let Some(resource) = read else {
                self.estate.resources.remove(kind.name, &key);
                continue;
            };
            // What an asset says of what is above it was learnt when it was read, and may be past.
            self.estate.learn(&resource, &[]);
            let known = Arc::clone(&resource.identity().key);
            self.estate.resources.put(resource);
            self.follow(kind, &key, &known);
        }
    }

    /// The object says that it has another path than the edit called it by.
    fn follow(&mut self, kind: &'static Kind, key: &Name, known: &Name) {
        if known == key {
            return;
        }
        let name = self.memory.kind(kind.name);
        self.estate.resources.remove(kind.name, key);
        if let Some(object) = self.memory.ledger.forget(&name, key) {
            self.memory.ledger.keep(&name, known, object);
        }
    }
}

impl Memory {
    /// Whether the object of an edit is there.
    pub(crate) fn knows(&self, edit: &Edit, estate: &Estate) -> bool {
        let kind = KINDS.iter().find(|known| *known.name == *edit.kind);
        kind.is_some_and(|kind| self.key_of(kind, edit, estate).is_some())
    }

    /// The key of the object of an edit.
    fn key_of(&self, kind: &Kind, edit: &Edit, estate: &Estate) -> Option<Name> {
        let Some(selector) = Selector::of(&edit.id) else {
            let path = own_path(&edit.id);
            let is_kept = |key: &Name| self.ledger.get(kind.name, key).is_some();
            let own = Some(Name::from(path)).filter(is_kept);
            let scope = edit.scope.as_deref();
            return own.or_else(|| estate.resources.key_of(kind.name, scope, path).filter(is_kept));
        };
        let fitting = self.ledger.of_kind(kind.name).filter(|(_, object)| selector.fits(&object.node));
        fitting.map(|(key, _)| key).min().cloned()
    }
}

/// An act on every item of a list as one for each.
fn spread(act: Act, node: Option<&Node<'static>>) -> Vec<Act> {
    let Act::Set { at, value } = &act else { return vec![act] };
    let is_every = |leg: &Leg| matches!(leg, Leg::Item { is, .. } if **is == *EVERY);
    let Some(position) = at.0.iter().position(is_every) else { return vec![act] };
    let list = Spot(at.0.iter().take(position).cloned().collect());
    let items = match node.and_then(|node| list.find(node)) {
        Some(Tree::List(items)) => items.as_slice(),
        Some(_) | None => &[],
    };
    let named = items.iter().filter_map(|item| match (item, at.0.get(position)) {
        (Tree::Object(item), Some(Leg::Item { key, .. })) => text(item, key).map(|is| (key, is)),
        _ => None,
    });
    let of = |(key, is): (&Name, &str)| {
        let mut own = at.clone();
        if let Some(leg) = own.0.get_mut(position) {
            *leg = Leg::Item { key: Arc::clone(key), is: is.into() };
        }
        Act::Set { at: own, value: value.clone() }
    };
    named.map(of).collect()
}

/// Stands in a spot for every item of a list, whatever they are called.
pub(crate) const EVERY: &str = "*";

/// The path of an id. Bindings of tags have the path of what is bound inside theirs.
fn own_path(id: &str) -> &str {
    if id.contains("://") || id.starts_with("//") { path_of(id) } else { id }
}

/// An object without what only its memory says.
fn stripped(node: &Node<'static>) -> Node<'static> {
    let own = node.entries().iter().filter(|(key, _)| !key.starts_with('#'));
    Node::new(own.cloned().collect(), None)
}

/// An object with whose it is, where nothing in it says that.
fn placed(mut node: Node<'static>, edit: &Edit) -> Node<'static> {
    let path = path_of(&edit.id);
    let named = ["selfLink", "name"].iter().any(|key| text(&node, key).is_some_and(|own| own.contains('/')));
    if !named && node.own(HOLDER).is_none() {
        let mut parts: Vec<&str> = path.split('/').collect();
        parts.truncate(parts.len().saturating_sub(2));
        if parts.last() == Some(&"global") {
            parts.pop();
        }
        node.push(Cow::Borrowed(HOLDER), Tree::Text(parts.join("/").into()));
    }
    node
}

/// Whether a default route has no part by chance: an event made it.
fn is_made(name: &str) -> bool {
    name.strip_prefix(DEFAULT_ROUTE)
        .is_some_and(|rest| !(rest.len() == 16 && rest.bytes().all(|byte| byte.is_ascii_hexdigit())))
}

const DEFAULT_ROUTE: &str = "default-route-";
