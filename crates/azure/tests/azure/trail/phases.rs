//! The phases of a request are one event, whatever order they come in, and however many of them there are.

use serde_json::{Value, json};

use super::written::{GROUP, Written};
use super::{bears, lines, told};

const STARTED: &str = "2026-01-10T09:12:40Z";
const ACCEPTED: &str = "2026-01-10T09:12:42Z";
const SUCCEEDED: &str = "2026-01-10T09:13:55Z";

fn rule(port: &str, state: Option<&str>) -> String {
    let mut rule = json!({"properties": {"access": "Allow", "destinationPortRange": port}});
    if let Some(state) = state {
        rule["properties"]["provisioningState"] = json!(state);
        rule["id"] = json!(format!("{GROUP}/securityRules/r"));
        rule["etag"] = json!("W/\"1\"");
    }
    rule.to_string()
}

fn write() -> Written {
    let id = format!("{GROUP}/securityRules/r");
    Written::done("Microsoft.Network/networkSecurityGroups/securityRules/write", &id, json!({}))
}

fn started() -> Written {
    write().phase("Started", STARTED, json!({"requestbody": rule("22", None)}))
}

fn accepted() -> Written {
    write().phase(
        "Accepted",
        ACCEPTED,
        json!({"statusCode": "Created", "responseBody": rule("22", Some("Updating"))}),
    )
}

fn succeeded() -> Written {
    write().phase("Succeeded", SUCCEEDED, json!({"statusCode": "OK"}))
}

fn failed(code: &str) -> Written {
    let message = json!({"error": {"code": code, "message": "no"}}).to_string();
    write().phase("Failed", SUCCEEDED, json!({"statusCode": "Conflict", "statusMessage": message}))
}

fn inserted(port: &str, state: &str) -> String {
    let id = format!("{GROUP}/securityRules/r").to_lowercase();
    let (etag, state) = match state {
        "" => (String::new(), String::new()),
        state => (", etag: w/\"1\"".to_owned(), format!(", provisioningstate: {state}")),
    };
    format!(
        "networksecuritygroups nsg-web rule: insert into properties.securityrules by [\"name\"] {{id: {id}, name: r{etag}, \
         properties: {{access: allow, destinationportrange: {port}{state}}}}}"
    )
}

/// What some phases come to, in every order, and with each of them told twice.
fn all_orders(phases: &[Written], how: fn(&Written) -> Value) -> Vec<String> {
    let texts: Vec<String> = phases.iter().map(|phase| how(phase).to_string()).collect();
    let expected = told(&texts);
    let mut orders = vec![Vec::new()];
    for position in 0..texts.len() {
        orders = orders
            .into_iter()
            .flat_map(|order: Vec<usize>| {
                (0..=order.len()).map(move |place| {
                    let mut order = order.clone();
                    order.insert(place, position);
                    order
                })
            })
            .collect();
    }
    for order in orders {
        let mut shuffled: Vec<String> = order.iter().map(|position| texts[*position].clone()).collect();
        assert_eq!(told(&shuffled), expected, "{order:?}");
        shuffled.extend(texts.iter().cloned());
        assert_eq!(told(&shuffled), expected, "twice {order:?}");
    }
    lines(&expected)
}

#[test]
fn any_phases_of_one_request_are_one_change() {
    let answered = inserted("22", "updating");
    let asked = inserted("22", "");
    let cases: Vec<(&str, Vec<Written>, Vec<String>)> = vec![
        ("a triplet", vec![started(), accepted(), succeeded()], vec![format!("09:12:42 done {answered}")]),
        ("without its beginning", vec![accepted(), succeeded()], vec![format!("09:12:42 done {answered}")]),
        ("without its end", vec![started(), accepted()], vec![format!("09:12:42 done {answered}")]),
        ("without the answer", vec![started(), succeeded()], vec![format!("09:13:55 done {asked}")]),
        ("only begun", vec![started()], vec![format!("09:12:40 begun {asked}")]),
        ("accepted, then failed", vec![started(), accepted(), failed("X")], vec![format!("09:13:55 failed {answered}")]),
        ("failed", vec![started(), failed("ScopeLocked")], vec![format!("09:13:55 failed {asked}")]),
        ("refused", vec![started(), failed("AuthorizationFailed")], vec![format!("09:13:55 denied {asked}")]),
        ("refused for a link", vec![started(), failed("LinkedAuthorizationFailed")], vec![format!("09:13:55 denied {asked}")]),
        (
            "only its end",
            vec![succeeded()],
            vec!["09:13:55 done networksecuritygroups nsg-web rule: set #unseen microsoft.network/networksecuritygroups/securityrules/write: \
                  what was written is not in the log"
                .to_owned()],
        ),
        (
            "only its refusal",
            vec![failed("AuthorizationFailed")],
            vec!["09:13:55 denied networksecuritygroups nsg-web rule: set #unseen microsoft.network/networksecuritygroups/securityrules/write: \
                  what was written is not in the log"
                .to_owned()],
        ),
    ];
    for (name, phases, expected) in cases {
        for how in [Written::rest, Written::exported, Written::row] {
            assert_eq!(all_orders(&phases, how), expected, "{name}");
        }
    }
}

#[test]
fn a_refusal_is_told_by_its_status_too() {
    let mut refused = write().phase("Failed", SUCCEEDED, json!({}));
    refused.sub_status = "Forbidden";
    for how in [Written::rest, Written::exported, Written::row, Written::powershell] {
        let texts = [how(&started()).to_string(), how(&refused).to_string()];
        let events = told(&texts);
        assert!(events.iter().any(|event| event.outcome == cloud::audit::Outcome::Denied), "{events:?}");
    }
}

#[test]
fn times_to_the_second_do_not_turn_phases_around() {
    let at = "2026-01-10T09:12:40Z";
    let phases: Vec<Written> =
        [started(), accepted(), succeeded()].into_iter().map(|phase| Written { time: at, ..phase }).collect();
    assert_eq!(all_orders(&phases, Written::rest), [format!("09:12:40 done {}", inserted("22", "updating"))]);
}

#[test]
fn what_shares_a_correlation_is_not_one_request() {
    // A deployment: one correlation id, two rules.
    let other = |phase: Written| Written { id: format!("{GROUP}/securityRules/other"), ..phase };
    let texts: Vec<String> = [started(), succeeded(), other(started()), other(succeeded())]
        .iter()
        .map(|phase| phase.rest().to_string())
        .collect();
    assert_eq!(told(&texts).len(), 2);
    // A run of Terraform: one correlation id, one rule, opened and closed again. The second request has an id of its own,
    // or, where the export has none, its own beginning.
    let body = |port| json!({"responseBody": rule(port, Some("Succeeded"))});
    let again = |phase: Written| Written { request_id: "0de10000-0000-4000-8000-000000000002", ..phase };
    let first = [started(), accepted(), succeeded()];
    let second = [
        again(write().phase("Started", "2026-01-10T09:20:00Z", json!({"requestbody": rule("443", None)}))),
        again(write().phase("Succeeded", "2026-01-10T09:20:05Z", body("443"))),
    ];
    for how in [Written::rest, Written::exported] {
        let all: Vec<Written> = first.iter().chain(&second).cloned().collect();
        let expected = [
            format!("09:12:42 done {}", inserted("22", "updating")),
            format!("09:20:05 done {}", inserted("443", "succeeded")),
        ];
        assert_eq!(all_orders(&all, how), expected);
    }
    // Two at once, of which one fails: before the other is done, and after.
    for failed_at in ["2026-01-10T09:12:41Z", SUCCEEDED] {
        let fails = write().phase("Failed", failed_at, json!({"statusCode": "Conflict"}));
        let later =
            write().phase("Started", "2026-01-10T09:12:40.5Z", json!({"requestbody": rule("22", None)}));
        let lines = all_orders(&[started(), later, accepted(), fails], Written::exported);
        assert!(lines.contains(&format!("09:12:42 done {}", inserted("22", "updating"))), "{lines:?}");
    }
    // Ends alone, of which each says something else.
    let ends = [
        write().phase("Succeeded", "2026-01-10T09:12:00Z", body("22")),
        write().phase("Succeeded", "2026-01-10T09:20:05Z", body("443")),
    ];
    assert_eq!(all_orders(&ends, Written::exported).len(), 2);
    // Two phases that say the same in different states are one.
    let states = [
        write().phase("Accepted", ACCEPTED, json!({"responseBody": rule("22", Some("Updating"))})),
        write().phase("Succeeded", SUCCEEDED, json!({"responseBody": rule("22", Some("Succeeded"))})),
    ];
    assert_eq!(all_orders(&states, Written::exported).len(), 1);
}

#[test]
fn without_a_correlation_each_record_stands_alone() {
    let mut record = succeeded().rest();
    record["correlationId"] = json!("");
    let events = told(&[record.to_string()]);
    assert_eq!((events.len(), events[0].joined_by.is_none()), (1, true));
    assert!(bears(&events[0].bears).contains("#unseen"));
}

#[test]
fn an_unknown_word_of_status_is_only_begun() {
    let mut record = started().rest();
    record["status"]["value"] = json!("Levitating");
    assert_eq!(lines(&told(&[record.to_string()])), [format!("09:12:40 begun {}", inserted("22", ""))]);
}

#[test]
fn an_actor_is_who_is_accountable() {
    let names = |record: &Value| told(&[record.to_string()])[0].actor.name.to_string();
    let mut robot = started().rest();
    robot["caller"] = json!("7d3f0000-0000-4000-8000-000000000001");
    robot["claims"] = json!({"appid": "aaaa0000-0000-4000-8000-000000000001"});
    let expected = "7d3f0000-0000-4000-8000-000000000001 (application aaaa0000-0000-4000-8000-000000000001)";
    assert_eq!(names(&robot), expected);
    let mut robot = started().exported();
    robot["identity"]["claims"] = json!({
        "appid": "aaaa0000-0000-4000-8000-000000000001",
        "http://schemas_microsoft_com/identity/claims/objectidentifier": "7d3f0000-0000-4000-8000-000000000001"
    });
    assert_eq!(names(&robot), expected);
    robot["identity"]["claims"] = json!({"appid": "aaaa0000-0000-4000-8000-000000000001"});
    assert_eq!(names(&robot), "application aaaa0000-0000-4000-8000-000000000001");
    robot["identity"]["authorization"]["evidence"] =
        json!({"principalId": "7d3f0000-0000-4000-8000-000000000001"});
    assert_eq!(names(&robot), expected);
    robot["identity"] = json!("Kim");
    robot["callerIpAddress"] = json!(null);
    assert_eq!(names(&robot), "unknown");
}
