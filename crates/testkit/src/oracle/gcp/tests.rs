//! The worked cases of the semantics, by hand: what the evaluator says of each.

use core::net::IpAddr;

use serde_json::{Value, json};

use super::{Estate, Reached};
use crate::oracle::verdict::{Packet, Verdict};

/// A machine with an address outside in a network; the rest is the case's.
struct Worked {
    rules: Vec<Value>,
    order: &'static str,
    tags: Value,
    external: Value,
    others: Vec<Value>,
}

const EXPOSED: Reached = Reached { exposed: Verdict::Allow, one_way: Verdict::Deny };
const ONE_WAY: Reached = Reached { exposed: Verdict::Deny, one_way: Verdict::Allow };
const UNDECIDED: Reached = Reached { exposed: Verdict::Undecided, one_way: Verdict::Deny };
const NETWORK: &str = "https://www.googleapis.com/compute/v1/projects/p/global/networks/n";

impl Worked {
    fn new(rules: Vec<Value>) -> Self {
        Self {
            rules,
            order: "AFTER_CLASSIC_FIREWALL",
            tags: json!([]),
            external: json!([{"natIP": "203.0.113.10"}]),
            others: Vec::new(),
        }
    }

    fn with(self, other: Value) -> Self {
        Self { others: [self.others, vec![other]].concat(), ..self }
    }

    fn reached(&self, protocol: u8, source: &str, port: u16) -> Reached {
        let mut estate = Estate::default();
        estate.read(&json!([{"kind": "compute#network", "selfLink": NETWORK, "networkFirewallPolicyEnforcementOrder": self.order}]));
        estate.read(&json!({"kind": "compute#firewallList", "items": self.rules}));
        estate.read(&json!([{
            "kind": "compute#instance", "name": "vm", "id": "77", "tags": {"items": self.tags},
            "selfLink": "projects/p/zones/europe-west1-b/instances/vm",
            "networkInterfaces": [{"name": "nic0", "network": "global/networks/n", "networkIP": "10.0.0.2", "accessConfigs": self.external,
                "ipv6AccessType": "EXTERNAL", "ipv6AccessConfigs": [{"type": "DIRECT_IPV6", "externalIpv6": "2001:db8::"}]}],
        }]));
        estate.read(
            &json!([{"projectId": "p", "projectNumber": "9", "parent": {"type": "folder", "id": "2"}}]),
        );
        estate.read(&json!([{"name": "folders/2", "parent": "organizations/1"}]));
        self.others.iter().for_each(|other| estate.read(other));
        let source: IpAddr = source.parse().unwrap();
        estate.judge("vm").unwrap().reached(&Packet { protocol, source, port })
    }
}

fn rule(priority: u32, list: &str, source: &str, more: Value) -> Value {
    let mut rule = json!({
        "kind": "compute#firewall", "network": NETWORK, "direction": "INGRESS", "priority": priority,
        "sourceRanges": [source], list: [{"IPProtocol": "tcp", "ports": ["22"]}],
    });
    more.as_object().unwrap().iter().for_each(|(key, value)| rule[key] = value.clone());
    rule["selfLink"] =
        format!("projects/p/global/firewalls/{priority}-{list}-{}", source.replace('/', "-")).into();
    rule
}

fn open(priority: u32) -> Value {
    rule(priority, "allowed", "0.0.0.0/0", json!({}))
}

fn policy(holder: &str, name: &str, rules: &[(u32, &str, &str)]) -> Value {
    let rules = rules.iter().map(|(priority, action, source)| {
        json!({"priority": priority, "direction": "INGRESS", "action": action,
            "match": {"srcIpRanges": [source], "layer4Configs": [{"ipProtocol": "tcp", "ports": ["22"]}]}})
    });
    json!({"kind": "compute#firewallPolicy", "selfLink": name, "associations": [{"attachmentTarget": holder}],
        "rules": rules.collect::<Vec<_>>()})
}

#[test]
fn of_one_priority_denials_come_first() {
    let s066 = Worked::new(vec![open(1000), rule(1000, "denied", "0.0.0.0/0", json!({}))]);
    assert_eq!(s066.reached(6, "8.8.8.8", 22), Reached::NOT);
    let s067 = Worked::new(vec![open(1000), rule(1000, "denied", "8.0.0.0/8", json!({}))]);
    assert_eq!(s067.reached(6, "8.8.8.8", 22), Reached::NOT);
    assert_eq!(s067.reached(6, "9.8.8.8", 22), EXPOSED);
    let s068 = Worked::new(vec![open(900), rule(1000, "denied", "0.0.0.0/0", json!({}))]);
    assert_eq!(s068.reached(6, "8.8.8.8", 22), EXPOSED);
    assert_eq!(s068.reached(6, "2600::1", 22), Reached::NOT);
    assert_eq!(s068.reached(6, "35.191.0.1", 22), Reached::NOT, "I10");
    let s069 = json!({"allowed": [{"IPProtocol": "udp"}]});
    assert_eq!(
        Worked::new(vec![rule(1000, "allowed", "0.0.0.0/0", s069)]).reached(6, "8.8.8.8", 22),
        Reached::NOT
    );
}

#[test]
fn tags_choose_targets_and_are_nobody_on_the_internet() {
    let with = |more: Value| Worked {
        tags: json!(["web"]),
        ..Worked::new(vec![rule(1000, "allowed", "0.0.0.0/0", more)])
    };
    assert_eq!(with(json!({"targetTags": ["db"]})).reached(6, "8.8.8.8", 22), Reached::NOT, "S070");
    assert_eq!(with(json!({"targetTags": ["db", "web"]})).reached(6, "8.8.8.8", 22), EXPOSED);
    let s071 = with(json!({"sourceTags": ["web"], "sourceRanges": []}));
    assert_eq!(s071.reached(6, "8.8.8.8", 22), Reached::NOT);
    assert_eq!(with(json!({"sourceTags": ["web"]})).reached(6, "8.8.8.8", 22), EXPOSED, "S072");
    assert_eq!(with(json!({"sourceRanges": null})).reached(6, "8.8.8.8", 22), EXPOSED, "G5");
    assert_eq!(with(json!({"disabled": true})).reached(6, "8.8.8.8", 22), Reached::NOT, "S073");
    assert_eq!(
        with(json!({"destinationRanges": ["203.0.113.10/32"]})).reached(6, "8.8.8.8", 22),
        Reached::NOT,
        "G8"
    );
    assert_eq!(with(json!({"destinationRanges": ["10.0.0.0/8"]})).reached(6, "8.8.8.8", 22), EXPOSED);
}

#[test]
fn policies_are_asked_in_their_order() {
    let hierarchical =
        |rules: &[(u32, &str, &str)]| policy("organizations/1", "locations/global/firewallPolicies/4", rules);
    let whole = "0.0.0.0/0";
    let s074 =
        Worked::new(vec![open(1000)]).with(hierarchical(&[(200, "deny", whole), (100, "goto_next", whole)]));
    assert_eq!(s074.reached(6, "8.8.8.8", 22), EXPOSED);
    let folder = policy("folders/2", "locations/global/firewallPolicies/5", &[(1, "deny", "9.0.0.0/8")]);
    let both = s074.with(folder);
    assert_eq!([both.reached(6, "8.8.8.8", 22), both.reached(6, "9.8.8.8", 22)], [EXPOSED, Reached::NOT]);
    let elsewhere = policy("folders/3", "locations/global/firewallPolicies/6", &[(1, "deny", whole)]);
    assert_eq!(both.with(elsewhere).reached(6, "8.8.8.8", 22), EXPOSED);
    let network = || policy(NETWORK, "projects/p/global/firewallPolicies/7", &[(10, "deny", whole)]);
    let s075 = Worked::new(vec![open(1000)]).with(network());
    assert_eq!(s075.reached(6, "8.8.8.8", 22), EXPOSED);
    let s076 = Worked { order: "BEFORE_CLASSIC_FIREWALL", ..Worked::new(vec![open(1000)]) }.with(network());
    assert_eq!(s076.reached(6, "8.8.8.8", 22), Reached::NOT);
    let unknown = Worked { order: "SOMETIMES", ..Worked::new(vec![open(1000)]) }.with(network());
    assert_eq!(unknown.reached(6, "8.8.8.8", 22), UNDECIDED);
    let mut regional =
        policy(NETWORK, "projects/p/regions/us-central1/firewallPolicies/8", &[(10, "allow", whole)]);
    regional["region"] = "projects/p/regions/us-central1".into();
    assert_eq!(Worked::new(vec![]).with(regional.clone()).reached(6, "8.8.8.8", 22), Reached::NOT);
    regional["region"] = "projects/p/regions/europe-west1".into();
    assert_eq!(Worked::new(vec![]).with(regional).reached(6, "8.8.8.8", 22), EXPOSED);
}

#[test]
fn secure_tags_count_while_they_are_effective() {
    let with = |tags: Value, binding: &str| {
        let mut made =
            policy("organizations/1", "locations/global/firewallPolicies/4", &[(1, "allow", "0.0.0.0/0")]);
        made["rules"][0]["targetSecureTags"] = tags;
        let parent = "//compute.googleapis.com/projects/9/zones/europe-west1-b/instances/77";
        Worked::new(vec![])
            .with(made)
            .with(json!([{"parent": parent, "tagValue": binding}]))
            .reached(6, "8.8.8.8", 22)
    };
    let tag = |name: &str, state: &str| json!({"name": name, "state": state});
    assert_eq!(with(json!([tag("tagValues/1", "EFFECTIVE")]), "tagValues/1"), EXPOSED);
    assert_eq!(with(json!([tag("tagValues/1", "EFFECTIVE")]), "tagValues/2"), Reached::NOT);
    assert_eq!(with(json!([tag("tagValues/1", "INEFFECTIVE")]), "tagValues/1"), Reached::NOT);
    let mixed = json!([tag("tagValues/1", "INEFFECTIVE"), tag("tagValues/2", "EFFECTIVE")]);
    assert_eq!(with(mixed, "tagValues/1"), Reached::NOT);
}

#[test]
fn replies_need_a_route_to_the_internet() {
    let with = |routes: &[(&str, u32, &str, &str)]| {
        let read = routes.iter().map(|(range, priority, key, tag)| {
            let mut route = json!({"kind": "compute#route", "network": NETWORK, "destRange": range, "priority": priority, *key: "x/default-internet-gateway"});
            if !tag.is_empty() {
                route["tags"] = json!([tag]);
            }
            route
        });
        Worked { tags: json!(["web"]), ..Worked::new(vec![open(1000)]) }.with(read.collect::<Vec<_>>().into())
    };
    let default = ("0.0.0.0/0", 1000, "nextHopGateway", "");
    assert_eq!(with(&[default]).reached(6, "8.8.8.8", 22), EXPOSED);
    let narrow = [default, ("8.0.0.0/8", 1000, "nextHopNetwork", "")];
    assert_eq!(with(&narrow).reached(6, "8.8.8.8", 22), ONE_WAY);
    assert_eq!(with(&narrow).reached(6, "9.8.8.8", 22), EXPOSED);
    let prior = [default, ("0.0.0.0/0", 900, "nextHopNetwork", "web")];
    assert_eq!(with(&prior).reached(6, "8.8.8.8", 22), ONE_WAY);
    let others = [default, ("0.0.0.0/0", 900, "nextHopNetwork", "db")];
    assert_eq!(with(&others).reached(6, "8.8.8.8", 22), EXPOSED);
}

#[test]
fn a_machine_without_an_address_is_reached_by_what_forwards_to_it() {
    let s077 = || Worked { external: json!([]), ..Worked::new(vec![open(1000)]) };
    assert_eq!(s077().reached(6, "8.8.8.8", 22), Reached::NOT);
    let to = json!({"kind": "compute#targetInstance", "selfLink": "projects/p/zones/z/targetInstances/t", "instance": "zones/europe-west1-b/instances/vm"});
    let forward = |more: Value| {
        let mut made = json!({"kind": "compute#forwardingRule", "IPAddress": "203.0.113.99", "IPProtocol": "TCP", "portRange": "20-23", "target": "zones/z/targetInstances/t"});
        more.as_object().unwrap().iter().for_each(|(key, value)| made[key] = value.clone());
        s077().with(to.clone()).with(made)
    };
    assert_eq!(forward(json!({})).reached(6, "8.8.8.8", 22), EXPOSED);
    assert_eq!(forward(json!({"portRange": "80-80"})).reached(6, "8.8.8.8", 22), Reached::NOT);
    assert_eq!(forward(json!({"sourceIpRanges": ["9.0.0.0/8"]})).reached(6, "8.8.8.8", 22), Reached::NOT);
}

#[test]
fn what_it_does_not_know_makes_it_abstain() {
    let mut estate = Estate::default();
    estate.read(
        &json!([{"kind": "compute#instance", "name": "vm"}, {"kind": "compute#urlMap", "name": "map"}]),
    );
    assert_eq!(estate.strange().collect::<Vec<_>>(), ["compute#urlMap"]);
    assert!(estate.judge("vm").is_none());
}
