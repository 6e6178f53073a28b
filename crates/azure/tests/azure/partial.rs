//! What is known from edits alone, what nobody saw, what a network manager commits.

use azure::Inventory;
use cloud::Inventory as _;
use cloud::audit::{Act, Applied, Spot};
use cloud::json::Tree;
use engine::Certainty;
use model::Thresholds;
use serde_json::json;

use crate::edits::{PLACE, edit, gone, node, puts};
use crate::estate::{group, id, interface, public_address, scan, standard};

fn rule(name: &str, priority: u32, access: &str, port: &str) -> serde_json::Value {
    json!({"name": name, "properties": {"priority": priority, "access": access, "direction": "Inbound", "protocol": "Tcp",
        "sourcePortRange": "*", "sourceAddressPrefix": "*", "destinationAddressPrefix": "*", "destinationPortRange": port}})
}

fn put(inventory: &mut Inventory, id: &str, object: &serde_json::Value) -> Applied {
    let put = edit(id, Act::Put(node(&object.to_string())));
    let of_deployment =
        id.contains("/deployments/").then(|| "microsoft.network/networkmanagers/deployments".into());
    let kind = of_deployment.unwrap_or_else(|| put.kind.clone());
    inventory.apply(&cloud::audit::Edit { kind, ..put }, PLACE)
}

/// What is reached: target, certainty, whether the target is partial.
fn exposed(inventory: &Inventory) -> Vec<(String, &'static str, bool)> {
    let snapshot = inventory.snapshot(Thresholds::STANDARD);
    let mut all = Vec::new();
    let mut take = |exposure: engine::Exposure| {
        let certainty = if exposure.certainty == Certainty::Proved { "proved" } else { "possible" };
        all.push((exposure.target.name.to_string(), certainty, inventory.is_partial(&exposure.target)));
    };
    engine::exposures(&snapshot, &mut |exposure, _| take(exposure)).unwrap();
    all.sort();
    all.dedup();
    all
}

fn own(name: &str) -> String {
    id("networkSecurityGroups", name)
}

#[test]
fn an_allow_in_a_group_that_was_never_seen_is_possible() {
    let mut inventory = Inventory::new();
    inventory.remember();
    let part = format!("{}/securityRules/r", own("nsg"));
    let applied = put(&mut inventory, &part, &rule("r", 300, "Allow", "22"));
    assert_eq!(applied.touched.iter().map(|key| &**key).collect::<Vec<_>>(), [own("nsg").to_lowercase()]);
    assert_eq!(exposed(&inventory), [("nsg".to_owned(), "possible", true)]);
    // No rule comes before the first priority.
    put(&mut inventory, &format!("{}/securityRules/first", own("nsg")), &rule("first", 100, "Allow", "3389"));
    assert_eq!(
        exposed(&inventory),
        [("nsg".to_owned(), "possible", true), ("nsg".to_owned(), "proved", true)]
    );
    // Whoever states it whole ends the doubt.
    let whole =
        json!({"location": "eastus", "properties": {"securityRules": [rule("r", 300, "Allow", "22")]}});
    put(&mut inventory, &own("nsg"), &whole);
    let now = exposed(&inventory);
    assert!(now.iter().all(|(_, certainty, is_partial)| *certainty == "proved" && !is_partial), "{now:?}");
}

#[test]
fn what_an_edited_interface_refers_to_lets_in_no_more_than_its_provider() {
    let mut inventory = Inventory::new();
    inventory.remember();
    for edit in puts(&interface("nic", ["10.0.0.4", "pip", "nsg", "v/s"])) {
        inventory.apply(&edit, PLACE);
    }
    // A group without a rule of its own is closed.
    assert_eq!(exposed(&inventory), []);
    let part = format!("{}/securityRules/r", own("nsg"));
    let applied = put(&mut inventory, &part, &rule("r", 300, "Allow", "22"));
    let nic = id("networkInterfaces", "nic").to_lowercase();
    assert!(applied.touched.iter().any(|key| **key == *nic), "{:?}", applied.touched);
    assert_eq!(exposed(&inventory), [("nic".to_owned(), "possible", true)]);
}

#[test]
fn a_detached_group_is_detached_although_its_export_lists_the_interface() {
    let nic = id("networkInterfaces", "nic");
    let listed = crate::estate::group_of(
        "nsg",
        &crate::estate::rule("100 deny tcp * * 22"),
        &format!(r#", "networkInterfaces": [{{"id": "{nic}"}}]"#),
    );
    let mut documents = standard(&["100 deny tcp * * 22"]);
    documents[0] = listed;
    documents[2] = public_address("pip", "20.50.1.20", "Basic");
    let mut inventory = scan(&documents).inventory;
    assert_eq!(exposed(&inventory), []);
    let stated = json!({"location": "eastus", "properties": {"ipConfigurations": [{"name": "c1", "properties": {
        "publicIPAddress": {"id": id("publicIPAddresses", "pip")},
        "subnet": {"id": format!("{}/subnets/s", id("virtualNetworks", "v"))}}}]}});
    put(&mut inventory, &nic, &stated);
    assert!(exposed(&inventory).iter().any(|(name, certainty, _)| name == "nic" && *certainty == "proved"));
    // The private address was not in the request.
    let target = inventory.lower(&[nic.to_lowercase().as_str().into()]).pop().unwrap();
    assert!(format!("{:?}", target.paths).contains("These"), "{target:?}");
}

#[test]
fn what_is_not_in_the_log_is_told_and_doubted() {
    let mut inventory = scan(&standard(&["100 allow tcp * * 22"])).inventory;
    assert_eq!(exposed(&inventory), [("nic".to_owned(), "proved", false)]);
    let unseen = Act::Set { at: Spot::of(&["#unseen"]), value: Tree::Text("write".into()) };
    let applied = inventory.apply(&edit(&own("nsg"), unseen), PLACE);
    assert!(applied.unseen.is_some_and(|unseen| unseen.contains("write")));
    assert!(exposed(&inventory).iter().all(|(_, _, is_partial)| *is_partial));
    for edit in puts(&group("nsg", &["100 allow tcp * * 22"])) {
        inventory.apply(&edit, PLACE);
    }
    assert_eq!(exposed(&inventory), [("nic".to_owned(), "proved", false)]);
}

#[test]
fn a_group_of_resources_takes_all_of_it_along() {
    let mut inventory = scan(&standard(&["100 allow tcp * * 22"])).inventory;
    let scope = cloud::audit::Edit { kind: "microsoft.resources/resourcegroups".into(), ..gone(&own("nsg")) };
    let scope = cloud::audit::Edit { id: "/subscriptions/s1/resourceGroups/RG".into(), ..scope };
    let applied = inventory.apply(&scope, PLACE);
    assert!(applied.touched.len() >= 2, "{:?}", applied.touched);
    assert_eq!(inventory.lower(&applied.touched), []);
    assert_eq!(inventory.snapshot(Thresholds::STANDARD).targets.len(), 0);
}

#[test]
fn drafted_admin_rules_act_from_the_commit_on() {
    let manager = id("networkManagers", "m");
    let configuration = format!("{manager}/securityAdminConfigurations/c");
    let collection = format!("{configuration}/ruleCollections/k");
    let members = format!("{manager}/networkGroups/g");
    let mut documents = standard(&["100 allow tcp * * 22"]);
    documents[3] = crate::estate::network_of(
        "v",
        "10.0.0.0/16",
        &[["s", "10.0.0.0/24", "", ""]],
        r#", "location": "eastus", "etag": "W/0""#,
    );
    let mut inventory = scan(&documents).inventory;
    let drafted = |access: &str| {
        json!({"kind": "Custom", "properties": {"access": access, "priority": 10, "direction": "Inbound",
        "protocol": "Tcp", "sources": [{"addressPrefixType": "IPPrefix", "addressPrefix": "*"}],
        "destinations": [{"addressPrefixType": "IPPrefix", "addressPrefix": "*"}],
        "sourcePortRanges": ["0-65535"], "destinationPortRanges": ["22"]}})
    };
    let commit = |configurations: serde_json::Value| {
        json!({"commitTime": "2026-01-10T09:00:00Z", "configurationIds": configurations,
        "deploymentStatus": "Deployed", "deploymentType": "SecurityAdmin", "region": "eastus"})
    };
    let deployment = format!("{manager}/deployments/SecurityAdmin/eastus");
    put(
        &mut inventory,
        &manager,
        &json!({"properties": {"networkManagerScopes": {"subscriptions": ["/subscriptions/s1"]}}}),
    );
    put(&mut inventory, &members, &json!({"properties": {"memberType": "VirtualNetwork"}}));
    put(
        &mut inventory,
        &format!("{members}/staticMembers/v"),
        &json!({"properties": {"resourceId": id("virtualNetworks", "v")}}),
    );
    put(&mut inventory, &configuration, &json!({"properties": {}}));
    put(
        &mut inventory,
        &collection,
        &json!({"properties": {"appliesToGroups": [{"networkGroupId": members}]}}),
    );
    // Committed empty first: it is known that nothing is in force.
    put(&mut inventory, &deployment, &commit(json!([])));
    put(&mut inventory, &format!("{collection}/rules/r"), &drafted("Deny"));
    let proved = ("nic".to_owned(), "proved", false);
    assert_eq!(exposed(&inventory), std::slice::from_ref(&proved));
    put(&mut inventory, &deployment, &commit(json!([configuration])));
    assert_eq!(exposed(&inventory), []);
    // A draft changes nothing that is in force.
    put(&mut inventory, &format!("{collection}/rules/r"), &drafted("AlwaysAllow"));
    assert_eq!(exposed(&inventory), []);
    put(&mut inventory, &deployment, &commit(json!([configuration])));
    assert_eq!(exposed(&inventory), std::slice::from_ref(&proved));
    put(&mut inventory, &format!("{collection}/rules/r"), &drafted("Deny"));
    assert_eq!(exposed(&inventory), std::slice::from_ref(&proved));
    put(&mut inventory, &deployment, &commit(json!([configuration])));
    assert_eq!(exposed(&inventory), []);
    put(&mut inventory, &deployment, &commit(json!([])));
    assert_eq!(exposed(&inventory), [proved]);
}
