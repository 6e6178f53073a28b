//! A network for tests: one machine with an address of each family, and what stands in its way as pieces to replace.

use crate::estate::{API, Answer, scan};

/// The pieces of a network, each the members of a list.
pub(crate) struct Network {
    pub(crate) instances: String,
    pub(crate) rules: String,
    pub(crate) routes: String,
    /// Whole documents beside these.
    pub(crate) more: Vec<String>,
}

impl Network {
    pub(crate) fn new() -> Self {
        Self {
            instances: machine("vm", r#""items": ["web"]"#, &[("10.0.0.4", "203.0.113.10")]),
            rules: [rule("ssh", "0.0.0.0/0"), rule("ssh6", "::/0")].join(", "),
            routes: [gateway("0.0.0.0/0"), gateway("::/0")].join(", "),
            more: Vec::new(),
        }
    }

    pub(crate) fn documents(&self) -> Vec<String> {
        let Self { instances, rules, routes, more } = self;
        let network = crate::estate::network("net");
        let subnetwork = format!(
            r#"{{"kind": "compute#subnetwork", "name": "s", "selfLink": "{API}projects/p/regions/europe-west1/subnetworks/s", "network": "{API}projects/p/global/networks/net",
                "ipCidrRange": "10.0.0.0/24", "externalIpv6Prefix": "2600:1900:4000:1::/64", "stackType": "IPV4_IPV6", "ipv6AccessType": "EXTERNAL"}}"#
        );
        let lists = [&network, &subnetwork, instances, rules, routes].map(|list| format!("[{list}]"));
        lists.into_iter().chain(more.iter().cloned()).collect()
    }

    pub(crate) fn scan(&self) -> Answer {
        scan(&self.documents())
    }
}

/// A machine with these tags and an interface for each pair of an internal and an external address; the first has one of IPv6.
pub(crate) fn machine(name: &str, tags: &str, addresses: &[(&str, &str)]) -> String {
    let interfaces: Vec<String> = addresses
        .iter()
        .enumerate()
        .map(|(number, (inside, outside))| {
            let v6 = match number {
                0 => r#", "stackType": "IPV4_IPV6", "ipv6AccessType": "EXTERNAL", "ipv6AccessConfigs": [{"kind": "compute#accessConfig", "type": "DIRECT_IPV6", "externalIpv6": "2600:1900:4000:1::", "externalIpv6PrefixLength": 96}]"#,
                _ => "",
            };
            format!(
                r#"{{"kind": "compute#networkInterface", "name": "nic{number}", "network": "{API}projects/p/global/networks/net", "subnetwork": "{API}projects/p/regions/europe-west1/subnetworks/s",
                    "networkIP": "{inside}", "accessConfigs": [{{"kind": "compute#accessConfig", "type": "ONE_TO_ONE_NAT", "name": "External NAT", "natIP": "{outside}"}}]{v6}}}"#
            )
        })
        .collect();
    format!(
        r#"{{"kind": "compute#instance", "name": "{name}", "selfLink": "{API}projects/p/zones/europe-west1-b/instances/{name}", "zone": "{API}projects/p/zones/europe-west1-b",
            "status": "RUNNING", "tags": {{{tags}}}, "networkInterfaces": [{}]}}"#,
        interfaces.join(", ")
    )
}

/// A rule of the network that lets these in on TCP port 22.
pub(crate) fn rule(name: &str, source: &str) -> String {
    format!(
        r#"{{"kind": "compute#firewall", "name": "{name}", "selfLink": "{API}projects/p/global/firewalls/{name}", "network": "{API}projects/p/global/networks/net", "direction": "INGRESS",
            "priority": 1000, "sourceRanges": ["{source}"], "allowed": [{{"IPProtocol": "tcp", "ports": ["22"]}}]}}"#
    )
}

/// A route of the network, by what its JSON says beside its name and its network.
pub(crate) fn route(name: &str, says: &str) -> String {
    format!(
        r#"{{"kind": "compute#route", "name": "{name}", "selfLink": "{API}projects/p/global/routes/{name}", "network": "{API}projects/p/global/networks/net", {says}}}"#
    )
}

/// A route to the Internet gateway.
fn gateway(towards: &str) -> String {
    let name = if towards.contains(':') { "default-6" } else { "default-4" };
    route(
        name,
        &format!(
            r#""destRange": "{towards}", "priority": 1000, "nextHopGateway": "{API}projects/p/global/gateways/default-internet-gateway""#
        ),
    )
}
