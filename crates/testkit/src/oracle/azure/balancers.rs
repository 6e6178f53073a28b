//! Load balancers: rules, inbound NAT rules and pools, floating addresses, chained gateways (AP3 to AP7).

use core::net::IpAddr;

use serde_json::Value;

use super::Estate;
use super::fields::{field, is_named, members, reference, same, text};
use super::groups::Aim;
use super::places::{Place, unfiltered};
use super::verdict::Verdict;
use super::way::{Carries, Gate, Way};

/// What a frontend is.
struct Frontend {
    address: Option<IpAddr>,
    v6: Option<bool>,
    cap: Verdict,
}

impl Estate {
    /// The ways through load balancers to an ip-configuration.
    pub(super) fn balanced_ways(&self, place: Place<'_>) -> Vec<Way> {
        let mut ways = Vec::new();
        for balancer in self.all("loadbalancers") {
            for rule in members(balancer, "loadBalancingRules") {
                let mut pools: Vec<&str> = reference(rule, "backendAddressPool").into_iter().collect();
                pools.extend(members(rule, "backendAddressPools").filter_map(|it| text(it, "id")));
                pools.retain(|pool| self.is_in_pool(balancer, pool, place));
                let held = pools.iter().all(|pool| is_held(balancer, pool, place));
                if !pools.is_empty() {
                    let way = self.balanced_way(balancer, rule, place, balanced(rule));
                    ways.extend(way.map(|way| if held { way.doubted() } else { way }));
                }
            }
            for rule in members(balancer, "inboundNatRules") {
                let pool = reference(rule, "backendAddressPool");
                let pooled = pool.is_some_and(|pool| self.is_in_pool(balancer, pool, place));
                if pooled || is_translated_to(rule, place) {
                    ways.extend(self.balanced_way(balancer, rule, place, translated(rule)));
                }
            }
            for pool in members(balancer, "inboundNatPools") {
                let joined = members(place.configuration, "loadBalancerInboundNatPools");
                if joined.into_iter().any(|it| is_named(pool, text(it, "id"))) {
                    ways.extend(self.balanced_way(balancer, pool, place, translated(pool)));
                }
            }
        }
        ways.extend(self.unseen_balancer(place));
        ways
    }

    /// What a load balancer that is not in the input may lead here: any port, floating or not.
    fn unseen_balancer(&self, place: Place<'_>) -> Option<Way> {
        let lists =
            ["loadBalancerBackendAddressPools", "loadBalancerInboundNatRules", "loadBalancerInboundNatPools"];
        let mut ids = lists.iter().flat_map(|list| members(place.configuration, list));
        let unseen = ids.any(|it| {
            let id = text(it, "id").unwrap_or_default().to_ascii_lowercase();
            let balancer = id.rsplitn(3, '/').last().unwrap_or_default();
            self.find("loadbalancers", balancer).is_none()
        });
        let aim = Aim::Floating { front: None, own: Box::new(self.own_aim(place)), v6: place.v6() };
        let carries = Carries { protocols: vec![6, 17], ..Carries::everything() };
        let gates = vec![Gate::AtTarget(self.station(place, &aim, Verdict::Undecided))];
        unseen.then(|| Way::new(place.target, place.families(), None, carries, gates, Verdict::Undecided))
    }

    fn balanced_way(
        &self,
        balancer: &Value,
        rule: &Value,
        place: Place<'_>,
        carried: Option<Carries>,
    ) -> Option<Way> {
        let frontend = self.frontend(balancer, reference(rule, "frontendIPConfiguration"))?;
        // AP12: no translation between the families.
        if frontend.v6.is_some_and(|v6| v6 != place.v6()) {
            return None;
        }
        let floating = ["enableFloatingIP"].iter().any(|key| field(rule, key) == Some(&Value::Bool(true)));
        let aim = if floating {
            Aim::Floating { front: frontend.address, own: Box::new(self.own_aim(place)), v6: place.v6() }
        } else {
            self.own_aim(place)
        };
        // AP6: on a public frontend HA ports do not exist; whatever else cannot be read may be anything.
        let known = carried.as_ref().is_some_and(|it| it.protocols.len() == 1);
        let carries = carried.unwrap_or_else(|| Carries { protocols: vec![6, 17], ..Carries::everything() });
        let cap = if known { frontend.cap } else { frontend.cap.doubted() };
        let station = self.station(place, &aim, unfiltered(balancer));
        let gates = self.with_replies(place, vec![Gate::AtTarget(station)]);
        Some(Way::new(place.target, place.families(), frontend.address, carries, gates, cap))
    }

    /// A frontend that the Internet may reach; `None` for a private one.
    fn frontend(&self, balancer: &Value, id: Option<&str>) -> Option<Frontend> {
        let found = members(balancer, "frontendIPConfigurations").find(|it| is_named(it, id));
        let Some(found) = found else {
            return Some(Frontend { address: None, v6: None, cap: Verdict::Undecided });
        };
        let Some(public) = reference(found, "publicIPAddress") else {
            let private = text(found, "privateIPAddress").is_some() || reference(found, "subnet").is_some();
            let unknown = Frontend { address: None, v6: None, cap: Verdict::Undecided };
            return (!private).then_some(unknown);
        };
        let (address, _, known) = self.public(public);
        let cap = if known { Verdict::Allow } else { Verdict::Undecided };
        // AP6: it goes through the appliances first.
        let chained = field(found, "gatewayLoadBalancer").is_some();
        let cap = if chained { cap.doubted() } else { cap };
        let version = self.find("publicipaddresses", public);
        let version = version.and_then(|it| text(it, "publicIPAddressVersion"));
        let version = version.or_else(|| text(found, "privateIPAddressVersion")).map(|it| same(it, "IPv6"));
        Some(Frontend { address, v6: version.or(address.map(|it| it.is_ipv6())), cap })
    }

    /// Either side may say so.
    fn is_in_pool(&self, balancer: &Value, pool: &str, place: Place<'_>) -> bool {
        let joined = members(place.configuration, "loadBalancerBackendAddressPools");
        if joined.into_iter().any(|it| text(it, "id").is_some_and(|id| same(id, pool))) {
            return true;
        }
        let Some(pool) = members(balancer, "backendAddressPools").find(|it| is_named(it, Some(pool))) else {
            return false;
        };
        let own = text(place.configuration, "id");
        members(pool, "backendIPConfigurations").any(|it| is_named(it, own))
            || members(pool, "loadBalancerBackendAddresses").any(|member| {
                reference(member, "networkInterfaceIPConfiguration")
                    .zip(own)
                    .is_some_and(|(one, two)| same(one, two))
                    || self.is_member_by_address(pool, member, place)
            })
    }

    fn is_member_by_address(&self, pool: &Value, member: &Value, place: Place<'_>) -> bool {
        let address = text(member, "ipAddress").and_then(|it| it.trim().parse().ok());
        let network = reference(member, "virtualNetwork").or_else(|| reference(pool, "virtualNetwork"));
        let within = self.subnet(place.subnet()).is_some_and(|(own, _)| is_named(own, network));
        address.is_some() && address == place.address() && within
    }
}

/// Whether an administrator may have taken the member out: rules lead nobody new there, inbound NAT does.
fn is_held(balancer: &Value, pool: &str, place: Place<'_>) -> bool {
    let own = text(place.configuration, "id");
    let pools = members(balancer, "backendAddressPools").filter(|it| is_named(it, Some(pool)));
    let mut own = pools.flat_map(|pool| members(pool, "loadBalancerBackendAddresses")).filter(|member| {
        let named = reference(member, "networkInterfaceIPConfiguration");
        let address = text(member, "ipAddress").and_then(|it| it.trim().parse().ok());
        match named.zip(own) {
            Some((named, own)) => same(named, own),
            None => named.is_none() && address.is_some() && address == place.address(),
        }
    });
    own.any(|member| {
        field(member, "adminState")
            .is_some_and(|it| !it.as_str().is_some_and(|word| same(word, "Up") || same(word, "None")))
    })
}

/// AP4.
fn is_translated_to(rule: &Value, place: Place<'_>) -> bool {
    let own = text(place.configuration, "id");
    let stated = reference(rule, "backendIPConfiguration").zip(own);
    stated.is_some_and(|(one, two)| same(one, two))
        || members(place.configuration, "loadBalancerInboundNatRules")
            .any(|it| is_named(rule, text(it, "id")))
}

/// AP3, AP6; `None` where it cannot be read.
fn balanced(rule: &Value) -> Option<Carries> {
    let (outside, inside) = (port(rule, "frontendPort")?, port(rule, "backendPort")?);
    match spoken(rule)? {
        None if (outside, inside) == (0, 0) => {
            Some(Carries { protocols: vec![6, 17], ports: vec![(0, u16::MAX)], to: None })
        }
        None => None,
        Some(protocol) => Some(Carries {
            protocols: vec![protocol],
            ports: vec![(outside, outside)],
            to: (outside != inside).then_some(inside),
        }),
    }
}

/// AP4, AP5: each port of the range reaches some member.
fn translated(rule: &Value) -> Option<Carries> {
    let start = port(rule, "frontendPortRangeStart").filter(|it| *it != 0);
    let end = port(rule, "frontendPortRangeEnd").filter(|it| *it != 0);
    let (first, last) = match start.zip(end) {
        Some(range) => range,
        None => (port(rule, "frontendPort")?, port(rule, "frontendPort")?),
    };
    let inside = port(rule, "backendPort")?;
    let protocol = spoken(rule)??;
    let to = ((first, last) != (inside, inside)).then_some(inside);
    (first <= last).then(|| Carries { protocols: vec![protocol], ports: vec![(first, last)], to })
}

/// `Some(None)` is every protocol that it balances.
fn spoken(rule: &Value) -> Option<Option<u8>> {
    match text(rule, "protocol")?.to_ascii_lowercase().as_str() {
        "tcp" => Some(Some(6)),
        "udp" => Some(Some(17)),
        "all" => Some(None),
        _ => None,
    }
}

fn port(rule: &Value, name: &str) -> Option<u16> {
    field(rule, name)?.as_u64()?.try_into().ok()
}
