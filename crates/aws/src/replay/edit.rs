//! One edit: made to its object and to whatever states the same, which are then read again.

use std::borrow::Cow;
use std::sync::Arc;

use cloud::audit::{Act, Applied, Edit, Edited, Items, Selector};
use cloud::json::{Node, Tree};
use cloud::{Desk, LookupSet, Pool, Quoted};
use model::{Effect, Gap, Name, Provenance};

use crate::estate::Estate;
use crate::lower::RuleChange;
use crate::resource::{KINDS, Kind, Resource};
use crate::trail::consequences;
use crate::wire::read_again;

use super::echo::echoes;
use super::owner::HEARD;
use super::rules::LISTED;
use super::unseen::{missed, unseen};
use super::{Memory, origin_of, rule_edit};

/// An edit that is under way.
pub(super) struct Replay<'r> {
    pub(super) estate: &'r mut Estate,
    pub(super) pool: &'r mut Pool,
    pub(super) memory: &'r mut Memory,
    pub(super) place: Provenance,
    /// The objects to read again, in the order in which they were changed.
    pub(super) changed: Vec<(&'static Kind, Name)>,
    seen: LookupSet<(&'static str, Name)>,
    /// What was done to the permissions of groups; `None` after anything else.
    rules: Option<Vec<Items>>,
    unseen: Option<String>,
    pub(super) gaps: Vec<Gap>,
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
        rules: Some(Vec::new()),
        unseen: None,
        gaps: Vec::new(),
    };
    if let Some(gap) = replay.refused(edit) {
        return Applied { touched: Vec::new(), gaps: vec![gap], unseen: None };
    }
    replay.begin(edit);
    match consequences(edit, &replay.memory.ledger) {
        None => replay.carry_out(edit),
        Some(edits) => edits.iter().for_each(|one| replay.carry_out_besides(one, edit)),
    }
    let touched = match replay.changed.is_empty() {
        true => Vec::new(),
        false => match replay.swap() {
            Some(touched) => touched,
            None => {
                replay.read_changed();
                replay.memory.lower_again(replay.estate, replay.pool)
            }
        },
    };
    let Replay { unseen, gaps, .. } = replay;
    // What only lets in, or only leads in, opens nothing when it goes.
    let kept_out = if edit.act == Act::Drop { WHOLE_IN_THE_WAY } else { PART_IN_THE_WAY };
    let unseen = unseen.filter(|_| !edit.takes_away() || kept_out.contains(&&*edit.kind));
    Applied { touched, gaps, unseen }
}

/// Kinds that may keep somebody out: without one more may be open than with it. A list and a table that a subnet uses cannot be
/// deleted, what goes of them are parts.
const WHOLE_IN_THE_WAY: [&str; 2] = ["listener-rule", "vpc-block-public-access-options"];
const PART_IN_THE_WAY: [&str; 2] = ["network-acl", "route-table"];

impl Replay<'_> {
    /// Puts together what stands in several objects, before anything is made of it.
    fn begin(&mut self, edit: &Edit) {
        let kind = KINDS.iter().find(|known| *known.name == *edit.kind);
        let kind = kind.filter(|kind| is_part(kind, edit) && Selector::of(&edit.id).is_none());
        if let Some(kind) = kind {
            self.settle(kind, &edit.id, edit.scope.as_ref());
            self.settle_outbound(kind, &edit.id, edit.scope.as_ref());
        }
    }

    /// Where nothing changed but the rules of one group, its list in the place of the old one; the targets that have it.
    fn swap(&mut self) -> Option<Vec<Name>> {
        let [(kind, key)] = self.changed.as_slice() else { return None };
        let (kind, key) = (*kind, Arc::clone(key));
        if kind.name != "security-group" {
            return None;
        }
        if let Some(changes) = self.change_rules(&key) {
            let group = self.estate.resources.groups.get(&key)?;
            return match changes.is_empty() {
                true => Some(Vec::new()),
                false => self.memory.change(&key, group, &changes, &self.pool.common),
            };
        }
        let object = self.memory.ledger.get(kind.name, &key)?;
        let before = self.estate.resources.groups.get(&key)?.clone();
        let place = object.place;
        let origin = origin_of(&object.node);
        let mut gaps = Vec::new();
        let read = read_again(Desk::standing(place, &mut gaps), kind, &object.node, &origin, self.pool)?;
        let Resource::Group(now) = read else { return None };
        if before == *now {
            // It is kept as it was read.
            self.gaps.extend(gaps);
            return Some(Vec::new());
        }
        let touched = self.memory.swap(&key, [&before, &now], &self.pool.common)?;
        self.gaps.extend(gaps);
        self.estate.resources.put(Resource::Group(now));
        Some(touched)
    }

    /// What an edit brings with it may be another account's.
    fn carry_out_besides(&mut self, edit: &Edit, of: &Edit) {
        let is_itself = edit.kind == of.kind && edit.id == of.id;
        match self.refused(edit).filter(|_| !is_itself) {
            Some(gap) => self.gaps.push(gap),
            None => self.carry_out(edit),
        }
    }

    /// Where only permissions of a group were edited, these alone are read; what happened to its rules.
    fn change_rules(&mut self, key: &Name) -> Option<Vec<RuleChange>> {
        let edits = self.rules.take()?;
        let is_listed = self.memory.ledger.get("security-group", key)?.node.own(LISTED).is_some();
        let group = self.estate.resources.groups.get_mut(key)?;
        rule_edit::change(group, &edits, is_listed, self.place, self.pool)
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
        let is_part = is_part(kind, edit);
        if is_part && Selector::of(&edit.id).is_none() {
            self.settle(kind, &edit.id, edit.scope.as_ref());
            self.settle_outbound(kind, &edit.id, edit.scope.as_ref());
        }
        let known = self.key_of(kind, edit);
        if let Some(key) = known.as_ref().filter(|_| is_part && Selector::of(&edit.id).is_some()) {
            let (account, id) =
                key.split_once('/').map_or((None, &**key), |(account, id)| (Some(Name::from(account)), id));
            let id = id.to_owned();
            self.settle(kind, &id, account.as_ref());
            self.settle_outbound(kind, &id, account.as_ref());
        }
        if known.is_none() && (Selector::of(&edit.id).is_some() || matches!(edit.act, Act::Drop)) {
            // What an interface says inside its instance is edited there.
            if !self.edit_inside(kind, edit) {
                self.miss(format!("{} {}", edit.kind, edit.id));
            }
            return;
        }
        let key = known.unwrap_or_else(|| match &edit.scope {
            Some(account) => format!("{account}/{}", edit.id).into(),
            None => Arc::clone(&edit.id),
        });
        let is_new = !self.has(kind, &key);
        if is_new && !matches!(edit.act, Act::Put(_)) && self.edit_inside(kind, edit) {
            return;
        }
        let act = self.moved(kind, &key, edit);
        let act = match act {
            Act::Put(node) => Act::Put(placed(node, edit)),
            other => other,
        };
        if let ("security-group-rule", Act::Put(node)) = (kind.name, &act) {
            self.memory.note_rule(&key, node);
        }
        let act = match act {
            // Where documents list rules by themselves, those of this group have ids too.
            Act::Put(mut node)
                if kind.name == "security-group" && self.estate.has_kind("security-group-rule") =>
            {
                node.take_out(LISTED);
                node.push(Cow::Borrowed(LISTED), Tree::Flag(true));
                Act::Put(node)
            }
            act => act,
        };
        if is_new {
            self.meet(kind, edit, &act);
        }
        self.begin_list(kind, &key, &act);
        // Only what is stated twice asks for it.
        let before = self.node(kind, &key).filter(|_| echoes(kind)).cloned();
        self.act(kind, &key, &act, &|| placed(unseen(kind, &edit.id), edit));
        self.echo(kind, &key, before.as_ref(), edit);
    }

    /// The key of the object of an edit.
    pub(super) fn key_of(&self, kind: &Kind, edit: &Edit) -> Option<Name> {
        let account = edit.scope.as_deref();
        let Some(selector) = Selector::of(&edit.id) else {
            let known = self.estate.resources.key_of(kind.name, account, &edit.id);
            let known = known.filter(|key| !self.is_apart(kind, key, edit));
            let own = || Some(Name::from(format!("{}/{}", account?, edit.id)));
            let kept = |key: &Name| self.memory.ledger.get(&edit.kind, key).is_some();
            return known.or_else(|| own().filter(kept)).or_else(|| Some(Arc::clone(&edit.id)).filter(kept));
        };
        let fitting = self.memory.ledger.of_kind(kind.name).filter(|(_, object)| selector.fits(&object.node));
        let mut keys: Vec<&Name> = fitting.map(|(key, _)| key).collect();
        keys.sort_unstable();
        let is_own = |key: &&&Name| {
            account.is_some_and(|account| key.split_once('/').is_some_and(|(own, _)| own == account))
        };
        keys.iter().find(is_own).or(keys.first()).map(|key| Name::clone(key))
    }

    /// The object of a kind and a key.
    pub(super) fn node(&self, kind: &Kind, key: &Name) -> Option<&Node<'static>> {
        self.memory.ledger.get(kind.name, key).map(|object| &object.node)
    }

    fn has(&self, kind: &Kind, key: &Name) -> bool {
        self.node(kind, key).is_some()
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
        let mut items = Items::default();
        let edited = self.memory.ledger.act_on_items([&name, key], act, self.place, unseen, &mut items);
        match self.rules.as_mut().filter(|_| rule_edit::is_of_rules(act)) {
            Some(rules) => rules.push(items),
            None => self.rules = None,
        }
        match edited {
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
                self.miss(missed(kind, act).unwrap_or(what));
            }
        }
    }

    /// The object is read again.
    fn changes(&mut self, kind: &'static Kind, key: &Name) {
        if self.seen.insert((kind.name, Arc::clone(key))) {
            self.changed.push((kind, Arc::clone(key)));
        }
    }

    /// The object was written anew: all of it is read.
    pub(super) fn rewrites(&mut self, kind: &'static Kind, key: &Name) {
        self.rules = None;
        self.changes(kind, key);
    }

    pub(super) fn miss(&mut self, what: String) {
        self.unseen.get_or_insert(what);
    }
}

/// Whether an edit leaves something of what stood there before. What is stated whole is not put together from before.
fn is_part(kind: &Kind, edit: &Edit) -> bool {
    !matches!(edit.act, Act::Drop | Act::Put(_)) || kind.name == "prefix-list"
}

/// An object with whose it is.
fn placed(mut node: Node<'static>, edit: &Edit) -> Node<'static> {
    if node.own(HEARD).is_none() {
        node.push(Cow::Borrowed(HEARD), Tree::Flag(true));
    }
    for (key, value) in [("#account", &edit.scope), ("#region", &edit.region)] {
        if let Some(value) = value
            && node.own(key).is_none()
        {
            node.push(Cow::Borrowed(key), Tree::Text(value.to_string().into()));
        }
    }
    // Some kinds do not state their own ARN.
    if edit.id.starts_with("arn:") && node.own("#arn").is_none() {
        node.push(Cow::Borrowed("#arn"), Tree::Text(edit.id.to_string().into()));
    }
    node
}

/// The items of a list of an object, to be changed.
pub(super) fn items_mut<'n>(node: &'n mut Node<'static>, key: &str) -> &'n mut [Tree<'static>] {
    match node.own_mut(key) {
        Some(Tree::List(items)) => items,
        Some(_) | None => &mut [],
    }
}
