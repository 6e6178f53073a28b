//! A day of a log: one half opened by alice and the other by bob; a port opened and closed again; something that was
//! expected; a detector deleted; somebody refused; something that is not modelled; a change that did nothing.

use core::cmp::Reverse;
use std::sync::Arc;

use check::{Detected, Finding, Severity};
use engine::{
    Admission, Cause, ChangeEffect, Expected, Exposure, Fingerprint, Judged, Measure, Opening, Sources, Step,
    Touches,
};
use model::{Grade, Moment, Rule, Watch, Weakened};
use packet::{AddressSet, Count, Family, PortSet, Protocol};

use super::{EVENT_AT, Estate, RULE_AT, any_v4, cover, estate, exposure, finding, list, rule};
use crate::{Log, Place};

pub(crate) fn day() -> Estate {
    let openings = vec![halves(), closed_again(), expected()];
    let mut changes: Vec<Judged> = openings.iter().flat_map(judged).collect();
    let acts: Vec<Act> = acts();
    changes.extend(acts.iter().map(Act::change));
    changes.push(change(&cause("e-9", "16:00:00", BOB)));
    changes.sort_by(|a, b| a.cause.cmp(&b.cause));
    let mut findings: Vec<Finding> = openings.iter().zip(TOLD).map(of_opening).collect();
    findings.extend(acts.into_iter().map(Act::finding));
    findings.sort_by_key(|finding| (finding.accepted().is_some(), Reverse(finding.severity)));
    let (first, last) = (Moment::of("2026-01-10T00:00:01Z"), Moment::of("2026-01-10T23:59:59Z"));
    let log = Log { records: 41_033, first, last };
    let mut estate =
        Estate { findings, exposures: vec![], detected: Some((openings, changes, log)), ..estate() };
    let place = Place { path: "day.json".into(), line: 7, pointer: "/Records/6".into() };
    estate.places.resolved.insert(EVENT_AT, place);
    estate.places.paths.insert(EVENT_AT.document, "day.json".to_owned());
    estate
}

/// Open from the morning on to one half, from noon on to everybody.
fn halves() -> Opening {
    let (half, whole) = (Arc::new(half()), Arc::new(any_v4()));
    let steps = vec![
        step(&cause("e-1", "09:12:44", ALICE), ChangeEffect::Opens, Some(&half)),
        step(&cause("e-2", "12:03:10", BOB), ChangeEffect::Widens, Some(&whole)),
    ];
    let first = Rule { provenance: Some(RULE_AT), ..rule("allow-rdp", 100, &["0.0.0.0/1"]) };
    let two = list("nsg-web", vec![first, rule("allow-rdp-2", 110, &["128.0.0.0/1"])]);
    let opened_by = (0..2).map(|rule| Admission { list: Arc::clone(&two), rule }).collect();
    let opening = opening(0x21, &whole, steps);
    Opening { exposure: Exposure { opened_by, ..opening.exposure }, ..opening }
}

fn closed_again() -> Opening {
    let whole = Arc::new(any_v4());
    let steps = vec![
        step(&cause("e-3", "13:00:00", ALICE), ChangeEffect::Attaches, Some(&whole)),
        step(&cause("e-4", "13:28:19", BOB), ChangeEffect::Closes, None),
    ];
    let mut opening = opening(0x22, &whole, steps);
    opening.is_partial = true;
    opening.exposure.ports = PortSet::only(5432);
    opening.exposure.fronts.iter_mut().for_each(|entrance| entrance.ports = PortSet::only(5432));
    opening
}

fn expected() -> Opening {
    let whole = Arc::new(any_v4());
    let opened = cause("e-5", "14:00:00", "deploy@contoso.example");
    let opening = opening(0x23, &whole, vec![step(&opened, ChangeEffect::Opens, Some(&whole))]);
    let expected = Expected { owner: "net-team".into(), reason: "migration of the jump host".into() };
    Opening { expected: Some(expected), ..opening }
}

/// Check, severity, id, port and message of what is found of each.
type Told = (&'static str, Severity, &'static str, u16, &'static str);

const TOLD: [Told; 3] = [
    (
        "internet-reaches-admin-port",
        Severity::Critical,
        "WO-7F3K2M9Q",
        22,
        "tcp/22 (SSH) open to the whole IPv4 Internet: 3,702,258,431 addresses, spelled 0.0.0.0/1 + 128.0.0.0/1: two \
         halves that together are everything",
    ),
    (
        "internet-reaches-database-port",
        Severity::High,
        "WO-DB000001",
        5432,
        "tcp/5432 (PostgreSQL) open to the whole IPv4 Internet: 3,702,258,431 addresses, closed again after 28 min 19 s",
    ),
    (
        "internet-reaches-port",
        Severity::Medium,
        "WO-EXP00001",
        8443,
        "tcp/8443 open to the whole IPv4 Internet: 3,702,258,431 addresses",
    ),
];

fn of_opening((opening, (check, severity, id, port, message)): (&Opening, Told)) -> Finding {
    let widening = opening.steps.iter().filter(|step| step.sources.is_some());
    let detected = Detected {
        causes: widening.map(|step| Arc::clone(&step.cause)).collect(),
        leading: Some(opening.fingerprint),
        accepted: opening.expected.clone(),
    };
    Finding {
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
        detected: Some(detected),
        ..finding(check, severity)
    }
}

/// Something that was done and opened nothing.
struct Act {
    check: &'static str,
    severity: Severity,
    id: &'static str,
    effect: ChangeEffect,
    touches: Touches,
    cause: Arc<Cause>,
    message: &'static str,
}

fn acts() -> Vec<Act> {
    let on =
        |edited: &str, cause: Arc<Cause>| Arc::new(Cause { edited: edited.into(), ..Cause::clone(&cause) });
    vec![
        Act {
            check: "watcher-weakened",
            severity: Severity::High,
            id: "WO-WATCH001",
            effect: ChangeEffect::Impairs,
            touches: Touches::Watcher(Watch::Guard, Weakened::Off),
            cause: on("det-1", cause("e-6", "08:59:59", ALICE)),
            message: "GuardDuty detector `det-1` turned off or deleted: `DeleteDetector` by `alice@contoso.example`",
        },
        Act {
            check: "change-denied",
            severity: Severity::Low,
            id: "WO-DEN00001",
            effect: ChangeEffect::Denied,
            touches: Touches::Modelled,
            cause: on("nsg-db", cause("e-7", "10:00:00", ALICE)),
            message: "`alice@contoso.example` was refused: `securityRules/write` on `nsg-db`; it would have opened \
                      tcp/443",
        },
        Act {
            check: "change-not-modelled",
            severity: Severity::Info,
            id: "WO-N0T00001",
            effect: ChangeEffect::None,
            touches: Touches::NotModelled,
            cause: on("vpn-1", cause("e-8", "10:30:00", ALICE)),
            message: "a change of what is not modelled, client VPN endpoint: `CreateClientVpnEndpoint` by \
                      `alice@contoso.example`",
        },
    ]
}

impl Act {
    fn change(&self) -> Judged {
        let note = Some("a note".to_owned());
        Judged { effect: self.effect, touches: self.touches, note, ..change(&self.cause) }
    }

    fn finding(self) -> Finding {
        let detected = Detected { causes: vec![self.cause], leading: None, accepted: None };
        Finding {
            id: self.id.to_owned(),
            message: self.message.to_owned(),
            provenance: Some(EVENT_AT),
            detected: Some(detected),
            ..finding(self.check, self.severity)
        }
    }
}

fn step(cause: &Arc<Cause>, effect: ChangeEffect, sources: Option<&Arc<Sources>>) -> Step {
    Step { cause: Arc::clone(cause), effect, sources: sources.map(Arc::clone) }
}

/// Half of the Internet as one cloud counts it.
fn half() -> Sources {
    let half = Measure {
        grade: Grade::Broad,
        addresses: Some(Count::new(2_092_957_696)),
        share: Some(0.565),
        cidrs: cover(&["0.0.0.0/1"]),
        missing: cover(&[]),
    };
    Sources { ipv4: Some(half), digest: [1; 32], ..any_v4() }
}

fn cause(event: &str, at: &str, actor: &str) -> Arc<Cause> {
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
    let exposure =
        Exposure { fingerprint: Fingerprint([fingerprint; 32]), ..exposure(Sources::clone(sources)) };
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
        touches: Touches::Modelled,
        note: None,
        expected: None,
    }
}

const ALICE: &str = "alice@contoso.example";
const BOB: &str = "bob@contoso.example";
