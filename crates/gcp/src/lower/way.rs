//! One way from outside to an interface, before what stands at the interface is known; and what it comes to as paths.
//!
//! Its own external address is one, each forwarding rule in front of it another. Knows no rule.

use std::sync::Arc;

use cloud::all_of;
use model::{Action, Carries, Destinations, Filter, Front, Hop, Path, Reach, Rule, RuleList};
use packet::{AddressSet, Bounds, Family, ProtocolSet};

use super::Lowering;
use super::class::Class;
use super::network_index::Seat;

/// One way from outside to an interface.
#[derive(Clone, Debug)]
pub(super) struct Way {
    /// How far it leads if nothing stands in it.
    pub(super) reach: Reach,
    pub(super) front: Option<Front>,
    pub(super) destinations: Destinations,
    pub(super) carries: Carries,
    /// What passes packets on between the front and the interface.
    pub(super) hops: Vec<Hop>,
    /// What decides on the clients before the interface: the ranges of a forwarding rule, Cloud Armor.
    pub(super) before: Option<Filter>,
    /// Whom the rules of the interface see; `None`: the clients themselves.
    pub(super) seen_as: Option<Arc<AddressSet>>,
    /// Why it is not certain that there is this way, if it is not.
    pub(super) doubt: Option<&'static str>,
    pub(super) returns: Returns,
    /// Where packets come to whose clients are of another family than they: a proxy asks there (G17).
    pub(super) restated: Option<Arc<AddressSet>>,
}

/// How replies get back. Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Returns {
    /// By the routes of the network.
    ByRoutes,
    /// By a path of the provider's own, which no route of the network takes part in: to its proxies, and through a
    /// forwarding rule that passes packets on as they are.
    ByItself,
}

impl Way {
    /// A way straight to these addresses.
    pub(super) const fn straight(reach: Reach, front: Option<Front>, destinations: Destinations) -> Self {
        Self {
            reach,
            front,
            destinations,
            carries: Carries::Everything,
            hops: Vec::new(),
            before: None,
            seen_as: None,
            doubt: None,
            returns: Returns::ByRoutes,
            restated: None,
        }
    }
}

impl<'e> Lowering<'e> {
    /// The paths of a way to an interface.
    pub(super) fn paths(&mut self, way: &Way, seat: Seat<'e>, class: &Arc<Class>) -> Vec<Path> {
        let own = match &way.seen_as {
            Some(seen) => self.firewall_behind(class, seen),
            None => self.firewall(class),
        };
        let own = match &way.restated {
            Some(inside) => self.restated(&own, inside),
            None => own,
        };
        let doubt = way.doubt.or_else(|| self.untold(way, &own));
        let own = Filter::clone(&own);
        let back = match (way.reach, way.returns) {
            // Where the path is missing or not known, nobody asks for its reply.
            (Reach::Latent | Reach::Admitted, _) | (_, Returns::ByItself) => None,
            (Reach::Exposed | Reach::ViaProxy | Reach::OneWay, Returns::ByRoutes) => {
                let is_v6 = way.destinations.addresses().is_empty_in(Family::V4);
                self.back(seat, if is_v6 { Family::V6 } else { Family::V4 })
            }
        };
        match back {
            None => vec![self.path(way, way.reach, doubt, vec![own])],
            Some(back) => vec![
                self.path(way, way.reach, doubt, vec![own.clone(), back.answered.clone()]),
                self.path(way, Reach::OneWay, doubt, vec![own, back.unanswered.clone()]),
            ],
        }
    }

    /// Whether it depends on which of several destinations has somebody behind it what gets in, and why that is not known.
    fn untold(&mut self, way: &Way, own: &Arc<Filter>) -> Option<&'static str> {
        let Destinations::SomeOf(somewhere) = &way.destinations else { return None };
        self.tells_apart(own, somewhere).then_some(UNTOLD_ADDRESS)
    }

    /// Whether rules of a filter that is kept hold some of these destinations and not the others.
    pub(super) fn tells_apart(&mut self, filter: &Arc<Filter>, destinations: &AddressSet) -> bool {
        let key = Arc::as_ptr(filter).addr();
        let (_, destined) = self.network.destined.entry(key).or_insert_with(|| {
            let lists = filter.lists();
            let held = lists.iter().flat_map(|list| &list.rules).flat_map(|rule| {
                let held = &rule.matches.destinations;
                [&held.must, &held.may]
            });
            let is_all = |held: &&Arc<AddressSet>| ***held == *self.common.everything || held.is_empty();
            (Arc::clone(filter), held.filter(|held| !is_all(held)).cloned().collect())
        });
        destined.iter().any(|held| !destinations.is_subset(held) && !destinations.is_disjoint(held))
    }

    fn path(&mut self, way: &Way, reach: Reach, doubt: Option<&'static str>, inner: Vec<Filter>) -> Path {
        let filter = all_of(way.before.iter().cloned().chain(inner).collect());
        let filter = match doubt {
            Some(doubt) => self.doubted(filter, doubt),
            None => filter,
        };
        Path {
            reach,
            front: way.front.clone(),
            destinations: way.destinations.clone(),
            carries: way.carries.clone(),
            hops: way.hops.clone(),
            filter: self.network.filters.shared(filter),
        }
    }

    /// The filter with a possible denial of everything before it.
    pub(super) fn doubted(&self, filter: Filter, what: &'static str) -> Filter {
        let rule = Rule { name: what.into(), action: Action::Deny, ..self.unknown_rule() };
        let list = RuleList {
            id: what.into(),
            name: what.into(),
            kind: DOUBT_KIND,
            scope: None,
            rules: vec![rule],
            behind: None,
            provenance: None,
        };
        Filter::Chain(vec![Filter::FirstMatch(Arc::new(list)), filter])
    }

    /// A rule that may hold for every packet, and may hold for none.
    pub(super) fn unknown_rule(&self) -> Rule {
        let every_port = Bounds::exactly(Arc::clone(&self.common.every_port));
        let everything = Bounds::exactly(Arc::clone(&self.common.everything));
        Rule {
            name: "unknown".into(),
            priority: None,
            rank: 0,
            action: Action::Allow,
            matches: model::Matches {
                protocols: Bounds::between(ProtocolSet::EMPTY, ProtocolSet::EVERYTHING),
                sources: everything.clone(),
                tags: Vec::new(),
                source_ports: every_port.clone(),
                destinations: everything,
                ports: every_port,
                types: model::every_type(),
            },
            written: "".into(),
            built_in: true,
            provenance: None,
        }
    }
}

/// What stands in a path for a reason to doubt it.
pub(super) const DOUBT_KIND: &str = "doubt";
/// The name under which a doubt stands in a path.
const UNTOLD_ADDRESS: &str = "unknown address";
