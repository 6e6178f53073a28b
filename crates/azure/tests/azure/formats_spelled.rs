//! Formats that write what REST returns in their own way: Resource Graph, PowerShell, recordings; and what they break.

use cloud::locate;

use crate::estate::{group, id, scan};

const OPEN: &str = "100 allow tcp 0.0.0.0/0 * 22";
const LATENT: &str = "nsg latent tcp/22 any 3702258431 / -";
const UNKNOWN: &str = "nsg latent possible any any 3702258431 / any";

/// A group as REST returns it, attached to nothing.
fn nested(name: &str) -> String {
    format!(
        r#"{{"id": "{}", "name": "{name}", "type": "microsoft.network/networksecuritygroups", "properties": {{"provisioningState": "Succeeded", "defaultSecurityRules": [], "securityRules": [{{"name": "r", "properties": {{"priority": 100, "direction": "Inbound", "access": "Allow", "protocol": "Tcp", "sourceAddressPrefix": "0.0.0.0/0", "sourcePortRange": "*", "destinationAddressPrefix": "*", "destinationPortRange": "22"}}}}]}}}}"#,
        id("networkSecurityGroups", name)
    )
}

fn format(text: &str) -> Option<&'static str> {
    scan(&[text]).readings[0].format
}

#[test]
fn rows_of_resource_graph_are_resources() {
    let group = nested("nsg");
    for text in [
        format!(
            r#"{{"totalRecords": 1, "count": 1, "data": [{group}], "facets": [], "resultTruncated": "false"}}"#
        ),
        format!(r#"{{"count": 1, "data": [{group}], "skip_token": null, "total_records": 1}}"#),
        format!(r#"{{"SkipToken": "", "Data": [{group}]}}"#),
        format!(r#"{{"data": [{group}]}}"#),
    ] {
        let answer = scan(&[&text]);
        answer.check(&[LATENT]);
        assert_eq!(answer.codes(), [""; 0], "{text}");
        assert_eq!(answer.readings[0].format, Some("azure/resource-graph"));
    }
    assert_eq!(format(r#"{"count": 0, "data": [], "total_records": 0}"#), Some("azure/resource-graph"));
    assert_eq!(format(r#"{"data": []}"#), None, "others have `data` too");
    assert_eq!(format(r#"{"data": [{"id": 7, "attributes": {}}]}"#), None);
}

#[test]
fn a_table_is_its_rows() {
    let id = id("networkSecurityGroups", "nsg");
    let rules = r#"[{"name": "r", "properties": {"priority": 100, "direction": "Inbound", "access": "Allow", "protocol": "Tcp", "sourceAddressPrefix": "0.0.0.0/0", "sourcePortRange": "*", "destinationAddressPrefix": "*", "destinationPortRange": "22"}}]"#;
    let columns = r#"[{"name": "id", "type": "string"}, {"name": "name", "type": "string"}, {"name": "properties_securityRules", "type": "object"}, {"name": "defaultSecurityRules", "type": "object"}]"#;
    let rows = format!("[\n[\"{id}\", \"nsg\", {rules}, []]]");
    for text in [
        format!(r#"{{"totalRecords": 1, "data": {{"columns": {columns}, "rows": {rows}}}}}"#),
        format!(r#"{{"data": {{"rows": {rows}, "columns": {columns}}}}}"#),
    ] {
        let answer = scan(&[&text]);
        answer.check(&[LATENT]);
        assert_eq!(answer.codes(), [""; 0], "{text}");
        let rule = answer.snapshot.lists[0].rules.iter().find(|rule| &*rule.name == "r").unwrap();
        let place = locate(&text, &[rule.provenance.unwrap().offset]).remove(0);
        assert_eq!(place.line, 2);
        assert!(place.pointer.ends_with("/rows/0/2/0"), "{}", place.pointer);
    }
    let short = format!(
        r#"{{"data": {{"columns": {columns}, "rows": [["{id}"], 7, null]}}, "count": 3, "totalRecords": 3}}"#
    );
    assert_eq!(format(&short), None, "no row of it is one");
    let mixed = format!(r#"{{"data": {{"columns": {columns}, "rows": [["{id}", "nsg", {rules}, []], 7]}}}}"#);
    assert_eq!(scan(&[&mixed]).codes(), ["foreign-entry"]);
}

#[test]
fn rows_that_were_left_out_are_told() {
    let group = nested("nsg");
    for more in [
        r#""$skipToken": "ew0K""#,
        r#""skipToken": "ew0K""#,
        r#""skip_token": "ew0K""#,
        r#""resultTruncated": "true""#,
        r#""resultTruncated": true"#,
        r#""totalRecords": 2"#,
        r#""total_records": "2""#,
    ] {
        let answer = scan(&[format!(r#"{{"count": 1, "data": [{group}], {more}}}"#)]);
        answer.check(&[LATENT]);
        assert_eq!(answer.codes(), ["truncated-page"], "{more}");
    }
}

/// A query that takes groups apart has rows that are no groups: nothing of them reads as closed.
#[test]
fn rules_as_rows_are_no_groups() {
    let id = id("networkSecurityGroups", "nsg");
    let row = format!(
        r#"{{"id": "{id}", "name": "nsg", "type": "microsoft.network/networksecuritygroups", "access": "Deny", "direction": "Inbound", "priority": 100}}"#
    );
    let answer = scan(&[format!(r#"{{"data": [{row}, {row}]}}"#)]);
    answer.check(&[]);
    assert_eq!(answer.codes(), ["rule-without-group"]);
    let column = format!(r#"{{"data": [{{"id": "{id}", "name": "nsg", "rule": {{"name": "r"}}}}]}}"#);
    let answer = scan(&[column]);
    answer.check(&["nsg admitted possible any any 3702258431 / any"]);
    assert_eq!(answer.codes(), ["missing-field"]);
}

/// What `Get-AzNetworkSecurityGroup | ConvertTo-Json` writes; `rules` stands for its rules.
fn powershell(rules: &str) -> String {
    format!(
        r#"{{"SecurityRules": {rules}, "DefaultSecurityRules": [], "NetworkInterfaces": [], "Subnets": [], "ProvisioningState": "Succeeded", "ResourceGroupName": "rg", "Location": "westeurope", "ResourceGuid": "0", "Type": "Microsoft.Network/networkSecurityGroups", "Tag": null, "TagsTable": null, "Name": "nsg", "Etag": "W/\"1\"", "Id": "{}"}}"#,
        id("networkSecurityGroups", "nsg")
    )
}

const RULE: &str = r#"{"Protocol": "Tcp", "SourcePortRange": ["*"], "DestinationPortRange": ["22"], "SourceAddressPrefix": ["0.0.0.0/0"], "DestinationAddressPrefix": ["*"], "Access": "Allow", "Priority": 100, "Direction": "Inbound", "ProvisioningState": "Succeeded", "SourceApplicationSecurityGroups": [], "DestinationApplicationSecurityGroups": [], "SourceApplicationSecurityGroupsText": "[]", "DestinationApplicationSecurityGroupsText": "[]", "Name": "r", "Etag": "", "Id": "x"}"#;

#[test]
fn powershell_reads_as_the_rest_interface_does() {
    for text in [
        powershell(&format!("[{RULE}]")),
        format!("[{}]", powershell(&format!("[{RULE}]"))),
        // Windows PowerShell.
        powershell(&format!(r#"{{"value": [{RULE}], "Count": 1}}"#)),
        format!(r#"{{"value": [{}], "Count": 1}}"#, powershell(RULE)),
    ] {
        let answer = scan(&[&text]);
        answer.check(&[LATENT]);
        assert_eq!(answer.codes(), [""; 0], "{text}");
        assert_eq!(answer.readings[0].format, Some("azure/powershell"));
    }
}

/// Modules of services have no id, or names of their own, for what they write.
#[test]
fn services_of_powershell_read_as_the_rest_interface_does() {
    let sql = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Sql/servers/sql";
    let server = format!(
        r#"{{"ResourceGroupName": "rg", "ServerName": "sql", "ServerVersion": "12.0", "FullyQualifiedDomainName": "sql.database.windows.net", "ResourceId": "{sql}", "PublicNetworkAccess": "Enabled"}}"#
    );
    let rules = r#"[
        {"ResourceGroupName": "rg", "ServerName": "sql", "StartIpAddress": "8.8.8.0", "EndIpAddress": "8.8.8.255", "FirewallRuleName": "r"},
        {"ResourceGroupName": "rg", "ServerName": "sql", "StartIpv6Address": "2600::", "EndIpv6Address": "2600::ffff", "Ipv6FirewallRuleName": "r"}]"#;
    let rest = format!(
        r#"[{{"id": "{sql}", "name": "sql", "properties": {{"fullyQualifiedDomainName": "sql.database.windows.net", "publicNetworkAccess": "Enabled"}}}},
            {{"id": "{sql}/firewallRules/r", "name": "r", "properties": {{"startIpAddress": "8.8.8.0", "endIpAddress": "8.8.8.255"}}}},
            {{"id": "{sql}/ipv6FirewallRules/r", "name": "r", "properties": {{"startIPv6Address": "2600::", "endIPv6Address": "2600::ffff"}}}}]"#
    );
    let (of_rest, of_powershell) = (scan(&[&rest]), scan(&[&server, rules]));
    assert_eq!(of_powershell.codes(), [""; 0]);
    assert_eq!(of_powershell.exposures(), of_rest.exposures());
    assert_eq!(of_rest.exposures(), ["sql exposed tcp/1433 narrow 256 / narrow"]);
}

#[test]
fn a_place_in_a_document_of_powershell_is_found() {
    let text = format!("[\n{}]", powershell(&format!("[\n{RULE}]")));
    let answer = scan(&[&text]);
    let rule = answer.snapshot.lists[0].rules.iter().find(|rule| &*rule.name == "r").unwrap();
    let place = locate(&text, &[rule.provenance.unwrap().offset]).remove(0);
    assert_eq!((place.line, place.pointer.as_str()), (3, "/0/SecurityRules/0"));
}

/// Without `-Depth`, what lies deep is the name of its type: told, and never "no rules".
#[test]
fn what_the_depth_cut_off_is_not_nothing() {
    let list = "System.Collections.Generic.List`1[Microsoft.Azure.Commands.Network.Models.PSSecurityRule]";
    for rules in [
        format!(r#""{list}""#),
        r#""Microsoft.Azure.Commands.Network.Models.PSSecurityRule""#.to_owned(),
        r#"["Microsoft.Azure.Commands.Network.Models.PSSecurityRule"]"#.to_owned(),
        r#""System.Object[]""#.to_owned(),
        r#""@{Name=r; Access=Allow}""#.to_owned(),
    ] {
        let answer = scan(&[powershell(&rules)]);
        answer.check(&[UNKNOWN]);
        assert_eq!(answer.codes(), ["truncated-depth"], "{rules}");
        assert!(answer.message().contains("`ConvertTo-Json -Depth 20`"), "{}", answer.message());
    }
    // In a projection that is written by a query, too.
    let id = id("networkSecurityGroups", "nsg");
    let row = format!(
        r#"[{{"id": "{id}", "name": "nsg", "properties": {{"defaultSecurityRules": [], "securityRules": "@{{name=r}}"}}}}]"#
    );
    assert_eq!(scan(&[row]).codes(), ["truncated-depth"]);
    let whole =
        format!(r#"[{{"id": "{id}", "name": "nsg", "properties": "@{{securityRules=System.Object[]}}"}}]"#);
    let answer = scan(&[whole]);
    assert!(answer.codes().contains(&"truncated-depth"), "{:?}", answer.codes());
    assert!(answer.exposures()[0].contains("possible"), "{:?}", answer.exposures());
}

/// `…Text` has the JSON of what was cut off.
#[test]
fn what_was_cut_off_is_read_from_its_text() {
    let cut = RULE.replace(r#"["0.0.0.0/0"]"#, r#""System.Collections.Generic.List`1[System.String]""#);
    let whole = format!("[{RULE}]").replace('"', "\\\"");
    let text = powershell(&format!("[{cut}]")).replace(
        r#""DefaultSecurityRules""#,
        &format!(r#""SecurityRulesText": "{whole}", "DefaultSecurityRules""#),
    );
    let answer = scan(&[&text]);
    answer.check(&[LATENT]);
    assert_eq!(answer.codes(), [""; 0]);
    assert_eq!(scan(&[powershell(&format!("[{cut}]"))]).codes(), ["truncated-depth"]);
    // A projection of the text alone.
    let name = id("networkSecurityGroups", "nsg");
    let alone = format!(
        r#"{{"Id": "{name}", "Name": "nsg", "SecurityRulesText": "{whole}", "DefaultSecurityRules": []}}"#
    );
    scan(&[alone]).check(&[LATENT]);
    // Text that is no JSON is not read as no rules.
    let broken = powershell(r#""System.Object[]""#).replace(
        r#""DefaultSecurityRules""#,
        r#""SecurityRulesText": "[{\"Name\":", "DefaultSecurityRules""#,
    );
    let answer = scan(&[broken]);
    answer.check(&[UNKNOWN]);
    assert_eq!(answer.codes(), ["truncated-depth"]);
}

/// Below its depth a list of words is its words in a row.
#[test]
fn words_in_a_row_are_a_list() {
    let rule =
        RULE.replace(r#"["22"]"#, r#""22 80-81""#).replace(r#"["0.0.0.0/0"]"#, r#""0.0.0.0/1 128.0.0.0/1""#);
    let answer = scan(&[powershell(&format!("[{rule}]"))]);
    answer.check(&["nsg latent tcp/22,80-81 any 3702258431 / -"]);
    assert_eq!(answer.codes(), [""; 0]);
}

#[test]
fn recordings_and_examples_hold_answers() {
    let group = nested("nsg");
    let decoy = nested("decoy");
    let escaped = format!(r#"{{"value": [{group}]}}"#).replace('"', "\\\"");
    for (text, expected) in [
        (
            format!(
                r#"{{"version": 1, "interactions": [{{"request": {{"uri": "https://x", "body": {decoy}}}, "response": {{"status": {{"code": 200}}, "body": {{"data": {{"value": [{group}]}}}}}}}}]}}"#
            ),
            "azure/recorded",
        ),
        (
            format!(r#"{{"interactions": [{{"response": {{"body": {{"string": "{escaped}"}}}}}}]}}"#),
            "azure/recorded",
        ),
        (
            format!(
                r#"{{"Entries": [{{"RequestUri": "https://x", "RequestBody": {decoy}, "ResponseBody": "{escaped}"}}]}}"#
            ),
            "azure/recorded",
        ),
        (
            format!(
                r#"{{"log": {{"entries": [{{"request": {{"url": "https://x"}}, "response": {{"content": {{"text": "{escaped}"}}}}}}]}}}}"#
            ),
            "azure/recorded",
        ),
        (
            format!(
                r#"{{"parameters": {{"parameters": {decoy}}}, "responses": {{"201": {{"body": {group}}}, "default": {{"body": {decoy}}}}}}}"#
            ),
            "azure/rest-example",
        ),
        (format!(r#"{{"responses": [{{"httpStatusCode": 200, "content": {group}}}]}}"#), "azure/rest"),
    ] {
        let answer = scan(&[&text]);
        answer.check(&[LATENT]);
        assert_eq!(answer.codes(), [""; 0], "{text}");
        assert_eq!(answer.readings[0].format, Some(expected), "{text}");
    }
}

/// A page that a recording asked for afterwards is there.
#[test]
fn pages_that_were_asked_for_are_there() {
    let page = |name: &str, link: &str| format!(r#"{{"value": [{}], "nextLink": {link}}}"#, nested(name));
    let interaction = |address: &str, page: &str| {
        format!(r#"{{"request": {{"uri": "{address}"}}, "response": {{"body": {{"data": {page}}}}}}}"#)
    };
    let first = interaction("https://x/a", &page("nsg", r#""https://x/a?$skipToken=2""#));
    let second = interaction("https://x/a?%24skiptoken=2", &page("two", "null"));
    let whole = format!(r#"{{"interactions": [{first}, {second}]}}"#);
    assert_eq!(scan(&[whole]).codes(), [""; 0]);
    assert_eq!(scan(&[format!(r#"{{"interactions": [{first}]}}"#)]).codes(), ["truncated-page"]);
}

#[test]
fn a_recorded_answer_that_breaks_off_is_told() {
    let text = format!(
        r#"{{"interactions": [{{"response": {{"body": {{"string": "{{\"value\": [{}, {{\"id\""}}}}}}]}}"#,
        nested("nsg").replace('"', "\\\"")
    );
    let answer = scan(&[text]);
    answer.check(&[LATENT]);
    assert_eq!(answer.codes(), ["malformed-json"]);
}

#[test]
fn errors_are_no_answers() {
    for text in [
        r#"{"error": {"code": "AuthorizationFailed", "message": "The client has no authorization."}}"#,
        r#"{"code": "SubscriptionNotFound", "message": "Not found."}"#,
        r#"{"interactions": [{"response": {"status": {"code": 403}, "body": {"data": {"error": {"code": "Forbidden", "message": ""}}}}}]}"#,
        r#"{"odata.error": {"code": "Request_Denied", "message": {"value": "No."}}}"#,
    ] {
        let answer = scan(&[text]);
        assert!(answer.readings[0].format.is_some(), "{text}");
        assert_eq!(answer.codes(), ["error-answer"], "{text}");
    }
    for text in [
        r#"{"error": {"code": 403, "message": "Permission denied", "status": "PERMISSION_DENIED"}}"#,
        r#"{"Error": {"Code": "UnauthorizedOperation", "Message": "You are not authorized."}}"#,
        r#"{"error": "no", "message": 7}"#,
    ] {
        let answer = scan(&[text]);
        assert_eq!(answer.readings[0].format, None, "{text}");
        assert_eq!(answer.codes(), [""; 0], "{text}");
    }
}

#[test]
fn what_is_no_input_is_told_once() {
    let state = r#"{"timestamp": "2026-01-01", "resourceId": "/subscriptions/s/x", "policyAssignmentId": "/y", "complianceState": "NonCompliant"}"#;
    let event = r#"{"topic": "/subscriptions/s", "subject": "/x", "eventType": "Microsoft.Resources.ResourceWriteSuccess", "data": {}}"#;
    for text in [
        format!(r#"{{"value": [{state}, {state}]}}"#),
        format!("[{state}, {state}]"),
        format!("[{event}, {event}]"),
    ] {
        let answer = scan(&[&text]);
        assert!(answer.readings[0].format.is_some(), "{text}");
        assert_eq!(answer.codes(), ["not-an-input"], "{text}");
        assert!(answer.message().starts_with("2 entries are "), "{}", answer.message());
    }
}

/// A list of names beside the export says nothing against it, in either order.
#[test]
fn names_do_not_replace_contents() {
    let name = format!(
        r#"[{{"id": "{}", "name": "nsg", "type": "Microsoft.Network/networkSecurityGroups", "location": "westeurope", "properties": null, "sku": null}}]"#,
        id("networkSecurityGroups", "nsg")
    );
    for documents in [[name.clone(), nested("nsg")], [nested("nsg"), name.clone()]] {
        let answer = scan(&documents);
        answer.check(&[LATENT]);
        assert_eq!(answer.codes(), [""; 0]);
    }
    assert_eq!(scan(&[name]).codes(), ["resource-without-properties"]);
}

/// Whatever is broken in a document of one format, the good document beside it is read.
#[test]
fn a_broken_document_leaves_the_others() {
    let good = group("nsg", &[OPEN]);
    for broken in [
        r#"{"data": {"columns": 7, "rows": {}}}"#,
        r#"{"data": {"rows": [[1]]}}"#,
        r#"{"data": {"columns": [{"name": "id"}], "rows": [["/subscriptions/s"#,
        r#"{"interactions": 7}"#,
        r#"{"interactions": [7, null, {"response": []}, {"response": {"body": {"data": [null, 7]}}}]}"#,
        r#"{"responses": {"200": {"body": [[]]}}}"#,
        r#"{"Entries": [{"ResponseBody": "{"}]}"#,
        r#"{"error": []}"#,
        r#"{"value": {}, "Count": "x"}"#,
    ] {
        let answer = scan(&[broken, good.as_str()]);
        answer.check(&[LATENT]);
    }
}
