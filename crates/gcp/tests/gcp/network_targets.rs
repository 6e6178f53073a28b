//! Networks as targets of their own.

use model::Reach;
use serde_json::{Value, json};

use crate::estate::{API, Answer, scan};
use crate::firewalls::{machine, rule};

fn told(documents: &[Value]) -> Answer {
    scan(&documents.iter().map(Value::to_string).collect::<Vec<_>>())
}

#[test]
fn a_network_that_only_rules_name_is_a_target() {
    let answer = told(&[rule("r", json!({}))]);
    let target = &answer.snapshot.targets[0];
    let said = (target.kind, &*target.id, &*target.key, &*target.name, target.scope.as_deref());
    let id = "projects/p/global/networks/default";
    assert_eq!(said, ("network", id, id, "default", Some("p")));
    assert_eq!((target.paths.len(), target.paths[0].reach), (1, Reach::Admitted));
    assert_eq!(answer.snapshot.targets.len(), 1);
}

/// One path for each class of machine that its rules tell apart, and no two that are equal.
#[test]
fn paths_are_the_classes_that_rules_tell_apart() {
    let answer = told(&[json!([
        rule("all", json!({})),
        rule("web", json!({"targetTags": ["web"], "allowed": [{"IPProtocol": "udp"}]})),
        rule("same", json!({"targetTags": ["web", "www"], "allowed": [{"IPProtocol": "sctp"}]})),
        rule("app", json!({"targetServiceAccounts": ["app@p.iam.gserviceaccount.com"]})),
        rule("db", json!({"targetTags": ["db"], "disabled": true})),
    ])]);
    // None, `web`, `www`, the service account.
    assert_eq!(answer.snapshot.targets[0].paths.len(), 4);
}

#[test]
fn rules_that_do_not_say_their_network_have_a_target_of_their_own() {
    let answer = told(&[rule("r", json!({"network": null}))]);
    let target = &answer.snapshot.targets[0];
    assert_eq!((&*target.id, &*target.name), ("projects/p/global/networks/-", "unknown network"));
    assert_eq!(answer.codes(), ["missing-field"]);
    answer.check(&["unknown network admitted possible tcp/22 any 3702185728 / -"]);
}

/// A list of networks alone says nothing of what they let in, and a network of which nothing is in the input is no
/// target.
#[test]
fn networks_without_rules_are_no_targets() {
    let network = json!({"kind": "compute#network", "name": "default", "autoCreateSubnetworks": true,
        "selfLink": format!("{API}projects/p/global/networks/default")});
    assert!(told(std::slice::from_ref(&network)).snapshot.targets.is_empty());
    let mut other = rule("r", json!({}));
    other["network"] = json!(format!("{API}projects/p/global/networks/back"));
    let targets = told(&[network, other]).snapshot.targets;
    assert_eq!(targets.iter().map(|target| &*target.name).collect::<Vec<_>>(), ["back", "default"]);
}

/// A machine whose network is not told may be in any: the network is not known to be empty.
#[test]
fn a_machine_without_its_network_may_be_in_any() {
    let mut lost = machine(1, &[]);
    lost["networkInterfaces"][0].as_object_mut().unwrap().remove("network");
    let answer = told(&[json!([rule("r", json!({}))]), json!([lost])]);
    answer.check(&[
        "default admitted tcp/22 any 3702185728 / -",
        "vm-1 exposed possible any any 3702185728 / -",
    ]);
    assert!(answer.codes().contains(&"missing-field"));
}
