//! App Service (P10): two lists, kept in two places.

use crate::estate::scan;
use crate::services::{part, service};

const SITE: &str = "Microsoft.Web/sites";

fn site(configuration: &str) -> String {
    service(SITE, "shop", &format!(r#""defaultHostName": "shop.example", "siteConfig": {configuration}"#))
}

fn configuration(rest: &str) -> String {
    part(SITE, "shop", "config/web", &format!(r#""numberOfWorkers": 1, {rest}"#))
}

fn rule(sources: &str, access: &str, priority: u32) -> String {
    format!(
        r#"{{"ipAddress": "{sources}", "action": "{access}", "priority": {priority}, "name": "r{priority}"}}"#
    )
}

const OFFICE: &str = r#""ipSecurityRestrictions": [{"ipAddress": "8.8.8.8/32", "action": "Allow", "priority": 1, "name": "o"}], "scmIpSecurityRestrictionsUseMain": true"#;

const NARROW: [&str; 2] =
    ["shop exposed tcp/80,443 narrow 1 / -", "shop.scm exposed tcp/80,443 narrow 1 / -"];
const OPEN: [&str; 2] =
    ["shop exposed tcp/80,443 any 3702258431 / any", "shop.scm exposed tcp/80,443 any 3702258431 / any"];
const UNKNOWN: [&str; 2] = [
    "shop admitted possible tcp/80,443 any 3702258431 / any",
    "shop.scm admitted possible tcp/80,443 any 3702258431 / any",
];

#[test]
fn a_copy_that_is_null_says_nothing_and_the_configuration_does() {
    scan(&[site("null")]).check(&UNKNOWN);
    scan(&[site(r#"{"ipSecurityRestrictions": null, "numberOfWorkers": 1}"#)]).check(&UNKNOWN);
    scan(&[site("null"), configuration(OFFICE)]).check(&NARROW);
    scan(&[
        configuration(r#""ipSecurityRestrictions": null, "scmIpSecurityRestrictions": null"#),
        site("{}"),
    ])
    .check(&OPEN);
    assert!(scan(&[site("null")]).snapshot.missing.iter().any(|told| told.contains("az webapp config show")));
}

#[test]
fn a_list_of_apps_does_not_erase_what_one_app_said() {
    let listed = site(r#"{"ipSecurityRestrictions": null}"#);
    let shown = site(&format!("{{{OFFICE}}}"));
    for documents in [[&listed, &shown], [&shown, &listed]] {
        let answer = scan(&documents);
        answer.check(&NARROW);
        assert_eq!(answer.codes(), [""; 0]);
    }
}

#[test]
fn a_configuration_without_its_app_is_admitted() {
    scan(&[configuration(OFFICE)])
        .check(&["shop admitted tcp/80,443 narrow 1 / -", "shop.scm admitted tcp/80,443 narrow 1 / -"]);
}

#[test]
fn settings_that_are_no_lists_are_not_taken_for_lists() {
    let settings = part(SITE, "shop", "config/appsettings", r#""properties": {"A": "b"}"#);
    scan(&[site(&format!("{{{OFFICE}}}")), settings]).check(&NARROW);
}

#[test]
fn priorities_decide_not_places() {
    let rules = [rule("8.8.8.0/24", "Deny", 200), rule("8.8.8.8", "Allow", 100), rule("Any", "Allow", 300)];
    let text = format!(
        r#""ipSecurityRestrictions": [{}], "scmIpSecurityRestrictionsUseMain": true"#,
        rules.join(", ")
    );
    let lines = scan(&[site("null"), configuration(&text)]).exposures();
    // All but 255 addresses.
    assert_eq!(lines[0], "shop exposed tcp/80,443 any 3702258176 / any");
}

#[test]
fn a_mask_beside_an_address_is_a_prefix() {
    let text = r#""ipSecurityRestrictions": [{"ipAddress": "8.8.8.77", "subnetMask": "255.255.255.0", "name": "old"}], "scmIpSecurityRestrictionsUseMain": true"#;
    assert_eq!(
        scan(&[site("null"), configuration(text)]).exposures()[0],
        "shop exposed tcp/80,443 narrow 256 / -"
    );
}

#[test]
fn an_unreadable_flag_leaves_both_possible() {
    let text = format!(r#"{}, "scmIpSecurityRestrictions": []"#, OFFICE.replace("true", "7"));
    let answer = scan(&[site("null"), configuration(&text)]);
    answer.check(&[
        "shop exposed tcp/80,443 narrow 1 / -",
        "shop.scm exposed possible tcp/80,443 any 3702258431 / any",
    ]);
    assert_eq!(answer.codes(), ["unexpected-type"]);
}

#[test]
fn an_app_in_an_environment_of_its_own_may_be_out_of_reach() {
    let text = service(
        SITE,
        "shop",
        &format!(
            r#""defaultHostName": "shop.example", "hostingEnvironmentProfile": {{"id": "/x"}}, "siteConfig": {{{OFFICE}}}"#
        ),
    );
    assert_eq!(scan(&[text]).exposures()[0], "shop admitted tcp/80,443 narrow 1 / -");
}

#[test]
fn a_key_that_nobody_knows_makes_a_restriction_possible() {
    let text = OFFICE.replace(r#""name": "o""#, r#""name": "o", "geography": "de""#);
    let answer = scan(&[site("null"), configuration(&text)]);
    assert_eq!(answer.exposures()[0], "shop exposed possible tcp/80,443 narrow 1 / -");
    assert_eq!(answer.codes(), ["unknown-rule-key"]);
}
