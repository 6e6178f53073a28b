//! What is written is read back by somebody else's idea of the standard.

use serde_sarif::sarif::{ResultLevel, Sarif};

use super::*;
use crate::sample::{Estate, estate, rendered};

fn text(estate: &Estate) -> String {
    rendered("sarif", &estate.outcome(), &Style::PLAIN)
}

fn read(estate: &Estate) -> Sarif {
    serde_json::from_str(&text(estate)).unwrap()
}

fn results(log: &Sarif, run: usize) -> &[serde_sarif::sarif::Result] {
    log.runs[run].results.as_deref().unwrap()
}

fn scoped(estate: &mut Estate, scopes: &[&str]) {
    let finding = estate.findings[0].clone();
    estate.findings =
        scopes.iter().map(|&scope| Finding { scope: Some(scope.into()), ..finding.clone() }).collect();
}

#[test]
fn a_log_reads_back_as_it_was_written() {
    let estate = estate();
    let log = read(&estate);
    assert_eq!(log.version, "2.1.0");
    assert_eq!(log.runs.len(), 1);
    let told = results(&log, 0);
    let ids: Vec<_> = told
        .iter()
        .map(|result| result.partial_fingerprints.as_ref().unwrap()["wideopenId/v1"].as_str())
        .collect();
    assert_eq!(ids, ["WO-7F3K2M9Q", "WO-00000000", "incomplete-input"]);
    let levels: Vec<_> = told.iter().map(|result| result.level.unwrap()).collect();
    assert_eq!(levels, [ResultLevel::Error, ResultLevel::Note, ResultLevel::Error]);
    for result in told {
        let rules = log.runs[0].tool.driver.rules.as_ref().unwrap();
        let rule = &rules[usize::try_from(result.rule_index.unwrap()).unwrap()];
        assert_eq!(Some(&rule.id), result.rule_id.as_ref());
        let location = &result.locations.as_ref().unwrap()[0];
        assert!(location.physical_location.is_some(), "code scanning takes no result without a file");
    }
    let written: serde_json::Value = serde_json::from_str(&text(&estate)).unwrap();
    let again = serde_json::to_value(&log).unwrap();
    assert_eq!(serde_json::from_value::<Sarif>(again.clone()).unwrap(), log);
    assert_eq!(again["runs"][0]["results"][0]["ruleId"], written["runs"][0]["results"][0]["ruleId"]);
}

#[test]
fn the_place_is_the_admitting_rule_and_the_way_is_a_flow() {
    let log = read(&estate());
    let result = &results(&log, 0)[0];
    let place = result.locations.as_ref().unwrap()[0].physical_location.as_ref().unwrap();
    let artifact = place.artifact_location.as_ref().unwrap();
    assert_eq!((artifact.uri.as_deref(), artifact.index), (Some("nsgs.json"), Some(0)));
    assert_eq!(place.region.as_ref().unwrap().start_line, Some(14));
    let flow = &result.code_flows.as_ref().unwrap()[0].thread_flows[0];
    let steps: Vec<_> = flow
        .locations
        .iter()
        .map(|step| step.location.as_ref().unwrap().message.as_ref().unwrap().text.clone().unwrap())
        .collect();
    assert_eq!(
        steps,
        ["the Internet sends to 20.50.1.20", "nsg-web lets it in: allow-rdp", "vm-web-nic is reached"]
    );
    let artifacts = log.runs[0].artifacts.as_ref().unwrap();
    let hash = &artifacts[0].hashes.as_ref().unwrap()["sha-256"];
    assert_eq!(hash, &"ab".repeat(32));
}

#[test]
fn gaps_are_notifications_and_an_incomplete_run_was_not_successful() {
    let log = read(&estate());
    let invocation = &log.runs[0].invocations.as_ref().unwrap()[0];
    assert!(!invocation.execution_successful);
    assert_eq!(invocation.exit_code, Some(1));
    let told = invocation.tool_execution_notifications.as_ref().unwrap();
    let ids: Vec<_> =
        told.iter().map(|notice| notice.descriptor.as_ref().unwrap().id.clone().unwrap()).collect();
    assert_eq!(ids, ["unknown-service-tag", "not-in-the-input"]);
    let place = told[0].locations.as_ref().unwrap()[0].physical_location.as_ref().unwrap();
    assert_eq!(place.region.as_ref().unwrap().start_line, Some(3));
}

/// Alerts that a run does not repeat are closed, so only a complete run may be empty.
#[test]
fn only_a_complete_run_is_empty() {
    let clean = read(&Estate::clean());
    assert!(results(&clean, 0).is_empty());
    assert!(clean.runs[0].invocations.as_ref().unwrap()[0].execution_successful);
    let unread = Estate { complete: false, ..Estate::clean() };
    assert_eq!(results(&read(&unread), 0)[0].rule_id.as_deref(), Some("incomplete-input"));
}

#[test]
fn each_scope_has_its_run_also_when_nothing_was_found_there() {
    let mut estate = Estate { complete: true, ..estate() };
    scoped(&mut estate, &["Sub-B", "sub-a", "SUB-B"]);
    estate.scopes = ["sub-a", "sub-b", "sub-c"].map(str::to_owned).into();
    let log = read(&estate);
    let category =
        |run: &serde_sarif::sarif::Run| run.automation_details.as_ref().unwrap().id.clone().unwrap();
    let categories: Vec<_> = log.runs.iter().map(category).collect();
    assert_eq!(categories, ["wideopen/sub-a/", "wideopen/sub-b/", "wideopen/sub-c/"]);
    let numbers: Vec<_> = (0..3).map(|run| results(&log, run).len()).collect();
    assert_eq!(numbers, [1, 2, 0]);
}

#[test]
fn limits_are_kept_and_told() {
    let mut estate = estate();
    let names: Vec<String> = (0..25).map(|number| format!("sub-{number:02}")).collect();
    scoped(&mut estate, &names.iter().map(String::as_str).collect::<Vec<_>>());
    let log = read(&estate);
    assert_eq!(log.runs.len(), 20);
    assert_eq!(results(&log, 19).len(), 6 + 1);
    let said = |run: &serde_sarif::sarif::Run, id: &str| {
        let told = run.invocations.as_ref().unwrap()[0].tool_execution_notifications.as_ref().unwrap();
        told.iter().any(|notice| notice.descriptor.as_ref().unwrap().id.as_deref() == Some(id))
    };
    assert!(said(&log.runs[19], "scopes-joined") && !said(&log.runs[0], "scopes-joined"));
    // Twenty-five thousand are written soonest when each is short.
    let bare =
        Finding { exposures: vec![], targets: vec![], opened_by: vec![], ..estate.findings[0].clone() };
    estate.findings[0] = bare;
    scoped(&mut estate, &["one"; 25_001]);
    let last = Finding { id: "WO-LAST".to_owned(), ..estate.findings[1].clone() };
    estate.findings.push(last);
    let log = read(&estate);
    assert_eq!(results(&log, 0).len(), 25_000);
    assert!(said(&log.runs[0], "results-left-out") && said(&log.runs[0], "results-not-shown"));
    for rule in log.runs[0].tool.driver.rules.as_ref().unwrap() {
        assert!(rule.properties.as_ref().unwrap().tags.as_ref().unwrap().len() <= 10);
    }
}

#[test]
fn no_name_is_a_link_or_turns_around() {
    let mut estate = estate();
    estate.rename("[click](http://evil)\u{202e}");
    let log = read(&estate);
    let message = results(&log, 0)[0].message.text.clone().unwrap();
    assert!(message.contains("\\[click\\](http://evil)\\u{202e}"), "{message}");
}
