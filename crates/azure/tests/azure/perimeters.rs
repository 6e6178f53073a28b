//! Network security perimeters: whose rules decide on a service that is inside one (semantics P6).

use crate::estate::{Answer, id, scan};

const SCOPE: &str = "/subscriptions/s1/resourceGroups/rg/providers";

fn account(access: &str, rules: &str) -> String {
    format!(
        r#"[{{"id": "{SCOPE}/Microsoft.Storage/storageAccounts/store", "name": "store", "type": "Microsoft.Storage/storageAccounts", "provisioningState": "Succeeded", "primaryEndpoints": {{}}, "publicNetworkAccess": "{access}", "enableHttpsTrafficOnly": true, "networkRuleSet": {{"defaultAction": "Deny", "bypass": "None", "ipRules": [{rules}], "virtualNetworkRules": []}}}}]"#
    )
}

fn rule(name: &str, more: &str) -> String {
    format!(
        r#"[{{"id": "{}", "name": "{name}", "direction": "Inbound"{more}}}]"#,
        id("networkSecurityPerimeters", &format!("nsp/profiles/p/accessRules/{name}"))
    )
}

fn prefixes(name: &str, prefix: &str) -> String {
    rule(name, &format!(r#", "addressPrefixes": ["{prefix}"]"#))
}

fn member(mode: &str) -> String {
    let mode = if mode.is_empty() { String::new() } else { format!(r#", "accessMode": "{mode}""#) };
    format!(
        r#"[{{"id": "{}", "name": "a", "privateLinkResource": {{"id": "{SCOPE}/Microsoft.Storage/storageAccounts/Store"}}, "profile": {{"id": "{}"}}{mode}}}]"#,
        id("networkSecurityPerimeters", "nsp/resourceAssociations/a"),
        id("networkSecurityPerimeters", "nsp/profiles/p")
    )
}

const OWN: &str = r#"{"ipAddressOrRange": "9.9.9.9", "action": "Allow"}"#;

fn inside(access: &str, mode: &str) -> Answer {
    scan(&[account(access, OWN), member(mode), prefixes("office", "8.8.8.0/24")])
}

const PERIMETER: &str = "store exposed tcp/443 narrow 256 / -";
const BOTH: &str = "store exposed tcp/443 narrow 257 / -";

/// The table of access modes and `publicNetworkAccess`, whole.
#[test]
fn the_mode_and_the_service_say_whose_rules_decide() {
    for (access, mode, expected) in [
        ("Enabled", "Enforced", PERIMETER),
        ("Disabled", "Enforced", PERIMETER),
        ("SecuredByPerimeter", "Enforced", PERIMETER),
        ("Enabled", "Learning", BOTH),
        ("Disabled", "Learning", PERIMETER),
        ("SecuredByPerimeter", "Learning", PERIMETER),
        ("Enabled", "", BOTH),
        ("Enabled", "transition", BOTH),
    ] {
        let answer = inside(access, mode);
        assert_eq!(answer.exposures(), [expected], "{access} {mode}: {:?}", answer.codes());
        assert_eq!(answer.codes(), [""; 0], "{access} {mode}");
    }
}

#[test]
fn a_mode_nobody_knows_is_both() {
    let answer = inside("Enabled", "Audit");
    answer.check(&["store exposed possible tcp/443 narrow 1 / -", PERIMETER]);
    assert_eq!(answer.codes(), ["unknown-access-mode"]);
}

/// Rules for subscriptions and outbound ones admit no address.
#[test]
fn identities_and_outbound_rules_open_nothing() {
    let subscription = rule("sub", r#", "subscriptions": [{"id": "/subscriptions/s2"}]"#);
    let outbound =
        rule("out", r#", "fullyQualifiedDomainNames": ["example.com"]"#).replace("Inbound", "Outbound");
    let answer = scan(&[account("SecuredByPerimeter", ""), member("Enforced"), subscription, outbound]);
    answer.check(&[]);
    assert_eq!(answer.codes(), [""; 0]);
}

/// A service tag without a catalogue is a pool, or of unknown size.
#[test]
fn service_tags_are_sources() {
    let tag = rule("tag", r#", "serviceTags": ["AzureCloud"]"#);
    let answer = scan(&[account("SecuredByPerimeter", ""), member("Enforced"), tag]);
    assert!(answer.exposures().iter().any(|line| line.contains("AzureCloud")), "{:?}", answer.exposures());
}

#[test]
fn what_is_missing_is_bounds() {
    let everybody = "store exposed possible tcp/443 any 3702258431 / -";
    // No rule of the profile.
    let answer = scan(&[account("SecuredByPerimeter", ""), member("Enforced")]);
    assert!(answer.exposures().iter().all(|line| line.starts_with(everybody.split(" / ").next().unwrap())));
    assert_eq!(answer.codes(), ["perimeter-rules-untold"]);
    // Of another service.
    let other = member("Enforced").replace("Store", "Other");
    let answer = scan(&[account("SecuredByPerimeter", ""), other, prefixes("office", "8.8.8.0/24")]);
    assert!(
        !answer.exposures().is_empty() && answer.exposures().iter().all(|line| line.contains("possible"))
    );
    assert_eq!(answer.codes(), ["perimeter-untold"]);
    // None at all: told beside the answer.
    let answer = scan(&[account("SecuredByPerimeter", "")]);
    assert!(
        !answer.exposures().is_empty() && answer.exposures().iter().all(|line| line.contains("possible"))
    );
    assert_eq!(answer.codes(), [""; 0]);
    assert!(
        answer.snapshot.missing.iter().any(|told| told.contains("az network perimeter association list"))
    );
}

#[test]
fn what_cannot_be_read_is_bounds() {
    for (from, to, code) in [
        (r#""8.8.8.0/24""#, r#""8.8.8.0/33""#, "unreadable-prefix"),
        (r#"["8.8.8.0/24"]"#, r#"[{"p": 1}]"#, "unexpected-type"),
        (r#""direction": "Inbound""#, r#""direction": "Both""#, "unknown-direction"),
    ] {
        let documents = [
            account("SecuredByPerimeter", ""),
            member("Enforced"),
            prefixes("office", "8.8.8.0/24").replace(from, to),
        ];
        let answer = scan(&documents);
        assert!(!answer.exposures().is_empty(), "{to}");
        assert!(
            answer.exposures().iter().all(|line| line.contains("possible")),
            "{to}: {:?}",
            answer.exposures()
        );
        assert_eq!(answer.codes(), [code], "{to}");
    }
}

#[test]
fn two_perimeters_are_bounds() {
    let second = member("Enforced").replace("resourceAssociations/a", "resourceAssociations/b");
    let answer = scan(&[
        account("SecuredByPerimeter", ""),
        member("Enforced"),
        second,
        prefixes("office", "8.8.8.0/24"),
    ]);
    answer.check(&["store exposed possible tcp/443 narrow 256 / -"]);
    assert_eq!(answer.codes(), ["two-perimeters"]);
}
