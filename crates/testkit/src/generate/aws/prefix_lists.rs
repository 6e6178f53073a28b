//! Managed prefix lists, with their entries or without.

use serde_json::{Value, json};

use super::fields::{cidr4, cidr6};
use super::{Account, AwsElement, OWNER};
use crate::random::Random;

/// Some lists of both families: halves of everything, narrow ones, an empty one, one whose entries are not known.
pub(super) fn add(account: &mut Account, element: AwsElement, random: &mut Random) {
    if !element.varies(AwsElement::PrefixLists) && !element.varies(AwsElement::Routes) {
        return;
    }
    for number in 0..random.between(1, 5) {
        let v6 = random.chance(35);
        let id = format!("pl-{number}");
        let cidrs: Vec<String> = match random.below(6) {
            0 => halves(v6),
            1 => Vec::new(),
            _ => (0..random.between(1, 5)).map(|_| if v6 { cidr6(random) } else { cidr4(random) }).collect(),
        };
        account.all("PrefixLists").push(json!({
            "PrefixListId": id,
            "PrefixListName": format!("list-{number}"),
            "AddressFamily": if v6 { "IPv6" } else { "IPv4" },
            "State": "create-complete",
            "MaxEntries": 20,
            "Version": 1,
            "OwnerId": OWNER,
        }));
        if random.chance(85) {
            let mut cidrs = cidrs;
            cidrs.sort_unstable();
            cidrs.dedup();
            let entries: Vec<Value> = cidrs.into_iter().map(|cidr| json!({"Cidr": cidr})).collect();
            account.entries.push(json!({"PrefixListId": id, "Entries": entries}));
        }
    }
}

fn halves(v6: bool) -> Vec<String> {
    let halves = if v6 { ["::/1", "8000::/1"] } else { ["0.0.0.0/1", "128.0.0.0/1"] };
    halves.map(str::to_owned).to_vec()
}
