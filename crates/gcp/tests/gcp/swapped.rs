//! An edit of one rule of a network leaves what has nothing of it where it was, and comes to what an export of afterwards
//! says.

use std::sync::Arc;

use cloud::audit::{Act, Edit, Nature};
use cloud::json::{Node, Tree, tree_in};
use cloud::{Document, Inventory};
use model::{DocumentId, Filter, Name, Provenance, Target};

const API: &str = "https://www.googleapis.com/compute/v1/projects/p";
const PLACE: Provenance = Provenance { document: DocumentId(7), offset: 0 };

fn rule(name: &str, network: &str, source: &str, more: &str) -> String {
    format!(
        r#"{{"kind":"compute#firewall","name":"{name}","selfLink":"{API}/global/firewalls/{name}","network":"{API}/global/networks/{network}","priority":1000,"direction":"INGRESS","disabled":false,"allowed":[{{"IPProtocol":"tcp","ports":["22"]}}],"sourceRanges":["{source}"]{more}}}"#
    )
}

fn machine(name: &str, network: &str, number: usize) -> String {
    format!(
        r#"{{"kind":"compute#instance","id":"{number}","name":"{name}","selfLink":"{API}/zones/z/instances/{name}","zone":"{API}/zones/z","status":"RUNNING","networkInterfaces":[{{"kind":"compute#networkInterface","name":"nic0","network":"{API}/global/networks/{network}","networkIP":"10.0.0.{number}","accessConfigs":[{{"type":"ONE_TO_ONE_NAT","name":"External NAT","natIP":"34.90.0.{number}"}}]}}]}}"#
    )
}

/// Two networks, a machine in each; `rules` are those of the first.
fn estate(rules: &[String]) -> Box<dyn Inventory> {
    let network = |name: &str, number: usize| {
        format!(
            r#"{{"kind":"compute#network","id":"{number}","name":"{name}","selfLink":"{API}/global/networks/{name}","autoCreateSubnetworks":false}}"#
        )
    };
    let mut objects =
        vec![network("one", 1), network("two", 2), machine("a", "one", 4), machine("b", "two", 5)];
    objects.push(rule("other", "two", "10.0.0.0/8", ""));
    objects.extend_from_slice(rules);
    let mut inventory = (gcp::CLOUD.inventory)();
    inventory.remember();
    let text = format!("[{}]", objects.join(","));
    inventory.read(&Document { id: DocumentId(0), path: "export.json", text: &text });
    inventory
}

fn edit(act: Act) -> Edit {
    let id: Name = "projects/p/global/firewalls/ssh".into();
    Edit {
        kind: "firewall-rule".into(),
        id,
        scope: Some("p".into()),
        region: None,
        nature: Nature::Rule,
        act,
    }
}

fn node(text: &str) -> Node<'static> {
    match tree_in(text).map(|tree| tree.to_owned_tree()) {
        Some(Tree::Object(node)) => node,
        other => panic!("{other:?}"),
    }
}

fn machine_of(inventory: &dyn Inventory, name: &str) -> Target {
    let key: Name = format!("projects/p/zones/z/instances/{name}/networkInterfaces/nic0").into();
    inventory.lower(&[key]).pop().unwrap()
}

/// What a target's rules let in, in words without places.
fn said(target: &Target) -> Vec<String> {
    let lists = target.paths.iter().flat_map(|path| path.filter.lists());
    let rules = lists.flat_map(|list| &list.rules);
    rules.map(|rule| format!("{} {:?} {:?}", rule.name, rule.rank, rule.matches)).collect()
}

#[test]
fn a_rule_that_is_edited_moves_its_own_network_alone() {
    let base = rule("base", "one", "10.0.0.0/8", "");
    let open = rule("ssh", "one", "0.0.0.0/0", "");
    let narrow = rule("ssh", "one", "8.8.8.0/24", "");
    let disabled = open.replace(r#""disabled":false"#, r#""disabled":true"#);
    let mut inventory = estate(&[base.clone(), narrow.clone()]);
    let elsewhere: Arc<Filter> = Arc::clone(&machine_of(&*inventory, "b").paths[0].filter);
    let steps = [
        (Act::Put(node(&open)), vec![base.clone(), open.clone()]),
        (Act::Put(node(&disabled)), vec![base.clone(), disabled.clone()]),
        (Act::Put(node(&narrow)), vec![base.clone(), narrow.clone()]),
        (Act::Drop, vec![base.clone()]),
        (Act::Put(node(&open)), vec![base.clone(), open.clone()]),
    ];
    for (act, now) in steps {
        let what = format!("{act:?}");
        let applied = inventory.apply(&edit(act), PLACE);
        assert_eq!(applied.touched.len(), 1, "{what}: {:?}", applied.touched);
        assert_eq!(said(&machine_of(&*inventory, "a")), said(&machine_of(&*estate(&now), "a")), "{what}");
        // What is lowered anew has another filter.
        assert!(Arc::ptr_eq(&elsewhere, &machine_of(&*inventory, "b").paths[0].filter), "{what}");
    }
}

#[test]
fn a_rule_for_some_machines_is_no_rule_for_others() {
    let base = rule("base", "one", "10.0.0.0/8", "");
    let tagged = rule("ssh", "one", "0.0.0.0/0", r#","targetTags":["web"]"#);
    let mut inventory = estate(std::slice::from_ref(&base));
    inventory.apply(&edit(Act::Put(node(&tagged))), PLACE);
    let now = estate(&[base, tagged]);
    assert_eq!(said(&machine_of(&*inventory, "a")), said(&machine_of(&*now, "a")));
}
