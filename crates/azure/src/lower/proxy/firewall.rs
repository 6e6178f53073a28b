//! Azure Firewalls: a door for each rule that translates, at each public address (semantics AP9).
//!
//! Threat intelligence comes first: in mode `Deny` it holds back what a list of the provider's names, which nobody else
//! sees, so what is let in is possible and no more (C8). The mode stands beside the firewall.

use core::net::IpAddr;
use std::sync::Arc;

use cloud::Quoted;
use model::{Action, Effect, Filter, Front, Gap, Hop, Matches, Name, Reach, Rule, RuleList, every_type};
use packet::{AddressSet, Bounds, Family, PortSet, Prefix, Protocol, ProtocolSet};

use crate::resource::{Firewall, FirewallRule, Identity};

use super::super::Lowering;
use super::super::list::closed_list;
use super::door::{Door, Neighbourhood};
use super::firewall_order::{Earlier, Piece, Translating};
use super::firewall_rules::Ordered;
use super::front;
use super::seen::Seen;
use super::{Lead, Proxies};

/// A public address of a firewall.
pub(super) struct Facade {
    pub(super) reach: Reach,
    pub(super) front: Option<Front>,
}

impl<'e> Lowering<'e> {
    /// Finds the doors of all firewalls.
    pub(super) fn add_firewalls(&mut self, proxies: &mut Proxies) {
        let estate = self.estate;
        for firewall in estate.devices.firewalls.values() {
            let doors = self.firewall_doors(firewall);
            for (address, door) in &doors {
                if let Some(address) = address {
                    proxies.add(*address, door);
                }
            }
            proxies.of_firewalls.insert(Arc::clone(&firewall.identity.key), doors);
        }
    }

    fn firewall_doors(&mut self, firewall: &'e Firewall) -> Vec<Lead> {
        let translations = self.translations(firewall);
        let place = self.place_of_firewall(firewall);
        let proxies = self.instances(firewall.subnet.as_ref(), Family::V4);
        let mut doors = Vec::new();
        for facade in self.facades(firewall) {
            let address = facade.front.as_ref().and_then(|front| front.address);
            let aimed = self.aimed(&translations.rules, address);
            let mut earlier = Earlier::default();
            for (position, own) in aimed.iter().enumerate() {
                for piece in self.pieces(firewall, &earlier, (own, &aimed)) {
                    let rule = own.rule();
                    let list = self.translation_list(firewall, (own, &aimed), &piece);
                    let before = self.with_network_rules(firewall, rule, closed_list(Arc::new(list)));
                    let before = self.suspected(firewall, before);
                    let door = Door {
                        reach: facade.reach,
                        front: facade.front.clone(),
                        hops: vec![hop(firewall, rule)],
                        protocols: rule.protocols.may.intersection(ported()),
                        from: Arc::new(piece.ports),
                        to: rule.translated_port,
                        seen_as: Some(Arc::clone(&proxies)),
                        before: Some(before),
                        is_certain: translations.are_known && rule.translated_port.is_some(),
                        place: Arc::clone(&place),
                    };
                    doors.push((rule.translated_address, Arc::new(door)));
                }
                earlier.add(position, own.rule());
            }
        }
        doors
    }

    /// What is left of a rule behind the earlier ones, in pieces that they treat alike.
    fn pieces(
        &mut self,
        firewall: &Firewall,
        earlier: &Earlier,
        (own, all): (&Translating<'_, '_>, &[Translating<'_, '_>]),
    ) -> Vec<Piece> {
        if let Some(pieces) = earlier.pieces(own, all) {
            return pieces;
        }
        let message = format!(
            "{}: earlier rules take parts of the ports of {} in too many pieces: what is left of it is possible",
            Quoted(&firewall.identity.name),
            Quoted(&own.rule().name)
        );
        self.gaps.push(Gap::at(own.rule().read_at.0, "too-many-pieces", Effect::Undecided, message));
        earlier.whole(own, all).into_iter().collect()
    }

    /// The filter behind what threat intelligence may hold back.
    fn suspected(&self, firewall: &Firewall, filter: Filter) -> Filter {
        // A word that nobody knows may mean it.
        let is_harmless = |mode: &Name| matches!(&**mode, "alert" | "off");
        match self.threat_intelligence(firewall) {
            Some(mode) if !is_harmless(&mode) => self.doubted(filter, "threat intelligence"),
            Some(_) | None => filter,
        }
    }

    /// The mode that acts: that of the policy where there is one.
    pub(super) fn threat_intelligence(&self, firewall: &Firewall) -> Option<Name> {
        match &firewall.policy {
            Some(key) => self.estate.devices.firewall_policies.get(key)?.threat_intelligence.clone(),
            None => firewall.threat_intelligence.clone(),
        }
    }

    fn place_of_firewall(&self, firewall: &Firewall) -> Arc<Neighbourhood> {
        match &firewall.subnet {
            Some(subnet) => self.neighbourhood(Some(subnet)),
            None => Arc::new(Neighbourhood { is_hub: true, ..Neighbourhood::default() }),
        }
    }

    pub(super) fn facades(&mut self, firewall: &Firewall) -> Vec<Facade> {
        let mut facades = Vec::new();
        for (reach, front) in self.fronts(&firewall.seats, &firewall.identity) {
            let reach = if reach == Reach::Exposed { Reach::ViaProxy } else { reach };
            facades.push(Facade { reach, front });
        }
        if !firewall.tells_hub {
            self.tell_unknown_front(&firewall.identity, "`hubIPAddresses.publicIPs.addresses`");
            let (reach, front) = front::UNKNOWN;
            facades.push(Facade { reach, front });
        }
        let id = &firewall.identity.id;
        facades.extend(firewall.hub_addresses.iter().map(|address| Facade {
            reach: Reach::ViaProxy,
            front: Some(Front { id: Arc::clone(id), address: Some(*address) }),
        }));
        facades
    }

    /// The rules that may act on what is sent to a public address; of one that is not known, all that may name it.
    fn aimed<'o>(&mut self, rules: &'o [Ordered<'e>], address: Option<IpAddr>) -> Vec<Translating<'o, 'e>> {
        let whole = AddressSet::whole(Family::V4);
        let aim = address.map_or_else(|| whole, |address| Prefix::host(address).into());
        let mut aimed = Vec::new();
        for ordered in rules {
            let who = (ordered.owner, ordered.rule.read_at);
            let destinations = self.firewall_addresses(&ordered.rule.destinations, who);
            let is_ported = !ordered.rule.protocols.may.intersection(ported()).is_empty();
            if is_ported && !aim.is_disjoint(&destinations.may) {
                let sources = self.firewall_addresses(&ordered.rule.sources, who);
                aimed.push(Translating { ordered, sources, is_aimed: aim.is_subset(&destinations.must) });
            }
        }
        aimed
    }

    /// The rules that decide on one piece of the ports of a rule: those before it take their packets elsewhere, and
    /// what none of them takes is denied.
    fn translation_list(
        &self,
        firewall: &Firewall,
        (own, all): (&Translating<'_, '_>, &[Translating<'_, '_>]),
        piece: &Piece,
    ) -> RuleList {
        let before = piece.taken_by.iter().filter_map(|position| all.get(*position));
        let before = before.map(|other| (other, Action::Deny));
        let acting = before.chain([(own, Action::Allow)]);
        let rules = acting.zip(0..).map(|((translating, action), rank)| Rule {
            name: Arc::clone(&translating.ordered.rule.name),
            priority: translating.ordered.priority,
            rank,
            action,
            matches: self.matches_behind(translating, &piece.ports),
            written: Arc::clone(&translating.ordered.rule.sources.written),
            built_in: false,
            provenance: Some(translating.ordered.rule.read_at.0),
        });
        firewall_list(&firewall.identity, rules.collect())
    }

    /// What a rule matches, stated for behind the translation.
    fn matches_behind(&self, translating: &Translating<'_, '_>, ports: &PortSet) -> Matches {
        let common = &self.memo.common;
        let rule = translating.ordered.rule;
        let must = if translating.is_certain() { rule.protocols.must } else { ProtocolSet::EMPTY };
        let mut matches = Matches {
            protocols: Bounds { must, may: rule.protocols.may },
            sources: translating.sources.clone(),
            tags: Vec::new(),
            source_ports: Bounds::exactly(Arc::clone(&common.every_port)),
            destinations: Bounds::exactly(Arc::clone(&common.everything)),
            ports: rule.ports.clone(),
            types: every_type(),
        };
        Seen { ports: Some(ports), ..Seen::default() }.restate(&mut matches);
        matches
    }
}

fn hop(firewall: &Firewall, rule: &FirewallRule) -> Hop {
    Hop {
        kind: FIREWALL_KIND,
        id: Arc::clone(&firewall.identity.id),
        name: Arc::clone(&firewall.identity.name),
        rule: Some(Arc::clone(&rule.name)),
        provenance: Some(rule.read_at.0),
    }
}

pub(super) fn firewall_list(identity: &Identity, rules: Vec<Rule>) -> RuleList {
    RuleList {
        id: Arc::clone(&identity.id),
        name: Arc::clone(&identity.name),
        kind: FIREWALL_KIND,
        scope: identity.scope.clone(),
        rules,
        behind: None,
        provenance: Some(identity.read_at.0),
    }
}

/// The protocols that can be translated.
pub(super) fn ported() -> ProtocolSet {
    [Protocol::TCP, Protocol::UDP].into_iter().collect()
}

pub(super) const FIREWALL_KIND: &str = "azure-firewall";
