//! Which clients a forwarding rule takes of those who come to its address: several rules may have one (G16).
//!
//! A rule for some clients takes these from the rule for all, and one for a protocol takes it from the one for the rest.

use std::sync::Arc;

use cloud::Said;
use model::{Action, Filter, Matches, Rule, RuleList, every_type};
use packet::{AddressSet, Bounds, ProtocolSet};

use crate::resource::{Carried, ForwardingRule, Scheme};

use super::super::Lowering;

impl<'e> Lowering<'e> {
    /// What keeps from a rule whom it does not take; `None` where it takes everybody.
    pub(super) fn steered(&mut self, rule: &'e ForwardingRule) -> Option<Filter> {
        let mut rules: Vec<Rule> = Vec::new();
        for other in self.neighbours(rule) {
            rules.extend(self.taken_by(rule, other));
        }
        let own = match &rule.sources {
            Said::Nothing if rules.is_empty() => return None,
            Said::Nothing => Action::Allow,
            Said::This(_) | Said::Unreadable => Action::Deny,
        };
        let sources = match &rule.sources {
            Said::This(ranges) => Some((ranges.addresses.clone(), Arc::clone(&ranges.written))),
            Said::Nothing => None,
            Said::Unreadable => Some((self.common.unknown(), "".into())),
        };
        if let Some((sources, written)) = sources {
            let matches = Matches { sources, ..self.every_packet() };
            rules.push(Rule {
                name: SOURCES.into(),
                priority: None,
                rank: 1,
                action: Action::Allow,
                matches,
                written,
                built_in: false,
                provenance: Some(rule.identity.read_at.0),
            });
        }
        let list = Arc::new(RuleList {
            id: Arc::clone(&rule.identity.id),
            name: Arc::clone(&rule.identity.name),
            kind: RULE_KIND,
            scope: rule.identity.project.clone(),
            rules,
            behind: None,
            provenance: Some(rule.identity.read_at.0),
        });
        Some(Filter::Chain(vec![Filter::FirstMatch(list), Filter::Always(own)]))
    }

    /// The other rules of the same address that the Internet may reach, in the order of their keys.
    fn neighbours(&mut self, rule: &'e ForwardingRule) -> Vec<&'e ForwardingRule> {
        let Said::This(address) = &rule.address else { return Vec::new() };
        if self.balancers.rosters.at_address.is_empty() {
            for one in self.estate.resources.forwarding_rules.values() {
                if let (Said::This(address), false) =
                    (&one.address, one.scheme == Said::This(Scheme::Internal))
                {
                    self.balancers.rosters.at_address.entry(*address).or_default().push(one);
                }
            }
        }
        let all = self.balancers.rosters.at_address.get(address).into_iter().flatten();
        all.filter(|one| one.identity.key != rule.identity.key).copied().collect()
    }

    /// What another rule of the address takes from a rule, if it takes anything.
    fn taken_by(&self, rule: &ForwardingRule, other: &ForwardingRule) -> Option<Rule> {
        let exactly = Bounds::exactly;
        let protocols = match (&rule.carried, &other.carried) {
            (Said::This(Carried::Rest), Said::This(Carried::These(theirs))) => exactly(*theirs),
            (Said::This(Carried::Rest), Said::This(Carried::Rest)) => exactly(ProtocolSet::EVERYTHING),
            (Said::This(Carried::These(own)), Said::This(Carried::These(theirs))) => {
                exactly(own.intersection(*theirs))
            }
            (Said::This(Carried::These(_)), Said::This(Carried::Rest)) => return None,
            // A protocol that is not told may be this one.
            (_, Said::Nothing | Said::Unreadable) | (Said::Nothing | Said::Unreadable, _) => {
                Bounds::between(ProtocolSet::EMPTY, ProtocolSet::EVERYTHING)
            }
        };
        let is_rest = matches!(&other.carried, Said::This(Carried::Rest));
        let comes_first = !is_rest && rule.carried == Said::This(Carried::Rest);
        let everybody = Bounds::exactly(Arc::clone(&self.common.everything));
        let sources = match (&rule.sources, &other.sources) {
            (_, Said::Nothing) if comes_first => everybody,
            (_, Said::Nothing) => return None,
            (_, Said::Unreadable) => self.common.unknown(),
            (Said::Nothing, Said::This(theirs)) => theirs.addresses.clone(),
            (_, Said::This(theirs)) if comes_first => theirs.addresses.clone(),
            // Which of two overlapping ranges is asked first is not documented.
            (Said::This(own), Said::This(theirs)) => {
                let both: AddressSet = own.addresses.may.intersection(&theirs.addresses.may);
                Bounds::between(Arc::clone(&self.common.nothing), Arc::new(both))
            }
            (Said::Unreadable, Said::This(theirs)) => {
                Bounds::between(Arc::clone(&self.common.nothing), Arc::clone(&theirs.addresses.may))
            }
        };
        let ports = match &other.ports {
            Said::This(ports) => Bounds::exactly(Arc::clone(ports)),
            Said::Nothing | Said::Unreadable => {
                Bounds::between(Arc::clone(&self.common.no_port), Arc::clone(&self.common.every_port))
            }
        };
        let matches = Matches { protocols, sources, ports, ..self.every_packet() };
        (!matches.is_empty()).then(|| Rule {
            name: Arc::clone(&other.identity.name),
            priority: None,
            rank: 0,
            action: Action::Deny,
            matches,
            written: "".into(),
            built_in: true,
            provenance: Some(other.identity.read_at.0),
        })
    }

    /// What every packet matches.
    pub(super) fn every_packet(&self) -> Matches {
        let everything = Bounds::exactly(Arc::clone(&self.common.everything));
        let every_port = Bounds::exactly(Arc::clone(&self.common.every_port));
        Matches {
            protocols: Bounds::exactly(ProtocolSet::EVERYTHING),
            sources: everything.clone(),
            tags: Vec::new(),
            source_ports: every_port.clone(),
            destinations: everything,
            ports: every_port,
            types: every_type(),
        }
    }
}

/// What results call the list of whom a forwarding rule takes.
const RULE_KIND: &str = "forwarding-rule";
/// What a forwarding rule calls the clients it is for.
const SOURCES: &str = "sourceIpRanges";
