//! Who watches and who protects: detectors, logs, filters in front of services, and what is done to them.
//!
//! What depends on a request is read of it (`guard`, `watch`, `shield`); the rest stands in the tables here. What is made
//! anew or made stronger is told too: it says when a weakness ended.

mod guard;
mod lists;
mod own;
mod shield;
mod watch;

use cloud::audit::{Watcher, guards, keeps};
use model::Weakened;

use super::Does;
use super::Does::Read as By;
use crate::trail::call::{Call, Meaning, Told};

pub(super) use guard::OPERATIONS as GUARD_DUTY;
pub(super) use lists::OPERATIONS as OBJECTS;
pub(super) use own::{WAREHOUSE, accelerator, balancer, cluster};
pub(super) use shield::{NETWORK_FIREWALL, RESOLVER, WAF, WAF_CLASSIC};
pub(super) use watch::{CLOUDTRAIL, CONFIG, EMR, INSPECTOR, MACIE, SECURITY_HUB};

/// It sees or stops nothing any more.
const fn off(kind: Watcher, id: &'static [&'static str]) -> Does {
    Does::Impairs { weakened: Weakened::Off, kind, id }
}

/// It sees or stops less.
const fn less(kind: Watcher, id: &'static [&'static str]) -> Does {
    Does::Impairs { weakened: Weakened::Less, kind, id }
}

/// What it is now depends on what is not in the event.
const fn perhaps(kind: Watcher, id: &'static [&'static str]) -> Does {
    Does::Impairs { weakened: Weakened::Perhaps, kind, id }
}

/// It is there, or whole again.
const fn back(kind: Watcher, id: &'static [&'static str]) -> Does {
    Does::Impairs { weakened: Weakened::Restored, kind, id }
}

/// Records of traffic in a VPC.
pub(super) const FLOW_LOGS: &[(&str, Does)] = &[
    ("DeleteFlowLogs", off(keeps("flow log"), &["FlowLogId", "FlowLogIds"])),
    ("CreateFlowLogs", back(keeps("flow log"), &["ResourceId", "ResourceIds"])),
];

/// Logs of CloudWatch, where trails, flow logs and query logs are kept.
pub(super) const LOGS: &[(&str, Does)] = &[
    ("DeleteLogGroup", off(keeps("log group"), &["logGroupName", "logGroupIdentifier"])),
    ("DeleteLogStream", less(keeps("log stream"), &["logStreamName"])),
    ("PutRetentionPolicy", By(retention)),
    ("DeleteSubscriptionFilter", less(keeps("subscription of a log group"), &["logGroupName"])),
    ("DeleteMetricFilter", less(guards("metric filter of a log group"), &["logGroupName"])),
    ("DeleteDestination", off(keeps("destination of logs"), &["destinationName"])),
];

/// IAM Access Analyzer.
pub(super) const ACCESS_ANALYZER: &[(&str, Does)] = &[
    ("DeleteAnalyzer", off(guards("access analyzer"), &["analyzerName"])),
    ("CreateAnalyzer", back(guards("access analyzer"), &["analyzerName"])),
    ("CreateArchiveRule", less(guards("archive rule of an access analyzer"), &["ruleName"])),
    ("UpdateArchiveRule", less(guards("archive rule of an access analyzer"), &["ruleName"])),
    ("DeleteArchiveRule", back(guards("archive rule of an access analyzer"), &["ruleName"])),
];

/// Firewall Manager, which puts rules into all accounts of an organisation.
pub(super) const FIREWALL_MANAGER: &[(&str, Does)] = &[
    ("DeletePolicy", off(guards("Firewall Manager policy"), &["policyId"])),
    ("PutPolicy", perhaps(guards("Firewall Manager policy"), &["policy.policyId", "policy.policyName"])),
    ("DisassociateAdminAccount", off(guards("Firewall Manager administrator"), &["adminAccount"])),
    ("DeleteNotificationChannel", less(guards("Firewall Manager notification channel"), &[])),
    ("DeleteAppsList", perhaps(guards("Firewall Manager list"), &["listId"])),
    ("DeleteProtocolsList", perhaps(guards("Firewall Manager list"), &["listId"])),
];

/// Shield.
pub(super) const SHIELD: &[(&str, Does)] = &[
    ("DeleteProtection", off(guards("Shield protection"), &["protectionId"])),
    ("CreateProtection", back(guards("Shield protection"), &["resourceArn"])),
    ("DeleteProtectionGroup", less(guards("Shield protection group"), &["protectionGroupId"])),
    ("DeleteSubscription", off(guards("Shield subscription"), &[])),
    ("DisableProactiveEngagement", less(guards("Shield engagement"), &[])),
    ("DisableApplicationLayerAutomaticResponse", less(guards("Shield response"), &["resourceArn"])),
    ("EnableApplicationLayerAutomaticResponse", back(guards("Shield response"), &["resourceArn"])),
];

/// Policies of an organisation.
pub(super) const ORGANIZATIONS: &[(&str, Does)] = &[
    ("DetachPolicy", less(guards("policy of an organisation"), &["policyId"])),
    ("DeletePolicy", less(guards("policy of an organisation"), &["policyId"])),
    ("UpdatePolicy", perhaps(guards("policy of an organisation"), &["policyId"])),
    ("AttachPolicy", back(guards("policy of an organisation"), &["policyId"])),
    ("DisablePolicyType", off(guards("policies of an organisation"), &["policyType"])),
    ("EnablePolicyType", back(guards("policies of an organisation"), &["policyType"])),
    ("LeaveOrganization", off(guards("membership of an organisation"), &[])),
    ("RemoveAccountFromOrganization", off(guards("membership of an organisation"), &["accountId"])),
    ("DeregisterDelegatedAdministrator", less(guards("delegated administrator"), &["accountId"])),
];

/// What Amazon Detective looks at.
pub(super) const DETECTIVE: &[(&str, Does)] = &[
    ("DeleteGraph", off(guards("Detective behaviour graph"), &["graphArn"])),
    ("CreateGraph", back(guards("Detective behaviour graph"), &["graphArn"])),
    ("DisassociateMembership", less(guards("Detective behaviour graph"), &["graphArn"])),
    ("DeleteMembers", less(guards("Detective behaviour graph"), &["graphArn"])),
];

/// So many of something: `1 day`, `7 days`.
fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// How long logs are kept. How long they were is not in the event.
fn retention(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    let Some(group) = call.request.text("logGroupName") else { return told.no_id("logGroupName") };
    let days = call.request.text("retentionInDays").and_then(|days| days.parse().ok());
    let kept = days.map_or_else(|| "a time that is not in the event".to_owned(), |days| counted(days, "day"));
    let note = format!("it is kept for {kept}, which may be less than before");
    Meaning::impairs(group, Weakened::Perhaps, keeps("retention of a log group"), note)
}
