//! Rules of networks: what is told of them, the lists they come to, and how few filters many machines need.

use std::collections::BTreeSet;
use std::sync::Arc;

use model::{Filter, RuleList};
use packet::AddressSet;
use serde_json::{Value, json};

use crate::estate::{API, Answer, scan};

/// A rule for everybody on port 22 with these keys more, or others.
pub(crate) fn rule(name: &str, more: Value) -> Value {
    let mut rule = json!({"kind": "compute#firewall", "name": name, "selfLink": format!("{API}projects/p/global/firewalls/{name}"),
        "network": format!("{API}projects/p/global/networks/default"), "direction": "INGRESS", "priority": 1000, "disabled": false,
        "allowed": [{"IPProtocol": "tcp", "ports": ["22"]}], "sourceRanges": ["0.0.0.0/0"]});
    for (key, value) in more.as_object().unwrap() {
        rule[key] = value.clone();
    }
    rule
}

/// A machine in the default network with an external address.
pub(crate) fn machine(number: u8, tags: &[&str]) -> Value {
    json!({"kind": "compute#instance", "name": format!("vm-{number}"), "selfLink": format!("{API}projects/p/zones/z-b/instances/vm-{number}"),
        "zone": format!("{API}projects/p/zones/z-b"), "status": "RUNNING", "tags": {"items": tags, "fingerprint": "x"},
        "networkInterfaces": [{"kind": "compute#networkInterface", "name": "nic0", "network": format!("{API}projects/p/global/networks/default"),
            "networkIP": format!("10.0.0.{number}"),
            "accessConfigs": [{"kind": "compute#accessConfig", "type": "ONE_TO_ONE_NAT", "name": "External NAT", "natIP": format!("203.0.113.{number}")}]}]})
}

fn told(documents: &[Value]) -> Answer {
    scan(&documents.iter().map(Value::to_string).collect::<Vec<_>>())
}

fn list(answer: &Answer, id: &str) -> Arc<RuleList> {
    let lists = answer.snapshot.lists.iter().filter(|list| list.kind == "vpc-firewall");
    Arc::clone(lists.filter(|list| &*list.id == id).collect::<Vec<_>>()[0])
}

fn addresses(prefixes: &[&str]) -> AddressSet {
    prefixes.iter().map(|text| text.parse::<packet::Prefix>().unwrap()).collect()
}

#[test]
fn what_cannot_be_read_is_told_in_a_sentence() {
    for (more, message) in [
        (json!({"priority": 70000}), "`r`: `priority` is 70000, expected 0 to 65535: any order is possible"),
        (
            json!({"direction": "IN"}),
            "`r`: `direction` is `IN`, expected INGRESS or EGRESS: both are possible",
        ),
        (json!({"disabled": "no"}), "`r`: `disabled` is a string, expected true or false"),
        (
            json!({"denied": [{"IPProtocol": "udp"}]}),
            "`r`: both `allowed` and `denied` are told: either action is possible",
        ),
        (json!({"allowed": []}), "`r`: neither `allowed` nor `denied` is told: either action is possible"),
        (
            json!({"allowed": [{"IPProtocol": "icmp", "ports": ["8"]}]}),
            "`r`: ports are given for a protocol other than TCP, UDP and SCTP: every packet of the protocol is possible",
        ),
        (
            json!({"allowed": [{"IPProtocol": "tcp", "ports": ["90-80"]}]}),
            "`r`: the port `90-80` is none, and no range of ports: every packet of the protocol is possible",
        ),
        (json!({"allowed": [{"IPProtocol": "gre"}]}), "`r`: `gre` is no protocol: every packet is possible"),
        (
            json!({"sourceRanges": ["10.0.0.0/40"]}),
            "`r`: `sourceRanges` has `10.0.0.0/40`, which is no prefix: every address is possible",
        ),
        (
            json!({"targetTags": ["a"], "targetServiceAccounts": ["b"]}),
            "`r`: both `targetTags` and `targetServiceAccounts` are told: it may be for any instance",
        ),
        (
            json!({"targetTags": ["a", ""]}),
            "`r`: `targetTags` has a name that is empty: any name is possible",
        ),
        (
            json!({"network": null}),
            "`r`: `network` is missing: the rule may be one of any network of its project",
        ),
    ] {
        assert_eq!(told(&[rule("r", more)]).message(), message);
    }
}

#[test]
fn a_projection_is_told_what_it_leaves_out() {
    let mut piece = rule("r", json!({}));
    for key in ["kind", "disabled", "priority"] {
        piece.as_object_mut().unwrap().remove(key);
    }
    let expected = "`r`: `disabled`, `priority`, `destinationRanges`, `targetTags`, `targetServiceAccounts` are not in this export, \
                    so the rule is only possible; add all of `gcloud compute firewall-rules list --format json`";
    assert_eq!(told(&[piece]).message(), expected);
}

#[test]
fn what_the_input_has_nothing_of_is_missing_and_no_gap() {
    let alone = told(&[rule("r", json!({}))]);
    assert!(alone.codes().is_empty());
    let instances = "instances are not in the input: the reach of a network is `admitted`; add `gcloud compute instances list --format json`";
    assert!(alone.snapshot.missing.iter().any(|told| told == instances), "{:?}", alone.snapshot.missing);
    let machines = told(&[machine(1, &[])]);
    assert!(machines.codes().is_empty());
    let rules = "firewall rules are not in the input: they may let in everybody; add `gcloud compute firewall-rules list --format json`";
    assert!(machines.snapshot.missing.iter().any(|told| told == rules), "{:?}", machines.snapshot.missing);
}

/// The whole list of a network says for each rule for whom it is; what idle rules are looked for in.
#[test]
fn a_list_has_all_rules_of_its_network_in_their_order() {
    let answer = told(&[
        json!([
            rule("for-all", json!({})),
            rule("for-web", json!({"targetTags": ["web"], "priority": 900})),
            rule("for-nobody", json!({"targetTags": ["gone"], "priority": 65535})),
            rule("named", json!({"targetTags": ["web"], "destinationRanges": ["203.0.113.77"]})),
            rule("deny-all", json!({"allowed": null, "denied": [{"IPProtocol": "all"}]})),
            rule("from-web", json!({"sourceRanges": null, "sourceTags": ["web"]})),
            rule("off", json!({"disabled": true})),
            rule("out", json!({"direction": "EGRESS"})),
        ]),
        json!([machine(1, &["web"]), machine(2, &["web", "db"]), machine(3, &[])]),
    ]);
    let list = list(&answer, "projects/p/global/networks/default");
    let rules: Vec<(&str, Option<u32>)> =
        list.rules.iter().map(|rule| (&*rule.name, rule.priority)).collect();
    let expected = [
        ("for-web", Some(900)),
        ("deny-all", Some(1000)),
        ("for-all", Some(1000)),
        ("from-web", Some(1000)),
        ("named", Some(1000)),
        ("for-nobody", Some(65535)),
    ];
    assert_eq!(rules, expected);
    assert!(list.rules[1].rank < list.rules[2].rank && list.rules[2].rank == list.rules[4].rank);
    let destinations = |position: usize| AddressSet::clone(&list.rules[position].matches.destinations.may);
    assert_eq!(destinations(0), addresses(&["10.0.0.1", "10.0.0.2"]));
    assert_eq!(destinations(2), AddressSet::everything());
    assert_eq!(destinations(4), addresses(&["203.0.113.77"]));
    assert!(destinations(5).is_empty());
    let sources = &list.rules[3].matches.sources;
    assert!(sources.is_exact() && *sources.may == addresses(&["10.0.0.1", "10.0.0.2"]));
    assert_eq!((&*list.name, list.scope.as_deref()), ("default", Some("p")));
}

/// A rule that loses a tie never decides, be its machines in the input or not; one for other machines does.
#[test]
fn a_rule_that_loses_a_tie_is_idle() {
    let deny = |name: &str, more: Value| {
        let mut rule = rule(name, more);
        rule["denied"] = rule["allowed"].take();
        rule
    };
    let rules = json!([
        deny("deny-web", json!({"targetTags": ["web"]})),
        rule("lost", json!({"targetTags": ["web"]})),
        rule("other", json!({"targetTags": ["web", "db"]})),
        deny(
            "deny-there",
            json!({"targetTags": ["app"], "destinationRanges": ["10.0.0.0/8"], "priority": 1})
        ),
        rule("there", json!({"targetTags": ["cache"], "destinationRanges": ["10.0.0.0/8"], "priority": 1})),
    ]);
    for documents in
        [vec![rules.clone()], vec![rules, json!([machine(1, &["web"]), machine(2, &["db", "app", "cache"])])]]
    {
        let answer = told(&documents);
        let list = list(&answer, "projects/p/global/networks/default");
        let idle = engine::idle_rules(&list).into_iter().map(|idle| list.rules[idle.rule].name.to_string());
        assert_eq!(idle.collect::<Vec<_>>(), ["lost"], "{} documents", documents.len());
    }
}

/// Where the machines are not in the input, nobody says that a rule is for none.
#[test]
fn rules_alone_are_for_somebody() {
    let answer = told(&[json!([
        rule("for-web", json!({"targetTags": ["web"]})),
        rule("from-web", json!({"sourceRanges": null, "sourceTags": ["web"]})),
    ])]);
    let list = list(&answer, "projects/p/global/networks/default");
    assert!(list.rules.iter().all(|rule| !rule.matches.is_empty()));
    let internet = answer.snapshot.internet.addresses();
    assert!(list.rules[1].matches.sources.may.is_disjoint(internet));
}

/// Machines of another project in the network may be more than the input has.
#[test]
fn in_a_shared_network_a_tag_may_be_somebody_elses() {
    let mut guest = machine(1, &["web"]);
    guest["selfLink"] = json!(format!("{API}projects/guest/zones/z-b/instances/vm-1"));
    let answer =
        told(&[json!([rule("for-gone", json!({"targetTags": ["gone"]}))]), json!([guest, machine(2, &[])])]);
    let list = list(&answer, "projects/p/global/networks/default");
    assert!(!list.rules[0].matches.is_empty());
}

/// Two hundred machines that rules tell apart by one tag have two filters, whatever other tags they have.
#[test]
fn machines_that_rules_do_not_tell_apart_share_a_filter() {
    let machines: Vec<Value> = (1..=200)
        .map(|number| {
            machine(number, &[if number % 2 == 0 { "web" } else { "app" }, &format!("own-{number}")])
        })
        .collect();
    let answer = told(&[
        json!(machines),
        json!([rule("for-web", json!({"targetTags": ["web"]})), rule("for-all", json!({"priority": 7}))]),
    ]);
    let targets = answer.snapshot.targets.iter().filter(|target| target.kind == "network-interface");
    let filters: BTreeSet<*const Filter> =
        targets.flat_map(|target| &target.paths).map(|path| Arc::as_ptr(&path.filter)).collect();
    assert_eq!(answer.snapshot.targets.len(), 200);
    assert_eq!(filters.len(), 2);
}

/// The order of documents and of rules in them is no part of what they say.
#[test]
fn any_order_gives_the_same_answer() {
    let mut rules = vec![
        rule("a", json!({"priority": 5})),
        rule(
            "b",
            json!({"allowed": null, "denied": [{"IPProtocol": "tcp"}], "sourceRanges": ["8.0.0.0/8"], "priority": 5}),
        ),
        rule("c", json!({"priority": "x"})),
        rule("d", json!({"network": null, "allowed": [{"IPProtocol": "udp"}]})),
        rule(
            "e",
            json!({"targetTags": ["web"], "allowed": [{"IPProtocol": "sctp"}, {"IPProtocol": "tcp", "ports": ["22", "21"]}]}),
        ),
    ];
    let machines = json!([machine(1, &["web"]), machine(2, &[])]);
    let expected = told(&[json!(rules), machines.clone()]).exposures();
    for _ in 0..rules.len() {
        rules.rotate_left(1);
        assert_eq!(told(&[machines.clone(), json!(rules)]).exposures(), expected);
        let each: Vec<Value> = [machines.clone()].into_iter().chain(rules.iter().rev().cloned()).collect();
        assert_eq!(told(&each).exposures(), expected);
    }
}

/// Every spelling of a network is one network; a bare name is one of the rule's own project.
#[test]
fn spellings_of_a_network_are_one() {
    for network in [
        "https://www.googleapis.com/compute/v1/projects/p/global/networks/default",
        "https://compute.googleapis.com/compute/beta/projects/p/global/networks/default",
        "projects/p/global/networks/default",
        "global/networks/default",
        "default",
    ] {
        let documents = [json!([rule("r", json!({"network": network}))]), json!([machine(1, &[])])];
        told(&documents).check(&["vm-1 exposed tcp/22 any 3702185728 / -"]);
    }
    let elsewhere = json!({"kind": "compute#network", "name": "default", "selfLink": format!("{API}projects/other/global/networks/default")});
    let documents = [elsewhere, json!([rule("r", json!({"network": "default"}))]), json!([machine(1, &[])])];
    let own: Vec<String> =
        told(&documents).exposures().into_iter().filter(|line| line.starts_with("vm-1")).collect();
    assert_eq!(own, ["vm-1 exposed tcp/22 any 3702185728 / -"]);
}

/// An empty list of one project says nothing of the networks of another.
#[test]
fn no_rules_of_one_project_are_not_those_of_another() {
    let nothing = json!({"kind": "compute#firewallList", "id": "projects/p/global/firewalls", "selfLink": format!("{API}projects/p/global/firewalls")});
    let closed = told(&[nothing.clone(), json!([machine(1, &[])])]);
    closed.check(&[]);
    assert!(closed.codes().is_empty());
    let mut elsewhere = machine(1, &[]);
    elsewhere["networkInterfaces"][0]["network"] =
        json!(format!("{API}projects/host/global/networks/shared"));
    let open = told(&[nothing, json!([elsewhere])]);
    open.check(&["vm-1 exposed possible any any 3702185728 / -"]);
    assert_eq!(open.codes(), ["rules-not-in-input"]);
}
