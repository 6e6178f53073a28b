//! What is declared reads as its export will: resources with arguments, ids told later, things that may not be there.

use std::borrow::Cow;
use std::sync::Arc;

use azure::Inventory;
use cloud::json::{Cause, Node, Reference, Tree, Unknown};
use cloud::{Declarations, Declared, Inventory as _, Presence};
use model::{DocumentId, Thresholds};

use crate::estate::Answer;

/// Everything that a text declares: an object by address. `${azurerm_subnet.a.id}` refers to something, `${var.x}` is
/// not known; an address that ends with `?` may not be there.
pub(crate) fn declare(text: &str) -> Answer {
    let Ok(Tree::Object(all)) = serde_json::from_str::<Tree<'_>>(text) else { panic!("an object: {text}") };
    let mut resources: Vec<Declared<'_>> = Vec::new();
    for (address, arguments) in all.entries() {
        let Tree::Object(attributes) = written(arguments) else { panic!("arguments: {address}") };
        let (address, presence) = match address.strip_suffix('?') {
            Some(address) => (address, Presence::Perhaps),
            None => (&**address, Presence::Certain),
        };
        let local =
            address.rsplit_once("module.").map_or(address, |(_, rest)| rest.split_once('.').unwrap().1);
        let (local, is_looked_up) = match local.strip_prefix("data.") {
            Some(local) => (local, true),
            None => (local, false),
        };
        resources.push(Declared {
            kind: Cow::Owned(local.split('.').next().unwrap().to_owned()),
            address: address.to_owned(),
            attributes,
            provider: Arc::new(Node::default()),
            presence,
            is_looked_up,
        });
    }
    resources.sort_by(|one, other| one.address.cmp(&other.address));
    let documents = [(DocumentId(0), text)];
    let mut inventory = Inventory::new();
    let declarations = Declarations { documents: &documents, label: "", resources: &resources };
    let reading = inventory.declare(&declarations);
    let snapshot = inventory.snapshot(Thresholds::STANDARD);
    Answer { inventory, readings: vec![reading], snapshot }
}

/// A value with its expressions as an evaluator hands them on.
fn written<'a>(value: &Tree<'a>) -> Tree<'a> {
    match value {
        Tree::Text(text) => match text.strip_prefix("${").and_then(|text| text.strip_suffix('}')) {
            Some("computed") => Tree::unknown(Cause::Computed, ""),
            Some(expression) if expression.starts_with("var.") => {
                Tree::unknown(Cause::Unset, expression.to_owned())
            }
            Some(expression) => {
                let steps = expression.find('.').unwrap() + 1;
                let steps = if expression.starts_with("data.") {
                    steps + expression[steps..].find('.').unwrap() + 1
                } else {
                    steps
                };
                let end = steps + expression[steps..].find('.').unwrap();
                let (address, attribute) = (expression[..end].to_owned(), expression[end + 1..].to_owned());
                Tree::Unknown(Box::new(Unknown {
                    cause: Cause::Computed,
                    text: expression.to_owned().into(),
                    refers: Some(Reference { address, attribute }),
                }))
            }
            None => value.clone(),
        },
        Tree::List(items) => Tree::List(items.iter().map(written).collect()),
        Tree::Object(node) => {
            let entries = node.entries().iter().map(|(key, value)| (key.clone(), written(value)));
            Tree::Object(Node::new(entries.collect(), node.at))
        }
        other => other.clone(),
    }
}

/// A network `net` with a subnet `a` of 10.0.1.0/24, and a group `web` on the subnet that lets in what these rules say.
fn web(rules: &str, more: &str) -> String {
    format!(
        r#"{{
  "azurerm_resource_group.rg": {{"name": "rg", "location": "westeurope"}},
  "azurerm_virtual_network.net": {{"name": "net", "resource_group_name": "rg", "address_space": ["10.0.0.0/16"]}},
  "azurerm_subnet.a": {{"name": "a", "resource_group_name": "rg", "virtual_network_name": "net", "address_prefixes": ["10.0.1.0/24"]}},
  "azurerm_network_security_group.web": {{"name": "web", "resource_group_name": "rg", "security_rule": [{rules}]}},
  "azurerm_subnet_network_security_group_association.a": {{"subnet_id": "${{azurerm_subnet.a.id}}", "network_security_group_id": "${{azurerm_network_security_group.web.id}}"}},
  "azurerm_public_ip.vm": {{"name": "vm-ip", "resource_group_name": "rg", "allocation_method": "Static", "sku": "Standard"}},
  "azurerm_network_interface.vm": {{"name": "vm-nic", "resource_group_name": "rg", "ip_configuration": [{{"name": "c1", "subnet_id": "${{azurerm_subnet.a.id}}", "private_ip_address_allocation": "Dynamic", "public_ip_address_id": "${{azurerm_public_ip.vm.id}}"}}]}},
  "azurerm_linux_virtual_machine.vm": {{"name": "vm", "resource_group_name": "rg", "network_interface_ids": ["${{azurerm_network_interface.vm.id}}"]}}{more}
}}"#
    )
}

const SSH: &str = r#"{"name": "ssh", "priority": 100, "direction": "Inbound", "access": "Allow", "protocol": "Tcp", "source_port_range": "*", "destination_port_range": "22", "source_address_prefix": "*", "destination_address_prefix": "*"}"#;

fn ssh(changes: &[(&str, &str)]) -> String {
    changes.iter().fold(SSH.to_owned(), |rule, (from, to)| {
        assert!(rule.contains(from), "{from}");
        rule.replace(from, to)
    })
}

#[test]
fn a_public_address_that_is_declared_and_attached_is_exposed() {
    let answer = declare(&web(SSH, ""));
    assert_eq!(answer.codes(), [""; 0]);
    assert_eq!(answer.exposures(), ["vm-nic exposed tcp/22 any 3702258431 / -"]);
    let target = &answer.snapshot.targets[0];
    assert_eq!(
        &*target.id,
        "/subscriptions/{subscription}/resourceGroups/rg/providers/Microsoft.Network/networkInterfaces/vm-nic"
    );
    assert_eq!(target.attributes, [("machine", "vm".into())]);
}

/// A rule that stands on its own, and its group.
fn alone(rule: &str) -> String {
    let of_group = r#""name": "ssh", "resource_group_name": "rg", "network_security_group_name": "web""#;
    format!(r#", "azurerm_network_security_rule.ssh": {}"#, rule.replace(r#""name": "ssh""#, of_group))
}

#[test]
fn a_rule_on_its_own_is_one_of_its_group() {
    let inside = declare(&web(SSH, "")).exposures();
    let outside = declare(&web("", &alone(SSH)));
    assert_eq!(outside.codes(), [""; 0]);
    assert_eq!(outside.exposures(), inside);
    // States have it in both places.
    let both = declare(&web(SSH, &alone(SSH)));
    assert_eq!(both.codes(), [""; 0]);
    assert_eq!(both.exposures(), inside);
    // Plans have a list that nobody wrote.
    let planned = declare(&web(SSH, &alone(SSH)).replace(&format!("[{SSH}]"), "\"${computed}\""));
    assert_eq!(planned.codes(), [""; 0]);
    assert_eq!(planned.exposures(), inside);
}

#[test]
fn what_is_not_known_of_a_rule_is_never_closed_and_never_proved() {
    for (from, to) in [
        (r#""*", "destination_address"#, r#""${var.sources}", "destination_address"#),
        (r#""22""#, r#""${var.port}""#),
        (r#""Tcp""#, r#""${var.protocol}""#),
        (r#""Allow""#, r#""${var.access}""#),
        (r#""Inbound""#, r#""${var.direction}""#),
        ("100", r#""${var.priority}""#),
    ] {
        let answer = declare(&web(&ssh(&[(from, to)]), ""));
        let exposures = answer.exposures();
        assert!(
            !exposures.is_empty() && exposures.iter().all(|line| line.contains(" possible ")),
            "{to}: {exposures:?}"
        );
        assert!(answer.codes().contains(&"unresolved-expression"), "{to}: {:?}", answer.codes());
    }
    let unknown = declare(&web(r#""${var.rules}""#, ""));
    assert!(unknown.exposures().iter().all(|line| line.contains(" possible ")));
    assert!(!unknown.exposures().is_empty());
    assert_eq!(unknown.codes(), ["unresolved-expression"]);
}

#[test]
fn what_may_not_be_there_is_possible() {
    let rule = alone(SSH).replace(r#".ssh""#, r#".ssh?""#);
    let answer = declare(&web("", &rule));
    assert_eq!(answer.exposures(), ["vm-nic exposed possible tcp/22 any 3702258431 / -"]);
    assert_eq!(answer.codes(), ["unknown-presence"]);
    // A denial that may not be there closes nothing.
    let denial = SSH.replace("Allow", "Deny").replace("100", "90").replace(r#""ssh""#, r#""no-ssh""#);
    let denial = alone(&denial.replace("no-ssh", "ssh")).replace(r#".ssh""#, r#".ssh?""#).replacen(
        r#""name": "ssh""#,
        r#""name": "no-ssh""#,
        1,
    );
    let answer = declare(&web(SSH, &denial));
    assert_eq!(answer.exposures(), ["vm-nic exposed possible tcp/22 any 3702258431 / -"]);
    // An association that may not be there leaves the group open.
    let text = web(&ssh(&[("Allow", "Deny")]), "").replace(r#"association.a":"#, r#"association.a?":"#);
    let answer = declare(&text);
    assert!(answer.exposures().iter().any(|line| line.contains(" possible ")), "{:?}", answer.exposures());
    assert!(answer.codes().contains(&"unresolved-expression"), "{:?}", answer.codes());
    // A machine that may not be there is taken as there.
    let text = web(SSH, "").replace(r#"network_interface.vm":"#, r#"network_interface.vm?":"#);
    let answer = declare(&text);
    assert_eq!(answer.exposures(), ["vm-nic exposed tcp/22 any 3702258431 / -"]);
    assert_eq!(answer.codes(), ["unknown-presence"]);
}

#[test]
fn a_destination_inside_of_the_subnet_may_be_the_address_that_is_told_later() {
    let inside =
        ssh(&[(r#""destination_address_prefix": "*""#, r#""destination_address_prefix": "10.0.1.4""#)]);
    assert_eq!(declare(&web(&inside, "")).exposures(), ["vm-nic exposed possible tcp/22 any 3702258431 / -"]);
    let whole =
        ssh(&[(r#""destination_address_prefix": "*""#, r#""destination_address_prefix": "10.0.1.0/24""#)]);
    let answer = declare(&web(&whole, ""));
    assert_eq!(answer.exposures(), ["vm-nic exposed tcp/22 any 3702258431 / -"]);
    assert_eq!(answer.codes(), [""; 0]);
    let other =
        ssh(&[(r#""destination_address_prefix": "*""#, r#""destination_address_prefix": "10.0.2.0/24""#)]);
    assert_eq!(declare(&web(&other, "")).exposures(), [""; 0]);
}

#[test]
fn an_unknown_group_is_not_no_group() {
    let text = web(SSH, "").replace("${azurerm_network_security_group.web.id}", "${var.group}");
    let answer = declare(&text);
    assert!(
        answer.exposures().iter().any(|line| line.starts_with("vm-nic exposed possible ")),
        "{:?}",
        answer.exposures()
    );
    // The group may be the one that is attached: where is not known.
    assert!(
        answer.exposures().iter().any(|line| line.starts_with("web admitted ")),
        "{:?}",
        answer.exposures()
    );
    assert!(answer.codes().contains(&"unresolved-expression"), "{:?}", answer.codes());
    // Nor is an unknown subnet any subnet.
    let text = web(&ssh(&[("Allow", "Deny")]), "").replacen(
        r#""subnet_id": "${azurerm_subnet.a.id}", "network"#,
        r#""subnet_id": "${var.subnet}", "network"#,
        1,
    );
    let answer = declare(&text);
    assert!(
        answer.codes().contains(&"unresolved-expression"),
        "{:?} {:?}",
        answer.codes(),
        answer.exposures()
    );
}

#[test]
fn a_group_alone_is_admitted_and_beside_a_network_latent() {
    let group = format!(
        r#""azurerm_network_security_group.lone": {{"name": "lone", "resource_group_name": "rg", "security_rule": [{SSH}]}}"#
    );
    let answer = declare(&format!("{{{group}}}"));
    assert_eq!(answer.exposures(), ["lone admitted tcp/22 any 3702258431 / any"]);
    assert_eq!(answer.codes(), [""; 0]);
    let answer = declare(&web(SSH, &format!(", {group}")));
    assert_eq!(
        answer.exposures(),
        ["lone latent tcp/22 any 3702258431 / any", "vm-nic exposed tcp/22 any 3702258431 / -"]
    );
}

#[test]
fn a_subnet_that_is_looked_up_may_have_a_group() {
    let text = web(SSH, "")
        .replace(r#""azurerm_subnet.a":"#, r#""data.azurerm_subnet.a":"#)
        .replace("${azurerm_subnet.a.id}", "${data.azurerm_subnet.a.id}")
        .replace(
            r#""subnet_id": "${data.azurerm_subnet.a.id}", "network_security_group_id""#,
            r#""network_interface_id": "${azurerm_network_interface.vm.id}", "network_security_group_id""#,
        )
        .replace(
            "azurerm_subnet_network_security_group_association",
            "azurerm_network_interface_security_group_association",
        );
    let answer = declare(&text);
    assert_eq!(answer.exposures(), ["vm-nic admitted tcp/22 any 3702258431 / -"], "{:?}", answer.codes());
}

#[test]
fn places_are_those_of_the_innermost_block() {
    let text = web(&ssh(&[(r#""22""#, r#""${var.port}""#)]), "");
    let answer = declare(&text);
    let gap = answer.readings[0].gaps.iter().find(|gap| gap.code == "unresolved-expression").unwrap();
    let offset = usize::try_from(gap.provenance.unwrap().offset).unwrap();
    assert!(text[offset..].starts_with(r#"name": "ssh""#), "{}", &text[offset..offset + 40]);
}

#[test]
fn what_azapi_declares_takes_what_azurerm_adds() {
    let group = r#"{"name": "web", "type": "Microsoft.Network/networkSecurityGroups@2023-04-01", "parent_id": "${azurerm_resource_group.rg.id}", "body": {"properties": {}}}"#;
    let rule = alone(SSH).replace(
        r#""resource_group_name": "rg", "network_security_group_name": "web""#,
        r#""network_security_group_id": "${azapi_resource.web.id}""#,
    );
    let text = web("", &rule)
        .replace(r#""azurerm_network_security_group.web": {"name": "web", "resource_group_name": "rg", "security_rule": []}"#, &format!(r#""azapi_resource.web": {group}"#))
        .replace("azurerm_network_security_group.web.id", "azapi_resource.web.id");
    let answer = declare(&text);
    assert_eq!(answer.exposures(), ["vm-nic exposed tcp/22 any 3702258431 / -"], "{:?}", answer.gaps());
    assert_eq!(answer.codes(), [""; 0]);
}

#[test]
fn two_groups_that_are_called_alike_do_not_hide_each_other() {
    let group = |label: &str, port: &str| {
        let rule = ssh(&[(r#""22""#, &format!("{port:?}"))]);
        format!(
            r#""azurerm_network_security_group.{label}": {{"name": "example", "resource_group_name": "rg", "security_rule": [{rule}]}}"#
        )
    };
    let answer = declare(&format!("{{{}, {}}}", group("a", "22"), group("b", "3389")));
    assert_eq!(
        answer.exposures(),
        ["example admitted tcp/22 any 3702258431 / any", "example admitted tcp/3389 any 3702258431 / any"]
    );
    assert_eq!(answer.codes(), [""; 0]);
}

#[test]
fn what_adds_to_something_declared_elsewhere_is_told() {
    let rule = alone(SSH).replacen(", ", "", 1);
    let answer = declare(&format!("{{{rule}}}"));
    assert_eq!(answer.codes(), ["rule-without-group"]);
    assert_eq!(answer.exposures(), ["web admitted tcp/22 any 3702258431 / any"]);
    let nat = r#"{"azurerm_lb_rule.r": {"name": "r", "loadbalancer_id": "${var.lb}", "frontend_ip_configuration_name": "f", "protocol": "Tcp", "frontend_port": 80, "backend_port": 80}}"#;
    let answer = declare(nat);
    assert!(!answer.codes().is_empty(), "{:?}", answer.exposures());
    let address = r#"{"azurerm_ip_group_cidr.c": {"ip_group_id": "/subscriptions/s/resourceGroups/r/providers/Microsoft.Network/ipGroups/g", "cidr": "10.0.0.0/8"}}"#;
    assert_eq!(declare(address).codes(), ["dangling-reference"]);
}
