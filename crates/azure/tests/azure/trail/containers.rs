//! One change in every container is one and the same event.

use cloud::audit::Event;
use model::{DocumentId, Provenance};
use serde_json::{Value, json};

use super::written::{GROUP, Written};
use super::{hear, lines, told};

fn change() -> Written {
    let id = format!("{GROUP}/securityRules/allow-rdp");
    let rule = json!({"properties": {"access": "Allow", "direction": "Inbound", "priority": 100, "protocol": "Tcp",
        "sourceAddressPrefix": "*", "sourcePortRange": "*", "destinationAddressPrefix": "*", "destinationPortRange": "3389"}});
    let body = json!({"requestbody": rule.to_string(), "entity": id, "message": "Microsoft.Network/networkSecurityGroups/securityRules/write"});
    Written::done("Microsoft.Network/networkSecurityGroups/securityRules/write", &id, body)
}

/// An event apart from what its export leaves out or adds: its id, its place, the id of its request.
fn bare(event: &Event) -> Event {
    let place = Provenance { document: DocumentId(0), offset: 0 };
    Event { id: "".into(), joined_by: None, place, ..event.clone() }
}

#[test]
fn one_change_is_one_event_in_every_container() {
    let change = change();
    let all: Vec<(&str, Value)> = vec![
        ("REST, the command line", change.rest()),
        (
            "a page of REST",
            json!({"value": [change.rest()], "nextLink": "https://management.azure.com/next"}),
        ),
        ("a list", json!([change.rest()])),
        ("diagnostic export", change.exported()),
        ("Event Hubs", json!({"records": [change.exported()]})),
        ("several batches of Event Hubs", json!([{"records": [change.exported()]}])),
        ("a table", change.row()),
        ("a table with dynamic columns", change.dynamic_row()),
        ("the query interface", change.answered()),
        ("CSV of a table", change.csv_row()),
        ("Elastic", change.elastic()),
        (
            "a hit of Elastic",
            json!({"_index": "logs-azure.activitylogs-default", "_source": change.elastic()}),
        ),
        ("PowerShell", change.powershell()),
        ("a log shipper", json!({"message": change.exported().to_string(), "host": "h"})),
        ("a search of Splunk", json!({"preview": false, "result": {"_raw": change.rest().to_string()}})),
    ];
    let expected = told(&[change.rest().to_string()]);
    assert_eq!(
        lines(&expected),
        [
            "09:12:44 done networksecuritygroups nsg-web rule: insert into properties.securityrules by [\"name\"] \
          {id: /subscriptions/5e1d0000-0000-4000-8000-000000000001/resourcegroups/rg-web/providers/microsoft.network/networksecuritygroups/nsg-web/securityrules/allow-rdp, \
          name: allow-rdp, properties: {access: allow, destinationaddressprefix: *, destinationportrange: 3389, direction: inbound, \
          priority: 100, protocol: tcp, sourceaddressprefix: *, sourceportrange: *}}"
        ]
    );
    let [expected] = expected.as_slice() else { panic!("{expected:?}") };
    assert_eq!(&*expected.actor.name, "kim@example.com");
    assert_eq!(expected.actor.address.as_deref(), Some("203.0.113.7"));
    assert_eq!(expected.scope.as_deref(), Some("5e1d0000-0000-4000-8000-000000000001"));
    assert_eq!(&*expected.edited, GROUP);
    for (container, text) in all {
        let events = told(&[text.to_string()]);
        assert_eq!(events.iter().map(bare).collect::<Vec<_>>(), [bare(expected)], "{container}: {text}");
    }
}

#[test]
fn each_record_of_a_container_has_its_own_place() {
    let change = change();
    let text = json!({"records": [change.exported(), change.exported()]}).to_string();
    let heard = hear(&text);
    assert_eq!(heard.records, 2);
    let places: Vec<_> = heard.events.iter().map(|event| event.place.offset as usize).collect();
    let [first, second] = places[..] else { panic!("{places:?}") };
    for offset in [first, second] {
        assert!(text[offset..].starts_with("{\"callerIpAddress\""), "{}", &text[offset..offset + 40]);
    }
    assert!(first < second);
}

#[test]
fn event_grid_says_that_and_not_what() {
    let change = change();
    let event = |kind: &str| {
        json!({
            "id": "9b2f0000-0000-4000-8000-000000000001",
            "topic": "/subscriptions/5e1d0000-0000-4000-8000-000000000001",
            "subject": change.id,
            "eventType": format!("Microsoft.Resources.{kind}"),
            "eventTime": change.time,
            "data": {
                "authorization": {"scope": change.id, "action": change.operation},
                "claims": {"name": "kim@example.com"},
                "correlationId": change.correlation,
                "httpRequest": {"clientIpAddress": "203.0.113.7", "method": "PUT"},
                "operationName": change.operation,
                "resourceProvider": "Microsoft.Network",
                "resourceUri": change.id,
                "status": "Succeeded",
            },
            "dataVersion": "2",
            "metadataVersion": "1",
        })
        .to_string()
    };
    assert_eq!(
        lines(&told(&[event("ResourceWriteSuccess")])),
        [
            "09:12:44 done networksecuritygroups nsg-web rule: set #unseen microsoft.network/networksecuritygroups/securityrules/write: \
          what was written is not in the log"
        ]
    );
    assert_eq!(lines(&told(&[event("ResourceWriteFailure")])), ["09:12:44 failed nothing"]);
    let cloud_event = event("ResourceWriteSuccess").replace("eventType", "type").replace("eventTime", "time");
    assert_eq!(lines(&told(&[cloud_event])).len(), 1);
}

#[test]
fn what_is_no_record_is_not_ours() {
    for text in [
        "",
        "{}",
        "null",
        "{\"operationName\"",
        "[{\"eventName\":\"AuthorizeSecurityGroupIngress\",\"eventSource\":\"ec2.amazonaws.com\"}]",
        "{\"protoPayload\":{\"methodName\":\"v1.compute.firewalls.insert\"}}",
        "{\"value\":[{\"id\":\"/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/networkSecurityGroups/n\",\"properties\":{\"securityRules\":[]}}]}",
        "{\"tables\":[{\"name\":\"PrimaryResult\",\"columns\":[{\"name\":\"operationNames\"}],\"rows\":[[\"x\"]]}]}",
        "{\"operationName\":\"Sign-in\"}",
    ] {
        let heard = hear(text);
        assert_eq!((heard.format, heard.records, heard.events.len()), (None, 0, 0), "{text}");
    }
}

#[test]
fn other_records_of_the_log_are_silent() {
    for operation in [
        "Microsoft.Network/networkSecurityGroups/join/action",
        "Microsoft.Network/networkSecurityGroups/read",
        "Microsoft.Network/publicIPAddresses/join/action",
        "Microsoft.Network/networkInterfaces/effectiveNetworkSecurityGroups/action",
        "Microsoft.Compute/virtualMachines/start/action",
        "Microsoft.Compute/disks/write",
        "Microsoft.Resources/deployments/write",
        "Sign-in activity",
        "",
        "/",
        "Microsoft.Network/networkSecurityGroups/securityRules/write/x",
        "Ⅿicrosoft.Network/networkSecurityGroups/write",
    ] {
        let mut record = change().rest();
        record["operationName"]["value"] = json!(operation);
        record["authorization"] = json!({});
        let heard = hear(&record.to_string());
        assert_eq!(
            (heard.format, heard.records, heard.events.len()),
            (Some("azure/activity"), 1, 0),
            "{operation}"
        );
    }
}
