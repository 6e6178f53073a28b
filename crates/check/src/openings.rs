//! The checks asked over openings: what is open, and what was and is closed again.
//!
//! An opening is an exposure with a time, so every check of exposures is a check of openings. What is still open and what
//! is closed again are asked apart, so that no message says of one what holds of the other; a hole of which there is both
//! is one finding all the same, with the id that a scan would give it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use engine::{Cause, ChangeEffect, Expected, Exposure, Fingerprint, Opening};
use model::{Moment, Name, Snapshot, Target};
use packet::PortSet;

use crate::finding::Found;
use crate::{Detected, Facts, Finding, id, lasted, message};

/// What the checks say of what changes opened or widened.
pub(crate) fn asked(snapshot: &Snapshot, openings: &[Opening]) -> Vec<Found> {
    let mut groups: BTreeMap<(Option<&Expected>, bool), Vec<&Opening>> = BTreeMap::new();
    for opening in openings.iter().filter(|opening| widening(opening).next().is_some()) {
        groups.entry((opening.expected.as_ref(), opening.is_open())).or_default().push(opening);
    }
    let by_fingerprint: BTreeMap<Fingerprint, &Opening> =
        openings.iter().map(|opening| (opening.exposure.fingerprint, opening)).collect();
    let mut merged: BTreeMap<u64, (bool, Found)> = BTreeMap::new();
    for ((expected, is_open), group) in groups {
        for found in of_group(snapshot, &group, expected) {
            let digest = id::digest(&found);
            let whole = match merged.remove(&digest) {
                Some((was_open, other)) => joined((was_open, other), (is_open, found), &by_fingerprint),
                None => (is_open, found),
            };
            merged.insert(digest, whole);
        }
    }
    merged.into_values().map(|(_, found)| found).collect()
}

/// What is said of openings that have one fate.
fn of_group(snapshot: &Snapshot, openings: &[&Opening], expected: Option<&Expected>) -> Vec<Found> {
    let by_fingerprint: BTreeMap<Fingerprint, &Opening> =
        openings.iter().map(|opening| (opening.exposure.fingerprint, *opening)).collect();
    let exposures: Vec<Exposure> = openings.iter().map(|opening| opening.exposure.clone()).collect();
    // As they were then: what is closed today may be open in these.
    let targets: BTreeMap<&Name, &Arc<Target>> =
        exposures.iter().map(|exposure| (&exposure.target.key, &exposure.target)).collect();
    let then = Snapshot {
        targets: targets.into_values().map(Arc::clone).collect(),
        gaps: Vec::new(),
        coverage: BTreeMap::new(),
        missing: Vec::new(),
        ..snapshot.clone()
    };
    // Which rules never decide is asked of an estate as it is.
    let found = crate::asked(&Facts { snapshot: &then, exposures: &exposures, idle: &[] });
    // What rests on none of them is of what no change opened.
    let rests = |found: &Found| !found.finding.exposures.is_empty();
    found.into_iter().filter(rests).map(|found| told(found, &by_fingerprint, expected)).collect()
}

/// The same with its changes, and what became of it.
fn told(mut found: Found, openings: &BTreeMap<Fingerprint, &Opening>, expected: Option<&Expected>) -> Found {
    let finding = &mut found.finding;
    let own: Vec<&Opening> = finding.exposures.iter().filter_map(|of| openings.get(of).copied()).collect();
    let leading = found.leading.and_then(|of| openings.get(&of)).or(own.first()).copied();
    let causes: BTreeSet<&Arc<Cause>> = own.iter().flat_map(|opening| widening(opening)).collect();
    finding.message.push_str(&fate(leading, &own));
    let opened = leading.and_then(|opening| opening.opened.as_ref().or(widening(opening).next()));
    finding.provenance = finding.provenance.or(opened.and_then(|cause| cause.provenance));
    finding.detected = Some(Detected {
        causes: causes.into_iter().cloned().collect(),
        leading: leading.map(|opening| opening.exposure.fingerprint),
        accepted: expected.cloned(),
    });
    found.apart = expected.map(|expected| format!("{}\0{}", expected.owner, expected.reason));
    found
}

/// The changes that let more in.
fn widening(opening: &Opening) -> impl Iterator<Item = &Arc<Cause>> {
    let steps = opening.steps.iter().filter(|step| match step.effect {
        ChangeEffect::Opens | ChangeEffect::Attaches | ChangeEffect::Widens => true,
        ChangeEffect::Denied
        | ChangeEffect::Closes
        | ChangeEffect::Narrows
        | ChangeEffect::Impairs
        | ChangeEffect::None => false,
    });
    steps.map(|step| &step.cause).chain(&opening.opened)
}

/// What became of what a message speaks of, to be added to it.
fn fate(leading: Option<&Opening>, openings: &[&Opening]) -> String {
    let Some(leading) = leading else { return String::new() };
    if leading.is_open() {
        let now = leading.latest.as_ref().filter(|now| now.digest != leading.exposure.sources.digest);
        return now.map(|now| format!(", narrowed since to {}", message::who(now))).unwrap_or_default();
    }
    format!(", closed again{}", after(openings))
}

/// ` after 28 min`; `, 3 times` where it is not one time.
fn after(openings: &[&Opening]) -> String {
    let times: BTreeSet<(Option<Moment>, Option<Moment>)> = openings
        .iter()
        .map(|opening| {
            let at = |cause: &Option<Arc<Cause>>| cause.as_ref().map(|cause| cause.at);
            (at(&opening.opened), at(&opening.closed))
        })
        .collect();
    let mut each = times.iter();
    match (each.next(), each.next()) {
        (Some((Some(opened), Some(closed))), None) => format!(" after {}", lasted(*opened, *closed)),
        (_, None) => String::new(),
        (_, Some(_)) => format!(", {} times", times.len()),
    }
}

/// One hole of which one part is open and another is closed again: the worse is told first, of equal ones the open one.
fn joined(
    one: (bool, Found),
    other: (bool, Found),
    openings: &BTreeMap<Fingerprint, &Opening>,
) -> (bool, Found) {
    let rank = |(is_open, found): &(bool, Found)| (found.finding.severity, *is_open);
    let (first, second) = if rank(&one) >= rank(&other) { (one, other) } else { (other, one) };
    let (is_open, mut found) = first;
    let second = second.1.finding;
    let finding = &mut found.finding;
    let of = |finding: &Finding| -> Vec<&Opening> {
        finding.exposures.iter().filter_map(|of| openings.get(of).copied()).collect()
    };
    if !becomes(&of(&second), &of(finding)) {
        finding.message = format!("{}, and {}", finding.message, second.message);
    }
    finding.exposures.extend(second.exposures);
    finding.exposures.sort_unstable();
    finding.exposures.dedup();
    finding.targets.extend(second.targets);
    finding.targets.sort_by(|a, b| a.key.cmp(&b.key));
    finding.targets.dedup_by(|a, b| a.key == b.key);
    for (protocol, ports) in second.packets {
        // Without ports it is about every one, or there is none.
        let is_whole = |ports: &PortSet| ports.is_empty();
        let whole = match finding.packets.get(&protocol) {
            Some(own) if is_whole(own) || is_whole(&ports) => PortSet::empty(),
            Some(own) => own.union(&ports),
            None => ports,
        };
        finding.packets.insert(protocol, whole);
    }
    for (family, grade) in second.grades {
        let widest = finding.grades.entry(family).or_insert(grade);
        *widest = grade.max(*widest);
    }
    let causes = second.detected.map(|detected| detected.causes).unwrap_or_default();
    if let Some(detected) = &mut finding.detected {
        detected.causes.extend(causes);
        detected.causes.sort();
        detected.causes.dedup();
    }
    (is_open, found)
}

/// Whether openings ended by what opened others: they were not closed, but became these.
fn becomes(ended: &[&Opening], others: &[&Opening]) -> bool {
    let is_begin = |end: &Arc<Cause>| others.iter().any(|other| other.opened.as_ref() == Some(end));
    !ended.is_empty() && ended.iter().all(|opening| opening.closed.as_ref().is_some_and(is_begin))
}

#[cfg(test)]
mod tests {
    use engine::{Sources, Step};
    use model::Rule;

    use super::*;
    use crate::estate::{Act, Estate, allow, of_acts};
    use crate::{Answers, Overrides};

    const HOUR: i64 = 3_600_000;

    fn cause(name: &str, at: i64) -> Arc<Cause> {
        Arc::new(Cause {
            at: Moment(at),
            event: name.into(),
            actor: "alice".into(),
            address: None,
            client: None,
            operation: "Authorize".into(),
            edited: "nsg-web".into(),
            provenance: None,
        })
    }

    fn step(cause: &Arc<Cause>, effect: ChangeEffect) -> Step {
        Step { cause: Arc::clone(cause), effect, sources: None }
    }

    /// What these rules let in, opened at hour zero and closed at another.
    fn opening(rules: Vec<Rule>, closed: Option<i64>) -> Opening {
        let mut exposure = Estate::of(rules).exposures().remove(0);
        let opened = cause("opens", 0);
        let closed = closed.map(|hour| cause("closes", hour * HOUR));
        exposure.fingerprint.0[0] ^= u8::from(closed.is_some());
        let ends = closed.iter().map(|cause| step(cause, ChangeEffect::Closes));
        let steps = [step(&opened, ChangeEffect::Opens)].into_iter().chain(ends).collect();
        Opening {
            fingerprint: exposure.fingerprint,
            addresses: crate::estate::addresses(&["0.0.0.0/0"]),
            latest: Some(Arc::clone(&exposure.sources)),
            exposure,
            opened: Some(opened),
            closed,
            steps,
            is_partial: false,
            expected: None,
        }
    }

    fn asked(openings: &[Opening]) -> Vec<Finding> {
        let mut answers = Answers::default();
        answers.ask_openings(&Estate::of(vec![]).snapshot(), openings);
        answers.findings(&Overrides::new())
    }

    fn told(openings: &[Opening]) -> Vec<String> {
        asked(openings).iter().map(|finding| format!("{}: {}", finding.severity, finding.message)).collect()
    }

    fn ssh(source: &str) -> Vec<Rule> {
        vec![allow("tcp", &[source], &["22"])]
    }

    const WHOLE: &str = "tcp/22 (SSH) open to the whole IPv4 Internet: 3,702,258,431 addresses";

    #[test]
    fn what_is_open_is_told_as_a_scan_tells_it_and_with_its_id() {
        let open = opening(ssh("0.0.0.0/0"), None);
        let findings = asked(core::slice::from_ref(&open));
        let scanned = Estate::of(ssh("0.0.0.0/0")).findings(&Overrides::new());
        assert_eq!(findings.len(), 1);
        assert_eq!((&findings[0].id, &findings[0].message), (&scanned[0].id, &scanned[0].message));
        let detected = findings[0].detected.as_ref().unwrap();
        assert_eq!(detected.leading, Some(open.fingerprint));
        assert_eq!(detected.causes, [cause("opens", 0)]);
        assert_eq!(findings[0].exposures, [open.fingerprint]);
    }

    #[test]
    fn what_is_closed_again_stays_a_finding_with_its_time() {
        let closed = opening(ssh("0.0.0.0/0"), Some(3));
        assert_eq!(told(&[closed]), [format!("critical: {WHOLE}, closed again after 3 h")]);
    }

    #[test]
    fn a_hole_of_which_one_part_is_closed_is_one_finding() {
        let (office, whole) = (opening(ssh("8.8.8.8/32"), None), opening(ssh("0.0.0.0/0"), Some(1)));
        let findings = asked(&[office, whole]);
        assert_eq!(findings.len(), 1);
        let expected =
            format!("{WHOLE}, closed again after 1 h, and tcp/22 (SSH) open to 1 IPv4 address (8.8.8.8/32)");
        assert_eq!(findings[0].message, expected);
        assert_eq!(findings[0].exposures.len(), 2);
        let both = told(&[opening(ssh("0.0.0.0/0"), None), opening(ssh("0.0.0.0/0"), Some(1))]);
        assert_eq!(both, [format!("critical: {WHOLE}, and {WHOLE}, closed again after 1 h")]);
    }

    #[test]
    fn what_was_narrowed_since_says_so() {
        let mut narrowed = opening(ssh("0.0.0.0/0"), None);
        let now = Estate::of(ssh("8.8.8.8/32")).exposures().remove(0).sources;
        narrowed.latest = Some(Arc::new(Sources::clone(&now)));
        assert_eq!(
            told(&[narrowed]),
            [format!("critical: {WHOLE}, narrowed since to 1 IPv4 address (8.8.8.8/32)")]
        );
    }

    /// What was open before the log and was only narrowed or closed is a scan's to tell.
    #[test]
    fn what_no_change_opened_is_not_told() {
        let mut before = opening(ssh("0.0.0.0/0"), Some(1));
        before.opened = None;
        before.steps.remove(0);
        assert!(told(&[before.clone()]).is_empty());
        before.steps.insert(0, step(&cause("widens", 1), ChangeEffect::Widens));
        assert_eq!(told(&[before]), [format!("critical: {WHOLE}, closed again")]);
    }

    #[test]
    fn what_is_expected_is_told_apart_and_fails_nothing() {
        let expected = Expected { owner: "net-team".into(), reason: "migration".into() };
        let accepted = Opening { expected: Some(expected.clone()), ..opening(ssh("0.0.0.0/0"), Some(1)) };
        let findings = asked(&[accepted, opening(ssh("8.8.8.8/32"), None)]);
        let told: Vec<_> = findings.iter().map(|finding| (finding.severity, finding.accepted())).collect();
        assert_eq!(told, [(crate::Severity::Low, None), (crate::Severity::Critical, Some(&expected))]);
        assert!(!findings[1].fails(crate::Severity::Low) && findings[0].fails(crate::Severity::Low));
        assert_ne!(findings[0].id, findings[1].id);
        let acts = [Act::at(0).denied().expected(&expected), Act::at(1).denied()];
        let findings = of_acts(&acts, &crate::Attempts::new());
        assert_eq!(findings.len(), 2);
        assert_ne!(findings[0].id, findings[1].id);
    }

    /// A list that is closed may be gone.
    #[test]
    fn checks_of_lists_look_at_what_was_there_then() {
        let group = Estate::of(ssh("0.0.0.0/0")).kind("security-group");
        let exposure = group.exposures().remove(0);
        let closed =
            Opening { fingerprint: exposure.fingerprint, exposure, ..opening(ssh("0.0.0.0/0"), Some(2)) };
        let told = told(&[closed]);
        assert!(told.iter().all(|told| told.ends_with("closed again after 2 h")), "{told:?}");
        assert!(!told.is_empty());
    }
}
