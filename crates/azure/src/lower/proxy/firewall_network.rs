//! Network rules of a firewall without a policy: what they may hold back of what was translated (semantics AP9).

use std::sync::Arc;

use model::{Action, Filter, Matches, Rule, every_type};
use packet::{AddressSet, Bounds, PortSet, Prefix, ProtocolSet};

use crate::resource::{CollectionKind, Firewall, FirewallRule};

use super::super::Lowering;
use super::firewall::firewall_list;
use super::firewall_rules::network_rules;
use super::seen::Seen;

impl Lowering<'_> {
    /// AP9: of a firewall without a policy a network rule may hold back what was translated: bounds.
    pub(super) fn with_network_rules(
        &mut self,
        firewall: &Firewall,
        rule: &FirewallRule,
        translated: Filter,
    ) -> Filter {
        if firewall.policy.is_some() {
            return translated;
        }
        if firewall.network_rules.is_none() {
            return self.doubted(translated, "unreadable network rules");
        }
        let ordered = network_rules(firewall);
        if !ordered.iter().any(|(kind, _, _)| *kind != CollectionKind::Allow) {
            return translated;
        }
        let (Some(address), Some(port)) = (rule.translated_address, rule.translated_port) else {
            return self.doubted(translated, "network rules");
        };
        let (aim, ports): (AddressSet, PortSet) = (Prefix::host(address).into(), PortSet::only(port));
        let seen = Seen { destinations: Some(&aim), ports: Some(&ports), ..Seen::default() };
        let mut rules = Vec::new();
        for ((kind, priority, network), rank) in ordered.into_iter().zip(0..) {
            let mut matches = self.network_matches(firewall, network, kind);
            seen.restate(&mut matches);
            if !matches.is_empty() {
                rules.push(Rule {
                    name: Arc::clone(&network.name),
                    priority,
                    rank,
                    action: if kind == CollectionKind::Allow { Action::Pass } else { Action::Deny },
                    matches,
                    written: Arc::clone(&network.sources.written),
                    built_in: false,
                    provenance: Some(network.read_at.0),
                });
            }
        }
        if rules.is_empty() {
            return translated;
        }
        let list = firewall_list(&firewall.identity, rules);
        Filter::Chain(vec![Filter::FirstMatch(Arc::new(list)), translated])
    }

    fn network_matches(&mut self, firewall: &Firewall, rule: &FirewallRule, kind: CollectionKind) -> Matches {
        let who = (&firewall.identity, rule.read_at);
        let sources = self.firewall_addresses(&rule.sources, who);
        let destinations = self.firewall_addresses(&rule.destinations, who);
        // Whether it overrides the translation is not certain; that it lets through, if it is asked, is.
        let must = if kind == CollectionKind::Allow { rule.protocols.must } else { ProtocolSet::EMPTY };
        Matches {
            protocols: Bounds { must, may: rule.protocols.may },
            sources,
            tags: Vec::new(),
            source_ports: Bounds::exactly(Arc::clone(&self.memo.common.every_port)),
            destinations,
            ports: rule.ports.clone(),
            types: every_type(),
        }
    }
}
