//! How long reading and lowering take beside parsing alone, on a generated export. Release build only:
//! `cargo run --release -p azure --example reading -- 1000`.

#![expect(
    clippy::disallowed_types,
    clippy::disallowed_macros,
    reason = "a measurement reads the clock and prints"
)]

use std::fmt::Write as _;
use std::time::Instant;

use azure::Inventory;
use cloud::{Document, Inventory as _};
use model::{DocumentId, Thresholds};

fn main() {
    let groups = std::env::args().nth(1).and_then(|count| count.parse().ok()).unwrap_or(1000_u32);
    let text = export(groups, 20);
    let megabytes = text.len() as f64 / 1e6;
    for _ in 0..3 {
        let start = Instant::now();
        let parsed = azure::parsed_resources(&text);
        let parse = start.elapsed();
        let mut inventory = Inventory::new();
        let start = Instant::now();
        let reading = inventory.read(&Document { id: DocumentId(0), path: "generated", text: &text });
        let read = start.elapsed();
        let start = Instant::now();
        let snapshot = inventory.snapshot(Thresholds::STANDARD);
        let lower = start.elapsed();
        println!(
            "{megabytes:.1} MB, {parsed} groups, {} gaps: parse {parse:.1?}, read {read:.1?} ({:.2} x), lower {lower:.1?} ({:.2} x), {} targets",
            reading.gaps.len() + snapshot.gaps.len(),
            read.as_secs_f64() / parse.as_secs_f64(),
            lower.as_secs_f64() / parse.as_secs_f64(),
            snapshot.targets.len(),
        );
        let edit = inventory
            .changes(&Document { id: DocumentId(1), path: "edit", text: &export(1, 20) })
            .0
            .remove(0);
        let start = Instant::now();
        let touched = inventory.apply(edit);
        let targets = inventory.lower(&touched);
        println!("one edit: {:.1?}, {} targets", start.elapsed(), targets.len());
    }
}

/// Groups as `az network nsg list` prints them.
fn export(groups: u32, rules: u32) -> String {
    let mut text = String::from("[\n");
    for group in 0..groups {
        let id = format!(
            "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-{:03}/providers/Microsoft.Network/networkSecurityGroups/nsg-{group:05}",
            group % 97
        );
        let comma = if group == 0 { "" } else { ",\n" };
        let _ = write!(text, "{comma}  {{\n    \"defaultSecurityRules\": [");
        for (number, (name, priority)) in [
            ("AllowVnetInBound", 65000),
            ("AllowAzureLoadBalancerInBound", 65001),
            ("DenyAllInBound", 65500),
            ("AllowVnetOutBound", 65000),
            ("AllowInternetOutBound", 65001),
            ("DenyAllOutBound", 65500),
        ]
        .into_iter()
        .enumerate()
        {
            let direction = if number < 3 { "Inbound" } else { "Outbound" };
            let access = if name.starts_with('A') { "Allow" } else { "Deny" };
            let source = ["VirtualNetwork", "AzureLoadBalancer", "*"][number % 3];
            rule(
                &mut text,
                number == 0,
                &id,
                "defaultSecurityRules",
                name,
                access,
                source,
                "*",
                direction,
                priority,
            );
        }
        let _ = write!(
            text,
            "\n    ],\n    \"etag\": \"W/\\\"0\\\"\",\n    \"id\": \"{id}\",\n    \"location\": \"westeurope\",\n    \"name\": \"nsg-{group:05}\",\n    \"provisioningState\": \"Succeeded\",\n    \"resourceGroup\": \"rg\",\n    \"securityRules\": ["
        );
        for number in 0..rules {
            let seed = group.wrapping_mul(2_654_435_761).wrapping_add(number * 40_503);
            let source = match seed % 5 {
                0 => "*".to_owned(),
                1 => "Internet".to_owned(),
                2 => "VirtualNetwork".to_owned(),
                _ => format!("{}.{}.{}.0/24", 11 + seed % 90, seed / 7 % 256, seed / 31 % 256),
            };
            let port = match seed % 3 {
                0 => format!("{}", 1 + seed / 3 % 9000),
                1 => format!("{}-{}", 1000 + seed % 100, 2000 + seed % 100),
                _ => "443".to_owned(),
            };
            let access = if seed % 7 == 0 { "Deny" } else { "Allow" };
            rule(
                &mut text,
                number == 0,
                &id,
                "securityRules",
                &format!("rule-{number}"),
                access,
                &source,
                &port,
                "Inbound",
                100 + number * 10,
            );
        }
        let _ = write!(
            text,
            "\n    ],\n    \"tags\": {{}},\n    \"type\": \"Microsoft.Network/networkSecurityGroups\"\n  }}"
        );
    }
    text.push_str("\n]\n");
    text
}

#[expect(clippy::too_many_arguments, reason = "one line of a generator")]
fn rule(
    text: &mut String,
    first: bool,
    group: &str,
    list: &str,
    name: &str,
    access: &str,
    source: &str,
    port: &str,
    direction: &str,
    priority: u32,
) {
    let comma = if first { "" } else { "," };
    let _ = write!(
        text,
        r#"{comma}
      {{
        "access": "{access}",
        "description": "generated",
        "destinationAddressPrefix": "*",
        "destinationAddressPrefixes": [],
        "destinationPortRange": "{port}",
        "destinationPortRanges": [],
        "direction": "{direction}",
        "etag": "W/\"00000000-0000-0000-0000-000000000000\"",
        "id": "{group}/{list}/{name}",
        "name": "{name}",
        "priority": {priority},
        "protocol": "Tcp",
        "provisioningState": "Succeeded",
        "resourceGroup": "rg",
        "sourceAddressPrefix": "{source}",
        "sourceAddressPrefixes": [],
        "sourcePortRange": "*",
        "sourcePortRanges": [],
        "type": "Microsoft.Network/networkSecurityGroups/{list}"
      }}"#
    );
}
