//! The list of a service as rules. Its action for those whom nobody names is its last rule.

use std::sync::Arc;

use cloud::Quoted;
use model::{Action, Matches, Name, Rule, RuleList, Tag, every_type};
use packet::{AddressSet, Bounds, Family, PortSet, Protocol, ProtocolSet};

use crate::resource::{Access, Entry, Identity, Otherwise, PublicAccess, Service};

use super::super::Lowering;
use super::list::Whom;
use super::{Endpoint, MANAGEMENT, shared};

/// The fields that all rules of a list have in common.
struct Shape {
    ports: Bounds<Arc<PortSet>>,
    /// What tags stand for is cut to these.
    tagged: AddressSet,
}

/// A rule before it is one.
struct Draft<'d> {
    name: &'d Name,
    written: &'d Name,
    rank: u32,
    priority: Option<u32>,
    action: Action,
    certain: bool,
    built_in: bool,
    place: Option<model::Provenance>,
}

impl Lowering<'_> {
    pub(super) fn firewall_list(&mut self, service: &Service, endpoint: Endpoint, whom: &Whom) -> RuleList {
        let identity = &service.identity;
        let shape = Shape {
            ports: Bounds { must: shared(&service.ports.must), may: shared(&service.ports.may) },
            // `0.0.0.0` is written in lists of IPv4.
            tagged: match service.kind.zero_is_azure() {
                true => AddressSet::whole(Family::V4),
                false => AddressSet::everything(),
            },
        };
        let mut rules = Vec::new();
        match whom.access {
            PublicAccess::Disabled => rules.push(self.whole(&shape, ACCESS, Action::Deny, true, identity)),
            PublicAccess::Enabled | PublicAccess::ByPerimeter => {
                self.own_rules(&shape, identity, whom, &mut rules)
            }
            PublicAccess::Untold => {
                rules.push(self.whole(&shape, ACCESS, Action::Deny, false, identity));
                self.own_rules(&shape, identity, whom, &mut rules);
            }
        }
        let (id, name) = match endpoint {
            Endpoint::Main => (Arc::clone(&identity.id), Arc::clone(&identity.name)),
            Endpoint::Management => {
                (format!("{}{MANAGEMENT}", identity.id).into(), format!("{}.scm", identity.name).into())
            }
        };
        RuleList {
            id,
            name,
            kind: service.kind.list,
            scope: identity.scope.clone(),
            rules,
            behind: None,
            provenance: Some(identity.read_at.0),
        }
    }

    /// A list that lets everybody in on the ports of a service, as far as it is known which it has.
    pub(super) fn ports_list(&self, service: &Service) -> RuleList {
        let identity = &service.identity;
        let shape = Shape {
            ports: Bounds { must: shared(&service.ports.must), may: shared(&service.ports.may) },
            tagged: AddressSet::everything(),
        };
        RuleList {
            id: Arc::clone(&identity.id),
            name: Arc::clone(&identity.name),
            kind: service.kind.list,
            scope: identity.scope.clone(),
            rules: vec![self.whole(&shape, PORTS, Action::Allow, true, identity)],
            behind: None,
            provenance: Some(identity.read_at.0),
        }
    }

    fn own_rules(&mut self, shape: &Shape, identity: &Identity, whom: &Whom, rules: &mut Vec<Rule>) {
        let mut entries: Vec<(u32, &Entry)> = ranked(&whom.list.entries);
        entries.sort_by_key(|(rank, _)| *rank);
        for (rank, entry) in entries {
            let (sources, tags) = self.entry_sources(shape, identity, entry);
            let actions: &[Action] = match entry.access {
                Access::Allow => &[Action::Allow],
                Access::Deny => &[Action::Deny],
                // Either, and which is not known: two rules that may match, neither before the other.
                Access::Unreadable => &[Action::Allow, Action::Deny],
            };
            for action in actions {
                let draft = Draft {
                    name: &entry.name,
                    written: &entry.sources.written,
                    rank,
                    priority: entry.priority,
                    action: *action,
                    certain: entry.certain && entry.access != Access::Unreadable,
                    built_in: entry.built_in,
                    place: Some(entry.read_at.0),
                };
                rules.push(self.rule(shape, &draft, (sources.clone(), tags.clone())));
            }
        }
        let (action, certain) = match whom.list.otherwise {
            Otherwise::Allow => (Action::Allow, true),
            Otherwise::Deny => (Action::Deny, true),
            Otherwise::Either => (Action::Allow, false),
        };
        let name = if whom.is_known { DEFAULT } else { UNKNOWN };
        let last = self.whole(shape, name, action, certain, identity);
        rules.push(Rule { rank: u32::MAX, ..last });
    }

    /// A rule about everybody, first in its list.
    fn whole(&self, shape: &Shape, name: &str, action: Action, certain: bool, identity: &Identity) -> Rule {
        let (name, written): (Name, Name) = (name.into(), EVERYBODY.into());
        let draft = Draft {
            name: &name,
            written: &written,
            rank: 0,
            priority: None,
            action,
            certain,
            built_in: true,
            place: Some(identity.read_at.0),
        };
        let everybody = Bounds::exactly(Arc::clone(&self.memo.common.everything));
        self.rule(shape, &draft, (everybody, Vec::new()))
    }

    fn rule(
        &self,
        shape: &Shape,
        draft: &Draft<'_>,
        (sources, tags): (Bounds<Arc<AddressSet>>, Vec<Arc<Tag>>),
    ) -> Rule {
        let common = &self.memo.common;
        // A pool whose addresses are not known has some of both families, whatever the list is about.
        let destinations = match tags.is_empty() {
            true => Arc::clone(&common.everything),
            false => Arc::new(shape.tagged.clone()),
        };
        let protocols = ProtocolSet::only(Protocol::TCP);
        let certain = if draft.certain { protocols } else { ProtocolSet::EMPTY };
        Rule {
            name: Arc::clone(draft.name),
            priority: draft.priority,
            rank: draft.rank,
            action: draft.action,
            matches: Matches {
                protocols: Bounds::between(certain, protocols),
                sources,
                tags,
                source_ports: Bounds::exactly(Arc::clone(&common.every_port)),
                destinations: Bounds::exactly(destinations),
                ports: shape.ports.clone(),
                types: every_type(),
            },
            written: Arc::clone(draft.written),
            built_in: draft.built_in,
            provenance: draft.place,
        }
    }

    /// The addresses of an entry, and the unknown pools it holds.
    fn entry_sources(
        &mut self,
        shape: &Shape,
        identity: &Identity,
        entry: &Entry,
    ) -> (Bounds<Arc<AddressSet>>, Vec<Arc<Tag>>) {
        let side = &entry.sources;
        let mut addresses = side.addresses.clone();
        if side.internet {
            addresses = Bounds::exactly(Arc::clone(&self.memo.common.everything));
        }
        let mut pools: Vec<Arc<Tag>> = Vec::new();
        for tag in &side.tags {
            let stands_for = match self.addresses_of(tag).cloned() {
                Some(known) => Bounds::exactly(self.memo.share(known.intersection(&shape.tagged))),
                None => {
                    let owner = format!("{}: rule {}", Quoted(&identity.name), Quoted(&entry.name));
                    let gap = self.unresolved_tag(tag, &owner, entry.read_at);
                    self.gaps.push(gap);
                    pools.extend(tag.rentable.clone());
                    let nothing = Arc::clone(&self.memo.common.nothing);
                    Bounds::between(nothing, self.memo.share(shape.tagged.clone()))
                }
            };
            addresses = Bounds {
                must: self.memo.union(&addresses.must, &stands_for.must),
                may: self.memo.union(&addresses.may, &stands_for.may),
            };
        }
        pools.sort_unstable();
        pools.dedup();
        (addresses, pools)
    }
}

/// The entries with their places in the list: by priority, or as they are shown. One without a priority may stand
/// anywhere; it comes first, and only possibly acts, where anything is denied.
fn ranked(entries: &[Entry]) -> Vec<(u32, &Entry)> {
    if entries.iter().any(|entry| entry.priority.is_some()) {
        return entries.iter().map(|entry| (entry.priority.map_or(1, rank_of), entry)).collect();
    }
    (1..).zip(entries).collect()
}

/// After what stands before the whole list, and before what stands after it.
const fn rank_of(priority: u32) -> u32 {
    if priority >= u32::MAX - 2 { u32::MAX - 1 } else { priority + 2 }
}

/// As rules of groups are written that are about everybody.
const EVERYBODY: &str = "*";
const ACCESS: &str = "public-network-access";
const PORTS: &str = "ports";
const DEFAULT: &str = "default-action";
const UNKNOWN: &str = "unknown-rules";
