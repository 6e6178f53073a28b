//! What the groups of something let in: the union of their rules, and nothing else (W1, W3).
//!
//! Knows no path and no list of a subnet.

use std::sync::Arc;

use cloud::{Common, LookupMap, LookupSet, Quoted, Said};
use model::{Action, Effect, Filter, Gap, Matches, Name, Rule, RuleList, every_type};
use packet::{AddressSet, Bounds, ProtocolSet};

use crate::estate::Estate;
use crate::resource::{Attached, Group, Identity, ListedRule, SOME_GROUP};

use super::Lowering;
use super::group_target::Carriers;
use super::members::Membership;
use super::network_index::NetworkIndex;
use super::prefix_lists::{Listed, Lists};
use super::rewritten::{Met, Rewritten};

/// Groups as far as the input knows them, by permissions or by rules, and what was already made of them.
#[derive(Debug, Default)]
pub(super) struct Groups<'e> {
    pub(super) known: LookupMap<Name, Known<'e>>,
    // The keys under which an id is known.
    keys: LookupMap<Name, Vec<Name>>,
    /// Lists that were made, by key.
    pub(super) made: LookupMap<Name, Carried>,
    /// Lists that were made of them for packets that come otherwise, by key.
    pub(super) derived: LookupMap<Name, Vec<Rewritten>>,
    /// Groups whose rules say at which ports something listens, by key.
    pub(super) listening: LookupSet<Name>,
    // What those of one account let in that carry these groups, where nothing had to be told of it.
    unions: LookupMap<(Option<Name>, Vec<Name>), Filter>,
    // What stands in for groups that are not in the input, by account and id.
    unknown: LookupMap<Name, Arc<RuleList>>,
    pub(super) membership: Option<Membership>,
    pub(super) carriers: Carriers,
    pub(super) lists: Lists<'e>,
    pub(super) prefix_lists: LookupMap<Name, Listed>,
    /// Prefix lists of which the input has nothing at all are used.
    pub(super) uses_unlisted: bool,
}

/// A group of the input.
#[derive(Clone, Debug)]
pub(super) struct Known<'e> {
    pub(super) identity: Identity,
    /// Its permissions; `None` where only rules name it.
    pub(super) group: Option<&'e Group>,
    /// Its rules as they are listed one by one, in the order of their ids.
    pub(super) listed: Vec<&'e ListedRule>,
}

impl<'e> Groups<'e> {
    pub(super) fn of(estate: &'e Estate, network: &NetworkIndex<'e>) -> Self {
        let mut groups =
            Self { carriers: Carriers::of(estate, network), lists: Lists::of(estate), ..Self::default() };
        for (key, group) in estate.resources.groups.iter() {
            let known = Known { identity: group.identity.clone(), group: Some(group), listed: Vec::new() };
            groups.add(key, known);
        }
        for rule in estate.resources.listed_rules.values() {
            let key = groups.key_of(rule).unwrap_or_else(|| {
                let identity = identity_of(rule);
                let key = Arc::clone(&identity.key);
                groups.add(&key, Known { identity, group: None, listed: Vec::new() });
                key
            });
            if let Some(known) = groups.known.get_mut(&key) {
                known.listed.push(rule);
            }
        }
        groups
    }

    /// The key of the group of a rule: of one account both, as far as they say it.
    fn key_of(&self, rule: &ListedRule) -> Option<Name> {
        let account = rule.identity.account.as_ref();
        let known = self.find(account, &rule.group)?;
        let own = known.identity.account.as_ref();
        let is_its = own.is_none() || account.is_none() || own == account;
        is_its.then(|| Arc::clone(&known.identity.key))
    }

    fn add(&mut self, key: &Name, known: Known<'e>) {
        self.keys.entry(Arc::clone(&known.identity.id)).or_default().push(Arc::clone(key));
        self.known.insert(Arc::clone(key), known);
    }

    /// Whether several groups of the input have one id: then accounts tell them apart.
    pub(super) fn has_several(&self, id: &str) -> bool {
        self.keys.get(id).is_some_and(|keys| keys.len() > 1)
    }

    /// The group with an id as a resource of `account` names it. Ids are unique in a Region: of one that several
    /// accounts have, it is that of the same account (W24).
    pub(super) fn find(&self, account: Option<&Name>, id: &str) -> Option<&Known<'e>> {
        let keys = self.keys.get(id).map_or(&[][..], Vec::as_slice);
        let mut own = keys.iter().filter_map(|key| self.known.get(key));
        match keys {
            [] | [_] => own.next(),
            [..] => own.find(|known| account.is_some() && known.identity.account.as_ref() == account),
        }
    }
}

/// Who a group is of which only a rule is known.
fn identity_of(rule: &ListedRule) -> Identity {
    let key = match &rule.identity.account {
        Some(account) => format!("{account}/{}", rule.group).into(),
        None => Arc::clone(&rule.group),
    };
    let (id, name) = (Arc::clone(&rule.group), Arc::clone(&rule.group));
    Identity { key, id, name, ..rule.identity.clone() }
}

/// Whom the groups of something see: clients that come from one of these addresses, and as members of these groups.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Seen {
    /// One of these, not known which.
    pub(super) addresses: Bounds<Arc<AddressSet>>,
    /// The groups of what stands in front (W19): a rule that names one lets in what came through.
    pub(super) groups: Vec<Name>,
    /// Whether it may carry any other group as well: which it carries is not told.
    pub(super) may_be_of_any_group: bool,
    /// Whether the addresses stand in for those of the clients.
    pub(super) clients: Clients,
}

/// Whether the addresses of clients are seen behind something (W18). Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Clients {
    /// Those of what stands in front are seen instead.
    Hidden,
    Kept,
    /// One of both, not known which.
    Either,
}

impl Seen {
    /// The clients whose stand-in a rule matches: all of them if it matches every address that may stand in or a group
    /// of what stands there, none if it matches none, else possibly all.
    pub(super) fn stands_in(
        &self,
        sources: &Bounds<Arc<AddressSet>>,
        is_member: bool,
        common: &Common,
    ) -> Bounds<Arc<AddressSet>> {
        let may = &self.addresses.may;
        let all_or_none = |matched| Arc::clone(if matched { &common.everything } else { &common.nothing });
        let certain = is_member || (!may.is_empty() && may.is_subset(&sources.must));
        let possible = certain || may.is_empty() || !may.is_disjoint(&sources.may);
        let hidden = Bounds { must: all_or_none(certain), may: all_or_none(possible) };
        match self.clients {
            _ if is_member => hidden,
            Clients::Hidden => hidden,
            Clients::Kept => sources.clone(),
            Clients::Either => Bounds {
                must: Arc::new(hidden.must.intersection(&sources.must)),
                may: Arc::new(hidden.may.union(&sources.may)),
            },
        }
    }
}

/// A list with the groups that its rules name as their sources.
#[derive(Clone, Debug)]
pub(crate) struct Carried {
    pub(crate) list: Arc<RuleList>,
    /// For each rule the id of the group whose members it matches; shorter where no further rule names one.
    pub(crate) references: Arc<[Option<Name>]>,
}

impl Carried {
    fn unknown(list: Arc<RuleList>) -> Self {
        Self { list, references: Arc::new([]) }
    }

    /// The list where somebody in front is seen.
    pub(super) fn behind(&self, seen: &Seen, common: &Common) -> RuleList {
        let mut list = RuleList::clone(&self.list);
        for (position, rule) in list.rules.iter_mut().enumerate() {
            let named = self.references.get(position).and_then(Option::as_ref);
            let is_member = named.is_some_and(|id| seen.groups.contains(id));
            let mut sources = seen.stands_in(&rule.matches.sources, is_member, common);
            if named.is_some() && seen.may_be_of_any_group {
                sources.may = Arc::clone(&common.everything);
            }
            match seen.clients {
                Clients::Kept => {}
                // Who of a pool comes may be let in as itself.
                Clients::Either if !rule.matches.tags.is_empty() => {
                    rule.matches.sources = Bounds { must: sources.must, may: Arc::clone(&common.everything) };
                    rule.matches.tags.clear();
                    continue;
                }
                Clients::Either | Clients::Hidden => rule.matches.tags.clear(),
            }
            rule.matches.sources = sources;
        }
        list
    }
}

impl Lowering<'_> {
    /// What the groups that `owner` carries let in; everything else is denied.
    pub(super) fn groups_filter(&mut self, attached: &Attached, owner: &Identity) -> Filter {
        let Said::This(ids) = attached else { return self.closed_union(attached, owner, None) };
        let key = (owner.account.clone(), ids.clone());
        if let Some(known) = self.groups.unions.get(&key) {
            return known.clone();
        }
        let told_before = self.gaps.len();
        let filter = self.closed_union(attached, owner, None);
        if self.gaps.len() == told_before {
            self.groups.unions.insert(key, filter.clone());
        }
        filter
    }

    /// The same where the groups see somebody in front instead of the clients (W19, W20): a rule that matches whoever
    /// stands in lets all clients in, which the groups in front then bound.
    pub(super) fn groups_filter_behind(
        &mut self,
        attached: &Attached,
        owner: &Identity,
        seen: &Seen,
    ) -> Filter {
        self.closed_union(attached, owner, Some(seen))
    }

    fn closed_union(&mut self, attached: &Attached, owner: &Identity, seen: Option<&Seen>) -> Filter {
        let lists = match attached {
            // W3: nothing lets anybody in.
            Said::This(ids) if ids.is_empty() => return Filter::Always(Action::Deny),
            Said::This(ids) => ids.iter().map(|id| self.carried_list(id, owner)).collect(),
            Said::Nothing => {
                self.tell_untold_groups(owner);
                vec![Carried::unknown(self.unknown_list(&owner.id, owner.account.as_ref()))]
            }
            Said::Unreadable => vec![Carried::unknown(self.unknown_list(&owner.id, owner.account.as_ref()))],
        };
        let seen = seen.map(|seen| Arc::new(seen.clone()));
        let mut parts = Vec::with_capacity(lists.len());
        for carried in lists {
            parts.push(Filter::FirstMatch(match &seen {
                Some(seen) => self.list_behind(&carried, seen),
                None => carried.list,
            }));
        }
        let union = Filter::AnyOf(parts);
        Filter::Chain(vec![union, Filter::Always(Action::Deny)])
    }

    /// The list of a group where somebody in front is seen.
    fn list_behind(&mut self, carried: &Carried, seen: &Arc<Seen>) -> Arc<RuleList> {
        let met = Met { seen: Some(Arc::clone(seen)), ports: None };
        let list = Arc::new(met.list(carried, &self.common));
        self.note_derived(&list, met);
        list
    }

    /// Remembers that a list was made of that of a group.
    pub(super) fn note_derived(&mut self, list: &Arc<RuleList>, met: Met) {
        if let Some(key) = self.edited_group(list) {
            let made = Rewritten::of(Arc::clone(list), met);
            self.groups.derived.entry(key).or_default().push(made);
        }
    }

    /// Remembers that the rules of a group say at which ports something listens.
    pub(super) fn note_listening(&mut self, list: &RuleList) {
        if let Some(key) = self.edited_group(list) {
            self.groups.listening.insert(key);
        }
    }

    /// The key of the group of a list, where edits of it may come: nobody else asks for its lists again.
    fn edited_group(&self, list: &RuleList) -> Option<Name> {
        self.estate.stated.as_ref()?;
        let known = self.groups.find(list.scope.as_ref(), &list.id)?;
        Some(Arc::clone(&known.identity.key))
    }

    /// The list of a group that `owner` carries; one that is not in the input may let in everybody.
    fn carried_list(&mut self, id: &Name, owner: &Identity) -> Carried {
        if &**id == SOME_GROUP {
            return Carried::unknown(self.unknown_list(id, owner.account.as_ref()));
        }
        let key = self.groups.find(owner.account.as_ref(), id).map(|known| Arc::clone(&known.identity.key));
        if let Some(carried) = key.and_then(|key| self.carried(&key)) {
            return carried;
        }
        if self.has_groups() {
            let message = format!(
                "{}: the security group {} is not in the input: it may let in everybody",
                Quoted(&owner.name),
                Quoted(id)
            );
            self.gaps.push(Gap::at(owner.read_at.0, "dangling-reference", Effect::Undecided, message));
        }
        Carried::unknown(self.unknown_list(id, owner.account.as_ref()))
    }

    /// Whether the input has groups at all: without, each is missing, which is said once.
    pub(super) fn has_groups(&self) -> bool {
        let listed = |kind| self.estate.listed.contains(kind);
        !self.groups.known.is_empty() || listed("security-group") || listed("security-group-rule")
    }

    fn tell_untold_groups(&mut self, owner: &Identity) {
        let message =
            format!("{}: its security groups are not told: they may let in everybody", Quoted(&owner.name));
        self.gaps.push(Gap::at(owner.read_at.0, "missing-field", Effect::Undecided, message));
    }

    fn unknown_list(&mut self, id: &Name, account: Option<&Name>) -> Arc<RuleList> {
        let key: Name = match account {
            Some(account) => format!("{account}/{id}").into(),
            None => Arc::clone(id),
        };
        if let Some(list) = self.groups.unknown.get(&key) {
            return Arc::clone(list);
        }
        let list = Arc::new(RuleList {
            id: Arc::clone(id),
            name: Arc::clone(id),
            kind: GROUP_KIND,
            scope: account.cloned(),
            rules: vec![self.unknown_rule()],
            behind: None,
            provenance: None,
        });
        self.groups.unknown.insert(key, Arc::clone(&list));
        list
    }

    /// What stands in for rules that are not in the input.
    pub(super) fn unknown_rule(&self) -> Rule {
        let everywhere = Bounds::exactly(Arc::clone(&self.common.everything));
        let every_port = Bounds::exactly(Arc::clone(&self.common.every_port));
        let matches = Matches {
            protocols: Bounds::between(ProtocolSet::EMPTY, ProtocolSet::EVERYTHING),
            sources: everywhere.clone(),
            tags: Vec::new(),
            source_ports: every_port.clone(),
            destinations: everywhere,
            ports: every_port,
            types: every_type(),
        };
        Rule {
            name: "unknown rules".into(),
            priority: None,
            rank: 0,
            action: Action::Allow,
            matches,
            written: "".into(),
            built_in: false,
            provenance: None,
        }
    }
}

pub(super) const GROUP_KIND: &str = "security-group";
