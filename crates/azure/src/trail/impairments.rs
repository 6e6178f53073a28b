//! Operations that weaken who watches or protects, and those that make it whole again.
//!
//! Adding an operation: a line in [`OPERATIONS`]. What a resource was before is not in an event: where that decides, it is
//! said so.

use cloud::audit::{Bears, Impairment, Outcome, Watcher, guards, keeps};
use cloud::json::{Node, Tree};
use model::Weakened;

use crate::resource::name_of;

use super::edits::{Said, said};
use super::envelope::Call;
use super::operation::{compare, is_edit};

/// How a body says what became of it; `None` where it says nothing of that.
type Judge = fn(&Body<'_>) -> Option<(Weakened, String)>;

/// What of an operation decides. Complete.
#[derive(Clone, Copy)]
enum Case {
    /// The operation alone.
    Always(Weakened, &'static str),
    /// What the resource is to be.
    By(Judge),
    /// The same, where most of what is written has nothing to do with it.
    Seldom(Judge),
}

struct Body<'b> {
    node: &'b Node<'static>,
    name: &'b str,
}

/// Whether an operation is of this kind, and of no other that is judged.
pub(super) fn knows(operation: &str) -> bool {
    find(operation).is_some()
}

/// The names of all of them.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    OPERATIONS.iter().map(|(name, ..)| *name)
}

/// An operation that edits nothing.
pub(super) fn alone(_call: &Call<'_, '_>) -> Vec<Bears> {
    Vec::new()
}

/// What an operation does to who watches or protects.
pub(super) fn impaired(call: &Call<'_, '_>) -> Option<Bears> {
    let (watcher, case) = find(call.operation())?;
    let impairs = |weakened, note: String| Some(Bears::Impairs(Impairment::of(watcher, weakened, note)));
    let silent = || Some(Bears::Impairs(Impairment::of(guards(""), Weakened::Restored, String::new())));
    let (judge, is_seldom) = match case {
        Case::Always(weakened, note) => return impairs(weakened, of_what(call, note)),
        Case::By(judge) => (judge, false),
        Case::Seldom(judge) => (judge, true),
    };
    match said(call) {
        Said::Answered(node) | Said::Asked(node) => {
            match judge(&Body { node: &crate::replay::flat(node), name: name_of(call.id()) }) {
                Some((weakened, note)) => impairs(weakened, note),
                None => silent(),
            }
        }
        // What somebody was refused is told all the same: of an edit that is done by the edit.
        Said::Unseen(_) if is_seldom && (call.outcome() != Outcome::Denied || is_edit(call.operation())) => {
            silent()
        }
        Said::Unseen(_) => impairs(Weakened::Perhaps, UNSEEN.to_owned()),
    }
}

/// Whether a phase says nothing of what became of it: another one may.
pub(super) fn is_open(impairment: &Impairment) -> bool {
    is_silent(impairment) || impairment.note == UNSEEN
}

/// Whether nothing is weakened, nor made whole.
pub(super) fn is_silent(impairment: &Impairment) -> bool {
    impairment.kind.is_empty()
}

/// The same of what an event bears on.
pub(super) fn is_nothing(bears: &Bears) -> bool {
    matches!(bears, Bears::Impairs(impairment) if is_silent(impairment))
}

fn find(operation: &str) -> Option<(Watcher, Case)> {
    let found = OPERATIONS.binary_search_by(|(known, ..)| compare(known, operation)).ok()?;
    OPERATIONS.get(found).map(|(_, watcher, case)| (*watcher, *case))
}

/// A note with what it is about, where its id says that it belongs to another resource.
fn of_what(call: &Call<'_, '_>, note: &str) -> String {
    let watched = call.id().rfind("/providers/").and_then(|at| call.id().get(..at));
    let watched = watched.filter(|watched| watched.contains("/providers/"));
    match watched {
        Some(watched) if note.is_empty() => format!("it is of {watched}"),
        Some(watched) => format!("{note}; it is of {watched}"),
        None => note.to_owned(),
    }
}

impl Body<'_> {
    fn text(&self, key: &str) -> Option<&str> {
        text(self.node, key)
    }

    fn flag(&self, key: &str) -> Option<bool> {
        flag(self.node, key)
    }

    fn part(&self, key: &str) -> Option<&Node<'static>> {
        match self.node.own(key) {
            Some(Tree::Object(part)) => Some(part),
            _ => None,
        }
    }

    fn is(&self, key: &str, word: &str) -> bool {
        self.text(key).is_some_and(|text| text.eq_ignore_ascii_case(word))
    }
}

fn text<'n>(node: &'n Node<'static>, key: &str) -> Option<&'n str> {
    match node.own(key) {
        Some(Tree::Text(text)) => Some(text.trim()).filter(|text| !text.is_empty()),
        _ => None,
    }
}

fn flag(node: &Node<'static>, key: &str) -> Option<bool> {
    match node.own(key) {
        Some(Tree::Flag(flag)) => Some(*flag),
        Some(Tree::Text(word)) if word.trim().eq_ignore_ascii_case("true") => Some(true),
        Some(Tree::Text(word)) if word.trim().eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

fn off() -> Option<(Weakened, String)> {
    Some((Weakened::Off, String::new()))
}

fn restored() -> Option<(Weakened, String)> {
    Some((Weakened::Restored, String::new()))
}

fn by_flag(is_on: Option<bool>) -> Option<(Weakened, String)> {
    match is_on {
        Some(false) => off(),
        // What says nothing of it is on: that is what these are made for.
        Some(true) | None => restored(),
    }
}

fn enabled(body: &Body<'_>) -> Option<(Weakened, String)> {
    by_flag(body.flag("enabled"))
}

/// A setting is stated whole: a category that it leaves out is not sent any more.
fn diagnostic_setting(body: &Body<'_>) -> Option<(Weakened, String)> {
    let Some(Tree::List(logs)) = body.node.own("logs") else {
        return Some((Weakened::Off, "it names no category of logs".to_owned()));
    };
    let mut sent = Vec::new();
    let mut held = Vec::new();
    for log in logs {
        let Tree::Object(log) = log else { continue };
        let name = text(log, "category")
            .or_else(|| text(log, "categoryGroup"))
            .unwrap_or("a category without a name");
        match flag(log, "enabled") {
            Some(false) => held.push(name),
            Some(true) | None => sent.push(name),
        }
    }
    match (sent.as_slice(), held.as_slice()) {
        ([], _) => Some((Weakened::Off, "no category of logs is sent".to_owned())),
        (sent, []) if sent.iter().any(|name| name.eq_ignore_ascii_case("allLogs")) => restored(),
        (sent, []) => {
            let note =
                format!("sent is {}; whether more was sent before is not in the event", sent.join(", "));
            Some((Weakened::Perhaps, note))
        }
        (_, held) => Some((Weakened::Less, format!("not sent is {}", held.join(", ")))),
    }
}

/// What the older operation of flow logs says, under `properties` of its body.
fn configured_flow_log(body: &Body<'_>) -> Option<(Weakened, String)> {
    let of = body.text("targetResourceId").map(|id| format!("it is of {id}")).unwrap_or_default();
    match body.flag("enabled") {
        Some(false) => Some((Weakened::Off, of)),
        Some(true) => Some((Weakened::Restored, of)),
        None => Some((Weakened::Perhaps, of)),
    }
}

fn pricing(body: &Body<'_>) -> Option<(Weakened, String)> {
    let plan = format!("the plan is {}", body.name);
    match body.text("pricingTier") {
        Some(tier) if tier.eq_ignore_ascii_case("free") => Some((Weakened::Off, plan)),
        Some(_) => Some((Weakened::Restored, plan)),
        None => Some((Weakened::Perhaps, plan)),
    }
}

fn suppression(body: &Body<'_>) -> Option<(Weakened, String)> {
    if body.is("state", "Disabled") || body.is("state", "Expired") {
        return restored();
    }
    let alert = body.text("alertType").unwrap_or("not said");
    Some((Weakened::Less, format!("the alert it suppresses is {alert}")))
}

fn assignment(body: &Body<'_>) -> Option<(Weakened, String)> {
    let unenforced = || Some((Weakened::Less, "it is not enforced".to_owned()));
    if body.is("enforcementMode", "DoNotEnforce") { unenforced() } else { None }
}

fn exemption(body: &Body<'_>) -> Option<(Weakened, String)> {
    let policy = body.text("policyAssignmentId").map(name_of).unwrap_or("not said");
    let until = body.text("expiresOn").map(|until| format!(" until {until}")).unwrap_or_default();
    Some((Weakened::Less, format!("it exempts from the assignment {policy}{until}")))
}

fn alert_rule(body: &Body<'_>) -> Option<(Weakened, String)> {
    let name = body.text("displayName").unwrap_or(body.name);
    let (weakened, _) = by_flag(body.flag("enabled"))?;
    Some((weakened, format!("the rule is called {name}")))
}

fn provisioning(body: &Body<'_>) -> Option<(Weakened, String)> {
    if body.is("autoProvision", "Off") { off() } else { restored() }
}

/// A policy of a web application firewall, of an application gateway or of Front Door.
fn firewall_policy(body: &Body<'_>) -> Option<(Weakened, String)> {
    let settings = body.part("policySettings");
    let says = |keys: [&str; 2], word: &str| {
        let said = settings.and_then(|settings| keys.iter().find_map(|key| text(settings, key)));
        said.is_some_and(|said| said.eq_ignore_ascii_case(word))
    };
    if says(["state", "enabledState"], "Disabled") {
        return off();
    }
    if says(["mode", "mode"], "Detection") {
        return Some((Weakened::Less, "it detects and does not prevent".to_owned()));
    }
    // With which mode one begins that says nothing of it, the provider does not say.
    if !says(["mode", "mode"], "Prevention") {
        return Some((Weakened::Perhaps, "it does not say whether it prevents or detects only".to_owned()));
    }
    restored()
}

fn gateway(body: &Body<'_>) -> Option<(Weakened, String)> {
    let own = body.part("webApplicationFirewallConfiguration")?;
    if flag(own, "enabled") == Some(false) {
        return Some((Weakened::Off, "its web application firewall is disabled".to_owned()));
    }
    let detects = text(own, "firewallMode").is_some_and(|mode| mode.eq_ignore_ascii_case("detection"));
    detects.then(|| (Weakened::Less, "its web application firewall detects and does not prevent".to_owned()))
}

fn threat_intelligence(body: &Body<'_>) -> Option<(Weakened, String)> {
    let is_off = body.is("threatIntelMode", "Off");
    is_off.then(|| (Weakened::Less, "its threat intelligence is off".to_owned()))
}

fn storage_protection(body: &Body<'_>) -> Option<(Weakened, String)> {
    by_flag(body.flag("isEnabled"))
}

fn state(body: &Body<'_>) -> Option<(Weakened, String)> {
    if body.is("state", "Disabled") { off() } else { restored() }
}

/// What no phase said anything of.
const UNSEEN: &str = "what was written is not in the log";
const STREAM: &str = "logs that are streamed there arrive no more";
const UNTOLD_POLICY: &str = "what it demanded is not in the event";

/// Operations in small letters, sorted, and what they are about.
const OPERATIONS: &[(&str, Watcher, Case)] = &[
    ("microsoft.authorization/locks/delete", guards("lock"), Case::Always(Weakened::Less, "")),
    ("microsoft.authorization/locks/write", guards("lock"), Case::Always(Weakened::Restored, "")),
    (
        "microsoft.authorization/policyassignments/delete",
        guards("policy assignment"),
        Case::Always(Weakened::Less, UNTOLD_POLICY),
    ),
    (
        "microsoft.authorization/policyassignments/write",
        guards("policy assignment"),
        Case::Seldom(assignment),
    ),
    (
        "microsoft.authorization/policyexemptions/delete",
        guards("policy exemption"),
        Case::Always(Weakened::Restored, ""),
    ),
    ("microsoft.authorization/policyexemptions/write", guards("policy exemption"), Case::By(exemption)),
    (
        "microsoft.eventhub/namespaces/delete",
        keeps("event hub namespace"),
        Case::Always(Weakened::Perhaps, STREAM),
    ),
    (
        "microsoft.eventhub/namespaces/eventhubs/delete",
        keeps("event hub"),
        Case::Always(Weakened::Perhaps, STREAM),
    ),
    (
        "microsoft.insights/activitylogalerts/delete",
        guards("alert of the activity log"),
        Case::Always(Weakened::Off, ""),
    ),
    ("microsoft.insights/activitylogalerts/write", guards("alert of the activity log"), Case::By(enabled)),
    (
        "microsoft.insights/datacollectionrules/delete",
        keeps("data collection rule"),
        Case::Always(Weakened::Off, ""),
    ),
    (
        "microsoft.insights/diagnosticsettings/delete",
        keeps("diagnostic setting"),
        Case::Always(Weakened::Off, ""),
    ),
    (
        "microsoft.insights/diagnosticsettings/write",
        keeps("diagnostic setting"),
        Case::By(diagnostic_setting),
    ),
    ("microsoft.insights/logprofiles/delete", keeps("log profile"), Case::Always(Weakened::Off, "")),
    (
        "microsoft.insights/scheduledqueryrules/delete",
        guards("alert of a log query"),
        Case::Always(Weakened::Off, ""),
    ),
    ("microsoft.insights/scheduledqueryrules/write", guards("alert of a log query"), Case::By(enabled)),
    ("microsoft.network/applicationgateways/write", guards("application gateway"), Case::Seldom(gateway)),
    (
        "microsoft.network/applicationgatewaywebapplicationfirewallpolicies/delete",
        guards("web application firewall policy"),
        Case::Always(Weakened::Off, ""),
    ),
    (
        "microsoft.network/applicationgatewaywebapplicationfirewallpolicies/write",
        guards("web application firewall policy"),
        Case::By(firewall_policy),
    ),
    ("microsoft.network/azurefirewalls/write", guards("Azure Firewall"), Case::Seldom(threat_intelligence)),
    (
        "microsoft.network/ddosprotectionplans/delete",
        guards("DDoS protection plan"),
        Case::Always(Weakened::Off, ""),
    ),
    (
        "microsoft.network/firewallpolicies/write",
        guards("Azure Firewall policy"),
        Case::Seldom(threat_intelligence),
    ),
    (
        "microsoft.network/frontdoorwebapplicationfirewallpolicies/delete",
        guards("Front Door firewall policy"),
        Case::Always(Weakened::Off, ""),
    ),
    (
        "microsoft.network/frontdoorwebapplicationfirewallpolicies/write",
        guards("Front Door firewall policy"),
        Case::By(firewall_policy),
    ),
    (
        "microsoft.network/networkwatchers/configureflowlog/action",
        keeps("flow log"),
        Case::By(configured_flow_log),
    ),
    (
        "microsoft.network/networkwatchers/delete",
        keeps("network watcher"),
        Case::Always(Weakened::Off, "its flow logs end"),
    ),
    ("microsoft.network/networkwatchers/flowlogs/delete", keeps("flow log"), Case::Always(Weakened::Off, "")),
    ("microsoft.network/networkwatchers/flowlogs/write", keeps("flow log"), Case::By(enabled)),
    (
        "microsoft.operationalinsights/workspaces/delete",
        keeps("log workspace"),
        Case::Always(Weakened::Off, ""),
    ),
    (
        "microsoft.security/alertssuppressionrules/delete",
        guards("alert suppression rule"),
        Case::Always(Weakened::Restored, ""),
    ),
    (
        "microsoft.security/alertssuppressionrules/write",
        guards("alert suppression rule"),
        Case::By(suppression),
    ),
    (
        "microsoft.security/autoprovisioningsettings/write",
        guards("Defender auto-provisioning"),
        Case::By(provisioning),
    ),
    (
        "microsoft.security/defenderforstoragesettings/write",
        guards("Defender for Storage"),
        Case::By(storage_protection),
    ),
    ("microsoft.security/pricings/delete", guards("Defender plan"), Case::Always(Weakened::Off, "")),
    ("microsoft.security/pricings/write", guards("Defender plan"), Case::By(pricing)),
    (
        "microsoft.security/securitycontacts/delete",
        guards("Defender contact"),
        Case::Always(Weakened::Off, ""),
    ),
    (
        "microsoft.securityinsights/alertrules/delete",
        guards("Sentinel alert rule"),
        Case::Always(Weakened::Off, ""),
    ),
    ("microsoft.securityinsights/alertrules/write", guards("Sentinel alert rule"), Case::By(alert_rule)),
    (
        "microsoft.securityinsights/dataconnectors/delete",
        keeps("Sentinel data connector"),
        Case::Always(Weakened::Off, ""),
    ),
    (
        "microsoft.sql/managedinstances/securityalertpolicies/write",
        guards("threat detection of a managed instance"),
        Case::By(state),
    ),
    ("microsoft.sql/servers/auditingsettings/write", keeps("audit log of a SQL server"), Case::By(state)),
    (
        "microsoft.sql/servers/databases/auditingsettings/write",
        keeps("audit log of a SQL database"),
        Case::By(state),
    ),
    (
        "microsoft.sql/servers/databases/extendedauditingsettings/write",
        keeps("audit log of a SQL database"),
        Case::By(state),
    ),
    (
        "microsoft.sql/servers/extendedauditingsettings/write",
        keeps("audit log of a SQL server"),
        Case::By(state),
    ),
    (
        "microsoft.sql/servers/securityalertpolicies/write",
        guards("threat detection of a SQL server"),
        Case::By(state),
    ),
    (
        "microsoft.synapse/workspaces/auditingsettings/write",
        keeps("audit log of a Synapse workspace"),
        Case::By(state),
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted() {
        assert!(OPERATIONS.is_sorted_by(|(one, ..), (other, ..)| one < other));
        assert!(OPERATIONS.iter().all(|(operation, ..)| operation.to_ascii_lowercase() == *operation));
    }
}
