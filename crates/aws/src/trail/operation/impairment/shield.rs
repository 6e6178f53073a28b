//! Filters that are not modelled and stand in front of what is: web firewalls, Network Firewall, the DNS firewall.
//!
//! What their rules let by is not decided here: that they went away or were changed is.

use cloud::Quoted;
use cloud::audit::{Watcher, guards, keeps};
use model::Weakened;

use super::super::Does;
use super::super::Does::Read as By;
use super::{back, less, off, perhaps};
use crate::trail::call::{Call, Meaning, Told};

/// What is done to web firewalls.
pub(in super::super) const WAF: &[(&str, Does)] = &[
    ("DeleteWebACL", off(ACL, ACL_ID)),
    ("CreateWebACL", back(ACL, ACL_ID)),
    ("UpdateWebACL", By(acl)),
    ("AssociateWebACL", back(ACL, &["resourceArn"])),
    ("DisassociateWebACL", off(ACL, &["resourceArn"])),
    ("UpdateIPSet", By(addresses)),
    ("DeleteIPSet", less(guards("web firewall address list"), ACL_ID)),
    ("DeleteRegexPatternSet", less(guards("web firewall pattern list"), ACL_ID)),
    ("UpdateRuleGroup", perhaps(GROUP, ACL_ID)),
    ("DeleteRuleGroup", less(GROUP, ACL_ID)),
    ("DeleteFirewallManagerRuleGroups", less(GROUP, &["webACLArn"])),
    ("DeleteLoggingConfiguration", off(keeps("web firewall log"), &["resourceArn"])),
    ("PutLoggingConfiguration", back(keeps("web firewall log"), &["loggingConfiguration.resourceArn"])),
];

/// The first version of these, which says what is done to a list entry by entry.
pub(in super::super) const WAF_CLASSIC: &[(&str, Does)] = &[
    ("DeleteWebACL", off(ACL, &["webACLId"])),
    ("CreateWebACL", back(ACL, &["name"])),
    ("UpdateWebACL", By(acl)),
    ("AssociateWebACL", back(ACL, &["resourceArn"])),
    ("DisassociateWebACL", off(ACL, &["resourceArn"])),
    ("UpdateIPSet", By(addresses)),
    ("DeleteIPSet", less(guards("web firewall address list"), &["iPSetId"])),
    ("UpdateRule", perhaps(guards("web firewall rule"), &["ruleId"])),
    ("DeleteRule", less(guards("web firewall rule"), &["ruleId"])),
    ("UpdateRateBasedRule", perhaps(guards("web firewall rule"), &["ruleId"])),
    ("DeleteRateBasedRule", less(guards("web firewall rule"), &["ruleId"])),
    ("UpdateRuleGroup", perhaps(GROUP, &["ruleGroupId"])),
    ("DeleteRuleGroup", less(GROUP, &["ruleGroupId"])),
    ("DeleteLoggingConfiguration", off(keeps("web firewall log"), &["resourceArn"])),
    ("PutLoggingConfiguration", back(keeps("web firewall log"), &["loggingConfiguration.resourceArn"])),
];

/// What is done to Network Firewall. What its rules become is in `elsewhere`.
pub(in super::super) const NETWORK_FIREWALL: &[(&str, Does)] = &[
    ("CreateFirewall", back(FIREWALL, FIREWALL_ID)),
    ("DeleteFirewall", off(FIREWALL, FIREWALL_ID)),
    (
        "DeleteFirewallPolicy",
        less(guards("Network Firewall policy"), &["firewallPolicyName", "firewallPolicyArn"]),
    ),
    ("DeleteRuleGroup", less(guards("Network Firewall rule group"), &["ruleGroupName", "ruleGroupArn"])),
    ("DisassociateSubnets", less(FIREWALL, FIREWALL_ID)),
    ("AssociateSubnets", back(FIREWALL, FIREWALL_ID)),
    ("DisassociateAvailabilityZones", less(FIREWALL, FIREWALL_ID)),
    ("UpdateFirewallDeleteProtection", By(protection)),
    ("UpdateSubnetChangeProtection", By(protection)),
    ("UpdateFirewallPolicyChangeProtection", By(protection)),
    ("UpdateAvailabilityZoneChangeProtection", By(protection)),
    ("UpdateLoggingConfiguration", By(logging)),
];

/// What is done to the DNS firewall and to logs of DNS queries.
pub(in super::super) const RESOLVER: &[(&str, Does)] = &[
    ("UpdateFirewallConfig", By(fail_open)),
    ("AssociateFirewallRuleGroup", back(DNS, &["vpcId"])),
    ("DisassociateFirewallRuleGroup", off(DNS, &["firewallRuleGroupAssociationId"])),
    ("UpdateFirewallRuleGroupAssociation", perhaps(DNS, &["firewallRuleGroupAssociationId"])),
    ("DeleteFirewallRule", less(DNS, &["firewallRuleGroupId"])),
    ("UpdateFirewallRule", perhaps(DNS, &["firewallRuleGroupId"])),
    ("DeleteFirewallRuleGroup", less(DNS, &["firewallRuleGroupId"])),
    ("UpdateFirewallDomains", perhaps(DNS, &["firewallDomainListId"])),
    ("ImportFirewallDomains", perhaps(DNS, &["firewallDomainListId"])),
    ("DeleteFirewallDomainList", less(DNS, &["firewallDomainListId"])),
    ("DeleteResolverQueryLogConfig", off(QUERIES, &["resolverQueryLogConfigId"])),
    ("DisassociateResolverQueryLogConfig", off(QUERIES, &["resolverQueryLogConfigId"])),
    ("CreateResolverQueryLogConfig", back(QUERIES, &["name"])),
    ("AssociateResolverQueryLogConfig", back(QUERIES, &["resolverQueryLogConfigId"])),
];

/// A web firewall that lets by what none of its rules names is the usual one; its rules decide.
fn acl(call: &Call<'_>, _told: &mut Told<'_>) -> Meaning {
    let request = call.request;
    let id = request.first_text(&["id", "webACLId", "name"]).unwrap_or_default();
    let action = request.part("defaultAction");
    let allows =
        action.has("allow") || action.text("type").is_some_and(|word| word.eq_ignore_ascii_case("allow"));
    let has_rules = !request.items("rules").is_empty();
    // The second version states it whole; the first what changes.
    let is_whole = request.has("rules") || request.has("visibilityConfig");
    if allows && is_whole && !has_rules {
        return Meaning::impairs(id, Weakened::Off, ACL, "it lets everything by and has no rules".to_owned());
    }
    let note = if allows { "it lets by what none of its rules names" } else { "" };
    Meaning::impairs(id, Weakened::Perhaps, ACL, note.to_owned())
}

/// The addresses of a list are in the request: whole in the second version, what is added and taken away in the first.
fn addresses(call: &Call<'_>, _told: &mut Told<'_>) -> Meaning {
    let request = call.request;
    let id = request.first_text(&["id", "iPSetId", "name"]).unwrap_or_default();
    let updates = request.parts("updates");
    let note = if updates.is_empty() {
        match request.texts("addresses").as_slice() {
            [] => "it holds no address now".to_owned(),
            held => format!("it holds {} now", some_of(held)),
        }
    } else {
        let of = |action: &str| -> Vec<&str> {
            let own = updates
                .iter()
                .filter(|one| one.text("action").is_some_and(|word| word.eq_ignore_ascii_case(action)));
            own.filter_map(|one| one.part("iPSetDescriptor").text("value")).collect()
        };
        let told = [("INSERT", "in"), ("DELETE", "out")].map(|(action, way)| match of(action).as_slice() {
            [] => String::new(),
            moved => format!("{way}: {}", some_of(moved)),
        });
        told.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("; ")
    };
    Meaning::impairs(id, Weakened::Perhaps, guards("web firewall address list"), note)
}

/// The first few, and how many there are besides.
fn some_of(texts: &[&str]) -> String {
    let shown: Vec<String> = texts.iter().take(SHOWN_MAX).map(|text| Quoted(text).to_string()).collect();
    match texts.len().saturating_sub(SHOWN_MAX) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

const SHOWN_MAX: usize = 5;

fn protection(call: &Call<'_>, _told: &mut Told<'_>) -> Meaning {
    let request = call.request;
    let id = request.first_text(FIREWALL_ID).unwrap_or_default();
    let flags = [
        "deleteProtection",
        "subnetChangeProtection",
        "firewallPolicyChangeProtection",
        "availabilityZoneChangeProtection",
    ];
    let is_off = flags.iter().any(|key| request.flag(key) == Some(false));
    let weakened = if is_off { Weakened::Less } else { Weakened::Restored };
    Meaning::impairs(id, weakened, guards("Network Firewall change protection"), String::new())
}

fn logging(call: &Call<'_>, _told: &mut Told<'_>) -> Meaning {
    let request = call.request;
    let id = request.first_text(FIREWALL_ID).unwrap_or_default();
    let places = request.part("loggingConfiguration").items("logDestinationConfigs").len();
    let (weakened, note) = match places {
        0 => (Weakened::Off, "it has no destination any more".to_owned()),
        places => (Weakened::Perhaps, format!("it has {} now", super::counted(places, "destination"))),
    };
    Meaning::impairs(id, weakened, keeps("Network Firewall log"), note)
}

fn fail_open(call: &Call<'_>, _told: &mut Told<'_>) -> Meaning {
    let id = call.request.text("resourceId").unwrap_or_default();
    match call.request.text("firewallFailOpen").map(str::to_ascii_uppercase).as_deref() {
        Some("ENABLED") => {
            Meaning::impairs(id, Weakened::Less, DNS, "it lets queries by when it fails".to_owned())
        }
        Some(_) => Meaning::impairs(id, Weakened::Restored, DNS, String::new()),
        None => Meaning::nothing(id),
    }
}

const ACL: Watcher = guards("web firewall");
const ACL_ID: &[&str] = &["id", "name"];
const GROUP: Watcher = guards("web firewall rule group");
const FIREWALL: Watcher = guards("Network Firewall");
const FIREWALL_ID: &[&str] = &["firewallName", "firewallArn"];
const DNS: Watcher = guards("DNS firewall");
const QUERIES: Watcher = keeps("DNS query log");
