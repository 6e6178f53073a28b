//! Rules and machines with one value of their documents replaced: what is then not told is told as a gap.

use packet::{AddressSet, PortSet, Protocol};
use serde_json::{Value, json};

use crate::damage::{silent_losses, sorted};
use crate::estate::{API, Answer};

/// Nothing closes in silence: where a packet does not get in any more, a gap says why, or the other value says it.
#[test]
fn damage_closes_nothing_in_silence() {
    let is_lost = |before: &Answer, after: &Answer| {
        let left = openings(after);
        openings(before).iter().any(|one| !left.iter().any(|other| one.is_held_by(other)))
    };
    let estates = estates();
    let silent = estates.iter().flat_map(|documents| silent_losses(documents, |_, _| true, is_lost));
    assert_eq!(sorted(silent.map(|(_, loss)| loss)), SAID_OTHERWISE);
}

/// Whom an exposure lets in to what, at whatever target.
struct Opening {
    protocol: Option<Protocol>,
    ports: PortSet,
    sources: AddressSet,
}

impl Opening {
    fn is_held_by(&self, other: &Self) -> bool {
        (other.protocol.is_none() || other.protocol == self.protocol)
            && (other.ports.is_empty() || self.ports.is_subset(&other.ports))
            && self.sources.is_subset(&other.sources)
    }
}

fn openings(answer: &Answer) -> Vec<Opening> {
    let mut openings: Vec<Opening> = Vec::new();
    engine::exposures(&answer.snapshot, &mut |exposure, _| {
        let measures = [&exposure.sources.ipv4, &exposure.sources.ipv6].into_iter().flatten();
        let prefixes = measures.flat_map(|measure| &measure.cidrs.prefixes).copied();
        let opening = Opening {
            protocol: exposure.protocol,
            ports: exposure.ports.clone(),
            sources: prefixes.collect(),
        };
        openings.push(opening);
    })
    .unwrap();
    // What several let in, they let in together.
    for position in 1..openings.len() {
        let (done, rest) = openings.split_at_mut(position);
        let same = |other: &&mut Opening| other.protocol == rest[0].protocol && other.ports == rest[0].ports;
        if let Some(other) = done.iter_mut().find(same) {
            other.sources = other.sources.union(&rest[0].sources);
        }
    }
    openings
}

/// Rules alone; a machine with a tag and one with a service account; a denial that another number would make come first.
fn estates() -> Vec<Vec<Value>> {
    let network = format!("{API}projects/p/global/networks/default");
    let link = |name: &str| format!("{API}projects/p/global/firewalls/{name}");
    let ssh = json!({"kind": "compute#firewall", "name": "allow-ssh", "selfLink": link("allow-ssh"), "network": network, "direction": "INGRESS",
        "priority": 1000, "disabled": false, "allowed": [{"IPProtocol": "tcp", "ports": ["22", "80-90"]}, {"IPProtocol": "icmp"}],
        "sourceRanges": ["8.8.8.0/24", "9.9.9.9"]});
    let tagged = json!({"kind": "compute#firewall", "name": "allow-web", "selfLink": link("allow-web"), "network": network, "direction": "INGRESS",
        "priority": 900, "allowed": [{"IPProtocol": "udp", "ports": ["53"]}], "sourceRanges": ["8.8.8.0/24"], "targetTags": ["web"],
        "destinationRanges": ["10.0.0.0/8"], "sourceTags": ["lb"]});
    let running = json!({"kind": "compute#firewall", "name": "allow-app", "selfLink": link("allow-app"), "network": network, "direction": "INGRESS",
        "priority": 800, "allowed": [{"IPProtocol": "6", "ports": ["8080"]}], "sourceRanges": ["8.8.8.0/24"],
        "targetServiceAccounts": ["app@p.iam.gserviceaccount.com"]});
    let denied = json!({"kind": "compute#firewall", "name": "deny-late", "selfLink": link("deny-late"), "network": network, "direction": "INGRESS",
        "priority": 2000, "denied": [{"IPProtocol": "udp"}], "sourceRanges": ["0.0.0.0/0"], "targetTags": ["db"], "disabled": false});
    let machine = |name: &str, tags: Value, accounts: Value| {
        json!({"kind": "compute#instance", "name": name, "selfLink": format!("{API}projects/p/zones/z-b/instances/{name}"),
            "zone": format!("{API}projects/p/zones/z-b"), "status": "RUNNING", "tags": {"items": tags, "fingerprint": "x"}, "serviceAccounts": accounts,
            "networkInterfaces": [{"kind": "compute#networkInterface", "name": "nic0", "network": network, "networkIP": "10.0.0.2",
                "accessConfigs": [{"kind": "compute#accessConfig", "type": "ONE_TO_ONE_NAT", "name": "External NAT", "natIP": "203.0.113.10"}]}]})
    };
    let machines = json!([
        machine("web", json!(["web"]), json!([])),
        machine(
            "app",
            json!(["other"]),
            json!([{"email": "app@p.iam.gserviceaccount.com", "scopes": ["s"]}])
        ),
    ]);
    let rules = json!([ssh, tagged, running, denied]);
    vec![vec![rules.clone()], vec![rules, machines]]
}

/// Values that say something else, and no less clearly: another number, another name, a list without members, which
/// Google's JSON leaves out.
const SAID_OTHERWISE: [&str; 56] = [
    "/0 = []",
    "/0/allowed/0/ports = 7",
    "/0/allowed/0/ports = [7]",
    "/0/allowed/0/ports/0 = 7",
    "/0/allowed/0/ports/1 = 7",
    "/0/allowed/1/IPProtocol = 7",
    "/0/disabled = true",
    r#"/0/networkInterfaces/0/network = "x""#,
    "/0/networkInterfaces/0/network = -1",
    "/0/networkInterfaces/0/network = 7",
    "/0/tags = []",
    "/0/tags = null",
    "/0/tags = {}",
    r#"/0/tags/items = """#,
    r#"/0/tags/items = "x""#,
    "/0/tags/items = -1",
    "/0/tags/items = 7",
    "/0/tags/items = [7]",
    "/0/tags/items = []",
    "/0/tags/items = null",
    r#"/0/tags/items/0 = "x""#,
    "/0/tags/items/0 = -1",
    "/0/tags/items/0 = 7",
    "/1 = []",
    "/1/allowed/0/ports = 7",
    "/1/allowed/0/ports = [7]",
    "/1/allowed/0/ports/0 = 7",
    r#"/1/networkInterfaces/0/network = "x""#,
    "/1/networkInterfaces/0/network = -1",
    "/1/networkInterfaces/0/network = 7",
    "/1/serviceAccounts = []",
    "/1/serviceAccounts = null",
    r#"/1/serviceAccounts/0/email = "x""#,
    "/1/serviceAccounts/0/email = -1",
    "/1/serviceAccounts/0/email = 7",
    r#"/1/sourceRanges = """#,
    "/1/sourceRanges = []",
    "/1/sourceRanges = null",
    r#"/1/targetTags = "x""#,
    "/1/targetTags = -1",
    "/1/targetTags = 7",
    "/1/targetTags = [7]",
    r#"/1/targetTags/0 = "x""#,
    "/1/targetTags/0 = -1",
    "/1/targetTags/0 = 7",
    "/2 = []",
    "/2/allowed/0/ports = 7",
    "/2/allowed/0/ports = [7]",
    "/2/allowed/0/ports/0 = 7",
    r#"/2/targetServiceAccounts = "x""#,
    "/2/targetServiceAccounts = -1",
    "/2/targetServiceAccounts = 7",
    "/2/targetServiceAccounts = [7]",
    r#"/2/targetServiceAccounts/0 = "x""#,
    "/2/targetServiceAccounts/0 = -1",
    "/2/targetServiceAccounts/0 = 7",
];
