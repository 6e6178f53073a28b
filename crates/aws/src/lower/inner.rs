//! What stands at a subnet before what a load balancer passes on, and what the reply to it meets there (W9–W11, W18).
//!
//! No gateway, no route: a load balancer is in the VPC, and replies go back to it.

use std::sync::Arc;

use cloud::{Common, without_reply};
use model::{Action, Filter, Matches, Rule, RuleList, every_type};
use packet::{AddressSet, Bounds, Family, Protocol, ProtocolSet};

use crate::resource::NetworkAcl;

use super::Lowering;
use super::answering::{Answer, Answers};
use super::approach::{Approach, Gate, Place, Spot, Standing};
use super::groups::{Clients, Seen};
use super::network_list::{Direction, NETWORK_LIST_KIND, closing_rule};
use super::reply::answered;
use super::routes::Back;

impl<'e> Lowering<'e> {
    /// What stands at a subnet before what comes from inside the VPC: the list of the subnet. Replies are not asked for.
    pub(super) fn inner_approach(&mut self, place: &Place, seen: Option<&Seen>) -> Approach {
        let spot = self.spot(place);
        let lists = self.lists_at(&spot);
        let gate = if matches!(lists, Standing::Untold) { Gate::Unknown } else { Gate::Open };
        let inbound = self.network_filter(&spot, &lists).unwrap_or(Filter::Always(Action::Allow));
        let inbound = match seen {
            Some(seen) if is_beside(&spot, seen) => Filter::Always(Action::Allow),
            Some(seen) => seen_by(&inbound, seen, &self.common),
            None => inbound,
        };
        let (answered, unanswered) = (Filter::Always(Action::Allow), Filter::Always(Action::Deny));
        Approach { gate, is_routed: true, inbound, answered, unanswered, doubt: None }
    }

    /// The same with what replies to clients of a family meet (W10).
    pub(super) fn answered_approach(
        &mut self,
        place: &Place,
        seen: Option<&Seen>,
        family: Family,
    ) -> Approach {
        let approach = self.inner_approach(place, seen);
        let spot = self.spot(place);
        let lists = self.lists_at(&spot);
        let (answered, unanswered) = match seen {
            _ if matches!(lists, Standing::Untold) => return approach,
            Some(seen) if is_beside(&spot, seen) => return approach,
            None => self.client_reply(&spot, &lists, family),
            Some(seen) => match seen.clients {
                Clients::Kept => self.client_reply(&spot, &lists, family),
                Clients::Hidden => self.balancer_reply(&spot, &lists, seen),
                Clients::Either => {
                    let (one, one_way) = self.client_reply(&spot, &lists, family);
                    let (other, other_way) = self.balancer_reply(&spot, &lists, seen);
                    (self.either(one, other), self.either(one_way, other_way))
                }
            },
        };
        Approach { answered, unanswered, ..approach }
    }

    /// One of two, not known which.
    fn either(&self, one: Filter, other: Filter) -> Filter {
        if one == other {
            return one;
        }
        // What a list leaves alone it lets by.
        let whole = |filter| Filter::Chain(vec![filter, Filter::Always(Action::Allow)]);
        let (one, other) = (whole(one), whole(other));
        let perhaps = [&one, &other].map(|filter| self.doubted(filter.clone(), CLIENTS));
        let both = Filter::AllOf(vec![one, other]);
        Filter::AnyOf([both].into_iter().chain(perhaps).collect())
    }

    /// What replies to clients themselves meet, whose addresses are kept.
    fn client_reply(
        &mut self,
        spot: &Spot<'e>,
        lists: &Standing<&'e NetworkAcl>,
        family: Family,
    ) -> (Filter, Filter) {
        let clients = Bounds::exactly(AddressSet::whole(family));
        let back = Back { clients, is_egress_only: false, list: None };
        let leg = self.leg(spot, lists, family);
        let unanswered = self.unanswered(&leg, &back, family);
        (answered(&leg, &back), unanswered)
    }

    /// What replies to a load balancer meet. Without them no connection comes about; a datagram arrives all the same.
    fn balancer_reply(
        &mut self,
        spot: &Spot<'e>,
        lists: &Standing<&'e NetworkAcl>,
        seen: &Seen,
    ) -> (Filter, Filter) {
        let Standing::These(lists) = lists else { return self.unknown_reply(spot) };
        let [list] = lists.as_slice() else { return self.unknown_reply(spot) };
        let mut each: Vec<Answer> = Vec::new();
        let mut is_total = true;
        for family in Family::BOTH {
            let nodes = seen.addresses.may.only(family);
            if nodes.is_empty() && !seen.addresses.may.is_empty() {
                continue;
            }
            let answers = self.inner_answers(list, family);
            let stands_for = |answer: &Answer| nodes.is_subset(&answer.clients.must) && !nodes.is_empty();
            is_total &= answers.is_total || answers.each.iter().all(stands_for);
            each.extend(answers.each.iter().cloned());
        }
        if is_total {
            return (Filter::Always(Action::Allow), Filter::Always(Action::Deny));
        }
        let rules: Vec<Rule> = each
            .iter()
            .map(|answer| {
                let stands = Seen { clients: Clients::Hidden, ..seen.clone() };
                let clients = &answer.clients;
                let held = Bounds::between(Arc::new(clients.must.clone()), Arc::new(clients.may.clone()));
                answer.rule(stands.stands_in(&held, false, &self.common), &self.common)
            })
            .collect();
        let list = |rules: Vec<Rule>| {
            Filter::FirstMatch(Arc::new(RuleList {
                id: format!("{}/egress", list.identity.id).into(),
                name: format!("{} (outbound)", list.identity.name).into(),
                kind: NETWORK_LIST_KIND,
                scope: list.identity.account.clone(),
                rules,
                behind: None,
                provenance: Some(list.identity.read_at.0),
            }))
        };
        let mut back = without_reply(&self.common);
        back.extend(rules.iter().map(|rule| Rule { action: Action::Pass, ..rule.clone() }));
        back.push(closing_rule(&self.common));
        let mut lost = vec![connections(&self.common)];
        lost.extend(rules);
        (list(back), list(lost))
    }

    fn unknown_reply(&self, spot: &Spot<'_>) -> (Filter, Filter) {
        let list = self.unknown_replies(spot, NETWORK_LIST_KIND);
        (Filter::FirstMatch(Arc::new(list)), Filter::Always(Action::Deny))
    }

    /// What a list lets go out to the ports that load balancers send from.
    fn inner_answers(&mut self, list: &'e NetworkAcl, family: Family) -> Arc<Answers> {
        let key = (Arc::clone(&list.identity.key), family);
        if let Some(known) = self.network.inner_answers.get(&key) {
            return Arc::clone(known);
        }
        let rules = self.directed_rules(list, Direction::Out);
        let made = Arc::new(Answers::of(&rules, family, &AddressSet::whole(family), FIRST_PORT));
        self.network.inner_answers.insert(key, Arc::clone(&made));
        made
    }
}

/// W11: a list is not asked about hosts of its own subnet.
fn is_beside(spot: &Spot<'_>, seen: &Seen) -> bool {
    spot.holds_some(&seen.addresses.may)
}

/// Where nothing comes back no connection is made, so nobody is reached by one.
fn connections(common: &Common) -> Rule {
    let every_port = Bounds::exactly(Arc::clone(&common.every_port));
    let everything = Bounds::exactly(Arc::clone(&common.everything));
    Rule {
        name: "connections".into(),
        priority: None,
        rank: 0,
        action: Action::Deny,
        matches: Matches {
            protocols: Bounds::exactly(ProtocolSet::only(Protocol::TCP)),
            sources: everything.clone(),
            tags: Vec::new(),
            source_ports: every_port.clone(),
            destinations: everything,
            ports: every_port,
            types: every_type(),
        },
        written: "".into(),
        built_in: true,
        provenance: None,
    }
}

/// A filter as it sees somebody in front in place of the clients.
fn seen_by(filter: &Filter, seen: &Seen, common: &Common) -> Filter {
    let all = |parts: &[Filter]| parts.iter().map(|part| seen_by(part, seen, common)).collect();
    match filter {
        Filter::Always(action) => Filter::Always(*action),
        Filter::FirstMatch(list) => {
            let mut list = RuleList::clone(list);
            for rule in &mut list.rules {
                rule.matches.sources = seen.stands_in(&rule.matches.sources, false, common);
            }
            Filter::FirstMatch(Arc::new(list))
        }
        Filter::Chain(parts) => Filter::Chain(all(parts)),
        Filter::AllOf(parts) => Filter::AllOf(all(parts)),
        Filter::AnyOf(parts) => Filter::AnyOf(all(parts)),
    }
}

/// Load balancers send from 1024 and above (W10).
const FIRST_PORT: u16 = 1024;
/// The name under which it is told that clients may be hidden or not.
const CLIENTS: &str = "addresses of clients";
