//! Firewalls as targets: what they let in to whom the input does not know (semantics AP9).

use core::net::IpAddr;
use std::collections::BTreeSet;
use std::sync::Arc;

use cloud::Quoted;
use model::{Action, Carries, Destinations, Effect, Filter, Gap, Path, Reach, Target};
use packet::{Family, Prefix};

use crate::resource::{Firewall, Identity};

use super::super::surroundings::assumed_prefixes;
use super::super::{CLOUD_NAME, Lowering};
use super::Proxies;
use super::firewall::{FIREWALL_KIND, Facade, ported};

impl<'e> Lowering<'e> {
    /// Tells of translations to what nobody in the input has.
    pub(super) fn tell_lost_translations(&mut self, proxies: &Proxies) {
        let estate = self.estate;
        if estate.interfaces.is_empty() {
            return;
        }
        for (key, doors) in &proxies.of_firewalls {
            let Some(firewall) = estate.devices.firewalls.get(key) else { continue };
            let lost = doors.iter().filter(|(address, _)| !proxies.is_somebody(*address));
            let told: BTreeSet<_> = lost
                .map(|(address, door)| (*address, door.hops.first().and_then(|hop| hop.rule.clone())))
                .collect();
            for (address, rule) in told {
                let to = match address {
                    Some(address) if proxies.endpoints.contains(&address) => {
                        format!(
                            "the private endpoint {}, whose service is not followed",
                            Quoted(&address.to_string())
                        )
                    }
                    Some(address) => {
                        format!("{}, which nobody in the input has", Quoted(&address.to_string()))
                    }
                    None => "a name, which the input does not resolve".to_owned(),
                };
                let message = format!(
                    "{}: the rule {} translates to {to}: what it lets in is told of the firewall",
                    Quoted(&firewall.identity.name),
                    Quoted(rule.as_deref().unwrap_or_default())
                );
                let place = firewall.identity.read_at.0;
                self.gaps.push(Gap::at(place, "unknown-translation", Effect::Undecided, message));
            }
        }
    }

    /// The target that a firewall is: what it lets in to whom the input does not know.
    pub(super) fn firewall_target(&mut self, firewall: &'e Firewall) -> Target {
        let proxies = self.proxies();
        let doors = proxies.of_firewalls.get(&firewall.identity.key);
        let lost = doors.into_iter().flatten().filter(|(address, _)| !proxies.is_somebody(*address));
        let mut paths: Vec<Path> = Vec::new();
        for (address, door) in lost {
            let way = self.way_through(door, true);
            let destinations = match address {
                Some(address) => Destinations::These(self.memo.share(Prefix::host(*address).into())),
                None => Destinations::SomeOf(self.memo.share(assumed_prefixes().only(Family::V4))),
            };
            paths.push(Path {
                reach: Reach::Admitted,
                front: way.front,
                destinations,
                carries: way.carries,
                hops: way.hops,
                filter: Arc::new(match (way.before.unwrap_or(Filter::Always(Action::Allow)), way.doubt) {
                    (before, Some(doubt)) => self.doubted(before, doubt),
                    (before, None) => before,
                }),
            });
        }
        paths.extend(self.unknown_translations(firewall));
        Target {
            kind: FIREWALL_KIND,
            attributes: self
                .threat_intelligence(firewall)
                .into_iter()
                .map(|mode| ("threat-intelligence", mode))
                .collect(),
            ..target_of(&firewall.identity, paths)
        }
    }

    /// What a firewall may let in of whose rules not all are known.
    fn unknown_translations(&mut self, firewall: &'e Firewall) -> Vec<Path> {
        if self.translations(firewall).are_known {
            return Vec::new();
        }
        let facades = self.facades(firewall);
        let somewhere = Destinations::SomeOf(self.memo.share(assumed_prefixes().only(Family::V4)));
        let filter = Arc::new(self.unknown_filter(&firewall.identity.id, &firewall.identity.name));
        let path = |facade: Facade| Path {
            reach: Reach::Admitted,
            front: facade.front,
            destinations: somewhere.clone(),
            carries: Carries::Only { protocols: ported(), ports: Arc::clone(&self.memo.common.every_port) },
            hops: Vec::new(),
            filter: Arc::clone(&filter),
        };
        facades.into_iter().map(path).collect()
    }
}

impl Proxies {
    /// Whether somebody in the input has what a rule translates to.
    fn is_somebody(&self, address: Option<IpAddr>) -> bool {
        address.is_some_and(|address| self.holders.contains_key(&address) || self.listened.contains(&address))
    }
}

/// A target of which only its paths are known.
pub(super) fn target_of(identity: &Identity, paths: Vec<Path>) -> Target {
    Target {
        cloud: CLOUD_NAME,
        id: Arc::clone(&identity.id),
        key: Arc::clone(&identity.key),
        kind: "",
        name: Arc::clone(&identity.name),
        scope: identity.scope.clone(),
        power: None,
        attributes: Vec::new(),
        paths,
        provenance: Some(identity.read_at.0),
    }
}
