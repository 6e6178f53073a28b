//! Application gateways, Bastion and VPN gateways: what stands in for clients, and what is reached itself (AP8, AP11).

use core::net::IpAddr;

use serde_json::Value;

use super::Estate;
use super::fields::{has, is_named, members, reference, same, text};
use super::places::{Place, space_of};
use super::verdict::Verdict;
use super::way::{Carries, Gate, Way};

/// A frontend of a gateway.
#[derive(Clone, Copy)]
struct Frontend {
    address: Option<IpAddr>,
    families: [bool; 2],
    cap: Verdict,
}

impl Estate {
    /// The ways through application gateways, which stand in for their clients.
    pub(super) fn proxied_ways(&self, place: Place<'_>) -> Vec<Way> {
        let mut ways = Vec::new();
        for gateway in self.all("applicationgateways") {
            for rule in RULES.into_iter().flat_map(|list| members(gateway, list)) {
                let Some((frontend, outside)) = self.listened(gateway, listener(gateway, rule)) else {
                    continue;
                };
                for (pool, settings) in destinations(gateway, rule) {
                    let Some(inside) = settings_port(gateway, settings) else { continue };
                    if self.is_backend(gateway, pool, place) {
                        let carries = Carries { to: Some(inside), ..Carries::one(6, outside) };
                        ways.push(self.proxied_way(gateway, place, &frontend, carries));
                    }
                }
            }
            ways.extend(self.untold_ways(gateway, place));
        }
        ways
    }

    /// C8: without its listeners or its rules a gateway may lead from any port to any of its backends.
    fn untold_ways(&self, gateway: &Value, place: Place<'_>) -> Vec<Way> {
        let mut pools = members(gateway, "backendAddressPools").filter_map(|pool| text(pool, "id"));
        let tells_all = tells(gateway, LISTENERS) && tells(gateway, RULES);
        if tells_all || !pools.any(|pool| self.is_backend(gateway, pool, place)) {
            return Vec::new();
        }
        let heard = self.heard(gateway).into_iter();
        let ways = heard.map(|(frontend, carries)| self.proxied_way(gateway, place, &frontend, carries));
        ways.map(|way| way.doubted().at_any_port()).collect()
    }

    /// What a gateway listens to.
    fn heard(&self, gateway: &Value) -> Vec<(Frontend, Carries)> {
        if tells(gateway, LISTENERS) {
            let listeners = LISTENERS.into_iter().flat_map(|list| members(gateway, list));
            let heard = listeners.filter_map(|listener| self.listened(gateway, Some(listener)));
            return heard.map(|(frontend, port)| (frontend, Carries::one(6, port))).collect();
        }
        let frontends = members(gateway, "frontendIPConfigurations");
        let known = frontends.filter_map(|it| self.gateway_frontend(it));
        let every = || Carries { protocols: vec![6], ..Carries::everything() };
        known.map(|frontend| (Frontend { cap: Verdict::Undecided, ..frontend }, every())).collect()
    }

    fn proxied_way(&self, gateway: &Value, place: Place<'_>, frontend: &Frontend, carries: Carries) -> Way {
        let subnet = subnet_of(gateway);
        let own = self.subnet(subnet).map(|(_, subnet)| space_of(subnet, place.v6())).unwrap_or_default();
        // AP1 speaks of what comes from the Internet to the interface: this comes from the network.
        let station = self.station(place, &self.own_aim(place), Verdict::Allow).behind(&own);
        let front = self.subnet_station(subnet, frontend.families[1]);
        let gates = vec![Gate::AtFront(front), Gate::AtTarget(station)];
        Way::new(place.target, frontend.families, frontend.address, carries, gates, frontend.cap)
    }

    /// The ways to gateways themselves.
    pub(super) fn gateway_ways(&self) -> Vec<Way> {
        let mut ways = Vec::new();
        for gateway in self.all("applicationgateways") {
            for (frontend, carries) in self.heard(gateway) {
                ways.extend(self.gateway_way(gateway, subnet_of(gateway), &frontend, carries));
            }
        }
        for bastion in self.all("bastionhosts") {
            for configuration in members(bastion, "ipConfigurations") {
                let Some(frontend) = self.gateway_frontend(configuration) else { continue };
                let subnet = reference(configuration, "subnet");
                ways.extend(self.gateway_way(bastion, subnet, &frontend, Carries::one(6, 443)));
            }
        }
        for gateway in self.all("virtualnetworkgateways") {
            ways.extend(self.tunnels(gateway));
        }
        ways
    }

    /// IKE and ESP of a VPN gateway, and tcp/443 where its clients speak SSTP or OpenVPN. No group stands there (A27).
    fn tunnels(&self, gateway: &Value) -> Vec<Way> {
        let mut ways = Vec::new();
        let kind = text(gateway, "gatewayType").unwrap_or_default();
        for configuration in members(gateway, "ipConfigurations").filter(|_| same(kind, "Vpn")) {
            let Some(frontend) = self.gateway_frontend(configuration) else { continue };
            let clients = super::fields::field(gateway, "vpnClientConfiguration");
            let spoken = clients.into_iter().flat_map(|it| members(it, "vpnClientProtocols"));
            let secure = spoken.filter_map(Value::as_str).any(|it| same(it, "SSTP") || same(it, "OpenVPN"));
            let mut carried = vec![Carries::one(17, 500), Carries::one(17, 4500), Carries::one(50, 0)];
            if secure {
                carried.push(Carries::one(6, 443));
            }
            for carries in carried {
                let Some(target) = text(gateway, "name") else { continue };
                let Frontend { address, families, cap } = frontend;
                ways.push(Way::new(target, families, address, carries, Vec::new(), cap));
            }
        }
        ways
    }

    fn gateway_way(
        &self,
        gateway: &Value,
        subnet: Option<&str>,
        frontend: &Frontend,
        carries: Carries,
    ) -> Option<Way> {
        let gates = vec![Gate::AtFront(self.subnet_station(subnet, frontend.families[1]))];
        let target = text(gateway, "name")?;
        Some(Way::new(target, frontend.families, frontend.address, carries, gates, frontend.cap))
    }

    /// The public frontend and the port of a listener.
    fn listened(&self, gateway: &Value, listener: Option<&Value>) -> Option<(Frontend, u16)> {
        let listener = listener?;
        let id = reference(listener, "frontendIPConfiguration");
        let frontend = members(gateway, "frontendIPConfigurations").find(|it| is_named(it, id))?;
        let id = reference(listener, "frontendPort");
        let port = members(gateway, "frontendPorts").find(|it| is_named(it, id))?;
        Some((self.gateway_frontend(frontend)?, number(port, "port")?))
    }

    /// `None` where it is private. Its public address may be the one to say where it is.
    fn gateway_frontend(&self, configuration: &Value) -> Option<Frontend> {
        let own = text(configuration, "id");
        let is_here = |public: &&Value| {
            reference(public, "ipConfiguration").zip(own).is_some_and(|(one, two)| same(one, two))
        };
        let told = || self.all("publicipaddresses").iter().find(is_here).and_then(|it| text(it, "id"));
        let Some(id) = reference(configuration, "publicIPAddress").or_else(told) else {
            let has_private_address = text(configuration, "privateIPAddress").is_some();
            let private = has_private_address || reference(configuration, "subnet").is_some();
            let untold = Frontend { address: None, families: [true, false], cap: Verdict::Undecided };
            return (!private).then_some(untold);
        };
        let (address, _, known) = self.public(id);
        let version = self.find("publicipaddresses", id).and_then(|it| text(it, "publicIPAddressVersion"));
        let v6 = version.map_or(address.is_some_and(|it| it.is_ipv6()), |it| same(it, "IPv6"));
        let cap = if known { Verdict::Allow } else { Verdict::Undecided };
        Some(Frontend { address, families: [!v6, v6], cap })
    }

    /// Either side may say so.
    fn is_backend(&self, gateway: &Value, pool: &str, place: Place<'_>) -> bool {
        let joined = members(place.configuration, "applicationGatewayBackendAddressPools");
        if joined.into_iter().any(|it| text(it, "id").is_some_and(|id| same(id, pool))) {
            return true;
        }
        let Some(pool) = members(gateway, "backendAddressPools").find(|it| is_named(it, Some(pool))) else {
            return false;
        };
        let own = text(place.configuration, "id");
        members(pool, "backendIPConfigurations").any(|it| is_named(it, own))
            || members(pool, "backendAddresses").any(|member| {
                let address = text(member, "ipAddress").and_then(|it| it.trim().parse().ok());
                address.is_some() && address == place.address()
            })
    }
}

fn listener<'a>(gateway: &'a Value, rule: &Value) -> Option<&'a Value> {
    let id = reference(rule, "httpListener").or_else(|| reference(rule, "listener"));
    LISTENERS.into_iter().flat_map(|list| members(gateway, list)).find(|it| is_named(it, id))
}

/// The pools that a rule leads to, each with its settings.
fn destinations<'a>(gateway: &'a Value, rule: &'a Value) -> Vec<(&'a str, &'a str)> {
    let pair = |from: &'a Value, pool: &str, settings: [&str; 2]| {
        let settings = settings.into_iter().find_map(|name| reference(from, name))?;
        Some((reference(from, pool)?, settings))
    };
    let mut all = Vec::new();
    let own = ["backendHttpSettings", "backendSettings"];
    all.extend(pair(rule, "backendAddressPool", own));
    let id = reference(rule, "urlPathMap");
    for map in members(gateway, "urlPathMaps").filter(|it| is_named(it, id)) {
        let defaults = ["defaultBackendHttpSettings", "defaultBackendSettings"];
        all.extend(pair(map, "defaultBackendAddressPool", defaults));
        all.extend(members(map, "pathRules").filter_map(|it| pair(it, "backendAddressPool", own)));
    }
    all
}

fn settings_port(gateway: &Value, settings: &str) -> Option<u16> {
    let lists = ["backendHttpSettingsCollection", "backendSettingsCollection"];
    let mut all = lists.into_iter().flat_map(|list| members(gateway, list));
    number(all.find(|it| is_named(it, Some(settings)))?, "port")
}

/// A document that leaves out one of these lists, and is no full export, says nothing of it.
fn tells(gateway: &Value, lists: [&str; 2]) -> bool {
    lists.into_iter().chain(["etag", "provisioningState"]).any(|key| has(gateway, key))
}

fn subnet_of(gateway: &Value) -> Option<&str> {
    members(gateway, "gatewayIPConfigurations").find_map(|it| reference(it, "subnet"))
}

fn number(object: &Value, name: &str) -> Option<u16> {
    super::fields::field(object, name)?.as_u64()?.try_into().ok()
}

/// The lists of those for HTTP, and of those for other protocols.
const LISTENERS: [&str; 2] = ["httpListeners", "listeners"];
const RULES: [&str; 2] = ["requestRoutingRules", "routingRules"];
