//! Services with a list of their own (P21, P22, P23), asked by their name.

use core::net::IpAddr;

use serde_json::Value;

use super::fields::{Prefix, field, members, number, text};
use super::groups::Groups;
use super::line::{From, Line, Ports, Protocols};
use super::{Estate, policies};
use crate::oracle::verdict::{Packet, Verdict};

/// A service and whom its own list lets in.
#[derive(Debug)]
pub(super) struct Service {
    pub(super) names: Vec<String>,
    pub(super) lines: Groups,
    /// The most that is known to get in, over IPv4 and over IPv6.
    pub(super) caps: [Verdict; 2],
    /// The policy of a domain and its name; one that cannot be read lets in anybody.
    policy: Option<(Option<Value>, String)>,
    pub(super) fronts: Vec<IpAddr>,
}

impl Service {
    pub(super) fn decide(&self, packet: &Packet) -> Verdict {
        let cap = self.caps[usize::from(packet.source.is_ipv6())];
        let own = cap.and(self.lines.decide(packet.protocol, packet.source, packet.port));
        match &self.policy {
            None => own,
            Some((None, _)) => own.doubted(),
            Some((Some(policy), name)) => own.and(policies::decide(policy, name, packet.source, packet.port)),
        }
    }
}

impl Estate {
    /// Every service.
    pub(super) fn services(&self) -> impl Iterator<Item = Service> + '_ {
        let clusters = self.all("cluster").iter().map(kubernetes);
        let domains = ["DomainStatus", "DomainStatusList"].into_iter().flat_map(|kind| self.all(kind));
        let domains = domains.map(search_domain);
        let instances = ["instances", "instance"].into_iter().flat_map(|kind| self.all(kind));
        let instances = instances.filter_map(|it| self.virtual_server(it));
        clusters.chain(domains).chain(instances)
    }

    /// P23: its own ports, and those that are told apart from it.
    fn virtual_server(&self, instance: &Value) -> Option<Service> {
        let name = text(instance, "name")?;
        let own = field(instance, "networking").map(|it| members(it, "ports").collect::<Vec<_>>());
        let apart = self.all("portStates").iter().filter(|it| text(it, "instanceName") == Some(name));
        let apart: Vec<&Value> = apart.flat_map(|it| members(it, "portStates")).collect();
        let told = own.is_some() || !apart.is_empty();
        let lines = own.into_iter().flatten().chain(apart).flat_map(port_state).collect();
        let has = |v6: bool| match v6 {
            true => members(instance, "ipv6Addresses").next().is_some(),
            false => text(instance, "ipAddressType") != Some("ipv6"),
        };
        let cap = |v6: bool| if has(v6) && told { Verdict::Allow } else { Verdict::Deny };
        let lines = Groups { lines, missing: false };
        let v4 = text(instance, "publicIpAddress").into_iter();
        let v6 = members(instance, "ipv6Addresses").filter_map(Value::as_str);
        Some(Service {
            names: names(instance, &["name", "arn"]),
            fronts: v4.chain(v6).filter_map(|it| it.parse().ok()).collect(),
            lines,
            caps: [cap(false), cap(true)],
            policy: None,
        })
    }
}

fn names(resource: &Value, keys: &[&str]) -> Vec<String> {
    keys.iter().filter_map(|key| text(resource, key)).map(str::to_owned).collect()
}

/// P21.
fn kubernetes(cluster: &Value) -> Service {
    let access = field(cluster, "resourcesVpcConfig").unwrap_or(&Value::Null);
    let is_off = field(access, "endpointPublicAccess") == Some(&Value::Bool(false));
    let cidrs: Vec<&str> = members(access, "publicAccessCidrs").filter_map(Value::as_str).collect();
    let lines = match cidrs.as_slice() {
        [] => [false, true].map(|v6| tcp(443, From::Prefix(Prefix::whole(v6)))).to_vec(),
        cidrs => cidrs.iter().map(|cidr| tcp(443, From::of_cidr(cidr, cidr.contains(':')))).collect(),
    };
    let host = text(cluster, "endpoint").map(|it| it.trim_end_matches('/').ends_with(".api.aws"));
    let family = field(cluster, "kubernetesNetworkConfig").and_then(|it| text(it, "ipFamily"));
    let over_v6 = match host {
        _ if cidrs.iter().any(|cidr| cidr.contains(':')) => Verdict::Allow,
        Some(true) => Verdict::Allow,
        Some(false) => Verdict::Deny,
        None if family == Some("ipv4") => Verdict::Deny,
        None => Verdict::Undecided,
    };
    let caps = if is_off { [Verdict::Deny; 2] } else { [Verdict::Allow, over_v6] };
    let lines = Groups { lines, missing: false };
    Service { names: names(cluster, &["name", "arn"]), fronts: Vec::new(), lines, caps, policy: None }
}

/// P22: in a VPC nobody; else whom its policy lets in, without one everybody.
fn search_domain(domain: &Value) -> Service {
    let options = field(domain, "VPCOptions");
    let stated =
        options.is_some_and(|it| text(it, "VPCId").is_some() || members(it, "SubnetIds").next().is_some());
    let inside = stated || field(domain, "Endpoints").is_some_and(|it| text(it, "vpc").is_some());
    let enforced = field(domain, "DomainEndpointOptions").and_then(|it| field(it, "EnforceHTTPS"));
    let ports: &[u16] = if enforced == Some(&Value::Bool(true)) { &[443] } else { &[80, 443] };
    let everybody = [false, true].map(|v6| From::Prefix(Prefix::whole(v6)));
    let lines = ports.iter().flat_map(|port| everybody.map(|from| tcp(*port, from))).collect();
    let told = TOLD.iter().any(|key| domain.get(key).is_some());
    let cap = match (inside, told) {
        (true, _) => Verdict::Deny,
        (false, true) => Verdict::Allow,
        (false, false) => Verdict::Undecided,
    };
    let over_v6 = if text(domain, "IPAddressType") == Some("dualstack") { cap } else { Verdict::Deny };
    let policy = text(domain, "AccessPolicies").filter(|it| !it.trim().is_empty()).map(|text| {
        let read = serde_json::from_str::<Value>(text).ok();
        (read, text_of(domain, "DomainName"))
    });
    Service {
        names: names(domain, &["DomainName", "ARN"]),
        fronts: Vec::new(),
        lines: Groups { lines, missing: false },
        caps: [cap, over_v6],
        policy,
    }
}

fn text_of(resource: &Value, key: &str) -> String {
    text(resource, key).unwrap_or_default().to_owned()
}

fn host(text: &str) -> String {
    format!("{text}/{}", if text.contains(':') { 128 } else { 32 })
}

fn tcp(port: u16, from: From) -> Line {
    Line { protocol: Protocols::One(6), ports: Ports::Range(port, port), from }
}

/// P23: a line for each source of a port; both lists absent is everybody.
fn port_state(state: &Value) -> Vec<Line> {
    if text(state, "state") == Some("closed") {
        return Vec::new();
    }
    let protocol = match text(state, "protocol") {
        Some("all") => Protocols::All,
        _ => Protocols::read(state, "protocol"),
    };
    let [first, last] = ["fromPort", "toPort"].map(|name| number(state, name));
    let ports = match protocol {
        Protocols::One(6 | 17) => Ports::range(first, last),
        Protocols::One(1 | 58) => Ports::types(first, last),
        Protocols::One(_) | Protocols::All | Protocols::Unreadable => Ports::All,
    };
    let list = |name: &str| members(state, name).filter_map(Value::as_str).collect::<Vec<_>>();
    let (v4, v6, aliases) = (list("cidrs"), list("ipv6Cidrs"), list("cidrListAliases"));
    let anywhere = text(state, "accessFrom").is_none_or(|it| it.starts_with("Anywhere"));
    let absent = field(state, "cidrs").is_none() && field(state, "ipv6Cidrs").is_none();
    let mut from: Vec<From> = Vec::new();
    match (v4.is_empty() && v6.is_empty(), aliases.is_empty()) {
        (true, true) if anywhere && (absent || text(state, "accessFrom").is_some()) => {
            from.extend([false, true].map(|it| From::Prefix(Prefix::whole(it))));
        }
        (true, false)
            if !absent
                && aliases.iter().all(|it| *it == "lightsail-connect")
                && !(text(state, "accessFrom").is_some() && anywhere) => {}
        (true, _) => from.extend([false, true].map(|v6| From::Some { v6 })),
        (false, _) => {
            let whole = |text: &str| if text.contains('/') { text.to_owned() } else { host(text) };
            from.extend(v4.iter().map(|cidr| From::of_cidr(&whole(cidr), false)));
            from.extend(v6.iter().map(|cidr| From::of_cidr(&whole(cidr), true)));
            // What prints one list and not the other is older than IPv6 there.
            from.extend(field(state, "ipv6Cidrs").is_none().then_some(From::Some { v6: true }));
        }
    }
    from.into_iter().map(|from| Line { protocol, ports, from }).collect()
}

/// What says something of a domain beside its name.
const TOLD: [&str; 5] =
    ["AccessPolicies", "VPCOptions", "ClusterConfig", "ElasticsearchClusterConfig", "DomainEndpointOptions"];
