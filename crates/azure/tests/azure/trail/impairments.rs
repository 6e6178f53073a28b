//! Who watches or protects is weakened, and made whole again; kinds that are not modelled.

use cloud::audit::{Bears, Event, Outcome};
use model::Weakened;
use serde_json::{Value, json};

use super::told;
use super::written::Written;

const SUBSCRIPTION: &str = "/subscriptions/5e1d0000-0000-4000-8000-000000000001";
const VAULT: &str = "/subscriptions/5e1d0000-0000-4000-8000-000000000001/resourceGroups/rg-web/providers/Microsoft.KeyVault/vaults/kv";

/// What one request comes to that is told in all its phases: what was done, to what, the note.
fn done(operation: &str, id: &str, body: Option<Value>) -> Vec<String> {
    lines(&told(&phases(operation, id, body, "Succeeded")))
}

/// A request that arrived, was accepted and ended so.
fn phases(operation: &str, id: &str, body: Option<Value>, end: &'static str) -> Vec<String> {
    let asked = body.clone().map_or(json!({}), |body| json!({"requestbody": body.to_string()}));
    let answered = body.map_or(json!({}), |body| json!({"responseBody": body.to_string()}));
    let last = Written::done(operation, id, json!({"statusCode": "OK"}));
    let first = last.phase("Started", "2026-01-10T09:12:40Z", asked);
    let accepted = last.phase("Accepted", "2026-01-10T09:12:42Z", answered);
    let last = Written { status: end, ..last };
    let all = if end == "Succeeded" { vec![first, accepted, last] } else { vec![first, last] };
    all.iter().map(|phase| phase.rest().to_string()).collect()
}

fn lines(events: &[Event]) -> Vec<String> {
    let line = |event: &Event| match &event.bears {
        Bears::Impairs(impairment) => {
            let word = match impairment.weakened {
                Weakened::Off => "off",
                Weakened::Less => "less",
                Weakened::Perhaps => "perhaps",
                Weakened::Restored => "restored",
            };
            let outcome = if event.outcome == Outcome::Denied { "denied " } else { "" };
            format!("{outcome}{word} {}: {}", impairment.kind, impairment.note)
        }
        Bears::NotModelled { kind } => format!("not modelled {kind}"),
        Bears::Edits(edits) => format!("{} edits", edits.len()),
        Bears::Announces(_) => "announced".to_owned(),
        Bears::Nothing => "nothing".to_owned(),
    };
    events.iter().map(line).collect()
}

fn within(kind: &str) -> String {
    format!("{SUBSCRIPTION}/resourceGroups/rg/providers/{kind}")
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn what_is_switched_off_is_told_and_what_is_switched_on_too() {
    let setting = format!("{VAULT}/providers/microsoft.insights/diagnosticSettings/all");
    let logs = |logs: Value| Some(json!({"properties": {"logs": logs}}));
    let plan = format!("{SUBSCRIPTION}/providers/Microsoft.Security/pricings/VirtualMachines");
    let flow = within("Microsoft.Network/networkWatchers/w/flowLogs/f");
    let sentinel = within(
        "Microsoft.OperationalInsights/workspaces/w/providers/Microsoft.SecurityInsights/alertRules/r",
    );
    let waf = within("Microsoft.Network/FrontDoorWebApplicationFirewallPolicies/waf");
    let exemption = format!("{SUBSCRIPTION}/providers/Microsoft.Authorization/policyExemptions/e");
    let cases: Vec<(&str, &str, Option<Value>, String)> = vec![
        (
            "microsoft.insights/diagnosticSettings/delete",
            &setting,
            None,
            format!("off diagnostic setting: it is of {VAULT}"),
        ),
        (
            "microsoft.insights/diagnosticSettings/write",
            &setting,
            logs(json!([{"category": "AuditEvent", "enabled": false}])),
            "off diagnostic setting: no category of logs is sent".to_owned(),
        ),
        (
            "microsoft.insights/diagnosticSettings/write",
            &setting,
            logs(
                json!([{"category": "AuditEvent", "enabled": false}, {"category": "Other", "enabled": true}]),
            ),
            "less diagnostic setting: not sent is AuditEvent".to_owned(),
        ),
        (
            "microsoft.insights/diagnosticSettings/write",
            &setting,
            logs(json!([{"categoryGroup": "allLogs", "enabled": true}])),
            "restored diagnostic setting: ".to_owned(),
        ),
        (
            "microsoft.insights/diagnosticSettings/write",
            &setting,
            logs(json!([{"category": "Other", "enabled": true}])),
            "perhaps diagnostic setting: sent is Other; whether more was sent before is not in the event"
                .to_owned(),
        ),
        (
            "microsoft.insights/diagnosticSettings/write",
            &setting,
            None,
            "perhaps diagnostic setting: what was written is not in the log".to_owned(),
        ),
        (
            "Microsoft.Network/networkWatchers/flowLogs/write",
            &flow,
            Some(json!({"properties": {"enabled": false}})),
            "off flow log: ".to_owned(),
        ),
        (
            "Microsoft.Network/networkWatchers/flowLogs/write",
            &flow,
            Some(json!({"properties": {"enabled": true}})),
            "restored flow log: ".to_owned(),
        ),
        ("Microsoft.Network/networkWatchers/flowLogs/delete", &flow, None, "off flow log: ".to_owned()),
        (
            "Microsoft.Security/pricings/write",
            &plan,
            Some(json!({"properties": {"pricingTier": "Free"}})),
            "off Defender plan: the plan is VirtualMachines".to_owned(),
        ),
        (
            "Microsoft.Security/pricings/write",
            &plan,
            Some(json!({"properties": {"pricingTier": "Standard"}})),
            "restored Defender plan: the plan is VirtualMachines".to_owned(),
        ),
        (
            "Microsoft.SecurityInsights/alertRules/write",
            &sentinel,
            Some(
                json!({"kind": "Scheduled", "properties": {"enabled": "false", "displayName": "brute force"}}),
            ),
            "off Sentinel alert rule: the rule is called brute force".to_owned(),
        ),
        (
            "Microsoft.Network/FrontDoorWebApplicationFirewallPolicies/write",
            &waf,
            Some(json!({"properties": {"policySettings": {"enabledState": "Enabled", "mode": "Detection"}}})),
            "less Front Door firewall policy: it detects and does not prevent".to_owned(),
        ),
        (
            "Microsoft.Authorization/policyExemptions/write",
            &exemption,
            Some(
                json!({"properties": {"policyAssignmentId": "/x/policyAssignments/no-public-ip", "expiresOn": "2027-01-01"}}),
            ),
            "less policy exemption: it exempts from the assignment no-public-ip until 2027-01-01".to_owned(),
        ),
        (
            "Microsoft.Authorization/policyExemptions/delete",
            &exemption,
            None,
            "restored policy exemption: ".to_owned(),
        ),
    ];
    for (operation, id, body, expected) in cases {
        assert_eq!(done(operation, id, body.clone()), [expected], "{operation} {body:?}");
        let upper = operation.to_uppercase();
        assert_eq!(done(&upper, id, body).len(), 1, "{upper}");
    }
}

#[test]
fn what_fails_is_silent_and_what_is_refused_is_told() {
    let setting = format!("{VAULT}/providers/microsoft.insights/diagnosticSettings/all");
    let operation = "microsoft.insights/diagnosticSettings/delete";
    let ended = |sub_status: &'static str, code: &str| {
        let mut last = Written::done(operation, &setting, json!({"statusCode": code}));
        last.status = "Failed";
        last.sub_status = sub_status;
        lines(&told(&[last.rest().to_string()]))
    };
    assert_eq!(ended("Conflict", "Conflict"), ["nothing"]);
    assert_eq!(ended("Forbidden", "Forbidden"), [format!("denied off diagnostic setting: it is of {VAULT}")]);
}

#[test]
fn what_is_edited_may_be_weakened_beside() {
    let waf = within("Microsoft.Network/ApplicationGatewayWebApplicationFirewallPolicies/waf");
    let operation = "Microsoft.Network/ApplicationGatewayWebApplicationFirewallPolicies/write";
    let body =
        |state: &str| Some(json!({"properties": {"policySettings": {"state": state, "mode": "Prevention"}}}));
    let mut told = done(operation, &waf, body("Disabled"));
    told.sort();
    assert_eq!(told, ["1 edits", "off web application firewall policy: "]);
    let firewall = within("Microsoft.Network/azureFirewalls/fw");
    let body = |mode: &str| Some(json!({"location": "eastus", "properties": {"threatIntelMode": mode}}));
    let mut told = done("Microsoft.Network/azureFirewalls/write", &firewall, body("Off"));
    told.sort();
    assert_eq!(told, ["1 edits", "less Azure Firewall: its threat intelligence is off"]);
    // What is as it should be is no word worth.
    assert_eq!(done("Microsoft.Network/azureFirewalls/write", &firewall, body("Alert")), ["1 edits"]);
    let assignment = format!("{SUBSCRIPTION}/providers/Microsoft.Authorization/policyAssignments/p");
    let operation = "Microsoft.Authorization/policyAssignments/write";
    let body = |mode: &str| Some(json!({"properties": {"enforcementMode": mode}}));
    assert_eq!(done(operation, &assignment, body("Default")), [""; 0]);
    assert_eq!(
        done(operation, &assignment, body("DoNotEnforce")),
        ["less policy assignment: it is not enforced"]
    );
}

#[test]
fn kinds_that_are_not_modelled_are_named_once() {
    let hub = within("Microsoft.Network/virtualHubs/hub");
    let body = Some(json!({"properties": {}}));
    assert_eq!(done("Microsoft.Network/virtualHubs/write", &hub, body), ["not modelled virtual hub"]);
    let bastion = within("Microsoft.Network/bastionHosts/b");
    let operation = "Microsoft.Network/bastionHosts/createShareableLinks/action";
    assert_eq!(done(operation, &bastion, None), ["not modelled shareable link of a Bastion host"]);
    assert_eq!(done("Microsoft.Network/virtualHubs/read", &hub, None), [""; 0]);
    assert_eq!(done("Microsoft.Compute/disks/write", &within("Microsoft.Compute/disks/d"), None), [""; 0]);
}
