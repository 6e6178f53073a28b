//! Gateways that serve the Internet by design, as targets: which ports of theirs anybody may speak to.
//!
//! What comes through a tunnel, or through a Bastion after its login, is no packet of the Internet.

use core::net::IpAddr;
use std::sync::Arc;

use model::{
    Action, Carries, Destinations, Filter, Front, Matches, Name, Path, Reach, Rule, RuleList, Target,
    every_type,
};
use packet::{Bounds, Family, PortSet, Protocol, ProtocolSet};

use crate::resource::{Bastion, Identity, TunnelGateway, TunnelKind};

use super::super::Lowering;
use super::super::list::closed_list;
use super::firewall_target::target_of;
use super::seen::Seen;

/// What a gateway serves.
struct Service {
    name: &'static str,
    protocol: Protocol,
    ports: &'static [u16],
    is_certain: bool,
}

impl Lowering<'_> {
    /// AP11: a Bastion is there to be reached by HTTPS; a group on its subnet says by whom.
    pub(super) fn bastion_target(&mut self, bastion: &Bastion) -> Target {
        let identity = &bastion.identity;
        let service = Service { name: "https", protocol: Protocol::TCP, ports: &[443], is_certain: true };
        let own = closed_list(Arc::new(self.service_list(identity, BASTION_KIND, &[service])));
        let (groups, told) = self.subnet_filter(bastion.subnet.as_ref(), identity);
        let mut paths = Vec::new();
        for (reach, front) in self.fronts(&bastion.seats, identity) {
            let aim = self.instances(bastion.subnet.as_ref(), Family::V4);
            let seen = Seen { destinations: Some(&aim), ..Seen::default() };
            let filter = match &groups {
                Filter::Always(Action::Allow) => own.clone(),
                groups => Filter::AllOf(vec![own.clone(), seen.filter(groups)]),
            };
            paths.push(Path {
                reach: if told { reach } else { Reach::Admitted },
                front,
                destinations: Destinations::SomeOf(aim),
                carries: Carries::Everything,
                hops: Vec::new(),
                filter: Arc::new(filter),
            });
        }
        Target { kind: BASTION_KIND, ..target_of(identity, paths) }
    }

    /// The ends of tunnels. A27: groups are not asked there; where one is attached all the same it may be.
    pub(super) fn tunnel_target(&mut self, gateway: &TunnelGateway) -> Target {
        let identity = &gateway.identity;
        let kind = match gateway.kind {
            TunnelKind::Network => "virtual-network-gateway",
            TunnelKind::HubSites => "vpn-gateway",
            TunnelKind::HubClients => "point-to-site-gateway",
        };
        let is_certain = gateway.is_certain;
        let mut services = vec![
            Service { name: "ike", protocol: Protocol::UDP, ports: &[500, 4500], is_certain },
            Service { name: "esp", protocol: Protocol::ESP, ports: &[], is_certain },
        ];
        if gateway.by_tls != Some(false) {
            let is_certain = is_certain && gateway.by_tls == Some(true);
            services.push(Service { name: "tls", protocol: Protocol::TCP, ports: &[443], is_certain });
        }
        let own = closed_list(Arc::new(self.service_list(identity, kind, &services)));
        let filter = Arc::new(self.perhaps_under_groups(gateway, own));
        let addressed = |address: Option<IpAddr>| Front { id: Arc::clone(&identity.id), address };
        let mut fronts = self.fronts(&gateway.seats, identity);
        fronts.extend(gateway.addresses.iter().map(|one| (Reach::Exposed, Some(addressed(Some(*one))))));
        if gateway.kind != TunnelKind::Network && fronts.is_empty() {
            // It has addresses, and no export has them.
            fronts.push((Reach::Exposed, None));
        }
        let path = |(reach, front)| Path {
            reach,
            front,
            destinations: Destinations::endpoint(&[Family::V4]),
            carries: Carries::Everything,
            hops: Vec::new(),
            filter: Arc::clone(&filter),
        };
        Target { kind, ..target_of(identity, fronts.into_iter().map(path).collect()) }
    }

    fn perhaps_under_groups(&mut self, gateway: &TunnelGateway, own: Filter) -> Filter {
        let index = Arc::clone(&self.index);
        let Some(key) = &gateway.subnet else { return own };
        let subnet = self.estate.subnets.get(key);
        let has_group =
            subnet.is_some_and(|subnet| subnet.group.is_some()) || index.groups_of_subnet.contains_key(key);
        if has_group { self.doubted(own, "group of a gateway subnet") } else { own }
    }

    fn service_list(&self, identity: &Identity, kind: &'static str, services: &[Service]) -> RuleList {
        let common = &self.memo.common;
        let everywhere = Bounds::exactly(Arc::clone(&common.everything));
        let rule = |(service, rank): (&Service, u32)| {
            let protocol = ProtocolSet::only(service.protocol);
            let ports = service.ports.iter().map(|port| PortSet::only(*port));
            let ports = ports.fold(PortSet::empty(), |all, port| all.union(&port));
            let ports = if service.ports.is_empty() { PortSet::everything() } else { ports };
            Rule {
                name: service.name.into(),
                priority: None,
                rank,
                action: Action::Allow,
                matches: Matches {
                    protocols: Bounds {
                        must: if service.is_certain { protocol } else { ProtocolSet::EMPTY },
                        may: protocol,
                    },
                    sources: everywhere.clone(),
                    tags: Vec::new(),
                    source_ports: Bounds::exactly(Arc::clone(&common.every_port)),
                    destinations: everywhere.clone(),
                    ports: Bounds::exactly(Arc::new(ports)),
                    types: every_type(),
                },
                written: Name::from("*"),
                built_in: true,
                provenance: Some(identity.read_at.0),
            }
        };
        RuleList {
            id: Arc::clone(&identity.id),
            name: Arc::clone(&identity.name),
            kind,
            scope: identity.scope.clone(),
            rules: services.iter().zip(0..).map(rule).collect(),
            behind: None,
            provenance: Some(identity.read_at.0),
        }
    }
}

const BASTION_KIND: &str = "bastion-host";
