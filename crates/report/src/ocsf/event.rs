//! A finding, or one opening of it, as an event of the schema.

use std::collections::BTreeSet;
use std::sync::Arc;

use core::net::IpAddr;

use check::{Finding, Severity};
use engine::{Cause, Certainty, Exposure, Opening};
use model::Moment;

use super::objects::{
    Account, Actor, Analytic, Api, Attack, Cloud, Compliance, Data, Endpoint, Event, Evidence, FindingInfo,
    Metadata, Named, Product, Remediation, Request, Resource, Unmapped, User,
};
use crate::explain::section;
use crate::history::{Openings, lets_in};
use crate::{Outcome, proof, short};

/// What a finding is told by.
#[derive(Clone, Copy)]
pub(super) enum Rests<'a> {
    On(&'a Opening),
    OnExposure(&'a Exposure),
    OnNothing,
}

/// What has become of it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Activity {
    Create = 1,
    Update = 2,
    Close = 3,
}

impl<'a> Event<'a> {
    /// Of a finding that rests on no opening, `exposure` is the one that it is told by.
    pub(super) fn of(
        outcome: &'a Outcome<'_>,
        openings: &Openings<'a>,
        finding: &'a Finding,
        rests: Rests<'a>,
    ) -> Self {
        let opening = match rests {
            Rests::On(opening) => Some(opening),
            Rests::OnExposure(_) | Rests::OnNothing => None,
        };
        let (class_uid, class_name) = match finding.detected {
            Some(_) => (2004, "Detection Finding"),
            None => (2003, "Compliance Finding"),
        };
        let activity = activity(opening);
        let activity_name = match activity {
            Activity::Create => "Create",
            Activity::Update => "Update",
            Activity::Close => "Close",
        };
        let (first, last) = span(finding, opening);
        let (status_id, status) = match (finding.accepted().is_some(), activity) {
            (true, _) => (3, "Suppressed"),
            (false, Activity::Close) => (4, "Resolved"),
            (false, Activity::Create | Activity::Update) => (1, "New"),
        };
        let time = last.or(first).or(outcome.run.at).map_or(0, |moment| moment.0);
        let of_time = |moment: Option<Moment>| moment.map(|moment| moment.0);
        let is_fatal = outcome.run.threshold.map(|threshold| finding.fails(threshold));
        Self {
            activity_id: activity as u8,
            activity_name,
            category_uid: 2,
            category_name: "Findings",
            class_uid,
            class_name,
            type_uid: u32::from(class_uid) * 100 + activity as u32,
            type_name: format!("{class_name}: {activity_name}"),
            time,
            start_time: of_time(first),
            end_time: of_time(last),
            severity_id: severity(finding.severity).0,
            severity: severity(finding.severity).1,
            status_id,
            status,
            status_detail: finding
                .accepted()
                .map(|expected| format!("expected by {}: {}", expected.owner, expected.reason)),
            confidence_id: opening.map(|opening| match opening.exposure.certainty {
                Certainty::Proved => 3,
                Certainty::Possible => 2,
            }),
            // What is closed calls nobody any more.
            is_alert: finding
                .detected
                .as_ref()
                .and(is_fatal)
                .map(|is_fatal| is_fatal && activity != Activity::Close),
            message: openings.said(finding),
            metadata: metadata(outcome),
            cloud: cloud(finding),
            finding_info: FindingInfo {
                uid: uid(finding, opening),
                title: finding.check.summary,
                desc: &finding.message,
                types: [finding.check.name],
                analytic: analytic(finding),
                attacks: finding.check.attack.iter().map(|id| attack(id)).collect(),
                first_seen_time: of_time(first),
                last_seen_time: of_time(last),
            },
            compliance: finding.detected.is_none().then(|| compliance(finding)),
            evidences: evidences(finding, opening),
            resources: resources(finding, opening),
            remediation: Remediation { desc: section(finding.check.page, "What to do").unwrap_or_default() },
            unmapped: unmapped(finding, rests),
        }
    }
}

fn activity(opening: Option<&Opening>) -> Activity {
    let Some(opening) = opening else { return Activity::Create };
    match (opening.is_open(), opening.steps.len()) {
        (false, _) => Activity::Close,
        (true, 0 | 1) => Activity::Create,
        (true, _) => Activity::Update,
    }
}

/// The time of the first change that is spoken of, and of the last.
fn span(finding: &Finding, opening: Option<&Opening>) -> (Option<Moment>, Option<Moment>) {
    let at = |cause: &Arc<Cause>| cause.at;
    match (opening, &finding.detected) {
        (Some(opening), _) => {
            let first = opening.opened.as_ref().or(opening.steps.first().map(|step| &step.cause));
            (first.map(at), opening.steps.last().map(|step| step.cause.at))
        }
        (None, Some(detected)) => (detected.causes.first().map(at), detected.causes.last().map(at)),
        (None, None) => (None, None),
    }
}

const fn severity(severity: Severity) -> (u8, &'static str) {
    match severity {
        Severity::Info => (1, "Informational"),
        Severity::Low => (2, "Low"),
        Severity::Medium => (3, "Medium"),
        Severity::High => (4, "High"),
        Severity::Critical => (5, "Critical"),
    }
}

/// Of an opening it stays from the first step to the last.
fn uid(finding: &Finding, opening: Option<&Opening>) -> String {
    match opening {
        Some(opening) => format!("{}/{}", finding.check.name, opening.exposure.fingerprint),
        None => finding.id.clone(),
    }
}

fn metadata<'a>(outcome: &'a Outcome<'_>) -> Metadata<'a> {
    let product = Product { name: "wideopen", vendor_name: "wideopen", version: outcome.run.version };
    Metadata { version: "1.6.0", profiles: ["cloud"], product }
}

fn cloud(finding: &Finding) -> Cloud<'_> {
    let account = finding.scope.as_deref().map(|uid| Account { uid });
    Cloud { provider: finding.cloud, account }
}

const fn analytic(finding: &Finding) -> Analytic {
    Analytic { uid: finding.check.name, name: finding.check.name, type_id: 1, r#type: "Rule" }
}

/// `T1686.001` is of `T1686`.
fn attack(id: &'static str) -> Attack {
    match id.split_once('.') {
        Some((whole, _)) => {
            Attack { technique: Named { uid: whole }, sub_technique: Some(Named { uid: id }) }
        }
        None => Attack { technique: Named { uid: id }, sub_technique: None },
    }
}

fn compliance(finding: &Finding) -> Compliance {
    let standards: BTreeSet<String> =
        finding.controls().map(|control| format!("{} {}", control.framework, control.version)).collect();
    let requirements = finding.controls().map(|control| format!("{} {}", control.framework, control.id));
    Compliance {
        control: finding.check.name,
        standards: standards.into_iter().collect(),
        requirements: requirements.collect(),
        status_id: 3,
        status: "Fail",
    }
}

fn evidences<'a>(finding: &'a Finding, opening: Option<&'a Opening>) -> Vec<Evidence<'a>> {
    let causes = finding.detected.as_ref().map(|detected| detected.causes.as_slice()).unwrap_or_default();
    match opening {
        Some(opening) => {
            let steps = opening.steps.iter();
            let told = steps.map(|step| {
                let sources = step.sources.as_ref().filter(|_| lets_in(step.effect));
                let measures = sources.map(|sources| [&sources.ipv4, &sources.ipv6]);
                let covers = measures.into_iter().flatten().flatten().map(|measure| &measure.cidrs.prefixes);
                let sources = covers.flatten().map(ToString::to_string).collect();
                evidence(&step.cause, Some(step.effect.word()), sources)
            });
            told.collect()
        }
        None => causes.iter().map(|cause| evidence(cause, None, Vec::new())).collect(),
    }
}

fn evidence<'a>(cause: &'a Cause, effect: Option<&'static str>, sources: Vec<String>) -> Evidence<'a> {
    let endpoint = |address: &'a str| match address.parse() {
        Ok(ip) => Endpoint::Ip(ip),
        Err(_) => Endpoint::SvcName(address),
    };
    Evidence {
        actor: Actor { user: User { name: &cause.actor } },
        api: Api { operation: &cause.operation, request: Request { uid: &cause.event } },
        src_endpoint: cause.address.as_deref().filter(|address| !address.is_empty()).map(endpoint),
        data: Data {
            event: &cause.event,
            time: cause.at.to_string(),
            effect,
            edited: &cause.edited,
            client: cause.client.as_deref(),
            sources,
        },
    }
}

/// What filters, and what is reached.
fn resources<'a>(finding: &'a Finding, opening: Option<&'a Opening>) -> Vec<Resource<'a>> {
    let subject = &finding.subject;
    let own = Resource { uid: &subject.id, name: &subject.name, r#type: subject.kind, role_id: 1, ip: None };
    let of_target = |target: &'a model::Target, ip: Option<IpAddr>| Resource {
        uid: &target.id,
        name: &target.name,
        r#type: target.kind,
        role_id: 3,
        ip,
    };
    let front = |exposure: &Exposure| exposure.fronts.iter().find_map(|entrance| entrance.front.address);
    let targets: Vec<Resource<'a>> = match opening {
        Some(opening) => vec![of_target(&opening.exposure.target, front(&opening.exposure))],
        None => finding.targets.iter().take(TARGETS_MAX).map(|target| of_target(target, None)).collect(),
    };
    let others = targets.into_iter().filter(|target| target.uid != &*subject.id);
    core::iter::once(own).chain(others).collect()
}

fn unmapped<'a>(finding: &'a Finding, rests: Rests<'a>) -> Unmapped<'a> {
    let (opening, exposure) = match rests {
        Rests::On(opening) => (Some(opening), Some(&opening.exposure)),
        Rests::OnExposure(exposure) => (None, Some(exposure)),
        Rests::OnNothing => (None, None),
    };
    let witness = opening.map_or(finding.witness.as_ref(), |opening| opening.exposure.witness.as_ref());
    let name = exposure.map_or(&finding.subject.name, |exposure| &exposure.target.name);
    Unmapped {
        finding: &finding.id,
        opening: opening.map(|opening| opening.exposure.fingerprint.to_string()),
        packets: short::packets(finding),
        reach: exposure.map(|exposure| exposure.reach.word()),
        certainty: exposure.map(|exposure| exposure.certainty.word()),
        baseline: opening.map(|opening| if opening.is_partial { "partial" } else { "complete" }),
        witness: witness.map(|witness| proof::told(witness, name)),
    }
}

const TARGETS_MAX: usize = 100;
