//! A small outcome for the tests of this crate, built by hand: sinks are tested on what they are given.

mod day;

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::Arc;

use check::{Finding, Severity, Subject};
use core::net::SocketAddr;

use engine::{
    Admission, Certainty, Entrance, Exposure, Fingerprint, Judged, Measure, Opening, Passage, Sources,
    Witness,
};
use model::{
    Action, Carries, Coverage, Destinations, DocumentId, Effect, Filter, Front, Gap, Grade, Matches, Name,
    Path, Provenance, Reach, Rule, every_type,
};
use model::{RuleList, Target};
use packet::{
    AddressSet, Bounds, Count, Cover, Family, Packet, PortRange, PortSet, Prefix, Protocol, ProtocolSet,
};

pub(crate) use day::day;

use crate::{Detected, Input, Log, Outcome, Place, Places, Run, Style, named};

pub(crate) const RULE_AT: Provenance = Provenance { document: DocumentId(0), offset: 400 };
pub(crate) const GAP_AT: Provenance = Provenance { document: DocumentId(1), offset: 7 };
const EVENT_AT: Provenance = Provenance { document: DocumentId(2), offset: 9 };

impl Style {
    pub(crate) const TERMINAL: Self = Self { colour: false, width: Some(100), unicode: true };
}

/// What an outcome borrows.
pub(crate) struct Estate {
    pub(crate) complete: bool,
    pub(crate) inputs: Vec<Input>,
    pub(crate) catalogues: BTreeMap<&'static str, String>,
    pub(crate) typed: Vec<String>,
    pub(crate) exposures: Vec<Exposure>,
    pub(crate) findings: Vec<Finding>,
    pub(crate) gaps: Vec<Gap>,
    pub(crate) coverage: BTreeMap<&'static str, Coverage>,
    pub(crate) missing: Vec<String>,
    pub(crate) places: Places,
    pub(crate) hidden: u64,
    pub(crate) scopes: BTreeSet<String>,
    /// What a log was judged to have done.
    pub(crate) detected: Option<(Vec<Opening>, Vec<Judged>, Log)>,
}

/// One machine with an open administration port, one rule that never decides, one gap.
pub(crate) fn estate() -> Estate {
    let exposure = exposure(any_v4());
    let hole = Finding {
        id: "WO-7F3K2M9Q".to_owned(),
        targets: vec![Arc::clone(&exposure.target)],
        exposures: vec![exposure.fingerprint],
        opened_by: exposure.opened_by.clone(),
        witness: exposure.witness.clone(),
        provenance: Some(RULE_AT),
        protocol: Some(Protocol::TCP),
        packets: [(Some(Protocol::TCP), PortSet::only(22))].into(),
        grades: [(Family::V4, Grade::Any)].into(),
        message: "tcp/22 (SSH) open to the whole IPv4 Internet: 3,702,258,431 addresses".to_owned(),
        ..finding("internet-reaches-admin-port", Severity::Critical)
    };
    let shadowed = Finding {
        message: "`old` never decides: `allow-rdp` comes before it".to_owned(),
        ..finding("shadowed-rule", Severity::Low)
    };
    let place = |path: &str, line, pointer: &str| Place { path: path.into(), line, pointer: pointer.into() };
    let resolved = [
        (RULE_AT, place("nsgs.json", 14, "/0/securityRules/2")),
        (GAP_AT, place("nics.json", 3, "/0/ipConfigurations/0")),
    ];
    let paths = [(DocumentId(0), "nsgs.json".to_owned()), (DocumentId(1), "nics.json".to_owned())];
    let input =
        |path: &str, format| Input { path: path.into(), format, sha256: [0xab; 32], resources: 1_200 };
    Estate {
        complete: false,
        inputs: vec![input("nsgs.json", Some("azure/cli")), input("photo.png", None)],
        catalogues: [("service-tags", "2025-10-28".to_owned())].into(),
        typed: vec!["nsgs.json".to_owned(), "my nics.json".to_owned()],
        exposures: vec![exposure],
        findings: vec![hole, shadowed],
        gaps: vec![Gap::at(GAP_AT, "unknown-service-tag", Effect::Widened, "`Foo` is not known".to_owned())],
        coverage: [("network-security-group", Coverage { assessed: 1_200, not_assessed: 0 })].into(),
        missing: vec!["subnets are not in the input; add `az network vnet list`".to_owned()],
        places: Places { resolved: resolved.into(), paths: paths.into() },
        hidden: 0,
        scopes: BTreeSet::new(),
        detected: None,
    }
}

impl Estate {
    /// Nothing found, nothing unknown.
    pub(crate) fn clean() -> Self {
        let none = |estate| Self { exposures: vec![], findings: vec![], gaps: vec![], ..estate };
        Self { complete: true, missing: vec![], ..none(estate()) }
    }

    pub(crate) fn outcome(&self) -> Outcome<'_> {
        Outcome {
            run: Run {
                complete: self.complete,
                version: "0.1.0",
                inputs: &self.inputs,
                catalogues: &self.catalogues,
                typed: Some(&self.typed),
                threshold: Some(Severity::High),
                exit: Some(1),
                at: None,
            },
            exposures: &self.exposures,
            findings: &self.findings,
            gaps: &self.gaps,
            coverage: &self.coverage,
            missing: &self.missing,
            places: &self.places,
            hidden: self.hidden,
            scopes: &self.scopes,
            detected: self.detected.as_ref().map(|(openings, changes, log)| Detected {
                openings,
                changes,
                log: *log,
                is_part: false,
            }),
        }
    }

    /// Gives everything that has a name this one.
    pub(crate) fn rename(&mut self, name: &str) {
        for exposure in &mut self.exposures {
            let target = Target { name: name.into(), ..Target::clone(&exposure.target) };
            exposure.target = Arc::new(target);
            exposure.opened_by = vec![Admission { list: list(name, vec![rule(name, 100, &[])]), rule: 0 }];
        }
        for finding in &mut self.findings {
            finding.targets = vec![Arc::clone(&self.exposures[0].target)];
            finding.subject.name = name.into();
            finding.message = format!("{name} is open");
        }
        self.gaps[0].message = format!("{name} is not known");
        self.missing = vec![name.to_owned()];
        self.typed = vec![name.to_owned()];
        self.places.resolved.values_mut().for_each(|place| place.path = name.to_owned());
    }
}

pub(crate) fn finding(check: &str, severity: Severity) -> Finding {
    Finding {
        id: "WO-00000000".to_owned(),
        check: check::named(check).unwrap(),
        severity,
        cloud: "azure",
        subject: Subject {
            id: "/nsgs/nsg-web".into(),
            kind: "network-security-group",
            name: "nsg-web".into(),
        },
        scope: Some("00000000-0000-0000-0000-000000000001".into()),
        protocol: None,
        packets: BTreeMap::new(),
        grades: BTreeMap::new(),
        exposures: vec![],
        targets: vec![],
        opened_by: vec![],
        witness: None,
        message: String::new(),
        provenance: None,
        detected: None,
    }
}

/// `vm-web-nic`, exposed on tcp/22 and 3380-3400 through one rule of one list.
pub(crate) fn exposure(sources: Sources) -> Exposure {
    let allow = Rule { provenance: Some(RULE_AT), ..rule("allow-rdp", 100, &["0.0.0.0/0"]) };
    let list = list("nsg-web", vec![allow]);
    let front = "20.50.1.20".parse().unwrap();
    let ports: PortSet = [PortRange::new(22, 22), PortRange::new(3380, 3400)].into_iter().flatten().collect();
    let packet = packet(Protocol::TCP, "8.8.8.8", "10.0.0.4");
    let pip = Front { id: "/ips/pip-web".into(), address: Some(front) };
    let path = Path {
        reach: Reach::Exposed,
        front: Some(pip.clone()),
        destinations: Destinations::endpoint(&[]),
        carries: Carries::Everything,
        hops: Vec::new(),
        filter: Arc::new(Filter::FirstMatch(Arc::clone(&list))),
    };
    Exposure {
        fingerprint: Fingerprint([0x17; 32]),
        target: Arc::new(Target { paths: vec![path], ..target("vm-web-nic") }),
        reach: Reach::Exposed,
        certainty: Certainty::Proved,
        fronts: vec![Entrance { front: pip, ports: ports.clone() }],
        protocol: Some(Protocol::TCP),
        protocols: ProtocolSet::only(Protocol::TCP),
        ports,
        sources: Arc::new(sources),
        destinations: None,
        opened_by: vec![Admission { list: Arc::clone(&list), rule: 0 }],
        passages: vec![Passage { list, rule: Some(0) }],
        way: 0,
        witness: Some(Witness {
            packet,
            front: Some(SocketAddr::new(front, packet.destination_port)),
            target: Some(packet.destination),
            source_ports: Arc::new(PortSet::everything()),
        }),
    }
}

pub(crate) fn packet(protocol: Protocol, source: &str, destination: &str) -> Packet {
    let port = |port| if protocol.has_ports() { port } else { 0 };
    let (source, destination) = (source.parse().unwrap(), destination.parse().unwrap());
    let destination_port = protocol.echo_request().unwrap_or_else(|| port(3389));
    Packet { protocol, source, source_port: port(50_000), destination, destination_port }
}

pub(crate) fn target(name: &str) -> Target {
    Target {
        cloud: "azure",
        id: format!("/nics/{name}").into(),
        key: format!("/nics/{name}").into(),
        kind: "network-interface",
        name: name.into(),
        scope: None,
        power: None,
        attributes: Vec::new(),
        paths: vec![],
        provenance: None,
    }
}

/// The whole IPv4 Internet as one cloud counts it.
pub(crate) fn any_v4() -> Sources {
    let measure = Measure {
        grade: Grade::Any,
        addresses: Some(Count::new(3_702_258_431)),
        share: Some(1.0),
        cidrs: cover(&["0.0.0.0/0"]),
        missing: cover(&[]),
    };
    Sources { ipv4: Some(measure), ipv6: None, tags: vec![], rentable: false, digest: [0; 32] }
}

pub(crate) fn cover(texts: &[&str]) -> Cover {
    Cover { prefixes: texts.iter().map(|text| text.parse().unwrap()).collect(), more: 0 }
}

pub(crate) fn list(name: &str, rules: Vec<Rule>) -> Arc<RuleList> {
    Arc::new(RuleList {
        id: format!("/nsgs/{name}").into(),
        name: name.into(),
        kind: "network-security-group",
        scope: None,
        rules,
        behind: None,
        provenance: None,
    })
}

pub(crate) fn rule(name: &str, priority: u32, sources: &[&str]) -> Rule {
    let written = sources.join(" + ").into();
    let sources: AddressSet = sources.iter().map(|text| text.parse::<Prefix>().unwrap()).collect();
    let everywhere = Bounds::exactly(Arc::new(AddressSet::everything()));
    let any_port = Bounds::exactly(Arc::new(PortSet::everything()));
    Rule {
        name: Name::from(name),
        priority: Some(priority),
        rank: priority,
        action: Action::Allow,
        matches: Matches {
            protocols: Bounds::exactly(ProtocolSet::EVERYTHING),
            sources: Bounds::exactly(Arc::new(sources)),
            tags: vec![],
            source_ports: any_port.clone(),
            destinations: everywhere,
            ports: any_port,
            types: every_type(),
        },
        written,
        built_in: false,
        provenance: None,
    }
}

pub(crate) fn rendered(format: &str, outcome: &Outcome<'_>, style: &Style) -> String {
    let mut out = Vec::new();
    (named(format).unwrap().write)(outcome, style, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// A pipe that nobody reads any more.
pub(crate) struct Closed;

impl io::Write for Closed {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(io::ErrorKind::BrokenPipe.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
