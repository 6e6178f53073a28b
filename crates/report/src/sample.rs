//! A small outcome for the tests of this crate, built by hand: sinks are tested on what they are given.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::Arc;

use check::{Finding, Severity, Subject};
use core::net::SocketAddr;

use engine::{
    Admission, Cause, Certainty, ChangeEffect, Entrance, Expected, Exposure, Fingerprint, Judged, Measure, Opening,
    Passage, Sources, Step, Witness,
};
use model::{
    Action, Carries, Coverage, Destinations, DocumentId, Effect, Filter, Front, Gap, Grade, Matches, Moment,
    Name, Path, Provenance, Reach, Rule, Weakened, every_type,
};
use model::{RuleList, Target};
use packet::{
    AddressSet, Bounds, Count, Cover, Family, Packet, PortRange, PortSet, Prefix, Protocol, ProtocolSet,
};

use crate::{Detected, Input, Log, Outcome, Place, Places, Run, Style, named};

pub(crate) const RULE_AT: Provenance = Provenance { document: DocumentId(0), offset: 400 };
pub(crate) const GAP_AT: Provenance = Provenance { document: DocumentId(1), offset: 7 };
pub(crate) const EVENT_AT: Provenance = Provenance { document: DocumentId(2), offset: 9 };

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

/// A day: one half opened by alice and the other by bob; a port opened and closed again; a detector deleted; somebody
/// refused; something expected; something not modelled; a change that did nothing.
pub(crate) fn day() -> Estate {
    let (alice, bob) = ("alice@contoso.example", "bob@contoso.example");
    let halves = ["0.0.0.0/1", "128.0.0.0/1"];
    let half = Arc::new(half());
    let whole = Arc::new(any_v4());
    let step = |cause: &Arc<Cause>, effect, sources: Option<&Arc<Sources>>| Step {
        cause: Arc::clone(cause),
        effect,
        sources: sources.map(Arc::clone),
    };
    let [first, second] = [cause("e-1", "09:12:44", alice), cause("e-2", "12:03:10", bob)];
    let two = list("nsg-web", vec![
        Rule { provenance: Some(RULE_AT), ..rule("allow-rdp", 100, &[halves[0]]) },
        rule("allow-rdp-2", 110, &[halves[1]]),
    ]);
    let opened_by: Vec<_> = (0..2).map(|rule| Admission { list: Arc::clone(&two), rule }).collect();
    let still = opening(0x21, &whole, vec![
        step(&first, ChangeEffect::Opens, Some(&half)),
        step(&second, ChangeEffect::Widens, Some(&whole)),
    ]);
    let still = Opening { exposure: Exposure { opened_by: opened_by.clone(), ..still.exposure }, ..still };
    let [on, off] = [cause("e-3", "13:00:00", alice), cause("e-4", "13:28:19", bob)];
    let mut shut = opening(0x22, &whole, vec![
        step(&on, ChangeEffect::Attaches, Some(&whole)),
        step(&off, ChangeEffect::Closes, None),
    ]);
    shut.is_partial = true;
    shut.exposure.ports = PortSet::only(5432);
    let expected = Expected { owner: "net-team".into(), reason: "migration of the jump host".into() };
    let known = cause("e-5", "14:00:00", "deploy@contoso.example");
    let mut planned = opening(0x23, &whole, vec![step(&known, ChangeEffect::Opens, Some(&whole))]);
    planned.expected = Some(expected.clone());
    let openings = vec![still, shut, planned];
    let told = [
        ("internet-reaches-admin-port", Severity::Critical, "WO-7F3K2M9Q", 22, "tcp/22 (SSH) open to the whole IPv4 \
            Internet: 3,702,258,431 addresses, spelled 0.0.0.0/1 + 128.0.0.0/1: two halves that together are everything"),
        ("internet-reaches-database-port", Severity::High, "WO-DB000001", 5432, "tcp/5432 (PostgreSQL) open to the whole \
            IPv4 Internet: 3,702,258,431 addresses, closed again after 28 min 19 s"),
        ("internet-reaches-port", Severity::Medium, "WO-EXP00001", 8443, "tcp/8443 open to the whole IPv4 Internet: \
            3,702,258,431 addresses"),
    ];
    let mut findings: Vec<Finding> = openings
        .iter()
        .zip(told)
        .map(|(opening, (check, severity, id, port, message))| Finding {
            id: id.to_owned(),
            targets: vec![Arc::clone(&opening.exposure.target)],
            exposures: vec![opening.fingerprint],
            opened_by: opening.exposure.opened_by.clone(),
            witness: opening.exposure.witness.clone(),
            provenance: Some(RULE_AT),
            protocol: Some(Protocol::TCP),
            packets: [(Some(Protocol::TCP), PortSet::only(port))].into(),
            grades: [(Family::V4, Grade::Any)].into(),
            message: message.to_owned(),
            detected: Some(check::Detected {
                causes: opening.steps.iter().filter(|step| step.sources.is_some()).map(|step| Arc::clone(&step.cause)).collect(),
                leading: Some(opening.fingerprint),
                accepted: opening.expected.clone(),
            }),
            ..finding(check, severity)
        })
        .collect();
    let mut changes: Vec<Judged> = openings.iter().flat_map(judged).collect();
    let acts = [
        ("watcher-weakened", Severity::High, "WO-WATCH001", "det-1", ChangeEffect::Impairs, Some(Weakened::Off), "e-6", "08:59:59",
            "GuardDuty detector `det-1` turned off or deleted: `DeleteDetector` by `alice@contoso.example`"),
        ("change-denied", Severity::Low, "WO-DEN00001", "nsg-db", ChangeEffect::Denied, None, "e-7", "10:00:00",
            "`alice@contoso.example` was refused: `Microsoft.Network/networkSecurityGroups/securityRules/write` on `nsg-db`; it would have opened tcp/443"),
        ("change-not-modelled", Severity::Info, "WO-N0T00001", "vpn-1", ChangeEffect::None, None, "e-8", "10:30:00",
            "a change of what is not modelled, client VPN endpoint: `CreateClientVpnEndpoint` by `alice@contoso.example`"),
    ];
    for (check, severity, id, edited, effect, weakened, event, at, message) in acts {
        let cause = Arc::new(Cause { edited: edited.into(), ..Cause::clone(&cause(event, at, alice)) });
        changes.push(Judged { effect, weakened, note: Some("a note".to_owned()), ..change(&cause) });
        findings.push(Finding {
            id: id.to_owned(),
            message: message.to_owned(),
            provenance: Some(EVENT_AT),
            detected: Some(check::Detected { causes: vec![cause], leading: None, accepted: None }),
            ..finding(check, severity)
        });
    }
    changes.push(change(&cause("e-9", "16:00:00", bob)));
    changes.sort_by(|a, b| a.cause.cmp(&b.cause));
    findings.sort_by_key(|finding| (finding.accepted().is_some(), core::cmp::Reverse(finding.severity)));
    let at = |text| Moment::of(text);
    let log =
        Log { records: 41_033, first: at("2026-01-10T00:00:01Z"), last: at("2026-01-10T23:59:59Z") };
    let mut estate = Estate { findings, exposures: vec![], detected: Some((openings, changes, log)), ..estate() };
    let place = Place { path: "day.json".into(), line: 7, pointer: "/Records/6".into() };
    estate.places.resolved.insert(EVENT_AT, place);
    estate
}

/// Half of the Internet.
fn half() -> Sources {
    let whole = any_v4();
    let half = whole.ipv4.map(|_| Measure {
        grade: Grade::Broad,
        addresses: Some(Count::new(2_092_957_696)),
        share: Some(0.565),
        cidrs: cover(&["0.0.0.0/1"]),
        missing: cover(&[]),
    });
    Sources { ipv4: half, digest: [1; 32], ..any_v4() }
}

pub(crate) fn cause(event: &str, at: &str, actor: &str) -> Arc<Cause> {
    Arc::new(Cause {
        at: Moment::of(&format!("2026-01-10T{at}Z")).unwrap(),
        event: event.into(),
        actor: actor.into(),
        address: Some("198.51.100.7".into()),
        client: Some("python-requests/2.31".into()),
        operation: "Microsoft.Network/networkSecurityGroups/securityRules/write".into(),
        edited: "/nsgs/nsg-web".into(),
        provenance: Some(EVENT_AT),
    })
}

fn opening(fingerprint: u8, sources: &Arc<Sources>, steps: Vec<Step>) -> Opening {
    let exposure = Exposure { fingerprint: Fingerprint([fingerprint; 32]), ..exposure(Sources::clone(sources)) };
    let closed = steps.last().filter(|step| step.effect == ChangeEffect::Closes);
    Opening {
        fingerprint: exposure.fingerprint,
        exposure,
        opened: steps.first().map(|step| Arc::clone(&step.cause)),
        closed: closed.map(|step| Arc::clone(&step.cause)),
        is_partial: false,
        expected: None,
        addresses: Arc::new(AddressSet::everything()),
        latest: Some(Arc::clone(sources)),
        steps,
    }
}

/// The changes that made an opening what it is.
fn judged(opening: &Opening) -> Vec<Judged> {
    let of_step = |step: &Step| Judged {
        effect: step.effect,
        effects: vec![(opening.fingerprint, step.effect)],
        expected: opening.expected.clone(),
        ..change(&step.cause)
    };
    opening.steps.iter().map(of_step).collect()
}

/// A change that did nothing.
fn change(cause: &Arc<Cause>) -> Judged {
    Judged {
        cloud: "azure",
        scope: Some("00000000-0000-0000-0000-000000000001".into()),
        cause: Arc::clone(cause),
        kind: "security rule".into(),
        effect: ChangeEffect::None,
        effects: vec![],
        weakened: None,
        note: None,
        expected: None,
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
