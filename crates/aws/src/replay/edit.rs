//! One edit: made to its object and to whatever states the same, which are then read again.

use core::net::IpAddr;
use std::borrow::Cow;
use std::sync::Arc;

use cloud::audit::{Act, Applied, Edit, Edited, Items, Selector, Spot};
use cloud::json::{Node, Tree};
use cloud::{Desk, LookupSet, Pool, Quoted};
use model::{Effect, Gap, Name, Provenance};

use crate::estate::Estate;
use crate::lower::RuleChange;
use crate::resource::{KINDS, Kind, Resource};
use crate::trail::consequences;
use crate::wire::read_again;

use super::echo::echoes;
use super::owner::{HEARD, owner_of};
use super::rules::LISTED;
use super::{Memory, origin_of, rule_edit, text};

/// An edit that is under way.
pub(super) struct Replay<'r> {
    pub(super) estate: &'r mut Estate,
    pub(super) pool: &'r mut Pool,
    pub(super) memory: &'r mut Memory,
    pub(super) place: Provenance,
    /// The objects to read again, in the order in which they were changed.
    changed: Vec<(&'static Kind, Name)>,
    seen: LookupSet<(&'static str, Name)>,
    /// What was done to the permissions of groups; `None` after anything else.
    rules: Option<Vec<Items>>,
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
        if is_new && NOT_SEEN.iter().any(|(of, _)| *of == kind.name) && matches!(act, Act::Insert { .. }) {
            // Whatever comes into it or where it comes to stand: what else it holds was never stated.
            self.miss(format!("{} {}", kind.name, edit.id));
        }
        self.begin_list(kind, &key, &act);
        // Only what is stated twice asks for it.
        let before = self.node(kind, &key).filter(|_| echoes(kind)).cloned();
        self.act(kind, &key, &act, &|| placed(unseen(kind, &edit.id), edit));
        self.echo(kind, &key, before.as_ref(), edit);
    }

    /// A part of a list that a document left out does not make the rest known.
    fn begin_list(&mut self, kind: &'static Kind, key: &Name, act: &Act) {
        let (Act::Insert { into: at, .. } | Act::Remove { from: at, .. }) = act else { return };
        let listed = LEFT_OUT.iter().find(|(of, list)| *of == kind.name && *at == Spot::of(&[list]));
        let (Some((_, list)), Some(node)) = (listed, self.node(kind, key)) else { return };
        let is_left_out = match node.own(list) {
            None => true,
            // Some write null for a list without members.
            Some(Tree::Null) => node.own("IpPermissionsEgress").is_none(),
            Some(_) => false,
        };
        let id = key.rsplit('/').next().unwrap_or(key);
        let has_listed = self.memory.listed_rules.get(id).is_some_and(|rules| !rules.is_empty());
        if is_left_out && !has_listed {
            let value = super::rules::not_seen(id);
            self.act(kind, key, &Act::Set { at: at.clone(), value }, &Node::default);
        }
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

    /// Items that move come with what they said where they stood (`#moves`), and leave there. Those of which nobody said
    /// where come into what is known whole alone: anything else would stand everywhere.
    fn moved(&mut self, kind: &'static Kind, key: &Name, edit: &Edit) -> Act {
        let Act::Insert { into, items, by } = &edit.act else { return edit.act.clone() };
        let is_whole = self.memory.ledger.get(kind.name, key).is_some_and(|object| !object.is_partial);
        let scope = edit.scope.as_deref();
        let items = items.iter().filter_map(|item| match item {
            Tree::Object(node) if node.own(MOVES).is_some() => {
                let (item, is_found) = self.moved_item(kind, scope, into, node);
                (is_found || is_whole).then_some(Tree::Object(item))
            }
            other => Some(other.clone()),
        });
        Act::Insert { into: into.clone(), items: items.collect(), by: by.clone() }
    }

    fn moved_item(
        &mut self,
        kind: &'static Kind,
        scope: Option<&str>,
        list: &Spot,
        item: &Node<'static>,
    ) -> (Node<'static>, bool) {
        let mut own = item.clone();
        own.take_out(MOVES);
        let Some(name) = text(item, MOVES) else { return (own, false) };
        let is_it = |tree: &Tree<'static>| match tree {
            Tree::Object(node) => node
                .entries()
                .iter()
                .any(|(_, value)| matches!(value, Tree::Text(text) if text.eq_ignore_ascii_case(name))),
            _ => false,
        };
        let holds = |node: &Node<'static>| match list.find(node) {
            Some(Tree::List(items)) => items.iter().find(|item| is_it(item)).cloned(),
            _ => None,
        };
        // What another account has it cannot move.
        let is_own = |node: &Node<'static>| {
            scope.is_none_or(|scope| owner_of(node).is_none_or(|owner| owner == scope))
        };
        let all = self.memory.ledger.of_kind(kind.name).filter(|(_, object)| is_own(&object.node));
        let found = all.filter_map(|(key, object)| holds(&object.node).map(|item| (Arc::clone(key), item)));
        let Some((key, before)) = found.min_by(|(one, _), (other, _)| one.cmp(other)) else {
            self.miss(format!("{} {name}", kind.name));
            return (own, false);
        };
        let remove = Act::Remove { from: list.clone(), items: vec![before.clone()] };
        self.act(kind, &key, &remove, &Node::default);
        if let Tree::Object(before) = before {
            for (key, value) in before.into_entries() {
                if own.own(&key).is_none() {
                    own.push(key, value);
                }
            }
        }
        (own, true)
    }

    /// Reads again what was changed.
    fn read_changed(&mut self) {
        for (kind, key) in core::mem::take(&mut self.changed) {
            let name = self.memory.kind(kind.name);
            let Some(object) = self.memory.ledger.get(&name, &key) else {
                self.estate.resources.remove(kind.name, &key);
                continue;
            };
            let (place, is_partial) = (object.place, object.is_partial);
            let mut gaps = Vec::new();
            let origin = origin_of(&object.node);
            let desk = Desk::standing(place, &mut gaps);
            let read = read_again(desk, kind, &object.node, &origin, self.pool);
            // Of what was never stated whole much is missing, and that is told otherwise.
            let is_told = |code| match code {
                "missing-field" => true,
                // Lists and tables are told when they are met.
                "unresolved-expression" => matches!(kind.name, "network-acl" | "route-table"),
                _ => false,
            };
            gaps.retain(|gap| !(is_partial && is_told(gap.code)));
            if has_unknown_address(&object.node) {
                gaps.retain(|gap| gap.code != "unresolved-expression");
                gaps.push(address_not_seen(place, &key));
            }
            self.gaps.extend(gaps);
            let Some(resource) = read else {
                self.estate.resources.remove(kind.name, &key);
                continue;
            };
            let identity = resource.identity().clone();
            self.estate.resources.put(resource);
            self.follow(kind, &key, &identity);
        }
    }

    /// The register may know a resource by another key now: one that says its account is no longer without.
    fn follow(&mut self, kind: &'static Kind, key: &Name, identity: &crate::resource::Identity) {
        let known = self.estate.resources.key_of(kind.name, identity.account.as_deref(), &identity.id);
        let Some(known) = known.filter(|known| known != key) else { return };
        let name = self.memory.kind(kind.name);
        if let Some(object) = self.memory.ledger.forget(&name, key) {
            self.memory.ledger.keep(&name, &known, object);
        }
    }
}

/// What an edit was to take away, in words.
fn missed(kind: &Kind, act: &Act) -> Option<String> {
    let Act::Remove { items, .. } = act else { return None };
    let Some(Tree::Object(item)) = items.first() else { return None };
    match kind.name {
        "network-acl" => {
            let way = if item.own("Egress") == Some(&Tree::Flag(true)) { "outbound" } else { "inbound" };
            Some(format!("its {way} entry {}", text(item, "RuleNumber")?))
        }
        "route-table" => {
            let keys = ["DestinationCidrBlock", "DestinationIpv6CidrBlock", "DestinationPrefixListId"];
            Some(format!("its route to {}", keys.iter().find_map(|key| text(item, key))?))
        }
        _ => None,
    }
}

/// Whether it is not known if an interface has a public address: its subnet gives one or not, and nobody stated that.
fn has_unknown_address(interface: &Node<'_>) -> bool {
    let is_unknown = |node: &Node<'_>| matches!(node.own("Association"), Some(Tree::Unknown(_)));
    let inside = match interface.own("PrivateIpAddresses") {
        Some(Tree::List(items)) => items.as_slice(),
        _ => &[],
    };
    let inside_is = |item: &Tree<'_>| matches!(item, Tree::Object(node) if is_unknown(node));
    is_unknown(interface) || inside.iter().any(inside_is)
}

fn address_not_seen(place: Provenance, key: &str) -> Gap {
    let message = format!(
        "{}: whether it has a public address is not in the log, its subnet's `MapPublicIpOnLaunch` decides, which nothing before \
         it states: it may have one; give the state before the log with `--snapshot`",
        Quoted(key.rsplit('/').next().unwrap_or_default())
    );
    Gap::at(place, "state-not-seen", Effect::Undecided, message)
}

/// Whether an edit leaves something of what stood there before. What is stated whole is not put together from before.
fn is_part(kind: &Kind, edit: &Edit) -> bool {
    !matches!(edit.act, Act::Drop | Act::Put(_)) || kind.name == "prefix-list"
}

/// An object that nobody saw, before its first edit: what is not known of it is presumed absent.
fn unseen(kind: &Kind, id: &str) -> Node<'static> {
    let mut node = Node::default();
    let sign = match kind.name {
        // Known by its allocation as a rule, else by its number.
        "address" if id.parse::<IpAddr>().is_err() => Some(&"AllocationId"),
        _ => kind.signs.first(),
    };
    if let Some(sign) = sign {
        node.push(Cow::Borrowed(sign), Tree::Text(id.to_owned().into()));
    }
    let lists = UNSEEN.iter().filter(|(of, _)| *of == kind.name).flat_map(|(_, lists)| *lists);
    for list in lists {
        node.push(Cow::Borrowed(list), Tree::List(Vec::new()));
    }
    for (_, list) in NOT_SEEN.iter().filter(|(of, _)| *of == kind.name) {
        node.push(Cow::Borrowed(list), super::rules::not_seen(id));
    }
    node
}

/// Lists that an object has, be they empty: what only lets in is presumed absent.
const UNSEEN: [(&str, &[&str]); 6] = [
    ("security-group", &["IpPermissions"]),
    ("network-acl", &["Associations"]),
    ("route-table", &["Associations"]),
    ("network-interface", &["Groups"]),
    ("instance", &["NetworkInterfaces"]),
    ("prefix-list-entries", &["Entries"]),
];

/// Lists that are not known: presumed empty they would say that nobody gets through.
const NOT_SEEN: [(&str, &str); 3] =
    [("prefix-list", "Entries"), ("network-acl", "Entries"), ("route-table", "Routes")];

/// Lists of which a document that leaves them out does not say that they are empty.
const LEFT_OUT: [(&str, &str); 3] =
    [("security-group", "IpPermissions"), ("network-acl", "Entries"), ("route-table", "Routes")];

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

/// The key under which an item says which one it was before.
const MOVES: &str = "#moves";

/// The items of a list of an object, to be changed.
pub(super) fn items_mut<'n>(node: &'n mut Node<'static>, key: &str) -> &'n mut [Tree<'static>] {
    match node.own_mut(key) {
        Some(Tree::List(items)) => items,
        Some(_) | None => &mut [],
    }
}
