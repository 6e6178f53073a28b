//! How long reading and lowering take beside parsing alone, on a generated export. Release build only:
//! `cargo run --release -p azure --example reading -- 1000`.

#![expect(
    clippy::disallowed_types,
    clippy::disallowed_macros,
    reason = "a measurement reads the clock and prints"
)]

use std::time::Instant;

use azure::Inventory;
use cloud::{Document, Inventory as _};
use model::{DocumentId, Thresholds};

fn main() {
    let groups = std::env::args().nth(1).and_then(|count| count.parse().ok()).unwrap_or(1000_u32);
    let text = export(groups, 20);
    let edit = export(1, 20);
    for _ in 0..3 {
        measure(&text, &edit);
    }
}

fn measure(text: &str, edit: &str) {
    let start = Instant::now();
    let parsed = azure::parsed_resources(text);
    let parse = start.elapsed();
    let mut inventory = Inventory::new();
    let start = Instant::now();
    let reading = inventory.read(&Document { id: DocumentId(0), path: "generated", text });
    let read = start.elapsed();
    let start = Instant::now();
    let snapshot = inventory.snapshot(Thresholds::STANDARD);
    let lower = start.elapsed();
    println!(
        "{:.1} MB, {parsed} groups, {} gaps: parse {parse:.1?}, read {read:.1?} ({:.2} x), lower {lower:.1?} ({:.2} x)",
        text.len() as f64 / 1e6,
        reading.gaps.len() + snapshot.gaps.len(),
        read.as_secs_f64() / parse.as_secs_f64(),
        lower.as_secs_f64() / parse.as_secs_f64(),
    );
    let start = Instant::now();
    let places = cloud::locate(text, &[text.len() as u64 - 20]);
    println!("one place at the end found in {:.1?}: {places:?}", start.elapsed());
    let mut times: Vec<_> = (0..200)
        .map(|_| {
            let (mut changes, _) =
                inventory.changes(&Document { id: DocumentId(1), path: "edit", text: edit });
            let start = Instant::now();
            let touched = changes.pop().map(|change| inventory.apply(change)).unwrap_or_default();
            let targets = inventory.lower(&touched);
            (start.elapsed(), targets.len())
        })
        .collect();
    times.sort_unstable();
    println!("one edit of a group, and its targets lowered: median {:.1?}", times.get(100));
}

/// Groups as `az network nsg list` prints them.
fn export(groups: u32, rules: u32) -> String {
    let group = |group: u32| {
        let id =
            GROUP_ID.replace("RG", &format!("rg-{}", group % 97)).replace("NSG", &format!("nsg-{group}"));
        let rules: Vec<String> = (0..rules).map(|number| stated_rule(group, number)).collect();
        let text = GROUP.replace("RULES", &rules.join(",")).replace("DEFAULTS", &default_rules());
        text.replace("GROUP", &id)
    };
    format!("[{}\n]\n", (0..groups).map(group).collect::<Vec<_>>().join(","))
}

fn stated_rule(group: u32, number: u32) -> String {
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
    let access = if seed.is_multiple_of(7) { "Deny" } else { "Allow" };
    let (name, priority) = (format!("rule-{number}"), (100 + number * 10).to_string());
    rule(["securityRules", &name, access, &source, &port, "Inbound", &priority])
}

fn default_rules() -> String {
    let rules = [
        ["defaultSecurityRules", "AllowVnetInBound", "Allow", "VirtualNetwork", "*", "Inbound", "65000"],
        [
            "defaultSecurityRules",
            "AllowAzureLoadBalancerInBound",
            "Allow",
            "AzureLoadBalancer",
            "*",
            "Inbound",
            "65001",
        ],
        ["defaultSecurityRules", "DenyAllInBound", "Deny", "*", "*", "Inbound", "65500"],
        ["defaultSecurityRules", "AllowVnetOutBound", "Allow", "VirtualNetwork", "*", "Outbound", "65000"],
        ["defaultSecurityRules", "AllowInternetOutBound", "Allow", "*", "*", "Outbound", "65001"],
        ["defaultSecurityRules", "DenyAllOutBound", "Deny", "*", "*", "Outbound", "65500"],
    ];
    rules.map(rule).join(",")
}

fn rule(values: [&str; 7]) -> String {
    let fields = ["LIST", "NAME", "ACCESS", "SOURCE", "PORT", "DIRECTION", "PRIORITY"];
    fields.into_iter().zip(values).fold(RULE.to_owned(), |text, (field, value)| text.replace(field, value))
}

const GROUP_ID: &str = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/RG/providers/Microsoft.Network/networkSecurityGroups/NSG";

const GROUP: &str = r#"
  {
    "defaultSecurityRules": [DEFAULTS
    ],
    "etag": "W/\"00000000-0000-0000-0000-000000000000\"",
    "id": "GROUP",
    "location": "westeurope",
    "provisioningState": "Succeeded",
    "resourceGroup": "rg",
    "securityRules": [RULES
    ],
    "tags": {},
    "type": "Microsoft.Network/networkSecurityGroups"
  }"#;

const RULE: &str = r#"
      {
        "access": "ACCESS",
        "description": "generated",
        "destinationAddressPrefix": "*",
        "destinationAddressPrefixes": [],
        "destinationPortRange": "PORT",
        "destinationPortRanges": [],
        "direction": "DIRECTION",
        "etag": "W/\"00000000-0000-0000-0000-000000000000\"",
        "id": "GROUP/LIST/NAME",
        "name": "NAME",
        "priority": PRIORITY,
        "protocol": "Tcp",
        "provisioningState": "Succeeded",
        "resourceGroup": "rg",
        "sourceAddressPrefix": "SOURCE",
        "sourceAddressPrefixes": [],
        "sourcePortRange": "*",
        "sourcePortRanges": [],
        "type": "Microsoft.Network/networkSecurityGroups/LIST"
      }"#;
