//! What becomes of requests that come to a proxy: by URL maps to backend services and buckets, and to groups of these in
//! the name of the proxy (G17).

use std::sync::Arc;

use cloud::{Quoted, Said};
use model::{Action, Effect, Filter, Gap, Name};
use packet::{AddressSet, Family, Prefix, Protocol, ProtocolSet};

use crate::resource::{BackendService, ForwardingRule, Identity, Link, Scheme, TargetProxy, UrlMap};

use super::super::Lowering;
use super::armor::ContentFilter;
use super::arrival::{Arrival, Proxy};
use super::roster::{Member, Ports, Roster};
use super::{At, Book, Lead};

impl<'e> Lowering<'e> {
    pub(super) fn enter_proxy(
        &mut self,
        rule: &'e ForwardingRule,
        arrival: &Arrival,
        link: &Link,
        book: &mut Book,
    ) {
        // Clients that speak QUIC reach what those that speak TCP do, and every proxy speaks TCP behind.
        let arrival = Arrival { protocols: ProtocolSet::only(Protocol::TCP), ..arrival.clone() };
        let Some(proxy) = self.proxy(rule, link) else {
            self.tell_lost(&rule.identity, kind_of(link), link);
            return self.end_unguarded(rule, &arrival, book);
        };
        let project = proxy.identity.project.as_deref();
        match (&proxy.url_map, &proxy.service) {
            (Said::This(link), _) => {
                let Some(map) = self.estate.resources.url_maps.find(project, link).one() else {
                    self.tell_lost(&proxy.identity, "url-map", link);
                    return self.end_unguarded(rule, &arrival, book);
                };
                self.enter_map(rule, &arrival, map, book);
            }
            (_, Said::This(service)) => {
                self.ask_backend_service(rule, &arrival, (&proxy.identity, service), book);
            }
            (Said::Unreadable, _) | (_, Said::Unreadable) => self.end_unguarded(rule, &arrival, book),
            (Said::Nothing, Said::Nothing) => {
                self.tell_unsaid(&proxy.identity, "urlMap");
                self.end_unguarded(rule, &arrival, book);
            }
        }
    }

    pub(super) fn proxy(&self, rule: &ForwardingRule, link: &Link) -> Option<&'e TargetProxy> {
        let known = &self.estate.resources;
        let project = rule.identity.project.as_deref();
        let registers = [
            &known.target_http_proxies,
            &known.target_https_proxies,
            &known.target_ssl_proxies,
            &known.target_tcp_proxies,
            &known.target_grpc_proxies,
        ];
        registers.into_iter().find_map(|register| register.find(project, link).one())
    }

    fn enter_map(&mut self, rule: &'e ForwardingRule, arrival: &Arrival, map: &'e UrlMap, book: &mut Book) {
        if map.answers {
            self.end_at_proxy(rule, arrival, ContentFilter::None, book);
        }
        if map.is_unread || (map.heirs.is_empty() && !map.answers) {
            self.end_unguarded(rule, arrival, book);
        }
        let [arrival, idle] = self.with_idle(arrival.clone());
        for heir in &map.heirs {
            let arrival = if heir.is_idle { &idle } else { &arrival };
            let buckets = &self.estate.resources.backend_buckets;
            let project = map.identity.project.as_deref();
            if heir.to.after("backendBuckets").is_none() {
                self.ask_backend_service(rule, arrival, (&map.identity, &heir.to), book);
            } else if let Some(bucket) = buckets.find(project, &heir.to).one() {
                let guarded = self.guarded(arrival, &bucket.edge_policy, &bucket.identity);
                let filtered = self.content_filter(&[&bucket.edge_policy], project);
                self.end_at_proxy(rule, &guarded, filtered, book);
            } else {
                self.tell_lost(&map.identity, "backend-bucket", &heir.to);
                self.end_unguarded(rule, arrival, book);
            }
        }
    }

    fn ask_backend_service(
        &mut self,
        rule: &'e ForwardingRule,
        arrival: &Arrival,
        (asker, link): (&Identity, &Link),
        book: &mut Book,
    ) {
        let services = &self.estate.resources.backend_services;
        let Some(service) = services.find(asker.project.as_deref(), link).one() else {
            self.tell_lost(asker, "backend-service", link);
            return self.end_unguarded(rule, arrival, book);
        };
        let owner = &service.identity;
        let project = owner.project.as_deref();
        let guards = [&service.edge_policy, &service.security_policy];
        let mut arrival = arrival.led_by(&owner.name);
        arrival.before.extend(guards.into_iter().filter_map(|guard| self.guard(guard, owner)));
        if matches!(service.asks_identity, Said::This(true) | Said::Unreadable) {
            // Of nobody can it be proved that he may come in.
            arrival.before.push(self.doubted(Filter::Always(Action::Allow), IDENTITY));
        }
        let filtered = self.content_filter(&guards, project);
        let Said::This(backends) = &service.backends else {
            if service.backends == Said::Nothing {
                self.tell_unsaid(owner, "backends");
            }
            return self.end_at_proxy(rule, &arrival, filtered, book);
        };
        arrival.proxy = Some(self.proxies_of(rule, service));
        let [arrival, idle] = self.with_idle(arrival);
        for backend in backends {
            let arrival = if backend.is_idle { &idle } else { &arrival };
            let roster = self.roster(owner, &backend.group);
            let is_told = self.hand_on(service, arrival, &roster, book);
            if !is_told {
                self.tell_port(owner, &backend.group);
            }
            if !roster.is_complete || !is_told {
                self.end_at_proxy(rule, arrival, filtered, book);
            }
        }
    }

    fn tell_port(&mut self, owner: &Identity, group: &Link) {
        if !self.is_lost(&["instance-group", "network-endpoint-group"]) {
            return;
        }
        let message = format!(
            "{}: at which port the group {} is asked is not told: every port is possible",
            Quoted(&owner.name),
            Quoted(&group.path)
        );
        self.gaps.push(Gap::at(owner.read_at.0, "missing-field", Effect::Undecided, message));
    }

    /// Requests go to each member of a group, at each port that it may be asked at. Whether these are known.
    fn hand_on(
        &self,
        service: &BackendService,
        arrival: &Arc<Arrival>,
        roster: &Roster,
        book: &mut Book,
    ) -> bool {
        let (ports, arrival) = match &roster.ports {
            Ports::Own => (None, Arc::clone(arrival)),
            Ports::Named(said) => match named_ports(service, said) {
                Named::These(ports) => (Some(ports), Arc::clone(arrival)),
                Named::Nobody(port) => {
                    let mut doubted = Arrival::clone(arrival);
                    doubted.before.push(self.doubted(Filter::Always(Action::Allow), NAMED_PORT));
                    (Some(vec![Some(port)]), Arc::new(doubted))
                }
            },
        };
        let mut is_told = true;
        for member in &roster.members {
            let own = [member.port];
            for port in ports.as_deref().unwrap_or(&own) {
                is_told &= port.is_some();
                book.add(&member.instance, lead(&arrival, member, *port));
            }
        }
        is_told
    }

    /// G17: from where proxies ask. Those of regional load balancers of the newer kind have addresses of a subnetwork.
    fn proxies_of(&self, rule: &ForwardingRule, service: &BackendService) -> Proxy {
        let whole = |family: Family| Arc::new(AddressSet::whole(family));
        let region = region_of(rule);
        let selection = service.selection;
        match (&rule.scheme, region) {
            (Said::This(Scheme::ExternalManaged), Some(region)) => Proxy {
                seen_v4: self.proxy_addresses(rule, &region).unwrap_or_else(|| whole(Family::V4)),
                seen_v6: whole(Family::V6),
                selection,
            },
            // A scheme that is not told may be the newer one.
            (Said::Nothing | Said::Unreadable, Some(_)) => {
                Proxy { seen_v4: whole(Family::V4), seen_v6: whole(Family::V6), selection }
            }
            _ => {
                let of = |texts: &[&str]| -> Arc<AddressSet> {
                    Arc::new(texts.iter().filter_map(|text| text.parse::<Prefix>().ok()).collect())
                };
                Proxy { seen_v4: of(&FRONT_ENDS_V4), seen_v6: of(&FRONT_ENDS_V6), selection }
            }
        }
    }

    /// The addresses of the proxies of a network in a region; `None` where they are not known.
    fn proxy_addresses(&self, rule: &ForwardingRule, region: &str) -> Option<Arc<AddressSet>> {
        let network = self.network_key(rule.identity.project.as_deref(), rule.network.as_ref(), None)?;
        let all = self.estate.resources.subnetworks.values().filter(|subnetwork| subnetwork.is_of_proxies);
        let own = all.filter(|subnetwork| {
            let identity = &subnetwork.identity;
            let theirs = self.network_key(identity.project.as_deref(), subnetwork.network.as_ref(), None);
            Link::from(&identity.id).after("regions") == Some(region) && theirs.as_ref() == Some(&network)
        });
        let addresses: AddressSet = own.filter_map(|subnetwork| subnetwork.primary).collect();
        (!addresses.is_empty()).then(|| Arc::new(addresses))
    }
}

/// The region of a rule; a projection that leaves it out has it in the path of its proxy.
fn region_of(rule: &ForwardingRule) -> Option<String> {
    let own = Link::from(&rule.identity.id);
    let target = match &rule.target {
        Said::This(target) => target.after("regions"),
        Said::Nothing | Said::Unreadable => None,
    };
    own.after("regions").or(target).map(str::to_owned)
}

/// The ports at which members of a group are asked. Complete.
enum Named {
    /// At each of these; `None`: at one that is not known.
    These(Vec<Option<u16>>),
    /// The group does not know the name. This port was meant before ports had names; else nobody is asked.
    Nobody(u16),
}

/// The ports that a group has under the name that the backend service knows.
fn named_ports(service: &BackendService, ports: &Said<Vec<(Name, u16)>>) -> Named {
    let name: &str = match &service.port_name {
        Said::This(name) => name,
        // The API's default.
        Said::Nothing => "http",
        Said::Unreadable => return Named::These(vec![None]),
    };
    let Said::This(ports) = ports else { return Named::These(vec![None]) };
    let own: Vec<Option<u16>> =
        ports.iter().filter(|(own, _)| **own == *name).map(|(_, port)| Some(*port)).collect();
    match (own.is_empty(), &service.port) {
        (false, _) => Named::These(own),
        (true, Said::This(port)) => Named::Nobody(*port),
        (true, Said::Nothing) => Named::Nobody(80),
        (true, Said::Unreadable) => Named::These(vec![None]),
    }
}

fn lead(arrival: &Arc<Arrival>, member: &Member, port: Option<u16>) -> Lead {
    let at = match member.v4.or(member.v6) {
        Some(address) => At::Address(address),
        None => At::First,
    };
    Lead { arrival: Arc::clone(arrival), at, port, v4: member.v4, v6: member.v6 }
}

/// The kind of what a reference to a target names.
fn kind_of(link: &Link) -> &'static str {
    let kinds = [
        ("targetHttpProxies", "target-http-proxy"),
        ("targetSslProxies", "target-ssl-proxy"),
        ("targetTcpProxies", "target-tcp-proxy"),
        ("targetGrpcProxies", "target-grpc-proxy"),
    ];
    let found = kinds.iter().find(|(word, _)| link.after(word).is_some());
    found.map_or("target-https-proxy", |(_, kind)| kind)
}

/// From where Google's front ends ask (G17), in each family.
const FRONT_ENDS_V4: [&str; 2] = ["35.191.0.0/16", "130.211.0.0/22"];
const FRONT_ENDS_V6: [&str; 2] = ["2600:2d00:1:b029::/64", "2600:2d00:1:1::/64"];
/// The name under which it is doubted that a client whom Identity-Aware Proxy asks who he is gets in.
const IDENTITY: &str = "identity-aware proxy";
/// The name under which it is doubted that a group is asked at a port that it has no name for.
const NAMED_PORT: &str = "named port";
