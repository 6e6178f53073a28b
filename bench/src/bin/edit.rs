//! One edit of an audit log: how long until the targets that it moved are lowered.
//!
//! A rule of a group of fifty is put, turned and taken away again, an interface gets another group, in an estate of a
//! thousand groups and five thousand interfaces. What the engine then does with the targets is measured by `change`.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use bench::clock::{cpu_now, micros, quantile};
use cloud::audit::{Act, Edit, Nature, Spot};
use cloud::json::{Node, Tree, tree_in};
use cloud::{Document, Inventory as _};
use model::{DocumentId, Name, Provenance, Thresholds};

fn main() {
    let mut inventory = azure::Inventory::new();
    inventory.remember();
    for (number, text) in [groups(), interfaces(), network()].iter().enumerate() {
        let id = DocumentId(number as u32);
        let reading = inventory.read(&Document { id, path: "export.json", text });
        assert!(reading.format.is_some());
    }
    let targets = inventory.snapshot(Thresholds::STANDARD).targets.len();
    println!(
        "{GROUPS} groups of {RULES} rules, {INTERFACES} interfaces, {targets} targets; CPU µs from an edit to lowered targets"
    );
    println!("{:>26}{:>9}{:>9}{:>10}{:>10}{:>10}", "edit", "edits", "touched", "median", "p90", "budget");
    let rule = |number: usize| {
        let group = id("networkSecurityGroups", &format!("nsg-{}", number % GROUPS));
        let access = if number.is_multiple_of(2) { "Allow" } else { "Deny" };
        let port = 1000 + number % 500;
        let item = object(&rule_text(&format!("r{}", number % RULES), 100 + number % RULES, access, port));
        let into = Spot::of(&["properties", "securityRules"]);
        edit(&group, Act::Insert { into, items: vec![Tree::Object(item)], by: vec!["name".into()] })
    };
    told("rule of a group", "10", 4000, &mut inventory, &rule);
    let interface = |number: usize| {
        let name = number % INTERFACES;
        let text = interface_text(name, (name + number) % GROUPS);
        edit(&id("networkInterfaces", &format!("nic-{name}")), Act::Put(object(&text)))
    };
    told("interface, another group", "", 100, &mut inventory, &interface);
    let address = |number: usize| {
        let text = format!(
            r#"{{"properties": {{"ipAddress": "20.0.0.{}"}}, "sku": {{"name": "Standard"}}}}"#,
            number % 250
        );
        edit(&id("publicIPAddresses", &format!("pip-{number}")), Act::Put(object(&text)))
    };
    told("public address", "", 100, &mut inventory, &address);
}

fn told(
    what: &str,
    budget: &str,
    edits: usize,
    inventory: &mut azure::Inventory,
    make: &dyn Fn(usize) -> Edit,
) {
    let place = Provenance { document: DocumentId(9), offset: 0 };
    let mut touched = 0;
    let mut times: Vec<Duration> = Vec::with_capacity(edits);
    for number in 0..edits {
        let edit = make(number);
        let start = cpu_now();
        let applied = inventory.apply(&edit, place);
        let lowered = inventory.lower(&applied.touched);
        times.push(cpu_now() - start);
        touched += lowered.len();
    }
    let at = |share| micros(quantile(times.clone(), share));
    let each = touched as f64 / edits as f64;
    println!("{what:>26}{edits:>9}{each:>9.1}{:>10.2}{:>10.2}{budget:>10}", at(0.5), at(0.9));
}

fn edit(id: &str, act: Act) -> Edit {
    let kind = id.rsplit('/').nth(1).unwrap_or_default();
    let kind = format!("microsoft.network/{}", kind.to_ascii_lowercase());
    Edit {
        kind: kind.into(),
        id: Arc::<str>::from(id) as Name,
        scope: None,
        region: None,
        nature: Nature::Rule,
        act,
    }
}

fn object(text: &str) -> Node<'static> {
    match tree_in(text).map(|tree| tree.to_owned_tree()) {
        Some(Tree::Object(node)) => node,
        _ => Node::default(),
    }
}

fn id(kind: &str, name: &str) -> String {
    format!(
        "/subscriptions/5e1d0000-0000-4000-8000-000000000001/resourceGroups/rg/providers/Microsoft.Network/{kind}/{name}"
    )
}

fn rule_text(name: &str, priority: usize, access: &str, port: usize) -> String {
    format!(
        r#"{{"name": "{name}", "properties": {{"priority": {priority}, "access": "{access}", "direction": "Inbound", "protocol": "Tcp",
        "sourcePortRange": "*", "sourceAddressPrefix": "10.{}.0.0/16", "destinationAddressPrefix": "*", "destinationPortRange": "{port}"}}}}"#,
        priority % 250
    )
}

fn groups() -> String {
    let mut text = String::from("[");
    for number in 0..GROUPS {
        let rules: Vec<String> = (0..RULES)
            .map(|rule| rule_text(&format!("r{rule}"), 100 + rule, "Allow", 20 + (rule * 7 + number) % 400))
            .collect();
        let comma = if number == 0 { "" } else { "," };
        let _ = write!(
            text,
            r#"{comma}{{"id": "{}", "name": "nsg-{number}", "etag": "W/1", "properties": {{"securityRules": [{}], "defaultSecurityRules": []}}}}"#,
            id("networkSecurityGroups", &format!("nsg-{number}")),
            rules.join(",")
        );
    }
    text + "]"
}

fn interfaces() -> String {
    let all: Vec<String> = (0..INTERFACES).map(|number| interface_text(number, number % GROUPS)).collect();
    format!("[{}]", all.join(","))
}

fn interface_text(number: usize, group: usize) -> String {
    let subnet = format!("{}/subnets/s{}", id("virtualNetworks", "v"), number % 20);
    format!(
        r#"{{"id": "{}", "name": "nic-{number}", "etag": "W/1", "properties": {{"networkSecurityGroup": {{"id": "{}"}},
        "ipConfigurations": [{{"name": "c", "properties": {{"privateIPAddress": "10.0.{}.{}", "subnet": {{"id": "{subnet}"}}}}}}]}}}}"#,
        id("networkInterfaces", &format!("nic-{number}")),
        id("networkSecurityGroups", &format!("nsg-{group}")),
        number / 250,
        number % 250
    )
}

fn network() -> String {
    let own = id("virtualNetworks", "v");
    let subnets: Vec<String> = (0..20)
        .map(|number| {
            format!(r#"{{"id": "{own}/subnets/s{number}", "name": "s{number}", "etag": "W/1", "properties": {{"addressPrefix": "10.0.{number}.0/24"}}}}"#)
        })
        .collect();
    format!(
        r#"[{{"id": "{own}", "name": "v", "etag": "W/1", "properties": {{"addressSpace": {{"addressPrefixes": ["10.0.0.0/16"]}}, "subnets": [{}]}}}}]"#,
        subnets.join(",")
    )
}

const GROUPS: usize = 1000;
const INTERFACES: usize = 5000;
const RULES: usize = 50;
