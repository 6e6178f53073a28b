//! Documents for tests, and the answer to them in one line for each exposure.

use cloud::{Document, Inventory as _, Reading};
use engine::{Certainty, Exposure};
use gcp::Inventory;
use model::{DocumentId, Snapshot, Thresholds};

/// Where self links begin.
pub(crate) const API: &str = "https://www.googleapis.com/compute/v1/";

/// A network, as the command line prints it.
pub(crate) fn network(name: &str) -> String {
    format!(
        r#"{{"autoCreateSubnetworks": false, "creationTimestamp": "2026-01-01T00:00:00.000-07:00", "id": "1", "kind": "compute#network", "name": "{name}", "networkFirewallPolicyEnforcementOrder": "AFTER_CLASSIC_FIREWALL", "routingConfig": {{"routingMode": "REGIONAL"}}, "selfLink": "{API}projects/p/global/networks/{name}"}}"#
    )
}

/// A rule of a network that lets these in: `tcp 22 0.0.0.0/0`.
pub(crate) fn firewall(name: &str, network: &str, line: &str) -> String {
    let words: Vec<&str> = line.split_whitespace().collect();
    let [protocol, ports, source] = words.as_slice() else { panic!("a rule has three words: {line}") };
    format!(
        r#"{{"allowed": [{{"IPProtocol": "{protocol}", "ports": ["{ports}"]}}], "creationTimestamp": "2026-01-01T00:00:00.000-07:00", "description": "", "direction": "INGRESS", "disabled": false, "id": "2", "kind": "compute#firewall", "logConfig": {{"enable": false}}, "name": "{name}", "network": "{API}projects/p/global/networks/{network}", "priority": 1000, "selfLink": "{API}projects/p/global/firewalls/{name}", "sourceRanges": ["{source}"]}}"#
    )
}

/// A running instance with an external address in a network.
pub(crate) fn instance(name: &str, network: &str, address: &str) -> String {
    let zone = "europe-west1-b";
    format!(
        r#"{{"canIpForward": false, "creationTimestamp": "2026-01-01T00:00:00.000-07:00", "id": "3", "kind": "compute#instance", "machineType": "{API}projects/p/zones/{zone}/machineTypes/e2-small", "name": "{name}", "networkInterfaces": [{{"accessConfigs": [{{"kind": "compute#accessConfig", "name": "External NAT", "natIP": "{address}", "networkTier": "PREMIUM", "type": "ONE_TO_ONE_NAT"}}], "kind": "compute#networkInterface", "name": "nic0", "network": "{API}projects/p/global/networks/{network}", "networkIP": "10.0.0.2", "stackType": "IPV4_ONLY", "subnetwork": "{API}projects/p/regions/europe-west1/subnetworks/s"}}], "selfLink": "{API}projects/p/zones/{zone}/instances/{name}", "serviceAccounts": [], "status": "RUNNING", "tags": {{"fingerprint": "x"}}, "zone": "{API}projects/p/zones/{zone}"}}"#
    )
}

/// What came of some documents.
pub(crate) struct Answer {
    pub(crate) readings: Vec<Reading>,
    pub(crate) snapshot: Snapshot,
}

/// Reads documents and lowers them.
pub(crate) fn scan<T: AsRef<str>>(documents: &[T]) -> Answer {
    scan_with(documents, None)
}

/// Reads documents and a catalogue of addresses, and lowers them.
pub(crate) fn scan_with<T: AsRef<str>>(documents: &[T], catalogue: Option<&str>) -> Answer {
    let mut inventory = Inventory::new();
    let mut readings = Vec::new();
    if let Some(text) = catalogue {
        let document = Document { id: DocumentId(99), path: "cloud.json", text };
        readings.push(inventory.read_catalogue(&document));
    }
    for (number, text) in documents.iter().enumerate() {
        let id = DocumentId(u32::try_from(number).unwrap());
        readings.push(inventory.read(&Document { id, path: "input.json", text: text.as_ref() }));
    }
    let snapshot = inventory.snapshot(Thresholds::STANDARD);
    Answer { readings, snapshot }
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
