//! Documents for tests, written as `az … list` prints them, and the answer to them in one line for each exposure.

use azure::Inventory;
use cloud::{Document, Inventory as _, Reading};
use engine::{Certainty, Exposure};
use model::{DocumentId, Gap, Snapshot, Thresholds};

const SCOPE: &str = "/subscriptions/s1/resourceGroups/rg/providers";

/// The id of a resource of `Microsoft.Network`.
pub(crate) fn id(kind: &str, name: &str) -> String {
    format!("{SCOPE}/Microsoft.Network/{kind}/{name}")
}

/// A reference, or null without a name.
fn reference(kind: &str, name: &str) -> String {
    if name.is_empty() { "null".to_owned() } else { format!(r#"{{"id": "{}"}}"#, id(kind, name)) }
}

fn texts(list: &str) -> String {
    list.split(',').map(|text| format!("{text:?}")).collect::<Vec<_>>().join(", ")
}

/// A rule from a line: `100 allow tcp SOURCES DESTINATIONS PORTS`, lists with commas.
pub(crate) fn rule(line: &str) -> String {
    let words: Vec<&str> = line.split_whitespace().collect();
    let [priority, access, protocol, sources, destinations, ports] = words.as_slice() else {
        panic!("a rule has six words: {line}")
    };
    let field = |one: &str, many: &str, value: &str| match value.contains(',') {
        true => format!(r#""{many}": [{}], "{one}": null"#, texts(value)),
        false => format!(r#""{one}": "{value}", "{many}": []"#),
    };
    format!(
        r#"{{"name": "r{priority}", "priority": {priority}, "access": "{access}", "protocol": "{protocol}", "direction": "Inbound", "sourcePortRange": "*", {}, {}, {}}}"#,
        field("sourceAddressPrefix", "sourceAddressPrefixes", sources),
        field("destinationAddressPrefix", "destinationAddressPrefixes", destinations),
        field("destinationPortRange", "destinationPortRanges", ports),
    )
}

/// A full export of a group with these rules.
pub(crate) fn group(name: &str, rules: &[&str]) -> String {
    let rules: Vec<String> = rules.iter().map(|line| rule(line)).collect();
    group_of(name, &rules.join(", "), "")
}

/// A full export of a group with rules as JSON, and more keys.
pub(crate) fn group_of(name: &str, rules: &str, more: &str) -> String {
    format!(
        r#"[{{"id": "{}", "name": "{name}", "etag": "W/0", "type": "Microsoft.Network/networkSecurityGroups", "securityRules": [{rules}]{more}}}]"#,
        id("networkSecurityGroups", name)
    )
}

/// An interface: private address, public address, group, subnet (`network/subnet`); an empty name is null.
pub(crate) fn interface(name: &str, [private, public, group, subnet]: [&str; 4]) -> String {
    let (network, subnet) = subnet.split_once('/').unwrap_or_default();
    let version = if private.contains(':') { "IPv6" } else { "IPv4" };
    let subnet = if subnet.is_empty() { String::new() } else { format!("{network}/subnets/{subnet}") };
    format!(
        r#"[{{"id": "{}", "name": "{name}", "etag": "W/0", "type": "Microsoft.Network/networkInterfaces", "networkSecurityGroup": {}, "ipConfigurations": [{{"name": "c1", "privateIPAddress": "{private}", "privateIPAddressVersion": "{version}", "publicIPAddress": {}, "subnet": {}}}]}}]"#,
        id("networkInterfaces", name),
        reference("networkSecurityGroups", group),
        reference("publicIPAddresses", public),
        reference("virtualNetworks", &subnet),
    )
}

/// A public address; without a SKU when that is empty.
pub(crate) fn public_address(name: &str, address: &str, sku: &str) -> String {
    let sku = if sku.is_empty() { String::new() } else { format!(r#", "sku": {{"name": "{sku}"}}"#) };
    format!(
        r#"[{{"id": "{}", "name": "{name}", "type": "Microsoft.Network/publicIPAddresses", "ipAddress": "{address}"{sku}}}]"#,
        id("publicIPAddresses", name)
    )
}

/// A network with subnets: name, prefix, group, route table; an empty name is null.
pub(crate) fn network(name: &str, prefix: &str, subnets: &[[&str; 4]]) -> String {
    network_of(name, prefix, subnets, "")
}

/// A network with more keys.
pub(crate) fn network_of(name: &str, prefix: &str, subnets: &[[&str; 4]], more: &str) -> String {
    let network = id("virtualNetworks", name);
    let subnet = |[subnet, prefix, group, table]: &[&str; 4]| {
        format!(
            r#"{{"id": "{network}/subnets/{subnet}", "name": "{subnet}", "addressPrefix": "{prefix}", "networkSecurityGroup": {}, "routeTable": {}}}"#,
            reference("networkSecurityGroups", group),
            reference("routeTables", table),
        )
    };
    let subnets: Vec<String> = subnets.iter().map(subnet).collect();
    format!(
        r#"[{{"id": "{network}", "name": "{name}", "type": "Microsoft.Network/virtualNetworks", "addressSpace": {{"addressPrefixes": ["{prefix}"]}}, "subnets": [{}]{more}}}]"#,
        subnets.join(", ")
    )
}

/// A route table: prefix and next hop of each route.
pub(crate) fn route_table(name: &str, routes: &[(&str, &str)]) -> String {
    let route = |(prefix, hop): &(&str, &str)| {
        format!(r#"{{"name": "r", "addressPrefix": "{prefix}", "nextHopType": "{hop}"}}"#)
    };
    let routes: Vec<String> = routes.iter().map(route).collect();
    format!(
        r#"[{{"id": "{}", "name": "{name}", "type": "Microsoft.Network/routeTables", "routes": [{}]}}]"#,
        id("routeTables", name),
        routes.join(", ")
    )
}

/// One machine behind one public address, its interface in a subnet that has no group, with these rules.
pub(crate) fn standard(rules: &[&str]) -> Vec<String> {
    vec![
        group("nsg", rules),
        interface("nic", ["10.0.0.4", "pip", "nsg", "v/s"]),
        public_address("pip", "20.50.1.20", "Standard"),
        network("v", "10.0.0.0/16", &[["s", "10.0.0.0/24", "", ""]]),
    ]
}

/// What came of some documents.
pub(crate) struct Answer {
    pub(crate) inventory: Inventory,
    pub(crate) readings: Vec<Reading>,
    pub(crate) snapshot: Snapshot,
}

/// Reads documents and lowers them.
pub(crate) fn scan<T: AsRef<str>>(documents: &[T]) -> Answer {
    scan_with(documents, None)
}

/// Reads documents and a catalogue of service tags, and lowers them.
pub(crate) fn scan_with<T: AsRef<str>>(documents: &[T], catalogue: Option<&str>) -> Answer {
    let mut inventory = Inventory::new();
    inventory.remember();
    let mut readings = Vec::new();
    for (number, text) in documents.iter().enumerate() {
        let id = DocumentId(u32::try_from(number).unwrap());
        readings.push(inventory.read(&Document { id, path: "input.json", text: text.as_ref() }));
    }
    if let Some(text) = catalogue {
        let document = Document { id: DocumentId(99), path: "ServiceTags_Public_20260105.json", text };
        readings.push(inventory.read_catalogue(&document));
    }
    let snapshot = inventory.snapshot(Thresholds::STANDARD);
    Answer { inventory, readings, snapshot }
}

impl Answer {
    /// One line for each exposure: target, reach, certainty, protocol, ports, IPv4 and IPv6 sources.
    pub(crate) fn exposures(&self) -> Vec<String> {
        let mut lines = Vec::new();
        engine::exposures(&self.snapshot, &mut |exposure, _| lines.push(line(&exposure))).unwrap();
        lines.sort();
        lines
    }

    /// Codes of all gaps, sorted.
    pub(crate) fn codes(&self) -> Vec<&'static str> {
        let read = self.readings.iter().flat_map(|reading| &reading.gaps);
        let mut codes: Vec<_> = read.chain(&self.snapshot.gaps).map(|gap| gap.code).collect();
        codes.sort_unstable();
        codes
    }

    /// All gaps.
    pub(crate) fn gaps(&self) -> Vec<&Gap> {
        let read = self.readings.iter().flat_map(|reading| &reading.gaps);
        read.chain(&self.snapshot.gaps).collect()
    }

    /// The one gap's message.
    pub(crate) fn message(&self) -> String {
        let read = self.readings.iter().flat_map(|reading| &reading.gaps);
        let gaps: Vec<_> = read.chain(&self.snapshot.gaps).collect();
        assert_eq!(gaps.len(), 1, "{gaps:?}");
        gaps[0].message.clone()
    }

    pub(crate) fn check(&self, expected: &[&str]) {
        assert_eq!(self.exposures(), expected, "gaps: {:?}", self.codes());
    }
}

fn line(exposure: &Exposure) -> String {
    let certainty = if exposure.certainty == Certainty::Proved { "" } else { " possible" };
    let protocol = exposure.protocol.map_or_else(|| "any".to_owned(), |protocol| protocol.to_string());
    let ports = if exposure.ports.is_empty() { String::new() } else { format!("/{}", exposure.ports) };
    let measure = |measure: Option<&engine::Measure>| match measure {
        None => "-".to_owned(),
        Some(measure) => measure.addresses.map_or_else(
            || measure.grade.word().to_owned(),
            |count| format!("{} {count}", measure.grade.word()),
        ),
    };
    let tags: String = exposure.sources.tags.iter().map(|tag| format!(" +{tag}")).collect();
    let six = exposure.sources.ipv6.as_ref().map_or("-", |measure| measure.grade.word());
    format!(
        "{} {}{certainty} {protocol}{ports} {} / {six}{tags}",
        exposure.target.name,
        exposure.reach.word(),
        measure(exposure.sources.ipv4.as_ref()),
    )
}
