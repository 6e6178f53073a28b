//! One change at a time gives what reading everything at once gives.

use azure::Inventory;
use cloud::Inventory as _;
use model::{Name, Thresholds};

use crate::edits::{PLACE, gone, puts};
use crate::estate::{group, id, interface, public_address, scan, standard};

/// Applies a document's changes, and holds that the touched targets are lowered as a new scan lowers them.
pub(crate) fn apply(inventory: &mut Inventory, text: &str) -> Vec<Name> {
    let before = inventory.snapshot(Thresholds::STANDARD);
    let touched: Vec<Name> =
        puts(text).iter().flat_map(|edit| inventory.apply(edit, PLACE).touched).collect();
    let after = inventory.snapshot(Thresholds::STANDARD);
    let lowered = inventory.lower(&touched);
    for target in &after.targets {
        match lowered.iter().find(|one| one.key == target.key) {
            Some(one) => assert_eq!(one, &**target),
            None => assert!(before.targets.contains(target), "{} moved untouched", target.name),
        }
    }
    touched
}

#[test]
fn an_edit_of_a_group_touches_what_it_decides_about() {
    let mut answer = scan(&standard(&["100 allow tcp * * 22"]));
    let touched = apply(&mut answer.inventory, &group("nsg", &["100 allow tcp * * 23"]));
    assert_eq!(
        touched,
        [id("networkInterfaces", "nic").to_lowercase(), id("networkSecurityGroups", "nsg").to_lowercase()]
            .map(Name::from)
    );
    let replayed = answer.inventory.snapshot(Thresholds::STANDARD);
    let fresh = scan(&standard(&["100 allow tcp * * 23"])).snapshot;
    let plain = |targets: &[std::sync::Arc<model::Target>]| -> Vec<String> {
        targets.iter().map(|target| crate::replay::plain(target)).collect()
    };
    assert_eq!(plain(&replayed.targets), plain(&fresh.targets));
}

#[test]
fn every_kind_of_change_tells_what_it_moves() {
    let mut answer = scan(&standard(&["100 allow tcp * * 22"]));
    apply(&mut answer.inventory, &interface("nic", ["10.0.0.4", "", "nsg", "v/s"]));
    apply(&mut answer.inventory, &interface("nic", ["10.0.0.4", "pip", "nsg", "v/s"]));
    apply(&mut answer.inventory, &public_address("pip", "20.50.1.99", "Standard"));
    apply(&mut answer.inventory, &public_address("pip-2", "20.50.1.98", "Standard"));
    apply(&mut answer.inventory, &public_address("pip", "20.50.1.97", "Standard"));
    apply(&mut answer.inventory, &group("second", &["100 allow udp * * 53"]));
}

#[test]
fn what_is_removed_is_gone() {
    let mut answer = scan(&standard(&["100 allow tcp * * 22"]));
    let touched = answer.inventory.apply(&gone(&id("networkInterfaces", "NIC")), PLACE).touched;
    assert!(touched.contains(&id("networkInterfaces", "nic").to_lowercase().into()));
    let lowered = answer.inventory.lower(&touched);
    assert_eq!(lowered.iter().map(|target| &*target.name).collect::<Vec<_>>(), ["nsg"]);
    answer.inventory.apply(&gone(&id("networkSecurityGroups", "nsg")), PLACE);
    assert_eq!(answer.inventory.snapshot(Thresholds::STANDARD).targets.len(), 0);
}

#[test]
fn documents_may_come_in_any_order() {
    let documents = standard(&["100 allow tcp Internet * 22"]);
    let forward = scan(&documents).exposures();
    let backward: Vec<String> = documents.into_iter().rev().collect();
    assert_eq!(scan(&backward).exposures(), forward);
}
