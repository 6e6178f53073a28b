//! What is done to those who watch: logs and where they go, detectors, perimeters, constraints of an organisation.
//!
//! One table. Knows nothing of what is open.

use cloud::audit::{Impairment, guards, keeps};
use cloud::json::{Node, Tree};
use model::Weakened;

use super::edits::network::logs;
use super::method::Method;
use super::part::{flag, items, object, part, text};

/// What an entry says, for those who judge it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seen<'s> {
    /// The request, as exports spell it.
    pub(super) request: &'s Node<'static>,
    /// The payload around it.
    pub(super) payload: &'s Node<'s>,
    /// The path of the resource.
    pub(super) path: &'s str,
}

/// A method that weakens somebody, or may.
#[derive(Debug)]
pub(super) struct Watcher {
    /// Whose method; empty: anybody's.
    of: &'static [&'static str],
    verb: &'static str,
    /// What it is done to.
    kind: cloud::audit::Watcher,
    weakens: Weakens,
}

/// The names of all methods of the table: the first name of whose they are, where they are not anybody's, and the verb.
pub(super) fn names() -> impl Iterator<Item = String> {
    WATCHERS.iter().map(|one| match one.of.first() {
        Some(of) => format!("{of}.{}", one.verb),
        None => one.verb.to_owned(),
    })
}

/// How it does. Complete.
#[derive(Clone, Copy, Debug)]
enum Weakens {
    /// Whatever it says.
    Always(Weakened),
    /// By what it says; `None`: not at all.
    By(fn(&Seen<'_>) -> Option<(Weakened, String)>),
}

/// The entry of a method.
pub(super) fn find(method: &Method) -> Option<&'static Watcher> {
    let is_it =
        |one: &&Watcher| one.verb == method.verb && (one.of.is_empty() || one.of.contains(&&*method.of));
    WATCHERS.iter().find(is_it)
}

impl Watcher {
    /// What a call does; `None`: nothing.
    pub(super) fn judge(&self, seen: &Seen<'_>) -> Option<Impairment> {
        let (weakened, note) = match self.weakens {
            Weakens::Always(weakened) => (weakened, String::new()),
            Weakens::By(judge) => judge(seen)?,
        };
        Some(Impairment::of(self.kind, weakened, note))
    }

    /// What its name alone says; `None`: its request decides.
    pub(super) fn unsaid(&self) -> Option<Impairment> {
        match self.weakens {
            Weakens::Always(weakened) => Some(Impairment::of(self.kind, weakened, String::new())),
            Weakens::By(_) => None,
        }
    }
}

const fn always(
    of: &'static [&'static str],
    verb: &'static str,
    kind: cloud::audit::Watcher,
    weakened: Weakened,
) -> Watcher {
    Watcher { of, verb, kind, weakens: Weakens::Always(weakened) }
}

const fn by(
    of: &'static [&'static str],
    verb: &'static str,
    kind: cloud::audit::Watcher,
    judge: fn(&Seen<'_>) -> Option<(Weakened, String)>,
) -> Watcher {
    Watcher { of, verb, kind, weakens: Weakens::By(judge) }
}

const LOGGING: &[&str] = &["logging.configservicev2"];
const LOGS: &[&str] = &["logging.loggingservicev2"];
const METRICS: &[&str] = &["logging.metricsservicev2"];
const ALERTS: &[&str] = &["monitoring.alertpolicyservice"];
const PERIMETERS: &[&str] = &["accesscontextmanager.accesscontextmanager"];
const CONSTRAINTS: &[&str] = &["orgpolicy.orgpolicy"];
const FINDINGS: &[&str] = &["securitycenter.securitycenter"];
const SETTINGS: &[&str] = &[
    "securitycenter.settings.securitycentersettingsservice",
    "securitycenter.securitycentersettingsservice",
];
/// Where what detectors are made of is edited.
const MODULES: &[&str] = &[
    "securitycentermanagement.securitycentermanagement",
    "securitycenter.securitycenter",
    "securitycenter.settings.securitycentersettingsservice",
    "securitycenter.securitycentersettingsservice",
];
const FIREWALLS: &[&str] = &["compute.firewalls"];
const POLICIES: &[&str] =
    &["compute.firewallpolicies", "compute.networkfirewallpolicies", "compute.regionnetworkfirewallpolicies"];

/// Every method.
static WATCHERS: &[Watcher] = &[
    // Cloud Logging.
    always(LOGGING, "deletesink", keeps("log sink"), Weakened::Off),
    by(LOGGING, "updatesink", keeps("log sink"), sink),
    always(LOGGING, "createexclusion", keeps("log exclusion"), Weakened::Less),
    by(LOGGING, "updateexclusion", keeps("log exclusion"), exclusion),
    always(LOGGING, "deleteexclusion", keeps("log exclusion"), Weakened::Restored),
    always(LOGGING, "deletebucket", keeps("log bucket"), Weakened::Off),
    always(LOGGING, "undeletebucket", keeps("log bucket"), Weakened::Restored),
    by(LOGGING, "updatebucket", keeps("log bucket"), bucket),
    by(LOGGING, "updatebucketasync", keeps("log bucket"), bucket),
    by(LOGGING, "updatesettings", keeps("log settings"), settings),
    always(LOGS, "deletelog", keeps("log"), Weakened::Off),
    always(METRICS, "deletelogmetric", guards("log metric"), Weakened::Less),
    always(METRICS, "updatelogmetric", guards("log metric"), Weakened::Perhaps),
    always(ALERTS, "deletealertpolicy", guards("alert policy"), Weakened::Less),
    always(ALERTS, "updatealertpolicy", guards("alert policy"), Weakened::Perhaps),
    // Data access logs are switched by the policy of whoever is logged.
    by(&[], "setiampolicy", keeps("data access audit log"), audit_config),
    // Flow logs, and logs of rules.
    by(&["compute.subnetworks"], "patch", keeps("flow log"), flow_log),
    by(FIREWALLS, "patch", keeps("firewall rule log"), flow_log),
    by(FIREWALLS, "update", keeps("firewall rule log"), flow_log),
    by(POLICIES, "patchrule", keeps("firewall rule log"), flow_log),
    by(&["dns.policies"], "patch", keeps("DNS query log"), flow_log),
    by(&["dns.policies"], "update", keeps("DNS query log"), flow_log),
    always(&["compute.packetmirrorings"], "delete", guards("packet mirroring"), Weakened::Off),
    by(&["compute.packetmirrorings"], "patch", guards("packet mirroring"), mirroring),
    by(POLICIES, "removepacketmirroringrule", guards("packet mirroring"), |_| {
        Some((Weakened::Less, String::new()))
    }),
    always(
        &["networkmanagement.vpcflowlogsservice"],
        "deletevpcflowlogsconfig",
        keeps("flow log"),
        Weakened::Off,
    ),
    by(
        &["networkmanagement.vpcflowlogsservice"],
        "updatevpcflowlogsconfig",
        keeps("flow log"),
        flow_log_config,
    ),
    // What looks into packets.
    always(&["ids.ids"], "deleteendpoint", guards("intrusion detection endpoint"), Weakened::Off),
    always(
        &["networksecurity.firewallactivation"],
        "deletefirewallendpoint",
        guards("firewall endpoint"),
        Weakened::Off,
    ),
    always(
        &["networksecurity.firewallactivation"],
        "deletefirewallendpointassociation",
        guards("firewall endpoint"),
        Weakened::Off,
    ),
    // Perimeters around services.
    always(PERIMETERS, "deleteserviceperimeter", guards("service perimeter"), Weakened::Off),
    always(PERIMETERS, "updateserviceperimeter", guards("service perimeter"), Weakened::Perhaps),
    always(PERIMETERS, "replaceserviceperimeters", guards("service perimeter"), Weakened::Perhaps),
    always(PERIMETERS, "commitserviceperimeters", guards("service perimeter"), Weakened::Perhaps),
    always(PERIMETERS, "createserviceperimeter", guards("service perimeter"), Weakened::Restored),
    always(PERIMETERS, "deleteaccesslevel", guards("access level"), Weakened::Perhaps),
    always(PERIMETERS, "updateaccesslevel", guards("access level"), Weakened::Perhaps),
    always(PERIMETERS, "replaceaccesslevels", guards("access level"), Weakened::Perhaps),
    always(PERIMETERS, "createaccesslevel", guards("access level"), Weakened::Perhaps),
    always(PERIMETERS, "deleteaccesspolicy", guards("access policy"), Weakened::Off),
    always(PERIMETERS, "updateaccesspolicy", guards("access policy"), Weakened::Perhaps),
    // Constraints of an organisation.
    by(CONSTRAINTS, "deletepolicy", guards("organisation policy"), lifted),
    by(CONSTRAINTS, "updatepolicy", guards("organisation policy"), constraint),
    by(CONSTRAINTS, "createpolicy", guards("organisation policy"), constraint),
    by(&[], "setorgpolicy", guards("organisation policy"), constraint),
    by(&[], "clearorgpolicy", guards("organisation policy"), lifted),
    // Security Command Center.
    always(FINDINGS, "createmuteconfig", guards("mute rule for findings"), Weakened::Less),
    always(FINDINGS, "updatemuteconfig", guards("mute rule for findings"), Weakened::Perhaps),
    always(FINDINGS, "deletemuteconfig", guards("mute rule for findings"), Weakened::Restored),
    by(FINDINGS, "setmute", guards("finding"), mute),
    always(FINDINGS, "bulkmutefindings", guards("finding"), Weakened::Less),
    always(FINDINGS, "deletenotificationconfig", guards("notification of findings"), Weakened::Off),
    always(FINDINGS, "updatenotificationconfig", guards("notification of findings"), Weakened::Perhaps),
    always(FINDINGS, "deletebigqueryexport", guards("export of findings"), Weakened::Less),
    by(MODULES, "updatesecuritycenterservice", guards("detector of Security Command Center"), detector),
    by(SETTINGS, "updateeventthreatdetectionsettings", guards("Event Threat Detection"), detector),
    by(SETTINGS, "updatecontainerthreatdetectionsettings", guards("Container Threat Detection"), detector),
    by(
        SETTINGS,
        "updatevirtualmachinethreatdetectionsettings",
        guards("Virtual Machine Threat Detection"),
        detector,
    ),
    by(SETTINGS, "updatesecurityhealthanalyticssettings", guards("Security Health Analytics"), detector),
    by(SETTINGS, "updatewebsecurityscannersettings", guards("Web Security Scanner"), detector),
    by(
        SETTINGS,
        "updaterapidvulnerabilitydetectionsettings",
        guards("Rapid Vulnerability Detection"),
        detector,
    ),
    by(
        MODULES,
        "updateeventthreatdetectioncustommodule",
        guards("detector of Security Command Center"),
        detector,
    ),
    by(
        MODULES,
        "updatesecurityhealthanalyticscustommodule",
        guards("detector of Security Command Center"),
        detector,
    ),
    always(
        MODULES,
        "deleteeventthreatdetectioncustommodule",
        guards("detector of Security Command Center"),
        Weakened::Off,
    ),
    always(
        MODULES,
        "deletesecurityhealthanalyticscustommodule",
        guards("detector of Security Command Center"),
        Weakened::Off,
    ),
    by(
        &["serviceusage.serviceusage", "servicemanagement.servicemanager"],
        "disableservice",
        guards("watching service"),
        service,
    ),
    by(
        &["serviceusage.serviceusage", "servicemanagement.servicemanager"],
        "enableservice",
        guards("watching service"),
        back,
    ),
];

/// The part of a request that an update states.
fn inner<'s>(seen: &Seen<'s>, key: &str) -> &'s Node<'static> {
    part(seen.request, key).unwrap_or(seen.request)
}

/// A switch that an object has: off, or on again.
fn switched(off: Option<bool>) -> (Weakened, String) {
    let weakened = match off {
        Some(true) => Weakened::Off,
        Some(false) => Weakened::Restored,
        None => Weakened::Perhaps,
    };
    (weakened, String::new())
}

fn sink(seen: &Seen<'_>) -> Option<(Weakened, String)> {
    let sink = inner(seen, "sink");
    let (weakened, _) = switched(flag(sink, "disabled").filter(|off| *off));
    let filter = text(sink, "filter").map(|filter| format!("its filter is `{filter}` now"));
    let to = text(sink, "destination").map(|to| format!("it writes to {to} now"));
    let note = [to, filter].into_iter().flatten().collect::<Vec<_>>().join(", ");
    Some((weakened, note))
}

/// An exclusion that is disabled leaves nothing out.
fn exclusion(seen: &Seen<'_>) -> Option<(Weakened, String)> {
    match flag(inner(seen, "exclusion"), "disabled") {
        Some(true) => Some((Weakened::Restored, String::new())),
        Some(false) => Some((Weakened::Less, String::new())),
        None => Some((Weakened::Perhaps, String::new())),
    }
}

fn bucket(seen: &Seen<'_>) -> Option<(Weakened, String)> {
    let days = text(inner(seen, "bucket"), "retentionDays");
    let note = days.map(|days| format!("it keeps entries for {days} days now")).unwrap_or_default();
    Some((Weakened::Perhaps, note))
}

fn settings(seen: &Seen<'_>) -> Option<(Weakened, String)> {
    match flag(inner(seen, "settings"), "disableDefaultSink") {
        Some(true) => Some((Weakened::Less, "new projects get no default sink".to_owned())),
        Some(false) => Some((Weakened::Restored, String::new())),
        None => None,
    }
}

/// Entries say what of the policy changed: the logs that are switched, and for whom.
fn audit_config(seen: &Seen<'_>) -> Option<(Weakened, String)> {
    let data = ["serviceData", "metadata"].iter().find_map(|key| object(seen.payload, key))?;
    let delta = object(&data, "policyDelta")?;
    let deltas = items(&delta, "auditConfigDeltas");
    let of = |delta: &Tree<'_>| {
        let Tree::Object(delta) = delta else { return None };
        let exempted = text(delta, "exemptedMember");
        let is_removed = text(delta, "action")?.eq_ignore_ascii_case("REMOVE");
        let weakened = match (exempted, is_removed) {
            (Some(_), false) => Weakened::Less,
            (None, true) => Weakened::Off,
            (Some(_), true) | (None, false) => Weakened::Restored,
        };
        let log = text(delta, "logType").unwrap_or("every log");
        let service = text(delta, "service").unwrap_or("every service");
        let exempted = exempted.map(|member| format!(" for {member}")).unwrap_or_default();
        Some((weakened, format!("{log} of {service}{exempted}")))
    };
    let told: Vec<_> = deltas.iter().filter_map(of).collect();
    let worst = [Weakened::Off, Weakened::Less, Weakened::Restored];
    let worst = worst.into_iter().find(|one| told.iter().any(|(weakened, _)| weakened == one))?;
    let notes: Vec<_> =
        told.into_iter().filter(|(weakened, _)| *weakened == worst).map(|(_, note)| note).collect();
    Some((worst, notes.join(", ")))
}

fn flow_log(seen: &Seen<'_>) -> Option<(Weakened, String)> {
    logs(seen.request).map(|on| switched(Some(!on)))
}

fn flow_log_config(seen: &Seen<'_>) -> Option<(Weakened, String)> {
    match text(inner(seen, "vpcFlowLogsConfig"), "state") {
        Some("DISABLED") => Some((Weakened::Off, String::new())),
        Some("ENABLED") => Some((Weakened::Restored, String::new())),
        Some(_) | None => Some((Weakened::Perhaps, String::new())),
    }
}

fn mirroring(seen: &Seen<'_>) -> Option<(Weakened, String)> {
    match text(seen.request, "enable") {
        Some(word) if word.eq_ignore_ascii_case("FALSE") => Some((Weakened::Off, String::new())),
        Some(_) => Some((Weakened::Restored, String::new())),
        None => Some((Weakened::Perhaps, String::new())),
    }
}

/// Which constraint a policy is of.
fn constraint_name<'s>(seen: &Seen<'s>) -> Option<&'s str> {
    let told = ["policy", "constraint"].iter().find_map(|key| {
        text(seen.request, key).or_else(|| {
            part(seen.request, key).and_then(|part| text(part, "name").or(text(part, "constraint")))
        })
    });
    let name = told.or_else(|| text(seen.request, "name")).unwrap_or(seen.path);
    name.rsplit('/').next().filter(|name| name.contains('.'))
}

fn lifted(seen: &Seen<'_>) -> Option<(Weakened, String)> {
    Some((
        Weakened::Perhaps,
        constraint_name(seen)
            .map(|name| format!("`{name}`: what is above it decides now"))
            .unwrap_or_default(),
    ))
}

/// Whether a constraint is enforced, where it is one that is or is not.
fn constraint(seen: &Seen<'_>) -> Option<(Weakened, String)> {
    let policy = inner(seen, "policy");
    let spec = part(policy, "spec");
    let rules = spec.map(|spec| items(spec, "rules")).unwrap_or_default();
    let mut enforced = rules.iter().filter_map(|rule| match rule {
        Tree::Object(rule) => flag(rule, "enforce").or_else(|| flag(rule, "allowAll").map(|all| !all)),
        _ => None,
    });
    let enforced = enforced
        .next()
        .or_else(|| part(policy, "booleanPolicy").map(|part| flag(part, "enforced") == Some(true)));
    let (weakened, _) = switched(enforced.map(|enforced| !enforced));
    Some((weakened, constraint_name(seen).map(|name| format!("`{name}`")).unwrap_or_default()))
}

fn mute(seen: &Seen<'_>) -> Option<(Weakened, String)> {
    let is_back = text(seen.request, "mute").is_some_and(|word| word.eq_ignore_ascii_case("UNMUTED"));
    Some((if is_back { Weakened::Restored } else { Weakened::Less }, String::new()))
}

/// Detectors say their state under several keys.
fn detector(seen: &Seen<'_>) -> Option<(Weakened, String)> {
    let states = ["intendedEnablementState", "serviceEnablementState", "enablementState"];
    let parts = seen.request.entries().iter().filter_map(|(_, value)| match value {
        Tree::Object(part) => Some(part),
        _ => None,
    });
    let state = core::iter::once(seen.request)
        .chain(parts)
        .find_map(|part| states.iter().find_map(|key| text(part, key)));
    let off = state.and_then(|state| match state {
        "DISABLED" => Some(true),
        "ENABLED" => Some(false),
        _ => None,
    });
    Some(switched(off))
}

/// Services that watch.
const WATCHING: [&str; 6] = [
    "securitycenter.googleapis.com",
    "logging.googleapis.com",
    "monitoring.googleapis.com",
    "ids.googleapis.com",
    "websecurityscanner.googleapis.com",
    "accesscontextmanager.googleapis.com",
];

fn watching(seen: &Seen<'_>) -> Option<&'static str> {
    let told = text(seen.request, "name").unwrap_or(seen.path);
    WATCHING.into_iter().find(|service| told.ends_with(service) || seen.path.ends_with(service))
}

fn service(seen: &Seen<'_>) -> Option<(Weakened, String)> {
    watching(seen).map(|service| (Weakened::Off, service.to_owned()))
}

fn back(seen: &Seen<'_>) -> Option<(Weakened, String)> {
    watching(seen).map(|service| (Weakened::Restored, service.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_method_stands_once() {
        for (position, one) in WATCHERS.iter().enumerate() {
            assert_eq!(one.verb, one.verb.to_ascii_lowercase());
            let same = WATCHERS.iter().skip(position + 1).filter(|other| other.verb == one.verb);
            for other in same {
                assert!(one.of.iter().all(|of| !other.of.contains(of)) && !one.of.is_empty(), "{}", one.verb);
            }
        }
    }
}
