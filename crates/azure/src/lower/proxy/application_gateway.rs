//! Application gateways: what the Internet reaches of them, and the doors they make to their backends (semantics AP8).

use std::sync::Arc;

use model::{Carries, Destinations, Hop, Name, Path, Reach, Target};
use packet::{AddressSet, Family, Prefix, Protocol, ProtocolSet};

use crate::resource::{ApplicationGateway, Listener, Route, Waf};

use super::super::Lowering;
use super::Proxies;
use super::door::Door;
use super::firewall_target::target_of;
use super::listener::family_of;

impl Lowering<'_> {
    /// Finds the doors of all application gateways.
    pub(super) fn add_gateways(&mut self, proxies: &mut Proxies) {
        let estate = self.estate;
        for gateway in estate.devices.application_gateways.values() {
            proxies.listened.extend(gateway.frontends.iter().filter_map(|frontend| frontend.private));
        }
        self.tell_unseen_backends_of_gateways();
        // A gateway may lead to the private listener of another: first those with nothing before them.
        for passed in 0..=HOPS_MAX {
            for gateway in estate.devices.application_gateways.values() {
                for listener in &gateway.listeners {
                    for entry in self.entries(gateway, listener, proxies) {
                        if entry.hops.len() == passed {
                            self.add_routes_of(gateway, (listener, &entry), proxies);
                        }
                    }
                }
            }
        }
    }

    /// Tells of backends that are named and not in the input, although interfaces are.
    fn tell_unseen_backends_of_gateways(&mut self) {
        let estate = self.estate;
        if estate.interfaces.is_empty() {
            return;
        }
        for gateway in estate.devices.application_gateways.values() {
            for key in gateway.pools.iter().flat_map(|pool| &pool.configurations) {
                if !self.is_backend_seen(key) {
                    self.tell_dangling(&gateway.identity, gateway.identity.read_at, "the backend", key);
                }
            }
        }
    }

    fn add_routes_of(
        &mut self,
        gateway: &ApplicationGateway,
        (listener, entry): (&Listener, &Door),
        proxies: &mut Proxies,
    ) {
        let (before, told) = self.heard(gateway, (listener, entry), true);
        let place = self.neighbourhood(gateway.subnet.as_ref());
        // Backends are reached over IPv4, whatever clients come over.
        let inside = self.instances(gateway.subnet.as_ref(), Family::V4);
        let outside = self.public_addresses_of(gateway);
        for route in &listener.routes {
            let mut hops = entry.hops.clone();
            hops.push(hop(gateway, route));
            let door = |seen_as: &Arc<AddressSet>, is_certain: bool| {
                Arc::new(Door {
                    reach: if told && entry.reach != Reach::Admitted {
                        Reach::ViaProxy
                    } else {
                        Reach::Admitted
                    },
                    front: entry.front.clone(),
                    hops: hops.clone(),
                    protocols: ProtocolSet::only(Protocol::TCP),
                    from: Arc::clone(&entry.from),
                    to: route.port,
                    seen_as: Some(Arc::clone(seen_as)),
                    before: Some(before.clone()),
                    is_certain: is_certain && route.port.is_some(),
                    place: Arc::clone(&place),
                })
            };
            let is_certain = route.pool.is_some() && family_of(entry) == Family::V4;
            let (private, public) = (door(&inside, is_certain), door(&outside, is_certain));
            for pool in
                gateway.pools.iter().filter(|pool| route.pool.as_ref().is_none_or(|key| *key == pool.key))
            {
                for address in &pool.addresses {
                    // Which of several listeners of one front hands on to the next gateway makes no difference there.
                    if proxies.listened.contains(address) && proxies.has_alike(*address, &private) {
                        continue;
                    }
                    proxies.add(*address, &private);
                    proxies.by_public.entry(*address).or_default().push(Arc::clone(&public));
                }
                for key in pool.configurations.iter().flat_map(names_of) {
                    proxies.by_configuration.entry(key).or_default().push(Arc::clone(&private));
                }
                proxies.by_pool.entry(Arc::clone(&pool.key)).or_default().push(Arc::clone(&private));
            }
        }
    }

    /// One of the addresses in whose name a gateway speaks to what is outside of its network.
    fn public_addresses_of(&mut self, gateway: &ApplicationGateway) -> Arc<AddressSet> {
        let index = Arc::clone(&self.index);
        let keys = gateway.frontends.iter().filter_map(|frontend| index.public_of(&frontend.seat));
        let addresses: Option<Vec<Prefix>> =
            keys.map(|key| Some(Prefix::host(self.estate.public_addresses.get(key)?.address?))).collect();
        let known = addresses.filter(|addresses| !addresses.is_empty());
        let known = known.map_or_else(|| AddressSet::whole(Family::V4), |known| known.into_iter().collect());
        self.memo.share(known)
    }

    /// The target that a gateway is: a path for each listener and what leads to it.
    pub(super) fn application_gateway_target(&mut self, gateway: &ApplicationGateway) -> Target {
        let proxies = self.proxies();
        let mut paths = Vec::new();
        let mut waf = None;
        for listener in &gateway.listeners {
            let entries = self.entries(gateway, listener, &proxies);
            if !entries.is_empty() {
                let own = self.waf_of(gateway, listener);
                waf = Some(waf.map_or(own, |weakest: Strength| weakest.min(own)));
            }
            for entry in entries {
                paths.push(self.path_to_listener(gateway, listener, &entry));
            }
        }
        Target {
            kind: GATEWAY_KIND,
            power: gateway.power.clone(),
            attributes: waf.into_iter().map(|waf| ("waf", Name::from(waf.word()))).collect(),
            ..target_of(&gateway.identity, paths)
        }
    }

    fn path_to_listener(&mut self, gateway: &ApplicationGateway, listener: &Listener, entry: &Door) -> Path {
        let (filter, told) = self.heard(gateway, (listener, entry), false);
        let aim = self.aim_of(gateway, listener, entry);
        let is_direct = entry.hops.is_empty();
        let carries = match listener.port {
            Some(_) if is_direct => {
                Carries::Only { protocols: entry.protocols, ports: Arc::clone(&entry.from) }
            }
            Some(to) => Carries::Translated {
                protocols: ProtocolSet::only(Protocol::TCP),
                from: Arc::clone(&entry.from),
                to,
            },
            None => Carries::Only {
                protocols: ProtocolSet::only(Protocol::TCP),
                ports: Arc::clone(&self.memo.common.every_port),
            },
        };
        Path {
            reach: if told { entry.reach } else { Reach::Admitted },
            front: entry.front.clone(),
            destinations: Destinations::SomeOf(self.memo.share(aim)),
            carries,
            hops: entry.hops.clone(),
            filter: Arc::new(filter),
        }
    }

    /// The weakest filter of the content of what a listener hears.
    fn waf_of(&mut self, gateway: &ApplicationGateway, listener: &Listener) -> Strength {
        let wafs: Vec<&Waf> = gateway.wafs(listener).collect();
        let strengths = wafs.into_iter().map(|waf| match waf {
            Waf::Policy(key) => self.waf_of_policy(gateway, key),
            known => Strength::of(known),
        });
        strengths.min().unwrap_or(Strength::Unknown)
    }

    fn waf_of_policy(&mut self, gateway: &ApplicationGateway, key: &Name) -> Strength {
        let policies = &self.estate.devices.waf_policies;
        if let Some(policy) = policies.get(key) {
            return Strength::of(&policy.waf);
        }
        if !policies.is_empty() {
            let identity = &gateway.identity;
            self.tell_dangling(identity, identity.read_at, "the policy of its web application firewall", key);
        }
        Strength::Unknown
    }
}

/// How well content is filtered. Complete; the weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Strength {
    Off,
    Detection,
    Unknown,
    Prevention,
}

impl Strength {
    const fn of(waf: &Waf) -> Self {
        match waf {
            Waf::Off => Self::Off,
            Waf::Detection => Self::Detection,
            Waf::Prevention => Self::Prevention,
            Waf::Policy(_) | Waf::Unknown => Self::Unknown,
        }
    }

    /// The word results use.
    const fn word(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Detection => "detection",
            Self::Unknown => "unknown",
            Self::Prevention => "prevention",
        }
    }
}

/// The keys under which a member of a pool is known: that of an instance of a scale set, and that of the model.
fn names_of(member: &Name) -> Vec<Name> {
    let model = member.split_once("/virtualmachines/").and_then(|(set, instance)| {
        let (_, rest) = instance.split_once('/').filter(|_| set.contains("/virtualmachinescalesets/"))?;
        Some(Name::from(format!("{set}/{rest}")))
    });
    core::iter::once(Arc::clone(member)).chain(model).collect()
}

fn hop(gateway: &ApplicationGateway, route: &Route) -> Hop {
    Hop {
        kind: GATEWAY_KIND,
        id: Arc::clone(&gateway.identity.id),
        name: Arc::clone(&gateway.identity.name),
        rule: Some(Arc::clone(&route.rule)),
        provenance: Some(route.read_at.0),
    }
}

/// Gateways and firewalls in a row that are followed.
const HOPS_MAX: usize = 4;

pub(super) const GATEWAY_KIND: &str = "application-gateway";
